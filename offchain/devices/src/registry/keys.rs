//! Keys of terminals, and what is kept of them.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use smartlink_service::Secret;
use std::{fs::File, io::Read, ops::RangeInclusive};
use subtle::ConstantTimeEq;

/// How long a key is.
pub(super) const KEY_BYTES: RangeInclusive<usize> = 8..=256;

/// A new key: 80 bits of chance as 16 characters. Terminals of 2011 keep codes of about twenty characters at most.
pub fn new_key() -> Secret<String> {
    // Without the letters and digits that are mistaken for each other.
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let chance: [u8; 16] = random();
    Secret::new(chance.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
}

/// Bytes that nobody can guess.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    let read = File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut bytes));
    read.expect("/dev/urandom is there on every Linux and gives as much as is asked for");
    bytes
}

/// The salted hash of a key. Keys are made by chance, so one round is enough; one that people chose is as hard to
/// guess as they chose it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeyHash {
    salt: [u8; 16],
    hash: [u8; 32],
}

impl KeyHash {
    pub(super) fn of(key: &[u8]) -> Self {
        let salt = random();
        Self { salt, hash: digest(&salt, key) }
    }

    pub(super) fn is_of(&self, key: &[u8]) -> bool {
        digest(&self.salt, key).ct_eq(&self.hash).into()
    }
}

fn digest(salt: &[u8; 16], key: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(salt).chain_update(key).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_known_by_its_hash_alone() {
        let (key, other) = (new_key(), new_key());
        assert_eq!(key.expose().len(), 16);
        assert_ne!(key.expose(), other.expose());
        let hash = KeyHash::of(key.expose().as_bytes());
        assert!(hash.is_of(key.expose().as_bytes()));
        assert!(!hash.is_of(other.expose().as_bytes()));
        assert_ne!(hash, KeyHash::of(key.expose().as_bytes()), "each hash has a salt of its own");
    }
}
