//! An extrinsic: who, with what, and which calls are in which.

use super::{
    plan::Plan,
    scale::{blake2_256, Decoder, Passed, Why},
};
use crate::domain::{
    block::Hash,
    value::{Call, Value},
};

/// A decoded extrinsic.
#[derive(Clone, Debug)]
pub struct Extrinsic<'a> {
    /// The blake2b-256 of its bytes.
    pub hash: Hash,
    /// Its bytes, the length in front not counted.
    pub length: usize,
    /// Who signed it, if anybody.
    pub signer: Option<Hash>,
    /// How many the signer had sent before.
    pub nonce: Option<u64>,
    /// What the signer added to the fee.
    pub tip: Option<u128>,
    /// What it calls.
    pub call: Call,
    /// Batches of rides that its calls carry, whatever became of them, in the order of the calls.
    pub rides: Vec<Passed<'a>>,
}

/// A call of an extrinsic, or within another of its calls.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The call.
    pub call: &'a Call,
    /// How deep it is: 0 for the extrinsic's own.
    pub depth: u32,
}

/// Reads an extrinsic with its length in front.
///
/// # Errors
/// It is none of this runtime.
pub fn decode<'a>(plan: &'a Plan, bytes: &'a [u8]) -> Result<Extrinsic<'a>, Why> {
    let mut decoder = Decoder::new(plan, bytes);
    let body = decoder.bytes()?;
    if !decoder.rest().is_empty() {
        return Err(format!("{} bytes follow it", decoder.rest().len()));
    }
    let mut decoder = Decoder::new(plan, body);
    let kind = decoder.byte()?;
    let mut extrinsic = Extrinsic {
        hash: blake2_256(bytes),
        length: body.len(),
        signer: None,
        nonce: None,
        tip: None,
        call: Call { pallet: "".into(), name: "".into(), args: Value::Null },
        rides: Vec::new(),
    };
    match (kind & 0b0011_1111, kind >> 6) {
        (4 | 5, 0b00) => {}
        (4, 0b10) => {
            let address = decoder.value(plan.address)?;
            address.accounts(&mut |account| extrinsic.signer = Some(*account));
            decoder.value(plan.signature)?;
            extensions(plan, &mut decoder, plan.extensions_unnamed, &mut extrinsic)?;
        }
        (5, 0b01) => {
            let version = decoder.byte()?;
            extensions(plan, &mut decoder, version, &mut extrinsic)?;
        }
        (version, kind) => {
            return Err(format!("an extrinsic of version {version} and kind {kind} is not known"))
        }
    }
    let Value::Call(call) = decoder.value(plan.call)? else {
        return Err("it holds no call".to_owned());
    };
    if !decoder.rest().is_empty() {
        return Err(format!("{} bytes follow its call", decoder.rest().len()));
    }
    Ok(Extrinsic { call: *call, rides: decoder.passed(), ..extrinsic })
}

fn extensions(
    plan: &Plan,
    decoder: &mut Decoder<'_>,
    version: u8,
    extrinsic: &mut Extrinsic<'_>,
) -> Result<(), Why> {
    let Some(extensions) = plan.extensions.get(&version) else {
        return Err(format!("the runtime has no extensions of version {version}"));
    };
    for (name, id) in extensions {
        let value = decoder.value(*id).map_err(|why| format!("{name}: {why}"))?;
        match (&**name, value) {
            ("CheckNonce", Value::Small(nonce)) => extrinsic.nonce = u64::try_from(nonce).ok(),
            ("CheckNonce", Value::Big(nonce)) => extrinsic.nonce = u64::try_from(nonce).ok(),
            ("ChargeTransactionPayment", Value::Big(tip)) => extrinsic.tip = Some(tip),
            _ => {}
        }
    }
    Ok(())
}

/// Shows a call and all calls within it, outer ones first, each with its path: the names of the fields and the places
/// in lists that lead to it, joined by dots. The extrinsic's own has none.
pub fn calls<'a>(call: &'a Call, see: &mut impl FnMut(Found<'a>, &str)) {
    let mut path = String::new();
    walk(call, 0, &mut path, see);
}

fn walk<'a>(call: &'a Call, depth: u32, path: &mut String, see: &mut impl FnMut(Found<'a>, &str)) {
    see(Found { call, depth }, path);
    search(&call.args, depth + 1, path, see);
}

fn search<'a>(
    value: &'a Value,
    depth: u32,
    path: &mut String,
    see: &mut impl FnMut(Found<'a>, &str),
) {
    match value {
        Value::Call(call) => walk(call, depth, path, see),
        Value::List(items) => {
            for (place, item) in items.iter().enumerate() {
                below(&place.to_string(), item, depth, path, see);
            }
        }
        Value::Record(fields) => {
            for (name, value) in fields {
                below(name, value, depth, path, see);
            }
        }
        _ => {}
    }
}

fn below<'a>(
    step: &str,
    value: &'a Value,
    depth: u32,
    path: &mut String,
    see: &mut impl FnMut(Found<'a>, &str),
) {
    // Most of what there is cannot hold a call.
    if !matches!(value, Value::Call(_) | Value::List(_) | Value::Record(_)) {
        return;
    }
    let length = path.len();
    if length > 0 {
        path.push('.');
    }
    path.push_str(step);
    search(value, depth, path, see);
    path.truncate(length);
}
