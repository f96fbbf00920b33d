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

/// Bytes of what every warning begins with, and of a moment.
const ID: usize = 5;
const MOMENT: usize = 19;

/// The bytes behind the moment: how many a mark has, and how many each tyre.
struct Shape {
    version: Version,
    mark: usize,
    tyre: usize,
}

/// The standard's, and the two of the regional standards: the number of a tyre has one byte in some and two in others.
/// Two bytes come with the wide mark alone. With the narrow mark they would fit the wide one as well, whenever the
/// terminal's number happened to have the right byte.
const SHAPES: [Shape; 3] = [
    Shape { version: Version::V2013, mark: 16, tyre: TYRE },
    Shape { version: Version::V2019, mark: 40, tyre: TYRE },
    Shape { version: Version::V2019, mark: 40, tyre: TYRE + 1 },
];
const TYRE: usize = 9;

impl Shape {
    /// Whether these bytes, from the mark to the end, have it.
    fn fits(&self, bytes: &[u8], tyres: bool) -> bool {
        let Some(behind) = bytes.get(self.mark..) else { return false };
        if !tyres {
            return behind.is_empty();
        }
        behind
            .split_first()
            .is_some_and(|(count, tyres)| self.tyre * usize::from(*count) == tyres.len())
    }
}

impl Warning {
    /// Reads an item, when it has the number and the length of a warning. Where two shapes fit, the one counts in which
    /// the mark has a time.
    pub fn of(item: &Item<'_>) -> Option<Self> {
        let Item::Other { id, bytes } = *item else { return None };
        let cause = match id {
            0x64 | 0x65 => 7,
            0x66 => 0,
            0x67 => 1,
            _ => return None,
        };
        let behind = bytes.get(ID + cause + MOMENT..)?;
        let fitting = SHAPES.iter().filter(|shape| shape.fits(behind, id == 0x66));
        let mut read = fitting.filter_map(|shape| Self::read(id, shape, &mut Reader(bytes)).ok());
        let first = read.next()?;
        if first.mark.time.millis().is_ok() {
            return Some(first);
        }
        Some(read.find(|other| other.mark.time.millis().is_ok()).unwrap_or(first))
    }

    fn read(item: u8, shape: &Shape, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (version, field) = (shape.version, "Warning");
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
                reader.take(shape.tyre - TYRE, field)?;
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

    fn of_tyres(terminal: &[u8], tyres: u8) -> Warning {
        let time = BcdTime([0x26, 0x11, 0x23, 0x12, 0, 0]);
        let tyre =
            |tyre| TyreWarning { tyre, kinds: 4, pressure: 180, temperature: 41, battery: 77 };
        Warning {
            id: 263,
            state: 1,
            cause: Cause::Tyres,
            moment: Moment { speed: 63, altitude: 40, latitude: 0, longitude: 0, time, vehicle: 1 },
            mark: Mark {
                terminal: Text::from_wire(terminal),
                time,
                serial: 3,
                attachments: 2,
                reserved: 0,
            },
            tyres: (0..tyres).map(tyre).collect(),
        }
    }

    #[test]
    fn a_byte_of_the_terminals_number_is_no_count_of_tyres() {
        // Behind a narrow mark the six would be that of six tyres of ten bytes.
        let mut terminal = [0; 17];
        (terminal[0], terminal[16]) = (1, 6);
        let warning = of_tyres(&terminal, 4);
        assert_eq!(warning.mark.terminal.as_bytes(), terminal);
        let bytes = warning.to_bytes(V2019).unwrap();
        assert_eq!(Warning::of(&Item::Other { id: 0x66, bytes: &bytes }), Some(warning));
    }

    #[test]
    fn the_mark_that_has_a_time_decides_between_two_shapes() {
        // Three tyres of ten bytes behind a wide mark are as long as six of nine behind a narrow one.
        let warning = of_tyres(b"GD20261123-00042\x06", 3);
        let narrow = warning.to_bytes(V2019).unwrap();
        let (head, tyres) = narrow.split_at(ID + MOMENT + 41);
        let mut wide = head.to_vec();
        for tyre in tyres.chunks(TYRE) {
            wide.push(0);
            wide.extend_from_slice(tyre);
        }
        assert_eq!(Warning::of(&Item::Other { id: 0x66, bytes: &wide }), Some(warning));

        let mut six = of_tyres(b"T000042", 6);
        // Where the wide mark ends and counts its tyres.
        six.tyres[2].temperature = 0x0300;
        let bytes = six.to_bytes(V2013).unwrap();
        let behind = bytes.get(ID + MOMENT..).unwrap();
        let fitting = SHAPES.iter().filter(|shape| shape.fits(behind, true)).count();
        assert_eq!(fitting, 2);
        assert_eq!(Warning::of(&Item::Other { id: 0x66, bytes: &bytes }), Some(six));
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
