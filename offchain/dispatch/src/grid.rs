//! The spatial index: drivers by cell, and rings of cells around a place.
//!
//! Cells are bands of latitude cut into columns, so that each is about as wide as it is high wherever on Earth it
//! lies. H3's hexagons would do as well, but finding a hexagon takes floating-point angle functions; a cell here
//! is two integer divisions, the same on every machine, and a ring says exactly how far it reaches.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
    sync::Arc,
};

use crate::geo::{cos_of_latitude, latitude_span_e6, Point};

const TURN_E6: i64 = 360_000_000;

/// Which drivers are in which cell.
#[derive(Clone, Debug)]
pub struct Grid {
    side_m: u32,
    side_e6: i64,
    /// Every band of the Earth, worked out once: cosines are dear.
    bands: Arc<[Band]>,
    cells: HashMap<Cell, Vec<u32>, BuildHasherDefault<CellHasher>>,
}

/// What all cells of a band have in common.
#[derive(Clone, Copy, Debug)]
struct Band {
    /// 10^-6 degrees of longitude of a column.
    step: i64,
    columns: i64,
}

impl Band {
    fn new(place: i64, side_e6: i64) -> Self {
        let middle = place * side_e6 - TURN_E6 / 4 + side_e6 / 2;
        let step = ((side_e6 << 30) / cos_of_latitude(middle)).min(TURN_E6);
        Self { step, columns: (TURN_E6 + step - 1) / step }
    }
}

/// A band, counted from the south pole, and a column in it, counted from 180 degrees west.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Cell {
    band: i32,
    column: i32,
}

/// Cells are looked up a thousand times an order. Nobody chooses them to collide: their number is bounded by the area.
#[derive(Clone, Copy, Debug, Default)]
struct CellHasher(u64);

impl Hasher for CellHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_i32((*byte).into()));
    }

    fn write_i32(&mut self, number: i32) {
        let mixed = self.0.rotate_left(32) ^ u64::from(number.cast_unsigned());
        self.0 = mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

impl Grid {
    /// An empty grid whose cells are `side_m` metres high, 50 at least.
    pub fn new(side_m: u32) -> Self {
        let side_m = side_m.max(50);
        let side_e6 = latitude_span_e6(side_m);
        let bands = (0..=TURN_E6 / 2 / side_e6).map(|place| Band::new(place, side_e6)).collect();
        Self { side_m, side_e6, bands, cells: HashMap::default() }
    }

    /// An empty grid with the same cells.
    pub fn emptied(&self) -> Self {
        Self { bands: Arc::clone(&self.bands), cells: HashMap::default(), ..*self }
    }

    /// Puts a driver where she is.
    pub fn insert(&mut self, driver: u32, at: &Point) {
        let cell = self.cell(at);
        self.cells.entry(cell).or_default().push(driver);
    }

    /// Takes a driver away from where she was.
    pub fn remove(&mut self, driver: u32, was_at: &Point) {
        let cell = self.cell(was_at);
        let Some(drivers) = self.cells.get_mut(&cell) else { return };
        drivers.retain(|other| *other != driver);
        if drivers.is_empty() {
            self.cells.remove(&cell);
        }
    }

    /// Moves a driver from one place to another.
    pub fn shift(&mut self, driver: u32, from: &Point, to: &Point) {
        if self.cell(from) != self.cell(to) {
            self.remove(driver, from);
            self.insert(driver, to);
        }
    }

    /// Rings around a place, none of which is walked yet.
    pub fn rings(&self, around: &Point) -> Rings<'_> {
        Rings { grid: self, around: *around, walked: 0, spans: Vec::new() }
    }

    fn cell(&self, at: &Point) -> Cell {
        let band = self.band(at.latitude_e6().into());
        let column = i64::from(at.longitude_e6()) + TURN_E6 / 2;
        self.wrapped(band, self.column(band, column))
    }

    /// Bands have at least 50 m: fewer than 401,000 of them.
    fn band(&self, latitude_e6: i64) -> i32 {
        (latitude_e6 + TURN_E6 / 4).div_euclid(self.side_e6) as i32
    }

    fn geometry(&self, band: i32) -> Band {
        // Bands are counted from the south pole to the north pole.
        self.bands[band as usize]
    }

    fn columns(&self, band: i32) -> i64 {
        self.geometry(band).columns
    }

    /// The column of a longitude, counted on over the seam at 180 degrees in both directions.
    fn column(&self, band: i32, longitude_from_seam: i64) -> i64 {
        let turns = longitude_from_seam.div_euclid(TURN_E6);
        let within = longitude_from_seam.rem_euclid(TURN_E6) / self.geometry(band).step;
        turns * self.columns(band) + within
    }

    fn wrapped(&self, band: i32, column: i64) -> Cell {
        // Columns are at least 50 m wide: fewer than 810,000 of them.
        Cell { band, column: column.rem_euclid(self.columns(band)) as i32 }
    }
}

/// Walks outwards from a place, ring by ring.
#[derive(Debug)]
pub struct Rings<'g> {
    grid: &'g Grid,
    around: Point,
    walked: u32,
    /// Of each band that was walked, in the order of [`Rings::bands`], the columns from and to.
    spans: Vec<(i32, i64, i64)>,
}

impl Rings<'_> {
    /// Walks one ring more and hands over every driver in it, in no particular order. Gives the metres within which
    /// nobody is missing any more.
    pub fn widen(&mut self, mut found: impl FnMut(u32)) -> u32 {
        self.walked += 1;
        let reach = i64::from(self.walked) * self.grid.side_e6;
        let latitude = i64::from(self.around.latitude_e6());
        let bands = self.grid.band((latitude - reach).max(-TURN_E6 / 4))
            ..=self.grid.band((latitude + reach).min(TURN_E6 / 4));
        // A degree of longitude is shortest at the edge that is nearest to a pole.
        let outermost = latitude.abs() + reach + self.grid.side_e6;
        let reach_east = ((reach << 30) / cos_of_latitude(outermost)).min(TURN_E6);
        let before = std::mem::take(&mut self.spans);
        let mut known = before.iter().peekable();
        for band in bands {
            let old =
                known.next_if(|(walked, _, _)| *walked == band).map(|(_, from, to)| (*from, *to));
            let span = self.span(band, reach_east, old);
            self.visit(band, span, old, &mut found);
            self.spans.push((band, span.0, span.1));
        }
        self.walked.saturating_mul(self.grid.side_m)
    }

    /// How many rings were walked.
    pub const fn walked(&self) -> u32 {
        self.walked
    }

    /// The columns within reach, never more than once around the Earth.
    fn span(&self, band: i32, reach_east: i64, old: Option<(i64, i64)>) -> (i64, i64) {
        let middle = i64::from(self.around.longitude_e6()) + TURN_E6 / 2;
        let from = self.grid.column(band, middle - reach_east);
        let to = self.grid.column(band, middle + reach_east);
        let all = self.grid.columns(band);
        if to - from < all {
            return (from, to);
        }
        let from = old.map_or(from, |(from, _)| from);
        (from, from + all - 1)
    }

    fn visit(
        &self,
        band: i32,
        (from, to): (i64, i64),
        old: Option<(i64, i64)>,
        found: &mut impl FnMut(u32),
    ) {
        let mut look = |column: i64| {
            if let Some(drivers) = self.grid.cells.get(&self.grid.wrapped(band, column)) {
                drivers.iter().for_each(|driver| found(*driver));
            }
        };
        match old {
            Some((old_from, old_to)) => {
                (from..old_from).for_each(&mut look);
                (old_to + 1..=to).for_each(&mut look);
            }
            None => (from..=to).for_each(&mut look),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn place() -> impl Strategy<Value = Point> {
        // A city, the seam of longitudes, and near a pole.
        prop_oneof![
            (22_400_000..22_700_000, 113_800_000..114_300_000),
            (-100_000..100_000, prop_oneof![-180_000_000..-179_900_000, 179_900_000..=180_000_000]),
            (89_900_000..=90_000_000, -180_000_000..=180_000_000),
        ]
        .prop_map(|(latitude, longitude)| Point::new(latitude, longitude).unwrap())
    }

    proptest! {
        /// What the walk promises: nobody twice, and nobody missing within the metres that it names.
        #[test]
        fn rings_find_everybody_once(
            drivers in prop::collection::vec(place(), 0..60), around in place(), rings in 1_u32..12,
        ) {
            let mut grid = Grid::new(500);
            for (driver, at) in drivers.iter().enumerate() {
                grid.insert(driver as u32, at);
            }
            let mut found = Vec::new();
            let mut walk = grid.rings(&around);
            let mut within = 0;
            for _ in 0..rings {
                within = walk.widen(|driver| found.push(driver));
            }
            let count = found.len();
            found.sort_unstable();
            found.dedup();
            prop_assert_eq!(count, found.len());
            for (driver, at) in drivers.iter().enumerate() {
                if around.metres_to(at) <= within {
                    prop_assert!(found.contains(&(driver as u32)), "{at:?} within {within}");
                }
            }
        }

        #[test]
        fn who_moved_is_found_where_she_is(from in place(), to in place()) {
            let mut grid = Grid::new(400);
            grid.insert(7, &from);
            grid.shift(7, &from, &to);
            let mut found = Vec::new();
            grid.rings(&to).widen(|driver| found.push(driver));
            prop_assert_eq!(found, vec![7]);
            grid.remove(7, &to);
            prop_assert!(grid.cells.is_empty());
        }
    }
}
