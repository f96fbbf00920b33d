//! A key as Ethereum's wallets keep it: Web3 Secret Storage, version 3.
//!
//! Of the password comes a key of 32 bytes (scrypt, or PBKDF2 with HMAC-SHA-256). keccak256 of its second half and the cipher text
//! is the file's `mac`, which tells a wrong password; its first half opens the cipher text (AES-128 in counter mode).

use aes::cipher::{KeyIvInit, StreamCipher};
use alloy_primitives::{keccak256, Bytes};
use hmac::Hmac;
use serde::Deserialize;
use sha2::Sha256;
use subtle::ConstantTimeEq;

type Aes = ctr::Ctr128BE<aes::Aes128>;

/// Bytes that scrypt may take. Wallets use 256 MiB at most.
const MOST_MEMORY: u64 = 1 << 30;
/// Rounds that PBKDF2 may take. Wallets use 262,144.
const MOST_ROUNDS: u32 = 10_000_000;

#[derive(Deserialize)]
struct Keystore {
    version: u32,
    #[serde(alias = "Crypto")]
    crypto: Crypto,
}

#[derive(Deserialize)]
struct Crypto {
    cipher: String,
    ciphertext: Hex,
    cipherparams: CipherParams,
    #[serde(flatten)]
    kdf: Kdf,
    mac: Hex,
}

#[derive(Deserialize)]
struct CipherParams {
    iv: Hex,
}

#[derive(Deserialize)]
#[serde(tag = "kdf", content = "kdfparams", rename_all = "lowercase")]
enum Kdf {
    Scrypt { dklen: usize, n: u64, r: u32, p: u32, salt: Hex },
    Pbkdf2 { dklen: usize, c: u32, prf: String, salt: Hex },
}

/// Bytes in hexadecimal digits, with or without `0x`.
struct Hex(Bytes);

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = alloy_primitives::hex::decode(text).map_err(serde::de::Error::custom)?;
        Ok(Self(bytes.into()))
    }
}

/// Opens a keystore.
///
/// # Errors
/// What is wrong with it, or with the password.
pub fn open(text: &[u8], password: &str) -> Result<[u8; 32], String> {
    let keystore: Keystore = serde_json::from_slice(text)
        .map_err(|error| format!("it is no keystore of version 3: {error}"))?;
    if keystore.version != 3 {
        return Err(format!("its version is {}, and not 3", keystore.version));
    }
    let crypto = keystore.crypto;
    if crypto.cipher != "aes-128-ctr" {
        return Err(format!("its cipher is {:?}, and not aes-128-ctr", crypto.cipher));
    }
    let derived = crypto.kdf.derive(password.as_bytes())?;
    let (key, tag) = derived.split_at(16);
    let expected = keccak256([tag, &crypto.ciphertext.0].concat());
    if !bool::from(expected.as_slice().ct_eq(&crypto.mac.0)) {
        return Err("the password is another one".to_owned());
    }
    let mut secret = <[u8; 32]>::try_from(crypto.ciphertext.0.as_ref())
        .map_err(|_| format!("it holds {} bytes, and a key has 32", crypto.ciphertext.0.len()))?;
    let mut cipher = Aes::new_from_slices(key, &crypto.cipherparams.iv.0)
        .map_err(|_| "the iv of its cipher has not 16 bytes".to_owned())?;
    cipher.apply_keystream(&mut secret);
    Ok(secret)
}

impl Kdf {
    /// The key that comes of a password.
    fn derive(&self, password: &[u8]) -> Result<[u8; 32], String> {
        let mut derived = [0; 32];
        let (Self::Scrypt { dklen, .. } | Self::Pbkdf2 { dklen, .. }) = self;
        if *dklen != derived.len() {
            return Err(format!("its dklen is {dklen}, and not 32"));
        }
        match self {
            Self::Scrypt { n, r, p, salt, .. } => {
                let memory = n.saturating_mul(u64::from(*r)).saturating_mul(128);
                if !n.is_power_of_two() || memory > MOST_MEMORY || *p > 16 {
                    return Err(format!("scrypt with n {n}, r {r} and p {p} is not done here"));
                }
                // A power of two below 2³¹ has a logarithm below 64.
                let log_n = n.trailing_zeros() as u8;
                let params = scrypt::Params::new(log_n, *r, *p)
                    .map_err(|error| format!("scrypt with n {n}, r {r} and p {p}: {error}"))?;
                scrypt::scrypt(password, &salt.0, &params, &mut derived)
                    .map_err(|error| format!("scrypt: {error}"))?;
            }
            Self::Pbkdf2 { c, prf, salt, .. } => {
                if prf != "hmac-sha256" || !(1..=MOST_ROUNDS).contains(c) {
                    return Err(format!("PBKDF2 with {prf} and {c} rounds is not done here"));
                }
                pbkdf2::pbkdf2::<Hmac<Sha256>>(password, &salt.0, *c, &mut derived)
                    .map_err(|error| format!("PBKDF2: {error}"))?;
            }
        }
        Ok(derived)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the format's definition.
    const PASSWORD: &str = "testpassword";
    const SECRET: &str = "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";
    /// As `cast wallet import` writes one.
    const SCRYPT: &str = include_str!("../../tests/fixture/keystore.json");
    const CAST: &str = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
    const PBKDF2: &str = r#"{"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},
        "ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2",
        "kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256","salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
        "mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}"#;
    #[test]
    fn both_ways_from_a_password_to_a_key_open() {
        for (text, password, expected) in [(PBKDF2, PASSWORD, SECRET), (SCRYPT, "word", CAST)] {
            let secret = open(text.as_bytes(), password).unwrap();
            assert_eq!(alloy_primitives::hex::encode(secret), expected);
            assert_eq!(open(text.as_bytes(), "other").unwrap_err(), "the password is another one");
        }
    }

    #[test]
    fn what_is_not_done_here_is_said() {
        let said = |from: &str, to: &str| {
            assert!(PBKDF2.contains(from));
            open(PBKDF2.replace(from, to).as_bytes(), PASSWORD).unwrap_err()
        };
        assert!(said("\"version\":3", "\"version\":4").contains("version is 4"));
        assert!(said("aes-128-ctr", "aes-256-cbc").contains("aes-256-cbc"));
        assert!(said("\"dklen\":32", "\"dklen\":64").contains("64"));
        assert!(said("262144", "0").contains("0 rounds"));
        assert!(said("hmac-sha256", "hmac-sha1").contains("hmac-sha1"));
        assert!(said("\"iv\":\"6087dab2f9fdbbfaddc31a909735c1e6\"", "\"iv\":\"60\"").contains("iv"));
        assert!(open(b"{}", PASSWORD).unwrap_err().contains("no keystore"));
        let greedy = SCRYPT.replace("8192", "1099511627776");
        assert!(open(greedy.as_bytes(), PASSWORD).unwrap_err().contains("not done here"));
    }
}
