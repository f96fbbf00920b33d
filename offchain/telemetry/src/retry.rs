//! Pauses between attempts that go on for ever.

use std::time::Duration;

/// The first pause.
const LEAST: Duration = Duration::from_millis(100);

/// Doubles from a tenth of a second up to a bound, each time with jitter, so that those who wait for the same server do
/// not come back at once.
#[derive(Clone, Debug)]
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
        whole / 2 + Duration::from_nanos(jitter(whole / 2))
    }
}

/// Something below a span, by the clock's last digits.
fn jitter(span: Duration) -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now = now.map_or(0, |now| u64::from(now.subsec_nanos()));
    // The digits that move fastest, spread over the whole span. A pause is far below 2^64 nanoseconds.
    let spread = now.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    let span = u64::try_from(span.as_nanos()).unwrap_or(u64::MAX);
    u64::try_from((u128::from(span) * u128::from(spread)) >> 32).unwrap_or(span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_bound_and_are_never_the_whole_of_nothing() {
        let mut backoff = Backoff::new(Duration::from_secs(2));
        let pauses: Vec<_> = (0..10).map(|_| backoff.pause()).collect();
        assert!(pauses[0] >= LEAST / 2 && pauses[0] <= LEAST);
        assert!(pauses[9] >= Duration::from_secs(1) && pauses[9] <= Duration::from_secs(2));
    }
}
