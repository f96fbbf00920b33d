//! How long companies are members: suspension, renewal, lapse and expulsion.

use crate::{
    types::{next_notice, notices_due},
    Companies, Config, Error, Event, Never, NextCompany, NextLook, Pallet, Reminded, Seats,
    Standing, WeightInfo, LAPSED, REMINDERS,
};
use frame_support::{dispatch::DispatchResult, ensure, traits::Get, weights::Weight};
use smartlink_primitives::{traits::Membership, CompanyId, H256};

impl<T: Config> Pallet<T> {
    /// Suspends a company, or lets it act again.
    pub(crate) fn suspend_or_resume(company: CompanyId, active: bool) -> DispatchResult {
        let mut entry = Self::not_expelled(company)?;
        if !active {
            Self::ensure_others_sit(company)?;
        }
        entry.standing = if active { Standing::Active } else { Standing::Suspended };
        Companies::<T>::insert(company, entry);
        Self::deposit_event(Event::CompanyActivitySet { company, active });
        if Seats::<T>::contains_key(company) {
            Self::reseat();
        }
        Ok(())
    }

    /// Expels a company for good.
    pub(crate) fn expel_company(company: CompanyId, reason: H256) -> DispatchResult {
        let mut entry = Self::not_expelled(company)?;
        Self::ensure_others_sit(company)?;
        entry.standing = Standing::Expelled;
        Companies::<T>::insert(company, entry);
        Reminded::<T>::remove(company);
        Self::deposit_event(Event::CompanyExpelled { company, reason });
        if Seats::<T>::contains_key(company) {
            Self::unseat(company);
            Self::reseat();
        }
        T::Observers::fell(company);
        Ok(())
    }

    /// Sets the end of a membership, also of one that lapsed.
    pub(crate) fn renew_until(company: CompanyId, until: Option<u64>) -> DispatchResult {
        let mut entry = Self::not_expelled(company)?;
        let now = Self::now();
        ensure!(until.is_none_or(|until| until > now), Error::<T>::ExpiryInPast);
        entry.until = until;
        Companies::<T>::insert(company, entry);
        Self::begin_term(company, until, now);
        Self::deposit_event(Event::MembershipRenewed { company, until });
        if Seats::<T>::contains_key(company) {
            Self::reseat();
        }
        Ok(())
    }

    /// Notes when the chain has to look at a company whose membership ends at `until`. What would
    /// have been due before now is not told: whoever set the end just now knows it.
    pub(crate) fn begin_term(company: CompanyId, until: Option<u64>, now: u64) {
        let Some(until) = until else {
            Reminded::<T>::remove(company);
            return;
        };
        let given = notices_due(until, now);
        Reminded::<T>::insert(company, given);
        if let Some(due) = next_notice(until, given) {
            NextLook::<T>::mutate(|next| *next = due.min(*next));
        }
    }

    /// Looks at all companies, tells what is due at `now`, and notes when to look again. Of several
    /// reminders that became due since the last look, it gives the last one.
    pub(crate) fn look(now: u64) -> Weight {
        let companies = NextCompany::<T>::get().0.saturating_sub(1).min(T::MaxCompanies::get());
        let mut next = Never::get();
        let mut lapsed = 0u32;
        for company in (1..=companies).map(CompanyId) {
            let Some(until) = Companies::<T>::get(company).and_then(|entry| entry.end()) else {
                continue;
            };
            let given = Reminded::<T>::get(company);
            let due = notices_due(until, now).max(given);
            if due > given {
                Reminded::<T>::insert(company, due);
                lapsed = lapsed.saturating_add(u32::from(Self::give_notice(company, until, due)));
            }
            if let Some(later) = next_notice(until, due) {
                next = next.min(later);
            }
        }
        NextLook::<T>::put(next);

        let looked = T::WeightInfo::look(companies);
        if lapsed == 0 {
            return looked;
        }
        Self::reseat();
        looked
            .saturating_add(T::Observers::change_weight().saturating_mul(lapsed.into()))
            .saturating_add(Self::reseat_weight())
    }

    /// Tells that a membership ends or ended: the last of `count` notices. Whether it ended.
    fn give_notice(company: CompanyId, until: u64, count: u8) -> bool {
        let reminder = usize::from(count).checked_sub(1).and_then(|last| REMINDERS.get(last));
        match reminder {
            Some(&days) => {
                Self::deposit_event(Event::MembershipEnding { company, until, days });
            }
            None => {
                Self::deposit_event(Event::MembershipLapsed { company });
                T::Observers::lapsed(company);
            }
        }
        count >= LAPSED
    }
}
