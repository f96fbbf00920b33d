//! The contract on Ethereum that keeps what the chain's validators signed, as programs see it.
//!
//! * [`ethereum`] asks a node of Ethereum over JSON-RPC.
//! * [`Anchor`] is the contract: what it holds, what it is called with, and what it refuses with. [`abi`] writes the bytes.
//! * [`checkpoint`] is what it takes, verified as it verifies.
//!
//! The relayer brings checkpoints to it; whoever makes proofs looks which it has.
//!
//! Architecture invariant: nothing here has a key, or asks a node of the chain.

#![deny(missing_docs)]

pub mod abi;
mod artifact;
mod calldata;
pub mod checkpoint;
mod contract;
mod error;
pub mod ethereum;
mod held;
mod reverted;
mod source;

pub use alloy_primitives::Address;
pub use artifact::{artifact, Artifact};
pub use calldata::{proof, read, roster, submission, submission_call, Misread, Submitted};
pub use contract::{Anchor, Set, View};
pub use error::AnchorError;
pub use held::Held;
pub use reverted::Reverted;
pub use source::{connect, Source};
