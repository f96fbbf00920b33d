//! What driver assistance warns of: items 0x64 to 0x67 of a position (T/JSATL 12-2017, tables 4-15 to 4-23).
//!
//! The numbers are in the range that makers use for themselves, so [`Item`] keeps such items as bytes. Only the lengths
//! of the standard, and of the regional ones that widen the terminal's number, are read as warnings.

use super::Item;
use crate::{
    fields::{body, DecodeError, EncodeError, Field, Fixed, Layout, List, Plain, Reader},
    frame::Version,
    text::Text,
    time::BcdTime,
};

/// A warning or an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Counts the terminal's warnings, around 2³².
    pub id: u32,
    /// 0: it does not last, 1: it begins, 2: it ends.
    pub state: u8,
    /// What it is.
    pub cause: Cause,
    /// Where, when and how fast.
    pub moment: Moment,
    /// What its pictures and videos are asked for by.
    pub mark: Mark,
    /// The tyres of [`Cause::Tyres`].
    pub tyres: Vec<TyreWarning>,
}

/// What a warning is, and the item that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// 0x64: the road ahead.
    Road(RoadWarning),
    /// 0x65: the driver.
    Driver(DriverWarning),
    /// 0x66: tyres.
    Tyres,
    /// 0x67: somebody comes near. 1: from behind, 2: from behind on the left, 3: from behind on the right.
    BlindSpot(u8),
}

body! {
    /// The road ahead.
    RoadWarning {
        /// 1: collision, 2: lane departure, 3: too near, 4: pedestrian, 5: lanes changed often, 6: a sign's limit
        /// passed, 7: obstacle; 0x10: a sign seen, 0x11: a picture taken.
        kind: u8,
        /// 1 or 2.
        level: u8,
        /// Of the vehicle ahead, km/h.
        speed_ahead: u8,
        /// To the vehicle or pedestrian ahead, 100 ms.
        distance_ahead: u8,
        /// 1: to the left, 2: to the right.
        side: u8,
        /// 1: speed limit, 2: height limit, 3: weight limit.
        sign: u8,
        /// What the sign says.
        sign_value: u8,
    }
}

impl RoadWarning {
    /// A collision is near.
    pub const COLLISION: u8 = 1;
    /// The lane is being left.
    pub const LANE_DEPARTURE: u8 = 2;
}

body! {
    /// The driver.
    DriverWarning {
        /// 1: tired, 2: on the phone, 3: smoking, 4: looking away, 5: not to be seen as a driver; 0x10: a picture
        /// taken, 0x11: another driver.
        kind: u8,
        /// 1 or 2.
        level: u8,
        /// 1 to 10: how tired.
        fatigue: u8,
        /// Reserved.
        reserved: [u8; 4],
    }
}

body! {
    /// One tyre.
    TyreWarning {
        /// From 0, front left, row by row.
        tyre: u8,
        /// Bits: 0 measured regularly, 1 pressure high, 2 pressure low, 3 hot, 4 sensor failed, 5 pressures differ,
        /// 6 leaking, 7 battery low.
        kinds: u16,
        /// kPa.
        pressure: u16,
        /// °C.
        temperature: i16,
        /// The sensor's battery, %.
        battery: u16,
    }
}

body! {
    /// Where, when and how fast.
    Moment {
        /// km/h.
        speed: u8,
        /// Metres above sea level.
        altitude: i16,
        /// 10⁻⁶ degrees. The hemisphere is that of the position.
        latitude: i32,
        /// 10⁻⁶ degrees. The hemisphere is that of the position.
        longitude: i32,
        /// GMT+8.
        time: BcdTime,
        /// Bits: 0 ACC, 1 left, 2 right indicator, 3 wipers, 4 brake, 5 card in, 10 positioned.
        vehicle: u16,
    }
}

body! {
    /// What the pictures and videos of a warning are asked for by.
    Mark {
        /// The terminal's number: 7 bytes, 30 in the regional standards.
        terminal: Text as Fixed(7, 7, 30),
        /// When the warning was made, GMT+8.
        time: BcdTime,
        /// Counts warnings of the same second.
        serial: u8,
        /// How many pictures and videos there are.
        attachments: u8,
        /// Reserved: 1 byte, 2 in the regional standards.
        reserved: u16 as Reserved,
    }
}

struct Reserved;

impl Layout<u16> for Reserved {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<u16, DecodeError> {
        match version {
            Version::V2019 => Plain.read(reader, version, field),
            _ => u8::read(reader, version, field).map(u16::from),
        }
    }
    fn write(
        &self,
        value: &u16,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        match version {
            Version::V2019 => Plain.write(value, out, version, field),
            _ => value.to_be_bytes()[1].write(out, version, field),
        }
    }
    #[cfg(test)]
    fn any(&self, entropy: &mut crate::fields::Entropy<'_>, version: Version) -> u16 {
        match version {
            Version::V2019 => Plain.any(entropy, version),
            _ => u8::any(entropy, version).into(),
        }
    }
}

/// Bytes of what every warning begins with, of a moment, of a mark, and of a tyre.
const ID: usize = 5;
const MOMENT: usize = 19;
const MARK: usize = 16;
const WIDE_MARK: usize = 40;
const TYRES: [usize; 2] = [9, 10];

impl Warning {
    /// Reads an item, when it has the number and the length of a warning.
    pub fn of(item: &Item<'_>) -> Option<Self> {
        let Item::Other { id, bytes } = *item else { return None };
        let cause = match id {
            0x64 | 0x65 => 7,
            0x66 => 0,
            0x67 => 1,
            _ => return None,
        };
        let before = ID + cause + MOMENT;
        // How many bytes each tyre has; 0 when there are none.
        let tyre = |mark: usize| {
            let behind = bytes.get(before + mark..)?;
            if id != 0x66 {
                return behind.is_empty().then_some(0);
            }
            let (count, tyres) = behind.split_first()?;
            TYRES.into_iter().find(|width| width * usize::from(*count) == tyres.len())
        };
        let (version, tyre) = match (tyre(MARK), tyre(WIDE_MARK)) {
            (Some(tyre), _) => (Version::V2013, tyre),
            (_, Some(tyre)) => (Version::V2019, tyre),
            _ => return None,
        };
        Self::read(id, version, tyre, &mut Reader(bytes)).ok()
    }

    fn read(
        item: u8,
        version: Version,
        tyre: usize,
        reader: &mut Reader<'_>,
    ) -> Result<Self, DecodeError> {
        let field = "Warning";
        let (id, state) = (u32::read(reader, version, field)?, u8::read(reader, version, field)?);
        let cause = match item {
            0x64 => Cause::Road(RoadWarning::read(reader, version, field)?),
            0x65 => Cause::Driver(DriverWarning::read(reader, version, field)?),
            0x66 => Cause::Tyres,
            _ => Cause::BlindSpot(u8::read(reader, version, field)?),
        };
        let moment = Moment::read(reader, version, field)?;
        let mark = Mark::read(reader, version, field)?;
        let mut tyres = Vec::new();
        if cause == Cause::Tyres {
            for _ in 0..u8::read(reader, version, field)? {
                // In one regional standard a tyre's number has two bytes.
                reader.take(tyre.saturating_sub(TYRES[0]), field)?;
                tyres.push(TyreWarning::read(reader, version, field)?);
            }
        }
        Ok(Self { id, state, cause, moment, mark, tyres })
    }

    /// The number of its item.
    pub const fn number(&self) -> u8 {
        match self.cause {
            Cause::Road(_) => 0x64,
            Cause::Driver(_) => 0x65,
            Cause::Tyres => 0x66,
            Cause::BlindSpot(_) => 0x67,
        }
    }

    /// The value of its item; with the terminal's number in 30 bytes when the version is of 2019.
    pub fn to_bytes(&self, version: Version) -> Result<Vec<u8>, EncodeError> {
        let (mut out, field) = (Vec::new(), "Warning");
        self.id.write(&mut out, version, field)?;
        self.state.write(&mut out, version, field)?;
        match &self.cause {
            Cause::Road(road) => road.write(&mut out, version, field)?,
            Cause::Driver(driver) => driver.write(&mut out, version, field)?,
            Cause::Tyres => {}
            Cause::BlindSpot(kind) => kind.write(&mut out, version, field)?,
        }
        self.moment.write(&mut out, version, field)?;
        self.mark.write(&mut out, version, field)?;
        if self.cause == Cause::Tyres {
            List::<1>.write(&self.tyres, &mut out, version, field)?;
        }
        Ok(out)
    }

    /// Any warning that a version can carry.
    #[cfg(test)]
    fn any(entropy: &mut crate::fields::Entropy<'_>, version: Version) -> Self {
        let cause = match entropy.below(4) {
            0 => Cause::Road(RoadWarning::any(entropy, version)),
            1 => Cause::Driver(DriverWarning::any(entropy, version)),
            2 => Cause::Tyres,
            _ => Cause::BlindSpot(u8::any(entropy, version)),
        };
        let tyres = match cause {
            Cause::Tyres => List::<1>.any(entropy, version),
            _ => Vec::new(),
        };
        let [state] = entropy.array();
        Self {
            id: u32::any(entropy, version),
            state,
            cause,
            moment: Moment::any(entropy, version),
            mark: Mark::any(entropy, version),
            tyres,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fields::Entropy,
        location::Items,
        Version::{V2013, V2019},
    };
    use proptest::{collection::vec, prelude::*, sample::select};

    #[test]
    fn a_lane_departure_is_read_from_its_places() {
        let mut bytes = vec![0, 0, 1, 7, 1, 2, 1, 48, 12, 2, 0, 0, 63, 0, 40];
        bytes.extend_from_slice(&22_543_100_u32.to_be_bytes());
        bytes.extend_from_slice(&114_057_900_u32.to_be_bytes());
        bytes.extend_from_slice(&[0x26, 0x11, 0x23, 0x12, 0, 0, 0x04, 0x01]);
        bytes.extend_from_slice(b"T000042");
        bytes.extend_from_slice(&[0x26, 0x11, 0x23, 0x12, 0, 1, 3, 2, 0]);
        assert_eq!(bytes.len(), 47);
        let warning = Warning::of(&Item::Other { id: 0x64, bytes: &bytes }).unwrap();
        let road = RoadWarning {
            kind: RoadWarning::LANE_DEPARTURE,
            level: 1,
            speed_ahead: 48,
            distance_ahead: 12,
            side: 2,
            sign: 0,
            sign_value: 0,
        };
        assert_eq!((warning.id, warning.state, &warning.cause), (263, 1, &Cause::Road(road)));
        assert_eq!((warning.moment.speed, warning.moment.altitude), (63, 40));
        assert_eq!((warning.moment.latitude, warning.moment.longitude), (22_543_100, 114_057_900));
        assert_eq!(warning.moment.time.to_string(), "2026-11-23 12:00:00");
        assert_eq!((warning.moment.vehicle, warning.mark.terminal), (0x0401, "T000042".into()));
        assert_eq!((warning.mark.serial, warning.mark.attachments), (3, 2));
    }

    #[test]
    fn a_tyre_is_numbered_in_one_byte_or_two() {
        for number in [&[3][..], &[0, 3]] {
            let mut bytes = vec![0; 24 + 40];
            bytes.push(1);
            bytes.extend_from_slice(number);
            bytes.extend_from_slice(&[0, 4, 0, 180, 0, 41, 0, 77]);
            let warning = Warning::of(&Item::Other { id: 0x66, bytes: &bytes }).unwrap();
            let low =
                TyreWarning { tyre: 3, kinds: 4, pressure: 180, temperature: 41, battery: 77 };
            assert_eq!(warning.tyres, [low]);
        }
    }

    #[test]
    fn an_item_of_a_maker_with_the_same_number_is_none() {
        for bytes in [&b"12345678"[..], &[0; 46], &[0; 48], &[]] {
            for id in 0x63..=0x68 {
                assert_eq!(Warning::of(&Item::Other { id, bytes }), None);
            }
        }
        assert_eq!(Warning::of(&Item::Mileage(1)), None);
    }

    proptest! {
        #[test]
        fn every_warning_comes_back(bytes in vec(any::<u8>(), 0..300), version in select(&[V2013, V2019][..])) {
            let warning = Warning::any(&mut Entropy(&bytes), version);
            let value = warning.to_bytes(version).unwrap();
            let item = Item::Other { id: warning.number(), bytes: &value };
            let items = Items::default().with(&item).unwrap();
            let read: Vec<_> = items.iter().filter_map(|item| Warning::of(&item)).collect();
            prop_assert_eq!(read, [warning]);
        }

        #[test]
        fn any_bytes_are_a_warning_or_none(
            id in 0x63_u8..0x69,
            length in select(&[40_usize, 41, 47, 50, 59, 65, 71, 74, 83][..]),
            bytes in vec(0_u8..4, 83),
        ) {
            if let Some(warning) = Warning::of(&Item::Other { id, bytes: &bytes[..length] }) {
                let again = [V2013, V2019].map(|version| warning.to_bytes(version).unwrap_or_default());
                let found = again.map(|bytes| Warning::of(&Item::Other { id, bytes: &bytes }));
                prop_assert!(found.contains(&Some(warning)));
            }
        }
    }
}
