//! Benchmarks of the calls, each with as many validators as there can be.

use super::*;
use codec::Decode;
use frame_benchmarking::v2::*;
use frame_support::{traits::EnsureOrigin, BoundedVec};
use smartlink_primitives::CompanyKind;
use sp_runtime::traits::TrailingZeroInput;

/// Makes `count` accounts the validators of a new company.
fn fill<T: Config>(count: u32) -> Result<CompanyId, BenchmarkError> {
    let company = T::Companies::found(&account("admin", 0, 0), CompanyKind::Platform)?;
    let all = (0..count).map(|n| Validator { account: account("validator", n, 0), company });
    let all: BoundedVec<Validator<T::AccountId>, T::MaxValidators> =
        BoundedVec::truncate_from(all.collect());
    Validators::<T>::put(all);
    Ok(company)
}

fn council<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::CouncilOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

fn offence() -> Offence {
    Offence { reports: 1, session: 0, severity: Perbill::one() }
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn add_validator() -> Result<(), BenchmarkError> {
        let company = fill::<T>(T::MaxValidators::get() - 1)?;
        let who: T::AccountId = account("newcomer", 0, 0);
        let keys = <T as pallet_session::Config>::Keys::decode(&mut TrailingZeroInput::zeroes())
            .map_err(|_| "zeroes are session keys")?;
        pallet_session::NextKeys::<T>::insert(&who, keys);
        let origin = council::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, company, who.clone());

        assert_eq!(Pallet::<T>::company_of(&who), Some(company));
        Ok(())
    }

    #[benchmark]
    fn remove_validator() -> Result<(), BenchmarkError> {
        let validators = T::MaxValidators::get();
        fill::<T>(validators)?;
        let who: T::AccountId = account("validator", validators - 1, 0);
        let origin = council::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, who.clone());

        assert!(Leavers::<T>::get().iter().any(|leaver| leaver.account == who));
        Ok(())
    }

    #[benchmark]
    fn reinstate() -> Result<(), BenchmarkError> {
        fill::<T>(T::MaxValidators::get())?;
        let who: T::AccountId = account("validator", 0, 0);
        Offences::<T>::insert(&who, offence());
        let origin = council::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, who.clone());

        assert!(!Offences::<T>::contains_key(who));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
