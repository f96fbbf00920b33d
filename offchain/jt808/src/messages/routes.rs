//! Routes that the terminal watches by itself.

#[cfg(test)]
use super::areas::any_name;
use super::{
    area,
    areas::{read_name, read_period, write_name, write_period},
    Period, Place, SpeedLimit,
};
use crate::{
    fields::{DecodeError, EncodeError, Field, Layout, List, Reader},
    frame::Version,
    text::Text,
};

/// How long a section of a route may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SectionLimits {
    /// Seconds above which it took too long.
    pub longest: u16,
    /// Seconds below which it took not long enough.
    pub shortest: u16,
}

/// A bend of a route, and the section that begins at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bend {
    /// Its number.
    pub id: u32,
    /// The section's number.
    pub section: u32,
    /// Where it is.
    pub place: Place,
    /// Of the section, metres.
    pub width: u8,
    /// Bits: 0 time limits, 1 speed limit, 2 south, 3 west; the first two follow what is there when it is written.
    pub attributes: u8,
    /// How long the section may take.
    pub time: Option<SectionLimits>,
    /// How fast a vehicle may be on the section.
    pub limit: Option<SpeedLimit>,
}

impl Field for Bend {
    fn read(
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<Self, DecodeError> {
        let (id, section) =
            (u32::read(reader, version, field)?, u32::read(reader, version, field)?);
        let place = Place::read(reader, version, field)?;
        let [width, attributes] = reader.array(field)?;
        let (mut time, mut limit) = (None, None);
        if attributes & 1 != 0 {
            let (longest, shortest) =
                (u16::read(reader, version, field)?, u16::read(reader, version, field)?);
            time = Some(SectionLimits { longest, shortest });
        }
        if attributes & 2 != 0 {
            let mut read = SpeedLimit::read(reader, version, field)?;
            read.read_night(reader, version, field)?;
            limit = Some(read);
        }
        Ok(Self { id, section, place, width, attributes, time, limit })
    }
    fn write(
        &self,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        self.id.write(out, version, field)?;
        self.section.write(out, version, field)?;
        self.place.write(out, version, field)?;
        let there = u8::from(self.time.is_some()) | u8::from(self.limit.is_some()) << 1;
        out.extend_from_slice(&[self.width, self.attributes & !3 | there]);
        if let Some(SectionLimits { longest, shortest }) = self.time {
            longest.write(out, version, field)?;
            shortest.write(out, version, field)?;
        }
        if let Some(limit) = &self.limit {
            limit.write(out);
            limit.write_night(out, version);
        }
        Ok(())
    }
    #[cfg(test)]
    fn any(entropy: &mut crate::fields::Entropy<'_>, version: Version) -> Self {
        let attributes = u8::any(entropy, version);
        let (longest, shortest) = (u16::any(entropy, version), u16::any(entropy, version));
        Self {
            id: u32::any(entropy, version),
            section: u32::any(entropy, version),
            place: Place::any(entropy, version),
            width: u8::any(entropy, version),
            attributes,
            time: (attributes & 1 != 0).then_some(SectionLimits { longest, shortest }),
            limit: (attributes & 2 != 0).then(|| SpeedLimit::any(entropy, version)),
        }
    }
}

/// A route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Its number.
    pub id: u32,
    /// Bits: 0 timed, then [`area::ENTER_DRIVER`] to [`area::LEAVE_PLATFORM`]; the first follows what is there
    /// when it is written.
    pub attributes: u16,
    /// When it is in force; none: always.
    pub period: Option<Period>,
    /// Its bends, in order.
    pub bends: Vec<Bend>,
    /// Its name, since 2019.
    pub name: Text,
}

impl Field for Route {
    fn read(
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<Self, DecodeError> {
        let (id, attributes) =
            (u32::read(reader, version, field)?, u16::read(reader, version, field)?);
        let period = read_period(attributes, reader, version)?;
        let bends = List::<2>.read(reader, version, field)?;
        Ok(Self { id, attributes, period, bends, name: read_name(reader, version, field)? })
    }
    fn write(
        &self,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        self.id.write(out, version, field)?;
        let timed = if self.period.is_some() { area::TIMED } else { 0 };
        (self.attributes & !area::TIMED | timed).write(out, version, field)?;
        write_period(self.period.as_ref(), out, version)?;
        List::<2>.write(&self.bends, out, version, field)?;
        write_name(&self.name, out, version, field)
    }
    #[cfg(test)]
    fn any(entropy: &mut crate::fields::Entropy<'_>, version: Version) -> Self {
        let attributes = u16::any(entropy, version);
        Self {
            id: u32::any(entropy, version),
            attributes,
            period: (attributes & area::TIMED != 0).then(|| Period::any(entropy, version)),
            bends: Layout::any(&List::<2>, entropy, version),
            name: any_name(entropy, version),
        }
    }
}
