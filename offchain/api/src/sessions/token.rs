//! Access tokens: JWT, signed with HMAC-SHA256 by this service for itself.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::random;
use crate::{
    identity::{Identity, Roles},
    people::Seated,
    refusal::{Code, Refusal},
    store::{table, Store, StoreError},
};

/// Bytes of the shortest key: as many as the hash has.
const KEY_BYTES: usize = 32;
const SHARDS: usize = 16;
/// Bytes of the longest token that is looked at.
const TOKEN_BYTES: usize = 2_048;

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    /// The account.
    sub: String,
    company: u32,
    roles: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    driver: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seat: Option<u32>,
    /// The session.
    sid: String,
    /// Seconds of the Unix epoch, as RFC 7519 wants them.
    iat: u64,
    exp: u64,
}

/// The key that signs tokens could not be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read.
    #[error("the key file {file} cannot be read ({reason}): write at least 32 random bytes to it, readable by the service alone")]
    File {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// The key is too short.
    #[error("the key in {file} has {bytes} bytes, and needs at least 32: write a longer one")]
    Short {
        /// The file.
        file: String,
        /// Its length.
        bytes: usize,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Signs tokens, and reads them back. What was verified is remembered by the token's hash.
pub(crate) struct Tokens {
    company: u32,
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    hasher: RandomState,
    remembered: [Mutex<HashMap<[u8; 32], Arc<Identity>>>; SHARDS],
    most: usize,
}

impl Tokens {
    /// With the key of a file, or the one in the store, which is made the first time.
    pub fn open(
        company: u32,
        file: Option<&Path>,
        store: &Store,
        most: usize,
    ) -> Result<Self, KeyError> {
        let key = match file {
            Some(file) => key_of_file(file)?,
            None => key_of_store(store)?,
        };
        Ok(Self::new(company, &key, most))
    }

    pub(crate) fn new(company: u32, key: &[u8], most: usize) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        // The time is checked at every use, by the clock of this service.
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        Self {
            company,
            encoding: EncodingKey::from_secret(key),
            decoding: DecodingKey::from_secret(key),
            validation,
            hasher: RandomState::new(),
            remembered: std::array::from_fn(|_| Mutex::default()),
            most: (most / SHARDS).max(1),
        }
    }

    /// A token for an identity. Its time is cut to whole seconds.
    pub fn sign(&self, identity: &Identity, now_ms: u64) -> Result<String, Refusal> {
        let claims = Claims {
            sub: identity.account.to_string(),
            company: self.company,
            roles: identity.roles.names().map(str::to_owned).collect(),
            driver: identity.driver.map(|seated| seated.driver),
            seat: identity.driver.map(|seated| seated.seat),
            sid: identity.session.to_string(),
            iat: now_ms / 1_000,
            exp: identity.expires_ms / 1_000,
        };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding);
        token.map_err(|_| Code::Internal.into())
    }

    /// The refresh token that comes after one, always the same: so it can be told again, and only its hash is kept.
    pub fn successor(&self, refresh_token: &str) -> Result<String, Refusal> {
        // No token that this key signs has a space in it.
        let message = format!("the successor of {refresh_token}");
        let signed =
            jsonwebtoken::crypto::sign(message.as_bytes(), &self.encoding, Algorithm::HS256);
        let signed = signed.map_err(|_| Code::Internal)?;
        Ok(hex::encode(Sha256::digest(signed.as_bytes())))
    }

    /// Whom a token is about. Says nothing about time and revocation.
    ///
    /// # Errors
    /// This service did not sign it, or it did so for another company.
    pub fn read(&self, token: &str) -> Result<Arc<Identity>, Refusal> {
        if token.len() > TOKEN_BYTES {
            return Err(Code::Unauthenticated.into());
        }
        let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        // The remainder is below SHARDS.
        let shard = &self.remembered[(self.hasher.hash_one(hash) % SHARDS as u64) as usize];
        if let Some(known) = shard.lock().unwrap_or_else(PoisonError::into_inner).get(&hash) {
            return Ok(known.clone());
        }
        let identity = Arc::new(self.verify(token)?);
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if shard.len() >= self.most {
            // Verifying again is cheap: a few microseconds each.
            shard.clear();
        }
        shard.insert(hash, identity.clone());
        Ok(identity)
    }

    fn verify(&self, token: &str) -> Result<Identity, Refusal> {
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation);
        let claims = claims.map_err(|_| Code::Unauthenticated)?.claims;
        if claims.company != self.company {
            let (theirs, ours) = (claims.company, self.company);
            let said =
                format!("the access token is of company {theirs}, and this is company {ours}");
            return Err(Refusal::new(Code::OtherCompany, said));
        }
        let roles = claims.roles.iter().filter_map(|name| Roles::named(name));
        let driver = claims.driver.zip(claims.seat);
        Ok(Identity {
            account: claims.sub.parse().map_err(|_| Code::Unauthenticated)?,
            roles: roles.fold(Roles::NONE, Roles::and),
            driver: driver.map(|(driver, seat)| Seated { driver, seat }),
            session: claims.sid.parse().map_err(|_| Code::Unauthenticated)?,
            // The last whole second that there is, at most: it is signed again as it was.
            expires_ms: claims.exp.min(u64::MAX / 1_000) * 1_000,
        })
    }
}

fn key_of_file(file: &Path) -> Result<Vec<u8>, KeyError> {
    let name = file.display().to_string();
    let key = std::fs::read(file)
        .map_err(|error| KeyError::File { file: name.clone(), reason: error.to_string() })?;
    let key = key.trim_ascii().to_vec();
    if key.len() < KEY_BYTES {
        return Err(KeyError::Short { file: name, bytes: key.len() });
    }
    Ok(key)
}

fn key_of_store(store: &Store) -> Result<Vec<u8>, StoreError> {
    if let Some(key) = store.get(&[table::TOKEN_KEY])? {
        return Ok(key);
    }
    let key = random::bytes::<KEY_BYTES>().to_vec();
    store.commit_now(vec![(vec![table::TOKEN_KEY], Some(key.clone()))])?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(account: u64) -> Identity {
        let driver = Some(Seated { driver: 7, seat: 300 });
        Identity { account, roles: Roles::DRIVER, driver, session: u64::MAX, expires_ms: 9_000 }
    }

    #[test]
    fn a_token_says_what_was_signed_also_from_memory() {
        let tokens = Tokens::new(1, &[7; 32], 2);
        for account in [1, u64::MAX, 3, 4, 5] {
            let token = tokens.sign(&identity(account), 1_000).unwrap();
            assert_eq!(*tokens.read(&token).unwrap(), identity(account));
            assert_eq!(*tokens.read(&token).unwrap(), identity(account));
        }
    }

    #[test]
    fn other_companies_keys_and_algorithms_are_refused() {
        let ours = Tokens::new(1, &[7; 32], 16);
        let theirs = Tokens::new(2, &[7; 32], 16).sign(&identity(1), 1_000).unwrap();
        assert_eq!(ours.read(&theirs).unwrap_err().code(), Code::OtherCompany);
        let forged = Tokens::new(1, &[8; 32], 16).sign(&identity(1), 1_000).unwrap();
        assert_eq!(ours.read(&forged).unwrap_err().code(), Code::Unauthenticated);
        // {"alg":"none"}
        let body = ours.sign(&identity(1), 1_000).unwrap();
        let body = body.split('.').nth(1).unwrap();
        for token in [format!("eyJhbGciOiJub25lIn0.{body}."), String::new(), "a.b.c".into()] {
            assert_eq!(ours.read(&token).unwrap_err().code(), Code::Unauthenticated);
        }
    }

    #[test]
    fn any_claims_are_refused_or_said_again() {
        let tokens = Tokens::new(1, &[7; 32], 16);
        let signed = tokens.sign(&identity(1), 1_000).unwrap();
        let head = signed.split('.').next().unwrap();
        bolero::check!().for_each(|bytes: &[u8]| {
            assert!(tokens.read(&String::from_utf8_lossy(bytes)).is_err(), "nobody signed it");
            let text = format!("{head}.{}", crate::sessions::signature::base64url(bytes));
            let signature =
                jsonwebtoken::crypto::sign(text.as_bytes(), &tokens.encoding, Algorithm::HS256);
            if let Ok(identity) = tokens.read(&format!("{text}.{}", signature.unwrap())) {
                let again = tokens.sign(&identity, 0).unwrap();
                // Tokens tell whole seconds; the end of time is none.
                let expires_ms = identity.expires_ms / 1_000 * 1_000;
                let expected = Identity { expires_ms, ..Identity::clone(&identity) };
                assert_eq!(*tokens.read(&again).unwrap(), expected);
            }
        });
    }
}
