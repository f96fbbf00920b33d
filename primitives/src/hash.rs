//! The hash of everything that is proven to the outside.

use tiny_keccak::{Hasher, Keccak};

pub use primitive_types::H256;

/// Keccak-256 as Ethereum uses it (the padding before FIPS 202).
pub fn keccak(bytes: &[u8]) -> H256 {
    let mut out = [0u8; 32];
    let mut hasher = Keccak::v256();
    hasher.update(bytes);
    hasher.finalize(&mut out);
    H256(out)
}
