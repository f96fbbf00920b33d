//! Blocks of the runtime that this program was built with, encoded by subxt or by hand, and whatever else comes.

use std::sync::{Arc, LazyLock};

use codec::{Compact, Encode};
use proptest::prelude::*;
use smartlink_chain::{
    calls,
    subxt::{
        config::substrate::SubstrateHeader, ext::frame_decode::extrinsics::encode_call_data,
        tx::Payload, utils::H256, Metadata,
    },
    AccountId32,
};
use smartlink_primitives::{vehicle::VehicleClass, CompanyId, Money};

use super::{block, event, extrinsic, scale::Decoder, state, Plan};
use crate::{
    domain::{
        rows::RowReader,
        tables,
        value::{hex, Value},
        Cell, Change, RawBlock,
    },
    entities::Registry,
};

const BYTES: &[u8] = include_bytes!("../../../offchain/chain/metadata.scale");
static METADATA: LazyLock<Metadata> = LazyLock::new(|| Metadata::decode_from(BYTES).unwrap());
pub(crate) static PLAN: LazyLock<Plan> =
    LazyLock::new(|| Plan::of(101, BYTES, Registry::default().state()).unwrap());

/// An extrinsic without a signature.
pub(crate) fn bare(call: &[u8]) -> Vec<u8> {
    [vec![4], call.to_vec()].concat().encode()
}

pub(crate) fn call(payload: &impl Payload) -> Vec<u8> {
    encode_call_data(
        payload.pallet_name(),
        payload.call_name(),
        payload.call_data(),
        &*METADATA,
        METADATA.types(),
    )
    .unwrap()
}

/// The two bytes that name a call.
pub(crate) fn index(pallet: &str, call: &str) -> [u8; 2] {
    let pallet = METADATA.pallet_by_name(pallet).unwrap();
    [pallet.call_index(), pallet.call_variant_by_name(call).unwrap().index]
}

pub(crate) fn an_event(phase: &[u8], pallet: &str, name: &str, fields: &[u8]) -> Vec<u8> {
    let pallet = METADATA.pallet_by_name(pallet).unwrap();
    let variants = pallet.event_variants().unwrap();
    let variant = variants.iter().find(|variant| variant.name == name).unwrap();
    [phase, &[pallet.event_index(), variant.index], fields, &[0]].concat()
}

/// In an extrinsic.
pub(crate) fn during(index: u32) -> Vec<u8> {
    [vec![0], index.encode()].concat()
}

pub(crate) fn events(all: &[Vec<u8>]) -> Vec<u8> {
    [Compact(all.len() as u32).encode(), all.concat()].concat()
}

fn header() -> Vec<u8> {
    let log = smartlink_chain::subxt::config::substrate::DigestItem::PreRuntime(
        *b"BABE",
        (2_u8, 3_u32, 99_u64).encode(),
    );
    SubstrateHeader {
        parent_hash: H256([1; 32]),
        number: 7,
        state_root: H256([2; 32]),
        extrinsics_root: H256([3; 32]),
        digest: smartlink_chain::subxt::config::substrate::Digest { logs: vec![log] },
    }
    .encode()
}

fn account(byte: u8) -> AccountId32 {
    AccountId32([byte; 32])
}

pub(crate) fn timestamp(ms: u64) -> Vec<u8> {
    bare(&[index("Timestamp", "set").to_vec(), Compact(ms).encode()].concat())
}

fn registration() -> calls::NewVehicle {
    calls::NewVehicle {
        vin: *b"LSLSML10000000017",
        plate: "粤BD00001".to_owned(),
        model: "BYD \"Qin\"".to_owned(),
        class: VehicleClass::Comfort,
    }
}

fn registered() -> Vec<u8> {
    let vehicle = registration();
    let fields = (5_u32, 1_u32, vehicle.vin, vehicle.plate, vehicle.model, VehicleClass::Comfort);
    an_event(&during(1), "Vehicles", "Registered", &fields.encode())
}

pub(crate) fn a_block() -> RawBlock {
    let batch = calls::batch_all(vec![
        calls::transfer_in_batch(account(9), Money::yuan(3)),
        calls::register_vehicle_in_batch(CompanyId(1), registration()),
    ]);
    let transfer = (account(8).0, account(9).0, 3_000_000_u128).encode();
    RawBlock {
        number: 7,
        hash: [7; 32],
        parent: [1; 32],
        spec: 101,
        header: header(),
        extrinsics: vec![timestamp(1_790_000_000_123), bare(&call(&batch))],
        events: events(&[
            an_event(&during(1), "Balances", "Transfer", &transfer),
            registered(),
            an_event(&during(1), "System", "ExtrinsicSuccess", &[0, 0, 0, 0]),
        ]),
        state: Vec::new(),
    }
}

fn cells(rows: &crate::domain::Rows, table: &crate::domain::Table) -> Vec<Vec<Cell>> {
    let mut reader = RowReader::new(&rows.bytes);
    let cells: Vec<_> = std::iter::from_fn(|| reader.row(table.columns)).map(|row| row.0).collect();
    assert!(reader.rest().is_empty(), "the rows of {} are not of its columns", table.name);
    assert_eq!(cells.len(), rows.count);
    cells
}

#[test]
fn a_block_becomes_rows_of_the_tables_columns() {
    let decoded = block::decode(&PLAN, &Registry::default(), &a_block()).unwrap();
    assert_eq!(decoded.time, 1_790_000_000_123);
    let block = &cells(&decoded.block, &tables::BLOCKS)[0];
    assert_eq!((&block[6], &block[7]), (&Cell::Number(99), &Cell::Number(3)), "slot and authority");
    let extrinsics = cells(&decoded.extrinsics, &tables::EXTRINSICS);
    assert_eq!(extrinsics.len(), 2);
    assert_eq!(extrinsics[1][6..8], [Cell::from("Utility"), Cell::from("batch_all")]);
    let calls = cells(&decoded.calls, &tables::CALLS);
    let paths: Vec<_> = calls.iter().map(|call| (&call[4], &call[6], &call[7])).collect();
    let expected = [
        ("", "Timestamp", "set"),
        ("", "Utility", "batch_all"),
        ("calls.0", "Balances", "transfer_keep_alive"),
        ("calls.1", "Vehicles", "register"),
    ];
    for (found, (path, pallet, name)) in paths.iter().zip(expected) {
        assert_eq!(*found, (&path.into(), &pallet.into(), &name.into()));
    }
    assert_eq!(calls.len(), expected.len());
    let events = cells(&decoded.events, &tables::EVENTS);
    let Cell::Text(fields) = &events[1][7] else { panic!("{events:?}") };
    let fields: serde_json::Value = serde_json::from_str(fields).unwrap();
    assert_eq!(fields["class"], "Comfort");
    assert_eq!(fields["vin"], hex(b"LSLSML10000000017"));
    let accounts = [account(8).0, account(9).0];
    assert_eq!(events[0][8], Cell::Accounts(accounts.to_vec()), "who is in it");
}

#[test]
fn events_change_entities() {
    let registry = Registry::default();
    let decoded = block::decode(&PLAN, &registry, &a_block()).unwrap();
    let named = |name: &str| {
        let place = registry.all().iter().position(|entity| entity.name == name).unwrap();
        decoded.changes.iter().filter(move |changes| changes.entity == place)
    };
    let vehicle = &named("vehicles").next().unwrap().patches[0];
    assert_eq!(vehicle.id, "5");
    for (column, cell) in [
        ("plate", Cell::from("粤BD00001")),
        ("vin", "LSLSML10000000017".into()),
        ("owner", 1_u32.into()),
        ("status", "InService".into()),
    ] {
        assert!(vehicle.changes.contains(&(column, Change::Set(cell))), "{column}: {vehicle:?}");
    }
    let balances: Vec<_> = named("balances").flat_map(|changes| &changes.patches).collect();
    assert_eq!(balances[0].id, hex(&account(8).0));
    assert!(balances[0].changes.contains(&("free", Change::Subtract(3_000_000))));
    assert!(balances[1].changes.contains(&("free", Change::Add(3_000_000))));
    assert_eq!(named("transfers").count(), 1);
}

#[test]
fn a_failed_extrinsic_says_why_by_name() {
    let pallet = METADATA.pallet_by_name("Vehicles").unwrap();
    let error = pallet.error_variants().unwrap().iter().find(|e| e.name == "UnknownVehicle");
    let error = error.unwrap_or(&pallet.error_variants().unwrap()[0]);
    let dispatch = [vec![3, pallet.error_index(), error.index, 0, 0, 0], vec![0, 0, 0, 0]].concat();
    let mut raw = a_block();
    raw.events = events(&[an_event(&during(1), "System", "ExtrinsicFailed", &dispatch)]);
    let decoded = block::decode(&PLAN, &Registry::default(), &raw).unwrap();
    let extrinsics = cells(&decoded.extrinsics, &tables::EXTRINSICS);
    assert_eq!(extrinsics[1][8], Cell::Bool(false));
    assert_eq!(extrinsics[1][9], Cell::Text(format!("Vehicles.{}", error.name)));
}

#[test]
fn the_genesis_is_read_from_the_state() {
    let prefix = |pallet: &str, name: &str| {
        smartlink_chain::subxt::ext::frame_decode::storage::encode_storage_key_prefix(pallet, name)
    };
    let name = "Shenxing".as_bytes().to_vec();
    let company = (name, 0_u8, account(4).0, 0_u8, 0_u64, None::<u64>).encode();
    let key = [&prefix("Consortium", "Companies")[..], &[9; 8], &1_u32.encode()].concat();
    let held = state::decode(&PLAN, &key, &company).unwrap().unwrap();
    assert_eq!(held.fields.get("keys"), Some(&Value::List(vec![Value::Small(1)])));
    let standing = held.fields.get("value").unwrap().get("standing");
    assert_eq!(standing, Some(&Value::Text("Active".into())));
    let mut raw = RawBlock { state: vec![(key, company)], ..a_block() };
    raw.events = Vec::new();
    let decoded = block::decode(&PLAN, &Registry::default(), &raw).unwrap();
    let patch = &decoded.changes[0].patches[0];
    assert!(patch.changes.contains(&("name", Change::Set("Shenxing".into()))), "{patch:?}");
    assert!(patch.changes.contains(&("kind", Change::Set("Platform".into()))), "{patch:?}");
    // What nobody asks for is passed over.
    assert!(state::decode(&PLAN, &prefix("Babe", "Authorities"), &[]).unwrap().is_none());
}

#[test]
fn calls_in_calls_end_somewhere_and_a_block_of_them_is_refused_in_words() {
    // What the chain takes: 256 deep.
    let nested = |depth: usize| {
        let [pallet, name] = index("Utility", "batch");
        let open: Vec<u8> = [pallet, name, 4].repeat(depth);
        bare(&[open, index("System", "remark").to_vec(), vec![0]].concat())
    };
    let apart = |bytes: Vec<u8>| {
        let decode = move || {
            extrinsic::decode(&PLAN, &bytes).map(|found| {
                let mut deepest = 0;
                extrinsic::calls(&found.call, &mut |found, _| deepest = deepest.max(found.depth));
                deepest
            })
        };
        let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(decode).unwrap();
        thread.join().unwrap()
    };
    assert_eq!(apart(nested(250)), Ok(250));
    let refused = apart(nested(1_000_000)).unwrap_err();
    assert!(refused.contains("deeper than"), "{refused}");
}

#[test]
fn what_is_too_long_is_counted_and_hashed() {
    let remark = vec![5_u8; 4_000];
    let bytes = bare(&[index("System", "remark").to_vec(), remark.encode()].concat());
    let decoded = extrinsic::decode(&PLAN, &bytes).unwrap();
    let json = decoded.call.args.json();
    let hash = hex(&super::scale::blake2_256(&remark));
    assert_eq!(
        json,
        format!("{{\"remark\":{{\"omitted_bytes\":4000,\"blake2_256\":\"{hash}\"}}}}")
    );
}

#[test]
fn what_does_not_fit_the_runtime_names_its_place() {
    let mut raw = a_block();
    raw.extrinsics[1].push(0);
    let error = block::decode(&PLAN, &Registry::default(), &raw).unwrap_err().to_string();
    assert!(error.contains("extrinsic 1 of block 7"), "{error}");
    let mut raw = a_block();
    raw.events.push(0);
    let error = block::decode(&PLAN, &Registry::default(), &raw).unwrap_err().to_string();
    assert!(error.contains("event 3 of block 7"), "{error}");
    let error = Plan::of(1, &BYTES[..1_000], []).unwrap_err().to_string();
    assert!(error.contains("metadata of runtime 1"), "{error}");
}

#[test]
fn a_block_has_the_same_content_each_time_and_another_with_any_other_event() {
    let registry = Registry::default();
    let content = |raw: &RawBlock| block::decode(&PLAN, &registry, raw).unwrap().content;
    assert_eq!(content(&a_block()), content(&a_block()));
    let mut other = a_block();
    other.events = events(&[registered()]);
    assert_ne!(content(&a_block()), content(&other));
}

/// Something that is nearly right: a block's parts with bytes changed, cut off and put in.
fn spoilt(bytes: &mut Vec<u8>, how: &[u8]) {
    for change in how.chunks_exact(4) {
        let [place, more, kind, byte] = [change[0], change[1], change[2], change[3]];
        let place = usize::from(u16::from_le_bytes([place, more]));
        let place = place % (bytes.len() + 1);
        match kind % 4 {
            0 => bytes.insert(place, byte),
            1 => bytes.truncate(place),
            2 => bytes.extend_from_slice(&[byte; 3]),
            _ => {
                if let Some(spoilt) = bytes.get_mut(place) {
                    *spoilt = byte;
                }
            }
        }
    }
}

#[test]
fn no_block_makes_it_panic() {
    let registry = Arc::new(Registry::default());
    bolero::check!().with_iterations(3_000).for_each(|bytes: &[u8]| {
        // As they are.
        let _ = extrinsic::decode(&PLAN, bytes);
        let _ = event::decode(&PLAN, bytes);
        let _ = state::decode(&PLAN, bytes, bytes);
        let _ = Decoder::new(&PLAN, bytes).value(PLAN.call);
        // And in a block that is nearly right.
        let mut raw = a_block();
        let (first, second) = bytes.split_at(bytes.len() / 2);
        spoilt(&mut raw.extrinsics[1], first);
        spoilt(&mut raw.events, second);
        let _ = block::decode(&PLAN, &registry, &raw);
    });
}

proptest! {
    #[test]
    fn integers_are_what_they_were(narrow: u32, wide: u64, amount: u128) {
        let fields = (narrow, wide, vec![0_u8; 32], narrow, amount).encode();
        let mut decoder = Decoder::new(&PLAN, &fields);
        prop_assert_eq!(decoder.unsigned(4).unwrap(), u128::from(narrow));
        prop_assert_eq!(decoder.unsigned(8).unwrap(), u128::from(wide));
        prop_assert_eq!(decoder.bytes().unwrap().len(), 32);
        let compact = Compact(amount).encode();
        prop_assert_eq!(Decoder::new(&PLAN, &compact).compact().unwrap(), amount);
    }

    #[test]
    fn amounts_of_events_are_what_they_were(amount: u128, from: [u8; 32], to: [u8; 32]) {
        let transfer = an_event(&[2], "Balances", "Transfer", &(from, to, amount).encode());
        let decoded = event::decode(&PLAN, &events(&[transfer])).unwrap();
        prop_assert_eq!(decoded[0].fields.get("amount"), Some(&Value::Big(amount)));
        prop_assert_eq!(decoded[0].fields.get("to"), Some(&Value::Account(to)));
        prop_assert_eq!(decoded[0].phase, event::Phase::Initialization);
    }
}
