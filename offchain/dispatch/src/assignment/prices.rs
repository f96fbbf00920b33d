//! What the last tick learned about the worth of each driver's time.

use std::collections::BTreeMap;

use super::{Duals, MAX_COLUMNS};

/// The prices of drivers, by their numbers.
///
/// Columns are numbered anew every tick, drivers are not: this carries prices from one tick to the next. It
/// holds the drivers of the last tick whose price was not zero, so never more than [`MAX_COLUMNS`];
/// any other driver's price is zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prices(BTreeMap<u32, i64>);

impl Prices {
    /// The driver's price, in thousandths of a second: zero or less.
    pub fn of(&self, driver: u32) -> i64 {
        self.0.get(&driver).copied().unwrap_or(0)
    }

    /// Prices to start from: one for each column, whose drivers these are.
    pub fn of_columns(&self, drivers: &[u32]) -> Vec<i64> {
        drivers.iter().map(|driver| self.of(*driver)).collect()
    }

    /// Forgets all prices and keeps those of this tick, whose columns are these drivers. Drivers
    /// beyond [`MAX_COLUMNS`], and those without a dual value, are left out.
    pub fn keep(&mut self, drivers: &[u32], duals: &Duals) {
        let priced = drivers.iter().zip(&duals.columns).take(MAX_COLUMNS);
        self.0 = priced.filter(|(_, price)| **price < 0).map(|(d, price)| (*d, *price)).collect();
    }

    /// How many drivers have a price.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no driver has a price.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_forgets_who_is_gone_and_what_is_free() {
        let mut prices = Prices::default();
        let duals = |columns: &[i64]| Duals { rows: vec![], columns: columns.to_vec() };
        prices.keep(&[7, 8, 9], &duals(&[-5, 0, -6]));
        assert_eq!(prices.of_columns(&[9, 8, 7, 1]), [-6, 0, -5, 0]);
        prices.keep(&[9], &duals(&[-1]));
        assert_eq!((prices.of(7), prices.of(9), prices.len()), (0, -1, 1));
    }
}
