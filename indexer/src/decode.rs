//! From raw blocks to rows and facts, with nothing but the metadata of the block's runtime.
//!
//! `plan` makes a runtime's types out of its metadata, `scale` decodes values by them, `extrinsic`, `event` and `state`
//! what a block consists of, `rides` the batches that it settled, `block` puts a block's rows together. `difference` tells
//! what is different between two runtimes. No input, however wrong, makes any of it panic, and nesting ends at
//! [`scale::DEEPEST`]: subxt's own visitors skip what they do not want without such a limit, which is why the types are walked
//! here.

pub mod block;
pub mod difference;
pub mod event;
pub mod extrinsic;
pub mod metadata;
pub mod plan;
pub mod rides;
pub mod scale;
pub mod state;

pub use block::{decode, Decoded};
pub use difference::{difference, Difference};
pub use plan::Plan;

/// A block, or a runtime, that cannot be decoded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The metadata is not metadata.
    #[error("the metadata of runtime {spec} cannot be read ({why}): is the row of the table runtimes whole?")]
    Metadata {
        /// The runtime's version.
        spec: u32,
        /// Why not.
        why: String,
    },
    /// A part of a block does not fit the metadata.
    #[error(
        "{part} of block {block} does not fit the metadata of runtime {spec}: {why}; nothing of the block is stored: this \
         program does not know how that chain encodes"
    )]
    Block {
        /// The block's height.
        block: u32,
        /// The version of its runtime.
        spec: u32,
        /// Which part.
        part: String,
        /// What is wrong.
        why: String,
    },
    /// An entity does not know the form of a fact.
    #[error(transparent)]
    Fact(#[from] crate::domain::Unread),
}

#[cfg(test)]
pub(crate) mod tests;
