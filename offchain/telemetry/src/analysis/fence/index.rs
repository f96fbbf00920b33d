//! Which fences may be around a place.
//!
//! The Earth is cut into squares of some sizes, each four times as long as the one below. A fence is kept in the
//! smallest size in which it covers few squares, and each square knows whether the fence covers it as a whole, so that
//! inside a district no polygon is looked at. Squares that a fence only touches are looked at exactly.

use rustc_hash::FxHashMap;

use super::{shape::Bounds, Fence};
use crate::analysis::geometry::Place;

/// The most squares of one fence.
const MOST_SQUARES: i64 = 256;

/// The bits of the side of the smallest squares (4,096 millionths of a degree, 450 m), and those of the largest.
const SMALLEST: u32 = 12;
const LARGEST: u32 = 26;

/// Marks a square that the fence covers as a whole.
const WHOLE: u32 = 1 << 31;

#[derive(Debug, Default)]
pub(super) struct Index {
    /// Sizes that are in use, as bits of the side.
    sizes: Vec<u32>,
    /// For a square the part of `fences` that it may be in.
    squares: FxHashMap<u64, (u32, u32)>,
    /// Numbers of fences, with [`WHOLE`].
    fences: Vec<u32>,
}

/// The square around a place. Coordinates are shifted to be positive: below 2^30.
fn square(size: u32, latitude: i64, longitude: i64) -> u64 {
    let (row, column) = ((latitude + (1 << 28)) >> size, (longitude + (1 << 28)) >> size);
    u64::from(size) << 58 | row.cast_unsigned() << 29 | column.cast_unsigned()
}

impl Index {
    pub(super) fn of(fences: &[Fence]) -> Self {
        let mut listed: Vec<(u64, u32)> = Vec::new();
        let mut sizes = Vec::new();
        for (number, fence) in (0..).zip(fences) {
            let size = size_of(fence.shape.bounds());
            sizes.push(size);
            cover(fence, size, |square, whole| {
                listed.push((square, if whole { number | WHOLE } else { number }));
            });
        }
        sizes.sort_unstable();
        sizes.dedup();
        listed.sort_unstable();
        let mut squares: FxHashMap<u64, (u32, u32)> = FxHashMap::default();
        for (place, (square, _)) in (0..).zip(&listed) {
            squares.entry(*square).or_insert((place, place)).1 = place + 1;
        }
        let fences = listed.into_iter().map(|(_, fence)| fence).collect();
        Self { sizes, squares, fences }
    }

    /// Tells each fence that may be around a place, and whether it is for sure.
    pub(super) fn visit(&self, place: Place, mut told: impl FnMut(u32, bool)) {
        for size in &self.sizes {
            let square = square(*size, place.latitude.into(), place.longitude.into());
            let Some((start, end)) = self.squares.get(&square) else { continue };
            for fence in &self.fences[*start as usize..*end as usize] {
                told(fence & !WHOLE, fence & WHOLE != 0);
            }
        }
    }
}

fn spans(
    bounds: Bounds,
    size: u32,
) -> (std::ops::RangeInclusive<i64>, std::ops::RangeInclusive<i64>) {
    let cut = |low: i32, high: i32| i64::from(low) >> size..=i64::from(high) >> size;
    (cut(bounds.south, bounds.north), cut(bounds.west, bounds.east))
}

fn size_of(bounds: Bounds) -> u32 {
    let fits = |size: &u32| {
        let (rows, columns) = spans(bounds, *size);
        let count = |range: std::ops::RangeInclusive<i64>| range.end() - range.start() + 1;
        count(rows) * count(columns) <= MOST_SQUARES
    };
    (SMALLEST..=LARGEST).step_by(2).find(fits).unwrap_or(LARGEST)
}

/// Tells each square that a fence covers or touches.
fn cover(fence: &Fence, size: u32, mut told: impl FnMut(u64, bool)) {
    let mut touched = std::collections::BTreeSet::new();
    for border in fence.shape.border() {
        let (rows, columns) = spans(border, size);
        touched.extend(rows.flat_map(|row| columns.clone().map(move |column| (row, column))));
    }
    let (rows, columns) = spans(fence.shape.bounds(), size);
    for (row, column) in rows.flat_map(|row| columns.clone().map(move |column| (row, column))) {
        let (south, west) = (row << size, column << size);
        let half = 1 << (size - 1);
        // Squares of places: within i32.
        let centre = Place { latitude: (south + half) as i32, longitude: (west + half) as i32 };
        if touched.contains(&(row, column)) {
            told(square(size, south, west), false);
        } else if fence.shape.contains(centre) {
            told(square(size, south, west), true);
        }
    }
}
