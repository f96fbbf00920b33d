//! The last known state of a vehicle.

use serde::{Deserialize, Serialize};
use smartlink_records::{Flags, Quantity, Record};

use super::{
    durable::durable,
    geometry::Place,
    outcome::Verdict,
    rules::CleanRules,
    track::{look, Judged, Spot, Track},
};

/// How a vehicle was when it was last heard from. Told at once, before records are put in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastState {
    /// The vehicle.
    pub vehicle: u32,
    /// The terminal that spoke last.
    pub terminal: u64,
    /// Who drives, if that is known.
    pub driver: Option<u32>,
    /// The record that changed it last.
    pub sequence: u64,
    /// When something was last received from it, whatever it was.
    pub heard_ms: u64,
    /// Whether it is online: something was received within `offline.after_ms`.
    pub online: bool,
    /// The time of the newest report.
    pub time_ms: u64,
    /// The time of the newest position that is believed. 0 when there was none.
    pub fixed_ms: u64,
    /// That position.
    pub place: Option<Place>,
    /// Metres above sea level.
    pub altitude: i16,
    /// 0.1 km/h.
    pub speed: u16,
    /// Degrees clockwise from north.
    pub heading: u16,
    /// What is on and off: the bits of [`Flags`].
    pub flags: u32,
    /// What the terminal warns of: the bits of [`smartlink_records::Alarms`].
    pub alarms: u32,
    /// Metres.
    pub odometer_m: Option<i64>,
    /// Fuel in the tank, in ml.
    pub fuel_ml: Option<i64>,
    /// Fuel in the tank, in 0.1 % of it.
    pub fuel_permille: Option<i64>,
    /// Charge of the traction battery, in 0.1 %.
    pub charge_permille: Option<i64>,
    /// The temperature of the cargo, in 0.1 °C.
    pub temperature: Option<i64>,
}

durable!(LastState {
    vehicle,
    terminal,
    driver,
    sequence,
    heard_ms,
    online,
    time_ms,
    fixed_ms,
    place,
    altitude,
    speed,
    heading,
    flags,
    alarms,
    odometer_m,
    fuel_ml,
    fuel_permille,
    charge_permille,
    temperature,
});

impl LastState {
    /// Whether the ignition is on, as far as the terminal knows.
    pub fn ignition(&self) -> bool {
        Flags(self.flags).has(Flags::IGNITION)
    }

    /// Takes what is newer in a record.
    pub(crate) fn observe(&mut self, rules: &CleanRules, track: &mut Track, record: &Record) {
        let report = &record.report;
        if report.time_ms < self.time_ms {
            return;
        }
        self.terminal = record.terminal.0;
        self.sequence = record.sequence;
        self.time_ms = report.time_ms;
        self.flags = report.flags.0;
        self.alarms = report.alarms.0;
        for reading in report.readings.iter().filter(|reading| reading.instance == 0) {
            let value = Some(reading.value);
            match reading.quantity {
                Quantity::Odometer => self.odometer_m = value,
                Quantity::Fuel => self.fuel_ml = value,
                Quantity::FuelLevel => self.fuel_permille = value,
                Quantity::Charge => self.charge_permille = value,
                Quantity::Temperature => self.temperature = value,
                _ => {}
            }
        }
        let Some(position) = &report.position else { return };
        let flags_fix = record.channel == smartlink_records::Channel::Jt808;
        let fixed = !flags_fix || report.flags.has(Flags::FIXED);
        let accuracy = report.reading(Quantity::Accuracy);
        if !fixed || look(rules, position, accuracy) != Verdict::Clean {
            return;
        }
        let place = Place::from(position);
        let spot = Spot { time_ms: report.time_ms, place, speed: position.speed };
        if track.judge(rules, spot) == Judged::Jump {
            return;
        }
        self.fixed_ms = report.time_ms;
        self.place = Some(place);
        self.altitude = position.altitude;
        self.speed = position.speed;
        self.heading = position.heading;
    }
}
