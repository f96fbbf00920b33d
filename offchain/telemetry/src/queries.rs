//! What has happened: tracks, alerts, trips, stops and reports, from ClickHouse.
//!
//! Lists come in pages with a cursor. Tracks and exports come as streams, as long as they are: neither ClickHouse nor this
//! process holds more of them than a piece.

mod alerts;
mod area;
mod reports;
mod track;
mod trips;

pub use alerts::{AlertFilter, AlertPage};
pub use area::{Area, Visit};
pub use reports::{DayReport, Report, StopFilter};
pub use track::TrackFilter;
pub use trips::{TripFilter, TripPage};

use crate::{analyst::Analyst, error::QueryError, export::Pieces, journal::EntryKey};
use bytes::Bytes;
use clickhouse::{query::BytesCursor, query::RowCursor, Client, RowOwned, RowRead};
use futures::{Stream, StreamExt};
use std::sync::Arc;
use tokio::sync::watch;

/// Entries of a page, at most.
pub const LONGEST_PAGE: u32 = 1_000;

/// Vehicles that one question may name.
pub const MOST_VEHICLES: usize = 10_000;

/// Questions about one company's vehicles. Clones share it.
#[derive(Clone)]
pub struct Queries {
    client: Client,
    analyst: Analyst,
    /// Alerts that are not followed any more are changed one at a time.
    changing: Arc<tokio::sync::Mutex<()>>,
    delivered: watch::Receiver<EntryKey>,
}

impl Queries {
    pub(crate) fn new(
        client: Client,
        analyst: Analyst,
        delivered: watch::Receiver<EntryKey>,
    ) -> Self {
        Self { client, analyst, changing: Arc::default(), delivered }
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
        let wrong = |_| {
            QueryError::Asked(
                "the span is beyond what times can be: give milliseconds of the Unix epoch".into(),
            )
        };
        let from = i64::try_from(self.from_ms).map_err(wrong)?;
        let until = i64::try_from(self.until_ms).map_err(wrong)?;
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

fn page(limit: u32) -> Result<u32, QueryError> {
    if (1..=LONGEST_PAGE).contains(&limit) {
        return Ok(limit);
    }
    Err(QueryError::Asked(format!("limit is {limit}: give 1 to {LONGEST_PAGE}")))
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

/// Rows as a stream.
fn rows<T: RowOwned + RowRead + Send + 'static>(
    cursor: RowCursor<T>,
) -> impl Stream<Item = Result<T, QueryError>> + Send + 'static {
    futures::stream::unfold(Some(cursor), |cursor| async {
        let mut cursor = cursor?;
        match cursor.next().await {
            Ok(Some(row)) => Some((Ok(row), Some(cursor))),
            Ok(None) => None,
            // After an error there is nothing more to read.
            Err(error) => Some((Err(error.into()), None)),
        }
    })
}

/// Bytes as a stream.
fn pieces(cursor: BytesCursor) -> Pieces {
    futures::stream::unfold(Some(cursor), |cursor| async {
        let mut cursor = cursor?;
        match cursor.next().await {
            Ok(Some(piece)) => Some((Ok::<Bytes, QueryError>(piece), Some(cursor))),
            Ok(None) => None,
            Err(error) => Some((Err(error.into()), None)),
        }
    })
    .boxed()
}
