//! `smartlink-bridge doctor`: looks at everything that the relayer needs.

use alloy_primitives::utils::format_ether;
use smartlink_bridge::{
    anchor::{connect, Anchor},
    chain::Node,
    config::BridgeConfig,
    relay::check_chain,
    Error,
};

use crate::{key, Outcome};

/// What was looked at, and what was found.
struct Findings(bool);

impl Findings {
    fn add(&mut self, what: &str, found: Result<String, Error>) {
        match found {
            Ok(said) => println!("{what:<12} well: {said}"),
            Err(said) => {
                self.0 = false;
                println!("{what:<12} WRONG: {said}");
            }
        }
    }
}

pub async fn perform(config: &BridgeConfig) -> Result<Outcome, Error> {
    let mut findings = Findings(true);
    let node = Node::of(config);
    findings.add("node", looked_at(&node).await);
    findings.add("ethereum", ethereum(config).await);
    findings.add("contract", contract(config, &node).await);
    findings.add("key", account(config).await);
    match findings.0 {
        true => Ok(Outcome::Done),
        false => Err(Error::Asked("something is wrong, see above".to_owned())),
    }
}

async fn looked_at(node: &Node) -> Result<String, Error> {
    let (checkpoint, after) = node.beginning().await?;
    Ok(format!(
        "{} has block {} signed by {} of {} validators of set {}, and proves the set after it ({})",
        node.host(),
        checkpoint.block(),
        checkpoint.signatures.len(),
        checkpoint.roster.len(),
        checkpoint.commitment.set,
        after.leaf.next_set.id
    ))
}

async fn ethereum(config: &BridgeConfig) -> Result<String, Error> {
    let (ethereum, chain_id) = connect(&config.ethereum).await?;
    let head = ethereum.head().await?;
    let (host, base) = (ethereum.host(), head.base_fee_per_gas.unwrap_or_default());
    Ok(format!("{host} is on chain {chain_id}, block {}, base fee {base} wei", head.number))
}

async fn contract(config: &BridgeConfig, node: &Node) -> Result<String, Error> {
    let anchor = Anchor::open(&config.ethereum).await?;
    check_chain(node, &anchor).await?;
    let view = anchor.view().await?;
    let signed = node.last().await?.seen();
    if signed.set < view.current.id {
        return Err(Error::Asked(format!(
            "the contract is at set {}, and the node at set {}: the node fetches blocks, or is of another chain",
            view.current.id, signed.set
        )));
    }
    Ok(format!(
        "{} is of the node's chain, has block {} and set {}, {} sessions behind",
        anchor.address(),
        view.latest,
        view.current.id,
        signed.set - view.current.id
    ))
}

async fn account(config: &BridgeConfig) -> Result<String, Error> {
    let address = key(config).await?.address();
    let (ethereum, _) = connect(&config.ethereum).await?;
    let balance = ethereum.balance(address).await?;
    if balance.is_zero() {
        return Err(Error::Asked(format!("{address} has nothing: send it some ETH")));
    }
    Ok(format!("{address} has {} ETH", format_ether(balance)))
}
