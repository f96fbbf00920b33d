//! Too long at the wheel.
//!
//! Driving is the time in motion and standing no longer than `pause_ms`. Standing `rest_ms` is a rest, after which
//! driving counts anew. Silence is a rest when the vehicle is where it was and it lasted as long, driving when the
//! vehicle got so far meanwhile that it must have been driven, and otherwise neither. Who is back within two minutes
//! where she stood has not driven: that is a receiver's error. Another driver begins anew.

use super::Watch;
use crate::analysis::{
    alert::AlertKind,
    alerts::Measure,
    durable::durable,
    geometry::Place,
    motion::{Fix, Step},
    score::is_night,
};

const HOUR_MS: u64 = 3_600_000;

/// The longest motion that is none when the vehicle is back afterwards, and how near that is, in metres.
const SPURT_MS: u64 = 120_000;
const BACK_M: f64 = 100.0;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fatigue {
    /// Driving since the last rest, by day and at night together, and at night alone.
    driven_ms: u64,
    night_ms: u64,
    /// Standing that is not known yet to be a pause or a rest.
    still_ms: u64,
    still_place: Place,
    /// Motion after that, which is not known yet to be any.
    spurt_ms: u64,
    /// Driving in each of the last 24 hours of the epoch, in seconds, and the last of these hours.
    hours: [u16; 24],
    hour: u32,
}

durable!(Fatigue { driven_ms, night_ms, still_ms, still_place, spurt_ms, hours, hour });

impl Fatigue {
    /// Another driver sits at the wheel.
    pub(crate) fn change_driver(&mut self, watch: &mut Watch<'_>) {
        *self = Self::default();
        for kind in [AlertKind::Fatigue, AlertKind::FatigueNight, AlertKind::DayLimit] {
            watch.end(kind, 0);
        }
    }

    /// The next fix.
    pub(crate) fn step(&mut self, watch: &mut Watch<'_>, step: &Step) {
        let rules = &watch.rules.fatigue;
        let Some(before) = step.before.filter(|_| rules.enabled) else { return };
        let time_ms = step.fix.time_ms;
        let silent = step.gap_ms >= watch.rules.trips.gap_ms;
        let off = step.fix.ignition == Some(false) && before.ignition == Some(false);
        let drives = if silent {
            // 10 km/h in a straight line at least.
            let metres = before.place.metres_to(step.fix.place);
            metres * 3_600.0 >= 10_000.0 * (step.gap_ms as f64 / 1_000.0)
        } else {
            (step.moving || step.was_moving) && !off
        };
        if !drives {
            return self.stand(watch, step, &before);
        }
        self.spurt_ms = self.spurt_ms.saturating_add(step.gap_ms);
        if self.still_ms == 0 || self.spurt_ms > SPURT_MS {
            self.go_on(watch, time_ms);
        }
    }

    fn stand(&mut self, watch: &mut Watch<'_>, step: &Step, before: &Fix) {
        if self.spurt_ms > 0 {
            let back = self.still_place.metres_to(step.fix.place) <= BACK_M;
            if back {
                self.still_ms += std::mem::take(&mut self.spurt_ms);
            } else {
                self.go_on(watch, before.time_ms);
            }
        }
        if self.still_ms == 0 {
            self.still_place = before.place;
        }
        self.still_ms = self.still_ms.saturating_add(step.gap_ms);
        if self.still_ms >= watch.rules.fatigue.rest_ms {
            self.rest(watch);
        }
    }

    /// It is motion: what was before was a rest, a pause, or neither.
    fn go_on(&mut self, watch: &mut Watch<'_>, time_ms: u64) {
        let (rest_ms, pause_ms) = (watch.rules.fatigue.rest_ms, watch.rules.fatigue.pause_ms);
        let stood_ms = std::mem::take(&mut self.still_ms);
        if stood_ms >= rest_ms {
            self.rest(watch);
        } else if stood_ms <= pause_ms {
            self.drive(watch, time_ms, stood_ms);
        }
        let driven_ms = std::mem::take(&mut self.spurt_ms);
        self.drive(watch, time_ms, driven_ms);
        self.tell(watch);
    }

    fn drive(&mut self, watch: &Watch<'_>, time_ms: u64, ms: u64) {
        self.driven_ms = self.driven_ms.saturating_add(ms);
        if is_night(&watch.rules.local, time_ms) {
            self.night_ms = self.night_ms.saturating_add(ms);
        }
        let hour = u32::try_from(time_ms / HOUR_MS).unwrap_or(u32::MAX);
        for passed in 0..hour.saturating_sub(self.hour).min(24) {
            self.hours[(hour - passed) as usize % 24] = 0;
        }
        self.hour = self.hour.max(hour);
        // What was driven is counted to the hour in which it was told: intervals are minutes at most.
        let seconds = &mut self.hours[hour as usize % 24];
        *seconds = seconds.saturating_add(u16::try_from(ms / 1_000).unwrap_or(u16::MAX)).min(3_600);
    }

    fn tell(&mut self, watch: &mut Watch<'_>) {
        let rules = &watch.rules.fatigue;
        let day_ms: u64 = self.hours.iter().map(|seconds| u64::from(*seconds) * 1_000).sum();
        let night = is_night(&watch.rules.local, watch.scene.time_ms);
        for (kind, driven_ms, most_ms, now) in [
            (AlertKind::Fatigue, self.driven_ms, rules.day_ms, true),
            (AlertKind::FatigueNight, self.night_ms, rules.night_ms, night),
            (AlertKind::DayLimit, day_ms, rules.daily_ms, true),
        ] {
            if driven_ms > most_ms && now {
                // Times of at most some days.
                let measure = Measure::of(driven_ms.cast_signed(), most_ms.cast_signed());
                watch.raise(kind, 0, measure);
            } else if kind == AlertKind::DayLimit && watch.alerts.lasts(kind, 0) {
                watch.end(kind, 0);
            }
        }
    }

    fn rest(&mut self, watch: &mut Watch<'_>) {
        self.driven_ms = 0;
        self.night_ms = 0;
        watch.end(AlertKind::Fatigue, 0);
        watch.end(AlertKind::FatigueNight, 0);
        watch.end(AlertKind::DayLimit, 0);
    }
}
