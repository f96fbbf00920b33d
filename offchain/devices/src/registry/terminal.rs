//! What is known of a terminal.

use super::{keys::KEY_BYTES, RegistryError};
use serde::{Deserialize, Serialize};
use smartlink_records::TerminalId;
use smartlink_service::Secret;
use std::fmt;

/// The longest name of a device.
const MAX_NAME: usize = 64;
/// The longest of a terminal's texts.
const MAX_TEXT: usize = 128;

/// What a terminal calls itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// The phone number in the header of JT/T 808, without leading zeros: a terminal that is replaced by one of a
    /// later version of the standard keeps its number. Some terminals have hexadecimal digits in it, in lower case
    /// here, some all zeros.
    Phone(String),
    /// The client of MQTT, the `id` of OsmAnd, the identity of our own JSON.
    Name(String),
}

/// Why a text is not an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// Not a number.
    #[error("a terminal's phone number has 1 to 20 digits")]
    Phone,
    /// Not a name.
    #[error("a device's name has 1 to {MAX_NAME} letters, digits, '.', '_', ':' or '-'")]
    Name,
}

impl Identity {
    /// A phone number, with or without leading zeros.
    ///
    /// # Errors
    /// It is none.
    pub fn phone(digits: &str) -> Result<Self, IdentityError> {
        if digits.is_empty()
            || digits.len() > 20
            || !digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        {
            return Err(IdentityError::Phone);
        }
        let significant = digits.trim_start_matches('0').to_ascii_lowercase();
        Ok(Self::Phone(if significant.is_empty() { "0".to_owned() } else { significant }))
    }

    /// A name, which is also a level of an MQTT topic and a part of a URL.
    ///
    /// # Errors
    /// It is none.
    pub fn name(name: &str) -> Result<Self, IdentityError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte);
        if name.is_empty() || name.len() > MAX_NAME || !name.bytes().all(allowed) {
            return Err(IdentityError::Name);
        }
        Ok(Self::Name(name.to_owned()))
    }

    /// The number or the name.
    pub fn text(&self) -> &str {
        match self {
            Self::Phone(text) | Self::Name(text) => text,
        }
    }

    pub(super) fn check(&self) -> Result<(), RegistryError> {
        let same = match self {
            Self::Phone(digits) => Self::phone(digits),
            Self::Name(name) => Self::name(name),
        };
        match same {
            Ok(same) if same == *self => Ok(()),
            _ => Err(RegistryError::Long { field: "identity", max: MAX_NAME }),
        }
    }

    pub(super) fn key(&self) -> Vec<u8> {
        let (kind, text) = match self {
            Self::Phone(text) => (b'p', text),
            Self::Name(text) => (b'n', text),
        };
        [&[kind], text.as_bytes()].concat()
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Phone(text) => write!(f, "the terminal of phone {text}"),
            Self::Name(text) => write!(f, "the device {text}"),
        }
    }
}

/// What is written on a terminal and its vehicle, as far as it is known. Each text has at most 128 bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Details {
    /// The vehicle's plate.
    pub plate: String,
    /// The plate's colour by JT/T 415 (1 blue, 2 yellow, 3 black, 4 white, 9 other), 0 for a vehicle without plate.
    pub plate_colour: u8,
    /// The vehicle's VIN.
    pub vin: String,
    /// The terminal's manufacturer.
    pub manufacturer: String,
    /// The terminal's model.
    pub model: String,
    /// The number that the manufacturer gave the terminal.
    pub serial: String,
    /// Province of the vehicle's registration, the first two digits of GB/T 2260.
    pub province: u16,
    /// City and county, the last four digits of GB/T 2260.
    pub city: u16,
}

impl Details {
    pub(super) fn check(&self) -> Result<(), RegistryError> {
        let texts = [
            ("plate", &self.plate),
            ("VIN", &self.vin),
            ("manufacturer", &self.manufacturer),
            ("model", &self.model),
            ("serial", &self.serial),
        ];
        match texts.into_iter().find(|(_, text)| text.len() > MAX_TEXT) {
            Some((field, _)) => Err(RegistryError::Long { field, max: MAX_TEXT }),
            None => Ok(()),
        }
    }

    /// Takes from `other` what is not known yet.
    pub(crate) fn fill_from(&mut self, other: &Self) {
        let fill = |mine: &mut String, theirs: &String| {
            if mine.is_empty() && theirs.len() <= MAX_TEXT {
                mine.clone_from(theirs);
            }
        };
        fill(&mut self.plate, &other.plate);
        fill(&mut self.vin, &other.vin);
        fill(&mut self.manufacturer, &other.manufacturer);
        fill(&mut self.model, &other.model);
        fill(&mut self.serial, &other.serial);
        for (mine, theirs) in [(&mut self.province, other.province), (&mut self.city, other.city)] {
            if *mine == 0 {
                *mine = theirs;
            }
        }
        if self.plate_colour == 0 {
            self.plate_colour = other.plate_colour;
        }
    }

    /// Whether who registers shows what this terminal showed before: its maker and its number must be told again. Who
    /// knows the phone number alone gets no code.
    pub(crate) fn is_shown_by(&self, shown: &Self) -> bool {
        let known = |mine: &str, theirs: &str| mine.is_empty() || mine == theirs;
        self.agrees_with(shown)
            && known(&self.manufacturer, &shown.manufacturer)
            && known(&self.serial, &shown.serial)
    }

    /// Whether who registers shows something that tells this terminal from others: its number, or its vehicle's VIN
    /// or plate.
    pub(crate) fn is_proved_by(&self, shown: &Self) -> bool {
        let same = |mine: &str, theirs: &str| !mine.is_empty() && mine == theirs;
        same(&self.serial, &shown.serial)
            || same(&self.vin, &shown.vin)
            || same(&self.plate, &shown.plate)
    }

    /// Whether nothing that both know is different.
    fn agrees_with(&self, other: &Self) -> bool {
        let same =
            |mine: &str, theirs: &str| mine.is_empty() || theirs.is_empty() || mine == theirs;
        same(&self.plate, &other.plate)
            && same(&self.vin, &other.vin)
            && same(&self.manufacturer, &other.manufacturer)
            && same(&self.serial, &other.serial)
    }
}

/// Whether a terminal may work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TerminalState {
    /// Its records are taken.
    #[default]
    Active,
    /// It is refused until somebody makes it active again.
    Suspended,
    /// It is refused, and what it sends is shown.
    Quarantined,
}

/// A terminal of the registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terminal {
    /// Its number.
    pub id: TerminalId,
    /// What it calls itself.
    pub identity: Identity,
    /// The company whose it is.
    pub company: u32,
    /// What is written on it.
    pub details: Details,
    /// The vehicle of the chain to which it is bound, 0 for none.
    pub vehicle: u32,
    /// The block in which it was first seen that the chain has the same binding, which it has had since.
    pub bound_on_chain: Option<u32>,
    /// Whether it may work.
    pub state: TerminalState,
    /// When it was enrolled.
    pub created_ms: u64,
    /// When it was last heard, 0 for never. Up to a minute late while it is connected.
    #[serde(skip)]
    pub last_seen_ms: u64,
}

impl Terminal {
    /// What people call it: its plate, or what it calls itself.
    pub fn name(&self) -> &str {
        if self.details.plate.is_empty() {
            self.identity.text()
        } else {
            &self.details.plate
        }
    }

    /// Whether an enrolment is that of this terminal, come again.
    pub(super) fn is_as(&self, enrolment: &Enrolment) -> bool {
        self.company == enrolment.company
            && self.vehicle == enrolment.vehicle
            && self.details.agrees_with(&enrolment.details)
    }
}

/// A terminal that is to be known.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// What it calls itself.
    pub identity: Identity,
    /// The company whose it is.
    pub company: u32,
    /// What is written on it.
    pub details: Details,
    /// The vehicle of the chain to which it is bound, 0 for none.
    pub vehicle: u32,
    /// Its key. Without one, a device of MQTT or HTTP is given one that is returned once; a terminal of JT/T 808 gets
    /// its code when it registers.
    pub key: Option<Secret<String>>,
}

impl Enrolment {
    /// An enrolment that says no more than is needed.
    pub fn of(identity: Identity, company: u32) -> Self {
        Self { identity, company, details: Details::default(), vehicle: 0, key: None }
    }

    pub(super) fn check(&self) -> Result<(), RegistryError> {
        self.identity.check()?;
        self.details.check()?;
        match &self.key {
            Some(key) if !KEY_BYTES.contains(&key.expose().len()) => Err(RegistryError::Key),
            _ => Ok(()),
        }
    }

    pub(super) fn makes_key(&self) -> bool {
        self.key.is_none() && matches!(self.identity, Identity::Name(_))
    }

    pub(super) fn terminal(self, id: TerminalId, now_ms: u64) -> Terminal {
        Terminal {
            id,
            identity: self.identity,
            company: self.company,
            details: self.details,
            vehicle: self.vehicle,
            bound_on_chain: None,
            state: TerminalState::Active,
            created_ms: now_ms,
            last_seen_ms: 0,
        }
    }
}
