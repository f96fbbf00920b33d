//! Where vehicles were.

use schemars::JsonSchema;
use serde::Serialize;
use smartlink_proto::telemetry as proto;
use smartlink_records::{Alarms, Flags};

use super::{kmh, Coordinates, Cursor, Datum};
use crate::types::{Id, Latitude, Longitude};

/// A fix of a track.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Fix {
    /// The record that it is of: what telemetry_prove takes.
    pub sequence: Id,
    /// The vehicle.
    pub vehicle: u32,
    /// The terminal.
    pub terminal: Id,
    /// When it was there, by the terminal's clock, in milliseconds of the Unix epoch.
    pub time_ms: i64,
    /// North positive.
    pub latitude: Latitude,
    /// East positive.
    pub longitude: Longitude,
    /// Metres above sea level.
    pub altitude_m: i32,
    /// km/h, to the tenth.
    pub speed_kmh: f64,
    /// Degrees clockwise from north.
    pub heading: u32,
    /// What was on, by the names of docs/devices.md.
    pub flags: Vec<&'static str>,
    /// What the terminal warned of, by the names of docs/devices.md.
    pub alarms: Vec<&'static str>,
}

impl Fix {
    fn read(fix: proto::Fix, datum: Datum) -> Self {
        let place = Coordinates::read(fix.place.unwrap_or_default(), datum);
        Self {
            sequence: Id(fix.sequence),
            vehicle: fix.vehicle,
            terminal: Id(fix.terminal),
            time_ms: fix.time_ms,
            latitude: place.latitude,
            longitude: place.longitude,
            altitude_m: fix.altitude_m,
            speed_kmh: kmh(fix.speed_dkmh),
            heading: fix.heading,
            flags: Flags(fix.flags).names().collect(),
            alarms: Alarms(fix.alarms).names().collect(),
        }
    }
}

/// A page of fixes, in the order of vehicle, terminal and time.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Fixes {
    /// The fixes.
    pub fixes: Vec<Fix>,
    /// `after` of the next page. Missing: there are no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Cursor<4>>,
}

impl Fixes {
    pub(crate) fn read(page: proto::FixPage, datum: Datum) -> Self {
        let fixes = page.fixes.into_iter().map(|fix| Fix::read(fix, datum)).collect();
        Self { fixes, next: page.next.map(Cursor::from) }
    }
}

impl From<proto::FixCursor> for Cursor<4> {
    fn from(at: proto::FixCursor) -> Self {
        Self([at.vehicle.into(), at.terminal, at.time_ms.cast_unsigned(), at.sequence])
    }
}

impl From<Cursor<4>> for proto::FixCursor {
    fn from(Cursor([vehicle, terminal, time_ms, sequence]): Cursor<4>) -> Self {
        let (vehicle, time_ms) = (number(vehicle), time_ms.cast_signed());
        Self { vehicle, terminal, time_ms, sequence }
    }
}

/// A number that a cursor has as 64 bits. What was made up is beyond all there are.
pub(super) fn number(part: u64) -> u32 {
    u32::try_from(part).unwrap_or(u32::MAX)
}

/// A vehicle that was in an area.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Visit {
    /// The vehicle.
    pub vehicle: u32,
    /// Its first fix there, in milliseconds of the Unix epoch.
    pub first_ms: i64,
    /// Its last fix there.
    pub last_ms: i64,
    /// How many fixes it has there.
    pub fixes: u64,
}

/// Who was in an area, who was there last first.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Visits {
    /// The vehicles.
    pub visits: Vec<Visit>,
}

impl From<proto::VisitList> for Visits {
    fn from(list: proto::VisitList) -> Self {
        let visits = list.visits.into_iter().map(|visit| Visit {
            vehicle: visit.vehicle,
            first_ms: visit.first_ms,
            last_ms: visit.last_ms,
            fixes: visit.fixes,
        });
        Self { visits: visits.collect() }
    }
}
