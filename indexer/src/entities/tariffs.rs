//! Tariffs, from the proposal on.

use crate::domain::{Cell, Column, Entity, Fact, Kind, Origin, Patch, Unread};

pub const TARIFFS: Entity = Entity {
    name: "tariffs",
    about: "Tariffs of companies in cities: proposed, approved, rejected, retired. The id is company-city-version.",
    columns: &[
        Column::new("company", Kind::U32).optional().indexed().refers("companies"),
        Column::new("city", Kind::U32).optional().indexed(),
        Column::new("number", Kind::U32).optional(),
        Column::new("state", Kind::Name).optional(),
        // It holds for pick-ups from then on.
        Column::new("from", Kind::Time).optional(),
        Column::new("tariff", Kind::Json).optional(),
        Column::new("proposed_by", Kind::Account).optional(),
        Column::new("approved_by", Kind::Account).optional(),
        Column::new("rejected_by", Kind::Account).optional(),
    ],
    facts: &[
        (Origin::Event, "Tariffs", "Proposed"),
        (Origin::Event, "Tariffs", "Approved"),
        (Origin::Event, "Tariffs", "Rejected"),
        (Origin::Event, "Tariffs", "Retired"),
    ],
    once: false,
    read,
};

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    let (company, city) = (fact.u32("company")?, fact.u32("city")?);
    let id = format!("{company}-{city}-{}", fact.u32("version")?);
    let patch = Patch::of(id).copy(&TARIFFS, fact, &["company", "city"])?.rename(
        &TARIFFS,
        fact,
        "number",
        fact.field("version")?,
    )?;
    Ok(vec![match fact.name {
        // A version that was rejected may be proposed again, and is another tariff then.
        "Proposed" => patch
            .copy(&TARIFFS, fact, &["tariff", "from", "proposed_by"])?
            .set("approved_by", Cell::Null)
            .set("rejected_by", Cell::Null)
            .set("state", "proposed"),
        "Approved" => {
            patch.copy(&TARIFFS, fact, &["from", "approved_by"])?.set("state", "approved")
        }
        "Rejected" => patch.copy(&TARIFFS, fact, &["rejected_by"])?.set("state", "rejected"),
        _ => patch.set("state", "retired").removed(),
    }])
}
