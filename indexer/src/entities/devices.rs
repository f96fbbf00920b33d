//! Devices that are bound to vehicles. A vehicle that is sold or scrapped has them unbound, one by one.

use crate::domain::{Column, Entity, Fact, Kind, Origin, Patch, Unread};

pub const DEVICES: Entity = Entity {
    name: "devices",
    about:
        "Devices of companies, and the vehicles for which they report. The id is company-device.",
    columns: &[
        Column::new("company", Kind::U32).optional().indexed().refers("companies"),
        Column::new("device", Kind::Hash).optional().indexed(),
        Column::new("vehicle", Kind::U32).optional().indexed().refers("vehicles"),
        Column::new("key", Kind::Hash).optional(),
    ],
    facts: &[
        (Origin::Event, "Vehicles", "DeviceBound"),
        (Origin::Event, "Vehicles", "DeviceUnbound"),
    ],
    once: false,
    read,
};

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    let device = fact.field("device")?.json();
    let id = format!("{}-{}", fact.u32("company")?, device.trim_matches('"'));
    let patch = Patch::of(id).copy(&DEVICES, fact, &["company", "device", "vehicle"])?;
    Ok(vec![match fact.name {
        "DeviceBound" => patch.copy(&DEVICES, fact, &["key"])?,
        _ => patch.removed(),
    }])
}
