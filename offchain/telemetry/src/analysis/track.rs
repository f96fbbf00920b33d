//! Which fixes are believed.

use smartlink_records::Position;

use super::{durable::durable, geometry::Place, outcome::Verdict, rules::CleanRules};

/// Fixes nearer to 0, 0 than this are those of receivers that have none, in 10⁻⁶ degrees.
const ZERO_ISLAND: u32 = 1_000;

/// The time between two fixes in which their speeds say how far apart they can be, in seconds.
const SHORT_S: f64 = 30.0;

/// What a fix says about itself.
pub(crate) fn look(rules: &CleanRules, position: &Position, accuracy: Option<i64>) -> Verdict {
    if position.check().is_err() {
        Verdict::Range
    } else if position.latitude.unsigned_abs() <= ZERO_ISLAND
        && position.longitude.unsigned_abs() <= ZERO_ISLAND
    {
        Verdict::ZeroIsland
    } else if accuracy.is_some_and(|tenths| tenths > i64::from(rules.accuracy_m) * 10) {
        Verdict::Inaccurate
    } else {
        Verdict::Clean
    }
}

/// Whether a fix can follow another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Judged {
    Good,
    /// Nobody gets there so fast.
    Jump,
    /// Several fixes agree that the vehicle is here: what was believed before was wrong.
    Recovered,
}

/// A fix, as far as it matters for that: its time, its place, and its speed in 0.1 km/h.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spot {
    pub time_ms: u64,
    pub place: Place,
    pub speed: u16,
}

durable!(Spot { time_ms, place, speed });

/// The last fix that was believed, and those that are not yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Track {
    believed: Option<Spot>,
    suspect: Option<Spot>,
    suspects: u8,
    /// Whether the terminal tells speeds at all.
    tells_speed: bool,
}

durable!(Track { believed, suspect, suspects, tells_speed });

impl Track {
    pub(crate) fn judge(&mut self, rules: &CleanRules, here: Spot) -> Judged {
        self.tells_speed |= here.speed > 0;
        let Some(believed) = self.believed else {
            self.believed = Some(here);
            return Judged::Good;
        };
        if self.can_follow(rules, &believed, &here) {
            self.believe(here);
            return Judged::Good;
        }
        let agrees = self.suspect.is_some_and(|suspect| self.can_follow(rules, &suspect, &here));
        self.suspects = if agrees { self.suspects.saturating_add(1) } else { 1 };
        self.suspect = Some(here);
        if self.suspects < rules.recover_fixes {
            return Judged::Jump;
        }
        self.believe(here);
        Judged::Recovered
    }

    fn believe(&mut self, here: Spot) {
        (self.believed, self.suspect, self.suspects) = (Some(here), None, 0);
    }

    /// How far a vehicle gets: no farther than the fastest, and in a short time no farther than the speeds at both
    /// ends allow with as much acceleration and braking between them as tyres give.
    fn can_follow(&self, rules: &CleanRules, before: &Spot, after: &Spot) -> bool {
        let seconds = after.time_ms.abs_diff(before.time_ms) as f64 / 1_000.0;
        let mut reach = f64::from(rules.fastest_kmh) / 3.6 * seconds;
        if self.tells_speed && seconds <= SHORT_S {
            let both = f64::from(before.speed) + f64::from(after.speed);
            // Half the sum, with a fifth for what receivers tell too little; there and back again at 3 m/s².
            let by_speeds = both / 72.0 * seconds * 1.2 + 0.75 * seconds * seconds;
            reach = reach.min(by_speeds);
        }
        before.place.metres_to(after.place) <= f64::from(rules.slack_m) + reach
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge_all(metres: &[f64]) -> Vec<Judged> {
        let (rules, mut track) = (CleanRules::default(), Track::default());
        let place = |metres: f64| Place { latitude: 0, longitude: (metres * 9.0) as i32 };
        let second = (0..).map(|second: u64| second * 1_000);
        let spot = |(at, time_ms): (&f64, u64)| Spot { time_ms, place: place(*at), speed: 0 };
        metres.iter().zip(second).map(|one| track.judge(&rules, spot(one))).collect()
    }

    #[test]
    fn a_fix_that_jumps_away_and_back_is_not_believed() {
        use Judged::{Good, Jump};
        assert_eq!(judge_all(&[0.0, 20.0, 5_000.0, 60.0, 80.0]), [Good, Good, Jump, Good, Good]);
    }

    #[test]
    fn a_new_place_that_persists_is_believed() {
        use Judged::{Good, Jump, Recovered};
        assert_eq!(
            judge_all(&[0.0, 9_000.0, 9_020.0, 9_040.0, 9_060.0]),
            [Good, Jump, Jump, Recovered, Good]
        );
        // Jumps that do not agree with each other are never believed.
        assert_eq!(
            judge_all(&[0.0, 9_000.0, 30_000.0, -9_000.0, 50_000.0]),
            [Good, Jump, Jump, Jump, Jump]
        );
    }

    #[test]
    fn a_vehicle_that_says_it_stands_is_not_half_a_kilometre_away() {
        let (rules, mut track) = (CleanRules::default(), Track::default());
        let spot = |second: u64, metres: f64, speed| Spot {
            time_ms: second * 1_000,
            place: Place { latitude: 0, longitude: (metres * 9.0) as i32 },
            speed,
        };
        assert_eq!(track.judge(&rules, spot(0, 0.0, 300)), Judged::Good);
        assert_eq!(track.judge(&rules, spot(10, 60.0, 0)), Judged::Good);
        assert_eq!(track.judge(&rules, spot(20, 600.0, 0)), Judged::Jump);
        assert_eq!(track.judge(&rules, spot(30, 60.0, 0)), Judged::Good);
        // In a minute it may have driven and stopped again.
        assert_eq!(track.judge(&rules, spot(90, 600.0, 0)), Judged::Good);
    }

    #[test]
    fn fixes_tell_themselves_that_they_are_bad() {
        let rules = CleanRules::default();
        let fix = |latitude, longitude| Position { latitude, longitude, ..Position::default() };
        assert_eq!(look(&rules, &fix(0, 3), None), Verdict::ZeroIsland);
        assert_eq!(look(&rules, &fix(0, 100_000_000), None), Verdict::Clean, "the equator is real");
        assert_eq!(look(&rules, &fix(91_000_000, 0), None), Verdict::Range);
        assert_eq!(look(&rules, &fix(22_000_000, 114_000_000), Some(2_001)), Verdict::Inaccurate);
    }
}
