//! How this pallet serves the session pallet and the offences pallet.

use crate::{
    Config, Event, Leavers, OffenceKind, Offences, Pallet, Session, Validator, Validators,
};
use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};
use pallet_session::{historical, SessionManager};
use smartlink_primitives::CompanyId;
use sp_runtime::{traits::Convert, Perbill};
use sp_staking::{
    offence::{OffenceDetails, OffenceSeverity, OnOffenceHandler},
    SessionIndex,
};

/// The full identification of a validator: the company that answers for it.
pub struct ValidatorCompany<T>(PhantomData<T>);

impl<T: Config> Convert<T::AccountId, Option<CompanyId>> for ValidatorCompany<T> {
    fn convert(account: T::AccountId) -> Option<CompanyId> {
        Pallet::<T>::company_of(&account)
    }
}

impl<T: Config> Pallet<T> {
    /// The set for a session to plan. `None`, which means the present one, only for a chain whose
    /// genesis gave this pallet no validators.
    fn plan() -> Option<Vec<(T::AccountId, CompanyId)>> {
        let validators = Validators::<T>::get();
        let identified =
            validators.into_iter().map(|Validator { account, company }| (account, company));
        Some(identified.collect()).filter(|set: &Vec<_>| !set.is_empty())
    }

    /// Forgets those who are in no session from `starting` on.
    fn let_go(starting: SessionIndex) {
        if Leavers::<T>::get().iter().all(|leaver| leaver.gone > starting) {
            return;
        }
        Leavers::<T>::mutate(|leavers| {
            leavers.retain(|leaver| {
                let stays = leaver.gone > starting;
                if !stays {
                    Offences::<T>::remove(&leaver.account);
                    let account = leaver.account.clone();
                    Self::deposit_event(Event::ValidatorLeft { account });
                }
                stays
            })
        });
    }

    /// Disables those whose offences wait for the council: a new set made the session pallet
    /// forget. First those who equivocated, then those who are absent, as long as the chain bears
    /// it.
    fn disable_offenders() {
        let mut offenders: Vec<_> = Offences::<T>::iter().collect();
        offenders.sort_by_key(|(_, offence)| offence.kind);
        for (account, offence) in offenders {
            if offence.kind == OffenceKind::Equivocation || Self::bears_another() {
                Session::<T>::report_offence(account, OffenceSeverity(offence.severity));
            }
        }
    }
}

impl<T: Config> SessionManager<T::AccountId> for Pallet<T> {
    fn new_session(_planned: SessionIndex) -> Option<Vec<T::AccountId>> {
        Some(Self::plan()?.into_iter().map(|(account, _)| account).collect())
    }

    fn start_session(starting: SessionIndex) {
        Self::let_go(starting);
        Self::start_clocks();
        Self::disable_offenders();
    }

    fn end_session(ending: SessionIndex) {
        Self::report_absent(ending);
    }
}

impl<T: Config> historical::SessionManager<T::AccountId, CompanyId> for Pallet<T> {
    fn new_session(_planned: SessionIndex) -> Option<Vec<(T::AccountId, CompanyId)>> {
        Self::plan()
    }

    fn start_session(starting: SessionIndex) {
        <Self as SessionManager<_>>::start_session(starting)
    }

    fn end_session(ending: SessionIndex) {
        <Self as SessionManager<_>>::end_session(ending)
    }
}

impl<T: Config> OnOffenceHandler<T::AccountId, (T::AccountId, CompanyId), Weight> for Pallet<T> {
    fn on_offence(
        offenders: &[OffenceDetails<T::AccountId, (T::AccountId, CompanyId)>],
        severities: &[Perbill],
        session: SessionIndex,
    ) -> Weight {
        let mut weight = Weight::zero();
        for (details, &severity) in offenders.iter().zip(severities) {
            let (account, company) = details.offender.clone();
            let kind = OffenceKind::Equivocation;
            if Self::company_of(&account).is_some() {
                Self::note_offence(&account, kind, session, severity);
            }
            Session::<T>::report_offence(account.clone(), OffenceSeverity(severity));
            Self::deposit_event(Event::Offended { account, company, session, severity, kind });
            // Validators, leavers, the offence, the session's validators and who is disabled.
            weight = weight.saturating_add(T::DbWeight::get().reads_writes(5, 2));
        }
        weight
    }
}
