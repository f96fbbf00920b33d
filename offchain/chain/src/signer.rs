//! Accounts that sign, with a memory of their nonces.

use std::{fmt, str::FromStr, sync::Arc};

use subxt::utils::AccountId32;
use subxt_signer::{sr25519::Keypair, SecretUri};
use tokio::sync::Mutex;

/// The nonce after the last one given out. `None` until the chain was asked.
pub(crate) type NextNonce = Arc<Mutex<Option<u64>>>;

/// Why a secret does not give a key. Does not repeat the secret.
#[derive(Debug, thiserror::Error)]
#[error("the secret gives no key ({reason}): write a seed phrase, a hex seed, or a path such as //Alice//maker")]
pub struct SignerError {
    reason: String,
}

/// A key pair that signs transactions. Clones share the count of nonces, so any number of them may
/// have transactions in flight side by side.
#[derive(Clone)]
pub struct Account {
    name: String,
    keypair: Keypair,
    pub(crate) nonce: NextNonce,
}

impl Account {
    /// The account of a secret URI. Paths without a phrase, such as `//Alice//maker`, belong to the
    /// publicly known development phrase: never use them on a real chain.
    pub fn from_uri(uri: &str) -> Result<Self, SignerError> {
        let bad = |reason: String| SignerError { reason };
        let secret = SecretUri::from_str(uri).map_err(|e| bad(e.to_string()))?;
        let keypair = Keypair::from_uri(&secret).map_err(|e| bad(e.to_string()))?;
        let id = keypair.public_key().to_account_id();
        // A path says nothing secret; anything else does.
        let name = if uri.starts_with("//") { uri.to_owned() } else { id.to_string() };
        Ok(Self { name, keypair, nonce: NextNonce::default() })
    }

    /// The path it was made from, or its address.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The account's id on the chain.
    pub fn id(&self) -> AccountId32 {
        self.keypair.public_key().to_account_id()
    }

    /// The key pair.
    pub fn keypair(&self) -> &Keypair {
        &self.keypair
    }
}

/// Shows no secret.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Account").field(&self.name).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_gives_the_well_known_development_account() {
        let alice = Account::from_uri("//Alice").unwrap();
        assert_eq!(alice.id().to_string(), "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY");
        assert_ne!(alice.id(), Account::from_uri("//Alice//maker").unwrap().id());
    }

    #[test]
    fn a_secret_that_is_none_says_what_to_write() {
        let error = Account::from_uri("not a phrase").unwrap_err();
        assert!(error.to_string().contains("//Alice//maker"), "{error}");
    }
}
