//! Messages longer than one CAN frame (ISO 15765-2).

use thiserror::Error;

/// The longest message, of the 12 bits of a first frame.
pub const MAX_MESSAGE: usize = 4_095;

/// Messages that may be unfinished, one for each id: a vehicle has eight control units for OBD.
pub const MAX_UNFINISHED: usize = 8;

/// A message of a control unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Of its frames: 0x7e8 to 0x7ef for responses of OBD on 11 bits.
    pub can_id: u32,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why a frame is refused. Its message is given up, other ids go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum IsoTpError {
    /// No protocol information.
    #[error("a CAN frame of id {can_id:#x} is empty or tells a length that it cannot have")]
    Length {
        /// Of the frame.
        can_id: u32,
    },
    /// A frame without those before it.
    #[error("a CAN frame of id {can_id:#x} continues a message that did not begin")]
    NotBegun {
        /// Of the frame.
        can_id: u32,
    },
    /// A frame was lost.
    #[error(
        "CAN frame {found} of id {can_id:#x} came instead of {expected}: the message is given up"
    )]
    Order {
        /// Of the frame.
        can_id: u32,
        /// The number that it should have, 0 to 15.
        expected: u8,
        /// The number that it has.
        found: u8,
    },
    /// Of another kind.
    #[error("a CAN frame of id {can_id:#x} is of kind {kind}, which ISO 15765-2 does not have")]
    Kind {
        /// Of the frame.
        can_id: u32,
        /// Its first four bits.
        kind: u8,
    },
}

#[derive(Debug)]
struct Unfinished {
    can_id: u32,
    length: usize,
    bytes: Vec<u8>,
    next: u8,
    touched_ms: u64,
}

/// Puts the messages of one bus together.
#[derive(Debug)]
pub struct Assembler {
    timeout_ms: u64,
    unfinished: Vec<Unfinished>,
}

impl Assembler {
    /// A message whose next frame does not come within `timeout_ms` is given up; the standard says 1000.
    pub const fn new(timeout_ms: u64) -> Self {
        Self { timeout_ms, unfinished: Vec::new() }
    }

    /// Takes the data of a frame. With one id more than [`MAX_UNFINISHED`], the message that was silent longest is
    /// given up.
    pub fn push(
        &mut self,
        can_id: u32,
        data: &[u8],
        now_ms: u64,
    ) -> Result<Option<Message>, IsoTpError> {
        let timeout_ms = self.timeout_ms;
        self.unfinished.retain(|message| now_ms.saturating_sub(message.touched_ms) <= timeout_ms);
        let Some((control, rest)) = data.split_first() else {
            return Err(IsoTpError::Length { can_id });
        };
        let low = control & 0x0f;
        match control >> 4 {
            0 => self.single(can_id, usize::from(low), rest).map(Some),
            1 => self.first(can_id, low, rest, now_ms).map(|()| None),
            2 => self.consecutive(can_id, low, rest, now_ms),
            // Flow control is for the one who sends.
            3 => Ok(None),
            kind => Err(IsoTpError::Kind { can_id, kind }),
        }
    }

    fn give_up(&mut self, can_id: u32) {
        self.unfinished.retain(|message| message.can_id != can_id);
    }

    fn single(&mut self, can_id: u32, length: usize, rest: &[u8]) -> Result<Message, IsoTpError> {
        self.give_up(can_id);
        match rest.get(..length) {
            Some(bytes) if length > 0 => Ok(Message { can_id, bytes: bytes.to_vec() }),
            _ => Err(IsoTpError::Length { can_id }),
        }
    }

    fn first(&mut self, can_id: u32, high: u8, rest: &[u8], now_ms: u64) -> Result<(), IsoTpError> {
        self.give_up(can_id);
        let Some((low, bytes)) = rest.split_first() else {
            return Err(IsoTpError::Length { can_id });
        };
        let length = usize::from(high) << 8 | usize::from(*low);
        // What fits into one frame is sent as one.
        if length <= bytes.len() {
            return Err(IsoTpError::Length { can_id });
        }
        if self.unfinished.len() >= MAX_UNFINISHED {
            let oldest = self.unfinished.iter().min_by_key(|message| message.touched_ms);
            if let Some(oldest) = oldest.map(|message| message.can_id) {
                self.give_up(oldest);
            }
        }
        let bytes = bytes.to_vec();
        self.unfinished.push(Unfinished { can_id, length, bytes, next: 1, touched_ms: now_ms });
        Ok(())
    }

    fn consecutive(
        &mut self,
        can_id: u32,
        found: u8,
        rest: &[u8],
        now_ms: u64,
    ) -> Result<Option<Message>, IsoTpError> {
        let place = self.unfinished.iter().position(|message| message.can_id == can_id);
        let Some((at, message)) =
            place.and_then(|at| self.unfinished.get_mut(at).map(|message| (at, message)))
        else {
            return Err(IsoTpError::NotBegun { can_id });
        };
        let expected = message.next;
        if found != expected || rest.is_empty() {
            self.give_up(can_id);
            return Err(IsoTpError::Order { can_id, expected, found });
        }
        let wanted = rest.len().min(message.length - message.bytes.len());
        message.bytes.extend_from_slice(rest.get(..wanted).unwrap_or_default());
        (message.next, message.touched_ms) = ((expected + 1) & 0x0f, now_ms);
        if message.bytes.len() < message.length {
            return Ok(None);
        }
        Ok(Some(Message { can_id, bytes: self.unfinished.swap_remove(at).bytes }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::obd::Response;
    use proptest::{collection::vec, prelude::*};

    /// The frames of a message, padded as vehicles pad them.
    fn frames(bytes: &[u8]) -> Vec<[u8; 8]> {
        let mut frames = Vec::new();
        let mut push = |control: &[u8], data: &[u8]| {
            let mut frame = [0xaa; 8];
            frame[..control.len()].copy_from_slice(control);
            frame[control.len()..control.len() + data.len()].copy_from_slice(data);
            frames.push(frame);
        };
        if bytes.len() <= 7 {
            push(&[u8::try_from(bytes.len()).unwrap()], bytes);
            return frames;
        }
        let [high, low] = u16::try_from(bytes.len()).unwrap().to_be_bytes();
        push(&[0x10 | high, low], &bytes[..6]);
        for (number, data) in (1_usize..).zip(bytes[6..].chunks(7)) {
            push(&[0x20 | u8::try_from(number % 16).unwrap()], data);
        }
        frames
    }

    #[test]
    fn a_vin_comes_in_three_frames() {
        let mut bus = Assembler::new(1_000);
        assert_eq!(bus.push(0x7e8, &[0x10, 0x14, 0x49, 0x02, 0x01, b'1', b'D', b'4'], 0), Ok(None));
        assert_eq!(bus.push(0x7e0, &[0x30, 0, 0, 0, 0, 0, 0, 0], 1), Ok(None));
        assert_eq!(bus.push(0x7e8, b"\x21GP00R55", 2), Ok(None));
        let message = bus.push(0x7e8, b"\x22B123456", 3).unwrap().unwrap();
        assert_eq!(
            Response::decode(&message.bytes).unwrap().vin().as_deref(),
            Some("1D4GP00R55B123456")
        );
    }

    #[test]
    fn a_lost_frame_costs_its_message() {
        let mut bus = Assembler::new(1_000);
        let sent = frames(&[0x49; 30]);
        bus.push(0x7e8, &sent[0], 0).unwrap();
        let lost = IsoTpError::Order { can_id: 0x7e8, expected: 1, found: 2 };
        assert_eq!(bus.push(0x7e8, &sent[2], 1), Err(lost));
        assert_eq!(bus.push(0x7e8, &sent[3], 1), Err(IsoTpError::NotBegun { can_id: 0x7e8 }));
        bus.push(0x7e8, &sent[0], 0).unwrap();
        assert_eq!(bus.push(0x7e8, &sent[1], 1_001), Err(IsoTpError::NotBegun { can_id: 0x7e8 }));
    }

    #[test]
    fn control_units_that_never_finish_are_bounded() {
        let mut bus = Assembler::new(1_000);
        for id in 0..100 {
            bus.push(id, &frames(&[1; 20])[0], id.into()).unwrap();
            assert!(bus.unfinished.len() <= MAX_UNFINISHED);
        }
    }

    proptest! {
        #[test]
        fn messages_of_two_control_units_at_once_come_back(
            engine in vec(any::<u8>(), 1..200),
            gearbox in vec(any::<u8>(), 1..200),
        ) {
            let mut bus = Assembler::new(1_000);
            let (mut first, mut second) = (frames(&engine).into_iter(), frames(&gearbox).into_iter());
            let mut whole = Vec::new();
            loop {
                let both = (first.next(), second.next());
                for (id, frame) in [(0x7e8, both.0), (0x7e9, both.1)] {
                    whole.extend(frame.and_then(|frame| bus.push(id, &frame, 0).unwrap()));
                }
                if both == (None, None) {
                    break;
                }
            }
            whole.sort_by_key(|message: &Message| message.can_id);
            let expected = [Message { can_id: 0x7e8, bytes: engine }, Message { can_id: 0x7e9, bytes: gearbox }];
            prop_assert_eq!(whole, expected);
        }
    }

    #[test]
    fn frames_of_anybody_never_panic() {
        bolero::check!().for_each(|bytes: &[u8]| {
            let (mut bus, mut rest) = (Assembler::new(1_000), bytes);
            // Each frame behind its id, tenths of a second, and its length, of up to 64 as CAN FD has it.
            while let [id, now, length, after @ ..] = rest {
                let (data, after) = after.split_at(after.len().min(usize::from(*length % 65)));
                rest = after;
                let message = bus.push((*id % 10).into(), data, u64::from(*now) * 100);
                if let Ok(Some(message)) = message {
                    assert!(message.bytes.len() <= MAX_MESSAGE);
                }
                assert!(bus.unfinished.len() <= MAX_UNFINISHED);
            }
        });
    }
}
