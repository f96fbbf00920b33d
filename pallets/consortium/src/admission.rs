//! How companies join: application, attestation, the treasury's word, admission.

use crate::{
    is_name, AcceptedTreasuries, Application, ApplicationId, ApplicationOf, Applications, Attested,
    CompanyOfTreasury, Config, Error, Event, Name, NextApplication, Pallet, Papers, Permissions,
    Roles, Submitted,
};
use alloc::vec::Vec;
use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{Contains, Get},
};
use smartlink_primitives::{CompanyId, CompanyKind};

impl<T: Config> Pallet<T> {
    /// Keeps an application until it is admitted or closed.
    pub(crate) fn open_application(
        name: Name,
        kind: CompanyKind,
        treasury: T::AccountId,
        applicant: T::AccountId,
        papers: Papers,
    ) -> DispatchResult {
        ensure!(is_name(&name), Error::<T>::BadName);
        ensure!(!papers.is_empty(), Error::<T>::NoPapers);
        ensure!(!CompanyOfTreasury::<T>::contains_key(&treasury), Error::<T>::TreasuryTaken);
        ensure!(!ApplicationOf::<T>::contains_key(&applicant), Error::<T>::AlreadyApplied);
        let fits = Applications::<T>::count() < T::MaxApplications::get();
        ensure!(fits, Error::<T>::TooManyApplications);
        let application = NextApplication::<T>::get();
        let next = application.0.checked_add(1).ok_or(Error::<T>::TooManyApplications)?;

        let applied = Self::now();
        let submitted: Vec<_> = papers.iter().map(|paper| (*paper, None)).collect();
        NextApplication::<T>::put(ApplicationId(next));
        ApplicationOf::<T>::insert(&applicant, application);
        Applications::<T>::insert(
            application,
            Application {
                name: name.clone(),
                kind,
                treasury: treasury.clone(),
                applicant: applicant.clone(),
                // As many as there are papers.
                papers: Submitted::truncate_from(submitted),
                applied,
            },
        );
        Self::deposit_event(Event::Applied {
            application,
            name,
            kind,
            treasury,
            applicant,
            papers,
            applied,
        });
        Ok(())
    }

    /// Closes an application for an account, or for the council (`None`).
    pub(crate) fn close_application(
        application: ApplicationId,
        by: Option<T::AccountId>,
    ) -> DispatchResult {
        let entry = Applications::<T>::get(application).ok_or(Error::<T>::UnknownApplication)?;
        if let Some(who) = &by {
            let outlived = entry.applied.saturating_add(T::ApplicationLife::get());
            let may = entry.applicant == *who || Self::now() >= outlived;
            ensure!(may, Error::<T>::NotApplicant);
        }
        Self::forget_application(application, &entry.applicant);
        Self::deposit_event(Event::ApplicationClosed { application, by });
        Ok(())
    }

    fn forget_application(application: ApplicationId, applicant: &T::AccountId) {
        Applications::<T>::remove(application);
        ApplicationOf::<T>::remove(applicant);
        AcceptedTreasuries::<T>::remove(application);
    }

    /// Notes that a company answers for a paper.
    pub(crate) fn attest(
        application: ApplicationId,
        index: u32,
        company: CompanyId,
        by: T::AccountId,
    ) -> DispatchResult {
        let kind = Self::active(company)?.kind;
        Self::role_for(company, &by, Permissions::ATTEST)?;
        ensure!(T::Attesters::contains(&kind), Error::<T>::NotAttester);

        let mut entry =
            Applications::<T>::get(application).ok_or(Error::<T>::UnknownApplication)?;
        let own = Roles::<T>::contains_key(company, &entry.applicant);
        ensure!(!own, Error::<T>::OwnApplication);
        let place = usize::try_from(index).map_err(|_| Error::<T>::UnknownPaper)?;
        let (_, attested_by) = entry.papers.get_mut(place).ok_or(Error::<T>::UnknownPaper)?;
        ensure!(*attested_by != Some(company), Error::<T>::AlreadyAttested);
        let before = attested_by.replace(company);
        Applications::<T>::insert(application, entry);
        Self::deposit_event(Event::PaperAttested { application, index, company, by, before });
        Ok(())
    }

    /// Notes that the treasury of an application agreed to be it.
    pub(crate) fn agree(application: ApplicationId, treasury: T::AccountId) -> DispatchResult {
        let entry = Applications::<T>::get(application).ok_or(Error::<T>::UnknownApplication)?;
        ensure!(entry.treasury == treasury, Error::<T>::NotTreasury);
        ensure!(!Self::has_agreed(application, &entry), Error::<T>::AlreadyAccepted);
        AcceptedTreasuries::<T>::insert(application, ());
        Self::deposit_event(Event::TreasuryAccepted { application, treasury });
        Ok(())
    }

    /// Whether the treasury of an application agreed to be it. Who applies with the own account did.
    fn has_agreed(application: ApplicationId, entry: &Application<T::AccountId>) -> bool {
        entry.treasury == entry.applicant || AcceptedTreasuries::<T>::contains_key(application)
    }

    /// Makes a member of an applicant whose papers are all attested, and whose treasury agreed.
    pub(crate) fn admit_applicant(
        application: ApplicationId,
        until: Option<u64>,
        seat: bool,
    ) -> DispatchResult {
        let now = Self::now();
        ensure!(until.is_none_or(|until| until > now), Error::<T>::ExpiryInPast);
        let entry = Applications::<T>::get(application).ok_or(Error::<T>::UnknownApplication)?;
        let agreed = Self::has_agreed(application, &entry);
        let Application { name, kind, treasury, applicant, papers, .. } = entry;
        ensure!(!papers.is_empty(), Error::<T>::NoPapers);
        let attested: Option<Vec<_>> =
            papers.into_iter().map(|(paper, by)| by.map(|by| (paper, by))).collect();
        let attested = attested.ok_or(Error::<T>::PaperNotAttested)?;
        ensure!(agreed, Error::<T>::TreasuryNotAccepted);

        Self::forget_application(application, &applicant);
        let company = Self::register(name, kind, treasury, applicant.clone(), now, until)?;
        Self::begin_term(company, until, now);
        // As many as there are papers.
        let papers = Attested::truncate_from(attested);
        Self::deposit_event(Event::Admitted { company, application, until, papers });
        if seat {
            Self::seat(company, applicant)?;
            Self::reseat();
        }
        Ok(())
    }
}
