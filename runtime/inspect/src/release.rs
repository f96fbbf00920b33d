//! The files of a release, in a folder.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use smartlink_indexer::domain::value::hex;

use crate::{Code, Runtime};

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// What is sent to the chain.
    pub code: PathBuf,
    /// The same, unpacked.
    pub module: PathBuf,
    /// What companies compare: hashes, versions, and how it was built.
    pub hash: PathBuf,
    /// What the next release is compared with.
    pub metadata: PathBuf,
}

impl Files {
    /// Where the files of a version are in a folder.
    pub fn of(folder: &Path, spec_version: u32) -> Self {
        let file = |end: &str| folder.join(format!("smartlink-runtime-{spec_version}.{end}"));
        Self {
            code: file("compact.compressed.wasm"),
            module: file("compact.wasm"),
            hash: file("hash"),
            metadata: file("metadata"),
        }
    }
}

/// Hashes and versions of a runtime, a line each, and then how it was built.
///
/// # Errors
/// The code does not answer.
pub fn card(code: &Code, runtime: &Runtime, built: &[String]) -> Result<String> {
    let mut lines = vec![
        format!("runtime        {}", runtime.name()),
        format!("code           {}", hex(&code.hash())),
        format!("metadata hash  {}", hex(&code.metadata_hash()?)),
        format!("bytes          {}, {} unpacked", code.bytes().len(), code.unpacked()?.len()),
    ];
    lines.extend(built.iter().map(|line| format!("built          {line}")));
    Ok(lines.join("\n") + "\n")
}

/// Writes the files. Those of the same version that are there are replaced, each as a whole.
///
/// # Errors
/// The folder cannot be made, or a file not be written.
pub fn save(folder: &Path, code: &Code, runtime: &Runtime, card: &str) -> Result<Files> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let files = Files::of(folder, runtime.version.spec_version);
    write(&files.code, code.bytes())?;
    write(&files.module, &code.unpacked()?)?;
    write(&files.metadata, &runtime.metadata)?;
    // Last: who finds it finds the others.
    write(&files.hash, card.as_bytes())?;
    Ok(files)
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    fs::write(&part, bytes).with_context(|| format!("cannot write {}", part.display()))?;
    fs::rename(&part, path).with_context(|| format!("cannot write {}", path.display()))
}
