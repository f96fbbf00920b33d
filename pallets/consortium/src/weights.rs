//! Weights of the calls: what each reads and writes at most, and a bound for its computation.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::RocksDbWeight, RuntimeDbWeight, Weight},
};

/// What the calls weigh.
pub trait WeightInfo {
    /// Of `register_company`.
    fn register_company() -> Weight;
    /// Of `set_active`.
    fn set_active() -> Weight;
    /// Of `grant_role`.
    fn grant_role() -> Weight;
    /// Of `revoke_role`.
    fn revoke_role() -> Weight;
    /// Of `appoint_admin`.
    fn appoint_admin() -> Weight;
    /// Of `enact`, beside the call that is enacted.
    fn enact() -> Weight;
}

/// Weights with the database of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn register_company() -> Weight {
        register_company(T::DbWeight::get())
    }

    fn set_active() -> Weight {
        set_active(T::DbWeight::get())
    }

    fn grant_role() -> Weight {
        grant_role(T::DbWeight::get())
    }

    fn revoke_role() -> Weight {
        revoke_role(T::DbWeight::get())
    }

    fn appoint_admin() -> Weight {
        appoint_admin(T::DbWeight::get())
    }

    fn enact() -> Weight {
        enact(T::DbWeight::get())
    }
}

/// Weights with RocksDB, for tests.
impl WeightInfo for () {
    fn register_company() -> Weight {
        register_company(RocksDbWeight::get())
    }

    fn set_active() -> Weight {
        set_active(RocksDbWeight::get())
    }

    fn grant_role() -> Weight {
        grant_role(RocksDbWeight::get())
    }

    fn revoke_role() -> Weight {
        revoke_role(RocksDbWeight::get())
    }

    fn appoint_admin() -> Weight {
        appoint_admin(RocksDbWeight::get())
    }

    fn enact() -> Weight {
        enact(RocksDbWeight::get())
    }
}

/// Reads the time, the treasury's owner, the next id, the role and its count; writes all but the
/// time, and the company.
fn register_company(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(60_000_000, 10_000).saturating_add(db.reads_writes(5, 5))
}

/// Reads and writes the company.
fn set_active(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(25_000_000, 5_000).saturating_add(db.reads_writes(1, 1))
}

/// Reads the time, the company, two roles and the count; writes one role and the count.
fn grant_role(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(50_000_000, 10_000).saturating_add(db.reads_writes(5, 2))
}

/// Reads the time, the company, two roles and the count; writes one role and the count.
fn revoke_role(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(45_000_000, 10_000).saturating_add(db.reads_writes(5, 2))
}

/// Reads the company, the role and the count; writes the role and the count.
fn appoint_admin(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(45_000_000, 10_000).saturating_add(db.reads_writes(3, 2))
}

/// Deposits an event.
fn enact(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(15_000_000, 1_000).saturating_add(db.reads_writes(1, 1))
}
