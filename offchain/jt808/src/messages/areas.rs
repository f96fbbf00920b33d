//! Areas and routes that the terminal watches by itself.

use super::Route;
use crate::{
    fields::{body, DecodeError, EncodeError, Field, Layout, List, Prefixed, Reader, Rest},
    frame::Version,
    text::Text,
    time::BcdTime,
};

/// Bits of an area's attributes, and the first two of a route's.
pub mod area {
    /// In force at a time: the period is there.
    pub const TIMED: u16 = 1;
    /// With a speed limit.
    pub const LIMITED: u16 = 1 << 1;
    /// Entering warns the driver.
    pub const ENTER_DRIVER: u16 = 1 << 2;
    /// Entering warns the platform.
    pub const ENTER_PLATFORM: u16 = 1 << 3;
    /// Leaving warns the driver.
    pub const LEAVE_DRIVER: u16 = 1 << 4;
    /// Leaving warns the platform.
    pub const LEAVE_PLATFORM: u16 = 1 << 5;
    /// Latitudes are south.
    pub const SOUTH: u16 = 1 << 6;
    /// Longitudes are west.
    pub const WEST: u16 = 1 << 7;
}

body! {
    /// A place without its hemispheres, which the area's attributes have.
    Place {
        /// 10⁻⁶ degrees.
        latitude: u32,
        /// 10⁻⁶ degrees.
        longitude: u32,
    }
}

body! {
    /// When an area is in force. Dates of zeros mean each day.
    Period {
        /// From.
        start: BcdTime,
        /// To.
        end: BcdTime,
    }
}

/// How fast a vehicle may be in an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpeedLimit {
    /// km/h.
    pub speed: u16,
    /// Seconds above it that count as too fast.
    pub seconds: u8,
    /// km/h at night, since 2019; 0: as by day.
    pub night: Option<u16>,
}

impl SpeedLimit {
    pub(super) fn read(
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<Self, DecodeError> {
        let (speed, seconds) =
            (u16::read(reader, version, field)?, u8::read(reader, version, field)?);
        Ok(Self { speed, seconds, night: None })
    }

    pub(super) fn read_night(
        &mut self,
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<(), DecodeError> {
        if version == Version::V2019 {
            let missing = reader.is_empty();
            self.night = Some(if missing { 0 } else { u16::read(reader, version, field)? });
        }
        Ok(())
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.speed.to_be_bytes());
        out.push(self.seconds);
    }

    pub(super) fn write_night(&self, out: &mut Vec<u8>, version: Version) {
        if version == Version::V2019 {
            out.extend_from_slice(&self.night.unwrap_or_default().to_be_bytes());
        }
    }

    #[cfg(test)]
    pub(super) fn any(entropy: &mut crate::fields::Entropy<'_>, version: Version) -> Self {
        let night = (version == Version::V2019).then(|| u16::any(entropy, version));
        Self { speed: u16::any(entropy, version), seconds: u8::any(entropy, version), night }
    }
}

/// The attributes with the bits of what is there.
fn attributes(given: u16, period: Option<&Period>, limit: Option<&SpeedLimit>) -> u16 {
    let timed = if period.is_some() { area::TIMED } else { 0 };
    let limited = if limit.is_some() { area::LIMITED } else { 0 };
    given & !(area::TIMED | area::LIMITED) | timed | limited
}

pub(super) fn read_period(
    attributes: u16,
    reader: &mut Reader<'_>,
    version: Version,
) -> Result<Option<Period>, DecodeError> {
    let timed = attributes & area::TIMED != 0;
    timed.then(|| Period::read(reader, version, "Period")).transpose()
}

pub(super) fn write_period(
    period: Option<&Period>,
    out: &mut Vec<u8>,
    version: Version,
) -> Result<(), EncodeError> {
    period.map_or(Ok(()), |period| period.write(out, version, "Period"))
}

pub(super) fn read_name(
    reader: &mut Reader<'_>,
    version: Version,
    field: &'static str,
) -> Result<Text, DecodeError> {
    if version == Version::V2019 && !reader.is_empty() {
        return Prefixed::<2>.read(reader, version, field);
    }
    Ok(Text::default())
}

pub(super) fn write_name(
    name: &Text,
    out: &mut Vec<u8>,
    version: Version,
    field: &'static str,
) -> Result<(), EncodeError> {
    match version {
        Version::V2019 => Prefixed::<2>.write(name, out, version, field),
        _ => Ok(()),
    }
}

#[cfg(test)]
pub(super) fn any_name(entropy: &mut crate::fields::Entropy<'_>, version: Version) -> Text {
    match version {
        Version::V2019 => Layout::any(&Prefixed::<2>, entropy, version),
        _ => Text::default(),
    }
}

macro_rules! shape {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            /// Its number.
            pub id: u32,
            /// Bits: [`area`]; those of [`area::TIMED`] and [`area::LIMITED`] follow what is there when it is written.
            pub attributes: u16,
            $($(#[$field_doc])* pub $field: $type,)*
            /// When it is in force; none: always.
            pub period: Option<Period>,
            /// How fast a vehicle may be in it.
            pub limit: Option<SpeedLimit>,
            /// Its name, since 2019.
            pub name: Text,
        }

        impl Field for $name {
            fn read(reader: &mut Reader<'_>, version: Version, _: &'static str) -> Result<Self, DecodeError> {
                let field = stringify!($name);
                let (id, attributes) = (u32::read(reader, version, field)?, u16::read(reader, version, field)?);
                $(let $field = <$type>::read(reader, version, field)?;)*
                let period = read_period(attributes, reader, version)?;
                let mut limit = None;
                if attributes & area::LIMITED != 0 {
                    let mut read = SpeedLimit::read(reader, version, field)?;
                    read.read_night(reader, version, field)?;
                    limit = Some(read);
                }
                let name = read_name(reader, version, field)?;
                Ok(Self { id, attributes, $($field,)* period, limit, name })
            }
            fn write(&self, out: &mut Vec<u8>, version: Version, _: &'static str) -> Result<(), EncodeError> {
                let field = stringify!($name);
                self.id.write(out, version, field)?;
                attributes(self.attributes, self.period.as_ref(), self.limit.as_ref()).write(out, version, field)?;
                $(self.$field.write(out, version, field)?;)*
                write_period(self.period.as_ref(), out, version)?;
                if let Some(limit) = &self.limit {
                    limit.write(out);
                    limit.write_night(out, version);
                }
                write_name(&self.name, out, version, field)
            }
            #[cfg(test)]
            fn any(entropy: &mut crate::fields::Entropy<'_>, version: Version) -> Self {
                let attributes = u16::any(entropy, version);
                Self {
                    id: u32::any(entropy, version),
                    attributes,
                    $($field: <$type>::any(entropy, version),)*
                    period: (attributes & area::TIMED != 0).then(|| Period::any(entropy, version)),
                    limit: (attributes & area::LIMITED != 0).then(|| SpeedLimit::any(entropy, version)),
                    name: any_name(entropy, version),
                }
            }
        }
    };
}

shape! {
    /// A circle.
    Circle {
        /// Its centre.
        centre: Place,
        /// Metres.
        radius: u32,
    }
}

shape! {
    /// A rectangle.
    Rectangle {
        /// The corner in the north-west.
        north_west: Place,
        /// The corner in the south-east.
        south_east: Place,
    }
}

body! {
    /// Sets circles.
    Circles {
        /// 0: replace all, 1: add, 2: change.
        operation: u8,
        /// The circles.
        areas: Vec<Circle> as List::<1>,
    }
}

body! {
    /// Sets rectangles.
    Rectangles {
        /// 0: replace all, 1: add, 2: change.
        operation: u8,
        /// The rectangles.
        areas: Vec<Rectangle> as List::<1>,
    }
}

/// A polygon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Polygon {
    /// Its number.
    pub id: u32,
    /// Bits: [`area`]; those of [`area::TIMED`] and [`area::LIMITED`] follow what is there when it is written.
    pub attributes: u16,
    /// When it is in force; none: always.
    pub period: Option<Period>,
    /// How fast a vehicle may be in it.
    pub limit: Option<SpeedLimit>,
    /// Its corners, in order.
    pub corners: Vec<Place>,
    /// Its name, since 2019.
    pub name: Text,
}

impl Field for Polygon {
    fn read(
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<Self, DecodeError> {
        let (id, attributes) =
            (u32::read(reader, version, field)?, u16::read(reader, version, field)?);
        let period = read_period(attributes, reader, version)?;
        let limited = attributes & area::LIMITED != 0;
        let mut limit = limited.then(|| SpeedLimit::read(reader, version, field)).transpose()?;
        let corners = List::<2>.read(reader, version, field)?;
        if let Some(limit) = &mut limit {
            limit.read_night(reader, version, field)?;
        }
        Ok(Self {
            id,
            attributes,
            period,
            limit,
            corners,
            name: read_name(reader, version, field)?,
        })
    }
    fn write(
        &self,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        self.id.write(out, version, field)?;
        attributes(self.attributes, self.period.as_ref(), self.limit.as_ref())
            .write(out, version, field)?;
        write_period(self.period.as_ref(), out, version)?;
        if let Some(limit) = &self.limit {
            limit.write(out);
        }
        List::<2>.write(&self.corners, out, version, field)?;
        if let Some(limit) = &self.limit {
            limit.write_night(out, version);
        }
        write_name(&self.name, out, version, field)
    }
    #[cfg(test)]
    fn any(entropy: &mut crate::fields::Entropy<'_>, version: Version) -> Self {
        let attributes = u16::any(entropy, version);
        Self {
            id: u32::any(entropy, version),
            attributes,
            period: (attributes & area::TIMED != 0).then(|| Period::any(entropy, version)),
            limit: (attributes & area::LIMITED != 0).then(|| SpeedLimit::any(entropy, version)),
            corners: Layout::any(&List::<2>, entropy, version),
            name: any_name(entropy, version),
        }
    }
}

body! {
    /// Deletes areas or routes.
    AreaIds {
        /// Their numbers; none: all.
        ids: Vec<u32> as List::<1>,
    }
}

body! {
    /// Asks for areas or routes.
    AreaQuery {
        /// 1: circles, 2: rectangles, 3: polygons, 4: routes.
        kind: u8,
        /// Their numbers; none: all.
        ids: Vec<u32> as List::<4>,
    }
}

body! {
    /// The areas or routes asked for.
    AreaAnswer {
        /// As in [`AreaQuery`].
        kind: u8,
        /// How many.
        count: u32,
        /// The bodies of the messages that set them, one behind the other: [`AreaAnswer::areas`].
        data: Vec<u8> as Rest,
    }
}

/// What a terminal answers that it watches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Area {
    /// Circles.
    Circles(Circles),
    /// Rectangles.
    Rectangles(Rectangles),
    /// A polygon.
    Polygon(Polygon),
    /// A route.
    Route(Route),
}

impl AreaAnswer {
    /// The areas or routes.
    pub fn areas(&self, version: Version) -> Result<Vec<Area>, DecodeError> {
        let mut reader = Reader(&self.data);
        let mut areas = Vec::new();
        while !reader.is_empty() && areas.len() < usize::try_from(self.count).unwrap_or(usize::MAX)
        {
            areas.push(match self.kind {
                1 => Area::Circles(Circles::read(&mut reader, version, "Circles")?),
                2 => Area::Rectangles(Rectangles::read(&mut reader, version, "Rectangles")?),
                3 => Area::Polygon(Polygon::read(&mut reader, version, "Polygon")?),
                4 => Area::Route(Route::read(&mut reader, version, "Route")?),
                _ => break,
            });
        }
        Ok(areas)
    }
}
