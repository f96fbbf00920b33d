//! What a vehicle reports: the one form that every device's protocol becomes.
//!
//! ```text
//!  JT/T 808 ─┐
//!  MQTT     ─┼─▶ Report ─▶ Record (numbered, received, of a terminal and a vehicle) ─▶ log ─▶ ClickHouse
//!  HTTP     ─┘                └─ bytes() ─▶ leaf of the Merkle tree whose root is on chain
//! ```
//!
//! A [`Record`] has one encoding ([`encode`](Record::encode), [`decode`](Record::decode)): it is what the log holds,
//! and what is hashed. Everything in it is an integer or bytes, and is kept in the columns of ClickHouse without
//! loss, so that a record read from there has the same hash.
//!
//! Times are milliseconds of the Unix epoch, coordinates 10⁻⁶ degrees of WGS 84.

#![deny(missing_docs)]

mod encoding;
pub mod gcj02;
mod position;
mod quantity;
mod signals;

pub use encoding::{DecodeError, MAX_ATTACHMENT, MAX_READINGS};
pub use position::{Position, PositionError, MAX_SPEED};
pub use quantity::{Quantity, Reading};
pub use signals::{Alarms, Flags};

use smartlink_primitives::{hash::keccak, merkle, H256};

/// A terminal as this company's registry numbers it. The first is 1; 0 is a terminal that is not registered.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct TerminalId(pub u64);

impl std::fmt::Display for TerminalId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "terminal {}", self.0)
    }
}

/// By what way a report came. The numbers are part of the encoding: never reused.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Channel {
    /// JT/T 808 over TCP or UDP.
    Jt808 = 1,
    /// MQTT 3.1.1 or 5.
    Mqtt = 2,
    /// HTTP: OsmAnd's query or JSON, or our own JSON.
    Http = 3,
}

impl Channel {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Jt808, Self::Mqtt, Self::Http];

    /// The channel of a number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| *channel as u8 == number)
    }

    /// Its name in tables, metrics and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jt808 => "jt808",
            Self::Mqtt => "mqtt",
            Self::Http => "http",
        }
    }
}

/// Bytes that are kept as they came: media, a driver's card, a waybill, what a peripheral sent through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// What it is: the message or sub-type number of its protocol (JT/T 808: the message id, as 0x0900).
    pub kind: u16,
    /// At most [`MAX_ATTACHMENT`].
    pub bytes: Vec<u8>,
}

/// What a terminal says, whatever it speaks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// When it was so, by the terminal's clock.
    pub time_ms: u64,
    /// Where the vehicle was. None when the terminal sent no position or had no fix.
    pub position: Option<Position>,
    /// What is on and off.
    pub flags: Flags,
    /// What the terminal itself warns of.
    pub alarms: Alarms,
    /// What was measured, in the order in which it came, at most [`MAX_READINGS`].
    pub readings: Vec<Reading>,
    /// Bytes that belong to it.
    pub attachment: Option<Attachment>,
}

impl Report {
    /// The last value of a quantity's first instance.
    pub fn reading(&self, quantity: Quantity) -> Option<i64> {
        let mut of = self.readings.iter().rev();
        of.find(|reading| reading.quantity == quantity && reading.instance == 0)
            .map(|reading| reading.value)
    }
}

/// A report in the log: whose it is, and when it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its place in the company's log. The first is 1, and each is one more than the last. It is not part of
    /// the encoding: the log's key and the leaf's index say it.
    pub sequence: u64,
    /// Who sent it.
    pub terminal: TerminalId,
    /// The vehicle to which the terminal was bound when it came, 0 for none.
    pub vehicle: u32,
    /// When it came.
    pub received_ms: u64,
    /// By what way.
    pub channel: Channel,
    /// What it says.
    pub report: Report,
}

impl Record {
    /// The leaf of this record at its place in a batch.
    pub fn leaf(&self, index: u32) -> H256 {
        merkle::leaf(index, self.hash().as_bytes())
    }

    /// The keccak of its encoding.
    pub fn hash(&self) -> H256 {
        keccak(&self.encode())
    }
}

/// The root over the records of a batch, in the order of their sequence: what is put on chain.
///
/// Leaf `i` is `merkle::leaf(i, keccak(encoding of record i))`.
pub fn root<'a>(records: impl IntoIterator<Item = &'a Record>) -> H256 {
    merkle::root((0..).zip(records).map(|(index, record)| record.leaf(index)).collect())
}
