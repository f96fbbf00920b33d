//! How many rows there were by the hour, and sums over them: of all rows of a table, and of those that a lookup leads to.
//! They are written with the rows, in the same batch.

use rocksdb::{IteratorMode, ReadOptions, WriteBatch};
use rustc_hash::FxHashMap;

use super::{keys, refused, Copy};
use crate::{
    domain::{Cell, Kind},
    error::Error,
    graphql::shape::{Life, Shape},
};

/// Milliseconds of an hour.
pub const HOUR: i64 = 3_600_000;
/// Hours that are looked at for a question, at most: nearly six years. What needs more is asked of ClickHouse.
const MOST_HOURS: usize = 50_000;

/// Some rows together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many.
    pub count: u64,
    /// Of each number of the shape ([`numbers`]): nothing where no row has it.
    pub numbers: Vec<Option<Numbers>>,
}

/// What a number of some rows comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// The sum. `None`: it is beyond 128 bits.
    pub sum: Option<u128>,
    /// The least.
    pub min: u128,
    /// The greatest.
    pub max: u128,
}

impl Numbers {
    fn of(number: u128) -> Self {
        Self { sum: Some(number), min: number, max: number }
    }

    fn with(self, other: Self) -> Self {
        let sum = self.sum.zip(other.sum).and_then(|(one, two)| one.checked_add(two));
        Self { sum, min: self.min.min(other.min), max: self.max.max(other.max) }
    }
}

impl Tally {
    /// Of one row.
    fn of(shape: &Shape, cells: &[Cell]) -> Self {
        let number = |place: usize| match &cells[place] {
            Cell::Number(number) => Some(Numbers::of(u128::from(*number))),
            Cell::Money(amount) => Some(Numbers::of(*amount)),
            _ => None,
        };
        Self { count: 1, numbers: numbers(shape).map(number).collect() }
    }

    /// These and others.
    pub fn add(&mut self, other: &Self) {
        self.count = self.count.saturating_add(other.count);
        self.numbers.resize(self.numbers.len().max(other.numbers.len()), None);
        for (own, other) in self.numbers.iter_mut().zip(&other.numbers) {
            *own = match (*own, *other) {
                (Some(own), Some(other)) => Some(own.with(other)),
                (own, other) => own.or(other),
            };
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.count.to_le_bytes().to_vec();
        for number in &self.numbers {
            // 0: none; 1: whole; 2: the sum is beyond what can be written.
            bytes.push(match number {
                None => 0,
                Some(Numbers { sum: Some(_), .. }) => 1,
                Some(Numbers { sum: None, .. }) => 2,
            });
            if let Some(Numbers { sum, min, max }) = number {
                for number in [sum.unwrap_or(0), *min, *max] {
                    bytes.extend_from_slice(&number.to_le_bytes());
                }
            }
        }
        bytes
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (count, mut rest) = bytes.split_first_chunk::<8>()?;
        let mut tally = Self { count: u64::from_le_bytes(*count), numbers: Vec::new() };
        while let Some((kind, more)) = rest.split_first() {
            rest = more;
            let mut number = || {
                let (number, more) = rest.split_first_chunk::<16>()?;
                rest = more;
                Some(u128::from_le_bytes(*number))
            };
            tally.numbers.push(match kind {
                0 => None,
                1 | 2 => {
                    let (sum, min, max) = (number()?, number()?, number()?);
                    Some(Numbers { sum: (*kind == 1).then_some(sum), min, max })
                }
                _ => return None,
            });
        }
        Some(tally)
    }
}

/// Columns that make sense as sums.
pub fn numbers(shape: &Shape) -> impl Iterator<Item = usize> + '_ {
    (0..shape.columns.len()).filter(|place| {
        let column = &shape.columns[*place];
        let counted = matches!(
            column.name,
            "rides"
                | "count"
                | "bytes"
                | "extrinsics"
                | "calls"
                | "events"
                | "distance_m"
                | "duration_s"
        );
        column.kind == Kind::Money || (counted && matches!(column.kind, Kind::U32 | Kind::U64))
    })
}

/// Tallies of rows that are about to be written.
#[derive(Default)]
pub struct Tallies(FxHashMap<Vec<u8>, Tally>);

impl Tallies {
    /// One row more.
    pub fn count(&mut self, table: u8, shape: &Shape, cells: &[Cell]) {
        if shape.life == Life::Changing {
            return;
        }
        let Some(time) = shape.column("time").and_then(|place| match cells[place] {
            Cell::Time(ms) => Some(ms),
            _ => None,
        }) else {
            return;
        };
        let hour = Cell::Time(time.div_euclid(HOUR) * HOUR);
        let own = Tally::of(shape, cells);
        let lookups =
            shape.lookups.iter().enumerate().filter(|(_, lookup)| is_tallied(shape, lookup));
        let places = lookups.flat_map(|(number, lookup)| {
            keys::places(table, number as u8, lookup, cells, keys::tallies)
        });
        let all = keys::tallies(table, keys::ALL_ROWS, &[]);
        for mut key in places.chain(all) {
            keys::push(&mut key, &hour);
            self.0.entry(key).or_default().add(&own);
        }
    }

    /// Adds them to those that are there.
    ///
    /// # Errors
    /// RocksDB does not give those.
    pub fn put(self, copy: &Copy, batch: &mut WriteBatch) -> Result<(), Error> {
        for (key, mut tally) in self.0 {
            if let Some(before) = copy.db.get_pinned(&key).map_err(refused)? {
                tally.add(&Tally::read(&before).ok_or_else(unreadable)?);
            }
            batch.put(key, tally.bytes());
        }
        Ok(())
    }
}

/// Whether there are tallies of a lookup: not of one that leads to a row or two.
fn is_tallied(shape: &Shape, lookup: &[usize]) -> bool {
    let by_id = shape.life == Life::Once && lookup == [0];
    let few = |place: &usize| matches!(shape.columns[*place].name, "hash" | "block" | "order");
    !by_id && !lookup.iter().any(few)
}

fn unreadable() -> Error {
    Error::Differs(
        "a tally of the copy cannot be read: remove the folder `api.folder`, and it is filled anew"
            .to_owned(),
    )
}

impl Copy {
    /// Tallies of all rows that have some values, hour by hour. `None`: that is not tallied, or of too
    /// many hours.
    ///
    /// # Errors
    /// RocksDB does not give them.
    pub fn tallies(
        &self,
        shape: &Shape,
        equal: &[(usize, Cell)],
    ) -> Result<Option<Vec<(i64, Tally)>>, Error> {
        if shape.life == Life::Changing {
            return Ok(None);
        }
        let table = self.number(shape);
        let prefix = match equal {
            [] => keys::tallies(table, keys::ALL_ROWS, &[]),
            _ => {
                let fits = |lookup: &Vec<usize>| {
                    lookup.len() == equal.len()
                        && is_tallied(shape, lookup)
                        && lookup.iter().all(|place| equal.iter().any(|(own, _)| own == place))
                };
                let Some(number) = shape.lookups.iter().position(fits) else { return Ok(None) };
                let values: Vec<&Cell> = shape.lookups[number]
                    .iter()
                    .filter_map(|place| equal.iter().find(|(own, _)| own == place))
                    .map(|(_, cell)| cell)
                    .collect();
                keys::tallies(table, number as u8, &values)
            }
        };
        let Some(prefix) = prefix else { return Ok(None) };
        let mut options = ReadOptions::default();
        options.set_iterate_lower_bound(prefix.clone());
        options.set_iterate_upper_bound(keys::behind(&prefix));
        let mut tallies = Vec::new();
        for entry in self.db.iterator_opt(IteratorMode::Start, options) {
            if tallies.len() == MOST_HOURS {
                return Ok(None);
            }
            let (key, value) = entry.map_err(refused)?;
            let hour = key.last_chunk::<8>().map(|hour| i64::from_be_bytes(*hour) ^ i64::MIN);
            tallies.push(hour.zip(Tally::read(&value)).ok_or_else(unreadable)?);
        }
        Ok(Some(tallies))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_tally() -> impl Strategy<Value = Tally> {
        let numbers = (any::<u64>(), any::<u64>(), any::<u64>(), any::<bool>()).prop_map(
            |(sum, min, max, whole)| Numbers {
                sum: whole.then_some(sum.into()),
                min: min.into(),
                max: max.into(),
            },
        );
        let numbers = proptest::collection::vec(proptest::option::of(numbers), 3);
        (0..u64::MAX / 4, numbers).prop_map(|(count, numbers)| Tally { count, numbers })
    }

    proptest! {
        #[test]
        fn a_tally_comes_back(tally in any_tally()) {
            prop_assert_eq!(Tally::read(&tally.bytes()), Some(tally));
        }

        #[test]
        fn in_whatever_order_they_are_added_they_come_to_the_same(one in any_tally(), two in any_tally(), three in any_tally()) {
            let sum = |tallies: [&Tally; 3]| {
                let mut sum = Tally::default();
                tallies.iter().for_each(|tally| sum.add(tally));
                sum
            };
            prop_assert_eq!(sum([&one, &two, &three]), sum([&three, &one, &two]));
        }

        #[test]
        fn any_bytes_are_a_tally_or_refused(bytes: Vec<u8>) {
            if let Some(tally) = Tally::read(&bytes) {
                prop_assert!(tally.bytes().len() <= bytes.len());
            }
        }
    }
}
