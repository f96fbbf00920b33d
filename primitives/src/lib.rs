//! Types and pure functions that the chain, the services, the relayer and the tests share.
//!
//! Everything here is integer arithmetic on plain data: no I/O, no storage, no clock. What the chain
//! computes from these functions, a service, a wallet or an auditor recomputes to the last unit.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod company;
pub mod fare;
pub mod hash;
pub mod ids;
pub mod ledger;
pub mod merkle;
pub mod money;
pub mod receipt;
pub mod ride;
pub mod snowflake;
pub mod split;
pub mod tariff;
pub mod telemetry;
#[cfg(feature = "pallets")]
pub mod traits;
pub mod vehicle;
pub mod vin;

pub use company::{CompanyKind, Permissions};
pub use hash::{keccak, H256};
pub use ids::{
    AnchorNumber, BatchNumber, CityCode, CompanyId, DriverId, Seat, TariffVersion, VehicleId,
};
pub use money::Money;
