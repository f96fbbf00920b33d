//! Batteries that run low.

use smartlink_records::Quantity;

use super::Watch;
use crate::analysis::{
    alert::AlertKind,
    alerts::{Measure, Scene},
    durable::durable,
    queue::Sample,
};

/// Above this a supply is one of 24 V, in mV: no 12 V system is charged so high.
const TRUCK_MV: i64 = 18_000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Battery {
    truck: bool,
    /// Since when the supply, the traction battery and the terminal's own are low.
    low_since: [Option<u64>; 3],
}

durable!(Battery { truck, low_since });

impl Battery {
    pub(crate) fn sense(&mut self, watch: &mut Watch<'_>, sample: &Sample) {
        let rules = &watch.rules.battery;
        if !rules.enabled {
            return;
        }
        let (traction, terminal) = (rules.traction_permille, rules.terminal_permille);
        let (car_mv, truck_mv) = (rules.supply_12v_mv, rules.supply_24v_mv);
        if let Some(mv) = sample.reading(Quantity::SupplyVoltage) {
            self.truck |= mv > TRUCK_MV;
            let least = i64::from(if self.truck { truck_mv } else { car_mv });
            // A supply that is cut is the terminal's own alarm; what is back by 2 % is right.
            self.level(watch, 0, mv, least, least / 50);
        }
        if let Some(permille) = sample.reading(Quantity::Charge) {
            self.level(watch, 1, permille, traction.into(), 20);
        }
        if let Some(permille) = sample.reading(Quantity::TerminalCharge) {
            self.level(watch, 2, permille, terminal.into(), 20);
        }
    }

    fn level(&mut self, watch: &mut Watch<'_>, key: u8, value: i64, least: i64, hysteresis: i64) {
        let low_since = &mut self.low_since[usize::from(key)];
        if value >= least {
            if low_since.is_none() || value >= least + hysteresis {
                *low_since = None;
                watch.end(AlertKind::LowBattery, key.into());
            }
            return;
        }
        let since_ms = *low_since.get_or_insert(watch.scene.time_ms);
        if watch.scene.time_ms.saturating_sub(since_ms) < watch.rules.battery.least_ms {
            return;
        }
        let lasts = watch.alerts.lasts(AlertKind::LowBattery, key.into());
        let scene = if lasts { watch.scene } else { Scene { time_ms: since_ms, ..watch.scene } };
        watch.at(scene).raise(AlertKind::LowBattery, key.into(), Measure::of(value, least));
    }
}
