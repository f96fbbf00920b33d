//! Weights of the calls: what each reads and writes at most, and a bound for its computation.
//! Asking whether somebody may act for a company is counted with three reads, noting an item for
//! the checkpoint with two reads and two writes.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::RocksDbWeight, RuntimeDbWeight, Weight},
};

/// Devices that a vehicle may have to be taken off.
const DEVICES: u64 = crate::MAX_DEVICES as u64;

/// What the calls weigh.
pub trait WeightInfo {
    /// Of `register`.
    fn register() -> Weight;
    /// Of `set_plate`.
    fn set_plate() -> Weight;
    /// Of `set_status`.
    fn set_status() -> Weight;
    /// Of `offer_transfer`.
    fn offer_transfer() -> Weight;
    /// Of `cancel_offer`.
    fn cancel_offer() -> Weight;
    /// Of `accept_transfer`.
    fn accept_transfer() -> Weight;
    /// Of `bind_device`.
    fn bind_device() -> Weight;
    /// Of `unbind_device`.
    fn unbind_device() -> Weight;
}

/// Weights with the database of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn register() -> Weight {
        register(T::DbWeight::get())
    }

    fn set_plate() -> Weight {
        set_plate(T::DbWeight::get())
    }

    fn set_status() -> Weight {
        set_status(T::DbWeight::get())
    }

    fn offer_transfer() -> Weight {
        offer_transfer(T::DbWeight::get())
    }

    fn cancel_offer() -> Weight {
        cancel_offer(T::DbWeight::get())
    }

    fn accept_transfer() -> Weight {
        accept_transfer(T::DbWeight::get())
    }

    fn bind_device() -> Weight {
        bind_device(T::DbWeight::get())
    }

    fn unbind_device() -> Weight {
        unbind_device(T::DbWeight::get())
    }
}

/// Weights with RocksDB, for tests.
impl WeightInfo for () {
    fn register() -> Weight {
        register(RocksDbWeight::get())
    }

    fn set_plate() -> Weight {
        set_plate(RocksDbWeight::get())
    }

    fn set_status() -> Weight {
        set_status(RocksDbWeight::get())
    }

    fn offer_transfer() -> Weight {
        offer_transfer(RocksDbWeight::get())
    }

    fn cancel_offer() -> Weight {
        cancel_offer(RocksDbWeight::get())
    }

    fn accept_transfer() -> Weight {
        accept_transfer(RocksDbWeight::get())
    }

    fn bind_device() -> Weight {
        bind_device(RocksDbWeight::get())
    }

    fn unbind_device() -> Weight {
        unbind_device(RocksDbWeight::get())
    }
}

/// Reads the VIN's and the plate's vehicle, the next id and what the company noted; writes these and the vehicle.
fn register(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(90_000_000, 20_000).saturating_add(db.reads_writes(9, 7))
}

/// Reads the vehicle, the new plate's and what the company noted; writes the vehicle, both plates and the latter.
fn set_plate(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(60_000_000, 15_000).saturating_add(db.reads_writes(6, 4))
}

/// Reads the vehicle, its devices and what the company noted; writes the vehicle, the plate, the offer, what was noted,
/// and the list of its devices and each of them.
fn set_status(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(90_000_000, 17_000).saturating_add(db.reads_writes(6, 5 + DEVICES))
}

/// Reads the vehicle and the other company; writes the offer.
fn offer_transfer(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(45_000_000, 15_000).saturating_add(db.reads_writes(5, 1))
}

/// Reads the offer, the vehicle and two companies; writes the offer.
fn cancel_offer(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(50_000_000, 15_000).saturating_add(db.reads_writes(7, 1))
}

/// Reads the offer, the vehicle, its devices, the other company, two balances and what the buyer noted; writes all but
/// the company, and each of the devices.
fn accept_transfer(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(170_000_000, 27_000).saturating_add(db.reads_writes(12, 8 + DEVICES))
}

/// Reads the vehicle, the device and the vehicle's devices; writes the latter two.
fn bind_device(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(50_000_000, 15_000).saturating_add(db.reads_writes(6, 2))
}

/// Reads the vehicle and its devices; writes these and the device.
fn unbind_device(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(45_000_000, 15_000).saturating_add(db.reads_writes(5, 2))
}
