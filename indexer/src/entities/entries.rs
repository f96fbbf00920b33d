//! Money that came and went, account by account.
//!
//! What an event moves is read where balances read it, so entries add up to what accounts have: what came in as free money
//! less what went out as free money is what an account has free, and the same holds of held money. Where balances are
//! not known, the entry says what the event says: of `Slashed`, and of the receiver of `TransferOnHold`, no part.

use super::balances::BALANCES;
use crate::domain::{Cell, Change, Column, Entity, Fact, Kind, Origin, Patch, Unread};

pub const ENTRIES: Entity = Entity {
    name: "entries",
    about: "Entries of accounts' ledgers: money that came in or went out, free or held. The id is block-place-side.",
    columns: &[
        Column::new("account", Kind::Account).optional().indexed(),
        // From whom it came, or to whom it went.
        Column::new("counterparty", Kind::Account).optional(),
        // In or Out.
        Column::new("direction", Kind::Name).optional(),
        // Free or Held. Money that is held goes out of the one and comes into the other.
        Column::new("part", Kind::Name).optional(),
        // The event's name; Genesis for what was there in the beginning.
        Column::new("kind", Kind::Name).optional(),
        Column::new("amount", Kind::Money).optional(),
        // Of BalanceSet alone, which does not say how much came or went: what is free from then on.
        Column::new("set_to", Kind::Money).optional(),
        Column::new("extrinsic", Kind::U32).optional(),
    ],
    facts: BALANCES.facts,
    once: true,
    read,
};

const FREE: &str = "Free";
const HELD: &str = "Held";

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    let sides = (BALANCES.read)(fact)?;
    let mut entries = Vec::with_capacity(sides.len());
    for side in &sides {
        let counterparty = sides.iter().find(|other| other.id != side.id).map(account);
        for (column, change) in &side.changes {
            let part = match *column {
                "free" => FREE,
                "held" => HELD,
                _ => continue,
            };
            let id = format!("{}-{}-{}", fact.block, fact.index, entries.len());
            let entry = Patch::of(id)
                .set("account", account(side))
                .set("counterparty", counterparty.clone().unwrap_or_default())
                .set("kind", kind(fact))
                .set("extrinsic", fact.extrinsic.map_or(Cell::Null, Cell::from));
            entries.extend(moved(fact, entry, part, change)?);
        }
    }
    Ok(entries)
}

fn kind<'a>(fact: &Fact<'a>) -> &'a str {
    match fact.origin {
        Origin::Event => fact.name,
        Origin::State => "Genesis",
    }
}

/// Whose balance a patch changes.
fn account(side: &Patch) -> Cell {
    let named = side.changes.iter().find_map(|change| match change {
        ("account", Change::Set(account)) => Some(account.clone()),
        _ => None,
    });
    named.unwrap_or_default()
}

/// The entry, with what the change of one part of a balance moved. `None`: nothing.
fn moved(
    fact: &Fact<'_>,
    entry: Patch,
    part: &'static str,
    change: &Change,
) -> Result<Option<Patch>, Unread> {
    let (direction, amount) = match change {
        Change::Add(amount) => ("In", *amount),
        Change::Subtract(amount) => ("Out", *amount),
        Change::Set(Cell::Money(amount)) if fact.origin == Origin::State => ("In", *amount),
        Change::Set(Cell::Money(amount)) => {
            return Ok(Some(entry.set("part", part).set("set_to", Cell::Money(*amount))))
        }
        // Neither part is known after it, and one of them moved.
        Change::Set(_) if part == FREE => return Ok(Some(unsaid(fact, entry)?)),
        Change::Set(_) => return Ok(None),
    };
    let entry = entry.set("part", part).set("direction", direction);
    Ok((amount > 0).then(|| entry.set("amount", Cell::Money(amount))))
}

/// The entry of an event that does not say which part moved.
fn unsaid(fact: &Fact<'_>, entry: Patch) -> Result<Patch, Unread> {
    let direction = match fact.name {
        "Slashed" => "Out",
        _ => "In",
    };
    let amount = Cell::Money(fact.integer("amount")?);
    Ok(entry.set("direction", direction).set("amount", amount))
}

#[cfg(test)]
mod tests;
