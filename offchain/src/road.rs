//! Vehicles on the road while a city lives: each has a terminal that speaks JT/T 808.

use std::{
    net::SocketAddr,
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc,
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use smartlink_jt808::{location::status, BcdTime, Items, Location, LocationReport};
use smartlink_simulator::{
    prng::SplitMix,
    terminal::{Identity, Terminal},
};
use tokio::task::JoinSet;

use crate::Error;

/// Between two positions of a vehicle.
const EVERY: Duration = Duration::from_secs(1);

/// A drive through a city.
pub struct Drive {
    step_ms: u64,
    dice: SplitMix,
    at: Location,
    time_ms: u64,
}

impl Drive {
    /// Somewhere, the same for the same seed. Positions lie so many milliseconds apart.
    pub fn new(seed: u64, step_ms: u64) -> Self {
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
        Self { step_ms, dice, at, time_ms: now_ms() }
    }

    /// The next position.
    pub fn report(&mut self) -> LocationReport<'static> {
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
        // The way of a millisecond at 0.1 km/h is 0.0000278 m, and 10^-6 degrees are 0.111 m.
        let way = f64::from(at.speed) * self.step_ms as f64 * 0.00025;
        at.latitude += (way * angle.cos()) as i32 + north / 8;
        at.longitude += (way * angle.sin()) as i32 + east / 8;
        at.time = BcdTime::from_millis(self.time_ms).unwrap_or_default();
        LocationReport { location: *at, items: Items::default() }
    }
}

fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
}

/// Vehicles that report where they are, until the road is closed.
#[derive(Debug)]
pub struct Road {
    stop: Arc<AtomicBool>,
    vehicles: JoinSet<Result<u64, Error>>,
}

impl Road {
    /// Sends so many vehicles out.
    pub fn open(address: SocketAddr, vehicles: u32) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let mut tasks = JoinSet::new();
        for vehicle in 1..=vehicles {
            tasks.spawn(drive(address, vehicle, stop.clone()));
        }
        Self { stop, vehicles: tasks }
    }

    /// Calls all of them back, and says how many positions were acknowledged.
    ///
    /// # Errors
    /// One was not let in, or lost its connection.
    pub async fn close(mut self) -> Result<u64, Error> {
        self.stop.store(true, Ordering::Release);
        let mut acknowledged = 0;
        while let Some(ended) = self.vehicles.join_next().await {
            acknowledged +=
                ended.map_err(|error| Error::Asked(format!("a vehicle panicked: {error}")))??;
        }
        Ok(acknowledged)
    }
}

async fn drive(address: SocketAddr, vehicle: u32, stop: Arc<AtomicBool>) -> Result<u64, Error> {
    let asked = |error: &dyn std::fmt::Display| Error::Asked(error.to_string());
    let phone = format!("138{vehicle:08}").parse().map_err(|error| asked(&error))?;
    let identity = Identity { phone, plate: format!("粤B{vehicle:05}"), code: None };
    let mut terminal = Terminal::connect(address, identity).await.map_err(|error| asked(&error))?;
    let step_ms = u64::try_from(EVERY.as_millis()).unwrap_or(u64::MAX);
    let mut drive = Drive::new(vehicle.into(), step_ms);
    let mut every = tokio::time::interval(EVERY);
    let mut acknowledged = 0;
    while !stop.load(Ordering::Acquire) {
        every.tick().await;
        terminal.report(&[drive.report()]).await.map_err(|error| asked(&error))?;
        acknowledged += 1;
    }
    Ok(acknowledged)
}
