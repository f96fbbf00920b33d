//! # The tariffs of the platforms
//!
//! What a ride costs in a city, and who gets which share of it, is decided by two people of a
//! platform: one proposes, another one approves. From then on the chain computes every fare from
//! it.
//!
//! ```text
//!            propose                   approve (TARIFF_CHECKER,
//!            (TARIFF_MAKER)            somebody else)
//!   tariff ────────────────▶ proposal ──────────────────────────▶ approved
//!                                │                                   │ `from`
//!                                │ reject (TARIFF_CHECKER            ▼
//!                                │ or the proposer)               in force, until the next begins
//!                                ▼                                   │
//!                              gone                                  ▼
//!                                                                 kept for late batches, at
//!                                                                 least RETENTION_S
//! ```
//!
//! * Versions of a company in a city are numbered from 1, in the order of the proposals.
//! * Whatever was priced stays priced: a tariff begins after now and after all that are approved.
//!   Only the first of a city may begin in the past, for there is nothing that it could reprice.
//! * Rides are settled by the tariff at their pick-up, so that a tariff which ended is kept. When
//!   there are `MaxVersions` of them, the next approval forgets the oldest, provided that it ended
//!   [`RETENTION_S`] ago or earlier. Rides of that time cannot be settled any more.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod book;
mod invariants;
#[cfg(test)]
mod mock;
#[cfg(any(test, feature = "runtime-benchmarks"))]
mod sample;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::{Fault, Proposal};
pub use weights::WeightInfo;

use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{Get, UnixTime},
    BoundedVec,
};
use smartlink_primitives::{
    tariff::Tariff, traits::Companies, CityCode, CompanyId, CompanyKind, Permissions, TariffVersion,
};

/// How long a tariff is kept at least after it ended: 400 days in seconds.
pub const RETENTION_S: u64 = 400 * 24 * 60 * 60;

/// Seconds ahead for which a tariff can be approved: 90 days. A slip of the pen (milliseconds, say)
/// would bar every later tariff until then.
pub const FORESIGHT_S: u64 = 90 * 24 * 60 * 60;

/// The approved tariffs of a company in a city: since when, and which. The oldest first.
pub type Timeline<T> = BoundedVec<(u64, TariffVersion), <T as Config>::MaxVersions>;

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::boxed::Box;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// The companies that have tariffs, and those that get shares.
        type Companies: Companies<Self::AccountId>;

        /// The clock.
        type Time: UnixTime;

        /// The most approved tariffs that are kept of a company in a city.
        #[pallet::constant]
        type MaxVersions: Get<u32>;

        /// The most proposals of a company that wait at a time.
        #[pallet::constant]
        type MaxProposals: Get<u32>;

        /// What the calls weigh.
        type WeightInfo: WeightInfo;
    }

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// Versions start at 1.
    #[pallet::type_value]
    pub fn FirstVersion() -> TariffVersion {
        TariffVersion(1)
    }

    /// The approved tariffs of a company in a city, each in force until the next begins.
    #[pallet::storage]
    pub type InForce<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        CompanyId,
        Twox64Concat,
        CityCode,
        Timeline<T>,
        ValueQuery,
    >;

    /// What is in the approved tariffs.
    #[pallet::storage]
    pub type Tariffs<T: Config> = StorageNMap<
        _,
        (
            NMapKey<Twox64Concat, CompanyId>,
            NMapKey<Twox64Concat, CityCode>,
            NMapKey<Twox64Concat, TariffVersion>,
        ),
        Tariff,
        OptionQuery,
    >;

    /// What waits for approval.
    #[pallet::storage]
    pub type Proposals<T: Config> = StorageNMap<
        _,
        (
            NMapKey<Twox64Concat, CompanyId>,
            NMapKey<Twox64Concat, CityCode>,
            NMapKey<Twox64Concat, TariffVersion>,
        ),
        Proposal<T::AccountId>,
        OptionQuery,
    >;

    /// The version of the next proposal of a company in a city.
    #[pallet::storage]
    pub type NextVersion<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        CompanyId,
        Twox64Concat,
        CityCode,
        TariffVersion,
        ValueQuery,
        FirstVersion,
    >;

    /// How many proposals of a company wait.
    #[pallet::storage]
    pub type ProposalCount<T: Config> = StorageMap<_, Twox64Concat, CompanyId, u32, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A tariff waits for approval.
        Proposed {
            company: CompanyId,
            city: CityCode,
            version: TariffVersion,
            from: u64,
            tariff: Box<Tariff>,
            proposed_by: T::AccountId,
        },
        /// A proposed tariff holds for pick-ups from `from` on.
        Approved {
            company: CompanyId,
            city: CityCode,
            version: TariffVersion,
            from: u64,
            approved_by: T::AccountId,
        },
        /// A proposal is gone.
        Rejected {
            company: CompanyId,
            city: CityCode,
            version: TariffVersion,
            rejected_by: T::AccountId,
        },
        /// A tariff that ended long ago is forgotten.
        Retired { company: CompanyId, city: CityCode, version: TariffVersion },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The tariff can never come into force.
        Tariff(Fault),
        /// Only platforms settle rides by tariffs.
        NotPlatform,
        /// The company's own share is the platform's: do not name it as a third party.
        OwnShare,
        /// The company has all the proposals that may wait: approve or reject one first.
        TooManyProposals,
        /// All versions of this company in this city are used up.
        TooManyVersions,
        /// There is no such proposal: look at the number, it may be approved or rejected already.
        UnknownProposal,
        /// Nobody approves the own proposal: have somebody else do it.
        OwnProposal,
        /// The tariff would begin in the past or now: reject it and propose a later beginning.
        InPast,
        /// The tariff would begin more than 90 days from now, perhaps by a time in milliseconds:
        /// reject it and propose an earlier beginning.
        TooFarAhead,
        /// An approved tariff begins then or later: reject it and propose a later beginning.
        NotLatest,
        /// All the tariffs that are kept are of the last 400 days: approve it when the oldest of
        /// them ended that long ago, or raise `MaxVersions` by an upgrade.
        TimelineFull,
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
        /// Proposes a tariff for pick-ups from `from` on, in seconds of the Unix epoch.
        ///
        /// Origin: signed, with the company's permission `TARIFF_MAKER`.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::propose())]
        pub fn propose(
            origin: OriginFor<T>,
            company: CompanyId,
            city: CityCode,
            from: u64,
            tariff: Box<Tariff>,
        ) -> DispatchResult {
            let proposed_by = ensure_signed(origin)?;
            T::Companies::authorise(&proposed_by, company, Permissions::TARIFF_MAKER)?;
            Self::check_proposal(company, &tariff)?;
            let version = Self::take_version(company, city)?;
            let proposal =
                Proposal { from, tariff: (*tariff).clone(), proposed_by: proposed_by.clone() };
            Proposals::<T>::insert((company, city, version), proposal);
            Self::deposit_event(Event::Proposed {
                company,
                city,
                version,
                from,
                tariff,
                proposed_by,
            });
            Ok(())
        }

        /// Approves somebody else's proposal.
        ///
        /// Weighs one write more than measured, because a benchmark cannot always make the clock
        /// late enough for the oldest tariff to be forgotten.
        ///
        /// Origin: signed, with the company's permission `TARIFF_CHECKER`.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::approve().saturating_add(T::DbWeight::get().writes(1)))]
        pub fn approve(
            origin: OriginFor<T>,
            company: CompanyId,
            city: CityCode,
            version: TariffVersion,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            T::Companies::authorise(&who, company, Permissions::TARIFF_CHECKER)?;
            let Proposal { from, tariff, proposed_by } =
                Self::take_proposal(company, city, version)?;
            ensure!(proposed_by != who, Error::<T>::OwnProposal);
            Self::put_in_force(company, city, from, version)?;
            Tariffs::<T>::insert((company, city, version), tariff);
            let approved_by = who;
            Self::deposit_event(Event::Approved { company, city, version, from, approved_by });
            Ok(())
        }

        /// Drops a proposal.
        ///
        /// Origin: signed, the proposer, or with the company's permission `TARIFF_CHECKER`.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::reject())]
        pub fn reject(
            origin: OriginFor<T>,
            company: CompanyId,
            city: CityCode,
            version: TariffVersion,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let proposal = Self::take_proposal(company, city, version)?;
            if proposal.proposed_by != who {
                T::Companies::authorise(&who, company, Permissions::TARIFF_CHECKER)?;
            }
            Self::deposit_event(Event::Rejected { company, city, version, rejected_by: who });
            Ok(())
        }
    }
}

impl<T: Config> Pallet<T> {
    /// Whether a company may ever have this tariff.
    fn check_proposal(company: CompanyId, tariff: &Tariff) -> DispatchResult {
        let kind = T::Companies::kind(company)?;
        ensure!(kind == CompanyKind::Platform, Error::<T>::NotPlatform);
        tariff.validate().map_err(|error| Error::<T>::Tariff(error.into()))?;
        for share in &tariff.split.third_parties {
            ensure!(share.company != company, Error::<T>::OwnShare);
            // Settlement pays into the treasury, so there must be one.
            T::Companies::treasury(share.company)?;
        }
        Ok(())
    }

    /// The version of a new proposal, which is counted.
    fn take_version(company: CompanyId, city: CityCode) -> Result<TariffVersion, Error<T>> {
        let waiting = ProposalCount::<T>::get(company);
        ensure!(waiting < T::MaxProposals::get(), Error::<T>::TooManyProposals);
        let version = NextVersion::<T>::get(company, city);
        let next = version.0.checked_add(1).ok_or(Error::<T>::TooManyVersions)?;
        ProposalCount::<T>::insert(company, waiting.saturating_add(1));
        NextVersion::<T>::insert(company, city, TariffVersion(next));
        Ok(version)
    }

    /// Takes a proposal out, whatever becomes of it.
    fn take_proposal(
        company: CompanyId,
        city: CityCode,
        version: TariffVersion,
    ) -> Result<Proposal<T::AccountId>, Error<T>> {
        let proposal = Proposals::<T>::take((company, city, version));
        let proposal = proposal.ok_or(Error::<T>::UnknownProposal)?;
        ProposalCount::<T>::mutate(company, |waiting| *waiting = waiting.saturating_sub(1));
        Ok(proposal)
    }
}
