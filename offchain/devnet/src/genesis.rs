//! The specification of the chain that the nodes run, as a file.
//!
//! Making the genesis of a preset compiles and runs the runtime, ten seconds of a processor; every node would do it at
//! each start. So it is made once for a binary, kept beside it, and given to the nodes as partners of a consortium give
//! it to each other: as a file in raw form.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::UNIX_EPOCH,
};

use crate::DevnetError;

/// The file of the specification in the folder of a consortium, made if it is not there: a folder keeps its chain, also when
/// another binary goes on with it.
pub(crate) fn specification(node: &Path, chain: &str, base: &Path) -> Result<PathBuf, DevnetError> {
    let own = base.join(format!("{chain}.json"));
    if own.is_file() {
        return Ok(own);
    }
    let kept = kept_beside(node, chain);
    match kept.filter(|kept| kept.is_file()) {
        Some(kept) => copy(&kept, &own)?,
        None => {
            export(node, chain, &own)?;
            keep(node, chain, &own);
        }
    }
    Ok(own)
}

/// Where the specification of this very binary is kept: its size and time are in the name.
fn kept_beside(node: &Path, chain: &str) -> Option<PathBuf> {
    let known = fs::metadata(node).ok()?;
    let built = known.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    let name = format!("{}{:x}-{:x}.json", prefix(node, chain)?, known.len(), built.as_nanos());
    Some(node.with_file_name(name))
}

/// How the names begin of what is kept of any binary with this name.
fn prefix(node: &Path, chain: &str) -> Option<String> {
    Some(format!("{}-{chain}-", node.file_name()?.to_str()?))
}

fn export(node: &Path, chain: &str, to: &Path) -> Result<(), DevnetError> {
    let part = beside(to);
    let done = Command::new(node)
        .args(["export-chain-spec", "--raw", "--chain", chain, "--output"])
        .arg(&part)
        .stdin(Stdio::null())
        .output()
        .map_err(|source| DevnetError::Spawn { path: node.to_owned(), source })?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr).trim().to_owned();
        return Err(DevnetError::Genesis { chain: chain.to_owned(), said });
    }
    rename(&part, to)
}

/// Keeps a specification for the next consortium, in the place of those of older binaries. Where it cannot be kept, the
/// next one makes its own.
fn keep(node: &Path, chain: &str, specification: &Path) {
    let (Some(kept), Some(prefix)) = (kept_beside(node, chain), prefix(node, chain)) else {
        return;
    };
    if let Err(error) = copy(specification, &kept) {
        tracing::debug!(%error, "the genesis is not kept");
        return;
    }
    let others = kept.parent().and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten();
    for other in others.flatten().map(|entry| entry.path()) {
        let name = other.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if other != kept && name.starts_with(&prefix) && name.ends_with(".json") {
            // Another process may have been faster.
            let _ = fs::remove_file(other);
        }
    }
}

/// Several processes may do it at the same time: whoever looks finds a whole file or none.
fn copy(from: &Path, to: &Path) -> Result<(), DevnetError> {
    let part = beside(to);
    fs::copy(from, &part).map_err(|source| written(&part, source))?;
    rename(&part, to)
}

fn rename(part: &Path, to: &Path) -> Result<(), DevnetError> {
    fs::rename(part, to).map_err(|source| written(to, source))
}

/// A name beside a file that no other process has.
fn beside(file: &Path) -> PathBuf {
    file.with_extension(format!("{}.part", std::process::id()))
}

fn written(path: &Path, source: io::Error) -> DevnetError {
    DevnetError::Path { path: path.to_owned(), action: "written", source }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// A program that makes a specification which says how often it was made.
    fn node(folder: &Path) -> PathBuf {
        let node = folder.join("node");
        let script = "#!/bin/sh\necho made >> \"$(dirname \"$0\")/made\"\nwc -l < \"$(dirname \"$0\")/made\" > \"$6\"\n";
        fs::write(&node, script).unwrap();
        fs::set_permissions(&node, fs::Permissions::from_mode(0o755)).unwrap();
        node
    }

    fn made(specification: &Path) -> String {
        fs::read_to_string(specification).unwrap().trim().to_owned()
    }

    #[test]
    fn it_is_made_once_for_a_binary_and_a_folder_keeps_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let node = node(folder.path());
        let base = |name: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(&path).unwrap();
            path
        };
        let first = specification(&node, "local", &base("a")).unwrap();
        assert_eq!(made(&first), "1");
        let second = specification(&node, "local", &base("b")).unwrap();
        assert_eq!((made(&second), second.file_name()), ("1".to_owned(), first.file_name()));
        assert_eq!(made(&specification(&node, "dev", &base("a")).unwrap()), "2", "another chain");

        // A new binary makes another genesis, and a folder that is there goes on with its own.
        fs::write(&node, fs::read_to_string(&node).unwrap() + "# new\n").unwrap();
        assert_eq!(made(&specification(&node, "local", &base("a")).unwrap()), "1");
        assert_eq!(made(&specification(&node, "local", &base("c")).unwrap()), "3");
        let names = fs::read_dir(folder.path()).unwrap().flatten().map(|entry| entry.file_name());
        let kept = names.filter(|name| name.to_string_lossy().starts_with("node-local-"));
        assert_eq!(kept.count(), 1, "those of older binaries are gone");
    }

    #[test]
    fn what_the_binary_says_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let node = folder.path().join("node");
        fs::write(&node, "#!/bin/sh\necho there is no wasm >&2\nexit 1\n").unwrap();
        fs::set_permissions(&node, fs::Permissions::from_mode(0o755)).unwrap();
        let error = specification(&node, "local", folder.path()).unwrap_err().to_string();
        assert!(error.contains("local") && error.contains("there is no wasm"), "{error}");
    }
}
