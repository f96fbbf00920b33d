//! What a transaction offers for gas (EIP-1559), and what it offers instead when that was too little.

use crate::config::{FeesConfig, GWEI};

/// Percent by which nodes want a replacement to pay more, in tenths: 12.5 %.
const REPLACEMENT_PERMILLE: u128 = 125;

/// What is offered for a unit of gas, in wei.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fees {
    /// In all, at most.
    pub most: u128,
    /// Of it to the block's author.
    pub tip: u128,
}

/// What may be offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// In all, in wei.
    pub most: u128,
    /// Of it to the block's author, in wei.
    pub tip: u128,
    /// How much more a replacement offers, in percent.
    pub bump_percent: u64,
}

impl From<&FeesConfig> for Bounds {
    fn from(config: &FeesConfig) -> Self {
        Self {
            most: u128::from(config.most_gwei) * GWEI,
            tip: u128::from(config.most_tip_gwei) * GWEI,
            bump_percent: config.bump_percent,
        }
    }
}

impl Fees {
    /// What to offer while a block wants `base`, and others tip `tip`: it is still enough when the base has doubled. Less where the
    /// bounds are lower. `None`: not even `base` may be paid.
    pub fn for_base(base: u128, tip: u128, bounds: &Bounds) -> Option<Self> {
        if base > bounds.most {
            return None;
        }
        let tip = tip.min(bounds.tip).min(bounds.most - base);
        let most = base.saturating_mul(2).saturating_add(tip).min(bounds.most);
        Some(Self { most, tip })
    }

    /// What replaces a transaction that offers `old`, so that nodes take it, and at least what is wanted now. `None`: the
    /// bounds leave no room for that.
    pub fn over(old: Self, now: Option<Self>, bounds: &Bounds) -> Option<Self> {
        let now = now.unwrap_or(Self { most: 0, tip: 0 });
        let raised =
            |old: u128| old.saturating_add(more(old, u128::from(bounds.bump_percent) * 10));
        let least = |old: u128| old.saturating_add(more(old, REPLACEMENT_PERMILLE));
        // A replacement at the bound is taken as long as it is over what nodes want.
        let bounded = |old: u128, now: u128, bound: u128| {
            let wanted = raised(old).max(now).min(bound);
            (wanted >= least(old)).then_some(wanted)
        };
        let most = bounded(old.most, now.most, bounds.most)?;
        // Nodes want both to be raised: where the tip is at its bound, nothing can be replaced.
        let tip = bounded(old.tip, now.tip, bounds.tip.min(most))?;
        Some(Self { most, tip })
    }
}

/// The gas to allow where a call takes `estimated` at a trial: a tenth more, for the place in the ring may be another one by then.
/// `None`: that is more than `most`.
pub fn gas_with_margin(estimated: u64, most: u64) -> Option<u64> {
    let gas = estimated.saturating_add(estimated / 10);
    (gas <= most).then_some(gas)
}

/// A part of an amount in thousandths, at least 1.
const fn more(of: u128, permille: u128) -> u128 {
    let part = of.saturating_mul(permille).div_ceil(1_000);
    if part == 0 {
        1
    } else {
        part
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BOUNDS: Bounds = Bounds { most: 100 * GWEI, tip: 3 * GWEI, bump_percent: 13 };

    #[test]
    fn an_offer_outlives_a_doubled_base() {
        let offer = Fees::for_base(10 * GWEI, GWEI, &BOUNDS).unwrap();
        assert_eq!(offer, Fees { most: 21 * GWEI, tip: GWEI });
        // Others tip more than may be.
        assert_eq!(Fees::for_base(10 * GWEI, 50 * GWEI, &BOUNDS).unwrap().tip, 3 * GWEI);
    }

    #[test]
    fn at_the_bound_one_offers_it_and_beyond_it_nothing() {
        let at = Fees::for_base(99 * GWEI, 3 * GWEI, &BOUNDS).unwrap();
        assert_eq!(at, Fees { most: 100 * GWEI, tip: GWEI });
        assert_eq!(Fees::for_base(100 * GWEI + 1, GWEI, &BOUNDS), None);
        // Nothing that nodes would take is left above it.
        assert_eq!(Fees::over(at, None, &BOUNDS), None);
    }

    #[test]
    fn the_tip_has_a_bound_of_its_own_in_a_replacement_as_well() {
        let old = Fees { most: 20 * GWEI, tip: 2 * GWEI };
        let raised = std::iter::successors(Some(old), |old| Fees::over(*old, None, &BOUNDS));
        let raised: Vec<_> = raised.collect();
        assert!(raised.len() > 1 && raised.iter().all(|fees| fees.tip <= BOUNDS.tip), "{raised:?}");
        // It ends there, far below what may be offered in all.
        assert!(raised.iter().all(|fees| fees.most < BOUNDS.most / 2), "{raised:?}");
    }

    #[test]
    fn gas_has_a_margin_and_a_bound_whatever_a_node_estimates() {
        assert_eq!(gas_with_margin(74_115, 2_000_000), Some(81_526));
        assert_eq!(gas_with_margin(1_818_182, 2_000_000), Some(2_000_000));
        assert_eq!(gas_with_margin(1_818_183, 2_000_000), None);
        assert_eq!(gas_with_margin(u64::MAX, 2_000_000), None);
    }

    proptest! {
        #[test]
        fn a_replacement_is_one_that_nodes_take(
            base in 0_u128..200 * GWEI,
            tip in 0_u128..10 * GWEI,
            later in 0_u128..200 * GWEI,
            percent in 13_u64..=100,
        ) {
            let bounds = Bounds { bump_percent: percent, ..BOUNDS };
            let Some(old) = Fees::for_base(base, tip, &bounds) else { return Ok(()) };
            prop_assert!(old.tip <= old.most && old.most <= bounds.most && base <= old.most);
            let now = Fees::for_base(later, tip, &bounds);
            let Some(new) = Fees::over(old, now, &bounds) else { return Ok(()) };
            prop_assert!(new.most * 1_000 >= old.most * 1_125 && new.tip * 1_000 >= old.tip * 1_125);
            prop_assert!(new.most <= bounds.most && new.tip <= new.most && new.tip > old.tip);
            prop_assert!(new.tip <= bounds.tip);
        }

        #[test]
        fn raising_ends_at_the_bound(base in 0_u128..100 * GWEI, tip in 0_u128..3 * GWEI) {
            let mut offer = Fees::for_base(base, tip, &BOUNDS);
            let mut raised = 0;
            while let Some(old) = offer {
                offer = Fees::over(old, None, &BOUNDS);
                raised += 1;
                prop_assert!(raised < 1_000);
            }
        }
    }
}
