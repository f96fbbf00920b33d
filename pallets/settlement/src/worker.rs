//! The worker in a company's node that carries closed batches from its orders service to the chain.
//!
//! ```text
//!   orders service ◀── GET  /v1/companies/{company}/batches/{number} ── worker ── batch, key, signature ─▶ pool
//!                  ◀── POST …/refused {"reason": …, "row": …} ──────────┘ dry run
//! ```
//!
//! It runs after each new best block in a node that has an [`Assignment`] and a key of type `slwk` whose
//! account may settle for the company. The number that it asks for is the chain's: one more than the last
//! settled batch. So it may be stopped, killed, started twice or moved to another node at any time, and
//! a fork takes nothing with it. What cannot be settled is never sent: the service is told the row and
//! its fault instead.
//!
//! Bounds: one run at a time (a lock that expires), at most `AHEAD + 1` batches and [`BUDGET`] a run,
//! 2.5 s and 16 MiB for an answer.

mod refusal;
mod service;

pub use smartlink_worker::{Assignment, WorkerKey, WorkerSignature, KEY_TYPE, MAX_URL};

use crate::{
    authorization::{payload, AHEAD},
    Call, Config, Pallet,
};
use frame_support::storage::with_storage_layer;
use frame_system::{offchain::SubmitTransaction, pallet_prelude::BlockNumberFor};
use refusal::Refusal;
use service::{Orders, OrdersError};
use smartlink_primitives::{ride::RideBatch, BatchNumber, CompanyId};
use smartlink_worker::{alone, first_key, Memory};
use sp_core::{
    offchain::{Duration, Timestamp},
    sr25519,
};
use sp_io::offchain::timestamp;
use sp_runtime::{RuntimeAppPublic, SaturatedConversion};

/// The log's target.
const LOG: &str = "smartlink::worker";

/// Where a node writes for whom it carries batches, in the persistent storage of off-chain workers.
pub const ASSIGNMENT: &[u8] = b"smartlink/worker";

const LOCK: &[u8] = b"smartlink/worker/lock";

const MEMORY: &[u8] = b"smartlink/worker/memory";

/// After this long a run begins no further batch.
const BUDGET: Duration = Duration::from_millis(8_000);

/// A run that was killed keeps others out for this long: longer than the last batch of a run takes.
const LOCK_EXPIRY: Duration = Duration::from_millis(20_000);

/// Blocks between two complaints about a key without a role.
const COMPLAIN_EVERY: u64 = 30;

/// One run of the worker.
struct Run<T: Config> {
    company: CompanyId,
    service: Orders,
    key: WorkerKey,
    memory: Memory,
    /// The block after which it runs.
    block: u64,
    until: Timestamp,
    _runtime: core::marker::PhantomData<T>,
}

/// Runs the worker after a block, if this node has one.
pub(crate) fn run<T: Config>(block: BlockNumberFor<T>) {
    let Some(assignment) = Assignment::read(ASSIGNMENT) else { return };
    let block: u64 = block.saturated_into();
    let ran = alone(LOCK, LOCK_EXPIRY, || {
        let Some(mut run) = Run::<T>::new(assignment, block) else { return };
        let company = run.company.0;
        if let Err(error) = run.carry() {
            log::warn!(target: LOG, "orders service of company {company}: {error}");
        }
        run.memory.keep();
    });
    if !ran {
        log::debug!(target: LOG, "the run of an earlier block is not over");
    }
}

impl<T: Config> Run<T> {
    /// `None` when there is nothing to do: the chain stands still, or no key may settle.
    fn new(assignment: Assignment, block: u64) -> Option<Self> {
        let company = assignment.company;
        if !Pallet::<T>::is_open() {
            log::debug!(target: LOG, "the chain takes no batches now");
            return None;
        }
        let Some(key) = first_key(|key| Pallet::<T>::may_settle(key, company)) else {
            if block.is_multiple_of(COMPLAIN_EVERY) {
                log::warn!(
                    target: LOG,
                    "no key of type slwk in the keystore may settle for company {}: insert one, and \
                     grant its account the role",
                    company.0,
                );
            }
            return None;
        };
        let next = Pallet::<T>::next_number(company).0;
        let memory = Memory::recall(MEMORY, company, next, AHEAD as usize + 1);
        let until = timestamp().add(BUDGET);
        let service = Orders::new(assignment)?;
        Some(Self { company, service, key, memory, block, until, _runtime: Default::default() })
    }

    /// Carries what is closed: the next batch and a few after it.
    fn carry(&mut self) -> Result<(), OrdersError> {
        let next = Pallet::<T>::next_number(self.company).0;
        for number in (next..=next.saturating_add(AHEAD)).map(BatchNumber) {
            if timestamp() > self.until {
                break;
            }
            if self.memory.was_sent(number.0, self.block) {
                continue;
            }
            match self.service.batch(number) {
                Ok(Some(batch)) => {
                    if !self.settle_or_refuse(batch)? {
                        break;
                    }
                }
                Ok(None) => break,
                Err(wrong @ (OrdersError::NotABatch | OrdersError::AnotherBatch)) => {
                    self.report(number, Refusal::answer(wrong))?;
                    return Err(wrong);
                }
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }

    /// Sends a batch that can be settled, and reports one that cannot. Whether the next one may follow.
    fn settle_or_refuse(&mut self, batch: RideBatch) -> Result<bool, OrdersError> {
        // What the dry run does to this state stays for the batches after it, and ends with the run.
        let Err(why) = with_storage_layer(|| Pallet::<T>::settle_rows(&batch)) else {
            return Ok(self.send(batch));
        };
        let refusal = Refusal::of::<T>(&batch, why);
        if refusal.passes(&batch, timestamp()) {
            log::debug!(target: LOG, "batch {} is younger than the chain's clock", batch.number.0);
            return Ok(false);
        }
        self.report(batch.number, refusal)?;
        Ok(false)
    }

    /// Signs a batch and gives it to the pool.
    fn send(&mut self, batch: RideBatch) -> bool {
        let (number, rides) = (batch.number, batch.orders.len());
        let Some(signature) = self.key.sign(&payload::<T>(&batch)) else {
            log::warn!(target: LOG, "the keystore does not sign: look at its files and password");
            return false;
        };
        let worker = sr25519::Public::from(self.key.clone());
        let signature = sr25519::Signature::from(signature);
        let call = Call::<T>::settle_by_worker { batch, worker, signature };
        let extrinsic = T::create_authorized_transaction(call.into());
        // The pool refuses what it has already: that is as good as sent.
        let pooled = SubmitTransaction::<T, Call<T>>::submit_transaction(extrinsic).is_ok();
        self.memory.note_sent(number.0, self.block);
        log::info!(
            target: LOG,
            "sent batch {} of company {} with {rides} rides{}",
            number.0,
            self.company.0,
            if pooled { "" } else { ", which the pool did not take anew" },
        );
        true
    }

    /// Tells the service, unless it was told the same a moment ago.
    fn report(&mut self, number: BatchNumber, refusal: Refusal) -> Result<(), OrdersError> {
        let body = refusal.to_json();
        let hash = refusal.hash(number);
        if self.memory.was_reported(&hash, self.block) {
            return Ok(());
        }
        log::warn!(
            target: LOG,
            "the chain cannot take batch {} of company {}: {body}",
            number.0,
            self.company.0,
        );
        self.service.refuse(number, &body)?;
        self.memory.note_reported(hash, self.block);
        Ok(())
    }
}
