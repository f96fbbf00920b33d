//! Trips and stops, as they are told.

use serde::{Deserialize, Serialize};

use super::{
    durable::{durable, durable_choice},
    geometry::Place,
    score::Driving,
};

/// Why a trip ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TripEnd {
    /// The ignition was turned off.
    Ignition,
    /// The vehicle stood too long.
    Stood,
    /// Nothing was heard for too long. When what was missing comes in order after all, the trip goes on.
    Gap,
    /// Another driver took over.
    Driver,
}

impl TripEnd {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Ignition, Self::Stood, Self::Gap, Self::Driver];

    /// Its name in tables and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ignition => "ignition",
            Self::Stood => "stood",
            Self::Gap => "gap",
            Self::Driver => "driver",
        }
    }
}

durable_choice!(TripEnd);

/// A drive from one place to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trip {
    /// The vehicle in the upper 32 bits, the second of the beginning in the lower.
    pub id: u64,
    /// Rises with every change. The highest is the truth.
    pub version: u32,
    /// The vehicle.
    pub vehicle: u32,
    /// Who drove, if that is known.
    pub driver: Option<u32>,
    /// When it began.
    pub started_ms: u64,
    /// When it ended. While it lasts, the time of the last fix.
    pub ended_ms: u64,
    /// Why it ended. None while it lasts.
    pub end: Option<TripEnd>,
    /// Where it began.
    pub from: Place,
    /// Where it ended, or is.
    pub to: Place,
    /// What was driven by the odometer, in metres, when there is one.
    pub odometer_m: Option<u64>,
    /// The highest speed, in 0.1 km/h.
    pub fastest: u16,
    /// Stops in it.
    pub stops: u32,
    /// Fixes in it.
    pub fixes: u32,
    /// How it was driven. The distance is that between fixes.
    pub driving: Driving,
    /// The grade for safety, when it has ended.
    pub safety: Option<u8>,
    /// The grade for energy, when it has ended and something is known.
    pub economy: Option<u8>,
}

durable!(Trip {
    id,
    version,
    vehicle,
    driver,
    started_ms,
    ended_ms,
    end,
    from,
    to,
    odometer_m,
    fastest,
    stops,
    fixes,
    driving,
    safety,
    economy,
});

impl Trip {
    /// The id of a trip.
    pub const fn id_of(vehicle: u32, started_ms: u64) -> u64 {
        // Seconds until the year 2106.
        ((vehicle as u64) << 32) | ((started_ms / 1_000) & 0xffff_ffff)
    }

    /// Whether the distance between fixes and the odometer's agree, to a tenth and half a kilometre. None without an
    /// odometer. When they do not, fixes were missing, or the odometer is not calibrated.
    pub fn odometer_agrees(&self) -> Option<bool> {
        let (fixes, odometer) = (self.driving.distance_m, self.odometer_m?);
        Some(fixes.abs_diff(odometer) <= odometer / 10 + 500)
    }
}

/// What happened to a trip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TripStep {
    /// It is long enough to be one.
    Opened,
    /// It goes on.
    Updated,
    /// It ended.
    Closed,
}

/// A trip as it is after something happened to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TripChange {
    /// What happened.
    pub step: TripStep,
    /// The whole trip.
    pub trip: Trip,
}

/// What kind of a stop it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopKind {
    /// During a trip, with the ignition on.
    Idling,
    /// During a trip, with the ignition off or not known.
    Standing,
    /// Between two trips.
    Parked,
}

impl StopKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Idling, Self::Standing, Self::Parked];

    /// Its name in tables and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Idling => "idling",
            Self::Standing => "standing",
            Self::Parked => "parked",
        }
    }
}

/// A time in which a vehicle stood. Told when it is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// The vehicle.
    pub vehicle: u32,
    /// Who drove, if that is known.
    pub driver: Option<u32>,
    /// The trip that it was in, or that ended with it.
    pub trip: u64,
    /// What kind it was.
    pub kind: StopKind,
    /// When it began.
    pub from_ms: u64,
    /// When it was over.
    pub until_ms: u64,
    /// Where.
    pub place: Place,
    /// Whether it lasted at least four hours and two o'clock at night was in it.
    pub overnight: bool,
}
