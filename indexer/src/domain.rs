//! What the indexer is about, in its own words: blocks as they come, facts in them, entities that follow from facts,
//! tables that hold all of it, and the digest over a block's rows. Nothing here knows a node or ClickHouse.

pub mod block;
pub mod digest;
pub mod entity;
pub mod fact;
pub mod parts;
pub mod receipts;
pub mod rows;
pub mod table;
pub mod tables;
pub mod value;

pub use block::{Cut, RawBlock, Runtime};
pub use digest::Digest;
pub use entity::{Change, Entity, Patch, Unread};
pub use fact::{Fact, Origin};
pub use rows::Rows;
pub use table::{Cell, Column, Kind, Table};
pub use value::Value;
