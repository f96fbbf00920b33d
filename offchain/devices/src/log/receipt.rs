//! Who waits for the disk.

use std::sync::{
    atomic::{AtomicU8, Ordering},
    Arc,
};
use tokio::sync::Notify;

const WAITING: u8 = 0;
const DURABLE: u8 = 1;
const LOST: u8 = 2;

/// Why records are not in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unwritten {
    /// More wait for the disk than may wait.
    #[error("the disk is slower than what comes in: send it again in a second")]
    Overloaded,
    /// The log holds as much as it may.
    #[error("the log is full: what reads from it (telemetry) has to catch up, or log.max_bytes be raised; send it again later")]
    Full,
    /// The service is stopping.
    #[error("the service is stopping: connect and send it again")]
    Closed,
    /// The disk refused, and nothing is known of these records.
    #[error("the disk failed: nothing is acknowledged any more until the service was restarted")]
    Disk,
}

/// Where records are in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The sequence of the first.
    pub first: u64,
    /// How many.
    pub count: u32,
}

/// Shared by everybody whose records are in one chunk.
#[derive(Debug, Default)]
pub(super) struct Done {
    state: AtomicU8,
    changed: Notify,
}

impl Done {
    pub(super) fn durable(&self) {
        self.become_once(DURABLE);
    }

    pub(super) fn lost(&self) {
        self.become_once(LOST);
    }

    fn become_once(&self, state: u8) {
        let once = (Ordering::AcqRel, Ordering::Acquire);
        if self.state.compare_exchange(WAITING, state, once.0, once.1).is_ok() {
            self.changed.notify_waiters();
        }
    }
}

/// A promise that is kept when the records are on disk.
#[derive(Debug)]
#[must_use = "records are in the log when the receipt says so"]
pub struct Receipt(Result<(Arc<Done>, Appended), Unwritten>);

impl Receipt {
    pub(super) fn refused(why: Unwritten) -> Self {
        Self(Err(why))
    }

    pub(super) fn waiting(done: Arc<Done>, appended: Appended) -> Self {
        Self(Ok((done, appended)))
    }

    /// Resolves when the records are on disk, or never will be. It may be dropped and asked again.
    ///
    /// # Errors
    /// They are not in the log; [`Unwritten::Disk`]: it is unknown whether they are.
    pub async fn durable(&self) -> Result<Appended, Unwritten> {
        let (done, appended) = self.0.as_ref().map_err(|why| *why)?;
        loop {
            let changed = done.changed.notified();
            tokio::pin!(changed);
            // From here on no change is missed.
            changed.as_mut().enable();
            match done.state.load(Ordering::Acquire) {
                DURABLE => return Ok(*appended),
                LOST => return Err(Unwritten::Disk),
                _ => changed.await,
            }
        }
    }

    /// What is known without waiting. `None`: not yet on disk.
    pub fn known(&self) -> Option<Result<Appended, Unwritten>> {
        match &self.0 {
            Err(why) => Some(Err(*why)),
            Ok((done, appended)) => match done.state.load(Ordering::Acquire) {
                DURABLE => Some(Ok(*appended)),
                LOST => Some(Err(Unwritten::Disk)),
                _ => None,
            },
        }
    }
}
