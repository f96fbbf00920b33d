//! How the state follows from events. Nothing is decided here, and nothing can be refused.

use super::{Archived, Effects, Engine, ORDER_EVENT};
use crate::{
    batch::{self, Final, Version},
    driver::Driver,
    event::{DriverEvent, Event, Key, OrderEvent, Quoted},
    order::{At, Entry, Order, Settlement},
    state::State,
};
use codec::{Compact, Decode, Encode};
use smartlink_primitives::{snowflake, tariff::Schedule, DriverId, H256};
use std::sync::Arc;

/// Why the log cannot be replayed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Replay {
    /// Entries are missing.
    #[error("entry {expected} of the order log is missing, {found} comes next: restore the store from a backup")]
    Gap {
        /// The number that should come.
        expected: u64,
        /// The number that came.
        found: u64,
    },
    /// Bytes are no entry.
    #[error("entry {0} of the order log is damaged: restore the store from a backup")]
    Damaged(u64),
}

impl Engine {
    /// Lets entries of the log happen again. What they led to is in [`take_effects`](Self::take_effects), without
    /// the entries.
    ///
    /// # Errors
    /// The log is damaged. What came before the damage has happened.
    pub fn replay(&mut self, first_sequence: u64, mut log: &[u8]) -> Result<u64, Replay> {
        let expected = self.sequence + 1;
        if first_sequence != expected {
            return Err(Replay::Gap { expected, found: first_sequence });
        }
        self.effects = Effects::default();
        self.shown = 0;
        let (mut entries, mut at_ms) = (0, 0u64);
        while !log.is_empty() {
            let damaged = |_| Replay::Damaged(self.sequence + 1);
            let later = Compact::<u64>::decode(&mut log).map_err(damaged)?.0;
            at_ms = at_ms.checked_add(later).ok_or(Replay::Damaged(self.sequence + 1))?;
            let begins = log;
            let event = Event::decode(&mut log).map_err(damaged)?;
            self.now_ms = self.now_ms.max(at_ms);
            if let Event::Order { .. } = &event {
                let encoded = &begins[..begins.len() - log.len()];
                self.encoded.clear();
                self.encoded.extend_from_slice(&encoded[ORDER_EVENT..]);
            }
            self.evolve(at_ms, event);
            entries += 1;
        }
        Ok(entries)
    }

    pub(super) fn evolve(&mut self, at_ms: u64, event: Event) {
        self.sequence += 1;
        match event {
            Event::Order { order, key, event } => self.evolve_order(order, at_ms, key, event),
            Event::Driver { driver, key, event } => self.evolve_driver(driver, at_ms, key, &event),
            Event::QuoteRefused { key, refusal } => self.remember_refused_quote(key, refusal),
            Event::Tariffs(tariffs) => self.schedule = Schedule::new(tariffs),
            Event::BatchesBegin(number) => self.batches.begin(number),
            Event::BatchClosed { number, version, orders } => {
                self.evolve_closed(number, version, orders, at_ms);
            }
            Event::BatchRefused { number, order, reason, .. } => {
                self.batches.refuse(number, &reason);
                if let Some(order) = order {
                    self.note(order, at_ms, OrderEvent::Held(reason));
                }
            }
            Event::BatchSettled { number, version, block, receipts_root } => {
                self.evolve_settled(number, version, block, receipts_root, at_ms);
            }
        }
    }

    /// Something that happened to an order; its bytes are in `encoded`.
    pub(super) fn evolve_order(&mut self, id: u64, at_ms: u64, key: Key, event: OrderEvent) {
        self.effects.orders.push(id);
        let at = At { sequence: self.sequence, ms: at_ms, key };
        let event = match event {
            OrderEvent::Quoted(quoted) => return self.evolve_quoted(id, at, quoted),
            event => event,
        };
        if let OrderEvent::Rated { by_rider: true, stars, driver } = event {
            self.count_stars(driver, stars);
        }
        let Some(order) = self.orders.get_mut(id) else {
            // A rating may come when the order is in the archive already.
            let entry = Entry { sequence: at.sequence, at_ms, key, event };
            return self.effects.late.push((id, entry));
        };
        let before = order.state;
        let (rider, driver) = (order.quoted.rider, order.offer.map(|offer| offer.driver));
        order.record(at, &event, &self.encoded);
        let driver = driver.or(order.offer.map(|offer| offer.driver));
        let (after, due) = (order.state, order.settlement == Settlement::Due);
        let released = due && event == OrderEvent::Unbatched;
        if after != before {
            self.index.pass(before, after);
            self.count_rider(rider, before, after);
        }
        if let OrderEvent::Offered { driver, .. } = &event {
            self.index.ask(id, *driver);
        }
        if let Some(driver) = driver {
            self.tell_driver(driver, id, at_ms, &event);
        }
        if released || due && after.is_over() && !before.is_over() {
            self.batches.wait(id, at_ms);
        }
        self.after_change(id, before, after, due);
    }

    fn evolve_quoted(&mut self, id: u64, at: At, quoted: Box<Quoted>) {
        self.ids.after(id);
        self.id_clock_ms = self.id_clock_ms.max(snowflake::time_ms(id));
        let order = Order::begin(id, at, quoted, &self.encoded);
        self.index.enter(&order);
        if at.key != 0 {
            self.quotes.insert(at.key, id);
        }
        if let Some(deadline) = self.deadline_ms(&order) {
            self.timers.set(deadline, id);
        }
        self.orders.insert(order);
    }

    /// Sets the next deadline, or lets the order go.
    fn after_change(&mut self, id: u64, before: State, after: State, due: bool) {
        let Some(order) = self.orders.get(id) else { return };
        if after.is_over() {
            if !before.is_over() && !due {
                // What was only quoted needs no place in the archive, unless somebody was answered about it.
                let keep = before != State::Quoted || order.answered_more_than_the_quote();
                self.let_go(id, keep);
            }
        } else if let Some(deadline) = self.deadline_ms(order) {
            self.timers.set(deadline, id);
        }
    }

    fn count_rider(&mut self, rider: u64, before: State, after: State) {
        if after.is_active() && !before.is_active() {
            *self.riders.entry(rider).or_default() += 1;
        } else if before.is_active() && after.is_over() {
            if let Some(open) = self.riders.get_mut(&rider) {
                *open = open.saturating_sub(1);
                if *open == 0 {
                    self.riders.remove(&rider);
                }
            }
        }
    }

    /// What an order's event means for its driver.
    fn tell_driver(&mut self, id: DriverId, order: u64, at_ms: u64, event: &OrderEvent) {
        let Some(driver) = self.drivers.get_mut(&id) else { return };
        match event {
            OrderEvent::Offered { .. } => {
                driver.offered = order;
                driver.offers = driver.offers.saturating_add(1);
            }
            OrderEvent::Accepted => {
                driver.offered = 0;
                driver.accepted = driver.accepted.saturating_add(1);
                if driver.current == 0 {
                    driver.current = order;
                } else {
                    driver.next = order;
                }
            }
            OrderEvent::Completed { .. } => {
                driver.trips = driver.trips.saturating_add(1);
                driver.release(order, at_ms);
            }
            OrderEvent::Abandoned => {
                driver.abandoned = driver.abandoned.saturating_add(1);
                driver.release(order, at_ms);
            }
            OrderEvent::Declined
            | OrderEvent::Lapsed
            | OrderEvent::Cancelled { .. }
            | OrderEvent::Expired => driver.release(order, at_ms),
            _ => return,
        }
        self.effects.drivers.push(id);
    }

    fn evolve_driver(&mut self, id: DriverId, at_ms: u64, key: Key, event: &DriverEvent) {
        let driver = self.drivers.entry(id).or_insert_with(|| Driver::new(id));
        let left = driver.duty.map(|duty| duty.vehicle);
        driver.change(at_ms, key, event);
        let took = driver.duty.map(|duty| duty.vehicle);
        if left != took {
            if let Some(vehicle) = left {
                self.vehicles.remove(&vehicle);
            }
            if let Some(vehicle) = took {
                self.vehicles.insert(vehicle, id);
            }
        }
        self.effects.drivers.push(id);
    }

    /// Something that follows for an order from an event about its batch.
    fn note(&mut self, id: u64, at_ms: u64, event: OrderEvent) {
        if let Some(order) = self.orders.get_mut(id) {
            let before = order.state;
            self.encoded.clear();
            event.encode_to(&mut self.encoded);
            order.record(At { sequence: self.sequence, ms: at_ms, key: 0 }, &event, &self.encoded);
            self.index.pass(before, order.state);
            self.effects.orders.push(id);
        }
    }

    fn evolve_closed(&mut self, number: u64, version: u32, orders: Vec<u64>, at_ms: u64) {
        let here = orders.iter().filter_map(|id| self.orders.get(*id));
        let evidence_root = batch::evidence_root(here);
        for (id, row) in orders.iter().zip(0u32..) {
            self.note(*id, at_ms, OrderEvent::Batched { number, version, row });
        }
        self.batches.close(number, Version { orders, evidence_root }, at_ms);
    }

    fn evolve_settled(
        &mut self,
        number: u64,
        version: u32,
        block: u32,
        receipts_root: H256,
        at_ms: u64,
    ) {
        let Some(open) = self.batches.settle(number) else { return };
        let Some(settled) = open.versions.get(version as usize) else { return };
        for (id, row) in settled.orders.iter().zip(0u32..) {
            // The row of this version, whichever was the last.
            let batched = Settlement::Batched { number, version, row };
            if self.orders.get(*id).is_some_and(|order| order.settlement != batched) {
                self.note(*id, at_ms, OrderEvent::Batched { number, version, row });
            }
            self.note(*id, at_ms, OrderEvent::Settled { block, receipts_root });
            self.let_go(*id, true);
        }
        for id in open.versions.iter().flat_map(|version| &version.orders) {
            self.give_back(*id, number, at_ms);
        }
        let rides = settled.orders.len() as u32;
        let closed_ms = open.closed_ms;
        self.effects.settled.push(Final {
            number,
            version,
            rides,
            closed_ms,
            block,
            receipts_root,
        });
    }

    /// A ride of another version of a batch that is final now: it waits for the next one.
    fn give_back(&mut self, id: u64, number: u64, at_ms: u64) {
        let Some(order) = self.orders.get(id) else { return };
        if matches!(order.settlement, Settlement::Batched { number: of, .. } if of == number) {
            self.note(id, at_ms, OrderEvent::Unbatched);
            self.batches.wait(id, at_ms);
        }
    }

    /// The order leaves the engine.
    fn let_go(&mut self, id: u64, keep: bool) {
        let Some(order) = self.orders.remove(id) else { return };
        self.index.leave(&order);
        if let Some(key) = order.quote_key() {
            self.quotes.remove(&key);
        }
        if keep {
            let driver = order.offer.map_or(0, |offer| offer.driver.0);
            let rider = order.quoted.rider;
            let history = Arc::new(order.into_history());
            self.effects.archived.push(Archived { order: id, rider, driver, history });
        }
    }
}
