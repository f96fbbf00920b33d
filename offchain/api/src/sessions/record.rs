//! What the store keeps of accounts and sessions.

use serde::{Deserialize, Serialize};

/// How an account proves itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub(crate) enum Proof {
    /// By a password, of which the hash is kept (PHC string).
    Password { name: String, hash: String },
    /// By a signature.
    Wallet { public: [u8; 32] },
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Account {
    pub id: u64,
    pub proof: Proof,
    pub created_ms: u64,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Session {
    pub account: u64,
    pub created_ms: u64,
    pub expires_ms: u64,
    pub revoked: bool,
}

/// A refresh token, by its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refresh {
    pub session: u64,
    /// When it was used up.
    pub used_ms: Option<u64>,
    pub expires_ms: u64,
}

macro_rules! json {
    ($name:ident) => {
        impl $name {
            pub fn encode(&self) -> Vec<u8> {
                serde_json::to_vec(self).expect("numbers, strings and bytes are always JSON")
            }

            pub fn decode(bytes: &[u8]) -> Option<Self> {
                serde_json::from_slice(bytes).ok()
            }
        }
    };
}

json!(Account);
json!(Session);

impl Refresh {
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(25);
        bytes.extend_from_slice(&self.session.to_be_bytes());
        bytes.extend_from_slice(&self.expires_ms.to_be_bytes());
        bytes.push(u8::from(self.used_ms.is_some()));
        bytes.extend_from_slice(&self.used_ms.unwrap_or(0).to_be_bytes());
        bytes
    }

    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let used = *bytes.get(16)? != 0;
        // A record of 17 bytes says that it was used, and not when: long ago.
        let used_ms = used.then(|| number(bytes, 17).unwrap_or(0));
        Some(Self { session: number(bytes, 0)?, expires_ms: number(bytes, 8)?, used_ms })
    }
}

/// The big-endian number at an offset.
pub(crate) fn number(bytes: &[u8], offset: usize) -> Option<u64> {
    let (number, _) = bytes.get(offset..)?.split_first_chunk::<8>()?;
    Some(u64::from_be_bytes(*number))
}
