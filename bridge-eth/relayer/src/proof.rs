//! Proofs that anybody can check on Ethereum: a bundle whose root the contract holds, and the call that leads its item there.

mod cast;

use alloy_primitives::Bytes;
use smartlink_chain::{queries, Chain};
use smartlink_primitives::{AnchorNumber, BatchNumber, CompanyId, VehicleId};
use smartlink_proofs::{verify, Bundle, Ethereum, Fixed, Item, Trust};
use smartlink_proving::{
    items,
    witness::{self, Signed},
    ProveError,
};

use crate::{
    anchor::{self, Anchor, View},
    chain::Node,
    config::EthereumConfig,
    ethereum::{At, Event},
    Error,
};

/// The node's code for an order that is not in a batch.
const NOT_IN_BATCH: i32 = 20_007;
/// The last batches of a company that are looked through for an order.
const BATCHES_BACK: u64 = 64;

/// What is to be proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// What a ride paid to whom.
    Receipt {
        /// The company.
        company: CompanyId,
        /// Its batch. `None`: it is looked for in the last ones.
        batch: Option<BatchNumber>,
        /// The order.
        order: u64,
    },
    /// A vehicle as it is.
    Vehicle(VehicleId),
    /// An anchor of telemetry.
    Anchor {
        /// The company.
        company: CompanyId,
        /// The number of its batch.
        number: AnchorNumber,
    },
}

/// A proof that the contract has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// The bundle, with where its root is on Ethereum.
    pub bundle: Bundle,
    /// What the contract is called with.
    pub call: Bytes,
    /// The same, to be typed.
    pub command: String,
}

/// An item of the chain, and the block that it is in.
///
/// # Errors
/// There is none, or the node cannot prove it.
pub async fn item(node: &Node, subject: Subject) -> Result<(u32, Item), Error> {
    let chain = node.chain().await?;
    Ok(match subject {
        Subject::Receipt { company, batch: Some(batch), order } => {
            items::receipt(&chain, company, batch, order).await?
        }
        Subject::Receipt { company, batch: None, order } => search(&chain, company, order).await?,
        Subject::Vehicle(id) => items::vehicle(&chain, id).await?,
        Subject::Anchor { company, number } => items::anchor(&chain, company, number).await?,
    })
}

/// An order in the last batches of a company, the last first.
async fn search(chain: &Chain, company: CompanyId, order: u64) -> Result<(u32, Item), Error> {
    let last = queries::totals(&chain.at_finalized().await?, company).await?.batches;
    let first = last.saturating_sub(BATCHES_BACK - 1).max(1);
    for number in (first..=last).rev() {
        match items::receipt(chain, company, BatchNumber(number), order).await {
            Err(ProveError::Node { code: NOT_IN_BATCH, .. }) => {}
            found => return Ok(found?),
        }
    }
    Err(Error::Asked(format!(
        "order {order} is in none of the last {BATCHES_BACK} batches of company {}: name its batch with --batch, or its company \
         with --company; a ride is settled some seconds after it has ended",
        company.0
    )))
}

/// Proves an item of a block by the last root that the contract holds, and lets the contract check it.
///
/// # Errors
/// The contract has no root for that yet, or a node cannot serve what is needed.
pub async fn on_ethereum(
    node: &Node,
    contract: &Anchor,
    config: &EthereumConfig,
    (block, item): (u32, Item),
) -> Result<Proven, Error> {
    let view = contract.view().await?;
    if view.latest <= block {
        return Err(Error::NotHeld { block, latest: view.latest });
    }
    let event = contract.event_of(view.latest, config).await?;
    let chain = node.chain().await?;
    let signed = signed(&chain, contract, &view, &event).await?;
    let mut bundle = witness::bundle_in(&chain, &signed, block, item).await?;
    bundle.ethereum = Some(Ethereum {
        chain_id: contract.chain_id(),
        contract: Fixed(contract.address().into_array()),
        transaction: Fixed(event.transaction_hash.0),
        block: event.block_number,
    });
    // The set that signed is the one that the contract knows, not only one that the node has told.
    let trust = Trust { root: view.current.root, id: Some(view.current.id) };
    let verified = verify(&bundle, Some(&trust)).map_err(ProveError::from)?;
    if !contract.holds(view.latest, verified.mmr_root).await? {
        return Err(Error::Asked(format!(
            "the contract has another root for block {} than the chain's validators signed: ethereum.contract is of another \
             chain",
            view.latest
        )));
    }
    let call = anchor::proof(&bundle).map_err(ProveError::from)?.ok_or_else(|| {
        Error::Asked("the contract proves no value of the state: prove it with `smartlink-indexer prove storage`".to_owned())
    })?;
    let command = cast::command(contract.address(), &call);
    let call = call.encode();
    contract.attempt(None, call.clone(), At::Latest).await?;
    Ok(Proven { bundle, call, command })
}

/// The signatures of the block whose root the contract has: from the node, or, where that was not told of them, from the
/// transaction that brought them.
async fn signed(
    chain: &Chain,
    contract: &Anchor,
    view: &View,
    event: &Event,
) -> Result<Signed, Error> {
    let number = view.latest;
    let hashes = chain.block_hashes(number..=number).await?;
    let hash = *hashes.first().ok_or(ProveError::Garbled { what: "the hash of a block" })?;
    if let Some(signed) = witness::justified(chain, hash).await? {
        return Ok(signed);
    }
    let transaction = contract.ethereum().transaction(event.transaction_hash).await?;
    let brought = transaction.and_then(|transaction| anchor::read(&transaction.input).ok());
    let brought = brought.ok_or_else(|| {
        Error::Asked(format!(
            "the node has no signatures of block {number}, and transaction {} did not bring them itself: ask another node",
            event.transaction_hash
        ))
    })?;
    Ok(Signed { number, hash, justification: brought.justification() })
}
