//! Benchmarks of the calls, each with as many machines as a company can have.

use super::*;
use alloc::vec;
use frame_benchmarking::v2::*;
use frame_support::traits::EnsureOrigin;
use frame_system::RawOrigin;
use smartlink_primitives::CompanyKind;

/// The key of machine `n`.
fn key(n: u32) -> NodeKey {
    let mut bytes = [7; 32];
    bytes[..4].copy_from_slice(&n.to_le_bytes());
    NodeKey(bytes)
}

/// The longest label.
fn label() -> Label {
    Label::truncate_from(vec![b'n'; 64])
}

/// A company with `count` machines that `who` governs.
fn company_with<T: Config>(who: &T::AccountId, count: u32) -> Result<CompanyId, BenchmarkError> {
    let company = T::Companies::found(who, CompanyKind::Carrier)?;
    for n in 0..count {
        Pallet::<T>::put(company, key(n), NodeKind::Full, label())?;
    }
    Ok(company)
}

fn council<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::CouncilOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn register() -> Result<(), BenchmarkError> {
        let caller: T::AccountId = whitelisted_caller();
        let last = T::MaxNodes::get() - 1;
        let company = company_with::<T>(&caller, last)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), company, key(last), NodeKind::Validator, label());

        assert!(Nodes::<T>::contains_key(key(last)));
        Ok(())
    }

    #[benchmark]
    fn unregister() -> Result<(), BenchmarkError> {
        let caller: T::AccountId = whitelisted_caller();
        let company = company_with::<T>(&caller, T::MaxNodes::get())?;

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), company, key(0));

        assert!(!Nodes::<T>::contains_key(key(0)));
        Ok(())
    }

    #[benchmark]
    fn remove_by_council() -> Result<(), BenchmarkError> {
        company_with::<T>(&account("admin", 0, 0), T::MaxNodes::get())?;
        let origin = council::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, key(0));

        assert!(!Nodes::<T>::contains_key(key(0)));
        Ok(())
    }

    #[benchmark]
    fn set_permissioned() -> Result<(), BenchmarkError> {
        company_with::<T>(&account("admin", 0, 0), T::MaxNodes::get())?;
        let origin = council::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, true);

        assert!(Permissioned::<T>::get());
        Ok(())
    }

    #[benchmark]
    fn fell(n: Linear<1, { T::MaxNodes::get() }>) -> Result<(), BenchmarkError> {
        let company = company_with::<T>(&account("admin", 0, 0), n)?;

        #[block]
        {
            <Pallet<T> as Membership<T::AccountId>>::fell(company);
        }

        assert!(!Nodes::<T>::contains_key(key(0)));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
