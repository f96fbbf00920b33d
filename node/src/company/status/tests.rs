//! Asked over HTTP of the state that the preset `local` begins with.

use super::*;
use codec::Encode;
use jsonrpsee::{
    server::{Server, ServerHandle},
    types::ErrorObjectOwned,
    RpcModule,
};
use serde_json::{json, Value};
use smartlink_runtime::{genesis, Allowance, Hash, Runtime, RuntimeGenesisConfig, VERSION};
use sp_core::{storage::Storage, Bytes};
use sp_runtime::BuildStorage;
use std::{collections::BTreeMap, fs};

type Values = BTreeMap<Vec<u8>, Vec<u8>>;

/// Alice//stash, the validator of the first company.
const FIRST: &str = "5GNJqTPyNqANBkUVMN1LPPrxXnFouWXoe2wNSmmEoLctxiZY";

/// Puts what a preset says over the defaults.
fn merge(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (key, value) in over {
                merge(under.entry(key).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over,
    }
}

fn first_state() -> Storage {
    let preset = genesis::preset(&genesis::LOCAL.into()).unwrap();
    let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).unwrap();
    merge(&mut config, serde_json::from_slice(&preset).unwrap());
    serde_json::from_value::<RuntimeGenesisConfig>(config).unwrap().build_storage().unwrap()
}

/// A node whose chain stands at this state, and is 7 blocks ahead of it.
async fn node(state: Storage) -> (Node, ServerHandle) {
    let allowance = sp_io::TestExternalities::from(state.clone())
        .execute_with(|| Allowance::left(CompanyId(1)));
    type Answer = Result<Value, ErrorObjectOwned>;
    let at = Hash::repeat_byte(1);
    let header = |number: u32| {
        json!({
            "parentHash": at, "number": format!("{number:#x}"), "stateRoot": at,
            "extrinsicsRoot": at, "digest": { "logs": [] },
        })
    };
    let (best, last) = (header(7), header(0));
    let values: Values = state.top;
    let mut module = RpcModule::new(values);
    let answers = [
        ("system_chain", json!("Bay")),
        ("system_health", json!({ "peers": 3, "isSyncing": false, "shouldHavePeers": true })),
        ("chain_getFinalizedHead", json!(at)),
        (
            "state_getRuntimeVersion",
            json!({ "specName": VERSION.spec_name, "specVersion": VERSION.spec_version, "more": 1 }),
        ),
    ];
    for (method, answer) in answers {
        module.register_method(method, move |_, _, _| Answer::Ok(answer.clone())).unwrap();
    }
    module
        .register_method("chain_getHeader", move |params, _, _| {
            let of = params.one::<Option<Hash>>()?;
            Answer::Ok(if of.is_some() { last.clone() } else { best.clone() })
        })
        .unwrap();
    module
        .register_method("state_queryStorageAt", move |params, values, _| {
            let (keys, block) = params.parse::<(Vec<Bytes>, Hash)>()?;
            let value = |key: &Bytes| values.get(&key.0).cloned().map(Bytes);
            let changes: Vec<_> = keys.iter().map(|key| json!([key, value(key)])).collect();
            Answer::Ok(json!([{ "block": block, "changes": changes }]))
        })
        .unwrap();
    module
        .register_method("state_call", move |params, _, _| {
            let (function, arguments, _) = params.parse::<(String, Bytes, Hash)>()?;
            assert_eq!((function.as_str(), arguments.0), ("AllowanceApi_allowance", 1u32.encode()));
            Answer::Ok(json!(Bytes(allowance.encode())))
        })
        .unwrap();
    let server = Server::builder().build("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", server.local_addr().unwrap());
    (Node::at(&url).unwrap(), server.start(module))
}

fn of_company(company: u32) -> Question {
    Question { company: Some(CompanyId(company)), account: None }
}

fn of_account(text: &str) -> Question {
    Question { company: None, account: Some(account::parse(text).unwrap()) }
}

#[tokio::test]
async fn a_founder_with_a_validator_in_the_present_session_stands_well() {
    let (node, _running) = node(first_state()).await;
    let facts = facts::read(&node, &of_company(1), &Machine::default()).await.unwrap();
    assert_eq!((facts.chain.final_block, facts.chain.best_block), (0, 7));
    assert!(facts.chain.permissioned && facts.chain.validators == 4);
    let member = facts.company.as_ref().unwrap();
    assert_eq!((member.name.as_str(), member.kind.as_str()), ("Shenxing Mobility", "platform"));
    assert_eq!((member.standing.as_str(), member.until), ("active", None));
    assert!(member.seat.is_some() && member.allowance_left == member.allowance_most);
    assert_eq!(member.allowance_most.to_string(), "¥10.00");
    let [state] = facts.validators.as_slice() else { panic!("{facts:?}") };
    assert_eq!((state.account.as_str(), state.company), (FIRST, Some(1)));
    assert!(state.present && !state.disabled && state.offence.is_none() && state.from.is_none());
    assert_eq!((state.keys.len(), state.keys_from), (4, Some(0)));
    assert!(state.keys.iter().all(|key| key.held.is_none()));
    let [machine] = facts.nodes.as_slice() else { panic!("{facts:?}") };
    assert_eq!(machine.peer_id, "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp");
    assert_eq!((machine.kind.as_str(), machine.label.as_str()), ("validator", "Shenxing Mobility"));
    let report = Report::of(facts);
    assert!(report.attention.is_empty() && report.notes.is_empty(), "{}", report.text());
}

#[tokio::test]
async fn an_account_leads_to_its_company_and_a_strangers_to_none() {
    let (node, _running) = node(first_state()).await;
    let machine = Machine::default();
    let known = facts::read(&node, &of_account(FIRST), &machine).await.unwrap();
    assert_eq!((known.company.unwrap().id, known.validators.len()), (1, 1));
    let alice = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
    let stranger = facts::read(&node, &of_account(alice), &machine).await.unwrap();
    assert!(stranger.company.is_none());
    let report = Report::of(stranger);
    assert_eq!(report.attention.len(), 2, "no validator, and no keys: {}", report.text());
    let nobody = facts::read(&node, &Question::default(), &machine).await.unwrap();
    assert!(nobody.company.is_none() && nobody.validators.is_empty());
}

#[tokio::test]
async fn a_keystore_without_the_keys_and_a_machine_that_is_not_registered_are_seen() {
    let (node, _running) = node(first_state()).await;
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("keystore")).unwrap();
    let machine = Machine {
        keystore: Some(Keystore::look(None, folder.path()).unwrap()),
        identity: Some(node_key::ensure(folder.path()).unwrap().0),
    };
    let report = Report::of(facts::read(&node, &of_company(1), &machine).await.unwrap());
    let [unregistered, keys] = report.attention.as_slice() else { panic!("{report:?}") };
    assert!(unregistered.contains("is not registered"), "{unregistered}");
    assert!(keys.contains("babe, grandpa, beefy, authority discovery"), "{keys}");
}

#[tokio::test]
async fn what_the_council_planned_and_what_waits_for_it_is_told() {
    let account = account::parse(FIRST).unwrap();
    let mut state = first_state();
    let mut set = |key: Vec<u8>, value: Vec<u8>| state.top.insert(key, value);
    // It is not in the present session, and was not there when the next one was planned.
    set(
        pallet_session::Validators::<Runtime>::hashed_key().into(),
        Vec::<AccountId>::new().encode(),
    );
    set(pallet_session::QueuedKeys::<Runtime>::hashed_key().into(), 0u8.encode());
    set(pallet_babe::Authorities::<Runtime>::hashed_key().into(), 0u8.encode());
    set(pallet_session::CurrentIndex::<Runtime>::hashed_key().into(), 12u32.encode());
    let offence = pallet_validators::Offence {
        reports: 2,
        kind: pallet_validators::OffenceKind::Equivocation,
        session: 11,
        severity: sp_runtime::Perbill::one(),
    };
    set(pallet_validators::Offences::<Runtime>::hashed_key_for(&account), offence.encode());
    let (node, _running) = node(state).await;
    let facts = facts::read(&node, &of_account(FIRST), &Machine::default()).await.unwrap();
    let state = &facts.validators[0];
    assert_eq!((state.present, state.from, state.keys_from), (false, Some(14), Some(14)));
    let charge = state.offence.as_ref().unwrap();
    assert_eq!((charge.kind.as_str(), charge.reports, charge.session), ("equivocation", 2, 11));
}

#[tokio::test]
async fn a_company_that_is_not_there_and_a_state_of_another_version_are_named() {
    let (asked, _running) = node(first_state()).await;
    let machine = Machine::default();
    let error = facts::read(&asked, &of_company(9), &machine).await.unwrap_err().to_string();
    assert!(error.contains("there is no company 9"), "{error}");

    let mut state = first_state();
    let validators = pallet_validators::Validators::<Runtime>::hashed_key();
    state.top.insert(validators.into(), vec![0xff]);
    let (asked, _running) = node(state).await;
    let error = facts::read(&asked, &of_company(1), &machine).await.unwrap_err().to_string();
    assert!(error.contains("keeps the validators in another form"), "{error}");
}

#[test]
fn a_node_that_does_not_answer_is_named_with_the_reason() {
    // Nobody listens where somebody listened just now.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let status = Status {
        node: format!("http://127.0.0.1:{port}"),
        company: None,
        account: None,
        chain: None,
        base_path: None,
        keystore_path: None,
        json: false,
    };
    let error = status.run().unwrap_err().to_string();
    assert!(error.contains(&format!("http://127.0.0.1:{port} does not answer")), "{error}");
    assert!(error.to_lowercase().contains("refused"), "{error}");
}
