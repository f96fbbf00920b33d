//! Blocks before they are decoded.

use std::fmt;

/// A hash of 32 bytes.
pub type Hash = [u8; 32];

/// A block as it is kept for ever: everything that decoding needs but the metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawBlock {
    /// Its height.
    pub number: u32,
    /// Its hash.
    pub hash: Hash,
    /// The hash of the block before.
    pub parent: Hash,
    /// The version of the runtime that ran it: that of its parent's state, also in the block that enacts an upgrade.
    pub spec: u32,
    /// Its header, SCALE.
    pub header: Vec<u8>,
    /// Its extrinsics, each SCALE with its length in front.
    pub extrinsics: Vec<Vec<u8>>,
    /// The value of `System.Events` in its state.
    pub events: Vec<u8>,
    /// What else of its state is a fact for the index: keys and values. Of block 0 the whole state.
    pub state: Vec<(Vec<u8>, Vec<u8>)>,
}

impl RawBlock {
    /// About how many bytes it takes.
    pub fn size(&self) -> usize {
        let extrinsics: usize = self.extrinsics.iter().map(Vec::len).sum();
        let state: usize = self.state.iter().map(|(key, value)| key.len() + value.len()).sum();
        self.header.len() + extrinsics + self.events.len() + state
    }

    /// How many events it says that it has.
    pub fn event_count(&self) -> u32 {
        codec::Decode::decode(&mut &*self.events).map_or(0, |count: codec::Compact<u32>| count.0)
    }
}

/// What it takes to decode blocks of a runtime's version.
#[derive(Clone, PartialEq, Eq)]
pub struct Runtime {
    /// Its version.
    pub spec: u32,
    /// The first block that it ran, as far as the index knows.
    pub first: u32,
    /// Its metadata, with the magic number in front.
    pub metadata: Vec<u8>,
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Runtime {} from block {}", self.spec, self.first)
    }
}

/// Blocks that are stored together. It is written down before any row of it is sent, and never changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cut {
    /// Its first block.
    pub first: u32,
    /// Its last block.
    pub last: u32,
}

impl Cut {
    /// How many blocks it has.
    pub fn count(&self) -> u32 {
        self.last - self.first + 1
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "blocks {} to {}", self.first, self.last)
    }
}
