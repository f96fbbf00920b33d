//! From the extrinsics of a block to the proof of one ride, and from an anchor to its proof.

use crate::{Checkpoints, Runtime, RuntimeCall, Settlement, Telemetry, UncheckedExtrinsic};
use alloc::{format, string::String};
use smartlink_primitives::{
    receipt::{ItemKind, ReceiptProof},
    ride::RideBatch,
    telemetry::{AnchorProof, AnchorRecord},
    AnchorNumber, BatchNumber, CompanyId,
};

/// How deep batches, proxies and multisigs may be inside each other. Deeper ones settle as well, but
/// their rides cannot be proven by this node.
const MAX_DEPTH: u32 = 8;

/// Proves a ride of a batch that is somewhere in `body`, the extrinsics of the block whose state this
/// is.
///
/// # Errors
/// A sentence: the batch or the order is not there.
pub fn prove_ride(
    body: &[UncheckedExtrinsic],
    company: CompanyId,
    number: BatchNumber,
    order: u64,
) -> Result<ReceiptProof, String> {
    let wanted = |batch: &RideBatch| (batch.company, batch.number) == (company, number);
    let mut refused = format!("no extrinsic of this block carries {number} of {company}");
    // A batch that failed may stand before the one that was settled: the root tells them apart.
    for (index, extrinsic) in (0u32..).zip(body) {
        let mut proof = None;
        each_batch(&extrinsic.function, MAX_DEPTH, &mut |batch| {
            if proof.is_none() && wanted(batch) {
                match prove(batch, index, order) {
                    Ok(found) => proof = Some(found),
                    Err(why) => refused = why.into(),
                }
            }
        });
        if let Some(proof) = proof {
            return Ok(proof);
        }
    }
    Err(refused)
}

fn prove(batch: &RideBatch, extrinsic: u32, order: u64) -> Result<ReceiptProof, &'static str> {
    let (receipt, row, receipt_partners, batch) =
        Settlement::prove_receipt(batch, extrinsic, order)?;
    let (item, items, item_partners) = Checkpoints::prove(ItemKind::RideBatch, batch.item())
        .ok_or("this block did not settle the batch: ask at the block in its record")?;
    Ok(ReceiptProof { receipt, row, receipt_partners, batch, item, items, item_partners })
}

/// Proves an anchor of telemetry that the block whose state this is took.
///
/// # Errors
/// A sentence: another block took it, or none.
pub fn prove_anchor(company: CompanyId, number: AnchorNumber) -> Result<AnchorProof, String> {
    let AnchorRecord { anchor, block } = Telemetry::anchor_record(company, number)
        .ok_or_else(|| format!("{number} of {company} is not known at this block"))?;
    let (item, items, item_partners) = Checkpoints::prove(ItemKind::TelemetryAnchor, anchor.item())
        .ok_or_else(|| {
            format!("this block did not take {number} of {company}: ask at block {block}")
        })?;
    Ok(AnchorProof { anchor, block, item, items, item_partners })
}

/// Shows every batch of rides in a call, also those in batches of calls, proxies and multisigs.
fn each_batch(call: &RuntimeCall, depth: u32, show: &mut dyn FnMut(&RideBatch)) {
    use pallet_multisig::Call as Multisig;
    use pallet_proxy::Call as Proxy;
    use pallet_settlement::Call as Rides;
    use pallet_utility::Call as Utility;
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    match call {
        RuntimeCall::Settlement(
            Rides::<Runtime>::settle_batch { batch }
            | Rides::<Runtime>::settle_by_worker { batch, .. },
        ) => show(batch),
        RuntimeCall::Utility(
            Utility::batch { calls }
            | Utility::batch_all { calls }
            | Utility::force_batch { calls },
        ) => calls.iter().for_each(|call| each_batch(call, depth, show)),
        RuntimeCall::Utility(Utility::as_derivative { call, .. })
        | RuntimeCall::Proxy(Proxy::proxy { call, .. } | Proxy::proxy_announced { call, .. })
        | RuntimeCall::Multisig(
            Multisig::as_multi { call, .. } | Multisig::as_multi_threshold_1 { call, .. },
        ) => each_batch(call, depth, show),
        _ => {}
    }
}
