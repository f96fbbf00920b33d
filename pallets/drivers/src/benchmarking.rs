//! Benchmarks of the calls, each in its worst case.

use super::*;
use frame_benchmarking::v2::*;
use frame_support::traits::Get;
use frame_system::RawOrigin;
use smartlink_primitives::CompanyKind;

/// A company, and an account that does everything for it.
fn company<T: Config>(index: u32) -> Result<(CompanyId, T::AccountId), BenchmarkError> {
    let admin: T::AccountId = account("admin", index, 0);
    Ok((T::Companies::found(&admin, CompanyKind::Platform)?, admin))
}

/// The account of a driver of `companies` new companies.
fn driver<T: Config>(companies: u32) -> Result<T::AccountId, BenchmarkError> {
    let who: T::AccountId = account("driver", 0, 0);
    for index in 0..companies {
        let (company, _) = company::<T>(index)?;
        Pallet::<T>::employ(company, who.clone())?;
    }
    Ok(who)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn enrol() -> Result<(), BenchmarkError> {
        let (company, admin) = company::<T>(0)?;
        let who: T::AccountId = account("driver", 0, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), company, who.clone());

        assert!(DriverOf::<T>::contains_key(who));
        Ok(())
    }

    #[benchmark]
    fn set_status() -> Result<(), BenchmarkError> {
        let who = driver::<T>(T::MaxEmployers::get() - 1)?;
        let (company, admin) = company::<T>(T::MaxEmployers::get())?;
        Pallet::<T>::employ(company, who.clone())?;
        let id = DriverOf::<T>::get(who).ok_or("the account is a driver's")?;

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), company, id, DriverStatus::Suspended);

        let driver = Drivers::<T>::get(id).ok_or("the driver is there")?;
        let status = driver.employment(company).map(|employment| employment.status);
        assert_eq!(status, Some(DriverStatus::Suspended));
        Ok(())
    }

    #[benchmark]
    fn set_account(e: Linear<1, { T::MaxEmployers::get() }>) -> Result<(), BenchmarkError> {
        let who = driver::<T>(e)?;
        let to: T::AccountId = account("new", 0, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(who), to.clone());

        assert!(DriverOf::<T>::contains_key(to));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
