//! What the program does: fetch, decode, fold and store, in one bounded pipeline; and what is asked of an index.
//!
//! ```text
//!  raw blocks kept ─┐
//!                   ├─ fetch ─▶ decode, chunks side by side ─▶ store: fold, digest, insert, progress
//!  node ────────────┘   chunk        a thread each               one after the other
//! ```

pub mod ahead;
pub mod check;
pub mod fetch;
pub mod fold;
pub mod pipeline;
pub mod status;
pub mod storer;
pub mod tally;

pub use pipeline::{run, Goal};
pub use tally::Tally;
