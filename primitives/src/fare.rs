//! The fare of a ride: integers only, the same in wasm, native and anybody's recomputation.
//!
//! ```text
//! metered = base + beyond(distance, included) × per_km / 1000 + duration × per_minute / 60
//!         + beyond(waiting, free) × per_waiting_minute / 60              each division floors
//! fare    = max(metered × (surge + surcharge) / 1000, minimum)           rounded half up to the step
//! total   = fare + tolls
//! ```
//!
//! A cancelled ride costs the cancellation fee and its waiting, without surge and minimum.

use crate::{
    money::UNITS_PER_FEN,
    ride::{Ride, RideKind, RowFault},
    tariff::FareTable,
};

/// What a ride costs, in units of 10⁻⁶ CNY.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fare {
    /// To be shared.
    pub fare: u64,
    /// The driver's outlay, on top.
    pub tolls: u64,
}

impl Fare {
    /// What the rider pays.
    pub const fn total(&self) -> u64 {
        self.fare + self.tolls
    }
}

/// Computes the fare of a ride by a validated table.
///
/// # Errors
/// Names what is over the table's limits; within them nothing can overflow, because
/// [`Tariff::validate`](crate::tariff::Tariff::validate) bounds the dearest ride.
pub fn fare(table: &FareTable, ride: &Ride) -> Result<Fare, RowFault> {
    within_limits(table, ride)?;
    let waiting = u64::from(ride.waiting_s.saturating_sub(table.free_waiting_s));
    let waiting = waiting * table.per_waiting_minute / 60;
    let exact = match ride.kind {
        RideKind::Cancelled => table.cancellation + waiting,
        RideKind::Trip => {
            let beyond = u64::from(ride.distance_m.saturating_sub(table.included_m));
            let distance = beyond * table.per_km / 1000;
            let time = u64::from(ride.duration_s) * table.per_minute / 60;
            let metered = table.base + distance + time + waiting;
            let surcharge = table.surcharge_permille(ride.pickup);
            let multiplier = u64::from(ride.surge_permille) + u64::from(surcharge);
            (metered * multiplier / 1000).max(table.minimum)
        }
    };
    Ok(Fare {
        fare: round_half_up(exact, table.rounding),
        tolls: u64::from(ride.tolls_fen) * UNITS_PER_FEN as u64,
    })
}

fn within_limits(table: &FareTable, ride: &Ride) -> Result<(), RowFault> {
    if ride.distance_m > table.max_distance_m {
        return Err(RowFault::Distance);
    }
    if ride.duration_s > table.max_duration_s {
        return Err(RowFault::Duration);
    }
    if ride.waiting_s > table.max_waiting_s {
        return Err(RowFault::Waiting);
    }
    if ride.tolls_fen > table.max_tolls_fen {
        return Err(RowFault::Tolls);
    }
    if !(1000..=table.max_surge_permille).contains(&ride.surge_permille) {
        return Err(RowFault::Surge);
    }
    let driven = ride.distance_m != 0 || ride.duration_s != 0 || ride.tolls_fen != 0;
    if ride.kind == RideKind::Cancelled && driven {
        return Err(RowFault::CancelledButDriven);
    }
    Ok(())
}

/// The nearest multiple of `step`, the higher one from the middle on.
fn round_half_up(amount: u64, step: u64) -> u64 {
    (amount + step / 2) / step * step
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{
        tariff::{SplitPolicy, Tariff, Window, MAX_FARE},
        Seat,
    };
    use proptest::prelude::*;

    pub fn city_table() -> FareTable {
        FareTable {
            base: 10_000_000,
            included_m: 2_000,
            per_km: 2_600_000,
            per_minute: 500_000,
            free_waiting_s: 180,
            per_waiting_minute: 800_000,
            minimum: 12_000_000,
            cancellation: 5_000_000,
            rounding: 10_000,
            utc_offset_minutes: 480,
            windows: vec![
                Window {
                    days: 0b111_1111,
                    from_minute: 1380,
                    until_minute: 300,
                    surcharge_permille: 300,
                },
                Window {
                    days: 0b001_1111,
                    from_minute: 420,
                    until_minute: 540,
                    surcharge_permille: 200,
                },
            ]
            .try_into()
            .unwrap(),
            max_surge_permille: 3_000,
            max_distance_m: 500_000,
            max_duration_s: 12 * 3600,
            max_waiting_s: 3_600,
            max_tolls_fen: 100_000,
        }
    }

    pub fn city_tariff() -> Tariff {
        let split = SplitPolicy {
            driver_ppm: 780_000,
            platform_ppm: 220_000,
            third_parties: Default::default(),
        };
        Tariff { table: city_table(), split }
    }

    prop_compose! {
        pub fn any_ride()(
            order in any::<u64>(), seat in any::<u32>(), pickup in 1_500_000_000u64..1_900_000_000,
            distance_m in 0u32..500_000, duration_s in 0u32..43_200, waiting_s in 0u32..3_600,
            tolls_fen in 0u32..100_000, surge_permille in 1000u16..=3000, cancelled in any::<bool>(),
        ) -> Ride {
            let driven = u32::from(!cancelled);
            Ride {
                order, seat: Seat(seat), pickup, waiting_s, surge_permille,
                distance_m: distance_m * driven, duration_s: duration_s * driven, tolls_fen: tolls_fen * driven,
                kind: if cancelled { RideKind::Cancelled } else { RideKind::Trip },
            }
        }
    }

    fn trip(distance_m: u32, duration_s: u32, pickup: u64) -> Ride {
        Ride {
            order: 1,
            seat: Seat(0),
            pickup,
            distance_m,
            duration_s,
            waiting_s: 0,
            tolls_fen: 0,
            surge_permille: 1000,
            kind: RideKind::Trip,
        }
    }

    /// 2024-05-15 (a Wednesday) 12:00 in Shanghai.
    const NOON: u64 = 1_715_745_600;

    #[test]
    fn a_trip_through_the_day() {
        let table = city_table();
        let total = |ride: &Ride| fare(&table, ride).map(|f| f.total());
        // 10 + 8 km × 2.60 + 20 min × 0.50
        let noon = trip(10_000, 1_200, NOON);
        assert_eq!(total(&noon), Ok(40_800_000));
        // At 08:00 a fifth more, at 02:00 three tenths more, and surge adds to it.
        assert_eq!(total(&trip(10_000, 1_200, NOON - 4 * 3600)), Ok(48_960_000));
        assert_eq!(total(&trip(10_000, 1_200, NOON - 10 * 3600)), Ok(53_040_000));
        assert_eq!(
            total(&Ride { surge_permille: 1500, ..trip(10_000, 1_200, NOON - 10 * 3600) }),
            Ok(73_440_000)
        );
        // A short hop costs the minimum; tolls and waiting come on top.
        assert_eq!(total(&trip(300, 60, NOON)), Ok(12_000_000));
        assert_eq!(total(&Ride { tolls_fen: 1_500, waiting_s: 240, ..noon }), Ok(56_600_000));
    }

    #[test]
    fn a_cancelled_ride_costs_its_fee_and_waiting() {
        let cancelled = Ride { kind: RideKind::Cancelled, waiting_s: 300, ..trip(0, 0, NOON) };
        assert_eq!(fare(&city_table(), &cancelled), Ok(Fare { fare: 6_600_000, tolls: 0 }));
        let driven = Ride { kind: RideKind::Cancelled, ..trip(1, 0, NOON) };
        assert_eq!(fare(&city_table(), &driven), Err(RowFault::CancelledButDriven));
    }

    #[test]
    fn a_row_out_of_bounds_is_named() {
        let table = city_table();
        let noon = trip(10_000, 1_200, NOON);
        assert_eq!(fare(&table, &trip(500_001, 0, NOON)), Err(RowFault::Distance));
        assert_eq!(fare(&table, &trip(0, 43_201, NOON)), Err(RowFault::Duration));
        assert_eq!(fare(&table, &Ride { waiting_s: 3_601, ..noon }), Err(RowFault::Waiting));
        assert_eq!(fare(&table, &Ride { tolls_fen: 100_001, ..noon }), Err(RowFault::Tolls));
        assert_eq!(fare(&table, &Ride { surge_permille: 999, ..noon }), Err(RowFault::Surge));
        assert_eq!(fare(&table, &Ride { surge_permille: 3_001, ..noon }), Err(RowFault::Surge));
    }

    prop_compose! {
        /// Tables whose dearest ride comes close to the bound, on either side of it.
        fn any_table()(
            base in 0u64..1 << 34, per_km in 0u64..1 << 26, per_minute in 0u64..1 << 28,
            minimum in 0u64..1 << 34, per_waiting_minute in 0u64..1 << 28,
            rounding in 1u64..2_000_000, surge in 1000u16..=10_000, offset in -840i16..=840,
            included_m in any::<u32>(), free_waiting_s in any::<u32>(),
            cancellation in 0u64..1 << 34, max_distance_m in 0u32..1 << 22,
            max_duration_s in 0u32..1 << 16, max_waiting_s in 0u32..1 << 16,
            max_tolls_fen in 0u32..1 << 28,
        ) -> FareTable {
            FareTable {
                base, included_m, per_km, per_minute, free_waiting_s, per_waiting_minute, minimum,
                cancellation, rounding, utc_offset_minutes: offset, windows: Default::default(),
                max_surge_permille: surge, max_distance_m, max_duration_s, max_waiting_s,
                max_tolls_fen,
            }
        }
    }

    proptest! {
        /// Whatever table is approved, its longest ride does not overflow (this build traps
        /// overflow), costs no more than the bound, and no less than the minimum less a step.
        #[test]
        fn no_approved_table_overflows(table in any_table(), ride in any_ride()) {
            let tariff = Tariff { table: table.clone(), ..city_tariff() };
            prop_assume!(tariff.validate().is_ok());
            let driven = u32::from(ride.kind == RideKind::Trip);
            let ride = Ride {
                distance_m: table.max_distance_m * driven,
                duration_s: table.max_duration_s * driven,
                tolls_fen: table.max_tolls_fen * driven,
                waiting_s: table.max_waiting_s,
                surge_permille: table.max_surge_permille,
                ..ride
            };
            let fare = fare(&table, &ride).unwrap();
            prop_assert!(fare.total() <= MAX_FARE);
            prop_assert_eq!(fare.fare % table.rounding, 0);
            prop_assert!(driven == 0 || fare.fare + table.rounding > table.minimum);
        }

        /// A longer or slower trip never costs less.
        #[test]
        fn fares_grow_with_the_trip(ride in any_ride(), more_m in 0u32..1000, more_s in 0u32..600) {
            let table = city_table();
            prop_assume!(ride.kind == RideKind::Trip);
            let longer = Ride { distance_m: ride.distance_m + more_m, duration_s: ride.duration_s + more_s, ..ride };
            if let (Ok(a), Ok(b)) = (fare(&table, &ride), fare(&table, &longer)) {
                prop_assert!(a.fare <= b.fare);
            }
        }
    }
}
