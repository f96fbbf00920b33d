//! Commands as messages of JT/T 808, and answers as what became of them.

use crate::commands::{
    bytes_of, Answer, Command, Control, MediaSource, Parameter, ParameterValue, TerminalAction,
    TextShown,
};
use serde_json::{json, Value as Json};
use smartlink_jt808::{
    location::LocationReport,
    messages::{
        AlarmConfirmation, CallBack, CameraCommand, GeneralReply, MediaRequest, MediaRequestOne,
        Passthrough, TerminalControl, TextMessage, Tracking, VehicleControl,
    },
    parameters::{self, ParameterIds, Parameters, Value},
    BcdTime, Message, Text, Version,
};

/// The message of a command in a version; or why there is none.
pub(super) fn message(command: &Command, version: Version) -> Result<Message, String> {
    Ok(match command {
        Command::Text { text, shown } => Message::Text(TextMessage {
            flags: text_flags(*shown, version),
            kind: (version == Version::V2019).then_some(if shown.urgent { 1 } else { 2 }),
            text: Text::from(text.as_str()),
        }),
        Command::Control { control } => {
            Message::ControlVehicle(VehicleControl::doors(version, *control == Control::Lock))
        }
        Command::Terminal { action } => {
            Message::ControlTerminal(TerminalControl::new(terminal_control(*action), ""))
        }
        Command::SetParameters { parameters } => Message::SetParameters(Parameters(
            parameters.iter().map(parameter).collect::<Result<_, _>>()?,
        )),
        Command::QueryParameters { ids } if ids.is_empty() => Message::QueryParameters,
        Command::QueryParameters { ids } => {
            Message::QuerySomeParameters(ParameterIds { ids: ids.clone() })
        }
        Command::QueryAttributes => Message::QueryProperties,
        Command::QueryPosition => Message::QueryLocation,
        Command::Track { interval_s, lasting_s } => {
            let duration = (*interval_s > 0).then_some(*lasting_s);
            Message::Track(Tracking { interval: *interval_s, duration })
        }
        Command::ConfirmAlarm { event, alarms } => {
            Message::ConfirmAlarm(AlarmConfirmation { serial: *event, alarms: *alarms })
        }
        Command::Call { number, listen } => Message::CallBack(CallBack {
            kind: u8::from(*listen),
            phone: Text::from(number.as_str()),
        }),
        Command::TakePhoto(photo) => Message::Camera(CameraCommand {
            channel: photo.channel,
            command: photo.count,
            seconds: photo.interval_s,
            store: u8::from(photo.store),
            resolution: photo.resolution,
            quality: photo.quality,
            brightness: photo.brightness,
            contrast: photo.contrast,
            saturation: photo.saturation,
            chroma: photo.chroma,
        }),
        Command::UploadMedia { source, delete } => media_request(*source, u8::from(*delete))?,
        Command::Transparent { channel, data } => {
            Message::Downlink(Passthrough { kind: *channel, data: bytes(data)? })
        }
        Command::Raw { message, body } => Message::Unknown { id: *message, body: bytes(body)? },
        Command::Custom { .. } => {
            return Err("JT/T 808 has no commands of a device's own: use raw".into())
        }
    })
}

fn text_flags(shown: TextShown, version: Version) -> u8 {
    // Bits 0 and 1 of 2019: 1 service, 2 urgent. Before, bit 0 is urgent.
    let kind = match (version, shown.urgent) {
        (Version::V2019, true) => 2,
        (Version::V2019, false) | (_, true) => 1,
        (_, false) => 0,
    };
    kind | u8::from(shown.display) << 2 | u8::from(shown.speak) << 3
}

const fn terminal_control(action: TerminalAction) -> u8 {
    match action {
        TerminalAction::PowerOff => TerminalControl::SWITCH_OFF,
        TerminalAction::Restart => TerminalControl::RESET,
        TerminalAction::FactoryReset => TerminalControl::RESTORE,
        TerminalAction::CloseData => TerminalControl::CLOSE_DATA,
        TerminalAction::CloseWireless => TerminalControl::CLOSE_RADIO,
    }
}

fn parameter(of: &Parameter) -> Result<parameters::Parameter, String> {
    let value = match &of.value {
        ParameterValue::Byte(value) => Value::Byte(*value),
        ParameterValue::Word(value) => Value::Word(*value),
        ParameterValue::Dword(value) => Value::Dword(*value),
        ParameterValue::Text(text) => Value::Text(Text::from(text.as_str())),
        ParameterValue::Bytes(digits) => Value::Bytes(bytes(digits)?),
    };
    Ok(parameters::Parameter { id: of.id, value })
}

fn media_request(source: MediaSource, delete: u8) -> Result<Message, String> {
    Ok(match source {
        MediaSource::Item(id) => Message::MediaRequestOne(MediaRequestOne { id, delete }),
        MediaSource::Between { kind, channel, event, from_ms, to_ms } => {
            let time = |at_ms| match at_ms {
                0 => Ok(BcdTime::default()),
                at_ms => BcdTime::from_millis(at_ms).map_err(|error| error.to_string()),
            };
            let (start, end) = (time(from_ms)?, time(to_ms)?);
            Message::MediaRequest(MediaRequest { kind, channel, event, start, end, delete })
        }
    })
}

fn bytes(digits: &str) -> Result<Vec<u8>, String> {
    bytes_of(digits).ok_or_else(|| "the bytes are not pairs of hexadecimal digits".to_owned())
}

/// What tells which command an answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answers {
    /// The command that was sent with this serial.
    Serial(u16),
    /// The first that was sent as this message: the answer has no serial.
    Message(u16),
}

/// What a message of a terminal answers, and how. None: it answers nothing.
pub(super) fn answer(message: &Message, body: &[u8]) -> Option<(Answers, Answer)> {
    let done = |content| Answer { done: true, code: None, content };
    let (serial, answer) = match message {
        Message::TerminalReply(GeneralReply { serial, result, .. }) => {
            let done = *result == GeneralReply::SUCCESS;
            (*serial, Answer { done, code: Some((*result).into()), content: Json::Null })
        }
        Message::ParameterAnswer(of) => {
            let all = of.parameters.0.iter().map(parameter_json).collect();
            (of.serial, done(json!({ "parameters": Json::Array(all) })))
        }
        Message::PropertyAnswer(of) => {
            let content = json!({
                "kind": of.kind,
                "manufacturer": of.manufacturer.to_string(),
                "model": of.model.to_string(),
                "terminal_id": of.terminal_id.to_string(),
                "iccid": hexadecimal(&of.iccid),
                "hardware": of.hardware.to_string(),
                "firmware": of.firmware.to_string(),
                "gnss": of.gnss,
                "network": of.network,
            });
            return Some((Answers::Message(Message::QueryProperties.id()), done(content)));
        }
        Message::LocationAnswer(of) | Message::VehicleControlAnswer(of) => {
            (of.serial, done(place(&of.report)))
        }
        Message::CameraAnswer(of) => {
            let answer = Answer {
                done: of.result == 0,
                code: Some(of.result.into()),
                content: json!({ "ids": of.ids }),
            };
            (of.serial, answer)
        }
        Message::RecorderData(of) => (of.serial, done(json!({ "body": hexadecimal(body) }))),
        Message::MediaSearchAnswer(of) => {
            let items = of.items.iter().map(|item| {
                json!({
                    "id": item.id,
                    "kind": item.kind,
                    "channel": item.channel,
                    "event": item.event,
                    "time_ms": item.location.time.millis().ok(),
                })
            });
            (of.serial, done(json!({ "items": items.collect::<Vec<_>>() })))
        }
        Message::AreaAnswer(_) => {
            let content = json!({ "body": hexadecimal(body) });
            return Some((Answers::Message(0x8608), done(content)));
        }
        _ => return None,
    };
    Some((Answers::Serial(serial), answer))
}

/// Whether a command has an answer of its own, so that a general reply without error is not the last word.
pub(super) const fn has_answer(id: u16) -> bool {
    matches!(id, 0x8104 | 0x8106 | 0x8107 | 0x8201 | 0x8500 | 0x8608 | 0x8700 | 0x8801 | 0x8802)
}

fn parameter_json(of: &parameters::Parameter) -> Json {
    let value = match &of.value {
        Value::Byte(value) => json!({ "byte": value }),
        Value::Word(value) => json!({ "word": value }),
        Value::Dword(value) => json!({ "dword": value }),
        Value::Text(text) => json!({ "text": text.to_string() }),
        Value::Bytes(bytes) => json!({ "bytes": hexadecimal(bytes) }),
    };
    json!({ "id": of.id, "name": parameters::find(of.id).map(|found| found.name), "value": value })
}

fn place(report: &LocationReport<'_>) -> Json {
    let location = &report.location;
    json!({
        "latitude": location.latitude,
        "longitude": location.longitude,
        "speed": location.speed,
        "heading": location.heading,
        "status": location.status,
        "alarms": location.alarms,
        "time_ms": location.time.millis().ok(),
    })
}

fn hexadecimal(bytes: &[u8]) -> String {
    crate::quarantine::hexadecimal(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_version_has_its_words() {
        let text = Command::Text {
            text: "慢一点".into(),
            shown: TextShown { urgent: true, ..Default::default() },
        };
        let sent = |command: &Command, version| {
            let (mut body, message) = (Vec::new(), message(command, version).unwrap());
            message.encode_body(version, &mut body).unwrap();
            (message.id(), hexadecimal(&body))
        };
        assert_eq!(sent(&text, Version::V2013), (0x8300, "0dc2fdd2bbb5e3".into()));
        assert_eq!(sent(&text, Version::V2019), (0x8300, "0e01c2fdd2bbb5e3".into()));
        let lock = Command::Control { control: Control::Lock };
        assert_eq!(sent(&lock, Version::V2013), (0x8500, "01".into()));
        assert_eq!(sent(&lock, Version::V2019), (0x8500, "0001000101".into()));
        let heartbeat = Parameter { id: 1, value: ParameterValue::Dword(60) };
        let set = Command::SetParameters { parameters: vec![heartbeat] };
        assert_eq!(sent(&set, Version::V2013), (0x8103, "0100000001040000003c".into()));
        let raw = Command::Raw { message: 0x8203, body: "000000000001".into() };
        assert_eq!(sent(&raw, Version::V2019), (0x8203, "000000000001".into()));
        assert!(message(
            &Command::Custom { name: "x".into(), payload: Json::Null },
            Version::V2019
        )
        .is_err());
    }
}
