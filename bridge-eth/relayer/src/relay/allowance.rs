//! What may be paid within a day.

use std::time::{Duration, Instant};

/// A day, which begins with the first payment in it.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What may be paid within a day, in wei, and what has been. It is kept in memory alone.
pub(super) struct Allowance {
    most: u128,
    begun: Option<Instant>,
    paid: u128,
}

impl Allowance {
    /// So much, of which nothing is paid.
    pub const fn new(most: u128) -> Self {
        Self { most, begun: None, paid: 0 }
    }

    /// Notes what was paid.
    pub fn pay(&mut self, wei: u128, now: Instant) {
        if self.rest_of_day(now).is_zero() {
            (self.begun, self.paid) = (Some(now), 0);
        }
        self.paid = self.paid.saturating_add(wei);
    }

    /// Whether so much more may be paid.
    ///
    /// # Errors
    /// It may not, and how long the day goes on.
    pub fn check(&self, wei: u128, now: Instant) -> Result<(), Duration> {
        let rest = self.rest_of_day(now);
        let paid = if rest.is_zero() { 0 } else { self.paid };
        if paid.saturating_add(wei) > self.most {
            return Err(rest);
        }
        Ok(())
    }

    fn rest_of_day(&self, now: Instant) -> Duration {
        let passed = self.begun.map(|begun| now.saturating_duration_since(begun));
        passed.map_or(Duration::ZERO, |passed| DAY.saturating_sub(passed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_a_day_may_be_paid_and_a_new_day_begins_with_all_of_it() {
        let mut allowance = Allowance::new(100);
        let now = Instant::now();
        assert_eq!(allowance.check(101, now), Err(Duration::ZERO));
        allowance.pay(60, now);
        let later = now + Duration::from_secs(3_600);
        assert_eq!(allowance.check(40, later), Ok(()));
        assert_eq!(allowance.check(41, later), Err(DAY - Duration::from_secs(3_600)));
        allowance.pay(40, later);
        assert!(allowance.check(1, now + DAY - Duration::from_secs(1)).is_err());
        assert_eq!(allowance.check(100, now + DAY), Ok(()));
        allowance.pay(70, now + DAY);
        assert!(allowance.check(31, now + DAY).is_err());
        assert_eq!(allowance.check(30, now + DAY), Ok(()));
        assert!(allowance.check(u128::MAX, now + DAY).is_err());
    }
}
