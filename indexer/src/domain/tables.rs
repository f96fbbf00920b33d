//! The tables of what a block consists of. Those of entities follow from the entities.

use super::table::{Column, Kind, Table};

/// A row a block. The last column, the digest, is not in the digest.
pub const BLOCKS: Table = Table {
    name: "blocks",
    columns: &[
        Column::new("number", Kind::U32),
        Column::new("hash", Kind::Hash),
        Column::new("parent", Kind::Hash),
        Column::new("state_root", Kind::Hash),
        Column::new("extrinsics_root", Kind::Hash),
        Column::new("time", Kind::Time),
        Column::new("slot", Kind::U64).optional(),
        Column::new("authority", Kind::U32).optional(),
        Column::new("spec", Kind::U32),
        Column::new("extrinsics", Kind::U32),
        Column::new("calls", Kind::U32),
        Column::new("events", Kind::U32),
        Column::new("bytes", Kind::U32),
    ],
    block: "number",
    order: "number",
};

/// The column of [`BLOCKS`] that holds the digest.
pub const DIGEST: Column = Column::new("digest", Kind::Hash);

/// A row an extrinsic.
pub const EXTRINSICS: Table = Table {
    name: "extrinsics",
    columns: &[
        Column::new("block", Kind::U32),
        Column::new("place", Kind::U32),
        Column::new("time", Kind::Time),
        Column::new("hash", Kind::Hash),
        Column::new("signer", Kind::Account).optional(),
        Column::new("nonce", Kind::U64).optional(),
        Column::new("pallet", Kind::Name),
        Column::new("name", Kind::Name),
        Column::new("success", Kind::Bool),
        Column::new("error", Kind::Name),
        Column::new("fee", Kind::Money),
        Column::new("tip", Kind::Money),
        Column::new("bytes", Kind::U32),
    ],
    block: "block",
    order: "block, place",
};

/// A row a call: the extrinsic's own, and those within it.
pub const CALLS: Table = Table {
    name: "calls",
    columns: &[
        Column::new("block", Kind::U32),
        Column::new("extrinsic", Kind::U32),
        Column::new("place", Kind::U32),
        Column::new("time", Kind::Time),
        Column::new("path", Kind::Text),
        Column::new("depth", Kind::U32),
        Column::new("pallet", Kind::Name),
        Column::new("name", Kind::Name),
        Column::new("args", Kind::Json),
        Column::new("accounts", Kind::Accounts),
    ],
    block: "block",
    order: "block, extrinsic, place",
};

/// A row an event.
pub const EVENTS: Table = Table {
    name: "events",
    columns: &[
        Column::new("block", Kind::U32),
        Column::new("place", Kind::U32),
        Column::new("time", Kind::Time),
        Column::new("phase", Kind::U8),
        Column::new("extrinsic", Kind::U32).optional(),
        Column::new("pallet", Kind::Name),
        Column::new("name", Kind::Name),
        Column::new("fields", Kind::Json),
        Column::new("accounts", Kind::Accounts),
    ],
    block: "block",
    order: "block, place",
};

/// All of them, in the order of the digest.
pub const ALL: [Table; 4] = [BLOCKS, EXTRINSICS, CALLS, EVENTS];
