//! What the unit tests share: the metadata of the chain, and calls in its encoding.

use subxt::{
    config::substrate::SpecVersionForRange, ext::scale_encode::EncodeAsType, ArcMetadata, Metadata,
    OfflineClient, OfflineClientAtBlock,
};

use crate::{calls::Call, Config};

/// The metadata for which this client is made.
pub fn metadata() -> ArcMetadata {
    Metadata::decode_from(include_bytes!("../metadata.scale")).unwrap().arc()
}

/// A call as the chain encodes it.
pub fn encoded(call: &Call) -> Vec<u8> {
    let metadata = metadata();
    let ty = metadata.outer_enums().call_enum_ty();
    call.encode_as_type(ty, metadata.types()).unwrap()
}

/// A chain with this metadata that nobody is connected to.
pub fn at() -> OfflineClientAtBlock<Config> {
    let versions =
        SpecVersionForRange { block_range: 0..1, spec_version: 1, transaction_version: 1 };
    let config = Config::builder()
        .set_metadata_for_spec_versions([(1, metadata())])
        .set_spec_version_for_block_ranges([versions])
        .build();
    OfflineClient::new_with_config(config).at_block(0_u64).unwrap()
}
