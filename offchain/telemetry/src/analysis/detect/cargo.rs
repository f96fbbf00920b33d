//! Temperature and shock of the cargo.

use smartlink_records::Quantity;

use super::Watch;
use crate::analysis::{
    alert::AlertKind,
    alerts::{Measure, Scene},
    durable::durable,
    queue::Sample,
};

/// Sensors of one vehicle that are watched. The records keep the others.
const SENSORS: usize = 8;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cargo {
    /// Since when each sensor is outside of its range.
    outside: [Option<u64>; SENSORS],
}

durable!(Cargo { outside });

impl Cargo {
    pub(crate) fn sense(&mut self, watch: &mut Watch<'_>, sample: &Sample) {
        if !watch.rules.cargo.enabled {
            return;
        }
        for reading in &sample.readings {
            match reading.quantity {
                Quantity::Temperature => self.temperature(watch, reading.instance, reading.value),
                Quantity::Shock => {
                    let threshold = i64::from(watch.rules.cargo.shock_mg);
                    if reading.value >= threshold {
                        watch.event(AlertKind::Shock, 0, Measure::of(reading.value, threshold));
                    }
                }
                _ => {}
            }
        }
    }

    fn temperature(&mut self, watch: &mut Watch<'_>, sensor: u8, value: i64) {
        let rules = &watch.rules.cargo;
        let range = rules.temperature.map(|range| (range.low, range.high));
        let Some((low, high)) = watch.facts.cargo_temperature.or(range) else { return };
        let (low, high) = (i64::from(low), i64::from(high));
        let Some(outside) = self.outside.get_mut(usize::from(sensor)) else { return };
        let hysteresis = i64::from(rules.temperature_hysteresis);
        let inside = value >= low + hysteresis && value <= high - hysteresis;
        let right = (low..=high).contains(&value);
        // A range may be narrower than the hysteresis: then being right is enough.
        let narrow = high - low < 2 * hysteresis;
        if inside || (right && (narrow || outside.is_none())) {
            *outside = None;
            watch.end(AlertKind::Temperature, sensor.into());
            return;
        }
        let since_ms = *outside.get_or_insert(watch.scene.time_ms);
        let lasted_ms = watch.scene.time_ms.saturating_sub(since_ms);
        if lasted_ms < rules.temperature_ms || right {
            return;
        }
        let threshold = if value < low { low } else { high };
        let lasts = watch.alerts.lasts(AlertKind::Temperature, sensor.into());
        let scene = if lasts { watch.scene } else { Scene { time_ms: since_ms, ..watch.scene } };
        let measure = Measure::of(value, threshold);
        watch.at(scene).raise(AlertKind::Temperature, sensor.into(), measure);
    }
}
