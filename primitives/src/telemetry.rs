//! Telemetry on chain: the roots over what vehicles reported, and the devices that report it.
//!
//! ```text
//!  log of records   1 2 3 4 5 │ 6 7 8 │ 9 10 11 12 │ …      every record has a sequence
//!  batches             1          2          3              numbered from 1, cut without gaps
//!  anchors          root, count, first sequence of each ─▶ chain ─▶ checkpoint of the block ─▶ BEEFY
//! ```
//!
//! A company's telemetry service cuts its log into batches, and the worker in the company's node puts an
//! [`Anchor`] for each on chain: several in one [`AnchorRun`], which is also what the service answers the
//! worker. Leaf `i` of a batch is `merkle::leaf(i, hash of the record first_sequence + i)`.

mod device;
mod run;

pub use device::{DeviceBinding, DeviceId, DeviceKey};
pub use run::{AnchorRun, ClosedBatch, NoRun, RunFault, MAX_RUN, MAX_RUN_BYTES};

use crate::{
    hash::keccak,
    merkle::{self, ProofError},
    receipt::{checkpoint_leaf, ItemKind, Writer},
    AnchorNumber, CompanyId, H256,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Records that a batch may have.
pub const MAX_RECORDS: u32 = 1 << 20;

/// Length of an encoded anchor. It fits one block of keccak.
pub const ANCHOR_LENGTH: usize = 64;

/// The root over one batch of a company's records.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub struct Anchor {
    /// The company.
    pub company: CompanyId,
    /// The batch's number.
    pub number: AnchorNumber,
    /// Sequence of its first record.
    pub first_sequence: u64,
    /// Records in it, 1 to [`MAX_RECORDS`].
    pub count: u32,
    /// Root of the tree of its records.
    pub root: H256,
    /// When the service closed it, in milliseconds of the Unix epoch.
    pub closed_at_ms: u64,
}

impl Anchor {
    /// The fixed encoding that is hashed into the checkpoint: all fields in order, integers big-endian.
    pub fn to_bytes(&self) -> [u8; ANCHOR_LENGTH] {
        let mut bytes = Writer::<ANCHOR_LENGTH>::new();
        bytes.put(&self.company.0.to_be_bytes());
        bytes.put(&self.number.0.to_be_bytes());
        bytes.put(&self.first_sequence.to_be_bytes());
        bytes.put(&self.count.to_be_bytes());
        bytes.put(self.root.as_bytes());
        bytes.put(&self.closed_at_ms.to_be_bytes());
        bytes.finish()
    }

    /// The anchor as an item of a checkpoint.
    pub fn item(&self) -> H256 {
        keccak(&self.to_bytes())
    }

    /// The sequence after the last record.
    pub const fn next_sequence(&self) -> u64 {
        self.first_sequence.saturating_add(self.count as u64)
    }

    /// The place of a record in the batch, from 0. `None` when it is in another one.
    pub fn index_of(&self, sequence: u64) -> Option<u32> {
        let index = u32::try_from(sequence.checked_sub(self.first_sequence)?).ok()?;
        (index < self.count).then_some(index)
    }

    /// Checks that the record of this sequence, given by its hash, is in the batch.
    ///
    /// # Errors
    /// Where the proof breaks.
    pub fn verify(
        &self,
        sequence: u64,
        record: &H256,
        partners: &[H256],
    ) -> Result<(), ProofError> {
        let index = self.index_of(sequence).ok_or(ProofError::Index)?;
        merkle::verify(record.as_bytes(), index, self.count, partners, &self.root)
    }
}

/// How far a company's anchors go.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub struct AnchorHead {
    /// The number of the last anchor, 0 before the first.
    pub last: AnchorNumber,
    /// The sequence with which the next batch begins. The first is 1.
    pub next_sequence: u64,
    /// Records in all anchors: less than sequences when a loss was declared.
    pub records: u64,
}

impl Default for AnchorHead {
    fn default() -> Self {
        Self { last: AnchorNumber(0), next_sequence: 1, records: 0 }
    }
}

impl AnchorHead {
    /// The number of the next anchor.
    pub const fn next(&self) -> AnchorNumber {
        AnchorNumber(self.last.0.saturating_add(1))
    }
}

/// An anchor on chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct AnchorRecord {
    /// The anchor.
    pub anchor: Anchor,
    /// The block that took it, in whose checkpoint it is.
    pub block: u32,
}

/// Proves an anchor up to the checkpoint root of the block that took it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct AnchorProof {
    /// What is proven.
    pub anchor: Anchor,
    /// The block that took it.
    pub block: u32,
    /// Its place in the block's checkpoint.
    pub item: u32,
    /// Items in the block's checkpoint.
    pub items: u32,
    /// Partners from the anchor up to the checkpoint root.
    pub item_partners: Vec<H256>,
}

impl AnchorProof {
    /// Checks every step from the anchor to the checkpoint root of block `block`.
    ///
    /// # Errors
    /// Where the proof breaks.
    pub fn verify(&self, checkpoint_root: H256) -> Result<(), ProofError> {
        let leaf = checkpoint_leaf(ItemKind::TelemetryAnchor, &self.anchor.item());
        merkle::verify(&leaf, self.item, self.items, &self.item_partners, &checkpoint_root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(super) fn anchor(number: u64, first_sequence: u64, count: u32) -> Anchor {
        Anchor {
            company: CompanyId(7),
            number: AnchorNumber(number),
            first_sequence,
            count,
            root: H256::repeat_byte(number as u8),
            closed_at_ms: 1_795_394_400_000,
        }
    }

    #[test]
    fn an_anchor_is_encoded_to_the_byte() {
        let anchor = Anchor {
            company: CompanyId(0x0102_0304),
            number: AnchorNumber(0x0506_0708_090a_0b0c),
            first_sequence: 0x0d0e_0f10_1112_1314,
            count: 0x0001_0203,
            root: H256::repeat_byte(0xaa),
            closed_at_ms: 0x1516_1718_191a_1b1c,
        };
        let bytes = anchor.to_bytes();
        assert_eq!(bytes[..12], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        assert_eq!(bytes[12..20], [13, 14, 15, 16, 17, 18, 19, 20]);
        assert_eq!(bytes[20..24], [0, 1, 2, 3]);
        assert_eq!(bytes[24..56], [0xaa; 32]);
        assert_eq!(bytes[56..], [21, 22, 23, 24, 25, 26, 27, 28]);
        assert_eq!(anchor.item(), keccak(&bytes));
    }

    proptest! {
        /// Each record is in one batch, at one place, and is proven there alone.
        #[test]
        fn a_record_is_proven_at_its_own_sequence(
            first in 1u64..1_000, count in 1u32..60, at in any::<prop::sample::Index>(), other in 0u64..2_000,
        ) {
            let records: Vec<H256> = (0..count).map(|i| keccak(&i.to_be_bytes())).collect();
            let leaves: Vec<H256> =
                (0..).zip(&records).map(|(i, record)| merkle::leaf(i, record.as_bytes())).collect();
            let anchor = Anchor { root: merkle::root(leaves.clone()), ..anchor(1, first, count) };
            let index = at.index(records.len()) as u32;
            let sequence = first + u64::from(index);
            prop_assert_eq!(anchor.index_of(sequence), Some(index));
            let partners = merkle::proof(leaves, index).unwrap();
            let record = &records[index as usize];
            prop_assert_eq!(anchor.verify(sequence, record, &partners), Ok(()));
            prop_assume!(other != sequence);
            prop_assert!(anchor.verify(other, record, &partners).is_err());
        }
    }

    #[test]
    fn an_anchor_is_proven_by_the_checkpoint_root_and_as_nothing_else() {
        let anchor = anchor(3, 100, 50);
        let leaves = |kind| {
            vec![
                merkle::leaf(0, &checkpoint_leaf(ItemKind::Vehicle, &H256::repeat_byte(9))),
                merkle::leaf(1, &checkpoint_leaf(kind, &anchor.item())),
            ]
        };
        let own = leaves(ItemKind::TelemetryAnchor);
        let item_partners = merkle::proof(own.clone(), 1).unwrap();
        let proof = AnchorProof { anchor, block: 8, item: 1, items: 2, item_partners };
        assert_eq!(proof.verify(merkle::root(own)), Ok(()));
        assert_eq!(proof.verify(merkle::root(leaves(ItemKind::RideBatch))), Err(ProofError::Root));
        let mut later = proof;
        later.anchor.closed_at_ms += 1;
        assert_eq!(
            later.verify(merkle::root(leaves(ItemKind::TelemetryAnchor))),
            Err(ProofError::Root)
        );
    }
}
