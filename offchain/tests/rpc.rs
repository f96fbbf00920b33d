//! `docs/rpc.md`, replayed over plain JSON-RPC: every method of ours, its forms, its errors.

// In a test an unwrap is the assertion, in what its stories share as well.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{json, Value};
use smartlink_chain::{
    calls,
    subxt::rpcs::{client::RawValue, Error, RpcClient},
};
use smartlink_devnet::{Consortium, Options};
use smartlink_offchain::day;
use smartlink_primitives::{ride::Ride, BatchNumber, Money};
use support::{node, ride, start, Platform, PATIENCE};

/// The first order: above 2⁵³, where JavaScript's numbers lose digits.
const FIRST_ORDER: u64 = 9_007_199_254_740_993;
/// Rides in the only batch.
const RIDES: u64 = 7;
/// JSON-RPC's own code for wrong parameters.
const INVALID_PARAMS: i32 = -32602;

/// A node, as any program sees it.
struct Api(RpcClient);

impl Api {
    async fn of(consortium: &Consortium) -> Self {
        let url = consortium.node(0).url();
        Self(RpcClient::from_insecure_url(url).await.expect("the node answers"))
    }

    async fn call(&self, method: &str, params: Value) -> Result<Value, Error> {
        let params = RawValue::from_string(params.to_string()).expect("JSON");
        let answer = self.0.request_raw(method, Some(params)).await?;
        Ok(serde_json::from_str(answer.get()).expect("an answer is JSON"))
    }

    async fn get(&self, method: &str, params: Value) -> Value {
        let said = format!("{method} {params}");
        self.call(method, params).await.unwrap_or_else(|error| panic!("{said}: {error}"))
    }

    /// The code and the message of a refusal.
    async fn refusal(&self, method: &str, params: Value) -> (i32, String) {
        let said = format!("{method} {params}");
        match self.call(method, params).await {
            Err(Error::User(error)) => (error.code, error.message),
            other => panic!("{said}: a refusal was expected, not {other:?}"),
        }
    }
}

/// The fields of an object are exactly these.
fn assert_fields(object: &Value, fields: &[&str]) {
    let mut expected = fields.to_vec();
    expected.sort_unstable();
    let mut found: Vec<&str> =
        object.as_object().expect("an object").keys().map(String::as_str).collect();
    found.sort_unstable();
    assert_eq!(found, expected);
}

/// An amount: digits in a string.
fn units(amount: &Value) -> u128 {
    let digits = amount.as_str().unwrap_or_else(|| panic!("{amount} is no string"));
    digits.parse().unwrap_or_else(|_| panic!("{amount} is no amount"))
}

fn assert_hash(value: &Value) {
    let text = value.as_str().unwrap_or_else(|| panic!("{value} is no string"));
    let digits = text.strip_prefix("0x").unwrap_or_else(|| panic!("{value} has no 0x"));
    assert!(digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_hexdigit()), "{value}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_method_answers_as_its_documentation_says() {
    let consortium = start(1).await;
    let platform = Platform::ready(consortium.chain(0).unwrap(), 2, Money::yuan(10_000)).await;
    let seat = platform.roster.in_turn(0).seat;
    let rides: Vec<Ride> =
        (0..RIDES).map(|row| Ride { order: FIRST_ORDER + row, ..ride(row, seat) }).collect();
    let batch = day::batch(platform.company(), BatchNumber(1), platform.city, &rides).unwrap();
    let call = calls::settle(batch);
    let settled = platform.chain.execute(&platform.staff.worker, &call, PATIENCE).await.unwrap();

    let api = Api::of(&consortium).await;
    let block = json!(settled.block);
    totals(&api, &block).await;
    batch_record(&api, settled.number).await;
    driver_ledger(&api, &platform).await;
    receipt_proof(&api).await;
    checkpoint_root(&api, &block).await;
    whole_state(&api, &block).await;
    errors(&api).await;
    consortium.stop().await;
}

async fn totals(api: &Api, block: &Value) {
    let totals = api.get("smartlink_totals", json!([1])).await;
    let fields = ["batches", "rides", "gross", "drivers", "platform", "third_parties"];
    assert_fields(&totals, &fields);
    assert_eq!((&totals["batches"], &totals["rides"]), (&json!(1), &json!(RIDES)));
    let parts = ["drivers", "platform", "third_parties"].map(|part| units(&totals[part]));
    assert_eq!(units(&totals["gross"]), parts.iter().sum::<u128>());
    assert_eq!(totals, api.get("smartlink_totals", json!([1, block])).await);
    assert_eq!(totals, api.get("smartlink_totals", json!({"company": 1, "at": block})).await);
    let nobody = api.get("smartlink_totals", json!({"company": 3})).await;
    assert_eq!((&nobody["batches"], units(&nobody["gross"])), (&json!(0), 0));
}

async fn batch_record(api: &Api, block: u64) {
    let batch = api.get("smartlink_batch", json!([1, 1])).await;
    let numbers = ["company", "number", "city", "block", "rides"];
    let hashes = ["receipts_root", "evidence_root"];
    let amounts = ["gross", "drivers", "platform", "third_parties"];
    assert_fields(&batch, &[&numbers[..], &hashes, &amounts].concat());
    let found = numbers.map(|name| batch[name].as_u64());
    assert_eq!(found, [1, 1, 440_300, block, RIDES].map(Some));
    hashes.iter().for_each(|name| assert_hash(&batch[*name]));
    assert!(amounts.iter().map(|name| units(&batch[*name])).sum::<u128>() > 0);
    assert_eq!(batch, api.get("smartlink_batch", json!([1, "1"])).await);
    assert_eq!(batch, api.get("smartlink_batch", json!({"company": 1, "number": "1"})).await);
    assert_eq!(api.get("smartlink_batch", json!([1, 2])).await, Value::Null);
}

async fn driver_ledger(api: &Api, platform: &Platform) {
    let driver = platform.roster.in_turn(0);
    let ledger = api.get("smartlink_driverLedger", json!([1, driver.driver.0])).await;
    assert_fields(&ledger, &["driver", "seat", "account", "active", "balance"]);
    assert_eq!(ledger["driver"], json!(driver.driver.0));
    assert_eq!(ledger["seat"], json!(driver.seat.0));
    assert_eq!(ledger["account"], json!(driver.account.to_string()));
    assert_eq!(ledger["active"], json!(true));
    let drivers = api.get("smartlink_totals", json!([1])).await["drivers"].clone();
    assert_eq!(ledger["balance"], drivers, "she drove all rides");
    let idle = platform.roster.in_turn(1).driver.0;
    let params = json!({"company": 1, "driver": idle});
    assert_eq!(units(&api.get("smartlink_driverLedger", params).await["balance"]), 0);
    assert_eq!(api.get("smartlink_driverLedger", json!([1, 4_000_000])).await, Value::Null);
}

async fn receipt_proof(api: &Api) {
    let (method, row) = ("smartlink_receiptProof", 4);
    let order = FIRST_ORDER + row;
    let proof = api.get(method, json!([1, 1, order])).await;
    let fields = ["receipt", "row", "receipt_partners", "batch", "item", "items", "item_partners"];
    assert_fields(&proof, &fields);
    let receipt = &proof["receipt"];
    assert_eq!(receipt["order"], json!(order.to_string()), "no digit is lost in a string");
    assert_eq!((&receipt["company"], &receipt["batch"]), (&json!(1), &json!(1)));
    assert_eq!((&receipt["tariff"], &receipt["kind"]), (&json!(1), &json!("trip")));
    assert_eq!((&receipt["distance_m"], &receipt["duration_s"]), (&json!(3_000), &json!(600)));
    for field in ["pickup", "waiting_s", "surge_permille", "fare", "tolls", "driver_share"] {
        assert!(receipt[field].is_u64(), "{field}: {receipt}");
    }
    assert_eq!(receipt["account"].as_array().map(Vec::len), Some(32));
    assert_eq!(proof["row"], json!(row));
    let partners = proof["receipt_partners"].as_array().expect("a list");
    assert!(!partners.is_empty());
    partners.iter().for_each(assert_hash);
    assert_eq!((&proof["item"], &proof["items"]), (&json!(0), &json!(1)));
    assert_eq!(proof["item_partners"], json!([]));
    assert_eq!(proof["batch"], api.get("smartlink_batch", json!([1, 1])).await);
    let text = json!({"company": 1, "number": "1", "order": order.to_string()});
    assert_eq!(proof, api.get(method, text).await);
}

async fn checkpoint_root(api: &Api, block: &Value) {
    let root = api.get("smartlink_checkpointRoot", json!([block])).await;
    assert_hash(&root);
    assert_eq!(root, api.get("smartlink_checkpointRoot", json!({"at": block})).await);
    assert_hash(&api.get("smartlink_checkpointRoot", json!([])).await);
}

async fn whole_state(api: &Api, block: &Value) {
    let supply = api.get("smartlink_supply", json!([block])).await;
    let amounts = ["issuance", "free", "held", "ledger_account", "ledgers"];
    assert_fields(&supply, &[&amounts[..], &["accounts"]].concat());
    assert_eq!(units(&supply["issuance"]), units(&supply["free"]) + units(&supply["held"]));
    assert_eq!(units(&supply["ledgers"]), units(&supply["ledger_account"]));
    assert!(supply["accounts"].as_u64().is_some_and(|accounts| accounts > 8), "{supply}");

    let audit = api.get("smartlink_checkInvariants", json!({"at": block})).await;
    assert_eq!(audit, json!({"block": block, "holds": true, "violation": null}));
}

async fn errors(api: &Api) {
    let unknown = json!([1, format!("0x{}", "07".repeat(32))]);
    let (code, said) = api.refusal("smartlink_totals", unknown).await;
    assert_eq!(code, 20_001, "{said}");
    let (code, said) = api.refusal("smartlink_receiptProof", json!([1, 2, FIRST_ORDER])).await;
    assert_eq!(code, 20_005, "{said}");
    assert!(said.contains("smartlink_totals"), "{said}");
    let stranger = json!([1, 1, (FIRST_ORDER + RIDES).to_string()]);
    let (code, said) = api.refusal("smartlink_receiptProof", stranger).await;
    assert_eq!(code, 20_007, "{said}");
    for wrong in [json!([1, -1]), json!([1, "one"]), json!([1]), json!({"company": 1})] {
        let (code, said) = api.refusal("smartlink_batch", wrong).await;
        assert_eq!(code, INVALID_PARAMS, "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_for_everybody_refuses_what_reads_the_whole_state() {
    // On the other database, so that it is tried as well.
    let extra = ["--rpc-methods", "safe", "--database", "paritydb"];
    let options = Options::new(node()).validators(1).extra_args(extra);
    let mut consortium = Consortium::start(options).await.unwrap_or_else(|e| panic!("{e}"));
    consortium.wait_finalized(1, PATIENCE).await.unwrap();
    let api = Api::of(&consortium).await;
    for method in ["smartlink_supply", "smartlink_checkInvariants"] {
        let (code, said) = api.refusal(method, json!([])).await;
        assert_eq!(code, 20_009, "{said}");
        assert!(said.contains(method) && said.contains("--rpc-methods unsafe"), "{said}");
    }
    assert_eq!(api.get("smartlink_totals", json!([1])).await["batches"], json!(0));
    assert_hash(&api.get("smartlink_checkpointRoot", json!([])).await);
    consortium.stop().await;
}
