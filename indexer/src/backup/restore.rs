//! From a backup to a database.

use std::{path::Path, sync::Arc};

use tokio_util::sync::CancellationToken;

use super::{block_file, Folder, Manifest};
use crate::{
    application::{run, Goal, Tally},
    config::IndexerConfig,
    domain::{value::hex, Cut, RawBlock, Runtime},
    entities::Registry,
    error::Error,
    infra::{store::Position, Index},
};

/// What came of a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// How far the index is.
    pub position: Position,
    /// The digest that the backup was made with; nothing, where it cannot be compared.
    pub expected: Option<String>,
}

impl Restored {
    /// Whether the index is another than the one of which the backup was made.
    pub fn differs(&self) -> bool {
        self.expected.as_ref().is_some_and(|expected| *expected != hex(&self.position.digest))
    }
}

/// Puts a backup into a database without an index, and makes the index of it. May be killed, and done again.
///
/// # Errors
/// There is no backup or it was damaged, the database holds another index, or ClickHouse does not do it.
pub async fn restore(
    config: &IndexerConfig,
    registry: Arc<Registry>,
    from: &Path,
    tally: Arc<Tally>,
    stop: CancellationToken,
) -> Result<Option<Restored>, Error> {
    let none = || {
        Error::Asked(format!(
            "there is no backup in {}: name the folder that `smartlink-indexer backup --to` wrote",
            from.display()
        ))
    };
    if !from.is_dir() {
        return Err(none());
    }
    let folder = Folder::open(from, false)?;
    let manifest = Manifest::read(&folder)?.filter(|found| !found.parts.is_empty());
    let manifest = manifest.ok_or_else(none)?;
    let index = Index::open(config, registry, manifest.first).await?;
    let lease = index.lease().await?;
    let filled = fill(&index, &folder, &manifest, &stop).await;
    lease.release().await;
    if !filled? {
        return Ok(None);
    }
    let form = index.form().to_owned();
    let position = run(index, None, config, Goal::Kept, tally, stop).await?;
    let expected = manifest.digest.clone().filter(|_| manifest.form == form);
    let last = manifest.next().saturating_sub(1);
    Ok(position
        .filter(|position| position.last == last)
        .map(|position| Restored { position, expected }))
}

/// Puts what an index keeps into the database. False: it was stopped.
async fn fill(
    index: &Index,
    folder: &Folder,
    manifest: &Manifest,
    stop: &CancellationToken,
) -> Result<bool, Error> {
    fits(index, folder, manifest).await?;
    for kept in &manifest.runtimes {
        let metadata = folder.read(&kept.file, &kept.keccak)?;
        let runtime = Runtime { spec: kept.spec, first: kept.first, metadata };
        index.keep_runtime(&runtime).await?;
    }
    let mut parent = None;
    for part in &manifest.parts {
        if stop.is_cancelled() {
            return Ok(false);
        }
        let blocks = blocks_of(folder, part)?;
        for block in &blocks {
            if parent.is_some_and(|parent| parent != block.parent) {
                return Err(Error::Differs(format!(
                    "block {} of {} does not follow the one before: take another copy of the backup",
                    block.number, part.file
                )));
            }
            parent = Some(block.hash);
        }
        // What is kept already, by an attempt that was killed, is left out by its token.
        index.keep(&Cut { first: part.first, last: part.last }, &blocks).await?;
        tracing::info!(last = part.last, "raw blocks are restored");
    }
    Ok(true)
}

fn blocks_of(folder: &Folder, part: &super::Part) -> Result<Vec<RawBlock>, Error> {
    let bytes = folder.read(&part.file, &part.keccak)?;
    let wrong = |why: String| Error::Differs(format!("{}: {why}", part.file));
    let blocks = block_file::read(&bytes)
        .map_err(|place| wrong(format!("from byte {place} on it is none of raw blocks")))?;
    let numbers = blocks.iter().map(|block| block.number);
    match numbers.eq(part.first..=part.last) {
        true => Ok(blocks),
        false => Err(wrong(format!("it has not the blocks {} to {}", part.first, part.last))),
    }
}

/// The database is empty, or has a part of this backup.
async fn fits(index: &Index, folder: &Folder, manifest: &Manifest) -> Result<(), Error> {
    let occupied = || {
        Error::Asked(
            "the database holds an index that is not of this backup: name an empty one with --set store.database"
                .to_owned(),
        )
    };
    let last = index.last_kept().await?;
    if index.first() != manifest.first {
        return Err(occupied());
    }
    let Some(last) = last.or(index.position().await?.map(|position| position.last)) else {
        return Ok(());
    };
    let part = manifest.parts.iter().find(|part| (part.first..=part.last).contains(&last));
    let part = part.ok_or_else(occupied)?;
    let ours = blocks_of(folder, part)?.into_iter().find(|block| block.number == last);
    let theirs = index.kept(last..=last).await?;
    let same = ours.is_some_and(|ours| theirs.first().is_some_and(|there| there.hash == ours.hash));
    match same {
        true => Ok(()),
        false => Err(occupied()),
    }
}
