//! The leaf that a block adds to the MMR, about the block before it.

use codec::{DecodeAll, Encode};
use serde::{Deserialize, Serialize};
use smartlink_primitives::keccak;

use crate::hexadecimal::{decimal, Fixed, Hash};

/// A leaf, as pallet-beefy-mmr makes it. In SCALE: all fields in this order, integers little-endian.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaf {
    /// The version of its form.
    pub version: u8,
    /// The height of the block that it is about.
    pub parent_number: u32,
    /// That block's hash.
    pub parent_hash: Hash,
    /// The validators of the session after that in which the leaf was made.
    pub next_set: NextSet,
    /// The checkpoint root of the block that it is about.
    pub extra: Hash,
}

/// A set of validators, as a leaf tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NextSet {
    /// Its number.
    #[serde(with = "decimal")]
    pub id: u64,
    /// How many they are.
    pub len: u32,
    /// The root over their addresses.
    pub root: Hash,
}

type Scale = (u8, (u32, [u8; 32]), (u64, u32, [u8; 32]), [u8; 32]);

impl Leaf {
    /// Reads a leaf in SCALE.
    ///
    /// # Errors
    /// It is none of this form.
    pub fn decode(bytes: &[u8]) -> Result<Self, codec::Error> {
        let (version, (parent_number, parent_hash), (id, len, root), extra) =
            Scale::decode_all(&mut &*bytes)?;
        Ok(Self {
            version,
            parent_number,
            parent_hash: Fixed(parent_hash),
            next_set: NextSet { id, len, root: Fixed(root) },
            extra: Fixed(extra),
        })
    }

    /// The leaf in SCALE, of which the hash is taken.
    pub fn encode(&self) -> Vec<u8> {
        let NextSet { id, len, root } = &self.next_set;
        let parent = (self.parent_number, self.parent_hash.0);
        (self.version, parent, (*id, *len, root.0), self.extra.0).encode()
    }

    /// Its hash in the MMR.
    pub fn hash(&self) -> Hash {
        keccak(&self.encode()).into()
    }
}
