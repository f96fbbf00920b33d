//! Whether a role does its work yet.

use std::sync::Arc;

use tokio::sync::watch;

/// A switch that a role turns when it can do its work, and that others watch: the runner, before it
/// starts the next role, and the server, for what gRPC's health service says.
///
/// Clones share one switch. It begins as not ready.
#[derive(Clone, Debug)]
pub struct Readiness {
    switch: Arc<watch::Sender<bool>>,
}

impl Default for Readiness {
    fn default() -> Self {
        Self { switch: Arc::new(watch::Sender::new(false)) }
    }
}

impl Readiness {
    /// A switch that says no.
    pub fn new() -> Self {
        Self::default()
    }

    /// A switch that says yes, for what has nothing to wait for.
    pub fn at_once() -> Self {
        let ready = Self::new();
        ready.set(true);
        ready
    }

    /// Says whether the role does its work. Watchers hear of changes only.
    pub fn set(&self, ready: bool) {
        self.switch.send_if_modified(|now| std::mem::replace(now, ready) != ready);
    }

    /// What the switch says now.
    pub fn is_ready(&self) -> bool {
        *self.switch.borrow()
    }

    /// Ends when the role is ready, at once when it is already.
    pub async fn ready(&self) {
        // The sender lives as long as `self`: the channel cannot close meanwhile.
        let _ = self.switch.subscribe().wait_for(|ready| *ready).await;
    }

    /// Every change from now on.
    pub fn subscribe(&self) -> watch::Receiver<bool> {
        self.switch.subscribe()
    }
}
