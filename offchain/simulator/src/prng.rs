//! A small generator of numbers that are the same on every machine: splitmix64 (Steele, Lea, Flood,
//! "Fast splittable pseudorandom number generators", 2014). Not for secrets.

/// A stream of numbers that its seed determines.
#[derive(Clone, Debug)]
pub struct SplitMix(u64);

impl SplitMix {
    /// The stream of a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which must not be zero.
    pub fn below(&mut self, bound: u32) -> u32 {
        // The upper half of the product of 32 bits and the bound: below the bound, nearly even.
        (((self.next_u64() >> 32) * u64::from(bound)) >> 32) as u32
    }

    /// Whether something happens that happens `permille` times in a thousand.
    pub fn happens(&mut self, permille: u32) -> bool {
        self.below(1000) < permille
    }

    /// A place in `weights`, each as likely as its weight. Zero when all weights are.
    pub fn pick(&mut self, weights: &[u32]) -> usize {
        let total: u32 = weights.iter().sum();
        let mut at = self.below(total.max(1));
        for (place, weight) in weights.iter().enumerate() {
            if at < *weight {
                return place;
            }
            at -= weight;
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reference values of the algorithm for seed 1234567.
    #[test]
    fn the_stream_is_the_published_one() {
        let mut stream = SplitMix::new(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| stream.next_u64()).collect();
        assert_eq!(
            first,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn numbers_stay_below_their_bound_and_weights_are_kept() {
        let mut stream = SplitMix::new(1);
        assert!((0..10_000).all(|_| stream.below(7) < 7));
        let picks: Vec<usize> = (0..10_000).map(|_| stream.pick(&[1, 0, 3])).collect();
        assert!(!picks.contains(&1));
        let share = picks.iter().filter(|place| **place == 2).count();
        assert!((7_000..8_000).contains(&share), "{share}");
    }
}
