//! Parameters of terminals (JT/T 808-2019, table 12; those that 2019 dropped as well).

mod table;

pub use table::{find, Kind, Parameter as Description, TABLE};

use crate::{
    fields::{body, read_whole, DecodeError, EncodeError, Field, Layout, List, Prefixed, Reader},
    frame::Version,
    text::Text,
};

/// One parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its number: [`find`] describes it.
    pub id: u32,
    /// Its value.
    pub value: Value,
}

/// A parameter's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// One byte.
    Byte(u8),
    /// Two bytes.
    Word(u16),
    /// Four bytes.
    Dword(u32),
    /// Text.
    Text(Text),
    /// Of a maker's own parameter, of an array, or of a length that the number does not have.
    Bytes(Vec<u8>),
}

impl Value {
    /// A number, when it is one.
    pub fn number(&self) -> Option<u32> {
        match *self {
            Self::Byte(value) => Some(value.into()),
            Self::Word(value) => Some(value.into()),
            Self::Dword(value) => Some(value),
            Self::Text(_) | Self::Bytes(_) => None,
        }
    }

    fn decode(kind: Kind, bytes: &[u8]) -> Self {
        match (kind, bytes) {
            (Kind::Byte, &[value]) => Self::Byte(value),
            (Kind::Word, &[a, b]) => Self::Word(u16::from_be_bytes([a, b])),
            (Kind::Dword, &[a, b, c, d]) => Self::Dword(u32::from_be_bytes([a, b, c, d])),
            (Kind::Text, bytes) => Self::Text(Text::from_wire(bytes)),
            (_, bytes) => Self::Bytes(bytes.to_vec()),
        }
    }

    fn encode(&self) -> Vec<u8> {
        match self {
            Self::Byte(value) => vec![*value],
            Self::Word(value) => value.to_be_bytes().to_vec(),
            Self::Dword(value) => value.to_be_bytes().to_vec(),
            Self::Text(text) => text.as_bytes().to_vec(),
            Self::Bytes(bytes) => bytes.clone(),
        }
    }
}

impl Field for Parameter {
    fn read(
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<Self, DecodeError> {
        let id = u32::read(reader, version, field)?;
        let length = usize::from(u8::read(reader, version, field)?);
        // The last value may be shorter than it tells: some terminals count a text's zero that they do not send.
        let bytes = reader.take(length.min(reader.0.len()), field)?;
        let kind = find(id).map_or(Kind::Bytes, |parameter| parameter.kind);
        Ok(Self { id, value: Value::decode(kind, bytes) })
    }
    fn write(
        &self,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        self.id.write(out, version, field)?;
        Prefixed::<1>.write(&self.value.encode(), out, version, field)
    }
    #[cfg(test)]
    fn any(entropy: &mut crate::fields::Entropy<'_>, _: Version) -> Self {
        match TABLE.get(entropy.below(TABLE.len() + 1)) {
            None => Self { id: 0xf365, value: Value::Bytes(entropy.bytes(60)) },
            Some(parameter) => {
                let bytes = match parameter.kind {
                    Kind::Byte => entropy.array::<1>().to_vec(),
                    Kind::Word => entropy.array::<2>().to_vec(),
                    Kind::Dword => entropy.array::<4>().to_vec(),
                    Kind::Text | Kind::Bytes => entropy.bytes(30),
                };
                Self { id: parameter.id, value: Value::decode(parameter.kind, &bytes) }
            }
        }
    }
}

/// Parameters with their number in front. It is not believed: they are read to the body's end, 255 at most, and bytes
/// there that are too few for another one are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters(pub Vec<Parameter>);

impl Parameters {
    /// The value of a parameter.
    pub fn get(&self, id: u32) -> Option<&Value> {
        self.0.iter().find(|parameter| parameter.id == id).map(|parameter| &parameter.value)
    }
}

impl Field for Parameters {
    fn read(
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<Self, DecodeError> {
        u8::read(reader, version, field)?;
        Ok(Self(read_whole(u8::MAX.into(), reader, version, field)))
    }
    fn write(
        &self,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        List::<1>.write(&self.0, out, version, field)
    }
    #[cfg(test)]
    fn any(entropy: &mut crate::fields::Entropy<'_>, version: Version) -> Self {
        Self(Layout::any(&List::<1>, entropy, version))
    }
}

body! {
    /// The parameters asked for.
    ParameterAnswer {
        /// The serial of the query.
        serial: u16,
        /// All, or those asked for.
        parameters: Parameters,
    }
}

body! {
    /// Asks for some parameters.
    ParameterIds {
        /// Their numbers.
        ids: Vec<u32> as List::<1>,
    }
}
