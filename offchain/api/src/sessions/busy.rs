//! What somebody is about to change, so that nobody else does at the same time.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

/// Keys that are being changed. As many as there are calls in flight, which are bounded.
#[derive(Debug, Default)]
pub(crate) struct Busy(Mutex<HashSet<Vec<u8>>>);

/// A key that is being changed. Dropping it lets others.
#[derive(Debug)]
pub(crate) struct Claim<'a> {
    busy: &'a Busy,
    key: Vec<u8>,
}

impl Busy {
    /// Claims a key. `None` when somebody has it.
    pub fn claim(&self, key: &[u8]) -> Option<Claim<'_>> {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.insert(key.to_vec()).then(|| Claim { busy: self, key: key.to_vec() })
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.busy.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}
