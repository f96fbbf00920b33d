//! A block's rows, and what its facts change.

use std::collections::BTreeSet;

use codec::Decode;
use rustc_hash::FxHashMap;
use smartlink_chain::subxt::{
    config::substrate::{DigestItem, SubstrateHeader},
    utils::H256,
};

use super::{
    event::{self, Event},
    extrinsic::{self, Extrinsic},
    plan::Plan,
    rides,
    scale::Why,
    state, DecodeError,
};
use crate::{
    domain::{
        block::Hash, digest, entity, receipts::SettledBatch, tables, Fact, Origin, Patch, RawBlock,
        Rows, Unread, Value,
    },
    entities::{self, Registry},
};

/// What the changes of a fact are: of which entity, at which place in the block, joined by id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The place of the entity in the registry.
    pub entity: usize,
    /// The fact's place in the block.
    pub fact: u32,
    /// What it changes.
    pub patches: Vec<Patch>,
}

/// A decoded block.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// Its height.
    pub number: u32,
    /// Its hash.
    pub hash: Hash,
    /// The hash of the block before.
    pub parent: Hash,
    /// Its time, in milliseconds of the Unix epoch.
    pub time: i64,
    /// Its row in `blocks`, without the digest.
    pub block: Rows,
    /// Its rows in `extrinsics`.
    pub extrinsics: Rows,
    /// Its rows in `calls`.
    pub calls: Rows,
    /// Its rows in `events`.
    pub events: Rows,
    /// The hash over all these rows.
    pub content: Hash,
    /// What its facts change, in the order of the facts.
    pub changes: Vec<Changes>,
    /// Batches of rides that were settled, in the order of their events.
    pub settled: Vec<SettledBatch>,
}

/// Decodes a block.
///
/// # Errors
/// It is none of this runtime, or an entity does not know a fact's form.
pub fn decode(plan: &Plan, registry: &Registry, raw: &RawBlock) -> Result<Decoded, DecodeError> {
    let wrong = |part: String, why: Why| DecodeError::Block {
        block: raw.number,
        spec: plan.spec,
        part,
        why,
    };
    let header = SubstrateHeader::<H256>::decode(&mut &*raw.header)
        .map_err(|error| wrong("the header".into(), error.to_string()))?;
    let extrinsics = raw
        .extrinsics
        .iter()
        .enumerate()
        .map(|(place, bytes)| {
            extrinsic::decode(plan, bytes).map_err(|why| wrong(format!("extrinsic {place}"), why))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let events = event::decode(plan, &raw.events)
        .map_err(|(place, why)| wrong(format!("event {place}"), why))?;
    let time = time_of(&extrinsics);
    let changes = changes(plan, registry, raw, time, &events, &wrong)?;
    let settled = match registry.place(entities::RIDES.name) {
        Some(_) => settled(plan, raw, time, &extrinsics, &events, &wrong)?,
        None => Vec::new(),
    };
    let extrinsic_rows = extrinsic_rows(plan, raw.number, time, &extrinsics, &events);
    let call_rows = call_rows(raw.number, time, &extrinsics);
    let event_rows = event_rows(raw.number, time, &events);
    let mut block = Rows::default();
    let (slot, authority) = slot_of(&header).unzip();
    let bytes = raw.extrinsics.iter().map(Vec::len).sum();
    block
        .row()
        .u32(raw.number)
        .raw(&raw.hash)
        .raw(&raw.parent)
        .raw(&header.state_root.0)
        .raw(&header.extrinsics_root.0)
        .time(time)
        .optional(slot, |row, slot| {
            row.u64(slot);
        })
        .optional(authority, |row, authority| {
            row.u32(authority);
        })
        .u32(raw.spec)
        .u32(narrow(extrinsic_rows.count))
        .u32(narrow(call_rows.count))
        .u32(narrow(event_rows.count))
        .u32(narrow(bytes));
    let content = digest::content([
        (tables::BLOCKS.name, &block),
        (tables::EXTRINSICS.name, &extrinsic_rows),
        (tables::CALLS.name, &call_rows),
        (tables::EVENTS.name, &event_rows),
    ]);
    Ok(Decoded {
        number: raw.number,
        hash: raw.hash,
        parent: raw.parent,
        time,
        block,
        extrinsics: extrinsic_rows,
        calls: call_rows,
        events: event_rows,
        content,
        changes,
        settled,
    })
}

/// A count as a column holds it: more than four thousand million are as many.
fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn places() -> impl Iterator<Item = u32> {
    0..
}

/// The block's time: what the inherent of pallet-timestamp says.
fn time_of(extrinsics: &[Extrinsic<'_>]) -> i64 {
    let now = extrinsics.iter().find_map(|extrinsic| {
        let call = &extrinsic.call;
        let sets = &*call.pallet == "Timestamp" && &*call.name == "set";
        match call.args.get("now").filter(|_| sets)? {
            Value::Big(ms) => i64::try_from(*ms).ok(),
            _ => None,
        }
    });
    now.unwrap_or(0)
}

/// Slot and authority, from BABE's pre-runtime digest.
fn slot_of(header: &SubstrateHeader<H256>) -> Option<(u64, u32)> {
    header.digest.logs.iter().find_map(|log| match log {
        // Variant (1 primary, 2 and 3 secondary), authority index, slot; then a VRF or nothing.
        DigestItem::PreRuntime([b'B', b'A', b'B', b'E'], bytes) => {
            let (variant, authority, slot) = <(u8, u32, u64)>::decode(&mut &**bytes).ok()?;
            (1..=3).contains(&variant).then_some((slot, authority))
        }
        _ => None,
    })
}

/// What became of an extrinsic.
#[derive(Default)]
struct Outcome {
    success: bool,
    error: String,
    /// Who paid before it ran, and how much.
    payers: Vec<(Value, u128)>,
    fee: u128,
    tip: u128,
}

fn outcomes(plan: &Plan, events: &[Event]) -> FxHashMap<u32, Outcome> {
    let mut outcomes: FxHashMap<u32, Outcome> = FxHashMap::default();
    let amount = |event: &Event, name: &str| match event.fields.get(name) {
        Some(Value::Big(amount)) => *amount,
        _ => 0,
    };
    for event in events {
        let Some(place) = event.phase.extrinsic() else { continue };
        let outcome = outcomes.entry(place).or_default();
        match (&*event.pallet, &*event.name) {
            ("System", "ExtrinsicSuccess") => outcome.success = true,
            ("System", "ExtrinsicFailed") => {
                outcome.error =
                    event.fields.get("dispatch_error").map_or(String::new(), |e| error(plan, e));
            }
            ("Balances", "Withdraw") => {
                let paid = amount(event, "amount");
                outcome.payers.extend(event.fields.get("who").map(|who| (who.clone(), paid)));
            }
            // It also names the fee of who drew on an allowance, and paid nothing or the tip alone.
            ("TransactionPayment", "TransactionFeePaid") => {
                let who = event.fields.get("who");
                let paid = outcome.payers.iter().find(|(payer, _)| Some(payer) == who);
                outcome.fee = paid.map_or(0, |(_, paid)| amount(event, "actual_fee").min(*paid));
                outcome.tip = amount(event, "tip");
            }
            _ => {}
        }
    }
    outcomes
}

/// A `DispatchError` by name: `Settlement.UnknownSeat`, `Token.FundsUnavailable`, `BadOrigin`.
fn error(plan: &Plan, error: &Value) -> String {
    match error {
        Value::Text(name) => name.to_string(),
        Value::Record(fields) => match fields.as_slice() {
            [(kind, module)] if &**kind == "Module" => {
                module_error(plan, module).unwrap_or_else(|| module.json())
            }
            [(kind, Value::Text(name))] => format!("{kind}.{name}"),
            _ => error.json(),
        },
        _ => error.json(),
    }
}

fn module_error(plan: &Plan, module: &Value) -> Option<String> {
    let (Value::Small(index), Value::Bytes(bytes)) = (module.get("index")?, module.get("error")?)
    else {
        return None;
    };
    let (pallet, names) = plan.errors.get(&u8::try_from(*index).ok()?)?;
    let name = names.get(bytes.first()?)?;
    Some(format!("{pallet}.{name}"))
}

fn extrinsic_rows(
    plan: &Plan,
    block: u32,
    time: i64,
    extrinsics: &[Extrinsic<'_>],
    events: &[Event],
) -> Rows {
    let outcomes = outcomes(plan, events);
    let unknown = Outcome::default();
    let mut rows = Rows::default();
    for (place, extrinsic) in places().zip(extrinsics) {
        let outcome = outcomes.get(&place).unwrap_or(&unknown);
        rows.row()
            .u32(block)
            .u32(place)
            .time(time)
            .raw(&extrinsic.hash)
            .optional(extrinsic.signer, |row, signer| {
                row.raw(&signer);
            })
            .optional(extrinsic.nonce, |row, nonce| {
                row.u64(nonce);
            })
            .text(&*extrinsic.call.pallet)
            .text(&*extrinsic.call.name)
            .bool(outcome.success)
            .text(&outcome.error)
            .money(outcome.fee)
            .money(outcome.tip)
            .u32(narrow(extrinsic.length));
    }
    rows
}

fn call_rows(block: u32, time: i64, extrinsics: &[Extrinsic<'_>]) -> Rows {
    let mut rows = Rows::default();
    let mut json = String::new();
    for (extrinsic, of) in places().zip(extrinsics) {
        let mut place = 0;
        extrinsic::calls(&of.call, &mut |found, path| {
            json.clear();
            found.call.args.write_json(&mut json);
            rows.row()
                .u32(block)
                .u32(extrinsic)
                .u32(place)
                .time(time)
                .text(path)
                .u32(found.depth)
                .text(&*found.call.pallet)
                .text(&*found.call.name)
                .text(&json)
                .list(&accounts(&found.call.args), |row, account| {
                    row.raw(account);
                });
            place += 1;
        });
    }
    rows
}

fn event_rows(block: u32, time: i64, events: &[Event]) -> Rows {
    let mut rows = Rows::default();
    let mut json = String::new();
    for (place, event) in places().zip(events) {
        json.clear();
        event.fields.write_json(&mut json);
        rows.row()
            .u32(block)
            .u32(place)
            .time(time)
            .u8(event.phase.number())
            .optional(event.phase.extrinsic(), |row, extrinsic| {
                row.u32(extrinsic);
            })
            .text(&*event.pallet)
            .text(&*event.name)
            .text(&json)
            .list(&accounts(&event.fields), |row, account| {
                row.raw(account);
            });
    }
    rows
}

/// The accounts in a value, each once, in their order.
fn accounts(value: &Value) -> Vec<Hash> {
    let mut found = BTreeSet::new();
    value.accounts(&mut |account| {
        found.insert(*account);
    });
    found.into_iter().collect()
}

/// What the block's facts change: its events, then what its state holds.
fn changes(
    plan: &Plan,
    registry: &Registry,
    raw: &RawBlock,
    time: i64,
    events: &[Event],
    wrong: &impl Fn(String, Why) -> DecodeError,
) -> Result<Vec<Changes>, DecodeError> {
    let mut changes = Vec::new();
    for (index, event) in places().zip(events) {
        read(registry, &happened(raw.number, time, index, event), &mut changes)?;
    }
    let mut index = narrow(events.len());
    for (key, value) in &raw.state {
        let held = state::decode(plan, key, value)
            .map_err(|why| wrong("an entry of the state".into(), why))?;
        let Some(held) = held else { continue };
        let fact = Fact {
            block: raw.number,
            time,
            index,
            origin: Origin::State,
            extrinsic: None,
            pallet: &held.pallet,
            name: &held.name,
            fields: &held.fields,
        };
        read(registry, &fact, &mut changes)?;
        index = index.saturating_add(1);
    }
    Ok(changes)
}

/// The batches of rides that a block settled. What calls carry is read only where an event says that one was.
fn settled(
    plan: &Plan,
    raw: &RawBlock,
    time: i64,
    extrinsics: &[Extrinsic<'_>],
    events: &[Event],
    wrong: &impl Fn(String, Why) -> DecodeError,
) -> Result<Vec<SettledBatch>, DecodeError> {
    let facts = places().zip(events).map(|(index, event)| happened(raw.number, time, index, event));
    let mut facts = facts.filter(|fact| entities::RIDES.is_changed_by(fact)).peekable();
    if facts.peek().is_none() {
        return Ok(Vec::new());
    }
    let carried = rides::carried(plan, extrinsics)
        .map_err(|(place, why)| wrong(format!("a batch of rides in extrinsic {place}"), why))?;
    Ok(facts.map(|fact| rides::settled(&fact, &carried)).collect::<Result<_, _>>()?)
}

/// An event as a fact.
fn happened(block: u32, time: i64, index: u32, event: &Event) -> Fact<'_> {
    Fact {
        block,
        time,
        index,
        origin: Origin::Event,
        extrinsic: event.phase.extrinsic(),
        pallet: &event.pallet,
        name: &event.name,
        fields: &event.fields,
    }
}

fn read(registry: &Registry, fact: &Fact<'_>, changes: &mut Vec<Changes>) -> Result<(), Unread> {
    for entity in registry.concerned(fact) {
        let patches = (registry.entity(*entity).read)(fact)?;
        if !patches.is_empty() {
            changes.push(Changes {
                entity: *entity,
                fact: fact.index,
                patches: entity::joined(patches),
            });
        }
    }
    Ok(())
}
