//! Companies of the consortium.

use crate::domain::{Column, Entity, Fact, Kind, Origin, Patch, Unread, Value};

const BORN: &[&str] = &["name", "kind", "treasury", "registered"];

/// The standing that lets a company act.
const ACTIVE: &str = "Active";

pub const COMPANIES: Entity = Entity {
    name: "companies",
    about: "Companies of the consortium: their standing and seat, and the money of their clearing accounts.",
    columns: &[
        Column::new("company", Kind::U32).optional(),
        Column::new("name", Kind::Text).optional().indexed(),
        Column::new("kind", Kind::Name).optional(),
        Column::new("treasury", Kind::Account).optional().indexed(),
        Column::new("registered", Kind::Time).optional(),
        // Whether its standing is Active. From `until` on nobody acts for it all the same.
        Column::new("active", Kind::Bool).optional(),
        Column::new("standing", Kind::Name).optional(),
        // From then on its membership is void, unless it is renewed. Nothing: without end.
        Column::new("until", Kind::Time).optional(),
        // Whether the chain has told that its membership ended, which it does a little after `until`.
        Column::new("lapsed", Kind::Bool).optional(),
        // Why it was expelled: the hash of a document.
        Column::new("reason", Kind::Hash).optional(),
        // Who votes for it in the council while it is active and has not lapsed.
        Column::new("seat", Kind::Account).optional().indexed(),
        // What went from the treasury to the clearing account, and back.
        Column::sum("funded"),
        Column::sum("released"),
    ],
    facts: &[
        (Origin::State, "Consortium", "Companies"),
        (Origin::State, "Consortium", "Seats"),
        (Origin::Event, "Consortium", "CompanyRegistered"),
        (Origin::Event, "Consortium", "CompanyActivitySet"),
        (Origin::Event, "Consortium", "CompanyExpelled"),
        (Origin::Event, "Consortium", "Admitted"),
        (Origin::Event, "Consortium", "MembershipRenewed"),
        (Origin::Event, "Consortium", "MembershipLapsed"),
        (Origin::Event, "Consortium", "SeatMoved"),
        (Origin::Event, "Settlement", "Funded"),
        (Origin::Event, "Settlement", "Released"),
    ],
    once: false,
    read,
};

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    let company = match fact.origin {
        Origin::State => fact.key(0)?,
        Origin::Event => fact.field("company")?,
    };
    let patch = Patch::of(company.json()).rename(&COMPANIES, fact, "company", company)?;
    Ok(vec![match fact.name {
        "Companies" => {
            let value = fact.seen_as(fact.field("value")?);
            let Value::Text(standing) = value.field("standing")? else {
                return Err(fact.unread("its standing is no name"));
            };
            let patch = patch.copy(&COMPANIES, &value, BORN)?;
            // Of a block without events: the chain has told nothing yet.
            stands(patch.copy(&COMPANIES, &value, &["until"])?, standing).set("lapsed", false)
        }
        "Seats" => patch.rename(&COMPANIES, fact, "seat", fact.field("value")?)?,
        "CompanyRegistered" => {
            stands(patch.copy(&COMPANIES, fact, BORN)?, ACTIVE).set("lapsed", false)
        }
        "CompanyActivitySet" => match fact.field("active")? {
            Value::Bool(true) => stands(patch, ACTIVE),
            Value::Bool(false) => stands(patch, "Suspended"),
            _ => return Err(fact.unread("its field active is no truth")),
        },
        "CompanyExpelled" => stands(patch.copy(&COMPANIES, fact, &["reason"])?, "Expelled"),
        "Admitted" => patch.copy(&COMPANIES, fact, &["until"])?,
        "MembershipRenewed" => patch.copy(&COMPANIES, fact, &["until"])?.set("lapsed", false),
        "MembershipLapsed" => patch.set("lapsed", true),
        "SeatMoved" => patch.rename(&COMPANIES, fact, "seat", fact.field("to")?)?,
        "Funded" => patch.add("funded", fact.integer("amount")?),
        _ => patch.add("released", fact.integer("amount")?),
    }])
}

fn stands(patch: Patch, standing: &str) -> Patch {
    patch.set("standing", standing).set("active", standing == ACTIVE)
}
