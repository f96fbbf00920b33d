//! The time of the wall.

use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds of the Unix epoch. A machine whose clock stands before 1970 has the time 0.
pub fn now_ms() -> u64 {
    let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    // Milliseconds fit 64 bits for 584 million years.
    wall.as_millis() as u64
}
