//! The worker of the chain: carries batches there, and tells what became of them.

use super::{chance::Chance, figures::Figures, network::Message, service::Service};
use crate::city::chain::{Chain, NotSettled, Settled};
use smartlink_orders::{command::Ask, Command};
use smartlink_primitives::ride::Ride;

/// Copies that may still be sent, whatever number is the next.
const COPIES: usize = 6;

pub struct Worker {
    pub chain: Chain,
    /// Copies that are still about, also of versions that are not served any more.
    copies: Vec<(u64, Vec<u8>)>,
    /// Final batches of which the service is told until it has them.
    told: Vec<Settled>,
    /// Seats that the chain does not pay now.
    bad_seats: Vec<u32>,
}

impl Worker {
    pub fn new(chain: Chain) -> Self {
        Self { chain, copies: Vec::new(), told: Vec::new(), bad_seats: Vec::new() }
    }

    /// Takes the next batch that is served to the chain, or an old copy.
    pub fn carry(
        &mut self,
        service: &Service,
        chance: &mut Chance,
        figures: &mut Figures,
    ) -> Option<Message> {
        service.engine()?;
        let next = self.chain.next();
        let served = service.disk.served.get(&next).filter(|closed| !closed.bytes.is_empty());
        if let Some(closed) = served {
            let known = self.copies.iter().any(|(_, bytes)| *bytes == closed.bytes);
            if !known {
                self.copies.push((next, closed.bytes.clone()));
            }
        }
        let last = self.copies.len().saturating_sub(COPIES);
        let about = match chance.below(3) {
            0 => self.copies[last..].iter().collect(),
            1 => self.copies.iter().filter(|(number, _)| *number == next).collect(),
            _ => Vec::new(),
        };
        let copy = chance.pick(&about).map(|(_, bytes)| bytes);
        figures.copies_submitted += u64::from(copy.is_some());
        let bytes = copy.or(served.map(|closed| &closed.bytes))?;
        Some(Message::Batch(bytes.clone()))
    }

    /// A batch comes to the chain.
    pub fn arrive(&mut self, bytes: &[u8], service: &Service, figures: &mut Figures) {
        let number = self.chain.next();
        let served = service.disk.served.get(&number).map(|closed| closed.bytes.as_slice());
        let older = served.is_some_and(|served| served != bytes);
        let bad = &self.bad_seats;
        let settled = self.chain.submit(bytes, |ride: &Ride| bad.contains(&ride.seat.0));
        figures.older_versions_settled += u64::from(settled == Ok(()) && older);
    }

    /// What the chain would say against the batch that is served, told to the service.
    pub fn complain(&mut self, service: &Service, figures: &mut Figures) -> Option<Command> {
        service.engine()?;
        let closed = service.disk.served.get(&self.chain.next())?;
        if closed.bytes.is_empty() {
            return None;
        }
        let bad = &self.bad_seats;
        let tried = self.chain.submit(&closed.bytes, |ride: &Ride| bad.contains(&ride.seat.0));
        match tried {
            Ok(()) => {
                // It was only tried.
                self.chain.fork();
                None
            }
            Err(NotSettled::Number) => None,
            Err(NotSettled::Row(row)) => {
                figures.rows_refused += 1;
                let batch = crate::city::chain::decode(&closed.bytes);
                let ask = Ask::BatchRefused {
                    number: closed.number,
                    evidence_root: batch.evidence_root,
                    row: Some(row),
                    reason: "its driver is not active".to_owned(),
                };
                Some(Command { key: 0, ask })
            }
        }
    }

    /// A driver is suspended for a while, or all are active again.
    pub fn whim(&mut self, chance: &mut Chance) {
        if self.bad_seats.len() < 2 && chance.once_in(2) {
            self.bad_seats.push(11 + chance.below(super::clients::DRIVERS.into()) as u32);
        } else {
            self.bad_seats.clear();
        }
    }

    pub fn calm_down(&mut self) {
        self.bad_seats.clear();
    }

    pub fn finalize(&mut self, figures: &mut Figures) -> Result<(), String> {
        for settled in self.chain.finalize()? {
            figures.batches_final += 1;
            figures.rides_charged += settled.rows.len() as u64;
            self.told.push(settled);
        }
        Ok(())
    }

    /// Tells of a final batch: the first that the service does not know, sometimes any.
    pub fn tell(&mut self, service: &Service, chance: &mut Chance) -> Option<Command> {
        let engine = service.engine()?;
        if engine.batches().next() == 0 || chance.once_in(40) {
            return Some(Command { key: 0, ask: Ask::BatchesBegin(1) });
        }
        let first =
            self.told.iter().find(|settled| engine.batches().open().contains_key(&settled.number));
        let any = chance.pick(&(0..self.told.len()).collect::<Vec<_>>());
        let any = any.filter(|_| chance.once_in(4)).map(|at| &self.told[at]);
        let settled = any.or(first)?;
        Some(Command { key: 0, ask: settled.told() })
    }
}
