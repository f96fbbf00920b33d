//! Four validators, three of their sets, and a relayer that is killed, away for two sessions, and comes back. At the end a ride
//! is proven on Ethereum, by the line that is printed.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod support;

use std::process::Command;

use alloy_primitives::Address;
use serde_json::json;
use smartlink_bridge::{anchor::Anchor, chain::Node, ethereum::Key, BridgeConfig};
use smartlink_primitives::Money;
use smartlink_proofs::{verify, Bundle, Trust};
use support::{
    anvil::Anvil,
    bridge::{output, said, words, Process},
    config, held,
    indexer::indexer,
    tool::tool,
    until,
    work::{start, Platform},
    PATIENCE,
};

/// What a test goes through, step by step.
struct Story {
    anvil: Anvil,
    config: BridgeConfig,
    anchor: Anchor,
    key: Address,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_is_witnessed_through_three_sets_whatever_becomes_of_the_relayer() {
    let mut consortium = start(4).await;
    let anvil = Anvil::start().await;
    let mut config = config(&consortium.node(0).url(), &anvil, 0);
    deploy_by_hand(&mut config).await;
    let anchor = Anchor::open(&config.ethereum).await.unwrap();
    let key = Key::open(&config.key).unwrap().address();
    let story = Story { anvil, config, anchor, key };

    let relayer = Process::start(&story.config);
    let first = held(&story.anchor, "the first checkpoint", |view| view.latest > 0).await;
    story.both_sides_are_shown().await;
    let platform = Platform::ready(consortium.chain(0).unwrap(), 1, Money::yuan(100_000)).await;
    let settled = platform.settle(platform.batch(1, 11)).await.unwrap().number;
    consortium.wait_finalized(settled, PATIENCE).await.unwrap();
    story.a_ride_is_proven(&relayer, &platform).await;
    story.the_indexer_proves_it_as_well(&platform).await;

    let begun = first.current.id;
    held(&story.anchor, "the first hand-over", |view| view.current.id > begun).await;
    let relayer = story.it_is_killed_while_a_transaction_waits(relayer).await;
    story.it_is_away_for_two_sessions(relayer).await;
    story.every_set_took_over_once().await;
    consortium.stop().await;
}

/// By the command, as soon as the chain has signed something.
async fn deploy_by_hand(config: &mut BridgeConfig) {
    let address = until("the contract is made", PATIENCE, || async {
        let made = output(config, &["deploy"]);
        let said = words(&made.stdout);
        if !made.status.success() {
            let why = words(&made.stderr);
            assert!(why.contains("no signatures of BEEFY"), "{why}");
            return None;
        }
        assert!(said.contains("current set") && said.contains("of 4 validators"), "{said}");
        let line = said.lines().find_map(|line| line.strip_prefix("contract"))?;
        Some(line.trim().to_owned())
    });
    config.ethereum.contract = address.await;
    // What is there is not made twice by mistake.
    let again = output(config, &["deploy"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(words(&again.stderr).contains("--another"), "{}", words(&again.stderr));
}

impl Story {
    async fn both_sides_are_shown(&self) {
        let (shown, _) = said(&self.config, &["status"]);
        println!("{shown}");
        for part in ["SmartLinkDrive", "chain 31,337", "lag", "due", "balance", "ETH"] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        let (found, _) = said(&self.config, &["doctor"]);
        assert!(!found.contains("WRONG") && found.matches("well:").count() == 4, "{found}");
    }

    /// The relayer is asked for a checkpoint, and the line that is printed is typed.
    async fn a_ride_is_proven(&self, relayer: &Process, platform: &Platform) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("proof.json").display().to_string();
        let company = platform.company().0.to_string();
        let url = relayer.url();
        let job: [&str; 10] = [
            "prove",
            "1003",
            "--company",
            &company,
            "--wait",
            "120",
            "--relayer",
            &url,
            "--out",
            &file,
        ];
        let (_, told) = said(&self.config, &job);
        assert!(told.contains("order 1003"), "{told}");
        println!("{told}");

        let bundle = Bundle::parse(&std::fs::read(&file).unwrap()).unwrap();
        let ethereum = bundle.ethereum.clone().unwrap();
        assert_eq!(ethereum.chain_id, 31_337);
        assert_eq!(ethereum.contract.0, self.anchor.address().into_array());
        let known = self.anchor.view().await.unwrap().current.root;
        verify(&bundle, Some(&Trust::from(known))).unwrap();

        let line = told.lines().find(|line| line.trim().starts_with("cast call")).unwrap();
        let cast = tool("cast");
        let path =
            format!("{}:{}", cast.parent().unwrap().display(), std::env::var("PATH").unwrap());
        let mut shell = Command::new("sh");
        shell.args(["-c", line]).env("PATH", &path).env("ETH_RPC_URL", self.anvil.url());
        let typed = shell.output().unwrap();
        let (out, errors) = (words(&typed.stdout), words(&typed.stderr));
        assert!(typed.status.success() && out.contains("1003"), "{out}{errors}");
        // What was not is not proven.
        let forged = line.replacen("'0x00", "'0x01", 1);
        assert_ne!(forged, line);
        let mut shell = Command::new("sh");
        shell.args(["-c", &forged]).env("PATH", &path).env("ETH_RPC_URL", self.anvil.url());
        assert!(!shell.output().unwrap().status.success());
    }

    /// By a root that is on Ethereum, and with where that is; the contract takes it.
    async fn the_indexer_proves_it_as_well(&self, platform: &Platform) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("proof.json").display().to_string();
        let company = platform.company().0.to_string();
        let mut prove = Command::new(indexer());
        prove.args(["prove", "receipt", "--batch", "1", "--order", "1003", "--on-ethereum"]);
        prove.args(["--company", &company, "--out", &file]);
        prove.args(["--set", &format!("node=\"{}\"", self.config.node)]);
        prove.env("SMARTLINK_ETHEREUM__URL", self.anvil.url());
        prove.env("SMARTLINK_ETHEREUM__CONTRACT", self.anchor.address().to_string());
        let made = prove.output().unwrap();
        assert!(made.status.success(), "{}", words(&made.stderr));

        let bundle = Bundle::parse(&std::fs::read(&file).unwrap()).unwrap();
        let place = bundle.ethereum.clone().unwrap();
        let (transaction, block) = (place.transaction.to_string(), format!("{:#x}", place.block));
        let receipt = self.anvil.ask("eth_getTransactionReceipt", json!([transaction])).await;
        assert_eq!(receipt["blockNumber"], json!(block));
        assert_eq!(receipt["to"], json!(place.contract.to_string()));
        let known = self.anchor.view().await.unwrap().current.root;
        let mut check = Command::new(indexer());
        let checked = check.args(["verify", &file, "--trust", &known.to_string()]).output();
        let told = words(&checked.unwrap().stdout);
        assert!(told.contains("That is the set you trust. Proven:"), "{told}");
        let (told, _) = said(&self.config, &["check", &file]);
        assert!(told.contains("has checked the proof") && told.contains("order 1003"), "{told}");
    }

    /// kill -9 between sending and the block: the next process goes on with that transaction, and sends no second one.
    async fn it_is_killed_while_a_transaction_waits(&self, relayer: Process) -> Process {
        self.anvil.stop_mining().await;
        let before = self.anvil.nonce(self.key).await;
        until("a transaction waits", PATIENCE, || async {
            (self.anvil.waiting(self.key).await == 1).then_some(())
        })
        .await;
        relayer.kill();
        let relayer = Process::start(&self.config);
        relayer.says("going on with a transaction that waits", PATIENCE).await;
        self.anvil.mine_each_second().await;
        until("it is in a block", PATIENCE, || async {
            (self.anvil.nonce(self.key).await == before + 1).then_some(())
        })
        .await;
        relayer.says("the contract has it", PATIENCE).await;
        assert_eq!(relayer.figure("sent_total").await, 0.0);
        relayer
    }

    async fn it_is_away_for_two_sessions(&self, relayer: Process) {
        relayer.kill();
        let left = self.anchor.view().await.unwrap();
        let node = Node::of(&self.config);
        let signed = until("three sessions pass", PATIENCE, || async {
            let signed = node.last().await.ok()?.seen();
            (signed.set >= left.current.id + 3).then_some(signed)
        })
        .await;
        assert_eq!(self.anchor.view().await.unwrap().latest, left.latest);
        let _relayer = Process::start(&self.config);
        held(&self.anchor, "it catches up", |view| view.current.id >= signed.set).await;
    }

    async fn every_set_took_over_once(&self) {
        let contract = self.anchor.address();
        let sets = self.anvil.handovers(contract).await;
        let expected: Vec<u64> = (sets[0]..).take(sets.len()).collect();
        assert_eq!(sets, expected);
        assert!(sets.len() >= 4, "{sets:?}");
        let checkpoints = self.anvil.checkpoints(contract).await;
        assert!(checkpoints.is_sorted_by(|one, next| one.0 < next.0), "{checkpoints:?}");
        // One transaction each, and one that made the contract: none was wasted.
        let sent = self.anvil.nonce(self.key).await;
        assert!(sent > checkpoints.len() as u64, "{sent} for {checkpoints:?}");
        assert!(sent <= 2 + checkpoints.len() as u64, "{sent} for {checkpoints:?}");
    }
}
