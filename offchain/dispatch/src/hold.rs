//! When a pair is held for a better one.
//!
//! A young order whose best pair is much worse than what is usual waits: vehicles finish their trips and orders
//! come in nearer to that driver. For an order that has waited `w` of at most `L` seconds, whose approach takes `e`
//! where `u` is usual, with `h` the share of the excess that is expected to go away within `L`:
//!
//! * expected improvement by holding for the time that is left: `h (e - u) (L - w) / L`
//! * cost of holding for it: `p (L - w)`, with `p` the worth of a second of the rider's time.
//!
//! It is held while the first exceeds the second, and never beyond `L`. The pair is found anew in each tick: holding
//! promises the driver to nobody.
//!
//! A booked order takes part only from the moment on when its nearest driver would have to leave to be there
//! `booked_early_s` before the pick-up time. Until then it takes nobody away from others.

use crate::config::HoldConfig;

/// Of so many approaches at least is the usual one known.
const SAMPLES: u32 = 16;
/// The usual approach follows the last so many offers.
const MEMORY: i64 = 32;

/// The approach that is usual: a moving mean of what was offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct UsualApproach {
    samples: u32,
    mean_ms: i64,
}

impl UsualApproach {
    pub(crate) fn learn(&mut self, eta_s: u32) {
        let eta_ms = i64::from(eta_s) * 1000;
        self.samples = self.samples.saturating_add(1);
        let memory = i64::from(self.samples).min(MEMORY);
        self.mean_ms += (eta_ms - self.mean_ms) / memory;
    }

    fn seconds(&self) -> Option<i64> {
        (self.samples >= SAMPLES).then_some(self.mean_ms / 1000)
    }
}

/// Whether a pair is held: the seconds that are expected to be gained by it.
pub(crate) fn holds(
    config: &HoldConfig,
    usual: &UsualApproach,
    waited_ms: u64,
    eta_s: u32,
) -> Option<i64> {
    let longest = i64::from(config.longest_s);
    let waited = i64::try_from(waited_ms / 1000).unwrap_or(i64::MAX);
    if waited >= longest {
        return None;
    }
    let left = longest - waited;
    let excess = i64::from(eta_s) - usual.seconds()?;
    let gain = excess * i64::from(config.hope_permille) * left / longest;
    let price = i64::from(config.waiting_permille) * left;
    (gain > price).then_some(gain / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_far_pair_of_a_young_order_is_held_and_never_beyond_the_bound() {
        let config = HoldConfig {
            longest_s: 20,
            waiting_permille: 1_000,
            hope_permille: 300,
            booked_early_s: 0,
        };
        let mut usual = UsualApproach::default();
        assert_eq!(holds(&config, &usual, 0, 600), None, "nothing is usual yet");
        (0..SAMPLES).for_each(|_| usual.learn(120));
        // Of the 480 s in excess 144 are hoped for, and 20 are waited for it.
        assert_eq!(holds(&config, &usual, 0, 600), Some(144));
        assert_eq!(holds(&config, &usual, 19_999, 600), Some(7));
        assert_eq!(holds(&config, &usual, 20_000, 600), None);
        assert_eq!(holds(&config, &usual, 0, 180), None, "18 s for 20 s is no bargain");
    }
}
