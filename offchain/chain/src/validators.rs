//! Who validates, with which keys, and what validators are reported for: what is asked at a block, and told the chain.

use smartlink_primitives::CompanyId;
use subxt::{tx::StaticPayload, utils::AccountId32};

use crate::{
    api::{
        self,
        runtime_types::{
            pallet_validators::types::OffenceKind,
            smartlink_runtime::opaque::SessionKeys as KeptKeys, sp_authority_discovery,
            sp_consensus_babe, sp_consensus_beefy, sp_consensus_grandpa,
        },
    },
    At, ChainError,
};

/// The public keys with which a validator takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionKeys {
    /// Makes blocks: sr25519.
    pub babe: [u8; 32],
    /// Finalises them: ed25519.
    pub grandpa: [u8; 32],
    /// Signs them for other chains: compressed, on secp256k1.
    pub beefy: [u8; 33],
    /// Is found by the others: sr25519.
    pub authority_discovery: [u8; 32],
}

/// Bytes that are no session keys.
#[derive(Debug, thiserror::Error)]
#[error(
    "session keys are {} bytes, of BABE, GRANDPA, BEEFY and authority discovery, and these are {found}: take what \
     author_rotateKeysWithOwner of a validator answers",
    SessionKeys::BYTES
)]
pub struct NoKeys {
    found: usize,
}

impl SessionKeys {
    /// How long they are in SCALE.
    pub const BYTES: usize = 32 + 32 + 33 + 32;

    /// Reads them from SCALE.
    ///
    /// # Errors
    /// They are too few bytes, or too many.
    pub fn read(bytes: &[u8]) -> Result<Self, NoKeys> {
        let keys = || {
            let (babe, rest) = bytes.split_first_chunk()?;
            let (grandpa, rest) = rest.split_first_chunk()?;
            let (beefy, rest) = rest.split_first_chunk()?;
            let authority_discovery = *<&[u8; 32]>::try_from(rest).ok()?;
            Some(Self { babe: *babe, grandpa: *grandpa, beefy: *beefy, authority_discovery })
        };
        keys().ok_or(NoKeys { found: bytes.len() })
    }

    /// Writes them in SCALE.
    pub fn bytes(&self) -> Vec<u8> {
        let Self { babe, grandpa, beefy, authority_discovery } = self;
        [&babe[..], grandpa, beefy, authority_discovery].concat()
    }
}

impl From<KeptKeys> for SessionKeys {
    fn from(kept: KeptKeys) -> Self {
        let KeptKeys { babe, grandpa, beefy, authority_discovery } = kept;
        Self {
            babe: babe.0,
            grandpa: grandpa.0,
            beefy: beefy.0,
            authority_discovery: authority_discovery.0,
        }
    }
}

impl From<SessionKeys> for KeptKeys {
    fn from(keys: SessionKeys) -> Self {
        Self {
            babe: sp_consensus_babe::app::Public(keys.babe),
            grandpa: sp_consensus_grandpa::app::Public(keys.grandpa),
            beefy: sp_consensus_beefy::ecdsa_crypto::Public(keys.beefy),
            authority_discovery: sp_authority_discovery::app::Public(keys.authority_discovery),
        }
    }
}

/// Registers the session keys of the account that signs. The proof is what `author_rotateKeysWithOwner` answers with them
/// ([`Chain::rotate_keys`](crate::Chain::rotate_keys)). They hold from the session after next on.
pub fn set_keys(keys: SessionKeys, proof: Vec<u8>) -> StaticPayload<api::session::calls::SetKeys> {
    api::transactions().session().set_keys(keys.into(), proof)
}

/// Drops the session keys of the account that signs. The chain refuses it: a validator leaves by a vote of the council.
pub fn purge_keys() -> StaticPayload<api::session::calls::PurgeKeys> {
    api::transactions().session().purge_keys()
}

/// The number of the session.
pub async fn session(at: &At) -> Result<u32, ChainError> {
    let what = "the number of the session";
    let index = at.storage().fetch(api::storage().session().current_index(), ()).await;
    index.map_err(ChainError::query(what))?.decode().map_err(ChainError::query(what))
}

/// The validators of the session, in the order of their places.
pub async fn in_session(at: &At) -> Result<Vec<AccountId32>, ChainError> {
    let what = "the validators of the session";
    let validators = at.storage().fetch(api::storage().session().validators(), ()).await;
    validators.map_err(ChainError::query(what))?.decode().map_err(ChainError::query(what))
}

/// The places, in the order of [`in_session`], of those who are disabled in the session.
pub async fn disabled(at: &At) -> Result<Vec<u32>, ChainError> {
    let what = "who is disabled";
    let disabled = at.storage().fetch(api::storage().session().disabled_validators(), ()).await;
    let disabled = disabled.map_err(ChainError::query(what))?;
    let disabled = disabled.decode().map_err(ChainError::query(what))?;
    Ok(disabled.into_iter().map(|(place, _)| place).collect())
}

/// The validators of the next session with the keys that they will have in it.
pub async fn queued(at: &At) -> Result<Vec<(AccountId32, SessionKeys)>, ChainError> {
    let what = "the validators of the next session";
    let queued = at.storage().fetch(api::storage().session().queued_keys(), ()).await;
    let queued = queued.map_err(ChainError::query(what))?;
    let queued = queued.decode().map_err(ChainError::query(what))?;
    Ok(queued.into_iter().map(|(account, keys)| (account, keys.into())).collect())
}

/// The keys that an account has registered, which it has in the session after next. `None`: it has none.
pub async fn next_keys(at: &At, account: &AccountId32) -> Result<Option<SessionKeys>, ChainError> {
    let what = "an account's session keys";
    let keys = at.storage().try_fetch(api::storage().session().next_keys(), (*account,)).await;
    let Some(keys) = keys.map_err(ChainError::query(what))? else { return Ok(None) };
    Ok(Some(keys.decode().map_err(ChainError::query(what))?.into()))
}

/// The keys of BABE that make the blocks of the session, in the order of their places.
pub async fn babe_authorities(at: &At) -> Result<Vec<[u8; 32]>, ChainError> {
    let what = "the authorities of BABE";
    let keys = at.storage().fetch(api::storage().babe().authorities(), ()).await;
    let keys = keys.map_err(ChainError::query(what))?;
    let keys = keys.decode().map_err(ChainError::query(what))?;
    Ok(keys.0.into_iter().map(|(key, _)| key.0).collect())
}

/// The validators of sessions that are planned from now on, with their companies.
pub async fn of_companies(at: &At) -> Result<Vec<(AccountId32, CompanyId)>, ChainError> {
    let what = "the companies' validators";
    let validators = at.storage().fetch(api::storage().validators().validators(), ()).await;
    let validators = validators.map_err(ChainError::query(what))?;
    let validators = validators.decode().map_err(ChainError::query(what))?;
    Ok(validators.0.into_iter().map(|one| (one.account, one.company.0)).collect())
}

/// What waits for the council about a validator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offence {
    /// The validator.
    pub account: AccountId32,
    /// How often it was reported.
    pub reports: u32,
    /// Whether it signed two things of which it may sign one. Otherwise it made no block for too long.
    pub equivocated: bool,
    /// The session of the last offence.
    pub session: u32,
}

/// The offences that wait for the council, in no order.
pub async fn offences(at: &At) -> Result<Vec<Offence>, ChainError> {
    let what = "the offences of validators";
    let entries = at.storage().iter(api::storage().validators().offences(), ()).await;
    let mut entries = entries.map_err(ChainError::query(what))?;
    let mut offences = Vec::new();
    while let Some(entry) = entries.next().await {
        let entry = entry.map_err(ChainError::query(what))?;
        let key = entry.key().and_then(|key| key.decode()).map_err(ChainError::query(what))?;
        let offence = entry.value().decode().map_err(ChainError::query(what))?;
        offences.push(Offence {
            account: key.0,
            reports: offence.reports,
            equivocated: matches!(offence.kind, OffenceKind::Equivocation),
            session: offence.session,
        });
    }
    Ok(offences)
}

/// The block at which a validator of the session made its last one, or at which its clock started, if that was later.
/// `None`: the account is not in the session.
pub async fn last_authored(at: &At, account: &AccountId32) -> Result<Option<u32>, ChainError> {
    let what = "a validator's last block";
    let key = api::storage().validators().last_authored();
    let block = at.storage().try_fetch(key, (*account,)).await;
    let Some(block) = block.map_err(ChainError::query(what))? else { return Ok(None) };
    Ok(Some(block.decode().map_err(ChainError::query(what))?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::at;

    #[test]
    fn session_keys_are_read_in_the_chains_order() {
        let bytes: Vec<u8> = (0..129).collect();
        let keys = SessionKeys::read(&bytes).unwrap();
        assert_eq!((keys.grandpa[0], keys.beefy[0], keys.authority_discovery[0]), (32, 64, 97));
        assert_eq!(keys.bytes(), bytes);
        // As the typed client encodes them, behind the indices of pallet and call.
        let call = at().tx().call_data(&set_keys(keys, vec![1, 2])).unwrap();
        assert_eq!(call[2..], [&bytes[..], &[2 << 2, 1, 2]].concat());
    }

    #[test]
    fn other_bytes_are_no_session_keys() {
        for length in [0, 96, 128, 130] {
            let error = SessionKeys::read(&vec![0; length]).unwrap_err().to_string();
            assert!(error.contains(&format!("these are {length}")), "{error}");
        }
    }
}
