//! Orders that have left the engine: those on disk, and those on their way there.

use crate::{
    engine::{Archive, Archived},
    store::Store,
};
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An order's history, and how many groups on their way have it.
type Leaving = (Arc<Vec<u8>>, u32);

/// Where the engine finds what it let go.
pub(super) struct Left {
    store: Arc<Store>,
    on_the_way: Mutex<FxHashMap<u64, Leaving>>,
}

impl Left {
    pub(super) fn new(store: Arc<Store>) -> Self {
        Self { store, on_the_way: Mutex::default() }
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    fn lock(&self) -> MutexGuard<'_, FxHashMap<u64, Leaving>> {
        // Nothing panics while it is held.
        self.on_the_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The history of an order that is on its way to the disk.
    pub(super) fn on_its_way(&self, order: u64) -> Option<Arc<Vec<u8>>> {
        self.lock().get(&order).map(|(history, _)| history.clone())
    }

    /// The engine has let these go.
    pub(super) fn leaving(&self, archived: &[Archived]) {
        if archived.is_empty() {
            return;
        }
        let mut orders = self.lock();
        for one in archived {
            let entry = orders.entry(one.order).or_insert_with(|| (one.history.clone(), 0));
            entry.0 = one.history.clone();
            entry.1 += 1;
        }
    }

    /// These are on disk.
    pub(super) fn arrived(&self, archived: &[Archived]) {
        if archived.is_empty() {
            return;
        }
        let mut orders = self.lock();
        for one in archived {
            if let Some(entry) = orders.get_mut(&one.order) {
                entry.1 -= 1;
                if entry.1 == 0 {
                    orders.remove(&one.order);
                }
            }
        }
    }
}

impl Archive for Left {
    fn history(&self, order: u64) -> Option<Arc<Vec<u8>>> {
        if let Some(history) = self.on_its_way(order) {
            return Some(history);
        }
        match self.store.history(order) {
            Ok(found) => found.map(Arc::new),
            Err(error) => {
                // The next write will fail as well, and stop the service.
                tracing::error!(order, %error, "an order cannot be read");
                None
            }
        }
    }
}
