use super::*;
use crate::domain::{Change, Kind};
use std::collections::BTreeSet;

#[test]
fn names_are_unique_and_nobody_takes_the_names_of_the_rest() {
    let registry = Registry::default();
    let taken = ["raw_blocks", "runtimes", "generations", "cuts", "progress"];
    let mut names: BTreeSet<&str> = tables::ALL.iter().map(|table| table.name).collect();
    names.extend(taken);
    for entity in registry.all() {
        assert!(names.insert(entity.name), "{} is there already", entity.name);
        let mut columns: BTreeSet<&str> = HEAD.iter().map(|column| column.name).collect();
        for column in entity.columns {
            assert!(columns.insert(column.name), "{}.{} twice", entity.name, column.name);
            assert!(
                column.nullable,
                "{}.{} has to be able to hold nothing",
                entity.name, column.name
            );
            assert!(!column.sum || column.kind == Kind::Money);
        }
        assert!(entity.about.ends_with('.') && !entity.facts.is_empty(), "{}", entity.name);
    }
}

#[test]
fn the_form_is_that_of_the_columns_and_of_what_changes_them() {
    let all = Registry::default();
    let fewer = Registry::of(ALL[1..].to_vec());
    assert_ne!(all.form(), fewer.form());
    assert_eq!(all.form(), Registry::default().form());
    const LEARNED: [(Origin, &str, &str); 1] = [(Origin::Event, "Vehicles", "NewPlate")];
    let mut entities = ALL.to_vec();
    entities[0].facts = &LEARNED;
    assert_ne!(all.form(), Registry::of(entities).form());
}

#[test]
fn a_tariff_from_beyond_all_times_is_read_all_the_same() {
    use crate::domain::{Cell, Fact, Value};
    let number = |name: &str, number| (name.into(), Value::Small(number));
    let fields = Value::Record(vec![
        number("company", 1),
        number("city", 440_300),
        number("version", 1),
        ("from".into(), Value::Big(u64::MAX.into())),
        ("tariff".into(), Value::Null),
        ("proposed_by".into(), Value::Account([7; 32])),
    ]);
    let fact = Fact {
        block: 1,
        time: 0,
        index: 0,
        origin: Origin::Event,
        extrinsic: None,
        pallet: "Tariffs",
        name: "Proposed",
        fields: &fields,
    };
    let patches = (tariffs::TARIFFS.read)(&fact).unwrap();
    assert!(patches[0].changes.contains(&("from", Change::Set(Cell::Null))), "{patches:?}");
}

#[test]
fn money_that_is_held_does_not_vanish() {
    use crate::domain::{Fact, Origin, Value};
    let fields = Value::Record(vec![
        ("who".into(), Value::Account([7; 32])),
        ("amount".into(), Value::Big(5)),
    ]);
    let fact = Fact {
        block: 1,
        time: 0,
        index: 0,
        origin: Origin::Event,
        extrinsic: None,
        pallet: "Balances",
        name: "Held",
        fields: &fields,
    };
    let patches = (balances::BALANCES.read)(&fact).unwrap();
    let [patch] = patches.as_slice() else { panic!("{patches:?}") };
    assert!(patch.changes.contains(&("free", Change::Subtract(5))));
    assert!(patch.changes.contains(&("held", Change::Add(5))));
}
