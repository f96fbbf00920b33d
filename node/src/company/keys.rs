//! The session keys of a validator: made in the keystore of its node, with a proof that they are its own.

use super::error::Error;
use codec::Encode;
use sc_cli::KeystoreParams;
use sc_keystore::LocalKeystore;
use sc_service::config::KeystoreConfig;
use smartlink_runtime::{AccountId, SessionKeys};
use sp_core::{
    bytes,
    crypto::{
        key_types::{AUTHORITY_DISCOVERY, BABE, BEEFY, GRANDPA},
        KeyTypeId,
    },
};
use sp_keystore::{Error as KeystoreError, Keystore as _, KeystoreExt, KeystorePtr};
use sp_runtime::traits::OpaqueKeys;
use sp_state_machine::BasicExternalities;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// The kinds of session keys, as people call them.
const NAMES: [(KeyTypeId, &str); 4] = [
    (BABE, "babe"),
    (GRANDPA, "grandpa"),
    (BEEFY, "beefy"),
    (AUTHORITY_DISCOVERY, "authority discovery"),
];

/// The folder of the keystore in the chain's, as sc-cli calls it.
const FOLDER: &str = "keystore";

/// Session keys, and the proof that whoever holds them gives them to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// The public keys.
    pub keys: SessionKeys,
    /// Signatures over the account by each of them, SCALE encoded.
    pub proof: Vec<u8>,
}

impl Proven {
    /// Whether the chain will take them from this account: `pallet_session::set_keys` asks the same.
    pub fn holds_for(&self, owner: &AccountId) -> bool {
        self.keys.ownership_proof_is_valid(&owner.encode(), &self.proof)
    }
}

/// The keystore of a node on this machine. The node may run: each key is a file of its own, which it looks up when
/// the chain names the key.
pub struct Keystore {
    path: PathBuf,
    keys: KeystorePtr,
}

impl Keystore {
    /// Opens a keystore, which is made when it is not there.
    ///
    /// # Errors
    /// The folder cannot be made, or the password cannot be read.
    pub fn open(params: &KeystoreParams, config_dir: &Path) -> Result<Self, Error> {
        let config = params
            .keystore_config(config_dir)
            .map_err(|error| Error::Password(error.to_string()))?;
        match config {
            KeystoreConfig::Path { path, password } => {
                let keys = LocalKeystore::open(&path, password).map_err(|error| {
                    Error::Keystore { path: path.clone(), reason: error.to_string() }
                })?;
                Ok(Self { path, keys: Arc::new(keys) })
            }
            // Parameters of the command line never lead to it.
            KeystoreConfig::InMemory => Err(Error::Keystore {
                path: config_dir.into(),
                reason: "it would be in memory alone".into(),
            }),
        }
    }

    /// Opens a keystore to look into it. No password is needed.
    ///
    /// # Errors
    /// It is not there.
    pub fn look(path: Option<&Path>, config_dir: &Path) -> Result<Self, Error> {
        let path = path.map_or_else(|| config_dir.join(FOLDER), Path::to_path_buf);
        if !path.is_dir() {
            return Err(Error::NoSessionKeys(path));
        }
        let keys = LocalKeystore::open(&path, None)
            .map_err(|error| Error::Keystore { path: path.clone(), reason: error.to_string() })?;
        Ok(Self { path, keys: Arc::new(keys) })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes new session keys beside those that are there.
    ///
    /// # Errors
    /// The keystore takes none.
    pub fn make(&self, owner: &AccountId) -> Result<Proven, Error> {
        let keys = self.generate().map_err(|error| Error::Keystore {
            path: self.path.clone(),
            reason: error.to_string(),
        })?;
        self.prove(keys, owner)
    }

    /// `SessionKeys::generate` does the same, but panics when the disk is full.
    fn generate(&self) -> Result<SessionKeys, KeystoreError> {
        let keys = &self.keys;
        Ok(SessionKeys {
            babe: keys.sr25519_generate_new(BABE, None)?.into(),
            grandpa: keys.ed25519_generate_new(GRANDPA, None)?.into(),
            beefy: keys.ecdsa_generate_new(BEEFY, None)?.into(),
            authority_discovery: keys.sr25519_generate_new(AUTHORITY_DISCOVERY, None)?.into(),
        })
    }

    /// Proves that the keystore holds the secrets of these keys, to the account that will set them.
    ///
    /// # Errors
    /// It lacks one, or the password is another one.
    pub fn prove(&self, mut keys: SessionKeys, owner: &AccountId) -> Result<Proven, Error> {
        let mut externalities = BasicExternalities::new_empty();
        externalities.register_extension(KeystoreExt::from(self.keys.clone()));
        let proof = externalities.execute_with(|| keys.create_ownership_proof(&owner.encode()));
        let proven = proof.ok().map(|proof| Proven { keys, proof: proof.encode() });
        proven
            .filter(|proven| proven.holds_for(owner))
            .ok_or_else(|| Error::DoesNotSign(self.path.clone()))
    }

    /// Whether it holds all of these keys.
    pub fn holds(&self, keys: &SessionKeys) -> bool {
        self.keys.has_keys(&keys.clone().into_raw_public_keys())
    }

    /// Whether it holds one key.
    pub fn holds_key(&self, kind: KeyTypeId, public: &[u8]) -> bool {
        self.keys.has_keys(&[(public.to_vec(), kind)])
    }

    /// The files of other session keys than these.
    ///
    /// # Errors
    /// The keystore cannot be read.
    pub fn others(&self, than: Option<&SessionKeys>) -> Result<Vec<String>, Error> {
        let own = than.map_or_else(Vec::new, |keys| keys.clone().into_raw_public_keys());
        let mut files = Vec::new();
        for (kind, _) in NAMES {
            let there = self.keys.keys(kind).map_err(|error| Error::Keystore {
                path: self.path.clone(),
                reason: error.to_string(),
            })?;
            let others = there.into_iter().filter(|key| !own.contains(&(key.clone(), kind)));
            files.extend(others.map(|key| file_name(kind, &key)));
        }
        files.sort_unstable();
        Ok(files)
    }
}

/// The file of a key in a keystore: its kind and the public key, in hexadecimal.
fn file_name(kind: KeyTypeId, public: &[u8]) -> String {
    let whole = [kind.0.as_slice(), public].concat();
    bytes::to_hex(&whole, false).trim_start_matches("0x").to_owned()
}

/// Each of the keys with its kind and name.
pub fn named(keys: &SessionKeys) -> Vec<(KeyTypeId, &'static str, Vec<u8>)> {
    NAMES.iter().map(|(kind, name)| (*kind, *name, keys.get_raw(*kind).to_vec())).collect()
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use std::{fs, os::unix::fs::PermissionsExt};

    /// What the command line says of a keystore at its usual place.
    pub fn params(password: Option<&str>) -> KeystoreParams {
        KeystoreParams {
            keystore_path: None,
            password_interactive: false,
            password: password.map(|password| password.parse().unwrap()),
            password_filename: None,
        }
    }

    fn owner() -> AccountId {
        AccountId::from([7; 32])
    }

    #[test]
    fn new_keys_are_proven_to_their_account_alone_and_lie_in_files_of_their_owner() {
        let folder = tempfile::tempdir().unwrap();
        let keystore = Keystore::open(&params(None), folder.path()).unwrap();
        let made = keystore.make(&owner()).unwrap();
        assert!(made.holds_for(&owner()));
        assert!(!made.holds_for(&AccountId::from([8; 32])));
        assert!(keystore.holds(&made.keys));
        let files: Vec<_> = fs::read_dir(keystore.path()).unwrap().map(Result::unwrap).collect();
        assert_eq!(files.len(), 4);
        for file in files {
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        // A node that opens the folder finds them.
        let node = Keystore::look(None, folder.path()).unwrap();
        assert!(node.holds(&made.keys));
        assert_eq!(node.prove(made.keys.clone(), &owner()).unwrap().keys, made.keys);
    }

    #[test]
    fn every_key_has_a_name_and_is_the_runtimes() {
        let folder = tempfile::tempdir().unwrap();
        let made = Keystore::open(&params(None), folder.path()).unwrap().make(&owner()).unwrap();
        let mut named: Vec<_> =
            named(&made.keys).into_iter().map(|(kind, _, public)| (public, kind)).collect();
        let mut all = made.keys.into_raw_public_keys();
        named.sort();
        all.sort();
        assert_eq!(named, all);
    }

    #[test]
    fn further_keys_are_others_and_the_first_stay() {
        let folder = tempfile::tempdir().unwrap();
        let keystore = Keystore::open(&params(None), folder.path()).unwrap();
        assert!(keystore.others(None).unwrap().is_empty());
        let first = keystore.make(&owner()).unwrap();
        let second = keystore.make(&owner()).unwrap();
        assert_ne!(first.keys, second.keys);
        let others = keystore.others(Some(&second.keys)).unwrap();
        assert_eq!(others.len(), 4);
        for file in others {
            assert!(keystore.path().join(&file).is_file(), "{file}");
        }
        assert!(keystore.holds(&first.keys) && keystore.holds(&second.keys));
    }

    #[test]
    fn another_password_does_not_sign() {
        let folder = tempfile::tempdir().unwrap();
        let made =
            Keystore::open(&params(Some("one")), folder.path()).unwrap().make(&owner()).unwrap();
        let wrong = Keystore::open(&params(Some("two")), folder.path()).unwrap();
        let error = wrong.prove(made.keys, &owner()).unwrap_err().to_string();
        assert!(
            error.contains("does not sign") && error.contains("--password-filename"),
            "{error}"
        );
    }

    #[test]
    fn a_keystore_that_cannot_be_opened_or_is_not_there_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let look = Keystore::look(None, folder.path()).err().unwrap().to_string();
        assert!(look.contains("keystore'") && look.contains("--base-path"), "{look}");
        fs::write(folder.path().join("keystore"), "a file").unwrap();
        let open = Keystore::open(&params(None), folder.path()).err().unwrap().to_string();
        assert!(open.contains("takes no keys"), "{open}");
        let gone =
            KeystoreParams { password_filename: Some(folder.path().join("gone")), ..params(None) };
        let password = Keystore::open(&gone, folder.path()).err().unwrap().to_string();
        assert!(password.contains("--password-filename"), "{password}");
    }
}
