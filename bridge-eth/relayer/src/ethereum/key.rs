//! The key that pays, and what it signs.

use std::fmt;

use alloy_primitives::{hex, Address, Bytes, B256};
use k256::ecdsa::SigningKey;

use super::{keystore, transaction::Transaction1559, Fees};
use crate::config::KeyConfig;

/// A key of an account on Ethereum. It is never printed.
#[derive(Clone)]
pub struct Key(SigningKey);

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// None is configured.
    #[error(
        "there is no key: set key.keystore to a keystore file and key.password_file to a file with its password, or \
         key.secret_file to a file with the key"
    )]
    Missing,
    /// The keystore cannot be opened.
    #[error(
        "the keystore {file} cannot be opened ({reason}): check the file, and the password (key.password_file)"
    )]
    Keystore {
        /// Which file.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// The digits are no key.
    #[error("key.secret is no key: give 64 hexadecimal digits")]
    Digits,
    /// It could not sign.
    #[error("the key could not sign: {0}")]
    Signing(String),
}

/// A transaction to be signed.
#[derive(Clone, Debug)]
pub struct Order {
    /// The id of Ethereum's chain.
    pub chain_id: u64,
    /// How many of the account's are before it.
    pub nonce: u64,
    /// Gas that it may take.
    pub gas: u64,
    /// What it offers for it.
    pub fees: Fees,
    /// The contract. `None`: `data` makes one.
    pub to: Option<Address>,
    /// What it is called with.
    pub data: Bytes,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.address())
    }
}

impl Key {
    /// The key that is configured.
    ///
    /// # Errors
    /// None is, or it cannot be read.
    pub fn open(config: &KeyConfig) -> Result<Self, KeyError> {
        let secret = config.secret.expose().trim();
        if !secret.is_empty() {
            let digits = hex::decode(secret).map_err(|_| KeyError::Digits)?;
            let digits = <[u8; 32]>::try_from(digits).map_err(|_| KeyError::Digits)?;
            return SigningKey::from_slice(&digits).map(Self).map_err(|_| KeyError::Digits);
        }
        if config.keystore.is_empty() {
            return Err(KeyError::Missing);
        }
        let closed = |reason: String| KeyError::Keystore { file: config.keystore.clone(), reason };
        let text = std::fs::read(&config.keystore).map_err(|error| closed(error.to_string()))?;
        let secret = keystore::open(&text, config.password.expose()).map_err(closed)?;
        SigningKey::from_slice(&secret).map(Self).map_err(|error| closed(error.to_string()))
    }

    /// The account that it signs for.
    pub fn address(&self) -> Address {
        let point = self.0.verifying_key().to_encoded_point(false);
        // Behind the byte that says that it is not compressed.
        Address::from_raw_public_key(&point.as_bytes()[1..])
    }

    /// Signs a transaction: its hash, and its bytes.
    ///
    /// # Errors
    /// The key cannot sign.
    pub fn sign(&self, order: Order) -> Result<(B256, Vec<u8>), KeyError> {
        let transaction = Transaction1559::from(order);
        let signed = self.0.sign_prehash_recoverable(transaction.digest().as_slice());
        // Its s is in the lower half, as Ethereum wants it.
        let (signature, parity) = signed.map_err(|error| KeyError::Signing(error.to_string()))?;
        let mut numbers = [0; 64];
        numbers.copy_from_slice(&signature.to_bytes());
        Ok(transaction.signed(&numbers, parity.is_y_odd()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use smartlink_service::Secret;

    /// The first account of every development chain.
    const SECRET: &str = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
    const ADDRESS: &str = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

    /// It in a keystore, as `cast wallet import` writes one; the password is `word`.
    const KEYSTORE: &str = include_str!("../../tests/fixture/keystore.json");

    fn with_secret(secret: &str) -> KeyConfig {
        KeyConfig { secret: Secret::new(secret.to_owned()), ..KeyConfig::default() }
    }

    #[test]
    fn digits_are_a_key_with_or_without_a_prefix() {
        for secret in [SECRET.to_owned(), format!("0x{SECRET}\n")] {
            let key = Key::open(&with_secret(&secret)).unwrap();
            assert_eq!(key.address().to_string(), ADDRESS);
            assert_eq!(format!("{key:?}"), format!("Key({ADDRESS})"));
        }
        assert!(matches!(Key::open(&with_secret("12")), Err(KeyError::Digits)));
        assert!(matches!(Key::open(&KeyConfig::default()), Err(KeyError::Missing)));
    }

    #[test]
    fn a_keystore_opens_with_its_password_alone() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("key"), KEYSTORE).unwrap();
        let keystore = folder.path().join("key").display().to_string();
        let password = |word: &str| KeyConfig {
            keystore: keystore.clone(),
            password: Secret::new(word.to_owned()),
            ..KeyConfig::default()
        };
        assert_eq!(Key::open(&password("word")).unwrap().address().to_string(), ADDRESS);
        let wrong = Key::open(&password("other")).unwrap_err().to_string();
        assert!(wrong.contains(&keystore) && wrong.contains("key.password_file"), "{wrong}");
    }

    /// By its hash alone a transaction is known that this key has signed before.
    #[test]
    fn the_same_order_is_signed_the_same_and_another_is_not() {
        let key = Key::open(&with_secret(SECRET)).unwrap();
        let order = Order {
            chain_id: 31_337,
            nonce: 3,
            gas: 100_000,
            fees: Fees { most: 2_000_000_000, tip: 1_000_000_000 },
            to: Some(Address::repeat_byte(9)),
            data: Bytes::from(vec![1, 2, 3]),
        };
        let (hash, _) = key.sign(order.clone()).unwrap();
        assert_eq!(key.sign(order.clone()).unwrap().0, hash);
        let dearer = Fees { most: 3_000_000_000, ..order.fees };
        for other in [
            Order { gas: 100_001, ..order.clone() },
            Order { fees: dearer, ..order.clone() },
            Order { data: Bytes::from(vec![1, 2]), ..order.clone() },
            Order { to: None, ..order },
        ] {
            assert_ne!(key.sign(other).unwrap().0, hash);
        }
    }

    /// The strings of a list in RLP, all of them short; an empty list is an empty one.
    fn strings(mut bytes: &[u8]) -> Vec<&[u8]> {
        let mut strings = Vec::new();
        while let [head, rest @ ..] = bytes {
            let (string, after) = match head {
                0..0x80 => bytes.split_at(1),
                0x80..=0xb7 => rest.split_at(usize::from(head - 0x80)),
                _ => rest.split_at(0),
            };
            strings.push(string);
            bytes = after;
        }
        strings
    }

    #[test]
    fn the_account_is_who_signed() {
        let key = Key::open(&with_secret(SECRET)).unwrap();
        let order = Order {
            chain_id: 31_337,
            nonce: 3,
            gas: 100_000,
            fees: Fees { most: 2_000_000_000, tip: 1_000_000_000 },
            to: Some(Address::repeat_byte(9)),
            data: Bytes::from(vec![1, 2, 3]),
        };
        let digest = Transaction1559::from(order.clone()).digest();
        let (hash, bytes) = key.sign(order).unwrap();
        assert_eq!(bytes[0], 2);
        assert_eq!(alloy_primitives::keccak256(&bytes), hash);
        // Behind the type and the list's own head of two bytes: r and s are the last two of twelve fields.
        let fields = strings(&bytes[3..]);
        assert_eq!(fields.len(), 12);
        let mut signature = [0; 64];
        for (half, number) in signature.chunks_mut(32).zip(&fields[10..]) {
            half[32 - number.len()..].copy_from_slice(number);
        }
        let found = [0, 1].into_iter().any(|parity| {
            let mut with_parity = [parity; 65];
            with_parity[..64].copy_from_slice(&signature);
            let signer =
                smartlink_proofs::roster::signer(&smartlink_proofs::Fixed(digest.0), &with_parity);
            signer.is_ok_and(|signer| signer.0 == key.address().into_array())
        });
        assert!(found);
    }
}
