//! Benchmarks of the calls, each with the largest tariff.

use super::*;
use alloc::{boxed::Box, vec::Vec};
use frame_benchmarking::v2::*;
use frame_system::RawOrigin;

const CITY: CityCode = CityCode(110_100);

/// A company, and an account that does everything for it.
fn company<T: Config>(
    name: &'static str,
    index: u32,
    kind: CompanyKind,
) -> Result<(CompanyId, T::AccountId), BenchmarkError> {
    let admin: T::AccountId = account(name, index, 0);
    Ok((T::Companies::found(&admin, kind)?, admin))
}

/// A tariff with eight third parties.
fn largest<T: Config>() -> Result<Tariff, BenchmarkError> {
    let third = (0..8).map(|index| company::<T>("insurer", index, CompanyKind::Insurer));
    let third = third.collect::<Result<Vec<_>, _>>()?;
    Ok(sample::tariff(third.into_iter().map(|(company, _)| company)))
}

/// A platform with as many approved tariffs as can be when one more is approved: all, if the clock
/// lets the oldest be forgotten. Over them a proposal of somebody else. With the account that
/// approves it.
fn proposed<T: Config>() -> Result<(CompanyId, TariffVersion, T::AccountId), BenchmarkError> {
    let (company, checker) = company::<T>("platform", 0, CompanyKind::Platform)?;
    let tariff = largest::<T>()?;
    let can_forget = T::Time::now().as_secs() > RETENTION_S;
    let approved = T::MaxVersions::get() - u32::from(!can_forget);
    let timeline = (0..approved).map(|n| (u64::from(n), TariffVersion(n + 1)));
    for (_, version) in timeline.clone() {
        Tariffs::<T>::insert((company, CITY, version), &tariff);
    }
    InForce::<T>::insert(company, CITY, Timeline::<T>::truncate_from(timeline.collect()));
    NextVersion::<T>::insert(company, CITY, TariffVersion(approved + 1));

    let version = Pallet::<T>::take_version(company, CITY).map_err(|_| "there is room")?;
    let proposed_by: T::AccountId = account("maker", 0, 0);
    let from = T::Time::now().as_secs().saturating_add(FORESIGHT_S);
    let proposal = Proposal { from, tariff, proposed_by };
    Proposals::<T>::insert((company, CITY, version), proposal);
    Ok((company, version, checker))
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn propose() -> Result<(), BenchmarkError> {
        let (company, maker) = company::<T>("platform", 0, CompanyKind::Platform)?;
        let tariff = Box::new(largest::<T>()?);

        #[extrinsic_call]
        _(RawOrigin::Signed(maker), company, CITY, u64::MAX, tariff);

        assert_eq!(ProposalCount::<T>::get(company), 1);
        Ok(())
    }

    #[benchmark]
    fn approve() -> Result<(), BenchmarkError> {
        let (company, version, checker) = proposed::<T>()?;

        #[extrinsic_call]
        _(RawOrigin::Signed(checker), company, CITY, version);

        assert!(Tariffs::<T>::contains_key((company, CITY, version)));
        Ok(())
    }

    #[benchmark]
    fn reject() -> Result<(), BenchmarkError> {
        let (company, version, checker) = proposed::<T>()?;

        #[extrinsic_call]
        _(RawOrigin::Signed(checker), company, CITY, version);

        assert_eq!(ProposalCount::<T>::get(company), 0);
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
