//! What can be set about proofs.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use smartlink_anchor::{ethereum::is_local, Address, Source};
use smartlink_service::{
    config::{Check, Validate},
    Secret,
};

/// How proofs are made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProofsConfig {
    /// Proofs that are made at a time. A node makes two long answers at a time, and refuses more.
    pub at_a_time: usize,
    /// Proofs that may wait for that. More are refused.
    pub waiting: usize,
    /// Milliseconds that a proof may take, waiting included.
    pub patience_ms: u64,
}

impl Default for ProofsConfig {
    fn default() -> Self {
        Self { at_a_time: 2, waiting: 62, patience_ms: 30_000 }
    }
}

impl Validate for ProofsConfig {
    fn validate(&self, check: &mut Check) {
        check.range("at_a_time", self.at_a_time, 1..=64);
        check.range("waiting", self.waiting, 0..=10_000);
        check.range("patience_ms", self.patience_ms, 100..=600_000);
    }
}

/// Where a node of Ethereum on this machine answers.
const LOCAL: &str = "http://127.0.0.1:8545";

/// The contract on Ethereum that keeps what the chain's validators signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EthereumConfig {
    /// The JSON-RPC of a node, over HTTP. May hold a key of its provider, so only its host is ever printed. Empty: a node on this
    /// machine.
    pub url: Secret<String>,
    /// The id of the chain that answers there (EIP-155). 0: whichever it is, on this machine alone.
    pub chain_id: u64,
    /// The address of the contract. Empty: Ethereum is not asked, and no proof says where it is there.
    pub contract: String,
    /// Milliseconds that asking Ethereum may take. After that a proof is made without it.
    pub patience_ms: u64,
    /// Milliseconds between two looks at what the contract has, at least.
    pub poll_ms: u64,
    /// Blocks whose events are asked for at once.
    pub events_at_once: u64,
    /// Blocks that are looked at for the transaction that brought a checkpoint.
    pub events_back: u64,
}

impl Default for EthereumConfig {
    fn default() -> Self {
        Self {
            url: Secret::default(),
            chain_id: 0,
            contract: String::new(),
            patience_ms: 3_000,
            poll_ms: 6_000,
            events_at_once: 10_000,
            events_back: 1_000_000,
        }
    }
}

impl EthereumConfig {
    fn url(&self) -> &str {
        match self.url.expose().as_str() {
            "" => LOCAL,
            url => url,
        }
    }

    fn contract(&self) -> Option<Address> {
        self.contract.parse().ok()
    }
}

impl From<&EthereumConfig> for Source {
    fn from(config: &EthereumConfig) -> Self {
        Self {
            url: config.url().to_owned(),
            chain_id: config.chain_id,
            contract: config.contract(),
            patience: Duration::from_millis(config.patience_ms),
            events_at_once: config.events_at_once,
            events_back: config.events_back,
        }
    }
}

impl Validate for EthereumConfig {
    fn validate(&self, check: &mut Check) {
        let url = self.url();
        check.require(
            url.starts_with("http://") || url.starts_with("https://"),
            "url",
            "set it to http:// or https:// and the address of a node of Ethereum",
        );
        check.require(
            self.chain_id != 0 || is_local(url),
            "chain_id",
            "set it to the id of the chain of Ethereum that ethereum.url is to be of, such as 1: only on this machine any \
             chain is taken",
        );
        let contract = "set it to 0x and the 40 hexadecimal digits that `smartlink-bridge deploy` printed, or leave \
                        ethereum.contract and ethereum.url empty";
        let none = self.contract.is_empty() && self.url.expose().is_empty();
        check.require(none || self.contract().is_some(), "contract", contract);
        check.range("patience_ms", self.patience_ms, 100..=60_000);
        check.range("poll_ms", self.poll_ms, 100..=600_000);
        check.range("events_at_once", self.events_at_once, 1..=1_000_000);
        check.range("events_back", self.events_back, 1..=100_000_000);
    }
}

#[cfg(test)]
mod tests {
    use smartlink_service::Sources;

    use super::*;

    fn load(set: &[&str]) -> Result<Source, String> {
        let sources = Sources::new().set(set.iter().map(|one| (*one).to_owned()));
        let loaded = sources.load::<EthereumConfig>().map_err(|error| error.to_string())?;
        Ok(Source::from(&**loaded.value()))
    }

    #[test]
    fn ethereum_is_asked_where_a_contract_is_named() {
        const CONTRACT: &str = "contract=0x5FbDB2315678afecb367f032d93F642f64180aa3";
        assert_eq!(load(&[]).unwrap().contract, None);
        let local = load(&[CONTRACT]).unwrap();
        assert!(local.contract.is_some() && local.url == "http://127.0.0.1:8545");
        let remote = [CONTRACT, "url=https://eth.example/key", "chain_id=1"];
        assert_eq!(load(&remote).unwrap().chain_id, 1);
        assert!(load(&remote[..2]).unwrap_err().contains("chain_id"));
        assert!(load(&remote[1..]).unwrap_err().contains("40 hexadecimal digits"));
        assert!(load(&["contract=0x12"]).unwrap_err().contains("40 hexadecimal digits"));
        assert!(load(&[CONTRACT, "url=ws://here"]).unwrap_err().contains("http://"));
    }
}
