//! Roots over what vehicles reported.

use crate::domain::{Cell, Column, Entity, Fact, Kind, Origin, Patch, Unread};

pub const ANCHORS: Entity = Entity {
    name: "anchors",
    about: "Anchored batches of companies' telemetry. The id is company-number.",
    columns: &[
        Column::new("company", Kind::U32).optional().indexed().refers("companies"),
        Column::new("number", Kind::U64).optional(),
        Column::new("first_sequence", Kind::U64).optional(),
        Column::new("count", Kind::U32).optional(),
        Column::new("root", Kind::Hash).optional().indexed(),
        Column::new("closed_at", Kind::Time).optional(),
    ],
    facts: &[(Origin::Event, "Telemetry", "Anchored")],
    once: true,
    read,
};

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    let anchor = fact.seen_as(fact.field("anchor")?);
    let id = format!("{}-{}", anchor.u32("company")?, anchor.integer("number")?);
    // Unlike other times of the chain it is in milliseconds.
    let closed_at = i64::try_from(anchor.integer("closed_at_ms")?)
        .map_err(|_| fact.unread("closed_at_ms is beyond all times"))?;
    let fields: &[&str] = &["company", "number", "first_sequence", "count", "root"];
    let patch = Patch::of(id).copy(&ANCHORS, &anchor, fields)?;
    Ok(vec![patch.set("closed_at", Cell::Time(closed_at))])
}
