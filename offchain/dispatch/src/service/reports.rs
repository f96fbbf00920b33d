//! Positions that were reported and that the engine has not read yet.
//!
//! The engine is locked for as long as a tick looks for candidates. Whoever reports does not wait for that: a report is
//! put here, under a lock that is held for no longer than that takes, and whoever locks the engine next reads it.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{
    config::CandidatesConfig,
    engine::Position,
    fleet::{FORGOTTEN_MS, SWEEP_MS},
};

/// Drivers whose positions wait to be read. More are more than a tick of any city leaves behind: the clients then are to
/// slow down.
const WAITING: usize = 100_000;

/// A report that was not taken, no part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{waiting} positions wait to be read, and the bound is {bound}: report again after a second"
)]
pub(super) struct TooMany {
    waiting: usize,
    bound: usize,
}

/// What waits, and what was taken last of every driver.
pub(super) struct Reports {
    waiting_bound: usize,
    drivers_bound: usize,
    ahead_ms: u64,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    /// At most one of each driver: the newest.
    waiting: Vec<Position>,
    /// As many as drivers are known: one that was not heard of for an hour makes room.
    last: HashMap<u32, Last>,
    /// How often what waits was read.
    rounds: u64,
    swept_ms: u64,
}

/// The newest position of a driver that was taken.
#[derive(Clone, Copy)]
struct Last {
    position: Position,
    /// It waits at `place` as long as this is the current round.
    round: u64,
    place: usize,
}

impl Reports {
    pub(super) fn new(config: &CandidatesConfig) -> Self {
        Self {
            waiting_bound: WAITING,
            drivers_bound: config.drivers,
            ahead_ms: config.position_ahead_ms,
            queue: Mutex::default(),
        }
    }

    /// Takes those positions of a report that are newer than the last that was taken of their drivers, and says how many
    /// they were. Not taken is what is too far ahead of `now_ms`, and a driver beyond the bound of those who are known.
    ///
    /// # Errors
    /// There is no room for all of the report: nothing of it was taken.
    pub(super) fn put(&self, positions: &[Position], now_ms: u64) -> Result<usize, TooMany> {
        let mut queue = self.queue();
        let places = positions.iter().filter(|one| queue.place_of(one.driver).is_none()).count();
        if queue.waiting.len() + places > self.waiting_bound {
            return Err(TooMany { waiting: queue.waiting.len(), bound: self.waiting_bound });
        }
        let latest_ms = now_ms.saturating_add(self.ahead_ms);
        let timely = positions.iter().filter(|position| position.at_ms <= latest_ms);
        Ok(timely.filter(|position| queue.take(**position, self.drivers_bound, now_ms)).count())
    }

    /// Gives all that waits. Called with the engine locked, so that of two readers the later one has the newer positions.
    pub(super) fn read(&self) -> Vec<Position> {
        let mut queue = self.queue();
        queue.rounds += 1;
        std::mem::take(&mut queue.waiting)
    }

    /// The newest position of a driver that was taken, whether it was read or not. Nobody who asks waits for the engine.
    pub(super) fn of(&self, driver: u32) -> Option<Position> {
        self.queue().last.get(&driver).map(|last| last.position)
    }

    /// Nothing panics between two changes that belong together.
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    /// Where a position of this driver waits.
    fn place_of(&self, driver: u32) -> Option<usize> {
        self.last.get(&driver).filter(|last| last.round == self.rounds).map(|last| last.place)
    }

    fn take(&mut self, position: Position, drivers_bound: usize, now_ms: u64) -> bool {
        let takes = match self.last.get(&position.driver) {
            Some(last) => position.at_ms > last.position.at_ms,
            None => self.has_room(drivers_bound, now_ms),
        };
        if !takes {
            return false;
        }
        let place = self.place_of(position.driver).unwrap_or(self.waiting.len());
        match self.waiting.get_mut(place) {
            Some(older) => *older = position,
            None => self.waiting.push(position),
        }
        let last = Last { position, round: self.rounds, place };
        self.last.insert(position.driver, last);
        true
    }

    /// Whether one more driver can be known: looks for those who were forgotten from time to time, as the fleet does.
    fn has_room(&mut self, drivers_bound: usize, now_ms: u64) -> bool {
        if self.last.len() >= drivers_bound && now_ms >= self.swept_ms.saturating_add(SWEEP_MS) {
            self.swept_ms = now_ms;
            let (since, rounds) = (now_ms.saturating_sub(FORGOTTEN_MS), self.rounds);
            self.last.retain(|_, last| last.position.at_ms >= since || last.round == rounds);
        }
        self.last.len() < drivers_bound
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::Point;

    fn position(driver: u32, at_ms: u64) -> Position {
        let at = Point::new(22_500_000, 114_000_000).unwrap();
        Position { driver, at, at_ms, heading: None, speed_dm_s: 0 }
    }

    fn reports(drivers: usize, waiting_bound: usize) -> Reports {
        let config = CandidatesConfig { drivers, ..CandidatesConfig::default() };
        Reports { waiting_bound, ..Reports::new(&config) }
    }

    #[test]
    fn of_a_driver_the_newest_position_waits_and_an_older_one_never_follows_it() {
        let reports = reports(10, 10);
        let report = [position(1, 100), position(2, 100), position(1, 102), position(1, 101)];
        assert_eq!(reports.put(&report, 100), Ok(3));
        assert_eq!(reports.read(), [position(1, 102), position(2, 100)]);
        assert_eq!(reports.put(&[position(1, 102), position(2, 99)], 100), Ok(0), "also when read");
        assert_eq!(reports.put(&[position(2, 101)], 101), Ok(1));
        assert_eq!(reports.read(), [position(2, 101)]);
        assert!(reports.read().is_empty());
    }

    #[test]
    fn the_newest_position_is_told_before_and_after_it_was_read() {
        let reports = reports(10, 10);
        assert_eq!(reports.of(1), None);
        reports.put(&[position(1, 102), position(1, 101)], 102).unwrap();
        assert_eq!(reports.of(1), Some(position(1, 102)));
        reports.read();
        assert_eq!((reports.of(1), reports.of(2)), (Some(position(1, 102)), None));
    }

    #[test]
    fn a_position_from_the_future_does_not_shut_out_those_of_the_present() {
        let reports = reports(10, 10);
        let ahead_ms = CandidatesConfig::default().position_ahead_ms;
        assert_eq!(reports.put(&[position(1, 101 + ahead_ms)], 100), Ok(0));
        assert_eq!(reports.put(&[position(1, 100)], 100), Ok(1));
    }

    #[test]
    fn a_report_without_room_is_refused_as_a_whole_until_what_waits_was_read() {
        let reports = reports(10, 3);
        assert_eq!(reports.put(&[position(1, 100), position(2, 100)], 100), Ok(2));
        let two = [position(3, 100), position(4, 100)];
        assert_eq!(reports.put(&two, 100), Err(TooMany { waiting: 2, bound: 3 }));
        let known = [position(1, 101), position(2, 101), position(3, 101)];
        assert_eq!(reports.put(&known, 101), Ok(3), "who waits already needs no room");
        assert_eq!(reports.read(), known);
        assert_eq!(
            reports.put(&two, 101),
            Ok(1),
            "what was refused is not remembered: driver 4 is new"
        );
    }

    #[test]
    fn when_all_drivers_are_known_a_new_one_waits_until_another_is_forgotten() {
        let reports = reports(2, 10);
        let later = FORGOTTEN_MS + SWEEP_MS;
        assert_eq!(reports.put(&[position(1, 1), position(2, 1)], 1), Ok(2));
        assert_eq!(reports.put(&[position(3, 2)], 2 + SWEEP_MS), Ok(0));
        reports.read();
        assert_eq!(reports.put(&[position(2, later)], later), Ok(1));
        let new = [position(3, later), position(4, later)];
        assert_eq!(reports.put(&new, later), Ok(1), "driver 1 has made room");
    }
}
