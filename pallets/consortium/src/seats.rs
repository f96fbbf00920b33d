//! The seats of the council: who votes for which company.

use crate::{
    Companies, CompanyOfSeat, Config, Error, Event, Pallet, Permissions, Reminded, Seated, Seats,
    Standing, WeightInfo, LAPSED,
};
use alloc::vec::Vec;
use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{ChangeMembers, Get, InitializeMembers},
    weights::Weight,
    BoundedVec,
};
use smartlink_primitives::CompanyId;

impl<T: Config> Pallet<T> {
    /// Lets an account vote for a company, in place of the one that does.
    pub(crate) fn seat(company: CompanyId, to: T::AccountId) -> DispatchResult {
        ensure!(!CompanyOfSeat::<T>::contains_key(&to), Error::<T>::SeatTaken);
        let from = Seats::<T>::get(company);
        let fits = from.is_some() || Seats::<T>::count() < T::MaxSeats::get();
        ensure!(fits, Error::<T>::TooManySeats);

        if let Some(from) = &from {
            CompanyOfSeat::<T>::remove(from);
        }
        CompanyOfSeat::<T>::insert(&to, company);
        Seats::<T>::insert(company, &to);
        Self::deposit_event(Event::SeatMoved { company, from, to: Some(to) });
        Ok(())
    }

    /// Takes the seat of a company away, if it has one.
    pub(crate) fn unseat(company: CompanyId) {
        if let Some(from) = Seats::<T>::take(company) {
            CompanyOfSeat::<T>::remove(&from);
            Self::deposit_event(Event::SeatMoved { company, from: Some(from), to: None });
        }
    }

    /// Whether `who` may move the seat that a company has.
    pub(crate) fn may_move_seat(company: CompanyId, who: &T::AccountId) -> DispatchResult {
        let role = Self::role_for(company, who, Permissions::ALL)?;
        ensure!(role.expires.is_none(), Error::<T>::NotKeeper);
        ensure!(Seats::<T>::contains_key(company), Error::<T>::NoSeat);
        Ok(())
    }

    /// Whether the council has a member when the seat of this company is empty.
    pub(crate) fn ensure_others_sit(company: CompanyId) -> DispatchResult {
        if !Seats::<T>::contains_key(company) {
            return Ok(());
        }
        let sitting = Seats::<T>::iter_keys().any(|other| {
            other != company && Self::is_active(other) && Reminded::<T>::get(other) < LAPSED
        });
        ensure!(sitting, Error::<T>::LastSeat);
        Ok(())
    }

    /// Who is to be in the council, sorted: the seats of active companies whose lapse was not told.
    /// If there are none, the seats of active companies whose lapse was told, because an empty
    /// council could renew nobody.
    pub(crate) fn members() -> Vec<T::AccountId> {
        let active = Seats::<T>::iter().filter(|(company, _)| Self::is_active(*company));
        let (lapsed, sitting): (Vec<_>, Vec<_>) =
            active.partition(|(company, _)| Reminded::<T>::get(*company) >= LAPSED);
        let chosen = if sitting.is_empty() { lapsed } else { sitting };
        let mut members: Vec<_> = chosen.into_iter().map(|(_, account)| account).collect();
        members.sort();
        members
    }

    /// Tells the council its members, if they changed.
    pub(crate) fn reseat() {
        let members = Self::members();
        let before = Seated::<T>::get();
        if before.as_slice() != members.as_slice() {
            T::Council::set_members_sorted(&members, &before);
            // There are at most as many as there are seats.
            Seated::<T>::put(BoundedVec::<_, T::MaxSeats>::truncate_from(members));
        }
    }

    /// Gives the council its first members.
    pub(crate) fn open_council() {
        let members = Self::members();
        T::Council::initialize_members(&members);
        Seated::<T>::put(BoundedVec::<_, T::MaxSeats>::truncate_from(members));
    }

    /// What [`Self::reseat`] weighs at most.
    pub(crate) fn reseat_weight() -> Weight {
        T::WeightInfo::reseat(T::MaxSeats::get()).saturating_add(T::CouncilWeight::get())
    }

    /// Whether the council lets a company act. It may have lapsed.
    fn is_active(company: CompanyId) -> bool {
        Companies::<T>::get(company).is_some_and(|entry| entry.standing == Standing::Active)
    }
}
