//! What MQTT says, whichever version says it.

use bytes::Bytes;

/// The versions that are spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    /// 3.1 and 3.1.1.
    V3,
    /// 5.
    V5,
}

/// Quality of service of one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(clippy::enum_variant_names, reason = "these are the standard's names")]
pub(crate) enum Qos {
    AtMostOnce = 0,
    AtLeastOnce = 1,
    ExactlyOnce = 2,
}

/// Who connects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Connect {
    pub(crate) version: Version,
    pub(crate) client_id: String,
    /// Whether an earlier session is forgotten.
    pub(crate) clean: bool,
    /// Seconds, 0 for never.
    pub(crate) keep_alive: u16,
    pub(crate) username: Option<String>,
    pub(crate) password: Option<Bytes>,
    pub(crate) will: Option<Will>,
    /// Seconds for which the session outlives the connection.
    pub(crate) expiry_s: u32,
    /// How many of our messages it takes before it answers.
    pub(crate) receive_maximum: u16,
    /// The largest packet that it takes.
    pub(crate) max_packet: Option<u32>,
    /// It wants an exchange of proofs that nobody here knows.
    pub(crate) wants_exchange: bool,
}

/// What is said when a device is gone without goodbye.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Will {
    pub(crate) topic: String,
    pub(crate) payload: Bytes,
    pub(crate) retain: bool,
    pub(crate) delay_s: u32,
}

/// A message that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Publish {
    pub(crate) qos: Qos,
    pub(crate) retain: bool,
    pub(crate) duplicate: bool,
    /// Empty when an alias stands for it.
    pub(crate) topic: String,
    /// 0 unless an alias is used or set.
    pub(crate) alias: u16,
    /// 0 exactly when the quality of service is at most once.
    pub(crate) packet: u16,
    pub(crate) payload: Bytes,
}

/// What comes after the connection is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Inbound {
    Publish(Publish),
    /// PUBACK of one of our messages.
    Acknowledged {
        packet: u16,
        refused: bool,
    },
    /// PUBREL.
    Released {
        packet: u16,
    },
    Subscribe {
        packet: u16,
        filters: Vec<(String, Qos)>,
        numbered: bool,
    },
    Unsubscribe {
        packet: u16,
        filters: Vec<String>,
    },
    Ping,
    /// DISCONNECT. `with_will` when the will is to be said all the same.
    Goodbye {
        with_will: bool,
        expiry_s: Option<u32>,
    },
    /// A packet that a client never sends in an established connection, or that answers what was not said.
    OutOfPlace(&'static str),
}

/// Why something is not done. The numbers are the reason codes of MQTT 5, section 2.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Reason {
    Malformed = 129,
    Protocol = 130,
    UnsupportedVersion = 132,
    ClientId = 133,
    BadCredentials = 134,
    NotAuthorized = 135,
    Unavailable = 136,
    Busy = 137,
    ShuttingDown = 139,
    Method = 140,
    KeepAlive = 141,
    TakenOver = 142,
    FilterInvalid = 143,
    TopicInvalid = 144,
    ReceiveMaximum = 147,
    AliasInvalid = 148,
    TooLarge = 149,
    Quota = 151,
    Administrative = 152,
    Payload = 153,
    SubscriptionNumbers = 161,
}

/// What we answer to a CONNECT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Welcome {
    Accepted {
        session_present: bool,
        expiry_s: u32,
        receive_maximum: u16,
        max_packet: u32,
        alias_maximum: u16,
        /// When it is another than the client wished.
        keep_alive: Option<u16>,
    },
    Refused {
        reason: Reason,
        because: String,
    },
}

/// What we say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outbound {
    Welcome(Welcome),
    /// A message; `packet` 0 is at most once, any other at least once.
    Publish {
        topic: String,
        packet: u16,
        duplicate: bool,
        retain: bool,
        payload: Bytes,
        /// Where the answer goes, and what it belongs to.
        answer_to: Option<(String, Bytes)>,
    },
    /// PUBACK, or PUBREC for exactly once. A refusal is only told in version 5.
    Taken {
        packet: u16,
        qos: Qos,
        refused: Option<(Reason, String)>,
    },
    /// PUBCOMP.
    Completed {
        packet: u16,
        known: bool,
    },
    Subscribed {
        packet: u16,
        granted: Vec<Result<Qos, Reason>>,
    },
    Unsubscribed {
        packet: u16,
        known: Vec<bool>,
    },
    Pong,
    /// DISCONNECT of version 5; version 3 has no such packet from a server.
    Goodbye {
        reason: Reason,
        because: String,
    },
}
