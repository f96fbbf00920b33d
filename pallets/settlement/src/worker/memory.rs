//! What a worker remembers from one block to the next: hints that save work. The chain's number alone
//! decides what is next, so all of it may be lost, or come from another fork.

use crate::authorization::AHEAD;
use alloc::vec::Vec;
use codec::{Decode, Encode};
use smartlink_primitives::{BatchNumber, CompanyId};
use sp_runtime::offchain::storage::StorageValueRef;

/// Blocks after which a batch that was sent and is not settled is sent again.
pub(super) const SEND_AGAIN: u64 = 6;

/// Blocks after which the same refusal is reported again.
pub(super) const REPORT_AGAIN: u64 = 30;

const MEMORY: &[u8] = b"smartlink/worker/memory";

/// Hints about the batches of one company.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub(super) struct Memory {
    company: CompanyId,
    /// Batches in the pool, with the block at which they were sent. At most `AHEAD + 1`.
    sent: Vec<(BatchNumber, u64)>,
    /// The last refusal, by its hash, with the block at which it was reported.
    reported: Option<([u8; 32], u64)>,
}

impl Memory {
    /// What is known about a company's batches from `next` on.
    pub(super) fn recall(company: CompanyId, next: BatchNumber) -> Self {
        let kept: Option<Self> = StorageValueRef::persistent(MEMORY).get().unwrap_or_default();
        let mut memory = kept.filter(|kept| kept.company == company).unwrap_or_default();
        memory.company = company;
        memory.sent.retain(|(number, _)| *number >= next);
        memory.sent.truncate(AHEAD as usize + 1);
        memory
    }

    /// Keeps it for the next block.
    pub(super) fn keep(&self) {
        StorageValueRef::persistent(MEMORY).set(self);
    }

    /// Whether a batch was sent a moment before block `now`.
    pub(super) fn was_sent(&self, number: BatchNumber, now: u64) -> bool {
        self.sent.iter().any(|(sent, at)| *sent == number && lately(*at, now, SEND_AGAIN))
    }

    pub(super) fn note_sent(&mut self, number: BatchNumber, now: u64) {
        self.sent.retain(|(sent, _)| *sent != number);
        self.sent.push((number, now));
    }

    /// Whether this refusal was reported a moment before block `now`.
    pub(super) fn was_reported(&self, refusal: &[u8; 32], now: u64) -> bool {
        self.reported.is_some_and(|(hash, at)| hash == *refusal && lately(at, now, REPORT_AGAIN))
    }

    pub(super) fn note_reported(&mut self, refusal: [u8; 32], now: u64) {
        self.reported = Some((refusal, now));
    }
}

/// Whether `at` is less than `blocks` before `now`. A block after now was on a fork that is gone.
fn lately(at: u64, now: u64, blocks: u64) -> bool {
    now.checked_sub(at).is_some_and(|passed| passed < blocks)
}
