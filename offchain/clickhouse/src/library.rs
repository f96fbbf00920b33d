//! Where the engine's library lies.

use std::{env, path::PathBuf};

use thiserror::Error;

/// The version of npm's `@chdb/lib-linux-x64-gnu` that `cargo xtask setup` fetches, and that everything here was
/// tested with.
pub const LIBRARY_VERSION: &str = "26.7.3-stable.1";

/// The variable that names another file.
pub const LIBRARY_VARIABLE: &str = "SMARTLINK_CHDB";

/// There is no `libchdb.so`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "ClickHouse's library is not at {0}: run `cargo xtask setup`, or set SMARTLINK_CHDB to your libchdb.so"
)]
pub struct LibraryMissing(pub PathBuf);

/// The path of `libchdb.so`: what `SMARTLINK_CHDB` says, or else where `cargo xtask setup` puts it.
pub fn library() -> Result<PathBuf, LibraryMissing> {
    let path = match env::var_os(LIBRARY_VARIABLE) {
        Some(path) => PathBuf::from(path),
        None => {
            let home = env::var_os("HOME").unwrap_or_default();
            PathBuf::from(home)
                .join(".cache/smartlinkdrive/chdb")
                .join(LIBRARY_VERSION)
                .join("libchdb.so")
        }
    };
    match path.is_file() {
        true => Ok(path),
        false => Err(LibraryMissing(path)),
    }
}
