//! Where every vehicle is: the last state of each, in memory, and what changes of it.
//!
//! It holds nothing that the analysis does not hold: after a restart it is made of the analysis's snapshot and what came
//! after it.

use crate::analysis::{alert::AlertChange, LastState};
use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use tokio::sync::broadcast;

/// The last states of all vehicles. Clones share them.
#[derive(Clone)]
pub struct Live {
    inner: Arc<Inner>,
}

struct Inner {
    states: RwLock<FxHashMap<u32, LastState>>,
    changes: broadcast::Sender<Arc<Changes>>,
}

/// What one step of the analysis changed.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Last states, each vehicle once.
    pub states: Vec<LastState>,
    /// What happened to alerts, in its order.
    pub alerts: Vec<AlertChange>,
}

/// Changes, as they come.
pub struct LiveChanges {
    receiver: broadcast::Receiver<Arc<Changes>>,
}

/// A follower was too slow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("you are too far behind: begin again from a snapshot")]
pub struct Behind;

impl Live {
    /// Followers may be so many groups of changes behind.
    pub(crate) fn new(groups: usize) -> Self {
        let inner = Inner { states: RwLock::default(), changes: broadcast::Sender::new(groups) };
        Self { inner: Arc::new(inner) }
    }

    /// The last state of a vehicle. None when nothing was ever heard of it.
    pub fn of(&self, vehicle: u32) -> Option<LastState> {
        self.inner.states.read().get(&vehicle).cloned()
    }

    /// How many vehicles were heard of.
    pub fn len(&self) -> usize {
        self.inner.states.read().len()
    }

    /// Whether nothing was heard of any.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The last states of those for which `wanted` holds.
    pub fn all(&self, wanted: impl Fn(&LastState) -> bool) -> Vec<LastState> {
        self.inner.states.read().values().filter(|state| wanted(state)).cloned().collect()
    }

    /// The last states of those for which `wanted` holds, and then every change of any vehicle, none left out and none
    /// twice.
    pub fn subscribe(&self, wanted: impl Fn(&LastState) -> bool) -> (Vec<LastState>, LiveChanges) {
        // Changes are sent while the states are locked for them: none falls between.
        let states = self.inner.states.read();
        let receiver = self.inner.changes.subscribe();
        let now = states.values().filter(|state| wanted(state)).cloned().collect();
        (now, LiveChanges { receiver })
    }

    pub(crate) fn reset(&self, states: impl IntoIterator<Item = LastState>) {
        let states = states.into_iter().map(|state| (state.vehicle, state)).collect();
        *self.inner.states.write() = states;
    }

    pub(crate) fn changed(&self, states: Vec<LastState>, alerts: &[AlertChange]) {
        if states.is_empty() && alerts.is_empty() {
            return;
        }
        let mut all = self.inner.states.write();
        for state in &states {
            all.insert(state.vehicle, state.clone());
        }
        if self.inner.changes.receiver_count() > 0 {
            // They may have gone by now.
            let _ = self.inner.changes.send(Arc::new(Changes { states, alerts: alerts.to_vec() }));
        }
    }
}

impl LiveChanges {
    /// The next changes. `None` when telemetry has stopped.
    ///
    /// # Errors
    /// The follower was too slow, and has lost changes.
    pub async fn next(&mut self) -> Result<Option<Arc<Changes>>, Behind> {
        match self.receiver.recv().await {
            Ok(changes) => Ok(Some(changes)),
            Err(broadcast::error::RecvError::Closed) => Ok(None),
            Err(broadcast::error::RecvError::Lagged(_)) => Err(Behind),
        }
    }
}
