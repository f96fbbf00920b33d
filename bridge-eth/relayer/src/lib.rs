//! The relayer of the bridge: it carries what the chain's validators sign to the contract on Ethereum that keeps it.
//!
//! ```text
//!   node ──▶ chain ──▶ checkpoint, verified ──┐
//!                                             ├─▶ plan ─▶ relay ─▶ transaction ──▶ Ethereum
//!   Ethereum ──▶ what the contract holds ─────┘
//! ```
//!
//! * [`chain`] follows BEEFY's signatures, and finds those of sessions that were missed.
//! * [`plan`] says what is due, from the two states alone.
//! * [`anchor`] is the contract, and verifies what a node answers against the set that it knows; [`ethereum`] signs and pays.
//! * [`relay`] connects them, and [`operations`] tells operators how it goes.
//! * [`deploy`] makes the contract, [`status`] looks at both sides.
//! * [`proof`] leads an item of the chain to what the contract holds.
//!
//! Architecture invariant: there is no state but that of the two chains. A relayer that is killed anywhere, or that is one of
//! many, goes on from what they say.
//!
//! Architecture invariant: it is trusted with nothing. The contract verifies everything, and what would not pass there is
//! refused before it costs anything.

#![deny(missing_docs)]

pub mod chain;
pub mod config;
pub mod deploy;
pub mod error;
pub mod ethereum;
pub mod operations;
pub mod plan;
pub mod proof;
pub mod relay;
pub mod status;

pub use config::BridgeConfig;
pub use error::Error;
pub use smartlink_anchor::{self as anchor, checkpoint};
