//! When a failed delivery is tried again.

use crate::RetryConfig;

/// How long to wait after the given number of failed attempts (at least 1), in milliseconds: drawn evenly
/// from zero to the exponential bound ("full jitter"), so that deliveries which failed together do not come
/// back together.
pub(crate) fn pause_ms(config: &RetryConfig, failed: u32, random: &mut fastrand::Rng) -> u64 {
    random.u64(0..=bound_ms(config, failed))
}

fn bound_ms(config: &RetryConfig, failed: u32) -> u64 {
    let doubled = 1_u64.checked_shl(failed.saturating_sub(1)).unwrap_or(u64::MAX);
    config.first_ms.saturating_mul(doubled).min(config.longest_ms)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_bound_doubles_until_it_is_reached() {
        let config = RetryConfig { first_ms: 100, longest_ms: 1_000, ..RetryConfig::default() };
        let bounds: Vec<u64> = (1..=6).map(|failed| bound_ms(&config, failed)).collect();
        assert_eq!(bounds, [100, 200, 400, 800, 1_000, 1_000]);
    }

    proptest! {
        #[test]
        fn a_pause_stays_within_its_bound(first in 1..1_000_000_u64, longest in 1..1_000_000_u64,
            failed: u32, seed: u64) {
            let config = RetryConfig { first_ms: first, longest_ms: longest, ..Default::default() };
            let mut random = fastrand::Rng::with_seed(seed);
            prop_assert!(pause_ms(&config, failed, &mut random) <= longest);
            prop_assert!(pause_ms(&config, 1, &mut random) <= first);
        }
    }
}
