//! Exports: every row of a table or an entity in a file, with a manifest that says what it is, and a signature over that.
//!
//! ```text
//! Wanted ─▶ Selection ─▶ ClickHouse ─ rows, piece by piece ─▶ Target: hash, count ─▶ Manifest ─▶ Key ─▶ names
//! ```
//!
//! An export is of an index at a block. Rows of later blocks are left out, so the index may go on meanwhile, and whoever
//! exports the same of the same block later gets the same rows. ClickHouse reads them in the order of their key and writes
//! the format; here they are hashed, counted and written down as they come, however many there are. The command writes them
//! where it is told; [`Exports`] makes them for whoever asks over HTTP, and keeps them for a while.
//!
//! `docs/exports.md` tells how to use it, and how a file is checked.

mod check;
mod condition;
mod content;
mod csv;
mod format;
mod key;
mod making;
mod manifest;
mod parquet;
mod selection;
mod serving;
mod source;
mod target;

use std::{path::PathBuf, sync::Arc};

pub use check::{check, Checked, Difference, Vouching};
pub use condition::{Comparison, Condition};
pub use format::Format;
pub use key::Key;
pub use manifest::{Heading, Manifest, NoManifest, Point, Stated};
pub use selection::{Selection, Versions, Wanted};
pub use serving::{Exports, ExportsConfig, Figures};
pub use source::Source;

use self::{
    making::{Pace, Plan},
    target::Target,
};
use crate::{config::IndexerConfig, entities::Registry, error::Error, infra::Index};

/// Milliseconds that ClickHouse may take for the count, and for a piece of the file, at least.
const PATIENCE_MS: u64 = 3_600_000;

/// An export that is to be made.
#[derive(Debug)]
pub struct Order {
    /// What of the index.
    pub wanted: Wanted,
    /// At the end of which block. Without it, of the last.
    pub at: Option<u32>,
    /// The format of the file.
    pub format: Format,
    /// The file.
    pub to: PathBuf,
    /// Whether an export that was changed since it was made is written over.
    pub overwrite: bool,
    /// Who signs. Nothing: nobody.
    pub key: Option<Key>,
}

/// How far an export is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Rows that are written, where they can be counted on the way.
    pub rows: Option<u64>,
    /// Rows that there are.
    pub all: u64,
    /// Bytes that are written.
    pub bytes: u64,
}

/// Makes an export; `tell` hears how far it is. Dropped or killed before its end, it leaves no file of that name.
///
/// # Errors
/// There is no index or no such block in it, what is wanted is not there, ClickHouse does not give it, or the file cannot
/// be written.
pub async fn export(
    config: &IndexerConfig,
    registry: Arc<Registry>,
    order: &Order,
    mut tell: impl FnMut(Progress),
) -> Result<Manifest, Error> {
    let selection = Selection::of(&registry, &order.wanted)?;
    let index = Index::read_only(config, registry).await?;
    let own = index.registry().form();
    if index.form() != own {
        return Err(Error::Form { stored: index.form().to_owned(), own });
    }
    let signer = order.key.as_ref().map(Key::account);
    let plan = Plan::of(&index, selection, order.format, order.at, signer).await?;
    let pace = Pace::default();
    let store = pace.store(&config.store, PATIENCE_MS);
    let target = Target::begin(&order.to, order.format, order.overwrite)?;
    let tell = |progress| {
        tell(progress);
        Ok(())
    };
    plan.make(&index, (&store, pace), target, order.key.as_ref(), tell).await
}
