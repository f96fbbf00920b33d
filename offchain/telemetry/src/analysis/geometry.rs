//! Places, and metres between them.
//!
//! Distances are computed in f64 with additions, multiplications and square roots alone, which IEEE 754 defines to
//! the bit: every machine has the same result, and a replay is a replay.

use serde::{Deserialize, Serialize};
use smartlink_records::Position;

use super::durable::durable;

/// Metres in 10⁻⁶ degrees of a meridian, on a sphere of the mean radius 6 371 008.8 m (IUGG, R1).
pub(crate) const METRES_PER_E6: f64 = 0.111_195_080;

/// A place: 10⁻⁶ degrees of WGS 84.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// North is positive.
    pub latitude: i32,
    /// East is positive.
    pub longitude: i32,
}

durable!(Place { latitude, longitude });

impl From<&Position> for Place {
    fn from(position: &Position) -> Self {
        Self { latitude: position.latitude, longitude: position.longitude }
    }
}

impl Place {
    /// Metres to another place.
    ///
    /// The plane is laid through the middle latitude: below 0.1 % of error up to 200 km between the 70th parallels. What
    /// is farther is only ever asked whether it is far.
    pub fn metres_to(self, other: Self) -> f64 {
        let (north, east) = self.offset_to(other);
        (north * north + east * east).sqrt()
    }

    /// Metres to the north and to the east of another place.
    pub(crate) fn offset_to(self, other: Self) -> (f64, f64) {
        let middle = i64::midpoint(self.latitude.into(), other.latitude.into());
        let north = f64::from(other.latitude) - f64::from(self.latitude);
        let mut east = f64::from(other.longitude) - f64::from(self.longitude);
        if east > 180e6 {
            east -= 360e6;
        } else if east < -180e6 {
            east += 360e6;
        }
        (north * METRES_PER_E6, east * METRES_PER_E6 * cosine(middle))
    }
}

/// The cosine of a latitude in 10⁻⁶ degrees, by its series: the first term left out is below 10⁻¹² at the poles.
pub(crate) fn cosine(latitude: i64) -> f64 {
    let x = latitude as f64 * (std::f64::consts::PI / 180e6);
    let square = x * x;
    let mut sum = 1.0;
    for n in [16.0, 14.0, 12.0, 10.0, 8.0, 6.0, 4.0, 2.0] {
        sum = 1.0 - square / (n * (n - 1.0)) * sum;
    }
    sum
}

/// Decimetres, rounded, of metres that are not negative.
pub(crate) fn decimetres(metres: f64) -> u64 {
    // Half the Earth is 2e8 decimetres.
    (metres * 10.0 + 0.5) as u64
}

/// Degrees from one heading to another, -180 to 179: positive is to the right.
pub(crate) fn turn(from: u16, to: u16) -> i32 {
    (i32::from(to) - i32::from(from) + 540).rem_euclid(360) - 180
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(latitude: f64, longitude: f64) -> Place {
        Place { latitude: (latitude * 1e6) as i32, longitude: (longitude * 1e6) as i32 }
    }

    #[test]
    fn distances_agree_with_the_haversine_formula() {
        let haversine = |a: Place, b: Place| {
            let rad = |v: i32| f64::from(v) / 1e6 * std::f64::consts::PI / 180.0;
            let (dlat, dlon) =
                (rad(b.latitude) - rad(a.latitude), rad(b.longitude) - rad(a.longitude));
            let h = (dlat / 2.0).sin().powi(2)
                + rad(a.latitude).cos() * rad(b.latitude).cos() * (dlon / 2.0).sin().powi(2);
            2.0 * 6_371_008.8 * h.sqrt().asin()
        };
        for (a, b) in [
            (place(22.5431, 114.0579), place(22.5441, 114.0589)),
            (place(22.5431, 114.0579), place(23.1291, 113.2644)),
            (place(53.48, 122.34), place(53.50, 124.9)),
            (place(-33.9, 18.4), place(-34.1, 18.9)),
            (place(10.0, 179.9), place(10.0, -179.9)),
        ] {
            let (ours, theirs) = (a.metres_to(b), haversine(a, b));
            assert!((ours - theirs).abs() <= theirs * 0.001 + 0.01, "{ours} {theirs}");
        }
    }

    #[test]
    fn the_cosine_is_the_cosine() {
        for latitude in (-90..=90).map(|degrees| degrees * 1_000_000) {
            let exact = (latitude as f64 * std::f64::consts::PI / 180e6).cos();
            assert!((cosine(latitude) - exact).abs() < 1e-11, "{latitude}");
        }
    }

    #[test]
    fn turns_go_the_short_way() {
        assert_eq!(turn(350, 10), 20);
        assert_eq!(turn(10, 350), -20);
        assert_eq!(turn(0, 180), -180);
    }
}
