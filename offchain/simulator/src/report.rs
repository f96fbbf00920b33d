//! What a run came to.

use std::{collections::BTreeMap, fmt, sync::atomic::Ordering, time::Duration};

use crate::{
    figures::{lock, Times},
    witness::{Outcome, Violation},
    world::World,
};

/// What is known of the requests of one method.
#[derive(Clone, Debug, Default)]
pub struct MethodFigures {
    /// Time to the answer, or to the end of patience.
    pub times: Times,
    /// Answers that were refusals.
    pub refused: u64,
    /// Requests without an answer that could be read.
    pub failed: u64,
}

/// What a run came to.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How long it took.
    pub elapsed: Duration,
    /// Quotes and orders by how they ended.
    pub outcomes: BTreeMap<Outcome, u64>,
    /// Orders that were acknowledged.
    pub placed: u64,
    /// Orders that the chain had settled when their riders looked last.
    pub settled: u64,
    /// Offers that drivers saw.
    pub offers: u64,
    /// Offers that were accepted.
    pub accepted: u64,
    /// Offers that were declined.
    pub declined: u64,
    /// Offers that were let lapse on purpose.
    pub let_lapse: u64,
    /// Acceptances that came too late and were refused, as they must.
    pub late_refused: u64,
    /// Orders that drivers gave back.
    pub abandoned: u64,
    /// From the acknowledgement until the rider saw that a driver comes.
    pub to_acceptance: Times,
    /// From the acknowledgement until the rider saw the driver wait.
    pub to_arrival: Times,
    /// Requests by method.
    pub methods: BTreeMap<&'static str, MethodFigures>,
    /// Errors by name.
    pub errors: BTreeMap<String, u64>,
    /// How many promises did not hold.
    pub violations: u64,
    /// Those promises, at most a thousand.
    pub seen: Vec<Violation>,
    /// Whether the caller stopped it.
    pub stopped: bool,
}

impl Report {
    pub(crate) fn of(world: &World, elapsed: Duration, stopped: bool) -> Self {
        let tally = &world.tally;
        let (violations, seen) = world.witness.violations();
        let count = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
        let methods = world.meter.methods().into_iter().map(|(name, method)| {
            let (times, refused, failed) = (method.times, method.refused, method.failed);
            (name, MethodFigures { times, refused, failed })
        });
        Self {
            elapsed,
            outcomes: lock(&tally.outcomes).clone(),
            placed: count(&tally.placed),
            settled: count(&tally.settled),
            offers: count(&tally.offers),
            accepted: count(&tally.accepted),
            declined: count(&tally.declined),
            let_lapse: count(&tally.let_lapse),
            late_refused: count(&tally.late_refused),
            abandoned: count(&tally.abandoned),
            to_acceptance: lock(&tally.to_acceptance).clone(),
            to_arrival: lock(&tally.to_arrival).clone(),
            methods: methods.collect(),
            errors: world.meter.errors(),
            violations,
            seen,
            stopped,
        }
    }

    /// How many quotes and orders ended in a way.
    pub fn outcome(&self, outcome: Outcome) -> u64 {
        self.outcomes.get(&outcome).copied().unwrap_or(0)
    }

    /// Accepted offers in all that drivers saw, 0 to 1. 0 when there were none.
    pub fn acceptance(&self) -> f64 {
        if self.offers == 0 {
            return 0.0;
        }
        self.accepted as f64 / self.offers as f64
    }

    /// The first promise that did not hold, for people.
    pub(crate) fn first_violation(&self) -> String {
        self.seen.first().map_or_else(|| "none".to_owned(), ToString::to_string)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stopped = if self.stopped { ", stopped before the end" } else { "" };
        writeln!(f, "The city lived for {:.1} s{stopped}.\n", self.elapsed.as_secs_f64())?;
        writeln!(f, "{:<32}{:>10}", "orders placed", self.placed)?;
        for (outcome, count) in &self.outcomes {
            writeln!(f, "  {:<30}{count:>10}", outcome.name())?;
        }
        writeln!(f, "{:<32}{:>10}", "settled by the chain", self.settled)?;
        writeln!(
            f,
            "{:<32}{:>10}  accepted {} ({:.1} %), declined {}, let lapse {}, too late {}, given back {}",
            "offers",
            self.offers,
            self.accepted,
            100.0 * self.acceptance(),
            self.declined,
            self.let_lapse,
            self.late_refused,
            self.abandoned,
        )?;
        for (name, times) in [
            ("until a driver accepted", &self.to_acceptance),
            ("until she was there", &self.to_arrival),
        ] {
            let seconds = |share| times.quantile_ms(share) / 1_000.0;
            let (mean, p50, p90) = (times.mean_ms() / 1_000.0, seconds(0.5), seconds(0.9));
            writeln!(f, "{name:<32}{mean:>8.1} s  on the mean, P50 {p50:.1} s, P90 {p90:.1} s")?;
        }
        self.requests(f)?;
        for (name, count) in &self.errors {
            writeln!(f, "  error {name:<24}{count:>10}")?;
        }
        writeln!(f, "\n{} promises of the API did not hold.", self.violations)?;
        self.seen.iter().take(20).try_for_each(|violation| writeln!(f, "  {violation}"))
    }
}

impl Report {
    fn requests(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\n{:<20}{:>10}{:>9}{:>8}{:>10}{:>10}{:>10}{:>10}",
            "method", "requests", "refused", "failed", "P50 ms", "P99 ms", "P99.9 ms", "max ms"
        )?;
        for (name, figures) in &self.methods {
            let times = &figures.times;
            writeln!(
                f,
                "{name:<20}{:>10}{:>9}{:>8}{:>10.2}{:>10.2}{:>10.2}{:>10.2}",
                times.count(),
                figures.refused,
                figures.failed,
                times.quantile_ms(0.5),
                times.quantile_ms(0.99),
                times.quantile_ms(0.999),
                times.max_ms(),
            )?;
        }
        Ok(())
    }
}
