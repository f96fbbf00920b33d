//! What proofs are made of: blocks with BEEFY's signatures, leaves of the MMR, items of checkpoints, ways in the state's trie.
//!
//! Nothing here is verified: who makes a proof of these does that.

use std::collections::HashMap;

use smartlink_primitives::{
    receipt::ItemKind,
    vehicle::{VehicleClass, VehicleStatus},
    CompanyId, VehicleId, H256 as Hash,
};
use subxt::{
    ext::codec::{Decode, Encode},
    rpcs::{client::rpc_params, methods::legacy::Bytes},
    utils::{Static, H256},
};

use crate::{
    api::{
        self,
        runtime_types::smartlink_primitives::{
            receipt::ItemKind as KeptKind, vehicle::VehicleStatus as KeptStatus,
        },
    },
    At, Chain, ChainError,
};

/// The engine of BEEFY's justifications.
const BEEFY: [u8; 4] = *b"BEEF";

/// A block that BEEFY's validators may have signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Justified {
    /// Its height.
    pub number: u32,
    /// BEEFY's justification: a SCALE-encoded `VersionedFinalityProof`. `None`: the node has none for this block.
    pub justification: Option<Vec<u8>>,
}

/// The leaf of a block in the MMR after another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MmrProof {
    /// The leaf in SCALE.
    pub leaf: Vec<u8>,
    /// Its index.
    pub index: u64,
    /// Leaves in the MMR.
    pub count: u64,
    /// The hashes that prove it.
    pub items: Vec<[u8; 32]>,
}

/// A vehicle as the chain keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptVehicle {
    /// The count of its changes.
    pub version: u32,
    /// Whose it is.
    pub owner: CompanyId,
    /// What it is for.
    pub class: VehicleClass,
    /// Whether it may serve.
    pub status: VehicleStatus,
    /// 17 characters.
    pub vin: Vec<u8>,
    /// On its front and back.
    pub plate: Vec<u8>,
    /// Make and model.
    pub model: Vec<u8>,
}

/// A vehicle at a block. `None` when there is none of this id.
pub async fn vehicle(at: &At, id: VehicleId) -> Result<Option<KeptVehicle>, ChainError> {
    let what = "a vehicle";
    let kept = at.storage().try_fetch(api::storage().vehicles().vehicles(), (Static(id),)).await;
    let Some(kept) = kept.map_err(ChainError::query(what))? else { return Ok(None) };
    let kept = kept.decode().map_err(ChainError::query(what))?;
    Ok(Some(KeptVehicle {
        version: kept.version,
        owner: kept.owner.0,
        class: kept.class.0,
        status: match kept.status {
            KeptStatus::InService => VehicleStatus::InService,
            KeptStatus::OutOfService => VehicleStatus::OutOfService,
            KeptStatus::Scrapped => VehicleStatus::Scrapped,
        },
        vin: kept.vin.0.to_vec(),
        plate: kept.plate.0,
        model: kept.model.0,
    }))
}

/// What a block proves to the outside, in the order of its checkpoint.
pub async fn checkpoint(at: &At) -> Result<Vec<(ItemKind, Hash)>, ChainError> {
    let what = "the items of a checkpoint";
    let items = at.storage().fetch(api::storage().checkpoints().items(), ()).await;
    let items = items.map_err(ChainError::query(what))?;
    let items = items.decode().map_err(ChainError::query(what))?;
    let item = |(kind, hash): (KeptKind, H256)| {
        let kind = match kind {
            KeptKind::RideBatch => ItemKind::RideBatch,
            KeptKind::Vehicle => ItemKind::Vehicle,
            KeptKind::TelemetryAnchor => ItemKind::TelemetryAnchor,
        };
        (kind, Hash(hash.0))
    };
    Ok(items.0.into_iter().map(item).collect())
}

impl Chain {
    /// A block with BEEFY's justification.
    ///
    /// # Errors
    /// The node does not answer, or has no such block.
    pub async fn justified(&self, block: H256) -> Result<Justified, ChainError> {
        let what = "a block with its justifications";
        let details = self.legacy.chain_get_block(Some(block)).await;
        let details = details.map_err(ChainError::query(what))?;
        let details =
            details.ok_or_else(|| ChainError::Missing { what: format!("block {block:?}") })?;
        let number = u32::try_from(details.block.header.number).map_err(|_| garbled(what))?;
        let justifications = details.justifications.unwrap_or_default();
        let own = justifications.into_iter().find(|(engine, _)| *engine == BEEFY);
        Ok(Justified { number, justification: own.map(|(_, bytes)| bytes) })
    }

    /// The leaf that block `number` added to the MMR, in the MMR after the block `last`, whose hash is `at`.
    ///
    /// # Errors
    /// The node does not answer, cannot make the proof, or what it answers cannot be read.
    pub async fn mmr_proof(
        &self,
        number: u32,
        last: u32,
        at: H256,
    ) -> Result<MmrProof, ChainError> {
        let what = "the proof of a leaf of the MMR";
        let params = rpc_params![[number], last, at];
        let answer = self.rpc.request("mmr_generateProof", params).await;
        let answer: HashMap<String, Bytes> = answer.map_err(ChainError::query(what))?;
        let part = |name: &str| answer.get(name).map_or(&[][..], |part| &part.0);
        type Proof = (Vec<u64>, u64, Vec<[u8; 32]>);
        let leaves: Vec<Vec<u8>> =
            Decode::decode(&mut part("leaves")).map_err(|_| garbled(what))?;
        let (indices, count, items): Proof =
            Decode::decode(&mut part("proof")).map_err(|_| garbled(what))?;
        match (<[_; 1]>::try_from(leaves), <[_; 1]>::try_from(indices)) {
            (Ok([leaf]), Ok([index])) => Ok(MmrProof { leaf, index, count, items }),
            _ => Err(garbled(what)),
        }
    }

    /// The header of a block in SCALE.
    ///
    /// # Errors
    /// The node does not answer, or has no such block.
    pub async fn header_bytes(&self, block: H256) -> Result<Vec<u8>, ChainError> {
        let header = self.legacy.chain_get_header(Some(block)).await;
        let header = header.map_err(ChainError::query("a block's header"))?;
        let header =
            header.ok_or_else(|| ChainError::Missing { what: format!("block {block:?}") })?;
        Ok(header.encode())
    }

    /// The nodes of the state's trie on the way to a key, and its value if it is hashed, in no order.
    ///
    /// # Errors
    /// The node does not answer, or has the block's state no more.
    pub async fn state_proof(&self, block: H256, key: &[u8]) -> Result<Vec<Vec<u8>>, ChainError> {
        let proof = self.legacy.state_get_read_proof([key], Some(block)).await;
        let proof = proof.map_err(ChainError::query("the proof of a value in the state"))?;
        Ok(proof.proof.into_iter().map(|node| node.0).collect())
    }
}

fn garbled(what: &'static str) -> ChainError {
    ChainError::Answer { what, reason: "what the node answers cannot be read".to_owned() }
}
