//! The ways in which texts and bytes are on the wire.

#[cfg(test)]
use super::Entropy;
use super::{DecodeError, EncodeError, Layout, Reader};
use crate::{frame::Version, text::Text};

/// Text in so many bytes, padded with zeros behind: the widths of 2011, 2013 and 2019.
pub(crate) struct Fixed(pub(crate) usize, pub(crate) usize, pub(crate) usize);

impl Fixed {
    /// The same in all versions.
    pub(crate) const fn of(width: usize) -> Self {
        Self(width, width, width)
    }

    fn width(&self, version: Version) -> usize {
        match version {
            Version::V2011 => self.0,
            Version::V2013 => self.1,
            Version::V2019 => self.2,
        }
    }
}

impl Layout<Text> for Fixed {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<Text, DecodeError> {
        reader.take(self.width(version), field).map(Text::from_wire)
    }
    fn write(
        &self,
        value: &Text,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        let (limit, bytes) = (self.width(version), value.as_bytes());
        if bytes.len() > limit {
            return Err(EncodeError::TooLong { field, length: bytes.len(), limit });
        }
        out.extend_from_slice(bytes);
        out.resize(out.len() + limit - bytes.len(), 0);
        Ok(())
    }
    #[cfg(test)]
    fn any(&self, entropy: &mut Entropy<'_>, version: Version) -> Text {
        Text::from_wire(&entropy.bytes(self.width(version)))
    }
}

/// Text at the end of a body in up to so many bytes: terminals forget its padding.
pub(crate) struct UpTo(pub(crate) usize);

impl Layout<Text> for UpTo {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        _: Version,
        field: &'static str,
    ) -> Result<Text, DecodeError> {
        reader.take(self.0.min(reader.0.len()), field).map(Text::from_wire)
    }
    fn write(
        &self,
        value: &Text,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        Fixed::of(self.0).write(value, out, version, field)
    }
    #[cfg(test)]
    fn any(&self, entropy: &mut Entropy<'_>, version: Version) -> Text {
        Fixed::of(self.0).any(entropy, version)
    }
}

pub(super) fn read_count<const W: usize>(
    reader: &mut Reader<'_>,
    field: &'static str,
) -> Result<usize, DecodeError> {
    let bytes = reader.take(W, field)?;
    Ok(bytes.iter().fold(0, |count, byte| count << 8 | usize::from(*byte)))
}

pub(super) fn write_count<const W: usize>(
    length: usize,
    out: &mut Vec<u8>,
    field: &'static str,
) -> Result<(), EncodeError> {
    let limit = (1_usize << (8 * W)) - 1;
    if length > limit {
        return Err(EncodeError::TooLong { field, length, limit });
    }
    let bytes = length.to_be_bytes();
    out.extend_from_slice(&bytes[bytes.len() - W..]);
    Ok(())
}

/// Bytes behind their number, which has `W` bytes.
pub(crate) struct Prefixed<const W: usize>;

impl<const W: usize> Layout<Vec<u8>> for Prefixed<W> {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        _: Version,
        field: &'static str,
    ) -> Result<Vec<u8>, DecodeError> {
        let count = read_count::<W>(reader, field)?;
        reader.take(count, field).map(<[u8]>::to_vec)
    }
    fn write(
        &self,
        value: &Vec<u8>,
        out: &mut Vec<u8>,
        _: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        write_count::<W>(value.len(), out, field)?;
        out.extend_from_slice(value);
        Ok(())
    }
    #[cfg(test)]
    fn any(&self, entropy: &mut Entropy<'_>, _: Version) -> Vec<u8> {
        entropy.bytes(40)
    }
}

impl<const W: usize> Layout<Text> for Prefixed<W> {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        _: Version,
        field: &'static str,
    ) -> Result<Text, DecodeError> {
        let count = read_count::<W>(reader, field)?;
        reader.take(count, field).map(Text::from_wire)
    }
    fn write(
        &self,
        value: &Text,
        out: &mut Vec<u8>,
        _: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        write_count::<W>(value.as_bytes().len(), out, field)?;
        out.extend_from_slice(value.as_bytes());
        Ok(())
    }
    #[cfg(test)]
    fn any(&self, entropy: &mut Entropy<'_>, _: Version) -> Text {
        Text::from_wire(&entropy.bytes(40))
    }
}

/// All that is left.
pub(crate) struct Rest;

impl Layout<Vec<u8>> for Rest {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        _: Version,
        _: &'static str,
    ) -> Result<Vec<u8>, DecodeError> {
        Ok(reader.rest().to_vec())
    }
    fn write(
        &self,
        value: &Vec<u8>,
        out: &mut Vec<u8>,
        _: Version,
        _: &'static str,
    ) -> Result<(), EncodeError> {
        out.extend_from_slice(value);
        Ok(())
    }
    #[cfg(test)]
    fn any(&self, entropy: &mut Entropy<'_>, _: Version) -> Vec<u8> {
        entropy.bytes(60)
    }
}

impl Layout<Text> for Rest {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        _: Version,
        _: &'static str,
    ) -> Result<Text, DecodeError> {
        Ok(Text::from_wire(reader.rest()))
    }
    fn write(
        &self,
        value: &Text,
        out: &mut Vec<u8>,
        _: Version,
        _: &'static str,
    ) -> Result<(), EncodeError> {
        out.extend_from_slice(value.as_bytes());
        Ok(())
    }
    #[cfg(test)]
    fn any(&self, entropy: &mut Entropy<'_>, _: Version) -> Text {
        Text::from_wire(&entropy.bytes(60))
    }
}

/// There when the body does not end before it.
pub(crate) struct Optional<L>(pub(crate) L);

impl<T, L: Layout<T>> Layout<Option<T>> for Optional<L> {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<Option<T>, DecodeError> {
        (!reader.is_empty()).then(|| self.0.read(reader, version, field)).transpose()
    }
    fn write(
        &self,
        value: &Option<T>,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        value.as_ref().map_or(Ok(()), |value| self.0.write(value, out, version, field))
    }
    #[cfg(test)]
    fn any(&self, entropy: &mut Entropy<'_>, version: Version) -> Option<T> {
        Some(self.0.any(entropy, version))
    }
}

/// There since 2019, when the body does not end before it.
pub(crate) struct Since2019<L>(pub(crate) L);

impl<T, L: Layout<T>> Layout<Option<T>> for Since2019<L> {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<Option<T>, DecodeError> {
        let there = version == Version::V2019 && !reader.is_empty();
        there.then(|| self.0.read(reader, version, field)).transpose()
    }
    fn write(
        &self,
        value: &Option<T>,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        match value {
            Some(value) if version == Version::V2019 => self.0.write(value, out, version, field),
            _ => Ok(()),
        }
    }
    #[cfg(test)]
    fn any(&self, entropy: &mut Entropy<'_>, version: Version) -> Option<T> {
        (version == Version::V2019).then(|| self.0.any(entropy, version))
    }
}
