//! The ways in which lists are on the wire.

#[cfg(test)]
use super::Entropy;
use super::{
    layout::{read_count, write_count},
    DecodeError, EncodeError, Field, Layout, Reader,
};
use crate::frame::Version;

/// Entries behind their number, which has `W` bytes. When the body ends before all of them came, those that came
/// are believed.
pub(crate) struct List<const W: usize>;

impl<const W: usize, T: Field> Layout<Vec<T>> for List<W> {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<Vec<T>, DecodeError> {
        let count = read_count::<W>(reader, field)?;
        let mut entries = Vec::new();
        while entries.len() < count && !reader.is_empty() {
            entries.push(T::read(reader, version, field)?);
        }
        Ok(entries)
    }
    fn write(
        &self,
        value: &Vec<T>,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        write_count::<W>(value.len(), out, field)?;
        value.iter().try_for_each(|entry| entry.write(out, version, field))
    }
    #[cfg(test)]
    fn any(&self, entropy: &mut Entropy<'_>, version: Version) -> Vec<T> {
        (0..entropy.below(5)).map(|_| T::any(entropy, version)).collect()
    }
}

/// Up to so many entries, until the body ends. One that its end cuts costs only itself.
pub(crate) fn read_whole<T: Field>(
    count: usize,
    reader: &mut Reader<'_>,
    version: Version,
    field: &'static str,
) -> Vec<T> {
    let mut entries = Vec::new();
    while entries.len() < count && !reader.is_empty() {
        match T::read(reader, version, field) {
            Ok(entry) => entries.push(entry),
            Err(_) => {
                reader.rest();
            }
        }
    }
    entries
}

/// A [`List`] that a terminal sends: what it says is worth having without an entry that is cut. A command is not, it
/// would set something else.
pub(crate) struct UplinkList<const W: usize>;

impl<const W: usize, T: Field> Layout<Vec<T>> for UplinkList<W> {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<Vec<T>, DecodeError> {
        let count = read_count::<W>(reader, field)?;
        Ok(read_whole(count, reader, version, field))
    }
    fn write(
        &self,
        value: &Vec<T>,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        List::<W>.write(value, out, version, field)
    }
    #[cfg(test)]
    fn any(&self, entropy: &mut Entropy<'_>, version: Version) -> Vec<T> {
        List::<W>.any(entropy, version)
    }
}

/// A list that is not there at all when it has no entries.
pub(crate) struct OptionalList<L>(pub(crate) L);

impl<T: Field, L: Layout<Vec<T>>> Layout<Vec<T>> for OptionalList<L> {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<Vec<T>, DecodeError> {
        if reader.is_empty() {
            return Ok(Vec::new());
        }
        self.0.read(reader, version, field)
    }
    fn write(
        &self,
        value: &Vec<T>,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        if value.is_empty() {
            return Ok(());
        }
        self.0.write(value, out, version, field)
    }
    #[cfg(test)]
    fn any(&self, entropy: &mut Entropy<'_>, version: Version) -> Vec<T> {
        self.0.any(entropy, version)
    }
}

/// Entries until the end.
pub(crate) struct ListRest;

impl<T: Field> Layout<Vec<T>> for ListRest {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        version: Version,
        field: &'static str,
    ) -> Result<Vec<T>, DecodeError> {
        let mut entries = Vec::new();
        while !reader.is_empty() {
            entries.push(T::read(reader, version, field)?);
        }
        Ok(entries)
    }
    fn write(
        &self,
        value: &Vec<T>,
        out: &mut Vec<u8>,
        version: Version,
        field: &'static str,
    ) -> Result<(), EncodeError> {
        value.iter().try_for_each(|entry| entry.write(out, version, field))
    }
    #[cfg(test)]
    fn any(&self, entropy: &mut Entropy<'_>, version: Version) -> Vec<T> {
        (0..entropy.below(5)).map(|_| T::any(entropy, version)).collect()
    }
}
