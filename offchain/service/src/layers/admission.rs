//! How many calls, and how fast.

use std::{
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use tokio::{sync::Semaphore, time::Instant};
use tonic::Status;
use tower::{Layer, Service, ServiceExt};

use super::{Answer, Answering, Call, Callee};

/// Refuses calls beyond a number that are under way at a time, at once and with RESOURCE_EXHAUSTED: who
/// queues under overload only makes everyone late.
///
/// A call is under way until its first answer. All services that one layer makes share the number.
#[derive(Clone, Debug)]
pub struct ConcurrencyLayer {
    places: Arc<Semaphore>,
    limit: usize,
}

impl ConcurrencyLayer {
    /// At most `limit` calls at a time, and at most 2^61 - 1 (which is no limit).
    pub fn new(limit: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(limit.min(Semaphore::MAX_PERMITS))), limit }
    }
}

impl<S> Layer<S> for ConcurrencyLayer {
    type Service = ConcurrencyLimited<S>;

    fn layer(&self, inner: S) -> ConcurrencyLimited<S> {
        ConcurrencyLimited { inner, layer: self.clone() }
    }
}

/// The service of [`ConcurrencyLayer`].
#[derive(Clone, Debug)]
pub struct ConcurrencyLimited<S> {
    inner: S,
    layer: ConcurrencyLayer,
}

impl<S: Callee> Service<Call> for ConcurrencyLimited<S> {
    type Response = Answer;
    type Error = Status;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: Call) -> Answering {
        let place = Arc::clone(&self.layer.places).try_acquire_owned();
        let (inner, limit) = (self.inner.clone(), self.layer.limit);
        Box::pin(async move {
            let Ok(_place) = place else {
                return Err(Status::resource_exhausted(format!(
                    "{limit} calls are under way, which is as many as may be: try again later"
                )));
            };
            inner.oneshot(call).await
        })
    }
}

/// Refuses calls that come faster than they may, with RESOURCE_EXHAUSTED and the milliseconds to wait.
///
/// A bucket of `burst` tokens that fills at `per_second`: in any t seconds at most `burst + per_second * t`
/// calls pass. All services that one layer makes share the bucket.
#[derive(Clone, Debug)]
pub struct RateLayer {
    pace: Arc<Pace>,
}

#[derive(Debug)]
struct Pace {
    /// Between two calls, at the permitted rate.
    interval: Duration,
    /// How far the schedule may run ahead of the clock: the bucket but for one token, as time.
    tolerance: Duration,
    per_second: u32,
    /// When the next call would be due if all came evenly.
    due: Mutex<Option<Instant>>,
}

impl RateLayer {
    /// At most `per_second` calls a second on average, and `burst` at once. Either counts as at least 1.
    pub fn new(per_second: u32, burst: u32) -> Self {
        let per_second = per_second.max(1);
        let interval = Duration::from_secs(1) / per_second;
        let tolerance = interval * (burst.max(1) - 1);
        Self { pace: Arc::new(Pace { interval, tolerance, per_second, due: Mutex::new(None) }) }
    }
}

impl Pace {
    /// Takes a token, or says how long to wait for one.
    fn take(&self, now: Instant) -> Result<(), Duration> {
        // What is guarded is one instant: no panic can leave half of it.
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        let next = due.map_or(now, |due| due.max(now));
        let ahead = next.saturating_duration_since(now);
        if ahead > self.tolerance {
            return Err(ahead - self.tolerance);
        }
        *due = Some(next + self.interval);
        Ok(())
    }
}

impl<S> Layer<S> for RateLayer {
    type Service = RateLimited<S>;

    fn layer(&self, inner: S) -> RateLimited<S> {
        RateLimited { inner, pace: Arc::clone(&self.pace) }
    }
}

/// The service of [`RateLayer`].
#[derive(Clone, Debug)]
pub struct RateLimited<S> {
    inner: S,
    pace: Arc<Pace>,
}

impl<S: Callee> Service<Call> for RateLimited<S> {
    type Response = Answer;
    type Error = Status;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: Call) -> Answering {
        match self.pace.take(Instant::now()) {
            Ok(()) => Box::pin(self.inner.clone().oneshot(call)),
            Err(wait) => {
                let status = Status::resource_exhausted(format!(
                    "more than {} calls a second: try again in {} ms",
                    self.pace.per_second,
                    wait.as_micros().div_ceil(1_000)
                ));
                Box::pin(std::future::ready(Err(status)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_window_of_time_sees_more_than_the_bucket_and_the_rate(
            per_second in 1u32..1_000,
            burst in 1u32..50,
            pauses in prop::collection::vec(0u64..20_000, 1..200),
        ) {
            let layer = RateLayer::new(per_second, burst);
            let start = Instant::now();
            let mut passed = Vec::new();
            let mut at = Duration::ZERO;
            for pause in pauses {
                at += Duration::from_micros(pause);
                if layer.pace.take(start + at).is_ok() {
                    passed.push(at);
                }
            }
            for (first, from) in passed.iter().enumerate() {
                for (last, to) in passed.iter().enumerate().skip(first) {
                    let seen = (last - first + 1) as f64;
                    // An interval is cut to whole nanoseconds: allow for it.
                    let may = f64::from(burst)
                        + (*to - *from).as_secs_f64() * f64::from(per_second) * 1.000_01;
                    prop_assert!(seen <= may + 1e-6, "{seen} calls where {may} may pass");
                }
            }
        }

        #[test]
        fn who_waits_as_told_is_let_through(per_second in 1u32..1_000, burst in 1u32..50) {
            let layer = RateLayer::new(per_second, burst);
            let now = Instant::now();
            for _ in 0..burst {
                prop_assert!(layer.pace.take(now).is_ok());
            }
            let wait = layer.pace.take(now).unwrap_err();
            prop_assert!(layer.pace.take(now + wait).is_ok());
        }
    }
}
