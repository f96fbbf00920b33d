//! Where a run is.

use std::{
    fmt,
    io::{self, IsTerminal, Write},
    sync::atomic::Ordering,
    time::Duration,
};

use crate::{figures::lock, witness::Outcome, world::World};

/// Where a run is.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// Since the beginning.
    pub elapsed: Duration,
    /// Quotes that riders will ask for in all.
    pub planned: u64,
    /// Orders that were acknowledged.
    pub placed: u64,
    /// Offers that drivers accepted.
    pub accepted: u64,
    /// Trips that were made.
    pub completed: u64,
    /// Quotes and orders that have ended in any way.
    pub ended: u64,
    /// Requests that were answered.
    pub requests: u64,
    /// Promises that did not hold.
    pub violations: u64,
}

impl Progress {
    pub(crate) fn of(world: &World, elapsed: Duration) -> Self {
        let outcomes = lock(&world.tally.outcomes);
        Self {
            elapsed,
            planned: u64::from(world.plan.orders),
            placed: world.tally.placed.load(Ordering::Relaxed),
            accepted: world.tally.accepted.load(Ordering::Relaxed),
            completed: outcomes.get(&Outcome::Completed).copied().unwrap_or(0),
            ended: outcomes.values().sum(),
            requests: world.meter.requests(),
            violations: world.witness.count(),
        }
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:>4} s: {} of {} ended, {} placed, {} accepted, {} completed, {} requests",
            self.elapsed.as_secs(),
            self.ended,
            self.planned,
            self.placed,
            self.accepted,
            self.completed,
            self.requests,
        )?;
        if self.violations > 0 {
            write!(f, ", {} VIOLATIONS", self.violations)?;
        }
        Ok(())
    }
}

/// Shows where a run is on one line of a terminal, and nothing where nobody looks.
pub fn on_terminal() -> impl FnMut(&Progress) + Send {
    let shown = io::stderr().is_terminal();
    move |progress| {
        if shown {
            // Who closed the terminal does not want to see it.
            let _ = write!(io::stderr(), "\r\x1b[2K{progress}");
        }
    }
}
