//! Batches that were closed.

use super::{parse, Journal, JournalError, BATCHES};
use rocksdb::{Direction, IteratorMode, WriteBatch};
use serde::{Deserialize, Serialize};
use smartlink_primitives::H256;

/// A closed batch of records: what goes on chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Its number, strictly sequential from 1.
    pub number: u64,
    /// The sequence of its first record.
    pub first: u64,
    /// How many records, at least one.
    pub count: u32,
    /// The Merkle root over them (`smartlink_records::root`).
    pub root: H256,
    /// When it was closed.
    pub closed_ms: u64,
}

impl Batch {
    /// The sequence after its last record.
    pub fn end(&self) -> u64 {
        self.first + u64::from(self.count)
    }
}

impl Journal {
    /// A closed batch. None when there is none of that number, or it was forgotten.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn batch(&self, number: u64) -> Result<Option<Batch>, JournalError> {
        self.get(BATCHES, number.to_be_bytes(), "a batch")
    }

    /// Closed batches from a number on, at most `most`.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn batches(&self, from: u64, most: usize) -> Result<Vec<Batch>, JournalError> {
        let from = from.to_be_bytes();
        let mode = IteratorMode::From(&from, Direction::Forward);
        let entries = self.db().iterator_cf(self.family(BATCHES), mode).take(most);
        entries
            .map(|entry| {
                let (_, value) = entry.map_err(self.failed("batches were read"))?;
                parse(&value, "a batch")
            })
            .collect()
    }

    /// Forgets batches below a number. ClickHouse keeps them.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn forget_batches(&self, below: u64) -> Result<(), JournalError> {
        let mut batch = WriteBatch::default();
        batch.delete_range_cf(self.family(BATCHES), [0; 8], below.to_be_bytes());
        self.write(batch, "old batches were forgotten")
    }
}
