//! Binary keccak Merkle trees whose leaves are bound to their position and whose roots are bound to
//! their count, so that one leaf can be proven at one index only.
//!
//! ```text
//! leaf  = keccak(0x00 ‖ index as u32 BE ‖ data)
//! node  = keccak(0x01 ‖ left ‖ right)          a last node without a partner moves up as it is
//! root  = keccak(0x02 ‖ count as u32 BE ‖ top)  top of an empty tree is 32 zero bytes
//! ```
//!
//! A proof holds the partners from the leaf up. Index and count determine at which levels there is
//! one: a verifier walks that geometry and refuses a proof with an item too few or too many.

use crate::hash::{keccak, H256};
use alloc::vec::Vec;

const LEAF: u8 = 0;
const NODE: u8 = 1;
const ROOT: u8 = 2;

/// Why a proof is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofError {
    /// The index is not below the count.
    Index,
    /// The proof has fewer or more items than the tree has levels with a partner.
    Length,
    /// The items lead to another root.
    Root,
}

impl core::fmt::Display for ProofError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Index => "the proof's index is not below its count: the proof is forged or damaged",
            Self::Length => "the proof has items too few or too many: the proof is forged or damaged",
            Self::Root => "the proof leads to another root: the item, the proof or the root is not the one claimed",
        })
    }
}

impl core::error::Error for ProofError {}

/// The hash of the leaf at `index`.
pub fn leaf(index: u32, data: &[u8]) -> H256 {
    let mut bytes = Vec::with_capacity(5 + data.len());
    bytes.push(LEAF);
    bytes.extend_from_slice(&index.to_be_bytes());
    bytes.extend_from_slice(data);
    keccak(&bytes)
}

fn node(left: &H256, right: &H256) -> H256 {
    let mut bytes = [0; 65];
    bytes[0] = NODE;
    bytes[1..33].copy_from_slice(left.as_bytes());
    bytes[33..].copy_from_slice(right.as_bytes());
    keccak(&bytes)
}

fn seal(count: u32, top: &H256) -> H256 {
    let mut bytes = [0; 37];
    bytes[0] = ROOT;
    bytes[1..5].copy_from_slice(&count.to_be_bytes());
    bytes[5..].copy_from_slice(top.as_bytes());
    keccak(&bytes)
}

/// Replaces a level by the one above it, in place.
fn fold(level: &mut Vec<H256>) {
    let above = level.len().div_ceil(2);
    for i in 0..above {
        level[i] = match level.get(2 * i + 1) {
            Some(right) => node(&level[2 * i], right),
            None => level[2 * i],
        };
    }
    level.truncate(above);
}

/// The root over leaf hashes made by [`leaf`] with ascending indices. More than 2³² leaves do not fit
/// in memory; the count is taken modulo that.
pub fn root(mut leaves: Vec<H256>) -> H256 {
    let count = leaves.len() as u32;
    while leaves.len() > 1 {
        fold(&mut leaves);
    }
    seal(count, &leaves.first().copied().unwrap_or_default())
}

/// The partners of the leaf at `index`, from below. `None` when there is no such leaf.
pub fn proof(mut leaves: Vec<H256>, index: u32) -> Option<Vec<H256>> {
    let mut index = index as usize;
    if index >= leaves.len() {
        return None;
    }
    let mut partners = Vec::new();
    while leaves.len() > 1 {
        if let Some(partner) = leaves.get(index ^ 1) {
            partners.push(*partner);
        }
        fold(&mut leaves);
        index /= 2;
    }
    Some(partners)
}

/// The root to which a proof of the leaf hash at `index` of `count` leads.
///
/// # Errors
/// When the index is out of range, or the proof is not consumed exactly.
pub fn root_of_proof(
    leaf: H256,
    index: u32,
    count: u32,
    partners: &[H256],
) -> Result<H256, ProofError> {
    if index >= count {
        return Err(ProofError::Index);
    }
    let mut partners = partners.iter();
    let (mut place, mut width, mut hash) = (index, count, leaf);
    while width > 1 {
        // The last of an odd level has no partner.
        if place ^ 1 < width {
            let partner = partners.next().ok_or(ProofError::Length)?;
            hash = if place & 1 == 0 { node(&hash, partner) } else { node(partner, &hash) };
        }
        place /= 2;
        width = width.div_ceil(2);
    }
    match partners.next() {
        Some(_) => Err(ProofError::Length),
        None => Ok(seal(count, &hash)),
    }
}

/// Whether `data` is the leaf at `index` of the tree of `count` leaves with this root.
pub fn verify(
    data: &[u8],
    index: u32,
    count: u32,
    partners: &[H256],
    root: &H256,
) -> Result<(), ProofError> {
    if root_of_proof(leaf(index, data), index, count, partners)? == *root {
        Ok(())
    } else {
        Err(ProofError::Root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn leaves(items: &[Vec<u8>]) -> Vec<H256> {
        items.iter().enumerate().map(|(i, data)| leaf(i as u32, data)).collect()
    }

    fn any_items() -> impl Strategy<Value = Vec<Vec<u8>>> {
        proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 1..70)
    }

    proptest! {
        #[test]
        fn every_leaf_is_proven(items in any_items()) {
            let (hashes, count) = (leaves(&items), items.len() as u32);
            let root = root(hashes.clone());
            for (i, data) in items.iter().enumerate() {
                let partners = proof(hashes.clone(), i as u32).unwrap();
                prop_assert_eq!(verify(data, i as u32, count, &partners, &root), Ok(()));
            }
        }

        /// A proof holds for nothing but its own data, index, count and partners.
        #[test]
        fn a_changed_proof_fails(
            items in any_items(), at in any::<prop::sample::Index>(),
            other_index in 0u32..80, other_count in 0u32..80,
            flip in any::<prop::sample::Index>(), extra in any::<[u8; 32]>(),
        ) {
            let (hashes, count) = (leaves(&items), items.len() as u32);
            let root = root(hashes.clone());
            let index = at.index(items.len());
            let (data, index) = (&items[index], index as u32);
            let partners = proof(hashes, index).unwrap();

            prop_assume!(other_index != index && other_count != count);
            prop_assert!(verify(data, other_index, count, &partners, &root).is_err());
            prop_assert!(verify(data, index, other_count, &partners, &root).is_err());
            let mut longer = partners.clone();
            longer.push(H256(extra));
            prop_assert_eq!(verify(data, index, count, &longer, &root), Err(ProofError::Length));
            if !partners.is_empty() {
                prop_assert_eq!(
                    verify(data, index, count, &partners[1..], &root), Err(ProofError::Length)
                );
                let mut flipped = partners.clone();
                flipped[flip.index(partners.len())].0[0] ^= 1;
                prop_assert_eq!(verify(data, index, count, &flipped, &root), Err(ProofError::Root));
            }
            let mut changed = data.clone();
            changed.push(0);
            prop_assert_eq!(verify(&changed, index, count, &partners, &root), Err(ProofError::Root));
        }
    }

    /// The weakness of trees that promote an odd node without binding the position: a short proof of the
    /// last leaf passes at other indices. Here it passes at its own alone.
    #[test]
    fn a_promoted_leaf_has_one_index() {
        let items: Vec<Vec<u8>> = (0..5u8).map(|i| vec![i]).collect();
        let hashes = leaves(&items);
        let root = root(hashes.clone());
        let partners = proof(hashes, 4).unwrap();
        assert_eq!(partners.len(), 1);
        let passing: Vec<u32> =
            (0..100).filter(|i| verify(&[4], *i, 5, &partners, &root).is_ok()).collect();
        assert_eq!(passing, [4]);
        // Nor does an inner node pass for a leaf.
        assert!((0..100).all(|count| root_of_proof(partners[0], 0, count, &[]) != Ok(root)));
    }

    #[test]
    fn an_empty_tree_proves_nothing() {
        assert_eq!(root(vec![]), seal(0, &H256::zero()));
        assert_eq!(proof(vec![], 0), None);
        assert_eq!(root_of_proof(H256::zero(), 0, 0, &[]), Err(ProofError::Index));
    }

    #[test]
    fn any_bytes_as_a_proof_are_refused_without_panic() {
        let root = root(leaves(&[vec![1], vec![2], vec![3]]));
        bolero::check!().for_each(|bytes: &[u8]| {
            let (head, rest) = bytes.split_at(bytes.len().min(8));
            let mut numbers = [0u8; 8];
            numbers[..head.len()].copy_from_slice(head);
            let index = u32::from_le_bytes([numbers[0], numbers[1], numbers[2], numbers[3]]);
            let count = u32::from_le_bytes([numbers[4], numbers[5], numbers[6], numbers[7]]);
            let partners: Vec<H256> = rest.chunks_exact(32).map(H256::from_slice).collect();
            assert!(verify(rest, index, count, &partners, &root).is_err());
        });
    }
}
