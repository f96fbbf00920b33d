//! The tree of the batch that is being filled: one leaf hash a record, in the order of the log.

mod lanes;

use lanes::{Messages, LANES, RATE};
use smartlink_primitives::{hash::keccak, H256};

/// First bytes of what is hashed, by `smartlink_primitives::merkle`.
const LEAF: u8 = 0;
const NODE: u8 = 1;
const ROOT: u8 = 2;

/// The leaves of a batch, from its first record on. Its root is that of `smartlink_records::root`.
pub struct Tree {
    leaves: Vec<H256>,
    records: Messages,
    /// Where the leaves of `records` belong.
    places: [usize; LANES],
}

impl Default for Tree {
    fn default() -> Self {
        Self { leaves: Vec::new(), records: Messages::new(), places: [0; LANES] }
    }
}

impl Tree {
    /// Adds the next record, by its encoding.
    pub fn push(&mut self, record: &[u8]) {
        let place = self.leaves.len();
        self.leaves.push(H256::zero());
        if record.len() >= RATE {
            // A batch has at most 2^20 records.
            self.leaves[place] = leaf(place as u32, &keccak(record));
            return;
        }
        self.places[self.records.count()] = place;
        self.records.push(&[record]);
        if self.records.count() == LANES {
            self.settle();
        }
    }

    /// How many records.
    pub fn count(&self) -> usize {
        self.leaves.len()
    }

    /// The root over them, and an empty tree in its place.
    pub fn take_root(&mut self) -> H256 {
        self.settle();
        let mut level = std::mem::take(&mut self.leaves);
        // A batch has at most 2^20 records.
        let count = level.len() as u32;
        while level.len() > 1 {
            fold(&mut level);
        }
        let top = level.first().copied().unwrap_or_default();
        let mut sealed = [0; 37];
        sealed[0] = ROOT;
        sealed[1..5].copy_from_slice(&count.to_be_bytes());
        sealed[5..].copy_from_slice(top.as_bytes());
        keccak(&sealed)
    }

    /// Makes the leaves of the records that were put together.
    fn settle(&mut self) {
        let places = &self.places[..self.records.count()];
        let hashes = self.records.hash();
        let mut leaves = Messages::new();
        for (place, hash) in places.iter().zip(&hashes) {
            leaves.push(&[&[LEAF], &(*place as u32).to_be_bytes(), hash.as_bytes()]);
        }
        for (place, leaf) in places.iter().zip(leaves.hash()) {
            self.leaves[*place] = leaf;
        }
    }
}

fn leaf(index: u32, hash: &H256) -> H256 {
    smartlink_primitives::merkle::leaf(index, hash.as_bytes())
}

/// Replaces a level by the one above it, in place.
fn fold(level: &mut Vec<H256>) {
    let above = level.len().div_ceil(2);
    let pairs = level.len() / 2;
    let mut nodes = Messages::new();
    let mut made = 0;
    for pair in 0..pairs {
        nodes.push(&[&[NODE], level[2 * pair].as_bytes(), level[2 * pair + 1].as_bytes()]);
        if nodes.count() == LANES || pair + 1 == pairs {
            // What is overwritten was read: node `made` lies at or below its own children.
            for node in nodes.hash().into_iter().take(pair + 1 - made) {
                level[made] = node;
                made += 1;
            }
        }
    }
    if level.len() % 2 == 1 {
        level[above - 1] = level[level.len() - 1];
    }
    level.truncate(above);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use smartlink_primitives::merkle;

    proptest! {
        #[test]
        fn the_root_is_the_one_that_the_chain_computes(
            records in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..200), 0..150),
        ) {
            let mut tree = Tree::default();
            records.iter().for_each(|record| tree.push(record));
            prop_assert_eq!(tree.count(), records.len());
            let leaves = (0..).zip(&records).map(|(index, record)| leaf(index, &keccak(record)));
            prop_assert_eq!(tree.take_root(), merkle::root(leaves.collect()));
            prop_assert_eq!(tree.count(), 0);
        }
    }
}
