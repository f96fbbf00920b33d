//! Reads the metadata of a runtime, whatever the bytes are.
//!
//! subxt tries other forms where its own does not fit, and calls itself without end when the first byte happens to be the
//! length of the rest; and it trusts that what metadata points at is there. So it gets only what was looked at here.

use codec::Decode;
use smartlink_chain::subxt::{
    ext::frame_metadata::{RuntimeMetadata, RuntimeMetadataPrefixed, META_RESERVED},
    metadata::Metadata,
};

/// Reads metadata with its magic number in front.
///
/// # Errors
/// Why it is none, or none of the versions 14 to 16.
pub fn read(bytes: &[u8]) -> Result<Metadata, String> {
    let prefixed = RuntimeMetadataPrefixed::decode(&mut &*bytes).map_err(|e| e.to_string())?;
    if prefixed.0 != META_RESERVED {
        return Err("it does not begin with the magic number".to_owned());
    }
    let types = match &prefixed.1 {
        RuntimeMetadata::V14(metadata) => &metadata.types,
        RuntimeMetadata::V15(metadata) => &metadata.types,
        RuntimeMetadata::V16(metadata) => {
            let extrinsic = &metadata.extrinsic;
            let count = extrinsic.transaction_extensions.len();
            let there = |index: &codec::Compact<u32>| {
                usize::try_from(index.0).is_ok_and(|index| index < count)
            };
            if !extrinsic.transaction_extensions_by_version.values().flatten().all(there) {
                return Err("it names transaction extensions that it does not have".to_owned());
            }
            &metadata.types
        }
        other => return Err(format!("it is of version {}", other.version())),
    };
    if !(0_u32..).zip(&types.types).all(|(place, ty)| ty.id == place) {
        return Err("its types are not numbered by their places".to_owned());
    }
    let metadata = match prefixed.1 {
        RuntimeMetadata::V14(metadata) => Metadata::from_v14(metadata),
        RuntimeMetadata::V15(metadata) => Metadata::from_v15(metadata),
        RuntimeMetadata::V16(metadata) => Metadata::from_v16(metadata),
        other => return Err(format!("it is of version {}", other.version())),
    };
    metadata.map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn what_is_no_metadata_is_refused_in_words() {
        // A length of one, and one byte.
        assert!(read(&[4]).is_err());
        let real = include_bytes!("../../../offchain/chain/metadata.scale");
        assert!(read(real).is_ok());
        let magic = read(&[&[0; 4], &real[4..]].concat()).unwrap_err();
        assert!(magic.contains("magic number"), "{magic}");
        assert!(read(&real[..real.len() / 2]).is_err());
    }
}
