//! Items and their paths to the checkpoint root, or to the state root, of their block.

use smartlink_chain::{
    proofs::{self, KeptVehicle},
    Chain,
};
use smartlink_primitives::{
    merkle,
    receipt::{checkpoint_leaf, ItemKind},
    AnchorNumber, BatchNumber, CompanyId, VehicleId, H256,
};
use smartlink_proofs::{Item, Place, StorageItem, Vehicle, VehicleItem};

use super::ProveError;

/// Bytes of the longest key whose value is proven.
const LONGEST_KEY: usize = 1_024;

/// A receipt, and the block that settled it.
///
/// # Errors
/// The order is not in that batch, or the node cannot prove it.
pub async fn receipt(
    chain: &Chain,
    company: CompanyId,
    batch: BatchNumber,
    order: u64,
) -> Result<(u32, Item), ProveError> {
    let proof = chain.receipt_proof(company, batch, order).await?;
    Ok((proof.batch.block, Item::Receipt(proof.into())))
}

/// An anchor, and the block that took it.
///
/// # Errors
/// There is none of this number, or the node cannot prove it.
pub async fn anchor(
    chain: &Chain,
    company: CompanyId,
    number: AnchorNumber,
) -> Result<(u32, Item), ProveError> {
    let proof = chain.anchor_proof(company, number).await?;
    Ok((proof.block, Item::Anchor(proof.into())))
}

/// A vehicle as it is, and the block that changed it last.
///
/// # Errors
/// There is none of this id, or the node does not know the block of its last change any more.
pub async fn vehicle(chain: &Chain, id: VehicleId) -> Result<(u32, Item), ProveError> {
    let (head, hash) = chain.finalized_head().await?;
    let kept = proofs::vehicle(&chain.at(hash).await?, id).await?;
    let kept = kept.ok_or(ProveError::UnknownVehicle(id))?;
    let block = changed_in(chain, id, kept.version, head).await?;
    let vehicle = read(id, kept)?;
    let what = format!("version {} of {id}", vehicle.version);
    let checkpoint = proofs::checkpoint(&chain.at_number(block.into()).await?).await?;
    let place = place(&checkpoint, (ItemKind::Vehicle, vehicle.item()?));
    let place = place.ok_or(ProveError::NotNoted { what, block })?;
    Ok((block, Item::Vehicle(VehicleItem { vehicle, place })))
}

/// The first block after which a vehicle has this version, up to the last, after which it has. Versions only grow, so
/// halving finds it: a question for each doubling of the chain's height.
async fn changed_in(
    chain: &Chain,
    id: VehicleId,
    version: u32,
    last: u32,
) -> Result<u32, ProveError> {
    let (mut low, mut high) = (0, last);
    while low < high {
        let middle = low + (high - low) / 2;
        let kept = proofs::vehicle(&chain.at_number(middle.into()).await?, id).await?;
        if kept.is_some_and(|kept| kept.version >= version) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(high)
}

fn read(id: VehicleId, kept: KeptVehicle) -> Result<Vehicle, ProveError> {
    let text =
        |bytes| String::from_utf8(bytes).map_err(|_| ProveError::Garbled { what: "a vehicle" });
    Ok(Vehicle {
        id: id.0,
        version: kept.version,
        owner: kept.owner.0,
        class: kept.class,
        status: kept.status,
        vin: text(kept.vin)?,
        plate: text(kept.plate)?,
        model: text(kept.model)?,
    })
}

/// The place of an item in a checkpoint.
fn place(checkpoint: &[(ItemKind, H256)], wanted: (ItemKind, H256)) -> Option<Place> {
    let item = checkpoint.iter().position(|noted| *noted == wanted)?;
    let (item, items) = (u32::try_from(item).ok()?, u32::try_from(checkpoint.len()).ok()?);
    let leaf = |(place, (kind, item)): (u32, &(ItemKind, H256))| {
        merkle::leaf(place, &checkpoint_leaf(*kind, item))
    };
    let leaves = (0..).zip(checkpoint).map(leaf).collect();
    let partners = merkle::proof(leaves, item)?.into_iter().map(Into::into).collect();
    Some(Place { item, items, partners })
}

/// What the state held under a key after a block.
///
/// # Errors
/// The key is too long, or the node has the state no more.
pub async fn storage(chain: &Chain, key: &[u8], block: u32) -> Result<Item, ProveError> {
    if key.len() > LONGEST_KEY {
        return Err(ProveError::LongKey { bytes: key.len(), most: LONGEST_KEY });
    }
    let hash = chain.block_hashes(block..=block).await?[0];
    let (header, proof) = tokio::try_join!(chain.header_bytes(hash), chain.state_proof(hash, key))?;
    Ok(Item::Storage(StorageItem::assemble(key.to_vec(), header, &proof)?))
}
