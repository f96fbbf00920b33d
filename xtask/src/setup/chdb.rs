//! ClickHouse as a library, for the embedded engine: from npm, where it is published in one piece.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{bail, Context, Result};

use super::npm::Package;
use crate::{say, workspace::cache};

/// The version; `offchain/clickhouse/src/library.rs` looks for the same.
const VERSION: &str = "26.7.3-stable.1";
/// The package.
const PACKAGE: Package = Package {
    name: "@chdb/lib-linux-x64-gnu",
    version: VERSION,
    sha512: "5cff7b98caa7739b59a4a432c11f0dedc2d3b073624e61ebdf4a42e66ce8de35\
             a6ba48ca9f62016bad1cd81fe059435cb858ce3235a8a2b408082a81563e70a7",
};
/// The library in it.
const LIBRARY: &str = "package/libchdb.so";
/// The size of the library, by which one that is there is known to be whole.
const BYTES: u64 = 566_330_096;

/// The library in the developer's cache, if it is there.
pub fn find() -> Option<PathBuf> {
    let path = folder().ok()?.join("libchdb.so");
    is_whole(&path).then_some(path)
}

/// The library; fetched when it is missing.
pub fn library() -> Result<PathBuf> {
    if let Some(path) = find() {
        return Ok(path);
    }
    if !cfg!(all(target_arch = "x86_64", target_os = "linux")) {
        bail!("ClickHouse's library is fetched for x86-64 Linux alone: set SMARTLINK_CHDB to your own");
    }
    let folder = folder()?;
    // A folder of this process's own: whatever an interrupted attempt left is not in the way.
    let work = folder.join(format!("fetching-{}", std::process::id()));
    let fetched = fetch(&work).and_then(|library| {
        let path = folder.join("libchdb.so");
        fs::rename(library, &path)
            .with_context(|| format!("cannot put the library at {}", path.display()))?;
        Ok(path)
    });
    fs::remove_dir_all(&work).ok();
    fetched
}

fn folder() -> Result<PathBuf> {
    Ok(cache()?.join("chdb").join(VERSION))
}

fn is_whole(library: &Path) -> bool {
    fs::metadata(library).is_ok_and(|file| file.len() == BYTES)
}

/// Fetches the package into `work`, checks it, and takes the library out of it.
fn fetch(work: &Path) -> Result<PathBuf> {
    let step = say::step(format!(
        "fetching ClickHouse's library {VERSION}: 178 MB, and 566 MB on the disk"
    ));
    PACKAGE.fetch(work, &[LIBRARY]).context(
        "ClickHouse's library is missing: fetch it your way and set SMARTLINK_CHDB to its libchdb.so",
    )?;
    let library = work.join(LIBRARY);
    if !is_whole(&library) {
        bail!("{} holds another library than version {VERSION} has", PACKAGE.name);
    }
    step.done();
    Ok(library)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engine_looks_for_the_version_that_is_fetched() {
        let engine = include_str!("../../../offchain/clickhouse/src/library.rs");
        assert!(engine.contains(&format!("LIBRARY_VERSION: &str = \"{VERSION}\"")));
    }

    #[test]
    fn half_a_library_is_none() {
        assert!(!is_whole(Path::new("/smartlink-no-such-library")));
    }
}
