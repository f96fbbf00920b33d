//! Where vehicles were, and how they were driven.

use schemars::JsonSchema;
use serde::Deserialize;
use smartlink_proto::telemetry as proto;

use super::{client, span, READ, READERS};
use crate::{
    desk::{Call, Desk},
    identity::Roles,
    methods::limit,
    refusal::{Code, Refusal},
    table::{Access, Effect, Method},
    types::{Area, Cursor, Datum, Day, DrivingDays, Fixes, Stops, Trips, Vehicles, Visits, Whole},
    upstream::refusal,
};

/// Fixes of a page where the caller names no number.
const FIXES: u32 = 500;

pub(super) fn methods() -> Vec<Method> {
    use Effect::Reads;
    vec![
        Method::call(
            "telemetry_track",
            Reads,
            READ,
            "Fixes of a span of time, in the order of vehicle, terminal and time: what a replay shows.",
            track,
        ),
        Method::call(
            "telemetry_visits",
            Reads,
            READ,
            "Which vehicles were in an area, who was there last first.",
            visits,
        ),
        Method::call(
            "telemetry_trips",
            Reads,
            READ,
            "Trips that began in a span of time, those that began last first.",
            trips,
        ),
        Method::call(
            "telemetry_stops",
            Reads,
            READ,
            "Stops of a span of time, by vehicle and time.",
            stops,
        ),
        Method::call(
            "telemetry_days",
            Reads,
            Access::Any(READERS.and(Roles::PERSONNEL)),
            "What each driver did with each vehicle on each day, with grades, by day, vehicle and driver.",
            days,
        ),
    ]
}

/// A page of a track.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TrackPage {
    /// Of these vehicles. Missing or empty: of all.
    #[serde(default)]
    vehicles: Vehicles,
    /// From then on, by the terminals' clocks, in milliseconds of the Unix epoch.
    from_ms: u64,
    /// Until just before.
    until_ms: u64,
    /// `next` of the page before. Missing: from the first on.
    after: Option<Cursor<4>>,
    /// How many, at most. 500 where nothing is said.
    limit: Option<Whole<1, 1_000>>,
    /// What coordinates are in. wgs84 where nothing is said.
    #[serde(default)]
    datum: Datum,
}

/// An area in a span of time.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct VisitsOf {
    /// The area.
    area: Area,
    /// From then on, by the terminals' clocks, in milliseconds of the Unix epoch.
    from_ms: u64,
    /// Until just before.
    until_ms: u64,
    /// How many, at most. 50 where nothing is said.
    limit: Option<Whole<1, 500>>,
    /// What the area's coordinates are in. wgs84 where nothing is said.
    #[serde(default)]
    datum: Datum,
}

/// A page of trips.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TripsPage {
    /// Of these vehicles. Missing or empty: of all.
    #[serde(default)]
    vehicles: Vehicles,
    /// Only of this driver.
    driver: Option<u32>,
    /// That began from then on, in milliseconds of the Unix epoch.
    from_ms: u64,
    /// That began before.
    until_ms: u64,
    /// `next` of the page before. Missing: from the newest on.
    before: Option<Cursor<2>>,
    /// How many, at most. 50 where nothing is said.
    limit: Option<Whole<1, 500>>,
    /// What coordinates are in. wgs84 where nothing is said.
    #[serde(default)]
    datum: Datum,
}

/// A page of stops.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct StopsPage {
    /// Of these vehicles. Missing or empty: of all.
    #[serde(default)]
    vehicles: Vehicles,
    /// From then on, in milliseconds of the Unix epoch.
    from_ms: u64,
    /// Until just before.
    until_ms: u64,
    /// Only those that took at least so many milliseconds.
    #[serde(default)]
    least_ms: u64,
    /// `next` of the page before. Missing: from the first on.
    after: Option<Cursor<2>>,
    /// How many, at most. 50 where nothing is said.
    limit: Option<Whole<1, 500>>,
    /// What coordinates are in. wgs84 where nothing is said.
    #[serde(default)]
    datum: Datum,
}

/// A page of days.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DaysPage {
    /// Of these vehicles. Missing or empty: of all.
    #[serde(default)]
    vehicles: Vehicles,
    /// From this day on.
    from_day: Day,
    /// The day after the last.
    until_day: Day,
    /// `next` of the page before. Missing: from the first on.
    after: Option<Cursor<3>>,
    /// How many, at most. 50 where nothing is said.
    limit: Option<Whole<1, 500>>,
}

async fn track(desk: Desk, _: Call, params: TrackPage) -> Result<Fixes, Refusal> {
    let span = Some(span(params.from_ms, params.until_ms)?);
    let request = proto::ListFixesRequest {
        track: Some(proto::TrackRequest { vehicles: params.vehicles.0, span }),
        after: params.after.map(proto::FixCursor::from),
        limit: params.limit.map_or(FIXES, |limit| limit.0),
    };
    let reply = client(&desk)?.list_fixes(request).await.map_err(refusal)?;
    Ok(Fixes::read(reply.into_inner(), params.datum))
}

async fn visits(desk: Desk, _: Call, params: VisitsOf) -> Result<Visits, Refusal> {
    let request = proto::VisitsRequest {
        r#box: Some(params.area.write(params.datum)),
        span: Some(span(params.from_ms, params.until_ms)?),
        limit: limit(params.limit),
    };
    let reply = client(&desk)?.list_visits(request).await.map_err(refusal)?;
    Ok(reply.into_inner().into())
}

async fn trips(desk: Desk, _: Call, params: TripsPage) -> Result<Trips, Refusal> {
    let request = proto::ListTripsRequest {
        vehicles: params.vehicles.0,
        driver: params.driver,
        span: Some(span(params.from_ms, params.until_ms)?),
        after: params.before.map(proto::TimeCursor::from),
        limit: limit(params.limit),
    };
    let reply = client(&desk)?.list_trips(request).await.map_err(refusal)?;
    Ok(Trips::read(reply.into_inner(), params.datum))
}

async fn stops(desk: Desk, _: Call, params: StopsPage) -> Result<Stops, Refusal> {
    let request = proto::ListStopsRequest {
        vehicles: params.vehicles.0,
        span: Some(span(params.from_ms, params.until_ms)?),
        least_ms: params.least_ms,
        after: params.after.map(proto::StopCursor::from),
        limit: limit(params.limit),
    };
    let reply = client(&desk)?.list_stops(request).await.map_err(refusal)?;
    Ok(Stops::read(reply.into_inner(), params.datum))
}

async fn days(desk: Desk, _: Call, params: DaysPage) -> Result<DrivingDays, Refusal> {
    if params.from_day >= params.until_day {
        let said = "the days end before they begin: give from_day before until_day";
        return Err(Refusal::new(Code::InvalidParams, said));
    }
    let request = proto::ListDaysRequest {
        vehicles: params.vehicles.0,
        from_day: params.from_day.0,
        until_day: params.until_day.0,
        after: params.after.map(proto::DayCursor::from),
        limit: limit(params.limit),
    };
    let reply = client(&desk)?.list_days(request).await.map_err(refusal)?;
    Ok(reply.into_inner().into())
}
