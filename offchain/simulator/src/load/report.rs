//! What was measured.

use std::{collections::BTreeMap, time::Duration};

use super::{
    kind::Kind,
    state::{PhaseTally, Second, Shared},
    Phase,
};
use crate::figures::{lock, Times};

/// One kind of request in a phase.
#[derive(Clone, Debug)]
pub struct KindReport {
    /// The kind.
    pub kind: Kind,
    /// From due to answered. Without those that were shed.
    pub times: Times,
}

/// One phase.
#[derive(Clone, Debug)]
pub struct PhaseReport {
    /// warm-up, measured, twice the load, recovery.
    pub name: &'static str,
    /// Requests a second that were due.
    pub rate: u32,
    /// How long it lasted.
    pub time: Duration,
    /// Requests that were due: all of them.
    pub due: u64,
    /// Commands that no order was ready for, with positions sent in their place.
    pub substituted: u64,
    /// Requests that a connection did not take.
    pub not_sent: u64,
    /// Requests without an answer. They are in `times` with all their waiting.
    pub missing: u64,
    /// Orders that came to their end by a trip.
    pub completed: u64,
    /// From due to answered, refusals among them. Without those that were shed.
    pub times: Times,
    /// From due to the error that says so, of requests that were shed.
    pub shed: Times,
    /// From due to sent: what the generator adds by itself to every time above.
    pub lag: Times,
    /// By kind.
    pub kinds: Vec<KindReport>,
    /// Errors by name, with those that were shed.
    pub errors: BTreeMap<String, u64>,
}

impl PhaseReport {
    fn of(phase: Phase, tally: &PhaseTally) -> Self {
        let kinds = Kind::ALL.into_iter().zip(&tally.kinds);
        Self {
            name: phase.name,
            rate: phase.rate,
            time: phase.time,
            due: tally.sent,
            substituted: tally.substituted,
            not_sent: tally.not_sent,
            missing: tally.missing,
            completed: tally.completed,
            times: tally.times.clone(),
            shed: tally.shed.clone(),
            lag: tally.lag.clone(),
            kinds: kinds.map(|(kind, times)| KindReport { kind, times: times.clone() }).collect(),
            errors: tally.refusals.clone(),
        }
    }

    /// Answers a second, those that were shed among them.
    pub fn answered_per_second(&self) -> f64 {
        let answered = self.times.count().saturating_sub(self.missing) + self.shed.count();
        answered as f64 / self.time.as_secs_f64().max(f64::EPSILON)
    }

    /// The share of requests that were shed, 0 to 1.
    pub fn shed_share(&self) -> f64 {
        self.shed.count() as f64 / self.due.max(1) as f64
    }
}

/// How the service came back after twice its load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// So many whole seconds after the load was back at its rate, nothing was shed any more and 99 of 100
    /// answers came within [`super::SLOW`], to the end.
    After(u64),
    /// Not while it was watched.
    NotSeen,
}

/// What was measured.
#[derive(Clone, Debug)]
pub struct Report {
    /// In the order in which they were.
    pub phases: Vec<PhaseReport>,
    /// After twice the load, when that was asked for.
    pub recovery: Option<Recovery>,
    /// Connections.
    pub connections: usize,
}

impl Report {
    /// The phase at the rate that counts.
    pub fn measured(&self) -> Option<&PhaseReport> {
        self.phases.iter().find(|phase| phase.name == "measured")
    }

    /// The phase at twice that rate.
    pub fn twice(&self) -> Option<&PhaseReport> {
        self.phases.iter().find(|phase| phase.name == "twice the load")
    }
}

pub(super) fn of(shared: &Shared) -> Report {
    let figures = lock(&shared.figures);
    let tallies = shared.phases.iter().copied().zip(&figures.tallies);
    let phases = tallies.map(|(phase, tally)| PhaseReport::of(phase, tally)).collect();
    let last =
        shared.phases.iter().zip(&figures.tallies).find(|(phase, _)| phase.name == "recovery");
    let recovery = last.map(|(_, tally)| recovery(&tally.seconds));
    Report { phases, recovery, connections: shared.outs.len() }
}

fn recovery(seconds: &[Second]) -> Recovery {
    let well = |second: &Second| {
        second.answered > 0 && second.shed == 0 && second.slow * 100 <= second.answered
    };
    match seconds.iter().rposition(|second| !well(second)) {
        None if seconds.is_empty() => Recovery::NotSeen,
        None => Recovery::After(0),
        Some(last) if last + 1 == seconds.len() => Recovery::NotSeen,
        Some(last) => Recovery::After(last as u64 + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recovered_is_what_stays_well_to_the_end() {
        let second = |slow, shed| Second { answered: 1_000, slow, shed };
        let (well, slow, shed) = (second(10, 0), second(11, 0), second(0, 1));
        assert_eq!(recovery(&[well, well]), Recovery::After(0));
        assert_eq!(recovery(&[shed, well, slow, well, well]), Recovery::After(3));
        assert_eq!(recovery(&[well, shed]), Recovery::NotSeen);
        assert_eq!(recovery(&[]), Recovery::NotSeen);
    }
}
