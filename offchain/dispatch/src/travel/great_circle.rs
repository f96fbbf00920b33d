//! The great circle with a detour and a speed.

use futures::future::{ready, BoxFuture, FutureExt};

use super::{Journey, Leg, Legs, Source, TravelTimes};
use crate::geo::Point;

/// Roads are longer than the great circle by a factor, and vehicles have one speed on all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GreatCircle {
    /// A thousand times the road's length over that of the great circle.
    pub detour_permille: u32,
    /// Metres an hour, at least 1.
    pub speed_m_per_h: u32,
}

impl GreatCircle {
    /// The leg between two places.
    pub fn leg(&self, from: &Point, to: &Point) -> Leg {
        self.stretch(from.metres_to(to))
    }

    /// The leg of so many metres along the great circle.
    pub fn stretch(&self, metres: u32) -> Leg {
        let distance = u64::from(metres) * u64::from(self.detour_permille) / 1000;
        let distance_m = u32::try_from(distance).unwrap_or(u32::MAX);
        Leg { distance_m, duration_s: self.seconds(distance_m) }
    }

    /// Seconds for so many metres of road, rounded up.
    pub fn seconds(&self, road_m: u32) -> u32 {
        let speed = u64::from(self.speed_m_per_h.max(1));
        u32::try_from((u64::from(road_m) * 3600).div_ceil(speed)).unwrap_or(u32::MAX)
    }

    /// All of the journeys, at once.
    pub fn all(&self, journeys: &[Journey]) -> Vec<Leg> {
        journeys.iter().map(|journey| self.leg(&journey.from, &journey.to)).collect()
    }
}

impl TravelTimes for GreatCircle {
    fn legs<'a>(&'a self, journeys: &'a [Journey]) -> BoxFuture<'a, Legs> {
        ready(Legs { legs: self.all(journeys), source: Source::GreatCircle, note: None }).boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kilometre_with_a_detour_at_walking_speed() {
        let walking = GreatCircle { detour_permille: 1_300, speed_m_per_h: 5_000 };
        assert_eq!(walking.stretch(1_000), Leg { distance_m: 1_300, duration_s: 936 });
        assert_eq!(walking.stretch(0), Leg { distance_m: 0, duration_s: 0 });
    }
}
