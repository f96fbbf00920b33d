//! Weights of the calls: estimates of what each reads and writes at most, and a bound for its
//! computation. `cargo xtask weights` replaces them by measured ones.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::RocksDbWeight, RuntimeDbWeight, Weight},
};

/// What the calls weigh.
pub trait WeightInfo {
    /// Of `add_validator`.
    fn add_validator() -> Weight;
    /// Of `remove_validator` from a set of `v`.
    fn remove_validator(v: u32) -> Weight;
    /// Of `reinstate`.
    fn reinstate() -> Weight;
    /// Of the removal of all validators of a company, from a set of `v`.
    fn fell(v: u32) -> Weight;
    /// Of noting who made a block.
    fn note_author() -> Weight;
}

/// Weights with the database of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn add_validator() -> Weight {
        add_validator(T::DbWeight::get())
    }

    fn remove_validator(v: u32) -> Weight {
        remove_validator(T::DbWeight::get(), v)
    }

    fn reinstate() -> Weight {
        reinstate(T::DbWeight::get())
    }

    fn fell(v: u32) -> Weight {
        fell(T::DbWeight::get(), v)
    }

    fn note_author() -> Weight {
        note_author(T::DbWeight::get())
    }
}

/// Weights with RocksDB, for tests.
impl WeightInfo for () {
    fn add_validator() -> Weight {
        add_validator(RocksDbWeight::get())
    }

    fn remove_validator(v: u32) -> Weight {
        remove_validator(RocksDbWeight::get(), v)
    }

    fn reinstate() -> Weight {
        reinstate(RocksDbWeight::get())
    }

    fn fell(v: u32) -> Weight {
        fell(RocksDbWeight::get(), v)
    }

    fn note_author() -> Weight {
        note_author(RocksDbWeight::get())
    }
}

/// Reads the company, the session keys, leavers and validators; writes the validators.
fn add_validator(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(60_000_000, 20_000).saturating_add(db.reads_writes(4, 1))
}

/// Reads the session's index, leavers, validators, and the offence of each; writes leavers and
/// validators.
fn remove_validator(db: RuntimeDbWeight, v: u32) -> Weight {
    Weight::from_parts(60_000_000, 20_000)
        .saturating_add(Weight::from_parts(2_000_000, 2_600).saturating_mul(v.into()))
        .saturating_add(db.reads_writes(3, 2))
        .saturating_add(db.reads(1).saturating_mul(v.into()))
}

/// Reads the offence and the clock; removes the offence and writes the clock.
fn reinstate(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(25_000_000, 8_000).saturating_add(db.reads_writes(2, 2))
}

/// Reads the session's index, leavers, validators, and the offences of those who may stay; writes
/// leavers and validators.
fn fell(db: RuntimeDbWeight, v: u32) -> Weight {
    Weight::from_parts(60_000_000, 20_000)
        .saturating_add(Weight::from_parts(5_000_000, 2_600).saturating_mul(v.into()))
        .saturating_add(db.reads_writes(3, 2))
        .saturating_add(db.reads(1).saturating_mul(v.into()))
}

/// Reads and writes the clock.
fn note_author(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(10_000_000, 3_000).saturating_add(db.reads_writes(1, 1))
}
