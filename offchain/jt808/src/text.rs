//! Text of terminals: GBK, padded with zeros or blanks.

use encoding_rs::GBK;
use std::{borrow::Cow, fmt};

/// Text as it is on the wire, without its padding: zeros on either side, blanks behind.
///
/// The bytes are kept, so that what a terminal sent can be shown again byte for byte even when it is not GBK.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Text(Vec<u8>);

impl Text {
    /// Of the bytes of a field.
    pub fn from_wire(bytes: &[u8]) -> Self {
        let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
        let end =
            bytes.iter().rposition(|byte| !matches!(byte, 0 | b' ')).map_or(start, |last| last + 1);
        Self(bytes.get(start..end).unwrap_or_default().to_vec())
    }

    /// The bytes, in GBK when the terminal keeps to the standard.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// As Unicode; what is not GBK becomes U+FFFD.
    pub fn decode(&self) -> Cow<'_, str> {
        GBK.decode_without_bom_handling(&self.0).0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The parts between semicolons, as terminal control lists its parameters.
    pub fn parts(&self) -> impl Iterator<Item = Text> + '_ {
        self.0.split(|byte| *byte == b';').map(Text::from_wire)
    }
}

impl From<&str> for Text {
    /// In GBK; a character that GBK does not have becomes a question mark.
    fn from(text: &str) -> Self {
        let mut bytes = Vec::with_capacity(text.len());
        let mut buffer = [0; 4];
        for character in text.chars() {
            let (encoded, _, failed) = GBK.encode(character.encode_utf8(&mut buffer));
            bytes.extend_from_slice(if failed { b"?" } else { &encoded });
        }
        Self::from_wire(&bytes)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.decode())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", self.decode())
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.decode() == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self == *other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plate_is_gbk() {
        let plate = Text::from("粤B12345");
        assert_eq!(plate.as_bytes(), b"\xd4\xc1B12345");
        assert_eq!(plate, "粤B12345");
    }

    #[test]
    fn padding_of_every_version_is_taken_off() {
        for padded in [&b"ABC\0\0"[..], b"\0\0ABC", b"ABC  ", b"ABC \0", b"ABC"] {
            assert_eq!(Text::from_wire(padded), "ABC");
        }
        assert!(Text::from_wire(b"\0 \0").is_empty());
        assert!(Text::from_wire(b"").is_empty());
    }

    #[test]
    fn what_is_not_gbk_is_kept() {
        let text = Text::from_wire(b"\xff\xfe7");
        assert_eq!(text.as_bytes(), b"\xff\xfe7");
        assert!(text.decode().contains('\u{fffd}'));
        assert_eq!(Text::from("a😀b"), "a?b");
    }
}
