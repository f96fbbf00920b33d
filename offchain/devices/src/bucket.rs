//! How many frames or messages a connection may send in a second.

use std::time::Duration;
use tokio::time::Instant;

/// A bucket that fills at a constant rate. What is taken beyond its content has to be waited for.
#[derive(Debug)]
pub(crate) struct Bucket {
    /// The time of one message.
    each: Duration,
    /// The time of as many messages as may come at once.
    burst: Duration,
    /// When the bucket will be full.
    full_at: Instant,
}

impl Bucket {
    /// A full bucket.
    pub(crate) fn new(per_second: u32, burst: u32, now: Instant) -> Self {
        let each = Duration::from_secs(1) / per_second.max(1);
        Self { each, burst: each * burst.max(1), full_at: now }
    }

    /// Takes one for each of `count` messages, and says when the next may come.
    pub(crate) fn take(&mut self, count: u32, now: Instant) -> Option<Instant> {
        self.full_at = self.full_at.max(now) + self.each * count;
        let free_at = self.full_at.checked_sub(self.burst).unwrap_or(now);
        (free_at > now).then_some(free_at)
    }

    /// Takes one, unless it would have to be waited for.
    pub(crate) fn try_take(&mut self, now: Instant) -> bool {
        let full_at = self.full_at.max(now) + self.each;
        let free = full_at.checked_sub(self.burst).is_none_or(|free_at| free_at <= now);
        if free {
            self.full_at = full_at;
        }
        free
    }

    /// Whether it holds as much as it ever will.
    pub(crate) fn is_full(&self, now: Instant) -> bool {
        self.full_at <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_free_and_then_the_rate_holds() {
        let start = Instant::now();
        let mut bucket = Bucket::new(10, 5, start);
        assert_eq!(bucket.take(5, start), None);
        assert_eq!(bucket.take(2, start), Some(start + Duration::from_millis(200)));
        // After two tenths it is where it was, after seven it is full.
        let later = start + Duration::from_millis(700);
        assert_eq!(bucket.take(5, later), None);
        assert_eq!(bucket.take(1, later), Some(later + Duration::from_millis(100)));
    }
}
