//! What a block proves to the outside.

use smartlink_primitives::merkle;

use crate::domain::{Column, Entity, Fact, Kind, Origin, Patch, Unread, Value};

/// The entry of the state that holds the root of the block.
pub const LATEST: (&str, &str) = ("Checkpoints", "LatestRoot");

pub const CHECKPOINTS: Entity = Entity {
    name: "checkpoints",
    about: "Checkpoint roots of the blocks that prove something. The id is the block's height.",
    columns: &[Column::new("root", Kind::Hash).optional().indexed()],
    facts: &[(Origin::State, LATEST.0, LATEST.1)],
    once: true,
    read,
};

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    let root = fact.field("value")?;
    // Before the first block has ended there is none; over no item there is one, which says nothing.
    let nothing = [[0; 32], merkle::root(Vec::new()).0];
    if matches!(root, Value::Bytes(root) if nothing.iter().any(|none| **root == *none)) {
        return Ok(Vec::new());
    }
    Ok(vec![Patch::of(fact.block).rename(&CHECKPOINTS, fact, "root", root)?])
}
