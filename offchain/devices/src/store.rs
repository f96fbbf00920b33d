//! The database behind the registry, the commands and the list of media.

use rocksdb::{
    BlockBasedOptions, Cache, ColumnFamily, ColumnFamilyDescriptor, Direction, IteratorMode,
    Options, WriteBatch, WriteOptions, DB,
};
use std::path::{Path, PathBuf};

pub(crate) const TERMINALS: &str = "terminals";
pub(crate) const IDENTITIES: &str = "identities";
pub(crate) const VEHICLES: &str = "vehicles";
pub(crate) const SEEN: &str = "seen";
pub(crate) const COMMANDS: &str = "commands";
pub(crate) const COMMAND_IDS: &str = "command_ids";
pub(crate) const COMMAND_KEYS: &str = "command_keys";
pub(crate) const COMMANDS_OPEN: &str = "commands_open";
pub(crate) const MEDIA: &str = "media";
const FAMILIES: [&str; 9] = [
    TERMINALS,
    IDENTITIES,
    VEHICLES,
    SEEN,
    COMMANDS,
    COMMAND_IDS,
    COMMAND_KEYS,
    COMMANDS_OPEN,
    MEDIA,
];

/// The disk refuses, or what is on it is not what was written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// RocksDB said no.
    #[error("the device registry in {path} failed while {doing}: {source}")]
    Rocks {
        /// Where.
        path: PathBuf,
        /// At what.
        doing: &'static str,
        /// What RocksDB says.
        source: rocksdb::Error,
    },
    /// A value that this program never writes.
    #[error("the device registry in {path} is damaged at {what}: restore it from a backup, or use the newer program that wrote it")]
    Damaged {
        /// Where.
        path: PathBuf,
        /// At what.
        what: String,
    },
}

/// The database. Writers of related values hold a lock of their own.
pub(crate) struct Store {
    db: DB,
    path: PathBuf,
}

impl Store {
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let mut options = Options::default();
        options.create_if_missing(true);
        options.create_missing_column_families(true);
        options.set_max_background_jobs(2);
        options.set_max_total_wal_size(64 << 20);
        options.set_keep_log_file_num(4);
        let cache = Cache::new_lru_cache(32 << 20);
        let families = FAMILIES.map(|name| {
            let mut options = Options::default();
            options.set_write_buffer_size(8 << 20);
            let mut table = BlockBasedOptions::default();
            table.set_block_cache(&cache);
            table.set_bloom_filter(10.0, false);
            options.set_block_based_table_factory(&table);
            ColumnFamilyDescriptor::new(name, options)
        });
        let db = DB::open_cf_descriptors(&options, path, families);
        let db = db.map_err(|source| StoreError::Rocks {
            path: path.to_owned(),
            doing: "it was opened (is another process using it?)",
            source,
        })?;
        Ok(Self { db, path: path.to_owned() })
    }

    pub(crate) fn family(&self, name: &'static str) -> &ColumnFamily {
        self.db.cf_handle(name).expect("all families are made when the store is opened")
    }

    pub(crate) fn get(
        &self,
        family: &'static str,
        key: &[u8],
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.db.get_cf(self.family(family), key).map_err(self.failed("a value was read"))
    }

    /// Calls `see` with keys and values from `from` on, or back from it, until it says stop.
    pub(crate) fn scan(
        &self,
        family: &'static str,
        from: &[u8],
        direction: Direction,
        mut see: impl FnMut(&[u8], &[u8]) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let mode = IteratorMode::From(from, direction);
        for entry in self.db.iterator_cf(self.family(family), mode) {
            let (key, value) = entry.map_err(self.failed("values were listed"))?;
            if !see(&key, &value)? {
                break;
            }
        }
        Ok(())
    }

    /// The last key of a family.
    pub(crate) fn last(&self, family: &'static str) -> Result<Option<Box<[u8]>>, StoreError> {
        let last = self.db.iterator_cf(self.family(family), IteratorMode::End).next();
        Ok(last.transpose().map_err(self.failed("the last value was read"))?.map(|(key, _)| key))
    }

    /// Writes all or nothing. With `sync`, it is on disk when this returns; without, a killed process loses
    /// nothing, a machine without power may.
    pub(crate) fn write(&self, batch: WriteBatch, sync: bool) -> Result<(), StoreError> {
        let mut options = WriteOptions::default();
        options.set_sync(sync);
        self.db.write_opt(batch, &options).map_err(self.failed("values were written"))
    }

    pub(crate) fn damaged(&self, what: impl Into<String>) -> StoreError {
        StoreError::Damaged { path: self.path.clone(), what: what.into() }
    }

    /// Reads a value of JSON.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(
        &self,
        what: &str,
        value: &[u8],
    ) -> Result<T, StoreError> {
        serde_json::from_slice(value).map_err(|error| self.damaged(format!("{what} ({error})")))
    }

    fn failed(&self, doing: &'static str) -> impl Fn(rocksdb::Error) -> StoreError + '_ {
        move |source| StoreError::Rocks { path: self.path.clone(), doing, source }
    }
}

/// The number that a key has at `at`, most significant byte first; 0 where the key is too short.
pub(crate) fn number_at(key: &[u8], at: usize) -> u64 {
    let bytes = key.get(at..at + 8).and_then(|bytes| bytes.try_into().ok());
    bytes.map_or(0, u64::from_be_bytes)
}

/// A key of two numbers.
pub(crate) fn pair(first: u64, second: u64) -> [u8; 16] {
    let mut key = [0; 16];
    key[..8].copy_from_slice(&first.to_be_bytes());
    key[8..].copy_from_slice(&second.to_be_bytes());
    key
}
