//! ClickHouse: the embedded engine with its HTTP interface, the client of it, and the tables.
//!
//! * [`Engine`] is ClickHouse in this process, served over ClickHouse's own HTTP interface: the client here, curl
//!   and ClickHouse's tools reach it as they reach a server.
//! * [`Store`] is the client, of the embedded engine and of a cluster alike.
//! * [`migrations`] bring the tables up to date, and [`schema`] has their rows.
//!
//! `docs/clickhouse.md` tells how it all fits, what was measured, and what is not there.

#![deny(missing_docs)]

mod engine;
mod library;
pub mod migrations;
pub mod schema;
mod store;

pub use engine::{code, Engine, EngineConfig, EngineError, Exception};
pub use library::{library, LibraryMissing, LIBRARY_VARIABLE, LIBRARY_VERSION};
pub use migrations::{migrate, Layout, MigrateError, Policy};
pub use store::{once, Store, StoreConfig, StoreError};
