//! Where each kind of record stands: column families, and keys whose order is the order of reading.

use std::path::Path;

use prost::Message;
use rocksdb::{ColumnFamily, Direction, IteratorMode, Options, ReadOptions, WriteBatch, DB};

use super::StoreError;

/// The layout that this program reads and writes.
pub(crate) const FORMAT: u32 = 1;
/// The one key of [`Family::Counters`].
pub(crate) const COUNTERS: &[u8] = b"counters";
/// What is kept in memory before it is written to a table.
const WRITE_BUFFERS: usize = 64 << 20;
/// The log that a restart reads.
const LOG: u64 = 128 << 20;
const OPEN_FILES: i32 = 256;

/// A column family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// One record: [`super::records::Counters`].
    Counters,
    /// account -> AccountRecord
    Accounts,
    /// account, message -> MessageRecord
    Messages,
    /// account -> ChannelsRecord
    Channels,
    /// command key -> KeyRecord
    Keys,
    /// place -> KeyPlace
    KeyOrder,
    /// place -> DeliveryRecord
    Outbox,
    /// delivery -> DeliveryRecord
    Dead,
}

const FAMILIES: [Family; 8] = [
    Family::Counters,
    Family::Accounts,
    Family::Messages,
    Family::Channels,
    Family::Keys,
    Family::KeyOrder,
    Family::Outbox,
    Family::Dead,
];

impl Family {
    fn name(self) -> &'static str {
        match self {
            Self::Counters => "counters",
            Self::Accounts => "accounts",
            Self::Messages => "messages",
            Self::Channels => "channels",
            Self::Keys => "keys",
            Self::KeyOrder => "key_order",
            Self::Outbox => "outbox",
            Self::Dead => "dead",
        }
    }
}

/// The key of a number.
pub(crate) fn number(n: u64) -> [u8; 8] {
    n.to_be_bytes()
}

/// The key of a message in an inbox.
pub(crate) fn message(account: u64, id: u64) -> [u8; 16] {
    let mut key = [0; 16];
    key[..8].copy_from_slice(&account.to_be_bytes());
    key[8..].copy_from_slice(&id.to_be_bytes());
    key
}

/// The key of the idempotency of a message: each account has its own.
pub(crate) fn send_key(account: u64, key: &str) -> Vec<u8> {
    [b"s".as_slice(), &account.to_be_bytes(), key.as_bytes()].concat()
}

/// The key of the idempotency of a redelivery.
pub(crate) fn redeliver_key(delivery: u64) -> Vec<u8> {
    [b"r".as_slice(), &delivery.to_be_bytes()].concat()
}

/// The last eight bytes of a key as a number.
fn tail(key: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(*key.last_chunk()?))
}

/// RocksDB, with records for values.
pub(crate) struct Tables {
    db: DB,
    /// Count what the database does.
    #[cfg(test)]
    options: Options,
}

impl Tables {
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let mut options = Options::default();
        options.create_if_missing(true);
        options.create_missing_column_families(true);
        options.set_db_write_buffer_size(WRITE_BUFFERS);
        options.set_max_total_wal_size(LOG);
        options.set_max_open_files(OPEN_FILES);
        options.set_keep_log_file_num(4);
        #[cfg(test)]
        options.enable_statistics();
        let families = FAMILIES.map(Family::name);
        let db = DB::open_cf(&options, path, families)
            .map_err(|source| StoreError::Open { path: path.to_owned(), source })?;
        Ok(Self {
            db,
            #[cfg(test)]
            options,
        })
    }

    /// How often the log was synced.
    #[cfg(test)]
    pub(crate) fn syncs(&self) -> u64 {
        self.options.get_ticker_count(rocksdb::statistics::Ticker::WalFileSynced)
    }

    fn family(&self, family: Family) -> &ColumnFamily {
        self.db.cf_handle(family.name()).expect("open_cf opened every family of FAMILIES")
    }

    /// The record of a key.
    pub(crate) fn get<R: Message + Default>(
        &self,
        family: Family,
        key: impl AsRef<[u8]>,
    ) -> Result<Option<R>, StoreError> {
        let found = self.db.get_pinned_cf(self.family(family), key)?;
        found.map(|bytes| decode(family, &bytes)).transpose()
    }

    pub(crate) fn put(
        &self,
        batch: &mut WriteBatch,
        family: Family,
        key: impl AsRef<[u8]>,
        record: &impl Message,
    ) {
        batch.put_cf(self.family(family), key, record.encode_to_vec());
    }

    pub(crate) fn delete(&self, batch: &mut WriteBatch, family: Family, key: impl AsRef<[u8]>) {
        batch.delete_cf(self.family(family), key);
    }

    /// Writes a batch as a whole. It is durable after the next [`Tables::sync`].
    pub(crate) fn write(&self, batch: WriteBatch) -> Result<(), StoreError> {
        Ok(self.db.write(batch)?)
    }

    /// Makes everything durable that was written before.
    pub(crate) fn sync(&self) -> Result<(), StoreError> {
        Ok(self.db.flush_wal(true)?)
    }

    /// At most `limit` records with keys from `from` to `to`, both included, in ascending order, with the
    /// number at the end of each key.
    pub(crate) fn ascending<R: Message + Default>(
        &self,
        family: Family,
        (from, to): (&[u8], &[u8]),
        limit: usize,
    ) -> Result<Vec<(u64, R)>, StoreError> {
        let mode = IteratorMode::From(from, Direction::Forward);
        self.page(family, mode, limit, |key| key <= to)
    }

    /// As [`Tables::ascending`], from the end to the beginning.
    pub(crate) fn descending<R: Message + Default>(
        &self,
        family: Family,
        (from, to): (&[u8], &[u8]),
        limit: usize,
    ) -> Result<Vec<(u64, R)>, StoreError> {
        let mode = IteratorMode::From(to, Direction::Reverse);
        self.page(family, mode, limit, |key| key >= from)
    }

    fn page<R: Message + Default>(
        &self,
        family: Family,
        mode: IteratorMode<'_>,
        limit: usize,
        within: impl Fn(&[u8]) -> bool,
    ) -> Result<Vec<(u64, R)>, StoreError> {
        let mut records = Vec::new();
        let rows = self.db.iterator_cf_opt(self.family(family), ReadOptions::default(), mode);
        for row in rows.take(limit) {
            let (key, value) = row?;
            if !within(&key) {
                break;
            }
            let number = tail(&key).ok_or(StoreError::Corrupt { family: family.name() })?;
            records.push((number, decode(family, &value)?));
        }
        Ok(records)
    }
}

fn decode<R: Message + Default>(family: Family, bytes: &[u8]) -> Result<R, StoreError> {
    R::decode(bytes).map_err(|_| StoreError::Corrupt { family: family.name() })
}
