//! What of the chain matters to orders: batches strictly by number, each once; fares recomputed; forks until a
//! batch is final.

use codec::Decode;
use smartlink_orders::command::Ask;
use smartlink_primitives::{
    fare::fare,
    hash::keccak,
    ride::{Ride, RideBatch},
    tariff::{InForce, Schedule},
    H256,
};
use std::collections::BTreeMap;

#[derive(Default)]
pub struct Chain {
    pub tariffs: Vec<InForce>,
    /// Batches in blocks, the first is number 1.
    included: Vec<Settled>,
    /// So many of them are final.
    finals: usize,
    /// What every order was charged, finally: batch, fare and tolls together.
    pub charged: BTreeMap<u64, (u64, u64)>,
}

/// A batch in a block.
#[derive(Clone, Debug)]
pub struct Settled {
    pub number: u64,
    pub evidence_root: H256,
    /// Orders, and what each is charged.
    pub rows: Vec<(u64, u64)>,
}

impl Settled {
    /// What the worker tells of it.
    pub fn told(&self) -> Ask {
        Ask::BatchSettled {
            number: self.number,
            evidence_root: self.evidence_root,
            block: self.number as u32 * 10,
            receipts_root: keccak(self.evidence_root.as_bytes()),
        }
    }
}

/// Why a batch is not settled.
#[derive(Debug, PartialEq, Eq)]
pub enum NotSettled {
    /// Its number is not the next.
    Number,
    /// A row is at fault.
    Row(u32),
}

impl Chain {
    pub fn new(tariffs: Vec<InForce>) -> Self {
        Self { tariffs, ..Self::default() }
    }

    /// The number that the next batch must have.
    pub fn next(&self) -> u64 {
        self.included.len() as u64 + 1
    }

    /// Whether everything that was settled is final.
    pub fn is_final(&self) -> bool {
        self.finals == self.included.len()
    }

    /// Settles all rows of a batch, or none.
    pub fn submit(&mut self, bytes: &[u8], bad: impl Fn(&Ride) -> bool) -> Result<(), NotSettled> {
        let batch = decode(bytes);
        if batch.number.0 != self.next() {
            return Err(NotSettled::Number);
        }
        let rows = rides(&batch).into_iter().zip(0u32..).map(|(ride, row)| {
            if bad(&ride) {
                return Err(NotSettled::Row(row));
            }
            Ok((ride.order, self.charge(&ride).ok_or(NotSettled::Row(row))?))
        });
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        assert!(rows.windows(2).all(|pair| pair[0].0 < pair[1].0), "orders ascend");
        let (number, evidence_root) = (batch.number.0, batch.evidence_root);
        self.included.push(Settled { number, evidence_root, rows });
        Ok(())
    }

    /// What the chain makes of a row, tolls included.
    pub fn charge(&self, ride: &Ride) -> Option<u64> {
        let schedule = Schedule::new(self.tariffs.clone());
        let tariff = schedule.get(schedule.at(ride.pickup)?)?;
        Some(fare(&tariff.tariff.table, ride).ok()?.total())
    }

    /// The last block that is not final is left for another one.
    pub fn fork(&mut self) -> bool {
        let can = self.included.len() > self.finals;
        if can {
            self.included.pop();
        }
        can
    }

    /// Everything in a block becomes final.
    ///
    /// # Errors
    /// An order is charged twice.
    pub fn finalize(&mut self) -> Result<Vec<Settled>, String> {
        let new = self.included[self.finals..].to_vec();
        self.finals = self.included.len();
        for settled in &new {
            for (order, charged) in &settled.rows {
                let before = self.charged.insert(*order, (settled.number, *charged));
                if let Some(before) = before {
                    return Err(format!("order {order} is charged by {before:?} and {settled:?}"));
                }
            }
        }
        Ok(new)
    }

    /// All final batches, for a worker that begins anew.
    pub fn all_final(&self) -> &[Settled] {
        &self.included[..self.finals]
    }
}

pub fn decode(bytes: &[u8]) -> RideBatch {
    RideBatch::decode(&mut &bytes[..]).expect("what is served can be decoded")
}

pub fn rides(batch: &RideBatch) -> Vec<Ride> {
    let rows = batch.rows().expect("a batch that is served has rows");
    (0..rows).map(|row| batch.ride(row).expect("below the length").expect("a kind")).collect()
}
