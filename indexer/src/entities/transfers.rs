//! Money that went from one account to another.

use crate::domain::{Column, Entity, Fact, Kind, Origin, Patch, Unread};

pub const TRANSFERS: Entity = Entity {
    name: "transfers",
    about: "Money that went from one account to another. The id is block-place of the event.",
    columns: &[
        Column::new("from", Kind::Account).optional().indexed(),
        Column::new("to", Kind::Account).optional().indexed(),
        Column::new("amount", Kind::Money).optional(),
        Column::new("extrinsic", Kind::U32).optional(),
    ],
    facts: &[(Origin::Event, "Balances", "Transfer")],
    once: true,
    read,
};

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    let patch = Patch::of(format!("{}-{}", fact.block, fact.index));
    let patch = patch.copy(&TRANSFERS, fact, &["from", "to", "amount"])?;
    Ok(vec![match fact.extrinsic {
        Some(extrinsic) => patch.set("extrinsic", extrinsic),
        None => patch,
    }])
}
