//! Entries of a block's state that are facts for entities.

use std::sync::Arc;

use super::{
    plan::Plan,
    scale::{Decoder, Why},
};
use crate::domain::Value;

/// A decoded entry.
#[derive(Clone, Debug)]
pub struct Held {
    /// The pallet's name.
    pub pallet: Arc<str>,
    /// The entry's name.
    pub name: Arc<str>,
    /// A record of `keys`, a list, and `value`.
    pub fields: Value,
}

/// Reads an entry. `None`: no entity asks for it.
///
/// # Errors
/// It is none of this runtime.
pub fn decode(plan: &Plan, key: &[u8], value: &[u8]) -> Result<Option<Held>, Why> {
    let Some((prefix, rest)) = key.split_first_chunk::<32>() else { return Ok(None) };
    let Some(entry) = plan.entries.get(prefix) else { return Ok(None) };
    let name = |why: Why| format!("{}.{}: {why}", entry.pallet, entry.name);
    let mut decoder = Decoder::new(plan, rest);
    let mut keys = Vec::with_capacity(entry.keys.len());
    for (hash, follows, id) in &entry.keys {
        decoder.take(*hash).map_err(name)?;
        keys.push(match follows {
            true => decoder.value(*id).map_err(name)?,
            false => Value::Null,
        });
    }
    let mut decoder = Decoder::new(plan, value);
    let value = decoder.value(entry.value).map_err(name)?;
    if !decoder.rest().is_empty() {
        return Err(name(format!("{} bytes follow its value", decoder.rest().len())));
    }
    let fields = vec![("keys".into(), Value::List(keys)), ("value".into(), value)];
    let (pallet, name) = (entry.pallet.clone(), entry.name.clone());
    Ok(Some(Held { pallet, name, fields: Value::Record(fields) }))
}
