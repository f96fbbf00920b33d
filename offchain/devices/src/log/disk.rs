//! The chunks in RocksDB.

use super::chunk::{records, Chunk, Header};
use rocksdb::{
    BlockBasedOptions, Cache, Direction, IteratorMode, Options, ReadOptions, WriteBatch,
    WriteOptions, DB,
};
use std::{
    io,
    path::{Path, PathBuf},
};

/// What can go wrong with the log.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// RocksDB said no.
    #[error("the log of records in {path} failed while {doing}: {source}")]
    Rocks {
        /// Where.
        path: PathBuf,
        /// At what.
        doing: &'static str,
        /// What RocksDB says.
        source: rocksdb::Error,
    },
    /// What is on disk is not what was written.
    #[error("the log of records in {path} is damaged at record {sequence}: {what}; restore it from a copy, or truncate the log above it")]
    Damaged {
        /// Where.
        path: PathBuf,
        /// At which record.
        sequence: u64,
        /// What is wrong.
        what: String,
    },
    /// It is gone.
    #[error("record {asked} was truncated, the log begins with {first}: read from there, the earlier ones are in ClickHouse")]
    Truncated {
        /// What was asked for.
        asked: u64,
        /// What there is.
        first: u64,
    },
    /// The system gives no thread.
    #[error("the log of records cannot start its writer: {0}")]
    Thread(io::Error),
    /// Whoever reads has a reason of its own to stop.
    #[error("reading the log was stopped: {0}")]
    Stopped(String),
}

/// From where to where the log goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) first: u64,
    pub(super) next: u64,
    pub(super) offset_start: u64,
    pub(super) offset_end: u64,
}

pub(super) struct Disk {
    db: DB,
    path: PathBuf,
}

impl Disk {
    pub(super) fn open(path: &Path) -> Result<Self, LogError> {
        let mut options = Options::default();
        options.create_if_missing(true);
        // Records are written once, read once, and dropped in whole files: large files, no compression, and no
        // compaction beyond moving files down.
        options.set_write_buffer_size(64 << 20);
        options.set_max_write_buffer_number(4);
        options.set_target_file_size_base(64 << 20);
        options.set_compression_type(rocksdb::DBCompressionType::None);
        options.set_max_background_jobs(2);
        options.set_max_total_wal_size(512 << 20);
        options.set_recycle_log_file_num(0);
        // Each write is synced before anybody is answered; a torn tail was not.
        options.set_wal_recovery_mode(rocksdb::DBRecoveryMode::TolerateCorruptedTailRecords);
        options.set_keep_log_file_num(4);
        let mut table = BlockBasedOptions::default();
        table.set_block_cache(&Cache::new_lru_cache(8 << 20));
        table.set_block_size(64 << 10);
        options.set_block_based_table_factory(&table);
        let db = DB::open(&options, path).map_err(|source| LogError::Rocks {
            path: path.to_owned(),
            doing: "it was opened (is another process using it?)",
            source,
        })?;
        Ok(Self { db, path: path.to_owned() })
    }

    fn failed(&self, doing: &'static str) -> impl Fn(rocksdb::Error) -> LogError + '_ {
        move |source| LogError::Rocks { path: self.path.clone(), doing, source }
    }

    pub(super) fn damaged(&self, sequence: u64, what: String) -> LogError {
        LogError::Damaged { path: self.path.clone(), sequence, what }
    }

    fn edge(&self, mode: IteratorMode<'_>) -> Result<Option<(u64, Header)>, LogError> {
        let Some(entry) = self.db.iterator(mode).next() else { return Ok(None) };
        let (key, value) = entry.map_err(self.failed("its ends were read"))?;
        let first = self.sequence(&key)?;
        let header = Header::read(&value)
            .ok_or_else(|| self.damaged(first, "a chunk has no header".into()))?;
        Ok(Some((first, header)))
    }

    fn sequence(&self, key: &[u8]) -> Result<u64, LogError> {
        let key = key.try_into().map(u64::from_be_bytes);
        key.map_err(|_| self.damaged(0, "a key is not a sequence".into()))
    }

    pub(super) fn bounds(&self) -> Result<Bounds, LogError> {
        let ends = (self.edge(IteratorMode::Start)?, self.edge(IteratorMode::End)?);
        let (Some((first, begin)), Some((last, end))) = ends else {
            return Ok(Bounds { first: 1, next: 1, offset_start: 0, offset_end: 0 });
        };
        Ok(Bounds {
            first,
            next: last + u64::from(end.count),
            offset_start: begin.offset,
            offset_end: end.offset + end.payload,
        })
    }

    /// Writes chunks down. When this returns, they are on disk.
    pub(super) fn commit(&self, group: &[Chunk]) -> Result<(), LogError> {
        let size: usize = group.iter().map(|chunk| chunk.bytes.len() + 32).sum();
        let mut batch = WriteBatch::with_capacity_bytes(size);
        for chunk in group.iter().filter(|chunk| chunk.count > 0) {
            batch.put(chunk.first.to_be_bytes(), &chunk.bytes);
        }
        let mut options = WriteOptions::default();
        options.set_sync(true);
        self.db.write_opt(batch, &options).map_err(self.failed("records were written"))
    }

    pub(super) fn visit(
        &self,
        from: u64,
        end: u64,
        max: usize,
        mut see: impl FnMut(u64, &[u8]) -> Result<(), LogError>,
    ) -> Result<u64, LogError> {
        if from >= end || max == 0 {
            return Ok(from);
        }
        let mut options = ReadOptions::default();
        options.set_readahead_size(1 << 20);
        options.fill_cache(false);
        let mut chunks = self.db.raw_iterator_opt(options);
        chunks.seek_for_prev(from.to_be_bytes());
        if !chunks.valid() {
            chunks.status().map_err(self.failed("records were read"))?;
            return Err(LogError::Truncated { asked: from, first: self.bounds()?.first });
        }
        let (mut next, mut left) = (from, max);
        while left > 0 && next < end {
            let (Some(key), Some(value)) = (chunks.key(), chunks.value()) else {
                chunks.status().map_err(self.failed("records were read"))?;
                return Err(self.damaged(next, "the log ends before its end".into()));
            };
            let first = self.sequence(key)?;
            let count = Header::read(value).map_or(0, |header| header.count);
            let after = first + u64::from(count);
            if first > next || after <= next {
                return Err(self.damaged(
                    next,
                    format!("there is a gap: the nearest chunk is {first} to {after}"),
                ));
            }
            let skip = usize::try_from(next - first).unwrap_or(usize::MAX);
            for record in records(value).skip(skip).take(left) {
                let record =
                    record.ok_or_else(|| self.damaged(next, "a record is cut off".into()))?;
                see(next, record)?;
                next += 1;
                left -= 1;
            }
            if left > 0 && next != after {
                return Err(self.damaged(next, format!("a chunk of {count} records has fewer")));
            }
            chunks.next();
        }
        Ok(next)
    }

    /// Drops whole chunks below a sequence, but never the last one. Returns the offset at which the log begins then.
    pub(super) fn truncate_below(&self, sequence: u64) -> Result<u64, LogError> {
        let from = sequence.to_be_bytes();
        let Some((keep, header)) = self.edge(IteratorMode::From(&from, Direction::Reverse))? else {
            return Ok(0);
        };
        let doing = "it was truncated";
        let below = keep.to_be_bytes();
        // Files that are wholly below go at once; what remains in others, with their compaction.
        self.db
            .delete_file_in_range([0u8; 8], (keep.saturating_sub(1)).to_be_bytes())
            .map_err(self.failed(doing))?;
        let mut batch = WriteBatch::default();
        batch.delete_range([0u8; 8], below);
        self.db.write(batch).map_err(self.failed(doing))?;
        Ok(header.offset)
    }
}
