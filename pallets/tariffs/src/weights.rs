//! Weights of the calls: what each reads and writes at most, and a bound for its computation.
//! Asking whether somebody may act for a company is counted with three reads.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::RocksDbWeight, RuntimeDbWeight, Weight},
};

/// What the calls weigh.
pub trait WeightInfo {
    /// Of `propose`.
    fn propose() -> Weight;
    /// Of `approve`.
    fn approve() -> Weight;
    /// Of `reject`.
    fn reject() -> Weight;
}

/// Weights with the database of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn propose() -> Weight {
        propose(T::DbWeight::get())
    }

    fn approve() -> Weight {
        approve(T::DbWeight::get())
    }

    fn reject() -> Weight {
        reject(T::DbWeight::get())
    }
}

/// Weights with RocksDB, for tests.
impl WeightInfo for () {
    fn propose() -> Weight {
        propose(RocksDbWeight::get())
    }

    fn approve() -> Weight {
        approve(RocksDbWeight::get())
    }

    fn reject() -> Weight {
        reject(RocksDbWeight::get())
    }
}

/// Reads eight third parties, the count and the next version; writes the latter two and the
/// proposal.
fn propose(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(100_000_000, 30_000).saturating_add(db.reads_writes(13, 3))
}

/// Reads the time, the proposal, the count and the timeline; writes the latter three and the
/// tariff.
fn approve(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(90_000_000, 20_000).saturating_add(db.reads_writes(7, 4))
}

/// Reads and writes the proposal and the count.
fn reject(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(50_000_000, 15_000).saturating_add(db.reads_writes(5, 2))
}
