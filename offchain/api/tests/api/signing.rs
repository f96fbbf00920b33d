//! Wallets with keys of other kinds than sr25519, and what they sign. The unit tests of signatures share this file.

use jsonwebtoken::{Algorithm, EncodingKey};
use subxt_signer::ecdsa;

/// RFC 8032, 7.1, test 1: the seed.
const SEED: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
/// Its public key.
pub const PUBLIC: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

/// An account with an ed25519 key, and its signature over a text.
pub fn signed_by_ed25519(text: &str) -> ([u8; 32], Vec<u8>) {
    // PKCS #8 (RFC 8410, 7) around the seed.
    let key = hex::decode(format!("302e020100300506032b657004220420{SEED}")).unwrap();
    let key = EncodingKey::from_ed_der(&key);
    let signed = jsonwebtoken::crypto::sign(text.as_bytes(), &key, Algorithm::EdDSA).unwrap();
    (hex::decode(PUBLIC).unwrap().try_into().unwrap(), from_base64url(&signed))
}

/// Reads what JWTs have for bytes: base64 without padding (RFC 4648, 5).
pub fn from_base64url(text: &str) -> Vec<u8> {
    let place = |letter: u8| match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'-' => 62,
        _ => 63,
    };
    let bits: Vec<bool> = text
        .bytes()
        .flat_map(|letter| (0..6).rev().map(move |bit| (place(letter) >> bit) & 1 == 1))
        .collect();
    bits.chunks_exact(8)
        .map(|byte| byte.iter().fold(0, |byte, bit| (byte << 1) | u8::from(*bit)))
        .collect()
}

/// An account with an ecdsa key, its key, and its signature over a text.
pub fn signed_by_ecdsa(text: &str) -> ([u8; 32], [u8; 33], [u8; 65]) {
    let alice = ecdsa::dev::alice();
    let public = alice.public_key();
    let key = public.0;
    (public.to_account_id().0, key, alice.sign(text.as_bytes()).0)
}
