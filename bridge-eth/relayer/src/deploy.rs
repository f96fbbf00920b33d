//! Making the contract: with the set that signs now, and the one after it, as a node of one's own has them.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use alloy_primitives::{Address, Bytes, B256, U256};
use smartlink_proofs::{Address as Validator, Hash};

use crate::{
    anchor::{
        abi::{encode, Value},
        artifact, connect, roster, Anchor, AnchorError, Set,
    },
    chain::Node,
    config::BridgeConfig,
    ethereum::{gas_with_margin, made_by, At, Bounds, Call, Ethereum, Fees, Key, Order, Receipt},
    Error,
};

/// The most gas that making the contract may take.
const MOST_GAS: u64 = 10_000_000;

/// What a contract is made with: what everybody who relies on it compares with the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beginning {
    /// The hash of block 0.
    pub genesis: Hash,
    /// The block that was looked at: the last one that was signed.
    pub block: u32,
    /// The set that signed it.
    pub current: Set,
    /// Its addresses.
    pub roster: Vec<Validator>,
    /// The set after it, which that block names.
    pub next: Set,
}

/// A contract that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployed {
    /// Where.
    pub address: Address,
    /// The id of Ethereum's chain.
    pub chain_id: u64,
    /// By which transaction.
    pub transaction: B256,
    /// In which block.
    pub block: u64,
    /// For how much gas.
    pub gas: u64,
}

impl Beginning {
    /// As the node has it now. The signatures, the set's root and the leaf that names the next set have been verified against
    /// each other; that they are the consortium's is what the node is believed.
    ///
    /// # Errors
    /// The node does not answer, or contradicts itself.
    pub async fn of(node: &Node) -> Result<Self, Error> {
        let (checkpoint, after) = node.beginning().await?;
        let block = checkpoint.block();
        let root = smartlink_proofs::roster::root(&checkpoint.roster);
        let root = root.map_err(|why| crate::checkpoint::Refusal::Broken(why.into()))?;
        let length = u32::try_from(checkpoint.roster.len()).unwrap_or(u32::MAX);
        let next = after.leaf.next_set;
        Ok(Self {
            genesis: node.genesis().await?,
            block,
            current: Set { id: checkpoint.commitment.set, length, root },
            roster: checkpoint.roster,
            next: Set { id: next.id, length: next.len, root: next.root },
        })
    }

    /// The bytes that make the contract.
    pub fn creation(&self) -> Bytes {
        let arguments = [
            Value::Word(B256::from(self.genesis.0)),
            Value::Number(self.current.id),
            Value::Bytes(roster(&self.roster)),
            Value::Word(B256::from(self.next.root.0)),
            Value::Number(self.next.length.into()),
        ];
        let mut bytes = artifact().bytecode().to_vec();
        bytes.extend(encode(&arguments));
        bytes.into()
    }
}

/// Makes the contract, and waits until it is below as many blocks as are wanted. Where it will be is told before it is sent:
/// should this break off, that is where to look for it before another one is paid for.
///
/// # Errors
/// It cannot be paid for, or Ethereum does not take it within `patience`.
pub async fn deploy(
    config: &BridgeConfig,
    key: &Key,
    beginning: &Beginning,
    patience: Duration,
) -> Result<Deployed, Error> {
    let (ethereum, chain_id) = connect(&config.ethereum).await?;
    let order = order(&ethereum, chain_id, config, key, beginning.creation()).await?;
    let (nonce, address) = (order.nonce, made_by(key.address(), order.nonce));
    let (transaction, signed) = key.sign(order)?;
    tracing::info!(%transaction, contract = %address, nonce, "sending");
    match ethereum.send(&signed).await {
        Ok(_) => tracing::info!(%transaction, "sent"),
        Err(error) if error.is_known() => {}
        Err(error) if error.is_a_no() => return Err(error.into()),
        // The node may have it.
        Err(error) => tracing::warn!(%transaction, %error, "nobody has said whether it was sent"),
    }
    let deadline = Instant::now() + patience;
    let receipt = settled(&ethereum, config, transaction, deadline).await?.ok_or_else(|| {
        Error::Asked(format!(
            "transaction {transaction}, which makes the contract {address}, is not below {} blocks within {} s: look for it \
             before deploying again, it may still come",
            config.ethereum.confirmations,
            patience.as_secs()
        ))
    })?;
    if receipt.status != 1 || receipt.contract_address.is_some_and(|made| made != address) {
        return Err(Error::Asked(format!(
            "transaction {transaction} made no contract at {address}: the chain of Ethereum may not know what it is built for \
             (Cancun)"
        )));
    }
    let (block, gas) = (receipt.block_number, receipt.gas_used);
    let deployed = Deployed { address, chain_id, transaction, block, gas };
    let poll = pause(config);
    patiently(deadline, poll, || compare(config, &deployed, beginning)).await?;
    Ok(deployed)
}

/// Between two looks.
fn pause(config: &BridgeConfig) -> Duration {
    Duration::from_millis(config.ethereum.poll_ms.min(1_000))
}

/// Asks again what was not answered, until the deadline.
async fn patiently<T, F>(
    deadline: Instant,
    pause: Duration,
    ask: impl Fn() -> F,
) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    loop {
        match ask().await {
            // Another node behind the same address may not have the contract's block yet.
            Err(error)
                if (error.is_passing()
                    || matches!(error, Error::Contract(AnchorError::NoContract { .. })))
                    && Instant::now() < deadline =>
            {
                tracing::warn!(%error, "it is asked again");
                tokio::time::sleep(pause).await;
            }
            answer => return answer,
        }
    }
}

async fn order(
    ethereum: &Ethereum,
    chain_id: u64,
    config: &BridgeConfig,
    key: &Key,
    data: Bytes,
) -> Result<Order, Error> {
    let (address, bounds) = (key.address(), Bounds::from(&config.fees));
    let call = Call { from: Some(address), to: None, data: data.clone() };
    let estimated = ethereum.estimate(&call).await?;
    let gas = gas_with_margin(estimated, MOST_GAS).ok_or(Error::MuchGas {
        estimated,
        most: MOST_GAS,
        bound: "what making the contract may take",
    })?;
    let base = ethereum.head().await?.base_fee_per_gas.unwrap_or_default();
    let most_gwei = config.fees.most_gwei;
    let fees = Fees::for_base(base, ethereum.tip().await?, &bounds).ok_or(Error::Expensive {
        base_gwei: u64::try_from(base.div_ceil(crate::config::GWEI)).unwrap_or(u64::MAX),
        most_gwei,
    })?;
    let (has, wanted) = (ethereum.balance(address).await?, U256::from(gas) * U256::from(fees.most));
    if has < wanted {
        return Err(Error::Poor { address, has, wanted });
    }
    let nonce = ethereum.nonce(address, At::Latest).await?;
    if ethereum.nonce(address, At::Pending).await? > nonce {
        return Err(Error::Asked(format!(
            "a transaction of {address} waits already: wait until it is in a block, or use another key"
        )));
    }
    Ok(Order { chain_id, nonce, gas, fees, to: None, data })
}

/// The receipt of a transaction that is below as many blocks as are wanted. `None`: not until the deadline.
async fn settled(
    ethereum: &Ethereum,
    config: &BridgeConfig,
    transaction: B256,
    deadline: Instant,
) -> Result<Option<Receipt>, Error> {
    let (poll, mut said) = (pause(config), None);
    while Instant::now() < deadline {
        let look =
            || async { Ok((ethereum.receipt(transaction).await?, ethereum.head().await?.number)) };
        let Ok((receipt, head)) = patiently(deadline, poll, look).await else { return Ok(None) };
        if let Some(receipt) = receipt {
            let on_top = head.saturating_sub(receipt.block_number);
            if on_top >= config.ethereum.confirmations {
                return Ok(Some(receipt));
            }
            if said.replace(on_top) != Some(on_top) {
                let wanted = config.ethereum.confirmations;
                tracing::info!(block = receipt.block_number, on_top, wanted, "in a block");
            }
        }
        tokio::time::sleep(poll).await;
    }
    Ok(None)
}

/// Checks that what was made is what was meant.
async fn compare(
    config: &BridgeConfig,
    deployed: &Deployed,
    beginning: &Beginning,
) -> Result<(), Error> {
    let mut ethereum = config.ethereum.clone();
    ethereum.contract = deployed.address.to_string();
    let anchor = Anchor::open(&ethereum).await?;
    let view = anchor.view().await?;
    let same = anchor.genesis().await? == beginning.genesis
        && (view.current, view.next) == (beginning.current, beginning.next);
    // A relayer may have found it already.
    if same || view.current.id > beginning.current.id {
        return Ok(());
    }
    Err(Error::Asked(format!(
        "the contract at {} is not what was meant to be made: do not use it, and look at the artifact",
        deployed.address
    )))
}
