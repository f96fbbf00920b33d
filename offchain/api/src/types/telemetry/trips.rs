//! How vehicles were driven: trips, stops, days.

use schemars::JsonSchema;
use serde::Serialize;
use smartlink_proto::telemetry as proto;

use super::{history::number, kmh, Coordinates, Cursor, Datum, Day};
use crate::types::{order::named, Id};

/// How somebody drove.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Driving {
    /// Metres.
    pub distance_m: u64,
    /// Milliseconds in motion.
    pub moving_ms: u64,
    /// Milliseconds that the engine ran in vain.
    pub idle_ms: u64,
    /// Milliseconds in motion at night.
    pub night_ms: u64,
    /// Milliseconds above the limit.
    pub speeding_ms: u64,
    /// Times above the limit.
    pub speedings: u32,
    /// Harsh accelerations.
    pub accelerations: u32,
    /// Harsh brakings.
    pub brakings: u32,
    /// Harsh cornerings.
    pub cornerings: u32,
    /// Millilitres of fuel. Missing: not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fuel_ml: Option<u64>,
    /// Watt hours. Missing: not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub energy_wh: Option<u64>,
}

impl From<proto::Driving> for Driving {
    fn from(driving: proto::Driving) -> Self {
        Self {
            distance_m: driving.distance_m,
            moving_ms: driving.moving_ms,
            idle_ms: driving.idle_ms,
            night_ms: driving.night_ms,
            speeding_ms: driving.speeding_ms,
            speedings: driving.speedings,
            accelerations: driving.accelerations,
            brakings: driving.brakings,
            cornerings: driving.cornerings,
            fuel_ml: driving.fuel_ml,
            energy_wh: driving.energy_wh,
        }
    }
}

named! {
    /// Why a trip ended.
    TripEnd = proto::TripEnd {
        /// The ignition was turned off.
        Ignition,
        /// The vehicle stood for long.
        Stood,
        /// Nothing was heard for long.
        Gap,
        /// Another driver took over.
        Driver,
    }
}

/// A trip.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Trip {
    /// Its id.
    pub id: Id,
    /// Rises with every change.
    pub version: u32,
    /// The vehicle.
    pub vehicle: u32,
    /// Who drove. Missing: not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub driver: Option<u32>,
    /// When it began, in milliseconds of the Unix epoch.
    pub started_ms: u64,
    /// When it ended. While it lasts, the time of the last fix.
    pub ended_ms: u64,
    /// Why it ended. Missing: it lasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<TripEnd>,
    /// Where it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Coordinates>,
    /// Where it ended, or is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Coordinates>,
    /// Metres by the odometer. Missing: the vehicle tells none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub odometer_m: Option<u64>,
    /// The fastest, in km/h to the tenth.
    pub fastest_kmh: f64,
    /// Stops during it.
    pub stops: u32,
    /// Fixes that it is made of.
    pub fixes: u32,
    /// How it was driven.
    pub driving: Driving,
    /// The grade for safety: 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub safety: Option<u32>,
    /// The grade for economy: 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub economy: Option<u32>,
}

impl Trip {
    fn read(trip: proto::Trip, datum: Datum) -> Self {
        Self {
            id: Id(trip.id),
            version: trip.version,
            vehicle: trip.vehicle,
            driver: trip.driver,
            started_ms: trip.started_ms,
            ended_ms: trip.ended_ms,
            end: TripEnd::read(trip.end),
            from: trip.from.map(|place| Coordinates::read(place, datum)),
            to: trip.to.map(|place| Coordinates::read(place, datum)),
            odometer_m: trip.odometer_m,
            fastest_kmh: kmh(trip.fastest_dkmh),
            stops: trip.stops,
            fixes: trip.fixes,
            driving: trip.driving.unwrap_or_default().into(),
            safety: trip.safety,
            economy: trip.economy,
        }
    }
}

/// A page of trips, those that began last first.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Trips {
    /// The trips.
    pub trips: Vec<Trip>,
    /// `before` of the next page. Missing: there are no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Cursor<2>>,
}

impl Trips {
    pub(crate) fn read(page: proto::TripPage, datum: Datum) -> Self {
        let trips = page.trips.into_iter().map(|trip| Trip::read(trip, datum)).collect();
        Self { trips, next: page.next.map(Cursor::from) }
    }
}

impl From<proto::TimeCursor> for Cursor<2> {
    fn from(at: proto::TimeCursor) -> Self {
        Self([at.time_ms, at.id])
    }
}

impl From<Cursor<2>> for proto::TimeCursor {
    fn from(Cursor([time_ms, id]): Cursor<2>) -> Self {
        Self { time_ms, id }
    }
}

named! {
    /// How a vehicle stood.
    StopKind = proto::StopKind {
        /// With the ignition on.
        Idling,
        /// During a trip, without.
        Standing,
        /// Between trips.
        Parked,
    }
}

/// A stop.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Stop {
    /// The vehicle.
    pub vehicle: u32,
    /// Who drove. Missing: not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub driver: Option<u32>,
    /// The trip during which, or after which, it stood. Missing: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trip: Option<Id>,
    /// How it stood. Missing: in a way that this version does not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<StopKind>,
    /// From when, in milliseconds of the Unix epoch.
    pub from_ms: u64,
    /// Until when.
    pub until_ms: u64,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Coordinates>,
    /// Whether it was for a night.
    pub overnight: bool,
}

/// A page of stops, by vehicle and time.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Stops {
    /// The stops.
    pub stops: Vec<Stop>,
    /// `after` of the next page. Missing: there are no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Cursor<2>>,
}

impl Stops {
    pub(crate) fn read(page: proto::StopPage, datum: Datum) -> Self {
        let stops = page.stops.into_iter().map(|stop| Stop {
            vehicle: stop.vehicle,
            driver: stop.driver,
            trip: Id::known(stop.trip),
            kind: StopKind::read(stop.kind),
            from_ms: stop.from_ms,
            until_ms: stop.until_ms,
            place: stop.place.map(|place| Coordinates::read(place, datum)),
            overnight: stop.overnight,
        });
        let next = page.next.map(|at| Cursor([at.vehicle.into(), at.from_ms]));
        Self { stops: stops.collect(), next }
    }
}

impl From<Cursor<2>> for proto::StopCursor {
    fn from(Cursor([vehicle, from_ms]): Cursor<2>) -> Self {
        Self { vehicle: number(vehicle), from_ms }
    }
}

/// What a driver did with a vehicle on a day.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DrivingDay {
    /// The day, of the company's local clock.
    pub day: Day,
    /// The vehicle.
    pub vehicle: u32,
    /// Who drove. Missing: not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub driver: Option<u32>,
    /// Rises with every change.
    pub version: u32,
    /// Trips.
    pub trips: u32,
    /// How they were driven.
    pub driving: Driving,
    /// The grade for safety: 0 to 100.
    pub safety: u32,
    /// The grade for economy: 0 to 100. Missing: not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub economy: Option<u32>,
}

/// A page of days, by day, vehicle and driver.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DrivingDays {
    /// The days.
    pub days: Vec<DrivingDay>,
    /// `after` of the next page. Missing: there are no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Cursor<3>>,
}

impl From<proto::DayPage> for DrivingDays {
    fn from(page: proto::DayPage) -> Self {
        let days = page.days.into_iter().map(|day| DrivingDay {
            day: Day(day.day),
            vehicle: day.vehicle,
            driver: day.driver,
            version: day.version,
            trips: day.trips,
            driving: day.driving.unwrap_or_default().into(),
            safety: day.safety,
            economy: day.economy,
        });
        let next = page.next.map(|at| Cursor([at.day, at.vehicle, at.driver].map(u64::from)));
        Self { days: days.collect(), next }
    }
}

impl From<Cursor<3>> for proto::DayCursor {
    fn from(Cursor(parts): Cursor<3>) -> Self {
        let [day, vehicle, driver] = parts.map(number);
        Self { day, vehicle, driver }
    }
}
