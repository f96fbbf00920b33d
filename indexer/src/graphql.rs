//! GraphQL over the index: what The Graph's users know, for tables and entities alike.
//!
//! ```text
//!  request ─ limits ─ schema ─ Select, Loader ─┬─▶ Copy: points, lists, histories, tallies (RocksDB)
//!                                              └─▶ Reader: everything else, once a block for everybody who asks (ClickHouse)
//! ```
//!
//! The schema is made of the same descriptions as the tables ([`Shape`]): a new entity is there with its filters, lists,
//! connections, history, aggregates and subscription without a line here. `indexer/schema.graphql` is its text.

mod aggregate;
mod answer;
mod connections;
mod copy;
mod cors;
mod cost;
mod cursor;
mod filter;
mod graphiql;
mod input;
pub(crate) mod literal;
mod live;
mod load;
mod meta;
mod object;
mod proof;
mod query;
mod read;
mod runtimes;
mod schema;
mod search;
mod select;
mod server;
mod shape;
mod subscription;
mod tip;

pub use read::Reader;
pub use schema::{build, sdl};
pub use server::{ServeError, Server};
pub use shape::{Shape, Shapes};
pub use tip::Tip;
