//! Numbers and tokens that nobody guesses.

use argon2::password_hash::rand_core::{OsRng, RngCore};
use sha2::{Digest, Sha256};

/// Bytes from the operating system.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    OsRng.fill_bytes(&mut bytes);
    bytes
}

/// A number above zero.
pub(crate) fn number() -> u64 {
    u64::from_be_bytes(bytes()).max(1)
}

/// A token of 256 bits in hex, and its hash.
pub(crate) fn token() -> (String, [u8; 32]) {
    let token = hex::encode(bytes::<32>());
    let hash = hash(&token);
    (token, hash)
}

/// So many decimal digits, each as likely as any other.
pub(crate) fn digits(count: usize) -> String {
    let digit = || loop {
        let [byte] = bytes::<1>();
        // Of 256 values the last six would favour some digits.
        if byte < 250 {
            break char::from(b'0' + byte % 10);
        }
    };
    (0..count).map(|_| digit()).collect()
}

/// What is stored of a token.
pub(crate) fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
