//! The worker in a company's node that carries anchors from its telemetry service to the chain.
//!
//! ```text
//!   telemetry service ◀── GET  /v1/companies/{company}/anchors/{number} ── worker ── run, key, signature ─▶ pool
//!                     ◀── POST …/refused {"reason": …, "place": …} ────────┘ dry run
//! ```
//!
//! It runs after each new best block in a node that has an [`Assignment`] for it and a key of type `slwk` whose
//! account may anchor for the company. The number that it asks for is the chain's: one more than the last
//! anchor. The service answers with that anchor and as many after it as are ready, up to 64. So the worker may be
//! stopped, killed, started twice or moved to another node at any time, and a fork takes nothing with it.
//! What cannot be anchored is never sent: the service is told why instead.
//!
//! Bounds: one run at a time (a lock that expires), one call a run, 2.5 s and 3 KB for an answer.

mod refusal;
mod service;

pub use smartlink_worker::{Assignment, WorkerKey, KEY_TYPE, MAX_URL};

use crate::{authorization::payload, Call, Config, Error, Pallet};
use frame_system::{offchain::SubmitTransaction, pallet_prelude::BlockNumberFor};
use refusal::Refusal;
use service::{Telemetry, TelemetryError};
use smartlink_primitives::{telemetry::AnchorRun, AnchorNumber, CompanyId};
use smartlink_worker::{alone, first_key, Memory};
use sp_core::{offchain::Duration, sr25519};
use sp_io::offchain::timestamp;
use sp_runtime::{RuntimeAppPublic, SaturatedConversion};

/// The log's target.
const LOG: &str = "smartlink::worker";

/// Where a node writes for whom it carries anchors, in the persistent storage of off-chain workers.
pub const ASSIGNMENT: &[u8] = b"smartlink/worker/telemetry";

const LOCK: &[u8] = b"smartlink/worker/telemetry/lock";

const MEMORY: &[u8] = b"smartlink/worker/telemetry/memory";

/// A run that was killed keeps others out for this long: longer than an answer and a report take.
const LOCK_EXPIRY: Duration = Duration::from_millis(10_000);

/// Blocks between two complaints about a key without a role.
const COMPLAIN_EVERY: u64 = 30;

/// One run of the worker.
struct Run<T: Config> {
    company: CompanyId,
    service: Telemetry,
    key: WorkerKey,
    memory: Memory,
    /// The block after which it runs.
    block: u64,
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
            log::warn!(target: LOG, "telemetry service of company {company}: {error}");
        }
        run.memory.keep();
    });
    if !ran {
        log::debug!(target: LOG, "the run of an earlier block is not over");
    }
}

impl<T: Config> Run<T> {
    /// `None` when there is nothing to do: the chain stands still, or no key may anchor.
    fn new(assignment: Assignment, block: u64) -> Option<Self> {
        let company = assignment.company;
        if !Pallet::<T>::is_open() {
            log::debug!(target: LOG, "the chain takes no anchors now");
            return None;
        }
        let Some(key) = first_key(|key| Pallet::<T>::may_anchor(key, company)) else {
            if block.is_multiple_of(COMPLAIN_EVERY) {
                log::warn!(
                    target: LOG,
                    "no key of type slwk in the keystore may anchor telemetry for company {}: insert \
                     one, and grant its account the role",
                    company.0,
                );
            }
            return None;
        };
        let memory = Memory::recall(MEMORY, company, Pallet::<T>::head(company).next().0, 1);
        let service = Telemetry::new(assignment)?;
        Some(Self { company, service, key, memory, block, _runtime: Default::default() })
    }

    /// Carries what is ready from the next number on.
    fn carry(&mut self) -> Result<(), TelemetryError> {
        let next = Pallet::<T>::head(self.company).next();
        if self.memory.was_sent(next.0, self.block) {
            return Ok(());
        }
        match self.service.run(next) {
            Ok(Some(run)) => self.send_or_refuse(run),
            Ok(None) => Ok(()),
            Err(wrong @ (TelemetryError::NoRun | TelemetryError::AnotherRun)) => {
                self.report(next, Refusal::answer(wrong))?;
                Err(wrong)
            }
            Err(other) => Err(other),
        }
    }

    /// Sends a run that can be anchored, the part of it that is old enough, or reports why none can be.
    fn send_or_refuse(&mut self, mut run: AnchorRun) -> Result<(), TelemetryError> {
        match Pallet::<T>::check_run(&run) {
            Ok(_) => {
                self.send(run);
                Ok(())
            }
            // Closed by this node's clock, after the last block: the next one takes it.
            Err(Error::Future { place }) if was_closed(&run, place) => {
                run.batches.truncate(place.into());
                if !run.batches.is_empty() {
                    self.send(run);
                }
                Ok(())
            }
            Err(why) => {
                let head = Pallet::<T>::head(self.company);
                self.report(run.first, Refusal::of(&run, why, &head))
            }
        }
    }

    /// Signs a run and gives it to the pool.
    fn send(&mut self, run: AnchorRun) {
        let (first, anchors) = (run.first.0, run.batches.len());
        let Some(signature) = self.key.sign(&payload::<T>(&run)) else {
            log::warn!(target: LOG, "the keystore does not sign: look at its files and password");
            return;
        };
        let worker = sr25519::Public::from(self.key.clone());
        let signature = sr25519::Signature::from(signature);
        let call = Call::<T>::anchor_by_worker { run, worker, signature };
        let extrinsic = T::create_authorized_transaction(call.into());
        // The pool refuses what it has already: that is as good as sent.
        let pooled = SubmitTransaction::<T, Call<T>>::submit_transaction(extrinsic).is_ok();
        self.memory.note_sent(first, self.block);
        log::debug!(
            target: LOG,
            "sent {anchors} anchors of company {} from number {first} on{}",
            self.company.0,
            if pooled { "" } else { ", which the pool did not take anew" },
        );
    }

    /// Tells the service, unless it was told the same a moment ago.
    fn report(&mut self, number: AnchorNumber, refusal: Refusal) -> Result<(), TelemetryError> {
        let body = refusal.to_json();
        let hash = refusal.hash(number);
        if self.memory.was_reported(&hash, self.block) {
            return Ok(());
        }
        log::warn!(
            target: LOG,
            "the chain cannot take anchor {} of company {}: {body}",
            number.0,
            self.company.0,
        );
        self.service.refuse(number, &body)?;
        self.memory.note_reported(hash, self.block);
        Ok(())
    }
}

/// Whether this node's clock has passed the closing of a batch.
fn was_closed(run: &AnchorRun, place: u8) -> bool {
    let batch = run.batches.get(usize::from(place));
    batch.is_some_and(|batch| batch.closed_at_ms <= timestamp().unix_millis())
}
