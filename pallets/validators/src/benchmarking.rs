//! Benchmarks of the calls, each with as many validators as there can be, and of what happens
//! between them.

use super::*;
use codec::Decode;
use frame_benchmarking::v2::*;
use frame_support::{traits::EnsureOrigin, BoundedVec};
use frame_system::pallet_prelude::BlockNumberFor;
use pallet_authorship::EventHandler;
use smartlink_primitives::{traits::Membership, CompanyKind};
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
    let kind = OffenceKind::Equivocation;
    Offence { reports: 1, kind, session: 0, severity: Perbill::one() }
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
    fn remove_validator(v: Linear<2, { T::MaxValidators::get() }>) -> Result<(), BenchmarkError> {
        fill::<T>(v)?;
        // Every offence is looked up, also when the removal of an offender is always allowed.
        for n in 0..v {
            Offences::<T>::insert(account::<T::AccountId>("validator", n, 0), offence());
        }
        let who: T::AccountId = account("validator", v - 1, 0);
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

    #[benchmark]
    fn fell(v: Linear<1, { T::MaxValidators::get() - 1 }>) -> Result<(), BenchmarkError> {
        let company = fill::<T>(v)?;
        let other = T::Companies::found(&account("other", 0, 0), CompanyKind::Platform)?;
        let last = Validator { account: account("last", 0, 0), company: other };
        Validators::<T>::try_append(last).map_err(|_| "there is room for one more")?;

        #[block]
        {
            <Pallet<T> as Membership<T::AccountId>>::fell(company);
        }

        assert_eq!(Validators::<T>::get().len(), 1);
        Ok(())
    }

    #[benchmark]
    fn note_author() -> Result<(), BenchmarkError> {
        let who: T::AccountId = account("validator", 0, 0);
        LastAuthored::<T>::insert(&who, BlockNumberFor::<T>::default());
        frame_system::Pallet::<T>::set_block_number(7u32.into());

        #[block]
        {
            <Pallet<T> as EventHandler<T::AccountId, BlockNumberFor<T>>>::note_author(who.clone());
        }

        assert_eq!(LastAuthored::<T>::get(who), Some(7u32.into()));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
