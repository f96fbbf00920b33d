//! Proofs that anybody can check on Ethereum: a bundle whose root the contract holds, and the call that leads its item there.

mod cast;

use alloy_primitives::Bytes;
use smartlink_chain::{queries, Chain};
use smartlink_primitives::{AnchorNumber, BatchNumber, CompanyId, VehicleId};
use smartlink_proofs::{verify, Bundle, Fixed, Item};
use smartlink_proving::{items, on_ethereum, ProveError};

use crate::{
    anchor::{self, Anchor},
    chain::Node,
    ethereum::At,
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
    (block, item): (u32, Item),
) -> Result<Proven, Error> {
    let held = contract.held().await?.ok_or(Error::NotHeld { block, latest: 0 })?;
    let bundle = on_ethereum::bundle(&node.chain().await?, contract, &held, (block, item)).await?;
    let (call, command) = taken(contract, &bundle).await?;
    Ok(Proven { bundle, call, command })
}

/// Lets the contract that is configured check a bundle that somebody has made, whoever that is. The contract and the chain that
/// the bundle names are not asked: they may be his own.
///
/// # Errors
/// It names another contract, does not verify, or the contract refuses it.
pub async fn checked(contract: &Anchor, bundle: Bundle) -> Result<Proven, Error> {
    if let Some(named) = &bundle.ethereum {
        let (chain_id, address) = (contract.chain_id(), Fixed(contract.address().into_array()));
        if (named.chain_id, named.contract) != (chain_id, address) {
            return Err(Error::Asked(format!(
                "the bundle names contract {} on Ethereum's chain {}, and the one that is configured is {} on chain {chain_id}: \
                 whoever made it may have made that contract as well",
                named.contract,
                named.chain_id,
                contract.address()
            )));
        }
    }
    verify(&bundle, None).map_err(ProveError::from)?;
    let (call, command) = taken(contract, &bundle).await?;
    Ok(Proven { bundle, call, command })
}

/// The call that proves a bundle's item, which the contract takes, and the same to be typed.
async fn taken(contract: &Anchor, bundle: &Bundle) -> Result<(Bytes, String), Error> {
    let call = anchor::proof(bundle).map_err(ProveError::from)?.ok_or_else(|| {
        Error::Asked("the contract proves no value of the state: prove it with `smartlink-indexer prove storage`".to_owned())
    })?;
    let command = cast::command(contract.address(), &call);
    let call = call.encode();
    contract.attempt(None, call.clone(), At::Latest).await?;
    Ok((call, command))
}
