//! What values must be like.

use std::net::SocketAddr;

use smartlink_anchor::ethereum::is_local;
use smartlink_service::config::{Check, Validate};

use super::{
    BridgeConfig, EthereumConfig, FeesConfig, FollowConfig, KeyConfig, OperationsConfig,
    PolicyConfig, TurnsConfig,
};

impl Validate for BridgeConfig {
    fn validate(&self, check: &mut Check) {
        check.require(
            self.node.starts_with("ws://") || self.node.starts_with("wss://"),
            "node",
            "set it to ws:// and the address of a node",
        );
        check.within("follow", &self.follow);
        check.within("ethereum", &self.ethereum);
        check.within("key", &self.key);
        check.within("policy", &self.policy);
        check.within("fees", &self.fees);
        check.within("turns", &self.turns);
        check.within("operations", &self.operations);
    }
}

impl Validate for FollowConfig {
    fn validate(&self, check: &mut Check) {
        check.range("connect_ms", self.connect_ms, 100..=600_000);
        check.range("silence_ms", self.silence_ms, 1_000..=600_000);
        check.range("retry_most_ms", self.retry_most_ms, 100..=600_000);
        check.range("patience_ms", self.patience_ms, 1_000..=600_000);
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
        check.require(
            self.contract.is_empty() || self.contract().is_some(),
            "contract",
            "set it to 0x and the 40 hexadecimal digits that `deploy` printed, or leave it empty",
        );
        check.range("confirmations", self.confirmations, 0..=10_000);
        check.range("answer_ms", self.answer_ms, 100..=600_000);
        check.range("poll_ms", self.poll_ms, 100..=600_000);
        check.range("retry_most_ms", self.retry_most_ms, 100..=600_000);
        check.range("events_at_once", self.events_at_once, 1..=1_000_000);
        check.range("events_back", self.events_back, 1..=100_000_000);
    }
}

impl Validate for KeyConfig {
    fn validate(&self, check: &mut Check) {
        check.require(
            self.keystore.is_empty() || self.secret.expose().is_empty(),
            "secret",
            "leave it empty where key.keystore is set: one of them is the key",
        );
    }
}

impl Validate for PolicyConfig {
    fn validate(&self, check: &mut Check) {
        check.range("every_blocks", self.every_blocks, 0..=1_000_000);
        check.range("asked_pause_ms", self.asked_pause_ms, 0..=86_400_000);
    }
}

impl Validate for FeesConfig {
    fn validate(&self, check: &mut Check) {
        check.range("most_gwei", self.most_gwei, 1..=1_000_000);
        check.range("most_tip_gwei", self.most_tip_gwei, 0..=self.most_gwei);
        check.range("most_gas", self.most_gas, 50_000..=100_000_000);
        check.range("most_gwei_a_day", self.most_gwei_a_day, 1_000..=1_000_000_000_000);
        check.range("bump_after_ms", self.bump_after_ms, 1_000..=3_600_000);
        check.range("bump_percent", self.bump_percent, 13..=100);
    }
}

impl Validate for TurnsConfig {
    fn validate(&self, check: &mut Check) {
        check.range("relayers", self.relayers, 1..=100);
        check.require(
            self.place.is_none_or(|place| place < self.relayers),
            "place",
            format!("set it to something from 0 to {}", self.relayers.saturating_sub(1)),
        );
        check.range("step_ms", self.step_ms, 0..=600_000);
    }
}

impl Validate for OperationsConfig {
    fn validate(&self, check: &mut Check) {
        check.require(
            self.listen.is_empty() || self.listen.parse::<SocketAddr>().is_ok(),
            "listen",
            "set it to an address and a port, such as 127.0.0.1:9640, or leave it empty",
        );
        check.range("ready_seconds", self.ready_seconds, 1..=86_400);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use smartlink_service::Sources;

    fn refused(set: &[&str]) -> String {
        let sources = Sources::new().set(set.iter().map(|one| (*one).to_owned()));
        sources.load::<BridgeConfig>().unwrap_err().to_string()
    }

    #[test]
    fn the_defaults_hold() {
        let loaded = Sources::new().load::<BridgeConfig>().unwrap();
        assert_eq!(loaded.value().ethereum.url(), "http://127.0.0.1:8545");
        assert_eq!(loaded.value().ethereum.contract(), None);
        assert_eq!(**loaded.value(), BridgeConfig::default());
    }

    #[test]
    fn what_cannot_be_is_said_with_the_remedy() {
        assert!(refused(&["ethereum.contract=0x12"]).contains("40 hexadecimal digits"));
        assert!(refused(&["ethereum.url=ws://here"]).contains("http://"));
        assert!(refused(&["ethereum.url=https://eth.example"]).contains("chain_id"));
        assert!(refused(&["fees.most_gas=1"]).contains("from 50000"));
        assert!(refused(&["turns.relayers=2", "turns.place=2"]).contains("0 to 1"));
        assert!(refused(&["fees.bump_percent=12"]).contains("13 to 100"));
        assert!(refused(&["key.keystore=a", "key.secret=b"]).contains("one of them is the key"));
        assert!(!refused(&["key.keystore=a", "key.secret=sesame"]).contains("sesame"));
    }
}
