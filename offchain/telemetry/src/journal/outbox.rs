//! What was found and has to get into ClickHouse.

use super::{json, number, parse, Journal, JournalError, OUTBOX};
use rocksdb::{Direction, IteratorMode, WriteBatch};
use serde::{Deserialize, Serialize};

/// The load that is on its way: `first` and `end` of its entries.
const LOAD: &[u8] = b"\xff\xff\xff\xff\xff\xff\xff\xffload";
/// The number of the next entry, so that numbers are not given twice when the outbox is empty.
const NEXT: &[u8] = b"\xff\xff\xff\xff\xff\xff\xff\xffnext";

/// A row for one of ClickHouse's tables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The table.
    pub table: String,
    /// The row, as JSON.
    pub row: Box<str>,
}

/// The number of an entry. Each is higher than any before it.
pub type EntryKey = u64;

pub(super) fn key(number: u64) -> [u8; 8] {
    number.to_be_bytes()
}

impl Journal {
    /// The numbers of the entries: the first that is waiting, and the one that comes next.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn outbox(&self) -> Result<std::ops::Range<EntryKey>, JournalError> {
        let family = self.family(OUTBOX);
        let next: u64 = self.get(OUTBOX, NEXT, "the outbox")?.unwrap_or(0);
        let first = self.entry_at(IteratorMode::Start)?;
        // The entries of a group that was written after the number was: it is the last of them.
        let before_marks = IteratorMode::From(&[0xff; 8], Direction::Reverse);
        let last = self.db().iterator_cf(family, before_marks).next().transpose();
        let last = last.map_err(self.failed("the outbox was read"))?;
        let last = last.map(|(key, _)| number(&key, "the outbox")).transpose()?;
        let next = last.map_or(next, |last| next.max(last + 1));
        Ok(first.unwrap_or(next)..next)
    }

    fn entry_at(&self, mode: IteratorMode<'_>) -> Result<Option<u64>, JournalError> {
        let found = self.db().iterator_cf(self.family(OUTBOX), mode).next().transpose();
        match found.map_err(self.failed("the outbox was read"))? {
            Some((key, _)) if key.len() == 8 => Ok(Some(number(&key, "the outbox")?)),
            _ => Ok(None),
        }
    }

    /// The load that is to be carried: the one that was settled and not delivered, or the next, of at most `most`
    /// entries, which is settled by this. Empty when nothing waits.
    ///
    /// # Errors
    /// The journal cannot be read or written.
    pub fn load(&self, most: usize) -> Result<Vec<(EntryKey, Entry)>, JournalError> {
        let settled: Option<(u64, u64)> = self.get(OUTBOX, LOAD, "a load")?;
        if let Some((first, end)) = settled {
            return self.entries(first, end, usize::MAX);
        }
        let entries = self.entries(0, u64::MAX, most)?;
        if let (Some((first, _)), Some((last, _))) = (entries.first(), entries.last()) {
            let mut batch = WriteBatch::default();
            batch.put_cf(self.family(OUTBOX), LOAD, json(&(first, last + 1)));
            self.write_synced(batch, "a load was settled")?;
        }
        Ok(entries)
    }

    fn entries(
        &self,
        first: u64,
        end: u64,
        most: usize,
    ) -> Result<Vec<(EntryKey, Entry)>, JournalError> {
        let from = key(first);
        let mode = IteratorMode::From(&from, Direction::Forward);
        let mut entries = Vec::new();
        for entry in self.db().iterator_cf(self.family(OUTBOX), mode).take(most) {
            let (key, value) = entry.map_err(self.failed("the outbox was read"))?;
            if key.len() != 8 || number(&key, "the outbox")? >= end {
                break;
            }
            entries.push((number(&key, "the outbox")?, parse(&value, "an entry of the outbox")?));
        }
        Ok(entries)
    }

    /// Forgets a load that ClickHouse has, all entries below `end`.
    ///
    /// # Errors
    /// The disk refuses: it will be carried again, and replace what is there.
    pub fn delivered(&self, end: EntryKey) -> Result<(), JournalError> {
        let family = self.family(OUTBOX);
        let mut batch = WriteBatch::default();
        batch.put_cf(family, NEXT, json(&end));
        batch.delete_cf(family, LOAD);
        batch.delete_range_cf(family, key(0), key(end));
        self.write(batch, "a load was noted as delivered")
    }
}
