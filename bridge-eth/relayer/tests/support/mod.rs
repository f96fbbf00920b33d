//! A real chain, a real node of Ethereum, and relayers between them as processes.

// Each test binary uses a part of this; and in a test an unwrap is the assertion.
#![allow(dead_code, clippy::unwrap_used)]

pub mod anvil;
pub mod bridge;
pub mod indexer;
pub mod proxy;
pub mod tool;

#[path = "../../../../offchain/tests/support/mod.rs"]
pub mod work;

use std::{future::Future, time::Duration};

use smartlink_bridge::{
    anchor::{Anchor, View},
    chain::Node,
    deploy::{deploy, Beginning},
    ethereum::Key,
    BridgeConfig, Error,
};
use smartlink_service::Secret;

use anvil::Anvil;

/// How long anything may take that waits for a session.
pub const PATIENCE: Duration = Duration::from_secs(180);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(500);

/// A configuration between a node and anvil, with a key of anvil's.
pub fn config(node: &str, anvil: &Anvil, key: usize) -> BridgeConfig {
    let mut config = BridgeConfig { node: node.to_owned(), ..BridgeConfig::default() };
    config.ethereum.url = Secret::new(anvil.url());
    config.ethereum.confirmations = 2;
    config.ethereum.poll_ms = 500;
    config.ethereum.retry_most_ms = 1_000;
    config.key.secret = Secret::new(anvil::KEYS[key].to_owned());
    config.operations.listen = String::new();
    config
}

/// Makes the contract, as soon as the chain has signed something.
pub async fn deployed(config: &mut BridgeConfig) -> Anchor {
    let node = Node::of(config);
    let beginning = until("something is signed", PATIENCE, || async {
        match Beginning::of(&node).await {
            Ok(beginning) => Some(beginning),
            Err(Error::Node(error)) if error.is_passing() => None,
            Err(error) => panic!("{error}"),
        }
    });
    let beginning = beginning.await;
    let key = Key::open(&config.key).unwrap();
    let deployed = deploy(config, &key, &beginning, PATIENCE).await;
    let deployed = deployed.unwrap_or_else(|error| panic!("{error}"));
    config.ethereum.contract = deployed.address.to_string();
    Anchor::open(&config.ethereum).await.unwrap()
}

/// Waits until a question has an answer.
pub async fn until<T, F>(what: &str, patience: Duration, ask: impl Fn() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let asking = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::time::timeout(patience, asking)
        .await
        .unwrap_or_else(|_| panic!("{what}: not within {} s", patience.as_secs()))
}

/// Waits until the contract holds something.
pub async fn held(anchor: &Anchor, what: &str, is_so: impl Fn(&View) -> bool) -> View {
    until(what, PATIENCE, || async {
        let view = anchor.view().await.unwrap();
        is_so(&view).then_some(view)
    })
    .await
}
