//! From what was so to what the server gets: receivers that err, and a network that delays, repeats and loses.

use smartlink_records::{Channel, Flags, Record, Report, TerminalId};

/// Numbers that look random, the same every time (SplitMix64).
#[derive(Clone)]
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to 1.
    pub fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.part()
    }

    pub fn happens(&mut self, probability: f64) -> bool {
        self.part() < probability
    }

    /// Of the normal distribution, as near as twelve uniform ones come to it.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.part()).sum::<f64>() - 6.0
    }
}

/// How bad it is.
#[derive(Clone, Copy, Debug)]
pub struct Network {
    pub name: &'static str,
    /// The standard deviation of fixes, in metres, which wander slowly as real ones do.
    pub noise_m: f64,
    /// That of speeds, in km/h.
    pub speed_noise: f64,
    /// That of headings, in degrees.
    pub heading_noise: f64,
    /// Fixes that are somewhere else.
    pub outliers: f64,
    pub lost: f64,
    pub repeated: f64,
    /// Records that come later than those after them, by up to six seconds.
    pub delayed: f64,
    /// Records that come half a minute late.
    pub late: f64,
    /// How much the times between reports differ, in ms.
    pub jitter_ms: f64,
}

impl Network {
    pub const CLEAN: Self = Self {
        name: "clean",
        noise_m: 0.5,
        speed_noise: 0.1,
        heading_noise: 0.2,
        outliers: 0.0,
        lost: 0.0,
        repeated: 0.0,
        delayed: 0.0,
        late: 0.0,
        jitter_ms: 0.0,
    };

    /// What a cheap receiver in a city with tall buildings and a mobile network give.
    pub const NOISY: Self = Self {
        name: "noisy",
        noise_m: 5.0,
        speed_noise: 0.7,
        heading_noise: 2.0,
        outliers: 0.005,
        lost: 0.01,
        repeated: 0.05,
        delayed: 0.05,
        late: 0.002,
        jitter_ms: 120.0,
    };

    /// The worst that is still in use: an antenna under the dashboard, in a valley of glass.
    pub const BAD: Self = Self {
        name: "bad",
        noise_m: 12.0,
        speed_noise: 1.5,
        heading_noise: 4.0,
        outliers: 0.02,
        lost: 0.05,
        repeated: 0.1,
        delayed: 0.15,
        late: 0.01,
        jitter_ms: 200.0,
    };

    /// What the server gets of what a vehicle was like, in the order in which it comes.
    pub fn carry(&self, vehicle: u32, reports: &[Report], chance: &mut Chance) -> Vec<Record> {
        let (mut north, mut east) = (0.0, 0.0);
        let mut sent: Vec<(u64, Report)> = Vec::new();
        for report in reports {
            let mut report = report.clone();
            // A first-order process: nine tenths of the error of the fix before, and as much new as keeps its size.
            let fresh = self.noise_m * (1.0_f64 - 0.9 * 0.9).sqrt();
            north = 0.9 * north + fresh * chance.normal();
            east = 0.9 * east + fresh * chance.normal();
            let jitter = self.jitter_ms * chance.between(-1.0, 1.0);
            report.time_ms = report.time_ms.saturating_add_signed(jitter as i64);
            if let Some(position) = &mut report.position {
                let far = chance.happens(self.outliers);
                let (up, right) = if far {
                    (chance.between(-3e3, 3e3), chance.between(-3e3, 3e3))
                } else {
                    (north, east)
                };
                position.latitude += (up / 0.1112) as i32;
                position.longitude += (right / 0.1027) as i32;
                if position.speed > 0 {
                    let noise = self.speed_noise * 10.0 * chance.normal();
                    position.speed = (f64::from(position.speed) + noise).max(0.0) as u16;
                    let turned = f64::from(position.heading) + self.heading_noise * chance.normal();
                    position.heading = turned.rem_euclid(360.0) as u16 % 360;
                }
            }
            if chance.happens(self.lost) {
                continue;
            }
            let mut delay = chance.between(80.0, 400.0);
            if chance.happens(self.delayed) {
                delay += chance.between(500.0, 6_000.0);
            }
            if chance.happens(self.late) {
                delay += 30_000.0;
                report.flags |= Flags::STORED;
            }
            let arrives = report.time_ms + delay as u64;
            if chance.happens(self.repeated) {
                let mut again = report.clone();
                again.flags |= Flags::STORED;
                sent.push((arrives + chance.between(100.0, 8_000.0) as u64, again));
            }
            sent.push((arrives, report));
        }
        sent.sort_by_key(|(arrives, report)| (*arrives, report.time_ms));
        let numbered = (1..).zip(sent);
        numbered
            .map(|(sequence, (received_ms, report))| Record {
                sequence,
                terminal: TerminalId(u64::from(vehicle) + 1_000),
                vehicle,
                received_ms,
                channel: Channel::Jt808,
                report,
            })
            .collect()
    }
}
