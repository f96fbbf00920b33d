//! What is proven, and its path to the root that the leaf has.

use serde::{Deserialize, Serialize};
use smartlink_primitives::{
    merkle,
    receipt::{self, checkpoint_leaf, BatchRecord, ItemKind, ReceiptProof},
    ride::RideKind,
    telemetry::{Anchor, AnchorProof},
    AnchorNumber, BatchNumber, CityCode, CompanyId, DriverId, Money, TariffVersion, H256,
};

use crate::{
    hexadecimal::{decimal, plain, Fixed, Hash},
    refused::Refused,
    storage::StorageItem,
    vehicle::Vehicle,
    Leaf,
};

/// What is proven.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// What a ride paid to whom.
    Receipt(ReceiptItem),
    /// A vehicle as it was after a change.
    Vehicle(VehicleItem),
    /// The root over a batch of what vehicles reported.
    Anchor(AnchorItem),
    /// What the state of a block held under a key.
    Storage(StorageItem),
}

/// The place of an item in the checkpoint of its block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Its place, from 0.
    pub item: u32,
    /// How many the block has.
    pub items: u32,
    /// Partners from the item up.
    pub partners: Vec<Hash>,
}

/// A receipt, the batch that it is in, and the batch's place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptItem {
    /// The receipt.
    pub receipt: Receipt,
    /// Its row in the batch.
    pub row: u32,
    /// Partners from the receipt up to the root of the batch.
    pub partners: Vec<Hash>,
    /// The batch.
    pub batch: Batch,
    /// The batch's place.
    pub place: Place,
}

/// What a ride paid to whom. Company and batch are those of the batch it is in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The order.
    #[serde(with = "decimal")]
    pub order: u64,
    /// The driver who was paid.
    pub driver: u32,
    /// The driver's account.
    pub account: Fixed<32>,
    /// The version of the tariff.
    pub tariff: u32,
    /// How the ride ended.
    pub kind: RideKind,
    /// Pick-up, in seconds of the Unix epoch.
    #[serde(with = "decimal")]
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
    #[serde(with = "decimal")]
    pub fare: u64,
    /// Tolls, in units of 10⁻⁶ CNY.
    #[serde(with = "decimal")]
    pub tolls: u64,
    /// What the driver got, tolls included, in units of 10⁻⁶ CNY.
    #[serde(with = "decimal")]
    pub driver_share: u64,
}

/// A settled batch. The block is the one of the leaf.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// The company.
    pub company: u32,
    /// Its number.
    #[serde(with = "decimal")]
    pub number: u64,
    /// The city.
    pub city: u32,
    /// Rides in it.
    pub rides: u32,
    /// Root of the tree of receipts.
    pub receipts_root: Hash,
    /// Root of the tree of evidence.
    pub evidence_root: Hash,
    /// What riders paid, tolls included, in units of 10⁻⁶ CNY, as the next three.
    #[serde(with = "decimal")]
    pub gross: u128,
    /// The drivers' part, tolls included.
    #[serde(with = "decimal")]
    pub drivers: u128,
    /// The platform's part.
    #[serde(with = "decimal")]
    pub platform: u128,
    /// Everybody else's part.
    #[serde(with = "decimal")]
    pub third_parties: u128,
}

/// A vehicle, and its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VehicleItem {
    /// The vehicle.
    pub vehicle: Vehicle,
    /// Its place.
    pub place: Place,
}

/// An anchor of telemetry, and its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnchorItem {
    /// The company.
    pub company: u32,
    /// The number of its batch.
    #[serde(with = "decimal")]
    pub number: u64,
    /// Sequence of the batch's first record.
    #[serde(with = "decimal")]
    pub first_sequence: u64,
    /// Records in it.
    pub count: u32,
    /// Root of the tree of its records.
    pub root: Hash,
    /// When it was closed, in milliseconds of the Unix epoch.
    #[serde(with = "decimal")]
    pub closed_at_ms: u64,
    /// Its place.
    pub place: Place,
}

impl Item {
    /// Checks every step up to the root that the leaf has, and says what was checked.
    ///
    /// # Errors
    /// Where it breaks.
    pub(crate) fn verify(&self, leaf: &Leaf) -> Result<Vec<String>, Refused> {
        let root = H256::from(leaf.extra);
        match self {
            Self::Receipt(item) => {
                item.proof(leaf.parent_number).verify(root).map_err(Refused::Path)?;
                Ok(vec![
                    format!(
                        "the receipt is row {} of the {} of the batch",
                        item.row, item.batch.rides
                    ),
                    item.place.said("the batch"),
                ])
            }
            Self::Vehicle(VehicleItem { vehicle, place }) => {
                let leaf = checkpoint_leaf(ItemKind::Vehicle, &vehicle.item()?);
                let Place { item, items, partners } = place;
                merkle::verify(&leaf, *item, *items, &plain(partners), &root)
                    .map_err(Refused::Path)?;
                Ok(vec![place.said("the vehicle")])
            }
            Self::Anchor(item) => {
                item.proof(leaf.parent_number).verify(root).map_err(Refused::Path)?;
                Ok(vec![item.place.said("the anchor")])
            }
            Self::Storage(item) => item.verify(leaf),
        }
    }

    /// What is proven when every step holds, as a sentence about a block.
    pub fn claim(&self) -> String {
        match self {
            Self::Receipt(item) => {
                let (receipt, batch) = (&item.receipt, &item.batch);
                let paid = Money(u128::from(receipt.fare) + u128::from(receipt.tolls));
                format!(
                    "company {} settled order {} in its batch {}: the rider paid {paid}, and of it driver {} got {} on \
                     account {}",
                    batch.company,
                    receipt.order,
                    batch.number,
                    receipt.driver,
                    Money(receipt.driver_share.into()),
                    receipt.account,
                )
            }
            Self::Vehicle(item) => item.vehicle.claim(),
            Self::Anchor(item) => format!(
                "company {} anchored its batch {} of telemetry: {} records from sequence {} on, with the root {}",
                item.company, item.number, item.count, item.first_sequence, item.root
            ),
            Self::Storage(item) => item.claim(),
        }
    }
}

impl Place {
    fn said(&self, what: &str) -> String {
        format!("{what} is item {} of the {} in the block's checkpoint", self.item, self.items)
    }
}

impl ReceiptItem {
    /// As the primitives have it, when `block` settled the batch.
    pub fn proof(&self, block: u32) -> ReceiptProof {
        let (receipt, batch) = (&self.receipt, &self.batch);
        let (company, number) = (CompanyId(batch.company), BatchNumber(batch.number));
        ReceiptProof {
            receipt: receipt::Receipt {
                company,
                batch: number,
                order: receipt.order,
                driver: DriverId(receipt.driver),
                account: receipt.account.0,
                tariff: TariffVersion(receipt.tariff),
                kind: receipt.kind,
                pickup: receipt.pickup,
                distance_m: receipt.distance_m,
                duration_s: receipt.duration_s,
                waiting_s: receipt.waiting_s,
                surge_permille: receipt.surge_permille,
                fare: receipt.fare,
                tolls: receipt.tolls,
                driver_share: receipt.driver_share,
            },
            row: self.row,
            receipt_partners: plain(&self.partners),
            batch: BatchRecord {
                company,
                number,
                city: CityCode(batch.city),
                block,
                rides: batch.rides,
                receipts_root: batch.receipts_root.into(),
                evidence_root: batch.evidence_root.into(),
                gross: Money(batch.gross),
                drivers: Money(batch.drivers),
                platform: Money(batch.platform),
                third_parties: Money(batch.third_parties),
            },
            item: self.place.item,
            items: self.place.items,
            item_partners: plain(&self.place.partners),
        }
    }
}

impl From<ReceiptProof> for ReceiptItem {
    fn from(proof: ReceiptProof) -> Self {
        let ReceiptProof { receipt, row, receipt_partners, batch, item, items, item_partners } =
            proof;
        Self {
            receipt: Receipt {
                order: receipt.order,
                driver: receipt.driver.0,
                account: Fixed(receipt.account),
                tariff: receipt.tariff.0,
                kind: receipt.kind,
                pickup: receipt.pickup,
                distance_m: receipt.distance_m,
                duration_s: receipt.duration_s,
                waiting_s: receipt.waiting_s,
                surge_permille: receipt.surge_permille,
                fare: receipt.fare,
                tolls: receipt.tolls,
                driver_share: receipt.driver_share,
            },
            row,
            partners: hashes(receipt_partners),
            batch: Batch {
                company: batch.company.0,
                number: batch.number.0,
                city: batch.city.0,
                rides: batch.rides,
                receipts_root: batch.receipts_root.into(),
                evidence_root: batch.evidence_root.into(),
                gross: batch.gross.0,
                drivers: batch.drivers.0,
                platform: batch.platform.0,
                third_parties: batch.third_parties.0,
            },
            place: Place { item, items, partners: hashes(item_partners) },
        }
    }
}

impl AnchorItem {
    /// As the primitives have it, when `block` took the anchor.
    pub fn proof(&self, block: u32) -> AnchorProof {
        AnchorProof {
            anchor: Anchor {
                company: CompanyId(self.company),
                number: AnchorNumber(self.number),
                first_sequence: self.first_sequence,
                count: self.count,
                root: self.root.into(),
                closed_at_ms: self.closed_at_ms,
            },
            block,
            item: self.place.item,
            items: self.place.items,
            item_partners: plain(&self.place.partners),
        }
    }
}

impl From<AnchorProof> for AnchorItem {
    fn from(proof: AnchorProof) -> Self {
        let AnchorProof { anchor, block: _, item, items, item_partners } = proof;
        Self {
            company: anchor.company.0,
            number: anchor.number.0,
            first_sequence: anchor.first_sequence,
            count: anchor.count,
            root: anchor.root.into(),
            closed_at_ms: anchor.closed_at_ms,
            place: Place { item, items, partners: hashes(item_partners) },
        }
    }
}

fn hashes(hashes: Vec<H256>) -> Vec<Hash> {
    hashes.into_iter().map(Hash::from).collect()
}
