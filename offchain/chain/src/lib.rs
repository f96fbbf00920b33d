//! The one typed client of the chain that all services share.
//!
//! [`api`] is generated from `metadata.scale`, the metadata of the runtime (`cargo xtask metadata`
//! writes it). What crosses the border between chain and services as a type of
//! `smartlink-primitives` is that type here as well, so a service computes with the chain's own
//! functions. [`Chain`] connects and reads, [`submit`] signs and watches, [`calls`] names the calls;
//! [`telemetry`] has both for anchors and devices, and [`vehicles`] lists vehicles and tells what became of them.
//! [`validators`], [`wallets`] and [`council`] have both for who validates, who acts for whom, and who decides ([`motions`]).
//! [`encoded`] sends calls that other programs wrote, and [`words`] shows them to people.
//! [`raw`] gives blocks as the node has them, undecoded, and [`proofs`] what proofs are made of.
//!
//! Architecture invariant: no other crate touches the node's RPC, and none links the runtime.

#![deny(missing_docs)]

pub mod calls;
pub mod client;
pub mod council;
pub mod encoded;
pub mod error;
pub mod motions;
pub mod operator;
pub mod people;
pub mod proofs;
pub mod queries;
pub mod raw;
pub mod signer;
mod socket;
pub mod submit;
pub mod telemetry;
#[cfg(test)]
mod testing;
pub mod validators;
pub mod vehicles;
pub mod wallets;
pub mod words;

pub use client::{At, Chain, Config};
pub use encoded::EncodedCall;
pub use error::{ChainError, Failure, SubmitError};
pub use signer::{Account, SignerError};
pub use submit::{Included, Pending};

pub use subxt;
pub use subxt::utils::{AccountId32, Static};

/// Calls, events, storage and runtime interfaces of the chain, generated from its metadata.
#[allow(missing_docs, clippy::all, rustdoc::all)]
#[subxt::subxt(
    runtime_metadata_path = "metadata.scale",
    derive_for_type(path = "smartlink_runtime::RuntimeCall", derive = "Clone", recursive),
    substitute_type(
        path = "smartlink_primitives::ids::CompanyId",
        with = "::subxt::utils::Static<::smartlink_primitives::CompanyId>"
    ),
    substitute_type(
        path = "smartlink_primitives::ids::DriverId",
        with = "::subxt::utils::Static<::smartlink_primitives::DriverId>"
    ),
    substitute_type(
        path = "smartlink_primitives::ids::VehicleId",
        with = "::subxt::utils::Static<::smartlink_primitives::VehicleId>"
    ),
    substitute_type(
        path = "smartlink_primitives::ids::Seat",
        with = "::subxt::utils::Static<::smartlink_primitives::Seat>"
    ),
    substitute_type(
        path = "smartlink_primitives::ids::CityCode",
        with = "::subxt::utils::Static<::smartlink_primitives::CityCode>"
    ),
    substitute_type(
        path = "smartlink_primitives::ids::BatchNumber",
        with = "::subxt::utils::Static<::smartlink_primitives::BatchNumber>"
    ),
    substitute_type(
        path = "smartlink_primitives::ids::TariffVersion",
        with = "::subxt::utils::Static<::smartlink_primitives::TariffVersion>"
    ),
    substitute_type(
        path = "smartlink_primitives::money::Money",
        with = "::subxt::utils::Static<::smartlink_primitives::Money>"
    ),
    substitute_type(
        path = "smartlink_primitives::company::Permissions",
        with = "::subxt::utils::Static<::smartlink_primitives::Permissions>"
    ),
    substitute_type(
        path = "smartlink_primitives::vehicle::VehicleClass",
        with = "::subxt::utils::Static<::smartlink_primitives::vehicle::VehicleClass>"
    ),
    substitute_type(
        path = "smartlink_primitives::ride::RideBatch",
        with = "::subxt::utils::Static<::smartlink_primitives::ride::RideBatch>"
    ),
    substitute_type(
        path = "smartlink_primitives::tariff::Tariff",
        with = "::subxt::utils::Static<::smartlink_primitives::tariff::Tariff>"
    ),
    substitute_type(
        path = "smartlink_primitives::ledger::Totals",
        with = "::subxt::utils::Static<::smartlink_primitives::ledger::Totals>"
    ),
    substitute_type(
        path = "smartlink_primitives::ledger::Supply",
        with = "::subxt::utils::Static<::smartlink_primitives::ledger::Supply>"
    ),
    substitute_type(
        path = "smartlink_primitives::ledger::DriverLedger<A>",
        with = "::subxt::utils::Static<::smartlink_primitives::ledger::DriverLedger<A>>"
    ),
    substitute_type(
        path = "smartlink_primitives::receipt::BatchRecord",
        with = "::subxt::utils::Static<::smartlink_primitives::receipt::BatchRecord>"
    ),
    substitute_type(
        path = "smartlink_primitives::receipt::ReceiptProof",
        with = "::subxt::utils::Static<::smartlink_primitives::receipt::ReceiptProof>"
    ),
    substitute_type(
        path = "smartlink_primitives::ids::AnchorNumber",
        with = "::subxt::utils::Static<::smartlink_primitives::AnchorNumber>"
    ),
    substitute_type(
        path = "smartlink_primitives::telemetry::Anchor",
        with = "::subxt::utils::Static<::smartlink_primitives::telemetry::Anchor>"
    ),
    substitute_type(
        path = "smartlink_primitives::telemetry::run::AnchorRun",
        with = "::subxt::utils::Static<::smartlink_primitives::telemetry::AnchorRun>"
    ),
    substitute_type(
        path = "smartlink_primitives::telemetry::AnchorHead",
        with = "::subxt::utils::Static<::smartlink_primitives::telemetry::AnchorHead>"
    ),
    substitute_type(
        path = "smartlink_primitives::telemetry::AnchorRecord",
        with = "::subxt::utils::Static<::smartlink_primitives::telemetry::AnchorRecord>"
    ),
    substitute_type(
        path = "smartlink_primitives::telemetry::AnchorProof",
        with = "::subxt::utils::Static<::smartlink_primitives::telemetry::AnchorProof>"
    ),
    substitute_type(
        path = "smartlink_primitives::telemetry::device::DeviceId",
        with = "::subxt::utils::Static<::smartlink_primitives::telemetry::DeviceId>"
    ),
    substitute_type(
        path = "smartlink_primitives::telemetry::device::DeviceBinding",
        with = "::subxt::utils::Static<::smartlink_primitives::telemetry::DeviceBinding>"
    )
)]
pub mod api {}
