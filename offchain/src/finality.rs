//! Measures how long blocks take from the first sight of them to finality.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use smartlink_chain::{subxt::utils::H256, Chain, ChainError};
use tokio::task::JoinHandle;

/// Blocks that were seen and may still become final. More are not measured.
const MOST_WAITING: usize = 1_000;

/// Median and maximum of some times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latency {
    /// How many there are.
    pub count: usize,
    /// Half are shorter.
    pub median: Duration,
    /// None is longer.
    pub max: Duration,
}

impl Latency {
    /// Of these times. `None` when there are none.
    pub fn of(mut times: Vec<Duration>) -> Option<Self> {
        times.sort_unstable();
        let max = *times.last()?;
        Some(Self { count: times.len(), median: times[times.len() / 2], max })
    }
}

impl fmt::Display for Latency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:.1} s in the median, {:.1} s at most",
            self.median.as_secs_f64(),
            self.max.as_secs_f64()
        )
    }
}

/// Watches a node's best and final blocks until it is dropped.
#[derive(Debug)]
pub struct FinalityMeter {
    times: Arc<Mutex<Vec<Duration>>>,
    watch: JoinHandle<()>,
}

impl FinalityMeter {
    /// Begins to watch.
    ///
    /// # Errors
    /// The node gives no subscription.
    pub async fn start(chain: &Chain) -> Result<Self, ChainError> {
        let (mut best, mut last) = (chain.best_blocks().await?, chain.finalized_blocks().await?);
        let times = Arc::new(Mutex::new(Vec::new()));
        let sink = times.clone();
        let watch = tokio::spawn(async move {
            let mut seen = Seen::default();
            loop {
                tokio::select! {
                    block = best.next() => match block {
                        Some(Ok(block)) => seen.add(block.hash(), block.number()),
                        _ => return,
                    },
                    block = last.next() => match block {
                        Some(Ok(block)) => if let Some(time) = seen.take(block.hash(), block.number()) {
                            sink.lock().unwrap_or_else(PoisonError::into_inner).push(time);
                        },
                        _ => return,
                    },
                }
            }
        });
        Ok(Self { times, watch })
    }

    /// What was measured until now.
    pub fn latency(&self) -> Option<Latency> {
        Latency::of(self.times.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

impl Drop for FinalityMeter {
    fn drop(&mut self) {
        self.watch.abort();
    }
}

#[derive(Default)]
struct Seen(HashMap<H256, (u64, Instant)>);

impl Seen {
    fn add(&mut self, hash: H256, number: u64) {
        if self.0.len() < MOST_WAITING {
            self.0.entry(hash).or_insert((number, Instant::now()));
        }
    }

    /// The time since the block was seen. Forgets it, and those that lost against it.
    fn take(&mut self, hash: H256, number: u64) -> Option<Duration> {
        let found = self.0.get(&hash).map(|(_, since)| since.elapsed());
        self.0.retain(|_, (other, _)| *other > number);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn median_and_maximum() {
        let seconds =
            |times: &[u64]| times.iter().map(|s| Duration::from_secs(*s)).collect::<Vec<_>>();
        let latency = Latency::of(seconds(&[9, 1, 2])).unwrap();
        assert_eq!((latency.median, latency.max), (Duration::from_secs(2), Duration::from_secs(9)));
        assert_eq!(Latency::of(Vec::new()), None);
    }

    #[test]
    fn a_final_block_ends_the_wait_of_all_below_it() {
        let mut seen = Seen::default();
        let hash = H256::repeat_byte;
        seen.add(hash(1), 1);
        seen.add(hash(2), 2);
        seen.add(hash(3), 3);
        assert!(seen.take(hash(2), 2).is_some());
        assert!(seen.take(hash(1), 1).is_none());
        assert!(seen.take(hash(3), 3).is_some());
    }
}
