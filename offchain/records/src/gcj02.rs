//! GCJ-02, the datum of maps that are sold in mainland China, and WGS 84.
//!
//! Everything inside is WGS 84: this is for the edges, where a map is drawn or something was drawn on one. The official
//! transformation is not published; this is the approximation known since 2010, which agrees with maps to about
//! a metre. Outside of the rectangle that it is used in, both datums are one.
//!
//! It needs sines, which machines may round differently in the last bit; results are rounded to 10⁻⁶ degrees, and no
//! record that is hashed or analysed comes through here.
//!
//! Places are latitude and longitude in 10⁻⁶ degrees.

/// The axis of the ellipsoid of Krasovsky 1940, in metres, and the square of its eccentricity.
const AXIS_M: f64 = 6_378_245.0;
const ECCENTRICITY_SQUARE: f64 = 0.006_693_421_622_965_943;

/// Degrees south, north, west and east between which maps are shifted.
const CHINA: (f64, f64, f64, f64) = (0.8293, 55.8271, 72.004, 137.8347);

/// The place on a map in GCJ-02 of a place in WGS 84. Outside of China it is the same.
pub fn from_wgs84(latitude: i32, longitude: i32) -> (i32, i32) {
    let (latitude, longitude) = degrees(latitude, longitude);
    let (north, east) = shift(latitude, longitude);
    rounded(latitude + north, longitude + east)
}

/// The place in WGS 84 of a place on a map in GCJ-02, exact to the rounding of 10⁻⁶ degrees: the shift changes by
/// less than a hundredth over its own length, so that five steps of iteration leave nothing.
pub fn to_wgs84(latitude: i32, longitude: i32) -> (i32, i32) {
    let map = (latitude, longitude);
    let (latitude, longitude) = degrees(latitude, longitude);
    if !is_shifted(latitude, longitude) {
        return map;
    }
    let (mut north, mut east) = shift(latitude, longitude);
    for _ in 0..6 {
        (north, east) = shift(latitude - north, longitude - east);
    }
    rounded(latitude - north, longitude - east)
}

fn degrees(latitude: i32, longitude: i32) -> (f64, f64) {
    (f64::from(latitude) / 1e6, f64::from(longitude) / 1e6)
}

fn rounded(latitude: f64, longitude: f64) -> (i32, i32) {
    // Degrees of a place, times a million: within i32.
    ((latitude * 1e6).round() as i32, (longitude * 1e6).round() as i32)
}

fn is_shifted(latitude: f64, longitude: f64) -> bool {
    let (south, north, west, east) = CHINA;
    (south..=north).contains(&latitude) && (west..=east).contains(&longitude)
}

/// How far a map is off, in degrees to the north and to the east.
fn shift(latitude: f64, longitude: f64) -> (f64, f64) {
    use std::f64::consts::PI;
    if !is_shifted(latitude, longitude) {
        return (0.0, 0.0);
    }
    let (x, y) = (longitude - 105.0, latitude - 35.0);
    let root = x.abs().sqrt();
    let waves = |amplitudes: [f64; 3], at: f64, periods: [f64; 3]| {
        let terms = amplitudes.iter().zip(periods);
        terms.map(|(amplitude, period)| amplitude * (at / period * PI).sin()).sum::<f64>() * 2.0
            / 3.0
    };
    let shared = waves([20.0, 20.0, 0.0], x, [1.0 / 6.0, 0.5, 1.0]);
    let north_m = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + shared
        + waves([20.0, 40.0, 0.0], y, [1.0, 3.0, 1.0])
        + waves([160.0, 320.0, 0.0], y, [12.0, 30.0, 1.0]);
    let east_m = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + shared
        + waves([20.0, 40.0, 0.0], x, [1.0, 3.0, 1.0])
        + waves([150.0, 300.0, 0.0], x, [12.0, 30.0, 1.0]);
    let radians = latitude * PI / 180.0;
    let bulge = 1.0 - ECCENTRICITY_SQUARE * radians.sin().powi(2);
    let meridian_m = AXIS_M * (1.0 - ECCENTRICITY_SQUARE) / (bulge * bulge.sqrt());
    let parallel_m = AXIS_M / bulge.sqrt() * radians.cos();
    (north_m * 180.0 / (meridian_m * PI), east_m * 180.0 / (parallel_m * PI))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Points that other implementations agree on: WGS 84, then GCJ-02.
    const KNOWN: [(f64, f64, f64, f64); 4] = [
        (31.177_427_6, 121.527_210_6, 31.175_303_983, 121.531_541_859),
        (22.543_847, 113.912_316, 22.540_796_131, 113.917_176_480),
        (39.911_954, 116.377_817, 39.913_345_435, 116.384_047_224),
        (39.915, 116.404, 39.916_404_281, 116.410_244_499),
    ];

    fn near(a: (i32, i32), b: (i32, i32), e6: u32) -> bool {
        a.0.abs_diff(b.0) <= e6 && a.1.abs_diff(b.1) <= e6
    }

    /// Metres between places that are near each other, to the hundredth.
    fn metres(a: (i32, i32), b: (i32, i32)) -> f64 {
        let north = f64::from(a.0 - b.0) * 0.111_195;
        let east = f64::from(a.1 - b.1) * 0.111_195 * (f64::from(a.0) / 1e6).to_radians().cos();
        north.hypot(east)
    }

    #[test]
    fn known_points_of_three_cities_come_out_both_ways() {
        for (latitude, longitude, map_latitude, map_longitude) in KNOWN {
            let (ground, map) =
                (rounded(latitude, longitude), rounded(map_latitude, map_longitude));
            let (to, back) = (from_wgs84(ground.0, ground.1), to_wgs84(map.0, map.1));
            assert!(near(to, map, 1), "{ground:?} {to:?}");
            assert!(near(back, ground, 1), "{map:?} {back:?}");
        }
    }

    #[test]
    fn outside_of_china_nothing_moves() {
        for (latitude, longitude) in
            [(51_500_000, -120_000), (-33_900_000, 151_200_000), (35_700_000, 139_700_000)]
        {
            assert_eq!(from_wgs84(latitude, longitude), (latitude, longitude));
            assert_eq!(to_wgs84(latitude, longitude), (latitude, longitude));
        }
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same_place(
            latitude in 3_900_000..53_500_000i32,
            longitude in 73_600_000..135_000_000i32,
        ) {
            let map = from_wgs84(latitude, longitude);
            let metres = metres((latitude, longitude), map);
            prop_assert!((10.0..2_000.0).contains(&metres), "shifted by {metres} m");
            prop_assert!(near(to_wgs84(map.0, map.1), (latitude, longitude), 1));
        }
    }
}
