//! Both sides beside each other: how far the chain is, what the contract holds, what is due, and what it costs.

mod table;

use std::fmt;

use alloy_primitives::{
    utils::{format_ether, format_units},
    Address, U256,
};

use self::table::{grouped, Table};
use crate::{
    anchor::{submission, Anchor, View},
    chain::Node,
    config::BridgeConfig,
    ethereum::{Bounds, Fees, Key},
    plan::{self, Policy, Signed, Step},
    relay::check_chain,
    Error,
};

/// The chain's side.
#[derive(Clone, Debug)]
pub struct ChainSide {
    /// The node's address, without what may be secret in it.
    pub host: String,
    /// The last block.
    pub best: u64,
    /// The last final block.
    pub finalized: u32,
    /// What was signed last.
    pub signed: Signed,
}

/// Ethereum's side.
#[derive(Clone, Debug)]
pub struct EthereumSide {
    /// The node's address.
    pub host: String,
    /// The id of its chain.
    pub chain_id: u64,
    /// The contract.
    pub contract: Address,
    /// What it holds.
    pub view: View,
    /// Wei that a unit of gas costs now, without a tip, and the tip.
    pub gas_price: (u128, u128),
}

/// The account that pays.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its address.
    pub address: Address,
    /// What it has, in wei.
    pub balance: U256,
    /// Transactions of it that wait.
    pub waiting: u64,
}

/// Both sides.
#[derive(Clone, Debug)]
pub struct Status {
    /// The chain's.
    pub chain: ChainSide,
    /// Ethereum's.
    pub ethereum: EthereumSide,
    /// What is due.
    pub due: Step,
    /// Gas that what is due takes, or what could be brought now. `None`: nothing could.
    pub gas: Option<u64>,
    /// What the relayer offers for a unit of gas now. `None`: not even the base may be paid.
    pub fees: Option<Fees>,
    /// Who pays. `None`: no key is configured.
    pub account: Option<Account>,
    /// Seconds from one block of the chain to the next, about.
    pub slot_seconds: u32,
}

/// Seconds from one block of the chain to the next.
const SLOT: u32 = 2;

impl Status {
    /// How both are now.
    ///
    /// # Errors
    /// One of them does not answer, or they do not belong together.
    pub async fn of(config: &BridgeConfig, node: &Node, key: Option<&Key>) -> Result<Self, Error> {
        let anchor = Anchor::open(&config.ethereum).await?;
        check_chain(node, &anchor).await?;
        let (view, last) = (anchor.view().await?, node.last().await?);
        let chain = node.chain().await?;
        let signed = last.seen();
        let policy = Policy { every_blocks: config.policy.every_blocks, wanted: None };
        let due = plan::next(&view, signed, policy);
        // Where nothing is due, what would be if somebody asked.
        let wanted = Policy { wanted: Some(view.latest), ..policy };
        let possible = plan::next(&view, signed, wanted);
        let gas = match node.fetch(possible, last, &view).await? {
            Some(checkpoint) => {
                let from = key.map_or(Address::ZERO, Key::address);
                Some(anchor.estimate(from, submission(&checkpoint)).await?)
            }
            None => None,
        };
        let (base, tip) = gas_price(&anchor).await?;
        let account = match key {
            Some(key) => Some(Account::of(&anchor, key.address()).await?),
            None => None,
        };
        Ok(Self {
            chain: ChainSide {
                host: node.host(),
                best: chain.best_number().await?,
                finalized: chain.finalized_head().await?.0,
                signed,
            },
            ethereum: EthereumSide {
                host: anchor.ethereum().host(),
                chain_id: anchor.chain_id(),
                contract: anchor.address(),
                view,
                gas_price: (base, tip),
            },
            due,
            gas,
            fees: Fees::for_base(base, tip, &Bounds::from(&config.fees)),
            account,
            slot_seconds: SLOT,
        })
    }

    /// Signed blocks that the contract does not have.
    pub const fn lag_blocks(&self) -> u32 {
        self.chain.signed.block.saturating_sub(self.ethereum.view.latest)
    }

    /// What the transaction that is due, or could be, costs now, in wei.
    fn cost(&self) -> Option<U256> {
        let (base, tip) = self.ethereum.gas_price;
        let gas = self.gas?;
        Some(U256::from(gas) * U256::from(base.saturating_add(tip)))
    }
}

impl Account {
    async fn of(anchor: &Anchor, address: Address) -> Result<Self, Error> {
        use crate::ethereum::At;
        let ethereum = anchor.ethereum();
        let sent = ethereum.nonce(address, At::Latest).await?;
        let waiting = ethereum.nonce(address, At::Pending).await?.saturating_sub(sent);
        Ok(Self { address, balance: ethereum.balance(address).await?, waiting })
    }
}

async fn gas_price(anchor: &Anchor) -> Result<(u128, u128), Error> {
    let head = anchor.ethereum().head().await?;
    Ok((head.base_fee_per_gas.unwrap_or_default(), anchor.ethereum().tip().await?))
}

fn gwei(wei: u128) -> String {
    // A gwei has nine places, which this knows.
    format_units(wei, "gwei").unwrap_or_else(|_| wei.to_string())
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { chain, ethereum, due, .. } = self;
        let view = &ethereum.view;
        let mut sides = Table::new(["", "SmartLinkDrive", "Ethereum"]);
        let chain_id = grouped(ethereum.chain_id);
        sides.row(["node", &chain.host, &format!("{}, chain {chain_id}", ethereum.host)]);
        sides.row([
            "block",
            &format!("{}, final {}", grouped(chain.best), grouped(chain.finalized.into())),
            &grouped(view.at),
        ]);
        sides.row([
            "signed and held",
            &format!("{} by set {}", grouped(chain.signed.block.into()), chain.signed.set),
            &format!("{} by set {}", grouped(view.latest.into()), view.current.id),
        ]);
        writeln!(f, "{sides}")?;

        let mut facts = Table::new(["", "", ""]);
        let set = |set: &crate::anchor::Set| {
            format!("{} of {} validators, {}", set.id, set.length, set.root)
        };
        facts.row(["contract", &ethereum.contract.to_string(), ""]);
        facts.row(["current set", &set(&view.current), ""]);
        facts.row(["next set", &set(&view.next), ""]);
        let behind = u64::from(self.lag_blocks()) * u64::from(self.slot_seconds);
        let lag = format!("{} blocks, {} s", grouped(self.lag_blocks().into()), grouped(behind));
        facts.row(["lag", &lag, ""]);
        facts.row(["due", &due.to_string(), ""]);
        let (base, tip) = ethereum.gas_price;
        facts.row(["gas", &format!("{} gwei, and {} as a tip", gwei(base), gwei(tip)), ""]);
        let cost = match (self.gas, self.cost()) {
            (Some(gas), Some(cost)) => {
                format!("{} gas, {} ETH now", grouped(gas), format_ether(cost))
            }
            _ => "nothing can be brought now".to_owned(),
        };
        facts.row(["a checkpoint", &cost, ""]);
        let offer = match self.fees {
            Some(fees) => {
                format!("{} gwei at most, {} of it as a tip", gwei(fees.most), gwei(fees.tip))
            }
            None => "nothing: gas costs more than fees.most_gwei".to_owned(),
        };
        facts.row(["offer", &offer, ""]);
        match &self.account {
            None => facts.row(["key", "none is configured: nothing can be sent", ""]),
            Some(Account { address, balance, waiting }) => {
                facts.row(["key", &address.to_string(), ""]);
                let lasts = self.cost().filter(|cost| !cost.is_zero()).map(|cost| *balance / cost);
                let lasts = lasts.map(|times| format!(", enough for {times} of these"));
                let has = format!("{} ETH{}", format_ether(*balance), lasts.unwrap_or_default());
                facts.row(["balance", &has, ""]);
                facts.row(["waiting", &waiting.to_string(), ""]);
            }
        }
        write!(f, "{facts}")
    }
}
