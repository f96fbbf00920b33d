//! The terminal as a device: its properties, firmware, control, and control of the vehicle.

use crate::{
    fields::{
        body, DecodeError, EncodeError, Field, Fixed, Layout, Optional, Plain, Prefixed, Reader,
        Rest,
    },
    frame::Version,
    location::LocationReport,
    text::Text,
};

body! {
    /// What a terminal is.
    TerminalProperties {
        /// Bits: 0 passenger vehicles, 1 dangerous goods, 2 goods vehicles, 3 taxis, 6 disk, 7 separate parts, 8
        /// trailer.
        kind: u16,
        /// The maker's code.
        manufacturer: Text as ManufacturerOfProperties,
        /// The maker's model: 20 bytes, 30 since 2019.
        model: Text as Fixed(20, 20, 30),
        /// The maker's number of the terminal: 7 bytes, 30 since 2019.
        terminal_id: Text as Fixed(7, 7, 30),
        /// 20 digits of the SIM card, BCD.
        iccid: [u8; 10],
        /// Of the hardware.
        hardware: Text as Prefixed::<1>,
        /// Of the firmware.
        firmware: Text as Prefixed::<1>,
        /// Bits: 0 GPS, 1 BeiDou, 2 GLONASS, 3 Galileo; 0 when the terminal leaves it out.
        gnss: u8 as OrZero,
        /// Bits: 0 GPRS, 1 CDMA, 2 TD-SCDMA, 3 WCDMA, 4 CDMA2000, 5 TD-LTE, 7 other; 0 when the terminal leaves it
        /// out.
        network: u8 as OrZero,
    }
}

/// 0 when the body ends before it.
struct OrZero;

impl Layout<u8> for OrZero {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<u8, DecodeError> {
        Optional(Plain).read(reader, version, field).map(Option::unwrap_or_default)
    }
    fn write(
        &self,
        value: &u8,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        Plain.write(value, out, version, field)
    }
    #[cfg(test)]
    fn any(&self, entropy: &mut crate::fields::Entropy<'_>, version: Version) -> u8 {
        Layout::any(&Plain, entropy, version)
    }
}

/// The maker's code has 5 bytes in the standard; terminals of 2019 send the 11 of the registration as well. The lengths
/// behind tell which.
fn read_manufacturer(
    reader: &mut Reader<'_>,
    version: Version,
    field: &'static str,
    fits: impl Fn(&[u8]) -> Option<bool>,
) -> Result<Text, DecodeError> {
    let fits = |width: usize| reader.0.get(width..).and_then(&fits).unwrap_or(false);
    let wide = version == Version::V2019 && !fits(5) && fits(11);
    reader.take(if wide { 11 } else { 5 }, field).map(Text::from_wire)
}

fn write_manufacturer(
    value: &Text,
    out: &mut Vec<u8>,
    version: Version,
    field: &'static str,
) -> Result<(), EncodeError> {
    let wide = version == Version::V2019 && value.as_bytes().len() > 5;
    Fixed::of(if wide { 11 } else { 5 }).write(value, out, version, field)
}

struct ManufacturerOfProperties;

impl Layout<Text> for ManufacturerOfProperties {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<Text, DecodeError> {
        read_manufacturer(reader, version, field, |rest| {
            let versions = rest.get(70..)?;
            let (hardware, behind) = versions.split_first()?;
            let (firmware, behind) = behind.get(usize::from(*hardware)..)?.split_first()?;
            Some(behind.len() == usize::from(*firmware) + 2)
        })
    }
    fn write(
        &self,
        value: &Text,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        write_manufacturer(value, out, version, field)
    }
    #[cfg(test)]
    fn any(&self, entropy: &mut crate::fields::Entropy<'_>, version: Version) -> Text {
        Fixed::of(5).any(entropy, version)
    }
}

body! {
    /// A new firmware for the terminal or a part of it.
    UpgradePackage {
        /// 0: the terminal, 12: the card reader, 52: the BeiDou module.
        kind: u8,
        /// The maker's code.
        manufacturer: Text as ManufacturerOfPackage,
        /// The new version.
        version: Text as Prefixed::<1>,
        /// The firmware.
        data: Vec<u8> as Prefixed::<4>,
    }
}

struct ManufacturerOfPackage;

impl Layout<Text> for ManufacturerOfPackage {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<Text, DecodeError> {
        read_manufacturer(reader, version, field, |rest| {
            let (length, behind) = rest.split_first()?;
            let (told, data) = behind.get(usize::from(*length)..)?.split_at_checked(4)?;
            let told = told.iter().fold(0, |told, byte| told << 8 | usize::from(*byte));
            Some(data.len() == told)
        })
    }
    fn write(
        &self,
        value: &Text,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        write_manufacturer(value, out, version, field)
    }
    #[cfg(test)]
    fn any(&self, entropy: &mut crate::fields::Entropy<'_>, version: Version) -> Text {
        Fixed::of(5).any(entropy, version)
    }
}

body! {
    /// How an upgrade went.
    UpgradeResult {
        /// As in [`UpgradePackage`].
        kind: u8,
        /// 0: done, 1: failed, 2: cancelled.
        result: u8,
    }
}

body! {
    /// Tells the terminal to do something with itself.
    TerminalControl {
        /// [`TerminalControl::UPGRADE`] and so on.
        command: u8,
        /// For upgrade and connection: fields between semicolons, of which some makers send ports as two bytes;
        /// see [`TerminalControl::fields`].
        parameters: Vec<u8> as Rest,
    }
}

impl TerminalControl {
    /// Fetch a firmware: URL; dial-up name; user; password; address; TCP port; UDP port; maker; hardware;
    /// firmware; time-out.
    pub const UPGRADE: u8 = 1;
    /// Connect to another server: control; code; dial-up name; user; password; address; TCP port; UDP port; time-out.
    pub const CONNECT: u8 = 2;
    /// Switch off.
    pub const SWITCH_OFF: u8 = 3;
    /// Reset.
    pub const RESET: u8 = 4;
    /// Restore factory settings.
    pub const RESTORE: u8 = 5;
    /// Close the data connection.
    pub const CLOSE_DATA: u8 = 6;
    /// Close all wireless connections.
    pub const CLOSE_RADIO: u8 = 7;

    /// A command with text parameters.
    pub fn new(command: u8, parameters: &str) -> Self {
        Self { command, parameters: Text::from(parameters).as_bytes().to_vec() }
    }

    /// The parameters between semicolons.
    pub fn fields(&self) -> Vec<Text> {
        Text::from_wire(&self.parameters).parts().collect()
    }
}

body! {
    /// Wants positions at an interval.
    Tracking {
        /// Seconds; 0 ends it.
        interval: u16,
        /// For how many seconds; none when it ends.
        duration: Option<u32> as Optional(Plain),
    }
}

body! {
    /// A person has confirmed alarms.
    AlarmConfirmation {
        /// The serial of the alarm's message; 0: all alarms of these kinds.
        serial: u16,
        /// Bits: 0 emergency, 3 danger, 20 area, 21 route, 22 section, 27 illegal start, 28 illegal move.
        alarms: u32,
    }
}

body! {
    /// A position that answers a command.
    LocationAnswer {
        /// The serial of the command.
        serial: u16,
        /// Where, and with the state after the command.
        report: LocationReport<'static>,
    }
}

/// Controls the vehicle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VehicleControl {
    /// Before 2019. Bit 0: 1 locks the doors, 0 unlocks them.
    Flags(u8),
    /// Since 2019: each control with its value.
    Controls(Vec<Control>),
}

/// One control of a vehicle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// [`Control::DOORS`], or from 0xf001 a maker's own.
    pub id: u16,
    /// One byte for the doors. What others have is not known here, so such a control takes the rest of the
    /// message: put it last.
    pub value: Vec<u8>,
}

impl Control {
    /// 0 unlocks, 1 locks.
    pub const DOORS: u16 = 1;
}

impl VehicleControl {
    /// Locks or unlocks the doors, in the words of a version.
    pub fn doors(version: Version, lock: bool) -> Self {
        match version {
            Version::V2019 => {
                Self::Controls(vec![Control { id: Control::DOORS, value: vec![u8::from(lock)] }])
            }
            Version::V2011 | Version::V2013 => Self::Flags(u8::from(lock)),
        }
    }
}

impl Field for VehicleControl {
    fn read(
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<Self, DecodeError> {
        // One byte has no room for a control: some platforms send that of before 2019.
        if version != Version::V2019 || reader.0.len() == 1 {
            return u8::read(reader, version, field).map(Self::Flags);
        }
        // Three bytes have no room for a number of controls: some platforms leave it out.
        if reader.0.len() != 3 {
            u16::read(reader, version, field)?;
        }
        let mut controls = Vec::new();
        while !reader.is_empty() {
            let id = u16::read(reader, version, field)?;
            let value = if id == Control::DOORS { reader.take(1, field)? } else { reader.rest() };
            controls.push(Control { id, value: value.to_vec() });
        }
        Ok(Self::Controls(controls))
    }

    fn write(&self, out: &mut Vec<u8>, _: Version, field: &'static str) -> Result<(), EncodeError> {
        match self {
            Self::Flags(flags) => out.push(*flags),
            Self::Controls(controls) => {
                let (length, limit) = (controls.len(), usize::from(u16::MAX));
                let count = u16::try_from(length).map_err(|_| EncodeError::TooLong {
                    field,
                    length,
                    limit,
                })?;
                out.extend_from_slice(&count.to_be_bytes());
                for control in controls {
                    out.extend_from_slice(&control.id.to_be_bytes());
                    out.extend_from_slice(&control.value);
                }
            }
        }
        Ok(())
    }

    #[cfg(test)]
    fn any(entropy: &mut crate::fields::Entropy<'_>, version: Version) -> Self {
        let [lock] = entropy.array();
        if version != Version::V2019 {
            return Self::Flags(lock);
        }
        let own = Control { id: 0xf001, value: entropy.bytes(9) };
        Self::Controls(vec![Control { id: Control::DOORS, value: vec![lock] }, own])
    }
}
