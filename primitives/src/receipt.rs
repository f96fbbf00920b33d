//! Receipts: what a ride paid to whom, and its proof up to the checkpoint root of a block.
//!
//! A receipt is a leaf of the batch's tree; the batch is an item of the block's checkpoint tree. Both
//! have one fixed encoding, all integers big-endian, which the contracts on Ethereum read as well.

use crate::{
    fare::Fare,
    hash::keccak,
    merkle::{self, ProofError},
    ride::{Ride, RideKind},
    split::Shares,
    BatchNumber, CityCode, CompanyId, DriverId, Money, TariffVersion, H256,
};
use alloc::vec::Vec;
use codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Length of an encoded receipt. With the leaf's prefix it fits one block of keccak.
pub const RECEIPT_LENGTH: usize = 107;

/// Length of an encoded batch record.
pub const BATCH_LENGTH: usize = 152;

/// What a block can prove to the outside.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// A settled ride batch.
    RideBatch,
    /// A vehicle came to be or changed hands.
    Vehicle,
    /// The root over a batch of what vehicles reported.
    TelemetryAnchor,
}

impl ItemKind {
    /// The byte in front of the item's hash in a checkpoint leaf.
    pub const fn to_byte(self) -> u8 {
        match self {
            Self::RideBatch => 1,
            Self::Vehicle => 2,
            Self::TelemetryAnchor => 3,
        }
    }
}

/// The data of a leaf of the checkpoint tree: the kind, then the keccak of the item.
pub fn checkpoint_leaf(kind: ItemKind, item: &H256) -> [u8; 33] {
    let mut bytes = [0; 33];
    bytes[0] = kind.to_byte();
    bytes[1..].copy_from_slice(item.as_bytes());
    bytes
}

/// What a ride paid to whom.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct Receipt {
    /// The company that settled it.
    pub company: CompanyId,
    /// In which of its batches.
    pub batch: BatchNumber,
    /// The order. In JSON a string: JavaScript's numbers lose digits above 2⁵³.
    #[serde(with = "crate::money::units")]
    pub order: u64,
    /// The driver who was paid.
    pub driver: DriverId,
    /// The driver's account at that time.
    pub account: [u8; 32],
    /// The tariff by which the fare was computed.
    pub tariff: TariffVersion,
    /// How the ride ended.
    pub kind: RideKind,
    /// Pick-up, in seconds of the Unix epoch.
    pub pickup: u64,
    /// Metres.
    pub distance_m: u32,
    /// Seconds.
    pub duration_s: u32,
    /// Seconds the driver waited.
    pub waiting_s: u32,
    /// Multiplier in thousandths.
    pub surge_permille: u16,
    /// What the rider paid without tolls, in units of 10⁻⁶ CNY.
    pub fare: u64,
    /// Tolls, in units of 10⁻⁶ CNY.
    pub tolls: u64,
    /// What the driver got, tolls included, in units of 10⁻⁶ CNY.
    pub driver_share: u64,
}

/// What the chain keeps of a settled batch.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
)]
pub struct BatchRecord {
    /// The company.
    pub company: CompanyId,
    /// The batch's number.
    pub number: BatchNumber,
    /// The city.
    pub city: CityCode,
    /// The block that settled it.
    pub block: u32,
    /// Rides in it.
    pub rides: u32,
    /// Root of the tree of receipts.
    pub receipts_root: H256,
    /// Root of the tree of evidence, as the company gave it.
    pub evidence_root: H256,
    /// What riders paid, tolls included.
    pub gross: Money,
    /// The drivers' part, tolls included.
    pub drivers: Money,
    /// The platform's part.
    pub platform: Money,
    /// Everybody else's part.
    pub third_parties: Money,
}

impl BatchRecord {
    /// The fixed encoding that is hashed into the checkpoint.
    pub fn to_bytes(&self) -> [u8; BATCH_LENGTH] {
        let mut bytes = Writer::<BATCH_LENGTH>::new();
        bytes.put(&self.company.0.to_be_bytes());
        bytes.put(&self.number.0.to_be_bytes());
        bytes.put(&self.city.0.to_be_bytes());
        bytes.put(&self.block.to_be_bytes());
        bytes.put(&self.rides.to_be_bytes());
        bytes.put(self.receipts_root.as_bytes());
        bytes.put(self.evidence_root.as_bytes());
        for amount in [self.gross, self.drivers, self.platform, self.third_parties] {
            bytes.put(&amount.0.to_be_bytes());
        }
        bytes.finish()
    }

    /// The batch as an item of a checkpoint.
    pub fn item(&self) -> H256 {
        keccak(&self.to_bytes())
    }
}

/// A ride with its fare and the parts of its split.
#[derive(Clone, Copy, Debug)]
pub struct Settled {
    /// The ride.
    pub ride: Ride,
    /// What it costs.
    pub fare: Fare,
    /// The parts: driver (without tolls), platform, third parties in the order of the policy.
    pub parts: [u128; crate::split::MAX_PARTS],
}

impl Settled {
    /// Cuts the fare of a ride.
    pub fn new(ride: Ride, fare: Fare, shares: &Shares) -> Self {
        Self { ride, fare, parts: shares.split(fare.fare.into()) }
    }

    /// The driver's part with the tolls. A part of a fare fits 64 bits because the fare does.
    pub fn driver_share(&self) -> u64 {
        self.parts[0] as u64 + self.fare.tolls
    }
}

impl Receipt {
    /// The fixed encoding that is a leaf of the batch's tree.
    pub fn to_bytes(&self) -> [u8; RECEIPT_LENGTH] {
        let mut bytes = Writer::<RECEIPT_LENGTH>::new();
        bytes.put(&self.company.0.to_be_bytes());
        bytes.put(&self.batch.0.to_be_bytes());
        bytes.put(&self.order.to_be_bytes());
        bytes.put(&self.driver.0.to_be_bytes());
        bytes.put(&self.account);
        bytes.put(&self.tariff.0.to_be_bytes());
        bytes.put(&[self.kind.to_byte()]);
        bytes.put(&self.pickup.to_be_bytes());
        bytes.put(&self.distance_m.to_be_bytes());
        bytes.put(&self.duration_s.to_be_bytes());
        bytes.put(&self.waiting_s.to_be_bytes());
        bytes.put(&self.surge_permille.to_be_bytes());
        bytes.put(&self.fare.to_be_bytes());
        bytes.put(&self.tolls.to_be_bytes());
        bytes.put(&self.driver_share.to_be_bytes());
        bytes.finish()
    }

    /// The leaf hash at a row of the batch.
    pub fn leaf(&self, row: u32) -> H256 {
        merkle::leaf(row, &self.to_bytes())
    }
}

/// Proves a ride up to the checkpoint root of the block that settled it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct ReceiptProof {
    /// What is proven.
    pub receipt: Receipt,
    /// Its row in the batch.
    pub row: u32,
    /// Partners from the receipt up to the batch's root.
    pub receipt_partners: Vec<H256>,
    /// The batch.
    pub batch: BatchRecord,
    /// Its place in the block's checkpoint.
    pub item: u32,
    /// Items in the block's checkpoint.
    pub items: u32,
    /// Partners from the batch up to the checkpoint root.
    pub item_partners: Vec<H256>,
}

impl ReceiptProof {
    /// Checks every step from the receipt to the checkpoint root of block `batch.block`.
    ///
    /// # Errors
    /// Where the proof breaks.
    pub fn verify(&self, checkpoint_root: H256) -> Result<(), ProofError> {
        let batch = &self.batch;
        if (self.receipt.company, self.receipt.batch) != (batch.company, batch.number) {
            return Err(ProofError::Root);
        }
        merkle::verify(
            &self.receipt.to_bytes(),
            self.row,
            batch.rides,
            &self.receipt_partners,
            &batch.receipts_root,
        )?;
        let leaf = checkpoint_leaf(ItemKind::RideBatch, &batch.item());
        merkle::verify(&leaf, self.item, self.items, &self.item_partners, &checkpoint_root)
    }
}

/// Fills a fixed number of bytes.
pub(crate) struct Writer<const N: usize> {
    bytes: [u8; N],
    at: usize,
}

impl<const N: usize> Writer<N> {
    pub(crate) fn new() -> Self {
        Self { bytes: [0; N], at: 0 }
    }

    pub(crate) fn put(&mut self, part: &[u8]) {
        self.bytes[self.at..self.at + part.len()].copy_from_slice(part);
        self.at += part.len();
    }

    pub(crate) fn finish(self) -> [u8; N] {
        debug_assert_eq!(self.at, N);
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn receipt(row: u32) -> Receipt {
        Receipt {
            company: CompanyId(1),
            batch: BatchNumber(9),
            order: 1_000 + u64::from(row),
            driver: DriverId(row),
            account: [row as u8; 32],
            tariff: TariffVersion(1),
            kind: RideKind::Trip,
            pickup: 1_700_000_000,
            distance_m: 5_000,
            duration_s: 900,
            waiting_s: 0,
            surge_permille: 1_000,
            fare: 30_000_000,
            tolls: 0,
            driver_share: 24_000_000,
        }
    }

    /// A batch of `rides`, as item `item` of a checkpoint of `items`.
    fn proven(rides: u32, row: u32, item: u32, items: u32) -> (ReceiptProof, H256) {
        let leaves: Vec<H256> = (0..rides).map(|r| receipt(r).leaf(r)).collect();
        let batch = BatchRecord {
            company: CompanyId(1),
            number: BatchNumber(9),
            city: CityCode(440_300),
            block: 77,
            rides,
            receipts_root: merkle::root(leaves.clone()),
            evidence_root: H256::repeat_byte(3),
            gross: Money(30_000_000 * u128::from(rides)),
            drivers: Money(24_000_000 * u128::from(rides)),
            platform: Money(6_000_000 * u128::from(rides)),
            third_parties: Money::ZERO,
        };
        let items_leaves: Vec<H256> = (0..items)
            .map(|i| {
                let hash = if i == item { batch.item() } else { H256::repeat_byte(i as u8) };
                merkle::leaf(i, &checkpoint_leaf(ItemKind::RideBatch, &hash))
            })
            .collect();
        let proof = ReceiptProof {
            receipt: receipt(row),
            row,
            receipt_partners: merkle::proof(leaves, row).unwrap(),
            batch,
            item,
            items,
            item_partners: merkle::proof(items_leaves.clone(), item).unwrap(),
        };
        (proof, merkle::root(items_leaves))
    }

    proptest! {
        #[test]
        fn a_ride_is_proven_by_the_checkpoint_root(rides in 1u32..60, row in 0u32..60, items in 1u32..9, item in 0u32..9) {
            prop_assume!(row < rides && item < items);
            let (proof, root) = proven(rides, row, item, items);
            prop_assert_eq!(proof.verify(root), Ok(()));
            let back = ReceiptProof::decode(&mut &proof.encode()[..]).unwrap();
            prop_assert_eq!(back, proof);
        }

        /// One changed bit anywhere in the proof, and it proves nothing.
        #[test]
        fn a_tampered_proof_is_refused(at in any::<prop::sample::Index>(), bit in 0..8) {
            let (proof, root) = proven(11, 10, 2, 3);
            let mut bytes = proof.encode();
            let at = at.index(bytes.len());
            bytes[at] ^= 1u8 << bit;
            if let Ok(tampered) = ReceiptProof::decode(&mut &bytes[..]) {
                prop_assert!(tampered.verify(root).is_err());
            }
        }
    }

    #[test]
    fn a_dearer_fare_is_not_proven() {
        let (mut proof, root) = proven(4, 2, 0, 1);
        proof.receipt.fare += 1;
        assert_eq!(proof.verify(root), Err(ProofError::Root));
    }

    #[test]
    fn any_bytes_as_a_proof_are_refused_without_panic() {
        let (_, root) = proven(4, 2, 0, 1);
        bolero::check!().for_each(|bytes: &[u8]| {
            if let Ok(proof) = ReceiptProof::decode(&mut &bytes[..]) {
                assert!(proof.verify(root).is_err());
            }
        });
    }
}
