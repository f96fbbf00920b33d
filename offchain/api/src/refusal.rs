//! Why a call was not done: a code that programs know, a sentence for people, and what to do.

use std::{borrow::Cow, fmt};

use jsonrpsee::types::{ErrorObject, ErrorObjectOwned};
use schemars::JsonSchema;
use serde::Serialize;

macro_rules! codes {
    ($($variant:ident = $code:literal, $name:literal, $meaning:literal, $remedy:literal;)*) => {
        /// The kinds of refusals. Codes and names never change their meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code {
            $(#[doc = $meaning] $variant,)*
        }

        impl Code {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The number in `error.code`.
            pub const fn number(self) -> i32 {
                match self { $(Self::$variant => $code),* }
            }

            /// The name in `error.data.name`, where the refusing service gives no narrower one.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// When it comes.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning),* }
            }

            /// What to do, in `error.data.remedy`.
            pub const fn remedy(self) -> &'static str {
                match self { $(Self::$variant => $remedy),* }
            }
        }
    };
}

codes! {
    InvalidParams = -32602, "invalid_params", "The parameters are not what the method takes.",
        "send the parameters as docs/openrpc.json describes them";
    Unauthenticated = 30001, "unauthenticated", "The call needs a token and has none, or one that this service did not sign.",
        "log in, and send the access token as `Authorization: Bearer` or by auth_attach";
    TokenExpired = 30002, "token_expired", "The access token's time is over.",
        "get a new one by auth_refresh";
    OtherCompany = 30003, "other_company", "The access token is of another company.",
        "log in at the api of this company, or call the one of the other";
    SessionRevoked = 30004, "session_revoked", "The session was ended.",
        "log in again";
    Forbidden = 30005, "forbidden", "No role of the account may call this method.",
        "have the company's administrator grant the role on the chain, then refresh the token";
    ChallengeUnknown = 30006, "challenge_unknown", "The challenge was not given by this service, is too old, or was answered before.",
        "ask for a new one by auth_challenge";
    BadSignature = 30007, "bad_signature", "The signature is not of this account over this challenge.",
        "sign the challenge's text, plain or in <Bytes></Bytes>, with the account's key: sr25519, ed25519, or ecdsa with public_key";
    BadCredentials = 30008, "bad_credentials", "Name and password do not belong together.",
        "check both";
    NameTaken = 30009, "name_taken", "Somebody has this name.",
        "choose another name, or log in if it is yours";
    NoRole = 30010, "no_role", "The chain gives the wallet's account no role in this company.",
        "have the company enrol the account as a driver, or grant it a role";
    RefreshUnknown = 30011, "refresh_unknown", "The refresh token is not known, or its session is over.",
        "log in again";
    RefreshReused = 30012, "refresh_reused", "The refresh token was used before: somebody has a copy of it, so the session was ended.",
        "log in again";
    TooManyCalls = 30013, "too_many_calls", "The connection, the account, the name or the address calls too often.",
        "wait for retry_after_ms, and send less";
    Overloaded = 30014, "overloaded", "The service has more work than it can do in time, and did not begin with this.",
        "send the same again after retry_after_ms";
    TimedOut = 30015, "timed_out", "The call took too long. It may have been done.",
        "send the same again with the same idempotency key";
    Unavailable = 30016, "unavailable", "A service behind the api, or the chain, does not answer. The call may have been done.",
        "send the same again with the same idempotency key after retry_after_ms";
    NotFound = 30017, "not_found", "There is no such thing for this account.",
        "check the id";
    Refused = 30018, "refused", "What it is about, such as an order, a driver or an alert, is in a state in which this cannot be.",
        "read its state, and decide by it";
    Conflict = 30019, "conflict", "It exists already, or the idempotency key was used for another command.",
        "use a new idempotency key for a new command";
    Invalid = 30020, "invalid", "The service behind the api does not take these values.",
        "change the values as the message says";
    NotSettled = 30021, "not_settled", "The chain has not settled the order yet.",
        "follow the order until it is settled";
    SlowReader = 30022, "slow_reader", "The subscription was closed: its messages were not read in time.",
        "subscribe again, and read faster or follow less";
    WebSocketOnly = 30023, "websocket_only", "The method needs a connection that stays.",
        "connect by WebSocket";
    Internal = 30024, "internal", "The service failed in a way that it should not.",
        "tell the operators the time of the call";
    Ended = 30025, "ended", "What was followed gives no more.",
        "subscribe again";
    TooManyConnections = 30026, "too_many_connections", "The address, or the service, has all the connections that it may have.",
        "close connections that are not needed, send many calls over one WebSocket, and come again after retry_after_ms";
    CodeUnknown = 30027, "code_unknown", "No code waits to be confirmed, or it is too old, or it was tried too often.",
        "have a new one sent by inbox_resend_code, or set the channel again";
    BadCode = 30028, "bad_code", "That is not the code that was sent.",
        "read it again: a code can be tried a few times only";
    TooManyExports = 30029, "too_many_exports", "The account, or the service, has as many exports under way as it may have.",
        "wait until one is done, or end one";
    TicketUnknown = 30030, "ticket_unknown", "The ticket of the link was not given by this service, is too old, or was used before.",
        "ask for a new link by telemetry_export";
}

/// Why a call was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    code: Code,
    name: Cow<'static, str>,
    message: Cow<'static, str>,
    retry_after_ms: Option<u64>,
}

/// `error.data` of an answer.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RefusalData<'a> {
    /// What happened, for programs. One of the table of errors, or the name of an order's refusal.
    pub name: &'a str,
    /// What to do.
    pub remedy: &'a str,
    /// When the same call has a chance again, in milliseconds from now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

/// What a subscription says when it is closed: `params.error` of its last notification.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Closing<'a> {
    /// As in the error of an answer.
    pub code: i32,
    /// A sentence.
    pub message: &'a str,
    /// Name and remedy.
    pub data: RefusalData<'a>,
}

impl Refusal {
    /// A refusal with a sentence of its own.
    pub fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, name: code.name().into(), message: message.into(), retry_after_ms: None }
    }

    /// The same, with the name that the refusing service has for it.
    #[must_use]
    pub fn named(mut self, name: String) -> Self {
        self.name = name.into();
        self
    }

    /// The same, with a time to wait.
    #[must_use]
    pub fn retry_after(mut self, ms: u64) -> Self {
        self.retry_after_ms = Some(ms);
        self
    }

    /// What kind it is.
    pub fn code(&self) -> Code {
        self.code
    }

    /// What happened, for programs.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// When the same call has a chance again, in milliseconds from now.
    pub fn retry_after_ms(&self) -> Option<u64> {
        self.retry_after_ms
    }

    /// As the last word of a subscription.
    pub fn closing(&self) -> Closing<'_> {
        Closing { code: self.code.number(), message: &self.message, data: self.data() }
    }

    fn data(&self) -> RefusalData<'_> {
        RefusalData {
            name: &self.name,
            remedy: self.code.remedy(),
            retry_after_ms: self.retry_after_ms,
        }
    }
}

/// A refusal with the sentence of its kind.
impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::new(code, code.meaning())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.message, self.name, self.code.remedy())
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for ErrorObjectOwned {
    fn from(refusal: Refusal) -> Self {
        let data = refusal.data();
        ErrorObject::owned(refusal.code.number(), refusal.message.as_ref(), Some(data))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_code_and_name_is_there_once_and_in_its_range() {
        let numbers: HashSet<i32> = Code::ALL.iter().map(|code| code.number()).collect();
        let names: HashSet<&str> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!((numbers.len(), names.len()), (Code::ALL.len(), Code::ALL.len()));
        assert!(numbers.iter().all(|n| *n == -32602 || (30001..31000).contains(n)));
    }
}
