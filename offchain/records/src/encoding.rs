//! The one encoding of a record. Integers are little endian.
//!
//! | Bytes | What |
//! | --- | --- |
//! | 1 | version, 1 |
//! | 1 | channel |
//! | 1 | bit 0: a position follows; bit 1: an attachment follows |
//! | 1 | how many readings follow |
//! | 8 | terminal |
//! | 4 | vehicle |
//! | 8 | received, ms |
//! | 8 | time of the report, ms |
//! | 4 | flags |
//! | 4 | alarms |
//! | 14 | latitude i32, longitude i32, altitude i16, speed u16, heading u16, when there is a position |
//! | 11 each | quantity u16, instance u8, value i64 |
//! | 2 + 4 + n | kind, length and bytes of the attachment, when there is one |

use crate::{
    Alarms, Attachment, Channel, Flags, Position, PositionError, Quantity, Reading, Record, Report,
    TerminalId,
};
use thiserror::Error;

/// The most readings that a report holds.
pub const MAX_READINGS: usize = 255;

/// The most bytes that an attachment holds. Media larger than this are kept as files.
pub const MAX_ATTACHMENT: usize = 65_535;

const VERSION: u8 = 1;
const POSITION: u8 = 1;
const ATTACHMENT: u8 = 2;

/// Why bytes are not a record.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// They end too early.
    #[error(
        "a record ends after {0} bytes, in the middle of a field: the log or the row is damaged"
    )]
    Short(usize),
    /// There is more than a record.
    #[error("{0} bytes follow a record: the log or the row is damaged")]
    Long(usize),
    /// Of a later program.
    #[error("a record has the version {0}, this program knows {VERSION}: use the newer program")]
    Version(u8),
    /// An unknown number.
    #[error("a record names the {what} {number}, which does not exist: use the newer program, or the log is damaged")]
    Unknown {
        /// What is numbered so.
        what: &'static str,
        /// The number.
        number: u16,
    },
    /// A bit or length that is never written.
    #[error("a record's {0} is one that is never written: the log or the row is damaged")]
    Field(&'static str),
    /// A position that no vehicle has.
    #[error(transparent)]
    Position(#[from] PositionError),
}

impl Record {
    /// Its bytes, without the sequence. Readings beyond [`MAX_READINGS`] and bytes beyond [`MAX_ATTACHMENT`] are left
    /// out: the protocols' edges refuse them before.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(
            54 + self.report.readings.len() * 11
                + self
                    .report
                    .attachment
                    .as_ref()
                    .map_or(0, |attachment| 6 + attachment.bytes.len()),
        );
        self.encode_to(&mut bytes);
        bytes
    }

    /// Appends its bytes.
    pub fn encode_to(&self, bytes: &mut Vec<u8>) {
        let report = &self.report;
        let readings = &report.readings[..report.readings.len().min(MAX_READINGS)];
        let mut parts = 0;
        if report.position.is_some() {
            parts |= POSITION;
        }
        if report.attachment.is_some() {
            parts |= ATTACHMENT;
        }
        // At most 255, by the slice.
        bytes.extend_from_slice(&[VERSION, self.channel as u8, parts, readings.len() as u8]);
        bytes.extend_from_slice(&self.terminal.0.to_le_bytes());
        bytes.extend_from_slice(&self.vehicle.to_le_bytes());
        bytes.extend_from_slice(&self.received_ms.to_le_bytes());
        bytes.extend_from_slice(&report.time_ms.to_le_bytes());
        bytes.extend_from_slice(&report.flags.0.to_le_bytes());
        bytes.extend_from_slice(&report.alarms.0.to_le_bytes());
        if let Some(position) = &report.position {
            bytes.extend_from_slice(&position.latitude.to_le_bytes());
            bytes.extend_from_slice(&position.longitude.to_le_bytes());
            bytes.extend_from_slice(&position.altitude.to_le_bytes());
            bytes.extend_from_slice(&position.speed.to_le_bytes());
            bytes.extend_from_slice(&position.heading.to_le_bytes());
        }
        for reading in readings {
            bytes.extend_from_slice(&(reading.quantity as u16).to_le_bytes());
            bytes.push(reading.instance);
            bytes.extend_from_slice(&reading.value.to_le_bytes());
        }
        if let Some(attachment) = &report.attachment {
            let kept = &attachment.bytes[..attachment.bytes.len().min(MAX_ATTACHMENT)];
            bytes.extend_from_slice(&attachment.kind.to_le_bytes());
            // At most 65,535, by the slice.
            bytes.extend_from_slice(&(kept.len() as u32).to_le_bytes());
            bytes.extend_from_slice(kept);
        }
    }

    /// Reads what [`encode`](Self::encode) wrote, all of it. Whatever it accepts encodes to the same bytes again.
    pub fn decode(sequence: u64, bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut input = Input { all: bytes, at: 0 };
        let [version, channel, parts, readings] = input.take::<4>()?;
        if version != VERSION {
            return Err(DecodeError::Version(version));
        }
        let channel = Channel::from_number(channel)
            .ok_or(DecodeError::Unknown { what: "channel", number: channel.into() })?;
        if parts & !(POSITION | ATTACHMENT) != 0 {
            return Err(DecodeError::Field("byte of parts"));
        }
        let terminal = TerminalId(u64::from_le_bytes(input.take()?));
        let vehicle = u32::from_le_bytes(input.take()?);
        let received_ms = u64::from_le_bytes(input.take()?);
        let time_ms = u64::from_le_bytes(input.take()?);
        let flags = Flags(u32::from_le_bytes(input.take()?));
        let alarms = Alarms(u32::from_le_bytes(input.take()?));
        let position = if parts & POSITION == 0 { None } else { Some(input.position()?) };
        let readings = (0..readings).map(|_| input.reading()).collect::<Result<_, _>>()?;
        let attachment = if parts & ATTACHMENT == 0 { None } else { Some(input.attachment()?) };
        if input.at < bytes.len() {
            return Err(DecodeError::Long(bytes.len() - input.at));
        }
        let report = Report { time_ms, position, flags, alarms, readings, attachment };
        Ok(Self { sequence, terminal, vehicle, received_ms, channel, report })
    }
}

struct Input<'a> {
    all: &'a [u8],
    at: usize,
}

impl<'a> Input<'a> {
    fn slice(&mut self, length: usize) -> Result<&'a [u8], DecodeError> {
        let end = self.at.checked_add(length).ok_or(DecodeError::Short(self.all.len()))?;
        let slice = self.all.get(self.at..end).ok_or(DecodeError::Short(self.all.len()))?;
        self.at = end;
        Ok(slice)
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let slice = self.slice(N)?;
        Ok(slice.try_into().expect("a slice of N bytes is an array of N bytes; qed"))
    }

    fn position(&mut self) -> Result<Position, DecodeError> {
        let position = Position {
            latitude: i32::from_le_bytes(self.take()?),
            longitude: i32::from_le_bytes(self.take()?),
            altitude: i16::from_le_bytes(self.take()?),
            speed: u16::from_le_bytes(self.take()?),
            heading: u16::from_le_bytes(self.take()?),
        };
        position.check()?;
        Ok(position)
    }

    fn reading(&mut self) -> Result<Reading, DecodeError> {
        let number = u16::from_le_bytes(self.take()?);
        let quantity = Quantity::from_number(number)
            .ok_or(DecodeError::Unknown { what: "quantity", number })?;
        let [instance] = self.take()?;
        Ok(Reading { quantity, instance, value: i64::from_le_bytes(self.take()?) })
    }

    fn attachment(&mut self) -> Result<Attachment, DecodeError> {
        let kind = u16::from_le_bytes(self.take()?);
        let length = u32::from_le_bytes(self.take()?);
        let length = usize::try_from(length).ok().filter(|length| *length <= MAX_ATTACHMENT);
        let bytes = self.slice(length.ok_or(DecodeError::Field("attachment's length"))?)?.to_vec();
        Ok(Attachment { kind, bytes })
    }
}
