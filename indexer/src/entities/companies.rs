//! Companies of the consortium.

use crate::domain::{Column, Entity, Fact, Kind, Origin, Patch, Unread};

const FIELDS: &[&str] = &["name", "kind", "treasury", "registered"];

pub const COMPANIES: Entity = Entity {
    name: "companies",
    about: "Companies of the consortium, and the money of their clearing accounts.",
    columns: &[
        Column::new("company", Kind::U32).optional(),
        Column::new("name", Kind::Text).optional().indexed(),
        Column::new("kind", Kind::Name).optional(),
        Column::new("treasury", Kind::Account).optional().indexed(),
        Column::new("registered", Kind::Time).optional(),
        Column::new("active", Kind::Bool).optional(),
        // What went from the treasury to the clearing account, and back.
        Column::sum("funded"),
        Column::sum("released"),
    ],
    facts: &[
        (Origin::State, "Consortium", "Companies"),
        (Origin::Event, "Consortium", "CompanyRegistered"),
        (Origin::Event, "Consortium", "CompanyActivitySet"),
        (Origin::Event, "Settlement", "Funded"),
        (Origin::Event, "Settlement", "Released"),
    ],
    once: false,
    read,
};

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    let patch = match fact.name {
        "Companies" => {
            let value = fact.seen_as(fact.field("value")?);
            let company = fact.key(0)?;
            Patch::of(company.json())
                .rename(&COMPANIES, fact, "company", company)?
                .copy(&COMPANIES, &value, FIELDS)?
                .copy(&COMPANIES, &value, &["active"])?
        }
        "CompanyRegistered" => Patch::of(fact.u32("company")?)
            .copy(&COMPANIES, fact, &["company"])?
            .copy(&COMPANIES, fact, FIELDS)?
            .set("active", true),
        "CompanyActivitySet" => {
            Patch::of(fact.u32("company")?).copy(&COMPANIES, fact, &["company", "active"])?
        }
        name => {
            let patch = Patch::of(fact.u32("company")?).copy(&COMPANIES, fact, &["company"])?;
            let amount = fact.integer("amount")?;
            match name {
                "Funded" => patch.add("funded", amount),
                _ => patch.add("released", amount),
            }
        }
    };
    Ok(vec![patch])
}
