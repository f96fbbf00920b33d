//! The tariffs of the demonstrations.

use smartlink_primitives::{
    tariff::{FareTable, Share, SplitPolicy, Tariff, ThirdParties, Window, Windows},
    CityCode, CompanyId,
};

/// Shenzhen (GB/T 2260).
pub const SHENZHEN: CityCode = CityCode(440_300);
/// New York County, by its FIPS code.
pub const NEW_YORK: CityCode = CityCode(36_061);
/// From when the first tariffs hold: July 2017, before every ride.
pub const FROM: u64 = 1_500_000_000;
/// The company that insures the rides.
pub const INSURER: CompanyId = CompanyId(4);

const WORKDAYS: u8 = 0b001_1111;
const ALL_DAYS: u8 = 0b111_1111;

fn windows(windows: &[Window]) -> Windows {
    Windows::truncate_from(windows.to_vec())
}

/// 78 % for the driver, 20 % for the platform, 2 % for the insurer.
pub fn split() -> SplitPolicy {
    let insurer = Share { company: INSURER, ppm: 20_000 };
    SplitPolicy {
        driver_ppm: 780_000,
        platform_ppm: 200_000,
        third_parties: ThirdParties::truncate_from(vec![insurer]),
    }
}

/// Ride hailing in Shenzhen: 10 yuan for the first 2 km, then by the kilometre and the minute.
pub fn shenzhen() -> Tariff {
    let table = FareTable {
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
        windows: windows(&[
            Window {
                days: ALL_DAYS,
                from_minute: 23 * 60,
                until_minute: 5 * 60,
                surcharge_permille: 300,
            },
            Window {
                days: WORKDAYS,
                from_minute: 7 * 60,
                until_minute: 9 * 60,
                surcharge_permille: 200,
            },
            Window {
                days: WORKDAYS,
                from_minute: 17 * 60,
                until_minute: 19 * 60,
                surcharge_permille: 150,
            },
        ]),
        max_surge_permille: 3_000,
        max_distance_m: 300_000,
        max_duration_s: 12 * 3600,
        max_waiting_s: 3_600,
        max_tolls_fen: 100_000,
    };
    Tariff { table, split: split() }
}

/// Close to the meter of New York's cabs in 2019: 2.50 to begin with, 2.50 a mile, the time in slow
/// traffic spread over the whole trip, more at night and in the evening peak.
pub fn new_york() -> Tariff {
    let table = FareTable {
        base: 2_500_000,
        included_m: 0,
        per_km: 1_553_428,
        per_minute: 190_000,
        free_waiting_s: 300,
        per_waiting_minute: 500_000,
        minimum: 2_500_000,
        cancellation: 2_500_000,
        rounding: 10_000,
        utc_offset_minutes: 0,
        windows: windows(&[
            Window {
                days: ALL_DAYS,
                from_minute: 20 * 60,
                until_minute: 6 * 60,
                surcharge_permille: 50,
            },
            Window {
                days: WORKDAYS,
                from_minute: 16 * 60,
                until_minute: 20 * 60,
                surcharge_permille: 80,
            },
        ]),
        max_surge_permille: 2_000,
        max_distance_m: 500_000,
        max_duration_s: 24 * 3600,
        max_waiting_s: 3_600,
        max_tolls_fen: 100_000,
    };
    Tariff { table, split: split() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_tariffs_can_be_in_force() {
        assert_eq!(shenzhen().validate(), Ok(()));
        assert_eq!(new_york().validate(), Ok(()));
        assert_eq!(shenzhen().table.windows.len(), 3);
    }
}
