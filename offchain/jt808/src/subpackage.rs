//! Messages longer than a frame: put together from their parts, and split into them.

use crate::{
    fields::EncodeError,
    frame::{self, Header, Package},
    messages::{Message, Resend},
};
use std::collections::BTreeMap;
use thiserror::Error;

/// What one terminal's unfinished messages may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Unfinished messages. With one more, the one that was silent longest is given up.
    pub messages: usize,
    /// Bytes of all their parts, and [`Limits::PART_COST`] for each part. Beyond it the message that was silent
    /// longest is given up; one that does not fit alone is refused.
    pub bytes: usize,
    /// Milliseconds without a new part after which the missing ones are asked for.
    pub silence_ms: u64,
    /// How often they are asked for before the message is given up.
    pub requests: u8,
}

impl Limits {
    /// What a part costs besides its bytes.
    pub const PART_COST: usize = 64;
}

impl Default for Limits {
    /// A photo of 1080p in parts of 1 KB has a few hundred of them.
    fn default() -> Self {
        Self { messages: 4, bytes: 2 << 20, silence_ms: 10_000, requests: 3 }
    }
}

/// A message whose parts are all there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// The header of the first part, without its package.
    pub header: Header,
    /// The bodies of all parts.
    pub body: Vec<u8>,
}

/// Why a part is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PartError {
    /// The numbers do not agree.
    #[error("part {index} of {total} cannot be: parts count from 1")]
    Number {
        /// From 1.
        index: u16,
        /// How many.
        total: u16,
    },
    /// The message does not fit.
    #[error(
        "the parts of message {id:#06x} have more than {limit} bytes: the message is given up"
    )]
    TooLarge {
        /// The message.
        id: u16,
        /// The most.
        limit: usize,
    },
}

/// What came of a message that was silent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Silent {
    /// Ask for these parts again.
    Request {
        /// The message.
        id: u16,
        /// The body of 0x8003, or 0x0005 in the terminal.
        resend: Resend,
    },
    /// It was asked for often enough.
    GivenUp {
        /// The message.
        id: u16,
        /// How many parts there were.
        parts: usize,
        /// Of how many.
        total: u16,
    },
}

struct Unfinished {
    header: Header,
    total: u16,
    /// By index: the part's serial and body.
    parts: BTreeMap<u16, (u16, Vec<u8>)>,
    bytes: usize,
    touched_ms: u64,
    /// Grows with every part of any message: who was silent longest.
    turn: u64,
    requests: u8,
}

impl Unfinished {
    fn new(header: &Header, total: u16) -> Self {
        Self {
            header: *header,
            total,
            parts: BTreeMap::new(),
            bytes: 0,
            touched_ms: 0,
            turn: 0,
            requests: 0,
        }
    }

    /// The serial of the first part. Terminals count parts without a gap, and some other messages between them.
    fn first_serial(&self) -> u16 {
        match self.parts.first_key_value() {
            Some((index, (serial, _))) => serial.wrapping_sub(index.wrapping_sub(1)),
            None => self.header.serial,
        }
    }

    fn missing(&self) -> Vec<u16> {
        // One request names at most 255 parts before 2019; the next one names the others.
        (1..=self.total).filter(|index| !self.parts.contains_key(index)).take(255).collect()
    }

    fn finish(self) -> Whole {
        let mut body = Vec::with_capacity(self.bytes);
        let mut header = Header { package: None, ..self.header };
        for (index, (serial, bytes)) in self.parts {
            if index == 1 {
                header.serial = serial;
            }
            body.extend_from_slice(&bytes);
        }
        Whole { header, body }
    }
}

/// Puts the messages of one terminal together.
pub struct Assembler {
    limits: Limits,
    unfinished: Vec<Unfinished>,
    turn: u64,
}

impl Assembler {
    /// Without any part yet.
    pub const fn new(limits: Limits) -> Self {
        Self { limits, unfinished: Vec::new(), turn: 0 }
    }

    /// Takes a frame. A message of one part is whole at once; a part that is there already changes nothing.
    pub fn push(
        &mut self,
        header: &Header,
        body: &[u8],
        now_ms: u64,
    ) -> Result<Option<Whole>, PartError> {
        let Some(Package { total: total @ 2.., index }) = header.package else {
            let header = Header { package: None, ..*header };
            return Ok(Some(Whole { header, body: body.to_vec() }));
        };
        if index == 0 || index > total {
            return Err(PartError::Number { index, total });
        }
        let at = self.message_of(header, total, index);
        self.turn += 1;
        if let Some(message) = self.unfinished.get_mut(at) {
            if !message.parts.contains_key(&index) {
                message.bytes += body.len();
                message.parts.insert(index, (header.serial, body.to_vec()));
                message.requests = 0;
            }
            (message.touched_ms, message.turn) = (now_ms, self.turn);
            if message.parts.len() == usize::from(total) {
                return Ok(Some(self.unfinished.swap_remove(at).finish()));
            }
        }
        self.keep_within_limits(header.id)?;
        Ok(None)
    }

    /// Where the message is to which a part belongs; a new one when it belongs to none.
    fn message_of(&mut self, header: &Header, total: u16, index: u16) -> usize {
        let fits = |message: &Unfinished| {
            let same = message.header.id == header.id && message.total == total;
            let place = message.parts.get(&index);
            same && place.is_none_or(|(serial, _)| *serial == header.serial)
        };
        let first = header.serial.wrapping_sub(index.wrapping_sub(1));
        let candidates = self.unfinished.iter().enumerate().filter(|(_, message)| fits(message));
        let best =
            candidates.max_by_key(|(_, message)| (message.first_serial() == first, message.turn));
        if let Some((at, _)) = best {
            return at;
        }
        if self.unfinished.len() >= self.limits.messages.max(1) {
            self.give_up_oldest();
        }
        self.unfinished.push(Unfinished::new(header, total));
        self.unfinished.len() - 1
    }

    fn keep_within_limits(&mut self, id: u16) -> Result<(), PartError> {
        while self.bytes() > self.limits.bytes {
            self.give_up_oldest();
            if self.unfinished.is_empty() {
                return Err(PartError::TooLarge { id, limit: self.limits.bytes });
            }
        }
        Ok(())
    }

    fn give_up_oldest(&mut self) {
        let oldest = self.unfinished.iter().enumerate().min_by_key(|(_, message)| message.turn);
        if let Some((at, _)) = oldest {
            self.unfinished.swap_remove(at);
        }
    }

    /// What the unfinished messages take.
    pub fn bytes(&self) -> usize {
        self.unfinished
            .iter()
            .map(|message| message.bytes + message.parts.len() * Limits::PART_COST)
            .sum()
    }

    /// How many messages are unfinished.
    pub fn unfinished(&self) -> usize {
        self.unfinished.len()
    }

    /// The messages that were silent for [`Limits::silence_ms`]: call it now and then.
    pub fn silent(&mut self, now_ms: u64) -> Vec<Silent> {
        let limits = self.limits;
        let mut silent = Vec::new();
        self.unfinished.retain_mut(|message| {
            if now_ms.saturating_sub(message.touched_ms) < limits.silence_ms {
                return true;
            }
            let id = message.header.id;
            if message.requests >= limits.requests {
                silent.push(Silent::GivenUp {
                    id,
                    parts: message.parts.len(),
                    total: message.total,
                });
                return false;
            }
            message.requests += 1;
            message.touched_ms = now_ms;
            let resend = Resend { serial: message.first_serial(), parts: message.missing() };
            silent.push(Silent::Request { id, resend });
            true
        });
        silent
    }
}

/// A body cut into frames.
#[derive(Clone, Copy, Debug)]
pub struct Split<'a> {
    header: Header,
    body: &'a [u8],
    part: usize,
}

impl<'a> Split<'a> {
    /// Cuts a body into parts of at most `part` bytes, at most [`Header::MAX_BODY`]. The parts count serials from
    /// the header's.
    pub fn new(header: &Header, body: &'a [u8], part: usize) -> Result<Self, EncodeError> {
        let part = part.clamp(1, Header::MAX_BODY);
        let limit = part * usize::from(u16::MAX);
        if body.len() > limit {
            return Err(EncodeError::TooLong {
                field: "a message in parts",
                length: body.len(),
                limit,
            });
        }
        Ok(Self { header: *header, body, part })
    }

    /// How many frames.
    pub fn frames(&self) -> u16 {
        u16::try_from(self.body.len().div_ceil(self.part).max(1)).unwrap_or(u16::MAX)
    }

    /// Appends the frame of a part, from 1; nothing when there is no such part.
    pub fn encode_part(&self, index: u16, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let total = self.frames();
        if index == 0 || index > total {
            return Ok(());
        }
        let start = usize::from(index - 1) * self.part;
        let end = self.body.len().min(start + self.part);
        let package = (total > 1).then_some(Package { total, index });
        let serial = self.header.serial.wrapping_add(index - 1);
        let header = Header { package, serial, ..self.header };
        frame::encode(&header, self.body.get(start..end).unwrap_or_default(), out)
    }
}

/// Appends a message as one frame, or as many as it needs, and tells how many: the next serial is so many further.
pub fn encode(header: &Header, message: &Message, out: &mut Vec<u8>) -> Result<u16, EncodeError> {
    let mut body = Vec::new();
    message.encode_body(header.version(), &mut body)?;
    let header = Header { id: message.id(), package: None, ..*header };
    let split = Split::new(&header, &body, Header::MAX_BODY)?;
    (1..=split.frames()).try_for_each(|index| split.encode_part(index, out))?;
    Ok(split.frames())
}
