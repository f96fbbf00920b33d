//! # The drivers
//!
//! A driver is one id on the chain, whatever number of companies it drives for. In each company it
//! has a seat, its place in the company's ledger, which [`Seats`] gives and keeps.
//!
//! ```text
//!                enrol                    set_status(Suspended)
//!   account ───────────────▶ Active ◀──────────────────────────▶ Suspended
//!             (new driver,     ▲ │        set_status(Active)         │
//!              or known to     │ │ set_status(Left)                  │ set_status(Left)
//!              the chain)      │ ▼                                   │
//!                              └─ Left ◀─────────────────────────────┘
//!                           enrol again: the same seat
//! ```
//!
//! * The people of a company (permission `PERSONNEL`) enrol drivers and set their status in that
//!   company, and in no other.
//! * The driver alone moves to another account (`set_account`). Balances on seats follow, since a
//!   seat knows its account.
//! * A seat is never given to anybody else: what a driver earned stays on it after leaving.
//! * Nothing personal is on the chain. Ids start at 1.
//!
//! [`Seats`]: smartlink_primitives::traits::Seats

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod invariants;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::{Driver, DriverStatus, Employment};
pub use weights::WeightInfo;

use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure, weights::Weight, BoundedVec};
use smartlink_primitives::{
    traits::{Companies, Drivers as DriversTrait, Membership, Seats},
    CompanyId, DriverId, Permissions, Seat,
};
use sp_runtime::DispatchError;

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// The companies drivers work for.
        type Companies: Companies<Self::AccountId>;

        /// The seats in the companies' ledgers.
        type Seats: Seats<Self::AccountId>;

        /// Who wants to know which accounts drive for a company.
        type Observers: Membership<Self::AccountId>;

        /// The most companies one driver can ever work for.
        #[pallet::constant]
        type MaxEmployers: Get<u32>;

        /// What the calls weigh.
        type WeightInfo: WeightInfo;
    }

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// Ids start at 1.
    #[pallet::type_value]
    pub fn FirstDriver() -> DriverId {
        DriverId(1)
    }

    /// The id of the next new driver.
    #[pallet::storage]
    pub type NextDriver<T: Config> = StorageValue<_, DriverId, ValueQuery, FirstDriver>;

    /// The drivers.
    #[pallet::storage]
    pub type Drivers<T: Config> = StorageMap<_, Twox64Concat, DriverId, Driver<T>, OptionQuery>;

    /// Which driver an account is.
    #[pallet::storage]
    pub type DriverOf<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, DriverId, OptionQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A driver works for a company, for the first time or again.
        Enrolled { driver: DriverId, account: T::AccountId, company: CompanyId, seat: Seat },
        /// A driver's status in a company is this now.
        StatusSet { driver: DriverId, company: CompanyId, seat: Seat, status: DriverStatus },
        /// A driver moved to another account.
        AccountSet { driver: DriverId, from: T::AccountId, to: T::AccountId },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The driver works for the company already: set the status instead.
        AlreadyEnrolled,
        /// The driver works or worked for as many companies as the chain allows.
        TooManyEmployers,
        /// The chain has given all ids of drivers.
        TooManyDrivers,
        /// There is no driver with this id.
        UnknownDriver,
        /// The driver never worked for the company: enrol the account first.
        NotEmployed,
        /// The driver left the company: enrol the account again.
        HasLeft,
        /// The account is no driver's: sign with the driver's present account.
        NotDriver,
        /// The account is a driver's already: choose another one.
        AccountTaken,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::check_invariants()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Lets the driver with this account work for a company. An account the chain does not know
        /// becomes a driver; one who left gets the old seat back.
        ///
        /// Origin: signed, with the company's permission `PERSONNEL`.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::enrol().saturating_add(T::Observers::change_weight()))]
        pub fn enrol(
            origin: OriginFor<T>,
            company: CompanyId,
            account: T::AccountId,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            T::Companies::authorise(&who, company, Permissions::PERSONNEL)?;
            Self::employ(company, account)
        }

        /// Suspends a driver in a company, lets it drive again, or ends its work there.
        ///
        /// Origin: signed, with the company's permission `PERSONNEL`.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::set_status().saturating_add(T::Observers::change_weight()))]
        pub fn set_status(
            origin: OriginFor<T>,
            company: CompanyId,
            driver: DriverId,
            status: DriverStatus,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            T::Companies::authorise(&who, company, Permissions::PERSONNEL)?;
            Self::change_status(company, driver, status)
        }

        /// Moves the driver who signs to another account, with all its seats.
        ///
        /// Origin: signed by the driver's present account.
        #[pallet::call_index(2)]
        #[pallet::weight(Pallet::<T>::moving(T::MaxEmployers::get()))]
        pub fn set_account(
            origin: OriginFor<T>,
            account: T::AccountId,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let seats = Self::move_to(who, account)?;
            Ok(Some(Self::moving(seats)).into())
        }
    }
}

impl<T: Config> Pallet<T> {
    fn employ(company: CompanyId, account: T::AccountId) -> DispatchResult {
        let (id, mut driver) = Self::driver_or_new(&account)?;
        let seat = match driver.employment_mut(company) {
            Some(employment) => {
                ensure!(employment.status == DriverStatus::Left, Error::<T>::AlreadyEnrolled);
                employment.status = DriverStatus::Active;
                T::Seats::set_active(company, employment.seat, true)?;
                employment.seat
            }
            None => {
                ensure!(!driver.employments.is_full(), Error::<T>::TooManyEmployers);
                let seat = T::Seats::open(company, id, &account)?;
                let employment = Employment { company, seat, status: DriverStatus::Active };
                let pushed = driver.employments.try_push(employment);
                pushed.map_err(|_| Error::<T>::TooManyEmployers)?;
                seat
            }
        };
        Drivers::<T>::insert(id, driver);
        T::Observers::joined(company, &account);
        Self::deposit_event(Event::Enrolled { driver: id, account, company, seat });
        Ok(())
    }

    /// The driver with this account, who becomes one if the chain does not know it.
    fn driver_or_new(account: &T::AccountId) -> Result<(DriverId, Driver<T>), DispatchError> {
        if let Some(id) = DriverOf::<T>::get(account) {
            return Ok((id, Drivers::<T>::get(id).ok_or(Error::<T>::UnknownDriver)?));
        }
        let id = NextDriver::<T>::get();
        let next = id.0.checked_add(1).ok_or(Error::<T>::TooManyDrivers)?;
        NextDriver::<T>::put(DriverId(next));
        DriverOf::<T>::insert(account, id);
        Ok((id, Driver { account: account.clone(), employments: BoundedVec::new() }))
    }

    fn change_status(company: CompanyId, id: DriverId, status: DriverStatus) -> DispatchResult {
        let mut driver = Drivers::<T>::get(id).ok_or(Error::<T>::UnknownDriver)?;
        let employment = driver.employment_mut(company).ok_or(Error::<T>::NotEmployed)?;
        ensure!(employment.status != DriverStatus::Left, Error::<T>::HasLeft);
        employment.status = status;
        let seat = employment.seat;
        T::Seats::set_active(company, seat, status == DriverStatus::Active)?;
        let account = driver.account.clone();
        Drivers::<T>::insert(id, driver);
        if status == DriverStatus::Left {
            T::Observers::left(company, &account);
        }
        Self::deposit_event(Event::StatusSet { driver: id, company, seat, status });
        Ok(())
    }

    /// Moves a driver, and returns how many seats went with it.
    fn move_to(from: T::AccountId, to: T::AccountId) -> Result<u32, DispatchError> {
        let id = DriverOf::<T>::get(&from).ok_or(Error::<T>::NotDriver)?;
        ensure!(!DriverOf::<T>::contains_key(&to), Error::<T>::AccountTaken);
        let mut driver = Drivers::<T>::get(id).ok_or(Error::<T>::UnknownDriver)?;
        for employment in &driver.employments {
            T::Seats::set_account(employment.company, employment.seat, &to)?;
        }
        // Bounded by MaxEmployers, a u32.
        let seats = driver.employments.len() as u32;
        let employers: Vec<CompanyId> = driver.employers().collect();
        driver.account = to.clone();
        Drivers::<T>::insert(id, driver);
        DriverOf::<T>::remove(&from);
        DriverOf::<T>::insert(&to, id);
        for company in employers {
            T::Observers::left(company, &from);
            T::Observers::joined(company, &to);
        }
        Self::deposit_event(Event::AccountSet { driver: id, from, to });
        Ok(seats)
    }
}

impl<T: Config> Pallet<T> {
    /// Whether `who` drives for a company, suspended or not.
    pub fn drives_for(who: &T::AccountId, company: CompanyId) -> bool {
        DriverOf::<T>::get(who)
            .and_then(Drivers::<T>::get)
            .is_some_and(|driver| driver.employers().any(|employer| employer == company))
    }

    /// What it weighs to move a driver with so many seats, and to tell of it.
    fn moving(seats: u32) -> Weight {
        let told = T::Observers::change_weight().saturating_mul(2 * u64::from(seats));
        T::WeightInfo::set_account(seats).saturating_add(told)
    }
}

impl<T: Config> DriversTrait<T::AccountId> for Pallet<T> {
    fn seat(driver: DriverId, company: CompanyId) -> Option<Seat> {
        Drivers::<T>::get(driver)?.employment(company).map(|employment| employment.seat)
    }
}
