//! Terminals that report at a rate, and wait until they are acknowledged.

use std::{
    future::Future,
    net::SocketAddr,
    sync::{
        atomic::{AtomicBool, AtomicU64, Ordering},
        Arc, Mutex, MutexGuard, PoisonError,
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use futures::{stream, StreamExt, TryStreamExt};
use hdrhistogram::Histogram;
use smartlink_jt808::{location::status, BcdTime, Items, Location, LocationReport, Phone};
use smartlink_simulator::{
    prng::SplitMix,
    terminal::{Identity, Terminal},
};
use tokio::task::JoinSet;

use super::{Counter, BUNDLE};
use crate::Error;

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

/// A drive through a city: positions a tenth of a second apart.
pub struct Drive {
    dice: SplitMix,
    at: Location,
    time_ms: u64,
}

impl Drive {
    pub fn new(seed: u64) -> Self {
        let mut dice = SplitMix::new(seed);
        let at = Location {
            status: status::IGNITION | status::FIXED,
            latitude: 22_500_000 + i32::try_from(dice.below(200_000)).unwrap_or_default(),
            longitude: 113_900_000 + i32::try_from(dice.below(300_000)).unwrap_or_default(),
            altitude: 40,
            speed: 300,
            heading: u16::try_from(dice.below(360)).unwrap_or_default(),
            ..Location::default()
        };
        Self { dice, at, time_ms: now_ms() }
    }

    /// The next position.
    pub fn next(&mut self) -> LocationReport<'static> {
        // As the standard's clock has it: whole seconds.
        self.time_ms = (self.time_ms + 1_000).min(now_ms());
        let mut below = |end: u32| i32::try_from(self.dice.below(end)).unwrap_or_default();
        let (turn, faster, north, east) =
            (below(11) - 5, below(21) - 10, below(41) - 20, below(41) - 20);
        let at = &mut self.at;
        at.heading =
            u16::try_from((i32::from(at.heading) + turn).rem_euclid(360)).unwrap_or_default();
        at.speed =
            u16::try_from((i32::from(at.speed) + faster).clamp(0, 1_200)).unwrap_or_default();
        let angle = f64::from(at.heading).to_radians();
        // A tenth of a second's way at 0.1 km/h is 0.00278 m, and 10^-6 degrees are 0.111 m.
        let way = f64::from(at.speed) * 0.025;
        at.latitude += (way * angle.cos()) as i32 + north / 8;
        at.longitude += (way * angle.sin()) as i32 + east / 8;
        at.time = BcdTime::from_millis(self.time_ms).unwrap_or_default();
        LocationReport { location: *at, items: Items::default() }
    }
}

pub fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
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
                let mut drive = Drive::new(u64::from(place) + 1);
                while !stop.load(Ordering::Acquire) {
                    tokio::time::sleep_until(due.into()).await;
                    let bundle: [_; BUNDLE] = std::array::from_fn(|_| drive.next());
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
