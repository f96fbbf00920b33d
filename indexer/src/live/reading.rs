//! From a raw block to what is shown of it: the rows that the index would get, read back. So what is shown of an unfinalised
//! block is what is in the tables once it is final, to the letter.

use std::{sync::Arc, thread};

use tokio::sync::oneshot;

use super::view::{Contents, LiveEvent, LiveExtrinsic};
use crate::{
    decode::{self, Plan},
    domain::{rows::RowReader, tables, Cell, RawBlock, Rows, Table},
    entities::Registry,
    error::Error,
};

/// The stack of a thread that decodes: values may be nested `scale::DEEPEST` deep.
const STACK: usize = 64 << 20;

/// Decodes a block on a thread of its own, whose stack is deep enough for whatever it holds.
///
/// # Errors
/// It is none of this runtime, or no thread can be had.
pub async fn contents(plan: Arc<Plan>, raw: RawBlock) -> Result<Contents, Error> {
    let broke_off = |why: String| Error::BrokeOff { part: "decoding an unfinalised block", why };
    let (send, receive) = oneshot::channel();
    let work = move || {
        // Nobody waits any more when everything stops.
        let _ = send.send(read(&plan, &raw));
    };
    let thread = thread::Builder::new().name("decode-live".into()).stack_size(STACK).spawn(work);
    thread.map_err(|error| broke_off(error.to_string()))?;
    receive.await.map_err(|_| broke_off("its thread ended".into()))?
}

/// Decodes a block. No entity follows from it: what an entity does not understand is not final yet, and hides nothing.
fn read(plan: &Plan, raw: &RawBlock) -> Result<Contents, Error> {
    let decoded = decode::decode(plan, &Registry::of(Vec::new()), raw)?;
    let misfit = || Error::Differs("the live view does not know the tables' columns".to_owned());
    let extrinsics = cells(&decoded.extrinsics, &tables::EXTRINSICS).map(extrinsic);
    let events = cells(&decoded.events, &tables::EVENTS).map(event);
    let extrinsics: Option<Vec<_>> = extrinsics.collect();
    let events: Option<Vec<_>> = events.collect();
    let (slot, authority) = cells(&decoded.block, &tables::BLOCKS).find_map(author).unzip();
    Ok(Contents {
        time: decoded.time,
        slot: slot.flatten(),
        authority: authority.flatten(),
        spec: raw.spec,
        extrinsics: extrinsics.ok_or_else(misfit)?,
        events: events.ok_or_else(misfit)?,
    })
}

/// The rows of a table.
fn cells<'a>(rows: &'a Rows, table: &Table) -> impl Iterator<Item = Vec<Cell>> + use<'a> {
    let columns = table.columns;
    let mut reader = RowReader::new(&rows.bytes);
    std::iter::from_fn(move || reader.row(columns).map(|(cells, _)| cells))
}

/// Slot and authority of a row of [`tables::BLOCKS`].
fn author(cells: Vec<Cell>) -> Option<(Option<u64>, Option<u32>)> {
    let [_number, _hash, _parent, _state, _root, _time, slot, authority, ..] = cells.as_slice()
    else {
        return None;
    };
    let number = |cell: &Cell| match cell {
        Cell::Number(number) => Some(*number),
        _ => None,
    };
    Some((number(slot), number(authority).and_then(|place| u32::try_from(place).ok())))
}

/// Of a row of [`tables::EXTRINSICS`].
fn extrinsic(cells: Vec<Cell>) -> Option<LiveExtrinsic> {
    let cells: [Cell; tables::EXTRINSICS.columns.len()] = cells.try_into().ok()?;
    let [_block, _place, _time, hash, signer, _nonce, pallet, name, success, error, ..] = cells;
    let (Cell::Bytes(hash), Cell::Text(pallet), Cell::Text(name)) = (hash, pallet, name) else {
        return None;
    };
    let (Cell::Bool(success), Cell::Text(error)) = (success, error) else { return None };
    let signer = match signer {
        Cell::Bytes(signer) => Some(signer),
        _ => None,
    };
    Some(LiveExtrinsic { hash, signer, pallet, name, success, error })
}

/// Of a row of [`tables::EVENTS`].
fn event(cells: Vec<Cell>) -> Option<LiveEvent> {
    let cells: [Cell; tables::EVENTS.columns.len()] = cells.try_into().ok()?;
    let [_block, _place, _time, _phase, extrinsic, pallet, name, fields, ..] = cells;
    let (Cell::Text(pallet), Cell::Text(name), Cell::Text(fields)) = (pallet, name, fields) else {
        return None;
    };
    let extrinsic = match extrinsic {
        Cell::Number(place) => u32::try_from(place).ok(),
        _ => None,
    };
    Some(LiveEvent { extrinsic, pallet, name, fields })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows are read by the places of their columns: a table that has others is found here.
    #[test]
    fn columns_are_where_they_are_looked_for() {
        let names = |table: &Table| -> Vec<_> { table.columns.iter().map(|c| c.name).collect() };
        let blocks = [
            "number",
            "hash",
            "parent",
            "state_root",
            "extrinsics_root",
            "time",
            "slot",
            "authority",
        ];
        assert_eq!(names(&tables::BLOCKS)[..8], blocks);
        let extrinsics = [
            "block", "place", "time", "hash", "signer", "nonce", "pallet", "name", "success",
            "error",
        ];
        assert_eq!(names(&tables::EXTRINSICS)[..10], extrinsics);
        let events = ["block", "place", "time", "phase", "extrinsic", "pallet", "name", "fields"];
        assert_eq!(names(&tables::EVENTS)[..8], events);
    }
}
