//! Records that a company declared lost.

use crate::domain::{Column, Entity, Fact, Kind, Origin, Patch, Unread};

pub const LOSSES: Entity = Entity {
    name: "losses",
    about: "Records of vehicles that companies declared lost: those from `from` up to `next`. The id is company-from.",
    columns: &[
        Column::new("company", Kind::U32).optional().indexed().refers("companies"),
        Column::new("from", Kind::U64).optional(),
        Column::new("next", Kind::U64).optional(),
    ],
    facts: &[(Origin::Event, "Telemetry", "LossDeclared")],
    once: true,
    read,
};

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    let id = format!("{}-{}", fact.u32("company")?, fact.integer("from")?);
    Ok(vec![Patch::of(id).copy(&LOSSES, fact, &["company", "from", "next"])?])
}
