//! What a vehicle counts itself: kilometres, fuel, energy.

use smartlink_records::Quantity;

use super::{class::VehicleFacts, durable::durable, score::discharged_wh};

/// A reading that is so much more than the one before is no reading: a thousand kilometres, litres or kilowatt-hours.
const LEAP: u64 = 1_000_000;

/// Doubtful readings in a row after which the counter is believed to be another one.
const DOUBTS: u8 = 5;

/// A counter that only rises, except when it begins anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counter {
    seen: Option<i64>,
    total: u64,
    doubts: u8,
}

durable!(Counter { seen, total, doubts });

impl Counter {
    /// A reading. What is less than before is a counter that was reset (`resets`), or wrong.
    fn read(&mut self, value: i64, resets: bool) {
        if value < 0 {
            return;
        }
        let Some(before) = self.seen else {
            self.seen = Some(value);
            return;
        };
        let more = if value >= before {
            value.abs_diff(before)
        } else if resets {
            value.unsigned_abs()
        } else {
            u64::MAX
        };
        if more > LEAP {
            self.doubts += 1;
            if self.doubts >= DOUBTS {
                *self = Self { seen: Some(value), total: self.total, doubts: 0 };
            }
            return;
        }
        *self = Self { seen: Some(value), total: self.total.saturating_add(more), doubts: 0 };
    }
}

/// All counters of a vehicle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Meters {
    odometer: Counter,
    fuel: Counter,
    energy: Counter,
    /// The level of the tank in ml, without its noise.
    level_ml: Option<i64>,
    /// What was filled in, less what was stolen, in ml.
    added_ml: i64,
    /// The charge of the traction battery, in 0.1 %.
    charge: Option<i64>,
}

durable!(Meters { odometer, fuel, energy, level_ml, added_ml, charge });

/// What the counters showed at some time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    odometer: Option<u64>,
    fuel: Option<u64>,
    energy: Option<u64>,
    level_ml: Option<i64>,
    added_ml: i64,
    charge: Option<i64>,
}

durable!(Reading { odometer, fuel, energy, level_ml, added_ml, charge });

/// What was counted between two times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Used {
    pub odometer_m: Option<u64>,
    pub fuel_ml: Option<u64>,
    pub energy_wh: Option<u64>,
}

impl Meters {
    pub(crate) fn observe(&mut self, quantity: Quantity, value: i64) {
        match quantity {
            Quantity::Odometer => self.odometer.read(value, false),
            Quantity::FuelUsed => self.fuel.read(value, true),
            Quantity::EnergyUsed => self.energy.read(value, true),
            Quantity::Charge if (0..=1_000).contains(&value) => self.charge = Some(value),
            _ => {}
        }
    }

    /// The level of the tank, without its noise.
    pub(crate) fn set_level(&mut self, ml: i64) {
        self.level_ml = Some(ml);
    }

    /// Fuel that came into the tank without being used, or went out of it.
    pub(crate) fn add_fuel(&mut self, ml: i64) {
        self.added_ml = self.added_ml.saturating_add(ml);
    }

    pub(crate) fn read(&self) -> Reading {
        let total = |counter: &Counter| counter.seen.map(|_| counter.total);
        Reading {
            odometer: total(&self.odometer),
            fuel: total(&self.fuel),
            energy: total(&self.energy),
            level_ml: self.level_ml,
            added_ml: self.added_ml,
            charge: self.charge,
        }
    }

    /// What was used since a reading. Counters are exact; the level of a tank says something on long distances (`far`)
    /// alone, because its noise is litres.
    pub(crate) fn since(&self, start: &Reading, facts: &VehicleFacts, far: bool) -> Used {
        let now = self.read();
        // A counter that was not there at the beginning counts from where it was first seen.
        let counted = |now: Option<u64>, then: Option<u64>| {
            now.map(|now| now.saturating_sub(then.unwrap_or(0)))
        };
        let by_level = || {
            let missing = start.level_ml?.checked_sub(now.level_ml?)?;
            let added = now.added_ml.checked_sub(start.added_ml)?;
            u64::try_from(missing.checked_add(added)?).ok().filter(|_| far)
        };
        let by_charge = || discharged_wh(facts, start.charge?, now.charge?);
        Used {
            odometer_m: counted(now.odometer, start.odometer),
            fuel_ml: counted(now.fuel, start.fuel).or_else(by_level),
            energy_wh: counted(now.energy, start.energy).or_else(by_charge),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_that_begin_anew_go_on() {
        let mut meters = Meters::default();
        let facts = VehicleFacts::default();
        meters.observe(Quantity::FuelUsed, 5_000);
        meters.observe(Quantity::Odometer, 120_000_000);
        let start = meters.read();
        meters.observe(Quantity::FuelUsed, 6_000);
        meters.observe(Quantity::FuelUsed, 300);
        meters.observe(Quantity::Odometer, 120_015_000);
        meters.observe(Quantity::Odometer, 0);
        meters.observe(Quantity::Odometer, 120_016_000);
        let used = meters.since(&start, &facts, false);
        assert_eq!((used.odometer_m, used.fuel_ml), (Some(16_000), Some(1_300)));
    }

    #[test]
    fn a_battery_that_is_known_tells_energy_by_its_charge() {
        let mut meters = Meters::default();
        let facts = VehicleFacts { battery_wh: Some(60_000), ..VehicleFacts::default() };
        meters.observe(Quantity::Charge, 800);
        let start = meters.read();
        meters.observe(Quantity::Charge, 650);
        assert_eq!(meters.since(&start, &facts, false).energy_wh, Some(9_000));
    }
}
