//! Where vehicles were.

use super::{pieces, rows, vehicles, Queries, Span, TIME};
use crate::{
    error::QueryError,
    export::{written, Datum, Fix, Format, Pieces},
};
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

impl Queries {
    /// Fixes in the order of vehicle, terminal and time, as many as there are.
    ///
    /// # Errors
    /// The filter cannot be. Errors of ClickHouse come in the stream.
    pub fn track(
        &self,
        filter: &TrackFilter,
    ) -> Result<impl Stream<Item = Result<Fix, QueryError>> + Send + 'static, QueryError> {
        let columns = "sequence, vehicle, terminal, toInt64(toUnixTimestamp64Milli(time)) AS time_ms, latitude, \
             longitude, altitude, speed, heading, flags, alarms";
        Ok(rows(self.select(columns, filter)?.fetch::<Fix>()?))
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
            return Ok(pieces(self.select(columns, filter)?.fetch_bytes("Parquet")?));
        }
        written(self.track(filter)?, format, datum)
    }

    fn select(
        &self,
        columns: &str,
        filter: &TrackFilter,
    ) -> Result<clickhouse::query::Query, QueryError> {
        let (from, until) = filter.span.bounds()?;
        let named = vehicles(&filter.vehicles)?;
        let whose = if named.is_empty() { "" } else { "r.vehicle IN ? AND" };
        // The order of the table: it is read as it lies, whatever its length.
        let sql = format!(
            "SELECT {columns} FROM records AS r WHERE {whose} r.time >= {TIME} AND r.time < {TIME} AND r.has_position = 1 \
             ORDER BY r.vehicle, r.terminal, r.time, r.sequence"
        );
        let query = self.client.query(&sql);
        let query = if named.is_empty() { query } else { query.bind(named) };
        Ok(query.bind(from).bind(until))
    }
}
