//! Keys of the copy: bytes whose order is that of rows.
//!
//! ```text
//! row       table 0 key                          -> the row
//! version   table 1 id 0 version                 -> the row as it was       (entities that change)
//! lookup    table 2 number-of-lookup values key  -> nothing
//! tally     table 3 number-of-lookup values hour -> how many, and sums      (tables, and entities that do not change)
//! ```

use crate::{domain::Cell, graphql::shape::Shape};

/// The number of the tally over all rows of a table.
pub const ALL_ROWS: u8 = u8::MAX;

/// The key of a row.
pub fn row(table: u8, shape: &Shape, cells: &[Cell]) -> Vec<u8> {
    let mut key = rows(table);
    for place in &shape.key {
        push(&mut key, &cells[*place]);
    }
    key
}

/// Where rows of a table begin.
pub fn rows(table: u8) -> Vec<u8> {
    vec![table, 0]
}

/// Where versions of an id begin.
pub fn versions(table: u8, id: &str) -> Vec<u8> {
    let mut key = vec![table, 1];
    push_text(&mut key, id);
    key
}

/// The key of a version.
pub fn version(table: u8, id: &str, version: u64) -> Vec<u8> {
    let mut key = versions(table, id);
    key.extend_from_slice(&version.to_be_bytes());
    key
}

/// Where a lookup's rows with some values begin. `None`: a value is nothing, and nothing is not looked for.
pub fn found(table: u8, lookup: u8, values: &[&Cell]) -> Option<Vec<u8>> {
    with(vec![table, 2, lookup], values)
}

/// Where tallies of a lookup's rows with some values begin.
pub fn tallies(table: u8, lookup: u8, values: &[&Cell]) -> Option<Vec<u8>> {
    with(vec![table, 3, lookup], values)
}

fn with(mut key: Vec<u8>, values: &[&Cell]) -> Option<Vec<u8>> {
    for value in values {
        if **value == Cell::Null {
            return None;
        }
        push(&mut key, value);
    }
    Some(key)
}

/// Where what a row has in a lookup begins: several places where a column holds several. `begin` is [`found`] or
/// [`tallies`].
pub fn places(
    table: u8,
    number: u8,
    lookup: &[usize],
    cells: &[Cell],
    begin: fn(u8, u8, &[&Cell]) -> Option<Vec<u8>>,
) -> Vec<Vec<u8>> {
    match lookup {
        [one] => match &cells[*one] {
            Cell::Accounts(accounts) => {
                let of = |account: &[u8; 32]| begin(table, number, &[&Cell::Bytes(*account)]);
                accounts.iter().filter_map(of).collect()
            }
            cell => begin(table, number, &[cell]).into_iter().collect(),
        },
        several => {
            let values: Vec<&Cell> = several.iter().map(|place| &cells[*place]).collect();
            begin(table, number, &values).into_iter().collect()
        }
    }
}

/// Appends a value: what is greater comes later.
pub fn push(key: &mut Vec<u8>, cell: &Cell) {
    match cell {
        Cell::Null => key.push(0),
        Cell::Bool(truth) => key.push(1 + u8::from(*truth)),
        Cell::Number(number) => key.extend_from_slice(&number.to_be_bytes()),
        Cell::Money(amount) => key.extend_from_slice(&amount.to_be_bytes()),
        Cell::Bytes(bytes) => key.extend_from_slice(bytes),
        Cell::Text(text) => push_text(key, text),
        Cell::Time(ms) => key.extend_from_slice(&(ms ^ i64::MIN).to_be_bytes()),
        Cell::Accounts(_) => {}
    }
}

/// A zero ends a text; one within it is written as 1 1, and 1 as 1 2, so that no two texts have one key.
fn push_text(key: &mut Vec<u8>, text: &str) {
    for byte in text.bytes() {
        match byte {
            0 => key.extend_from_slice(&[1, 1]),
            1 => key.extend_from_slice(&[1, 2]),
            byte => key.push(byte),
        }
    }
    key.push(0);
}

/// What comes right behind everything that begins with this.
pub fn behind(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return end;
        }
    }
    vec![u8::MAX; prefix.len() + 1]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(cell: Cell) -> Vec<u8> {
        let mut key = Vec::new();
        push(&mut key, &cell);
        key
    }

    proptest! {
        #[test]
        fn keys_have_the_order_of_values(one: u64, two: u64, ms: i64, other: i64, text: String, another: String) {
            prop_assert_eq!(one.cmp(&two), key(Cell::Number(one)).cmp(&key(Cell::Number(two))));
            prop_assert_eq!(ms.cmp(&other), key(Cell::Time(ms)).cmp(&key(Cell::Time(other))));
            let (texts, keys) = (text.cmp(&another), key(Cell::Text(text)).cmp(&key(Cell::Text(another))));
            prop_assert_eq!(texts, keys);
        }

        #[test]
        fn texts_with_zeros_have_keys_of_their_own(one in "[\u{0}-\u{2}]{0,4}", two in "[\u{0}-\u{2}]{0,4}") {
            prop_assert_eq!(one.cmp(&two), key(Cell::Text(one)).cmp(&key(Cell::Text(two))));
        }

        #[test]
        fn what_begins_with_a_key_is_before_what_is_behind_it(
            prefix in proptest::collection::vec(any::<u8>(), 1..9),
            rest in proptest::collection::vec(any::<u8>(), 0..9),
        ) {
            let mut key = prefix.clone();
            key.extend(rest);
            prop_assert!(key < behind(&prefix) || prefix.iter().all(|byte| *byte == u8::MAX));
        }
    }
}
