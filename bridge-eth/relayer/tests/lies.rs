//! A node that lies: the relayer refuses each lie, says which it is, spends nothing, and goes on when the truth is told.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod support;

use serde_json::Value;
use smartlink_bridge::ethereum::Key;
use smartlink_chain::subxt::ext::frame_decode::storage::encode_storage_key_prefix;
use support::{
    anvil::Anvil,
    bridge::Process,
    config, deployed, held,
    proxy::{truth, Liar, Lie},
    work::start,
    PATIENCE,
};

/// A lie, and what the relayer says of it.
type Case = (&'static str, Lie, &'static str);

/// Lies about a checkpoint, and about a hand-over.
const LIES: [Case; 4] = [
    ("another root of the MMR", another_root, "leads to the MMR root"),
    ("another validator", another_validator, "another chain, or it lies"),
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
    let mut relayer = Process::start(&config);
    held(&anchor, "the first checkpoint", |view| view.latest > 0).await;

    for (name, lie, told) in LIES {
        // A lie about what is due: the next hand-over.
        liar.tells(lie);
        let (view, nonce) = (anchor.view().await.unwrap(), anvil.nonce(key).await);
        relayer.says(told, PATIENCE).await;
        assert!(relayer.figure("refused_total").await >= 1.0, "{name}");
        assert_eq!(anvil.nonce(key).await, nonce, "{name}: something was sent");
        assert_eq!(anchor.view().await.unwrap().latest, view.latest, "{name}");
        liar.tells(truth);
        held(&anchor, "the truth is taken", |now| now.current.id > view.current.id).await;
        // With a log of its own for the next lie.
        drop(relayer);
        relayer = Process::start(&config);
    }
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
