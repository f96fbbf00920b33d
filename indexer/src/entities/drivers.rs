//! Drivers: accounts, nothing personal.

use crate::domain::{Column, Entity, Fact, Kind, Origin, Patch, Unread};

pub const DRIVERS: Entity = Entity {
    name: "drivers",
    about: "Drivers and their accounts. For whom they drive is in seats.",
    columns: &[
        Column::new("driver", Kind::U32).optional(),
        Column::new("account", Kind::Account).optional().indexed(),
    ],
    facts: &[
        (Origin::State, "Drivers", "Drivers"),
        (Origin::Event, "Drivers", "Enrolled"),
        (Origin::Event, "Drivers", "AccountSet"),
    ],
    once: false,
    read,
};

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    if fact.name == "Drivers" {
        let driver = fact.key(0)?;
        let value = fact.seen_as(fact.field("value")?);
        let patch = Patch::of(driver.json()).rename(&DRIVERS, fact, "driver", driver)?;
        return Ok(vec![patch.copy(&DRIVERS, &value, &["account"])?]);
    }
    let account = match fact.name {
        "Enrolled" => fact.field("account")?,
        _ => fact.field("to")?,
    };
    let patch = Patch::of(fact.u32("driver")?).copy(&DRIVERS, fact, &["driver"])?;
    Ok(vec![patch.rename(&DRIVERS, fact, "account", account)?])
}
