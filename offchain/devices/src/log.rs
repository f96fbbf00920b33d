//! The log of records: what is in it was received, and nothing is acknowledged that is not in it.
//!
//! ```text
//! append ─▶ the open chunk ─┐             ┌─▶ receipts resolve
//! append ─▶ (in memory)     ├─▶ writer ───┤
//! append ─▶                 ┘   one synced└─▶ followers see the new end
//!                               write
//! ```
//!
//! Records that come while one group is being written become the next group. Each is encoded once, into the very
//! bytes that are put on disk: a chunk of many records under the sequence of its first. Sequences are contiguous
//! and begin with 1.
//!
//! When a write fails the log stops for good: what is in memory may be ahead of the disk, and only a restart can
//! tell. Its bounds are bytes that wait for the disk, and bytes on disk that nobody has truncated yet.

mod chunk;
mod disk;
mod receipt;

pub use disk::LogError;
pub use receipt::{Appended, Receipt, Unwritten};

use crate::config::LogConfig;
use chunk::Chunk;
use disk::Disk;
use parking_lot::{Condvar, Mutex};
use smartlink_records::Record;
use std::{
    collections::VecDeque,
    path::Path,
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc,
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};
use tokio::sync::watch;

/// A chunk is closed when it has so many bytes.
const CHUNK: usize = 1 << 20;
/// Chunks that are written at once, at most.
const GROUP: usize = 16;
/// Buffers that are kept for the next chunks.
const SPARE: usize = 8;

/// The log of one company's records. Clones share it.
#[derive(Clone)]
pub struct Log {
    shared: Arc<Shared>,
}

struct Shared {
    disk: Disk,
    pending: Mutex<Pending>,
    wake: Condvar,
    /// The offset of the first byte that is not truncated.
    start: AtomicU64,
    end: watch::Sender<u64>,
    failed: watch::Sender<Option<Arc<LogError>>>,
    max_waiting: usize,
    max_bytes: u64,
    linger: Duration,
}

/// What waits for the writer.
struct Pending {
    chunks: VecDeque<Chunk>,
    spare: Vec<Vec<u8>>,
    /// The sequence of the next record.
    next: u64,
    /// The offset of the next byte.
    offset: u64,
    /// Bytes in `chunks` and in the group that is being written.
    waiting: usize,
    end: End,
    /// The writer stands still: for tests of what happens before the disk has something.
    held: bool,
    /// The writer panics: for tests of what happens then.
    panics: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Open,
    Closing,
    Failed,
}

/// Stops the log when the writer ends by a panic.
struct Alarm(Log);

impl Drop for Alarm {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let why = "its writer has panicked: look for the panic above, and restart".to_owned();
            self.0.stop_for_good(LogError::Stopped(why), Vec::new());
        }
    }
}

/// Waits for the end of the writer.
pub struct Writing {
    log: Log,
    thread: Option<JoinHandle<()>>,
}

impl Log {
    /// Opens the log in a folder, or makes one, and starts its writer.
    ///
    /// # Errors
    /// RocksDB cannot open it; most often because another process has it open.
    pub fn start(path: &Path, config: &LogConfig) -> Result<(Self, Writing), LogError> {
        let disk = Disk::open(path)?;
        let bounds = disk.bounds()?;
        tracing::info!(first = bounds.first, next = bounds.next, "the log is open");
        let shared = Shared {
            disk,
            pending: Mutex::new(Pending {
                chunks: VecDeque::new(),
                spare: Vec::new(),
                next: bounds.next,
                offset: bounds.offset_end,
                waiting: 0,
                end: End::Open,
                held: false,
                panics: false,
            }),
            wake: Condvar::new(),
            start: AtomicU64::new(bounds.offset_start),
            end: watch::Sender::new(bounds.next),
            failed: watch::Sender::new(None),
            max_waiting: usize::try_from(config.waiting_bytes).unwrap_or(usize::MAX),
            max_bytes: config.max_bytes,
            linger: Duration::from_micros(config.linger_us),
        };
        let log = Self { shared: Arc::new(shared) };
        let writer = log.clone();
        let thread = std::thread::Builder::new()
            .name("devices-log".into())
            .spawn(move || {
                // Whatever ends the writer, nobody waits for it for ever.
                let alarm = Alarm(writer.clone());
                writer.write();
                drop(alarm);
            })
            .map_err(LogError::Thread)?;
        Ok((log.clone(), Writing { log, thread: Some(thread) }))
    }

    /// Takes records on, in their order and next to each other, all or none. Their `sequence` is ignored: the log
    /// gives it. They are in the log when the receipt says so.
    pub fn append<'a>(&self, records: impl IntoIterator<Item = &'a Record>) -> Receipt {
        self.append_with(|append| records.into_iter().for_each(|record| append.record(record)))
    }

    /// As [`append`](Self::append), by a caller that has no slice of records.
    pub(crate) fn append_with(&self, fill: impl FnOnce(&mut Appending<'_>)) -> Receipt {
        let shared = &*self.shared;
        let mut pending = shared.pending.lock();
        let live = pending.offset.saturating_sub(shared.start.load(Ordering::Acquire));
        match pending.end {
            End::Open if pending.waiting >= shared.max_waiting => {
                return Receipt::refused(Unwritten::Overloaded)
            }
            End::Open if live >= shared.max_bytes => return Receipt::refused(Unwritten::Full),
            End::Open => {}
            End::Closing => return Receipt::refused(Unwritten::Closed),
            End::Failed => return Receipt::refused(Unwritten::Disk),
        }
        let pending = &mut *pending;
        if pending.chunks.back().is_none_or(|chunk| chunk.bytes.len() >= CHUNK) {
            let buffer = pending.spare.pop().unwrap_or_default();
            pending.chunks.push_back(Chunk::begin(buffer, pending.next, pending.offset));
        }
        let chunk = pending.chunks.back_mut().expect("a chunk was pushed if there was none");
        let (before, had) = (chunk.bytes.len(), chunk.count);
        fill(&mut Appending { chunk });
        let (count, bytes) = (chunk.count - had, chunk.bytes.len() - before);
        let appended = Appended { first: pending.next, count };
        let done = chunk.done.clone();
        pending.next += u64::from(count);
        pending.offset += bytes as u64;
        pending.waiting += bytes;
        // The writer sleeps only when there is nothing.
        if pending.chunks.len() == 1 && had == 0 {
            shared.wake.notify_one();
        }
        Receipt::waiting(done, appended)
    }

    /// The sequence that the next durable record will have. All below it, down to
    /// [`first_sequence`](Self::first_sequence), can be read.
    pub fn next_sequence(&self) -> u64 {
        *self.shared.end.borrow()
    }

    /// The first sequence that was not truncated.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn first_sequence(&self) -> Result<u64, LogError> {
        Ok(self.shared.disk.bounds()?.first)
    }

    /// Bytes of records that are kept, those that wait for the disk among them.
    pub fn bytes(&self) -> u64 {
        let end = self.shared.pending.lock().offset;
        end.saturating_sub(self.shared.start.load(Ordering::Acquire))
    }

    /// The end as it moves on: always the sequence of the first record that is not on disk.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.shared.end.subscribe()
    }

    /// At most `max` records from a sequence on. Fewer, also none, when the log ends.
    ///
    /// # Errors
    /// The records were truncated, the disk refuses, or what is on it is damaged.
    pub fn read(&self, from: u64, max: usize) -> Result<Vec<Record>, LogError> {
        let mut records = Vec::with_capacity(max.min(4_096));
        self.visit(from, max, |sequence, bytes| {
            records.push(
                Record::decode(sequence, bytes).map_err(|source| self.damaged(sequence, source))?,
            );
            Ok(())
        })?;
        Ok(records)
    }

    /// Shows at most `max` records from a sequence on as they were encoded ([`Record::encode`]), without a copy.
    /// Returns the sequence after the last one shown.
    ///
    /// # Errors
    /// The records were truncated, the disk refuses, what is on it is damaged, or `see` says so.
    pub fn visit(
        &self,
        from: u64,
        max: usize,
        see: impl FnMut(u64, &[u8]) -> Result<(), LogError>,
    ) -> Result<u64, LogError> {
        self.shared.disk.visit(from, self.next_sequence(), max, see)
    }

    /// The error for a record that does not decode.
    pub fn damaged(&self, sequence: u64, source: smartlink_records::DecodeError) -> LogError {
        self.shared.disk.damaged(sequence, source.to_string())
    }

    /// Drops what is below a sequence, as far as whole chunks go; the last chunk always stays, so that no sequence
    /// is ever given twice. It may be asked again at any time.
    ///
    /// # Errors
    /// The disk refuses; some of it may be gone.
    pub fn truncate_below(&self, sequence: u64) -> Result<(), LogError> {
        let start = self.shared.disk.truncate_below(sequence.min(self.next_sequence()))?;
        self.shared.start.fetch_max(start, Ordering::AcqRel);
        Ok(())
    }

    /// Ends when the writer has failed. Nothing is acknowledged afterwards: the process has to end.
    pub async fn failed(&self) -> Arc<LogError> {
        let mut failed = self.shared.failed.subscribe();
        let seen = failed.wait_for(Option::is_some).await.map(|error| error.clone());
        match seen {
            Ok(Some(error)) => error,
            // The sender lives as long as `self`, and only `Some` was waited for.
            _ => std::future::pending().await,
        }
    }

    /// Whether the writer has failed.
    pub fn has_failed(&self) -> bool {
        self.shared.failed.borrow().is_some()
    }

    /// Lets the writer stand still, or go on: for tests that look at what is not acknowledged yet.
    #[doc(hidden)]
    pub fn hold(&self, held: bool) {
        self.shared.pending.lock().held = held;
        self.shared.wake.notify_one();
    }

    /// Lets the writer panic when it takes the next group: for tests.
    #[doc(hidden)]
    pub fn panic(&self) {
        self.shared.pending.lock().panics = true;
    }

    /// Fails the writer as a refusing disk would: for tests.
    #[doc(hidden)]
    pub fn fail(&self, error: LogError) {
        self.stop_for_good(error, Vec::new());
    }

    fn write(&self) {
        let mut group = Vec::with_capacity(GROUP);
        loop {
            let began = Instant::now();
            if !self.take(&mut group) {
                return;
            }
            if let Err(error) = self.shared.disk.commit(&group) {
                self.stop_for_good(error, group);
                return;
            }
            let written: usize = group.iter().map(Chunk::payload).sum();
            self.shared.pending.lock().waiting -= written;
            let next = group.last().map(|chunk| chunk.first + u64::from(chunk.count));
            self.shared.end.send_replace(next.expect("a group that was taken has a chunk"));
            for chunk in &group {
                chunk.done.durable();
            }
            self.give_back(&mut group);
            // A short pause makes groups large: one write and one round of wake-ups for many records.
            std::thread::sleep(self.shared.linger.saturating_sub(began.elapsed()));
        }
    }

    /// Waits for something to write. False when there will be nothing.
    fn take(&self, group: &mut Vec<Chunk>) -> bool {
        let mut pending = self.shared.pending.lock();
        while pending.chunks.is_empty() || pending.held {
            if pending.end == End::Failed
                || (pending.end == End::Closing && pending.chunks.is_empty())
            {
                return false;
            }
            self.shared.wake.wait(&mut pending);
        }
        let count = pending.chunks.len().min(GROUP);
        group.extend(pending.chunks.drain(..count));
        assert!(!pending.panics, "a test wants the writer of the log to panic");
        true
    }

    fn give_back(&self, group: &mut Vec<Chunk>) {
        let mut pending = self.shared.pending.lock();
        for mut chunk in group.drain(..) {
            if pending.spare.len() < SPARE {
                pending.spare.push(std::mem::take(&mut chunk.bytes));
            }
        }
    }

    fn stop_for_good(&self, error: LogError, group: Vec<Chunk>) {
        tracing::error!(%error, "the log stops: what is acknowledged has to be on disk");
        let mut pending = self.shared.pending.lock();
        pending.end = End::Failed;
        for chunk in group.into_iter().chain(pending.chunks.drain(..)) {
            chunk.done.lost();
        }
        drop(pending);
        self.shared.wake.notify_one();
        self.shared.failed.send_replace(Some(Arc::new(error)));
    }
}

/// Records on their way into a chunk.
pub(crate) struct Appending<'a> {
    chunk: &'a mut Chunk,
}

impl Appending<'_> {
    /// Adds one.
    pub(crate) fn record(&mut self, record: &Record) {
        self.chunk.push(|bytes| record.encode_to(bytes));
    }
}

impl Writing {
    /// Stops the log when all that was appended is on disk. Later records are refused.
    pub fn stop(mut self) {
        self.close();
    }

    fn close(&mut self) {
        {
            let mut pending = self.log.shared.pending.lock();
            if pending.end == End::Open {
                pending.end = End::Closing;
            }
            pending.held = false;
        }
        self.log.shared.wake.notify_one();
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the writer of the log has panicked");
        }
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.close();
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        // Whatever happens to the writer, nobody waits for ever.
        self.done.lost();
    }
}
