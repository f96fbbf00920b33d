//! What a compiled runtime says of itself, and what it changes for whoever uses the chain.
//!
//! [`Code`] is what is sent to the chain, and is executed here to be asked; [`Runtime`] is what is compared: code, or
//! metadata that was kept. What is different is told by the indexer's [`difference`]; [`rules`] says whether the versions
//! follow from it. `docs/upgrades.md` tells how the council uses this.

#![deny(missing_docs)]

mod code;
mod declared;
pub mod release;
pub mod rules;
mod runtime;

pub use code::Code;
pub use runtime::Runtime;
pub use smartlink_indexer::decode::difference::{difference, Difference};
