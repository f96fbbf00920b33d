//! Reports: what vehicles and drivers did on which day, and where they stood.

use super::{cut, page, read, read_all, time, vehicles, Queries, Span, TIME};
use crate::{
    analysis::{DayTotals, Stop},
    error::QueryError,
    export::{Format, Pieces},
};
use clickhouse::query::Query;
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

/// A place in the list of stops, which are in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StopCursor {
    /// The vehicle of the last stop of the page.
    pub vehicle: u32,
    /// When that began.
    pub from_ms: u64,
}

/// Stops in the order of vehicle and time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopPage {
    /// The stops.
    pub stops: Vec<Stop>,
    /// Where the next page begins. None when there is none.
    pub next: Option<StopCursor>,
}

/// A place in the list of days, which are in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayCursor {
    /// The last day of the page.
    pub day: u32,
    /// Its vehicle.
    pub vehicle: u32,
    /// Its driver, 0 when nobody knows.
    pub driver: u32,
}

/// What each driver did with each vehicle on each day, by day, vehicle and driver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayPage {
    /// The days.
    pub days: Vec<DayTotals>,
    /// Where the next page begins. None when there is none.
    pub next: Option<DayCursor>,
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
        let query = self.of_days("detail", filter, None, "ORDER BY day, vehicle, driver")?;
        Ok(self.rows::<String>(query)?.map(|row| read("a day", &row?)))
    }

    /// A page of the same, in the same order.
    ///
    /// # Errors
    /// The filter cannot be, or ClickHouse does not answer.
    pub async fn day_page(
        &self,
        filter: &DayReport,
        after: Option<DayCursor>,
        limit: u32,
    ) -> Result<DayPage, QueryError> {
        let limit = page(limit)?;
        let end = "ORDER BY day, vehicle, driver LIMIT ?";
        let query = self.of_days("detail", filter, after, end)?.bind(limit + 1);
        let details: Vec<String> = self.all("days", query).await?;
        let mut days: Vec<DayTotals> = read_all("a day", &details)?;
        let more = cut(&mut days, limit);
        let next = days.last().filter(|_| more).map(|day| DayCursor {
            day: day.day,
            vehicle: day.vehicle,
            driver: day.driver.unwrap_or(0),
        });
        Ok(DayPage { days, next })
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
            self.of_days(columns, filter, None, &format!("GROUP BY {groups} ORDER BY {groups}"))?;
        self.pieces(query, of_tables(format)?)
    }

    /// Stops in the order of vehicle and time, as many as there are.
    ///
    /// # Errors
    /// The filter cannot be. Errors of ClickHouse come in the stream.
    pub fn stops(
        &self,
        filter: &StopFilter,
    ) -> Result<impl Stream<Item = Result<Stop, QueryError>> + Send + 'static, QueryError> {
        let query = self.of_stops("detail", filter, None, "")?;
        Ok(self.rows::<String>(query)?.map(|row| read("a stop", &row?)))
    }

    /// A page of the same, in the same order.
    ///
    /// # Errors
    /// The filter cannot be, or ClickHouse does not answer.
    pub async fn stop_page(
        &self,
        filter: &StopFilter,
        after: Option<StopCursor>,
        limit: u32,
    ) -> Result<StopPage, QueryError> {
        let limit = page(limit)?;
        let query = self.of_stops("detail", filter, after, "LIMIT ?")?.bind(limit + 1);
        let details: Vec<String> = self.all("stops", query).await?;
        let mut stops: Vec<Stop> = read_all("a stop", &details)?;
        let more = cut(&mut stops, limit);
        let next = stops.last().filter(|_| more);
        let next = next.map(|stop| StopCursor { vehicle: stop.vehicle, from_ms: stop.from_ms });
        Ok(StopPage { stops, next })
    }

    /// Stops as a file of CSV or Parquet, as many as there are.
    ///
    /// # Errors
    /// The filter cannot be, or reports are not given in the format. Errors of ClickHouse come in the stream.
    pub fn stops_report(&self, filter: &StopFilter, format: Format) -> Result<Pieces, QueryError> {
        let columns = "vehicle, driver, kind, since AS began, until AS ended, \
             (toUnixTimestamp64Milli(until) - toUnixTimestamp64Milli(since)) / 60000 AS minutes, \
             latitude / 1000000 AS latitude_deg, longitude / 1000000 AS longitude_deg, overnight, trip";
        let query = self.of_stops(columns, filter, None, "")?;
        self.pieces(query, of_tables(format)?)
    }

    fn of_days(
        &self,
        columns: &str,
        filter: &DayReport,
        after: Option<DayCursor>,
        end: &str,
    ) -> Result<Query, QueryError> {
        let named = vehicles(&filter.vehicles)?;
        if filter.from_day >= filter.until_day {
            return Err(QueryError::Asked(
                "the days end before they begin: give from_day below until_day".into(),
            ));
        }
        let whose = if named.is_empty() { "" } else { "AND vehicle IN ?" };
        // Both so that the place is found by the key of the table, here and below.
        let behind = match after {
            Some(_) => {
                "AND day >= ? AND (day > ? OR (vehicle >= ? AND (vehicle > ? OR driver > ?)))"
            }
            None => "",
        };
        let sql = format!(
            "SELECT {columns} FROM driver_days FINAL WHERE day >= ? AND day < ? {whose} {behind} {end}"
        );
        let query = self.store.query(&sql).bind(filter.from_day).bind(filter.until_day);
        let query = if named.is_empty() { query } else { query.bind(named) };
        let Some(DayCursor { day, vehicle, driver }) = after else { return Ok(query) };
        Ok(query.bind(day).bind(day).bind(vehicle).bind(vehicle).bind(driver))
    }

    fn of_stops(
        &self,
        columns: &str,
        filter: &StopFilter,
        after: Option<StopCursor>,
        end: &str,
    ) -> Result<Query, QueryError> {
        let named = vehicles(&filter.vehicles)?;
        let (from, until) = filter.span.bounds()?;
        let whose = if named.is_empty() { "" } else { "AND vehicle IN ?" };
        let behind = match after {
            Some(_) => format!("AND vehicle >= ? AND (vehicle > ? OR since > {TIME})"),
            None => String::new(),
        };
        let sql = format!(
            "SELECT {columns} FROM stops FINAL WHERE since >= {TIME} AND since < {TIME} \
             AND toUnixTimestamp64Milli(until) - toUnixTimestamp64Milli(since) >= ? {whose} {behind} \
             ORDER BY vehicle, since {end}"
        );
        let query = self.store.query(&sql).bind(from).bind(until).bind(filter.least_ms);
        let query = if named.is_empty() { query } else { query.bind(named) };
        let Some(StopCursor { vehicle, from_ms }) = after else { return Ok(query) };
        Ok(query.bind(vehicle).bind(vehicle).bind(time(from_ms)?))
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
