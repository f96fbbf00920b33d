//! # The validators of the companies
//!
//! Each company runs validators. The council of the companies decides which accounts these are;
//! this pallet tells the session pallet, and disables whoever is proven to have misbehaved until
//! the council has looked at it.
//!
//! ```text
//!   pallet_session::set_keys ──▶ add_validator           remove_validator
//!                                (council)               (council)
//!                                    │                       │
//!   session        s                 │                       │
//!                  s + 1             │ planned               │ still in, was planned before
//!                  s + 2             ▼ in                    ▼ gone
//!
//!   equivocation ──▶ pallet_offences ──▶ disabled now and in every further session
//!   absence ─────▶ end of session ─────▶ disabled from the next session on, if the chain bears it
//!                                          │
//!                                          ├── reinstate (council) ───────▶ enabled next session
//!                                          └── remove_validator (council) ▶ gone in session s + 2
//! ```
//!
//! * A new set is planned in every session, also when it is the same: session keys may have
//!   changed, and what a later proof of misbehaviour refers to must be the keys of that session.
//! * Because a new set makes the session pallet forget who is disabled, this pallet disables the
//!   offenders again whenever a session starts. How many at most is the runtime's
//!   `DisablingStrategy`.
//! * A validator without session keys is left out of a session by the session pallet.
//! * [`ValidatorCompany`] is for `pallet_session::historical::Config::FullIdentificationOf`. It
//!   knows those who leave for as long as they are in a session, so that their misbehaviour can be
//!   proven.
//!
//! **How few.** A set of `n` finalises with more than two thirds of it, so four bear one that fails,
//! and fewer bear none. Still a consortium of two companies must be able to exist, and one whose
//! members left must go on. So the council may go down to `MinValidators`, and is told by an event
//! whenever fewer than `SafeValidators` are left. What it may not do is to stop the chain: of those
//! left, more than two thirds must have no offence before the council. Only the removal of one that
//! has an offence itself is always allowed, because the rest is better without it.
//!
//! **Companies.** A company that is suspended or lapsed keeps its validators: finality must not fall
//! with a vote about money. One that was expelled loses them at once, whatever is left, except when
//! no other company has a validator that works: then they stay, and so do those for which there is
//! no room among the leavers. The council removes them later.
//!
//! **Absence.** A validator is absent when it made no block for `Patience` times `n` blocks, where `n`
//! is how many there are. In BABE each block is made by one of them by lot, with a chance of `1/n`
//! for each. So the chance that an honest one misses `k n` blocks in a row is `(1 - 1/n)^(k n)`, which
//! is less than `e^-k` for every `n`. With `k = 30` that is one in ten million millions: a hundred
//! honest validators, looked at every ten minutes, are taken for absent once in two million years or
//! more. Those who are away make the share of the others only larger. The clock of a validator
//! starts when it enters the set, when the set shrinks, and when the council reinstates it. It stands
//! while the validator is disabled, because it cannot make blocks then. Whoever is absent comes
//! before the council once, and is disabled only if fewer than a third of the set is disabled by
//! that.
//!
//! The first block of a session counts for whoever had its author's place in the session before:
//! `pallet_authorship` asks before the session pallet turns. That matters for one block of a session,
//! and only where the set changed.
//!
//! **Genesis.** This pallet must stand before `pallet_session` in the runtime, and after the
//! companies: the session pallet asks for the first two sessions when its own genesis is built.
//! Every validator of the genesis needs session keys there. Without validators in this genesis, the
//! session pallet takes those in its own.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod absence;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod invariants;
mod membership;
#[cfg(test)]
mod mock;
mod sessions;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

pub use absence::ABSENCE;
pub use pallet::*;
pub use sessions::ValidatorCompany;
pub use types::{Leaver, Offence, OffenceKind, Validator};
pub use weights::WeightInfo;

use frame_support::{dispatch::DispatchResult, ensure, traits::Get};
use pallet_session::Pallet as Session;
use smartlink_primitives::{traits::Companies, CompanyId};
use sp_runtime::Perbill;
use sp_staking::SessionIndex;

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;

    #[pallet::config]
    pub trait Config:
        frame_system::Config<RuntimeEvent: From<Event<Self>>>
        + pallet_session::Config<ValidatorId = <Self as frame_system::Config>::AccountId>
    {
        /// Who decides about validators: the council of the companies.
        type CouncilOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// The companies that run them.
        type Companies: Companies<Self::AccountId>;

        /// The most validators.
        #[pallet::constant]
        type MaxValidators: Get<u32>;

        /// The council cannot go below this many.
        #[pallet::constant]
        type MinValidators: Get<u32>;

        /// The council is warned when fewer are left. Four can bear one that fails.
        #[pallet::constant]
        type SafeValidators: Get<u32>;

        /// How often a validator may miss its share of blocks: it is absent when it made none of this
        /// many for each validator of the session.
        #[pallet::constant]
        type Patience: Get<u32>;

        /// What the calls weigh.
        type WeightInfo: WeightInfo;
    }

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// The validators of sessions that are planned from now on.
    #[pallet::storage]
    pub type Validators<T: Config> =
        StorageValue<_, BoundedVec<Validator<T::AccountId>, T::MaxValidators>, ValueQuery>;

    /// Those who were removed, and are in sessions that were planned before.
    #[pallet::storage]
    pub type Leavers<T: Config> =
        StorageValue<_, BoundedVec<Leaver<T::AccountId>, T::MaxValidators>, ValueQuery>;

    /// The offences that wait for the council. Only of validators and leavers.
    #[pallet::storage]
    pub type Offences<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, Offence, OptionQuery>;

    /// The block at which a validator of the present session made its last one, or at which its
    /// clock started, if that was later. Nobody else is here.
    #[pallet::storage]
    pub type LastAuthored<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, BlockNumberFor<T>, OptionQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A company has a new validator, in the session after next.
        ValidatorAdded { account: T::AccountId, company: CompanyId },
        /// A validator leaves. Session `gone` is the first without it.
        ValidatorRemoved { account: T::AccountId, company: CompanyId, gone: SessionIndex },
        /// A validator that was removed is in no session any more.
        ValidatorLeft { account: T::AccountId },
        /// A validator misbehaved in a session, or was absent at its end. It is disabled until the
        /// council decides, if the chain bears it.
        Offended {
            account: T::AccountId,
            company: CompanyId,
            session: SessionIndex,
            severity: Perbill,
            kind: OffenceKind,
        },
        /// The council let a validator go on. It is enabled in the next session.
        Reinstated { account: T::AccountId },
        /// So few validators are left that the failure of one may stop finality: add another one.
        BelowSafe { validators: u32 },
        /// A company fell, and so many of its validators stay: no other company has one that works,
        /// or too many are leaving. Remove them when others can do without.
        FloorKept { company: CompanyId, validators: u32 },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The account is a validator already.
        AlreadyValidator,
        /// The account is no validator: look at `Validators`.
        NotValidator,
        /// There are all the validators there can be: remove another one first.
        TooManyValidators,
        /// The rest would be fewer than there must be: add another one first.
        TooFewValidators,
        /// The account has no session keys: call `session.set_keys` from it first.
        NoSessionKeys,
        /// The account is still leaving: add it in the session that its removal named.
        StillLeaving,
        /// Too many validators are leaving: try again in the next session.
        TooManyLeavers,
        /// No offence of this account waits for the council.
        NoOffence,
        /// Too many of the rest have offences to finalise without this one: decide about those first.
        RestCannotFinalise,
    }

    /// The validators that start the chain.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Account and company of each.
        pub validators: Vec<(T::AccountId, CompanyId)>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            for (account, company) in self.validators.iter().cloned() {
                let name = alloc::format!("{account:?}");
                if let Err(error) = Pallet::<T>::join(account, company) {
                    panic!("validator {name} of {company} in the genesis: {error:?}");
                }
            }
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Pays for noting who made the block, for which the authorship pallet pays nothing.
        fn on_initialize(_now: BlockNumberFor<T>) -> Weight {
            <T as Config>::WeightInfo::note_author()
        }

        fn integrity_test() {
            assert!(T::MinValidators::get() > 0, "a chain needs a validator");
            assert!(T::Patience::get() > 0, "nobody makes every block");
            assert!(
                T::MinValidators::get() < T::MaxValidators::get(),
                "there must be room to replace a validator"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::check_invariants()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Lets an account with session keys validate for a company, from the session after next.
        ///
        /// Origin: the council.
        #[pallet::call_index(0)]
        #[pallet::weight(<T as Config>::WeightInfo::add_validator())]
        pub fn add_validator(
            origin: OriginFor<T>,
            company: CompanyId,
            account: T::AccountId,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            ensure!(
                pallet_session::NextKeys::<T>::contains_key(&account),
                Error::<T>::NoSessionKeys
            );
            Self::join(account, company)
        }

        /// Takes a validator out of the session after next. The rest must be able to finalise, and is
        /// not safe when fewer than `SafeValidators` are left.
        ///
        /// Origin: the council.
        #[pallet::call_index(1)]
        #[pallet::weight(<T as Config>::WeightInfo::remove_validator(T::MaxValidators::get()))]
        pub fn remove_validator(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::leave(account)
        }

        /// Forgives a validator what it was reported for. It is enabled in the next session, and has
        /// as much time as any other to make a block.
        ///
        /// Origin: the council.
        #[pallet::call_index(2)]
        #[pallet::weight(<T as Config>::WeightInfo::reinstate())]
        pub fn reinstate(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Offences::<T>::take(&account).ok_or(Error::<T>::NoOffence)?;
            Self::restart_clock(&account);
            Self::deposit_event(Event::Reinstated { account });
            Ok(())
        }
    }
}

impl<T: Config> Pallet<T> {
    fn join(account: T::AccountId, company: CompanyId) -> DispatchResult {
        // Suspended companies run no new validators.
        T::Companies::kind(company)?;
        let leaving = Leavers::<T>::get().iter().any(|leaver| leaver.account == account);
        ensure!(!leaving, Error::<T>::StillLeaving);

        Validators::<T>::try_mutate(|validators| {
            let known = validators.iter().any(|validator| validator.account == account);
            ensure!(!known, Error::<T>::AlreadyValidator);
            let validator = Validator { account: account.clone(), company };
            validators.try_push(validator).map_err(|_| Error::<T>::TooManyValidators)
        })?;
        Self::deposit_event(Event::ValidatorAdded { account, company });
        Ok(())
    }

    fn leave(account: T::AccountId) -> DispatchResult {
        let mut validators = Validators::<T>::get();
        let place = validators
            .iter()
            .position(|validator| validator.account == account)
            .ok_or(Error::<T>::NotValidator)?;
        ensure!(validators.len() > T::MinValidators::get() as usize, Error::<T>::TooFewValidators);
        let Validator { company, .. } = validators.remove(place);
        let heals = Offences::<T>::contains_key(&account);
        ensure!(heals || Self::can_finalise(&validators), Error::<T>::RestCannotFinalise);
        // The next session is planned already.
        let gone = Session::<T>::current_index().saturating_add(2);
        Leavers::<T>::try_mutate(|leavers| {
            let leaver = Leaver { account: account.clone(), company, gone };
            leavers.try_push(leaver).map_err(|_| Error::<T>::TooManyLeavers)
        })?;
        let left = validators.len();
        Validators::<T>::put(validators);
        Self::deposit_event(Event::ValidatorRemoved { account, company, gone });
        Self::warn_below_safe(left);
        Ok(())
    }

    /// Whether more than two thirds of these validators have no offence before the council.
    fn can_finalise(validators: &[Validator<T::AccountId>]) -> bool {
        let sound = validators.iter().filter(|one| !Offences::<T>::contains_key(&one.account));
        sound.count().saturating_mul(3) > validators.len().saturating_mul(2)
    }

    /// Tells the council when fewer validators are left than is safe.
    fn warn_below_safe(left: usize) {
        let validators = u32::try_from(left).unwrap_or(u32::MAX);
        if validators < T::SafeValidators::get() {
            Self::deposit_event(Event::BelowSafe { validators });
        }
    }

    /// The company that runs a validator, if the account is in a session or will be in one.
    pub fn company_of(account: &T::AccountId) -> Option<CompanyId> {
        let validators = Validators::<T>::get();
        if let Some(validator) = validators.iter().find(|v| v.account == *account) {
            return Some(validator.company);
        }
        let leavers = Leavers::<T>::get();
        leavers.iter().find(|leaver| leaver.account == *account).map(|leaver| leaver.company)
    }

    /// Puts an offence before the council.
    fn note_offence(
        account: &T::AccountId,
        kind: OffenceKind,
        session: SessionIndex,
        severity: Perbill,
    ) {
        Offences::<T>::mutate(account, |entry| {
            let before = entry.unwrap_or(Offence { reports: 0, kind, session, severity });
            *entry = Some(Offence {
                reports: before.reports.saturating_add(1),
                // The graver comes first.
                kind: before.kind.min(kind),
                session: before.session.max(session),
                severity: before.severity.max(severity),
            });
        });
    }
}
