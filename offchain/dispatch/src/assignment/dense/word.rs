//! The integers that the matrix solver computes with, and its two inner loops.
//!
//! Nothing here can overflow: the solver is given costs from 0 to [`Word::MOST`], and no value that
//! it makes of them is larger than three times that. Arithmetic wraps so that the loops vectorise.

use std::ops::BitOr;

/// 32 bits where costs fit, because twice as many fit into a register; 64 otherwise.
pub(super) trait Word: Copy + Ord + BitOr<Output = Self> {
    /// Nothing.
    const ZERO: Self;
    /// All bits but the sign: farther than anything.
    const FAR: Self;
    /// The largest cost.
    const MOST: i64;

    /// The difference, which fits.
    fn minus(self, other: Self) -> Self;
    /// A cost from 0 to [`Word::MOST`].
    fn from_cost(cost: i64) -> Self;
    /// As 64 bits.
    fn wide(self) -> i64;
}

impl Word for i32 {
    const ZERO: Self = 0;
    const FAR: Self = i32::MAX;
    const MOST: i64 = 1 << 28;

    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        self.wrapping_sub(other)
    }

    #[inline(always)]
    fn from_cost(cost: i64) -> Self {
        // At most 2^28.
        cost as i32
    }

    fn wide(self) -> i64 {
        self.into()
    }
}

impl Word for i64 {
    const ZERO: Self = 0;
    const FAR: Self = i64::MAX;
    const MOST: i64 = 1 << 60;

    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        self.wrapping_sub(other)
    }

    #[inline(always)]
    fn from_cost(cost: i64) -> Self {
        cost
    }

    fn wide(self) -> i64 {
        self
    }
}

/// How many columns the search for the two least looks at together.
const LANES: usize = 16;

/// The least and the second least of a row's costs less prices. [`Word::FAR`] where there is none.
#[inline(always)]
pub(super) fn two_least<W: Word>(costs: &[W], prices: &[W]) -> (W, W) {
    let (mut first, mut second) = ([W::FAR; LANES], [W::FAR; LANES]);
    let (blocks, rest) = costs.as_chunks::<LANES>();
    let (price_blocks, price_rest) = prices.as_chunks::<LANES>();
    for (costs, prices) in blocks.iter().zip(price_blocks) {
        for lane in 0..LANES {
            let left = costs[lane].minus(prices[lane]);
            second[lane] = second[lane].min(first[lane].max(left));
            first[lane] = first[lane].min(left);
        }
    }
    let (mut least, mut next) = (W::FAR, W::FAR);
    let mut take = |value: W| {
        next = next.min(least.max(value));
        least = least.min(value);
    };
    first.into_iter().chain(second).for_each(&mut take);
    rest.iter().zip(price_rest).for_each(|(cost, price)| take(cost.minus(*price)));
    (least, next)
}

/// The distances of all columns in a search for the shortest path.
pub(super) struct Distances<W> {
    /// How far away each column is: zero or more.
    pub(super) distance: Vec<W>,
    /// The row from which each was reached.
    pub(super) from: Vec<u32>,
    /// [`Word::FAR`] for the columns in the tree of shortest paths, zero for the others: or-ed to a
    /// distance it takes the column out of the search for the nearest.
    pub(super) closed: Vec<W>,
}

impl<W: Word> Distances<W> {
    /// Shortens distances by going through `row`, whose costs these are; a step costs that much less
    /// the column's price and `base`. The distance of the nearest column that is not in the tree.
    #[inline(always)]
    pub(super) fn shorten(&mut self, row: u32, costs: &[W], prices: &[W], base: W) -> W {
        let mut nearest = W::FAR;
        let columns = self.distance.iter_mut().zip(&mut self.from).zip(&self.closed);
        for (((distance, from), closed), (cost, price)) in columns.zip(costs.iter().zip(prices)) {
            let through = cost.minus(*price).minus(base);
            let shorter = through < *distance;
            // Written without branches: the compiler makes masks of them.
            *distance = if shorter { through } else { *distance };
            *from = if shorter { row } else { *from };
            nearest = nearest.min(*distance | *closed);
        }
        nearest
    }

    /// Adds the columns at this distance that are not in the tree to `found`, in their order.
    #[inline(always)]
    pub(super) fn push_columns_at(&self, distance: W, found: &mut Vec<usize>) {
        let blocks = self.distance.chunks(LANES).zip(self.closed.chunks(LANES));
        for (block, (distances, closed)) in blocks.enumerate() {
            let here = || distances.iter().zip(closed).map(|(d, closed)| *d | *closed == distance);
            // Most blocks hold none, which is seen for a whole block at once.
            if here().fold(false, |any, here| any | here) {
                let places = (block * LANES..).zip(here()).filter(|(_, here)| *here);
                found.extend(places.map(|(place, _)| place));
            }
        }
    }
}
