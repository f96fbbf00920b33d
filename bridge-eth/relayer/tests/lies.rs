//! A node that lies: the relayer refuses each lie, says which it is, spends nothing, and goes on when the truth is told. And an
//! Ethereum that lies or says nothing: proofs do without it.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod support;

use std::time::{Duration, Instant};

use serde_json::Value;
use smartlink_bridge::{
    anchor::{artifact, View},
    ethereum::Key,
    BridgeConfig,
};
use smartlink_chain::subxt::ext::frame_decode::storage::encode_storage_key_prefix;
use smartlink_proofs::verify;
use smartlink_proving::{EthereumConfig, ProofsConfig, ProveError, Prover};
use smartlink_service::Secret;
use support::{
    anvil::Anvil,
    bridge::Process,
    config, deployed, held,
    proxy::{truth, Liar, Lie},
    until,
    work::start,
    PATIENCE,
};

/// A lie, and what the relayer says of it.
type Case = (&'static str, Lie, &'static str);

/// Lies about a checkpoint, and about a hand-over.
const LIES: [Case; 4] = [
    ("another validator", another_validator, "another chain, or it lies"),
    ("another root of the MMR", another_root, "leads to the MMR root"),
    ("a proof of nothing", another_proof, "leads to the MMR root"),
    ("a proof that is too short", a_short_proof, "the MMR proof has"),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_lie_is_refused_and_the_truth_is_taken_afterwards() {
    let consortium = start(1).await;
    let anvil = Anvil::start().await;
    let liar = Liar::before(consortium.node(0).rpc_port()).await;
    let mut config = config(&liar.url(), &anvil, 0);
    let anchor = deployed(&mut config).await;
    let key = Key::open(&config.key).unwrap().address();
    let honest = Process::start(&config);
    let first = held(&anchor, "the first checkpoint", |view| view.latest > 0).await;
    proofs_name_what_is_on_ethereum(&consortium.node(0).url(), &anvil, &config, &first).await;

    honest.kill();
    until("nothing waits", PATIENCE, || async { (anvil.waiting(key).await == 0).then_some(()) })
        .await;

    // The next hand-over is due, and stays so until the truth is told about it.
    let mut last = None;
    for (name, lie, told) in LIES {
        liar.tells(lie);
        // With a log of its own for each lie.
        drop(last.take());
        let relayer = last.insert(Process::start(&config));
        let (view, nonce) = (anchor.view().await.unwrap(), anvil.nonce(key).await);
        relayer.says(told, PATIENCE).await;
        assert!(relayer.figure("refused_total").await >= 1.0, "{name}");
        assert_eq!(anvil.nonce(key).await, nonce, "{name}: something was sent");
        assert_eq!(anchor.view().await.unwrap().latest, view.latest, "{name}");
    }
    let refused = anchor.view().await.unwrap().current.id;
    liar.tells(truth);
    held(&anchor, "the truth is taken", |now| now.current.id > refused).await;
}

/// Lies of a node of Ethereum, and what is said of each.
const LIES_OF_ETHEREUM: [Case; 3] = [
    ("another root in the event", another_event_root, "the node of Ethereum lies"),
    ("an event of another block", another_event_block, "contradicts itself"),
    ("a contract of another chain", another_genesis, "the chain whose block 0 is"),
];

/// Who makes proofs says where they are on Ethereum if that can be checked, and makes them without it if not.
async fn proofs_name_what_is_on_ethereum(
    node: &str,
    anvil: &Anvil,
    config: &BridgeConfig,
    first: &View,
) {
    let liar = Liar::before(anvil.port()).await;
    let contract = &config.ethereum.contract;
    let prover = |url: &str| {
        let mut ethereum = EthereumConfig { contract: contract.clone(), ..Default::default() };
        ethereum.url = Secret::new(url.to_owned());
        ethereum.patience_ms = 500;
        Prover::new(node, PATIENCE, &ProofsConfig::default(), &ethereum)
    };
    let key = encode_storage_key_prefix("Beefy", "Authorities").to_vec();
    let block = Some(first.latest - 1);

    let bundle = prover(&liar.http()).on_ethereum().storage(&key, block).await.unwrap();
    let place = bundle.ethereum.clone().unwrap();
    assert!(bundle.commitment.block >= first.latest);
    assert_eq!((place.chain_id, place.contract.to_string()), (31_337, contract.to_lowercase()));
    // What no checkpoint is after is proven by what was signed.
    let later = prover(&liar.http()).on_ethereum().storage(&key, Some(first.latest + 1_000)).await;
    assert!(later.is_err());

    let is_left_out = async |name: &str, url: &str, told: &str| {
        let prover = prover(url);
        let refused = prover.on_ethereum().storage(&key, block).await.unwrap_err();
        assert!(matches!(refused, ProveError::Ethereum(_)), "{name}: {refused}");
        assert!(refused.to_string().contains(told), "{name}: {refused}");
        let bundle = prover.storage(&key, block).await.unwrap();
        assert_eq!(bundle.ethereum, None, "{name}");
        verify(&bundle, None).unwrap();
    };
    for (name, lie, told) in LIES_OF_ETHEREUM {
        liar.tells(lie);
        is_left_out(name, &liar.http(), told).await;
    }
    is_left_out("nobody listens", "http://127.0.0.1:1", "no node of Ethereum answers").await;
    // Somebody who listens, and never answers.
    let mute = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let began = Instant::now();
    let mute = format!("http://{}", mute.local_addr().unwrap());
    is_left_out("nobody answers", &mute, "may be overloaded").await;
    assert!(began.elapsed() < Duration::from_secs(20));
}

fn another_event_root(method: &str, _: &Value, result: &mut Value) {
    if method == "eth_getLogs" {
        flip_last(&mut result[0]["topics"][2]);
    }
}

fn another_event_block(method: &str, _: &Value, result: &mut Value) {
    if method == "eth_getLogs" {
        flip_last(&mut result[0]["topics"][1]);
    }
}

fn another_genesis(method: &str, params: &Value, result: &mut Value) {
    let selector: String =
        artifact().selector("GENESIS").iter().map(|byte| format!("{byte:02x}")).collect();
    if method == "eth_call" && params.to_string().contains(&selector) {
        flip_last(result);
    }
}

/// Another last digit.
fn flip_last(text: &mut Value) {
    let said = text.as_str().unwrap();
    let (rest, last) = said.split_at(said.len() - 1);
    *text = format!("{rest}{}", if last == "0" { "1" } else { "0" }).into();
}

/// In a justification, which is a list of numbers, the first byte behind `mh` and its length is another one.
fn another_root(method: &str, _: &Value, result: &mut Value) {
    if method != "chain_getBlock" {
        return;
    }
    for justification in result["justifications"].as_array_mut().into_iter().flatten() {
        let Some(bytes) = justification[1].as_array_mut() else { continue };
        let at = bytes.windows(3).position(|three| *three == [109, 104, 128]);
        if let Some(byte) = at.and_then(|at| bytes.get_mut(at + 3)) {
            *byte = (byte.as_u64().unwrap() ^ 1).into();
        }
    }
}

/// In the place of the validator: the key whose secret is 1.
fn another_validator(method: &str, params: &Value, result: &mut Value) {
    const GENERATOR: &str = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
    let key = encode_storage_key_prefix("Beefy", "Authorities");
    let key: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    if method.starts_with("state_") && params.to_string().contains(&key) {
        alter(result, &|text| {
            // One validator: a length of 4, and 33 bytes.
            (text.len() == 2 + 2 + 66).then(|| format!("0x04{GENERATOR}"))
        });
    }
}

fn another_proof(method: &str, _: &Value, result: &mut Value) {
    if method == "mmr_generateProof" {
        let proof = result["proof"].as_str().unwrap().to_owned();
        let (rest, last) = proof.split_at(proof.len() - 1);
        result["proof"] = format!("{rest}{}", if last == "0" { "1" } else { "0" }).into();
    }
}

/// The last hash is left out, and their count is one less.
fn a_short_proof(method: &str, _: &Value, result: &mut Value) {
    if method != "mmr_generateProof" {
        return;
    }
    let proof = result["proof"].as_str().unwrap().to_owned();
    // One index of 8 bytes behind its count, the count of leaves, then the count of hashes.
    let at = 2 + 2 * (1 + 8 + 8);
    let count = u8::from_str_radix(&proof[at..at + 2], 16).unwrap() / 4;
    let Some(fewer) = count.checked_sub(1).map(|fewer| fewer * 4) else { return };
    result["proof"] =
        format!("{}{fewer:02x}{}", &proof[..at], &proof[at + 2..proof.len() - 64]).into();
}

/// Replaces texts anywhere in a value.
fn alter(value: &mut Value, replace: &dyn Fn(&str) -> Option<String>) {
    match value {
        Value::String(text) => {
            if let Some(other) = replace(text) {
                *text = other;
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| alter(value, replace)),
        Value::Object(fields) => fields.values_mut().for_each(|value| alter(value, replace)),
        _ => {}
    }
}
