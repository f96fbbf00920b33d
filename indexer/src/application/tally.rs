//! What was done so far, counted where it is done and shown from elsewhere.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// Counts of a run.
#[derive(Debug, Default)]
pub struct Tally {
    /// Blocks that are stored.
    pub blocks: AtomicU64,
    /// Extrinsics that are stored.
    pub extrinsics: AtomicU64,
    /// Events that are stored.
    pub events: AtomicU64,
    /// Chunks that are stored.
    pub chunks: AtomicU64,
    /// Rows of entities that are stored.
    pub versions: AtomicU64,
    /// Batches that were settled, and whose rides are not known.
    pub rides_unproven: AtomicU64,
    /// One more than the height of the last block that is stored; 0 before any is.
    after_last: AtomicU64,
    /// When that block was made, in milliseconds since 1970.
    pub last_ms: AtomicU64,
    /// The height up to which there is something to do.
    pub goal: AtomicU64,
    /// Microseconds of fetching, decoding (of all threads), folding, and storing.
    pub fetching_us: AtomicU64,
    /// See above.
    pub decoding_us: AtomicU64,
    /// See above.
    pub folding_us: AtomicU64,
    /// See above.
    pub storing_us: AtomicU64,
}

impl Tally {
    /// Adds to a count.
    pub fn add(count: &AtomicU64, more: usize) {
        count.fetch_add(more as u64, Ordering::Relaxed);
    }

    /// Adds the time since a moment.
    pub fn spent(count: &AtomicU64, since: Instant) {
        let spent = u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX);
        count.fetch_add(spent, Ordering::Relaxed);
    }

    /// Tells of the last block that is stored, and when it was made.
    pub fn stored(&self, last: u32, made_ms: u64) {
        self.last_ms.store(made_ms, Ordering::Relaxed);
        self.after_last.store(u64::from(last) + 1, Ordering::Relaxed);
    }

    /// The height of the last block that is stored.
    pub fn last(&self) -> Option<u64> {
        Self::get(&self.after_last).checked_sub(1)
    }

    /// A count.
    pub fn get(count: &AtomicU64) -> u64 {
        count.load(Ordering::Relaxed)
    }
}

/// How fast it goes.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    at: Instant,
    blocks: u64,
    events: u64,
}

impl Pace {
    /// From now on.
    pub fn begin(tally: &Tally) -> Self {
        let (blocks, events) = (Tally::get(&tally.blocks), Tally::get(&tally.events));
        Self { at: Instant::now(), blocks, events }
    }

    /// Blocks and events a second since it began.
    pub fn per_second(&self, tally: &Tally) -> (f64, f64) {
        let seconds = self.at.elapsed().max(Duration::from_millis(1)).as_secs_f64();
        let since = |now: u64, then: u64| now.saturating_sub(then) as f64 / seconds;
        let blocks = since(Tally::get(&tally.blocks), self.blocks);
        (blocks, since(Tally::get(&tally.events), self.events))
    }

    /// A line on how far it is, and how fast since this pace began.
    pub fn line(&self, tally: &Tally) -> String {
        let (blocks, events) = self.per_second(tally);
        let (last, goal) = (tally.last().unwrap_or(0), Tally::get(&tally.goal));
        let left = goal.saturating_sub(last) as f64;
        // Slower than the chain itself makes them says nothing about the end.
        let rest = match blocks > 1.0 {
            true => format!(", about {:.0} s left", left / blocks),
            false => String::new(),
        };
        format!("block {last} of {goal}: {blocks:.0} blocks/s, {events:.0} events/s{rest}")
    }

    /// Where the time went since the program began: shares of fetching, decoding, folding and storing, in seconds.
    pub fn stages(tally: &Tally) -> String {
        let seconds = |count: &AtomicU64| Tally::get(count) as f64 / 1e6;
        format!(
            "fetching {:.1} s, decoding {:.1} s, folding {:.1} s, storing {:.1} s",
            seconds(&tally.fetching_us),
            seconds(&tally.decoding_us),
            seconds(&tally.folding_us),
            seconds(&tally.storing_us)
        )
    }
}
