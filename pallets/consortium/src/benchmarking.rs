//! Benchmarks of the calls, each in its worst case.

use super::*;
use alloc::vec;
use frame_benchmarking::v2::*;
use frame_support::traits::EnsureOrigin;
use frame_system::RawOrigin;

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn register_company() -> Result<(), BenchmarkError> {
        let origin =
            T::CouncilOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let name = Name::truncate_from(vec![b'n'; 64]);
        let company = NextCompany::<T>::get();
        let treasury: T::AccountId = account("treasury", 0, 0);
        let admin: T::AccountId = account("admin", 0, 0);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, name, CompanyKind::Platform, treasury, admin.clone());

        assert!(Roles::<T>::contains_key(company, admin));
        Ok(())
    }

    #[benchmark]
    fn set_active() -> Result<(), BenchmarkError> {
        let origin =
            T::CouncilOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let company = Pallet::<T>::found(&account("admin", 0, 0), CompanyKind::Carrier)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, company, false);

        assert_eq!(Companies::<T>::get(company).map(|c| c.active), Some(false));
        Ok(())
    }

    #[benchmark]
    fn grant_role() -> Result<(), BenchmarkError> {
        let granter: T::AccountId = whitelisted_caller();
        let company = Pallet::<T>::found(&granter, CompanyKind::Carrier)?;
        let who: T::AccountId = account("who", 0, 0);
        Pallet::<T>::grant(company, granter.clone(), who.clone(), Permissions::ALL, None)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(granter), company, who.clone(), Permissions::FLEET, Some(u64::MAX));

        let role = Roles::<T>::get(company, who).ok_or("the role was granted")?;
        assert_eq!(role.permissions, Permissions::FLEET);
        Ok(())
    }

    #[benchmark]
    fn revoke_role() -> Result<(), BenchmarkError> {
        let granter: T::AccountId = whitelisted_caller();
        let company = Pallet::<T>::found(&granter, CompanyKind::Carrier)?;
        let who: T::AccountId = account("who", 0, 0);
        Pallet::<T>::grant(company, granter.clone(), who.clone(), Permissions::ALL, None)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(granter), company, who.clone());

        assert!(!Roles::<T>::contains_key(company, who));
        Ok(())
    }

    #[benchmark]
    fn appoint_admin() -> Result<(), BenchmarkError> {
        let origin =
            T::CouncilOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let company = Pallet::<T>::found(&account("admin", 0, 0), CompanyKind::Carrier)?;
        let who: T::AccountId = account("who", 0, 0);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, company, who.clone());

        assert!(Roles::<T>::contains_key(company, who));
        Ok(())
    }

    #[benchmark]
    fn enact() -> Result<(), BenchmarkError> {
        let origin =
            T::EnactOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let call = frame_system::Call::<T>::remark { remark: vec![] };
        let call = alloc::boxed::Box::new(<T as Config>::RuntimeCall::from(call));

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, call);

        let done = Event::<T>::Enacted { result: Ok(()) };
        frame_system::Pallet::<T>::assert_last_event(
            <T as frame_system::Config>::RuntimeEvent::from(done).into(),
        );
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
