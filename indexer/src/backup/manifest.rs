//! What a backup has.

use std::fs;

use serde::{Deserialize, Serialize};

use super::{unusable, Folder};
use crate::error::Error;

/// The file.
const NAME: &str = "manifest.json";
/// The form of backups that is written here.
const FORM: u32 = 1;

/// What a backup has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The form of the backup.
    pub version: u32,
    /// The first block.
    pub first: u32,
    /// The hash of the last block.
    pub hash: Option<String>,
    /// The digest of the index at the last block. Nothing: the backup was killed before its end.
    pub digest: Option<String>,
    /// The form of the index whose digest that is: another program may have more entities.
    pub form: String,
    /// Files of raw blocks, in order.
    pub parts: Vec<Part>,
    /// Files of metadata.
    pub runtimes: Vec<RuntimeFile>,
}

/// A file of raw blocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its name.
    pub file: String,
    /// Its first block.
    pub first: u32,
    /// Its last block.
    pub last: u32,
    /// Its length.
    pub bytes: u64,
    /// The hash of all its bytes.
    pub keccak: String,
}

/// A file with the metadata of a runtime.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuntimeFile {
    /// Its name.
    pub file: String,
    /// The runtime's version.
    pub spec: u32,
    /// The first block that it ran.
    pub first: u32,
    /// The hash of all its bytes.
    pub keccak: String,
}

impl Manifest {
    /// Of a backup that begins with a block.
    pub(super) fn begin(first: u32) -> Self {
        Self {
            version: FORM,
            first,
            hash: None,
            digest: None,
            form: String::new(),
            parts: Vec::new(),
            runtimes: Vec::new(),
        }
    }

    /// The height after its last block.
    pub fn next(&self) -> u32 {
        self.parts.last().map_or(self.first, |part| part.last.saturating_add(1))
    }

    pub(super) fn add(&mut self, part: Part) {
        self.parts.push(part);
    }

    /// The manifest in a folder, if there is one.
    ///
    /// # Errors
    /// It cannot be read, or its parts do not follow each other.
    pub(super) fn read(folder: &Folder) -> Result<Option<Self>, Error> {
        let path = folder.path.join(NAME);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unusable(&path, &error)),
        };
        let wrong = |why: String| Error::Asked(format!("{} is no manifest: {why}", path.display()));
        let manifest: Self = serde_json::from_slice(&text).map_err(|e| wrong(e.to_string()))?;
        if manifest.version != FORM {
            return Err(wrong(format!(
                "its form is {}, this program knows {FORM}",
                manifest.version
            )));
        }
        let mut next = manifest.first;
        for part in &manifest.parts {
            if part.first != next || part.last < part.first {
                return Err(wrong(format!("{} does not begin with block {next}", part.file)));
            }
            next = part.last.saturating_add(1);
        }
        let names = manifest.parts.iter().map(|part| &part.file);
        let mut names = names.chain(manifest.runtimes.iter().map(|runtime| &runtime.file));
        if let Some(name) = names.find(|name| name.contains('/')) {
            return Err(wrong(format!("{name} is in another folder")));
        }
        Ok(Some(manifest))
    }

    pub(super) fn write(&self, folder: &Folder) -> Result<(), Error> {
        let text = serde_json::to_vec_pretty(self)
            .map_err(|error| Error::Differs(format!("the manifest: {error}")))?;
        folder.write(NAME, &text)
    }
}
