//! The bounds of every rule.

use std::ops::RangeInclusive;

use smartlink_records::Alarms;

use super::Rules;
use crate::analysis::class::Class;

/// A rule that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("for class {}, {field} {sentence}", .class.name())]
pub struct RuleError {
    /// Whose rules.
    pub class: Class,
    /// Which, as `speeding.limit_kmh`.
    pub field: String,
    /// What it is, and what it may be.
    pub sentence: String,
}

struct Checker(Class);

impl Checker {
    fn error(&self, field: &str, sentence: String) -> RuleError {
        RuleError { class: self.0, field: field.to_owned(), sentence }
    }

    fn within(
        &self,
        field: &str,
        value: impl Into<i64>,
        range: RangeInclusive<i64>,
    ) -> Result<(), RuleError> {
        let value = value.into();
        if range.contains(&value) {
            return Ok(());
        }
        Err(self.error(field, format!("is {value}: give {} to {}", range.start(), range.end())))
    }

    fn time(&self, field: &str, value: u64, range: RangeInclusive<u64>) -> Result<(), RuleError> {
        if range.contains(&value) {
            return Ok(());
        }
        let (start, end) = range.into_inner();
        Err(self.error(field, format!("is {value}: give {start} to {end} milliseconds")))
    }

    fn above(&self, field: &str, value: u64, other: &str, least: u64) -> Result<(), RuleError> {
        if value > least {
            return Ok(());
        }
        Err(self.error(field, format!("is {value}: give more than {other}, which is {least}")))
    }
}

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

impl Rules {
    /// Checks every rule.
    ///
    /// # Errors
    /// Names the first that is out of its bounds, what it is, and what it may be.
    pub fn check(&self, class: Class) -> Result<(), RuleError> {
        let checker = Checker(class);
        self.check_clean(&checker)?;
        self.check_trips(&checker)?;
        self.check_driving(&checker)?;
        self.check_vehicle(&checker)?;
        self.check_alerts_and_scores(&checker)
    }

    fn check_clean(&self, checker: &Checker) -> Result<(), RuleError> {
        let (local, clean, offline) = (&self.local, &self.clean, &self.offline);
        checker.within("local.utc_offset_min", local.utc_offset_min, -720..=840)?;
        checker.within("local.night_from_h", local.night_from_h, 0..=23)?;
        checker.within("local.night_to_h", local.night_to_h, 0..=23)?;
        checker.time("clean.reorder_ms", clean.reorder_ms, 0..=30_000)?;
        checker.time("clean.ahead_ms", clean.ahead_ms, 0..=HOUR)?;
        checker.within("clean.fastest_kmh", clean.fastest_kmh, 20..=400)?;
        checker.within("clean.slack_m", clean.slack_m, 10..=5_000)?;
        checker.within("clean.recover_fixes", clean.recover_fixes, 2..=20)?;
        checker.within("clean.accuracy_m", clean.accuracy_m, 5..=10_000)?;
        checker.within("clean.drift_m", clean.drift_m, 10..=2_000)?;
        // Longer than records wait to be in order, so that a vehicle which is offline has none that wait.
        checker.time("offline.after_ms", offline.after_ms, MINUTE..=DAY)?;
        checker.time("offline.parked_ms", offline.parked_ms, MINUTE..=90 * DAY)?;
        checker.time("offline.forget_ms", offline.forget_ms, DAY..=3_650 * DAY)?;
        checker.above(
            "offline.forget_ms",
            offline.forget_ms,
            "offline.parked_ms",
            offline.parked_ms,
        )
    }

    fn check_trips(&self, checker: &Checker) -> Result<(), RuleError> {
        let trips = &self.trips;
        checker.within("trips.moving_kmh", trips.moving_kmh, 1..=30)?;
        checker.within("trips.start_m", trips.start_m, 1..=1_000)?;
        checker.within("trips.step_m", trips.step_m, 1..=500)?;
        checker.time("trips.off_ms", trips.off_ms, 0..=HOUR)?;
        checker.time("trips.stand_ms", trips.stand_ms, 10_000..=DAY)?;
        checker.time("trips.idle_ms", trips.idle_ms, 10_000..=DAY)?;
        checker.time("trips.gap_ms", trips.gap_ms, MINUTE..=DAY)?;
        checker.within("trips.least_m", trips.least_m, 0..=100_000)?;
        checker.time("trips.least_ms", trips.least_ms, 0..=HOUR)?;
        checker.time("trips.stop_ms", trips.stop_ms, 1_000..=DAY)?;
        checker.time("trips.update_ms", trips.update_ms, 1_000..=DAY)
    }

    fn check_driving(&self, checker: &Checker) -> Result<(), RuleError> {
        let speeding = &self.speeding;
        checker.within("speeding.limit_kmh", speeding.limit_kmh, 5..=400)?;
        checker.within("speeding.tolerance_kmh", speeding.tolerance_kmh, 0..=50)?;
        checker.within("speeding.hysteresis_kmh", speeding.hysteresis_kmh, 0..=50)?;
        checker.time("speeding.least_ms", speeding.least_ms, 0..=HOUR)?;
        checker.time("speeding.gap_ms", speeding.gap_ms, 1_000..=HOUR)?;
        checker.within("speeding.night_permille", speeding.night_permille, 100..=1_000)?;
        let harsh = &self.harsh;
        for (field, mg) in [
            ("harsh.acceleration_mg", harsh.acceleration_mg),
            ("harsh.braking_mg", harsh.braking_mg),
            ("harsh.cornering_mg", harsh.cornering_mg),
        ] {
            checker.within(field, mg, 50..=2_000)?;
        }
        checker.time("harsh.gap_least_ms", harsh.gap_least_ms, 100..=10_000)?;
        checker.time("harsh.gap_most_ms", harsh.gap_most_ms, 100..=10_000)?;
        checker.above(
            "harsh.gap_most_ms",
            harsh.gap_most_ms,
            "harsh.gap_least_ms",
            harsh.gap_least_ms,
        )?;
        checker.within("harsh.each_permille", harsh.each_permille, 0..=1_000)?;
        checker.within("harsh.cornering_kmh", harsh.cornering_kmh, 1..=200)?;
        checker.time("harsh.merge_ms", harsh.merge_ms, 0..=MINUTE)?;
        let fatigue = &self.fatigue;
        checker.time("fatigue.day_ms", fatigue.day_ms, MINUTE..=DAY)?;
        checker.time("fatigue.night_ms", fatigue.night_ms, MINUTE..=DAY)?;
        checker.time("fatigue.daily_ms", fatigue.daily_ms, MINUTE..=DAY)?;
        checker.time("fatigue.rest_ms", fatigue.rest_ms, MINUTE..=DAY)?;
        checker.time("fatigue.pause_ms", fatigue.pause_ms, 0..=HOUR)?;
        checker.above("fatigue.rest_ms", fatigue.rest_ms, "fatigue.pause_ms", fatigue.pause_ms)?;
        checker.within("fences.margin_m", self.fences.margin_m, 0..=1_000)?;
        checker.within("fences.confirm_fixes", self.fences.confirm_fixes, 1..=20)
    }

    fn check_vehicle(&self, checker: &Checker) -> Result<(), RuleError> {
        let (cargo, fuel, battery) = (&self.cargo, &self.fuel, &self.battery);
        if let Some(range) = cargo.temperature {
            checker.within("cargo.temperature.low", range.low, -1_000..=2_000)?;
            checker.within("cargo.temperature.high", range.high, i64::from(range.low)..=2_000)?;
        }
        checker.time("cargo.temperature_ms", cargo.temperature_ms, 0..=DAY)?;
        checker.within("cargo.temperature_hysteresis", cargo.temperature_hysteresis, 0..=100)?;
        checker.within("cargo.shock_mg", cargo.shock_mg, 100..=100_000)?;
        checker.within("fuel.theft_ml", fuel.theft_ml, 1_000..=1_000_000)?;
        checker.within("fuel.refuel_ml", fuel.refuel_ml, 1_000..=1_000_000)?;
        checker.within("fuel.tank_ml", fuel.tank_ml, 1_000..=10_000_000)?;
        checker.within("fuel.idle_ml_per_h", fuel.idle_ml_per_h, 0..=100_000)?;
        checker.within("battery.supply_12v_mv", battery.supply_12v_mv, 6_000..=15_000)?;
        checker.within("battery.supply_24v_mv", battery.supply_24v_mv, 12_000..=30_000)?;
        checker.within("battery.traction_permille", battery.traction_permille, 0..=1_000)?;
        checker.within("battery.terminal_permille", battery.terminal_permille, 0..=1_000)?;
        checker.time("battery.least_ms", battery.least_ms, 0..=DAY)?;
        checker.within("tow.distance_m", self.tow.distance_m, 20..=10_000)?;
        checker.within("tow.fixes", self.tow.fixes, 1..=20)
    }

    fn check_alerts_and_scores(&self, checker: &Checker) -> Result<(), RuleError> {
        for name in &self.terminal.ignore {
            if !Alarms::NAMED.iter().any(|(_, known)| known == name) {
                let known: Vec<_> = Alarms::NAMED.iter().map(|(_, name)| *name).collect();
                let sentence = format!("names {name:?}: give names of {}", known.join(", "));
                return Err(checker.error("terminal.ignore", sentence));
            }
        }
        checker.time("alerts.reopen_ms", self.alerts.reopen_ms, 0..=HOUR)?;
        checker.time("alerts.update_ms", self.alerts.update_ms, 1_000..=HOUR)?;
        let (score, energy) = (&self.score, &self.energy);
        for (field, points) in [
            ("score.acceleration_tenths", score.acceleration_tenths),
            ("score.braking_tenths", score.braking_tenths),
            ("score.cornering_tenths", score.cornering_tenths),
            ("score.speeding_tenths", score.speeding_tenths),
            ("score.night_tenths", score.night_tenths),
            ("score.idling_tenths", score.idling_tenths),
        ] {
            checker.within(field, points, 0..=1_000)?;
        }
        checker.within("score.harsh_most", score.harsh_most, 0..=100)?;
        checker.within("score.speeding_most", score.speeding_most, 0..=100)?;
        checker.within("score.least_m", score.least_m, 1..=1_000_000)?;
        checker.within("energy.fuel_dl_per_100km", energy.fuel_dl_per_100km, 1..=10_000)?;
        checker.within("energy.energy_hwh_per_100km", energy.energy_hwh_per_100km, 1..=100_000)?;
        checker.within("energy.least_m", energy.least_m, 100..=1_000_000)
    }
}
