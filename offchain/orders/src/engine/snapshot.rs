//! The state in bytes, so that only what came after has to be replayed.
//!
//! A snapshot is a row of pieces: the first is everything but the orders, each other one holds some orders.

use super::{Effects, Engine};
use crate::{
    batch::Batches, driver::Driver, order::Damaged, refusal::Refusal, rules::Rules, Order,
};
use codec::{Decode, Encode};
use smartlink_primitives::tariff::Schedule;

/// Grows when the meaning of a snapshot or of a history changes.
const FORMAT: u16 = 2;

/// The first piece: everything but the orders.
#[derive(Clone, Debug, Encode, Decode)]
struct Head {
    format: u16,
    sequence: u64,
    now_ms: u64,
    last_id: u64,
    drivers: Vec<Driver>,
    refused_quotes: Vec<(u64, Refusal)>,
    schedule: Schedule,
    batches: Batches,
}

/// Why a snapshot is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// Bytes that are no snapshot.
    #[error("the snapshot of the orders is damaged: restore the store from a backup")]
    Damaged,
    /// Of another version of this program.
    #[error("the snapshot of the orders has format {0}, this program reads format {FORMAT}: start the version that wrote it")]
    Format(u16),
    /// An order in it.
    #[error(transparent)]
    Order(#[from] Damaged),
}

impl Engine {
    /// Begins a snapshot of the state as it is now, and returns its first piece. One that was on its way is
    /// given up.
    pub fn begin_snapshot(&mut self) -> Vec<u8> {
        self.orders.begin_snapshot();
        self.head().encode()
    }

    /// The next piece of the snapshot that was begun, of about so many orders. `None`: that were all. Whatever
    /// happens between two pieces is not in it.
    pub fn next_piece(&mut self, orders: usize) -> Option<Vec<u8>> {
        self.orders.next_of_snapshot(orders).map(|orders| orders.encode())
    }

    /// All pieces of a snapshot of the state as it is now. Equal states have equal ones.
    pub fn snapshot(&self) -> Vec<Vec<u8>> {
        let mut orders: Vec<_> =
            self.orders.values().map(|order| (order.id, order.history().to_vec())).collect();
        orders.sort_unstable_by_key(|(id, _)| *id);
        vec![self.head().encode(), orders.encode()]
    }

    fn head(&self) -> Head {
        let mut drivers: Vec<_> = self.drivers.values().cloned().collect();
        drivers.sort_unstable_by_key(|driver| driver.id);
        let refused = self.refused_quotes_in_order.iter();
        let refused_quotes =
            refused.filter_map(|key| Some((*key, *self.refused_quotes.get(key)?))).collect();
        Head {
            format: FORMAT,
            sequence: self.sequence,
            now_ms: self.now_ms,
            last_id: self.ids.last(),
            drivers,
            refused_quotes,
            schedule: self.schedule.clone(),
            batches: self.batches.clone(),
        }
    }

    /// The engine that made a snapshot.
    ///
    /// # Errors
    /// The pieces are no snapshot.
    pub fn restore<P: AsRef<[u8]>>(
        rules: Rules,
        pieces: impl IntoIterator<Item = P>,
    ) -> Result<Self, SnapshotError> {
        let mut pieces = pieces.into_iter();
        let first = pieces.next().ok_or(SnapshotError::Damaged)?;
        let mut engine = Self::from_head(rules, first.as_ref())?;
        for piece in pieces {
            let orders = Vec::<(u64, Vec<u8>)>::decode(&mut piece.as_ref());
            for (id, history) in orders.map_err(|_| SnapshotError::Damaged)? {
                if engine.orders.contains(id) {
                    return Err(SnapshotError::Damaged);
                }
                engine.take_in(Order::restore(id, &history)?);
            }
        }
        engine.effects = Effects { first_sequence: engine.sequence + 1, ..Effects::default() };
        Ok(engine)
    }

    fn from_head(rules: Rules, mut bytes: &[u8]) -> Result<Self, SnapshotError> {
        let format = u16::decode(&mut &bytes[..]).map_err(|_| SnapshotError::Damaged)?;
        if format != FORMAT {
            return Err(SnapshotError::Format(format));
        }
        let head = Head::decode(&mut bytes).map_err(|_| SnapshotError::Damaged)?;
        let mut engine = Self::new(rules);
        engine.sequence = head.sequence;
        engine.now_ms = head.now_ms;
        engine.ids.after(head.last_id);
        engine.schedule = head.schedule;
        engine.batches = head.batches;
        for driver in head.drivers {
            if let Some(duty) = driver.duty {
                engine.vehicles.insert(duty.vehicle, driver.id);
            }
            engine.drivers.insert(driver.id, driver);
        }
        for (key, refusal) in head.refused_quotes {
            engine.remember_refused_quote(key, refusal);
        }
        Ok(engine)
    }

    fn take_in(&mut self, order: Order) {
        let id = order.id;
        if let Some(key) = order.quote_key() {
            self.quotes.insert(key, id);
        }
        if order.state.is_active() {
            *self.riders.entry(order.quoted.rider).or_default() += 1;
        }
        if let Some(deadline) = self.deadline_ms(&order) {
            self.timers.set(deadline, id);
        }
        self.index.enter(&order);
        self.orders.insert(order);
    }
}
