//! What a service asks the chain: our runtime interface, BEEFY, MMR, blocks and the node itself.

use smartlink_primitives::{
    ledger::{DriverLedger, Supply, Totals},
    receipt::{BatchRecord, ReceiptProof},
    BatchNumber, CompanyId, DriverId,
};
use subxt::{
    error::RuntimeApiError,
    rpcs::client::rpc_params,
    runtime_apis::Payload,
    utils::{AccountId32, Static, H256},
};

use crate::{api, At, Chain, ChainError};

async fn ask<P: Payload>(
    at: &At,
    what: &'static str,
    question: P,
) -> Result<P::ReturnType, ChainError> {
    let answer: Result<_, RuntimeApiError> = at.runtime_apis().call(question).await;
    answer.map_err(ChainError::query(what))
}

/// The running totals of a company.
pub async fn totals(at: &At, company: CompanyId) -> Result<Totals, ChainError> {
    let question = api::runtime_apis().smartlink_api().totals(Static(company));
    Ok(ask(at, "a company's totals", question).await?.0)
}

/// What was kept of a settled batch.
pub async fn batch(
    at: &At,
    company: CompanyId,
    number: BatchNumber,
) -> Result<Option<BatchRecord>, ChainError> {
    let question = api::runtime_apis().smartlink_api().batch(Static(company), Static(number));
    Ok(ask(at, "a batch", question).await?.map(|record| record.0))
}

/// A driver's ledger in a company.
pub async fn driver_ledger(
    at: &At,
    company: CompanyId,
    driver: DriverId,
) -> Result<Option<DriverLedger<AccountId32>>, ChainError> {
    let question =
        api::runtime_apis().smartlink_api().driver_ledger(Static(company), Static(driver));
    Ok(ask(at, "a driver's ledger", question).await?.map(|ledger| ledger.0))
}

/// The checkpoint root of the block.
pub async fn checkpoint_root(at: &At) -> Result<H256, ChainError> {
    ask(at, "the checkpoint root", api::runtime_apis().smartlink_api().checkpoint_root()).await
}

/// Where all money is.
pub async fn supply(at: &At) -> Result<Supply, ChainError> {
    Ok(ask(at, "the supply", api::runtime_apis().smartlink_api().supply()).await?.0)
}

/// Checks every invariant of every pallet of ours.
///
/// # Errors
/// Names the broken invariant.
pub async fn check_invariants(at: &At) -> Result<(), ChainError> {
    let what = "a check of all invariants";
    let question = api::runtime_apis().smartlink_api().check_invariants();
    ask(at, what, question).await?.map_err(|reason| ChainError::Answer { what, reason })
}

/// Milliseconds of the Unix epoch that the block's author wrote into it.
pub async fn timestamp_ms(at: &At) -> Result<u64, ChainError> {
    let what = "a block's time";
    let value = at.storage().fetch(api::storage().timestamp().now(), ()).await;
    let value = value.map_err(ChainError::query(what))?;
    value.decode().map_err(ChainError::query(what))
}

/// The extrinsics of a block, as bytes.
pub async fn body(at: &At) -> Result<Vec<Vec<u8>>, ChainError> {
    let extrinsics = at.extrinsics().fetch().await.map_err(ChainError::query("a block's body"))?;
    let mut bodies = Vec::with_capacity(extrinsics.len());
    for extrinsic in extrinsics.iter() {
        let extrinsic = extrinsic.map_err(ChainError::query("an extrinsic"))?;
        bodies.push(extrinsic.bytes().to_vec());
    }
    Ok(bodies)
}

impl Chain {
    /// The last block with a BEEFY signature. `None` until the first.
    pub async fn beefy_finalized(&self) -> Result<Option<H256>, ChainError> {
        match self.rpc.request("beefy_getFinalizedHead", rpc_params![]).await {
            Ok(head) => Ok(Some(head)),
            // "BEEFY RPC endpoint not ready"
            Err(subxt::rpcs::Error::User(error)) if error.code == 1 => Ok(None),
            Err(error) => Err(ChainError::query("the last BEEFY block")(error)),
        }
    }

    /// The root of the MMR after a block.
    pub async fn mmr_root(&self, block: H256) -> Result<H256, ChainError> {
        let root = self.rpc.request("mmr_root", rpc_params![block]).await;
        root.map_err(ChainError::query("the root of the MMR"))
    }

    /// Proves a ride of a batch up to the checkpoint root of the block that settled it.
    pub async fn receipt_proof(
        &self,
        company: CompanyId,
        number: BatchNumber,
        order: u64,
    ) -> Result<ReceiptProof, ChainError> {
        let params = rpc_params![company, number, order];
        let proof = self.rpc.request("smartlink_receiptProof", params).await;
        proof.map_err(ChainError::query("a receipt's proof"))
    }

    /// The node's id in the network.
    pub async fn peer_id(&self) -> Result<String, ChainError> {
        let id = self.rpc.request("system_localPeerId", rpc_params![]).await;
        id.map_err(ChainError::query("its peer id"))
    }

    /// Peers the node is connected to.
    pub async fn peers(&self) -> Result<usize, ChainError> {
        let health = self.legacy.system_health().await;
        Ok(health.map_err(ChainError::query("its health"))?.peers)
    }
}
