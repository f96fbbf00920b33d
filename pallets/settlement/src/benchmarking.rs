//! What settling costs: by rows, and by the pages that they touch.

use crate::{authorization::payload, worker::WorkerKey, Call, Config, Pallet};
use frame_benchmarking::v2::*;
use frame_support::{
    pallet_prelude::TransactionSource,
    traits::{
        fungible::{Inspect, Mutate},
        Authorize, Get,
    },
};
use frame_system::RawOrigin;
use smartlink_primitives::{
    ledger::PAGE_SEATS,
    ride::{Ride, RideBatch, RideKind, MAX_ROWS},
    tariff::{FareTable, Share, SplitPolicy, Tariff, Window},
    traits::{Companies, Seats, TariffBook},
    BatchNumber, CityCode, CompanyId, CompanyKind, DriverId, Money, Seat,
};
use sp_core::sr25519;
use sp_runtime::RuntimeAppPublic;

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

/// A key and a signature of nobody: the dispatch looks at neither.
fn nobodys() -> (sr25519::Public, sr25519::Signature) {
    (sr25519::Public::from_raw([0; 32]), sr25519::Signature::from_raw([0; 64]))
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
    fn settle_by_worker(r: Linear<1, MAX_ROWS>, p: Linear<1, 64>) -> Result<(), BenchmarkError> {
        let (_, company, insurer) = companies::<T>()?;
        T::Tariffs::put(company, CITY, tariff(insurer));
        for driver in 0..p * PAGE_SEATS {
            let account: T::AccountId = account("driver", driver, 0);
            Pallet::<T>::open(company, DriverId(driver), &account)?;
        }
        T::Currency::set_balance(&Pallet::<T>::clearing_account(company), RICH);
        let batch = batch(company, r, p);
        frame_system::Pallet::<T>::set_block_number(1u32.into());
        let (worker, signature) = nobodys();
        #[extrinsic_call]
        _(RawOrigin::Authorized, batch, worker, signature);
        assert_eq!(crate::CompanyTotals::<T>::get(company).rides, u64::from(r));
        Ok(())
    }

    /// In a block: without the dry run, which no block pays for.
    #[benchmark]
    fn authorize_settle_by_worker(r: Linear<1, MAX_ROWS>) -> Result<(), BenchmarkError> {
        let key = WorkerKey::generate_pair(None);
        let worker = sr25519::Public::from(key.clone());
        let owner = T::AccountId::from(worker.0);
        T::Currency::set_balance(&owner, RICH);
        let company = T::Companies::found(&owner, CompanyKind::Platform)?;
        let batch = batch(company, r, 1);
        let signature = key.sign(&payload::<T>(&batch)).ok_or("the keystore signs")?;
        let signature = sr25519::Signature::from(signature);
        let call = Call::<T>::settle_by_worker { batch, worker, signature };
        #[block]
        {
            call.authorize(TransactionSource::InBlock).ok_or("the call authorizes itself")??;
        }
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
