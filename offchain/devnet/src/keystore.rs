//! Keys that a node holds besides those of its validator.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use crate::DevnetError;

/// The type of a settlement worker's key.
const WORKER: &str = "slwk";

/// Puts the key of a settlement worker into the keystore of a node that does not run, by the command that
/// operators use.
pub(crate) fn insert_worker_key(
    node: &Path,
    base_path: &Path,
    chain: &str,
    suri: &str,
) -> Result<(), DevnetError> {
    let done = Command::new(node)
        .args(["key", "insert", "--key-type", WORKER, "--scheme", "sr25519", "--suri", suri])
        .args(["--chain", chain, "--base-path"])
        .arg(base_path)
        .stdin(Stdio::null())
        .output()
        .map_err(|source| DevnetError::Spawn { path: node.to_owned(), source })?;
    if done.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&done.stderr).trim().to_owned();
    Err(DevnetError::Key { path: base_path.to_owned(), said })
}
