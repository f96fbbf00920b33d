//! GCJ-02 and WGS 84, for places: `smartlink_records::gcj02` says what it is.
//!
//! Nothing that is analysed comes through here except fences, once.

use super::geometry::Place;
use smartlink_records::gcj02;

/// The place on a map in GCJ-02 of a place in WGS 84. Outside of China it is the same.
pub fn from_wgs84(place: Place) -> Place {
    let (latitude, longitude) = gcj02::from_wgs84(place.latitude, place.longitude);
    Place { latitude, longitude }
}

/// The place in WGS 84 of a place on a map in GCJ-02, exact to the rounding of 10⁻⁶ degrees.
pub fn to_wgs84(place: Place) -> Place {
    let (latitude, longitude) = gcj02::to_wgs84(place.latitude, place.longitude);
    Place { latitude, longitude }
}
