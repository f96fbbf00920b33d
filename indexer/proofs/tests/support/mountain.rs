//! A Merkle mountain range that keeps all leaves and works by recursion.

use smartlink_primitives::keccak;
use smartlink_proofs::Hash;

pub struct Mountain {
    /// The leaves below each peak, from the left.
    peaks: Vec<Vec<Hash>>,
}

fn node(left: Hash, right: Hash) -> Hash {
    keccak(&[left.0, right.0].concat()).into()
}

fn top(leaves: &[Hash]) -> Hash {
    match leaves {
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len() / 2);
            node(top(left), top(right))
        }
    }
}

fn partners(leaves: &[Hash], index: usize) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let (left, right) = leaves.split_at(leaves.len() / 2);
    let (mut below, partner) = match index.checked_sub(left.len()) {
        None => (partners(left, index), top(right)),
        Some(index) => (partners(right, index), top(left)),
    };
    below.push(partner);
    below
}

/// Peaks as one hash, from the right.
fn bag(peaks: &[Vec<Hash>]) -> Option<Hash> {
    peaks.iter().rev().map(|peak| top(peak)).reduce(node)
}

impl Mountain {
    pub fn new(leaves: &[Hash]) -> Self {
        let (mut peaks, mut rest) = (Vec::new(), leaves);
        while !rest.is_empty() {
            let (peak, behind) = rest.split_at(1 << rest.len().ilog2());
            peaks.push(peak.to_vec());
            rest = behind;
        }
        Self { peaks }
    }

    pub fn root(&self) -> Hash {
        bag(&self.peaks).unwrap()
    }

    pub fn proof(&self, index: u64) -> Vec<Hash> {
        let mut index = usize::try_from(index).unwrap();
        let mut proof = Vec::new();
        for (place, peak) in self.peaks.iter().enumerate() {
            if index < peak.len() {
                proof.extend(partners(peak, index));
                proof.extend(bag(&self.peaks[place + 1..]));
                return proof;
            }
            index -= peak.len();
            proof.push(top(peak));
        }
        panic!("there is no such leaf");
    }
}
