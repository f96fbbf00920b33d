//! Validators of the companies.

use crate::domain::{Cell, Column, Entity, Fact, Kind, Origin, Patch, Unread, Value};

pub const VALIDATORS: Entity = Entity {
    name: "validators",
    about: "Validators of the companies: active, leaving (in sessions before `gone`), or disabled by an offence if the chain \
            bears it.",
    columns: &[
        Column::new("account", Kind::Account).optional(),
        Column::new("company", Kind::U32).optional().indexed().refers("companies"),
        Column::new("state", Kind::Name).optional(),
        // The first session without it.
        Column::new("gone", Kind::U32).optional(),
        // Its last offence, the session of it, and how bad that was, in parts of a thousand million.
        Column::new("offence", Kind::Name).optional(),
        Column::new("offence_session", Kind::U32).optional(),
        Column::new("severity", Kind::U32).optional(),
    ],
    facts: &[
        (Origin::State, "Validators", "Validators"),
        (Origin::Event, "Validators", "ValidatorAdded"),
        (Origin::Event, "Validators", "ValidatorRemoved"),
        (Origin::Event, "Validators", "ValidatorLeft"),
        (Origin::Event, "Validators", "Offended"),
        (Origin::Event, "Validators", "Reinstated"),
    ],
    once: false,
    read,
};

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    if fact.name == "Validators" {
        let Value::List(validators) = fact.field("value")? else {
            return Err(fact.unread("its value is no list"));
        };
        let added = validators.iter().map(|validator| added(&fact.seen_as(validator)));
        return added.collect();
    }
    let patch = of(fact)?;
    Ok(vec![match fact.name {
        "ValidatorAdded" => added(fact)?,
        "ValidatorRemoved" => {
            patch.copy(&VALIDATORS, fact, &["company", "gone"])?.set("state", "leaving")
        }
        "ValidatorLeft" => patch.set("state", "left").removed(),
        "Offended" => patch
            .copy(&VALIDATORS, fact, &["company", "severity"])?
            .rename(&VALIDATORS, fact, "offence", fact.field("kind")?)?
            .rename(&VALIDATORS, fact, "offence_session", fact.field("session")?)?
            .set("state", "disabled"),
        _ => patch.set("state", "active"),
    }])
}

fn of(fact: &Fact<'_>) -> Result<Patch, Unread> {
    Patch::of(fact.account("account")?).copy(&VALIDATORS, fact, &["account"])
}

fn added(fact: &Fact<'_>) -> Result<Patch, Unread> {
    let patch = of(fact)?.copy(&VALIDATORS, fact, &["company"])?;
    Ok(patch.set("state", "active").set("gone", Cell::Null))
}
