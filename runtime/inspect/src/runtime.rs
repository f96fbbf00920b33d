//! A runtime as it is compared: what it calls itself, and what it declares.

use std::path::Path;

use anyhow::{ensure, Context, Result};
use codec::Decode;
use sp_version::RuntimeVersion;

use crate::{
    code::{self, Code},
    declared::Declared,
};

/// A runtime, known by its code or by its metadata alone.
#[derive(Clone, Debug)]
pub struct Runtime {
    /// What it calls itself.
    pub version: RuntimeVersion,
    /// Its metadata, with the magic number in front.
    pub metadata: Vec<u8>,
    /// The hash of its code, where that is known.
    pub code: Option<[u8; 32]>,
}

impl Runtime {
    /// Reads a file that holds either.
    ///
    /// # Errors
    /// It cannot be read, or holds neither.
    pub fn read(path: &Path) -> Result<Self> {
        let of = || format!("{} is neither a runtime nor its metadata", path.display());
        let bytes = code::bytes(path)?;
        match code::is_metadata(&bytes) {
            true => Self::of_metadata(bytes).with_context(of),
            false => Code::of(bytes).and_then(|code| Self::of_code(&code)).with_context(of),
        }
    }

    /// Asks the code.
    ///
    /// # Errors
    /// It does not answer, or calls itself otherwise than its module's section does, by which a chain takes it on.
    pub fn of_code(code: &Code) -> Result<Self> {
        let (version, declared) = (code.version()?, Self::of_metadata(code.metadata()?)?);
        let said = declared.name();
        let section = Self { version, code: Some(code.hash()), ..declared };
        ensure!(
            section.name() == said,
            "the module's section says {}, and its code says {said}: build it anew",
            section.name()
        );
        Ok(section)
    }

    /// What metadata says.
    ///
    /// # Errors
    /// It cannot be read, or is of no runtime with a version.
    pub fn of_metadata(metadata: Vec<u8>) -> Result<Self> {
        let declared = Declared::read(&metadata)?;
        let version = declared.constant("System", "Version")?;
        let version = RuntimeVersion::decode(&mut &version[..])
            .context("the version in the metadata cannot be read")?;
        Ok(Self { version, metadata, code: None })
    }

    /// What it calls itself, in words.
    pub fn name(&self) -> String {
        let RuntimeVersion { spec_name, spec_version, transaction_version, .. } = &self.version;
        format!("{spec_name} {spec_version}, transactions {transaction_version}")
    }
}
