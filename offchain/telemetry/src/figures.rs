//! What telemetry has done since it was started, and how far behind it is.

use crate::analysis::{Counts, Verdict};
use parking_lot::Mutex;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Upper bounds of the classes of delays, in milliseconds. What is above the last is in one more class.
const DELAYS: [u64; 20] = [
    10, 25, 50, 75, 100, 150, 200, 300, 400, 500, 650, 800, 1_000, 1_500, 2_000, 3_000, 5_000,
    10_000, 60_000, 600_000,
];

/// Counters that the parts of telemetry turn.
#[derive(Debug, Default)]
pub struct Tally {
    pub(crate) stored: AtomicU64,
    pub(crate) records: AtomicU64,
    pub(crate) chunks: AtomicU64,
    pub(crate) refused: AtomicU64,
    pub(crate) ready: AtomicU64,
    pub(crate) anchored: AtomicU64,
    pub(crate) analysed: AtomicU64,
    pub(crate) found: AtomicU64,
    pub(crate) delivered: AtomicU64,
    pub(crate) waiting: AtomicU64,
    pub(crate) building_us: AtomicU64,
    pub(crate) inserting_us: AtomicU64,
    pub(crate) analysing_us: AtomicU64,
    delays: Mutex<[u64; DELAYS.len() + 1]>,
    trouble: Mutex<Option<Trouble>>,
    verdicts: Mutex<[u64; Verdict::ALL.len()]>,
}

/// What telemetry has done since it was started.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    /// The sequence below which all records are in ClickHouse.
    pub stored: u64,
    /// Records in the log that are not in ClickHouse yet.
    pub unstored: u64,
    /// Records that went to ClickHouse.
    pub records: u64,
    /// Inserts of them.
    pub chunks: u64,
    /// Attempts that ClickHouse refused or did not answer.
    pub refused: u64,
    /// The last batch that may go to the chain.
    pub ready: u64,
    /// The last batch of which the node's worker said that the chain has it.
    pub anchored: u64,
    /// The sequence below which all records are analysed.
    pub analysed: u64,
    /// Records in the log that are not analysed yet.
    pub unanalysed: u64,
    /// Findings: changes of alerts and trips.
    pub found: u64,
    /// Findings that ClickHouse has.
    pub delivered: u64,
    /// Findings that wait for ClickHouse.
    pub waiting: u64,
    /// Records by what became of them in the analysis: `Verdict`'s names. Anew at each start.
    pub verdicts: BTreeMap<&'static str, u64>,
    /// Microseconds spent on making rows and leaves.
    pub building_us: u64,
    /// Microseconds that inserts took.
    pub inserting_us: u64,
    /// Microseconds spent on the analysis.
    pub analysing_us: u64,
    /// From received to queryable, in milliseconds: an upper bound of each percentile.
    pub delay_ms: Delay,
    /// Why ClickHouse does not take something at present.
    pub trouble: Option<Trouble>,
}

/// Percentiles of the time from a record's receipt to its being queryable: upper bounds in milliseconds, of all
/// records since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Delay {
    /// Of half of the records.
    pub p50: u64,
    /// Of 99 in 100.
    pub p99: u64,
    /// Of all.
    pub longest: u64,
}

/// Something that does not work at present, and is tried again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// Since when.
    pub since_ms: u64,
    /// Attempts since then.
    pub attempts: u64,
    /// What was said last.
    pub reason: String,
}

impl Tally {
    pub(crate) fn add(counter: &AtomicU64, number: u64) {
        counter.fetch_add(number, Relaxed);
    }

    /// Records became queryable, so long after their receipt.
    pub(crate) fn delayed(&self, delay_ms: u64, records: u64) {
        let class = DELAYS.partition_point(|bound| *bound < delay_ms);
        self.delays.lock()[class] += records;
    }

    pub(crate) fn troubled(&self, now_ms: u64, reason: String) {
        Self::add(&self.refused, 1);
        let mut trouble = self.trouble.lock();
        let before = trouble.take();
        *trouble = Some(Trouble {
            since_ms: before.as_ref().map_or(now_ms, |trouble| trouble.since_ms),
            attempts: before.map_or(1, |trouble| trouble.attempts + 1),
            reason,
        });
    }

    pub(crate) fn well(&self) {
        self.trouble.lock().take();
    }

    /// Records were analysed.
    pub(crate) fn count(&self, counts: &Counts) {
        let mut verdicts = self.verdicts.lock();
        for (all, some) in verdicts.iter_mut().zip(counts.verdicts) {
            *all += some;
        }
    }

    fn verdicts(&self) -> BTreeMap<&'static str, u64> {
        let counts = *self.verdicts.lock();
        Verdict::ALL.iter().map(|verdict| verdict.name()).zip(counts).collect()
    }

    fn delay(&self) -> Delay {
        let delays = *self.delays.lock();
        let all: u64 = delays.iter().sum();
        let bound = |class: usize| DELAYS.get(class).copied().unwrap_or(u64::MAX);
        let percentile = |permille: u64| {
            let rank = (all * permille).div_ceil(1_000);
            let mut below = 0;
            let class = delays.iter().position(|count| {
                below += count;
                below >= rank
            });
            class.map_or(0, bound)
        };
        if all == 0 {
            return Delay::default();
        }
        Delay { p50: percentile(500), p99: percentile(990), longest: percentile(1_000) }
    }

    /// What they show, when the log ends with a sequence.
    pub(crate) fn figures(&self, log_end: u64) -> Figures {
        let read = |counter: &AtomicU64| counter.load(Relaxed);
        let (stored, analysed) = (read(&self.stored), read(&self.analysed));
        Figures {
            stored,
            unstored: log_end.saturating_sub(stored),
            records: read(&self.records),
            chunks: read(&self.chunks),
            refused: read(&self.refused),
            ready: read(&self.ready),
            anchored: read(&self.anchored),
            analysed,
            unanalysed: log_end.saturating_sub(analysed),
            found: read(&self.found),
            delivered: read(&self.delivered),
            waiting: read(&self.waiting),
            verdicts: self.verdicts(),
            building_us: read(&self.building_us),
            inserting_us: read(&self.inserting_us),
            analysing_us: read(&self.analysing_us),
            delay_ms: self.delay(),
            trouble: self.trouble.lock().clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_bounds_of_what_was_counted() {
        let tally = Tally::default();
        assert_eq!(tally.delay(), Delay::default());
        tally.delayed(40, 985);
        tally.delayed(900, 14);
        tally.delayed(70_000_000, 1);
        assert_eq!(tally.delay(), Delay { p50: 50, p99: 1_000, longest: u64::MAX });
    }
}
