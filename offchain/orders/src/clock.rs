//! The time of the service: that of the wall when it starts, and from then on that of a clock that nobody sets.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// How far the clock of the wall may be behind the log before the operator is warned.
const WARN_MS: u64 = 1_000;

/// A clock that never goes back and never jumps, whatever is done to the machine's clock meanwhile.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    base_ms: u64,
    started: Instant,
}

impl Clock {
    /// Starts at the time of the wall, or where the log ended if that is later.
    pub fn start(last_ms: u64) -> Self {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        // Milliseconds fit 64 bits for 584 million years.
        let wall_ms = wall.as_millis() as u64;
        if wall_ms + WARN_MS < last_ms {
            let behind_ms = last_ms - wall_ms;
            tracing::warn!(
                behind_ms,
                "the machine's clock was set back: time goes on where the log ended; set the clock right and restart"
            );
        }
        Self { base_ms: wall_ms.max(last_ms), started: Instant::now() }
    }

    /// Milliseconds of the Unix epoch.
    pub fn now_ms(&self) -> u64 {
        self.base_ms + self.started.elapsed().as_millis() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_goes_on_where_the_log_ended() {
        let ahead = Clock::start(0).now_ms() + 3_600_000;
        let clock = Clock::start(ahead);
        assert!((ahead..ahead + 60_000).contains(&clock.now_ms()));
    }
}
