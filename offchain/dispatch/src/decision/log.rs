//! Decisions in RocksDB: by order for who asks, and by time for who tidies up.
//!
//! | column family | key | value |
//! | --- | --- | --- |
//! | `decisions` | order (8), time (8), number (4) | `smartlink.dispatch.v1.Decision` |
//! | `by_time` | time (8), order (8), number (4) | bytes of the value (4) |
//!
//! Numbers are big-endian, so that keys ascend. The write-ahead log is written and not synced: what was appended survives
//! the end of the process, and the loss of power may take the last of it. Nobody was told that it is durable.

use std::{
    collections::HashSet,
    path::Path,
    sync::{Mutex, PoisonError},
};

use prost::Message as _;
use rocksdb::{
    ColumnFamily, ColumnFamilyDescriptor, Direction, IteratorMode, Options, WriteBatch, DB,
};
use smartlink_proto::dispatch as wire;

use super::Decision;
use crate::config::DecisionsConfig;

const DECISIONS: &str = "decisions";
const BY_TIME: &str = "by_time";
const KEY: usize = 20;
/// What a decision takes besides its value: two keys and a length.
const OVERHEAD: u64 = 2 * KEY as u64 + 4;
/// Decisions that one append drops at most for age and size. What is left is dropped by the next.
const PRUNED_AT_ONCE: usize = 20_000;

/// Why decisions could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// RocksDB failed.
    #[error("decisions in {path}: {source}; see that the disk has room and that no other process uses the folder")]
    Storage {
        /// The folder.
        path: String,
        /// What RocksDB says.
        source: rocksdb::Error,
    },
    /// What is stored is no decision.
    #[error("decisions in {path}: the entry of order {order} cannot be read; remove the folder, decisions are for explanation only")]
    Entry {
        /// The folder.
        path: String,
        /// The order.
        order: u64,
    },
}

/// The decisions that are kept: so many of an order, no older than so long, and so many bytes in all.
#[derive(Debug)]
pub struct DecisionLog {
    db: DB,
    path: String,
    config: DecisionsConfig,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    bytes: u64,
    number: u32,
    /// Nothing is older: where tidying begins, so that it does not walk over what it deleted.
    oldest_ms: u64,
}

/// What one append changes.
#[derive(Default)]
struct Change {
    batch: WriteBatch,
    gone: HashSet<[u8; KEY]>,
    added: u64,
    dropped: u64,
}

impl DecisionLog {
    /// Opens or makes the log in a folder.
    ///
    /// # Errors
    /// RocksDB does not open it.
    pub fn open(path: &Path, config: DecisionsConfig) -> Result<Self, LogError> {
        let mut options = Options::default();
        options.create_if_missing(true);
        options.create_missing_column_families(true);
        options.set_keep_log_file_num(4);
        options.set_max_total_wal_size(64 << 20);
        let families = [DECISIONS, BY_TIME].map(|name| {
            let mut options = Options::default();
            options.set_write_buffer_size(16 << 20);
            ColumnFamilyDescriptor::new(name, options)
        });
        let name = path.display().to_string();
        let db = DB::open_cf_descriptors(&options, path, families)
            .map_err(|source| LogError::Storage { path: name.clone(), source })?;
        let state = Mutex::new(State { bytes: 0, number: 0, oldest_ms: 0 });
        let log = Self { db, path: name, config, state };
        log.count()?;
        Ok(log)
    }

    /// Keeps decisions, and drops those that are too many, too old, or beyond the bytes.
    ///
    /// # Errors
    /// RocksDB does not write; nothing was kept then.
    pub fn append(&self, decisions: Vec<Decision>, now_ms: u64) -> Result<(), LogError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut change = Change::default();
        for decision in decisions {
            let (order, at_ms) = (decision.order, decision.at_ms);
            self.make_room(order, &mut change)?;
            let value = wire::Decision::from(decision).encode_to_vec();
            let number = state.number;
            state.number = number.wrapping_add(1);
            state.oldest_ms = state.oldest_ms.min(at_ms);
            change.added += value.len() as u64 + OVERHEAD;
            // A decision is far below 4 GB.
            let size = u32::try_from(value.len()).unwrap_or(u32::MAX);
            change.batch.put_cf(self.family(DECISIONS), key(order, at_ms, number), value);
            change.batch.put_cf(
                self.family(BY_TIME),
                key(at_ms, order, number),
                size.to_be_bytes(),
            );
        }
        let oldest_ms = self.prune(&state, now_ms, &mut change)?;
        self.db.write(std::mem::take(&mut change.batch)).map_err(|source| self.storage(source))?;
        state.bytes = (state.bytes + change.added).saturating_sub(change.dropped);
        state.oldest_ms = oldest_ms;
        Ok(())
    }

    /// The decisions of an order that are kept, the oldest first.
    ///
    /// # Errors
    /// RocksDB does not read, or what it reads is no decision.
    pub fn of(&self, order: u64) -> Result<Vec<wire::Decision>, LogError> {
        let mut decisions = Vec::new();
        for entry in self.entries(order) {
            let (_, value) = entry?;
            let decision = wire::Decision::decode(&value[..])
                .map_err(|_| LogError::Entry { path: self.path.clone(), order })?;
            decisions.push(decision);
        }
        Ok(decisions)
    }

    /// Bytes of all that is kept, before compression.
    pub fn bytes(&self) -> u64 {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).bytes
    }

    /// Drops the oldest of an order so that one more is not too many.
    ///
    /// A batch may hold two decisions of an order that the database does not know yet, when an offer is refused in the
    /// tick that made it: the next append counts them.
    fn make_room(&self, order: u64, change: &mut Change) -> Result<(), LogError> {
        let entries: Vec<_> = self.entries(order).collect::<Result<_, _>>()?;
        let many = (entries.len() + 1).saturating_sub(self.config.per_order.max(1));
        for (stored, value) in entries.iter().take(many) {
            let (order, at_ms, number) = parts(stored);
            self.drop_one((order, at_ms, number), value.len() as u64, change);
        }
        Ok(())
    }

    /// Drops what is too old, and the oldest of what is too much. Says when the oldest of what is left was.
    fn prune(&self, state: &State, now_ms: u64, change: &mut Change) -> Result<u64, LogError> {
        let since = now_ms.saturating_sub(self.config.hours * 3_600_000);
        let most = self.config.megabytes * 1_000_000;
        let first = key(state.oldest_ms, 0, 0);
        let mode = IteratorMode::From(&first, Direction::Forward);
        let mut oldest_ms = state.oldest_ms;
        for entry in self.db.iterator_cf(self.family(BY_TIME), mode).take(PRUNED_AT_ONCE) {
            let (stored, size) = entry.map_err(|source| self.storage(source))?;
            let (at_ms, order, number) = parts(&stored);
            oldest_ms = at_ms;
            let there = (state.bytes + change.added).saturating_sub(change.dropped);
            if at_ms >= since && there <= most {
                break;
            }
            self.drop_one((order, at_ms, number), length(&size), change);
        }
        Ok(oldest_ms)
    }

    fn drop_one(&self, (order, at_ms, number): (u64, u64, u32), value: u64, change: &mut Change) {
        let stored = key(order, at_ms, number);
        if change.gone.insert(stored) {
            change.batch.delete_cf(self.family(DECISIONS), stored);
            change.batch.delete_cf(self.family(BY_TIME), key(at_ms, order, number));
            change.dropped += value + OVERHEAD;
        }
    }

    fn count(&self) -> Result<(), LogError> {
        let mut bytes = 0;
        for entry in self.db.iterator_cf(self.family(BY_TIME), IteratorMode::Start) {
            let (_, size) = entry.map_err(|source| self.storage(source))?;
            bytes += length(&size) + OVERHEAD;
        }
        self.state.lock().unwrap_or_else(PoisonError::into_inner).bytes = bytes;
        Ok(())
    }

    #[allow(clippy::type_complexity)]
    fn entries(
        &self,
        order: u64,
    ) -> impl Iterator<Item = Result<(Box<[u8]>, Box<[u8]>), LogError>> + '_ {
        let first = key(order, 0, 0);
        let mode = IteratorMode::From(&first, Direction::Forward);
        let entries = self.db.iterator_cf(self.family(DECISIONS), mode);
        entries
            .take_while(move |entry| match entry {
                Ok((key, _)) => parts(key).0 == order,
                Err(_) => true,
            })
            .map(|entry| entry.map_err(|source| self.storage(source)))
    }

    fn family(&self, name: &str) -> &ColumnFamily {
        self.db.cf_handle(name).expect("both families were opened with the database")
    }

    fn storage(&self, source: rocksdb::Error) -> LogError {
        LogError::Storage { path: self.path.clone(), source }
    }
}

fn key(first: u64, second: u64, number: u32) -> [u8; KEY] {
    let mut key = [0; KEY];
    key[..8].copy_from_slice(&first.to_be_bytes());
    key[8..16].copy_from_slice(&second.to_be_bytes());
    key[16..].copy_from_slice(&number.to_be_bytes());
    key
}

/// The three numbers of a key. A key of another length, which nobody writes, reads as zeros.
fn parts(key: &[u8]) -> (u64, u64, u32) {
    let number = |from: usize| {
        let bytes = key.get(from..from + 8).and_then(|bytes| bytes.try_into().ok());
        u64::from_be_bytes(bytes.unwrap_or_default())
    };
    let last = key.get(16..KEY).and_then(|bytes| bytes.try_into().ok());
    (number(0), number(8), u32::from_be_bytes(last.unwrap_or_default()))
}

fn length(size: &[u8]) -> u64 {
    u32::from_be_bytes(size.try_into().unwrap_or_default()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::Outcome;

    fn decision(order: u64, at_ms: u64) -> Decision {
        Decision {
            order,
            tick: at_ms,
            at_ms,
            orders_in_tick: 1,
            drivers_in_tick: 0,
            rings: 3,
            outcome: Outcome::Nobody,
            driver: None,
            candidates: Vec::new(),
            reason: "nobody is near".repeat(20),
        }
    }

    fn times(log: &DecisionLog, order: u64) -> Vec<u64> {
        log.of(order).unwrap().iter().map(|decision| decision.at_ms).collect()
    }

    #[test]
    fn an_order_keeps_its_newest_decisions_and_a_restart_forgets_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let config = DecisionsConfig { per_order: 3, ..DecisionsConfig::default() };
        let log = DecisionLog::open(folder.path(), config.clone()).unwrap();
        for at_ms in 1..=5 {
            log.append(vec![decision(7, at_ms), decision(8, at_ms)], at_ms).unwrap();
        }
        assert_eq!(times(&log, 7), [3, 4, 5]);
        assert_eq!(times(&log, 6), [] as [u64; 0]);
        let bytes = log.bytes();
        drop(log);
        let log = DecisionLog::open(folder.path(), config).unwrap();
        assert_eq!((times(&log, 8), log.bytes()), (vec![3, 4, 5], bytes));
    }

    #[test]
    fn what_is_too_old_goes_and_what_is_too_much_goes_oldest_first() {
        let folder = tempfile::tempdir().unwrap();
        let config = DecisionsConfig { hours: 1, megabytes: 1, ..DecisionsConfig::default() };
        let log = DecisionLog::open(folder.path(), config).unwrap();
        log.append(vec![decision(1, 0)], 0).unwrap();
        log.append(vec![decision(2, 3_600_001)], 3_600_001).unwrap();
        assert!(times(&log, 1).is_empty() && !times(&log, 2).is_empty());
        let many: Vec<Decision> =
            (10..4_010).map(|order| decision(order, 3_600_001 + order)).collect();
        log.append(many, 3_700_000).unwrap();
        log.append(vec![decision(9_999, 3_700_000)], 3_700_000).unwrap();
        assert!(log.bytes() <= 1_000_000, "{}", log.bytes());
        assert!(times(&log, 10).is_empty() && !times(&log, 4_009).is_empty());
    }
}
