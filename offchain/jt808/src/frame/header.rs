//! The header of a frame.

use super::{FrameError, Phone};
use crate::time::decimal;

/// Which edition of the standard lays out a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// JT/T 808-2011. Its headers look like those of 2013: see [`Header::version`].
    V2011,
    /// JT/T 808-2013.
    V2013,
    /// JT/T 808-2019.
    V2019,
}

/// Which part of a long message a frame carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Package {
    /// How many parts.
    pub total: u16,
    /// Which one, from 1.
    pub index: u16,
}

/// What is in front of a body (JT/T 808-2019, clause 4.4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The message's number.
    pub id: u16,
    /// The length that the properties tell, below 1024. Some terminals tell a wrong one: the body of a frame is what
    /// there is between its delimiters.
    pub body_length: u16,
    /// Bits 10 to 12 of the properties: 0 is plain, 1 is RSA.
    pub encryption: u8,
    /// The protocol's version byte, since 2019: 1 when the standard was published.
    pub protocol: Option<u8>,
    /// Who sends, or who shall receive.
    pub phone: Phone,
    /// Counts the sender's frames, around 65535.
    pub serial: u16,
    /// When the frame is a part of a message.
    pub package: Option<Package>,
}

const SUBPACKAGED: u16 = 1 << 13;
const VERSIONED: u16 = 1 << 14;

impl Header {
    /// The longest body of one frame.
    pub const MAX_BODY: usize = 1023;
    /// The longest header.
    pub const MAX_LENGTH: usize = 21;

    /// A header of one whole message. The phone's width says whether it is of 2019.
    pub const fn new(id: u16, phone: Phone, serial: u16) -> Self {
        let protocol = if phone.is_wide() { Some(1) } else { None };
        Self { id, body_length: 0, encryption: 0, protocol, phone, serial, package: None }
    }

    /// The edition by which the body is read. A terminal of 2011 looks like one of 2013 and gets
    /// [`Version::V2013`]: the bodies that differ tell themselves apart.
    pub const fn version(&self) -> Version {
        if self.protocol.is_some() {
            Version::V2019
        } else {
            Version::V2013
        }
    }

    /// A header back to the same terminal.
    pub const fn reply(&self, id: u16, serial: u16) -> Self {
        Self { id, body_length: 0, encryption: 0, package: None, serial, ..*self }
    }

    /// Reads it off the front of an unescaped frame without its checksum, and tells how long it is.
    ///
    /// Some terminals set the bits of a version or of packages and send a header without them, and some send the header
    /// of 2019 without its bit: the layout is the one that the properties tell, unless only another one agrees with the
    /// length.
    pub(super) fn read(frame: &[u8]) -> Result<(Self, usize), FrameError> {
        let short = FrameError::TooShort { length: frame.len() };
        let (Some(id), Some(properties)) = (word(frame, 0), word(frame, 2)) else {
            return Err(short);
        };
        let (wide, parts) = (properties & VERSIONED != 0, properties & SUBPACKAGED != 0);
        let told = Self::layout(wide, parts);
        let length = usize::from(properties & 0x03ff);
        let agrees =
            |&(wide, parts): &(bool, bool)| Self::layout(wide, parts) + length == frame.len();
        let others = [(wide, parts), (wide, false), (false, parts), (false, false)];
        let (wide, parts) = if told + length == frame.len() {
            (wide, parts)
        } else {
            let unmarked = (!wide && Self::looks_wide(frame)).then_some((true, parts));
            others.into_iter().chain(unmarked).find(agrees).unwrap_or((wide, parts))
        };
        let header_length = Self::layout(wide, parts);
        let Some(bytes) = frame.get(..header_length) else { return Err(short) };
        let (phone, protocol) = if wide {
            let digits = bytes.get(5..15).and_then(|digits| digits.try_into().ok()).ok_or(short)?;
            (Phone::of_20_digits(digits), bytes.get(4).copied())
        } else {
            let digits = bytes.get(4..10).and_then(|digits| digits.try_into().ok()).ok_or(short)?;
            (Phone::of_12_digits(digits), None)
        };
        let after_phone = if wide { 15 } else { 10 };
        let package = parts.then(|| Package {
            total: word(bytes, after_phone + 2).unwrap_or_default(),
            index: word(bytes, after_phone + 4).unwrap_or_default(),
        });
        let header = Self {
            id,
            body_length: properties & 0x03ff,
            encryption: properties.to_be_bytes()[0] >> 2 & 0x07,
            protocol,
            phone,
            serial: word(bytes, after_phone).unwrap_or_default(),
            package,
        };
        Ok((header, header_length))
    }

    /// Whether the first version of 2019 and a number of 20 decimal digits are where 2019 has them.
    fn looks_wide(frame: &[u8]) -> bool {
        let Some([1, digits @ ..]) = frame.get(4..15) else { return false };
        digits.iter().all(|byte| decimal(*byte).is_some())
    }

    /// How many bytes a frame has by its own properties, unescaped, with its checksum.
    pub(super) fn frame_length(frame: &[u8]) -> Option<usize> {
        let properties = word(frame, 2)?;
        let header = Self::layout(properties & VERSIONED != 0, properties & SUBPACKAGED != 0);
        Some(header + usize::from(properties & 0x03ff) + 1)
    }

    const fn layout(wide: bool, parts: bool) -> usize {
        (if wide { 17 } else { 12 }) + (if parts { 4 } else { 0 })
    }

    /// Its bytes, and how many they are, in front of a body of `body_length` bytes.
    pub(super) fn write(&self, body_length: u16) -> ([u8; Self::MAX_LENGTH], usize) {
        let mut properties = body_length & 0x03ff | u16::from(self.encryption & 0x07) << 10;
        if self.package.is_some() {
            properties |= SUBPACKAGED;
        }
        if self.protocol.is_some() {
            properties |= VERSIONED;
        }
        let mut bytes = [0; Self::MAX_LENGTH];
        let mut length = 0;
        let mut put = |field: &[u8]| {
            if let Some(place) = bytes.get_mut(length..length + field.len()) {
                place.copy_from_slice(field);
                length += field.len();
            }
        };
        put(&self.id.to_be_bytes());
        put(&properties.to_be_bytes());
        if let Some(protocol) = self.protocol {
            put(&[protocol]);
        }
        put(self.phone.widened(self.protocol.is_some()).as_bytes());
        put(&self.serial.to_be_bytes());
        if let Some(Package { total, index }) = self.package {
            put(&total.to_be_bytes());
            put(&index.to_be_bytes());
        }
        (bytes, length)
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..at + 2)?;
    Some(u16::from_be_bytes([*pair.first()?, *pair.last()?]))
}
