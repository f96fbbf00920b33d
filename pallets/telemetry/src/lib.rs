//! Roots of what vehicles reported.
//!
//! ```text
//!  vehicles ─▶ log of records ─▶ batches ─▶ root of each ─▶ anchor n: first sequence, count, root
//!              1 2 3 4 5 6 7 …                                 │
//!  a person or a program of the company ── anchor, signed, pays the fee ────────┐
//!                                                                               ├─▶ head of the company moves on
//!  telemetry service ─▶ worker in the company's node ── anchor_by_worker, free ─┘   page: kept for lookups
//!                       key `slwk`                                                  item of the block's checkpoint
//! ```
//!
//! A company's telemetry service cuts the log of its vehicles' records into batches without gaps, and keeps
//! the records. The chain keeps the root over each batch: from then on, nobody can change, drop or add a
//! record unseen. Every anchor is an item of its block's checkpoint, so it is proven to anybody by a BEEFY
//! commitment, also when the chain has forgotten it.
//!
//! Numbers of anchors and sequences of records are strictly sequential: a repeated batch is refused, a
//! lost one is seen. When records were lost for good, somebody with the permission says so in the open
//! (`declare_loss`), and the next batch begins after the loss.
//!
//! Anchors are kept in pages of [`PAGE_ANCHORS`]: one value of the state instead of 64. [`worker`] carries them
//! without any person; [`authorization`] decides which of them enter a block.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod authorization;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod book;
mod invariants;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
pub mod weights;
pub mod worker;

pub use book::{KeptAnchor, LOSSES_END, MAX_LOSS, PAGE_ANCHORS};
pub use pallet::*;
pub use weights::WeightInfo;

use frame_support::{pallet_prelude::*, traits::UnixTime};
use frame_system::{offchain::CreateAuthorizedTransaction, pallet_prelude::*};
use smartlink_primitives::{
    telemetry::{Anchor, AnchorHead, AnchorRun, RunFault},
    traits::{Companies, Witness},
    CompanyId, Permissions,
};
use sp_core::sr25519;

/// Anchors that follow each other, kept as one value.
pub type AnchorPage = BoundedVec<KeptAnchor, ConstU32<PAGE_ANCHORS>>;

#[frame_support::pallet]
pub mod pallet {
    use super::*;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config:
        frame_system::Config<
            RuntimeEvent: From<Event<Self>>,
            RuntimeCall: From<Call<Self>>,
            AccountId: From<[u8; 32]>,
        > + CreateAuthorizedTransaction<
            Call<Self>,
            RuntimeCall = <Self as frame_system::Config>::RuntimeCall,
        >
    {
        /// Who may act for a company.
        type Companies: Companies<Self::AccountId>;
        /// Where anchors are proven to the outside.
        type Witness: Witness;
        /// The time of the block.
        type Time: UnixTime;
        /// Pages of a company that are kept, of [`PAGE_ANCHORS`] anchors each. At least one. A runtime upgrade may
        /// change it: when it is lower, each of the company's runs has two of its oldest pages forgotten until no
        /// more are left than this; when it is higher, they grow up to it. Nothing is migrated.
        #[pallet::constant]
        type RetentionPages: Get<u64>;
        /// What the calls cost.
        type WeightInfo: WeightInfo;
    }

    /// How far each company's anchors go.
    #[pallet::storage]
    pub type Heads<T> = StorageMap<_, Twox64Concat, CompanyId, AnchorHead, ValueQuery>;

    /// The last anchors of each company: anchor `n` is entry `(n - 1) % PAGE_ANCHORS` of page `(n - 1) /
    /// PAGE_ANCHORS`.
    #[pallet::storage]
    pub type Pages<T> =
        StorageDoubleMap<_, Twox64Concat, CompanyId, Twox64Concat, u64, AnchorPage, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// The root over a batch of records is on chain.
        Anchored { anchor: Anchor },
        /// The company has lost the records from sequence `from` on: its next batch begins with `next`.
        LossDeclared { company: CompanyId, from: u64, next: u64 },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The run of anchors is malformed: build it again by `AnchorRun::of`.
        Run(RunFault),
        /// A batch of this number was anchored before: it is done, go on with the next number.
        AnchorRepeated,
        /// A batch before this one is missing: anchor the number after the last one first.
        AnchorOutOfOrder,
        /// The batch does not begin where the last one ended: cut the log without gaps, or declare the loss.
        Gap,
        /// A batch was closed after the time of this block: submit again in a moment, or mend the service's
        /// clock.
        Future {
            /// Its place in the run, from 0.
            place: u8,
        },
        /// The loss does not begin with the next sequence, or does not end after it: look at the head.
        NoLoss,
        /// The loss has more records than [`MAX_LOSS`]: declare it in pieces, each beginning where the last one
        /// ended.
        LossTooLarge,
        /// The loss ends after [`LOSSES_END`]: anchor from the head on, and look in the events who has given up so
        /// many sequences.
        LossTooFar,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn offchain_worker(block: BlockNumberFor<T>) {
            worker::run::<T>(block);
        }

        fn integrity_test() {
            assert!(T::RetentionPages::get() > 0, "the page that fills now has to be kept");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::check_invariants()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Puts the roots over a company's next batches on chain: all of them, or none.
        ///
        /// Origin: signed, with the company's permission `TELEMETRY`.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::anchor(batches(run)))]
        pub fn anchor(origin: OriginFor<T>, run: AnchorRun) -> DispatchResult {
            let who = ensure_signed(origin)?;
            T::Companies::authorise(&who, run.company, Permissions::TELEMETRY)?;
            Self::anchor_run(&run)
        }

        /// Puts roots on chain that a worker of the company signed: all of them, or none. Free, and only as an
        /// authorized transaction: [`authorization`] says which are let in.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::anchor_by_worker(batches(run)))]
        #[pallet::authorize(Self::authorize_worker)]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize_anchor_by_worker(batches(run)))]
        pub fn anchor_by_worker(
            origin: OriginFor<T>,
            run: AnchorRun,
            _worker: sr25519::Public,
            _signature: sr25519::Signature,
        ) -> DispatchResult {
            ensure_authorized(origin)?;
            Self::anchor_run(&run)
        }

        /// Says that a company has lost its records from sequence `from`, the next one, up to and without
        /// `next`. The company's next batch begins with `next`; the gap stays visible for ever. A call gives up at
        /// most [`MAX_LOSS`] records, and none beyond [`LOSSES_END`]: no number of calls takes the sequences that
        /// a company needs to go on.
        ///
        /// Origin: signed, with the company's permission `TELEMETRY`.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::declare_loss())]
        pub fn declare_loss(
            origin: OriginFor<T>,
            company: CompanyId,
            from: u64,
            next: u64,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            T::Companies::authorise(&who, company, Permissions::TELEMETRY)?;
            Self::skip(company, from, next)
        }
    }
}

/// The batches of a run.
fn batches(run: &AnchorRun) -> u32 {
    // At most MAX_RUN, a u32.
    run.batches.len() as u32
}
