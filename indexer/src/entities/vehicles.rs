//! Vehicles.

use crate::domain::{Cell, Column, Entity, Fact, Kind, Origin, Patch, Unread, Value};

const BORN: &[&str] = &["owner", "vin", "plate", "model", "class"];

pub const VEHICLES: Entity = Entity {
    name: "vehicles",
    about: "Vehicles: whose they are, what they bear, and for how much they are offered.",
    columns: &[
        Column::new("vehicle", Kind::U32).optional(),
        Column::new("owner", Kind::U32).optional().indexed().refers("companies"),
        Column::new("vin", Kind::Text).optional().indexed(),
        Column::new("plate", Kind::Text).optional().indexed(),
        Column::new("model", Kind::Text).optional(),
        Column::new("class", Kind::Name).optional(),
        Column::new("status", Kind::Name).optional(),
        // The chain's own count of changes.
        Column::new("revision", Kind::U32).optional(),
        Column::new("offered_to", Kind::U32).optional().indexed().refers("companies"),
        Column::new("price", Kind::Money).optional(),
        // Whose it was before, and what was paid for it then.
        Column::new("bought_from", Kind::U32).optional().indexed().refers("companies"),
        Column::new("paid", Kind::Money).optional(),
    ],
    facts: &[
        (Origin::State, "Vehicles", "Vehicles"),
        (Origin::Event, "Vehicles", "Registered"),
        (Origin::Event, "Vehicles", "PlateSet"),
        (Origin::Event, "Vehicles", "StatusSet"),
        (Origin::Event, "Vehicles", "TransferOffered"),
        (Origin::Event, "Vehicles", "OfferCancelled"),
        (Origin::Event, "Vehicles", "Transferred"),
    ],
    once: false,
    read,
};

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    let revised = |patch: Patch| patch.rename(&VEHICLES, fact, "revision", fact.field("version")?);
    if fact.name == "Vehicles" {
        let vehicle = fact.key(0)?;
        let value = fact.seen_as(fact.field("value")?);
        let patch = Patch::of(vehicle.json())
            .rename(&VEHICLES, fact, "vehicle", vehicle)?
            .copy(&VEHICLES, &value, BORN)?
            .copy(&VEHICLES, &value, &["status"])?
            .rename(&VEHICLES, fact, "revision", value.field("version")?)?;
        return Ok(vec![unoffered(patch)]);
    }
    let patch = Patch::of(fact.u32("vehicle")?).copy(&VEHICLES, fact, &["vehicle"])?;
    Ok(vec![match fact.name {
        "Registered" => unoffered(patch.copy(&VEHICLES, fact, BORN)?)
            .set("status", "InService")
            .set("revision", 1_u32),
        "PlateSet" => revised(patch.copy(&VEHICLES, fact, &["plate"])?)?,
        "StatusSet" => {
            let patch = revised(patch.copy(&VEHICLES, fact, &["status"])?)?;
            match fact.field("status")? {
                Value::Text(status) if &**status == "Scrapped" => unoffered(patch).set("plate", ""),
                _ => patch,
            }
        }
        "TransferOffered" => patch.copy(&VEHICLES, fact, &["price"])?.rename(
            &VEHICLES,
            fact,
            "offered_to",
            fact.field("to")?,
        )?,
        "OfferCancelled" => unoffered(patch),
        _ => unoffered(revised(patch)?)
            .rename(&VEHICLES, fact, "owner", fact.field("to")?)?
            .rename(&VEHICLES, fact, "bought_from", fact.field("from")?)?
            .rename(&VEHICLES, fact, "paid", fact.field("price")?)?,
    }])
}

fn unoffered(patch: Patch) -> Patch {
    patch.set("offered_to", Cell::Null).set("price", Cell::Null)
}
