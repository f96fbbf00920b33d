//! Pauses between attempts.

use std::time::Duration;

/// The first pause.
const LEAST: Duration = Duration::from_millis(250);

/// Pauses that grow, with jitter, so that many relayers do not come back at once.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    next: Duration,
    most: Duration,
}

impl Backoff {
    /// Up to `most`.
    pub fn new(most: Duration) -> Self {
        Self { next: LEAST.min(most), most }
    }

    /// The next pause: between half and all of what has come up.
    pub fn pause(&mut self) -> Duration {
        let whole = self.next;
        self.next = (whole * 2).min(self.most);
        whole.mul_f64(0.5 + fastrand::f64() / 2.0)
    }

    /// Begins anew: an attempt went well.
    pub fn reset(&mut self) {
        self.next = LEAST.min(self.most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_their_bound_and_begin_anew() {
        let most = Duration::from_secs(2);
        let mut backoff = Backoff::new(most);
        let pauses: Vec<Duration> = (0..8).map(|_| backoff.pause()).collect();
        assert!(pauses[0] <= LEAST && pauses.iter().all(|pause| *pause <= most), "{pauses:?}");
        assert!(pauses[7] >= most / 2);
        backoff.reset();
        assert!(backoff.pause() <= LEAST);
    }
}
