//! Connections that came when the places of strangers were taken, and that have not shown yet who they are.

use super::connection::Connection;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError, Weak},
};

/// Those who stand there, the oldest first.
///
/// A member among them shows its token at once. Who says nothing is cut for the next one, so that no number of silent
/// connections keeps members out.
pub struct Threshold {
    most: usize,
    waiting: Mutex<VecDeque<Weak<Connection>>>,
}

impl Threshold {
    /// Room for so many, at least one.
    pub fn new(most: usize) -> Self {
        Self { most: most.max(1), waiting: Mutex::default() }
    }

    /// Lets a connection stand here, if need be in the place of the oldest.
    pub fn wait(&self, connection: &Arc<Connection>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|one| one.upgrade().is_some_and(|one| one.is_unknown()));
        while waiting.len() >= self.most {
            if let Some(oldest) = waiting.pop_front().and_then(|one| one.upgrade()) {
                oldest.cut();
            }
        }
        waiting.push_back(Arc::downgrade(connection));
    }
}
