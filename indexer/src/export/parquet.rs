//! Rows of a Parquet file, from its last bytes.
//!
//! A file ends with metadata in Thrift's compact protocol, their length (u32, little-endian), and `PAR1`. Field 3 of the
//! metadata is the count of rows (apache/parquet-format, `FileMetaData.num_rows`); everything before it is passed over.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
};

/// What a file begins and ends with.
const MAGIC: &[u8; 4] = b"PAR1";
/// Bytes of metadata, at most: some thousand a group of rows.
const LONGEST: u64 = 256 << 20;
/// Structures in structures, at most.
const DEEPEST: usize = 16;
/// `FileMetaData.num_rows`.
const ROWS: i64 = 3;

/// How many rows a file has; the inner error: why it is no Parquet file.
///
/// # Errors
/// The file cannot be read.
pub(super) fn rows(file: &mut File) -> io::Result<Result<u64, String>> {
    let no_end = || Ok(Err("it has not the end of a Parquet file".to_owned()));
    let length = file.seek(SeekFrom::End(0))?;
    let Some(end) = length.checked_sub(8).filter(|end| *end >= 4) else { return no_end() };
    file.seek(SeekFrom::Start(end))?;
    let mut tail = [0; 8];
    file.read_exact(&mut tail)?;
    let [a, b, c, d, magic @ ..] = tail;
    let metadata = u64::from(u32::from_le_bytes([a, b, c, d]));
    let begin = end.checked_sub(metadata).filter(|begin| *begin >= 4);
    let Some(begin) = begin.filter(|_| magic == *MAGIC && metadata <= LONGEST) else {
        return no_end();
    };
    file.seek(SeekFrom::Start(begin))?;
    let mut bytes = Vec::new();
    file.take(metadata).read_to_end(&mut bytes)?;
    Ok(counted(&bytes).ok_or_else(|| "its metadata say no count of rows".to_owned()))
}

/// The count of rows in metadata.
fn counted(metadata: &[u8]) -> Option<u64> {
    let mut reader = Reader(metadata);
    let mut field = 0;
    loop {
        let kind = reader.field(&mut field)?;
        match (field, kind) {
            (ROWS, Kind::Integer) => return u64::try_from(reader.signed()?).ok(),
            _ => reader.skip(kind, DEEPEST)?,
        }
    }
}

/// Types of Thrift's compact protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A truth, which is in the type of its field; in a list it is a byte.
    Bool,
    Byte,
    Integer,
    Double,
    Bytes,
    List,
    Map,
    Struct,
}

impl Kind {
    fn of(code: u8) -> Option<Self> {
        Some(match code {
            1 | 2 => Self::Bool,
            3 => Self::Byte,
            4..=6 => Self::Integer,
            7 => Self::Double,
            8 => Self::Bytes,
            9 | 10 => Self::List,
            11 => Self::Map,
            12 => Self::Struct,
            _ => return None,
        })
    }
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn take(&mut self, count: u64) -> Option<()> {
        let (_, rest) = self.0.split_at_checked(usize::try_from(count).ok()?)?;
        self.0 = rest;
        Some(())
    }

    /// Seven bits a byte, the lowest first.
    fn unsigned(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// Zigzag: the sign is the lowest bit.
    fn signed(&mut self) -> Option<i64> {
        let number = self.unsigned()?;
        let half = i64::try_from(number >> 1).ok()?;
        Some(if number & 1 == 0 { half } else { -half - 1 })
    }

    /// The next field of a structure, whose number follows from the one before. Nothing: the structure ends.
    fn field(&mut self, number: &mut i64) -> Option<Kind> {
        let head = self.byte()?;
        if head == 0 {
            return None;
        }
        *number = match head >> 4 {
            0 => self.signed()?,
            more => number.checked_add(i64::from(more))?,
        };
        Kind::of(head & 15)
    }

    /// Passes over a value. Nothing: there is none.
    fn skip(&mut self, kind: Kind, deepest: usize) -> Option<()> {
        let deeper = deepest.checked_sub(1)?;
        match kind {
            Kind::Bool => Some(()),
            Kind::Byte => self.take(1),
            Kind::Integer => self.unsigned().map(|_| ()),
            Kind::Double => self.take(8),
            Kind::Bytes => {
                let length = self.unsigned()?;
                self.take(length)
            }
            Kind::List => {
                let head = self.byte()?;
                let count = match head >> 4 {
                    15 => self.unsigned()?,
                    count => count.into(),
                };
                self.items(count, &[Kind::of(head & 15)?], deeper)
            }
            Kind::Map => match self.unsigned()? {
                0 => Some(()),
                count => {
                    let kinds = self.byte()?;
                    self.items(count, &[Kind::of(kinds >> 4)?, Kind::of(kinds & 15)?], deeper)
                }
            },
            Kind::Struct => self.structure(deeper),
        }
    }

    fn items(&mut self, count: u64, kinds: &[Kind], deepest: usize) -> Option<()> {
        for _ in 0..count {
            for kind in kinds {
                // Every item takes a byte at least, so no count makes this long.
                match kind {
                    Kind::Bool => self.take(1)?,
                    kind => self.skip(*kind, deepest)?,
                }
            }
        }
        Some(())
    }

    fn structure(&mut self, deepest: usize) -> Option<()> {
        let mut number = 0;
        while *self.0.first()? != 0 {
            let kind = self.field(&mut number)?;
            self.skip(kind, deepest)?;
        }
        self.take(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Write;

    /// The end of a file as ClickHouse 26.7 writes it of `SELECT 1 AS x, 'a' AS y`, with another count of rows.
    fn file(rows: &[u8]) -> File {
        let schema = b"\x15\x04\x19\x3c\x48\x06schema\x15\x04\x00\
            \x15\x02\x25\x00\x18\x01x\x25\x16\x4c\xac\x13\x08\x12\x00\x00\x00\
            \x15\x0c\x25\x00\x18\x01y\x25\x00\x4c\x1c\x00\x00\x00\x16";
        let metadata = [schema.as_slice(), rows, b"\x19\x0c\x00"].concat();
        let mut file = tempfile::tempfile().unwrap();
        let length = u32::try_from(metadata.len()).unwrap().to_le_bytes();
        file.write_all(&[MAGIC, metadata.as_slice(), &length, MAGIC].concat()).unwrap();
        file
    }

    #[test]
    fn the_count_of_rows_is_found_behind_the_schema() {
        assert_eq!(rows(&mut file(&[0])).unwrap(), Ok(0));
        assert_eq!(rows(&mut file(&[84])).unwrap(), Ok(42));
        // 800,200 in zigzag: three bytes.
        assert_eq!(rows(&mut file(&[0x90, 0xd7, 0x61])).unwrap(), Ok(800_200));
        assert!(rows(&mut file(&[1])).unwrap().is_err(), "a negative count");
    }

    #[test]
    fn what_is_cut_off_has_no_end() {
        let mut whole = file(&[84]);
        let length = whole.metadata().unwrap().len();
        for cut in 0..length {
            whole.set_len(cut).unwrap();
            assert!(rows(&mut whole).unwrap().is_err(), "{cut} bytes of {length}");
            whole = file(&[84]);
        }
    }

    proptest! {
        #[test]
        fn any_metadata_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = counted(&bytes);
        }
    }
}
