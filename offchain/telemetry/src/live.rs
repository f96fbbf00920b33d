//! Where every vehicle is: the last state of each, in memory, and what changes of it.
//!
//! It holds nothing that the analysis does not hold: after a restart it is made of the analysis's snapshot and what came
//! after it. States are shared, not copied: whoever reads many of them holds up the analysis for a moment only.

use crate::analysis::{alert::AlertChange, LastState};
use parking_lot::RwLock;
use rustc_hash::FxHashSet;
use std::{
    collections::BTreeMap,
    ops::Bound::{Excluded, Unbounded},
    sync::Arc,
};
use tokio::sync::broadcast;

/// Vehicles that one page looks at, at most: the analysis waits until it is read.
const LOOKED_AT: usize = 20_000;

/// The last states of all vehicles. Clones share them.
#[derive(Clone)]
pub struct Live {
    inner: Arc<Inner>,
}

struct Inner {
    states: RwLock<BTreeMap<u32, Arc<LastState>>>,
    changes: broadcast::Sender<Arc<Changes>>,
}

/// What one step of the analysis changed.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Last states, each vehicle once.
    pub states: Vec<Arc<LastState>>,
    /// What happened to alerts, in its order.
    pub alerts: Vec<AlertChange>,
}

/// Last states, by the numbers of their vehicles.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Those that were wanted.
    pub states: Vec<Arc<LastState>>,
    /// The last vehicle that was looked at, when there are further ones: where the next page begins.
    pub next: Option<u32>,
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
    pub fn of(&self, vehicle: u32) -> Option<Arc<LastState>> {
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

    /// The last states of those for which `wanted` holds, of vehicles above `after`, at most `limit`. Looks at a bounded
    /// number of vehicles: a page may have fewer than there are, or none, and still name the next.
    pub fn page(&self, after: u32, limit: usize, wanted: impl Fn(&LastState) -> bool) -> Page {
        let states = self.inner.states.read();
        let (mut page, mut last) = (Page::default(), after);
        for (looked_at, (vehicle, state)) in states.range((Excluded(after), Unbounded)).enumerate()
        {
            if page.states.len() == limit || looked_at == LOOKED_AT {
                page.next = Some(last);
                break;
            }
            if wanted(state) {
                page.states.push(state.clone());
            }
            last = *vehicle;
        }
        page
    }

    /// The last states of those for which `wanted` holds, and then every change of any vehicle, none left out and none
    /// twice.
    pub fn subscribe(
        &self,
        wanted: impl Fn(&LastState) -> bool,
    ) -> (Vec<Arc<LastState>>, LiveChanges) {
        // Changes are sent while the states are locked for them, here and below: none falls between.
        let states = self.inner.states.read();
        let receiver = self.inner.changes.subscribe();
        let now = states.values().filter(|state| wanted(state)).cloned().collect();
        (now, LiveChanges { receiver })
    }

    /// The same with the last states of these vehicles alone, without a look at all others.
    pub fn subscribe_to(&self, vehicles: &FxHashSet<u32>) -> (Vec<Arc<LastState>>, LiveChanges) {
        let states = self.inner.states.read();
        let receiver = self.inner.changes.subscribe();
        let now = vehicles.iter().filter_map(|vehicle| states.get(vehicle)).cloned().collect();
        (now, LiveChanges { receiver })
    }

    /// Replaces all states. Followers are told which are others than before.
    pub(crate) fn reset(&self, states: impl IntoIterator<Item = LastState>) {
        let new: BTreeMap<_, _> =
            states.into_iter().map(|state| (state.vehicle, Arc::new(state))).collect();
        let mut all = self.inner.states.write();
        let changed = |state: &&Arc<LastState>| all.get(&state.vehicle) != Some(*state);
        let states = new.values().filter(changed).cloned().collect();
        *all = new;
        self.tell(states, &[]);
    }

    pub(crate) fn changed(&self, states: Vec<LastState>, alerts: &[AlertChange]) {
        if states.is_empty() && alerts.is_empty() {
            return;
        }
        let states: Vec<_> = states.into_iter().map(Arc::new).collect();
        let mut all = self.inner.states.write();
        for state in &states {
            // The analysis forgets who was silent for too long: then nothing was ever heard.
            match state.heard_ms {
                0 => all.remove(&state.vehicle),
                _ => all.insert(state.vehicle, state.clone()),
            };
        }
        self.tell(states, alerts);
    }

    /// Called while the states are locked for writing.
    fn tell(&self, states: Vec<Arc<LastState>>, alerts: &[AlertChange]) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(vehicle: u32) -> LastState {
        LastState { vehicle, heard_ms: 1, ..LastState::default() }
    }

    #[test]
    fn pages_come_by_number_and_none_looks_at_too_many() {
        let live = Live::new(1);
        let vehicles = 1..=2 * LOOKED_AT as u32 + 5;
        live.changed(vehicles.clone().map(heard).collect(), &[]);
        let (mut after, mut seen, mut pages) = (0, Vec::new(), 0);
        loop {
            let page = live.page(after, 999, |state| state.vehicle % 1_000 == 0);
            assert!(page.states.len() <= 999);
            seen.extend(page.states.iter().map(|state| state.vehicle));
            pages += 1;
            let Some(next) = page.next else { break };
            after = next;
        }
        assert_eq!(seen, vehicles.filter(|vehicle| vehicle % 1_000 == 0).collect::<Vec<_>>());
        assert_eq!(pages, 3);
        let whole = live.page(0, 2, |_| true);
        assert_eq!((whole.states.len(), whole.next), (2, Some(2)));
    }

    #[tokio::test]
    async fn a_follower_hears_what_a_replay_changed_and_who_was_forgotten() {
        let live = Live::new(4);
        live.reset([heard(1), heard(2)]);
        let (now, mut changes) = live.subscribe(|_| true);
        assert_eq!(now.len(), 2);
        live.reset([heard(1), LastState { speed: 7, ..heard(2) }]);
        let told = changes.next().await.unwrap().unwrap();
        assert_eq!(told.states.iter().map(|state| state.vehicle).collect::<Vec<_>>(), [2]);
        live.changed(vec![LastState { vehicle: 1, ..LastState::default() }], &[]);
        assert_eq!(changes.next().await.unwrap().unwrap().states[0].heard_ms, 0);
        assert_eq!((live.of(1), live.len()), (None, 1));
        for _ in 0..5 {
            live.changed(vec![heard(3)], &[]);
        }
        assert_eq!(changes.next().await.unwrap_err(), Behind);
    }
}
