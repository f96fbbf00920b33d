//! What a service asks the chain: our runtime interface, BEEFY, MMR, blocks and the node itself.

use smartlink_primitives::{
    ledger::{DriverLedger, Supply, Totals},
    receipt::{BatchRecord, ReceiptProof},
    tariff::InForce,
    BatchNumber, CityCode, CompanyId, DriverId, Money,
};
use subxt::{
    error::{DispatchError, RuntimeApiError},
    ext::codec::{Compact, Decode},
    rpcs::{
        client::{rpc_params, RpcSubscription},
        methods::legacy::Bytes,
    },
    runtime_apis::Payload,
    utils::{AccountId32, Static, H256},
};

use crate::{
    api::{self, runtime_types::pallet_consortium::types::Standing as KeptStanding},
    At, Chain, ChainError, Failure,
};

pub(crate) async fn ask<P: Payload>(
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

/// The tariffs of a company in a city, the oldest first.
pub async fn tariffs(
    at: &At,
    company: CompanyId,
    city: CityCode,
) -> Result<Vec<InForce>, ChainError> {
    let what = "the tariffs of a city";
    let timeline = at.storage().entry(api::storage().tariffs().in_force());
    let timeline = timeline.map_err(ChainError::query(what))?;
    let timeline = timeline.try_fetch((Static(company), Static(city))).await;
    let Some(timeline) = timeline.map_err(ChainError::query(what))? else {
        return Ok(Vec::new());
    };
    let timeline = timeline.decode().map_err(ChainError::query(what))?;
    let mut tariffs = Vec::with_capacity(timeline.0.len());
    for (from, Static(version)) in timeline.0 {
        let key = (Static(company), Static(city), Static(version));
        let tariff = at.storage().fetch(api::storage().tariffs().tariffs(), key).await;
        let tariff = tariff.map_err(ChainError::query(what))?;
        let tariff = tariff.decode().map_err(ChainError::query(what))?.0;
        tariffs.push(InForce { version, from, tariff });
    }
    Ok(tariffs)
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

/// What the chain keeps of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountState {
    /// Transactions that it signed and that are in blocks.
    pub nonce: u64,
    /// What it may spend.
    pub free: Money,
}

/// An account at a block. All zero when there is none.
pub async fn account(at: &At, id: AccountId32) -> Result<AccountState, ChainError> {
    let what = "an account";
    let value = at.storage().fetch(api::storage().system().account(), (id,)).await;
    let info = value.map_err(ChainError::query(what))?;
    let info = info.decode().map_err(ChainError::query(what))?;
    Ok(AccountState { nonce: info.nonce.into(), free: Money(info.data.free) })
}

/// What a call would cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallInfo {
    /// The most time that it takes, in picoseconds.
    pub ref_time: u64,
    /// The most bytes that prove it.
    pub proof_size: u64,
    /// The fee of a transaction of this length with the call, without a tip.
    pub fee: Money,
}

/// What a call in SCALE would cost in a transaction of this length. The fee is a little less than that of the transaction, because
/// the chain does not count here what it takes to check one.
pub async fn call_info(at: &At, call: &[u8], length: u32) -> Result<CallInfo, ChainError> {
    let what = "what a call costs";
    let question = [call, &length.to_le_bytes()].concat();
    let name = "TransactionPaymentCallApi_query_call_info";
    let answer = at.runtime_apis().call_raw(name, Some(&question)).await;
    let answer = answer.map_err(ChainError::query(what))?;
    // `RuntimeDispatchInfo`: its weight, its class, its fee.
    type Info = (Compact<u64>, Compact<u64>, u8, u128);
    let info = Info::decode(&mut &answer[..]).map_err(ChainError::query(what))?;
    let (Compact(ref_time), Compact(proof_size), _, fee) = info;
    Ok(CallInfo { ref_time, proof_size, fee: Money(fee) })
}

/// What a company transacts without fees, counted in the fees that it would pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// What is left of it now.
    pub left: Money,
    /// The most that it can be.
    pub most: Money,
    /// What comes back in a block.
    pub per_block: Money,
}

/// The company on whose allowance an account draws now. `None`: it pays fees.
pub async fn payer(at: &At, account: AccountId32) -> Result<Option<CompanyId>, ChainError> {
    let question = api::runtime_apis().allowance_api().payer(account);
    Ok(ask(at, "who pays for an account", question).await?.map(|company| company.0))
}

/// The allowance of a company.
pub async fn allowance(at: &At, company: CompanyId) -> Result<Allowance, ChainError> {
    let question = api::runtime_apis().allowance_api().allowance(Static(company));
    let (left, most, per_block) = ask(at, "a company's allowance", question).await?;
    Ok(Allowance { left: Money(left), most: Money(most), per_block: Money(per_block) })
}

/// What the council thinks of a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its people may act for it.
    Active,
    /// Nobody acts for it until the council resumes it.
    Suspended,
    /// Nobody acts for it any more.
    Expelled,
}

/// A member of the consortium.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Company {
    /// Its name.
    pub name: String,
    /// The account that holds its money.
    pub treasury: AccountId32,
    /// Whether it may act. The council decides.
    pub standing: Standing,
    /// The first second of the Unix epoch at which its membership is void. `None`: without end.
    pub until: Option<u64>,
}

/// A company. `None` when there is none with this id.
pub async fn company(at: &At, id: CompanyId) -> Result<Option<Company>, ChainError> {
    let what = "a company";
    let key = api::storage().consortium().companies();
    let kept = at.storage().try_fetch(key, (Static(id),)).await;
    let Some(kept) = kept.map_err(ChainError::query(what))? else { return Ok(None) };
    let kept = kept.decode().map_err(ChainError::query(what))?;
    Ok(Some(Company {
        name: String::from_utf8_lossy(&kept.name.0).into_owned(),
        treasury: kept.treasury,
        standing: match kept.standing {
            KeptStanding::Active => Standing::Active,
            KeptStanding::Suspended => Standing::Suspended,
            KeptStanding::Expelled => Standing::Expelled,
        },
        until: kept.until,
    }))
}

/// Why the first transaction of a block that failed did so. `None` when none failed.
pub async fn first_failure(at: &At) -> Result<Option<Failure>, ChainError> {
    let events = at.events().fetch().await.map_err(ChainError::query("a block's events"))?;
    for event in events.iter() {
        let event = event.map_err(ChainError::query("an event"))?;
        if (event.pallet_name(), event.event_name()) == ("System", "ExtrinsicFailed") {
            let error = DispatchError::decode_from(event.field_bytes(), at.metadata());
            let error = error.map_err(ChainError::query("System::ExtrinsicFailed"))?;
            return Ok(Some(Failure::from(error)));
        }
    }
    Ok(None)
}

/// The part of a block's weight that was used, by time: 1 is a full block. Ordinary extrinsics get less
/// than 1, because the chain keeps some for operational ones.
pub async fn weight_used(at: &At) -> Result<f64, ChainError> {
    let what = "a block's weight";
    let used = at.storage().fetch(api::storage().system().block_weight(), ()).await;
    let used = used.map_err(ChainError::query(what))?;
    let used = used.decode().map_err(ChainError::query(what))?;
    let limits = at.constants().entry(api::constants().system().block_weights());
    let limits = limits.map_err(ChainError::query("the limits of a block's weight"))?;
    let classes = [used.normal, used.operational, used.mandatory];
    let used: f64 = classes.iter().map(|weight| weight.ref_time as f64).sum();
    Ok(used / limits.max_block.ref_time as f64)
}

/// Slots in a session, from BABE.
pub fn session_slots(at: &At) -> Result<u64, ChainError> {
    let slots = at.constants().entry(api::constants().babe().epoch_duration());
    slots.map_err(ChainError::query("the length of a session"))
}

/// The validators that sign for BEEFY.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BeefyValidators {
    /// The number of the set. Grows by one with each session.
    pub set: u64,
    /// Their compressed keys on secp256k1, in the order of their signatures.
    pub keys: Vec<[u8; 33]>,
}

/// The validators that sign this block for BEEFY.
pub async fn beefy_validators(at: &At) -> Result<BeefyValidators, ChainError> {
    let what = "the validators of BEEFY";
    let keys = at.storage().fetch(api::storage().beefy().authorities(), ()).await;
    let keys = keys.map_err(ChainError::query(what))?;
    let keys = keys.decode().map_err(ChainError::query(what))?;
    let set = at.storage().fetch(api::storage().beefy().validator_set_id(), ()).await;
    let set = set.map_err(ChainError::query(what))?.decode().map_err(ChainError::query(what))?;
    Ok(BeefyValidators { set, keys: keys.0.into_iter().map(|key| key.0).collect() })
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

    /// The signed commitments of BEEFY from now on, each a SCALE-encoded `VersionedFinalityProof`
    /// (sp-consensus-beefy). Falls silent when the connection breaks: give each wait a limit.
    pub async fn beefy_justifications(&self) -> Result<RpcSubscription<Bytes>, ChainError> {
        let unsubscribe = "beefy_unsubscribeJustifications";
        self.rpc
            .subscribe("beefy_subscribeJustifications", rpc_params![], unsubscribe)
            .await
            .map_err(ChainError::query("a subscription to BEEFY's signatures"))
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

    /// Transactions in the node's pool that could be in the next block.
    pub async fn ready_transactions(&self) -> Result<usize, ChainError> {
        let ready: Result<Vec<Bytes>, _> =
            self.rpc.request("author_pendingExtrinsics", rpc_params![]).await;
        Ok(ready.map_err(ChainError::query("the transactions in its pool"))?.len())
    }

    /// Whether the node is still fetching blocks that others have.
    pub async fn is_syncing(&self) -> Result<bool, ChainError> {
        let health = self.legacy.system_health().await;
        Ok(health.map_err(ChainError::query("its health"))?.is_syncing)
    }

    /// Peers the node is connected to.
    pub async fn peers(&self) -> Result<usize, ChainError> {
        let health = self.legacy.system_health().await;
        Ok(health.map_err(ChainError::query("its health"))?.peers)
    }
}
