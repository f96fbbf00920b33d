//! The settled receipt of an order, with its proof.

use schemars::JsonSchema;
use serde::Serialize;
use smartlink_primitives::{receipt::ReceiptProof, ride::RideKind, H256};

use super::{driver, OneOrder};
use crate::{
    desk::{Call, Desk},
    identity::Roles,
    refusal::{Code, Refusal},
    table::{Access, Effect, Method},
    types::{Id, Money},
    upstream::away,
};

pub(super) fn methods() -> Vec<Method> {
    let parties = Roles::RIDER.and(Roles::DRIVER);
    let staff = Roles::OPERATIONS.and(Roles::AUDITOR).and(Roles::FINANCE);
    vec![Method::call(
        "order_receipt",
        Effect::Reads,
        Access::Any(parties.and(staff)),
        "The settled receipt of an order, with its proof up to the checkpoint root of its block.",
        receipt,
    )]
}

/// What a ride paid to whom, as the chain computed it.
#[derive(Serialize, JsonSchema)]
struct Receipt {
    /// The company.
    company: u32,
    /// Its batch.
    batch: Id,
    /// The order.
    order: Id,
    /// The driver.
    driver: u32,
    /// The driver's account: 0x and 64 digits.
    account: String,
    /// The tariff's version.
    tariff: u32,
    /// trip or cancelled.
    kind: &'static str,
    /// Pick-up, in milliseconds of the Unix epoch.
    pickup_at_ms: u64,
    /// Metres.
    distance_m: u32,
    /// Seconds.
    duration_s: u32,
    /// Seconds the driver waited.
    waiting_s: u32,
    /// Multiplier in thousandths.
    surge_permille: u16,
    /// What the rider paid without tolls.
    fare: Money,
    /// Tolls.
    tolls: Money,
    /// What the driver got, tolls included.
    driver_share: Money,
}

/// The batch of a receipt, as the chain keeps it.
#[derive(Serialize, JsonSchema)]
struct SettledBatch {
    /// Its number.
    number: Id,
    /// The city.
    city: u32,
    /// The block.
    block: u32,
    /// Rides in it.
    rides: u32,
    /// Root of the receipts: 0x and 64 digits.
    receipts_root: String,
    /// Root of the evidence: 0x and 64 digits.
    evidence_root: String,
    /// What riders paid, tolls included.
    gross: Money,
    /// The drivers' part.
    drivers: Money,
    /// The platform's part.
    platform: Money,
    /// Everybody else's part.
    third_parties: Money,
}

/// A receipt and all that proves it: docs/rpc.md says how it is checked.
#[derive(Serialize, JsonSchema)]
struct Proven {
    /// What is proven.
    receipt: Receipt,
    /// Its row in the batch.
    row: u32,
    /// Partners from the receipt up to the batch's root.
    receipt_partners: Vec<String>,
    /// The batch.
    batch: SettledBatch,
    /// Its place in the block's checkpoint.
    item: u32,
    /// Items in the block's checkpoint.
    items: u32,
    /// Partners from the batch up to the checkpoint root.
    item_partners: Vec<String>,
}

fn digits(hash: &H256) -> String {
    format!("0x{}", hex::encode(hash.as_bytes()))
}

impl From<ReceiptProof> for Proven {
    fn from(proof: ReceiptProof) -> Self {
        let ReceiptProof { receipt, row, receipt_partners, batch, item, items, item_partners } =
            proof;
        Self {
            receipt: Receipt {
                company: receipt.company.0,
                batch: Id(receipt.batch.0),
                order: Id(receipt.order),
                driver: receipt.driver.0,
                account: format!("0x{}", hex::encode(receipt.account)),
                tariff: receipt.tariff.0,
                kind: match receipt.kind {
                    RideKind::Trip => "trip",
                    RideKind::Cancelled => "cancelled",
                },
                pickup_at_ms: receipt.pickup.saturating_mul(1_000),
                distance_m: receipt.distance_m,
                duration_s: receipt.duration_s,
                waiting_s: receipt.waiting_s,
                surge_permille: receipt.surge_permille,
                fare: receipt.fare.into(),
                tolls: receipt.tolls.into(),
                driver_share: receipt.driver_share.into(),
            },
            row,
            receipt_partners: receipt_partners.iter().map(digits).collect(),
            batch: SettledBatch {
                number: Id(batch.number.0),
                city: batch.city.0,
                block: batch.block,
                rides: batch.rides,
                receipts_root: digits(&batch.receipts_root),
                evidence_root: digits(&batch.evidence_root),
                gross: Money(batch.gross.units()),
                drivers: Money(batch.drivers.units()),
                platform: Money(batch.platform.units()),
                third_parties: Money(batch.third_parties.units()),
            },
            item,
            items,
            item_partners: item_partners.iter().map(digits).collect(),
        }
    }
}

async fn receipt(desk: Desk, call: Call, params: OneOrder) -> Result<Proven, Refusal> {
    let order = desk.upstream.order(params.order.0).await?;
    let staff = Roles::OPERATIONS.and(Roles::AUDITOR).and(Roles::FINANCE);
    let identity = call.identity()?;
    let rider = identity.roles.meets(Roles::RIDER) && order.rider == identity.account;
    let driver = identity.driver.is_some_and(|seated| driver::is_of(&order, seated.driver));
    if !rider && !driver && !call.is(staff) {
        return Err(Code::NotFound.into());
    }
    let settled = order.settlement.filter(|settlement| settlement.block != 0);
    let settled = settled.ok_or(Code::NotSettled)?;
    let proof = desk.people.receipt(settled.batch, order.id).await.map_err(away)?;
    Ok(proof.into())
}
