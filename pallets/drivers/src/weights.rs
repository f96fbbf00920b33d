//! Weights of the calls: what each reads and writes at most, and a bound for its computation. What
//! the ledger does with a seat is counted with two reads and two writes.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::RocksDbWeight, RuntimeDbWeight, Weight},
};

/// What the calls weigh.
pub trait WeightInfo {
    /// Of `enrol`.
    fn enrol() -> Weight;
    /// Of `set_status`.
    fn set_status() -> Weight;
    /// Of `set_account` for a driver with `e` employments.
    fn set_account(e: u32) -> Weight;
}

/// Weights with the database of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn enrol() -> Weight {
        enrol(T::DbWeight::get())
    }

    fn set_status() -> Weight {
        set_status(T::DbWeight::get())
    }

    fn set_account(e: u32) -> Weight {
        set_account(T::DbWeight::get(), e)
    }
}

/// Weights with RocksDB, for tests.
impl WeightInfo for () {
    fn enrol() -> Weight {
        enrol(RocksDbWeight::get())
    }

    fn set_status() -> Weight {
        set_status(RocksDbWeight::get())
    }

    fn set_account(e: u32) -> Weight {
        set_account(RocksDbWeight::get(), e)
    }
}

/// Reads the time, the company, the role, the account's driver, the driver, the next id and the
/// seat; writes the latter four.
fn enrol(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(70_000_000, 20_000).saturating_add(db.reads_writes(8, 5))
}

/// Reads the time, the company, the role, the driver and the seat; writes the latter two.
fn set_status(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(50_000_000, 15_000).saturating_add(db.reads_writes(6, 3))
}

/// Reads two accounts, the driver and every seat; writes all of them.
fn set_account(db: RuntimeDbWeight, e: u32) -> Weight {
    let seats = u64::from(e) * 2;
    Weight::from_parts(40_000_000, 10_000)
        .saturating_add(Weight::from_parts(15_000_000, 5_000).saturating_mul(e.into()))
        .saturating_add(db.reads_writes(3 + seats, 3 + seats))
}
