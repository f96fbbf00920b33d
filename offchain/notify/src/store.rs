//! What the service remembers, in RocksDB: messages by account, what is read, keys, channels, deliveries and
//! dead letters.
//!
//! All changes go through one thread (`commit`), which answers when they are durable. Reads see what is
//! written, which may be a few milliseconds before it is durable; deliveries begin after that.

mod commit;
mod layout;
mod ledger;
mod records;

use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc,
    },
    thread::JoinHandle,
};

use smartlink_proto::notify as proto;
use tokio::sync::watch;

use self::{
    commit::Queue,
    layout::{Family, Tables},
    ledger::Ledger,
    records::{AccountRecord, Counters},
};
pub(crate) use self::{
    ledger::{Heralds, NewMessage, Outcome},
    records::{Channel, ChannelsRecord, DeliveryRecord, MessageRecord},
};
use crate::NotifyConfig;

/// Why the store did not do what was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder cannot be opened.
    #[error("the store in {path} cannot be opened: {source}; is another process using it?")]
    Open {
        /// The folder.
        path: PathBuf,
        /// What RocksDB says.
        source: rocksdb::Error,
    },
    /// Another version wrote it.
    #[error("the store has format {found}, this program reads {expected}: use the program that wrote it")]
    Format {
        /// What stands there.
        found: u32,
        /// What is understood.
        expected: u32,
    },
    /// The thread that writes was not started.
    #[error("the thread of the store cannot be started: {0}")]
    Thread(Arc<io::Error>),
    /// RocksDB failed.
    #[error("the store failed: {0}")]
    Database(#[from] rocksdb::Error),
    /// A record cannot be read.
    #[error("a record of {family} cannot be read: restore the store from a copy")]
    Corrupt {
        /// The column family.
        family: &'static str,
    },
    /// The disk failed before, and nobody knows what it holds.
    #[error(
        "the store accepts nothing since the disk failed: see the log, and start the service again"
    )]
    Broken,
    /// Too many commands wait.
    #[error("{commands} commands wait for the disk: try again later")]
    Busy {
        /// How many may wait.
        commands: usize,
    },
    /// The outbox is full: a dead letter stays one.
    #[error("the outbox holds {deliveries} deliveries, which is its bound: try again later")]
    OutboxFull {
        /// The bound.
        deliveries: u32,
    },
    /// The key was used for another message.
    #[error("the key {key:?} belongs to message {id} with other content: take a new key")]
    KeyTaken {
        /// The key.
        key: String,
        /// What it was used for.
        id: u64,
    },
    /// There is no such dead letter.
    #[error(
        "there is no dead letter {id}: it was dropped, or never was; list them by DeadLetters"
    )]
    NoDeadLetter {
        /// What was asked for.
        id: u64,
    },
}

/// A delivery that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) place: u64,
    pub(crate) account: u64,
    pub(crate) channel: Channel,
    pub(crate) due_ms: u64,
}

/// The store.
pub(crate) struct Store {
    tables: Arc<Tables>,
    /// `None` only while it is dropped.
    queue: Option<Queue>,
    thread: Option<JoinHandle<()>>,
    durable_place: Arc<AtomicU64>,
    instance: u64,
    failure: watch::Receiver<Option<StoreError>>,
}

impl Store {
    /// Opens the store in a folder, or makes it.
    pub(crate) fn open(
        path: &Path,
        config: &NotifyConfig,
        heralds: Heralds,
    ) -> Result<Self, StoreError> {
        let tables = Arc::new(Tables::open(path)?);
        let fresh =
            || Counters { format: layout::FORMAT, store: fastrand::u64(..), ..Counters::default() };
        let counters: Counters =
            tables.get(Family::Counters, layout::COUNTERS)?.unwrap_or_else(fresh);
        if counters.format != layout::FORMAT {
            return Err(StoreError::Format { found: counters.format, expected: layout::FORMAT });
        }
        let mut batch = rocksdb::WriteBatch::default();
        tables.put(&mut batch, Family::Counters, layout::COUNTERS, &counters);
        tables.write(batch)?;
        tables.sync()?;
        let (instance, durable_place) = (counters.store, Arc::new(AtomicU64::new(0)));
        let place = Arc::clone(&durable_place);
        let ledger = Ledger::new(Arc::clone(&tables), counters, config.clone(), heralds, place);
        let (fail, failure) = watch::channel(None);
        let (queue, thread) = commit::start(ledger, fail)?;
        let (queue, thread) = (Some(queue), Some(thread));
        Ok(Self { tables, queue, thread, durable_place, instance, failure })
    }

    /// Ends when the disk has failed.
    pub(crate) async fn failed(&self) -> StoreError {
        let mut failure = self.failure.clone();
        let seen = failure.wait_for(Option::is_some).await;
        // The thread ends before the store does when it panics.
        seen.ok().and_then(|failure| failure.clone()).unwrap_or(StoreError::Broken)
    }

    /// A number that no other store has.
    pub(crate) fn instance(&self) -> u64 {
        self.instance
    }

    fn queue(&self) -> &Queue {
        self.queue.as_ref().expect("only drop takes the queue")
    }

    /// Accepts a message; its id.
    pub(crate) async fn send(&self, new: NewMessage) -> Result<u64, StoreError> {
        commit::carry_out(self.queue(), false, move |ledger| ledger.send(new)).await
    }

    /// Marks messages up to one as read; how many are unread then.
    pub(crate) async fn mark_read(&self, account: u64, up_to: u64) -> Result<u32, StoreError> {
        commit::carry_out(self.queue(), false, move |ledger| ledger.mark_read(account, up_to)).await
    }

    /// Sets the channels of an account.
    pub(crate) async fn set_channels(
        &self,
        account: u64,
        record: ChannelsRecord,
    ) -> Result<(), StoreError> {
        commit::carry_out(self.queue(), false, move |ledger| ledger.set_channels(account, &record))
            .await
    }

    /// Puts a dead letter back into the outbox.
    pub(crate) async fn redeliver(&self, id: u64, now_ms: u64) -> Result<(), StoreError> {
        commit::carry_out(self.queue(), false, move |ledger| ledger.redeliver(id, now_ms)).await
    }

    /// Notes what an attempt came to. It waits when the queue is full.
    pub(crate) async fn conclude(&self, place: u64, outcome: Outcome) -> Result<(), StoreError> {
        commit::carry_out(self.queue(), true, move |ledger| ledger.conclude(place, outcome)).await
    }

    /// A page of an inbox, the newest first: messages with ids smaller than `before` (0: all).
    pub(crate) fn inbox(
        &self,
        account: u64,
        before: u64,
        limit: u32,
    ) -> Result<proto::InboxPage, StoreError> {
        let counted: AccountRecord =
            self.tables.get(Family::Accounts, layout::number(account))?.unwrap_or_default();
        let from = layout::message(account, counted.oldest);
        let to = layout::message(account, before.wrapping_sub(1));
        let wanted = limit as usize;
        let mut rows: Vec<(u64, MessageRecord)> =
            self.tables.descending(Family::Messages, (&from, &to), wanted + 1)?;
        let more = rows.len() > wanted;
        rows.truncate(wanted);
        let next = if more { rows.last().map_or(0, |(id, _)| *id) } else { 0 };
        let read_up_to = counted.read_up_to;
        let shown = rows.into_iter().map(|(id, record)| record.into_message(id <= read_up_to));
        Ok(proto::InboxPage { messages: shown.collect(), next, unread: counted.unread })
    }

    /// The channels of an account, secret and all.
    pub(crate) fn channels(&self, account: u64) -> Result<proto::Channels, StoreError> {
        let record: Option<ChannelsRecord> =
            self.tables.get(Family::Channels, layout::number(account))?;
        Ok(record.unwrap_or_default().into())
    }

    /// A page of dead letters, the newest delivery first: ids smaller than `before` (0: all).
    pub(crate) fn dead_letters(
        &self,
        before: u64,
        limit: u32,
    ) -> Result<proto::DeadLetterPage, StoreError> {
        let (from, to) = (layout::number(0), layout::number(before.wrapping_sub(1)));
        let wanted = limit as usize;
        let mut rows: Vec<(u64, DeliveryRecord)> =
            self.tables.descending(Family::Dead, (&from, &to), wanted + 1)?;
        let more = rows.len() > wanted;
        rows.truncate(wanted);
        let next = if more { rows.last().map_or(0, |(id, _)| *id) } else { 0 };
        let mut letters = Vec::with_capacity(rows.len());
        for (_, dead) in rows {
            let key = layout::number(dead.account());
            let counted: AccountRecord =
                self.tables.get(Family::Accounts, key)?.unwrap_or_default();
            let read = dead.message.as_ref().is_some_and(|m| m.id <= counted.read_up_to);
            letters.push(dead.into_dead_letter(read));
        }
        Ok(proto::DeadLetterPage { letters, next })
    }

    /// A delivery of the outbox.
    pub(crate) fn delivery(&self, place: u64) -> Result<Option<DeliveryRecord>, StoreError> {
        self.tables.get(Family::Outbox, layout::number(place))
    }

    /// The last place of the outbox that is durable.
    pub(crate) fn durable_place(&self) -> u64 {
        self.durable_place.load(Ordering::Acquire)
    }

    /// Durable deliveries of the outbox behind a place, in the order in which they were put there.
    pub(crate) fn waiting_after(
        &self,
        place: u64,
        limit: usize,
    ) -> Result<Vec<Waiting>, StoreError> {
        let durable = self.durable_place();
        if durable <= place {
            return Ok(Vec::new());
        }
        let (from, to) = (layout::number(place + 1), layout::number(durable));
        let rows: Vec<(u64, DeliveryRecord)> =
            self.tables.ascending(Family::Outbox, (&from, &to), limit)?;
        let waiting = rows.into_iter().map(|(place, delivery)| Waiting {
            place,
            account: delivery.account(),
            channel: delivery.channel(),
            due_ms: delivery.due_ms,
        });
        Ok(waiting.collect())
    }
}

impl Drop for Store {
    /// Ends the thread, so that the folder can be opened again at once. It has at most one queue to finish.
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            if thread.join().is_err() {
                tracing::error!("the thread of the store panicked");
            }
        }
    }
}

#[cfg(test)]
mod tests;
