//! Which vehicle fetches whom, and why.
//!
//! [`DispatchEngine`] is the dispatcher without I/O and without a clock. Around it, [`start`] follows the orders
//! service, ticks, makes offers, keeps decisions and answers `dispatch.proto`. [`simday`] drives the very same engine
//! through a day of a made-up city. `docs/dispatch.md` tells how it decides.

#![deny(missing_docs)]

pub mod assignment;
pub mod class;
pub mod config;
pub mod cost;
pub mod decision;
pub mod engine;
pub mod geo;
pub mod grid;
pub mod hold;
pub mod market;
pub mod policy;
pub mod service;
pub mod simday;
pub mod travel;

mod fleet;
mod matching;

pub use config::DispatchConfig;
pub use engine::DispatchEngine;
pub use service::{start, Dispatch};
