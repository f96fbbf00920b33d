//! Too fast, and for long enough.
//!
//! The condition begins with the first fix above limit and tolerance, is told when it has lasted `least_ms` with a mean
//! above the limit and half the tolerance, and ends with the first fix below the limit less the hysteresis. The limit is that of the vehicle's class, at night a part of it,
//! or the lowest of the geofences that the vehicle is in when that is lower.

use super::Watch;
use crate::analysis::{
    alert::AlertKind,
    alerts::{Measure, Scene},
    durable::durable,
    geometry::Place,
    motion::Step,
    score::{is_night, Driving},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fast {
    since_ms: u64,
    place: Place,
    last_ms: u64,
    peak: u16,
    last_speed: u16,
    limit: u16,
    /// Speed times time, in 0.1 km/h and ms.
    area: u64,
    told: bool,
}

durable!(Fast { since_ms, place, last_ms, peak, last_speed, limit, area, told });

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Speeding {
    fast: Option<Fast>,
}

durable!(Speeding { fast });

impl Speeding {
    /// The next fix. `fence_limit` is in 0.1 km/h.
    pub(crate) fn step(
        &mut self,
        watch: &mut Watch<'_>,
        step: &Step,
        fence_limit: Option<u16>,
        driving: Option<&mut Driving>,
    ) {
        let rules = &watch.rules.speeding;
        if !rules.enabled {
            return self.silence(watch);
        }
        let fix = &step.fix;
        if self.fast.is_some() && step.gap_ms > rules.gap_ms {
            self.silence(watch);
        }
        let night = is_night(&watch.rules.local, fix.time_ms);
        let permille = if night { u32::from(rules.night_permille) } else { 1_000 };
        // At most 4,000 tenths.
        let class_limit = (u32::from(rules.limit_kmh) * permille / 100) as u16;
        let limit = fence_limit.map_or(class_limit, |fence| fence.min(class_limit));
        let begins = fix.speed > limit + rules.tolerance_kmh * 10;
        let lasts = fix.speed >= limit.saturating_sub(rules.hysteresis_kmh * 10);
        match &mut self.fast {
            None if begins => {
                self.fast = Some(Fast {
                    since_ms: fix.time_ms,
                    place: fix.place,
                    last_ms: fix.time_ms,
                    peak: fix.speed,
                    last_speed: fix.speed,
                    limit,
                    area: 0,
                    told: false,
                });
            }
            None => {}
            Some(fast) if lasts => {
                let passed_ms = fix.time_ms.saturating_sub(fast.last_ms);
                let both = u64::from(fast.last_speed) + u64::from(fix.speed);
                fast.area = fast.area.saturating_add(both * passed_ms / 2);
                fast.last_ms = fast.last_ms.max(fix.time_ms);
                fast.last_speed = fix.speed;
                fast.peak = fast.peak.max(fix.speed);
                if fast.is_at_the_limit(watch) {
                    self.fast = None;
                } else {
                    fast.tell(watch, passed_ms, driving);
                }
            }
            Some(_) => self.silence(watch),
        }
    }

    /// It is over, or nothing is known any more.
    pub(crate) fn silence(&mut self, watch: &mut Watch<'_>) {
        let Some(fast) = self.fast.take() else { return };
        if fast.told {
            watch.end_at(AlertKind::Speeding, 0, fast.last_ms, Some(fast.measure()));
        }
    }
}

impl Fast {
    /// Whether it was long enough, but not too fast on the whole: somebody drives at the limit, and the receiver errs.
    fn is_at_the_limit(&self, watch: &Watch<'_>) -> bool {
        let rules = &watch.rules.speeding;
        let lasted_ms = self.last_ms.saturating_sub(self.since_ms);
        let mean = self.area.checked_div(lasted_ms).unwrap_or(u64::from(self.peak));
        !self.told
            && lasted_ms >= rules.least_ms
            && mean <= u64::from(self.limit) + u64::from(rules.tolerance_kmh) * 5
    }

    fn tell(&mut self, watch: &mut Watch<'_>, passed_ms: u64, driving: Option<&mut Driving>) {
        let lasted_ms = self.last_ms.saturating_sub(self.since_ms);
        if lasted_ms < watch.rules.speeding.least_ms {
            return;
        }
        if let Some(driving) = driving {
            driving.speeding_ms += if self.told { passed_ms } else { lasted_ms };
            driving.speedings += u32::from(!self.told);
        }
        // It began where and when it began.
        let began = Scene { time_ms: self.since_ms, place: Some(self.place), ..watch.scene };
        let scene = if self.told { watch.scene } else { began };
        self.told = true;
        watch.at(scene).raise(AlertKind::Speeding, 0, self.measure());
    }

    fn measure(&self) -> Measure {
        let lasted_ms = self.last_ms.saturating_sub(self.since_ms);
        let mean = self.area.checked_div(lasted_ms).unwrap_or(self.peak.into());
        // A mean of speeds is a speed.
        Measure {
            value: self.peak.into(),
            mean: i64::try_from(mean).ok(),
            threshold: self.limit.into(),
        }
    }
}
