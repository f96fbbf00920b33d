//! On whose allowance accounts draw.

use crate::domain::{Column, Entity, Fact, Kind, Origin, Patch, Unread, Value};

pub const DRAWS: Entity = Entity {
    name: "draws",
    about: "On the allowance of which company an account draws, while it works there. The id is the account.",
    columns: &[
        Column::new("account", Kind::Account).optional(),
        Column::new("company", Kind::U32).optional().indexed().refers("companies"),
    ],
    facts: &[
        (Origin::State, "Allowance", "Draws"),
        (Origin::Event, "Allowance", "DrawsSet"),
        (Origin::Event, "Allowance", "DrawsEnded"),
    ],
    once: false,
    read,
};

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    Ok(vec![match fact.name {
        "Draws" => of(fact, fact.key(0)?, fact.field("value")?)?,
        "DrawsSet" => of(fact, fact.field("who")?, fact.field("company")?)?,
        _ => of(fact, fact.field("who")?, fact.field("company")?)?.removed(),
    }])
}

fn of(fact: &Fact<'_>, account: &Value, company: &Value) -> Result<Patch, Unread> {
    Patch::of(account.json().trim_matches('"'))
        .rename(&DRAWS, fact, "account", account)?
        .rename(&DRAWS, fact, "company", company)
}
