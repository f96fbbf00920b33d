//! Batches of rides that were settled.

use crate::domain::{Column, Entity, Fact, Kind, Origin, Patch, Unread};

pub const BATCHES: Entity = Entity {
    name: "batches",
    about: "Settled batches of rides: gross = drivers + platform + third parties. The id is company-number.",
    columns: &[
        Column::new("company", Kind::U32).optional().indexed().refers("companies"),
        Column::new("number", Kind::U64).optional(),
        Column::new("rides", Kind::U32).optional(),
        Column::new("gross", Kind::Money).optional(),
        Column::new("drivers", Kind::Money).optional(),
        Column::new("platform", Kind::Money).optional(),
        Column::new("third_parties", Kind::Money).optional(),
        Column::new("receipts_root", Kind::Hash).optional().indexed(),
        Column::new("extrinsic", Kind::U32).optional(),
    ],
    facts: &[(Origin::Event, "Settlement", "BatchSettled")],
    once: true,
    read,
};

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    let id = format!("{}-{}", fact.u32("company")?, fact.integer("number")?);
    let amounts: &[&str] = &["gross", "drivers", "platform", "third_parties", "receipts_root"];
    let patch = Patch::of(id)
        .copy(&BATCHES, fact, &["company", "number", "rides"])?
        .copy(&BATCHES, fact, amounts)?;
    Ok(vec![match fact.extrinsic {
        Some(extrinsic) => patch.set("extrinsic", extrinsic),
        None => patch,
    }])
}
