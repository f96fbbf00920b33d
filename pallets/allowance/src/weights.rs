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
    /// Of `draw_on`.
    fn draw_on() -> Weight;
    /// Of `set_allowance`.
    fn set_allowance() -> Weight;
    /// Of an account that joins or leaves a company, beside the call that does it.
    fn note() -> Weight;
    /// Of paying a fee out of an allowance, beside paying it in money.
    fn charge() -> Weight;
    /// Of the extension [`Fair`](crate::Fair) in a block.
    fn fair() -> Weight;
}

/// Weights with the database of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn draw_on() -> Weight {
        draw_on(T::DbWeight::get())
    }

    fn set_allowance() -> Weight {
        set_allowance(T::DbWeight::get())
    }

    fn note() -> Weight {
        note(T::DbWeight::get())
    }

    fn charge() -> Weight {
        charge(T::DbWeight::get())
    }

    fn fair() -> Weight {
        fair()
    }
}

/// Weights with RocksDB, for tests.
impl WeightInfo for () {
    fn draw_on() -> Weight {
        draw_on(RocksDbWeight::get())
    }

    fn set_allowance() -> Weight {
        set_allowance(RocksDbWeight::get())
    }

    fn note() -> Weight {
        note(RocksDbWeight::get())
    }

    fn charge() -> Weight {
        charge(RocksDbWeight::get())
    }

    fn fair() -> Weight {
        fair()
    }
}

/// Reads the time, the company, the role, and four values by which the runtime knows staff without
/// a role; writes whom the account draws on.
fn draw_on(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(40_000_000, 25_000).saturating_add(db.reads_writes(7, 1))
}

/// Reads the company, its allowance twice, the two defaults, and its usage; writes the allowance and
/// the usage.
fn set_allowance(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(35_000_000, 15_000).saturating_add(db.reads_writes(5, 2))
}

/// Reads whom the account draws on, and whether it works there: the time, the company, the role, four
/// values of staff; writes whom it draws on.
fn note(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(40_000_000, 28_000).saturating_add(db.reads_writes(8, 1))
}

/// Reads whom the account draws on, whether it works there (the time, the company, the role, four
/// values of staff), the company's allowance, the two defaults, and the usage; writes the usage.
fn charge(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(45_000_000, 40_000).saturating_add(db.reads_writes(12, 1))
}

/// Reads nothing in a block.
fn fair() -> Weight {
    Weight::from_parts(3_000_000, 0)
}
