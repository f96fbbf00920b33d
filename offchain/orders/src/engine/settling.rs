//! What the chain and its worker ask for.

use super::{Answer, Archive, Engine};
use crate::{
    batch::{self, Closed},
    event::{Event, Key, OrderEvent},
    order::{Order, Settlement},
    Refusal,
};
use smartlink_primitives::{ride::Ride, tariff::InForce, H256};

impl Engine {
    pub(super) fn put_tariffs(&mut self, tariffs: &[InForce]) -> Result<Answer, Refusal> {
        // The chain is asked again and again: only what is new is written down.
        if self.schedule.iter().ne(tariffs) {
            self.emit(Event::Tariffs(tariffs.to_vec()));
        }
        Ok(Answer::Done)
    }

    pub(super) fn begin_batches(&mut self, number: u64) -> Result<Answer, Refusal> {
        if self.batches.next() == 0 && number > 0 {
            self.emit(Event::BatchesBegin(number));
        }
        Ok(Answer::Done)
    }

    pub(super) fn refuse_batch(
        &mut self,
        number: u64,
        evidence_root: &H256,
        row: Option<u32>,
        reason: &str,
    ) -> Result<Answer, Refusal> {
        let open = self.batches.open().get(&number).ok_or(Refusal::NoSuchBatch)?;
        let (version, found) = open.version(evidence_root).ok_or(Refusal::NoSuchBatch)?;
        let current = version as usize + 1 == open.versions.len();
        let order = row.and_then(|row| found.orders.get(row as usize)).copied();
        if !current || order.is_none() && open.refusal == reason {
            // Said before, or about a version that is not served any more.
            return Ok(Answer::Done);
        }
        let rest = order
            .map(|held| found.orders.iter().copied().filter(|id| *id != held).collect::<Vec<_>>());
        let reason = reason.to_owned();
        self.emit(Event::BatchRefused { number, version, order, reason });
        if let Some(orders) = rest {
            self.close(number, version + 1, orders);
        }
        Ok(Answer::Done)
    }

    pub(super) fn settle_batch(
        &mut self,
        number: u64,
        evidence_root: &H256,
        block: u32,
        receipts_root: H256,
    ) -> Result<Answer, Refusal> {
        let Some(open) = self.batches.open().get(&number) else {
            // Told before, or settled before this service began.
            return if number < self.batches.next() {
                Ok(Answer::Done)
            } else {
                Err(Refusal::ForeignBatch)
            };
        };
        let (version, _) = open.version(evidence_root).ok_or(Refusal::ForeignBatch)?;
        self.emit(Event::BatchSettled { number, version, block, receipts_root });
        Ok(Answer::Done)
    }

    /// A ride that the chain refused may go into a batch again: its cause is gone.
    pub(super) fn release(
        &mut self,
        key: Key,
        id: u64,
        archive: &impl Archive,
    ) -> Result<Answer, Refusal> {
        let Some(order) = self.orders.get(id) else {
            let history = archive.history(id).ok_or(Refusal::NoSuchOrder)?;
            let order = Order::restore(id, &history).map_err(|_| Refusal::NoSuchOrder)?;
            let answer = order.answer(key).unwrap_or(Err(Refusal::State(order.state)));
            return answer.map(|()| Answer::Order(id));
        };
        if let Some(answer) = order.answer(key) {
            return answer.map(|()| Answer::Order(id));
        }
        let published = self.batches.open().values().flat_map(|open| &open.versions);
        let in_open = published.flat_map(|version| &version.orders).any(|other| *other == id);
        if !matches!(order.settlement, Settlement::Held(_)) || in_open {
            let refusal = Refusal::State(order.state);
            return self.refuse(id, key, refusal);
        }
        self.emit_order(id, key, OrderEvent::Unbatched);
        Ok(Answer::Order(id))
    }

    /// Closes what is full or has waited long enough.
    pub(super) fn close_batches(&mut self) {
        while let Some((number, version, orders)) = self.batches.ready(&self.rules, self.now_ms) {
            self.close(number, version, orders);
        }
    }

    fn close(&mut self, number: u64, version: u32, orders: Vec<u64>) {
        self.emit(Event::BatchClosed { number, version, orders });
        if let Some(closed) = self.closed(number) {
            self.effects.batches.push(closed);
        }
    }

    /// What is served of a batch.
    pub fn closed(&self, number: u64) -> Option<Closed> {
        if self.batches.is_halted() {
            return None;
        }
        let open = self.batches.open().get(&number)?;
        let current = open.current()?;
        let rides: Vec<Ride> =
            current.orders.iter().filter_map(|id| self.orders.get(*id)?.ride()).collect();
        let (company, city) = (self.rules.company, self.rules.city);
        // The rules bound the rows, and pick-ups lie within days of each other.
        let bytes = batch::encode(company, city, number, current.evidence_root, &rides);
        Some(Closed {
            number,
            version: open.versions.len().saturating_sub(1) as u32,
            rides: rides.len() as u32,
            closed_ms: open.closed_ms,
            bytes: bytes.unwrap_or_default(),
        })
    }
}
