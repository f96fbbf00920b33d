//! What companies may use without paying fees, where it is not what all may. What they have used is in no event: the
//! chain says it.

use crate::domain::{Column, Entity, Fact, Kind, Origin, Patch, Unread, Value};

pub const ALLOWANCES: Entity = Entity {
    name: "allowances",
    about: "Allowances that the council gave to single companies, in place of the common one. The id is the company.",
    columns: &[
        Column::new("company", Kind::U32).optional().indexed().refers("companies"),
        // The most that can be used at a time, and how much of it comes back with each block.
        Column::new("max", Kind::Money).optional(),
        Column::new("recovery_per_block", Kind::Money).optional(),
    ],
    facts: &[(Origin::Event, "Allowance", "AllowanceSet")],
    once: false,
    read,
};

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    let patch = Patch::of(fact.u32("company")?).copy(&ALLOWANCES, fact, &["company"])?;
    Ok(vec![match fact.field("allowance")? {
        Value::Null => patch.removed(),
        allowance => {
            let fields: &[&str] = &["max", "recovery_per_block"];
            patch.copy(&ALLOWANCES, &fact.seen_as(allowance), fields)?
        }
    }])
}
