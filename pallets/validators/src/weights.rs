//! Weights of the calls: what each reads and writes at most, and a bound for its computation.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::RocksDbWeight, RuntimeDbWeight, Weight},
};

/// What the calls weigh.
pub trait WeightInfo {
    /// Of `add_validator`.
    fn add_validator() -> Weight;
    /// Of `remove_validator`.
    fn remove_validator() -> Weight;
    /// Of `reinstate`.
    fn reinstate() -> Weight;
}

/// Weights with the database of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn add_validator() -> Weight {
        add_validator(T::DbWeight::get())
    }

    fn remove_validator() -> Weight {
        remove_validator(T::DbWeight::get())
    }

    fn reinstate() -> Weight {
        reinstate(T::DbWeight::get())
    }
}

/// Weights with RocksDB, for tests.
impl WeightInfo for () {
    fn add_validator() -> Weight {
        add_validator(RocksDbWeight::get())
    }

    fn remove_validator() -> Weight {
        remove_validator(RocksDbWeight::get())
    }

    fn reinstate() -> Weight {
        reinstate(RocksDbWeight::get())
    }
}

/// Reads the company, the session keys, leavers and validators; writes the validators.
fn add_validator(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(60_000_000, 20_000).saturating_add(db.reads_writes(4, 1))
}

/// Reads the session's index, leavers and validators; writes the latter two.
fn remove_validator(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(60_000_000, 20_000).saturating_add(db.reads_writes(3, 2))
}

/// Reads and removes the offence.
fn reinstate(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(20_000_000, 5_000).saturating_add(db.reads_writes(1, 1))
}
