//! What the analysis found, as rows for ClickHouse.
//!
//! Each row has the columns by which one searches and adds up, and the whole thing as JSON in `detail`: what is read
//! back is what was found, however the columns are chosen. Rows of the same thing replace each other by `version`.

use crate::{
    analysis::{
        alert::{AlertChange, Deed},
        fence::Crossing,
        DayTotals, Outcome, Stop, TripChange,
    },
    export::iso8601,
    journal::Entry,
};
use serde::Serialize;
use serde_json::{json, Value};

/// The table of alerts.
pub const ALERTS: &str = "alerts";
/// The table of trips.
pub const TRIPS: &str = "trips";
/// The table of stops.
pub const STOPS: &str = "stops";
/// The table of borders of geofences that were crossed.
pub const CROSSINGS: &str = "crossings";
/// The table of what each driver did with each vehicle on each day.
pub const DAYS: &str = "driver_days";

/// Appends the rows of what was found.
pub(crate) fn entries(outcome: &Outcome, entries: &mut Vec<Entry>) {
    entries.extend(outcome.alerts.iter().map(alert));
    entries.extend(outcome.trips.iter().map(trip));
    entries.extend(outcome.stops.iter().map(stop));
    entries.extend(outcome.crossings.iter().map(crossing));
    entries.extend(outcome.days.iter().map(day));
}

fn entry(table: &str, mut row: Value, whole: &impl Serialize) -> Entry {
    let detail = serde_json::to_string(whole);
    row["detail"] =
        Value::String(detail.expect("findings have string keys and no failing serializer; qed"));
    Entry { table: table.to_owned(), row: row.to_string().into() }
}

/// A time as ClickHouse reads it into a DateTime64(3) of UTC. What its tables cannot hold is given as the last that they
/// can.
fn time(ms: u64) -> String {
    /// The last millisecond of 2299.
    const LAST_MS: i64 = 10_413_791_999_999;
    let ms = i64::try_from(ms).unwrap_or(LAST_MS).min(LAST_MS);
    iso8601(ms).replace('T', " ").replace('Z', "")
}

fn alert(change: &AlertChange) -> Entry {
    let alert = &change.alert;
    let place = alert.place.unwrap_or_default();
    let by = |deed: &Option<Deed>| deed.as_ref().map(|deed| deed.by.clone()).unwrap_or_default();
    let row = json!({
        "id": alert.id,
        "version": alert.version,
        "vehicle": alert.vehicle,
        "driver": alert.driver.unwrap_or(0),
        "kind": alert.kind.name(),
        "key": alert.key,
        "state": alert.state.name(),
        "opened": time(alert.opened_ms),
        "last": time(alert.last_ms),
        "closed": time(alert.closed_ms.unwrap_or(0)),
        "acknowledged_by": by(&alert.acknowledged),
        "closed_by": by(&alert.closed),
        "value": alert.value,
        "threshold": alert.threshold,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "trip": alert.trip.unwrap_or(0),
    });
    entry(ALERTS, row, alert)
}

fn trip(change: &TripChange) -> Entry {
    let trip = &change.trip;
    let row = json!({
        "id": trip.id,
        "version": trip.version,
        "vehicle": trip.vehicle,
        "driver": trip.driver.unwrap_or(0),
        "started": time(trip.started_ms),
        "ended": time(trip.ended_ms),
        "over": u8::from(trip.end.is_some()),
        "from_latitude": trip.from.latitude,
        "from_longitude": trip.from.longitude,
        "to_latitude": trip.to.latitude,
        "to_longitude": trip.to.longitude,
        "distance_m": trip.driving.distance_m,
        "moving_ms": trip.driving.moving_ms,
        "idle_ms": trip.driving.idle_ms,
        "fastest": trip.fastest,
        "safety": trip.safety.unwrap_or(0),
    });
    entry(TRIPS, row, trip)
}

fn stop(stop: &Stop) -> Entry {
    let row = json!({
        "vehicle": stop.vehicle,
        "driver": stop.driver.unwrap_or(0),
        "trip": stop.trip,
        "kind": stop.kind.name(),
        "since": time(stop.from_ms),
        "until": time(stop.until_ms),
        "latitude": stop.place.latitude,
        "longitude": stop.place.longitude,
        "overnight": u8::from(stop.overnight),
    });
    entry(STOPS, row, stop)
}

fn crossing(crossing: &Crossing) -> Entry {
    let row = json!({
        "vehicle": crossing.vehicle,
        "driver": crossing.driver.unwrap_or(0),
        "fence": crossing.fence,
        "kind": crossing.kind.name(),
        "time": time(crossing.time_ms),
        "latitude": crossing.place.latitude,
        "longitude": crossing.place.longitude,
        "inside_ms": crossing.inside_ms,
    });
    entry(CROSSINGS, row, crossing)
}

fn day(day: &DayTotals) -> Entry {
    let driving = &day.driving;
    let row = json!({
        "vehicle": day.vehicle,
        "driver": day.driver.unwrap_or(0),
        "day": day.day,
        "version": day.version,
        "trips": day.trips,
        "distance_m": driving.distance_m,
        "moving_ms": driving.moving_ms,
        "idle_ms": driving.idle_ms,
        "night_ms": driving.night_ms,
        "speeding_ms": driving.speeding_ms,
        "speedings": driving.speedings,
        "accelerations": driving.accelerations,
        "brakings": driving.brakings,
        "cornerings": driving.cornerings,
        "fuel_ml": driving.fuel_ml.unwrap_or(0),
        "fuel_known": u8::from(driving.fuel_ml.is_some()),
        "energy_wh": driving.energy_wh.unwrap_or(0),
        "energy_known": u8::from(driving.energy_wh.is_some()),
        "safety": day.safety,
    });
    entry(DAYS, row, day)
}
