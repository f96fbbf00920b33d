//! One run of a worker at a time: the node starts one after each new best block, and runs overlap.

use sp_core::offchain::Duration;
use sp_runtime::offchain::storage_lock::{StorageLock, Time};

/// Runs, unless an earlier run holds the lock. A run that was killed keeps others out until `expiry` has
/// passed. Whether it ran.
pub fn alone(lock: &'static [u8], expiry: Duration, run: impl FnOnce()) -> bool {
    let mut lock = StorageLock::<Time>::with_deadline(lock, expiry);
    let Ok(_guard) = lock.try_lock() else { return false };
    run();
    true
}
