//! The last position of each driver that came through this api, for the riders who wait for her.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::types::Position;

const SHARDS: usize = 32;
/// A position that is older is not shown.
const FRESH_MS: u64 = 60_000;
/// A position whose time is further ahead of the clock is not believed.
const AHEAD_MS: u64 = 10_000;

/// Whether a position can be as new as it says.
pub(crate) fn believed(position: &Position, now_ms: u64) -> bool {
    position.at_ms <= now_ms.saturating_add(AHEAD_MS)
}

/// Last positions. Beyond the bound those that are not fresh go; when all are, the shard begins anew.
#[derive(Debug)]
pub(crate) struct Positions {
    shards: [Mutex<HashMap<u32, Position>>; SHARDS],
    most: usize,
}

impl Positions {
    pub fn new(most: usize) -> Self {
        Self { shards: std::array::from_fn(|_| Mutex::default()), most: (most / SHARDS).max(1) }
    }

    fn shard(&self, driver: u32) -> &Mutex<HashMap<u32, Position>> {
        &self.shards[driver as usize % SHARDS]
    }

    /// Notes where a driver is. An older position than the one that is known changes nothing, nor does one
    /// that is more than ten seconds ahead of the clock.
    pub fn note(&self, driver: u32, position: Position, now_ms: u64) {
        if !believed(&position, now_ms) {
            return;
        }
        let mut shard = self.shard(driver).lock().unwrap_or_else(PoisonError::into_inner);
        if shard.len() >= self.most && !shard.contains_key(&driver) {
            shard.retain(|_, known| known.at_ms.saturating_add(FRESH_MS) > now_ms);
            if shard.len() >= self.most {
                shard.clear();
            }
        }
        let known = shard.entry(driver).or_insert(position);
        if known.at_ms <= position.at_ms {
            *known = position;
        }
    }

    /// Where a driver is, when that was reported lately.
    pub fn of(&self, driver: u32, now_ms: u64) -> Option<Position> {
        let shard = self.shard(driver).lock().unwrap_or_else(PoisonError::into_inner);
        shard.get(&driver).filter(|known| known.at_ms.saturating_add(FRESH_MS) > now_ms).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Latitude, Longitude};

    fn at(at_ms: u64) -> Position {
        let (latitude, longitude) = (Latitude(1), Longitude(2));
        Position { latitude, longitude, at_ms, heading: None, speed: None }
    }

    #[test]
    fn the_newest_counts_until_it_is_stale_and_drivers_are_bounded() {
        let positions = Positions::new(SHARDS);
        positions.note(1, at(10), 10);
        positions.note(1, at(5), 10);
        assert_eq!(positions.of(1, 10), Some(at(10)));
        assert_eq!(positions.of(1, 10 + FRESH_MS), None);
        // The same shard, which has room for one.
        let other = 1 + u32::try_from(SHARDS).unwrap();
        positions.note(other, at(11), 11);
        assert_eq!((positions.of(1, 11), positions.of(other, 11)), (None, Some(at(11))));
    }

    #[test]
    fn a_position_from_the_future_changes_nothing() {
        let positions = Positions::new(SHARDS);
        positions.note(1, at(10), 10);
        for ahead in [10 + AHEAD_MS + 1, u64::MAX - 1, u64::MAX] {
            positions.note(1, at(ahead), 10);
            assert_eq!(positions.of(1, 10), Some(at(10)));
        }
        positions.note(1, at(10 + AHEAD_MS), 10);
        assert_eq!(positions.of(1, 10), Some(at(10 + AHEAD_MS)));
        // At the end of time, too, and when there is no room.
        positions.note(1, at(u64::MAX), u64::MAX);
        positions.note(1 + u32::try_from(SHARDS).unwrap(), at(u64::MAX), u64::MAX);
        assert_eq!(positions.of(1, u64::MAX), None);
    }
}
