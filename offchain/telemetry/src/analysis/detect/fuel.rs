//! Fuel that is stolen or filled in.
//!
//! Sensors err by litres and fuel sloshes while driving, so only readings of a vehicle that stands are compared, and
//! of them medians of five. When a vehicle has stood long enough for a median, that is the level it stands with. A
//! median that is lower by `theft_ml`, after what an engine may have burnt meanwhile, is a theft; one that is
//! higher by `refuel_ml` is fuel filled in; then the new level is the one it stands with. A level that changes
//! while the sensor was off is compared with that from before as well, as long as the vehicle has not moved.

use smartlink_records::Quantity;

use super::Watch;
use crate::analysis::{
    alert::AlertKind, alerts::Measure, durable::durable, meters::Meters, queue::Sample,
};

/// Readings of which the middle one is taken.
const MEDIAN: usize = 5;

/// Medians in a row of readings that change, after which one is believed all the same.
const UNSETTLED: u8 = 40;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fuel {
    readings: [u32; MEDIAN],
    count: u8,
    /// The level with which the vehicle stands, and since when it is that.
    stands: Option<(u32, u64)>,
    /// Medians in a row of readings that still changed.
    unsettled: u8,
    moving: bool,
}

durable!(Fuel { readings, count, stands, unsettled, moving });

impl Fuel {
    /// Readings of a record, `moving` by the last fix.
    pub(crate) fn sense(
        &mut self,
        watch: &mut Watch<'_>,
        sample: &Sample,
        moving: bool,
        meters: &mut Meters,
    ) {
        if moving != self.moving {
            self.moving = moving;
            if moving {
                self.leave(watch, meters);
            }
            // What was measured in the other state says nothing about this.
            self.count = 0;
        }
        let Some(ml) = level_ml(watch, sample) else { return };
        self.readings.rotate_left(1);
        self.readings[MEDIAN - 1] = ml;
        // At most five.
        self.count = (self.count + 1).min(MEDIAN as u8);
        let enough = usize::from(self.count) == MEDIAN;
        if enough {
            meters.set_level(median(self.readings).into());
        }
        if !moving && enough {
            // While somebody is still pumping the amount is not known. A sensor that never rests is believed after a while.
            let least = watch.rules.fuel.theft_ml.min(watch.rules.fuel.refuel_ml);
            let highest = self.readings.iter().max().unwrap_or(&0);
            let spread = highest - self.readings.iter().min().unwrap_or(&0);
            self.unsettled = if spread <= least / 3 { 0 } else { self.unsettled.saturating_add(1) };
            if self.unsettled == 0 || self.unsettled >= UNSETTLED {
                self.unsettled = 0;
                self.compare(watch, median(self.readings), meters);
            }
        }
    }

    /// The vehicle drives away, perhaps before five readings say what has happened: three that agree do.
    fn leave(&mut self, watch: &mut Watch<'_>, meters: &mut Meters) {
        let [_, _, a, b, c] = self.readings;
        let (low, high) = (a.min(b).min(c), a.max(b).max(c));
        let agree = high - low < watch.rules.fuel.theft_ml.min(watch.rules.fuel.refuel_ml) / 2;
        if usize::from(self.count) >= 3 && agree && self.stands.is_some() {
            self.compare(watch, a.max(b.min(c)).min(b.max(c)), meters);
        }
        self.stands = None;
    }

    fn compare(&mut self, watch: &mut Watch<'_>, now: u32, meters: &mut Meters) {
        let time_ms = watch.scene.time_ms;
        let Some((before, since_ms)) = self.stands else {
            self.stands = Some((now, time_ms));
            return;
        };
        let rules = &watch.rules.fuel;
        if !rules.enabled {
            return;
        }
        let stood_ms = time_ms.saturating_sub(since_ms);
        let burnt = u64::from(rules.idle_ml_per_h).saturating_mul(stood_ms) / 3_600_000;
        let burnt = u32::try_from(burnt).unwrap_or(u32::MAX).min(rules.theft_ml);
        let (missing, more) = (before.saturating_sub(now), now.saturating_sub(before));
        let (theft, refuel) = (rules.theft_ml, rules.refuel_ml);
        if missing.saturating_sub(burnt) >= theft {
            watch.event(AlertKind::FuelTheft, 0, Measure::of(missing.into(), theft.into()));
            meters.add_fuel(-i64::from(missing));
            self.stands = Some((now, time_ms));
        } else if more >= refuel {
            watch.event(AlertKind::Refuel, 0, Measure::of(more.into(), refuel.into()));
            meters.add_fuel(more.into());
            self.stands = Some((now, time_ms));
        }
    }
}

fn median(mut readings: [u32; MEDIAN]) -> u32 {
    readings.sort_unstable();
    readings[MEDIAN / 2]
}

fn level_ml(watch: &Watch<'_>, sample: &Sample) -> Option<u32> {
    if let Some(ml) = sample.reading(Quantity::Fuel) {
        return u32::try_from(ml).ok().filter(|ml| *ml <= 10_000_000);
    }
    let permille = sample.reading(Quantity::FuelLevel)?;
    let permille = u64::try_from(permille).ok().filter(|permille| *permille <= 1_000)?;
    let tank = u64::from(watch.facts.tank_ml.unwrap_or(watch.rules.fuel.tank_ml));
    u32::try_from(permille * tank / 1_000).ok()
}
