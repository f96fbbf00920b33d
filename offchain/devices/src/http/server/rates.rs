//! How many requests a device may make in a second.

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use smartlink_records::TerminalId;
use tokio::time::Instant;

use crate::bucket::Bucket;

/// A bucket for each device that was heard lately.
pub(super) struct Rates {
    per_second: u32,
    burst: u32,
    most: usize,
    buckets: Mutex<FxHashMap<TerminalId, Bucket>>,
}

impl Rates {
    pub(super) fn new(per_second: u32, burst: u32, most: usize) -> Self {
        Self { per_second, burst, most, buckets: Mutex::default() }
    }

    /// Whether a request may be made now. With more devices than are remembered, those whose buckets are full are
    /// forgotten, which changes nothing for them; if there are none, all, which lets a burst more through.
    pub(super) fn take(&self, terminal: TerminalId) -> bool {
        let now = Instant::now();
        let mut buckets = self.buckets.lock();
        if buckets.len() >= self.most && !buckets.contains_key(&terminal) {
            buckets.retain(|_, bucket| !bucket.is_full(now));
            if buckets.len() >= self.most {
                buckets.clear();
            }
        }
        let fresh = || Bucket::new(self.per_second, self.burst, now);
        buckets.entry(terminal).or_insert_with(fresh).try_take(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test(start_paused = true)]
    async fn one_device_does_not_use_the_rate_of_another() {
        let rates = Rates::new(1, 2, 2);
        let [one, other, third] = [1, 2, 3].map(TerminalId);
        assert!(rates.take(one) && rates.take(one));
        assert!(!rates.take(one));
        assert!(rates.take(other));
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(rates.take(one));
        assert!(!rates.take(one));
        // There is room for two: the one that is full again is forgotten.
        assert!(rates.take(third));
        assert!(!rates.take(one));
    }
}
