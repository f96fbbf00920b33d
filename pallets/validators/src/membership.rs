//! What becomes of the validators of a company that was expelled.

use crate::{Config, Event, Leaver, Leavers, Offences, Pallet, Session, Validators, WeightInfo};
use alloc::vec::Vec;
use frame_support::{traits::Get, weights::Weight, BoundedVec};
use smartlink_primitives::{traits::Membership, CompanyId};

impl<T: Config> Membership<T::AccountId> for Pallet<T> {
    fn fell(company: CompanyId) {
        Self::remove_all_of(company);
    }

    fn fall_weight() -> Weight {
        <T as Config>::WeightInfo::fell(T::MaxValidators::get())
    }
}

impl<T: Config> Pallet<T> {
    /// Takes all validators of a company out of the session after next, if another company has one
    /// that works. The rule for what the council may remove does not hold: its members decided that
    /// the chain goes on without this company.
    fn remove_all_of(company: CompanyId) {
        let (theirs, mut staying): (Vec<_>, Vec<_>) =
            Validators::<T>::get().into_iter().partition(|one| one.company == company);
        if theirs.is_empty() {
            return;
        }
        let works = staying.iter().any(|one| !Offences::<T>::contains_key(&one.account));
        if !works {
            Self::keep(company, theirs.len());
            return;
        }

        let gone = Session::<T>::current_index().saturating_add(2);
        let mut leavers = Leavers::<T>::get();
        let mut kept = Vec::new();
        for validator in theirs {
            let account = validator.account.clone();
            let leaver = Leaver { account: account.clone(), company, gone };
            if leavers.try_push(leaver).is_ok() {
                Self::deposit_event(Event::ValidatorRemoved { account, company, gone });
            } else {
                kept.push(validator);
            }
        }
        Self::keep(company, kept.len());
        staying.append(&mut kept);
        Self::warn_below_safe(staying.len());
        Leavers::<T>::put(leavers);
        // Not more than there were.
        Validators::<T>::put(BoundedVec::<_, T::MaxValidators>::truncate_from(staying));
    }

    /// Tells that so many validators of a company that fell stay.
    fn keep(company: CompanyId, validators: usize) {
        if validators > 0 {
            let validators = u32::try_from(validators).unwrap_or(u32::MAX);
            Self::deposit_event(Event::FloorKept { company, validators });
        }
    }
}
