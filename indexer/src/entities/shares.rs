//! What third parties got of batches.

use crate::domain::{Column, Entity, Fact, Kind, Origin, Patch, Unread};

pub const SHARES: Entity = Entity {
    name: "shares",
    about: "Third parties' shares of settled batches. The id is company-number-third party.",
    columns: &[
        Column::new("company", Kind::U32).optional().indexed().refers("companies"),
        Column::new("number", Kind::U64).optional(),
        Column::new("to", Kind::U32).optional().indexed().refers("companies"),
        Column::sum("amount"),
    ],
    facts: &[(Origin::Event, "Settlement", "ThirdPartyPaid")],
    // A party that is named twice in a tariff is paid twice.
    once: false,
    read,
};

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    let (company, to) = (fact.u32("company")?, fact.u32("to")?);
    let id = format!("{company}-{}-{to}", fact.integer("number")?);
    let patch = Patch::of(id).copy(&SHARES, fact, &["company", "number", "to"])?;
    Ok(vec![patch.add("amount", fact.integer("amount")?)])
}
