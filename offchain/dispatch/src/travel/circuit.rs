//! A circuit that opens after failures in a row: a server that is down is left alone for a while.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// Lets calls pass until `limit` of them failed in a row, then none for `pause`, then one at a time until one
/// succeeds.
#[derive(Debug)]
pub(super) struct Circuit {
    limit: u32,
    pause: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    open_until: Option<Instant>,
}

impl Circuit {
    pub(super) fn new(limit: u32, pause: Duration) -> Self {
        Self { limit, pause, state: Mutex::default() }
    }

    /// Whether a call may be made now. After a pause one caller is let through, and the others wait for another
    /// pause or for her success.
    pub(super) fn admits(&self) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match state.open_until {
            None => true,
            Some(until) if Instant::now() < until => false,
            Some(_) => {
                state.open_until = Some(Instant::now() + self.pause);
                true
            }
        }
    }

    pub(super) fn succeeded(&self) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = State::default();
    }

    /// Whether this failure opened the circuit.
    pub(super) fn failed(&self) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.failures = state.failures.saturating_add(1);
        let opens = state.failures >= self.limit;
        if opens {
            state.open_until = Some(Instant::now() + self.pause);
        }
        opens
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_server_that_is_down_is_left_alone_and_tried_again() {
        let pause = Duration::from_secs(10);
        let circuit = Circuit::new(2, pause);
        assert!(!circuit.failed() && circuit.admits());
        assert!(circuit.failed() && !circuit.admits());
        tokio::time::advance(pause).await;
        assert!(circuit.admits(), "one is let through");
        assert!(!circuit.admits(), "and only one");
        circuit.succeeded();
        assert!(circuit.admits() && circuit.admits());
    }
}
