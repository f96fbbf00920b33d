//! What the service has done since it started, for its metrics.

use std::sync::atomic::{AtomicU64, Ordering};

/// What the service has done since it started, and what waits now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Messages accepted (`smartlink_notify_accepted_total`).
    pub accepted: u64,
    /// Messages that came again with a known key.
    pub repeated: u64,
    /// Messages that left a full inbox, read.
    pub dropped_read: u64,
    /// Messages that left a full inbox and had never been read.
    pub dropped_unread: u64,
    /// Deliveries that arrived.
    pub delivered: u64,
    /// Attempts that failed and will be repeated.
    pub retried: u64,
    /// Deliveries that became dead letters.
    pub given_up: u64,
    /// Dead letters that were dropped because there were too many.
    pub dropped_dead: u64,
    /// Streams of `Watch` that were cut because they were too slow.
    pub cut: u64,
    /// Deliveries in the outbox now.
    pub waiting: u64,
    /// Dead letters now.
    pub dead: u64,
}

impl Figures {
    /// Adds what has happened since.
    pub(crate) fn absorb(&mut self, more: &Self) {
        self.accepted += more.accepted;
        self.repeated += more.repeated;
        self.dropped_read += more.dropped_read;
        self.dropped_unread += more.dropped_unread;
        self.delivered += more.delivered;
        self.retried += more.retried;
        self.given_up += more.given_up;
        self.dropped_dead += more.dropped_dead;
        self.cut += more.cut;
    }
}

/// The counters behind [`Figures`].
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) accepted: Count,
    pub(crate) repeated: Count,
    pub(crate) dropped_read: Count,
    pub(crate) dropped_unread: Count,
    pub(crate) delivered: Count,
    pub(crate) retried: Count,
    pub(crate) given_up: Count,
    pub(crate) dropped_dead: Count,
    pub(crate) cut: Count,
    pub(crate) waiting: Count,
    pub(crate) dead: Count,
}

/// A number that is only looked at: no order among several is promised.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    pub(crate) fn set(&self, now: u64) {
        self.0.store(now, Ordering::Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Tally {
    /// Adds what has happened since. What waits now is said by [`Count::set`].
    pub(crate) fn add(&self, more: &Figures) {
        self.accepted.add(more.accepted);
        self.repeated.add(more.repeated);
        self.dropped_read.add(more.dropped_read);
        self.dropped_unread.add(more.dropped_unread);
        self.delivered.add(more.delivered);
        self.retried.add(more.retried);
        self.given_up.add(more.given_up);
        self.dropped_dead.add(more.dropped_dead);
        self.cut.add(more.cut);
    }

    pub(crate) fn figures(&self) -> Figures {
        Figures {
            accepted: self.accepted.get(),
            repeated: self.repeated.get(),
            dropped_read: self.dropped_read.get(),
            dropped_unread: self.dropped_unread.get(),
            delivered: self.delivered.get(),
            retried: self.retried.get(),
            given_up: self.given_up.get(),
            dropped_dead: self.dropped_dead.get(),
            cut: self.cut.get(),
            waiting: self.waiting.get(),
            dead: self.dead.get(),
        }
    }
}
