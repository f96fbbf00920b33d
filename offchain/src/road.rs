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

use crate::{
    trace::{Fix, Trace},
    Error,
};

/// Between two positions of a vehicle.
const EVERY: Duration = Duration::from_secs(1);
/// Recorded positions that are sent at once, before their acknowledgements are waited for.
const BUNDLE: usize = 50;

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

/// A vehicle with a terminal.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The number of the terminal's SIM card.
    pub phone: String,
    /// The vehicle's plate.
    pub plate: String,
    /// What it drove before, and reports at once. Without it, it drives now.
    pub trace: Option<Trace>,
}

/// Vehicles that report where they are, until the road is closed.
#[derive(Debug)]
pub struct Road {
    stop: Arc<AtomicBool>,
    vehicles: JoinSet<Result<u64, Error>>,
}

impl Road {
    /// Sends vehicles out.
    pub fn open(address: SocketAddr, vehicles: Vec<Fitted>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let mut tasks = JoinSet::new();
        for (seed, vehicle) in (1..).zip(vehicles) {
            tasks.spawn(drive(address, seed, vehicle, stop.clone()));
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

async fn drive(
    address: SocketAddr,
    seed: u64,
    vehicle: Fitted,
    stop: Arc<AtomicBool>,
) -> Result<u64, Error> {
    let asked = |error: &dyn std::fmt::Display| Error::Asked(error.to_string());
    let phone = vehicle.phone.parse().map_err(|error| asked(&error))?;
    let identity = Identity { phone, plate: vehicle.plate, code: None };
    let mut terminal = Terminal::connect(address, identity).await.map_err(|error| asked(&error))?;
    let mut acknowledged = 0;
    if let Some(trace) = vehicle.trace {
        let reports = of_trace(&trace, now_ms());
        for bundle in reports.chunks(BUNDLE) {
            terminal.report(bundle).await.map_err(|error| asked(&error))?;
            acknowledged += bundle.len() as u64;
        }
        return Ok(acknowledged);
    }
    let step_ms = u64::try_from(EVERY.as_millis()).unwrap_or(u64::MAX);
    let mut drive = Drive::new(seed, step_ms);
    let mut every = tokio::time::interval(EVERY);
    while !stop.load(Ordering::Acquire) {
        every.tick().await;
        terminal.report(&[drive.report()]).await.map_err(|error| asked(&error))?;
        acknowledged += 1;
    }
    Ok(acknowledged)
}

/// The recorded fixes of a vehicle that has just come to its end. Nobody recorded whether its engine ran.
fn of_trace(trace: &Trace, now_ms: u64) -> Vec<LocationReport<'static>> {
    let mut before = trace.fixes.first().copied();
    let report = |fix: &Fix| {
        let heading = before.replace(*fix).map_or(0, |before| bearing(before, *fix));
        let location = Location {
            status: status::FIXED,
            latitude: fix.latitude,
            longitude: fix.longitude,
            speed: fix.speed,
            heading,
            time: BcdTime::from_millis(now_ms.saturating_sub(fix.ago_ms)).unwrap_or_default(),
            ..Location::default()
        };
        LocationReport { location, items: Items::default() }
    };
    trace.fixes.iter().map(report).collect()
}

/// Degrees clockwise from north, of the way between two places that are near each other.
fn bearing(from: Fix, to: Fix) -> u16 {
    let north = f64::from(to.latitude) - f64::from(from.latitude);
    let shrunk = (f64::from(to.latitude) / 1e6).to_radians().cos();
    let east = (f64::from(to.longitude) - f64::from(from.longitude)) * shrunk;
    // 0 to 359.
    (east.atan2(north).to_degrees().rem_euclid(360.0)) as u16 % 360
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recorded_drive_ends_now_and_points_where_it_goes() {
        let fix = |ago_ms, latitude, longitude| Fix { ago_ms, latitude, longitude, speed: 300 };
        let fixes = vec![fix(20_000, 0, 0), fix(10_000, 1_000, 0), fix(0, 1_000, -1_000)];
        let trace = Trace { vehicle: "7".to_owned(), fixes };
        let now_ms = 1_790_000_000_000;
        let reports = of_trace(&trace, now_ms);
        let headings = reports.iter().map(|report| report.location.heading);
        assert_eq!(headings.collect::<Vec<_>>(), [0, 0, 270]);
        let times = reports.iter().map(|report| report.location.time.millis().ok());
        let expected = [20_000, 10_000, 0].map(|ago_ms| Some(now_ms - ago_ms));
        assert_eq!(times.collect::<Vec<_>>(), expected);
    }
}
