//! What the state of a block held under a key.

use std::collections::BTreeMap;

use codec::{Compact, Decode};
use serde::{Deserialize, Serialize};

use crate::{
    hexadecimal::{Bytes, Hash},
    refused::Refused,
    trie::{self, Found, NoWay},
    Fixed, Leaf,
};

/// Bytes of the longest value that is said as it is.
const LONGEST_SAID: usize = 256;

/// A value of the state, the way to it, and the header that has the state's root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StorageItem {
    /// The key.
    pub key: Bytes,
    /// The value. Nothing: the state has no such key.
    pub value: Option<Bytes>,
    /// The block's header in SCALE.
    pub header: Bytes,
    /// The nodes of the trie that are known by their hash, from the root to the value.
    pub nodes: Vec<Bytes>,
}

/// What a header says, as far as it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The height.
    pub number: u32,
    /// The root of the state after the block.
    pub state_root: Hash,
}

impl Header {
    /// Reads a header in SCALE: parent hash, height (compact), state root, extrinsics root, digest.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let head: ([u8; 32], Compact<u32>, [u8; 32], [u8; 32]) =
            Decode::decode(&mut &*bytes).ok()?;
        Some(Self { number: head.1 .0, state_root: Fixed(head.2) })
    }
}

impl StorageItem {
    /// Puts together what a node answers: the value and the nodes of the way in their order, out of any number of nodes in
    /// any order.
    ///
    /// # Errors
    /// The header is none, or a node of the way is not among them.
    pub fn assemble(key: Vec<u8>, header: Vec<u8>, proof: &[Vec<u8>]) -> Result<Self, Refused> {
        let Header { state_root, .. } = Header::decode(&header).ok_or(Refused::Header)?;
        let known: BTreeMap<Hash, &Vec<u8>> =
            proof.iter().map(|node| (trie::blake2(node), node)).collect();
        let by_hash = |hash: &Hash| known.get(hash).copied();
        let mut nodes = Vec::new();
        let found = trie::find(state_root, &key, |hash| {
            let node = by_hash(hash)?;
            nodes.push(Bytes(node.clone()));
            Some(node.as_slice())
        })?;
        let value = match found {
            Found::Nothing => None,
            Found::Value(value) => Some(Bytes(value.to_vec())),
            Found::Hashed(hash) => Some(Bytes(by_hash(&hash).ok_or(NoWay::Node(hash))?.clone())),
        };
        Ok(Self { key: Bytes(key), value, header: Bytes(header), nodes })
    }

    /// Checks the header by the leaf, and the value by the header.
    pub(crate) fn verify(&self, leaf: &Leaf) -> Result<Vec<String>, Refused> {
        let hash = trie::blake2(&self.header.0);
        let header = Header::decode(&self.header.0).ok_or(Refused::Header)?;
        if (header.number, hash) != (leaf.parent_number, leaf.parent_hash) {
            return Err(Refused::OtherHeader { number: header.number, hash, of: leaf.parent_hash });
        }
        let mut nodes = self.nodes.iter();
        let next = |_: &Hash| nodes.next().map(|node| node.0.as_slice());
        let found = trie::find(header.state_root, &self.key.0, next)?;
        if nodes.next().is_some() {
            return Err(Refused::Superfluous);
        }
        let holds = match (found, &self.value) {
            (Found::Nothing, None) => true,
            (Found::Value(value), Some(said)) => value == said.0,
            (Found::Hashed(hash), Some(said)) => trie::blake2(&said.0) == hash,
            _ => false,
        };
        if !holds {
            return Err(Refused::OtherValue);
        }
        Ok(vec![
            format!(
                "the state with the root {} holds it, by {} nodes",
                header.state_root,
                self.nodes.len()
            ),
            format!(
                "that is the state after block {}, whose header has the hash {hash}",
                header.number
            ),
        ])
    }

    pub(crate) fn claim(&self) -> String {
        let key = &self.key;
        match &self.value {
            Some(Bytes(value)) if value.len() > LONGEST_SAID => format!(
                "the state held {} bytes under the key {key}, with the hash {} (blake2, 256 bits)",
                value.len(),
                trie::blake2(value)
            ),
            Some(value) => format!("the state held {value} under the key {key}"),
            None => format!("the state had nothing under the key {key}"),
        }
    }
}
