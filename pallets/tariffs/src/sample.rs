//! A tariff for tests and benchmarks.

use alloc::vec;
use smartlink_primitives::{
    split::WHOLE_PPM,
    tariff::{FareTable, Share, SplitPolicy, Tariff, ThirdParties, Window, Windows},
    CompanyId,
};

/// A city's tariff with as many windows as there can be, and a hundredth for each third party.
pub(crate) fn tariff(third_parties: impl IntoIterator<Item = CompanyId>) -> Tariff {
    let shares = third_parties.into_iter().map(|company| Share { company, ppm: WHOLE_PPM / 100 });
    let third_parties = ThirdParties::truncate_from(shares.collect());
    let given: u32 = third_parties.iter().map(|share| share.ppm).sum();
    let driver_ppm = WHOLE_PPM / 4 * 3;
    let split =
        SplitPolicy { driver_ppm, platform_ppm: WHOLE_PPM - driver_ppm - given, third_parties };
    Tariff { table: table(), split }
}

fn table() -> FareTable {
    let rush = Window { days: 0x1f, from_minute: 420, until_minute: 540, surcharge_permille: 200 };
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
        windows: Windows::truncate_from(vec![rush; 8]),
        max_surge_permille: 3_000,
        max_distance_m: 500_000,
        max_duration_s: 12 * 3_600,
        max_waiting_s: 3_600,
        max_tolls_fen: 100_000,
    }
}
