//! The bytes of a chunk. Integers are little endian.
//!
//! | Bytes | What |
//! | --- | --- |
//! | 4 | how many records |
//! | 8 | bytes that the log had before this chunk, since it began |
//! | 4 + n each | length and encoding of a record |
//!
//! From the second field of the first and last chunk follows how much the log holds, without reading it.

use super::receipt::Done;
use std::sync::Arc;

/// Bytes before the first record.
pub(super) const HEADER: usize = 12;

/// A chunk that is being filled.
pub(super) struct Chunk {
    /// The sequence of its first record.
    pub(super) first: u64,
    pub(super) count: u32,
    pub(super) bytes: Vec<u8>,
    pub(super) done: Arc<Done>,
}

impl Chunk {
    pub(super) fn begin(mut buffer: Vec<u8>, first: u64, offset: u64) -> Self {
        buffer.clear();
        buffer.extend_from_slice(&0u32.to_le_bytes());
        buffer.extend_from_slice(&offset.to_le_bytes());
        Self { first, count: 0, bytes: buffer, done: Arc::new(Done::default()) }
    }

    /// Appends what `encode` appends to the bytes.
    pub(super) fn push(&mut self, encode: impl FnOnce(&mut Vec<u8>)) {
        let at = self.bytes.len();
        self.bytes.extend_from_slice(&[0; 4]);
        encode(&mut self.bytes);
        let length = self.bytes.len() - at - 4;
        // A record is far below 4 GiB: an attachment has at most 64 KiB.
        self.bytes[at..at + 4].copy_from_slice(&(length as u32).to_le_bytes());
        self.count += 1;
        self.bytes[..4].copy_from_slice(&self.count.to_le_bytes());
    }

    /// Bytes of records in it.
    pub(super) fn payload(&self) -> usize {
        self.bytes.len() - HEADER
    }
}

/// What the first bytes of a chunk on disk say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) count: u32,
    pub(super) offset: u64,
    /// Bytes of records that follow.
    pub(super) payload: u64,
}

impl Header {
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (count, rest) = bytes.split_first_chunk()?;
        let (offset, rest) = rest.split_first_chunk()?;
        let payload = rest.len() as u64;
        Some(Self {
            count: u32::from_le_bytes(*count),
            offset: u64::from_le_bytes(*offset),
            payload,
        })
    }
}

/// The records of a chunk, as they were encoded. None in the place of what is not one.
pub(super) fn records(bytes: &[u8]) -> impl Iterator<Item = Option<&[u8]>> {
    let mut rest = bytes.get(HEADER..).unwrap_or_default();
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let found = rest.split_first_chunk::<4>().and_then(|(length, after)| {
            let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
            after.split_at_checked(length)
        });
        rest = found.map_or(&[], |(_, after)| after);
        Some(found.map(|(record, _)| record))
    })
}
