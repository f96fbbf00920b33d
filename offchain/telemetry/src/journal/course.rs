//! How far the log was carried to ClickHouse.

use super::{json, number, parse, Batch, Journal, JournalError, BATCHES, COURSE, CUTS};
use rocksdb::{IteratorMode, WriteBatch};
use serde::{Deserialize, Serialize};

const STORED: &[u8] = b"stored";
const OPEN: &[u8] = b"open";
const READY: &[u8] = b"ready";

/// A chunk of the log whose content is settled: whoever inserts it, however often, inserts the same rows under the
/// same token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// The sequence of its first record.
    pub first: u64,
    /// How many records, at least one.
    pub count: u32,
    /// The batch to which all of them belong.
    pub batch: u64,
}

impl Cut {
    /// The sequence after its last record.
    pub fn end(&self) -> u64 {
        self.first + u64::from(self.count)
    }
}

/// The batch to which the next records belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenBatch {
    /// Its number; the first of a company is 1.
    pub number: u64,
    /// The sequence of its first record.
    pub first: u64,
    /// When its first chunk was cut, 0 when it has none yet.
    pub opened_ms: u64,
}

/// Where the pipeline is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// The sequence below which all records are in ClickHouse.
    pub stored: u64,
    /// The batch that is being filled.
    pub open: OpenBatch,
    /// Batches up to this number are in ClickHouse with their rows: they may go to the chain.
    pub ready: u64,
    /// Chunks that were cut and may or may not be in ClickHouse, by sequence.
    pub cuts: Vec<Cut>,
}

impl Course {
    /// The sequence of the next record that is in no chunk yet.
    pub fn next(&self) -> u64 {
        self.cuts.last().map_or(self.stored, Cut::end)
    }
}

impl Journal {
    /// Where the pipeline is.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn course(&self) -> Result<Course, JournalError> {
        let stored = self.get(COURSE, STORED, "a course")?.unwrap_or(1);
        let open = self.get(COURSE, OPEN, "an open batch")?;
        let open = open.unwrap_or(OpenBatch { number: 1, first: 1, opened_ms: 0 });
        let ready = self.get(COURSE, READY, "a course")?.unwrap_or(0);
        let mut cuts = Vec::new();
        for entry in self.db().iterator_cf(self.family(CUTS), IteratorMode::Start) {
            let (key, value) = entry.map_err(self.failed("cuts were read"))?;
            number(&key, "cuts")?;
            let cut: Cut = parse(&value, "a cut")?;
            // Stored, and the note of it came before the deletion.
            if cut.first >= stored {
                cuts.push(cut);
            }
        }
        Ok(Course { stored, open, ready, cuts })
    }

    /// Settles what a chunk holds, before anything is done with it. Synced.
    ///
    /// # Errors
    /// The disk refuses: the chunk must not be inserted.
    pub fn cut(&self, cut: &Cut, open: &OpenBatch) -> Result<(), JournalError> {
        let mut batch = WriteBatch::default();
        batch.put_cf(self.family(CUTS), cut.first.to_be_bytes(), json(cut));
        batch.put_cf(self.family(COURSE), OPEN, json(open));
        self.write_synced(batch, "a chunk was cut")
    }

    /// Notes that a chunk is in ClickHouse. Not synced: if it is forgotten the chunk is inserted again, with its token.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn stored(&self, cut: &Cut) -> Result<(), JournalError> {
        let mut batch = WriteBatch::default();
        batch.put_cf(self.family(COURSE), STORED, json(&cut.end()));
        batch.delete_cf(self.family(CUTS), cut.first.to_be_bytes());
        self.write(batch, "a chunk was noted as stored")
    }

    /// Closes the open batch and opens the next. Synced.
    ///
    /// # Errors
    /// The disk refuses: the batch must not be shown to anybody.
    pub fn close(&self, closed: &Batch, open: &OpenBatch) -> Result<(), JournalError> {
        let mut batch = WriteBatch::default();
        batch.put_cf(self.family(BATCHES), closed.number.to_be_bytes(), json(closed));
        batch.put_cf(self.family(COURSE), OPEN, json(open));
        self.write_synced(batch, "a batch was closed")
    }

    /// Notes that batches up to a number are in ClickHouse with their rows.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn ready(&self, number: u64) -> Result<(), JournalError> {
        let mut batch = WriteBatch::default();
        batch.put_cf(self.family(COURSE), READY, json(&number));
        self.write(batch, "a batch was noted as ready")
    }
}
