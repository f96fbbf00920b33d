//! Finds the frames in a stream.

use super::{
    body_of, find, is_whole, parse_into, parse_plain, Checksum, Frame, FrameError, Header,
    DELIMITER, MAX_ESCAPED, MAX_PLAIN,
};
use bytes::{Buf, BytesMut};

/// A frame's header and where its body begins, what is wrong with it, or that there is none yet.
type Found = Option<Result<(Header, usize), FrameError>>;

/// Finds the frames in the bytes of one connection.
///
/// Two frames may share one delimiter. Bytes outside of frames are skipped and counted; a bad frame is reported
/// and costs only itself, for each delimiter may be the beginning of the next frame. Memory is bounded: a frame
/// that does not end within [`MAX_ESCAPED`] bytes is given up.
///
/// A few terminals do not escape at all, so that a delimiter in the middle seems to end their frame: what was bad until
/// there is kept, and is a frame after all when its length and checksum agree at a later delimiter.
#[derive(Debug, Default)]
pub struct Splitter {
    checksum: Checksum,
    plain: Vec<u8>,
    /// A bad frame that tells more bytes than it has, with the delimiters behind it: it may go on.
    cut: Vec<u8>,
    /// A delimiter was seen: what follows may be a frame.
    inside: bool,
    /// That delimiter did not end a frame before.
    fresh: bool,
    /// The frame is too long and was reported: everything up to the next delimiter belongs to it.
    overlong: bool,
    /// How many bytes at the front of the input were looked at before and have no delimiter.
    scanned: usize,
    skipped: u64,
}

impl Splitter {
    /// For a new connection.
    pub fn new(checksum: Checksum) -> Self {
        Self { checksum, ..Self::default() }
    }

    /// The next frame of `input`, whose bytes are taken off its front; none when it needs more bytes. Call it until
    /// there is none, append what arrives, and call it again with the same buffer.
    pub fn push(&mut self, input: &mut BytesMut) -> Option<Result<Frame<'_>, FrameError>> {
        let (used, outcome) = self.step(input);
        input.advance(used);
        self.frame(outcome)
    }

    /// The same on a slice, which shrinks to what is not used yet.
    pub fn next_in(&mut self, input: &mut &[u8]) -> Option<Result<Frame<'_>, FrameError>> {
        let (used, outcome) = self.step(input);
        *input = input.get(used..).unwrap_or_default();
        self.frame(outcome)
    }

    /// Bytes that were outside of frames since the beginning: noise, other protocols, and what stands between a
    /// frame and the next one without delimiters of its own.
    pub const fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Forgets an unfinished frame: between two datagrams of UDP.
    pub fn reset(&mut self) {
        (self.inside, self.fresh, self.overlong, self.scanned) = (false, false, false, 0);
        self.cut.clear();
    }

    fn frame(&self, outcome: Found) -> Option<Result<Frame<'_>, FrameError>> {
        outcome.map(|found| {
            found.map(|(header, start)| Frame { header, body: body_of(&self.plain, start) })
        })
    }

    /// How many bytes were used, and what was found in them.
    fn step(&mut self, input: &[u8]) -> (usize, Found) {
        let mut used = 0;
        loop {
            let rest = input.get(used..).unwrap_or_default();
            let scanned = std::mem::take(&mut self.scanned).min(rest.len());
            let Some(found) = rest.get(scanned..).and_then(|new| find(new, DELIMITER)) else {
                return self.unfinished(input.len(), used);
            };
            let (frame, length) =
                (rest.get(..scanned + found).unwrap_or_default(), scanned + found);
            used += length + 1;
            let fresh = std::mem::replace(&mut self.fresh, false);
            if !std::mem::replace(&mut self.inside, true) {
                self.skipped += length as u64;
                self.fresh = true;
            } else if std::mem::replace(&mut self.overlong, false) {
                self.skipped += length as u64;
            } else if length == 0 {
                if self.go_on(&[]) {
                    return (used, Some(parse_plain(&self.plain, self.checksum)));
                }
                self.fresh = true;
            } else if length > MAX_ESCAPED {
                self.cut.clear();
                return (used, Some(Err(FrameError::TooLong { limit: MAX_ESCAPED })));
            } else {
                let mut outcome = parse_into(frame, self.checksum, &mut self.plain);
                if outcome.is_ok() {
                    self.cut.clear();
                } else if self.go_on(frame) {
                    outcome = parse_plain(&self.plain, self.checksum);
                }
                match outcome {
                    // Behind a frame's end there may be noise, or the end was a beginning too.
                    Err(_) if !fresh => self.skipped += length as u64,
                    outcome => return (used, Some(outcome)),
                }
            }
        }
    }

    /// Adds what is between two delimiters, and is no frame, to what was cut before. Whether that makes a frame, which
    /// `plain` has then.
    fn go_on(&mut self, piece: &[u8]) -> bool {
        let begun = !self.cut.is_empty();
        self.cut.extend_from_slice(piece);
        if begun && is_whole(&self.cut) {
            std::mem::swap(&mut self.plain, &mut self.cut);
            self.cut.clear();
            return true;
        }
        self.cut.push(DELIMITER);
        let length = |cut: &[u8]| Header::frame_length(cut).filter(|length| *length <= MAX_PLAIN);
        if length(&self.cut).is_none_or(|length| length < self.cut.len()) {
            // It has more than it told: the last piece may be a beginning itself.
            self.cut.clear();
            if begun && length(piece).is_some_and(|length| length > piece.len()) {
                self.cut.extend_from_slice(piece);
                self.cut.push(DELIMITER);
            }
        }
        false
    }

    /// There is no further delimiter.
    fn unfinished(&mut self, length: usize, used: usize) -> (usize, Found) {
        let rest = length - used;
        if !self.inside || self.overlong {
            self.skipped += rest as u64;
            return (length, None);
        }
        if rest > MAX_ESCAPED {
            self.overlong = true;
            self.cut.clear();
            return (length, Some(Err(FrameError::TooLong { limit: MAX_ESCAPED })));
        }
        self.scanned = rest;
        (used, None)
    }
}
