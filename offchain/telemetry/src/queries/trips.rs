//! Trips.

use super::{cut, page, read_all, time, vehicles, Queries, Span, TIME};
use crate::{analysis::Trip, error::QueryError};
use serde::{Deserialize, Serialize};

/// Which trips.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TripFilter {
    /// Of these vehicles; empty: of all.
    #[serde(default)]
    pub vehicles: Vec<u32>,
    /// Of this driver.
    #[serde(default)]
    pub driver: Option<u32>,
    /// In which they began.
    #[serde(flatten)]
    pub span: Span,
    /// `next` of the page before; none for the first.
    #[serde(default)]
    pub after: Option<TripCursor>,
}

/// A place in the list of trips.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TripCursor {
    /// When the last trip of the page began.
    pub started_ms: u64,
    /// Its id.
    pub id: u64,
}

/// Trips, those that began last first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TripPage {
    /// As they are now.
    pub trips: Vec<Trip>,
    /// Where the next page begins. None when there is none.
    pub next: Option<TripCursor>,
}

impl Queries {
    /// A page of trips.
    ///
    /// # Errors
    /// The filter cannot be, or ClickHouse does not answer.
    pub async fn trips(&self, filter: &TripFilter, limit: u32) -> Result<TripPage, QueryError> {
        let limit = page(limit)?;
        let (from, until) = filter.span.bounds()?;
        let named = vehicles(&filter.vehicles)?;
        let whose = if named.is_empty() { "" } else { "AND vehicle IN ?" };
        let driver = if filter.driver.is_some() { "AND driver = ?" } else { "" };
        let after = match filter.after {
            Some(_) => format!("AND (started, id) < ({TIME}, ?)"),
            None => String::new(),
        };
        let sql = format!(
            "SELECT detail FROM trips FINAL WHERE started >= {TIME} AND started < {TIME} {whose} {driver} {after} \
             ORDER BY started DESC, id DESC LIMIT ?"
        );
        let mut query = self.store.query(&sql).bind(from).bind(until);
        if !named.is_empty() {
            query = query.bind(named);
        }
        if let Some(driver) = filter.driver {
            query = query.bind(driver);
        }
        if let Some(after) = filter.after {
            query = query.bind(time(after.started_ms)?).bind(after.id);
        }
        let details: Vec<String> = self.all("trips", query.bind(limit + 1)).await?;
        let mut trips: Vec<Trip> = read_all("a trip", &details)?;
        let more = cut(&mut trips, limit);
        let next = trips.last().filter(|_| more);
        let next = next.map(|trip| TripCursor { started_ms: trip.started_ms, id: trip.id });
        Ok(TripPage { trips, next })
    }
}
