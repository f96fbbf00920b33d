//! The drivers' ledgers: pages of balances, seats, withdrawals.

use crate::{
    BalancePage, Balances, CompanyTotals, Config, Error, Event, Holders, Move, Moves, Pallet,
    SeatCount, SeatHolder,
};
use alloc::{vec, vec::Vec};
use core::marker::PhantomData;
use frame_support::{
    ensure,
    traits::{
        fungible::{Inspect, Mutate},
        tokens::Preservation,
        Get, UnixTime,
    },
};
use smartlink_primitives::{
    ledger::{DriverLedger, PAGE_SEATS},
    traits::Seats,
    CompanyId, DriverId, Money, Seat,
};
use sp_runtime::{DispatchError, DispatchResult, TryRuntimeError};

/// The pages of balances that a batch touches: each read once and written once.
pub(crate) struct BalancePages<T> {
    company: CompanyId,
    pages: Vec<Option<BalancePage>>,
    _runtime: PhantomData<T>,
}

impl<T: Config> BalancePages<T> {
    pub(crate) fn new(company: CompanyId, pages: usize) -> Self {
        Self { company, pages: vec![None; pages], _runtime: PhantomData }
    }

    /// Adds to what a seat may withdraw.
    pub(crate) fn credit(&mut self, seat: Seat, amount: u128) -> DispatchResult {
        let company = self.company;
        let page = self.pages.get_mut(seat.page() as usize).ok_or(Error::<T>::UnknownSeat)?;
        let balance = page
            .get_or_insert_with(|| Balances::<T>::get(company, seat.page()))
            .get_mut(seat.entry())
            .ok_or(Error::<T>::UnknownSeat)?;
        *balance = balance.checked_add(Money(amount)).ok_or(Error::<T>::Overflow)?;
        Ok(())
    }

    pub(crate) fn write(self) {
        for (place, page) in (0u32..).zip(self.pages) {
            if let Some(page) = page {
                Balances::<T>::insert(self.company, place, page);
            }
        }
    }
}

impl<T: Config> Pallet<T> {
    /// Pays a seat's balance, or a part of it, to its account, which must be `who`.
    pub(crate) fn pay_out(
        who: &T::AccountId,
        company: CompanyId,
        seat: Seat,
        amount: Option<Money>,
    ) -> DispatchResult {
        let holder = Self::holder(company, seat).ok_or(Error::<T>::UnknownSeat)?;
        ensure!(holder.account == *who, Error::<T>::NotYourSeat);
        let amount = Balances::<T>::try_mutate(company, seat.page(), |page| {
            let balance = page.get_mut(seat.entry()).ok_or(Error::<T>::UnknownSeat)?;
            let amount = amount.unwrap_or(*balance);
            ensure!(amount != Money::ZERO, Error::<T>::NothingToMove);
            *balance = balance.checked_sub(amount).ok_or(Error::<T>::NotOwed)?;
            Ok::<_, Error<T>>(amount)
        })?;
        let from = Self::ledger_account();
        T::Currency::transfer(&from, who, amount.units(), Preservation::Expendable)?;
        let account = who.clone();
        Self::deposit_event(Event::Withdrawn { company, seat, account, amount });
        Ok(())
    }

    fn holder(company: CompanyId, seat: Seat) -> Option<SeatHolder<T::AccountId>> {
        Holders::<T>::get(company, seat.page()).get(seat.entry()).cloned()
    }

    /// What a company owes the holder of a seat.
    pub fn driver_ledger(company: CompanyId, seat: Seat) -> Option<DriverLedger<T::AccountId>> {
        let SeatHolder { driver, account, inactive_since } = Self::holder(company, seat)?;
        let balance = *Balances::<T>::get(company, seat.page()).get(seat.entry())?;
        let active = inactive_since.is_none();
        Some(DriverLedger { driver, seat, account, active, balance })
    }

    /// The sum of all drivers' balances in all pages of all companies.
    pub fn owed() -> Money {
        Balances::<T>::iter_values().flatten().sum()
    }

    fn change_holder(
        company: CompanyId,
        seat: Seat,
        change: impl FnOnce(&mut SeatHolder<T::AccountId>),
    ) -> DispatchResult {
        Holders::<T>::try_mutate(company, seat.page(), |page| {
            page.get_mut(seat.entry()).map(change).ok_or(Error::<T>::UnknownSeat.into())
        })
    }

    /// The ledger account holds what the pages owe; every seat has a holder and a balance; totals add up.
    ///
    /// # Errors
    /// Which of it does not hold.
    pub fn check_invariants() -> Result<(), TryRuntimeError> {
        let held = T::Currency::balance(&Self::ledger_account());
        // Anybody can send money to any account, so there may be more; nothing ever takes it out.
        ensure!(Self::owed().units() <= held, "the ledger account holds less than the pages owe");
        for (company, seats) in SeatCount::<T>::iter() {
            for page in 0..seats.div_ceil(PAGE_SEATS) {
                let expected = (seats - page * PAGE_SEATS).min(PAGE_SEATS) as usize;
                let holders = Holders::<T>::decode_len(company, page).unwrap_or(0);
                let balances = Balances::<T>::decode_len(company, page).unwrap_or(0);
                ensure!(holders == expected, "a page has other holders than seats");
                ensure!(balances == expected, "a page has other balances than seats");
            }
        }
        for totals in CompanyTotals::<T>::iter_values() {
            let parts =
                totals.drivers.units() + totals.platform.units() + totals.third_parties.units();
            ensure!(totals.gross.units() == parts, "a company's totals do not add up");
        }
        Ok(())
    }
}

impl<T: Config> Seats<T::AccountId> for Pallet<T> {
    fn open(
        company: CompanyId,
        driver: DriverId,
        account: &T::AccountId,
    ) -> Result<Seat, DispatchError> {
        let seat = Seat(SeatCount::<T>::get(company));
        ensure!(seat.0 < T::MaxSeats::get(), Error::<T>::SeatsExhausted);
        let holder = SeatHolder { driver, account: account.clone(), inactive_since: None };
        // Pages fill in order, so the last one has room: it holds the seats below `seat` alone.
        Holders::<T>::try_append(company, seat.page(), holder)
            .map_err(|()| Error::<T>::SeatsExhausted)?;
        Balances::<T>::try_append(company, seat.page(), Money::ZERO)
            .map_err(|()| Error::<T>::SeatsExhausted)?;
        SeatCount::<T>::insert(company, seat.0.saturating_add(1));
        let account = account.clone();
        Self::deposit_event(Event::SeatOpened { company, seat, driver, account });
        Ok(seat)
    }

    fn set_active(company: CompanyId, seat: Seat, active: bool) -> DispatchResult {
        let inactive_since = (!active).then(|| T::Time::now().as_secs());
        Self::change_holder(company, seat, |holder| holder.inactive_since = inactive_since)?;
        Self::deposit_event(Event::SeatActive { company, seat, inactive_since });
        Ok(())
    }

    fn set_account(company: CompanyId, seat: Seat, account: &T::AccountId) -> DispatchResult {
        let from = Self::holder(company, seat).ok_or(Error::<T>::UnknownSeat)?.account;
        let extrinsic = frame_system::Pallet::<T>::extrinsic_index().unwrap_or_default();
        Moves::<T>::try_append(Move { extrinsic, company, seat, from })
            .map_err(|()| Error::<T>::TooManyMoves)?;
        Self::change_holder(company, seat, |holder| holder.account = account.clone())?;
        let account = account.clone();
        Self::deposit_event(Event::SeatAccount { company, seat, account });
        Ok(())
    }
}
