//! Two relayers at once, and an Ethereum that forgets: each checkpoint is on it once, and comes back when it is lost.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod support;

use serde_json::json;
use smartlink_bridge::{anchor::Anchor, ethereum::Key, BridgeConfig};
use support::{
    anvil::Anvil, bridge::Process, config, deployed, held, until, work::start, PATIENCE,
};

#[tokio::test(flavor = "multi_thread")]
async fn two_relayers_bring_each_checkpoint_once_and_nothing_in_vain() {
    let consortium = start(1).await;
    let anvil = Anvil::start().await;
    let mut one = config(&consortium.node(0).url(), &anvil, 0);
    let anchor = deployed(&mut one).await;
    one.policy.every_blocks = 4;
    one.turns.relayers = 2;
    one.turns.step_ms = 3_000;
    one.turns.place = Some(0);
    let mut other = config(&consortium.node(0).url(), &anvil, 1);
    other.ethereum.contract = one.ethereum.contract.clone();
    (other.policy, other.turns) = (one.policy.clone(), one.turns.clone());
    other.turns.place = Some(1);

    let relayers = [Process::start(&one), Process::start(&other)];
    let first = held(&anchor, "the first checkpoint", |view| view.latest > 0).await;
    held(&anchor, "two hand-overs", |view| view.current.id >= first.current.id + 2).await;
    until("both have worked", PATIENCE, || async {
        let [one, other] =
            [relayers[0].figure("mined_total").await, relayers[1].figure("mined_total").await];
        (one > 0.0 && other > 0.0).then_some(())
    })
    .await;
    for relayer in &relayers {
        assert_eq!(relayer.figure("reverted_total").await, 0.0);
    }
    anvil.stop_mining().await;
    let keys = [&one, &other].map(|config| Key::open(&config.key).unwrap().address());
    let sent = anvil.nonce(keys[0]).await + anvil.nonce(keys[1]).await;
    let checkpoints = anvil.checkpoints(anchor.address()).await;
    assert!(checkpoints.is_sorted_by(|one, next| one.0 < next.0), "{checkpoints:?}");
    // And one that made the contract.
    assert_eq!(sent, 1 + checkpoints.len() as u64, "{checkpoints:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_that_ethereum_forgets_is_brought_again() {
    let consortium = start(1).await;
    let anvil = Anvil::start().await;
    let mut config = config(&consortium.node(0).url(), &anvil, 0);
    let anchor = deployed(&mut config).await;
    // So that nothing is confirmed before it is forgotten.
    config.ethereum.confirmations = 30;
    let relayer = Process::start(&config);
    let brought = held(&anchor, "a checkpoint", |view| view.latest > 0).await;
    relayer.says("the contract has it", PATIENCE).await;

    // Some blocks are replaced by empty ones: the contract stays, and the checkpoint is gone.
    anvil.stop_mining().await;
    let events = anvil.checkpoints(anchor.address()).await;
    assert_eq!(events.len(), 1, "{events:?}");
    forget_last_transaction(&anvil, &anchor, &config).await;
    assert_eq!(anchor.view().await.unwrap().latest, 0);
    anvil.mine_each_second().await;
    relayer.says("Ethereum was reorganised", PATIENCE).await;
    let again = held(&anchor, "it is brought again", |view| view.latest >= brought.latest).await;
    assert!(again.latest >= brought.latest);
    until("it is counted", PATIENCE, || async {
        (relayer.figure("reorganised_total").await >= 1.0).then_some(())
    })
    .await;
}

/// The transaction in a block leaves it while the next one waits, which cannot come before it.
#[tokio::test(flavor = "multi_thread")]
async fn what_waits_behind_a_forgotten_checkpoint_does_not_wait_for_ever() {
    let consortium = start(1).await;
    let anvil = Anvil::start().await;
    let mut config = config(&consortium.node(0).url(), &anvil, 0);
    let anchor = deployed(&mut config).await;
    let key = Key::open(&config.key).unwrap().address();
    config.ethereum.confirmations = 30;
    config.policy.every_blocks = 4;
    let relayer = Process::start(&config);
    held(&anchor, "a checkpoint", |view| view.latest > 0).await;
    relayer.says("the contract has it", PATIENCE).await;

    anvil.stop_mining().await;
    until("the next one waits", PATIENCE, || async {
        (anvil.waiting(key).await == 1).then_some(())
    })
    .await;
    let (before, sent) = (anchor.view().await.unwrap().latest, anvil.nonce(key).await);
    forget_last_transaction(&anvil, &anchor, &config).await;
    assert!(anchor.view().await.unwrap().latest < before);
    assert_eq!(anvil.nonce(key).await, sent - 1);
    relayer.says("given up: an earlier one is first", PATIENCE).await;
    anvil.mine_each_second().await;
    held(&anchor, "it goes on", |view| view.latest > before).await;
}

/// The last blocks of Ethereum are replaced by empty ones, from that with the last transaction of the relayer's key on.
async fn forget_last_transaction(anvil: &Anvil, anchor: &Anchor, config: &BridgeConfig) {
    let head = anchor.view().await.unwrap().at;
    let depth = head - block_of_last_transaction(anvil, config).await + 1;
    anvil.ask("anvil_reorg", json!([depth, []])).await;
}

/// The block of Ethereum with the last transaction of the relayer's key.
async fn block_of_last_transaction(anvil: &Anvil, config: &BridgeConfig) -> u64 {
    let key = Key::open(&config.key).unwrap().address();
    let count = anvil.nonce(key).await;
    let head = anvil.ask("eth_blockNumber", json!([])).await;
    let mut block =
        u64::from_str_radix(head.as_str().unwrap().trim_start_matches("0x"), 16).unwrap();
    loop {
        let before =
            anvil.ask("eth_getTransactionCount", json!([key, format!("{:#x}", block - 1)])).await;
        if before != json!(format!("{count:#x}")) {
            return block;
        }
        block -= 1;
    }
}
