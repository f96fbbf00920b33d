//! The city: who orders when and where, where drivers begin, and how fast roads are.

use super::chance::Chance;
use crate::{geo::Point, travel::GreatCircle};

/// Midnight of the day, in milliseconds of the Unix epoch: Monday, 15 June 2026 in Shenzhen.
pub(super) const MIDNIGHT_MS: u64 = 1_781_452_800_000;
/// Orders by the hour of the day, in parts of their sum.
const DEMAND: [u32; 24] =
    [14, 9, 6, 4, 4, 7, 18, 45, 66, 48, 38, 40, 44, 40, 38, 40, 46, 60, 72, 60, 48, 44, 40, 26];
/// Kilometres an hour by the hour of the day.
const SPEED_KMH: [u32; 24] = [
    45, 48, 50, 50, 48, 42, 34, 24, 20, 24, 28, 28, 27, 28, 28, 27, 24, 19, 18, 22, 28, 32, 36, 42,
];
const DETOUR_PERMILLE: u32 = 1_350;
/// Of a hundred ends of trips, those anywhere in the city and not at a hot spot.
const ANYWHERE_PERCENT: u32 = 35;
/// South, north, west, east.
const BOUNDS: [i32; 4] = [22_500_000, 22_620_000, 113_880_000, 114_140_000];
/// Half the width of a hot spot's core, in 10^-6 degrees.
const SPREAD_E6: u32 = 12_000;
/// Centre, and how much goes on there: home in the morning, work in the morning, in the evening the other way
/// round, and at all other times.
const HOT_SPOTS: [(i32, i32, u32, u32, u32); 8] = [
    (22_536_000, 114_056_000, 2, 10, 8),
    (22_541_000, 113_950_000, 3, 10, 6),
    (22_533_000, 113_930_000, 4, 6, 5),
    (22_545_000, 114_110_000, 6, 6, 8),
    (22_555_000, 113_885_000, 8, 3, 3),
    (22_610_000, 114_030_000, 9, 2, 3),
    (22_600_000, 114_120_000, 8, 2, 3),
    (22_575_000, 113_920_000, 8, 2, 3),
];

/// What happens by itself.
#[derive(Clone, Debug)]
pub(super) struct City {
    pub(super) seed: u64,
    /// In the order of their times.
    pub(super) riders: Vec<Rider>,
    /// Where drivers begin.
    pub(super) drivers: Vec<Point>,
}

/// Somebody who orders.
#[derive(Clone, Debug)]
pub(super) struct Rider {
    pub(super) at_ms: u64,
    pub(super) pickup: Point,
    pub(super) dropoff: Point,
    /// How long she waits for a driver to accept.
    pub(super) search_ms: u64,
    /// How long she waits to be fetched.
    pub(super) fetch_ms: u64,
    /// How long she takes to get in.
    pub(super) boarding_ms: u64,
}

#[derive(Clone, Copy)]
enum Draw {
    Rider,
    Driver,
    Answer,
    Thought,
}

impl City {
    pub(super) fn new(seed: u64, drivers: u32, orders: u32) -> Self {
        let mut riders: Vec<Rider> = (0..orders).map(|n| rider(seed, n)).collect();
        riders.sort_by_key(|rider| rider.at_ms);
        let begin = |n: u32| place(&mut Chance::of(seed, Draw::Driver as u64, n.into()), 12, true);
        Self { seed, riders, drivers: (0..drivers).map(begin).collect() }
    }

    /// Whether a driver takes an order: 97 of 100 within two minutes, 3 fewer for each minute more, 30 at
    /// least. Her mood about it is the same whoever asks.
    pub(super) fn accepts(&self, rider: usize, driver: u32, eta_s: u32) -> bool {
        let minutes_beyond = eta_s.saturating_sub(120) / 60;
        let permille = 970_u32.saturating_sub(30 * minutes_beyond).max(300);
        let mut chance = Chance::of(self.seed, Draw::Answer as u64, pair(rider, driver));
        chance.below(1000) < permille
    }

    /// How long a driver thinks about an order: three to ten seconds.
    pub(super) fn thinks_ms(&self, rider: usize, driver: u32) -> u64 {
        let mut chance = Chance::of(self.seed, Draw::Thought as u64, pair(rider, driver));
        chance.between(3_000, 10_000).into()
    }
}

fn pair(rider: usize, driver: u32) -> u64 {
    (rider as u64) << 32 | u64::from(driver)
}

fn rider(seed: u64, n: u32) -> Rider {
    let mut chance = Chance::of(seed, Draw::Rider as u64, n.into());
    let hour = chance.pick(&DEMAND);
    let at_ms = MIDNIGHT_MS + hour as u64 * 3_600_000 + u64::from(chance.below(3_600_000));
    let pickup = place(&mut chance, hour, true);
    let mut dropoff = place(&mut chance, hour, false);
    // Nobody orders a ride of less than a kilometre.
    while pickup.metres_to(&dropoff) < 1_000 {
        dropoff = place(&mut chance, hour, false);
    }
    let search_ms = u64::from(chance.between(180_000, 600_000));
    let fetch_ms = u64::from(chance.between(600_000, 1_500_000));
    let boarding_ms = u64::from(chance.between(20_000, 150_000));
    Rider { at_ms, pickup, dropoff, search_ms, fetch_ms, boarding_ms }
}

fn place(chance: &mut Chance, hour: usize, origin: bool) -> Point {
    let [south, north, west, east] = BOUNDS;
    if chance.below(100) < ANYWHERE_PERCENT {
        // The city is some 10^5 wide.
        let latitude = south + chance.below(south.abs_diff(north)).cast_signed();
        let longitude = west + chance.below(west.abs_diff(east)).cast_signed();
        return point(latitude, longitude);
    }
    let weights = HOT_SPOTS.map(|(_, _, home, work, other)| match (hour, origin) {
        (6..=9, true) | (17..=20, false) => home,
        (6..=9, false) | (17..=20, true) => work,
        _ => other,
    });
    let (latitude, longitude, ..) = HOT_SPOTS[chance.pick(&weights)];
    let north_of = chance.around_zero(SPREAD_E6);
    point(latitude + north_of, longitude + chance.around_zero(SPREAD_E6))
}

fn point(latitude_e6: i32, longitude_e6: i32) -> Point {
    Point::new(latitude_e6, longitude_e6)
        .expect("the city and its surroundings are far from the poles")
}

/// The roads of an hour as they are, which the dispatcher only guesses.
pub(super) fn roads(at_ms: u64) -> GreatCircle {
    let hour = (at_ms - MIDNIGHT_MS) / 3_600_000 % 24;
    // Below 24.
    GreatCircle { detour_permille: DETOUR_PERMILLE, speed_m_per_h: SPEED_KMH[hour as usize] * 1000 }
}
