//! Everything that a terminal reports besides positions, as reports.
//!
//! Bytes that have no quantity are attachments as they came, under the number of their message: a driver's card
//! (0x0702), a waybill (0x0701), transparent data with its type in front (0x0900), CAN frames (0x0705), a recorder's
//! answer (0x0700), events and answers of drivers (0x0301 to 0x0303), an event of media (0x0800).

use super::mapping::Mapping;
use crate::{media::Item, obd};
use smartlink_jt808::{
    messages::{CanFrame, CanUpload, DriverIdentity, MediaUpload, Passthrough},
    obd::isotp,
    Message,
};
use smartlink_records::{Attachment, Reading, Report, TerminalId, MAX_ATTACHMENT, MAX_READINGS};

/// Half a day: a time of the day is of the nearest day.
const HALF_DAY_MS: u64 = 12 * 3_600_000;
const DAY_MS: u64 = 2 * HALF_DAY_MS;
const GMT_8_MS: u64 = 8 * 3_600_000;
/// The ids of responses of OBD on the bus: 11 bits, and 29 bits without the last byte.
const RESPONSES_11: std::ops::RangeInclusive<u32> = 0x7e8..=0x7ef;
const RESPONSES_29: u32 = 0x0018_daf1;

/// A report of `message`, whose body is kept, when it is one that a terminal sends by itself.
pub(super) fn report(message: &Message, body: &[u8], mapping: Mapping<'_>) -> Option<Report> {
    let (time_ms, readings) = match message {
        Message::Can(can) => (can_time(can, mapping.now_ms), can_readings(can)),
        Message::Uplink(data) => (mapping.now_ms, passed_on(data)),
        Message::Driver(DriverIdentity::Card(card)) => {
            (card.time.millis().unwrap_or(mapping.now_ms), Vec::new())
        }
        Message::Driver(DriverIdentity::Edition2011(_))
        | Message::Waybill(_)
        | Message::RecorderData(_)
        | Message::Event(_)
        | Message::Answer(_)
        | Message::InformationOrder(_)
        | Message::MediaEvent(_)
        | Message::Compressed(_) => (mapping.now_ms, Vec::new()),
        _ => return None,
    };
    let bytes = body[..body.len().min(MAX_ATTACHMENT)].to_vec();
    let attachment = Some(Attachment { kind: message.id(), bytes });
    Some(Report { time_ms, readings, attachment, ..Report::default() })
}

fn passed_on(data: &Passthrough) -> Vec<Reading> {
    let readings =
        if data.kind >= Passthrough::OWN { obd::framed_readings(&data.data) } else { Vec::new() };
    bounded(readings)
}

fn can_readings(can: &CanUpload) -> Vec<Reading> {
    // All frames are of one upload: none is silent for long.
    let mut bus = isotp::Assembler::new(u64::MAX);
    let responses = can.frames.iter().filter(|frame| is_response(frame));
    let messages =
        responses.filter_map(|frame| bus.push(frame.can_id(), &frame.data, 0).ok().flatten());
    bounded(messages.flat_map(|message| obd::readings(&message.bytes)).collect())
}

fn is_response(frame: &CanFrame) -> bool {
    if frame.is_extended() {
        frame.can_id() >> 8 == RESPONSES_29
    } else {
        RESPONSES_11.contains(&frame.can_id())
    }
}

fn bounded(mut readings: Vec<Reading>) -> Vec<Reading> {
    readings.truncate(MAX_READINGS);
    readings
}

/// CAN data has a time of the day in GMT+8: that of the day which is nearest to its arrival.
fn can_time(can: &CanUpload, now_ms: u64) -> u64 {
    let Some(of_day) = can.millis_of_day() else { return now_ms };
    let local = now_ms + GMT_8_MS;
    let today = local - local % DAY_MS + u64::from(of_day);
    let nearest = if today > local + HALF_DAY_MS {
        today.saturating_sub(DAY_MS)
    } else if today + HALF_DAY_MS < local {
        today + DAY_MS
    } else {
        today
    };
    nearest.saturating_sub(GMT_8_MS)
}

/// An upload as it is listed, and the report of where it was made.
pub(super) fn media(
    of: &MediaUpload,
    terminal: TerminalId,
    vehicle: u32,
    mapping: Mapping<'_>,
) -> (Item, Report) {
    let report = match &of.location {
        Some(location) => mapping.location(location),
        None => Report { time_ms: mapping.now_ms, ..Report::default() },
    };
    let item = Item {
        id: 0,
        terminal,
        vehicle,
        number: of.id,
        kind: of.kind,
        format: of.format,
        event: of.event,
        channel: of.channel,
        time_ms: report.time_ms,
        received_ms: mapping.now_ms,
        bytes: 0,
    };
    (item, report)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jt808::Jt808Figures;

    fn mapping(figures: &Jt808Figures) -> Mapping<'_> {
        // 2026-11-23 00:30 in Beijing.
        Mapping { now_ms: 1_795_365_000_000, tyre_unit_pa: 1, figures }
    }

    #[test]
    fn can_frames_are_kept_and_what_the_engine_answers_is_read() {
        let figures = Jt808Figures::default();
        let answer = CanFrame { id: 0x7e8, data: [0x04, 0x41, 0x0c, 0x1a, 0xf8, 0, 0, 0] };
        let other = CanFrame { id: 0x123, data: [0x04, 0x41, 0x0c, 0xff, 0xff, 0, 0, 0] };
        // Ten minutes before midnight.
        let can = CanUpload { time: [0x23, 0x50, 0x00, 0x01, 0x23], frames: vec![other, answer] };
        let report = report(&Message::Can(can), b"body", mapping(&figures)).unwrap();
        assert_eq!(report.time_ms, 1_795_365_000_000 - 40 * 60_000 + 123);
        assert_eq!(
            report.readings,
            [Reading::of(smartlink_records::Quantity::EngineSpeed, 17_260)]
        );
        assert_eq!(report.attachment, Some(Attachment { kind: 0x0705, bytes: b"body".to_vec() }));
    }

    #[test]
    fn what_a_peripheral_says_is_kept() {
        let figures = Jt808Figures::default();
        let data = Passthrough { kind: 0xf1, data: vec![3, 0x41, 0x0d, 60] };
        let told =
            report(&Message::Uplink(data), &[0xf1, 3, 0x41, 0x0d, 60], mapping(&figures)).unwrap();
        assert_eq!(told.reading(smartlink_records::Quantity::VehicleSpeed), Some(600));
        let serial = Passthrough { kind: Passthrough::SERIAL_1, data: vec![3, 0x41, 0x0d, 60] };
        let told = report(&Message::Uplink(serial), &[], mapping(&figures)).unwrap();
        assert!(told.readings.is_empty(), "who knows what is on a serial port");
        assert_eq!(report(&Message::Heartbeat, &[], mapping(&figures)), None);
    }
}
