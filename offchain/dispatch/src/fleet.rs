//! Where drivers are: their last positions, and the spatial index of them.

use std::collections::HashMap;

use crate::{geo::Point, grid::Grid};

/// A position that a vehicle reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Whose.
    pub driver: u32,
    /// Where.
    pub at: Point,
    /// When, in milliseconds of the Unix epoch.
    pub at_ms: u64,
    /// Degrees clockwise from north, below 360. `None`: not known.
    pub heading: Option<u16>,
    /// Metres a second times 10.
    pub speed_dm_s: u32,
}

/// The last position of every driver.
///
/// Bounded: of at most so many drivers. When it is full, positions that are an hour older than the newest
/// make room, and new drivers are not taken otherwise.
#[derive(Clone, Debug)]
pub(crate) struct Fleet {
    bound: usize,
    slots: Vec<Option<Position>>,
    vacant: Vec<u32>,
    by_driver: HashMap<u32, u32>,
    grid: Grid,
    swept_ms: u64,
}

/// A position that is so much older than the present makes room for others.
pub(crate) const FORGOTTEN_MS: u64 = 3_600_000;
/// How often a full fleet looks for room.
pub(crate) const SWEEP_MS: u64 = 10_000;

impl Fleet {
    pub(crate) fn new(cell_m: u32, bound: usize) -> Self {
        Self {
            bound,
            slots: Vec::new(),
            vacant: Vec::new(),
            by_driver: HashMap::new(),
            grid: Grid::new(cell_m),
            swept_ms: 0,
        }
    }

    /// Takes a position that is newer than the last of its driver. Says whether it did.
    pub(crate) fn report(&mut self, position: Position, now_ms: u64) -> bool {
        if let Some(slot) = self.by_driver.get(&position.driver) {
            let Some(known) = &mut self.slots[*slot as usize] else { return false };
            if position.at_ms <= known.at_ms {
                return false;
            }
            self.grid.shift(*slot, &known.at, &position.at);
            *known = position;
            return true;
        }
        let Some(slot) = self.vacancy(now_ms) else { return false };
        self.slots[slot as usize] = Some(position);
        self.by_driver.insert(position.driver, slot);
        self.grid.insert(slot, &position.at);
        true
    }

    pub(crate) fn of(&self, driver: u32) -> Option<&Position> {
        self.slot(*self.by_driver.get(&driver)?)
    }

    pub(crate) fn slot(&self, slot: u32) -> Option<&Position> {
        self.slots.get(slot as usize)?.as_ref()
    }

    /// All slots, in their order. Empty ones too.
    pub(crate) fn slots(&self) -> &[Option<Position>] {
        &self.slots
    }

    /// The index. What it holds are slots.
    pub(crate) const fn grid(&self) -> &Grid {
        &self.grid
    }

    /// Positions within a radius that are no older than `since_ms`, the nearest first.
    pub(crate) fn nearby(
        &self,
        around: &Point,
        radius_m: u32,
        limit: usize,
        since_ms: u64,
    ) -> Vec<Position> {
        let mut found = Vec::new();
        let mut rings = self.grid.rings(around);
        let mut within = 0;
        let mut settled = 0;
        while within < radius_m && settled < limit {
            within = rings.widen(|slot| {
                if let Some(position) = self.slot(slot).filter(|fix| fix.at_ms >= since_ms) {
                    let metres = around.metres_to(&position.at);
                    if metres <= radius_m {
                        found.push((metres, position.driver, *position));
                    }
                }
            });
            settled = found.iter().filter(|(metres, ..)| *metres <= within).count();
        }
        found.sort_unstable_by_key(|(metres, driver, _)| (*metres, *driver));
        found.into_iter().take(limit).map(|(.., position)| position).collect()
    }

    fn vacancy(&mut self, now_ms: u64) -> Option<u32> {
        if self.by_driver.len() >= self.bound {
            if now_ms < self.swept_ms.saturating_add(SWEEP_MS) {
                return None;
            }
            self.sweep(now_ms);
            if self.by_driver.len() >= self.bound {
                return None;
            }
        }
        if let Some(slot) = self.vacant.pop() {
            return Some(slot);
        }
        let slot = u32::try_from(self.slots.len()).ok()?;
        self.slots.push(None);
        Some(slot)
    }

    fn sweep(&mut self, now_ms: u64) {
        self.swept_ms = now_ms;
        let since = now_ms.saturating_sub(FORGOTTEN_MS);
        for (slot, position) in (0_u32..).zip(&mut self.slots) {
            let Some(old) = position.take_if(|position| position.at_ms < since) else { continue };
            self.by_driver.remove(&old.driver);
            self.grid.remove(slot, &old.at);
            self.vacant.push(slot);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(driver: u32, at_ms: u64) -> Position {
        let at =
            Point::new(22_500_000, 114_000_000 + i32::try_from(driver).unwrap() * 1_000).unwrap();
        Position { driver, at, at_ms, heading: None, speed_dm_s: 0 }
    }

    #[test]
    fn an_older_position_is_ignored() {
        let mut fleet = Fleet::new(500, 10);
        assert!(fleet.report(position(1, 100), 100));
        assert!(!fleet.report(position(1, 100), 100) && !fleet.report(position(1, 99), 100));
        assert!(fleet.report(position(1, 101), 101));
    }

    #[test]
    fn a_full_fleet_takes_nobody_until_somebody_is_forgotten() {
        let mut fleet = Fleet::new(500, 2);
        let later = FORGOTTEN_MS + 20_000;
        assert!(fleet.report(position(1, 0), 0) && fleet.report(position(2, later), later));
        assert!(
            fleet.report(position(3, later), later),
            "the first has not been heard of for an hour"
        );
        assert!(!fleet.report(position(4, later), later));
        assert!(fleet.of(1).is_none() && fleet.of(3).is_some());
    }

    #[test]
    fn the_nearest_come_first_and_the_stale_not_at_all() {
        let mut fleet = Fleet::new(500, 100);
        for driver in 0..50 {
            fleet.report(position(driver, u64::from(driver)), 50);
        }
        let around = position(30, 0).at;
        let near: Vec<u32> = fleet.nearby(&around, 1_000, 4, 29).iter().map(|p| p.driver).collect();
        assert_eq!(near, [30, 29, 31, 32]);
    }
}
