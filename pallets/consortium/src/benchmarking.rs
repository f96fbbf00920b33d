//! Benchmarks of the calls, each in its worst case, and of what happens between them.

use super::*;
use alloc::vec;
use frame_benchmarking::v2::*;
use frame_support::traits::{ChangeMembers, Contains, EnsureOrigin};
use frame_system::RawOrigin;

fn council<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::CouncilOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

/// As many papers as there can be.
fn papers() -> Papers {
    let one = |n| Paper { kind: PaperKind::BusinessLicence, hash: H256::repeat_byte(n) };
    Papers::truncate_from((0u8..16).map(one).collect())
}

/// The treasury of the application.
fn treasury<T: Config>() -> T::AccountId {
    account("treasury", 0, 0)
}

/// The application of `who` with another account as its treasury, and with as many papers as there can be, all attested
/// or none.
fn application<T: Config>(
    who: &T::AccountId,
    attested_by: Option<CompanyId>,
) -> Result<ApplicationId, BenchmarkError> {
    let id = NextApplication::<T>::get();
    let name = Name::truncate_from(vec![b'n'; 64]);
    let kind = CompanyKind::Platform;
    Pallet::<T>::open_application(name, kind, treasury::<T>(), who.clone(), papers())?;
    Applications::<T>::mutate(id, |entry| {
        if let Some(entry) = entry {
            entry.papers.iter_mut().for_each(|(_, by)| *by = attested_by);
        }
    });
    Ok(id)
}

/// Two companies with a seat each, so that the first can lose it.
fn seated<T: Config>() -> Result<CompanyId, BenchmarkError> {
    let first: T::AccountId = account("first", 0, 0);
    let second: T::AccountId = account("second", 0, 0);
    let company = Pallet::<T>::found(&first, CompanyKind::Carrier)?;
    let other = Pallet::<T>::found(&second, CompanyKind::Carrier)?;
    Pallet::<T>::seat(company, first)?;
    Pallet::<T>::seat(other, second)?;
    Pallet::<T>::reseat();
    Ok(company)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn set_active() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        let company = seated::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, company, false);

        let standing = Companies::<T>::get(company).map(|entry| entry.standing);
        assert_eq!(standing, Some(Standing::Suspended));
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
        let origin = council::<T>()?;
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

    #[benchmark]
    fn apply() -> Result<(), BenchmarkError> {
        let who: T::AccountId = whitelisted_caller();
        let name = Name::truncate_from(vec![b'n'; 64]);
        let treasury = treasury::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), name, CompanyKind::Platform, treasury, papers());

        assert!(ApplicationOf::<T>::contains_key(who));
        Ok(())
    }

    #[benchmark]
    fn withdraw_application() -> Result<(), BenchmarkError> {
        let who: T::AccountId = whitelisted_caller();
        let application = application::<T>(&who, None)?;
        Pallet::<T>::agree(application, treasury::<T>())?;

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), application);

        assert!(!ApplicationOf::<T>::contains_key(who));
        Ok(())
    }

    #[benchmark]
    fn attest_paper() -> Result<(), BenchmarkError> {
        let kinds = [
            CompanyKind::Auditor,
            CompanyKind::Regulator,
            CompanyKind::Insurer,
            CompanyKind::Bank,
            CompanyKind::Platform,
        ];
        let kind =
            kinds.into_iter().find(T::Attesters::contains).ok_or(BenchmarkError::Weightless)?;
        let attester: T::AccountId = whitelisted_caller();
        let company = Pallet::<T>::found(&attester, kind)?;
        let applicant: T::AccountId = account("applicant", 0, 0);
        let application = application::<T>(&applicant, None)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(attester), application, 15, company);

        let entry = Applications::<T>::get(application).ok_or("the application is open")?;
        assert_eq!(entry.papers.last().and_then(|(_, by)| *by), Some(company));
        Ok(())
    }

    #[benchmark]
    fn admit() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        let attester: T::AccountId = account("attester", 0, 0);
        let attester = Pallet::<T>::found(&attester, CompanyKind::Platform)?;
        let applicant: T::AccountId = account("applicant", 0, 0);
        let application = application::<T>(&applicant, Some(attester))?;
        Pallet::<T>::agree(application, treasury::<T>())?;
        let company = NextCompany::<T>::get();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, application, Some(u64::MAX - 1), true);

        assert_eq!(CompanyOfSeat::<T>::get(applicant), Some(company));
        Ok(())
    }

    #[benchmark]
    fn expel() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        let company = seated::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, company, H256::zero());

        let standing = Companies::<T>::get(company).map(|entry| entry.standing);
        assert_eq!(standing, Some(Standing::Expelled));
        Ok(())
    }

    #[benchmark]
    fn renew() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        let company = seated::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, company, Some(u64::MAX - 1));

        assert!(Companies::<T>::get(company).is_some_and(|entry| entry.until.is_some()));
        Ok(())
    }

    #[benchmark]
    fn move_seat() -> Result<(), BenchmarkError> {
        let company = seated::<T>()?;
        let keeper: T::AccountId = account("first", 0, 0);
        let to: T::AccountId = account("to", 0, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(keeper), company, to.clone());

        assert_eq!(CompanyOfSeat::<T>::get(to), Some(company));
        Ok(())
    }

    #[benchmark]
    fn accept_treasury() -> Result<(), BenchmarkError> {
        let applicant: T::AccountId = account("applicant", 0, 0);
        let application = application::<T>(&applicant, None)?;
        let treasury = treasury::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(treasury), application);

        assert!(AcceptedTreasuries::<T>::contains_key(application));
        Ok(())
    }

    #[benchmark]
    fn look(c: Linear<1, { T::MaxCompanies::get() }>) -> Result<(), BenchmarkError> {
        for n in NextCompany::<T>::get().0..=c {
            Pallet::<T>::found(&account("admin", n, 0), CompanyKind::Carrier)?;
        }
        for company in Companies::<T>::iter_keys().collect::<alloc::vec::Vec<_>>() {
            Companies::<T>::mutate(company, |entry| {
                if let Some(entry) = entry {
                    entry.until = Some(1);
                }
            });
        }

        #[block]
        {
            Pallet::<T>::look(u64::MAX);
        }

        assert_eq!(Reminded::<T>::get(CompanyId(c)), LAPSED);
        Ok(())
    }

    #[benchmark]
    fn reseat(s: Linear<1, { T::MaxSeats::get() }>) -> Result<(), BenchmarkError> {
        for n in Seats::<T>::count()..s {
            let who: T::AccountId = account("admin", n, 0);
            let company = Pallet::<T>::found(&who, CompanyKind::Carrier)?;
            Pallet::<T>::seat(company, who)?;
        }
        // All of them are new to the council.
        T::Council::set_members_sorted(&[], &Seated::<T>::take());

        #[block]
        {
            Pallet::<T>::reseat();
        }

        assert_eq!(Seated::<T>::get().len(), Seats::<T>::count() as usize);
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
