//! Where a vehicle is: the body of 0x0200, and of everything that carries it.

pub mod assistance;
mod items;

pub use items::{AreaKind, Crossing, Item, Items, Overspeed, SectionTime};

use crate::{
    fields::{DecodeError, EncodeError, Field, Reader},
    frame::Version,
    time::{BcdTime, TimeError},
};

/// Bits of [`Location::status`] (JT/T 808-2019, table 25).
pub mod status {
    /// ACC, the ignition, is on.
    pub const IGNITION: u32 = 1;
    /// The position is a fix.
    pub const FIXED: u32 = 1 << 1;
    /// The latitude is south.
    pub const SOUTH: u32 = 1 << 2;
    /// The longitude is west.
    pub const WEST: u32 = 1 << 3;
    /// The vehicle is out of operation.
    pub const OUT_OF_OPERATION: u32 = 1 << 4;
    /// The coordinates are encrypted by a plug-in.
    pub const ENCRYPTED: u32 = 1 << 5;
    /// The emergency braking system warns of a collision (2019).
    pub const FORWARD_COLLISION: u32 = 1 << 6;
    /// The lane is being left (2019).
    pub const LANE_DEPARTURE: u32 = 1 << 7;
    /// Half loaded; with [`FULL`] fully (2013).
    pub const LOADED: u32 = 1 << 8;
    /// With [`LOADED`]: fully loaded (2013).
    pub const FULL: u32 = 1 << 9;
    /// The fuel line is cut.
    pub const FUEL_CUT: u32 = 1 << 10;
    /// The vehicle's circuit is cut.
    pub const POWER_CUT: u32 = 1 << 11;
    /// The doors are locked.
    pub const LOCKED: u32 = 1 << 12;
    /// Door 1, in front, is open; doors 2 to 5 follow.
    pub const FRONT_DOOR: u32 = 1 << 13;
    /// Any of the five doors is open.
    pub const ANY_DOOR: u32 = 0b1_1111 << 13;
    /// GPS is used.
    pub const GPS: u32 = 1 << 18;
    /// BeiDou is used.
    pub const BEIDOU: u32 = 1 << 19;
    /// GLONASS is used.
    pub const GLONASS: u32 = 1 << 20;
    /// Galileo is used.
    pub const GALILEO: u32 = 1 << 21;
    /// The vehicle moves (2019).
    pub const MOVING: u32 = 1 << 22;
}

/// The 28 bytes that every position begins with (JT/T 808-2019, table 23).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// What the terminal warns of, table 24.
    pub alarms: u32,
    /// What is on: [`status`]. The bits of the hemispheres follow the signs of the coordinates when it is written.
    pub status: u32,
    /// 10⁻⁶ degrees, south is negative.
    pub latitude: i32,
    /// 10⁻⁶ degrees, west is negative.
    pub longitude: i32,
    /// Metres above sea level.
    pub altitude: i16,
    /// 0.1 km/h.
    pub speed: u16,
    /// Degrees clockwise from north.
    pub heading: u16,
    /// GMT+8.
    pub time: BcdTime,
}

impl Location {
    /// Bytes on the wire.
    pub const LENGTH: usize = 28;

    /// Of its bytes. Any bytes are one: the coordinates and the time may be impossible.
    pub fn from_bytes(bytes: &[u8; Self::LENGTH]) -> Self {
        let word = |at: usize| u16::from_be_bytes([bytes[at], bytes[at + 1]]);
        let double = |at: usize| u32::from(word(at)) << 16 | u32::from(word(at + 2));
        let status = double(4);
        let (latitude, south) = signed(double(8), status & status::SOUTH != 0);
        let (longitude, west) = signed(double(12), status & status::WEST != 0);
        let mut time = [0; 6];
        time.copy_from_slice(&bytes[22..]);
        Self {
            alarms: double(0),
            status: with(with(status, status::SOUTH, south), status::WEST, west),
            latitude,
            longitude,
            altitude: i16::from_be_bytes([bytes[16], bytes[17]]),
            speed: word(18),
            heading: word(20),
            time: BcdTime(time),
        }
    }

    /// Its bytes.
    pub fn to_bytes(&self) -> [u8; Self::LENGTH] {
        let mut status = self.status;
        if self.latitude != 0 {
            status = with(status, status::SOUTH, self.latitude < 0);
        }
        if self.longitude != 0 {
            status = with(status, status::WEST, self.longitude < 0);
        }
        let mut bytes = [0; Self::LENGTH];
        bytes[..4].copy_from_slice(&self.alarms.to_be_bytes());
        bytes[4..8].copy_from_slice(&status.to_be_bytes());
        bytes[8..12].copy_from_slice(&self.latitude.unsigned_abs().to_be_bytes());
        bytes[12..16].copy_from_slice(&self.longitude.unsigned_abs().to_be_bytes());
        bytes[16..18].copy_from_slice(&self.altitude.to_be_bytes());
        bytes[18..20].copy_from_slice(&self.speed.to_be_bytes());
        bytes[20..22].copy_from_slice(&self.heading.to_be_bytes());
        bytes[22..].copy_from_slice(&self.time.0);
        bytes
    }

    /// Whether all bits of `flags` are set in the status.
    pub const fn is(&self, flags: u32) -> bool {
        self.status & flags == flags
    }
}

/// A coordinate with its sign, and whether it is in the negative hemisphere. The standard has the sign in the
/// status alone; terminals that send two's complement mean the same.
fn signed(magnitude: u32, negative: bool) -> (i32, bool) {
    match i32::try_from(magnitude) {
        Ok(positive) if negative => (-positive, true),
        Ok(positive) => (positive, false),
        Err(_) => (i32::from_be_bytes(magnitude.to_be_bytes()), true),
    }
}

const fn with(bits: u32, bit: u32, on: bool) -> u32 {
    if on {
        bits | bit
    } else {
        bits & !bit
    }
}

impl Field for Location {
    fn read(reader: &mut Reader<'_>, _: Version, field: &'static str) -> Result<Self, DecodeError> {
        reader.array(field).map(|bytes| Self::from_bytes(&bytes))
    }
    fn write(&self, out: &mut Vec<u8>, _: Version, _: &'static str) -> Result<(), EncodeError> {
        out.extend_from_slice(&self.to_bytes());
        Ok(())
    }
    #[cfg(test)]
    fn any(entropy: &mut crate::fields::Entropy<'_>, _: Version) -> Self {
        Self::from_bytes(&entropy.array())
    }
}

/// A position with its additional items. Reading it takes no memory: the items stay where they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocationReport<'a> {
    /// What every position has.
    pub location: Location,
    /// What this one has besides.
    pub items: Items<'a>,
}

impl<'a> LocationReport<'a> {
    /// Reads the body of 0x0200, of any version.
    pub fn decode(body: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader(body);
        let location = Location::from_bytes(&reader.array("Location")?);
        Ok(Self { location, items: Items::from_wire(reader.rest()) })
    }

    /// Appends the body of 0x0200.
    pub fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.location.to_bytes());
        out.extend_from_slice(self.items.as_bytes());
    }

    /// Independent of the frame that it was read from.
    pub fn into_owned(self) -> LocationReport<'static> {
        LocationReport { location: self.location, items: self.items.into_owned() }
    }
}

impl Field for LocationReport<'static> {
    fn read(reader: &mut Reader<'_>, _: Version, _: &'static str) -> Result<Self, DecodeError> {
        LocationReport::decode(reader.rest()).map(LocationReport::into_owned)
    }
    fn write(&self, out: &mut Vec<u8>, _: Version, _: &'static str) -> Result<(), EncodeError> {
        self.encode(out);
        Ok(())
    }
    #[cfg(test)]
    fn any(entropy: &mut crate::fields::Entropy<'_>, version: Version) -> Self {
        let location = Location::any(entropy, version);
        Self { location, items: Items::from_wire(&entropy.bytes(80)).into_owned() }
    }
}

/// Positions that were collected: the body of 0x0704.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocationBatch<'a> {
    /// 0: collected in coverage, 1: sent late, from a blind spot.
    pub kind: u8,
    /// In the order in which they came.
    pub reports: Vec<LocationReport<'a>>,
    /// Entries that are too short for a position. They cost only themselves.
    pub malformed: u16,
}

impl<'a> LocationBatch<'a> {
    /// Of positions collected outside of coverage.
    pub const LATE: u8 = 1;

    /// Reads the body of 0x0704. The number of entries that it tells is not believed: it is read to its end,
    /// and an entry that is cut counts as malformed. Some terminals tell the length of all entries once.
    pub fn decode(body: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader(body);
        let count = u16::from_be_bytes(reader.array("LocationBatch.count")?);
        let [kind] = reader.array("LocationBatch.kind")?;
        let mut batch = Self { kind, reports: Vec::new(), malformed: 0 };
        if let Some(reports) = Self::of_one_length(count.into(), reader.0) {
            return Ok(Self { reports, ..batch });
        }
        while !reader.is_empty() {
            let entry = match reader.array("length").map(u16::from_be_bytes) {
                Ok(length) => reader.take(length.into(), "LocationBatch.reports"),
                Err(cut) => Err(cut),
            };
            if entry.is_err() {
                reader.rest();
            }
            match entry.and_then(LocationReport::decode) {
                Ok(report) => batch.reports.push(report),
                Err(_) => batch.malformed = batch.malformed.saturating_add(1),
            }
        }
        Ok(batch)
    }

    /// Entries of the same size behind one length of them all. Each must have a time, or zeros.
    fn of_one_length(count: usize, entries: &'a [u8]) -> Option<Vec<LocationReport<'a>>> {
        let (length, entries) = entries.split_first_chunk()?;
        let size = entries.len().checked_div(count)?;
        let all = count > 1 && size * count == usize::from(u16::from_be_bytes(*length));
        if !all || size == 0 || size * count != entries.len() {
            return None;
        }
        let whole = |report: &LocationReport<'_>| {
            matches!(report.location.time.millis(), Ok(_) | Err(TimeError::Zero))
        };
        entries
            .chunks_exact(size)
            .map(|entry| LocationReport::decode(entry).ok().filter(whole))
            .collect()
    }

    /// Appends the body of 0x0704; a malformed entry becomes an empty one.
    pub fn encode(&self, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let field = "LocationBatch.reports";
        let limit = usize::from(u16::MAX);
        let length = self.reports.len() + usize::from(self.malformed);
        let count =
            u16::try_from(length).map_err(|_| EncodeError::TooLong { field, length, limit })?;
        out.extend_from_slice(&count.to_be_bytes());
        out.push(self.kind);
        for report in &self.reports {
            let length = Location::LENGTH + report.items.as_bytes().len();
            let told =
                u16::try_from(length).map_err(|_| EncodeError::TooLong { field, length, limit })?;
            out.extend_from_slice(&told.to_be_bytes());
            report.encode(out);
        }
        out.resize(out.len() + 2 * usize::from(self.malformed), 0);
        Ok(())
    }

    /// Independent of the frame that it was read from.
    pub fn into_owned(self) -> LocationBatch<'static> {
        let reports = self.reports.into_iter().map(LocationReport::into_owned).collect();
        LocationBatch { kind: self.kind, reports, malformed: self.malformed }
    }
}

impl Field for LocationBatch<'static> {
    fn read(reader: &mut Reader<'_>, _: Version, _: &'static str) -> Result<Self, DecodeError> {
        LocationBatch::decode(reader.rest()).map(LocationBatch::into_owned)
    }
    fn write(&self, out: &mut Vec<u8>, _: Version, _: &'static str) -> Result<(), EncodeError> {
        self.encode(out)
    }
    #[cfg(test)]
    fn any(entropy: &mut crate::fields::Entropy<'_>, version: Version) -> Self {
        let [kind] = entropy.array();
        let reports =
            (0..entropy.below(4)).map(|_| LocationReport::any(entropy, version)).collect();
        Self { kind, reports, malformed: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn south_and_west_are_bits_of_the_status() {
        let santiago =
            Location { latitude: -33_456_900, longitude: -70_648_300, ..Location::default() };
        let bytes = santiago.to_bytes();
        assert_eq!(bytes[4..8], [0, 0, 0, 0b1100]);
        assert_eq!(bytes[8..12], 33_456_900_u32.to_be_bytes());
        let read = Location::from_bytes(&bytes);
        assert_eq!((read.latitude, read.longitude), (-33_456_900, -70_648_300));
    }

    #[test]
    fn a_terminal_that_sends_twos_complement_means_the_same() {
        let mut bytes = Location::default().to_bytes();
        bytes[8..12].copy_from_slice(&(-33_456_900_i32).to_be_bytes());
        let read = Location::from_bytes(&bytes);
        assert_eq!(read.latitude, -33_456_900);
        assert!(read.is(status::SOUTH));
        assert_eq!(Location::from_bytes(&read.to_bytes()), read);
    }

    #[test]
    fn a_short_entry_of_a_batch_costs_only_itself() {
        let mut body = vec![0, 3, LocationBatch::LATE];
        for length in [28, 5, 30] {
            body.extend_from_slice(&[0, length]);
            body.resize(body.len() + usize::from(length), 0);
        }
        body.extend_from_slice(&[0, 99, 1, 2]);
        let batch = LocationBatch::decode(&body).unwrap();
        assert_eq!((batch.reports.len(), batch.malformed, batch.kind), (2, 2, 1));
        assert_eq!(batch.reports[1].items.as_bytes(), [0, 0]);
    }

    #[test]
    fn entries_of_the_same_size_may_have_one_length() {
        let reports: Vec<_> = (0..5_u16)
            .map(|speed| {
                let time = BcdTime([0x26, 0x11, 0x23, 0x12, 0, 0]);
                let location = Location { speed, time, ..Location::default() };
                let items = Items::default().with(&Item::Mileage(speed.into())).unwrap();
                LocationReport { location, items }
            })
            .collect();
        let mut body = vec![0, 5, LocationBatch::LATE, 0, 5 * 34];
        reports.iter().for_each(|report| report.encode(&mut body));
        let batch = LocationBatch::decode(&body).unwrap();
        assert_eq!((batch.reports, batch.malformed), (reports, 0));
    }

    #[test]
    fn a_batch_of_nothing_holds_no_position() {
        let batch = LocationBatch::decode(&[0, 4, LocationBatch::LATE, 0, 0]).unwrap();
        assert_eq!((batch.reports, batch.malformed), (Vec::new(), 1));
    }
}
