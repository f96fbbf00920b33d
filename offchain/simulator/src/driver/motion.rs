//! Where a vehicle is: on a straight line from one place to another, at the city's speed.

use std::time::{Duration, Instant};

use crate::{
    city::{travel_s, Location},
    plan::Plan,
};

/// What a moving driver reports, in metres a second: 28 km/h, as [`travel_s`] has it.
pub(super) const SPEED_M_S: f64 = 7.8;
/// Nearer than this is there, in metres by road.
const THERE_M: f64 = 15.0;

/// Where a vehicle is, and where it goes.
#[derive(Debug)]
pub(super) struct Motion {
    from: Location,
    to: Location,
    began: Instant,
    takes: Duration,
}

impl Motion {
    /// Stands at a place.
    pub(super) fn at(place: Location) -> Self {
        Self { from: place, to: place, began: Instant::now(), takes: Duration::ZERO }
    }

    /// The share of the way that is done, 0 to 1.
    pub(super) fn share(&self) -> f64 {
        if self.takes.is_zero() {
            return 1.0;
        }
        (self.began.elapsed().as_secs_f64() / self.takes.as_secs_f64()).min(1.0)
    }

    /// Where it is.
    pub(super) fn now(&self) -> Location {
        self.from.towards(self.to, self.share())
    }

    /// Goes to a place from where it is. Does nothing when it does so already.
    pub(super) fn head_for(&mut self, to: Location, plan: &Plan) {
        if self.to != to {
            let from = self.now();
            let takes = plan.city_time(travel_s(from.road_m(to)));
            *self = Self { from, to, began: Instant::now(), takes };
        }
    }

    /// Stands where it is.
    pub(super) fn stop(&mut self) {
        *self = Self::at(self.now());
    }

    /// How long until it is there. `None`: it is.
    pub(super) fn left(&self) -> Option<Duration> {
        let left = self.takes.saturating_sub(self.began.elapsed());
        (!left.is_zero() && self.now().road_m(self.to) > THERE_M).then_some(left)
    }

    /// Whether it moves.
    pub(super) fn moves(&self) -> bool {
        self.left().is_some()
    }

    /// Degrees clockwise from north, while it moves.
    pub(super) fn heading(&self) -> Option<u16> {
        let north = self.to.latitude - self.from.latitude;
        let east =
            (self.to.longitude - self.from.longitude) * self.from.latitude.to_radians().cos();
        // From 0 to below 360.
        self.moves().then(|| east.atan2(north).to_degrees().rem_euclid(360.0) as u16 % 360)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vehicle_on_its_way_east_is_there_after_its_time() {
        let mut plan = Plan::new("http://127.0.0.1:1", 1, Vec::new());
        plan.speed_up = 1_000_000;
        let (here, there) = (Location::new(22.5, 114.0), Location::new(22.5, 114.1));
        let mut motion = Motion::at(here);
        assert!(!motion.moves());
        plan.speed_up = 1;
        motion.head_for(there, &plan);
        assert_eq!(motion.heading(), Some(90));
        assert!(motion.left().is_some_and(|left| left > Duration::from_secs(1_500)));
        motion.stop();
        plan.speed_up = u32::MAX;
        motion.head_for(there, &plan);
        while motion.moves() {
            std::hint::spin_loop();
        }
        assert!(motion.now().road_m(there) <= THERE_M);
    }
}
