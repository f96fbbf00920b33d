//! Shares of an amount, by largest remainder in a fixed order: no unit appears or disappears.

/// A whole, in parts per million.
pub const WHOLE_PPM: u32 = 1_000_000;

/// The most parts an amount is cut into.
pub const MAX_PARTS: usize = 16;

/// Why shares are not a division of a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplitError {
    /// There are no parts, or more than [`MAX_PARTS`].
    Parts,
    /// The shares do not add up to [`WHOLE_PPM`].
    Sum,
}

impl core::fmt::Display for SplitError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Parts => write!(f, "an amount is cut into 1 to {MAX_PARTS} parts"),
            Self::Sum => write!(f, "the shares must add up to {WHOLE_PPM} parts per million"),
        }
    }
}

impl core::error::Error for SplitError {}

/// Shares in parts per million that were checked to make a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shares {
    ppm: [u32; MAX_PARTS],
    parts: usize,
}

impl Shares {
    /// Checks that the shares make a whole.
    pub fn new(ppm: impl IntoIterator<Item = u32>) -> Result<Self, SplitError> {
        let mut shares = Self { ppm: [0; MAX_PARTS], parts: 0 };
        let mut sum = 0u64;
        for share in ppm {
            *shares.ppm.get_mut(shares.parts).ok_or(SplitError::Parts)? = share;
            shares.parts += 1;
            sum += u64::from(share);
        }
        if shares.parts == 0 {
            return Err(SplitError::Parts);
        }
        if sum != u64::from(WHOLE_PPM) {
            return Err(SplitError::Sum);
        }
        Ok(shares)
    }

    /// The number of parts.
    pub fn parts(&self) -> usize {
        self.parts
    }

    /// Cuts `amount`: every part gets the floor of its share, and the units that are left go, one each,
    /// to the parts with the largest remainders, the earlier part first where they are equal. Parts
    /// beyond [`Shares::parts`] are zero.
    pub fn split(&self, amount: u128) -> [u128; MAX_PARTS] {
        let whole = u128::from(WHOLE_PPM);
        // Almost every amount fits 64 bits, where a division costs a tenth in wasm.
        let (quotient, rest) = match u64::try_from(amount) {
            Ok(small) => (u128::from(small / u64::from(WHOLE_PPM)), small % u64::from(WHOLE_PPM)),
            Err(_) => (amount / whole, (amount % whole) as u64),
        };
        let mut parts = [0u128; MAX_PARTS];
        let mut remainders = [0u32; MAX_PARTS];
        let mut left = 0u64;
        for part in 0..self.parts {
            let ppm = self.ppm[part];
            // Below 10¹², since both factors are at most 10⁶.
            let product = rest * u64::from(ppm);
            parts[part] = quotient * u128::from(ppm) + u128::from(product / u64::from(WHOLE_PPM));
            remainders[part] = (product % u64::from(WHOLE_PPM)) as u32;
            left += u64::from(remainders[part]);
        }
        // The remainders add up to a multiple of the whole: what is left, fewer units than parts.
        for _ in 0..left / u64::from(WHOLE_PPM) {
            let mut largest = 0;
            for part in 1..self.parts {
                if remainders[part] > remainders[largest] {
                    largest = part;
                }
            }
            parts[largest] += 1;
            remainders[largest] = 0;
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_shares() -> impl Strategy<Value = Shares> {
        proptest::collection::vec(0..=WHOLE_PPM, 0..MAX_PARTS).prop_map(|mut cuts| {
            cuts.push(0);
            cuts.push(WHOLE_PPM);
            cuts.sort_unstable();
            Shares::new(cuts.windows(2).map(|w| w[1] - w[0])).expect("cuts of a whole make a whole")
        })
    }

    proptest! {
        #[test]
        fn no_unit_appears_or_disappears(shares in any_shares(), amount in any::<u128>()) {
            prop_assert_eq!(shares.split(amount).iter().sum::<u128>(), amount);
        }

        /// Each part differs from its exact share by less than one unit.
        #[test]
        fn every_part_is_its_share_to_the_unit(shares in any_shares(), amount in 0..u128::from(u64::MAX)) {
            for (part, ppm) in shares.split(amount).iter().zip(shares.ppm) {
                let exact = amount * u128::from(ppm);
                let whole = u128::from(WHOLE_PPM);
                prop_assert!(part * whole < exact + whole && (part + 1) * whole > exact);
            }
        }

        /// The fast path for 64 bits and the general one are the same function.
        #[test]
        fn large_amounts_split_like_small_ones(shares in any_shares(), amount in any::<u64>()) {
            let offset = u128::from(WHOLE_PPM) * (1 << 70);
            let (small, large) = (shares.split(amount.into()), shares.split(u128::from(amount) + offset));
            for part in 0..shares.parts() {
                prop_assert_eq!(large[part] - small[part], (1u128 << 70) * u128::from(shares.ppm[part]));
            }
        }
    }

    #[test]
    fn the_last_unit_goes_to_the_larger_remainder_then_to_the_earlier_part() {
        let thirds = Shares::new([333_333, 333_333, 333_334]).unwrap();
        assert_eq!(thirds.split(100)[..3], [33, 33, 34]);
        let halves = Shares::new([500_000, 500_000]).unwrap();
        assert_eq!(halves.split(7)[..2], [4, 3]);
    }

    #[test]
    fn shares_that_are_no_whole_are_refused() {
        assert_eq!(Shares::new([400_000, 500_000]), Err(SplitError::Sum));
        assert_eq!(Shares::new([]), Err(SplitError::Parts));
        assert_eq!(Shares::new([u32::MAX; 2]), Err(SplitError::Sum));
        assert_eq!(Shares::new([62_500; 17]), Err(SplitError::Parts));
    }
}
