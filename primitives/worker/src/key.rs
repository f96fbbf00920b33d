//! The key of a company's workers, in the keystore of its node.

use alloc::vec::Vec;
use codec::Encode;
use sp_core::{crypto::KeyTypeId, sr25519};
use sp_io::hashing::blake2_256;
use sp_runtime::RuntimeAppPublic;

/// The type of the key: `smartlink-node key insert --key-type slwk --scheme sr25519`.
pub const KEY_TYPE: KeyTypeId = KeyTypeId(*b"slwk");

/// Keys of the keystore that are looked at.
const MAX_KEYS: usize = 16;

mod app {
    use super::KEY_TYPE;
    use sp_application_crypto::{app_crypto, sr25519};
    app_crypto!(sr25519, KEY_TYPE);
}

/// The public half. Its bytes are the account that must hold the role.
pub type WorkerKey = app::Public;

/// A signature by such a key.
pub type WorkerSignature = app::Signature;

/// The first key of the keystore that may do what a worker is to do.
pub fn first_key(may: impl Fn(&sr25519::Public) -> bool) -> Option<WorkerKey> {
    let keys: Vec<WorkerKey> = WorkerKey::all();
    keys.into_iter().take(MAX_KEYS).find(|key| may(&sr25519::Public::from(key.clone())))
}

/// What a worker signs: the domain, the chain by its genesis hash, and the BLAKE2b-256 hash of the SCALE bytes
/// of what it carries. No two kinds of call have the same domain, and none begins with another.
pub fn payload(domain: &[u8], genesis: &impl Encode, carried: &impl Encode) -> Vec<u8> {
    let mut bytes = domain.to_vec();
    genesis.encode_to(&mut bytes);
    carried.using_encoded(blake2_256).encode_to(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_core::H256;

    #[test]
    fn what_is_signed_is_domain_chain_and_hash_without_lengths() {
        let genesis = H256::repeat_byte(3);
        let bytes = payload(b"smartlink/test/1", &genesis, &7u32);
        assert_eq!(bytes[..16], *b"smartlink/test/1");
        assert_eq!(bytes[16..48], [3; 32]);
        assert_eq!(bytes[48..], blake2_256(&[7, 0, 0, 0]));
    }
}
