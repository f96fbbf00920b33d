//! Machines that may join the network: what the chain calls nodes. Here they are no `nodes`, for so connections call
//! the rows of a page.

use crate::domain::{Column, Entity, Fact, Kind, Origin, Patch, Unread, Value};

pub const MACHINES: Entity = Entity {
    name: "machines",
    about: "Machines that companies registered to join the network. Whether one may join now is also up to its company's \
            membership. The id is the key of its node.",
    columns: &[
        Column::new("node", Kind::Hash).optional().indexed(),
        Column::new("company", Kind::U32).optional().indexed().refers("companies"),
        Column::new("kind", Kind::Name).optional(),
        Column::new("label", Kind::Text).optional().indexed(),
        // The block in which it was first registered.
        Column::new("since", Kind::U32).optional(),
        // Who took it out: its company, the council, or the expulsion of its company.
        Column::new("removal", Kind::Name).optional(),
    ],
    facts: &[
        (Origin::State, "Nodes", "Nodes"),
        (Origin::Event, "Nodes", "Registered"),
        (Origin::Event, "Nodes", "Unregistered"),
    ],
    once: false,
    read,
};

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    let registered: &[&str] = &["company", "kind", "label", "since"];
    if fact.name == "Nodes" {
        let patch = of(fact, fact.key(0)?)?;
        return Ok(vec![patch.copy(&MACHINES, &fact.seen_as(fact.field("value")?), registered)?]);
    }
    let patch = of(fact, fact.field("node")?)?;
    Ok(vec![match fact.name {
        "Registered" => {
            let nobody = &Value::Null;
            patch.copy(&MACHINES, fact, registered)?.rename(&MACHINES, fact, "removal", nobody)?
        }
        _ => patch.copy(&MACHINES, fact, &["company", "removal"])?.removed(),
    }])
}

fn of(fact: &Fact<'_>, node: &Value) -> Result<Patch, Unread> {
    Patch::of(node.json().trim_matches('"')).rename(&MACHINES, fact, "node", node)
}
