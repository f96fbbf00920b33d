//! Leaves a destination alone that keeps failing.
//!
//! ```text
//!            failures in a row               pause over
//! closed ───────────────────────▶ open ───────────────────▶ one delivery tries
//!    ▲                              ▲                          │         │
//!    └──────────── arrives ─────────┼──────────────────────────┘         │
//!                                   └──── fails: the pause doubles ──────┘
//! ```

use crate::BreakerConfig;

/// The state of one destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Breaker {
    /// Deliveries go through; so many have failed in a row.
    Closed { failures: u32 },
    /// Nothing before `until_ms`, then one at a time. It has opened `times` times in a row.
    Open { until_ms: u64, times: u32 },
}

impl Default for Breaker {
    fn default() -> Self {
        Self::Closed { failures: 0 }
    }
}

impl Breaker {
    /// How many may run at a time, of `limit`, and from when on.
    pub(crate) fn allows(&self, limit: u32) -> (u32, u64) {
        match self {
            Self::Closed { .. } => (limit, 0),
            Self::Open { until_ms, .. } => (1, *until_ms),
        }
    }

    /// A delivery arrived.
    pub(crate) fn arrived(&mut self) {
        *self = Self::default();
    }

    /// A delivery failed.
    pub(crate) fn failed(&mut self, config: &BreakerConfig, now_ms: u64) {
        *self = match *self {
            Self::Closed { failures } if failures + 1 < config.failures => {
                Self::Closed { failures: failures + 1 }
            }
            Self::Closed { .. } => opened(config, now_ms, 1),
            // One that was under way when the breaker opened says nothing new.
            Self::Open { until_ms, .. } if now_ms < until_ms => return,
            Self::Open { times, .. } => opened(config, now_ms, times.saturating_add(1)),
        };
    }
}

fn opened(config: &BreakerConfig, now_ms: u64, times: u32) -> Breaker {
    let doubled = 1_u64.checked_shl(times - 1).unwrap_or(u64::MAX);
    let pause = config.open_ms.saturating_mul(doubled).min(config.longest_ms);
    Breaker::Open { until_ms: now_ms.saturating_add(pause), times }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: BreakerConfig = BreakerConfig { failures: 3, open_ms: 10, longest_ms: 25 };

    #[test]
    fn it_opens_after_failures_in_a_row_and_pauses_longer_each_time() {
        let mut breaker = Breaker::default();
        for _ in 0..2 {
            breaker.failed(&CONFIG, 0);
            breaker.failed(&CONFIG, 0);
            assert_eq!(breaker.allows(4), (4, 0));
            breaker.arrived();
        }
        (0..3).for_each(|_| breaker.failed(&CONFIG, 0));
        assert_eq!(breaker.allows(4), (1, 10));
        breaker.failed(&CONFIG, 9);
        assert_eq!(breaker.allows(4), (1, 10), "a late failure changes nothing");
        breaker.failed(&CONFIG, 10);
        assert_eq!(breaker.allows(4), (1, 30));
        breaker.failed(&CONFIG, 30);
        assert_eq!(breaker.allows(4), (1, 55), "the longest pause");
        breaker.arrived();
        assert_eq!(breaker, Breaker::default());
    }
}
