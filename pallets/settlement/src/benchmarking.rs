//! What settling costs: by rows, and by the pages that they touch.

use crate::{Call, Config, Pallet};
use frame_benchmarking::v2::*;
use frame_support::traits::{
    fungible::{Inspect, Mutate},
    Get,
};
use frame_system::RawOrigin;
use smartlink_primitives::{
    ledger::PAGE_SEATS,
    ride::{Ride, RideBatch, RideKind, MAX_ROWS},
    tariff::{FareTable, Share, SplitPolicy, Tariff, Window},
    traits::{Companies, Seats, TariffBook},
    BatchNumber, CityCode, CompanyId, CompanyKind, DriverId, Money, Seat,
};

const CITY: CityCode = CityCode(440_300);
const RICH: u128 = 1_000_000_000_000_000_000;

/// A platform whose treasury is rich, and an insurer that takes a share.
fn companies<T: Config>() -> Result<(T::AccountId, CompanyId, CompanyId), BenchmarkError> {
    let owner: T::AccountId = whitelisted_caller();
    T::Currency::set_balance(&owner, RICH);
    let platform = T::Companies::found(&owner, CompanyKind::Platform)?;
    let other: T::AccountId = account("insurer", 0, 0);
    T::Currency::set_balance(&other, RICH);
    let insurer = T::Companies::found(&other, CompanyKind::Insurer)?;
    Ok((owner, platform, insurer))
}

/// Every part of the fare has something to do.
fn tariff(insurer: CompanyId) -> Tariff {
    let window = Window { days: 127, from_minute: 420, until_minute: 540, surcharge_permille: 200 };
    let table = FareTable {
        base: 10_000_000,
        included_m: 2_000,
        per_km: 2_600_000,
        per_minute: 500_000,
        free_waiting_s: 60,
        per_waiting_minute: 800_000,
        minimum: 12_000_000,
        cancellation: 5_000_000,
        rounding: 10_000,
        utc_offset_minutes: 480,
        windows: alloc::vec![window; 8].try_into().unwrap_or_default(),
        max_surge_permille: 3_000,
        max_distance_m: 500_000,
        max_duration_s: 43_200,
        max_waiting_s: 3_600,
        max_tolls_fen: 100_000,
    };
    let third = alloc::vec![Share { company: insurer, ppm: 20_000 }];
    let split = SplitPolicy {
        driver_ppm: 780_000,
        platform_ppm: 200_000,
        third_parties: third.try_into().unwrap_or_default(),
    };
    Tariff { table, split }
}

fn batch(company: CompanyId, rows: u32, pages: u32) -> RideBatch {
    let mut batch = RideBatch::new(company, BatchNumber(1), CITY, 0);
    for row in 0..rows {
        let ride = Ride {
            order: u64::from(row) + 1,
            seat: Seat(row % pages * PAGE_SEATS + row / pages % PAGE_SEATS),
            pickup: u64::from(row) % 100,
            distance_m: 9_973,
            duration_s: 1_327,
            waiting_s: 171,
            tolls_fen: 1_500,
            surge_permille: 1_250,
            kind: RideKind::Trip,
        };
        // Rows are at most MAX_ROWS, and pick-ups at or after 0.
        let _ = batch.push(&ride);
    }
    batch
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn fund() -> Result<(), BenchmarkError> {
        let (owner, company, _) = companies::<T>()?;
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), company, Money::yuan(1));
        assert_eq!(T::Currency::balance(&Pallet::<T>::clearing_account(company)), 1_000_000);
        Ok(())
    }

    #[benchmark]
    fn release() -> Result<(), BenchmarkError> {
        let (owner, company, _) = companies::<T>()?;
        Pallet::<T>::fund(RawOrigin::Signed(owner.clone()).into(), company, Money::yuan(2))?;
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), company, Money::yuan(1));
        assert_eq!(T::Currency::balance(&Pallet::<T>::clearing_account(company)), 1_000_000);
        Ok(())
    }

    #[benchmark]
    fn settle_batch(r: Linear<1, MAX_ROWS>, p: Linear<1, 64>) -> Result<(), BenchmarkError> {
        let (owner, company, insurer) = companies::<T>()?;
        T::Tariffs::put(company, CITY, tariff(insurer));
        for driver in 0..p * PAGE_SEATS {
            let account: T::AccountId = account("driver", driver, 0);
            Pallet::<T>::open(company, DriverId(driver), &account)?;
        }
        let clearing = Pallet::<T>::clearing_account(company);
        T::Currency::set_balance(&clearing, RICH);
        let batch = batch(company, r, p);
        frame_system::Pallet::<T>::set_block_number(1u32.into());
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), batch);
        assert_eq!(crate::CompanyTotals::<T>::get(company).rides, u64::from(r));
        Ok(())
    }

    #[benchmark]
    fn withdraw() -> Result<(), BenchmarkError> {
        let (owner, company, insurer) = companies::<T>()?;
        T::Tariffs::put(company, CITY, tariff(insurer));
        let driver: T::AccountId = account("driver", 0, 0);
        for seat in 0..PAGE_SEATS {
            Pallet::<T>::open(company, DriverId(seat), &driver)?;
        }
        T::Currency::set_balance(&Pallet::<T>::clearing_account(company), RICH);
        Pallet::<T>::settle_batch(RawOrigin::Signed(owner).into(), batch(company, 256, 1))?;
        let seat = Seat(PAGE_SEATS.min(T::MaxSeats::get()) - 1);
        #[extrinsic_call]
        _(RawOrigin::Signed(driver.clone()), company, seat, None);
        assert!(T::Currency::balance(&driver) > 0);
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::chain(), crate::mock::Test);
}
