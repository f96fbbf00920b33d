//! Events of a block.

use std::sync::Arc;

use super::{
    plan::Plan,
    scale::{Decoder, Why},
};
use crate::domain::Value;

/// When an event happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Before the first extrinsic.
    Initialization,
    /// In an extrinsic.
    Extrinsic(u32),
    /// After the last extrinsic.
    Finalization,
}

impl Phase {
    /// Its number in the index: 0 before, 1 in, 2 after the extrinsics.
    pub fn number(self) -> u8 {
        match self {
            Self::Initialization => 0,
            Self::Extrinsic(_) => 1,
            Self::Finalization => 2,
        }
    }

    /// The extrinsic in which it happened.
    pub fn extrinsic(self) -> Option<u32> {
        match self {
            Self::Extrinsic(index) => Some(index),
            _ => None,
        }
    }
}

/// A decoded event.
#[derive(Clone, Debug)]
pub struct Event {
    /// When.
    pub phase: Phase,
    /// The pallet's name.
    pub pallet: Arc<str>,
    /// The event's name.
    pub name: Arc<str>,
    /// Its fields: a record.
    pub fields: Value,
}

/// Reads the value of `System.Events`. No bytes are no events.
///
/// # Errors
/// Which event is none of this runtime.
pub fn decode(plan: &Plan, bytes: &[u8]) -> Result<Vec<Event>, (usize, Why)> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let mut decoder = Decoder::new(plan, bytes);
    let count = decoder.compact().map_err(|why| (0, why))?;
    let mut events = Vec::new();
    while u128::try_from(events.len()).is_ok_and(|decoded| decoded < count) {
        let event = one(plan, &mut decoder).map_err(|why| (events.len(), why))?;
        events.push(event);
    }
    match decoder.rest() {
        [] => Ok(events),
        rest => Err((events.len(), format!("{} bytes follow the last event", rest.len()))),
    }
}

fn one(plan: &Plan, decoder: &mut Decoder<'_>) -> Result<Event, Why> {
    let phase = match decoder.byte()? {
        0 => {
            let index = decoder.unsigned(4)?;
            Phase::Extrinsic(u32::try_from(index).map_err(|e| e.to_string())?)
        }
        1 => Phase::Finalization,
        2 => Phase::Initialization,
        other => return Err(format!("{other} is no phase")),
    };
    let index = decoder.byte()?;
    let Some((pallet, events)) = plan.events.get(&index) else {
        return Err(format!("no pallet with events has the index {index}"));
    };
    let (name, fields) = decoder.named(*events).map_err(|why| format!("{pallet}: {why}"))?;
    // Topics, which nobody reads: hashes.
    let topics = decoder.compact()?;
    let topics = usize::try_from(topics).ok().and_then(|topics| topics.checked_mul(32));
    decoder.take(topics.ok_or("too many topics")?)?;
    Ok(Event { phase, pallet: pallet.clone(), name, fields })
}
