//! Who has which orders, and how many are in which state, without looking at all of them.

use crate::{order::Order, state::State};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use smartlink_primitives::DriverId;

/// Most people have one order, or two.
type Ids = SmallVec<[u64; 2]>;

/// Finds the orders of the engine.
#[derive(Clone, Debug, Default)]
pub struct Index {
    by_rider: FxHashMap<u64, Ids>,
    /// By every driver who was asked.
    by_driver: FxHashMap<DriverId, Ids>,
    counts: [u64; 14],
}

impl Index {
    /// Orders of a rider.
    pub fn of_rider(&self, rider: u64) -> &[u64] {
        self.by_rider.get(&rider).map_or(&[], SmallVec::as_slice)
    }

    /// Orders that a driver was asked for.
    pub fn of_driver(&self, driver: DriverId) -> &[u64] {
        self.by_driver.get(&driver).map_or(&[], SmallVec::as_slice)
    }

    /// How many orders are in a state.
    pub const fn count(&self, state: State) -> u64 {
        self.counts[state as usize]
    }

    /// An order is here.
    pub(super) fn enter(&mut self, order: &Order) {
        self.by_rider.entry(order.quoted.rider).or_default().push(order.id);
        for driver in asked(order) {
            self.ask(order.id, driver);
        }
        self.counts[order.state as usize] += 1;
    }

    /// An order is in another state.
    pub(super) const fn pass(&mut self, before: State, after: State) {
        self.counts[before as usize] -= 1;
        self.counts[after as usize] += 1;
    }

    /// A driver was asked.
    pub(super) fn ask(&mut self, order: u64, driver: DriverId) {
        self.by_driver.entry(driver).or_default().push(order);
    }

    /// An order is here no longer.
    pub(super) fn leave(&mut self, order: &Order) {
        take(&mut self.by_rider, order.quoted.rider, order.id);
        for driver in asked(order) {
            take(&mut self.by_driver, driver, order.id);
        }
        self.counts[order.state as usize] -= 1;
    }
}

/// Everybody who was asked for an order.
fn asked(order: &Order) -> impl Iterator<Item = DriverId> + '_ {
    let current = order.offer.map(|offer| offer.driver);
    let before = order.excluded.iter().copied().filter(move |driver| Some(*driver) != current);
    before.chain(current)
}

fn take<K: std::hash::Hash + Eq>(of: &mut FxHashMap<K, Ids>, key: K, order: u64) {
    if let Some(orders) = of.get_mut(&key) {
        orders.retain(|id| *id != order);
        if orders.is_empty() {
            of.remove(&key);
        }
    }
}
