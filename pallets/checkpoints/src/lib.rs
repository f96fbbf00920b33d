//! What each block proves to the outside.
//!
//! ```text
//!  settlement ─┐ note(kind, hash)              on_finalize            next block
//!  vehicles   ─┼──────────────▶ Items ─────▶ keccak Merkle root ───▶ MMR leaf ───▶ BEEFY ───▶ Ethereum
//!  …          ─┘                 └─ kept until the next block, for proofs
//! ```
//!
//! Any pallet notes the keccak of an item while a block runs. When the block ends, the root over its
//! items is fixed; pallet-mmr reads it at the start of the next block, as the extra data of the leaf
//! for this one. From then on a BEEFY commitment proves the item to anybody.
//!
//! A block has room for [`Config::MaxItems`]. Telemetry comes in long runs from many companies at once, so it may
//! take half of it; the other half is left to rides and vehicles. A company may take a quarter; then it takes more
//! only while an eighth is left, so that nobody alone keeps the others out.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(test)]
mod tests;

use alloc::vec::Vec;
use frame_support::{ensure, pallet_prelude::*};
use frame_system::pallet_prelude::*;
use smartlink_primitives::{
    merkle,
    receipt::{checkpoint_leaf, ItemKind},
    telemetry::MAX_RUN,
    traits::Witness,
    CompanyId, H256,
};
use sp_runtime::{traits::Saturating, TryRuntimeError};

pub use pallet::*;

#[frame_support::pallet]
pub mod pallet {
    use super::*;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config {
        /// Items that one block may prove, half of them of telemetry. A full run of anchors fits a company's quarter.
        #[pallet::constant]
        type MaxItems: Get<u32>;

        /// Blocks whose roots are kept in the state.
        #[pallet::constant]
        type RootRetention: Get<BlockNumberFor<Self>>;
    }

    /// What this block proves, in the order of noting. Stays until the next block begins.
    #[pallet::storage]
    pub type Items<T: Config> =
        StorageValue<_, BoundedVec<(ItemKind, H256), T::MaxItems>, ValueQuery>;

    /// Items of telemetry among [`Items`].
    #[pallet::storage]
    pub type TelemetryItems<T> = StorageValue<_, u32, ValueQuery>;

    /// The last block in which a company noted something, and how many items it has noted there.
    #[pallet::storage]
    pub type ItemsOf<T: Config> =
        StorageMap<_, Twox64Concat, CompanyId, (BlockNumberFor<T>, u32), ValueQuery>;

    /// The checkpoint roots of the last blocks.
    #[pallet::storage]
    pub type Roots<T: Config> = StorageMap<_, Twox64Concat, BlockNumberFor<T>, H256>;

    /// The root of the last block that ended.
    #[pallet::storage]
    pub type LatestRoot<T> = StorageValue<_, H256, ValueQuery>;

    #[pallet::error]
    pub enum Error<T> {
        /// The block has all the items that it may prove, or all that it may of telemetry: submit again, for the
        /// next block.
        BlockFull,
        /// The company has its share of what the block may prove, and what is left is kept for others: submit again, for
        /// the next block.
        ShareUsed,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Forgets the items of the block before. Pays for `on_finalize` as well: its writes, and the
        /// hashing of as many items as there may be (each a leaf and a node, at 1 µs a hash).
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            Items::<T>::kill();
            TelemetryItems::<T>::kill();
            let hashing =
                Weight::from_parts(2_000_000, 0).saturating_mul(T::MaxItems::get().into());
            T::DbWeight::get().reads_writes(1, 5).saturating_add(hashing)
        }

        fn on_finalize(now: BlockNumberFor<T>) {
            let root = Self::root_of_items();
            LatestRoot::<T>::put(root);
            Roots::<T>::insert(now, root);
            Roots::<T>::remove(now.saturating_sub(T::RootRetention::get()));
        }

        fn integrity_test() {
            assert!(
                Self::company_share() >= MAX_RUN,
                "a full run of anchors has to fit into a company's quarter of a block's checkpoint"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), TryRuntimeError> {
            Self::check_invariants()
        }
    }
}

impl<T: Config> Pallet<T> {
    /// Items of telemetry that one block may prove.
    fn telemetry_share() -> u32 {
        T::MaxItems::get() / 2
    }

    /// Items that one company may note in a block, whatever others note.
    fn company_share() -> u32 {
        T::MaxItems::get() / 4
    }

    /// Places of a block that nobody takes who has a share already.
    fn kept_for_others() -> u32 {
        T::MaxItems::get() / 8
    }

    /// How many items a company has noted in this block.
    fn noted_by(company: CompanyId) -> u32 {
        let (block, noted) = ItemsOf::<T>::get(company);
        match block == frame_system::Pallet::<T>::block_number() {
            true => noted,
            false => 0,
        }
    }

    /// Whether there are places besides those that are kept for others.
    fn has_open_places() -> bool {
        let open = T::MaxItems::get().saturating_sub(Self::kept_for_others());
        Items::<T>::decode_len().unwrap_or_default() < open as usize
    }

    fn leaves() -> Vec<H256> {
        let items = Items::<T>::get();
        (0u32..)
            .zip(&items)
            .map(|(place, (kind, item))| merkle::leaf(place, &checkpoint_leaf(*kind, item)))
            .collect()
    }

    fn root_of_items() -> H256 {
        merkle::root(Self::leaves())
    }

    /// The place of an item in this block's checkpoint, the number of items, and the partners that
    /// prove it. `None` when the block did not note it.
    pub fn prove(kind: ItemKind, item: H256) -> Option<(u32, u32, Vec<H256>)> {
        let items = Items::<T>::get();
        // Both are bounded by MaxItems, a u32.
        let place = items.iter().position(|noted| *noted == (kind, item))? as u32;
        Some((place, items.len() as u32, merkle::proof(Self::leaves(), place)?))
    }

    /// The root of an ended block is the root over its items, and companies noted no more than these.
    ///
    /// # Errors
    /// Which of it does not hold.
    pub fn check_invariants() -> Result<(), TryRuntimeError> {
        let now = frame_system::Pallet::<T>::block_number();
        if let Some(root) = Roots::<T>::get(now) {
            ensure!(root == LatestRoot::<T>::get(), "the latest root is not the block's");
            ensure!(root == Self::root_of_items(), "the block's root is not over its items");
            let counted = ItemsOf::<T>::iter_values().filter(|(block, _)| *block == now);
            let counted = counted.fold(0u32, |sum, (_, noted)| sum.saturating_add(noted));
            let items = Items::<T>::decode_len().unwrap_or_default();
            ensure!(counted as usize <= items, "companies noted more items than there are");
        }
        Ok(())
    }
}

impl<T: Config> Witness for Pallet<T> {
    fn note(company: CompanyId, kind: ItemKind, item: H256) -> DispatchResult {
        let telemetry = kind == ItemKind::TelemetryAnchor;
        let taken = if telemetry { TelemetryItems::<T>::get() } else { 0 };
        ensure!(!telemetry || taken < Self::telemetry_share(), Error::<T>::BlockFull);
        let own = Self::noted_by(company);
        let open = Self::telemetry_share().saturating_sub(Self::kept_for_others());
        let has_open_places = Self::has_open_places() && (!telemetry || taken < open);
        ensure!(own < Self::company_share() || has_open_places, Error::<T>::ShareUsed);
        Items::<T>::try_append((kind, item)).map_err(|()| Error::<T>::BlockFull)?;
        let now = frame_system::Pallet::<T>::block_number();
        ItemsOf::<T>::insert(company, (now, own.saturating_add(1)));
        if telemetry {
            TelemetryItems::<T>::put(taken.saturating_add(1));
        }
        Ok(())
    }
}
