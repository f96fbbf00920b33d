//! Entries beside balances: the same events, added up.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::domain::{
    entity::{joined, Version},
    Value,
};

/// What everybody has in the beginning and after every `BalanceSet`: more than all events of a test take.
const ENOUGH: u128 = 1_000_000;
const ACCOUNTS: u8 = 3;

type Id = [u8; 32];
/// Free and held money. Nothing: it is not known.
type Purse = [Option<u128>; 2];

fn record<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Record(fields.into_iter().map(|(name, value)| (name.into(), value)).collect())
}

/// Every field that an event of pallet-balances may have: from one account to another.
fn fields(from: u8, to: u8, amount: u128, free: bool) -> Value {
    let account = |byte: u8| Value::Account([byte; 32]);
    record([
        ("who", account(from)),
        ("account", account(from)),
        ("from", account(from)),
        ("source", account(from)),
        ("to", account(to)),
        ("dest", account(to)),
        ("amount", Value::Big(amount)),
        ("transferred", Value::Big(amount)),
        ("free", Value::Big(ENOUGH + amount)),
        ("destination_status", Value::Text(if free { "Free" } else { "Reserved" }.into())),
    ])
}

/// An account of the genesis, as `System.Account` has it.
fn born(who: u8, free: u128, held: u128) -> Value {
    let data = record([("free", Value::Big(free)), ("reserved", Value::Big(held))]);
    let keys = Value::List(vec![Value::Account([who; 32])]);
    record([("keys", keys), ("value", record([("data", data)]))])
}

fn genesis(fields: &Value, index: u32) -> Fact<'_> {
    let (pallet, name) = ("System", "Account");
    let origin = Origin::State;
    Fact { block: 0, time: 0, index, origin, extrinsic: None, pallet, name, fields }
}

fn event<'a>(name: &'a str, fields: &'a Value, index: u32) -> Fact<'a> {
    let (pallet, origin) = ("Balances", Origin::Event);
    Fact { block: 7, time: 0, index, origin, extrinsic: Some(2), pallet, name, fields }
}

/// The rows of a fact, by id.
fn rows(fact: &Fact<'_>) -> BTreeMap<String, Vec<Cell>> {
    let patches = joined((ENTRIES.read)(fact).unwrap());
    let row = |patch: Patch| {
        let mut row = Version::unborn(&ENTRIES, true);
        row.apply(&ENTRIES, &patch);
        (patch.id, row.cells)
    };
    patches.into_iter().map(row).collect()
}

fn cell<'a>(row: &'a [Cell], column: &str) -> &'a Cell {
    &row[ENTRIES.column(column).unwrap()]
}

/// Balances as their own entity folds them.
#[derive(Default)]
struct Balances(BTreeMap<String, Version>);

impl Balances {
    fn see(&mut self, fact: &Fact<'_>) {
        for patch in joined((BALANCES.read)(fact).unwrap()) {
            let unborn = || Version::unborn(&BALANCES, true);
            self.0.entry(patch.id.clone()).or_insert_with(unborn).apply(&BALANCES, &patch);
        }
    }

    fn all(&self) -> BTreeMap<Id, Purse> {
        let amount = |cell: &Cell| match cell {
            Cell::Money(amount) => Some(*amount),
            _ => None,
        };
        let rows = self.0.values().map(|version| version.cells.as_slice());
        rows.map(|row| (bytes(&row[0]), [amount(&row[1]), amount(&row[2])])).collect()
    }
}

fn bytes(cell: &Cell) -> Id {
    let Cell::Bytes(bytes) = cell else { panic!("{cell:?} is no account") };
    *bytes
}

/// The same, added up from entries.
#[derive(Default)]
struct Sums(BTreeMap<Id, Purse>);

impl Sums {
    fn see(&mut self, fact: &Fact<'_>) {
        for row in rows(fact).values() {
            let sums = self.0.entry(bytes(cell(row, "account"))).or_insert([Some(0); 2]);
            let sum = match cell(row, "part") {
                Cell::Text(part) if part == FREE => &mut sums[0],
                Cell::Text(part) if part == HELD => &mut sums[1],
                _ => {
                    *sums = [None; 2];
                    continue;
                }
            };
            *sum = match (cell(row, "set_to"), cell(row, "amount"), cell(row, "direction")) {
                (Cell::Money(free), Cell::Null, Cell::Null) => Some(*free),
                (Cell::Null, Cell::Money(amount), Cell::Text(direction)) => {
                    sum.map(|sum| match direction.as_str() {
                        "In" => sum + amount,
                        _ => sum - amount,
                    })
                }
                other => panic!("{other:?}"),
            };
        }
    }
}

proptest! {
    /// Whatever pallet-balances tells: what came in less what went out is what an account has, wherever that is
    /// known.
    #[test]
    fn entries_add_up_to_what_accounts_have(
        happened in proptest::collection::vec(
            (1..BALANCES.facts.len(), 0..ACCOUNTS, 1..ACCOUNTS, 0_u128..1_000, any::<bool>()),
            0..100,
        )
    ) {
        let (mut balances, mut sums) = (Balances::default(), Sums::default());
        for who in 0..ACCOUNTS {
            let born = born(who, ENOUGH, ENOUGH);
            let fact = genesis(&born, who.into());
            balances.see(&fact);
            sums.see(&fact);
        }
        for (index, (name, from, further, amount, free)) in (0..).zip(happened) {
            let fields = fields(from, (from + further) % ACCOUNTS, amount, free);
            let fact = event(BALANCES.facts[name].2, &fields, index);
            balances.see(&fact);
            sums.see(&fact);
        }
        prop_assert_eq!(sums.0, balances.all());
    }
}

#[test]
fn a_transfer_is_in_both_ledgers_with_the_other_side() {
    let fields = fields(8, 9, 5, true);
    let rows = rows(&event("Transfer", &fields, 3));
    assert_eq!(rows.keys().collect::<Vec<_>>(), ["7-3-0", "7-3-1"]);
    for (id, own, other, direction) in [("7-3-0", 8, 9, "Out"), ("7-3-1", 9, 8, "In")] {
        let row = &rows[id];
        assert_eq!(*cell(row, "account"), Cell::Bytes([own; 32]));
        assert_eq!(*cell(row, "counterparty"), Cell::Bytes([other; 32]));
        assert_eq!(*cell(row, "direction"), Cell::from(direction));
        assert_eq!(*cell(row, "part"), Cell::from(FREE));
        assert_eq!(*cell(row, "kind"), Cell::from("Transfer"));
        assert_eq!(*cell(row, "amount"), Cell::Money(5));
        assert_eq!(*cell(row, "extrinsic"), Cell::from(2_u32));
    }
}

#[test]
fn money_that_is_held_goes_from_one_part_to_the_other() {
    let fields = fields(8, 9, 5, true);
    let rows = rows(&event("Held", &fields, 0));
    let moved = |row: &Vec<Cell>| (cell(row, "direction").clone(), cell(row, "part").clone());
    let moves: Vec<_> = rows.values().map(moved).collect();
    let expected = [("Out", FREE), ("In", HELD)];
    assert_eq!(moves, expected.map(|(to, part)| (Cell::from(to), Cell::from(part))));
    assert!(rows.values().all(|row| *cell(row, "account") == Cell::Bytes([8; 32])));
    assert!(rows.values().all(|row| *cell(row, "counterparty") == Cell::Null));
}

#[test]
fn what_was_there_in_the_beginning_came_with_the_genesis() {
    let born = born(8, 5, 0);
    let rows = rows(&genesis(&born, 4));
    assert_eq!(rows.len(), 1, "{rows:?}");
    let row = &rows["0-4-0"];
    assert_eq!(*cell(row, "kind"), Cell::from("Genesis"));
    assert_eq!(*cell(row, "amount"), Cell::Money(5));
}

#[test]
fn what_moves_nothing_is_no_entry() {
    let fields = fields(8, 9, 0, true);
    assert!(rows(&event("Transfer", &fields, 0)).is_empty());
}
