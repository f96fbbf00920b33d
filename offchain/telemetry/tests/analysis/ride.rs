//! Rides of a vehicle of flesh and blood: it has a mass, a driver with a plan, and a truth.

use smartlink_records::{Flags, Position, Report};
use smartlink_telemetry::analysis::{AlertKind, Place};

use crate::network::Chance;

/// Monday the 23rd of November 2026, 9:00 in Beijing.
pub const MORNING_MS: u64 = 1_795_395_600_000;

/// A time in which something was so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Was {
    pub kind: AlertKind,
    pub from_ms: u64,
    pub until_ms: u64,
}

/// A drive from ignition to ignition.
#[derive(Clone, Copy, Debug)]
pub struct Drove {
    pub from_ms: u64,
    pub until_ms: u64,
    pub metres: f64,
}

/// What was so.
#[derive(Clone, Debug, Default)]
pub struct Truth {
    pub events: Vec<Was>,
    pub drives: Vec<Drove>,
    /// Where the vehicle was, every second.
    pub path: Vec<(u64, Place)>,
}

/// A vehicle on its way, in steps of a tenth of a second. A report is made each `every_ms`.
pub struct Ride {
    pub time_ms: u64,
    every_ms: u64,
    north_m: f64,
    east_m: f64,
    /// m/s and radians.
    pub speed: f64,
    heading: f64,
    pub ignition: bool,
    metres: f64,
    drive: Option<(u64, f64)>,
    pub reports: Vec<Report>,
    pub truth: Truth,
}

/// Shenzhen.
const HOME: (i32, i32) = (22_540_000, 114_050_000);
const STEP_S: f64 = 0.1;
pub const MG: f64 = 0.009_806_65;

impl Ride {
    pub fn new(time_ms: u64, every_ms: u64) -> Self {
        Self {
            time_ms,
            every_ms,
            north_m: 0.0,
            east_m: 0.0,
            speed: 0.0,
            heading: 0.7,
            ignition: false,
            metres: 0.0,
            drive: None,
            reports: Vec::new(),
            truth: Truth::default(),
        }
    }

    pub fn place(&self) -> Place {
        Place {
            latitude: HOME.0 + (self.north_m / 0.111_195) as i32,
            longitude: HOME.1 + (self.east_m / 0.102_700) as i32,
        }
    }

    fn step(&mut self, along: f64, turn: f64) {
        self.speed = (self.speed + along * STEP_S).max(0.0);
        self.heading = (self.heading + turn * STEP_S).rem_euclid(std::f64::consts::TAU);
        let metres = self.speed * STEP_S;
        self.north_m += metres * self.heading.cos();
        self.east_m += metres * self.heading.sin();
        self.metres += metres;
        self.time_ms += 100;
        if self.time_ms.is_multiple_of(1_000) {
            let place = self.place();
            self.truth.path.push((self.time_ms, place));
        }
        if self.time_ms.is_multiple_of(self.every_ms) {
            self.report();
        }
    }

    fn report(&mut self) {
        let place = self.place();
        let position = Position {
            latitude: place.latitude,
            longitude: place.longitude,
            altitude: 20,
            speed: (self.speed * 36.0) as u16,
            heading: self.heading.to_degrees() as u16 % 360,
        };
        let flags = Flags::FIXED.with(Flags::IGNITION, self.ignition);
        let report =
            Report { time_ms: self.time_ms, position: Some(position), flags, ..Report::default() };
        self.reports.push(report);
    }

    /// `along` in m/s², `turn` in radians a second.
    pub fn go(&mut self, seconds: f64, along: f64, turn: f64) {
        for _ in 0..(seconds / STEP_S).round() as u32 {
            self.step(along, turn);
        }
    }

    /// Turns the key.
    pub fn key(&mut self, on: bool) {
        self.ignition = on;
        if on {
            self.drive = Some((self.time_ms, self.metres));
        } else if let Some((from_ms, metres)) = self.drive.take() {
            let metres = self.metres - metres;
            self.truth.drives.push(Drove { from_ms, until_ms: self.time_ms, metres });
        }
    }

    /// To a speed in km/h, as careful people drive.
    pub fn reach(&mut self, kmh: f64) {
        let target = kmh / 3.6;
        let along = if target > self.speed { 1.1 } else { -1.3 };
        while (self.speed - target).abs() > 0.15 {
            self.step(along, 0.0);
        }
        self.speed = target;
    }

    pub fn stand(&mut self, seconds: f64) {
        self.reach(0.0);
        self.speed = 0.0;
        self.go(seconds, 0.0, 0.0);
    }

    /// Like people who look at the road: gentle bends.
    pub fn cruise(&mut self, seconds: f64, chance: &mut Chance) {
        let mut left = seconds;
        while left > 0.0 {
            let part = chance.between(3.0, 9.0).min(left);
            // At most a tenth of gravity to the side.
            let most = (0.1 * 9.8 / self.speed.max(3.0)).min(0.15);
            self.go(part, 0.0, chance.between(-most, most));
            left -= part;
        }
    }

    fn was(&mut self, kind: AlertKind, from_ms: u64) {
        self.truth.events.push(Was { kind, from_ms, until_ms: self.time_ms });
    }

    /// A manoeuvre of so many mg for three seconds; `harsh` is whether it is one that should be found.
    pub fn manoeuvre(&mut self, kind: AlertKind, mg: f64, harsh: bool) {
        let along = mg * MG;
        self.reach(match kind {
            AlertKind::HarshAcceleration => 20.0,
            AlertKind::HarshBraking => 68.0,
            _ => 48.0,
        });
        self.go(6.0, 0.0, 0.0);
        let from_ms = self.time_ms;
        match kind {
            AlertKind::HarshAcceleration => self.go(3.0, along, 0.0),
            AlertKind::HarshBraking => self.go(3.0, -along, 0.0),
            _ => self.go(3.0, 0.0, along / self.speed),
        }
        if harsh {
            self.was(kind, from_ms);
        }
        self.go(8.0, 0.0, 0.0);
    }

    /// So fast for so long, with the bends of a motorway; `counts` is whether it is speeding that should be found.
    pub fn race(&mut self, kmh: f64, limit_kmh: f64, seconds: f64, counts: bool) {
        self.reach(limit_kmh - 8.0);
        self.go(5.0, 0.0, 0.0);
        let from_ms = self.time_ms;
        self.reach(kmh);
        self.go(seconds, 0.0, 0.01);
        if counts {
            self.was(AlertKind::Speeding, from_ms);
        }
        self.reach(limit_kmh - 8.0);
        self.go(5.0, 0.0, 0.0);
    }
}
