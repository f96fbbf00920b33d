//! Alerts: lists, and what people do with them.

use super::{cut, page, read, read_all, time, vehicles, Queries, TIME};
use crate::{
    analysis::alert::{Alert, AlertChange, AlertError, AlertKind, AlertState, AlertStep},
    analyst::{CommandError, Told},
    clock::now_ms,
    error::QueryError,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::time::timeout;

/// How long a change of a stored alert may take to be readable.
const DELIVERY: Duration = Duration::from_secs(10);

/// How long the analysis is asked for an alert. While it is given once more what came since its snapshot it answers nobody.
const ASKED: Duration = Duration::from_secs(2);

/// Which alerts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlertFilter {
    /// Of these vehicles; empty: of all.
    pub vehicles: Vec<u32>,
    /// Of these kinds; empty: of all.
    pub kinds: Vec<AlertKind>,
    /// In these states; empty: in any.
    pub states: Vec<AlertState>,
    /// Opened from then on.
    pub from_ms: Option<u64>,
    /// Opened before.
    pub until_ms: Option<u64>,
    /// `next` of the page before; none for the first.
    pub after: Option<AlertCursor>,
}

/// A place in the list of alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertCursor {
    /// When the last alert of the page was opened.
    pub opened_ms: u64,
    /// Its id.
    pub id: u64,
}

/// Alerts, those that were opened last first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertPage {
    /// As they are now.
    pub alerts: Vec<Alert>,
    /// Where the next page begins. None when there is none.
    pub next: Option<AlertCursor>,
}

impl Queries {
    /// A page of alerts.
    ///
    /// # Errors
    /// The filter cannot be, or ClickHouse does not answer.
    pub async fn alerts(&self, filter: &AlertFilter, limit: u32) -> Result<AlertPage, QueryError> {
        let limit = page(limit)?;
        let named = vehicles(&filter.vehicles)?;
        let mut sql = "SELECT detail FROM alerts FINAL WHERE 1".to_owned();
        let mut also = |holds: bool, condition: &str| {
            if holds {
                sql.push_str(" AND ");
                sql.push_str(condition);
            }
        };
        also(!named.is_empty(), "vehicle IN ?");
        also(!filter.kinds.is_empty(), "kind IN ?");
        also(!filter.states.is_empty(), "state IN ?");
        also(filter.from_ms.is_some(), &format!("opened >= {TIME}"));
        also(filter.until_ms.is_some(), &format!("opened < {TIME}"));
        also(filter.after.is_some(), &format!("(opened, id) < ({TIME}, ?)"));
        sql.push_str(" ORDER BY opened DESC, id DESC LIMIT ?");
        let mut query = self.store.query(&sql);
        if !named.is_empty() {
            query = query.bind(named);
        }
        if !filter.kinds.is_empty() {
            query = query.bind(filter.kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>());
        }
        if !filter.states.is_empty() {
            query = query.bind(filter.states.iter().map(|state| state.name()).collect::<Vec<_>>());
        }
        for bound in [filter.from_ms, filter.until_ms].into_iter().flatten() {
            query = query.bind(time(bound)?);
        }
        if let Some(after) = filter.after {
            query = query.bind(time(after.opened_ms)?).bind(after.id);
        }
        let details: Vec<String> = self.all("alerts", query.bind(limit + 1)).await?;
        let mut alerts: Vec<Alert> = read_all("an alert", &details)?;
        let more = cut(&mut alerts, limit);
        let next = alerts.last().filter(|_| more);
        let next = next.map(|alert| AlertCursor { opened_ms: alert.opened_ms, id: alert.id });
        Ok(AlertPage { alerts, next })
    }

    /// One alert as it is now: as the analysis has it, when it follows it and ClickHouse has not heard yet.
    ///
    /// # Errors
    /// ClickHouse does not answer.
    pub async fn alert(&self, id: u64) -> Result<Option<Alert>, QueryError> {
        let stored = self.stored_alert(id).await?;
        let vehicle = stored.as_ref().map(|alert| alert.vehicle);
        let followed = match timeout(ASKED, self.analyst.alert(id, vehicle)).await {
            Ok(Ok(followed)) => followed,
            _ => None,
        };
        Ok(followed.into_iter().chain(stored).max_by_key(|alert| alert.version))
    }

    async fn stored_alert(&self, id: u64) -> Result<Option<Alert>, QueryError> {
        let sql = "SELECT detail FROM alerts WHERE id = ? ORDER BY version DESC LIMIT 1";
        let details: Vec<String> = self.all("an alert", self.store.query(sql).bind(id)).await?;
        details.first().map(|detail| read("an alert", detail)).transpose()
    }

    /// Notes that a person knows of an alert, and returns it as it is then. It may come twice.
    ///
    /// # Errors
    /// There is no such alert, it is closed, or nobody can be asked.
    pub async fn acknowledge(&self, alert: u64, by: &str) -> Result<Alert, CommandError> {
        let at_ms = now_ms();
        let told = Told::Acknowledge { alert, by: by.to_owned(), at_ms };
        self.change(alert, told, AlertStep::Acknowledged, |alert| alert.acknowledge(by, at_ms))
            .await
    }

    /// Closes an alert, and returns it as it is then. It may come twice.
    ///
    /// # Errors
    /// There is no such alert, another has closed it, or nobody can be asked.
    pub async fn close(&self, alert: u64, by: &str) -> Result<Alert, CommandError> {
        let at_ms = now_ms();
        let told = Told::Close { alert, by: by.to_owned(), at_ms };
        self.change(alert, told, AlertStep::Closed, |alert| alert.close(by, at_ms)).await
    }

    /// The analysis changes alerts that it follows, and those that it does not are changed as they are stored.
    async fn change(
        &self,
        id: u64,
        told: Told,
        step: AlertStep,
        change: impl FnOnce(&mut Alert) -> Result<bool, AlertError>,
    ) -> Result<Alert, CommandError> {
        match self.analyst.tell(told).await {
            Ok(Some(alert)) => return Ok(alert),
            Ok(None) | Err(CommandError::Alert(AlertError::NotFollowed(_))) => {}
            Err(error) => return Err(error),
        }
        let _one_at_a_time = self.changing.lock().await;
        let stored = self.stored_alert(id).await;
        let stored = stored.map_err(|error| CommandError::Query(Box::new(error)))?;
        let mut alert = stored.ok_or(CommandError::NoAlert(id))?;
        if !change(&mut alert)? {
            return Ok(alert);
        }
        let key = self.analyst.store(AlertChange { step, alert: alert.clone() }).await?;
        // The next one must read what this one wrote. It is durable: when ClickHouse takes long, this need not.
        let mut there = self.delivered.clone();
        let _ = timeout(DELIVERY, there.wait_for(|delivered| *delivered > key)).await;
        Ok(alert)
    }
}
