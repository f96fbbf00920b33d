//! What terminals warn of themselves.
//!
//! Heard at once, before records are put in order: somebody who presses the emergency button does not wait for a
//! window. A bit that is set opens an alert, and a later report without it ends its condition.

use smartlink_records::Alarms;

use super::Watch;
use crate::analysis::{alert::AlertKind, alerts::Measure, durable::durable};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Terminal {
    /// The bits that were set in the newest report, and its time.
    set: u32,
    time_ms: u64,
}

durable!(Terminal { set, time_ms });

impl Terminal {
    /// A report that is not older than those before.
    pub(crate) fn hear(&mut self, watch: &mut Watch<'_>, alarms: Alarms) {
        if watch.scene.time_ms < self.time_ms {
            return self.hear_late(watch, alarms);
        }
        self.time_ms = watch.scene.time_ms;
        let changed = self.set ^ alarms.0;
        self.set = alarms.0;
        if changed == 0 {
            return;
        }
        for (bit, (alarm, name)) in Alarms::NAMED.iter().enumerate() {
            if changed & alarm.0 == 0 {
                continue;
            }
            // There are 32 bits.
            let (kind, key) = kind_of(*alarm, bit as u32);
            if !alarms.has(*alarm) {
                watch.end(kind, key);
            } else if kind == AlertKind::Emergency || is_watched(watch, name) {
                watch.raise(kind, key, Measure::of(1, 1));
            }
        }
    }

    /// A report that came late: an emergency in it is told all the same, unless one lasts already.
    pub(crate) fn hear_late(&mut self, watch: &mut Watch<'_>, alarms: Alarms) {
        let emergency = AlertKind::Emergency;
        if alarms.has(Alarms::EMERGENCY) && !watch.alerts.lasts(emergency, 0) {
            watch.event(emergency, 0, Measure::of(1, 1));
        }
    }
}

fn kind_of(alarm: Alarms, bit: u32) -> (AlertKind, u32) {
    if alarm == Alarms::EMERGENCY {
        (AlertKind::Emergency, 0)
    } else {
        (AlertKind::Terminal, bit)
    }
}

fn is_watched(watch: &Watch<'_>, name: &str) -> bool {
    let rules = &watch.rules.terminal;
    rules.enabled && !rules.ignore.iter().any(|ignored| ignored == name)
}
