//! From the chain to ClickHouse: every final block, its extrinsics with the calls in them, its events, and the entities
//! that follow from them with their whole history.
//!
//! * [`domain`] has the words: raw blocks, facts, entities, tables, digests. It knows no node and no database.
//! * [`decode`] makes rows and facts of a raw block, by the metadata of the runtime that ran it.
//! * [`entities`] says what facts mean: one file an entity.
//! * [`infra`] asks the node and ClickHouse.
//! * [`live`] shows what the node has beyond the last final block, in memory alone.
//! * [`proving`] makes proofs of it that need no trust in whoever runs the indexer.
//! * [`operations`] tells operators how it is, [`backup`] keeps what cannot be made again.
//! * [`export`] writes rows into files that are signed, and checks them.
//! * [`graphql`] answers questions.
//! * [`application`] connects them: one bounded pipeline for catching up and for following.
//!
//! `docs/indexer.md` tells how it all fits, and why.

#![deny(missing_docs)]

pub mod application;
pub mod backup;
pub mod config;
pub mod decode;
pub mod domain;
pub mod entities;
pub mod error;
pub mod export;
pub mod graphql;
pub mod infra;
pub mod live;
pub mod operations;

pub use config::IndexerConfig;
pub use entities::Registry;
pub use error::Error;
pub use smartlink_proving as proving;
