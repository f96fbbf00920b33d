//! The keys of development: everybody knows their secrets, so nobody may rely on them.

use sp_core::{ecdsa, ed25519, Pair};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_runtime::{traits::IdentifyAccount, MultiSigner};
use std::{collections::BTreeMap, sync::LazyLock};

/// Node keys that development networks are started with: 1 to 5, as numbers of 32 bytes (offchain/devnet/src/network.rs).
const NODE_KEYS: u8 = 5;

/// The names of the keys, by their public keys and accounts.
static KNOWN: LazyLock<BTreeMap<Vec<u8>, String>> = LazyLock::new(|| {
    let mut known = BTreeMap::new();
    for name in Sr25519Keyring::iter() {
        let secret = format!("//{}", <&'static str>::from(name));
        known.insert(name.to_raw_public().to_vec(), secret.clone());
        // There is no ring of ECDSA keys. All names can be derived.
        if let Ok(pair) = ecdsa::Pair::from_string(&secret, None) {
            let public = pair.public();
            let account = MultiSigner::from(public).into_account();
            known.insert(public.0.to_vec(), secret.clone());
            known.insert(AsRef::<[u8]>::as_ref(&account).to_vec(), secret);
        }
    }
    for name in Ed25519Keyring::iter() {
        let secret = format!("//{}", <&'static str>::from(name));
        known.insert(name.to_raw_public().to_vec(), secret);
    }
    for number in 1..=NODE_KEYS {
        let mut seed = [0; 32];
        seed[31] = number;
        let public = ed25519::Pair::from_seed(&seed).public();
        known.insert(public.0.to_vec(), format!("node key {number}"));
    }
    known
});

/// The name of the development key with this public key or account, if it is one.
pub fn whose(public: &[u8]) -> Option<&'static str> {
    KNOWN.get(public).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_of_the_runtimes_presets_are_known() {
        assert_eq!(whose(&Sr25519Keyring::Alice.to_raw_public()), Some("//Alice"));
        assert_eq!(whose(&Sr25519Keyring::DaveStash.to_raw_public()), Some("//Dave//stash"));
        assert_eq!(whose(&Ed25519Keyring::Bob.to_raw_public()), Some("//Bob"));
        let beefy = "020a1091341fe5664bfa1782d5e04779689068c916b04cb365ec3153755684d9a1";
        assert_eq!(whose(&hex::decode(beefy).unwrap()), Some("//Alice"));
        let machine = "fde4fba030ad002f7c2f7d4c331f49d13fb0ec747eceebec634f1ff4cbca9def";
        assert_eq!(whose(&hex::decode(machine).unwrap()), Some("node key 5"));
    }

    #[test]
    fn a_key_of_ones_own_is_not_known() {
        assert_eq!(whose(&[7; 32]), None);
        // 14 names with four keys and accounts each, and the machines.
        assert_eq!(KNOWN.len(), 14 * 4 + usize::from(NODE_KEYS));
    }
}
