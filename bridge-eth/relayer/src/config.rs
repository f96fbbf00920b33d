//! What can be set. `smartlink-bridge config` prints all of it.

mod bounds;

use std::time::Duration;

use alloy_primitives::Address;
use serde::{Deserialize, Serialize};
use smartlink_anchor::Source;
use smartlink_service::Secret;

/// Where a node of Ethereum on this machine answers.
const LOCAL: &str = "http://127.0.0.1:8545";

/// Wei in a gwei.
pub const GWEI: u128 = 1_000_000_000;

/// The relayer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BridgeConfig {
    /// The WebSocket of a node that has executed every block. Only its host is logged.
    pub node: String,
    /// How the node is followed.
    pub follow: FollowConfig,
    /// Ethereum, and the contract.
    pub ethereum: EthereumConfig,
    /// The key that pays.
    pub key: KeyConfig,
    /// When a checkpoint is due.
    pub policy: PolicyConfig,
    /// What may be paid.
    pub fees: FeesConfig,
    /// Several relayers.
    pub turns: TurnsConfig,
    /// What operators look at.
    pub operations: OperationsConfig,
}

/// How the node is followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FollowConfig {
    /// Milliseconds that connecting may take.
    pub connect_ms: u64,
    /// Milliseconds without a signature of BEEFY after which the node is asked, over a new connection.
    pub silence_ms: u64,
    /// Milliseconds between two attempts, at most.
    pub retry_most_ms: u64,
    /// Milliseconds that fetching and verifying one checkpoint may take.
    pub patience_ms: u64,
}

/// Ethereum, and the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EthereumConfig {
    /// The JSON-RPC of a node, over HTTP. May hold a key of its provider, so only its host is ever printed. Empty: a node on this
    /// machine.
    pub url: Secret<String>,
    /// The id of the chain that answers there (EIP-155). 0: whichever it is, on this machine alone.
    pub chain_id: u64,
    /// The address of the contract. Empty: it is not deployed yet.
    pub contract: String,
    /// Blocks on top of one before it is believed to stay.
    pub confirmations: u64,
    /// Milliseconds that an answer may take.
    pub answer_ms: u64,
    /// Milliseconds between two looks.
    pub poll_ms: u64,
    /// Milliseconds between two attempts after a failure, at most.
    pub retry_most_ms: u64,
    /// Blocks whose events are asked for at once, when a transaction is looked for.
    pub events_at_once: u64,
    /// Blocks that are looked at for it.
    pub events_back: u64,
}

/// The key that pays. One of `keystore` and `secret`; a relayer has a key of its own, and one process has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeyConfig {
    /// A keystore file as wallets of Ethereum write it (version 3).
    pub keystore: String,
    /// Its password.
    pub password: Secret<String>,
    /// The key itself, 64 hexadecimal digits, for who keeps it in a vault.
    pub secret: Secret<String>,
}

/// When a checkpoint is due. The hand-over to the set of the next session always is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PolicyConfig {
    /// Blocks of the chain from one checkpoint to the next within a session. 0: the hand-overs are enough.
    pub every_blocks: u32,
    /// Milliseconds from one checkpoint that somebody asked for to the next.
    pub asked_pause_ms: u64,
}

/// What may be paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FeesConfig {
    /// The most that is paid for a unit of gas, in gwei, tip included. While Ethereum wants more, the relayer waits.
    pub most_gwei: u64,
    /// The most that is tipped for a unit of gas, in gwei. At it nothing that waits can be replaced.
    pub most_tip_gwei: u64,
    /// The most gas that a checkpoint may take.
    pub most_gas: u64,
    /// The most that is paid within a day, in gwei. It is kept in memory: a new process begins with nothing paid.
    pub most_gwei_a_day: u64,
    /// Milliseconds in the pool after which more is offered.
    pub bump_after_ms: u64,
    /// How much more, in percent. Nodes want 12.5 at least.
    pub bump_percent: u64,
}

/// Several relayers that share the work without knowing of each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TurnsConfig {
    /// How many they are.
    pub relayers: u32,
    /// Which one this is, from 0: the first turn goes round. Without it the moment is drawn from the key's address.
    pub place: Option<u32>,
    /// Milliseconds that one has before the next may act. More than a block of Ethereum takes.
    pub step_ms: u64,
}

/// What operators look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OperationsConfig {
    /// The address at which `run` serves health, metrics and requests for checkpoints over HTTP. Empty: it does not.
    pub listen: String,
    /// Seconds without a look at both chains that went well, after which it is not ready.
    pub ready_seconds: u64,
}

impl Default for BridgeConfig {
    fn default() -> Self {
        Self {
            node: "ws://127.0.0.1:9944".to_owned(),
            follow: FollowConfig::default(),
            ethereum: EthereumConfig::default(),
            key: KeyConfig::default(),
            policy: PolicyConfig::default(),
            fees: FeesConfig::default(),
            turns: TurnsConfig::default(),
            operations: OperationsConfig::default(),
        }
    }
}

impl Default for FollowConfig {
    fn default() -> Self {
        Self { connect_ms: 10_000, silence_ms: 30_000, retry_most_ms: 5_000, patience_ms: 60_000 }
    }
}

impl Default for EthereumConfig {
    fn default() -> Self {
        Self {
            url: Secret::default(),
            chain_id: 0,
            contract: String::new(),
            confirmations: 12,
            answer_ms: 10_000,
            poll_ms: 6_000,
            retry_most_ms: 30_000,
            events_at_once: 10_000,
            events_back: 1_000_000,
        }
    }
}

impl Default for PolicyConfig {
    fn default() -> Self {
        Self { every_blocks: 0, asked_pause_ms: 60_000 }
    }
}

impl Default for FeesConfig {
    fn default() -> Self {
        Self {
            most_gwei: 100,
            most_tip_gwei: 3,
            most_gas: 2_000_000,
            most_gwei_a_day: 1_000_000_000,
            bump_after_ms: 60_000,
            bump_percent: 13,
        }
    }
}

impl Default for TurnsConfig {
    fn default() -> Self {
        Self { relayers: 1, place: None, step_ms: 20_000 }
    }
}

impl Default for OperationsConfig {
    fn default() -> Self {
        Self { listen: "127.0.0.1:9640".to_owned(), ready_seconds: 120 }
    }
}

impl EthereumConfig {
    /// The address of the node.
    pub fn url(&self) -> &str {
        match self.url.expose().as_str() {
            "" => LOCAL,
            url => url,
        }
    }

    /// The address of the contract. `None`: it is not deployed yet.
    pub fn contract(&self) -> Option<Address> {
        self.contract.parse().ok()
    }

    /// How long an answer may take.
    pub const fn patience(&self) -> Duration {
        Duration::from_millis(self.answer_ms)
    }
}

impl From<&EthereumConfig> for Source {
    fn from(config: &EthereumConfig) -> Self {
        Self {
            url: config.url().to_owned(),
            chain_id: config.chain_id,
            contract: config.contract(),
            patience: config.patience(),
            events_at_once: config.events_at_once,
            events_back: config.events_back,
        }
    }
}
