//! What a terminal and the platform say to each other: frames in, a [`Turn`] out. No socket.

#[cfg(test)]
mod tests;

use super::{
    downlink,
    mapping::{Mapping, LOCATION},
    outstanding::{Outstanding, Overdue},
    turn::{Turn, Upload, MEDIA},
    uploads, Jt808Config, Jt808Figures,
};
use crate::{
    clock::now_ms,
    commands::{CommandId, Issued, Outcome},
    gate::{Admission, Credential, Gate, Outlet, Peer, Refusal},
    registry::{Details, Identity},
};
use smartlink_jt808::{
    frame,
    messages::{GeneralReply, Registration, RegistrationReply},
    reply,
    subpackage::{Assembler, Limits, Silent},
    Frame, Header, LocationBatch, LocationReport, Message,
};
use smartlink_records::Flags;
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;

/// Messages of one terminal that are being put together.
const UNFINISHED: usize = 4;
/// Bytes of them before a terminal was let in.
const STRANGERS_BYTES: usize = 4_096;
/// How often missing packages are asked for.
const REQUESTS: u8 = 3;
/// The message of collected positions.
const BATCH: u16 = 0x0704;

/// What all conversations of the listener share.
pub(super) struct Shared {
    pub(super) gate: Gate,
    pub(super) config: Jt808Config,
    pub(super) figures: Arc<Jt808Figures>,
}

/// One terminal, or who says to be one.
pub(super) struct Conversation {
    shared: Arc<Shared>,
    peer: Peer,
    /// The platform's next serial.
    serial: u16,
    /// The header of the newest frame: how to address the terminal.
    newest: Option<Header>,
    admission: Option<Admission>,
    /// Why it was not let in, for who stays connected all the same.
    refusal: Option<Refusal>,
    /// Made with the first package.
    assembler: Option<Box<Assembler>>,
    /// Made with the first command.
    outstanding: Option<Box<Outstanding>>,
}

impl Conversation {
    pub(super) fn new(shared: Arc<Shared>, peer: Peer) -> Self {
        Self {
            shared,
            peer,
            serial: 0,
            newest: None,
            admission: None,
            refusal: None,
            assembler: None,
            outstanding: None,
        }
    }

    pub(super) fn admission(&self) -> Option<&Admission> {
        self.admission.as_ref()
    }

    fn next_serial(&mut self) -> u16 {
        let serial = self.serial;
        self.serial = serial.wrapping_add(1);
        serial
    }

    fn mapping(&self) -> Mapping<'_> {
        let config = &self.shared.config;
        Mapping {
            now_ms: now_ms(),
            tyre_unit_pa: config.tyre_unit_pa,
            figures: &self.shared.figures,
        }
    }

    /// Answers a frame, or owes an answer. Returns the outlet of a terminal that has just authenticated.
    pub(super) fn frame(&mut self, frame: &Frame<'_>, turn: &mut Turn) -> Option<Outlet> {
        let Frame { header, body } = frame;
        let of_other = self.admission.is_some()
            && self.newest.is_some_and(|newest| newest.phone.key() != header.phone.key());
        if of_other {
            // One connection is one terminal: whoever speaks for others has to connect for each.
            self.stranger(header, body, turn);
            return None;
        }
        self.newest = Some(*header);
        if header.encryption != 0 {
            self.shared.figures.bad_bodies.add(1);
            self.general(header, GeneralReply::WRONG, turn);
            return None;
        }
        match header.package {
            Some(package) if package.total > 1 => self.package(header, body, turn),
            _ => self.message(header, body, turn),
        }
    }

    /// A part of a message; the whole message when it is the last.
    fn package(&mut self, header: &Header, body: &[u8], turn: &mut Turn) -> Option<Outlet> {
        if self.admission.is_none() && header.id != 0x0100 && header.id != 0x0102 {
            self.stranger(header, body, turn);
            return None;
        }
        let config = &self.shared.config;
        // Nobody who was not let in has anything long to say.
        let bytes = match self.admission {
            Some(_) => usize::try_from(config.message_bytes).unwrap_or(usize::MAX),
            None => STRANGERS_BYTES,
        };
        let assembler = self.assembler.get_or_insert_with(|| {
            Box::new(Assembler::new(Limits {
                messages: UNFINISHED,
                bytes,
                silence_ms: config.package_ms,
                requests: REQUESTS,
            }))
        });
        match assembler.push(header, body, now_ms()) {
            Ok(None) => {
                // The upload as a whole has an answer of its own; most terminals want one for each package before they
                // send the next. Other messages are answered when the disk has them.
                if header.id == MEDIA {
                    self.general(header, GeneralReply::SUCCESS, turn);
                }
                None
            }
            Ok(Some(whole)) => {
                if assembler.unfinished() == 0 {
                    self.assembler = None;
                }
                if whole.header.serial != header.serial && header.id != MEDIA {
                    let serial = self.next_serial();
                    turn.owe(header, serial);
                }
                self.message(&whole.header, &whole.body, turn)
            }
            Err(error) => {
                tracing::debug!(address = %self.peer.address, %error, "packages are refused");
                self.shared.figures.unfinished.add(1);
                self.general(header, GeneralReply::WRONG, turn);
                None
            }
        }
    }

    /// A whole message.
    fn message(&mut self, header: &Header, body: &[u8], turn: &mut Turn) -> Option<Outlet> {
        match (header.id, &self.admission) {
            (0x0100, _) => self.register(header, body, turn),
            (0x0102, _) => return self.authenticate(header, body, turn),
            (0x0004, _) => {
                let serial = self.next_serial();
                // The clock stands in this century.
                let _ = reply::time(header, serial, now_ms(), &mut turn.out);
            }
            (_, None) => self.stranger(header, body, turn),
            (LOCATION, Some(_)) => match LocationReport::decode(body) {
                Ok(report) => {
                    turn.reports.push(self.mapping().report(&report));
                    self.owe(header, turn);
                }
                Err(_) => self.wrong(header, turn),
            },
            (BATCH, Some(_)) => self.batch(header, body, turn),
            (_, Some(_)) => self.other(header, body, turn),
        }
        None
    }

    fn batch(&mut self, header: &Header, body: &[u8], turn: &mut Turn) {
        let Ok(batch) = LocationBatch::decode(body) else {
            self.wrong(header, turn);
            return;
        };
        self.shared.figures.bad_bodies.add(batch.malformed.into());
        let stored = batch.kind == LocationBatch::LATE;
        for report in &batch.reports {
            let mut report = self.mapping().report(report);
            report.flags = report.flags.with(Flags::STORED, stored);
            turn.reports.push(report);
        }
        self.owe(header, turn);
    }

    /// A message of an authenticated terminal that is no position.
    fn other(&mut self, header: &Header, body: &[u8], turn: &mut Turn) {
        let Ok(message) = Message::decode_body(header.id, header.version(), body) else {
            self.wrong(header, turn);
            return;
        };
        self.answered(&message, body);
        match &message {
            Message::TerminalReply(_) => self.heard(),
            Message::Heartbeat | Message::TerminalKey(_) => {
                self.heard();
                self.general(header, GeneralReply::SUCCESS, turn);
            }
            Message::Logout => {
                self.general(header, GeneralReply::SUCCESS, turn);
                turn.close = true;
            }
            Message::TerminalResend(resend) => {
                if let Some(outstanding) = &self.outstanding {
                    outstanding.resend(resend, &mut turn.out);
                }
            }
            Message::LocationAnswer(answer) | Message::VehicleControlAnswer(answer) => {
                turn.reports.push(self.mapping().report(&answer.report));
                self.owe(header, turn);
            }
            Message::MediaUpload(media) => {
                let Some(admission) = &self.admission else { return };
                let (item, report) = uploads::media(
                    media,
                    admission.terminal(),
                    admission.vehicle(),
                    self.mapping(),
                );
                let serial = self.next_serial();
                turn.upload(Upload {
                    to: *header,
                    serial,
                    item,
                    report,
                    content: media.data.clone(),
                });
            }
            Message::Unknown { id, .. } => {
                tracing::debug!(address = %self.peer.address, id, "a message that is not known");
                self.shared.figures.unknown_messages.add(1);
                self.general(header, GeneralReply::UNSUPPORTED, turn);
            }
            message if message.is_downlink() => self.wrong(header, turn),
            message => match uploads::report(message, body, self.mapping()) {
                Some(report) => {
                    turn.reports.push(report);
                    self.owe(header, turn);
                }
                // It answered a command; that is kept already.
                None => self.general(header, GeneralReply::SUCCESS, turn),
            },
        }
    }

    fn register(&mut self, header: &Header, body: &[u8], turn: &mut Turn) {
        let Ok(Message::Register(registration)) =
            Message::decode_body(header.id, header.version(), body)
        else {
            self.wrong(header, turn);
            return;
        };
        let bytes = bytes_of(header, body);
        let registered = self.shared.gate.register(
            &header.phone.number(),
            &details(&registration),
            self.peer,
            &bytes,
        );
        let serial = self.next_serial();
        match registered {
            Ok(code) => {
                reply::registration(
                    header,
                    serial,
                    RegistrationReply::SUCCESS,
                    code.expose(),
                    &mut turn.out,
                );
            }
            Err(refusal) => {
                let result = match refusal {
                    Refusal::Mismatch => RegistrationReply::TERMINAL_REGISTERED,
                    _ => RegistrationReply::TERMINAL_UNKNOWN,
                };
                reply::registration(header, serial, result, "", &mut turn.out);
                turn.close = !self.shared.gate.watches_strangers();
                self.refusal = Some(refusal);
            }
        }
    }

    fn authenticate(&mut self, header: &Header, body: &[u8], turn: &mut Turn) -> Option<Outlet> {
        let Ok(Message::Authenticate(authentication)) =
            Message::decode_body(header.id, header.version(), body)
        else {
            self.wrong(header, turn);
            return None;
        };
        let phone = header.phone.number();
        let auth_code = authentication.code.as_bytes().to_vec();
        match self.shared.gate.admit(Credential::Jt808 { phone, auth_code }, self.peer) {
            Ok(admission) => {
                self.general(header, GeneralReply::SUCCESS, turn);
                self.refusal = None;
                let again = self.admission.replace(admission.clone()).is_some();
                // From here on with the room of who was let in.
                self.assembler = None;
                (!again).then(|| self.shared.gate.attach(&admission, self.peer))
            }
            Err(refusal) => {
                self.shared.figures.strangers.add(1);
                self.general(header, GeneralReply::FAILURE, turn);
                // Most register then. Who may not come back at all is not kept.
                turn.close |= matches!(refusal, Refusal::Suspended | Refusal::TooManyAttempts);
                self.refusal = Some(refusal);
                None
            }
        }
    }

    /// A message of who has not authenticated: shown, and refused.
    fn stranger(&mut self, header: &Header, body: &[u8], turn: &mut Turn) {
        self.shared.figures.strangers.add(1);
        if let (Some(refusal), Ok(identity)) =
            (&self.refusal, Identity::phone(&header.phone.number()))
        {
            self.shared.gate.note_stranger(&identity, self.peer, refusal, &bytes_of(header, body));
        }
        if header.id != 0x0001 {
            self.general(header, GeneralReply::FAILURE, turn);
        }
    }

    fn answered(&mut self, message: &Message, body: &[u8]) {
        let Some((answers, answer)) = downlink::answer(message, body) else { return };
        let general = matches!(message, Message::TerminalReply(_));
        let over = self
            .outstanding
            .as_mut()
            .and_then(|outstanding| outstanding.answered(answers, answer, general));
        if let Some((id, outcome)) = over {
            self.shared.figures.commands_answered.add(1);
            self.settle(id, outcome);
        }
    }

    fn settle(&self, id: CommandId, outcome: Outcome) {
        let Some(admission) = &self.admission else { return };
        if let Err(error) = self.shared.gate.settle(admission, id, outcome) {
            tracing::warn!(%error, command = id.0, "what became of a command was not written down");
        }
    }

    /// Whether another command may be sent.
    pub(super) fn has_room(&self) -> bool {
        self.outstanding.as_ref().is_none_or(|outstanding| outstanding.has_room())
    }

    /// Sends a command.
    pub(super) fn command(&mut self, issued: &Issued, now: Instant, out: &mut Vec<u8>) {
        let Some(newest) = self.newest else { return };
        let message = match downlink::message(&issued.command, newest.version()) {
            Ok(message) => message,
            Err(why) => return self.settle(issued.id, Outcome::Failed(why)),
        };
        let header = newest.reply(message.id(), self.serial);
        let config = &self.shared.config;
        let outstanding = self.outstanding.get_or_insert_with(|| {
            Box::new(Outstanding::new(
                Duration::from_millis(config.answer_ms),
                config.answer_attempts,
            ))
        });
        match outstanding.send(issued.id, header, &message, now, out) {
            Ok(frames) => {
                self.serial = self.serial.wrapping_add(frames);
                self.shared.figures.commands_sent.add(1);
            }
            Err(error) => self.settle(issued.id, Outcome::Failed(error.to_string())),
        }
    }

    /// When to call [`tick`](Self::tick).
    pub(super) fn due(&self, now: Instant) -> Option<Instant> {
        let packages = Duration::from_millis(self.shared.config.package_ms);
        let silent = self.assembler.as_ref().map(|_| now + packages);
        let unanswered = self.outstanding.as_ref().and_then(|outstanding| outstanding.due());
        [silent, unanswered].into_iter().flatten().min()
    }

    /// Does what time demands: asks for packages that are missing, and sends commands again.
    pub(super) fn tick(&mut self, now: Instant, out: &mut Vec<u8>) {
        let silent =
            self.assembler.as_mut().map(|assembler| assembler.silent(now_ms())).unwrap_or_default();
        for silent in silent {
            match (silent, self.newest) {
                (Silent::Request { resend, .. }, Some(newest)) => {
                    let serial = self.next_serial();
                    reply::resend(&newest, serial, resend, out);
                }
                (Silent::Request { .. }, None) => {}
                (Silent::GivenUp { id, parts, total }, _) => {
                    tracing::debug!(address = %self.peer.address, id, parts, total, "a message was given up");
                    self.shared.figures.unfinished.add(1);
                }
            }
        }
        if self.assembler.as_ref().is_some_and(|assembler| assembler.unfinished() == 0) {
            self.assembler = None;
        }
        while let Some(overdue) =
            self.outstanding.as_mut().and_then(|outstanding| outstanding.overdue(now, out))
        {
            match overdue {
                Overdue::Again => self.shared.figures.commands_sent.add(1),
                Overdue::Over(id, outcome) => self.settle(id, outcome),
            }
        }
    }

    fn heard(&self) {
        if let Some(admission) = &self.admission {
            admission.heard();
        }
    }

    fn owe(&mut self, header: &Header, turn: &mut Turn) {
        let serial = self.next_serial();
        turn.owe(header, serial);
    }

    fn wrong(&mut self, header: &Header, turn: &mut Turn) {
        self.shared.figures.bad_bodies.add(1);
        self.general(header, GeneralReply::WRONG, turn);
    }

    fn general(&mut self, header: &Header, result: u8, turn: &mut Turn) {
        let serial = self.next_serial();
        reply::general(header, serial, result, &mut turn.out);
    }
}

/// The frame as it was on the wire.
fn bytes_of(header: &Header, body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A body that was put together from packages is shown up to the length of one frame.
    let body = &body[..body.len().min(Header::MAX_BODY)];
    let _ = frame::encode(header, body, &mut bytes);
    bytes
}

fn details(of: &Registration) -> Details {
    let plate = of.plate.to_string();
    // Without a colour there is no plate, and the VIN stands in its place.
    let (plate, vin) =
        if of.plate_color == 0 { (String::new(), plate) } else { (plate, String::new()) };
    Details {
        plate,
        plate_colour: of.plate_color,
        vin,
        manufacturer: of.manufacturer.to_string(),
        model: of.model.to_string(),
        serial: of.terminal_id.to_string(),
        province: of.province,
        city: of.city,
    }
}
