//! The key that signs exports: sr25519, as accounts of the chain have it.

use std::{fs::File, io::Read, os::unix::fs::PermissionsExt, path::Path, str::FromStr};

use smartlink_chain::{Account, AccountId32};
use smartlink_proofs::Bytes;
use subxt_signer::sr25519;

use crate::{domain::value::hex, error::Error};

/// Bytes of a file with a key, at most: a phrase of 24 words has 200.
const LONGEST: u64 = 4_096;
/// What others than the owner may do with a file.
const OTHERS: u32 = 0o077;

/// A key that signs.
#[derive(Debug)]
pub struct Key(Account);

impl Key {
    /// Reads a file with a seed phrase, a hex seed, or a path such as `//Alice`, which nobody but its owner may read.
    ///
    /// # Errors
    /// It cannot be read, others may read it, or it holds no key. What it holds is not repeated.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let shown = path.display();
        let asked = |why: String| Error::Asked(format!("the key in {shown} {why}"));
        let unread = |error: std::io::Error| asked(format!("cannot be read: {error}"));
        let file = File::open(path).map_err(unread)?;
        let about = file.metadata().map_err(unread)?;
        if !about.is_file() {
            return Err(asked("is in no plain file: name one".to_owned()));
        }
        let mode = about.permissions().mode() & 0o777;
        if mode & OTHERS != 0 {
            return Err(asked(format!(
                "may be used by others (mode {mode:o}): chmod 600 {shown}, and make a new key if somebody may have read it"
            )));
        }
        let mut secret = String::new();
        let length = file.take(LONGEST + 1).read_to_string(&mut secret).map_err(unread)?;
        if length as u64 > LONGEST {
            return Err(asked(format!("is longer than {LONGEST} bytes: it is none")));
        }
        let secret = secret.trim();
        if secret.is_empty() {
            // It would be taken for the development phrase, which everybody has.
            return Err(asked("is empty: write a seed phrase or a hex seed into it".to_owned()));
        }
        let account = Account::from_uri(secret);
        account.map(Self).map_err(|error| asked(format!("is none: {error}")))
    }

    /// The account that signs.
    pub fn account(&self) -> AccountId32 {
        self.0.id()
    }

    /// The signature of bytes, as a file has it.
    pub(super) fn sign(&self, bytes: &[u8]) -> String {
        format!("{}\n", hex(&self.0.keypair().sign(bytes).0))
    }
}

/// Whether a text is the signature of an account over bytes. It has one form: 0x, 128 small digits, the end of the line.
pub(super) fn is_signed(bytes: &[u8], signature: &str, by: &AccountId32) -> bool {
    let digits = signature.strip_suffix('\n').map(Bytes::from_str);
    let Some(Ok(Bytes(signature))) = digits else { return false };
    let Ok(signature) = <[u8; 64]>::try_from(signature) else { return false };
    sr25519::verify(&sr25519::Signature(signature), bytes, &sr25519::PublicKey(by.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, Permissions};

    #[test]
    fn a_key_that_others_may_read_is_refused_with_the_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("auditor.key");
        fs::write(&path, "//Alice\n").unwrap();
        for (mode, well) in
            [(0o644, false), (0o640, false), (0o606, false), (0o600, true), (0o400, true)]
        {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            match Key::read(&path) {
                Ok(key) => {
                    assert!(well, "{mode:o}");
                    let alice = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
                    assert_eq!(key.account().to_string(), alice);
                }
                Err(error) => {
                    assert!(!well && error.to_string().contains("chmod 600"), "{mode:o}: {error}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_key_is_not_repeated() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        for secret in ["swordfish", &"a".repeat(5_000), "", "\n"] {
            fs::write(&path, secret).unwrap();
            fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
            let said = Key::read(&path).unwrap_err().to_string();
            assert!(secret.trim().is_empty() || !said.contains(secret), "{said}");
        }
        assert!(Key::read(folder.path()).unwrap_err().to_string().contains("no plain file"));
    }

    #[test]
    fn a_signature_has_one_form() {
        let key = Key(Account::from_uri("//Alice").unwrap());
        let (alice, other) = (key.account(), Account::from_uri("//Bob").unwrap().id());
        let signature = key.sign(b"books");
        assert!(is_signed(b"books", &signature, &alice));
        assert!(!is_signed(b"Books", &signature, &alice));
        assert!(!is_signed(b"books", &signature, &other));
        let shouted = signature.to_uppercase().replacen("0X", "0x", 1);
        for other in [signature.trim(), &format!("{signature}\n"), &shouted, "0x\n", ""] {
            assert!(!is_signed(b"books", other, &alice), "{other:?}");
        }
    }
}
