//! Where vehicles were.

use super::{cut, page, vehicles, Queries, Span, TIME};
use crate::{
    error::QueryError,
    export::{written, Datum, Fix, Format, Pieces},
};
use clickhouse::query::Query;
use futures::Stream;
use serde::{Deserialize, Serialize};

/// Which fixes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrackFilter {
    /// Of these vehicles; empty: of all.
    #[serde(default)]
    pub vehicles: Vec<u32>,
    /// By the terminals' clocks.
    #[serde(flatten)]
    pub span: Span,
}

/// A place in the list of fixes, which are in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixCursor {
    /// The vehicle of the last fix of the page.
    pub vehicle: u32,
    /// Its terminal.
    pub terminal: u64,
    /// Its time.
    pub time_ms: i64,
    /// Its place in the log.
    pub sequence: u64,
}

impl From<&Fix> for FixCursor {
    fn from(fix: &Fix) -> Self {
        let Fix { vehicle, terminal, time_ms, sequence, .. } = *fix;
        Self { vehicle, terminal, time_ms, sequence }
    }
}

/// Fixes in the order of vehicle, terminal and time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixPage {
    /// The fixes.
    pub fixes: Vec<Fix>,
    /// Where the next page begins. None when there is none.
    pub next: Option<FixCursor>,
}

/// The columns of a [`Fix`].
const FIX: &str = "sequence, vehicle, terminal, toInt64(toUnixTimestamp64Milli(time)) AS time_ms, latitude, longitude, \
     altitude, speed, heading, flags, alarms";

/// What lies behind a [`FixCursor`], so that ClickHouse finds the place by the key of the table.
const AFTER: &str = "AND r.vehicle >= ? AND (r.vehicle > ? OR (r.terminal >= ? AND (r.terminal > ? OR \
     (r.time >= fromUnixTimestamp64Milli(toInt64(?)) AND (r.time > fromUnixTimestamp64Milli(toInt64(?)) OR \
     r.sequence > ?)))))";

impl Queries {
    /// Fixes in the order of vehicle, terminal and time, as many as there are.
    ///
    /// # Errors
    /// The filter cannot be. Errors of ClickHouse come in the stream.
    pub fn track(
        &self,
        filter: &TrackFilter,
    ) -> Result<impl Stream<Item = Result<Fix, QueryError>> + Send + 'static, QueryError> {
        self.rows::<Fix>(self.select(FIX, filter, None, "")?)
    }

    /// A page of fixes, in the same order.
    ///
    /// # Errors
    /// The filter cannot be, or ClickHouse does not answer.
    pub async fn fixes(
        &self,
        filter: &TrackFilter,
        after: Option<FixCursor>,
        limit: u32,
    ) -> Result<FixPage, QueryError> {
        let limit = page(limit)?;
        let query = self.select(FIX, filter, after, "LIMIT ?")?.bind(limit + 1);
        let mut fixes: Vec<Fix> = self.all("fixes", query).await?;
        let more = cut(&mut fixes, limit);
        let next = fixes.last().filter(|_| more).map(FixCursor::from);
        Ok(FixPage { fixes, next })
    }

    /// Fixes as a file, in the order of vehicle, terminal and time, as many as there are.
    ///
    /// # Errors
    /// The filter cannot be, or the format is not given in the datum. Errors of ClickHouse come in the stream.
    pub fn export(
        &self,
        filter: &TrackFilter,
        format: Format,
        datum: Datum,
    ) -> Result<Pieces, QueryError> {
        if format == Format::Parquet && datum == Datum::Wgs84 {
            let columns = "sequence, vehicle, terminal, time, latitude / 1000000 AS latitude, \
                 longitude / 1000000 AS longitude, altitude AS altitude_m, speed / 10 AS speed_kmh, heading, flags, alarms";
            return self.pieces(self.select(columns, filter, None, "")?, "Parquet");
        }
        written(self.track(filter)?, format, datum)
    }

    fn select(
        &self,
        columns: &str,
        filter: &TrackFilter,
        after: Option<FixCursor>,
        end: &str,
    ) -> Result<Query, QueryError> {
        let (from, until) = filter.span.bounds()?;
        let named = vehicles(&filter.vehicles)?;
        let whose = if named.is_empty() { "" } else { "r.vehicle IN ? AND" };
        let behind = if after.is_some() { AFTER } else { "" };
        // The order of the table: it is read as it lies, whatever its length.
        let sql = format!(
            "SELECT {columns} FROM records AS r WHERE {whose} r.time >= {TIME} AND r.time < {TIME} AND r.has_position = 1 \
             {behind} ORDER BY r.vehicle, r.terminal, r.time, r.sequence {end}"
        );
        let query = self.store.query(&sql);
        let query = if named.is_empty() { query } else { query.bind(named) };
        let query = query.bind(from).bind(until);
        let Some(FixCursor { vehicle, terminal, time_ms, sequence }) = after else {
            return Ok(query);
        };
        let query = query.bind(vehicle).bind(vehicle).bind(terminal).bind(terminal);
        Ok(query.bind(time_ms).bind(time_ms).bind(sequence))
    }
}
