//! Places on Earth, and what lies between them, in integers: the same result on every machine.
//!
//! A place is kept beside its vector on the unit sphere, in parts of 2^30. The distance of two places comes from
//! the chord between their vectors, so a pair costs a square root and no angle functions. Rounding
//! is below 10 mm at the chord; the sphere instead of the ellipsoid costs up to 0.5 %.

mod angle;

use angle::sin_cos;

/// The mean radius of the Earth (IUGG, R1), in metres.
const EARTH_RADIUS_M: u64 = 6_371_009;
/// One, in the parts that vectors are kept in.
const ONE: u64 = 1 << 30;
/// One degree of latitude, in metres times 1000.
const DEGREE_MM: i64 = 111_194_930;

/// A place: 10^-6 degrees of WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    latitude_e6: i32,
    longitude_e6: i32,
    vector: [i32; 3],
}

/// Two numbers that are no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{latitude_e6}, {longitude_e6} is no place: latitudes are -90000000 to 90000000 and longitudes \
     -180000000 to 180000000 millionths of a degree"
)]
pub struct NoPlace {
    /// What was given as latitude.
    pub latitude_e6: i32,
    /// What was given as longitude.
    pub longitude_e6: i32,
}

impl Point {
    /// The place at a latitude (north positive) and a longitude (east positive), in 10^-6 degrees.
    ///
    /// # Errors
    /// A latitude beyond the poles, or a longitude beyond 180 degrees.
    pub fn new(latitude_e6: i32, longitude_e6: i32) -> Result<Self, NoPlace> {
        if latitude_e6.unsigned_abs() > 90_000_000 || longitude_e6.unsigned_abs() > 180_000_000 {
            return Err(NoPlace { latitude_e6, longitude_e6 });
        }
        let (sin_latitude, cos_latitude) = sin_cos(latitude_e6.into());
        let (sin_longitude, cos_longitude) = sin_cos(longitude_e6.into());
        // Factors are at most 2^30, so a product is at most 2^60, and 2^30 after the shift.
        let scaled = |a: i64, b: i64| ((a * b + (1 << 29)) >> 30) as i32;
        let vector = [
            scaled(cos_latitude, cos_longitude),
            scaled(cos_latitude, sin_longitude),
            // At most 2^30.
            sin_latitude as i32,
        ];
        Ok(Self { latitude_e6, longitude_e6, vector })
    }

    /// 10^-6 degrees, north positive.
    pub const fn latitude_e6(&self) -> i32 {
        self.latitude_e6
    }

    /// 10^-6 degrees, east positive.
    pub const fn longitude_e6(&self) -> i32 {
        self.longitude_e6
    }

    /// Metres to another place along the great circle.
    pub fn metres_to(&self, other: &Self) -> u32 {
        let square: u64 = self
            .vector
            .iter()
            .zip(&other.vector)
            .map(|(a, b)| u64::from(a.abs_diff(*b)).pow(2))
            .sum();
        let arc = arc_of_chord_square(square.min(4 * ONE * ONE));
        // An arc is at most pi in parts of 2^30: the product fits, and so do 20,016 kilometres.
        ((arc * EARTH_RADIUS_M + ONE / 2) >> 30) as u32
    }

    /// How well a vehicle that faces `heading` (degrees clockwise from north) faces another place:
    /// the cosine of the angle between them in thousandths, 1000 is straight ahead and -1000 straight
    /// behind. `None` when the two places are the same.
    pub fn facing_permille(&self, heading: u16, other: &Self) -> Option<i64> {
        let north = i64::from(other.latitude_e6) - i64::from(self.latitude_e6);
        let mut east = i64::from(other.longitude_e6) - i64::from(self.longitude_e6);
        if east.abs() > 180_000_000 {
            east -= 360_000_000 * east.signum();
        }
        let (_, cos_latitude) = sin_cos(self.latitude_e6.into());
        let east = (east * cos_latitude) >> 30;
        let length = ((north * north + east * east).unsigned_abs()).isqrt();
        if length == 0 {
            return None;
        }
        let (sin, cos) = sin_cos(i64::from(heading % 360) * 1_000_000);
        // 2^30 * 3.6e8 twice stays below 2^60.
        let along = (north * cos + east * sin) >> 30;
        // A length is at most 4.1e8.
        Some((along * 1000 / length.cast_signed()).clamp(-1000, 1000))
    }

    /// The place that is `permille` thousandths of the way to another: straight in latitude and longitude, which
    /// is near enough within a city.
    pub fn towards(&self, other: &Self, permille: u32) -> Self {
        let part = i64::from(permille.min(1000));
        let between = |a: i32, b: i32| {
            // Between two i32.
            (i64::from(a) + (i64::from(b) - i64::from(a)) * part / 1000) as i32
        };
        let latitude = between(self.latitude_e6, other.latitude_e6);
        let longitude = between(self.longitude_e6, other.longitude_e6);
        // Between two places is a place.
        Self::new(latitude, longitude).unwrap_or(*other)
    }
}

/// 10^-6 degrees of latitude in so many metres, rounded up.
pub(crate) fn latitude_span_e6(metres: u32) -> i64 {
    (i64::from(metres) * 1_000_000_000).div_euclid(DEGREE_MM) + 1
}

/// The cosine of a latitude in parts of 2^30, at least 1. Beyond the poles it is 1.
pub(crate) fn cos_of_latitude(latitude_e6: i64) -> i64 {
    if latitude_e6.abs() >= 90_000_000 {
        return 1;
    }
    sin_cos(latitude_e6).1.max(1)
}

/// The arc over a chord of the unit circle whose square is given in parts of 2^60, in parts of 2^30.
///
/// `2 asin(c / 2)` as a series, which is used up to c = 1/2 (its first term left out is 2.4e-7 there); larger arcs
/// are halved until they fit, by `c'^2 = 2 - sqrt(4 - c^2)`.
fn arc_of_chord_square(mut square: u64) -> u64 {
    let mut halvings = 0;
    while square > ONE * ONE / 4 {
        let root = (4 * ONE * ONE - square).isqrt();
        square = (2 * ONE - root) << 30;
        halvings += 1;
    }
    let chord = square.isqrt();
    let square = square >> 30;
    let power = |factor: u64| (factor * square) >> 30;
    let third = power(chord);
    let fifth = power(third);
    let seventh = power(fifth);
    let arc = chord + third / 24 + fifth * 3 / 640 + seventh * 5 / 7168;
    arc << halvings
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn point(latitude_e6: i32, longitude_e6: i32) -> Point {
        Point::new(latitude_e6, longitude_e6).unwrap()
    }

    /// The textbook's formula in floating point.
    fn haversine_m(a: &Point, b: &Point) -> f64 {
        let radians = |e6: i32| (f64::from(e6) / 1e6).to_radians();
        let (la, lb) = (radians(a.latitude_e6), radians(b.latitude_e6));
        let half = |from: f64, to: f64| ((to - from) / 2.0).sin().powi(2);
        let h = half(la, lb)
            + la.cos() * lb.cos() * half(radians(a.longitude_e6), radians(b.longitude_e6));
        2.0 * EARTH_RADIUS_M as f64 * h.sqrt().min(1.0).asin()
    }

    #[test]
    fn beyond_the_poles_is_no_place() {
        assert!(Point::new(90_000_001, 0).is_err());
        assert!(Point::new(0, -180_000_001).is_err());
        assert!(Point::new(i32::MIN, i32::MIN).is_err());
    }

    #[test]
    fn from_the_airport_of_shenzhen_to_its_town_hall() {
        let (airport, hall) = (point(22_639_258, 113_810_664), point(22_543_096, 114_057_865));
        assert_eq!(airport.metres_to(&hall), 27_539);
        assert_eq!(airport.metres_to(&airport), 0);
    }

    #[test]
    fn a_vehicle_faces_what_it_drives_towards() {
        let (here, north, east) = (
            point(22_500_000, 114_000_000),
            point(22_510_000, 114_000_000),
            point(22_500_000, 114_010_000),
        );
        assert_eq!(here.facing_permille(0, &north), Some(1000));
        assert_eq!(here.facing_permille(180, &north), Some(-1000));
        assert!(here.facing_permille(90, &north).unwrap().abs() <= 1);
        assert!(here.facing_permille(90, &east).unwrap() >= 999);
        assert_eq!(here.facing_permille(90, &here), None);
    }

    proptest! {
        #[test]
        fn distances_are_those_of_the_haversine_formula(
            (a, b) in (-90_000_000..=90_000_000_i32, -180_000_000..=180_000_000),
            (c, d) in (-90_000_000..=90_000_000_i32, -180_000_000..=180_000_000),
            near in any::<bool>(),
        ) {
            let from = point(a, b);
            // Half of the time within some 10 km.
            let to = if near { point((a + c / 900).clamp(-90_000_000, 90_000_000), b) } else { point(c, d) };
            let (ours, textbook) = (f64::from(from.metres_to(&to)), haversine_m(&from, &to));
            prop_assert!((ours - textbook).abs() <= 1.0 + textbook * 1e-6, "{ours} and {textbook}");
            prop_assert_eq!(from.metres_to(&to), to.metres_to(&from));
        }
    }
}
