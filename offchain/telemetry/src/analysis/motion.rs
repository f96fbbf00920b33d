//! From one fix to the next: how far, how long, and whether the vehicle moves.

use super::{
    durable::durable,
    geometry::{decimetres, Place},
    rules::Rules,
};

/// A fix that is believed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fix {
    pub time_ms: u64,
    pub place: Place,
    /// 0.1 km/h.
    pub speed: u16,
    pub heading: u16,
    pub terminal: u64,
    /// None when the terminal does not know.
    pub ignition: Option<bool>,
}

durable!(Fix { time_ms, place, speed, heading, terminal, ignition });

/// A fix after another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub fix: Fix,
    /// The one before, in time.
    pub before: Option<Fix>,
    /// Since then. 0 without one.
    pub gap_ms: u64,
    /// Distance that was added by this fix, in decimetres.
    pub added_dm: u64,
    pub moving: bool,
    pub was_moving: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Motion {
    last: Option<Fix>,
    /// Up to where distance was added, and where a vehicle that stands stands.
    anchor: Place,
    moving: bool,
}

durable!(Motion { last, anchor, moving });

impl Motion {
    pub(crate) fn last(&self) -> Option<&Fix> {
        self.last.as_ref()
    }

    /// Whether the vehicle moves, by the last fix.
    pub(crate) fn is_moving(&self) -> bool {
        self.moving
    }

    /// The next fix. After `recovered` the place before was wrong, and the distance from there is none.
    pub(crate) fn step(&mut self, rules: &Rules, fix: Fix, recovered: bool) -> Step {
        let was_moving = self.moving;
        let Some(before) = self.last.replace(fix) else {
            self.anchor = fix.place;
            self.moving = fix.speed >= rules.trips.moving_kmh * 10;
            let moving = self.moving;
            return Step { fix, before: None, gap_ms: 0, added_dm: 0, moving, was_moving: moving };
        };
        let gap_ms = fix.time_ms.saturating_sub(before.time_ms);
        let away = self.anchor.metres_to(fix.place);
        self.moving = !recovered && self.moves(rules, &before, &fix, gap_ms, away);
        let mut added_dm = 0;
        if recovered || gap_ms >= rules.trips.gap_ms {
            self.anchor = fix.place;
        } else if self.moving || was_moving {
            // A vehicle that has just stopped is where it is: what is left of a step is added.
            let stopped = was_moving && !self.moving && away >= f64::from(rules.trips.step_m) / 3.0;
            if stopped || away >= f64::from(rules.trips.step_m) {
                added_dm = decimetres(away);
                self.anchor = fix.place;
            }
        }
        Step { fix, before: Some(before), gap_ms, added_dm, moving: self.moving, was_moving }
    }

    /// Terminals tell a speed, and some only places: either may say that a vehicle moves. To begin with, it
    /// has to get away from where it stood as well.
    fn moves(&self, rules: &Rules, before: &Fix, fix: &Fix, gap_ms: u64, away: f64) -> bool {
        let slow = f64::from(rules.trips.moving_kmh) / 3.6;
        let by_speed = fix.speed >= rules.trips.moving_kmh * 10;
        let got = before.place.metres_to(fix.place);
        let by_place = gap_ms >= 2_000
            && got >= f64::from(rules.trips.step_m).max(slow * gap_ms as f64 / 1_000.0)
            // What a receiver's noise does in a few seconds is no motion when it says itself that there is none.
            && (fix.speed > 0 || gap_ms >= 10_000);
        if self.moving {
            by_speed || by_place
        } else {
            (by_speed || by_place) && away >= f64::from(rules.trips.start_m)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix(second: u64, metres_east: f64, speed: u16) -> Fix {
        // At the equator a degree is a degree.
        let longitude = (metres_east / super::super::geometry::METRES_PER_E6) as i32;
        Fix {
            time_ms: second * 1_000,
            place: Place { latitude: 0, longitude },
            speed,
            ..Fix::default()
        }
    }

    #[test]
    fn noise_of_a_standing_vehicle_adds_nothing() {
        let (rules, mut motion) = (Rules::default(), Motion::default());
        let added: u64 = (0..600)
            .map(|second| {
                let noise = [0.0, 9.0, -7.0, 12.0, -11.0, 4.0][second as usize % 6];
                let step = motion.step(&rules, fix(second, noise, 3), false);
                assert!(!step.moving);
                step.added_dm
            })
            .sum();
        assert_eq!(added, 0);
    }

    #[test]
    fn a_drive_adds_its_length() {
        let (rules, mut motion) = (Rules::default(), Motion::default());
        let mut added = 0;
        for second in 0..=110 {
            let driven = 15.0 * second.min(100) as f64;
            let speed = if second <= 100 { 540 } else { 0 };
            added += motion.step(&rules, fix(second, driven, speed), false).added_dm;
        }
        assert!((14_900..=15_010).contains(&added), "{added}");
    }

    #[test]
    fn places_alone_say_that_a_vehicle_moves() {
        let (rules, mut motion) = (Rules::default(), Motion::default());
        motion.step(&rules, fix(0, 0.0, 0), false);
        assert!(motion.step(&rules, fix(30, 300.0, 0), false).moving);
        assert!(!motion.step(&rules, fix(60, 305.0, 0), false).moving);
    }
}
