//! The events, the orders that are over, and the batches, in RocksDB.
//!
//! One synced write holds what a group of commands led to: the events as one entry of the log, and the batches
//! that were closed. So what was answered is on disk, and either all of a group is or nothing.
//!
//! Orders that left the engine follow from the log: they are written beside it without being synced, and
//! again when the log is replayed. A snapshot counts, and the log up to it goes, only when all of them that
//! left before it are in files of their own.

use crate::{
    batch::Final,
    engine::{Archived, Effects, Replay, SnapshotError},
    order::{Damaged, Order},
    rules::Rules,
    Engine,
};
use codec::{Decode, Encode};
use rocksdb::{
    BlockBasedOptions, Cache, ColumnFamily, ColumnFamilyDescriptor, DBCompressionType, Direction,
    FlushOptions, IteratorMode, Options, WriteBatch, WriteOptions, DB,
};
use std::path::{Path, PathBuf};

const LOG: &str = "log";
const SNAPSHOTS: &str = "snapshots";
const ORDERS: &str = "orders";
const BY_RIDER: &str = "by_rider";
const BY_DRIVER: &str = "by_driver";
const BATCHES: &str = "batches";
const FAMILIES: [&str; 6] = [LOG, SNAPSHOTS, ORDERS, BY_RIDER, BY_DRIVER, BATCHES];

/// Families that follow from the log.
const ARCHIVE: [&str; 3] = [ORDERS, BY_RIDER, BY_DRIVER];

/// Says which snapshot counts: behind all pieces of all snapshots.
const NEWEST: [u8; 12] = [u8::MAX; 12];
/// The key of a final batch ends with this, so that it comes after all its versions.
const FINAL: u32 = u32::MAX;

/// What can go wrong with the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// RocksDB said no.
    #[error("the store of the orders in {path} failed while {doing}: {source}")]
    Rocks {
        /// Where.
        path: PathBuf,
        /// At what.
        doing: &'static str,
        /// What RocksDB says.
        source: rocksdb::Error,
    },
    /// The log cannot be replayed.
    #[error(transparent)]
    Replay(#[from] Replay),
    /// The snapshot cannot be read.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// An order of the archive cannot be read.
    #[error(transparent)]
    Archive(#[from] Damaged),
}

/// The store of one engine.
pub struct Store {
    db: DB,
    path: PathBuf,
}

/// An engine as it was, and how it became so.
pub struct Recovered {
    /// The engine.
    pub engine: Engine,
    /// Entries that were replayed behind the snapshot.
    pub replayed: u64,
}

impl Store {
    /// Opens the store in a folder, or makes one.
    ///
    /// # Errors
    /// RocksDB cannot; most often because another process has it open.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut options = Options::default();
        options.create_if_missing(true);
        options.create_missing_column_families(true);
        options.set_max_total_wal_size(512 << 20);
        options.set_max_background_jobs(2);
        // The write-ahead log is synced before anybody is answered; a torn tail was not.
        options.set_wal_recovery_mode(rocksdb::DBRecoveryMode::TolerateCorruptedTailRecords);
        options.set_keep_log_file_num(4);
        let cache = Cache::new_lru_cache(32 << 20);
        let families = FAMILIES.map(|name| {
            let mut options = Options::default();
            options.set_write_buffer_size(64 << 20);
            if name == LOG {
                // It lives until the next snapshot.
                options.set_compression_type(DBCompressionType::None);
            }
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

    fn family(&self, name: &'static str) -> &ColumnFamily {
        self.db.cf_handle(name).expect("all families are made when the store is opened")
    }

    fn failed(&self, doing: &'static str) -> impl Fn(rocksdb::Error) -> StoreError + '_ {
        move |source| StoreError::Rocks { path: self.path.clone(), doing, source }
    }

    /// The engine as it was when the last group was written.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn recover(&self, rules: Rules) -> Result<Recovered, StoreError> {
        let pieces = self.snapshot()?;
        let mut engine = match pieces.is_empty() {
            false => Engine::restore(rules, &pieces)?,
            true => Engine::new(rules),
        };
        drop(pieces);
        let mut replayed = 0;
        let from = (engine.sequence() + 1).to_be_bytes();
        let mode = IteratorMode::From(&from, Direction::Forward);
        for entry in self.db.iterator_cf(self.family(LOG), mode) {
            let (key, log) = entry.map_err(self.failed("its log was read"))?;
            replayed += engine.replay(number(&key), &log)?;
            let effects = engine.take_effects();
            self.archive(&effects.archived)?;
            self.archive_late(effects)?;
        }
        Ok(Recovered { engine, replayed })
    }

    /// The pieces of the newest whole snapshot. Empty: there is none.
    fn snapshot(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        let family = self.family(SNAPSHOTS);
        let doing = "its snapshot was read";
        let Some(at) = self.db.get_cf(family, NEWEST).map_err(self.failed(doing))? else {
            return self.without_snapshot();
        };
        let newest = <(u64, u32)>::decode(&mut &at[..]);
        let (sequence, count) = newest.map_err(|_| SnapshotError::Damaged)?;
        let piece = |at| {
            let found = self.db.get_cf(family, pair32(sequence.to_be_bytes(), at));
            found.map_err(self.failed(doing))?.ok_or(StoreError::Snapshot(SnapshotError::Damaged))
        };
        (0..count).map(piece).collect()
    }

    /// A store in which no snapshot ever counted has its log from the first entry on. One without that was written by an
    /// earlier program, which kept its snapshots otherwise.
    fn without_snapshot(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        let first = |name| {
            let first = self.db.iterator_cf(self.family(name), IteratorMode::Start).next();
            first.transpose().map_err(self.failed("its beginning was read"))
        };
        match (first(LOG)?, first(SNAPSHOTS)?) {
            (None, Some((key, _))) if number(&key) > 0 => Err(SnapshotError::Format(1).into()),
            _ => Ok(Vec::new()),
        }
    }

    /// Writes down orders that left the engine. Not synced: they follow from the log.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn archive(&self, archived: &[Archived]) -> Result<(), StoreError> {
        if archived.is_empty() {
            return Ok(());
        }
        let mut batch = WriteBatch::default();
        let [orders, by_rider, by_driver] = ARCHIVE.map(|name| self.family(name));
        for Archived { order, rider, driver, history } in archived {
            batch.put_cf(orders, order.to_be_bytes(), history.as_slice());
            batch.put_cf(by_rider, pair(&rider.to_be_bytes(), *order), []);
            if *driver != 0 {
                batch.put_cf(by_driver, pair(&driver.to_be_bytes(), *order), []);
            }
        }
        let mut options = WriteOptions::default();
        options.disable_wal(true);
        self.db.write_opt(batch, &options).map_err(self.failed("orders that are over were written"))
    }

    /// What the replayed log says of orders that had left the engine.
    fn archive_late(&self, effects: Effects) -> Result<(), StoreError> {
        for (id, entry) in effects.late {
            let Some(history) = self.history(id)? else { continue };
            let mut order = Order::restore(id, &history)?;
            if order.take_late(entry) {
                let driver = order.offer.map_or(0, |offer| offer.driver.0);
                let rider = order.quoted.rider;
                let history = order.into_history().into();
                self.archive(&[Archived { order: id, rider, driver, history }])?;
            }
        }
        Ok(())
    }

    /// Writes a group down. When this returns, it is on disk; the orders that left with it are for
    /// [`archive`](Self::archive).
    ///
    /// # Errors
    /// It is unknown whether the group is on disk: nothing may be answered any more, and the process has
    /// to end.
    pub fn commit(&self, effects: &Effects) -> Result<(), StoreError> {
        let mut batch = WriteBatch::default();
        if effects.events > 0 {
            batch.put_cf(self.family(LOG), effects.first_sequence.to_be_bytes(), &effects.log);
        }
        let batches = self.family(BATCHES);
        for closed in &effects.batches {
            batch.put_cf(batches, batch_key(closed.number, closed.version), &closed.bytes);
        }
        for settled in &effects.settled {
            batch.put_cf(batches, batch_key(settled.number, FINAL), settled.encode());
        }
        if batch.is_empty() {
            return Ok(());
        }
        let mut options = WriteOptions::default();
        options.set_sync(true);
        self.db.write_opt(batch, &options).map_err(self.failed("a group was written"))
    }

    /// Writes a piece of a snapshot down. It counts with [`complete_snapshot`](Self::complete_snapshot).
    ///
    /// # Errors
    /// The disk refuses; what was there stays.
    pub fn keep_piece(&self, sequence: u64, at: u32, piece: &[u8]) -> Result<(), StoreError> {
        let mut options = WriteOptions::default();
        options.disable_wal(true);
        let key = pair32(sequence.to_be_bytes(), at);
        let written = self.db.put_cf_opt(self.family(SNAPSHOTS), key, piece, &options);
        written.map_err(self.failed("a snapshot was written"))
    }

    /// Makes the snapshot of this entry, with so many pieces, the one that counts, and deletes what nobody needs
    /// any more: older snapshots, and the log up to it. Every order's own history stays.
    ///
    /// # Errors
    /// The disk refuses; what was there stays.
    pub fn complete_snapshot(&self, sequence: u64, pieces: u32) -> Result<(), StoreError> {
        let doing = "a snapshot was completed";
        // Without the log, the archive has to stand by itself.
        let mut families = ARCHIVE.map(|name| self.family(name)).to_vec();
        families.push(self.family(SNAPSHOTS));
        let mut flush = FlushOptions::default();
        flush.set_wait(true);
        self.db.flush_cfs_opt(&families, &flush).map_err(self.failed(doing))?;
        let family = self.family(SNAPSHOTS);
        let mut batch = WriteBatch::default();
        batch.delete_range_cf(family, vec![0u8; 12], pair32(sequence.to_be_bytes(), 0));
        batch.put_cf(family, NEWEST, (sequence, pieces).encode());
        batch.delete_range_cf(self.family(LOG), [0u8; 8], (sequence + 1).to_be_bytes());
        let mut options = WriteOptions::default();
        options.set_sync(true);
        self.db.write_opt(batch, &options).map_err(self.failed(doing))
    }

    /// The history of an order that has left the engine.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn history(&self, order: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self.db.get_cf(self.family(ORDERS), order.to_be_bytes());
        found.map_err(self.failed("an order was read"))
    }

    /// Orders that have left the engine, below `before`, the newest first: of a rider, of a driver, or all.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn list(&self, of: Whose, before: u64, limit: usize) -> Result<Vec<u64>, StoreError> {
        let (family, prefix) = match of {
            Whose::Rider(rider) => (BY_RIDER, rider.to_be_bytes().to_vec()),
            Whose::Driver(driver) => (BY_DRIVER, driver.to_be_bytes().to_vec()),
            Whose::Anybody => (ORDERS, Vec::new()),
        };
        let from = pair(&prefix, before.saturating_sub(1));
        let mode = IteratorMode::From(&from, Direction::Reverse);
        let mut orders = Vec::new();
        for entry in self.db.iterator_cf(self.family(family), mode).take(limit) {
            let (key, _) = entry.map_err(self.failed("orders were listed"))?;
            let Some(order) = key.strip_prefix(prefix.as_slice()) else { break };
            orders.push(number(order));
        }
        Ok(orders)
    }

    /// Final batches below `before`, the newest first.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn final_batches(&self, before: u64, limit: usize) -> Result<Vec<Final>, StoreError> {
        let from = batch_key(before.saturating_sub(1), FINAL);
        let mode = IteratorMode::From(&from, Direction::Reverse);
        let mut batches = Vec::new();
        for entry in self.db.iterator_cf(self.family(BATCHES), mode) {
            let (key, value) = entry.map_err(self.failed("batches were listed"))?;
            if !key.ends_with(&FINAL.to_be_bytes()) {
                continue;
            }
            if let Ok(batch) = Final::decode(&mut &value[..]) {
                batches.push(batch);
            }
            if batches.len() >= limit {
                break;
            }
        }
        Ok(batches)
    }
}

/// Whose orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// A rider's.
    Rider(u64),
    /// A driver's.
    Driver(u32),
    /// All.
    Anybody,
}

fn pair(first: &[u8], order: u64) -> Vec<u8> {
    [first, &order.to_be_bytes()].concat()
}

fn pair32(sequence: [u8; 8], chunk: u32) -> Vec<u8> {
    [&sequence[..], &chunk.to_be_bytes()].concat()
}

fn batch_key(number: u64, version: u32) -> Vec<u8> {
    pair32(number.to_be_bytes(), version)
}

/// The number at the beginning of a key.
fn number(key: &[u8]) -> u64 {
    key.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}
