//! Alerts: lists, and what people do with them.

use super::{page, vehicles, Queries, TIME};
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
        let mut query = self.client.query(&sql);
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
            query = query.bind(bound);
        }
        if let Some(after) = filter.after {
            query = query.bind(after.opened_ms).bind(after.id);
        }
        let details = query.bind(limit + 1).fetch_all::<String>().await?;
        let mut alerts =
            details.iter().map(|detail| read(detail)).collect::<Result<Vec<_>, _>>()?;
        let more = alerts.len() > limit as usize;
        alerts.truncate(limit as usize);
        let next = alerts.last().filter(|_| more);
        let next = next.map(|alert| AlertCursor { opened_ms: alert.opened_ms, id: alert.id });
        Ok(AlertPage { alerts, next })
    }

    /// One alert as it is now.
    ///
    /// # Errors
    /// ClickHouse does not answer.
    pub async fn alert(&self, id: u64) -> Result<Option<Alert>, QueryError> {
        let sql = "SELECT detail FROM alerts WHERE id = ? ORDER BY version DESC LIMIT 1";
        let detail: Option<String> = self.client.query(sql).bind(id).fetch_optional().await?;
        detail.map(|detail| read(&detail)).transpose()
    }

    /// Notes that a person knows of an alert. It may come twice.
    ///
    /// # Errors
    /// There is no such alert, it is closed, or nobody can be asked.
    pub async fn acknowledge(&self, alert: u64, by: &str) -> Result<(), CommandError> {
        let at_ms = now_ms();
        let told = Told::Acknowledge { alert, by: by.to_owned(), at_ms };
        self.change(alert, told, AlertStep::Acknowledged, |alert| alert.acknowledge(by, at_ms))
            .await
    }

    /// Closes an alert. It may come twice.
    ///
    /// # Errors
    /// There is no such alert, another has closed it, or nobody can be asked.
    pub async fn close(&self, alert: u64, by: &str) -> Result<(), CommandError> {
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
    ) -> Result<(), CommandError> {
        let followed = self.analyst.tell(told).await;
        let Err(CommandError::Alert(AlertError::NotFollowed(_))) = followed else {
            return followed;
        };
        let _one_at_a_time = self.changing.lock().await;
        let Some(mut alert) =
            self.alert(id).await.map_err(|error| CommandError::Query(Box::new(error)))?
        else {
            return Err(CommandError::NoAlert(id));
        };
        if !change(&mut alert)? {
            return Ok(());
        }
        let key = self.analyst.store(AlertChange { step, alert }).await?;
        // The next one must read what this one wrote. It is durable: when ClickHouse takes long, this need not.
        let mut there = self.delivered.clone();
        let _ = timeout(DELIVERY, there.wait_for(|delivered| *delivered > key)).await;
        Ok(())
    }
}

fn read(detail: &str) -> Result<Alert, QueryError> {
    serde_json::from_str(detail).map_err(|error| {
        QueryError::Asked(format!(
            "an alert in ClickHouse cannot be read ({error}): use the newer program"
        ))
    })
}
