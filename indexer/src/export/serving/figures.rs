//! What operators want to know of exports over HTTP.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts of this process, and how it is now.
#[derive(Debug, Default)]
pub struct Figures {
    /// Exports made.
    pub made: AtomicU64,
    /// Exports that were begun and could not be made.
    pub failed: AtomicU64,
    /// Requests that were refused at a bound.
    pub refused: AtomicU64,
    /// Downloads begun.
    pub downloads: AtomicU64,
    /// Bytes of files that were sent.
    pub sent_bytes: AtomicU64,
    /// Exports that wait.
    pub waiting: AtomicU64,
    /// Exports that are being made.
    pub making: AtomicU64,
    /// Exports that may be fetched.
    pub kept: AtomicU64,
    /// Bytes of all that are there.
    pub bytes: AtomicU64,
}

impl Figures {
    pub(super) fn add(figure: &AtomicU64, more: u64) {
        figure.fetch_add(more, Ordering::Relaxed);
    }

    /// A figure.
    pub fn get(figure: &AtomicU64) -> u64 {
        figure.load(Ordering::Relaxed)
    }
}
