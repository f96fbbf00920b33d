//! What always holds of the tariffs.

use crate::{Config, InForce, NextVersion, Pallet, ProposalCount, Proposals, Tariffs};
use alloc::collections::BTreeMap;
use frame_support::{ensure, traits::Get};
use smartlink_primitives::CompanyId;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks the whole state of this pallet. Reads everything: for tests, try-runtime and
    /// auditors.
    pub fn check_invariants() -> Result<(), TryRuntimeError> {
        Self::check_timelines()?;
        Self::check_proposals()
    }

    /// Timelines go forward, and every tariff in them can hold.
    fn check_timelines() -> Result<(), TryRuntimeError> {
        let mut approved = 0usize;
        for (company, city, timeline) in InForce::<T>::iter() {
            ensure!(!timeline.is_empty(), "a timeline without tariffs");
            ensure!(timeline.windows(2).all(|pair| pair[0].0 < pair[1].0), "a timeline goes back");
            let next = NextVersion::<T>::get(company, city);
            for &(_, version) in &timeline {
                ensure!(version < next, "a version in force was never proposed");
                let tariff = Tariffs::<T>::get((company, city, version));
                let tariff = tariff.ok_or("a tariff in force is missing")?;
                ensure!(tariff.validate().is_ok(), "a tariff in force cannot hold");
            }
            approved += timeline.len();
        }
        // As many tariffs as places, and every place has one: so no version is in two places.
        ensure!(Tariffs::<T>::iter_keys().count() == approved, "a tariff is in no timeline");
        Ok(())
    }

    /// Proposals are counted, and none is approved already.
    fn check_proposals() -> Result<(), TryRuntimeError> {
        let mut waiting = BTreeMap::<CompanyId, u32>::new();
        for ((company, city, version), proposal) in Proposals::<T>::iter() {
            let next = NextVersion::<T>::get(company, city);
            ensure!(version < next, "a proposal has a version that was never given");
            let approved = Tariffs::<T>::contains_key((company, city, version));
            ensure!(!approved, "a tariff is approved and waits for approval");
            ensure!(proposal.tariff.validate().is_ok(), "a proposal can never hold");
            *waiting.entry(company).or_default() += 1;
        }
        for (company, count) in ProposalCount::<T>::iter() {
            let waiting = waiting.remove(&company).unwrap_or_default();
            ensure!(waiting == count, "proposals are counted wrong");
            ensure!(count <= T::MaxProposals::get(), "too many proposals wait");
        }
        ensure!(waiting.is_empty(), "a proposal is not counted");
        Ok(())
    }
}
