//! Who drives: what the card reader of the road transport certificate says.

use crate::{
    fields::{
        body, DecodeError, EncodeError, Field, Fixed, Optional, Plain, Prefixed, Reader, UpTo,
    },
    frame::Version,
    text::Text,
    time::BcdTime,
};

/// Who drives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DriverIdentity {
    /// Since 2013: a card was put in or taken out.
    Card(DriverCard),
    /// Of 2011.
    Edition2011(DriverEdition2011),
}

body! {
    /// A card was put in or taken out.
    DriverCard {
        /// 1: put in, the driver is on duty; 2: taken out.
        status: u8,
        /// When.
        time: BcdTime,
        /// When it was put in: what the reader says.
        reading: Option<CardReading> as Optional(Plain),
    }
}

/// What the reader says of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardReading {
    /// 0: read, 1: not authenticated by its password, 2: locked, 3: taken out, 4: the check failed.
    pub result: u8,
    /// When it was read. One that the body's end cuts costs only itself.
    pub licence: Option<Licence>,
}

impl Field for CardReading {
    fn read(
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<Self, DecodeError> {
        let result = u8::read(reader, version, field)?;
        let licence = (result == 0).then(|| Licence::read(reader, version, field).ok()).flatten();
        Ok(Self { result, licence })
    }
    fn write(
        &self,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        out.push(self.result);
        self.licence.as_ref().map_or(Ok(()), |licence| licence.write(out, version, field))
    }
    #[cfg(test)]
    fn any(entropy: &mut crate::fields::Entropy<'_>, version: Version) -> Self {
        let [result] = entropy.array();
        Self { result, licence: (result == 0).then(|| Licence::any(entropy, version)) }
    }
}

body! {
    /// What is on a driver's card.
    Licence {
        /// The driver's name.
        name: Text as Prefixed::<1>,
        /// The number of the qualification certificate.
        certificate: Text as Fixed::of(20),
        /// Who issued it.
        issuer: Text as Prefixed::<1>,
        /// Until when it is valid: BCD YYYYMMDD.
        expires: [u8; 4],
        /// The number of the driver's identity card, since 2019.
        id_card: Option<Text> as Optional(UpTo(20)),
    }
}

body! {
    /// Who drives, in 2011.
    DriverEdition2011 {
        /// The driver's name.
        name: Text as Prefixed::<1>,
        /// The number of the driver's identity card.
        id_card: Text as Fixed::of(20),
        /// The number of the qualification certificate.
        certificate: Text as Fixed::of(40),
        /// Who issued it.
        issuer: Text as Prefixed::<1>,
    }
}

impl Field for DriverIdentity {
    /// Headers of 2011 and 2013 look the same. A body of 2013 begins with 1 or 2, a body of 2011 with the length
    /// of a name.
    fn read(
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<Self, DecodeError> {
        let is_card = matches!(reader.0.first(), Some(1 | 2));
        if version == Version::V2011 || version == Version::V2013 && !is_card {
            let mut of_2011 = reader.clone();
            let read = DriverEdition2011::read(&mut of_2011, version, field);
            if read.is_ok() || version == Version::V2011 {
                *reader = of_2011;
                return read.map(Self::Edition2011);
            }
        }
        DriverCard::read(reader, version, field).map(Self::Card)
    }
    fn write(
        &self,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        match self {
            Self::Card(card) => card.write(out, version, field),
            Self::Edition2011(driver) => driver.write(out, version, field),
        }
    }
    #[cfg(test)]
    fn any(entropy: &mut crate::fields::Entropy<'_>, version: Version) -> Self {
        if version == Version::V2011 {
            return Self::Edition2011(DriverEdition2011::any(entropy, version));
        }
        Self::Card(DriverCard { status: 1, ..DriverCard::any(entropy, version) })
    }
}
