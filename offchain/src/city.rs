//! Makes up a day of a city: the same for the same seed on every machine.

use smartlink_primitives::{ride::RideKind, CompanyId};

use crate::{
    day::{Day, Trip},
    prices,
    prng::SplitMix,
    Error,
};

/// Monday, 15 June 2026, 00:00 in Shenzhen.
const MIDNIGHT: u64 = 1_781_452_800;
/// Rides by the hour of the day, in parts of their sum.
const DEMAND: [u32; 24] =
    [14, 9, 6, 4, 4, 7, 18, 45, 66, 48, 38, 40, 44, 40, 38, 40, 46, 60, 72, 60, 48, 44, 40, 26];
/// Kilometres an hour by the hour of the day.
const SPEED_KMH: [u32; 24] = [
    45, 48, 50, 50, 48, 42, 34, 24, 20, 24, 28, 28, 27, 28, 28, 27, 24, 19, 18, 22, 28, 32, 36, 42,
];
/// Of a thousand rides, those of company 1.
const FIRST_COMPANY_PERMILLE: u32 = 650;
/// Of a thousand rides, those that are cancelled.
const CANCELLED_PERMILLE: u32 = 40;

/// A day of `rides` in Shenzhen.
///
/// # Errors
/// There are more rides than order ids.
pub fn day(seed: u64, rides: u32) -> Result<Day, Error> {
    let mut numbers = SplitMix::new(seed);
    let trips = (0..rides).map(|_| trip(&mut numbers)).collect();
    let title = format!("a made-up Monday in Shenzhen, seed {seed}");
    Day::new(title, prices::SHENZHEN, prices::shenzhen(), trips)
}

fn trip(numbers: &mut SplitMix) -> Trip {
    let first = numbers.happens(FIRST_COMPANY_PERMILLE);
    let hour = numbers.pick(&DEMAND);
    // Below 24.
    let pickup = MIDNIGHT + hour as u64 * 3600 + u64::from(numbers.below(3600));
    let waiting_s = waiting_s(numbers);
    let cancelled = numbers.happens(CANCELLED_PERMILLE);
    let mut trip = Trip {
        company: CompanyId(if first { 1 } else { 2 }),
        pickup,
        distance_m: 0,
        duration_s: 0,
        waiting_s,
        tolls_fen: 0,
        surge_permille: surge_permille(numbers, hour),
        kind: RideKind::Cancelled,
        charged: None,
    };
    if !cancelled {
        trip.kind = RideKind::Trip;
        trip.distance_m = distance_m(numbers);
        trip.duration_s = duration_s(numbers, hour, trip.distance_m);
        trip.tolls_fen = tolls_fen(numbers, trip.distance_m);
    }
    trip
}

/// Many short rides and few long ones: a binomial power of two, and even in between. 0.8 to 50 km, half
/// of them below 6.
fn distance_m(numbers: &mut SplitMix) -> u32 {
    let doublings = (0..5).filter(|_| numbers.happens(400)).count();
    let least = 800 << doublings;
    least + numbers.below(least)
}

/// At the hour's speed, a quarter faster or slower, and a minute for getting in and out.
fn duration_s(numbers: &mut SplitMix, hour: usize, distance_m: u32) -> u32 {
    let permille = 750 + numbers.below(501);
    let metres_an_hour = u64::from(SPEED_KMH[hour]) * u64::from(permille);
    // At most 51 km at 13 km/h: four hours.
    60 + (u64::from(distance_m) * 3600 / metres_an_hour) as u32
}

/// Most riders are there in three minutes; some let the driver wait.
fn waiting_s(numbers: &mut SplitMix) -> u32 {
    if numbers.happens(150) {
        180 + numbers.below(900)
    } else {
        numbers.below(180)
    }
}

/// A motorway on a fifth of the rides of more than 15 km.
fn tolls_fen(numbers: &mut SplitMix, distance_m: u32) -> u32 {
    if distance_m > 15_000 && numbers.happens(200) {
        500 + 100 * numbers.below(30)
    } else {
        0
    }
}

/// In the hours of the highest demand some riders accept a higher price.
fn surge_permille(numbers: &mut SplitMix, hour: usize) -> u16 {
    if DEMAND[hour] >= 60 && numbers.happens(350) {
        // At most 1900.
        1_100 + 100 * numbers.below(9) as u16
    } else {
        1_000
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use smartlink_primitives::{
        fare::fare,
        ride::{Ride, RideKind},
        Seat,
    };

    #[test]
    fn the_same_seed_makes_the_same_day() {
        let trips = |seed| {
            day(seed, 500).unwrap().companies.into_iter().map(|c| c.trips).collect::<Vec<_>>()
        };
        assert_eq!(trips(7), trips(7));
        assert_ne!(trips(7), trips(8));
    }

    #[test]
    fn a_day_has_everything_that_a_tariff_knows() {
        let day = day(1, 20_000).unwrap();
        let trips: Vec<&Trip> = day.companies.iter().flat_map(|company| &company.trips).collect();
        assert_eq!(trips.len(), 20_000);
        let cancelled = trips.iter().filter(|t| t.kind == RideKind::Cancelled).count();
        assert!((600..1_000).contains(&cancelled), "{cancelled} cancelled");
        assert!(
            trips.iter().any(|t| t.tolls_fen > 0) && trips.iter().any(|t| t.surge_permille > 1000)
        );
        let mut distances: Vec<u32> =
            trips.iter().map(|t| t.distance_m).filter(|d| *d > 0).collect();
        distances.sort_unstable();
        assert!(
            (3_000..7_000).contains(&distances[distances.len() / 2]),
            "{}",
            distances[distances.len() / 2]
        );
    }

    #[test]
    fn every_ride_is_within_the_tariff() {
        let day = day(3, 5_000).unwrap();
        for (order, trip) in day.companies.iter().flat_map(|company| &company.trips).enumerate() {
            let ride = Ride {
                order: order as u64,
                seat: Seat(0),
                pickup: trip.pickup,
                distance_m: trip.distance_m,
                duration_s: trip.duration_s,
                waiting_s: trip.waiting_s,
                tolls_fen: trip.tolls_fen,
                surge_permille: trip.surge_permille,
                kind: trip.kind,
            };
            assert!(fare(&day.tariff.table, &ride).is_ok(), "{trip:?}");
        }
    }
}
