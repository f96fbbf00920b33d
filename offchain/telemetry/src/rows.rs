//! Records as rows of ClickHouse's table `records`, and back.
//!
//! A chunk of the log becomes the body of an insert by [`append`], straight from the bytes that the log holds: a record
//! is neither taken apart into a structure nor put together again. The way back is [`RecordRow`], which a proof needs.

use serde::{Deserialize, Serialize};
use smartlink_records::{
    Alarms, Attachment, Channel, DecodeError, Flags, Position, Quantity, Reading, Record, Report,
    TerminalId,
};

/// The columns of an insert, in the order in which [`append`] writes them.
pub const COLUMNS: &str = "sequence, batch, terminal, vehicle, received, time, channel, has_position, latitude, \
     longitude, altitude, speed, heading, flags, alarms, reading_kinds, reading_instances, reading_values, \
     has_attachment, attachment_kind, attachment";

/// The columns as a [`RecordRow`] reads them: times as the numbers that they are.
pub const SELECTED: &str = "sequence, terminal, vehicle, toInt64(toUnixTimestamp64Milli(received)) AS received_ms, \
     toInt64(toUnixTimestamp64Milli(time)) AS time_ms, toUInt8(channel) AS channel_number, has_position, latitude, \
     longitude, altitude, speed, heading, flags, alarms, reading_kinds, reading_instances, reading_values, \
     has_attachment, attachment_kind, attachment";

/// What precedes the optional parts of a record.
const HEAD: usize = 40;
const POSITION: usize = 14;
const READING: usize = 11;
const VERSION: u8 = 1;

/// Appends a record, as the log holds it, as a row in the format RowBinary with the columns [`COLUMNS`].
///
/// # Errors
/// The bytes are no record. Nothing is appended then.
pub fn append(
    rows: &mut Vec<u8>,
    sequence: u64,
    batch: u64,
    record: &[u8],
) -> Result<(), DecodeError> {
    let short = DecodeError::Short(record.len());
    let Some((head, rest)) = record.split_first_chunk::<HEAD>() else { return Err(short) };
    let [version, channel, parts, readings, ..] = *head;
    if version != VERSION {
        return Err(DecodeError::Version(version));
    }
    if parts > 3 {
        return Err(DecodeError::Field("byte of parts"));
    }
    let position = parts & 1;
    let (fix, rest) = if position == 1 {
        rest.split_first_chunk::<POSITION>().ok_or(short.clone())?
    } else {
        (&[0; POSITION], rest)
    };
    let readings_end = usize::from(readings) * READING;
    let Some((measured, rest)) = rest.split_at_checked(readings_end) else { return Err(short) };
    let (kind, attached) = match (parts >> 1, rest.split_first_chunk::<6>()) {
        (0, _) if rest.is_empty() => (&[0; 2], rest),
        (0, _) => return Err(DecodeError::Long(rest.len())),
        (_, Some(([a, b, length @ ..], bytes))) => {
            if usize::try_from(u32::from_le_bytes(*length)) != Ok(bytes.len()) {
                return Err(DecodeError::Field("attachment's length"));
            }
            (&[*a, *b], bytes)
        }
        (_, None) => return Err(short),
    };
    rows.reserve(90 + measured.len() + attached.len());
    rows.extend_from_slice(&sequence.to_le_bytes());
    rows.extend_from_slice(&batch.to_le_bytes());
    // Terminal, vehicle, received and time stand in the record as they do in the row.
    rows.extend_from_slice(&head[4..32]);
    rows.extend_from_slice(&[channel, position]);
    rows.extend_from_slice(fix);
    rows.extend_from_slice(&head[32..]);
    let measured = measured.chunks_exact(READING);
    varint(rows, readings.into());
    measured.clone().for_each(|reading| rows.extend_from_slice(&reading[..2]));
    varint(rows, readings.into());
    measured.clone().for_each(|reading| rows.push(reading[2]));
    varint(rows, readings.into());
    measured.for_each(|reading| rows.extend_from_slice(&reading[3..]));
    rows.push(parts >> 1);
    rows.extend_from_slice(kind);
    varint(rows, attached.len());
    rows.extend_from_slice(attached);
    Ok(())
}

/// When a record came, read from its bytes. 0 of bytes that are too short.
pub fn received_ms(record: &[u8]) -> u64 {
    record.get(16..24).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes)
}

fn varint(rows: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        // The low seven bits, by the mask.
        rows.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    rows.push(number as u8);
}

/// A row of the table `records`, with the columns [`SELECTED`].
#[derive(Clone, Debug, PartialEq, Eq, clickhouse::Row, Serialize, Deserialize)]
pub struct RecordRow {
    /// Its place in the log.
    pub sequence: u64,
    /// Who sent it.
    pub terminal: u64,
    /// Of which vehicle, 0 for none.
    pub vehicle: u32,
    /// When it came, milliseconds. Bits of a u64.
    pub received_ms: i64,
    /// When it was so, milliseconds. Bits of a u64.
    pub time_ms: i64,
    /// [`Channel`].
    pub channel_number: u8,
    /// 1 when the position's columns hold one.
    pub has_position: u8,
    /// 10⁻⁶ degrees.
    pub latitude: i32,
    /// 10⁻⁶ degrees.
    pub longitude: i32,
    /// Metres.
    pub altitude: i16,
    /// 0.1 km/h.
    pub speed: u16,
    /// Degrees.
    pub heading: u16,
    /// [`Flags`].
    pub flags: u32,
    /// [`Alarms`].
    pub alarms: u32,
    /// [`Quantity`] of each reading.
    pub reading_kinds: Vec<u16>,
    /// Instance of each reading.
    pub reading_instances: Vec<u8>,
    /// Value of each reading.
    pub reading_values: Vec<i64>,
    /// 1 when the attachment's columns hold one.
    pub has_attachment: u8,
    /// Kind of the attachment.
    pub attachment_kind: u16,
    /// Its bytes.
    #[serde(with = "bytes")]
    pub attachment: Vec<u8>,
}

/// A string of ClickHouse holds any bytes.
mod bytes {
    use serde::{de::Visitor, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<u8>, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }
            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
                Ok(bytes)
            }
        }
        input.deserialize_byte_buf(Bytes)
    }
}

/// Why a row is no record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// A number that no record has.
    #[error("row {sequence} of the table records names the {what} {number}, which does not exist: the row was changed, or use the newer program")]
    Unknown {
        /// The row's sequence.
        sequence: u64,
        /// What is numbered so.
        what: &'static str,
        /// The number.
        number: u16,
    },
    /// The three columns of readings have different lengths.
    #[error("row {0} of the table records has readings whose kinds, instances and values are not equally many: the row was changed")]
    Readings(u64),
}

impl TryFrom<RecordRow> for Record {
    type Error = RowError;

    fn try_from(row: RecordRow) -> Result<Self, RowError> {
        let sequence = row.sequence;
        let unknown = |what, number| RowError::Unknown { sequence, what, number };
        let channel = Channel::from_number(row.channel_number)
            .ok_or_else(|| unknown("channel", row.channel_number.into()))?;
        let count = row.reading_kinds.len();
        if row.reading_instances.len() != count || row.reading_values.len() != count {
            return Err(RowError::Readings(sequence));
        }
        let values = row.reading_instances.iter().zip(&row.reading_values);
        let readings = row.reading_kinds.iter().zip(values).map(|(kind, (instance, value))| {
            let quantity =
                Quantity::from_number(*kind).ok_or_else(|| unknown("quantity", *kind))?;
            Ok(Reading { quantity, instance: *instance, value: *value })
        });
        let readings = readings.collect::<Result<_, _>>()?;
        let position = (row.has_position != 0).then_some(Position {
            latitude: row.latitude,
            longitude: row.longitude,
            altitude: row.altitude,
            speed: row.speed,
            heading: row.heading,
        });
        let attachment = (row.has_attachment != 0)
            .then_some(Attachment { kind: row.attachment_kind, bytes: row.attachment });
        Ok(Record {
            sequence,
            terminal: TerminalId(row.terminal),
            vehicle: row.vehicle,
            received_ms: row.received_ms.cast_unsigned(),
            channel,
            report: Report {
                time_ms: row.time_ms.cast_unsigned(),
                position,
                flags: Flags(row.flags),
                alarms: Alarms(row.alarms),
                readings,
                attachment,
            },
        })
    }
}

#[cfg(test)]
mod tests;
