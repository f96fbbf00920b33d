//! What telemetry itself has to remember, in RocksDB: how far the log was carried, which batches were closed, how far
//! it was analysed, what was found and is not in ClickHouse yet, and the geofences.
//!
//! ```text
//! course    pipeline: stored, open batch          journal/course.rs
//! cuts      chunks that are on their way          journal/course.rs
//! batches   closed batches, for the chain         journal/batches.rs
//! inputs    what the analysis was told beside     journal/progress.rs
//!           the records: ticks, people, facts of vehicles
//! snapshot  the analysis as it was                journal/progress.rs
//! outbox    findings for ClickHouse               journal/outbox.rs
//! fences    geofences by id                       crate::geofences
//! ```
//!
//! What decides the content of an insert or of a batch is synced to disk before anything follows from it.

mod batches;
mod course;
mod outbox;
mod progress;

pub use batches::Batch;
pub use course::{Course, Cut, OpenBatch};
pub use outbox::{Entry, EntryKey};
pub use progress::{Input, Position, Progress, Put};

use rocksdb::{
    BlockBasedOptions, Cache, ColumnFamily, ColumnFamilyDescriptor, Options, WriteBatch,
    WriteOptions, DB,
};
use serde::{de::DeserializeOwned, Serialize};
use std::path::{Path, PathBuf};

pub(crate) const COURSE: &str = "course";
pub(crate) const CUTS: &str = "cuts";
pub(crate) const BATCHES: &str = "batches";
pub(crate) const INPUTS: &str = "inputs";
pub(crate) const SNAPSHOT: &str = "snapshot";
pub(crate) const OUTBOX: &str = "outbox";
pub(crate) const FENCES: &str = "fences";
const FAMILIES: [&str; 7] = [COURSE, CUTS, BATCHES, INPUTS, SNAPSHOT, OUTBOX, FENCES];

/// What can go wrong with the journal.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// RocksDB said no.
    #[error("the journal of telemetry in {path} failed while {doing}: {source}")]
    Rocks {
        /// Where.
        path: PathBuf,
        /// At what.
        doing: &'static str,
        /// What RocksDB says.
        source: rocksdb::Error,
    },
    /// A value is not what this program writes.
    #[error("the journal of telemetry holds {what} that this program does not understand ({source}): use the newer program, or the folder is damaged")]
    Value {
        /// Of what.
        what: &'static str,
        /// What the decoder says.
        source: serde_json::Error,
    },
    /// Geofences that were good when they were written.
    #[error("the journal of telemetry holds geofences that this program does not understand ({0}): use the newer program, or the folder is damaged")]
    Fence(String),
    /// A key is not what this program writes.
    #[error("the journal of telemetry holds a key of {what} with a length of {length}: the folder is damaged")]
    Key {
        /// Of what.
        what: &'static str,
        /// Bytes of it.
        length: usize,
    },
}

/// The journal of one company. One process has it open at a time.
pub struct Journal {
    db: DB,
    path: PathBuf,
}

impl Journal {
    /// Opens the journal in a folder, or makes one.
    ///
    /// # Errors
    /// RocksDB cannot; most often because another process has it open.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        let mut options = Options::default();
        options.create_if_missing(true);
        options.create_missing_column_families(true);
        options.set_max_total_wal_size(128 << 20);
        options.set_wal_recovery_mode(rocksdb::DBRecoveryMode::TolerateCorruptedTailRecords);
        options.set_keep_log_file_num(4);
        let cache = Cache::new_lru_cache(16 << 20);
        let families = FAMILIES.map(|name| {
            let mut options = Options::default();
            options.set_write_buffer_size(16 << 20);
            let mut table = BlockBasedOptions::default();
            table.set_block_cache(&cache);
            options.set_block_based_table_factory(&table);
            ColumnFamilyDescriptor::new(name, options)
        });
        let db = DB::open_cf_descriptors(&options, path, families);
        let db = db.map_err(|source| JournalError::Rocks {
            path: path.to_owned(),
            doing: "it was opened (is another process using it?)",
            source,
        })?;
        Ok(Self { db, path: path.to_owned() })
    }

    pub(crate) fn family(&self, name: &'static str) -> &ColumnFamily {
        self.db.cf_handle(name).expect("all families are made when the journal is opened")
    }

    pub(crate) fn db(&self) -> &DB {
        &self.db
    }

    pub(crate) fn failed(
        &self,
        doing: &'static str,
    ) -> impl Fn(rocksdb::Error) -> JournalError + '_ {
        move |source| JournalError::Rocks { path: self.path.clone(), doing, source }
    }

    /// Writes a group so that neither a kill nor a loss of power undoes it.
    pub(crate) fn write_synced(
        &self,
        batch: WriteBatch,
        doing: &'static str,
    ) -> Result<(), JournalError> {
        let mut options = WriteOptions::default();
        options.set_sync(true);
        self.db.write_opt(batch, &options).map_err(self.failed(doing))
    }

    /// Writes a group that a loss of power may undo, together with all that came after it. Only for what is done again
    /// without harm.
    pub(crate) fn write(&self, batch: WriteBatch, doing: &'static str) -> Result<(), JournalError> {
        self.db.write(batch).map_err(self.failed(doing))
    }

    /// A value that is kept as JSON.
    pub(crate) fn get<T: DeserializeOwned>(
        &self,
        family: &'static str,
        key: impl AsRef<[u8]>,
        what: &'static str,
    ) -> Result<Option<T>, JournalError> {
        let found = self.db.get_pinned_cf(self.family(family), key);
        let found = found.map_err(self.failed("a value was read"))?;
        found.map(|bytes| parse(&bytes, what)).transpose()
    }
}

pub(crate) fn parse<T: DeserializeOwned>(
    bytes: &[u8],
    what: &'static str,
) -> Result<T, JournalError> {
    serde_json::from_slice(bytes).map_err(|source| JournalError::Value { what, source })
}

pub(crate) fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value)
        .expect("what the journal keeps has string keys and no failing serializer; qed")
}

pub(crate) fn number(key: &[u8], what: &'static str) -> Result<u64, JournalError> {
    let bytes = key.get(..8).and_then(|bytes| bytes.try_into().ok());
    bytes.map(u64::from_be_bytes).ok_or(JournalError::Key { what, length: key.len() })
}
