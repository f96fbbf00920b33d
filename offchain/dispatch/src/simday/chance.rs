//! Numbers that a seed and names determine: splitmix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators",
//! 2014). What is drawn for one thing does not depend on what was drawn before for another, so that two
//! policies meet the same moods.

/// A stream of numbers.
#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    /// The stream of a thing: a seed, what is drawn, and for whom.
    pub(super) fn of(seed: u64, what: u64, who: u64) -> Self {
        let mut stream = Self(seed);
        for name in [what, who] {
            stream.0 = stream.next() ^ name;
        }
        stream
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which is not zero.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        // The upper half of the product of 32 bits and the bound: below the bound.
        (((self.next() >> 32) * u64::from(bound)) >> 32) as u32
    }

    /// A number from `from` up to and without `to`.
    pub(super) fn between(&mut self, from: u32, to: u32) -> u32 {
        from + self.below(to - from)
    }

    /// A place in `weights`, each as likely as its weight.
    pub(super) fn pick(&mut self, weights: &[u32]) -> usize {
        let mut at = self.below(weights.iter().sum::<u32>().max(1));
        for (place, weight) in weights.iter().enumerate() {
            if at < *weight {
                return place;
            }
            at -= weight;
        }
        0
    }

    /// Around zero, mostly within `spread`: the sum of four even draws.
    pub(super) fn around_zero(&mut self, spread: u32) -> i32 {
        let sum: u32 = (0..4).map(|_| self.below(spread)).sum();
        // Spreads are some 10^4.
        sum.cast_signed() - 2 * spread.cast_signed()
    }
}
