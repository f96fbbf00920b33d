//! Applications to join the consortium. Their papers are entities of their own.

use crate::domain::{Column, Entity, Fact, Kind, Origin, Patch, Unread};

pub const APPLICATIONS: Entity = Entity {
    name: "applications",
    about: "Applications to join the consortium: open, admitted, or closed without admission.",
    columns: &[
        Column::new("application", Kind::U32).optional(),
        Column::new("name", Kind::Text).optional().indexed(),
        Column::new("kind", Kind::Name).optional(),
        Column::new("treasury", Kind::Account).optional(),
        // Whether it agreed to be the company's. Without that nobody is admitted.
        Column::new("treasury_accepted", Kind::Bool).optional(),
        Column::new("applicant", Kind::Account).optional().indexed(),
        Column::new("applied", Kind::Time).optional(),
        Column::new("state", Kind::Name).optional(),
        // Who closed it. Nothing, when it is closed: the council.
        Column::new("closed_by", Kind::Account).optional(),
        // What it was admitted as.
        Column::new("company", Kind::U32).optional().indexed().refers("companies"),
    ],
    facts: &[
        (Origin::Event, "Consortium", "Applied"),
        (Origin::Event, "Consortium", "TreasuryAccepted"),
        (Origin::Event, "Consortium", "Admitted"),
        (Origin::Event, "Consortium", "ApplicationClosed"),
    ],
    once: false,
    read,
};

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    let applied: &[&str] = &["name", "kind", "treasury", "applicant", "applied"];
    let patch = Patch::of(fact.u32("application")?).copy(&APPLICATIONS, fact, &["application"])?;
    Ok(vec![match fact.name {
        "Applied" => {
            // Who applies with the own account agrees by that, and the chain tells no more of it.
            let own = fact.field("treasury")? == fact.field("applicant")?;
            let patch = patch.copy(&APPLICATIONS, fact, applied)?;
            patch.set("treasury_accepted", own).set("state", "open")
        }
        "TreasuryAccepted" => patch.set("treasury_accepted", true),
        // The chain keeps nothing of it either way. How a company joined stays in lists here.
        "Admitted" => patch.copy(&APPLICATIONS, fact, &["company"])?.set("state", "admitted"),
        _ => patch
            .rename(&APPLICATIONS, fact, "closed_by", fact.field("by")?)?
            .set("state", "closed")
            .removed(),
    }])
}
