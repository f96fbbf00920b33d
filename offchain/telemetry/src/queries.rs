//! What has happened: tracks, alerts, trips, stops and reports, from ClickHouse.
//!
//! Lists come in pages with a cursor, each within the time that the store has for a statement. Tracks and exports come as
//! streams, as long as they are: neither ClickHouse nor this process holds more of them than a piece, and whoever drops one
//! stops its query.

mod alerts;
mod area;
mod reports;
mod stream;
mod track;
mod trips;

pub use alerts::{AlertCursor, AlertFilter, AlertPage};
pub use area::{Area, Visit};
pub use reports::{DayCursor, DayPage, DayReport, Report, StopCursor, StopFilter, StopPage};
pub use track::{FixCursor, FixPage, TrackFilter};
pub use trips::{TripCursor, TripFilter, TripPage};

use crate::{analyst::Analyst, config::QueryConfig, error::QueryError, journal::EntryKey};
use clickhouse::{query::Query, RowOwned, RowRead};
use serde::de::DeserializeOwned;
use smartlink_clickhouse::Store;
use std::{sync::Arc, time::Duration};
use tokio::sync::watch;

/// Entries of a page, at most.
pub const LONGEST_PAGE: u32 = 1_000;

/// Vehicles that one question may name.
pub const MOST_VEHICLES: usize = 10_000;

/// Questions about one company's vehicles. Clones share it.
#[derive(Clone)]
pub struct Queries {
    store: Store,
    /// How long the next piece of a stream may take.
    piece_in: Duration,
    analyst: Analyst,
    /// Alerts that are not followed any more are changed one at a time.
    changing: Arc<tokio::sync::Mutex<()>>,
    delivered: watch::Receiver<EntryKey>,
}

impl Queries {
    pub(crate) fn new(
        store: Store,
        config: &QueryConfig,
        analyst: Analyst,
        delivered: watch::Receiver<EntryKey>,
    ) -> Self {
        let piece_in = Duration::from_millis(config.piece_ms);
        Self { store, piece_in, analyst, changing: Arc::default(), delivered }
    }

    /// All rows of a query whose length is bounded, within the time of a statement.
    async fn all<T: RowOwned + RowRead>(
        &self,
        what: &str,
        query: Query,
    ) -> Result<Vec<T>, QueryError> {
        Ok(self.store.in_time(what, query.fetch_all()).await?)
    }
}

/// A span of time, milliseconds of the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Span {
    /// From then on.
    pub from_ms: u64,
    /// Until just before.
    pub until_ms: u64,
}

impl Span {
    /// As ClickHouse's tables hold it, checked.
    fn bounds(&self) -> Result<(i64, i64), QueryError> {
        let (from, until) = (time(self.from_ms)?, time(self.until_ms)?);
        if from >= until {
            return Err(QueryError::Asked(
                "the span ends before it begins: give from_ms below until_ms".into(),
            ));
        }
        Ok((from, until))
    }
}

/// The SQL of a time that is bound as milliseconds.
const TIME: &str = "fromUnixTimestamp64Milli(toInt64(?))";

/// A time as ClickHouse's tables hold it.
fn time(ms: u64) -> Result<i64, QueryError> {
    i64::try_from(ms).map_err(|_| {
        QueryError::Asked(format!(
            "{ms} is beyond what times can be: give milliseconds of the Unix epoch"
        ))
    })
}

fn page(limit: u32) -> Result<u32, QueryError> {
    if (1..=LONGEST_PAGE).contains(&limit) {
        return Ok(limit);
    }
    Err(QueryError::Asked(format!("limit is {limit}: give 1 to {LONGEST_PAGE}")))
}

/// Cuts what is beyond a page, of which one more was asked for. Whether there was more.
fn cut<T>(entries: &mut Vec<T>, limit: u32) -> bool {
    // A page is at most LONGEST_PAGE.
    let more = entries.len() > limit as usize;
    entries.truncate(limit as usize);
    more
}

fn vehicles(vehicles: &[u32]) -> Result<&[u32], QueryError> {
    if vehicles.len() > MOST_VEHICLES {
        let many = vehicles.len();
        return Err(QueryError::Asked(format!(
            "{many} vehicles are named: name at most {MOST_VEHICLES}, or none for all"
        )));
    }
    Ok(vehicles)
}

/// A finding, of the JSON that its row holds.
fn read<T: DeserializeOwned>(what: &'static str, detail: &str) -> Result<T, QueryError> {
    serde_json::from_str(detail).map_err(|source| QueryError::Unreadable { what, source })
}

fn read_all<T: DeserializeOwned>(
    what: &'static str,
    details: &[String],
) -> Result<Vec<T>, QueryError> {
    details.iter().map(|detail| read(what, detail)).collect()
}
