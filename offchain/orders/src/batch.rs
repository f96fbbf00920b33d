//! Batches of rides on their way to the chain.
//!
//! The chain takes a company's batches strictly by number, each once. A batch that was published may be settled
//! at any time, also an older version of it. Hence the rule: **a ride that was in a batch of some number gets
//! into no batch of another number until that number is final without it.**

use crate::{order::Order, rules::Rules};
use codec::{Decode, Encode};
use smartlink_primitives::{
    hash::keccak,
    merkle,
    ride::{BatchFull, Ride, RideBatch},
    BatchNumber, CityCode, CompanyId, H256,
};
use std::collections::{BTreeMap, BTreeSet};

/// Batches that are closed before they are full while the chain is behind. Beyond them rides wait until a
/// batch is full.
const MOST_SMALL: usize = 8;

/// A batch, ready for the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// Its number.
    pub number: u64,
    /// Its version.
    pub version: u32,
    /// How many rides.
    pub rides: u32,
    /// When it was closed.
    pub closed_ms: u64,
    /// [`RideBatch`] in SCALE. Empty when the chain refused its only ride: nothing is served then.
    pub bytes: Vec<u8>,
}

/// A batch that is final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Final {
    /// Its number.
    pub number: u64,
    /// The version that the chain settled.
    pub version: u32,
    /// How many rides.
    pub rides: u32,
    /// When it was closed.
    pub closed_ms: u64,
    /// In which block.
    pub block: u32,
    /// The root that proves its receipts.
    pub receipts_root: H256,
}

/// What the rides of a batch were at one time.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Version {
    /// The orders, ascending.
    pub orders: Vec<u64>,
    /// The root over the histories of the orders: it tells versions apart.
    pub evidence_root: H256,
}

/// A batch that is not final.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Open {
    /// When it was closed first.
    pub closed_ms: u64,
    /// All versions that were ever published.
    pub versions: Vec<Version>,
    /// What the chain said against it.
    pub refusal: String,
}

impl Open {
    /// The version that is served.
    pub fn current(&self) -> Option<&Version> {
        self.versions.last()
    }

    /// The version with this root.
    pub fn version(&self, evidence_root: &H256) -> Option<(u32, &Version)> {
        (0u32..).zip(&self.versions).find(|(_, version)| version.evidence_root == *evidence_root)
    }

    fn is_empty(&self) -> bool {
        self.current().is_none_or(|version| version.orders.is_empty())
    }
}

/// Rides that wait, and batches that are not final.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Batches {
    /// Number of the next new batch. 0: the chain was not asked yet.
    next: u64,
    due: BTreeSet<u64>,
    due_since_ms: u64,
    open: BTreeMap<u64, Open>,
    settled: u64,
    /// Found out anew after each start.
    #[codec(skip)]
    halted: bool,
}

impl Batches {
    /// The batches that are not final, by number.
    pub const fn open(&self) -> &BTreeMap<u64, Open> {
        &self.open
    }

    /// Rides that wait for a batch.
    pub fn due(&self) -> usize {
        self.due.len()
    }

    /// The number of the next new batch. 0: not known yet.
    pub const fn next(&self) -> u64 {
        self.next
    }

    /// How many batches of this service are final.
    pub const fn settled(&self) -> u64 {
        self.settled
    }

    /// Whether no batch is closed or served any more, because the chain settled one that is none of these.
    pub const fn is_halted(&self) -> bool {
        self.halted
    }

    pub(crate) const fn halt(&mut self) {
        self.halted = true;
    }

    pub(crate) const fn begin(&mut self, number: u64) {
        self.next = number;
    }

    pub(crate) fn wait(&mut self, order: u64, now_ms: u64) {
        if self.due.is_empty() {
            self.due_since_ms = now_ms;
        }
        self.due.insert(order);
    }

    /// When a batch has to be closed: at once when it is full or an empty one holds the others up, else
    /// by time.
    pub(crate) fn wake_ms(&self, rules: &Rules) -> Option<u64> {
        if self.next == 0 || self.due.is_empty() {
            return None;
        }
        if self.due.len() >= rules.batch_rows || self.open.values().any(Open::is_empty) {
            return Some(self.due_since_ms);
        }
        (self.open.len() < MOST_SMALL).then_some(self.due_since_ms + rules.batch_wait_ms)
    }

    /// The rides of the next batch to close now, with its number and version.
    pub(crate) fn ready(&self, rules: &Rules, now_ms: u64) -> Option<(u64, u32, Vec<u64>)> {
        if self.halted || self.next == 0 || self.due.is_empty() {
            return None;
        }
        let rows = || self.due.iter().copied().take(rules.batch_rows).collect();
        if let Some((number, open)) = self.open.iter().find(|(_, open)| open.is_empty()) {
            // A handful of versions: each comes from a refused ride.
            return Some((*number, open.versions.len() as u32, rows()));
        }
        let ripe = self.wake_ms(rules).is_some_and(|at| at <= now_ms);
        ripe.then(|| (self.next, 0, rows()))
    }

    pub(crate) fn close(&mut self, number: u64, version: Version, now_ms: u64) {
        let due = self.due.len();
        for order in &version.orders {
            self.due.remove(order);
        }
        if self.due.len() != due {
            self.due_since_ms = now_ms;
        }
        self.next = self.next.max(number + 1);
        let fresh = || Open { closed_ms: now_ms, versions: Vec::new(), refusal: String::new() };
        let open = self.open.entry(number).or_insert_with(fresh);
        if !version.orders.is_empty() {
            // It was said against the version before.
            open.refusal.clear();
        }
        open.versions.push(version);
    }

    pub(crate) fn refuse(&mut self, number: u64, reason: &str) {
        if let Some(open) = self.open.get_mut(&number) {
            open.refusal = reason.to_owned();
        }
    }

    pub(crate) fn settle(&mut self, number: u64) -> Option<Open> {
        let open = self.open.remove(&number)?;
        self.settled += 1;
        Some(open)
    }
}

/// The root over the histories of orders, in the order of the rows.
pub(crate) fn evidence_root<'a>(orders: impl Iterator<Item = &'a Order>) -> H256 {
    let leaf = |(order, row): (&Order, u32)| merkle::leaf(row, &keccak(order.history()).0);
    merkle::root(orders.zip(0u32..).map(leaf).collect())
}

/// Rides as the chain wants them.
pub(crate) fn encode(
    company: CompanyId,
    city: CityCode,
    number: u64,
    evidence_root: H256,
    rides: &[Ride],
) -> Result<Vec<u8>, BatchFull> {
    if rides.is_empty() {
        return Ok(Vec::new());
    }
    let base_time = rides.iter().map(|ride| ride.pickup).min().unwrap_or(0);
    let mut batch = RideBatch::new(company, BatchNumber(number), city, base_time);
    batch.evidence_root = evidence_root;
    for ride in rides {
        batch.push(ride)?;
    }
    Ok(batch.encode())
}
