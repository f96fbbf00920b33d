//! Rows of the copy: by their key, by what they are looked for, one after the other from anywhere on.

use std::sync::Arc;

use rocksdb::{Direction, IteratorMode, ReadOptions};

use super::{keys, refused, Copy};
use crate::{
    domain::{rows::RowReader, Cell},
    error::Error,
    graphql::{
        load::At,
        read::Row,
        shape::{Life, Shape},
    },
};

/// Rows that are looked at for a question, at most: what needs more is asked of ClickHouse.
const MOST_SEEN: usize = 5_000;

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// Values that columns have; of a list, one that is in it.
    pub equal: &'a [(usize, Cell)],
    /// The least and the greatest height.
    pub blocks: (u32, u32),
    /// The key behind which rows begin.
    pub after: Option<&'a [Cell]>,
    /// The key before which rows end.
    pub before: Option<&'a [Cell]>,
    /// From the last on.
    pub descending: bool,
    /// So many are left out.
    pub skip: usize,
    /// So many are given.
    pub first: usize,
}

impl Copy {
    /// The row with an id, now or at the end of a block.
    ///
    /// # Errors
    /// RocksDB does not give it.
    pub fn one(&self, shape: &Shape, at: At, id: &[Cell]) -> Result<Option<Arc<Row>>, Error> {
        let table = self.number(shape);
        match (shape.life, at, id) {
            (Life::Changing, At::Block(block), [Cell::Text(id)]) => {
                let found = self.history(shape, id, last_version(block), true, 0, 1)?;
                Ok(found.and_then(|rows| rows.into_iter().next()))
            }
            (Life::Once, _, [id]) => {
                let equal = [(0, id.clone())];
                let wanted = Wanted { first: 1, ..Wanted::of(&equal, blocks(at)) };
                Ok(self.list(shape, &wanted)?.and_then(|rows| rows.into_iter().next()))
            }
            _ => {
                let mut key = keys::rows(table);
                id.iter().for_each(|cell| keys::push(&mut key, cell));
                self.row(shape, &key).map(|row| row.filter(|row| is_within(shape, row, blocks(at))))
            }
        }
    }

    /// Versions of one up to a version. `None`: too many would have to be looked at.
    ///
    /// # Errors
    /// RocksDB does not give them.
    pub fn history(
        &self,
        shape: &Shape,
        id: &str,
        last: u64,
        descending: bool,
        skip: usize,
        first: usize,
    ) -> Result<Option<Vec<Arc<Row>>>, Error> {
        if skip.saturating_add(first) > MOST_SEEN {
            return Ok(None);
        }
        let table = self.number(shape);
        let (low, high) = (keys::versions(table, id), keys::version(table, id, last));
        let mut end = high.clone();
        end.push(0);
        let mut options = ReadOptions::default();
        options.set_iterate_lower_bound(low.clone());
        options.set_iterate_upper_bound(end);
        let mode = match descending {
            true => IteratorMode::From(&high, Direction::Reverse),
            false => IteratorMode::From(&low, Direction::Forward),
        };
        let mut rows = Vec::new();
        for entry in self.db.iterator_opt(mode, options).skip(skip).take(first) {
            let (_, bytes) = entry.map_err(refused)?;
            rows.extend(read(shape, &bytes));
        }
        Ok(Some(rows))
    }

    /// Rows in the order of their key. `None`: too many would have to be looked at.
    ///
    /// # Errors
    /// RocksDB does not give them.
    pub fn list(&self, shape: &Shape, wanted: &Wanted<'_>) -> Result<Option<Vec<Arc<Row>>>, Error> {
        let table = self.number(shape);
        let value =
            |place: &usize| wanted.equal.iter().find(|(own, _)| own == place).map(|(_, cell)| cell);
        let mut wanted = wanted.clone();
        if let (Some(Cell::Number(block)), false) =
            (value(&shape.block), shape.life == Life::Changing)
        {
            let block = u32::try_from(*block).unwrap_or(u32::MAX);
            wanted.blocks = (wanted.blocks.0.max(block), wanted.blocks.1.min(block));
        }
        let wanted = &wanted;
        if let Some(key) = shape.key.iter().map(value).collect::<Option<Vec<_>>>() {
            return self.keyed(shape, table, &key, wanted).map(Some);
        }
        let fitting = shape.lookups.iter().enumerate();
        let fitting =
            fitting.filter(|(_, lookup)| lookup.iter().all(|place| value(place).is_some()));
        // That which fixes most columns leaves the fewest rows. Behind its values heights come first, as they do in rows.
        let fitting = fitting.max_by_key(|(_, lookup)| lookup.len());
        let Some((number, lookup)) = fitting else {
            return self.walk(shape, keys::rows(table), false, wanted);
        };
        let values: Vec<&Cell> = lookup.iter().filter_map(value).collect();
        match keys::found(table, number as u8, &values) {
            Some(prefix) => self.walk(shape, prefix, true, wanted),
            None => Ok(None),
        }
    }

    /// Walks over what begins with a prefix: rows, or entries of a lookup that lead to rows.
    fn walk(
        &self,
        shape: &Shape,
        prefix: Vec<u8>,
        leads: bool,
        wanted: &Wanted<'_>,
    ) -> Result<Option<Vec<Arc<Row>>>, Error> {
        if wanted.skip >= MOST_SEEN {
            return Ok(None);
        }
        let Some((low, high)) = bounds(shape, &prefix, wanted) else { return Ok(Some(Vec::new())) };
        let mut options = ReadOptions::default();
        options.set_iterate_lower_bound(low);
        options.set_iterate_upper_bound(high);
        let mode = if wanted.descending { IteratorMode::End } else { IteratorMode::Start };
        let (mut rows, mut skip) = (Vec::new(), wanted.skip);
        let mut entries = self.db.iterator_opt(mode, options);
        let mut seen = 0;
        while rows.len() < wanted.first {
            let Some(entry) = entries.next() else { break };
            seen += 1;
            if seen > MOST_SEEN {
                return Ok(None);
            }
            let (key, value) = entry.map_err(refused)?;
            let row = match leads {
                true => {
                    let mut own = keys::rows(prefix[0]);
                    own.extend_from_slice(&key[prefix.len()..]);
                    self.row(shape, &own)?
                }
                false => read(shape, &value),
            };
            let Some(row) = row.filter(|row| fits(shape, row, wanted)) else { continue };
            match skip.checked_sub(1) {
                Some(less) => skip = less,
                None => rows.push(row),
            }
        }
        Ok(Some(rows))
    }

    /// The one row with a key, if it is what is wanted.
    fn keyed(
        &self,
        shape: &Shape,
        table: u8,
        key: &[&Cell],
        wanted: &Wanted<'_>,
    ) -> Result<Vec<Arc<Row>>, Error> {
        let mut own = keys::rows(table);
        key.iter().for_each(|cell| keys::push(&mut own, cell));
        let between = bounds(shape, &keys::rows(table), wanted)
            .is_some_and(|(low, high)| low <= own && own < high);
        let row = if between { self.row(shape, &own)? } else { None };
        let row = row.filter(|row| fits(shape, row, wanted));
        Ok(row.into_iter().skip(wanted.skip).take(wanted.first).collect())
    }

    fn row(&self, shape: &Shape, key: &[u8]) -> Result<Option<Arc<Row>>, Error> {
        let bytes = self.db.get_pinned(key).map_err(refused)?;
        Ok(bytes.and_then(|bytes| read(shape, &bytes)))
    }
}

impl<'a> Wanted<'a> {
    /// All rows with some values, within some blocks.
    pub fn of(equal: &'a [(usize, Cell)], blocks: (u32, u32)) -> Self {
        Self {
            equal,
            blocks,
            after: None,
            before: None,
            descending: false,
            skip: 0,
            first: usize::MAX,
        }
    }
}

/// The blocks whose rows there are in a state.
pub fn blocks(at: At) -> (u32, u32) {
    match at {
        At::Now => (0, u32::MAX),
        At::Block(last) => (0, last),
    }
}

/// The last version that can be of a block.
pub fn last_version(block: u32) -> u64 {
    u64::from(block) << 32 | u64::from(u32::MAX)
}

/// Between which keys rows are. `None`: there are none between.
fn bounds(shape: &Shape, prefix: &[u8], wanted: &Wanted<'_>) -> Option<(Vec<u8>, Vec<u8>)> {
    let (mut low, mut high) = (prefix.to_vec(), keys::behind(prefix));
    // Heights come first in keys, of a version as its upper half; but not of what changes.
    let (first, last) = wanted.blocks;
    let heights = match shape.life {
        Life::Plain => Some((u64::from(first), u64::from(last))),
        Life::Once => Some((u64::from(first) << 32, last_version(last))),
        Life::Changing => None,
    };
    if let Some((first, last)) = heights {
        low.extend_from_slice(&first.to_be_bytes());
        high = keys::behind(&[prefix, &last.to_be_bytes()].concat());
    }
    let key = |cells: &[Cell]| {
        let mut key = prefix.to_vec();
        cells.iter().for_each(|cell| keys::push(&mut key, cell));
        key
    };
    if let Some(after) = wanted.after.map(key) {
        low = low.max(keys::behind(&after));
    }
    if let Some(before) = wanted.before.map(key) {
        high = high.min(before);
    }
    (low < high).then_some((low, high))
}

fn read(shape: &Shape, bytes: &[u8]) -> Option<Arc<Row>> {
    RowReader::new(bytes).row(&shape.columns).map(|(cells, _)| Arc::new(Row { cells }))
}

fn is_within(shape: &Shape, row: &Row, (first, last): (u32, u32)) -> bool {
    match row.cells[shape.block] {
        Cell::Number(block) => (u64::from(first)..=u64::from(last)).contains(&block),
        _ => true,
    }
}

/// Whether a row is what is looked for: of what is gone nothing is.
fn fits(shape: &Shape, row: &Row, wanted: &Wanted<'_>) -> bool {
    let equal = wanted.equal.iter().all(|(place, cell)| match (&row.cells[*place], cell) {
        (Cell::Accounts(accounts), Cell::Bytes(account)) => accounts.contains(account),
        (own, cell) => own == cell,
    });
    let gone = shape.removed().is_some_and(|removed| {
        let asked = wanted.equal.iter().any(|(place, _)| *place == removed);
        !asked && row.cells[removed] == Cell::Bool(true)
    });
    equal && !gone && is_within(shape, row, wanted.blocks)
}
