//! From the log to ClickHouse: every record once, and a root over every batch.
//!
//! ```text
//!  log ──▶ cutter ────────────────▶ storer ───────────▶ ClickHouse
//!          rows and leaves of a     inserts it under
//!          chunk; writes the cut    its token until it is in;
//!          down before it goes on   then the batches that are whole
//! ```
//!
//! **Chunks and batches are two things.** A chunk is what one insert carries: it is cut as soon as the last insert is a
//! little while ago, so that a record can be found within a fraction of a second. A batch is what one root on chain
//! stands for: it is closed by its size or its age, seconds or minutes later. A chunk never reaches across the end of a
//! batch, so each row knows its batch when it is written.
//!
//! **Once in effect.** What a chunk holds is written down and synced before it is sent. Whatever happens afterwards,
//! the same rows are sent under the same deduplication token until ClickHouse has said that they are in, and ClickHouse
//! leaves out what it already has. Nothing is ever sent under another cut. A token may outlive its rows, though: a chunk
//! that was sent more than once is counted before it is taken for stored ([`missing`]).
//!
//! **ClickHouse away.** The chunk that is on its way is tried again for ever, and at most one more is made; all others
//! stay in the log. When ClickHouse is back, chunks are as large as they may be. What bounds the time that it may be
//! away is the log's own bound.

mod chunk;
mod cutter;
mod missing;
mod storer;

pub(crate) use chunk::{Builder, Chunk};
pub(crate) use cutter::Cutter;
pub(crate) use storer::{insert_rows, Storer};

use crate::journal::Cut;
use std::time::{SystemTime, UNIX_EPOCH};

/// What the cutter hands on.
pub(crate) enum Step {
    /// Rows to insert.
    Chunk(Box<Chunk>),
    /// A batch was closed.
    Closed,
}

/// The token under which a chunk's rows are inserted.
pub(crate) fn token(company: u32, cut: &Cut) -> String {
    format!("records-{company}-{}-{}", cut.first, cut.count)
}

/// A token that nobody has used, for rows that replace those of the same thing: there may be two of them, and none must be
/// left out because of a token that has outlived its rows.
pub(crate) fn fresh_token(rows: &str) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{rows}-{}", now.as_nanos())
}
