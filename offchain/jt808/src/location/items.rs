//! The additional items behind a position: number, length, value (JT/T 808-2019, table 27; JT/T 1078-2016, table 13).

use crate::fields::EncodeError;
use std::borrow::Cow;

/// What a terminal calls an area, in items 0x11 and 0x12.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AreaKind(pub u8);

impl AreaKind {
    /// Nowhere in particular.
    pub const NONE: Self = Self(0);
    /// A circle.
    pub const CIRCLE: Self = Self(1);
    /// A rectangle.
    pub const RECTANGLE: Self = Self(2);
    /// A polygon.
    pub const POLYGON: Self = Self(3);
    /// A section of a route.
    pub const SECTION: Self = Self(4);
}

/// Item 0x11: where the vehicle was too fast (table 28).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overspeed {
    /// In what.
    pub kind: AreaKind,
    /// The area's or section's number; none when the kind is [`AreaKind::NONE`].
    pub id: Option<u32>,
}

/// Item 0x12: which area or route was entered or left (table 29).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crossing {
    /// Of what; 4 is a route.
    pub kind: AreaKind,
    /// The area's or route's number.
    pub id: u32,
    /// 0: entered, 1: left.
    pub direction: u8,
}

/// Item 0x13: a section of a route took too long or not long enough (table 30).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SectionTime {
    /// The section's number.
    pub id: u32,
    /// Seconds.
    pub seconds: u16,
    /// 0: not long enough, 1: too long.
    pub result: u8,
}

/// One additional item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item<'a> {
    /// 0x01: by the vehicle's odometer, 0.1 km.
    Mileage(u32),
    /// 0x02: 0.1 l.
    Fuel(u16),
    /// 0x03: by the vehicle's recorder, 0.1 km/h.
    RecorderSpeed(u16),
    /// 0x04: the number of an alarm that a person must confirm, from 1.
    AlarmEvent(u16),
    /// 0x05, 2019: a byte a wheel from front left, row by row; 0xff is no wheel. See [`Item::tyres`].
    TyrePressures(&'a [u8]),
    /// 0x06, 2019: the compartment, °C.
    CompartmentTemperature(i16),
    /// 0x11.
    Overspeed(Overspeed),
    /// 0x12.
    Crossing(Crossing),
    /// 0x13.
    SectionTime(SectionTime),
    /// 0x14, JT/T 1078: bits of alarms that video has.
    VideoAlarms(u32),
    /// 0x15, JT/T 1078: a bit a channel without signal.
    VideoLost(u32),
    /// 0x16, JT/T 1078: a bit a channel that is covered.
    VideoCovered(u32),
    /// 0x17, JT/T 1078: a bit a storage that failed.
    StorageFailed(u16),
    /// 0x18, JT/T 1078: bits of abnormal driving, and the degree of fatigue, 0 to 100. The standard's lengths
    /// of it contradict each other, so the degree may not be there.
    AbnormalDriving(u16, Option<u8>),
    /// 0x25: lamps, doors, brakes and more, a bit each (table 31).
    VehicleSignals(u32),
    /// 0x2a: bit 0: deep sleep, bit 1: sleep (table 32).
    Inputs(u16),
    /// 0x2b: two analogue inputs, the first is AD0.
    Analogue(u16, u16),
    /// 0x30: strength of the mobile network.
    Signal(u8),
    /// 0x31: satellites used.
    Satellites(u8),
    /// A maker's own, or one of a length that its number does not have.
    Other {
        /// Its number.
        id: u8,
        /// Its value.
        bytes: &'a [u8],
    },
}

/// Colder or hotter is not meant.
const BELIEVED_CELSIUS: i16 = 1_000;

impl<'a> Item<'a> {
    /// Of a number and a value.
    pub fn decode(id: u8, bytes: &'a [u8]) -> Self {
        match (id, bytes) {
            (0x01, &[a, b, c, d]) => Self::Mileage(u32::from_be_bytes([a, b, c, d])),
            (0x02, &[a, b]) => Self::Fuel(u16::from_be_bytes([a, b])),
            (0x03, &[a, b]) => Self::RecorderSpeed(u16::from_be_bytes([a, b])),
            (0x04, &[a, b]) => Self::AlarmEvent(u16::from_be_bytes([a, b])),
            (0x05, bytes) => Self::TyrePressures(bytes),
            (0x06, &[a, b]) => Self::CompartmentTemperature(celsius(u16::from_be_bytes([a, b]))),
            (0x11, &[kind]) => Self::Overspeed(Overspeed { kind: AreaKind(kind), id: None }),
            (0x11, &[kind, a, b, c, d]) => {
                let id = Some(u32::from_be_bytes([a, b, c, d]));
                Self::Overspeed(Overspeed { kind: AreaKind(kind), id })
            }
            (0x12, &[kind, a, b, c, d, direction]) => {
                let id = u32::from_be_bytes([a, b, c, d]);
                Self::Crossing(Crossing { kind: AreaKind(kind), id, direction })
            }
            (0x13, &[a, b, c, d, high, low, result]) => {
                let (id, seconds) =
                    (u32::from_be_bytes([a, b, c, d]), u16::from_be_bytes([high, low]));
                Self::SectionTime(SectionTime { id, seconds, result })
            }
            (0x14, &[a, b, c, d]) => Self::VideoAlarms(u32::from_be_bytes([a, b, c, d])),
            (0x15, &[a, b, c, d]) => Self::VideoLost(u32::from_be_bytes([a, b, c, d])),
            (0x16, &[a, b, c, d]) => Self::VideoCovered(u32::from_be_bytes([a, b, c, d])),
            (0x17, &[a, b]) => Self::StorageFailed(u16::from_be_bytes([a, b])),
            (0x18, &[a, b]) => Self::AbnormalDriving(u16::from_be_bytes([a, b]), None),
            (0x18, &[a, b, degree]) => {
                Self::AbnormalDriving(u16::from_be_bytes([a, b]), Some(degree))
            }
            (0x25, &[a, b, c, d]) => Self::VehicleSignals(u32::from_be_bytes([a, b, c, d])),
            (0x2a, &[a, b]) => Self::Inputs(u16::from_be_bytes([a, b])),
            // The high word is AD1, the low one AD0.
            (0x2b, &[a, b, c, d]) => {
                Self::Analogue(u16::from_be_bytes([c, d]), u16::from_be_bytes([a, b]))
            }
            (0x30, &[signal]) => Self::Signal(signal),
            (0x31, &[satellites]) => Self::Satellites(satellites),
            (id, bytes) => Self::Other { id, bytes },
        }
    }

    /// Its number.
    pub const fn id(&self) -> u8 {
        match self {
            Self::Mileage(_) => 0x01,
            Self::Fuel(_) => 0x02,
            Self::RecorderSpeed(_) => 0x03,
            Self::AlarmEvent(_) => 0x04,
            Self::TyrePressures(_) => 0x05,
            Self::CompartmentTemperature(_) => 0x06,
            Self::Overspeed(_) => 0x11,
            Self::Crossing(_) => 0x12,
            Self::SectionTime(_) => 0x13,
            Self::VideoAlarms(_) => 0x14,
            Self::VideoLost(_) => 0x15,
            Self::VideoCovered(_) => 0x16,
            Self::StorageFailed(_) => 0x17,
            Self::AbnormalDriving(..) => 0x18,
            Self::VehicleSignals(_) => 0x25,
            Self::Inputs(_) => 0x2a,
            Self::Analogue(..) => 0x2b,
            Self::Signal(_) => 0x30,
            Self::Satellites(_) => 0x31,
            Self::Other { id, .. } => *id,
        }
    }

    /// The wheels of item 0x05 that are there: index and the byte sent. The standard says Pa, in which no byte
    /// can tell a tyre's pressure: what the unit is, the terminal's maker knows.
    pub fn tyres(bytes: &[u8]) -> impl Iterator<Item = (usize, u8)> + '_ {
        bytes.iter().copied().enumerate().filter(|(_, pressure)| *pressure != 0xff)
    }

    fn write_value(&self, out: &mut Vec<u8>) {
        match *self {
            Self::Mileage(value)
            | Self::VideoAlarms(value)
            | Self::VideoLost(value)
            | Self::VideoCovered(value)
            | Self::VehicleSignals(value) => out.extend_from_slice(&value.to_be_bytes()),
            Self::Fuel(value)
            | Self::RecorderSpeed(value)
            | Self::AlarmEvent(value)
            | Self::StorageFailed(value)
            | Self::Inputs(value) => out.extend_from_slice(&value.to_be_bytes()),
            Self::Signal(value) | Self::Satellites(value) => out.push(value),
            Self::TyrePressures(bytes) | Self::Other { bytes, .. } => out.extend_from_slice(bytes),
            Self::CompartmentTemperature(value) => {
                let sign = if value < 0 { 0x8000 } else { 0 };
                out.extend_from_slice(&(value.unsigned_abs() & 0x7fff | sign).to_be_bytes());
            }
            Self::Overspeed(Overspeed { kind, id }) => {
                out.push(kind.0);
                out.extend(id.map(u32::to_be_bytes).into_iter().flatten());
            }
            Self::Crossing(Crossing { kind, id, direction }) => {
                out.push(kind.0);
                out.extend_from_slice(&id.to_be_bytes());
                out.push(direction);
            }
            Self::SectionTime(SectionTime { id, seconds, result }) => {
                out.extend_from_slice(&id.to_be_bytes());
                out.extend_from_slice(&seconds.to_be_bytes());
                out.push(result);
            }
            Self::AbnormalDriving(bits, degree) => {
                out.extend_from_slice(&bits.to_be_bytes());
                out.extend(degree);
            }
            Self::Analogue(first, second) => {
                out.extend_from_slice(&second.to_be_bytes());
                out.extend_from_slice(&first.to_be_bytes());
            }
        }
    }
}

/// The standard has the sign in the highest bit. A terminal that sends two's complement would mean thousands of degrees
/// of frost by that, and is understood as well.
fn celsius(word: u16) -> i16 {
    let magnitude = i16::try_from(word & 0x7fff).unwrap_or(i16::MAX);
    let by_standard = if word & 0x8000 == 0 { magnitude } else { -magnitude };
    let by_complement = i16::from_be_bytes(word.to_be_bytes());
    if by_standard < -BELIEVED_CELSIUS && by_complement >= -BELIEVED_CELSIUS {
        by_complement
    } else {
        by_standard
    }
}

/// The additional items of one position, as they are on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Items<'a>(Cow<'a, [u8]>);

impl<'a> Items<'a> {
    /// Of what is behind a position. Any bytes will do: what does not end as its length says ends with the body.
    pub const fn from_wire(bytes: &'a [u8]) -> Self {
        Self(Cow::Borrowed(bytes))
    }

    /// As they are on the wire.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Each item, in the order sent.
    pub fn iter(&self) -> impl Iterator<Item = Item<'_>> + '_ {
        let mut rest = self.as_bytes();
        std::iter::from_fn(move || {
            let (id, behind) = rest.split_first()?;
            let (length, values) = behind.split_first().unwrap_or((&0, &[]));
            let (value, next) = values.split_at(usize::from(*length).min(values.len()));
            rest = next;
            Some(Item::decode(*id, value))
        })
    }

    /// Adds one behind the others.
    pub fn push(&mut self, item: &Item<'_>) -> Result<(), EncodeError> {
        let bytes = self.0.to_mut();
        let place = bytes.len();
        bytes.extend_from_slice(&[item.id(), 0]);
        item.write_value(bytes);
        let length = bytes.len() - place - 2;
        let limit = usize::from(u8::MAX);
        match u8::try_from(length) {
            Ok(length) => {
                bytes[place + 1] = length;
                Ok(())
            }
            Err(_) => {
                bytes.truncate(place);
                Err(EncodeError::TooLong { field: "an additional item", length, limit })
            }
        }
    }

    /// With one more.
    pub fn with(mut self, item: &Item<'_>) -> Result<Self, EncodeError> {
        self.push(item).map(|()| self)
    }

    /// Independent of the frame that they were read from.
    pub fn into_owned(self) -> Items<'static> {
        Items(Cow::Owned(self.0.into_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    #[test]
    fn every_standard_item_comes_back() {
        let items = [
            Item::Mileage(123_456),
            Item::Fuel(550),
            Item::RecorderSpeed(612),
            Item::AlarmEvent(7),
            Item::TyrePressures(&[200, 201, 0xff, 0xff]),
            Item::CompartmentTemperature(-18),
            Item::Overspeed(Overspeed { kind: AreaKind::NONE, id: None }),
            Item::Overspeed(Overspeed { kind: AreaKind::POLYGON, id: Some(9) }),
            Item::Crossing(Crossing { kind: AreaKind::CIRCLE, id: 3, direction: 1 }),
            Item::SectionTime(SectionTime { id: 4, seconds: 600, result: 1 }),
            Item::VideoAlarms(1),
            Item::VideoLost(2),
            Item::VideoCovered(3),
            Item::StorageFailed(4),
            Item::AbnormalDriving(5, Some(60)),
            Item::AbnormalDriving(6, None),
            Item::VehicleSignals(0b11),
            Item::Inputs(2),
            Item::Analogue(1_000, 2_000),
            Item::Signal(28),
            Item::Satellites(14),
            Item::Other { id: 0xeb, bytes: b"\x00\x0c\x00\xb2" },
        ];
        let mut sent = Items::default();
        for item in &items {
            sent.push(item).unwrap();
        }
        let bytes = sent.as_bytes().to_vec();
        assert_eq!(Items::from_wire(&bytes).iter().collect::<Vec<_>>(), items);
    }

    #[test]
    fn frost_is_understood_in_both_notations() {
        assert_eq!(Item::decode(0x06, &[0x80, 0x12]), Item::CompartmentTemperature(-18));
        assert_eq!(Item::decode(0x06, &[0xff, 0xee]), Item::CompartmentTemperature(-18));
        assert_eq!(Item::decode(0x06, &[0x00, 0x12]), Item::CompartmentTemperature(18));
    }

    #[test]
    fn an_item_that_is_cut_ends_with_the_body() {
        let items = Items::from_wire(&[0x30, 1, 25, 0x01, 4, 0, 0]);
        let cut = Item::Other { id: 0x01, bytes: &[0, 0] };
        assert_eq!(items.iter().collect::<Vec<_>>(), [Item::Signal(25), cut]);
        assert_eq!(Items::from_wire(&[0x31]).iter().count(), 1);
    }

    proptest! {
        #[test]
        fn any_bytes_are_items_and_whole_ones_come_back(bytes in vec(0_u8..8, 0..60)) {
            let items = Items::from_wire(&bytes);
            let mut again = Items::default();
            for item in items.iter() {
                again.push(&item).unwrap();
            }
            let both = (again.iter().collect::<Vec<_>>(), items.iter().collect::<Vec<_>>());
            prop_assert_eq!(both.0, both.1);
        }
    }
}
