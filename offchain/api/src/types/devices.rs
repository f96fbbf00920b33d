//! Terminals in vehicles, and what they are told.

use std::borrow::Cow;

use schemars::{json_schema, JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use smartlink_proto::devices as proto;

use super::{order::named, Id, Text};

named! {
    /// How a terminal talks, and so what it calls itself.
    Protocol = proto::Protocol {
        /// JT/T 808, by the phone number of its SIM card. It gets its code when it registers.
        Jt808,
        /// MQTT or HTTP, by a name and a key.
        Key,
    }
}

named! {
    /// Whether a terminal may work.
    TerminalState = proto::State {
        /// What it reports is taken.
        Active,
        /// It is refused until somebody makes it active again.
        Suspended,
        /// It is refused, and what it sends is shown among the strangers.
        Quarantined,
    }
}

named! {
    /// Where a command is.
    CommandState = proto::CommandState {
        /// It waits for the terminal.
        Queued,
        /// A connection has it.
        Sent,
        /// The terminal answered.
        Answered,
        /// Its time was over.
        Expired,
        /// It cannot be done.
        Failed,
    }
}

/// What is written on a terminal and its vehicle, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Details {
    /// The vehicle's plate.
    pub plate: Text<128>,
    /// By JT/T 415: 1 blue, 2 yellow, 3 black, 4 white, 9 other. 0: no plate.
    pub plate_colour: u8,
    /// The vehicle's VIN.
    pub vin: Text<128>,
    /// The terminal's manufacturer.
    pub manufacturer: Text<128>,
    /// The terminal's model.
    pub model: Text<128>,
    /// The number that the manufacturer gave the terminal.
    pub serial: Text<128>,
}

impl Details {
    /// As the service takes them.
    pub(crate) fn write(self) -> proto::Details {
        proto::Details {
            plate: self.plate.0,
            plate_colour: self.plate_colour.into(),
            vin: self.vin.0,
            manufacturer: self.manufacturer.0,
            model: self.model.0,
            serial: self.serial.0,
        }
    }
}

impl From<proto::Details> for Details {
    fn from(details: proto::Details) -> Self {
        Self {
            plate: Text(details.plate),
            plate_colour: u8::try_from(details.plate_colour).unwrap_or(0),
            vin: Text(details.vin),
            manufacturer: Text(details.manufacturer),
            model: Text(details.model),
            serial: Text(details.serial),
        }
    }
}

/// The connection that a terminal has.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Connection {
    /// jt808 or mqtt.
    pub channel: String,
    /// From where.
    pub address: String,
    /// Since when, in milliseconds of the Unix epoch.
    pub since_ms: u64,
}

/// A terminal.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Terminal {
    /// Its number.
    pub id: Id,
    /// How it talks. Missing: in a way that this version does not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<Protocol>,
    /// What it calls itself.
    pub identity: String,
    /// What is written on it.
    pub details: Details,
    /// The vehicle of the chain that it is in. Missing: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vehicle: Option<u32>,
    /// The block in which it was first seen that the chain has the same binding. Missing: it has not been seen there, or
    /// is there no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bound_on_chain: Option<u32>,
    /// What the chain calls it, for `vehicles.bind_device`: 0x and 64 digits. Missing: the service has no salt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_id: Option<String>,
    /// Whether it may work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<TerminalState>,
    /// When it was enrolled, in milliseconds of the Unix epoch.
    pub created_ms: u64,
    /// When it was last heard. Missing: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_seen_ms: Option<u64>,
    /// Its connection. Missing: it has none now. HTTP has none ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<Connection>,
}

fn known<T: Copy + PartialEq + From<u8>>(number: T) -> Option<T> {
    (number != T::from(0)).then_some(number)
}

impl From<proto::Terminal> for Terminal {
    fn from(terminal: proto::Terminal) -> Self {
        Self {
            id: Id(terminal.id),
            protocol: Protocol::read(terminal.protocol),
            identity: terminal.identity,
            details: terminal.details.unwrap_or_default().into(),
            vehicle: known(terminal.vehicle),
            bound_on_chain: known(terminal.bound_on_chain),
            device_id: (!terminal.device_id.is_empty()).then_some(terminal.device_id),
            state: TerminalState::read(terminal.state),
            created_ms: terminal.created_ms,
            last_seen_ms: known(terminal.last_seen_ms),
            connection: terminal.connection.map(|connection| Connection {
                channel: connection.channel,
                address: connection.address,
                since_ms: connection.since_ms,
            }),
        }
    }
}

/// A page of terminals, in the order of their numbers.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Terminals {
    /// The terminals.
    pub terminals: Vec<Terminal>,
    /// `after` of the next page. Missing: there are no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Id>,
}

impl From<proto::TerminalPage> for Terminals {
    fn from(page: proto::TerminalPage) -> Self {
        let terminals = page.terminals.into_iter().map(Terminal::from).collect();
        Self { terminals, next: Id::known(page.next) }
    }
}

/// A terminal that was enrolled, or got a new key.
#[derive(Clone, PartialEq, Serialize, JsonSchema)]
pub struct Enrolled {
    /// The terminal.
    pub terminal: Terminal,
    /// Its key, shown this once. Missing: none was made, or it was shown before; a lost one is renewed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl From<proto::Enrolled> for Enrolled {
    fn from(enrolled: proto::Enrolled) -> Self {
        Self {
            terminal: enrolled.terminal.unwrap_or_default().into(),
            key: (!enrolled.key.is_empty()).then_some(enrolled.key),
        }
    }
}

/// A device that nobody knows.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Stranger {
    /// How it talks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<Protocol>,
    /// What it calls itself: what to enrol it by.
    pub identity: String,
    /// By what way it came last: jt808, mqtt or http.
    pub channel: String,
    /// From where it came last.
    pub address: String,
    /// What it said of itself.
    pub details: Details,
    /// When it came first, as far as the list goes back.
    pub first_ms: u64,
    /// When it came last.
    pub last_ms: u64,
    /// Times that it was refused.
    pub refused: u64,
    /// Why it was refused last.
    pub reason: String,
    /// The newest of what it sent, in hexadecimal digits, the newest last.
    pub frames: Vec<String>,
}

/// Devices that nobody knows, who came last first.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Strangers {
    /// The devices.
    pub strangers: Vec<Stranger>,
    /// How many there are, also beyond the list.
    pub total: u64,
}

impl From<proto::StrangerList> for Strangers {
    fn from(list: proto::StrangerList) -> Self {
        let strangers = list.strangers.into_iter().map(|stranger| Stranger {
            protocol: Protocol::read(stranger.protocol),
            identity: stranger.identity,
            channel: stranger.channel,
            address: stranger.address,
            details: stranger.details.unwrap_or_default().into(),
            first_ms: stranger.first_ms,
            last_ms: stranger.last_ms,
            refused: stranger.refused,
            reason: stranger.reason,
            frames: stranger.frames,
        });
        Self { strangers: strangers.collect(), total: list.total }
    }
}

/// What a vehicle is told: an object with `kind`. docs/devices.md lists the kinds and what each takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instruction(pub serde_json::Map<String, serde_json::Value>);

impl JsonSchema for Instruction {
    fn schema_name() -> Cow<'static, str> {
        "Instruction".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "required": ["kind"],
            "properties": { "kind": { "type": "string" } },
            "description": "What a vehicle is told. docs/devices.md lists the kinds and what each takes."
        })
    }
}

/// A command and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Command {
    /// Its number.
    pub id: Id,
    /// To which terminal.
    pub terminal: Id,
    /// What to do.
    pub command: serde_json::Value,
    /// When it was taken on, in milliseconds of the Unix epoch.
    pub issued_ms: u64,
    /// When it is over without an answer.
    pub expires_ms: u64,
    /// How often it was given to a connection.
    pub attempts: u32,
    /// Where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<CommandState>,
    /// Since when it is in its state. Missing: it is queued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_ms: Option<u64>,
    /// What the terminal answered: `done`, the protocol's `code`, and `content`. Missing: nothing yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<serde_json::Value>,
    /// Why it failed. Missing: it has not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl From<proto::Command> for Command {
    fn from(command: proto::Command) -> Self {
        let json = |text: &str| serde_json::from_str(text).unwrap_or(serde_json::Value::Null);
        Self {
            id: Id(command.id),
            terminal: Id(command.terminal),
            command: json(&command.command_json),
            issued_ms: command.issued_ms,
            expires_ms: command.expires_ms,
            attempts: command.attempts,
            state: CommandState::read(command.state),
            at_ms: known(command.at_ms),
            answer: (!command.answer_json.is_empty()).then(|| json(&command.answer_json)),
            why: (!command.why.is_empty()).then_some(command.why),
        }
    }
}

/// Commands of a terminal, the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Commands {
    /// The commands.
    pub commands: Vec<Command>,
    /// `before` of the next page. Missing: there are no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Id>,
}

impl From<proto::CommandPage> for Commands {
    fn from(page: proto::CommandPage) -> Self {
        let commands = page.commands.into_iter().map(Command::from).collect();
        Self { commands, next: Id::known(page.next) }
    }
}

/// A photo, a sound or a film that a terminal uploaded.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Medium {
    /// Its number.
    pub id: Id,
    /// The terminal.
    pub terminal: Id,
    /// The vehicle that the terminal was in. Missing: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vehicle: Option<u32>,
    /// JT/T 808: 0 a picture, 1 sound, 2 video.
    pub kind: u32,
    /// JT/T 808: 0 JPEG, 1 TIF, 2 MP3, 3 WAV, 4 WMV.
    pub format: u32,
    /// JT/T 808: 0 by the platform, 1 regular, 2 robbery, 3 collision, and others.
    pub event: u32,
    /// The camera or microphone.
    pub channel: u32,
    /// When it was taken, by the terminal's clock.
    pub time_ms: u64,
    /// When it came.
    pub received_ms: u64,
    /// Its size.
    pub bytes: u64,
}

/// By the format of JT/T 808: the end of a file's name, and what HTTP calls it.
const FORMATS: [(&str, &str); 5] = [
    ("jpg", "image/jpeg"),
    ("tif", "image/tiff"),
    ("mp3", "audio/mpeg"),
    ("wav", "audio/wav"),
    ("wmv", "video/x-ms-wmv"),
];

impl Medium {
    fn known_format(&self) -> (&'static str, &'static str) {
        let format = usize::try_from(self.format).ok().and_then(|format| FORMATS.get(format));
        format.copied().unwrap_or(("bin", "application/octet-stream"))
    }

    /// A name for its file.
    pub(crate) fn file_name(&self) -> String {
        format!("terminal_{}_{}.{}", self.terminal.0, self.id.0, self.known_format().0)
    }

    /// What HTTP calls its content.
    pub(crate) fn content_type(&self) -> &'static str {
        self.known_format().1
    }
}

/// Uploads of a terminal, the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Media {
    /// The uploads.
    pub media: Vec<Medium>,
    /// `before` of the next page. Missing: there are no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Id>,
}

impl From<proto::MediaPage> for Media {
    fn from(page: proto::MediaPage) -> Self {
        let media = page.media.into_iter().map(|medium| Medium {
            id: Id(medium.id),
            terminal: Id(medium.terminal),
            vehicle: known(medium.vehicle),
            kind: medium.kind,
            format: medium.format,
            event: medium.event,
            channel: medium.channel,
            time_ms: medium.time_ms,
            received_ms: medium.received_ms,
            bytes: medium.bytes,
        });
        Self { media: media.collect(), next: Id::known(page.next) }
    }
}
