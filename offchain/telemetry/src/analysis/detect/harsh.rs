//! Harsh acceleration, braking and cornering.
//!
//! From fixes: over two intervals in a row, each with a time between `gap_least_ms` and `gap_most_ms` and of one
//! terminal, the change of speed divided by the time is the acceleration along the road, and the change of heading
//! times the speed is that across it. Both together have to reach the threshold, and each interval a part of it: a
//! single wrong fix makes one interval and its opposite.
//!
//! From accelerometers: two readings in a row, no more than `gap_most_ms` apart, beyond the threshold.

use smartlink_records::Quantity;

use super::Watch;
use crate::analysis::{
    alert::AlertKind,
    alerts::Measure,
    durable::durable,
    geometry::turn,
    motion::{Fix, Step},
    queue::Sample,
    rules::HarshRules,
    score::Driving,
};

/// The gravity that mg are thousandths of, in 10⁻⁵ m/s².
const GRAVITY_E5: i64 = 980_665;

/// The three kinds, in the order of the arrays here.
const KINDS: [AlertKind; 3] =
    [AlertKind::HarshAcceleration, AlertKind::HarshBraking, AlertKind::HarshCornering];

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Harsh {
    /// The fix before the last. The last is the step's own `before`.
    earlier: Option<Fix>,
    /// The last accelerometer readings, forward and to the right: time and mg.
    sensed: [(u64, i32); 2],
    /// When each kind was last seen, to join what belongs together.
    seen_ms: [u64; 3],
}

durable!(Harsh { earlier, sensed, seen_ms });

impl Harsh {
    /// The next fix.
    pub(crate) fn step(
        &mut self,
        watch: &mut Watch<'_>,
        step: &Step,
        driving: Option<&mut Driving>,
    ) {
        let earlier = std::mem::replace(&mut self.earlier, step.before);
        if !watch.rules.harsh.enabled {
            return;
        }
        let (Some(first), Some(second)) = (earlier, step.before) else { return };
        let rules = &watch.rules.harsh;
        let third = step.fix;
        if !follows(rules, &first, &second) || !follows(rules, &second, &third) {
            return;
        }
        let steady = [first.speed, second.speed] == [third.speed; 2];
        if steady && [first.heading, second.heading] == [third.heading; 2] {
            // Most of the time nothing changes.
            return;
        }
        let both = along_mg(&first, &third);
        let parts = [along_mg(&first, &second), along_mg(&second, &third)];
        let across = across_mg(rules, [&first, &second, &third]);
        self.found(watch, [both, -both, across], parts, driving);
    }

    /// Accelerometers, when there are any.
    pub(crate) fn sense(
        &mut self,
        watch: &mut Watch<'_>,
        sample: &Sample,
        mut driving: Option<&mut Driving>,
    ) {
        if !watch.rules.harsh.enabled {
            return;
        }
        for reading in &sample.readings {
            let axis = match reading.quantity {
                Quantity::AccelerationForward => 0,
                Quantity::AccelerationRight => 1,
                _ => continue,
            };
            // No vehicle has more than 100 g, and lives.
            let mg = reading.value.clamp(-100_000, 100_000) as i32;
            let (before_ms, before) = self.sensed[axis];
            self.sensed[axis] = (sample.time_ms, mg);
            let apart_ms = sample.time_ms.saturating_sub(before_ms);
            if before_ms == 0
                || apart_ms > watch.rules.harsh.gap_most_ms
                || (before > 0) != (mg > 0)
            {
                continue;
            }
            // The weaker of both counts.
            let both = i64::from(if mg.abs() < before.abs() { mg } else { before });
            let values = if axis == 0 { [both, -both, 0] } else { [0, 0, both.abs()] };
            self.found(watch, values, [both, both], driving.as_deref_mut());
        }
    }

    fn found(
        &mut self,
        watch: &mut Watch<'_>,
        values: [i64; 3],
        parts: [i64; 2],
        mut driving: Option<&mut Driving>,
    ) {
        let rules = &watch.rules.harsh;
        let thresholds = [rules.acceleration_mg, rules.braking_mg, rules.cornering_mg];
        let (each, merge_ms) = (i64::from(rules.each_permille), rules.merge_ms);
        for (kind, (value, threshold)) in values.into_iter().zip(thresholds).enumerate() {
            let threshold = i64::from(threshold);
            let sign = if kind == 1 { -1 } else { 1 };
            let steady =
                kind == 2 || parts.iter().all(|part| part * sign * 1_000 >= threshold * each);
            if value < threshold || !steady {
                continue;
            }
            let now_ms = watch.scene.time_ms;
            let again = now_ms.saturating_sub(self.seen_ms[kind]) <= merge_ms;
            self.seen_ms[kind] = now_ms;
            let measure = Measure::of(value, threshold);
            if again && watch.alerts.lasts(KINDS[kind], 0) {
                watch.raise(KINDS[kind], 0, measure);
                continue;
            }
            watch.end(KINDS[kind], 0);
            watch.alerts.forget_ended(KINDS[kind]);
            watch.raise(KINDS[kind], 0, measure);
            if let Some(driving) = driving.as_deref_mut() {
                let counts =
                    [&mut driving.accelerations, &mut driving.brakings, &mut driving.cornerings];
                let [accelerations, brakings, cornerings] = counts;
                *[accelerations, brakings, cornerings][kind] += 1;
            }
        }
    }

    /// Ends what is over by now.
    pub(crate) fn settle(&mut self, watch: &mut Watch<'_>) {
        for (kind, seen_ms) in KINDS.into_iter().zip(&mut self.seen_ms) {
            let over = watch.scene.time_ms.saturating_sub(*seen_ms) > watch.rules.harsh.merge_ms;
            if *seen_ms != 0 && over {
                watch.end_at(kind, 0, *seen_ms, None);
                *seen_ms = 0;
            }
        }
    }

    /// Nothing is heard any more.
    pub(crate) fn silence(&mut self, watch: &mut Watch<'_>) {
        for (kind, seen_ms) in KINDS.into_iter().zip(&mut self.seen_ms) {
            if *seen_ms != 0 {
                watch.end_at(kind, 0, *seen_ms, None);
                *seen_ms = 0;
            }
        }
    }
}

fn follows(rules: &HarshRules, before: &Fix, after: &Fix) -> bool {
    let gap_ms = after.time_ms.saturating_sub(before.time_ms);
    before.terminal == after.terminal && (rules.gap_least_ms..=rules.gap_most_ms).contains(&gap_ms)
}

fn gap_ms(before: &Fix, after: &Fix) -> i64 {
    // Two gaps of at most ten seconds.
    after.time_ms.saturating_sub(before.time_ms).cast_signed().max(1)
}

/// The acceleration along the road, in mg. 0.1 km/h are 1/36 m/s.
fn along_mg(before: &Fix, after: &Fix) -> i64 {
    let faster = i64::from(after.speed) - i64::from(before.speed);
    faster * 1_000_000 * 100_000 / (36 * gap_ms(before, after)) / GRAVITY_E5
}

/// The acceleration across the road, in mg: speed times rate of turn. 0 where headings say nothing or where
/// the vehicle does not turn steadily.
fn across_mg(rules: &HarshRules, [first, second, third]: [&Fix; 3]) -> i64 {
    let slowest = first.speed.min(second.speed).min(third.speed);
    if slowest < rules.cornering_kmh * 10 {
        return 0;
    }
    let turns = [turn(first.heading, second.heading), turn(second.heading, third.heading)];
    let across = |speed: u64, degrees: i64, ms: i64| {
        // mm/s, times 10⁻⁶ radians, divided by ms: µm/s² times 1000.
        let mm_per_s = speed.cast_signed() * 1_000 / 36;
        mm_per_s * degrees * 17_453 / ms * 100 / GRAVITY_E5
    };
    let part = |before: &Fix, after: &Fix, degrees: i32| {
        let speed = u64::midpoint(before.speed.into(), after.speed.into());
        across(speed, degrees.into(), gap_ms(before, after))
    };
    let parts = [part(first, second, turns[0]), part(second, third, turns[1])];
    let both = across(
        (u64::from(first.speed) + u64::from(second.speed) + u64::from(third.speed)) / 3,
        i64::from(turns[0]) + i64::from(turns[1]),
        gap_ms(first, third),
    );
    let least = i64::from(rules.cornering_mg) * i64::from(rules.each_permille) / 1_000;
    let steady = parts.iter().all(|part| part.signum() == both.signum() && part.abs() >= least);
    if steady {
        both.abs()
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix(ms: u64, speed: u16, heading: u16) -> Fix {
        Fix { time_ms: ms, speed, heading, ..Fix::default() }
    }

    #[test]
    fn accelerations_are_those_of_physics() {
        // From 36 to 72 km/h in 2 s are 5 m/s², 510 mg.
        assert_eq!(along_mg(&fix(0, 360, 0), &fix(2_000, 720, 0)), 509);
        // 20 m/s and 20 degrees in a second: 6.98 m/s², 712 mg.
        let rules = HarshRules::default();
        let bend = [&fix(0, 720, 0), &fix(1_000, 720, 20), &fix(2_000, 720, 40)];
        assert!((705..=715).contains(&across_mg(&rules, bend)), "{}", across_mg(&rules, bend));
        let swerve = [&fix(0, 720, 0), &fix(1_000, 720, 20), &fix(2_000, 720, 0)];
        assert_eq!(across_mg(&rules, swerve), 0, "not steady");
        let slow = [&fix(0, 100, 0), &fix(1_000, 100, 90), &fix(2_000, 100, 180)];
        assert_eq!(across_mg(&rules, slow), 0, "turning in a yard");
    }
}
