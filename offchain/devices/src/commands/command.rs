//! What a vehicle can be told.

use super::CommandError;
use serde::{Deserialize, Serialize};

/// The longest text, in bytes of UTF-8.
const MAX_TEXT: usize = 1_024;
/// Parameters in one command.
const MAX_PARAMETERS: usize = 128;
/// The largest raw or transparent message.
const MAX_RAW: usize = 64 << 10;
/// The largest payload of a command of a device's own.
const MAX_PAYLOAD: usize = 64 << 10;

/// A command. Every protocol sends those that it has; the others fail with a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// Show or speak a text (JT/T 808: 0x8300).
    Text {
        /// The text, 1 to 1,024 bytes.
        text: String,
        /// How it is shown.
        #[serde(default)]
        shown: TextShown,
    },
    /// Control the vehicle (JT/T 808: 0x8500).
    Control {
        /// What to do.
        control: Control,
    },
    /// Control the terminal itself (JT/T 808: 0x8105).
    Terminal {
        /// What to do.
        action: TerminalAction,
    },
    /// Set parameters of the terminal (JT/T 808: 0x8103).
    SetParameters {
        /// Up to 128.
        parameters: Vec<Parameter>,
    },
    /// Ask for parameters (JT/T 808: 0x8104, 0x8106).
    QueryParameters {
        /// Which, up to 128; none asks for all.
        #[serde(default)]
        ids: Vec<u32>,
    },
    /// Ask what the terminal is (JT/T 808: 0x8107).
    QueryAttributes,
    /// Ask where the vehicle is (JT/T 808: 0x8201).
    QueryPosition,
    /// Report more often for a while (JT/T 808: 0x8202).
    Track {
        /// Seconds between reports, 0 to end.
        interval_s: u16,
        /// For how many seconds.
        lasting_s: u32,
    },
    /// Confirm an alarm that a person has to confirm (JT/T 808: 0x8203).
    ConfirmAlarm {
        /// The number that the report gave the alarm, 0 for all of these kinds.
        #[serde(default)]
        event: u16,
        /// Bits of the alarm word.
        alarms: u32,
    },
    /// Call a number, to talk or to listen (JT/T 808: 0x8400).
    Call {
        /// The number, up to 20 characters.
        number: String,
        /// Only listen.
        #[serde(default)]
        listen: bool,
    },
    /// Take photos (JT/T 808: 0x8801).
    TakePhoto(Photo),
    /// Upload media that the terminal has stored (JT/T 808: 0x8805, 0x8803).
    UploadMedia {
        /// Which.
        source: MediaSource,
        /// Delete it from the terminal afterwards.
        #[serde(default)]
        delete: bool,
    },
    /// Pass bytes on to a peripheral (JT/T 808: 0x8900).
    Transparent {
        /// The peripheral's type.
        channel: u8,
        /// The bytes as hexadecimal digits.
        data: String,
    },
    /// A message of the terminal's own protocol.
    Raw {
        /// Its id (JT/T 808: 0x8000 to 0x8FFF).
        message: u16,
        /// Its body as hexadecimal digits.
        #[serde(default)]
        body: String,
    },
    /// A command of a device's own (MQTT).
    Custom {
        /// Its name.
        name: String,
        /// What it takes.
        #[serde(default)]
        payload: serde_json::Value,
    },
}

/// How a text is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TextShown {
    /// It is urgent.
    pub urgent: bool,
    /// On the terminal's display.
    pub display: bool,
    /// Spoken.
    pub speak: bool,
}

impl Default for TextShown {
    fn default() -> Self {
        Self { urgent: false, display: true, speak: true }
    }
}

/// What a vehicle can be made to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Control {
    /// Lock the doors.
    Lock,
    /// Unlock the doors.
    Unlock,
}

/// What a terminal can be made to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TerminalAction {
    /// Switch itself off.
    PowerOff,
    /// Start again.
    Restart,
    /// Go back to how it left the factory.
    FactoryReset,
    /// Close its data connection.
    CloseData,
    /// Close all wireless connections.
    CloseWireless,
}

/// A parameter of a terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its number (JT/T 808-2019 table 12).
    pub id: u32,
    /// Its value.
    pub value: ParameterValue,
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterValue {
    /// A number of one byte.
    Byte(u8),
    /// A number of two bytes.
    Word(u16),
    /// A number of four bytes.
    Dword(u32),
    /// A text.
    Text(String),
    /// Bytes as hexadecimal digits.
    Bytes(String),
}

/// Photos to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Photo {
    /// The camera, from 1.
    pub channel: u8,
    /// How many.
    pub count: u16,
    /// Seconds between two, 0 for as fast as it can.
    pub interval_s: u16,
    /// Keep them in the terminal instead of uploading them at once.
    pub store: bool,
    /// 1: 320x240, 2: 640x480, 3: 800x600, 4: 1024x768, 5: 176x144, 6: 352x288, 7: 704x288, 8: 704x576.
    pub resolution: u8,
    /// 1 is best, 10 is smallest.
    pub quality: u8,
    /// 0 to 255.
    pub brightness: u8,
    /// 0 to 127.
    pub contrast: u8,
    /// 0 to 127.
    pub saturation: u8,
    /// 0 to 255.
    pub chroma: u8,
}

impl Default for Photo {
    fn default() -> Self {
        Self {
            channel: 1,
            count: 1,
            interval_s: 0,
            store: false,
            resolution: 2,
            quality: 5,
            brightness: 128,
            contrast: 64,
            saturation: 64,
            chroma: 128,
        }
    }
}

/// Media that a terminal has stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum MediaSource {
    /// One, by the terminal's number.
    Item(u32),
    /// All of a kind from a camera between two times.
    Between {
        /// 0 pictures, 1 sound, 2 video.
        kind: u8,
        /// The camera, 0 for all.
        channel: u8,
        /// 0 by the platform, 1 regular, 2 robbery, 3 collision, 255 all.
        event: u8,
        /// From when.
        from_ms: u64,
        /// To when.
        to_ms: u64,
    },
}

impl Command {
    /// Refuses what no terminal can be told.
    pub(super) fn check(&self) -> Result<(), CommandError> {
        let field = |field, remedy| Err(CommandError::Field { field, remedy });
        match self {
            Self::Text { text, .. } if text.is_empty() || text.len() > MAX_TEXT => {
                field("text", "give 1 to 1,024 bytes")
            }
            Self::SetParameters { parameters }
                if parameters.is_empty() || parameters.len() > MAX_PARAMETERS =>
            {
                field("parameters", "give 1 to 128")
            }
            Self::SetParameters { parameters } if !parameters.iter().all(Parameter::fits) => field(
                "parameters",
                "a text or bytes have at most 255 bytes, and bytes are pairs of hexadecimal digits",
            ),
            Self::QueryParameters { ids } if ids.len() > MAX_PARAMETERS => {
                field("ids", "give at most 128")
            }
            Self::Call { number, .. }
                if number.is_empty() || number.len() > 20 || !number.is_ascii() =>
            {
                field("number", "give 1 to 20 characters")
            }
            Self::Transparent { data, .. } if !is_hex(data, MAX_RAW) => {
                field("data", "give pairs of hexadecimal digits, up to 64 KiB of bytes")
            }
            Self::Raw { body, .. } if !is_hex(body, MAX_RAW) => {
                field("body", "give pairs of hexadecimal digits, up to 64 KiB of bytes")
            }
            Self::Raw { message, .. } if !(0x8000..=0x8FFF).contains(message) => {
                field("message", "give an id from 0x8000 to 0x8FFF")
            }
            Self::Custom { name, .. } if name.is_empty() || name.len() > 64 => {
                field("name", "give 1 to 64 bytes")
            }
            Self::Custom { payload, .. } if payload.to_string().len() > MAX_PAYLOAD => {
                field("payload", "give at most 64 KiB of JSON")
            }
            _ => Ok(()),
        }
    }
}

impl Parameter {
    fn fits(&self) -> bool {
        match &self.value {
            ParameterValue::Text(text) => text.len() <= 255,
            ParameterValue::Bytes(digits) => is_hex(digits, 255),
            _ => true,
        }
    }
}

fn is_hex(digits: &str, max_bytes: usize) -> bool {
    digits.len() <= max_bytes * 2 && bytes_of(digits).is_some()
}

/// The bytes of hexadecimal digits. None where there are others, or an odd number.
pub(crate) fn bytes_of(digits: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = digits.as_bytes().chunks(2);
    pairs
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
            _ => None,
        })
        .collect()
}
