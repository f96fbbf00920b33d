//! The store: accounts, sessions and the audit log in one RocksDB.
//!
//! One thread writes. It takes what waits, up to [`GROUP`] jobs, writes it as one batch, and then tells
//! everybody that it is durable: a commit costs its callers one write to the disk together. Reading needs
//! no thread of its own.
//!
//! Keys begin with a byte that says what they are; numbers in them are big-endian, so that they lie in order.

use std::{path::Path, sync::Arc, thread};

use rocksdb::{Direction, IteratorMode, Options, WriteBatch, WriteOptions, DB};
use tokio::sync::{mpsc, oneshot, watch};

use crate::audit::{Chain, Entry, Head};

/// Jobs that one write may hold.
const GROUP: usize = 512;

/// What a key is about.
pub(crate) mod table {
    /// Account by id.
    pub const ACCOUNT: u8 = b'a';
    /// Id of an account by its name.
    pub const NAME: u8 = b'n';
    /// Id of an account by its wallet.
    pub const WALLET: u8 = b'w';
    /// Session by id.
    pub const SESSION: u8 = b's';
    /// Sessions of an account.
    pub const SESSION_OF: u8 = b'i';
    /// Session of a refresh token, by the token's hash.
    pub const REFRESH: u8 = b'r';
    /// Sessions that were ended while tokens of theirs may be good.
    pub const REVOKED: u8 = b'x';
    /// Entries of the audit log.
    pub const AUDIT: u8 = b'l';
    /// The last entry of the audit log.
    pub const AUDIT_HEAD: u8 = b'h';
    /// The key that signs tokens.
    pub const TOKEN_KEY: u8 = b'k';
    /// Addresses of an account that wait to be confirmed.
    pub const CONFIRMATION: u8 = b'c';
}

/// The store failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// RocksDB says so.
    #[error("the store could not {what}: {reason}; look at the disk's space and health")]
    Disk {
        /// What was tried.
        what: &'static str,
        /// RocksDB's words.
        reason: String,
    },
    /// What lies there cannot be read.
    #[error(
        "the store has {what} that cannot be read ({reason}): restore the folder from a backup"
    )]
    Corrupt {
        /// What it should be.
        what: &'static str,
        /// Why not.
        reason: String,
    },
    /// The disk failed before, and nobody knows what it holds.
    #[error("the store accepts nothing since it failed ({0}): look at the disk's space and health, and start the service again")]
    Failed(Arc<str>),
    /// The writing thread is gone.
    #[error("the store is closed: start the service again")]
    Closed,
}

impl StoreError {
    fn disk(what: &'static str) -> impl FnOnce(rocksdb::Error) -> Self {
        move |error| Self::Disk { what, reason: error.into_string() }
    }
}

/// A key with its new value, or without one.
pub(crate) type Write = (Vec<u8>, Option<Vec<u8>>);

enum Work {
    Writes(Vec<Write>),
    Audit(Box<Entry>),
}

struct Job {
    work: Work,
    done: oneshot::Sender<Result<(), StoreError>>,
}

/// A place in the queue of the audit log, taken before the change is made.
pub(crate) struct AuditSlot(mpsc::OwnedPermit<Job>);

impl AuditSlot {
    /// Appends the entry, and waits until it is durable.
    pub async fn append(self, entry: Entry) -> Result<(), StoreError> {
        let (done, outcome) = oneshot::channel();
        self.0.send(Job { work: Work::Audit(Box::new(entry)), done });
        outcome.await.map_err(|_| StoreError::Closed)?
    }
}

/// The store. Clones share it; the last one closes it.
#[derive(Clone)]
pub(crate) struct Store {
    db: Arc<DB>,
    jobs: mpsc::Sender<Job>,
    chain: Arc<Chain>,
    failure: watch::Receiver<Option<StoreError>>,
    _writer: Arc<Writer>,
}

/// Waits for the writing thread when the store is closed, so that the folder can be opened again.
struct Writer(Option<thread::JoinHandle<()>>);

impl Drop for Writer {
    fn drop(&mut self) {
        // The thread ends when no sender is left; `Store` drops its own before this.
        if let Some(thread) = self.0.take() {
            let _ = thread.join();
        }
    }
}

/// The key of a number.
pub(crate) fn key(table: u8, id: u64) -> Vec<u8> {
    let mut key = Vec::with_capacity(9);
    key.push(table);
    key.extend_from_slice(&id.to_be_bytes());
    key
}

/// The key of bytes.
pub(crate) fn key_of(table: u8, bytes: &[u8]) -> Vec<u8> {
    let mut key = Vec::with_capacity(1 + bytes.len());
    key.push(table);
    key.extend_from_slice(bytes);
    key
}

impl Store {
    /// Opens the folder, and makes it when there is none.
    pub fn open(folder: &Path, sync: bool, queue: usize) -> Result<Self, StoreError> {
        let mut options = Options::default();
        options.create_if_missing(true);
        options.set_max_open_files(256);
        options.set_keep_log_file_num(4);
        let db = DB::open(&options, folder).map_err(StoreError::disk("be opened"))?;
        let db = Arc::new(db);
        let head = match db.get([table::AUDIT_HEAD]).map_err(StoreError::disk("be read"))? {
            Some(bytes) => Head::decode(&bytes).ok_or(StoreError::Corrupt {
                what: "a head of the audit log",
                reason: format!("{} bytes", bytes.len()),
            })?,
            None => Head::default(),
        };
        let chain = Arc::new(Chain::new(head));
        let (jobs, waiting) = mpsc::channel(queue);
        let (written, noted) = (db.clone(), chain.clone());
        let (fail, failure) = watch::channel(None);
        let thread = thread::Builder::new()
            .name("api-store".into())
            .spawn(move || write_all(&written, &noted, waiting, sync, &fail))
            .map_err(|error| StoreError::Disk {
                what: "start a thread",
                reason: error.to_string(),
            })?;
        Ok(Self { db, jobs, chain, failure, _writer: Arc::new(Writer(Some(thread))) })
    }

    /// A value.
    pub fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.db.get(key).map_err(StoreError::disk("be read"))
    }

    /// Calls `each` with keys and values of a table from `from` on, in `direction`, until it says no.
    pub fn scan(
        &self,
        from: &[u8],
        direction: Direction,
        mut each: impl FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), StoreError> {
        let Some(table) = from.first() else { return Ok(()) };
        for item in self.db.iterator(IteratorMode::From(from, direction)) {
            let (key, value) = item.map_err(StoreError::disk("be read"))?;
            if key.first() != Some(table) || !each(&key, &value) {
                break;
            }
        }
        Ok(())
    }

    /// Writes all or nothing, and waits until it is durable.
    pub async fn commit(&self, writes: Vec<Write>) -> Result<(), StoreError> {
        let (done, outcome) = oneshot::channel();
        let job = Job { work: Work::Writes(writes), done };
        self.jobs.send(job).await.map_err(|_| StoreError::Closed)?;
        outcome.await.map_err(|_| StoreError::Closed)?
    }

    /// Ends when a write has failed: nothing is written any more.
    pub async fn failed(&self) -> StoreError {
        let mut failure = self.failure.clone();
        let seen = failure.wait_for(Option::is_some).await;
        // The thread ends before the store does when it panics.
        seen.ok().and_then(|failure| failure.clone()).unwrap_or(StoreError::Closed)
    }

    /// Writes before anybody else uses the store.
    pub fn commit_now(&self, writes: Vec<Write>) -> Result<(), StoreError> {
        let mut batch = WriteBatch::default();
        put_all(&mut batch, writes);
        let mut options = WriteOptions::default();
        options.set_sync(true);
        self.db.write_opt(batch, &options).map_err(StoreError::disk("be written"))
    }

    /// A place in the queue of the audit log. `None` when it is full.
    pub fn reserve_audit(&self) -> Option<AuditSlot> {
        self.jobs.clone().try_reserve_owned().ok().map(AuditSlot)
    }

    /// The last entry of the audit log.
    pub fn audit_head(&self) -> Head {
        self.chain.head()
    }
}

fn put_all(batch: &mut WriteBatch, writes: Vec<Write>) {
    for (key, value) in writes {
        match value {
            Some(value) => batch.put(key, value),
            None => batch.delete(key),
        }
    }
}

/// The writing thread. After a write that failed it writes no more: what the disk holds then is not known before the
/// store is opened again.
fn write_all(
    db: &DB,
    chain: &Chain,
    mut jobs: mpsc::Receiver<Job>,
    sync: bool,
    failure: &watch::Sender<Option<StoreError>>,
) {
    let mut options = WriteOptions::default();
    options.set_sync(sync);
    let mut waiting = Vec::with_capacity(GROUP);
    while let Some(first) = jobs.blocking_recv() {
        let mut batch = WriteBatch::default();
        let mut head = chain.head();
        let mut next = Some(first);
        while let Some(Job { work, done }) = next {
            match work {
                Work::Writes(writes) => put_all(&mut batch, writes),
                Work::Audit(entry) => {
                    let (sequence, bytes) = head.append(*entry);
                    batch.put(key(table::AUDIT, sequence), bytes);
                    batch.put([table::AUDIT_HEAD], head.encode());
                }
            }
            waiting.push(done);
            next = if waiting.len() < GROUP { jobs.try_recv().ok() } else { None };
        }
        let failed = failure.borrow().clone();
        let outcome = match failed {
            Some(failed) => Err(StoreError::Failed(failed.to_string().into())),
            None => db.write_opt(batch, &options).map_err(StoreError::disk("be written")),
        };
        match &outcome {
            Ok(()) => chain.set(head),
            Err(error) => {
                if failure.borrow().is_none() {
                    tracing::error!(%error, "the api stops: what is answered has to be on disk");
                    failure.send_replace(Some(error.clone()));
                }
            }
        }
        for done in waiting.drain(..) {
            // Who no longer waits needs no word.
            let _ = done.send(outcome.clone());
        }
    }
}
