//! What the domain's words are on this machine: a node over its RPC, ClickHouse over HTTP.

pub mod node;
pub mod store;

pub use node::Node;
pub use store::Index;
