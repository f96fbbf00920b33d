//! Messages from outside as what telemetry takes.

use super::MOST;
use crate::{
    analysis::{
        alert::{AlertKind, AlertState, MAX_NAME},
        class::Capacities,
        rules::RuleBook,
        Place,
    },
    error::QueryError,
    export::{Datum, Format, Pieces},
    queries::{
        AlertCursor, AlertFilter, Area, DayCursor, DayReport, FixCursor, Queries, Report, Span,
        StopCursor, StopFilter, TrackFilter, TripCursor, TripFilter,
    },
};
use smartlink_proto::telemetry as proto;
use tonic::Status;

/// Bytes of a book of rules, at most: one that says something of every rule of every class has a tenth of it.
const BOOK_BYTES: usize = 256 << 10;

pub(super) fn wrong(message: impl Into<String>) -> Status {
    Status::invalid_argument(message)
}

pub(super) fn limit(limit: u32) -> Result<u32, Status> {
    match limit {
        1..=MOST => Ok(limit),
        _ => Err(wrong(format!("limit is {limit}: give 1 to {MOST}"))),
    }
}

/// Who did something.
pub(super) fn name(by: &str) -> Result<(), Status> {
    if by.is_empty() || by.len() > MAX_NAME {
        return Err(wrong(format!("by has {} bytes: give 1 to {MAX_NAME}", by.len())));
    }
    Ok(())
}

/// A rectangle of parallels and meridians, with its borders.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    south: i32,
    west: i32,
    north: i32,
    east: i32,
}

impl Frame {
    /// Whether a place is known and in it.
    pub(super) fn holds(&self, place: Option<Place>) -> bool {
        place.is_some_and(|place| {
            (self.south..=self.north).contains(&place.latitude)
                && (self.west..=self.east).contains(&place.longitude)
        })
    }
}

pub(super) fn frame(given: proto::Box) -> Result<Frame, Status> {
    let proto::Box { south_e6, west_e6, north_e6, east_e6 } = given;
    let (pole, antimeridian) = (90_000_000, 180_000_000);
    let parallels = -pole <= south_e6 && south_e6 <= north_e6 && north_e6 <= pole;
    let meridians = -antimeridian <= west_e6 && west_e6 <= east_e6 && east_e6 <= antimeridian;
    if !parallels || !meridians {
        return Err(wrong(
            "box: give south not above north, west not above east, within 90 and 180 degrees; for one that reaches over the \
             antimeridian ask for both sides",
        ));
    }
    Ok(Frame { south: south_e6, west: west_e6, north: north_e6, east: east_e6 })
}

fn span(span: Option<proto::Span>) -> Result<Span, Status> {
    let proto::Span { from_ms, until_ms } =
        span.ok_or_else(|| wrong("span: give from_ms and until_ms"))?;
    Ok(Span { from_ms, until_ms })
}

pub(super) fn area(request: proto::VisitsRequest) -> Result<Area, Status> {
    let Frame { south, west, north, east } = frame(request.r#box.unwrap_or_default())?;
    Ok(Area { south, north, west, east, span: span(request.span)? })
}

pub(super) fn capacities(request: &proto::SetCapacitiesRequest) -> Capacities {
    Capacities {
        tank_ml: request.tank_ml,
        battery_wh: request.battery_wh,
        cargo_temperature: request.cargo.map(|cargo| (cargo.lowest_dc, cargo.highest_dc)),
    }
}

pub(super) fn track(request: proto::TrackRequest) -> Result<TrackFilter, Status> {
    Ok(TrackFilter { vehicles: request.vehicles, span: span(request.span)? })
}

pub(super) fn fix_cursor(after: proto::FixCursor) -> FixCursor {
    let proto::FixCursor { vehicle, terminal, time_ms, sequence } = after;
    FixCursor { vehicle, terminal, time_ms, sequence }
}

pub(super) fn trips(request: proto::ListTripsRequest) -> Result<TripFilter, Status> {
    let after = request.after.map(|after| TripCursor { started_ms: after.time_ms, id: after.id });
    let span = span(request.span)?;
    Ok(TripFilter { vehicles: request.vehicles, driver: request.driver, span, after })
}

pub(super) fn stops(
    vehicles: Vec<u32>,
    within: Option<proto::Span>,
    least_ms: u64,
) -> Result<StopFilter, Status> {
    Ok(StopFilter { vehicles, least_ms, span: span(within)? })
}

pub(super) fn stop_cursor(after: proto::StopCursor) -> StopCursor {
    StopCursor { vehicle: after.vehicle, from_ms: after.from_ms }
}

pub(super) fn days(vehicles: Vec<u32>, from_day: u32, until_day: u32) -> DayReport {
    DayReport { vehicles, from_day, until_day }
}

pub(super) fn day_cursor(after: proto::DayCursor) -> DayCursor {
    DayCursor { day: after.day, vehicle: after.vehicle, driver: after.driver }
}

pub(super) fn alerts(request: proto::ListAlertsRequest) -> Result<AlertFilter, Status> {
    let kind = |name: &String| {
        AlertKind::from_name(name).ok_or_else(|| {
            let name: String = name.chars().take(64).collect();
            wrong(format!("kinds has {name:?}: docs/telemetry.md lists them"))
        })
    };
    let state = |state: i32| match proto::AlertState::try_from(state) {
        Ok(proto::AlertState::Open) => Ok(AlertState::Open),
        Ok(proto::AlertState::Acknowledged) => Ok(AlertState::Acknowledged),
        Ok(proto::AlertState::Closed) => Ok(AlertState::Closed),
        _ => Err(wrong("states: give some of open, acknowledged and closed")),
    };
    let after = request.after.map(|after| AlertCursor { opened_ms: after.time_ms, id: after.id });
    let mut filter = AlertFilter {
        kinds: request.kinds.iter().map(kind).collect::<Result<_, _>>()?,
        states: request.states.into_iter().map(state).collect::<Result<_, _>>()?,
        vehicles: request.vehicles,
        from_ms: request.from_ms,
        until_ms: request.until_ms,
        after,
    };
    filter.kinds.sort_unstable();
    filter.kinds.dedup();
    filter.states.sort_unstable();
    filter.states.dedup();
    Ok(filter)
}

pub(super) fn rules(json: &str) -> Result<RuleBook, Status> {
    if json.len() > BOOK_BYTES {
        let bytes = json.len();
        return Err(wrong(format!("book_json has {bytes} bytes: give at most {BOOK_BYTES}")));
    }
    // A list of two would pass for the two fields.
    let book = serde_json::from_str(json).map(serde_json::Value::Object);
    book.and_then(serde_json::from_value)
        .map_err(|error| wrong(format!("book_json: {error}; docs/telemetry.md shows one")))
}

/// A file that is asked for.
enum File {
    Track(TrackFilter, Datum),
    Days(Report, DayReport),
    Stops(StopFilter),
}

/// A file, and what it is written as.
pub(super) struct Wanted {
    file: File,
    format: Format,
}

impl Wanted {
    /// Begins it.
    pub(super) fn of(&self, queries: &Queries) -> Result<Pieces, QueryError> {
        match &self.file {
            File::Track(filter, datum) => queries.export(filter, self.format, *datum),
            File::Days(report, filter) => queries.report(*report, filter, self.format),
            File::Stops(filter) => queries.stops_report(filter, self.format),
        }
    }
}

pub(super) fn file(request: proto::ExportRequest) -> Result<Wanted, Status> {
    let format = match request.format() {
        proto::Format::Csv => Format::Csv,
        proto::Format::Geojson => Format::Geojson,
        proto::Format::Gpx => Format::Gpx,
        proto::Format::Parquet => Format::Parquet,
        proto::Format::Unspecified => {
            return Err(wrong("format: give csv, geojson, gpx or parquet"))
        }
    };
    let datum = match proto::Datum::try_from(request.datum) {
        Ok(proto::Datum::Unspecified | proto::Datum::Wgs84) => Datum::Wgs84,
        Ok(proto::Datum::Gcj02) => Datum::Gcj02,
        Err(_) => return Err(wrong("datum: give wgs84 or gcj02")),
    };
    let what = request.what();
    let days = |report, request: proto::ExportRequest| {
        File::Days(report, days(request.vehicles, request.from_day, request.until_day))
    };
    let file = match what {
        proto::What::Track => {
            let (vehicles, span) = (request.vehicles, span(request.span)?);
            File::Track(TrackFilter { vehicles, span }, datum)
        }
        proto::What::Mileage => days(Report::Mileage, request),
        proto::What::Behaviour => days(Report::Behaviour, request),
        proto::What::Energy => days(Report::Energy, request),
        // Whoever lays them on a map must not find them elsewhere.
        proto::What::Stops if datum == Datum::Gcj02 => {
            return Err(wrong("datum: stops are given in wgs84 alone"))
        }
        proto::What::Stops => File::Stops(stops(request.vehicles, request.span, request.least_ms)?),
        proto::What::Unspecified => {
            return Err(wrong("what: give track, mileage, behaviour, energy or stops"))
        }
    };
    Ok(Wanted { file, format })
}
