//! What has to happen by itself, and when.

use std::collections::BTreeMap;

/// Deadlines are kept together by this many milliseconds: an event may be so much late, never early.
const TICK_MS: u64 = 64;

/// Deadlines of orders. An order may have several, of which only those count that its state still has.
#[derive(Clone, Debug, Default)]
pub struct Timers {
    buckets: BTreeMap<u64, Vec<u64>>,
}

impl Timers {
    /// Wakes an order at a time.
    pub fn set(&mut self, at_ms: u64, order: u64) {
        self.buckets.entry(at_ms.div_ceil(TICK_MS)).or_default().push(order);
    }

    /// When the next deadline is due. `None` when there is none.
    pub fn next_ms(&self) -> Option<u64> {
        self.buckets.keys().next().map(|tick| tick.saturating_mul(TICK_MS))
    }

    /// Orders with a deadline up to now, in the order of their deadlines. They are forgotten.
    pub fn due(&mut self, now_ms: u64) -> Vec<u64> {
        let later = self.buckets.split_off(&(now_ms / TICK_MS + 1));
        let due = std::mem::replace(&mut self.buckets, later);
        due.into_values().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_comes_early_and_everything_comes(
            deadlines in proptest::collection::vec(0u64..10_000, 1..200),
            step in 1u64..500,
        ) {
            let mut timers = Timers::default();
            for (order, at) in (0u64..).zip(&deadlines) {
                timers.set(*at, order);
            }
            let (mut now, mut seen) = (0, 0);
            while let Some(next) = timers.next_ms() {
                now = next.max(now + step);
                for order in timers.due(now) {
                    prop_assert!(deadlines[order as usize] <= now);
                    seen += 1;
                }
            }
            prop_assert_eq!(seen, deadlines.len());
        }
    }
}
