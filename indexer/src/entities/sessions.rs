//! Sessions: for how long the same validators make blocks.
//!
//! No fact lists the validators of a session. Session n has those who were validators (with nothing in `gone`) when
//! session n - 1 began: it is planned then.

use crate::domain::{Column, Entity, Fact, Kind, Origin, Patch, Unread};

pub const SESSIONS: Entity = Entity {
    name: "sessions",
    about: "Sessions of validators, each with the block and the time in which it began. The id is its number.",
    columns: &[Column::new("number", Kind::U32).optional()],
    facts: &[
        (Origin::State, "Session", "Validators"),
        (Origin::Event, "Session", "NewSession"),
    ],
    once: true,
    read,
};

fn read(fact: &Fact<'_>) -> Result<Vec<Patch>, Unread> {
    let number = match fact.origin {
        // The first begins with the genesis, and no event says so.
        Origin::State => 0,
        Origin::Event => fact.u32("session_index")?,
    };
    Ok(vec![Patch::of(number).set("number", number)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Cell, Change, Value};

    #[test]
    fn the_first_session_begins_with_the_chain_and_events_tell_of_the_others() {
        let fact = |origin, name, fields| Fact {
            block: 0,
            time: 0,
            index: 0,
            origin,
            extrinsic: None,
            pallet: "Session",
            name,
            fields,
        };
        let validators = Value::List(vec![Value::Account([1; 32])]);
        let validators =
            Value::Record(vec![("keys".into(), Value::List(vec![])), ("value".into(), validators)]);
        let begun = Value::Record(vec![("session_index".into(), Value::Small(12))]);
        for (fact, id, number) in [
            (fact(Origin::State, "Validators", &validators), "0", 0_u32),
            (fact(Origin::Event, "NewSession", &begun), "12", 12),
        ] {
            let patches = (SESSIONS.read)(&fact).unwrap();
            let [patch] = patches.as_slice() else { panic!("{patches:?}") };
            assert_eq!(patch.id, id);
            assert_eq!(patch.changes, [("number", Change::Set(Cell::from(number)))]);
        }
    }
}
