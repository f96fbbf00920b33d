//! Reports: what vehicles and drivers did on which day, and where they stood.

use super::{pieces, vehicles, Queries, Span, TIME};
use crate::{
    analysis::{DayTotals, Stop},
    error::QueryError,
    export::{Format, Pieces},
};
use futures::{Stream, StreamExt};
use serde::{Deserialize, Serialize};

/// The kinds of reports that are made of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    /// How far and how long, by vehicle and day.
    Mileage,
    /// How it was driven, by driver, vehicle and day: harsh events, speeding, night, idling and the grade.
    Behaviour,
    /// Fuel and energy, by vehicle and day, where they are known.
    Energy,
}

/// Which days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayReport {
    /// Of these vehicles; empty: of all.
    #[serde(default)]
    pub vehicles: Vec<u32>,
    /// The first day, counted from 1970-01-01, of the company's local clock.
    pub from_day: u32,
    /// The day after the last.
    pub until_day: u32,
}

/// Which stops.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StopFilter {
    /// Of these vehicles; empty: of all.
    #[serde(default)]
    pub vehicles: Vec<u32>,
    /// Stops that took at least so long.
    #[serde(default)]
    pub least_ms: u64,
    /// In which they began.
    #[serde(flatten)]
    pub span: Span,
}

impl Report {
    /// Columns and grouping.
    const fn sql(self) -> (&'static str, &'static str) {
        match self {
            Self::Mileage => (
                "vehicle, toDate(day) AS date, sum(trips) AS trips, sum(distance_m) / 1000 AS distance_km, \
                 sum(moving_ms) / 3600000 AS moving_h, sum(idle_ms) / 3600000 AS idle_h",
                "vehicle, day",
            ),
            Self::Behaviour => (
                "driver, vehicle, toDate(day) AS date, sum(distance_m) / 1000 AS distance_km, \
                 sum(accelerations) AS harsh_accelerations, sum(brakings) AS harsh_brakings, \
                 sum(cornerings) AS harsh_cornerings, sum(speedings) AS speedings, \
                 sum(speeding_ms) / 1000 AS speeding_s, sum(night_ms) / 3600000 AS night_h, \
                 sum(idle_ms) / 3600000 AS idle_h, any(safety) AS safety",
                "driver, vehicle, day",
            ),
            Self::Energy => (
                "vehicle, toDate(day) AS date, sum(distance_m) / 1000 AS distance_km, \
                 if(max(fuel_known) = 1, sum(fuel_ml) / 1000, NULL) AS fuel_l, \
                 if(max(energy_known) = 1, sum(energy_wh) / 1000, NULL) AS energy_kwh, \
                 if(distance_km > 0, fuel_l / distance_km * 100, NULL) AS l_per_100_km, \
                 if(distance_km > 0, energy_kwh / distance_km * 100, NULL) AS kwh_per_100_km",
                "vehicle, day",
            ),
        }
    }
}

impl Queries {
    /// What each driver did with each vehicle on each day, by day, vehicle and driver, as many as there are.
    ///
    /// # Errors
    /// The filter cannot be. Errors of ClickHouse come in the stream.
    pub fn days(
        &self,
        filter: &DayReport,
    ) -> Result<impl Stream<Item = Result<DayTotals, QueryError>> + Send + 'static, QueryError>
    {
        let query = self.of_days("detail", filter, "ORDER BY day, vehicle, driver")?;
        Ok(super::rows(query.fetch::<String>()?).map(|row| read(&row?)))
    }

    /// A report as a file of CSV or Parquet, as long as it is.
    ///
    /// # Errors
    /// The filter cannot be, or reports are not given in the format. Errors of ClickHouse come in the stream.
    pub fn report(
        &self,
        report: Report,
        filter: &DayReport,
        format: Format,
    ) -> Result<Pieces, QueryError> {
        let (columns, groups) = report.sql();
        let query =
            self.of_days(columns, filter, &format!("GROUP BY {groups} ORDER BY {groups}"))?;
        Ok(pieces(query.fetch_bytes(of_tables(format)?)?))
    }

    /// Stops in the order of vehicle and time, as many as there are.
    ///
    /// # Errors
    /// The filter cannot be. Errors of ClickHouse come in the stream.
    pub fn stops(
        &self,
        filter: &StopFilter,
    ) -> Result<impl Stream<Item = Result<Stop, QueryError>> + Send + 'static, QueryError> {
        let query = self.of_stops("detail", filter)?;
        Ok(super::rows(query.fetch::<String>()?).map(|row| read(&row?)))
    }

    /// Stops as a file of CSV or Parquet, as many as there are.
    ///
    /// # Errors
    /// The filter cannot be, or reports are not given in the format. Errors of ClickHouse come in the stream.
    pub fn stops_report(&self, filter: &StopFilter, format: Format) -> Result<Pieces, QueryError> {
        let columns = "vehicle, driver, kind, since AS began, until AS ended, \
             (toUnixTimestamp64Milli(until) - toUnixTimestamp64Milli(since)) / 60000 AS minutes, \
             latitude / 1000000 AS latitude_deg, longitude / 1000000 AS longitude_deg, overnight, trip";
        let query = self.of_stops(columns, filter)?;
        Ok(pieces(query.fetch_bytes(of_tables(format)?)?))
    }

    fn of_days(
        &self,
        columns: &str,
        filter: &DayReport,
        end: &str,
    ) -> Result<clickhouse::query::Query, QueryError> {
        let named = vehicles(&filter.vehicles)?;
        if filter.from_day >= filter.until_day {
            return Err(QueryError::Asked(
                "the days end before they begin: give from_day below until_day".into(),
            ));
        }
        let whose = if named.is_empty() { "" } else { "AND vehicle IN ?" };
        let sql = format!(
            "SELECT {columns} FROM driver_days FINAL WHERE day >= ? AND day < ? {whose} {end}"
        );
        let query = self.client.query(&sql).bind(filter.from_day).bind(filter.until_day);
        Ok(if named.is_empty() { query } else { query.bind(named) })
    }

    fn of_stops(
        &self,
        columns: &str,
        filter: &StopFilter,
    ) -> Result<clickhouse::query::Query, QueryError> {
        let named = vehicles(&filter.vehicles)?;
        let (from, until) = filter.span.bounds()?;
        let whose = if named.is_empty() { "" } else { "AND vehicle IN ?" };
        let sql = format!(
            "SELECT {columns} FROM stops FINAL WHERE since >= {TIME} AND since < {TIME} \
             AND toUnixTimestamp64Milli(until) - toUnixTimestamp64Milli(since) >= ? {whose} ORDER BY vehicle, since"
        );
        let query = self.client.query(&sql).bind(from).bind(until).bind(filter.least_ms);
        Ok(if named.is_empty() { query } else { query.bind(named) })
    }
}

/// ClickHouse's name of a format that tables are given in.
fn of_tables(format: Format) -> Result<&'static str, QueryError> {
    match format {
        Format::Csv => Ok("CSVWithNames"),
        Format::Parquet => Ok("Parquet"),
        Format::Geojson | Format::Gpx => {
            Err(QueryError::Asked("reports have no geometry: ask for csv or parquet".to_owned()))
        }
    }
}

fn read<T: for<'de> Deserialize<'de>>(detail: &str) -> Result<T, QueryError> {
    serde_json::from_str(detail).map_err(|error| {
        QueryError::Asked(format!(
            "a row in ClickHouse cannot be read ({error}): use the newer program"
        ))
    })
}
