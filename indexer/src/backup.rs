//! A backup of what cannot be made again when the node is gone: raw blocks and metadata. Everything else follows from them.
//!
//! ```text
//! FOLDER/manifest.json          what there is, with the keccak hash of each file, and the digest of the index at its end
//! FOLDER/blocks-FIRST-LAST.raw  raw blocks that follow each other
//! FOLDER/runtime-VERSION.scale  the metadata of a runtime
//! ```
//!
//! A file of raw blocks is SCALE: the bytes `smartlink-raw-1`, then until the end block after block, each with its length (u32)
//! in front: number (u32), hash, parent (32 bytes), runtime (u32), header, extrinsics (a list of bytes), events (bytes),
//! state (a list of pairs of bytes). A file is complete when the manifest names it: a backup that is killed goes on
//! where it was, and one of another day adds what has come since.

mod block_file;
mod manifest;
mod restore;

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
};

pub use manifest::{Manifest, Part, RuntimeFile};
pub use restore::{restore, Restored};

use crate::{
    application::ahead::{Ahead, Source},
    domain::{digest, value::hex, RawBlock},
    error::Error,
    infra::Index,
};

/// Blocks of a file, at most.
const BLOCKS: usize = 16_384;
/// Bytes of a file, about.
const BYTES: usize = 32 << 20;

/// A folder that holds a backup. One process at a time has it.
pub(super) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// # Errors
    /// It cannot be used, or another process does.
    fn open(path: &Path, make: bool) -> Result<Self, Error> {
        if make {
            fs::create_dir_all(path).map_err(|error| unusable(path, &error))?;
        }
        let file = path.join("lock");
        let lock = File::options().create(true).truncate(false).write(true).open(&file);
        let lock = lock.map_err(|error| unusable(&file, &error))?;
        lock.try_lock().map_err(|_| {
            Error::Asked(format!(
                "another process uses the backup in {}: wait for it",
                path.display()
            ))
        })?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// Writes a file whole: it has its name when the disk has it.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let (path, begun) = (self.path.join(name), self.path.join(format!("{name}.begun")));
        let write = || {
            let mut file = File::create(&begun)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&begun, &path)?;
            File::open(&self.path)?.sync_all()
        };
        write().map_err(|error| unusable(&path, &error))
    }

    /// Reads a file that has to have this hash.
    fn read(&self, name: &str, keccak: &str) -> Result<Vec<u8>, Error> {
        let path = self.path.join(name);
        let bytes = fs::read(&path).map_err(|error| unusable(&path, &error))?;
        match hex(&digest::keccak(&bytes)) == keccak {
            true => Ok(bytes),
            false => Err(Error::Differs(format!(
                "{} is not what was written (its hash is not that of the manifest): take another copy of the backup",
                path.display()
            ))),
        }
    }
}

fn unusable(path: &Path, error: &std::io::Error) -> Error {
    Error::Asked(format!("{} cannot be used: {error}", path.display()))
}

/// Writes what an index keeps into a folder, from where the backup there ends. `tell` hears up to which block it is.
///
/// # Errors
/// The index is empty or not whole, the backup is of another chain, or the folder cannot be written.
pub async fn backup(
    index: &Index,
    to: &Path,
    mut tell: impl FnMut(u32),
) -> Result<Manifest, Error> {
    let position = index.position().await?.ok_or_else(|| {
        Error::Asked("the index is empty: `smartlink-indexer follow` fills it".to_owned())
    })?;
    let folder = Folder::open(to, true)?;
    let mut manifest = match Manifest::read(&folder)? {
        Some(manifest) => manifest,
        None => Manifest::begin(index.first()),
    };
    follows(&manifest, index).await?;
    keep_runtimes(&mut manifest, &folder, index).await?;
    let mut parent = manifest.hash.clone();
    let mut ahead = Ahead::new(Source::Kept(index.clone()), manifest.next());
    while ahead.next() <= position.last {
        let blocks = file_of(&mut ahead, position.last).await?;
        for block in &blocks {
            if parent.as_ref().is_some_and(|parent| hex(&block.parent) != *parent) {
                return Err(Error::Differs(format!(
                    "the raw block {} does not follow the one before: check the index with `smartlink-indexer digest --check`",
                    block.number
                )));
            }
            parent = Some(hex(&block.hash));
        }
        let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else {
            return Err(Error::Differs(format!("the raw block {} is not kept", ahead.next())));
        };
        let name = format!("blocks-{:010}-{:010}.raw", first.number, last.number);
        let bytes = block_file::write(&blocks);
        folder.write(&name, &bytes)?;
        manifest.add(Part {
            file: name,
            first: first.number,
            last: last.number,
            bytes: bytes.len() as u64,
            keccak: hex(&digest::keccak(&bytes)),
        });
        manifest.hash = parent.clone();
        manifest.digest = None;
        manifest.write(&folder)?;
        tell(last.number);
    }
    // Metadata of a runtime that came meanwhile is kept before the first block of it.
    keep_runtimes(&mut manifest, &folder, index).await?;
    let end = manifest.next().saturating_sub(1);
    manifest.digest = index.digests(end..=end).await?.get(&end).map(|digest| hex(digest));
    manifest.form = index.form().to_owned();
    manifest.write(&folder)?;
    Ok(manifest)
}

/// Blocks of the next file.
async fn file_of(ahead: &mut Ahead, last: u32) -> Result<Vec<RawBlock>, Error> {
    let (mut blocks, mut bytes) = (Vec::new(), 0);
    while blocks.len() < BLOCKS && bytes < BYTES && ahead.next() <= last {
        let Some(block) = ahead.take(last).await? else { break };
        bytes += block.size();
        blocks.push(block);
    }
    Ok(blocks)
}

/// A backup goes on with the same index.
async fn follows(manifest: &Manifest, index: &Index) -> Result<(), Error> {
    let Some(hash) = &manifest.hash else { return Ok(()) };
    let end = manifest.next().saturating_sub(1);
    let same = index.kept(end..=end).await?.first().is_some_and(|block| hex(&block.hash) == *hash);
    match same {
        true => Ok(()),
        false => Err(Error::Asked(format!(
            "the backup in the folder ends with block {end}, {hash}, and this index has not that block: name another folder"
        ))),
    }
}

async fn keep_runtimes(
    manifest: &mut Manifest,
    folder: &Folder,
    index: &Index,
) -> Result<(), Error> {
    for (spec, runtime) in index.runtimes().await? {
        if manifest.runtimes.iter().any(|kept| kept.spec == spec) {
            continue;
        }
        let name = format!("runtime-{spec}.scale");
        folder.write(&name, &runtime.metadata)?;
        let keccak = hex(&digest::keccak(&runtime.metadata));
        manifest.runtimes.push(RuntimeFile { file: name, spec, first: runtime.first, keccak });
    }
    Ok(())
}
