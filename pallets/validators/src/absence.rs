//! Who makes blocks, and who is absent.

use crate::{
    Config, Event, LastAuthored, OffenceKind, Offences, Pallet, Session, Validator, Validators,
};
use alloc::vec::Vec;
use frame_support::traits::Get;
use frame_system::{pallet_prelude::BlockNumberFor, Pallet as System};
use pallet_authorship::EventHandler;
use sp_runtime::{traits::Saturating, Perbill};
use sp_staking::SessionIndex;

/// How grave it is to be absent: less than to misbehave, but the council has to look.
pub const ABSENCE: Perbill = Perbill::from_percent(1);

impl<T: Config> EventHandler<T::AccountId, BlockNumberFor<T>> for Pallet<T> {
    fn note_author(author: T::AccountId) {
        Self::restart_clock(&author);
    }
}

impl<T: Config> Pallet<T> {
    /// Those who validate in the present session.
    fn present() -> Vec<T::AccountId> {
        let most = T::MaxValidators::get() as usize;
        Session::<T>::validators().into_iter().take(most).collect()
    }

    /// How many blocks one of so many validators may miss.
    fn patience(validators: usize) -> BlockNumberFor<T> {
        let validators = u32::try_from(validators).unwrap_or(u32::MAX);
        T::Patience::get().saturating_mul(validators).into()
    }

    /// Whether the chain can do without one more: fewer than a third would be disabled.
    pub(crate) fn bears_another() -> bool {
        let disabled = Session::<T>::disabled_validators().len().saturating_add(1);
        disabled.saturating_mul(3) < Session::<T>::validators().len()
    }

    /// Starts the clocks of those who enter a session, and forgets those of who left. A set that
    /// shrank starts all of them: its patience is shorter, and was not meant for the time before.
    pub(crate) fn start_clocks() {
        let now = System::<T>::block_number();
        let present = Self::present();
        let before: Vec<_> = LastAuthored::<T>::iter_keys().collect();
        let shrank = present.len() < before.len();
        for account in before.iter().filter(|account| !present.contains(account)) {
            LastAuthored::<T>::remove(account);
        }
        for account in present {
            if shrank || !before.contains(&account) {
                LastAuthored::<T>::insert(account, now);
            }
        }
    }

    /// Starts the clock of a validator anew, if it is in the present session.
    pub(crate) fn restart_clock(account: &T::AccountId) {
        LastAuthored::<T>::mutate(account, |last| {
            if let Some(last) = last {
                *last = System::<T>::block_number();
            }
        });
    }

    /// Puts before the council who made no block for longer than anybody is unlucky, once an
    /// absence: not who is before it already. They are disabled when the next session starts.
    pub(crate) fn report_absent(session: SessionIndex) {
        let now = System::<T>::block_number();
        let present = Self::present();
        let patience = Self::patience(present.len());
        let disabled = Session::<T>::disabled_validators();
        let validators = Validators::<T>::get();
        for (place, account) in (0u32..).zip(present) {
            if disabled.contains(&place) {
                // It could make no block: that is no absence.
                Self::restart_clock(&account);
                continue;
            }
            let last = LastAuthored::<T>::get(&account).unwrap_or(now);
            if now.saturating_sub(last) < patience || Offences::<T>::contains_key(&account) {
                continue;
            }
            // Who leaves anyway is left alone.
            let known = validators.iter().find(|validator| validator.account == account);
            if let Some(Validator { company, .. }) = known {
                let (kind, severity) = (OffenceKind::Unavailable, ABSENCE);
                Self::note_offence(&account, kind, session, severity);
                let company = *company;
                Self::deposit_event(Event::Offended { account, company, session, severity, kind });
            }
        }
    }
}
