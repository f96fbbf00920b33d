//! Where people are and want to go, and how fast one gets there: straight lines, with a factor for roads.

use crate::prng::SplitMix;

/// Metres of a degree of latitude: the Earth's mean circumference (IUGG mean radius 6,371,008.8 m) by 360.
const METRES_PER_DEGREE: f64 = 111_195.08;
/// Roads are longer than the straight line.
const DETOUR: f64 = 1.3;
/// Kilometres an hour by road, on the average of a day.
const SPEED_KMH: f64 = 28.0;

/// A point on Earth, in degrees of WGS 84.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Location {
    /// Degrees, north positive.
    pub latitude: f64,
    /// Degrees, east positive.
    pub longitude: f64,
}

impl Location {
    /// A location. Degrees.
    pub const fn new(latitude: f64, longitude: f64) -> Self {
        Self { latitude, longitude }
    }

    /// Metres by road to `other`: the straight line on a plane that touches the Earth in between, times a
    /// detour factor. Good for a city.
    pub fn road_m(self, other: Self) -> f64 {
        let middle = f64::midpoint(self.latitude, other.latitude).to_radians();
        let north = (other.latitude - self.latitude) * METRES_PER_DEGREE;
        let east = (other.longitude - self.longitude) * METRES_PER_DEGREE * middle.cos();
        north.hypot(east) * DETOUR
    }

    /// The point at `share` (0 to 1) of the way to `other`.
    pub fn towards(self, other: Self, share: f64) -> Self {
        let share = share.clamp(0.0, 1.0);
        Self {
            latitude: self.latitude + (other.latitude - self.latitude) * share,
            longitude: self.longitude + (other.longitude - self.longitude) * share,
        }
    }

    /// The point so many metres by road away, in a direction of degrees clockwise from north.
    pub fn away(self, road_m: f64, degrees: f64) -> Self {
        let straight = road_m / DETOUR;
        let (east, north) = degrees.to_radians().sin_cos();
        let narrow = METRES_PER_DEGREE * self.latitude.to_radians().cos().max(0.01);
        Self {
            latitude: self.latitude + straight * north / METRES_PER_DEGREE,
            longitude: self.longitude + straight * east / narrow,
        }
        .rounded()
    }

    /// To 10^-6 degrees, as the API takes it.
    pub fn rounded(self) -> Self {
        let round = |degrees: f64| (degrees * 1e6).round() / 1e6;
        Self { latitude: round(self.latitude), longitude: round(self.longitude) }
    }
}

/// Seconds for so many metres by road, in the city's time.
pub fn travel_s(road_m: f64) -> f64 {
    road_m * 3.6 / SPEED_KMH
}

/// A part of the city.
#[derive(Clone, Copy, Debug)]
pub struct Quarter {
    /// For people.
    pub name: &'static str,
    /// Its middle.
    pub middle: Location,
    /// Metres by road from the middle to its border.
    pub radius_m: u32,
    /// How much happens here, beside the other quarters.
    pub weight: u32,
}

/// Where people are and want to go.
#[derive(Clone, Debug)]
pub struct City {
    /// At least one.
    pub quarters: Vec<Quarter>,
    /// The longest ride, in metres by road.
    pub longest_m: u32,
}

impl City {
    /// Shenzhen: six quarters, rides of up to 30 km.
    pub fn shenzhen() -> Self {
        let quarter = |name, latitude, longitude, radius_m, weight| Quarter {
            name,
            middle: Location::new(latitude, longitude),
            radius_m,
            weight,
        };
        Self {
            quarters: vec![
                quarter("Futian", 22.5410, 114.0550, 5_000, 30),
                quarter("Nanshan", 22.5333, 113.9305, 5_000, 25),
                quarter("Luohu", 22.5485, 114.1315, 4_000, 15),
                quarter("Bao'an", 22.5550, 113.8830, 5_000, 15),
                quarter("Longhua", 22.6560, 114.0200, 5_000, 10),
                quarter("Longgang", 22.7200, 114.2470, 5_000, 5),
            ],
            longest_m: 30_000,
        }
    }

    /// One quarter of it, with rides of up to 5 km: where a few drivers are enough.
    pub fn futian() -> Self {
        let mut city = Self::shenzhen();
        city.quarters.truncate(1);
        city.longest_m = 5_000;
        city
    }

    /// Somewhere in the city, and the quarter's name.
    pub fn somewhere(&self, dice: &mut SplitMix) -> (Location, &'static str) {
        let weights: Vec<u32> = self.quarters.iter().map(|quarter| quarter.weight).collect();
        let Some(quarter) = self.quarters.get(dice.pick(&weights)) else {
            return (Location::new(22.5410, 114.0550), "Shenzhen");
        };
        // The larger of two is spread over a disc evenly.
        let radius = dice.below(quarter.radius_m.max(1)).max(dice.below(quarter.radius_m.max(1)));
        let place = quarter.middle.away(f64::from(radius), f64::from(dice.below(360)));
        (place, quarter.name)
    }

    /// Where somebody at `origin` wants to go: many short rides and few long ones.
    pub fn destination(&self, origin: Location, dice: &mut SplitMix) -> Location {
        let metres = trip_m(dice).min(self.longest_m.max(500));
        origin.away(f64::from(metres), f64::from(dice.below(360)))
    }
}

/// A binomial power of two, and even in between: 0.8 to 50 km, half of them below 6.
fn trip_m(dice: &mut SplitMix) -> u32 {
    let doublings = (0..5).filter(|_| dice.happens(400)).count();
    let least = 800 << doublings;
    least + dice.below(least)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn from_futian_to_nanshan_it_is_half_an_hour() {
        let city = City::shenzhen();
        let metres = city.quarters[0].middle.road_m(city.quarters[1].middle);
        // 12.8 km as the crow flies.
        assert!((16_000.0..17_500.0).contains(&metres), "{metres}");
        assert!((2_000.0..2_300.0).contains(&travel_s(metres)), "{}", travel_s(metres));
    }

    proptest! {
        #[test]
        fn a_trip_is_as_long_as_it_was_wished(metres in 100.0..30_000.0f64, degrees in 0.0..360.0f64) {
            let origin = Location::new(22.541, 114.055);
            let there = origin.away(metres, degrees);
            prop_assert!((origin.road_m(there) - metres).abs() < metres * 0.01 + 1.0);
            prop_assert!((origin.towards(there, 0.5).road_m(there) - metres / 2.0).abs() < metres * 0.01 + 1.0);
        }

        #[test]
        fn the_same_seed_has_the_same_wishes(seed: u64) {
            let city = City::shenzhen();
            let wish = |mut dice: SplitMix| {
                let (origin, _) = city.somewhere(&mut dice);
                (origin, city.destination(origin, &mut dice))
            };
            let (origin, destination) = wish(SplitMix::new(seed));
            prop_assert_eq!((origin, destination), wish(SplitMix::new(seed)));
            prop_assert!(origin.road_m(destination) < 31_000.0);
        }
    }
}
