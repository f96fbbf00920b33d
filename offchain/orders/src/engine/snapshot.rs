//! The state in bytes, so that only what came after has to be replayed.

use super::{Effects, Engine};
use crate::{
    batch::Batches, driver::Driver, order::Damaged, refusal::Refusal, rules::Rules, Order,
};
use codec::{Decode, Encode};
use smartlink_primitives::tariff::Schedule;

/// Grows when the meaning of a snapshot changes.
const FORMAT: u16 = 1;

/// The state of an engine.
#[derive(Clone, Debug, Encode, Decode)]
pub struct Snapshot {
    format: u16,
    /// Number of the last entry that it contains.
    pub sequence: u64,
    now_ms: u64,
    last_id: u64,
    orders: Vec<(u64, Vec<u8>)>,
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
    /// The state as it is now.
    pub fn snapshot(&self) -> Snapshot {
        let mut orders: Vec<_> =
            self.orders.values().map(|order| (order.id, order.history().to_vec())).collect();
        orders.sort_unstable_by_key(|(id, _)| *id);
        let mut drivers: Vec<_> = self.drivers.values().cloned().collect();
        drivers.sort_unstable_by_key(|driver| driver.id);
        let refused = self.refused_quotes_in_order.iter();
        let refused_quotes =
            refused.filter_map(|key| Some((*key, *self.refused_quotes.get(key)?))).collect();
        Snapshot {
            format: FORMAT,
            sequence: self.sequence,
            now_ms: self.now_ms,
            last_id: self.ids.last(),
            orders,
            drivers,
            refused_quotes,
            schedule: self.schedule.clone(),
            batches: self.batches.clone(),
        }
    }

    /// The engine that made a snapshot.
    ///
    /// # Errors
    /// The bytes are no snapshot.
    pub fn restore(rules: Rules, mut bytes: &[u8]) -> Result<Self, SnapshotError> {
        let format = u16::decode(&mut &bytes[..]).map_err(|_| SnapshotError::Damaged)?;
        if format != FORMAT {
            return Err(SnapshotError::Format(format));
        }
        let snapshot = Snapshot::decode(&mut bytes).map_err(|_| SnapshotError::Damaged)?;
        let mut engine = Self::new(rules);
        engine.sequence = snapshot.sequence;
        engine.now_ms = snapshot.now_ms;
        engine.ids.after(snapshot.last_id);
        engine.schedule = snapshot.schedule;
        engine.batches = snapshot.batches;
        for driver in snapshot.drivers {
            if let Some(duty) = driver.duty {
                engine.vehicles.insert(duty.vehicle, driver.id);
            }
            engine.drivers.insert(driver.id, driver);
        }
        for (key, refusal) in snapshot.refused_quotes {
            engine.remember_refused_quote(key, refusal);
        }
        for (id, history) in snapshot.orders {
            engine.take_in(Order::restore(id, &history)?);
        }
        engine.effects = Effects { first_sequence: engine.sequence + 1, ..Effects::default() };
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
        self.orders.insert(id, order);
    }
}
