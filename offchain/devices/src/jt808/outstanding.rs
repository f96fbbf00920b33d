//! Commands that a terminal has not answered yet.
//!
//! A command is sent again when its time is over: before attempt n + 1 passes n + 1 times the time before attempt n
//! (JT/T 808-2019, clause 6.2.3). All attempts have the same serials, so that a terminal can tell that it knows it.

use super::downlink::{has_answer, Answers};
use crate::commands::{Answer, CommandId, Outcome};
use smartlink_jt808::{messages::Resend, subpackage::Split, EncodeError, Header, Message};
use std::time::Duration;
use tokio::time::Instant;

/// Commands on their way to one terminal. The next waits for an answer.
pub(super) const WINDOW: usize = 4;

/// A command that was sent.
struct Sent {
    command: CommandId,
    header: Header,
    body: Vec<u8>,
    /// Frames, whose serials count from the header's.
    frames: u16,
    attempts: u32,
    /// The time until the next attempt, as it was for the last.
    patience: Duration,
    due: Instant,
    /// The terminal said that it has it; what it found comes by itself.
    acknowledged: bool,
}

/// What became of a command whose time was over.
pub(super) enum Overdue {
    /// It was sent again.
    Again,
    /// Nobody waits for an answer any more.
    Over(CommandId, Outcome),
}

/// All of one terminal.
pub(super) struct Outstanding {
    sent: Vec<Sent>,
    patience: Duration,
    attempts: u32,
}

impl Outstanding {
    pub(super) fn new(patience: Duration, attempts: u32) -> Self {
        Self { sent: Vec::new(), patience, attempts }
    }

    pub(super) fn has_room(&self) -> bool {
        self.sent.len() < WINDOW
    }

    /// When to look at it again.
    pub(super) fn due(&self) -> Option<Instant> {
        self.sent.iter().map(|sent| sent.due).min()
    }

    /// Sends a command. Returns how many serials it took, from the header's on.
    pub(super) fn send(
        &mut self,
        command: CommandId,
        header: Header,
        message: &Message,
        now: Instant,
        out: &mut Vec<u8>,
    ) -> Result<u16, EncodeError> {
        let mut body = Vec::new();
        message.encode_body(header.version(), &mut body)?;
        let header = Header { id: message.id(), ..header };
        let frames = Split::new(&header, &body, Header::MAX_BODY)?.frames();
        let (patience, due) = (self.patience, now + self.patience);
        let sent =
            Sent { command, header, body, frames, attempts: 1, patience, due, acknowledged: false };
        sent.write(1..=frames, out);
        self.sent.push(sent);
        Ok(frames)
    }

    /// The command that an answer is for, and what became of it, when that is known now.
    pub(super) fn answered(
        &mut self,
        answers: Answers,
        answer: Answer,
        general: bool,
    ) -> Option<(CommandId, Outcome)> {
        let at = self.sent.iter().position(|sent| match answers {
            // Terminals answer the first or the last frame of a message.
            Answers::Serial(serial) => serial.wrapping_sub(sent.header.serial) < sent.frames,
            Answers::Message(id) => sent.header.id == id,
        })?;
        let sent = &mut self.sent[at];
        if general && answer.done && has_answer(sent.header.id) {
            sent.acknowledged = true;
            return None;
        }
        Some((self.sent.remove(at).command, Outcome::Answered(answer)))
    }

    /// Sends the parts again that a terminal misses.
    pub(super) fn resend(&self, resend: &Resend, out: &mut Vec<u8>) {
        let of = |sent: &&Sent| resend.serial.wrapping_sub(sent.header.serial) < sent.frames;
        if let Some(sent) = self.sent.iter().find(of) {
            sent.write(resend.parts.iter().copied(), out);
        }
    }

    /// Looks at the first command whose time is over.
    pub(super) fn overdue(&mut self, now: Instant, out: &mut Vec<u8>) -> Option<Overdue> {
        let at = self.sent.iter().position(|sent| sent.due <= now)?;
        let most = self.attempts;
        let sent = &mut self.sent[at];
        if sent.acknowledged {
            let answer = Answer { done: true, code: Some(0), ..Answer::default() };
            return Some(Overdue::Over(self.sent.remove(at).command, Outcome::Answered(answer)));
        }
        if sent.attempts >= most {
            let why =
                format!("it was sent {} times and the terminal did not answer", sent.attempts);
            return Some(Overdue::Over(self.sent.remove(at).command, Outcome::Failed(why)));
        }
        sent.attempts += 1;
        sent.patience = sent.patience.saturating_mul(sent.attempts);
        sent.due = now + sent.patience;
        sent.write(1..=sent.frames, out);
        Some(Overdue::Again)
    }
}

impl Sent {
    fn write(&self, parts: impl IntoIterator<Item = u16>, out: &mut Vec<u8>) {
        let split = Split::new(&self.header, &self.body, Header::MAX_BODY);
        let split = split.expect("it was split the same way when it was sent first");
        for part in parts {
            // A part that there is not is not sent, and each that there is fits into a frame.
            let _ = split.encode_part(part, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use smartlink_jt808::{frame::Checksum, Splitter};

    fn query() -> (Header, Message) {
        (Header::new(0, "13800138000".parse().unwrap(), 7), Message::QueryLocation)
    }

    fn serials(out: &[u8]) -> Vec<u16> {
        let (mut splitter, mut rest, mut serials) =
            (Splitter::new(Checksum::Required), out, Vec::new());
        while let Some(frame) = splitter.next_in(&mut rest) {
            serials.push(frame.unwrap().header.serial);
        }
        serials
    }

    #[test]
    fn a_command_is_sent_again_ever_more_slowly_and_then_has_failed() {
        let (header, message) = query();
        let second = Duration::from_secs(1);
        let mut outstanding = Outstanding::new(second, 3);
        let (start, mut out) = (Instant::now(), Vec::new());
        assert_eq!(outstanding.send(CommandId(1), header, &message, start, &mut out), Ok(1));
        assert!(outstanding.overdue(start, &mut out).is_none());
        // After T, then after 2 T, then after 6 T more.
        for (at, sent) in [(1, 2), (3, 3)] {
            assert_eq!(outstanding.due(), Some(start + second * at));
            assert!(matches!(
                outstanding.overdue(start + second * at, &mut out),
                Some(Overdue::Again)
            ));
            assert_eq!(serials(&out).len(), sent);
        }
        let over = outstanding.overdue(start + second * 9, &mut out);
        assert!(matches!(over, Some(Overdue::Over(CommandId(1), Outcome::Failed(_)))));
        assert_eq!(serials(&out), [7, 7, 7], "each time with the same serial");
        assert_eq!(outstanding.due(), None);
    }

    #[test]
    fn a_query_waits_for_its_answer_after_it_was_acknowledged() {
        let (header, message) = query();
        let mut outstanding = Outstanding::new(Duration::from_secs(1), 3);
        let (start, mut out) = (Instant::now(), Vec::new());
        outstanding.send(CommandId(1), header, &message, start, &mut out).unwrap();
        let done = || Answer { done: true, ..Answer::default() };
        assert_eq!(outstanding.answered(Answers::Serial(6), done(), true), None);
        assert_eq!(outstanding.answered(Answers::Serial(7), done(), true), None, "it has it");
        let found = outstanding.answered(Answers::Serial(7), done(), false);
        assert_eq!(found, Some((CommandId(1), Outcome::Answered(done()))));
        // Another terminal never sends more than the acknowledgement.
        outstanding.send(CommandId(2), header, &message, start, &mut out).unwrap();
        outstanding.answered(Answers::Serial(7), done(), true);
        let over = outstanding.overdue(start + Duration::from_secs(1), &mut out);
        assert!(matches!(over, Some(Overdue::Over(CommandId(2), Outcome::Answered(_)))));
    }

    #[test]
    fn a_long_message_is_sent_in_parts_and_those_that_are_missed_again() {
        let header = Header::new(0, "13800138000".parse().unwrap(), 65_535);
        let message = Message::Unknown { id: 0x8108, body: vec![5; 2_500] };
        let mut outstanding = Outstanding::new(Duration::from_secs(1), 3);
        let mut out = Vec::new();
        assert_eq!(
            outstanding.send(CommandId(1), header, &message, Instant::now(), &mut out),
            Ok(3)
        );
        assert_eq!(serials(&out), [65_535, 0, 1]);
        out.clear();
        outstanding.resend(&Resend { serial: 65_535, parts: vec![2, 9] }, &mut out);
        assert_eq!(serials(&out), [0]);
        let done = Answer { done: true, ..Answer::default() };
        assert!(
            outstanding.answered(Answers::Serial(1), done, true).is_some(),
            "by its last frame"
        );
    }
}
