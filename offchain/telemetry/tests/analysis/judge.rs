//! How many of what was found was so, and how much of what was so was found.

use smartlink_records::Record;
use smartlink_telemetry::analysis::{AlertKind, AlertStep, Analysis, Outcome};

use crate::ride::Was;

/// What was found of a kind.
#[derive(Clone, Copy, Debug, Default)]
pub struct Score {
    pub true_found: u32,
    pub found: u32,
    pub true_met: u32,
    pub so: u32,
}

impl Score {
    pub fn precision(&self) -> f64 {
        f64::from(self.true_found) / f64::from(self.found.max(1))
    }

    pub fn recall(&self) -> f64 {
        f64::from(self.true_met) / f64::from(self.so.max(1))
    }

    pub fn add(&mut self, other: Self) {
        self.true_found += other.true_found;
        self.found += other.found;
        self.true_met += other.true_met;
        self.so += other.so;
    }

    /// Prints it, and wants both to be at least so much, of enough cases to say something.
    pub fn at_least(&self, what: &str, network: &str, least: f64) {
        let (precision, recall) = (self.precision(), self.recall());
        println!(
            "{what:<20} {network:<6} precision {precision:.3} ({} of {}), recall {recall:.3} ({} of {})",
            self.true_found, self.found, self.true_met, self.so
        );
        assert!(self.so >= 20, "{what}: {} cases say nothing", self.so);
        assert!(precision >= least, "{what} in a {network} network: precision {precision:.3}");
        assert!(recall >= least, "{what} in a {network} network: recall {recall:.3}");
    }
}

/// Compares alerts of a kind with the truth: one belongs to the other when its condition began during it, give or take.
pub fn judge(
    out: &Outcome,
    truth: &[Was],
    kind: AlertKind,
    before_ms: u64,
    after_ms: u64,
) -> Score {
    let found: Vec<u64> = out
        .alerts
        .iter()
        .filter(|change| change.alert.kind == kind)
        .filter_map(|change| match change.step {
            AlertStep::Opened => Some(change.alert.opened_ms),
            AlertStep::Reopened => Some(change.alert.last_ms),
            _ => None,
        })
        .collect();
    let so: Vec<&Was> = truth.iter().filter(|was| was.kind == kind).collect();
    let belongs =
        |was: &Was, at: u64| at + before_ms >= was.from_ms && at <= was.until_ms + after_ms;
    Score {
        true_found: found.iter().filter(|at| so.iter().any(|was| belongs(was, **at))).count()
            as u32,
        found: found.len() as u32,
        true_met: so.iter().filter(|was| found.iter().any(|at| belongs(was, *at))).count() as u32,
        so: so.len() as u32,
    }
}

/// Gives records to an analysis and lets half an hour pass after the last.
pub fn analyse(analysis: &mut Analysis, records: &[Record]) -> Outcome {
    let mut out = Outcome::default();
    for record in records {
        analysis.observe(record, &mut out);
    }
    let last_ms = records.iter().map(|record| record.received_ms).max().unwrap_or(0);
    analysis.tick(last_ms + 1_800_000, &mut out);
    out
}
