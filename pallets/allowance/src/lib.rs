//! # What members may do without fees
//!
//! Member companies transact without fees within an allowance that comes back block by block. All who
//! work for a company share its allowance: staff, drivers, workers. Beyond it, and for everybody
//! else, the fee is paid in money as ever.
//!
//! ```text
//!   transaction ──▶ does the signer draw on a company,
//!                   which may act, for which she works,
//!                   and whose allowance has room for the fee?
//!                      │ yes                          │ no
//!                      ▼                              ▼
//!              the allowance pays the fee,     money pays fee and tip
//!              money pays the tip
//!                      │
//!                      ▼ after the call
//!              what was not needed goes back into the allowance
//!
//!   used:   max ┤        ╭╮
//!               ┤   ╭────╯╰╮                  falls by `recovery_per_block` with each
//!               ┤ ╭─╯      ╰─────╮            block, computed when it is looked at
//!             0 ┼─╯              ╰──────▶ blocks
//! ```
//!
//! * Usage is counted in money: in the fee that would have been paid, weight and length both. No money
//!   moves for it: nothing is withdrawn, nothing is deposited, issuance stays.
//! * [`WithinAllowance`] stands in `pallet_transaction_payment::Config::OnChargeTransaction`, before
//!   what takes money. The extension `ChargeTransactionPayment`, its tip, and every wallet stay as
//!   they are. Its event `TransactionFeePaid` names the fee that was charged, whoever paid: money
//!   moved only if there is a `Withdraw` of the balances as well.
//! * An account draws on one company. It is the first that took it on, until it chooses another
//!   employer by [`Pallet::draw_on`]. Whether it may is looked at anew at each transaction: a
//!   suspension, a lapse, a role that expired or was revoked end it at once.
//! * The council may give a company an allowance of its own. Its present usage is settled at the old
//!   rate first. When the defaults change, what comes back of present usage does so at the new rate.
//! * There is no event for each transaction; [`Used`] has what each company saved in total.
//! * An account needs a unit of money to exist at all, before it can sign anything.
//! * [`Fair`] orders the pool, so that a company that floods it delays nobody but itself.
//!
//! **Why not `pallet-origin-restriction`?** It refuses beyond the allowance where we charge. It takes who
//! is restricted out of the origin, and knows no membership that begins and ends. And it wants an
//! extension with a switch that every signer has to set, which no wallet does.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod fair;
mod invariants;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod mock;
mod payment;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

pub use fair::{Fair, LEVELS, STEP};
pub use pallet::*;
pub use payment::{ChargeWeights, Paid, WithinAllowance};
pub use types::{Allowance, StaffOf, Usage};
pub use weights::WeightInfo;

use frame_support::{dispatch::DispatchResult, ensure, traits::Get, weights::Weight};
use frame_system::pallet_prelude::BlockNumberFor;
use smartlink_primitives::{
    traits::{Companies, Membership},
    CompanyId,
};

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;

    #[pallet::config]
    pub trait Config:
        frame_system::Config<RuntimeEvent: From<Event<Self>>> + pallet_transaction_payment::Config
    {
        /// Who decides about allowances: the council of the companies.
        type CouncilOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// The companies that have them.
        type Companies: Companies<Self::AccountId>;

        /// Who works for a company without a role in it.
        type Staff: StaffOf<Self::AccountId>;

        /// The most that a company can use at a time, unless the council gave it another allowance.
        type Max: Get<u128>;

        /// What comes back with each block, unless the council gave the company another allowance.
        type Recovery: Get<u128>;

        /// What the calls weigh.
        type WeightInfo: WeightInfo;
    }

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// On whose allowance an account draws, while it works there.
    #[pallet::storage]
    pub type Draws<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, CompanyId, OptionQuery>;

    /// What companies have used. Read it through [`Pallet::usage`], which knows what came back.
    #[pallet::storage]
    pub type Used<T: Config> =
        StorageMap<_, Twox64Concat, CompanyId, Usage<BlockNumberFor<T>>, OptionQuery>;

    /// The allowances that the council gave to single companies.
    #[pallet::storage]
    pub type Overrides<T: Config> = StorageMap<_, Twox64Concat, CompanyId, Allowance, OptionQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An account draws on a company from now on, in place of any other.
        DrawsSet { who: T::AccountId, company: CompanyId },
        /// An account draws on no company any more.
        DrawsEnded { who: T::AccountId, company: CompanyId },
        /// The council gave a company an allowance of its own, or put it back under the common one.
        AllowanceSet { company: CompanyId, allowance: Option<Allowance> },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The account does not work for the company: have the company's admin grant it a role.
        NotStaff,
        /// The company may not act now: wait until the council resumes or renews it.
        CannotAct,
    }

    /// Who draws on whom at the start.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Account and company of each.
        pub draws: Vec<(T::AccountId, CompanyId)>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            for (who, company) in self.draws.iter().cloned() {
                Pallet::<T>::put_draws(who, company);
            }
        }
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
        /// Draws on the allowance of another employer from now on.
        ///
        /// Origin: signed, by somebody who works for the company.
        #[pallet::call_index(0)]
        #[pallet::weight(<T as Config>::WeightInfo::draw_on())]
        pub fn draw_on(origin: OriginFor<T>, company: CompanyId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            ensure!(T::Companies::may_act(company), Error::<T>::CannotAct);
            ensure!(Self::works_for(company, &who), Error::<T>::NotStaff);
            Self::put_draws(who, company);
            Ok(())
        }

        /// Gives a company an allowance of its own, or puts it back under the common one.
        ///
        /// Origin: the council.
        #[pallet::call_index(1)]
        #[pallet::weight(<T as Config>::WeightInfo::set_allowance())]
        pub fn set_allowance(
            origin: OriginFor<T>,
            company: CompanyId,
            allowance: Option<Allowance>,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            T::Companies::treasury(company)?;
            let settled = Self::usage(company);
            Overrides::<T>::set(company, allowance);
            let max = Self::allowance(company).max;
            Used::<T>::mutate_extant(company, |usage| {
                *usage = Usage { used: settled.used.min(max), ..settled };
            });
            Self::deposit_event(Event::AllowanceSet { company, allowance });
            Ok(())
        }
    }
}

impl<T: Config> Pallet<T> {
    /// What a company may use without paying.
    pub fn allowance(company: CompanyId) -> Allowance {
        Overrides::<T>::get(company).unwrap_or_else(|| Allowance {
            max: T::Max::get(),
            recovery_per_block: T::Recovery::get(),
        })
    }

    /// What a company has used, as of this block.
    pub fn usage(company: CompanyId) -> Usage<BlockNumberFor<T>> {
        Self::usage_within(company, &Self::allowance(company))
    }

    fn usage_within(company: CompanyId, allowance: &Allowance) -> Usage<BlockNumberFor<T>> {
        let now = frame_system::Pallet::<T>::block_number();
        Used::<T>::get(company).unwrap_or_default().at(now, allowance)
    }

    /// What is left of a company's allowance, of how much, and how much comes back with each block. For
    /// a runtime API. Whether the company may act is another question.
    pub fn left(company: CompanyId) -> (u128, u128, u128) {
        let allowance = Self::allowance(company);
        let used = Self::usage_within(company, &allowance).used;
        (allowance.max.saturating_sub(used), allowance.max, allowance.recovery_per_block)
    }

    /// Whether `who` works for a company now, with a role or without one.
    fn works_for(company: CompanyId, who: &T::AccountId) -> bool {
        T::Companies::role_of(company, who).is_some() || T::Staff::works_for(company, who)
    }

    /// The company on whose allowance `who` may draw now, whatever is left of it.
    pub fn payer(who: &T::AccountId) -> Option<CompanyId> {
        let company = Draws::<T>::get(who)?;
        (T::Companies::may_act(company) && Self::works_for(company, who)).then_some(company)
    }

    /// The company that may act now for which `who` acts: with a role, or as its treasury or the account of one of its
    /// validators. Drivers are not among them. Of several companies that granted roles it is the one on which `who` draws.
    pub fn member(who: &T::AccountId) -> Option<CompanyId> {
        let employer =
            Draws::<T>::get(who).filter(|company| T::Companies::role_of(*company, who).is_some());
        [employer, T::Staff::owner(who)]
            .into_iter()
            .flatten()
            .find(|company| T::Companies::may_act(*company))
    }

    /// The company whose allowance pays `fee` for `who` now. `None`: money does.
    pub fn pays(who: &T::AccountId, fee: u128) -> Option<CompanyId> {
        Self::payer(who).filter(|company| Self::left(*company).0 >= fee)
    }

    /// Takes a fee, for which there is room, out of a company's allowance.
    pub(crate) fn draw(company: CompanyId, fee: u128) {
        Used::<T>::insert(company, Self::usage(company).drawn(fee));
    }

    /// Gives back what was drawn in this block and is not needed.
    pub(crate) fn give_back(company: CompanyId, fee: u128) {
        Used::<T>::mutate_extant(company, |usage| *usage = usage.returned(fee));
    }

    fn put_draws(who: T::AccountId, company: CompanyId) {
        Draws::<T>::insert(&who, company);
        Self::deposit_event(Event::DrawsSet { who, company });
    }

    /// An account works for a company. It draws on it, unless it works for the one on which it draws.
    pub fn note_joined(company: CompanyId, who: &T::AccountId) {
        let kept = Draws::<T>::get(who)
            .is_some_and(|present| present == company || Self::works_for(present, who));
        if !kept {
            Self::put_draws(who.clone(), company);
        }
    }

    /// An account does not work for a company any more, at least not as it did.
    pub fn note_left(company: CompanyId, who: &T::AccountId) {
        let drew = Draws::<T>::get(who) == Some(company);
        // Whoever lost a role may still drive for the company.
        if drew && !Self::works_for(company, who) {
            Draws::<T>::remove(who);
            Self::deposit_event(Event::DrawsEnded { who: who.clone(), company });
        }
    }
}

/// Told after the change. Nothing is done when a company falls: it may not act any more, and what it
/// saved stays readable.
impl<T: Config> Membership<T::AccountId> for Pallet<T> {
    fn joined(company: CompanyId, who: &T::AccountId) {
        Self::note_joined(company, who);
    }

    fn left(company: CompanyId, who: &T::AccountId) {
        Self::note_left(company, who);
    }

    fn change_weight() -> Weight {
        <T as Config>::WeightInfo::note()
    }
}
