//! Benchmarks of the calls, and of what a transaction costs beside its call.

use super::*;
use frame_benchmarking::v2::*;
use frame_support::{
    dispatch::{DispatchInfo, PostDispatchInfo},
    traits::EnsureOrigin,
};
use frame_system::RawOrigin;
use smartlink_primitives::CompanyKind;
use sp_runtime::traits::{DispatchTransaction, Dispatchable};

const ALLOWANCE: Allowance = Allowance { max: 1_000_000, recovery_per_block: 1_000 };

/// A company with an allowance of its own, of which `who` has used something.
fn company_of<T: Config>(who: &T::AccountId) -> Result<CompanyId, BenchmarkError> {
    let company = <T as Config>::Companies::found(who, CompanyKind::Carrier)?;
    Overrides::<T>::insert(company, ALLOWANCE);
    Draws::<T>::insert(who, company);
    Pallet::<T>::draw(company, 1);
    Ok(company)
}

#[benchmarks(where
    T: Send + Sync,
    T::RuntimeCall: Dispatchable<Info = DispatchInfo, PostInfo = PostDispatchInfo>,
)]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn draw_on() -> Result<(), BenchmarkError> {
        let caller: T::AccountId = whitelisted_caller();
        let company = company_of::<T>(&caller)?;
        Draws::<T>::insert(&caller, CompanyId(0));

        #[extrinsic_call]
        _(RawOrigin::Signed(caller.clone()), company);

        assert_eq!(Draws::<T>::get(caller), Some(company));
        Ok(())
    }

    #[benchmark]
    fn set_allowance() -> Result<(), BenchmarkError> {
        let origin = <T as Config>::CouncilOrigin::try_successful_origin()
            .map_err(|_| BenchmarkError::Weightless)?;
        let company = company_of::<T>(&account("admin", 0, 0))?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, company, None);

        assert!(!Overrides::<T>::contains_key(company));
        Ok(())
    }

    #[benchmark]
    fn note() -> Result<(), BenchmarkError> {
        let who: T::AccountId = account("driver", 0, 0);
        let company = company_of::<T>(&account("admin", 0, 0))?;
        let other = company_of::<T>(&account("other", 0, 0))?;
        // It left the one on which it draws without anybody telling.
        Draws::<T>::insert(&who, other);

        #[block]
        {
            Pallet::<T>::note_joined(company, &who);
        }

        assert_eq!(Draws::<T>::get(who), Some(company));
        Ok(())
    }

    #[benchmark]
    fn charge() -> Result<(), BenchmarkError> {
        let caller: T::AccountId = whitelisted_caller();
        let company = company_of::<T>(&caller)?;

        #[block]
        {
            if let Some(payer) = Pallet::<T>::pays(&caller, 100) {
                Pallet::<T>::draw(payer, 100);
                Pallet::<T>::give_back(payer, 50);
            }
        }

        assert_eq!(Pallet::<T>::usage(company).used, 51);
        Ok(())
    }

    #[benchmark]
    fn fair() -> Result<(), BenchmarkError> {
        let caller: T::AccountId = whitelisted_caller();
        company_of::<T>(&caller)?;
        let remark = frame_system::Call::<T>::remark { remark: alloc::vec![] };
        let call = T::RuntimeCall::from(remark);
        let info = DispatchInfo::default();
        let origin = RawOrigin::Signed(caller).into();
        let run;

        #[block]
        {
            run = Fair::<T>::new()
                .test_run(origin, &call, &info, 10, 0, |_| Ok(PostDispatchInfo::default()));
        }

        assert!(run.is_ok());
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
