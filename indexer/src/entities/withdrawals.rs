//! Money that drivers took out of companies' ledgers.

use crate::domain::{Cell, Column, Entity, Fact, Kind, Origin, Patch, Unread};

pub const WITHDRAWALS: Entity = Entity {
    name: "withdrawals",
    about: "Money that drivers took out of companies' ledgers, one row each time. The id is block-place of the event.",
    columns: &[
        Column::new("company", Kind::U32).optional().indexed().refers("companies"),
        Column::new("seat", Kind::U32).optional(),
        // Where it went: the account of the seat at that time.
        Column::new("account", Kind::Account).optional().indexed(),
        Column::new("amount", Kind::Money).optional(),
        Column::new("extrinsic", Kind::U32).optional(),
    ],
    facts: &[(Origin::Event, "Settlement", "Withdrawn")],
    once: true,
    read,
};

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    let patch = Patch::of(format!("{}-{}", fact.block, fact.index));
    let patch = patch.copy(&WITHDRAWALS, fact, &["company", "seat", "account", "amount"])?;
    Ok(vec![patch.set("extrinsic", fact.extrinsic.map_or(Cell::Null, Cell::from))])
}
