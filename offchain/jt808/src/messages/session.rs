//! How a terminal and a platform find each other: registration, authentication, replies, the time, parts sent again.

use crate::{
    fields::{
        body, DecodeError, EncodeError, Fixed, Layout, List, Prefixed, Reader, Rest, Since2019,
        UpTo,
    },
    frame::Version,
    text::Text,
    time::BcdTime,
};

body! {
    /// The answer to messages that have none of their own, both ways.
    GeneralReply {
        /// The serial of what is answered.
        serial: u16,
        /// The number of what is answered.
        id: u16,
        /// [`GeneralReply::SUCCESS`] and so on.
        result: u8,
    }
}

impl GeneralReply {
    /// Done.
    pub const SUCCESS: u8 = 0;
    /// It failed.
    pub const FAILURE: u8 = 1;
    /// The message is wrong.
    pub const WRONG: u8 = 2;
    /// The message is not known.
    pub const UNSUPPORTED: u8 = 3;
    /// From the platform: the alarm is confirmed.
    pub const ALARM_CONFIRMED: u8 = 4;
}

body! {
    /// Asks for parts of a message again.
    Resend {
        /// The serial of the message's first part.
        serial: u16,
        /// The parts that are missing, from 1.
        parts: Vec<u16> as Parts,
    }
}

/// Their number has one byte before 2019 and two since. Those who still send one since are told by the odd length.
struct Parts;

impl Layout<Vec<u16>> for Parts {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<Vec<u16>, DecodeError> {
        match version {
            Version::V2019 if reader.0.len().is_multiple_of(2) => {
                List::<2>.read(reader, version, field)
            }
            _ => List::<1>.read(reader, version, field),
        }
    }
    fn write(
        &self,
        value: &Vec<u16>,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        match version {
            Version::V2019 => List::<2>.write(value, out, version, field),
            _ => List::<1>.write(value, out, version, field),
        }
    }
    #[cfg(test)]
    fn any(&self, entropy: &mut crate::fields::Entropy<'_>, version: Version) -> Vec<u16> {
        Layout::any(&List::<1>, entropy, version)
    }
}

body! {
    /// A terminal tells who it is. Texts that do not fill their fields are padded.
    Registration {
        /// The province, GB/T 2260: the first two of six digits. 0 leaves it to the platform.
        province: u16,
        /// The city, GB/T 2260: the last four of six digits. 0 leaves it to the platform.
        city: u16,
        /// The maker's code: 5 bytes, 11 since 2019.
        manufacturer: Text as Fixed(5, 5, 11),
        /// The maker's model: 8 bytes, 20 since 2013, 30 since 2019.
        model: Text as Fixed(8, 20, 30),
        /// The maker's number of the terminal: 7 bytes, 30 since 2019.
        terminal_id: Text as Fixed(7, 7, 30),
        /// JT/T 415: 1 blue, 2 yellow, 3 black, 4 white, 9 other; 0: there is no plate and a VIN stands for it.
        plate_color: u8,
        /// The plate, or the VIN.
        plate: Text as Rest,
    }
}

impl Registration {
    /// The edition whose fields fit into a body: headers of 2011 and 2013 look the same, and plates are
    /// short. A VIN in a body of 2011 makes it longer than the shortest of 2013.
    pub(super) fn edition(version: Version, body: &[u8]) -> Version {
        match (version, body.len()) {
            (Version::V2011, _) | (_, ..37) => Version::V2011,
            (Version::V2013, _) if Self::is_vin_of_2011(body) => Version::V2011,
            (Version::V2013, _) | (_, ..76) => Version::V2013,
            (Version::V2019, _) => Version::V2019,
        }
    }

    /// Whether the 17 characters of a VIN stand behind a plate's colour that says that there is no plate, where 2011 has
    /// them. There 2013 has the model's padding and the terminal's number.
    fn is_vin_of_2011(body: &[u8]) -> bool {
        let vin = body.get(24..).and_then(|tail| tail.strip_prefix(&[0]));
        vin.is_some_and(|vin| vin.len() == 17 && vin.iter().all(u8::is_ascii_alphanumeric))
    }
}

body! {
    /// The answer to a registration.
    RegistrationReply {
        /// The serial of the registration.
        serial: u16,
        /// [`RegistrationReply::SUCCESS`] and so on.
        result: u8,
        /// What the terminal authenticates with; empty unless it succeeded.
        code: Text as Rest,
    }
}

impl RegistrationReply {
    /// Registered.
    pub const SUCCESS: u8 = 0;
    /// The vehicle is registered already.
    pub const VEHICLE_REGISTERED: u8 = 1;
    /// The platform has no such vehicle.
    pub const VEHICLE_UNKNOWN: u8 = 2;
    /// The terminal is registered already.
    pub const TERMINAL_REGISTERED: u8 = 3;
    /// The platform has no such terminal.
    pub const TERMINAL_UNKNOWN: u8 = 4;
}

body! {
    /// A terminal proves that it registered.
    Authentication {
        /// The code of the registration's answer.
        code: Text as Code,
        /// 15 digits, since 2019.
        imei: Option<Text> as Since2019(UpTo(15)),
        /// Of the terminal's software, since 2019.
        software: Option<Text> as Since2019(UpTo(20)),
    }
}

/// The whole body before 2019, behind its length since. A terminal of 2019 that sends no length is understood when its
/// first byte cannot be one.
struct Code;

impl Layout<Text> for Code {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<Text, DecodeError> {
        let prefixed =
            reader.0.split_first().is_some_and(|(length, rest)| usize::from(*length) <= rest.len());
        if version == Version::V2019 && prefixed {
            return Prefixed::<1>.read(reader, version, field);
        }
        Rest.read(reader, version, field)
    }
    fn write(
        &self,
        value: &Text,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        match version {
            Version::V2019 => Prefixed::<1>.write(value, out, version, field),
            _ => Rest.write(value, out, version, field),
        }
    }
    #[cfg(test)]
    fn any(&self, entropy: &mut crate::fields::Entropy<'_>, version: Version) -> Text {
        Layout::<Text>::any(&Prefixed::<1>, entropy, version)
    }
}

body! {
    /// The platform's clock (2019).
    TimeAnswer {
        /// In UTC, as no other time is: [`BcdTime::utc_millis`].
        time: BcdTime,
    }
}
