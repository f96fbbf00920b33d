//! Why the indexer cannot go on.

use smartlink_chain::raw::RawError;
use smartlink_clickhouse::{MigrateError, StoreError};
use smartlink_service::config::ConfigError;

use crate::{
    decode::DecodeError,
    domain::{block::Hash, value::hex},
};

/// Why the indexer cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The configuration is wrong.
    #[error("{0}")]
    Config(#[from] ConfigError),
    /// What was asked for cannot be.
    #[error("{0}")]
    Asked(String),
    /// The node cannot serve what is needed.
    #[error("{0}")]
    Node(#[from] RawError),
    /// ClickHouse does not do what is needed.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The tables cannot be made.
    #[error("{0}")]
    Migrate(#[from] MigrateError),
    /// A block cannot be decoded.
    #[error("{0}")]
    Decode(#[from] DecodeError),
    /// The index was made by another program.
    #[error(
        "the index in ClickHouse has another form ({stored}, this program's is {own}): run `smartlink-indexer reindex`, \
         which makes it anew from the raw blocks without the node"
    )]
    Form {
        /// The form that it has.
        stored: String,
        /// This program's.
        own: String,
    },
    /// A block does not follow the one before.
    #[error(
        "block {number} follows {parent}, and the index ends with {stored}: the node is of another chain, or the \
         database of another index; name the right one"
    )]
    Fork {
        /// The height.
        number: u32,
        /// The block that it follows.
        parent: String,
        /// The last block of the index.
        stored: String,
    },
    /// Rows are not what was stored.
    #[error("{0}")]
    Differs(String),
    /// A part of the program has ended by itself.
    #[error("{part} broke off: {why}; look at the log, and start the indexer again")]
    BrokeOff {
        /// Which part.
        part: &'static str,
        /// What it says.
        why: String,
    },
}

impl Error {
    /// A block that does not follow the index.
    pub fn fork(number: u32, parent: &Hash, stored: &Hash) -> Self {
        Self::Fork { number, parent: hex(parent), stored: hex(stored) }
    }
}
