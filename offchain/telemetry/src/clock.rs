//! The time of the wall.

use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds of the Unix epoch. 0 before it.
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
