//! What always holds of the companies, their roles and seats, and of those who want to join.

use crate::{
    types::next_notice, AcceptedTreasuries, ApplicationOf, Applications, Companies, CompanyOfSeat,
    CompanyOfTreasury, Config, Count, NextApplication, NextCompany, NextLook, Pallet, Reminded,
    RoleCount, Roles, Seated, Seats, Standing, LAPSED,
};
use alloc::collections::BTreeMap;
use frame_support::{ensure, traits::Get};
use smartlink_primitives::CompanyId;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks the whole state of this pallet. Reads everything: for tests, try-runtime and
    /// auditors.
    pub fn check_invariants() -> Result<(), TryRuntimeError> {
        Self::check_companies()?;
        Self::check_roles()?;
        Self::check_terms()?;
        Self::check_seats()?;
        Self::check_applications()
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

    /// Whoever's membership ends is looked at in time, and nobody else was told anything.
    fn check_terms() -> Result<(), TryRuntimeError> {
        let look = NextLook::<T>::get();
        for (id, company) in Companies::<T>::iter() {
            let given = Reminded::<T>::get(id);
            ensure!(given <= LAPSED, "a company was given more notices than there are");
            match company.end() {
                Some(until) => {
                    let due = next_notice(until, given);
                    ensure!(due.is_none_or(|due| look <= due), "a notice would come too late");
                }
                None => ensure!(given == 0, "a notice of the end of a membership without one"),
            }
        }
        for company in Reminded::<T>::iter_keys() {
            ensure!(Companies::<T>::contains_key(company), "a notice to an unknown company");
        }
        Ok(())
    }

    /// A seat is of one company that was not expelled, and the council was told who is in it.
    fn check_seats() -> Result<(), TryRuntimeError> {
        let mut seats = 0u32;
        for (company, account) in Seats::<T>::iter() {
            let standing = Companies::<T>::get(company).map(|entry| entry.standing);
            ensure!(standing.is_some(), "a seat of an unknown company");
            ensure!(standing != Some(Standing::Expelled), "a seat of an expelled company");
            let votes_for = CompanyOfSeat::<T>::get(&account);
            ensure!(votes_for == Some(company), "a seat does not lead back to its company");
            seats += 1;
        }
        ensure!(seats == Seats::<T>::count(), "seats are counted wrong");
        ensure!(seats <= T::MaxSeats::get(), "more seats than allowed");
        let accounts = CompanyOfSeat::<T>::iter_keys().count();
        ensure!(accounts == seats as usize, "an account votes for a company without a seat");
        let seated = Seated::<T>::get();
        ensure!(seated.as_slice() == Self::members().as_slice(), "the council is not up to date");
        Ok(())
    }

    /// Every application is the only one of its applicant, and has papers. No treasury agreed to one that is not open.
    fn check_applications() -> Result<(), TryRuntimeError> {
        let mut applications = 0u32;
        for (id, application) in Applications::<T>::iter() {
            ensure!(id < NextApplication::<T>::get(), "an application whose id was never given");
            ensure!(crate::is_name(&application.name), "an application with a bad name");
            ensure!(!application.papers.is_empty(), "an application without papers");
            let open = ApplicationOf::<T>::get(&application.applicant);
            ensure!(open == Some(id), "an applicant does not lead back to the application");
            for (_, attested_by) in &application.papers {
                let known = attested_by.is_none_or(Companies::<T>::contains_key);
                ensure!(known, "a paper that an unknown company attested");
            }
            applications += 1;
        }
        ensure!(applications == Applications::<T>::count(), "applications are counted wrong");
        ensure!(applications <= T::MaxApplications::get(), "more applications than allowed");
        let applicants = ApplicationOf::<T>::iter_keys().count();
        ensure!(applicants == applications as usize, "an applicant without an application");
        for id in AcceptedTreasuries::<T>::iter_keys() {
            let open = Applications::<T>::contains_key(id);
            ensure!(open, "a treasury agreed to an application that is not open");
        }
        Ok(())
    }
}
