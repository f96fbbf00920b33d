//! Weights of the calls: what each reads and writes at most, and a bound for its computation.
//!
//! These are estimates. `cargo xtask weights` replaces them by what benchmarks measure.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::RocksDbWeight, RuntimeDbWeight, Weight},
};

/// What the calls weigh.
pub trait WeightInfo {
    /// Of `register`.
    fn register() -> Weight;
    /// Of `unregister`.
    fn unregister() -> Weight;
    /// Of `remove_by_council`.
    fn remove_by_council() -> Weight;
    /// Of `set_permissioned`.
    fn set_permissioned() -> Weight;
    /// Of the expulsion of a company with `n` machines, beside the call that expels it.
    fn fell(n: u32) -> Weight;
}

/// Weights with the database of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn register() -> Weight {
        register(T::DbWeight::get())
    }

    fn unregister() -> Weight {
        unregister(T::DbWeight::get())
    }

    fn remove_by_council() -> Weight {
        remove_by_council(T::DbWeight::get())
    }

    fn set_permissioned() -> Weight {
        set_permissioned(T::DbWeight::get())
    }

    fn fell(n: u32) -> Weight {
        fell(T::DbWeight::get(), n)
    }
}

/// Weights with RocksDB, for tests.
impl WeightInfo for () {
    fn register() -> Weight {
        register(RocksDbWeight::get())
    }

    fn unregister() -> Weight {
        unregister(RocksDbWeight::get())
    }

    fn remove_by_council() -> Weight {
        remove_by_council(RocksDbWeight::get())
    }

    fn set_permissioned() -> Weight {
        set_permissioned(RocksDbWeight::get())
    }

    fn fell(n: u32) -> Weight {
        fell(RocksDbWeight::get(), n)
    }
}

/// Reads the time, the company, the role, the node and the company's list; writes the latter two.
fn register(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(45_000_000, 18_000).saturating_add(db.reads_writes(5, 2))
}

/// Reads the time, the company, the role, the node and the company's list; writes the latter two.
fn unregister(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(45_000_000, 18_000).saturating_add(db.reads_writes(5, 2))
}

/// Reads and writes the node and its company's list.
fn remove_by_council(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(35_000_000, 10_000).saturating_add(db.reads_writes(2, 2))
}

/// Looks for a list of nodes; writes one value.
fn set_permissioned(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(20_000_000, 6_000).saturating_add(db.reads_writes(1, 1))
}

/// Reads and removes the company's list, removes its nodes.
fn fell(db: RuntimeDbWeight, n: u32) -> Weight {
    let n = u64::from(n);
    Weight::from_parts(15_000_000, 6_000)
        .saturating_add(Weight::from_parts(5_000_000, 3_000).saturating_mul(n))
        .saturating_add(db.reads_writes(1, 1))
        .saturating_add(db.writes(n))
}
