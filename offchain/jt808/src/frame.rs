//! Frames in a stream of bytes: `7e`, header, body, checksum, `7e`.
//!
//! Between the delimiters `7e` is written `7d 02` and `7d` is written `7d 01`; the checksum is the exclusive or
//! of header and body before that.

mod header;
mod phone;
mod splitter;

pub use header::{Header, Package, Version};
pub use phone::{Phone, PhoneError};
pub use splitter::Splitter;

use crate::fields::EncodeError;
use thiserror::Error;

/// Both ends of a frame.
pub const DELIMITER: u8 = 0x7e;
const ESCAPE: u8 = 0x7d;

/// The most bytes of a frame without escapes: header, body and checksum.
const MAX_PLAIN: usize = Header::MAX_LENGTH + Header::MAX_BODY + 1;
/// The most bytes between two delimiters, when every byte is escaped.
pub const MAX_ESCAPED: usize = 2 * MAX_PLAIN;

/// A frame that arrived whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// What is in front of the body.
    pub header: Header,
    /// The body, unescaped.
    pub body: &'a [u8],
}

/// What is wrong with a frame. The stream goes on behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FrameError {
    /// No header fits.
    #[error("a frame of {length} bytes has no room for a header: it is skipped")]
    TooShort {
        /// Unescaped, without delimiters and checksum.
        length: usize,
    },
    /// It does not end.
    #[error("a frame did not end within {limit} bytes: it is skipped up to the next delimiter")]
    TooLong {
        /// The most that a frame can have.
        limit: usize,
    },
    /// It was damaged.
    #[error("the checksum of a frame is {sent:#04x} and should be {computed:#04x}: it is skipped")]
    Checksum {
        /// Of what arrived.
        computed: u8,
        /// What arrived.
        sent: u8,
    },
}

/// Whether a wrong checksum makes a frame bad.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Checksum {
    /// It does.
    #[default]
    Required,
    /// It does not: for terminals that never compute it, and for captures in which somebody changed the phone number.
    Ignored,
}

/// Reads what is between two delimiters, and unescapes it into `buffer`, which is cleared before. What somebody has
/// unescaped already is understood too, when length and checksum say so.
pub fn parse<'b>(
    escaped: &[u8],
    checksum: Checksum,
    buffer: &'b mut Vec<u8>,
) -> Result<Frame<'b>, FrameError> {
    let (header, start) = parse_into(escaped, checksum, buffer)?;
    Ok(Frame { header, body: body_of(buffer, start) })
}

/// The header of what is between two delimiters, and where its body begins in `plain`, its unescaped bytes.
///
/// Terminals that never escape, and captures that some tool unescaped, have bytes that look like an escape and are
/// none: then the frame as it came has the checksum and exactly the length that it tells.
fn parse_into(
    escaped: &[u8],
    checksum: Checksum,
    plain: &mut Vec<u8>,
) -> Result<(Header, usize), FrameError> {
    unescape(escaped, plain);
    let outcome = parse_plain(plain, checksum);
    if outcome.is_err() && plain.len() != escaped.len() && is_whole(escaped) {
        plain.clear();
        plain.extend_from_slice(escaped);
        return parse_plain(plain, checksum);
    }
    outcome
}

/// Whether these bytes, without delimiters and escapes, have the length and the checksum that they tell.
fn is_whole(frame: &[u8]) -> bool {
    Header::frame_length(frame) == Some(frame.len()) && xor(frame) == 0
}

fn body_of(frame: &[u8], start: usize) -> &[u8] {
    frame.get(start..frame.len().saturating_sub(1)).unwrap_or_default()
}

/// Reads a frame without its delimiters that somebody has unescaped already, as many captures are.
pub fn parse_unescaped(frame: &[u8], checksum: Checksum) -> Result<Frame<'_>, FrameError> {
    let (header, start) = parse_plain(frame, checksum)?;
    Ok(Frame { header, body: body_of(frame, start) })
}

/// The header of an unescaped frame, and where its body begins.
fn parse_plain(frame: &[u8], checksum: Checksum) -> Result<(Header, usize), FrameError> {
    let Some((sent, content)) = frame.split_last() else {
        return Err(FrameError::TooShort { length: 0 });
    };
    let computed = xor(content);
    if computed != *sent && checksum == Checksum::Required {
        return Err(FrameError::Checksum { computed, sent: *sent });
    }
    Header::read(content)
}

/// An escape that is followed by neither of its two bytes stands for itself: a few terminals forget to escape it, and
/// the checksum decides.
fn unescape(escaped: &[u8], plain: &mut Vec<u8>) {
    plain.clear();
    let mut rest = escaped;
    while let Some(at) = find(rest, ESCAPE) {
        let (before, from) = rest.split_at(at);
        plain.extend_from_slice(before);
        let (byte, used) = match from.get(1) {
            Some(1) => (ESCAPE, 2),
            Some(2) => (DELIMITER, 2),
            _ => (ESCAPE, 1),
        };
        plain.push(byte);
        rest = from.get(used..).unwrap_or_default();
    }
    plain.extend_from_slice(rest);
}

/// Appends a frame to `out`. The body must fit into one frame; a longer one is split by
/// [`subpackage::Split`](crate::subpackage::Split).
pub fn encode(header: &Header, body: &[u8], out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let too_long = EncodeError::TooLong {
        field: "the body of a frame",
        length: body.len(),
        limit: Header::MAX_BODY,
    };
    let length = u16::try_from(body.len()).map_err(|_| too_long)?;
    if body.len() > Header::MAX_BODY {
        return Err(too_long);
    }
    let (bytes, count) = header.write(length);
    let head = bytes.get(..count).unwrap_or_default();
    out.reserve(body.len() + count + 8);
    out.push(DELIMITER);
    escape(head, out);
    escape(body, out);
    escape(&[xor(head) ^ xor(body)], out);
    out.push(DELIMITER);
    Ok(())
}

fn escape(plain: &[u8], out: &mut Vec<u8>) {
    let mut rest = plain;
    while let Some(at) = find_either(rest) {
        let (before, from) = rest.split_at(at);
        out.extend_from_slice(before);
        let Some((byte, after)) = from.split_first() else { break };
        out.extend_from_slice(&[ESCAPE, if *byte == DELIMITER { 2 } else { 1 }]);
        rest = after;
    }
    out.extend_from_slice(rest);
}

fn xor(bytes: &[u8]) -> u8 {
    let mut chunks = bytes.chunks_exact(8);
    let mut words = 0;
    for chunk in &mut chunks {
        words ^= u64::from_ne_bytes(chunk.try_into().unwrap_or_default());
    }
    let words = words.to_ne_bytes().into_iter().fold(0, |sum, byte| sum ^ byte);
    chunks.remainder().iter().fold(words, |sum, byte| sum ^ byte)
}

const LOW_BITS: u64 = u64::from_ne_bytes([0x01; 8]);
const HIGH_BITS: u64 = u64::from_ne_bytes([0x80; 8]);

/// A word with the high bit of its first byte (least significant) of `value` set; bits above it may be wrong.
const fn matching(word: u64, value: u8) -> u64 {
    let zeros = word ^ (LOW_BITS * value as u64);
    zeros.wrapping_sub(LOW_BITS) & !zeros & HIGH_BITS
}

fn find_by(
    bytes: &[u8],
    word_matches: impl Fn(u64) -> u64,
    matches: impl Fn(u8) -> bool,
) -> Option<usize> {
    let mut chunks = bytes.chunks_exact(8);
    let mut at = 0;
    for chunk in &mut chunks {
        let found = word_matches(u64::from_le_bytes(chunk.try_into().unwrap_or_default()));
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    chunks.remainder().iter().position(|byte| matches(*byte)).map(|rest| at + rest)
}

/// Where `value` is first, eight bytes at a time.
fn find(bytes: &[u8], value: u8) -> Option<usize> {
    find_by(bytes, |word| matching(word, value), |byte| byte == value)
}

/// Where a byte that needs an escape is first.
fn find_either(bytes: &[u8]) -> Option<usize> {
    find_by(
        bytes,
        |word| matching(word, ESCAPE) | matching(word, DELIMITER),
        |byte| byte == ESCAPE || byte == DELIMITER,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    proptest! {
        #[test]
        fn finding_by_words_is_finding_by_bytes(bytes in vec(0x7b_u8..0x82, 0..40), value in 0x7b_u8..0x82) {
            prop_assert_eq!(find(&bytes, value), bytes.iter().position(|byte| *byte == value));
            let either = bytes.iter().position(|byte| matches!(*byte, ESCAPE | DELIMITER));
            prop_assert_eq!(find_either(&bytes), either);
        }

        #[test]
        fn what_is_escaped_has_no_delimiter_and_comes_back(bytes in vec(0x7b_u8..0x82, 0..60)) {
            let (mut escaped, mut plain) = (Vec::new(), Vec::new());
            escape(&bytes, &mut escaped);
            prop_assert!(!escaped.contains(&DELIMITER));
            unescape(&escaped, &mut plain);
            prop_assert_eq!(&plain, &bytes);
            prop_assert_eq!(xor(&bytes), bytes.iter().fold(0, |sum, byte| sum ^ byte));
        }
    }
}
