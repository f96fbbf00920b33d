//! What metadata declares, as far as it is asked here: the constants of pallets.

use anyhow::{bail, Context, Result};
use codec::Decode;
use frame_metadata::{RuntimeMetadata, RuntimeMetadataPrefixed};

/// Metadata that was read.
pub struct Declared(RuntimeMetadata);

impl Declared {
    /// Reads metadata with its magic number in front.
    ///
    /// # Errors
    /// It is none, or of a format before 14 or after 16.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let RuntimeMetadataPrefixed(_, metadata) = RuntimeMetadataPrefixed::decode(&mut &*bytes)
            .context("the metadata cannot be read: it has to be whole, of format 14, 15 or 16")?;
        if !(14..=16).contains(&metadata.version()) {
            bail!("the metadata has format {}, and 14, 15 and 16 are read", metadata.version());
        }
        Ok(Self(metadata))
    }

    /// As its crate has it.
    pub fn as_metadata(&self) -> &RuntimeMetadata {
        &self.0
    }

    /// The value of a constant.
    ///
    /// # Errors
    /// The runtime has no such constant.
    pub fn constant(&self, pallet: &str, name: &str) -> Result<&[u8]> {
        // The formats have types of their own for the same three fields.
        macro_rules! find {
            ($metadata:expr) => {{
                let mut pallets = $metadata.pallets.iter();
                let pallet = pallets.find(|one| one.name == pallet);
                let constant =
                    pallet.and_then(|one| one.constants.iter().find(|one| one.name == name));
                constant.map(|constant| constant.value.as_slice())
            }};
        }
        let found = match &self.0 {
            RuntimeMetadata::V14(metadata) => find!(metadata),
            RuntimeMetadata::V15(metadata) => find!(metadata),
            RuntimeMetadata::V16(metadata) => find!(metadata),
            _ => None,
        };
        found.with_context(|| format!("the runtime has no constant {pallet}.{name}"))
    }
}
