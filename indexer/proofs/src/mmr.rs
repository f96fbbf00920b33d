//! The Merkle mountain range over the leaves of all blocks, as pallet-mmr makes it.
//!
//! ```text
//!          6                 peaks of 7 leaves: 6, 9, 10, of 4, 2 and 1 leaves
//!        /   \               inner node  keccak(left ‖ right)
//!       2     5      9       bagged from the right: keccak(keccak(10 ‖ 9) ‖ 6)
//!      / \   / \    / \
//!     0   1 3   4  7   8  10
//! ```
//!
//! A proof of one leaf holds the peaks to the left of the leaf's own, from the left; the partners from the leaf up to its
//! peak; and, if there are peaks to the right, one hash in which they are bagged. Index and count say how many of each there
//! are: the geometry is walked from them, and a proof with an item too few or too many is none.

use smartlink_primitives::keccak;

use crate::Hash;

/// Why a proof leads to no root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRoot {
    /// There is no such leaf.
    #[error(
        "leaf {index} is not among the {count} of the signed block: the proof is forged or damaged"
    )]
    Index {
        /// Which.
        index: u64,
        /// Of how many.
        count: u64,
    },
    /// It has items too few or too many.
    #[error("the MMR proof has {found} hashes, and of leaf {index} among {count} it has {wanted}: it is forged or damaged")]
    Length {
        /// Which leaf.
        index: u64,
        /// Of how many.
        count: u64,
        /// How many hashes it needs.
        wanted: usize,
        /// How many there are.
        found: usize,
    },
}

/// Where a leaf stands.
struct Standing {
    /// Peaks to the left of its own.
    left: usize,
    /// Levels between it and its peak.
    height: u32,
    /// Its place below its peak.
    place: u64,
    /// Whether there are peaks to the right.
    right: bool,
}

fn standing(index: u64, count: u64) -> Option<Standing> {
    if index >= count {
        return None;
    }
    let (mut rest, mut place, mut left) = (count, index, 0);
    loop {
        // The largest peak is the first; `rest` is more than `place`, so there is one.
        let height = rest.checked_ilog2()?;
        let leaves = 1 << height;
        rest -= leaves;
        if place < leaves {
            return Some(Standing { left, height, place, right: rest > 0 });
        }
        place -= leaves;
        left += 1;
    }
}

fn node(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [0; 64];
    bytes[..32].copy_from_slice(&left.0);
    bytes[32..].copy_from_slice(&right.0);
    keccak(&bytes).into()
}

/// The root to which a proof of the leaf `index` of `count` leads.
///
/// # Errors
/// There is no such leaf, or the proof is not consumed exactly.
pub fn root(leaf: Hash, index: u64, count: u64, items: &[Hash]) -> Result<Hash, NoRoot> {
    let Standing { left, height, place, right } =
        standing(index, count).ok_or(NoRoot::Index { index, count })?;
    let wanted = left + height as usize + usize::from(right);
    if items.len() != wanted {
        return Err(NoRoot::Length { index, count, wanted, found: items.len() });
    }
    let (peaks, rest) = items.split_at(left);
    let (partners, bagged) = rest.split_at(height as usize);
    let mut hash = leaf;
    for (level, partner) in partners.iter().enumerate() {
        let is_left = place >> level & 1 == 0;
        hash = if is_left { node(&hash, partner) } else { node(partner, &hash) };
    }
    if let Some(bagged) = bagged.first() {
        hash = node(bagged, &hash);
    }
    Ok(peaks.iter().rev().fold(hash, |bag, peak| node(&bag, peak)))
}
