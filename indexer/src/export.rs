//! Exports: every row of a table or an entity in a file, with a manifest that says what it is, and a signature over that.
//!
//! ```text
//! Wanted ─▶ Selection ─▶ ClickHouse ─ rows, piece by piece ─▶ Target: hash, count ─▶ Manifest ─▶ Key ─▶ names
//! ```
//!
//! An export is of an index at a block. Rows of later blocks are left out, so the index may go on meanwhile, and whoever
//! exports the same of the same block later gets the same rows. ClickHouse reads them in the order of their key and writes
//! the format; here they are hashed, counted and written down as they come, however many there are.
//!
//! `docs/exports.md` tells how to use it, and how a file is checked.

mod check;
mod condition;
mod content;
mod csv;
mod format;
mod key;
mod manifest;
mod parquet;
mod selection;
mod source;
mod target;

use std::{
    path::PathBuf,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use chrono::{DateTime, SecondsFormat};
use smartlink_clickhouse::{Store, StoreConfig};
use smartlink_proofs::Fixed;

pub use check::{check, Checked, Difference, Vouching};
pub use condition::{Comparison, Condition};
pub use format::Format;
pub use key::Key;
pub use manifest::{Heading, Manifest, NoManifest, Point, Stated};
pub use selection::{Selection, Versions, Wanted};
pub use source::Source;

use self::target::Target;
use crate::{
    application::check::digest_at, config::IndexerConfig, domain::block::Hash, entities::Registry,
    error::Error, infra::Index,
};

/// Milliseconds that ClickHouse may take for the count, and for a piece of the file, at least. The embedded engine writes a Parquet
/// file whole before it sends its first byte.
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
    tell: impl FnMut(Progress),
) -> Result<Manifest, Error> {
    let selection = Selection::of(&registry, &order.wanted)?;
    let index = Index::read_only(config, registry).await?;
    let own = index.registry().form();
    if index.form() != own {
        return Err(Error::Form { stored: index.form().to_owned(), own });
    }
    let point = point(&index, order.at).await?;
    let last = point.block;
    let mut manifest = Manifest::begin(&selection, order.format, point, now());
    let patient = Store::connect(&StoreConfig {
        query_ms: config.store.query_ms.max(PATIENCE_MS),
        ..config.store.clone()
    });
    let mut target = Target::begin(&order.to, order.format)?;
    let all = count(&patient, &selection, order.format, last).await?;
    let sql = selection.rows(order.format, last);
    fill(&mut target, &patient, &sql, order.format, all, tell).await?;
    // What was read is of one index: nobody made it anew meanwhile.
    index.is_of_its_generation().await?;
    let found = target.end(order.format)?;
    let rows = found.rows.map_err(|why| broken(&selection, &why))?;
    if rows != all {
        return Err(broken(&selection, &format!("{rows} rows came, and there are {all}")));
    }
    (manifest.bytes, manifest.rows, manifest.sha256) = (found.bytes, rows, found.sha256);
    manifest.signer = order.key.as_ref().map(|key| key.account().to_string());
    let text = manifest.text().map_err(|error| Error::Differs(error.to_string()))?;
    let signature = order.key.as_ref().map(|key| key.sign(&text));
    target.name(&text, signature.as_deref())?;
    Ok(manifest)
}

/// The index at a block.
async fn point(index: &Index, at: Option<u32>) -> Result<Point, Error> {
    let position = index.position().await?.ok_or_else(|| {
        Error::Asked("the index is empty: `smartlink-indexer follow` fills it".to_owned())
    })?;
    let block = at.unwrap_or(position.last);
    let first = index.first();
    if !(first..=position.last).contains(&block) {
        return Err(Error::Asked(format!(
            "the index has the blocks {first} to {}: --at {block} is none of them",
            position.last
        )));
    }
    let genesis = match first {
        0 => Some(Fixed(hash_of(index, 0).await?)),
        _ => None,
    };
    let ms = i64::try_from(index.time_of(block).await?).unwrap_or(i64::MAX);
    Ok(Point {
        block,
        digest: Fixed(digest_at(index, block).await?),
        first,
        form: index.form().to_owned(),
        genesis,
        hash: Fixed(hash_of(index, block).await?),
        time: shown(ms, SecondsFormat::Millis),
    })
}

async fn hash_of(index: &Index, block: u32) -> Result<Hash, Error> {
    let sql = format!("SELECT hash FROM blocks WHERE number = {block}");
    let hash = index.row_binary(&sql).await?;
    Hash::try_from(&*hash).ok().ok_or_else(|| {
        Error::Differs(format!(
            "the index has no block {block}, and later ones: look for what is wrong with `smartlink-indexer digest --check`"
        ))
    })
}

async fn count(
    store: &Store,
    selection: &Selection,
    format: Format,
    last: u32,
) -> Result<u64, Error> {
    let mut query = store.client().query_raw(&selection.count(last));
    for (name, value) in format.settings() {
        query = query.with_setting(*name, *value);
    }
    let what = format!("the count of rows of {}", selection.source.table);
    Ok(store.in_time(&what, query.fetch_one::<u64>()).await?)
}

/// Writes rows as they come.
async fn fill(
    target: &mut Target,
    store: &Store,
    sql: &str,
    format: Format,
    all: u64,
    mut tell: impl FnMut(Progress),
) -> Result<(), Error> {
    let mut query = store.client().query_raw(sql);
    for (name, value) in format.settings() {
        query = query.with_setting(*name, *value);
    }
    let what = "the rows of an export";
    let begun = std::future::ready(query.fetch_bytes(format.name()));
    let mut pieces = store.in_time(what, begun).await?;
    while let Some(piece) = store.in_time(what, pieces.next()).await? {
        target.write(&piece)?;
        let content = target.content();
        tell(Progress { rows: content.rows(), all, bytes: content.bytes() });
    }
    Ok(())
}

fn broken(selection: &Selection, why: &str) -> Error {
    Error::Differs(format!(
        "ClickHouse did not give all rows of {} ({why}): nothing was signed; make the export again, and look for what is \
         wrong with `smartlink-indexer digest --check`",
        selection.source.table
    ))
}

fn now() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    shown(i64::try_from(since.as_millis()).unwrap_or(i64::MAX), SecondsFormat::Secs)
}

/// Milliseconds of the Unix epoch as RFC 3339 in UTC.
fn shown(ms: i64, precision: SecondsFormat) -> String {
    DateTime::from_timestamp_millis(ms).unwrap_or_default().to_rfc3339_opts(precision, true)
}
