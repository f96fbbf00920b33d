//! Rows of the tables that records come to, as the client sends and reads them.
//!
//! The tables themselves are in `migrations/`. Times are milliseconds of the Unix epoch, coordinates 10⁻⁶ degrees of
//! WGS 84, as everywhere; ClickHouse's DateTime64(3) is an i64 of milliseconds on the wire.

use clickhouse::Row;
use serde::{Deserialize, Serialize};

/// A row of `records`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Row, Serialize, Deserialize)]
pub struct RecordRow {
    /// Its place in the device log.
    pub sequence: u64,
    /// The batch that was cut with it.
    pub batch: u64,
    /// The terminal.
    pub terminal: u64,
    /// The vehicle, 0 for none.
    pub vehicle: u32,
    /// When the server had it.
    pub received: i64,
    /// When it was so, by the terminal's clock.
    pub time: i64,
    /// By what way it came: the number of a channel.
    pub channel: u8,
    /// 1 when the five columns of the position hold one.
    pub has_position: u8,
    /// 10⁻⁶ degrees.
    pub latitude: i32,
    /// 10⁻⁶ degrees.
    pub longitude: i32,
    /// Metres.
    pub altitude: i16,
    /// 0.1 km/h.
    pub speed: u16,
    /// Degrees clockwise from north.
    pub heading: u16,
    /// Bits of what is on.
    pub flags: u32,
    /// Bits of what the terminal warns of.
    pub alarms: u32,
    /// What was measured, reading by reading.
    pub reading_kinds: Vec<u16>,
    /// Which of several, reading by reading.
    pub reading_instances: Vec<u8>,
    /// The values, reading by reading.
    pub reading_values: Vec<i64>,
    /// 1 when the two columns of the attachment hold one.
    pub has_attachment: u8,
    /// What the attachment is.
    pub attachment_kind: u16,
    /// Its bytes.
    #[serde(with = "octets")]
    pub attachment: Vec<u8>,
}

/// A row of `batches`.
#[derive(Clone, Debug, PartialEq, Eq, Row, Serialize, Deserialize)]
pub struct BatchRow {
    /// Its number.
    pub batch: u64,
    /// The sequence of its first record.
    pub first: u64,
    /// How many records it has.
    pub count: u32,
    /// The Merkle root over them.
    pub root: [u8; 32],
    /// When it was closed.
    pub closed_at: i64,
}

/// ClickHouse's String is any bytes.
mod octets {
    use std::fmt;

    use serde::{de::Visitor, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        from.deserialize_byte_buf(Octets)
    }

    struct Octets;

    impl Visitor<'_> for Octets {
        type Value = Vec<u8>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("bytes")
        }

        fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
            Ok(bytes.to_vec())
        }

        fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
            Ok(bytes)
        }
    }
}
