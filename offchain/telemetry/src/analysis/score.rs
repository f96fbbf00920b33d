//! Grades: how safely somebody drove, and how much energy it took.
//!
//! Safety is 100 points less
//!
//! * harsh events in 100 km, each kind with its weight, at most `harsh_most`,
//! * the share of the moving time above the limit, at most `speeding_most`,
//! * the share of the moving time at night,
//! * the share of idling beyond a tenth of the time,
//!
//! and never less than 0. The weights are [`ScoreRules`]. Short distances count as `least_m`.
//!
//! Energy is 80 points at the class's usual consumption, a point more for each per cent less, and a point less for each
//! per cent more, 0 to 100.

use serde::{Deserialize, Serialize};

use super::{
    class::VehicleFacts,
    durable::durable,
    rules::{EnergyRules, LocalTime, ScoreRules},
};

/// How somebody drove.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Driving {
    /// Metres.
    pub distance_m: u64,
    /// Time in motion.
    pub moving_ms: u64,
    /// Time standing with the engine on, as far as that is known.
    pub idle_ms: u64,
    /// Time in motion at night.
    pub night_ms: u64,
    /// Time above the limit, of those times that were long enough to be speeding.
    pub speeding_ms: u64,
    /// Times above the limit.
    pub speedings: u32,
    /// Harsh accelerations.
    pub accelerations: u32,
    /// Harsh brakings.
    pub brakings: u32,
    /// Harsh cornerings.
    pub cornerings: u32,
    /// Fuel in ml, when it is known.
    pub fuel_ml: Option<u64>,
    /// Energy in Wh, when it is known.
    pub energy_wh: Option<u64>,
}

durable!(Driving {
    distance_m,
    moving_ms,
    idle_ms,
    night_ms,
    speeding_ms,
    speedings,
    accelerations,
    brakings,
    cornerings,
    fuel_ml,
    energy_wh,
});

impl Driving {
    /// With another's.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        self.joined(other, u64::saturating_add, u32::saturating_add)
    }

    /// Without another's, which was added before.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        self.joined(other, u64::saturating_sub, u32::saturating_sub)
    }

    fn joined(&self, other: &Self, long: fn(u64, u64) -> u64, short: fn(u32, u32) -> u32) -> Self {
        let known = |a: Option<u64>, b: Option<u64>| {
            (a.is_some() || b.is_some()).then(|| long(a.unwrap_or(0), b.unwrap_or(0)))
        };
        Self {
            distance_m: long(self.distance_m, other.distance_m),
            moving_ms: long(self.moving_ms, other.moving_ms),
            idle_ms: long(self.idle_ms, other.idle_ms),
            night_ms: long(self.night_ms, other.night_ms),
            speeding_ms: long(self.speeding_ms, other.speeding_ms),
            speedings: short(self.speedings, other.speedings),
            accelerations: short(self.accelerations, other.accelerations),
            brakings: short(self.brakings, other.brakings),
            cornerings: short(self.cornerings, other.cornerings),
            fuel_ml: known(self.fuel_ml, other.fuel_ml),
            energy_wh: known(self.energy_wh, other.energy_wh),
        }
    }

    /// The grade for safety, 0 to 100.
    pub fn safety(&self, rules: &ScoreRules) -> u8 {
        let metres = self.distance_m.max(rules.least_m.into()).max(1);
        let weighed = u64::from(self.accelerations) * u64::from(rules.acceleration_tenths)
            + u64::from(self.brakings) * u64::from(rules.braking_tenths)
            + u64::from(self.cornerings) * u64::from(rules.cornering_tenths);
        let harsh =
            (weighed.saturating_mul(100_000) / metres).min(u64::from(rules.harsh_most) * 10);
        let share = |part: u64, whole: u64| part.saturating_mul(1_000) / whole.max(1);
        let of_share = |permille: u64, tenths: u32| permille.min(1_000) * u64::from(tenths) / 10;
        let speeding = of_share(share(self.speeding_ms, self.moving_ms), rules.speeding_tenths)
            .min(u64::from(rules.speeding_most) * 10);
        let night = of_share(share(self.night_ms, self.moving_ms), rules.night_tenths);
        let idling = share(self.idle_ms, self.moving_ms.saturating_add(self.idle_ms));
        let idling = of_share(idling.saturating_sub(100), rules.idling_tenths);
        let tenths = 1_000_u64.saturating_sub(harsh + speeding + night + idling);
        // At most 100.
        tenths.div_ceil(10) as u8
    }

    /// The grade for energy, 0 to 100. None when nothing is known, or the distance says nothing.
    pub fn economy(&self, rules: &EnergyRules) -> Option<u8> {
        if self.distance_m < u64::from(rules.least_m) {
            return None;
        }
        let (used, usual) = match (self.energy_wh, self.fuel_ml) {
            // A hundred watt-hours on 100 km are a milliwatt-hour on a metre, a decilitre is a microlitre.
            (Some(energy_wh), _) => {
                (energy_wh.saturating_mul(1_000), u64::from(rules.energy_hwh_per_100km))
            }
            (None, Some(fuel_ml)) => {
                (fuel_ml.saturating_mul(1_000), u64::from(rules.fuel_dl_per_100km))
            }
            (None, None) => return None,
        };
        let usual = usual.saturating_mul(self.distance_m).max(1);
        let percent = used.saturating_mul(100) / usual;
        // At most 100.
        Some(180_u64.saturating_sub(percent).min(100) as u8)
    }
}

/// What a driver did with a vehicle in a day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayTotals {
    /// The vehicle.
    pub vehicle: u32,
    /// The driver, if that is known.
    pub driver: Option<u32>,
    /// The day, counted from 1970-01-01, of the local clock when trips began.
    pub day: u32,
    /// Rises with every change.
    pub version: u32,
    /// Trips.
    pub trips: u32,
    /// How the driver drove in them.
    pub driving: Driving,
    /// The grade for safety.
    pub safety: u8,
    /// The grade for energy.
    pub economy: Option<u8>,
}

durable!(DayTotals { vehicle, driver, day, version, trips, driving, safety, economy });

/// The day that a local clock shows, counted from 1970-01-01, and the milliseconds of it that have passed.
pub(crate) fn local_day(local: &LocalTime, time_ms: u64) -> (u32, u64) {
    const DAY_MS: u64 = 86_400_000;
    let shifted = time_ms.saturating_add_signed(i64::from(local.utc_offset_min) * 60_000);
    (u32::try_from(shifted / DAY_MS).unwrap_or(u32::MAX), shifted % DAY_MS)
}

/// Whether it is night.
pub(crate) fn is_night(local: &LocalTime, time_ms: u64) -> bool {
    let (_, passed_ms) = local_day(local, time_ms);
    let hour = passed_ms / 3_600_000;
    let (from, to) = (u64::from(local.night_from_h), u64::from(local.night_to_h));
    if from <= to {
        (from..to).contains(&hour)
    } else {
        hour >= from || hour < to
    }
}

/// The energy that a traction battery gave, from its charge before and after in 0.1 %.
pub(crate) fn discharged_wh(facts: &VehicleFacts, before: i64, after: i64) -> Option<u64> {
    let capacity = i64::from(facts.battery_wh?);
    u64::try_from(before.checked_sub(after)?.checked_mul(capacity)? / 1_000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drive() -> Driving {
        Driving { distance_m: 100_000, moving_ms: 5_400_000, ..Driving::default() }
    }

    #[test]
    fn who_does_nothing_wrong_has_all_points() {
        assert_eq!(drive().safety(&ScoreRules::default()), 100);
        assert_eq!(Driving::default().safety(&ScoreRules::default()), 100);
    }

    #[test]
    fn points_are_taken_as_documented() {
        let rules = ScoreRules::default();
        let five = Driving { brakings: 5, ..drive() };
        assert_eq!(five.safety(&rules), 90, "five brakings of two points");
        let fast = Driving { speeding_ms: 270_000, ..drive() };
        assert_eq!(fast.safety(&rules), 90, "five per cent of two points");
        let wild = Driving { brakings: 500, speeding_ms: 5_400_000, ..drive() };
        assert_eq!(wild.safety(&rules), 10, "both at their most");
        let short = Driving { brakings: 1, distance_m: 500, ..drive() };
        assert_eq!(short.safety(&rules), 90, "a short trip counts as 20 km");
    }

    #[test]
    fn energy_is_graded_against_the_usual() {
        let rules = EnergyRules::default();
        let used = |fuel_ml| Driving { fuel_ml: Some(fuel_ml), ..drive() }.economy(&rules);
        assert_eq!(used(8_000), Some(80), "8 l on 100 km are usual");
        assert_eq!(used(7_200), Some(90));
        assert_eq!(used(12_000), Some(30));
        assert_eq!(used(80_000), Some(0));
        let electric = Driving { energy_wh: Some(15_000), ..drive() };
        assert_eq!(electric.economy(&rules), Some(80));
        assert_eq!(drive().economy(&rules), None);
    }

    #[test]
    fn night_is_by_the_clock_in_china() {
        let local = LocalTime::default();
        // 2026-11-23 13:59 and 14:00 UTC are 21:59 and 22:00 in Beijing.
        let at = |hour: u64, minute: u64| 1_795_392_000_000 + (hour * 60 + minute) * 60_000;
        assert!(!is_night(&local, at(13, 59)));
        assert!(is_night(&local, at(14, 0)));
        assert!(is_night(&local, at(21, 59)));
        assert!(!is_night(&local, at(22, 0)));
    }

    #[test]
    fn what_was_added_can_be_taken_away() {
        let (a, b) = (drive(), Driving { brakings: 2, fuel_ml: Some(7), ..drive() });
        assert_eq!(a.plus(&b).minus(&b), Driving { fuel_ml: Some(0), ..a });
    }
}
