//! What the orders service says: open orders, and drivers on duty.

use std::collections::{BTreeMap, HashMap};

use crate::{class::VehicleClass, decision::Outcome, geo::Point};

/// Where an order is in its life, as far as the dispatcher cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It wants a driver.
    Searching,
    /// It is offered to a driver, who has not answered yet.
    Offered,
    /// A driver is on her way to it, or waits for the rider.
    Fetching,
    /// The rider is in the vehicle.
    Riding,
    /// Over, or not begun: nothing for the dispatcher.
    Closed,
}

/// An order, as the orders service tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderNews {
    /// The order.
    pub order: u64,
    /// Grows with every change. An older one than known is ignored.
    pub revision: u64,
    /// Where it is in its life.
    pub phase: Phase,
    /// What was ordered.
    pub class: VehicleClass,
    /// Where the rider is.
    pub pickup: Point,
    /// Where she wants to go.
    pub dropoff: Point,
    /// When this became so, in milliseconds of the Unix epoch.
    pub at_ms: u64,
    /// When the rider wants to be fetched. `None`: at once.
    pub pickup_at_ms: Option<u64>,
    /// Who has it, or to whom it is offered.
    pub driver: Option<u32>,
    /// Who is not to get it.
    pub excluded: Vec<u32>,
}

/// A driver, as the orders service tells her.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriverNews {
    /// The driver.
    pub driver: u32,
    /// Whether she takes orders.
    pub on_duty: bool,
    /// Her vehicle's class.
    pub class: VehicleClass,
    /// The order she is on.
    pub order: Option<u64>,
    /// The order that she fetches after it.
    pub next_order: Option<u64>,
    /// The order that is offered to her.
    pub offered: Option<u64>,
    /// Since when she has had nothing to do, in milliseconds of the Unix epoch.
    pub idle_since_ms: u64,
    /// Thousandths of a star. `None`: nobody has rated her yet.
    pub rating_permille: Option<u32>,
    /// Offers that she got.
    pub offers: u32,
    /// Offers that she accepted.
    pub accepted: u32,
    /// Orders that she gave back.
    pub abandoned: u32,
}

/// An order and what the dispatcher remembers of it.
#[derive(Clone, Debug)]
pub(crate) struct OpenOrder {
    pub(crate) news: OrderNews,
    /// Since when the dispatcher has known it to be searched for.
    pub(crate) waiting_since_ms: u64,
    /// An offer of it is on its way until then.
    pub(crate) reserved_until_ms: u64,
    /// What was last written down about it.
    pub(crate) noted: Option<Noted>,
}

/// The gist of a decision that was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Noted {
    pub(crate) outcome: Outcome,
    pub(crate) driver: Option<u32>,
    pub(crate) at_ms: u64,
}

/// All open orders and all drivers.
#[derive(Clone, Debug)]
pub(crate) struct Market {
    orders_bound: usize,
    drivers_bound: usize,
    orders: BTreeMap<u64, OpenOrder>,
    drivers: HashMap<u32, DriverNews>,
    /// Orders that have a driver, by driver. At most a few each.
    engaged: HashMap<u32, Vec<u64>>,
    /// Drivers to whom an offer is on its way, and until when.
    reserved: HashMap<u32, (u64, u64)>,
    searching: usize,
}

impl Market {
    pub(crate) fn new(orders_bound: usize, drivers_bound: usize) -> Self {
        Self {
            orders_bound,
            drivers_bound,
            orders: BTreeMap::new(),
            drivers: HashMap::new(),
            engaged: HashMap::new(),
            reserved: HashMap::new(),
            searching: 0,
        }
    }

    /// Takes an order's news. Says whether it is known now: a new order is not, when there are too many.
    pub(crate) fn order(&mut self, mut news: OrderNews) -> bool {
        news.excluded.sort_unstable();
        news.excluded.dedup();
        let order = news.order;
        let old = match self.orders.get(&order) {
            Some(old) if old.news.revision > news.revision => return true,
            Some(_) => self.forget(order),
            None if news.phase == Phase::Closed => return true,
            None if self.orders.len() >= self.orders_bound => return false,
            None => None,
        };
        if news.phase == Phase::Closed {
            return true;
        }
        // An order that was given back has waited since it was first searched for.
        let waited = old.as_ref().map_or(news.at_ms, |old| old.waiting_since_ms);
        let waiting_since_ms = waited.min(news.at_ms);
        // A repetition of what is known does not end a reservation, a change does.
        let same = old.as_ref().is_some_and(|old| old.news.revision == news.revision);
        let reserved_until_ms =
            old.as_ref().filter(|_| same).map_or(0, |old| old.reserved_until_ms);
        let noted = old.and_then(|old| old.noted);
        self.searching += usize::from(news.phase == Phase::Searching);
        if let Some(driver) = news.driver.filter(|_| news.phase != Phase::Searching) {
            self.engaged.entry(driver).or_default().push(order);
        }
        self.orders.insert(order, OpenOrder { news, waiting_since_ms, reserved_until_ms, noted });
        true
    }

    /// Takes a driver's news. Says whether she is known now: a new one is not, when there are too many.
    pub(crate) fn driver(&mut self, news: DriverNews) -> bool {
        if !news.on_duty && news.order.is_none() {
            self.drivers.remove(&news.driver);
            return true;
        }
        if !self.drivers.contains_key(&news.driver) && self.drivers.len() >= self.drivers_bound {
            return false;
        }
        self.drivers.insert(news.driver, news);
        true
    }

    /// Replaces everything by a snapshot. What the dispatcher itself remembers of orders stays.
    pub(crate) fn replace(&mut self, orders: Vec<OrderNews>, drivers: Vec<DriverNews>) -> usize {
        let mut fresh = Self::new(self.orders_bound, self.drivers_bound);
        let mut refused = 0;
        for news in orders {
            let order = news.order;
            refused += usize::from(!fresh.order(news));
            let (Some(new), Some(old)) = (fresh.orders.get_mut(&order), self.orders.get(&order))
            else {
                continue;
            };
            new.noted = old.noted;
            new.waiting_since_ms = new.waiting_since_ms.min(old.waiting_since_ms);
            if new.news.revision == old.news.revision {
                new.reserved_until_ms = old.reserved_until_ms;
            }
        }
        for news in drivers {
            refused += usize::from(!fresh.driver(news));
        }
        fresh.reserved = std::mem::take(&mut self.reserved);
        *self = fresh;
        refused
    }

    pub(crate) fn open(&self, order: u64) -> Option<&OpenOrder> {
        self.orders.get(&order)
    }

    pub(crate) fn searching(&self) -> impl Iterator<Item = &OpenOrder> {
        self.orders.values().filter(|order| order.news.phase == Phase::Searching)
    }

    pub(crate) const fn searching_count(&self) -> usize {
        self.searching
    }

    pub(crate) fn of(&self, driver: u32) -> Option<&DriverNews> {
        self.drivers.get(&driver)
    }

    /// Orders that a driver has or is offered.
    pub(crate) fn engagements(&self, driver: u32) -> impl Iterator<Item = &OpenOrder> {
        let orders = self.engaged.get(&driver).map_or(&[][..], Vec::as_slice);
        orders.iter().filter_map(|order| self.orders.get(order))
    }

    /// The order whose offer to this driver is on its way.
    pub(crate) fn reservation(&self, driver: u32, now_ms: u64) -> Option<u64> {
        self.reserved.get(&driver).filter(|(_, until)| *until > now_ms).map(|(order, _)| *order)
    }

    pub(crate) fn reserve(&mut self, order: u64, driver: u32, until_ms: u64) {
        if let Some(open) = self.orders.get_mut(&order) {
            open.reserved_until_ms = until_ms;
            self.reserved.insert(driver, (order, until_ms));
        }
    }

    /// An offer was answered: whatever it led to is in the news.
    pub(crate) fn release(&mut self, order: u64, driver: u32) {
        if let Some(open) = self.orders.get_mut(&order) {
            open.reserved_until_ms = 0;
        }
        if self.reserved.get(&driver).is_some_and(|(reserved, _)| *reserved == order) {
            self.reserved.remove(&driver);
        }
    }

    /// Leaves an order alone until then, or until there is news of it.
    pub(crate) fn rest(&mut self, order: u64, until_ms: u64) {
        if let Some(open) = self.orders.get_mut(&order) {
            open.reserved_until_ms = until_ms;
        }
    }

    /// Drops reservations that nobody answered for.
    pub(crate) fn lapse(&mut self, now_ms: u64) {
        self.reserved.retain(|_, (_, until)| *until > now_ms);
    }

    pub(crate) fn note(&mut self, order: u64, noted: Noted) {
        if let Some(open) = self.orders.get_mut(&order) {
            open.noted = Some(noted);
        }
    }

    fn forget(&mut self, order: u64) -> Option<OpenOrder> {
        let old = self.orders.remove(&order)?;
        self.searching -= usize::from(old.news.phase == Phase::Searching);
        if let Some(driver) = old.news.driver {
            if let Some(orders) = self.engaged.get_mut(&driver) {
                orders.retain(|other| *other != order);
                if orders.is_empty() {
                    self.engaged.remove(&driver);
                }
            }
        }
        Some(old)
    }
}
