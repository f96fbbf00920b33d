//! How many requests may come in a while.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// So many, and so many at once after a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// In a second, in the long run. At least one.
    pub per_second: u32,
    /// At once. At least one.
    pub at_once: u32,
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in a second ({} at once)", self.per_second, self.at_once)
    }
}

/// A bucket of units that fills again by itself.
#[derive(Debug)]
pub struct Bucket {
    /// The time in which one unit comes back.
    unit: Duration,
    /// The time in which an empty bucket is full.
    filling: Duration,
    /// When it is full again.
    full_at: Mutex<Instant>,
}

impl Bucket {
    /// A full one.
    pub fn new(rate: Rate, now: Instant) -> Self {
        let unit = Duration::from_secs(1) / rate.per_second.max(1);
        Self { unit, filling: unit * rate.at_once.max(1), full_at: Mutex::new(now) }
    }

    /// Takes units, all or none. Whether they were there.
    pub fn take(&self, units: u32, now: Instant) -> bool {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let after = (*full_at).max(now) + self.unit.saturating_mul(units);
        let fits = after.saturating_duration_since(now) <= self.filling;
        if fits {
            *full_at = after;
        }
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { per_second: 20, at_once: 40 };

    #[test]
    fn a_full_bucket_gives_what_it_holds_and_no_more() {
        let now = Instant::now();
        let bucket = Bucket::new(RATE, now);
        assert_eq!((0..100).filter(|_| bucket.take(1, now)).count(), 40);
    }

    #[test]
    fn an_empty_bucket_fills_at_its_rate_and_never_beyond_its_size() {
        let start = Instant::now();
        let bucket = Bucket::new(RATE, start);
        assert!(bucket.take(40, start));
        let second_later = start + Duration::from_secs(1);
        assert_eq!((0..100).filter(|_| bucket.take(1, second_later)).count(), 20);
        let hour_later = start + Duration::from_secs(3_600);
        assert_eq!((0..100).filter(|_| bucket.take(1, hour_later)).count(), 40);
    }

    #[test]
    fn units_that_are_not_all_there_are_not_taken() {
        let now = Instant::now();
        let bucket = Bucket::new(RATE, now);
        assert!(bucket.take(30, now));
        assert!(!bucket.take(11, now));
        assert!(!bucket.take(u32::MAX, now));
        assert!(bucket.take(10, now));
    }
}
