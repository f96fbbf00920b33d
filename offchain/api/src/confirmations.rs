//! Codes that confirm an e-mail address or a telephone number, before any message goes there.
//!
//! An address that waits has a postbox at notify: an account number that is no person's, to which its code
//! is sent and nothing else. Only when the code came back becomes the address a channel of the account.
//!
//! Kept is the code's argon2id hash, with the attempts that were made at it: an attempt is on disk before the code
//! is looked at.

use std::{
    fmt,
    hash::{BuildHasher, RandomState},
};

use serde::{Deserialize, Serialize};
use smartlink_proto::notify as proto;

use crate::{
    config,
    limits::Buckets,
    refusal::{Code, Refusal},
    sessions::{Busy, Claim},
    store::{key, table, Store},
    types::Confirmable,
};

/// Digits of a code.
const DIGITS: usize = 8;

/// Where messages shall go once it is confirmed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Target {
    /// An e-mail address.
    Email { address: String },
    /// A telephone number, in the URL of the gateway that reaches it.
    Sms { url: String, secret: String },
}

/// An address that waits for its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pending {
    pub target: Target,
    /// Of the code, as a PHC string. Empty: none was sent.
    pub hash: String,
    pub expires_ms: u64,
    pub attempts: u32,
}

/// What is kept of one kind of channel of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// The account at notify to which codes are sent. Always the same, so that its inbox stays within its bound.
    pub postbox: u64,
    pub pending: Option<Pending>,
}

/// All that wait.
pub(crate) struct Confirmations {
    store: Store,
    busy: Busy,
    sent: Buckets<u64>,
    hasher: RandomState,
    pub config: config::Confirmation,
}

impl fmt::Debug for Target {
    /// Addresses are people's, and URLs are often their own password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Email { .. } => "Email",
            Self::Sms { .. } => "Sms",
        })
    }
}

impl Target {
    /// What kind of channel it is.
    pub fn kind(&self) -> Confirmable {
        match self {
            Self::Email { .. } => Confirmable::Email,
            Self::Sms { .. } => Confirmable::Sms,
        }
    }

    /// What its owner reads of it.
    pub fn shown(&self) -> &str {
        match self {
            Self::Email { address } => address,
            Self::Sms { url, .. } => url,
        }
    }

    /// Channels with this one in its place.
    pub fn within(&self, channels: proto::Channels) -> proto::Channels {
        match self.clone() {
            Self::Email { address } => proto::Channels { email: address, ..channels },
            Self::Sms { url, secret } => proto::Channels {
                webhook_url: url,
                webhook_shape: proto::WebhookShape::Sms.into(),
                webhook_secret: secret,
                ..channels
            },
        }
    }

    /// Whom it reaches, however it is written: what codes are counted by.
    fn whom(&self) -> String {
        match self {
            Self::Email { address } => address.to_lowercase(),
            Self::Sms { url, .. } => {
                let query = url.split_once('?').map_or("", |(_, query)| query);
                let phone = query.split('&').find_map(|pair| pair.strip_prefix("phone="));
                let phone = phone.unwrap_or(url).trim_start_matches("%2B");
                phone.chars().filter(char::is_ascii_digit).collect()
            }
        }
    }
}

impl Record {
    fn decode(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("numbers and strings are always JSON")
    }
}

/// A new code.
pub(crate) fn new_code() -> String {
    crate::sessions::digits(DIGITS)
}

/// The message that carries a code. The code itself makes its key: a code is sent once.
pub(crate) fn message(postbox: u64, code: &str, minutes: u64) -> proto::SendRequest {
    proto::SendRequest {
        idempotency_key: format!("code-{code}"),
        account: postbox,
        topic: "system".into(),
        title: format!("Your code is {code}"),
        body: format!(
            "Type it in the app within {minutes} minutes to get messages here. If you did not ask for \
             it, somebody mistook your address for theirs: do nothing."
        ),
        order: 0,
    }
}

impl Confirmations {
    pub fn new(store: Store, config: config::Confirmation) -> Self {
        let (sent, hasher) = (Buckets::new(config.code_rate), RandomState::new());
        Self { store, busy: Busy::default(), sent, hasher, config }
    }

    /// Lets nobody else change the channels of an account meanwhile.
    pub fn claim(&self, account: u64) -> Result<Claim<'_>, Refusal> {
        let busy = Refusal::new(Code::Overloaded, "channels of the account change at this moment");
        self.busy.claim(&account.to_be_bytes()).ok_or(busy.retry_after(100))
    }

    fn at(account: u64, kind: Confirmable) -> Vec<u8> {
        let mut at = key(table::CONFIRMATION, account);
        at.push(match kind {
            Confirmable::Email => b'e',
            Confirmable::Sms => b's',
        });
        at
    }

    /// What is kept of a kind of channel. `None`: nothing was ever sent.
    pub fn record(&self, account: u64, kind: Confirmable) -> Result<Option<Record>, Refusal> {
        let bytes = self.store.get(&Self::at(account, kind))?;
        Ok(bytes.and_then(|bytes| Record::decode(&bytes)))
    }

    /// Keeps a record.
    pub async fn keep(
        &self,
        account: u64,
        kind: Confirmable,
        record: &Record,
    ) -> Result<(), Refusal> {
        let write = (Self::at(account, kind), Some(record.encode()));
        Ok(self.store.commit(vec![write]).await?)
    }

    /// Counts a code against who asks for it and against whom it reaches.
    ///
    /// # Errors
    /// One of them had as many as may be.
    pub fn count(&self, account: u64, target: &Target, now_ms: u64) -> Result<(), Refusal> {
        let asks = self.hasher.hash_one(account);
        let reaches = self.hasher.hash_one((target.kind(), target.whom()));
        for whose in [asks, reaches] {
            self.sent.take(whose, now_ms).map_err(|ms| {
                let said = "too many codes were sent by this account, or to this address";
                Refusal::new(Code::TooManyCalls, said).retry_after(ms)
            })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sms(url: &str) -> Target {
        Target::Sms { url: url.into(), secret: "correct horse".into() }
    }

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        let one = sms("https://sms.example/send?lang=zh&phone=%2B8613800000000").whom();
        assert_eq!(one, "8613800000000");
        assert_eq!(one, sms("https://other.example/?phone=+86-13800000000").whom());
        let ann = |address: &str| Target::Email { address: address.into() }.whom();
        assert_eq!(ann("Ann@Example.org"), ann("ann@example.org"));
    }

    #[test]
    fn what_opens_a_channel_is_not_printed() {
        let pending = Pending {
            target: sms("https://sms.example/?token=letmein&phone=110"),
            hash: String::new(),
            expires_ms: 1,
            attempts: 0,
        };
        let shown = format!("{:?}", Record { postbox: 7, pending: Some(pending) });
        assert!(!shown.contains("letmein") && !shown.contains("horse"), "{shown}");
    }

    #[test]
    fn codes_are_bounded_for_who_asks_and_for_whom_they_reach() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), false, 16).unwrap();
        let code_rate = crate::Rate { per_second: 0.001, burst: 2 };
        let config = config::Confirmation { code_rate, ..Default::default() };
        let codes = Confirmations::new(store, config);
        let mail = |name: &str| Target::Email { address: format!("{name}@example.org") };
        assert!(codes.count(1, &mail("ann"), 0).is_ok() && codes.count(1, &mail("bob"), 0).is_ok());
        let refused = codes.count(1, &mail("eve"), 0).unwrap_err();
        assert_eq!(refused.code(), Code::TooManyCalls);
        // One victim, many accounts.
        codes.count(2, &mail("ANN"), 0).unwrap();
        assert!(codes.count(3, &mail("ann"), 0).is_err());
        codes.count(3, &mail("ann"), 1_000_000).unwrap();
    }
}
