//! Vehicles as telemetry knows them.

mod alerts;
mod cursor;
mod day;
mod export;
mod fences;
mod history;
mod live;
mod trips;

pub use alerts::{Alert, AlertState, AlertStep, Alerts, Deed, Severity};
pub use cursor::Cursor;
pub use day::Day;
pub use export::{Export, FileFormat, FileOf, Vehicles};
pub use fences::{Geofence, Geofences, Json, JsonObject, RuleBook};
pub use history::{Fix, Fixes, Visit, Visits};
pub use live::{CargoRange, LastFix, TelemetryChange, VehicleState, VehicleStates};
pub use trips::{Driving, DrivingDay, DrivingDays, Stop, StopKind, Stops, Trip, TripEnd, Trips};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smartlink_proto::telemetry as proto;
use smartlink_records::gcj02;

use super::{order::named, Latitude, Longitude};

named! {
    /// What coordinates are in. Inside everything is WGS 84.
    #[derive(Default)]
    Datum = proto::Datum {
        /// What satellites say.
        #[default]
        Wgs84,
        /// What maps of Chinese providers want.
        Gcj02,
    }
}

impl Datum {
    /// A place of WGS 84, given in this.
    fn shows(self, latitude_e6: i32, longitude_e6: i32) -> (Latitude, Longitude) {
        let (latitude, longitude) = match self {
            Self::Wgs84 => (latitude_e6, longitude_e6),
            Self::Gcj02 => gcj02::from_wgs84(latitude_e6, longitude_e6),
        };
        (Latitude(latitude), Longitude(longitude))
    }

    /// The place of WGS 84 that is given in this.
    fn means(self, latitude: Latitude, longitude: Longitude) -> (i32, i32) {
        match self {
            Self::Wgs84 => (latitude.0, longitude.0),
            Self::Gcj02 => gcj02::to_wgs84(latitude.0, longitude.0),
        }
    }
}

/// A place.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Coordinates {
    /// North positive.
    pub latitude: Latitude,
    /// East positive.
    pub longitude: Longitude,
}

impl Coordinates {
    fn read(place: proto::Place, datum: Datum) -> Self {
        let (latitude, longitude) = datum.shows(place.latitude_e6, place.longitude_e6);
        Self { latitude, longitude }
    }
}

/// A rectangle that holds its borders, and does not reach over the antimeridian.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Its lowest latitude.
    pub south: Latitude,
    /// Its lowest longitude.
    pub west: Longitude,
    /// Its highest latitude.
    pub north: Latitude,
    /// Its highest longitude.
    pub east: Longitude,
}

impl Area {
    /// As the service takes it. In GCJ-02 its corners are those of the map.
    pub(crate) fn write(self, datum: Datum) -> proto::Box {
        let (south_e6, west_e6) = datum.means(self.south, self.west);
        let (north_e6, east_e6) = datum.means(self.north, self.east);
        proto::Box { south_e6, west_e6, north_e6, east_e6 }
    }
}

/// Speed in km/h of tenths of it.
fn kmh(tenths: u32) -> f64 {
    f64::from(tenths) / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_on_a_map_of_china_is_shifted_on_its_way_out_and_in() {
        let place = proto::Place { latitude_e6: 39_915_000, longitude_e6: 116_404_000 };
        let seen = Coordinates::read(place, Datum::Gcj02);
        assert_eq!((seen.latitude, seen.longitude), (Latitude(39_916_404), Longitude(116_410_244)));
        assert_eq!(Datum::Gcj02.means(seen.latitude, seen.longitude), (39_915_000, 116_404_000));
        let plain = Coordinates::read(place, Datum::default());
        assert_eq!((plain.latitude.0, plain.longitude.0), (39_915_000, 116_404_000));
    }
}
