//! What the calls cost: estimates on the safe side, until `cargo xtask weights` has measured them.
//!
//! Rows and pages are counted above what a node under load needs (2.3 µs a row with everything).

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// What the calls cost.
pub trait WeightInfo {
    fn fund() -> Weight;
    fn release() -> Weight;
    /// `r` rows that touch `p` pages.
    fn settle_batch(r: u32, p: u32) -> Weight;
    fn withdraw() -> Weight;
    /// `r` rows that touch `p` pages.
    fn settle_by_worker(r: u32, p: u32) -> Weight;
    /// Checks who signed `r` rows. Rows are only encoded and hashed.
    fn authorize_settle_by_worker(r: u32) -> Weight;
}

/// Weights for a runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn fund() -> Weight {
        Weight::from_parts(60_000_000, 4_000).saturating_add(T::DbWeight::get().reads_writes(5, 2))
    }

    fn release() -> Weight {
        Weight::from_parts(60_000_000, 4_000).saturating_add(T::DbWeight::get().reads_writes(5, 2))
    }

    fn settle_batch(r: u32, p: u32) -> Weight {
        Weight::from_parts(300_000_000, 20_000)
            .saturating_add(Weight::from_parts(3_000_000, 0).saturating_mul(r.into()))
            .saturating_add(Weight::from_parts(40_000_000, 16_000).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads_writes(41, 17))
            .saturating_add(T::DbWeight::get().reads_writes(2, 1).saturating_mul(p.into()))
    }

    fn withdraw() -> Weight {
        Weight::from_parts(60_000_000, 20_000).saturating_add(T::DbWeight::get().reads_writes(4, 3))
    }

    fn settle_by_worker(r: u32, p: u32) -> Weight {
        Self::settle_batch(r, p)
    }

    fn authorize_settle_by_worker(r: u32) -> Weight {
        Weight::from_parts(150_000_000, 8_000)
            .saturating_add(Weight::from_parts(200_000, 0).saturating_mul(r.into()))
            .saturating_add(T::DbWeight::get().reads(6))
    }
}

impl WeightInfo for () {
    fn fund() -> Weight {
        Weight::zero()
    }

    fn release() -> Weight {
        Weight::zero()
    }

    fn settle_batch(_: u32, _: u32) -> Weight {
        Weight::zero()
    }

    fn withdraw() -> Weight {
        Weight::zero()
    }

    fn settle_by_worker(_: u32, _: u32) -> Weight {
        Weight::zero()
    }

    fn authorize_settle_by_worker(_: u32) -> Weight {
        Weight::zero()
    }
}
