//! Terminals that report at a rate, and wait until they are acknowledged.

use std::{
    future::Future,
    net::SocketAddr,
    sync::{
        atomic::{AtomicBool, AtomicU64, Ordering},
        Arc, Mutex, MutexGuard, PoisonError,
    },
    time::{Duration, Instant},
};

use futures::{stream, StreamExt, TryStreamExt};
use hdrhistogram::Histogram;
use smartlink_jt808::Phone;
use smartlink_simulator::terminal::{Identity, Terminal};
use tokio::task::JoinSet;

use super::{Counter, BUNDLE};
use crate::{road::Drive, Error};

/// Between two positions of a terminal, for the place; the standard's clock knows seconds alone.
pub const STEP_MS: u64 = 100;
/// Terminals that connect at the same time.
const AT_ONCE: usize = 200;

/// Times of many things.
#[derive(Clone)]
pub struct Times(Histogram<u64>);

impl Times {
    pub fn new() -> Self {
        // Three digits, whatever the range.
        Self(Histogram::new(3).expect("three significant digits are supported; qed"))
    }

    pub fn add(&mut self, time: Duration) {
        // It grows as needed.
        let _ = self.0.record(u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
    }

    /// Milliseconds.
    pub fn quantile(&self, part: f64) -> f64 {
        self.0.value_at_quantile(part) as f64 / 1_000.0
    }
}

/// Terminals that are let in.
pub struct Fleet {
    terminals: Vec<Terminal>,
}

/// The phone number of a terminal of the load.
pub fn phone(number: u32) -> Result<Phone, Error> {
    format!("13{number:09}").parse().map_err(|error| Error::Asked(format!("{error}")))
}

/// Connects so many terminals.
pub async fn connect(address: SocketAddr, terminals: u32) -> Result<Fleet, Error> {
    let connecting = stream::iter(1..=terminals).map(|number| async move {
        let identity =
            Identity { phone: phone(number)?, plate: format!("B{number:05}"), code: None };
        Terminal::connect(address, identity).await.map_err(|error| Error::Asked(error.to_string()))
    });
    let terminals = connecting.buffer_unordered(AT_ONCE).try_collect().await?;
    Ok(Fleet { terminals })
}

/// Terminals at work.
pub struct Running {
    /// Positions that were acknowledged.
    pub acknowledged: Counter,
    times: Arc<Mutex<Times>>,
    stop: Arc<AtomicBool>,
    tasks: Mutex<JoinSet<Result<(), Error>>>,
}

impl Fleet {
    /// All terminals report, so many positions a second together, until they are stopped. Each has its own moment in which
    /// a bundle is due, and its time counts from then, however late the one before was acknowledged.
    pub fn drive(self, rate: u32) -> Running {
        let terminals = u32::try_from(self.terminals.len()).unwrap_or(u32::MAX);
        let between =
            Duration::from_secs_f64(f64::from(terminals) * BUNDLE as f64 / f64::from(rate.max(1)));
        let began = Instant::now() + Duration::from_millis(100);
        let acknowledged = Counter::new(AtomicU64::new(0));
        let times = Arc::new(Mutex::new(Times::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let mut tasks = JoinSet::new();
        for (place, mut terminal) in (0..terminals).zip(self.terminals) {
            let mut due = began + between.mul_f64(f64::from(place) / f64::from(terminals));
            let (acknowledged, times, stop) = (acknowledged.clone(), times.clone(), stop.clone());
            tasks.spawn(async move {
                let mut drive = Drive::new(u64::from(place) + 1, STEP_MS);
                while !stop.load(Ordering::Acquire) {
                    tokio::time::sleep_until(due.into()).await;
                    let bundle: [_; BUNDLE] = std::array::from_fn(|_| drive.report());
                    let reported = terminal.report(&bundle).await;
                    reported.map_err(|error| Error::Asked(error.to_string()))?;
                    acknowledged.fetch_add(BUNDLE as u64, Ordering::AcqRel);
                    lock(&times).add(due.elapsed());
                    due += between;
                }
                Ok(())
            });
        }
        Running { acknowledged, times, stop, tasks: Mutex::new(tasks) }
    }
}

impl Running {
    /// Waits for something, and fails as soon as a terminal does.
    pub async fn while_alive<T>(&self, something: impl Future<Output = T>) -> Result<T, Error> {
        let done = something.await;
        match lock(&self.tasks).try_join_next() {
            Some(Ok(Err(error))) => Err(error),
            Some(Err(error)) => Err(Error::Asked(format!("a terminal panicked: {error}"))),
            Some(Ok(Ok(()))) | None => Ok(done),
        }
    }

    /// Counts times anew.
    pub fn forget_times(&self) {
        *lock(&self.times) = Times::new();
    }

    /// The times since then.
    pub fn times(&self) -> Times {
        lock(&self.times).clone()
    }

    /// Ends when every terminal has its acknowledgements. Says how many positions were acknowledged in all.
    pub async fn stop(self) -> Result<u64, Error> {
        self.stop.store(true, Ordering::Release);
        let mut tasks = self.tasks.into_inner().unwrap_or_else(PoisonError::into_inner);
        while let Some(ended) = tasks.join_next().await {
            ended.map_err(|error| Error::Asked(format!("a terminal panicked: {error}")))??;
        }
        Ok(self.acknowledged.load(Ordering::Acquire))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is behind it is whole after each change.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
