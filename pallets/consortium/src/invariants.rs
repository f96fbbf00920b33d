//! What always holds of the companies and their roles.

use crate::{Companies, CompanyOfTreasury, Config, Count, NextCompany, Pallet, RoleCount, Roles};
use alloc::collections::BTreeMap;
use frame_support::{ensure, traits::Get};
use smartlink_primitives::CompanyId;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks the whole state of this pallet. Reads everything: for tests, try-runtime and
    /// auditors.
    pub fn check_invariants() -> Result<(), TryRuntimeError> {
        Self::check_companies()?;
        Self::check_roles()
    }

    /// Ids are given without gaps, and every company has a treasury of its own.
    fn check_companies() -> Result<(), TryRuntimeError> {
        let next = NextCompany::<T>::get().0;
        ensure!(next.saturating_sub(1) <= T::MaxCompanies::get(), "more companies than allowed");
        let mut companies = 0u32;
        for (id, company) in Companies::<T>::iter() {
            ensure!((1..next).contains(&id.0), "a company has an id that was never given");
            ensure!(crate::is_name(&company.name), "a company has a bad name");
            let owner = CompanyOfTreasury::<T>::get(&company.treasury);
            ensure!(owner == Some(id), "a treasury does not lead back to its company");
            companies += 1;
        }
        ensure!(companies == next.saturating_sub(1), "a company that joined is missing");
        let treasuries = CompanyOfTreasury::<T>::iter_keys().count();
        ensure!(treasuries == companies as usize, "a treasury belongs to no company");
        Ok(())
    }

    /// The counts are right, and every company has somebody who can always grant roles.
    fn check_roles() -> Result<(), TryRuntimeError> {
        let mut counts = BTreeMap::<CompanyId, Count>::new();
        for (company, _, role) in Roles::<T>::iter() {
            ensure!(Companies::<T>::contains_key(company), "a role of an unknown company");
            ensure!(role.permissions.is_known(), "a role with unknown permissions");
            ensure!(!role.permissions.is_empty(), "a role without permissions");
            let count = counts.entry(company).or_default();
            count.roles += 1;
            count.keepers += u32::from(role.is_keeper());
        }
        for company in Companies::<T>::iter_keys() {
            let count = counts.get(&company).copied().unwrap_or_default();
            ensure!(count == RoleCount::<T>::get(company), "roles are counted wrong");
            ensure!(count.roles <= T::MaxRoles::get(), "a company has too many roles");
            ensure!(count.keepers > 0, "nobody can grant roles in a company for ever");
        }
        Ok(())
    }
}
