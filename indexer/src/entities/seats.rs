//! A driver's work for one company, and its place in the company's ledger.

use crate::domain::{Column, Entity, Fact, Kind, Origin, Patch, Unread};

pub const SEATS: Entity = Entity {
    name: "seats",
    about: "Drivers' seats in companies' ledgers. The id is company-seat. What a seat is owed is in receipts, not here.",
    columns: &[
        Column::new("company", Kind::U32).optional().indexed().refers("companies"),
        Column::new("seat", Kind::U32).optional(),
        Column::new("driver", Kind::U32).optional().indexed().refers("drivers"),
        Column::new("account", Kind::Account).optional().indexed(),
        Column::new("status", Kind::Name).optional(),
        // Rides picked up from then on are refused.
        Column::new("inactive_since", Kind::Time).optional(),
        // What was ever withdrawn from it.
        Column::sum("withdrawn"),
    ],
    facts: &[
        (Origin::Event, "Drivers", "Enrolled"),
        (Origin::Event, "Drivers", "StatusSet"),
        (Origin::Event, "Settlement", "SeatOpened"),
        (Origin::Event, "Settlement", "SeatActive"),
        (Origin::Event, "Settlement", "SeatAccount"),
        (Origin::Event, "Settlement", "Withdrawn"),
    ],
    once: false,
    read,
};

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    let id = format!("{}-{}", fact.u32("company")?, fact.u32("seat")?);
    let patch = Patch::of(id).copy(&SEATS, fact, &["company", "seat"])?;
    Ok(vec![match fact.name {
        // For the first time or again: working there either way.
        "Enrolled" => patch.copy(&SEATS, fact, &["driver", "account"])?.set("status", "Active"),
        "StatusSet" => patch.copy(&SEATS, fact, &["driver", "status"])?,
        "SeatOpened" => patch.copy(&SEATS, fact, &["driver", "account"])?,
        "SeatActive" => patch.copy(&SEATS, fact, &["inactive_since"])?,
        "SeatAccount" => patch.copy(&SEATS, fact, &["account"])?,
        _ => patch.add("withdrawn", fact.integer("amount")?),
    }])
}
