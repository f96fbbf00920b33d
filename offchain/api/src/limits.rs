//! How much is taken from whom, and what is shed when there is too much.

use std::{
    collections::HashMap,
    hash::{BuildHasher, Hash, RandomState},
    sync::{
        atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering::Relaxed},
        Arc, Mutex, PoisonError,
    },
    time::Duration,
};

use tokio::time::Instant;

use crate::config::Rate;

/// A token bucket: full at first, refilled at a steady rate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket {
    tokens: f64,
    at_ms: u64,
}

impl Bucket {
    pub fn full(rate: Rate, now_ms: u64) -> Self {
        Self { tokens: rate.burst.into(), at_ms: now_ms }
    }

    fn refill(&mut self, rate: Rate, now_ms: u64) {
        let passed = now_ms.saturating_sub(self.at_ms);
        // Precise up to 2^53 ms.
        self.tokens = (self.tokens + passed as f64 * rate.per_second / 1e3).min(rate.burst.into());
        self.at_ms = self.at_ms.max(now_ms);
    }

    /// Takes one. Otherwise says after how many milliseconds there will be one.
    pub fn take(&mut self, rate: Rate, now_ms: u64) -> Result<(), u64> {
        self.refill(rate, now_ms);
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return Ok(());
        }
        Err(((1.0 - self.tokens) * 1e3 / rate.per_second).ceil() as u64)
    }

    fn give_back(&mut self, rate: Rate) {
        self.tokens = (self.tokens + 1.0).min(rate.burst.into());
    }
}

const SHARDS: usize = 32;
/// Buckets that are kept. Beyond, full ones go; when none is full, all of the shard do.
const KEPT: usize = 200_000;

/// A bucket for each of many.
pub(crate) struct Buckets<K> {
    rate: Rate,
    hasher: RandomState,
    shards: [Mutex<HashMap<K, Bucket>>; SHARDS],
}

impl<K: Hash + Eq> Buckets<K> {
    pub fn new(rate: Rate) -> Self {
        Self { rate, hasher: RandomState::new(), shards: std::array::from_fn(|_| Mutex::default()) }
    }

    fn with<T>(&self, key: K, now_ms: u64, act: impl FnOnce(&mut Bucket, Rate) -> T) -> T {
        // The remainder is below SHARDS.
        let shard = (self.hasher.hash_one(&key) % SHARDS as u64) as usize;
        let mut shard = self.shards[shard].lock().unwrap_or_else(PoisonError::into_inner);
        if shard.len() >= KEPT / SHARDS && !shard.contains_key(&key) {
            shard.retain(|_, bucket| {
                bucket.refill(self.rate, now_ms);
                bucket.tokens < f64::from(self.rate.burst)
            });
            if shard.len() >= KEPT / SHARDS {
                shard.clear();
            }
        }
        act(shard.entry(key).or_insert_with(|| Bucket::full(self.rate, now_ms)), self.rate)
    }

    /// Takes one of `key`'s. Otherwise says after how many milliseconds there will be one.
    pub fn take(&self, key: K, now_ms: u64) -> Result<(), u64> {
        self.with(key, now_ms, |bucket, rate| bucket.take(rate, now_ms))
    }

    /// Gives one back.
    pub fn give_back(&self, key: K, now_ms: u64) {
        self.with(key, now_ms, Bucket::give_back);
    }
}

/// How often lateness is measured.
const PULSE: Duration = Duration::from_millis(5);
/// When a shed call has a chance again.
const RETRY_MS: u64 = 200;

/// How much is being worked on, and how late tasks run. Above the limits calls are refused at once
/// instead of waiting in a queue in which all become late.
///
/// Lateness is that of a task which sleeps 5 ms: a task that is ready waits behind all others. Above the
/// limit a part of the calls is shed that grows with the lateness, at most nine of ten.
#[derive(Debug)]
pub(crate) struct Load {
    in_flight: AtomicUsize,
    most: usize,
    late_us: AtomicU32,
    limit_us: u32,
    turn: AtomicU32,
    calls: AtomicU64,
    shed: AtomicU64,
}

/// A call that is being worked on.
#[derive(Debug)]
pub(crate) struct Admitted(Arc<Load>);

impl Drop for Admitted {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Relaxed);
    }
}

impl Load {
    pub fn new(most: usize, lateness_ms: u32) -> Self {
        Self {
            in_flight: AtomicUsize::new(0),
            most,
            late_us: AtomicU32::new(0),
            limit_us: lateness_ms.saturating_mul(1_000),
            turn: AtomicU32::new(0),
            calls: AtomicU64::new(0),
            shed: AtomicU64::new(0),
        }
    }

    /// Admits a call. Otherwise says after how many milliseconds to try again.
    pub fn admit(self: &Arc<Self>) -> Result<Admitted, u64> {
        self.calls.fetch_add(1, Relaxed);
        if self.too_late() {
            self.shed.fetch_add(1, Relaxed);
            return Err(RETRY_MS);
        }
        let before = self.in_flight.fetch_add(1, Relaxed);
        let admitted = Admitted(self.clone());
        if before >= self.most {
            self.shed.fetch_add(1, Relaxed);
            return Err(RETRY_MS);
        }
        Ok(admitted)
    }

    fn too_late(&self) -> bool {
        let late = self.late_us.load(Relaxed);
        if self.limit_us == 0 || late <= self.limit_us {
            return false;
        }
        let excess = u64::from(late - self.limit_us) * 1_000 / u64::from(self.limit_us);
        // Steps of 619 visit every number below 1,000 once before any twice.
        let turn = self.turn.fetch_add(619, Relaxed) % 1_000;
        u64::from(turn) < excess.clamp(100, 900)
    }

    /// Calls that are being worked on.
    pub fn in_flight(&self) -> usize {
        self.in_flight.load(Relaxed)
    }

    /// Calls that came, and those that were shed.
    pub fn figures(&self) -> (u64, u64) {
        (self.calls.load(Relaxed), self.shed.load(Relaxed))
    }

    /// Notes how late a task ran: rises at once, falls by an eighth.
    fn note(&self, late: Duration) {
        let late = u32::try_from(late.as_micros()).unwrap_or(u32::MAX);
        let before = self.late_us.load(Relaxed);
        self.late_us.store(late.max(before - before / 8), Relaxed);
    }

    /// Measures lateness for as long as anybody else holds the load.
    pub async fn watch(load: std::sync::Weak<Self>) {
        loop {
            let begin = Instant::now();
            tokio::time::sleep(PULSE).await;
            let Some(load) = load.upgrade() else { return };
            // Timers have a grain of a millisecond.
            load.note(begin.elapsed().saturating_sub(PULSE + Duration::from_millis(1)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_bucket_never_gives_more_than_its_burst_and_its_rate(
            steps in proptest::collection::vec(0..2_000u64, 1..300),
        ) {
            let rate = Rate { per_second: 3.0, burst: 5 };
            let mut bucket = Bucket::full(rate, 1_000);
            let (mut now, mut given) = (1_000, 0u32);
            for step in steps {
                now += step;
                given += u32::from(bucket.take(rate, now).is_ok());
            }
            prop_assert!(f64::from(given) <= 5.0 + (now - 1_000) as f64 * 3.0 / 1e3 + 1e-6);
        }

        #[test]
        fn who_waits_as_long_as_told_gets_one(wait in 1..50u32) {
            let rate = Rate { per_second: f64::from(wait), burst: 1 };
            let mut bucket = Bucket::full(rate, 0);
            bucket.take(rate, 0).unwrap();
            let after = bucket.take(rate, 0).unwrap_err();
            prop_assert!(bucket.take(rate, after).is_ok());
        }
    }

    #[test]
    fn what_is_too_much_is_shed_at_once_and_taken_again_afterwards() {
        let load = Arc::new(Load::new(2, 0));
        let first = load.admit().unwrap();
        let _second = load.admit().unwrap();
        assert_eq!(load.admit().unwrap_err(), RETRY_MS);
        drop(first);
        assert!(load.admit().is_ok());
        assert_eq!(load.figures(), (4, 1));
    }

    #[test]
    fn late_tasks_shed_a_part_and_recover() {
        let load = Arc::new(Load::new(1_000_000, 10));
        load.note(Duration::from_millis(15));
        let taken = (0..1_000).filter(|_| load.admit().is_ok()).count();
        assert_eq!(taken, 500, "half above the limit sheds half");
        for _ in 0..100 {
            load.note(Duration::ZERO);
        }
        assert!((0..1_000).all(|_| load.admit().is_ok()));
    }
}
