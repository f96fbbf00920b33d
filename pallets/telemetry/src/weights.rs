//! What the calls cost: estimates on the safe side, until `cargo xtask weights` has measured them.
//!
//! Asking whether somebody may act for a company is counted with three reads. An anchor is hashed, noted for
//! the checkpoint and counted as the company's there, appended to its page and told as an event: all of it goes to
//! values that are read and written once a call. Forgetting is counted with 25 reads, which find the oldest of sixteen million
//! pages, and two writes.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls cost.
pub trait WeightInfo {
    /// `n` anchors.
    fn anchor(n: u32) -> Weight;
    /// `n` anchors.
    fn anchor_by_worker(n: u32) -> Weight;
    /// Checks who signed `n` anchors.
    fn authorize_anchor_by_worker(n: u32) -> Weight;
    fn declare_loss() -> Weight;
}

/// Weights for a runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn anchor(n: u32) -> Weight {
        Weight::from_parts(60_000_000, 12_000)
            .saturating_add(Weight::from_parts(14_000_000, 200).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads_writes(35, 9))
    }

    fn anchor_by_worker(n: u32) -> Weight {
        Self::anchor(n)
    }

    fn authorize_anchor_by_worker(n: u32) -> Weight {
        Weight::from_parts(120_000_000, 8_000)
            .saturating_add(Weight::from_parts(100_000, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(8))
    }

    fn declare_loss() -> Weight {
        Weight::from_parts(40_000_000, 6_000).saturating_add(T::DbWeight::get().reads_writes(4, 1))
    }
}

impl WeightInfo for () {
    fn anchor(_: u32) -> Weight {
        Weight::zero()
    }

    fn anchor_by_worker(_: u32) -> Weight {
        Weight::zero()
    }

    fn authorize_anchor_by_worker(_: u32) -> Weight {
        Weight::zero()
    }

    fn declare_loss() -> Weight {
        Weight::zero()
    }
}
