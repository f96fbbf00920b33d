//! ClickHouse as a library, for the embedded engine: from npm, where it is published in one piece.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{bail, Context, Result};

use crate::{
    apt,
    process::{self, Signals},
    say,
    workspace::{cache, program},
};

/// The version; `offchain/clickhouse/src/library.rs` looks for the same.
const VERSION: &str = "26.7.3-stable.1";
/// SHA-512 of the package, as npm's registry has it.
const SHA512: &str = "5cff7b98caa7739b59a4a432c11f0dedc2d3b073624e61ebdf4a42e66ce8de35\
                      a6ba48ca9f62016bad1cd81fe059435cb858ce3235a8a2b408082a81563e70a7";
/// The size of the library, by which one that is there is known to be whole.
const BYTES: u64 = 566_330_096;
/// Where packages come from, unless npm is told otherwise.
const REGISTRY: &str = "https://registry.npmjs.org/";

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
    let missing: Vec<_> = ["curl"].into_iter().filter(|name| program(name).is_none()).collect();
    apt::install(&missing)?;
    let folder = folder()?;
    // A folder of this process's own: whatever an interrupted attempt left is not in the way.
    let work = folder.join(format!("fetching-{}", std::process::id()));
    fs::create_dir_all(&work).with_context(|| format!("cannot make {}", work.display()))?;
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
    let url = format!("{}@chdb/lib-linux-x64-gnu/-/lib-linux-x64-gnu-{VERSION}.tgz", registry());
    let package = work.join("package.tgz");
    let mut download = Command::new("curl");
    download.args(["--fail", "--location", "--progress-bar", "--retry", "3", "--max-time", "1800"]);
    download.arg("--output").arg(&package).arg(&url);
    process::run(&mut download, Signals::Group).with_context(|| {
        format!(
            "cannot fetch {url}: fetch it your way and set SMARTLINK_CHDB to the libchdb.so in it"
        )
    })?;
    check(&package)?;
    let mut unpack = Command::new("tar");
    unpack.arg("-xzf").arg(&package).arg("-C").arg(work).arg("package/libchdb.so");
    process::run(&mut unpack, Signals::Group).context("cannot unpack ClickHouse's library")?;
    let library = work.join("package/libchdb.so");
    if !is_whole(&library) {
        bail!("{url} holds another library than version {VERSION} has");
    }
    step.done();
    Ok(library)
}

/// Where npm fetches from on this machine, with a slash at its end.
fn registry() -> String {
    let told = process::ask(Command::new("npm").args(["config", "get", "registry"]));
    let told = told.filter(|url| url.starts_with("http")).unwrap_or_else(|| REGISTRY.to_owned());
    format!("{}/", told.trim_end_matches('/'))
}

/// Whether the package is the one that was meant.
fn check(package: &Path) -> Result<()> {
    let mut digest = Command::new("sha512sum");
    let output = digest
        .arg(package)
        .stdin(Stdio::null())
        .output()
        .context("cannot run sha512sum, of Debian's package coreutils")?;
    let text = String::from_utf8_lossy(&output.stdout);
    match text.split_whitespace().next() {
        Some(found) if found == SHA512 => Ok(()),
        found => bail!(
            "the package of ClickHouse's library has the SHA-512 {}, and not {SHA512}: do not use it, try again",
            found.unwrap_or("of nothing")
        ),
    }
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
    fn another_package_is_refused() -> Result<()> {
        let package =
            std::env::temp_dir().join(format!("smartlink-package-{}", std::process::id()));
        fs::write(&package, "not it")?;
        let refused = check(&package);
        fs::remove_file(&package)?;
        assert!(refused.is_err_and(|error| error.to_string().contains("do not use it")));
        Ok(())
    }

    #[test]
    fn half_a_library_is_none() {
        assert!(!is_whole(Path::new("/smartlink-no-such-library")));
    }
}
