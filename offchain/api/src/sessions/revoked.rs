//! Sessions that were ended while tokens of theirs may be good: asked at every call.

use std::{
    collections::HashMap,
    sync::{
        atomic::{AtomicUsize, Ordering::Acquire, Ordering::Release},
        PoisonError, RwLock,
    },
};

/// Ended sessions, each until its last token is over. Bounded by how many sessions end in the life of
/// a token.
#[derive(Debug, Default)]
pub(crate) struct Revoked {
    until: RwLock<HashMap<u64, u64>>,
    count: AtomicUsize,
}

impl Revoked {
    /// Notes a session until `until_ms`.
    pub fn insert(&self, session: u64, until_ms: u64) {
        let mut until = self.until.write().unwrap_or_else(PoisonError::into_inner);
        until.insert(session, until_ms);
        self.count.store(until.len(), Release);
    }

    /// Whether a session was ended.
    pub fn contains(&self, session: u64) -> bool {
        // Nearly always there is none.
        if self.count.load(Acquire) == 0 {
            return false;
        }
        self.until.read().unwrap_or_else(PoisonError::into_inner).contains_key(&session)
    }

    /// Forgets those whose tokens are over.
    pub fn forget(&self, now_ms: u64) {
        let mut until = self.until.write().unwrap_or_else(PoisonError::into_inner);
        until.retain(|_, until_ms| *until_ms > now_ms);
        self.count.store(until.len(), Release);
    }
}
