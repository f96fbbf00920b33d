//! What a worker remembers from one block to the next: hints that save work. The chain's number alone
//! decides what is next, so all of it may be lost, or come from another fork.

use alloc::vec::Vec;
use codec::{Decode, Encode};
use smartlink_primitives::CompanyId;
use sp_runtime::offchain::storage::StorageValueRef;

/// Blocks after which something that was sent and is not on chain is sent again.
pub const SEND_AGAIN: u64 = 6;

/// Blocks after which the same refusal is reported again.
pub const REPORT_AGAIN: u64 = 30;

/// Hints about what a worker carries for one company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Where it is kept, in the persistent storage of off-chain workers.
    place: &'static [u8],
    hints: Hints,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
struct Hints {
    company: CompanyId,
    /// Numbers in the pool, with the block at which they were sent.
    sent: Vec<(u64, u64)>,
    /// The last refusal, by its hash, with the block at which it was reported.
    reported: Option<([u8; 32], u64)>,
}

impl Memory {
    /// What is known about a company's numbers from `next` on, of which at most `most` are in the pool.
    pub fn recall(place: &'static [u8], company: CompanyId, next: u64, most: usize) -> Self {
        let kept: Option<Hints> = StorageValueRef::persistent(place).get().unwrap_or_default();
        let mut hints = kept.filter(|kept| kept.company == company).unwrap_or_default();
        hints.company = company;
        hints.sent.retain(|(number, _)| *number >= next);
        hints.sent.truncate(most);
        Self { place, hints }
    }

    /// Keeps it for the next block.
    pub fn keep(&self) {
        StorageValueRef::persistent(self.place).set(&self.hints);
    }

    /// Whether a number was sent a moment before block `now`.
    pub fn was_sent(&self, number: u64, now: u64) -> bool {
        self.hints.sent.iter().any(|(sent, at)| *sent == number && lately(*at, now, SEND_AGAIN))
    }

    /// A number was sent after block `now`.
    pub fn note_sent(&mut self, number: u64, now: u64) {
        self.hints.sent.retain(|(sent, _)| *sent != number);
        self.hints.sent.push((number, now));
    }

    /// Whether this refusal was reported a moment before block `now`.
    pub fn was_reported(&self, refusal: &[u8; 32], now: u64) -> bool {
        let reported = self.hints.reported;
        reported.is_some_and(|(hash, at)| hash == *refusal && lately(at, now, REPORT_AGAIN))
    }

    /// A refusal was reported after block `now`.
    pub fn note_reported(&mut self, refusal: [u8; 32], now: u64) {
        self.hints.reported = Some((refusal, now));
    }
}

/// Whether `at` is less than `blocks` before `now`. A block after now was on a fork that is gone.
fn lately(at: u64, now: u64, blocks: u64) -> bool {
    now.checked_sub(at).is_some_and(|passed| passed < blocks)
}
