//! What a worker remembers from one block to the next: hints that save work. The chain's number alone
//! decides what is next, so all of it may be lost, or come from another fork.

use alloc::collections::VecDeque;
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
    /// Numbers that are in the pool at most.
    most: usize,
    hints: Hints,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
struct Hints {
    company: CompanyId,
    /// Numbers in the pool, with the block at which they were sent: the one that was sent last at the end.
    sent: VecDeque<(u64, u64)>,
    /// The last refusal, by its hash, with the block at which it was reported.
    reported: Option<([u8; 32], u64)>,
}

impl Hints {
    /// Forgets the numbers that were sent first, down to `most`.
    fn bound(&mut self, most: usize) {
        let over = self.sent.len().saturating_sub(most);
        self.sent.drain(..over);
    }
}

impl Memory {
    /// What is known about a company's numbers from `next` on, of which at most `most` are in the pool.
    pub fn recall(place: &'static [u8], company: CompanyId, next: u64, most: usize) -> Self {
        let kept: Option<Hints> = StorageValueRef::persistent(place).get().unwrap_or_default();
        let mut hints = kept.filter(|kept| kept.company == company).unwrap_or_default();
        hints.company = company;
        hints.sent.retain(|(number, _)| *number >= next);
        hints.bound(most);
        Self { place, most, hints }
    }

    /// Keeps it for the next block.
    pub fn keep(&self) {
        StorageValueRef::persistent(self.place).set(&self.hints);
    }

    /// Whether a number was sent a moment before block `now`.
    pub fn was_sent(&self, number: u64, now: u64) -> bool {
        self.hints.sent.iter().any(|(sent, at)| *sent == number && lately(*at, now, SEND_AGAIN))
    }

    /// A number was sent after block `now`. When that makes more than may be in the pool, as after a fork that
    /// took numbers back, the ones that were sent first are forgotten.
    pub fn note_sent(&mut self, number: u64, now: u64) {
        self.hints.sent.retain(|(sent, _)| *sent != number);
        self.hints.sent.push_back((number, now));
        self.hints.bound(self.most);
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

#[cfg(test)]
mod tests {
    use super::*;
    use sp_core::offchain::{testing::TestOffchainExt, OffchainDbExt};

    const PLACE: &[u8] = b"smartlink/worker/test/memory";
    const COMPANY: CompanyId = CompanyId(7);

    /// A node's database around the worker.
    fn in_node(story: impl FnOnce()) {
        let (offchain, _) = TestOffchainExt::new();
        let mut node = sp_io::TestExternalities::default();
        node.register_extension(OffchainDbExt::new(offchain));
        node.execute_with(story);
    }

    /// The numbers up to 99 that count as sent at block `now`.
    fn sent(memory: &Memory, now: u64) -> alloc::vec::Vec<u64> {
        (0..100).filter(|number| memory.was_sent(*number, now)).collect()
    }

    #[test]
    fn what_was_sent_is_known_to_the_next_runs_until_it_is_to_be_sent_again() {
        in_node(|| {
            let mut memory = Memory::recall(PLACE, COMPANY, 5, 3);
            memory.note_sent(5, 10);
            memory.note_sent(6, 11);
            memory.note_sent(5, 11);
            memory.keep();
            let memory = Memory::recall(PLACE, COMPANY, 5, 3);
            assert_eq!(sent(&memory, 16), [5, 6]);
            assert!(sent(&memory, 17).is_empty());
            // A block of a fork that is gone says nothing.
            assert!(sent(&memory, 10).is_empty());
            // What is on chain is forgotten, and what was for another company.
            assert_eq!(sent(&Memory::recall(PLACE, COMPANY, 6, 3), 11), [6]);
            assert!(sent(&Memory::recall(PLACE, CompanyId(8), 1, 3), 11).is_empty());
        });
    }

    #[test]
    fn a_fork_that_takes_numbers_back_leaves_room_for_what_is_sent_after_it() {
        in_node(|| {
            let mut memory = Memory::recall(PLACE, COMPANY, 10, 3);
            (10..13).for_each(|number| memory.note_sent(number, 20));
            memory.keep();
            let mut memory = Memory::recall(PLACE, COMPANY, 5, 3);
            (5..8).for_each(|number| memory.note_sent(number, 21));
            memory.keep();
            assert_eq!(sent(&Memory::recall(PLACE, COMPANY, 5, 3), 21), [5, 6, 7]);
        });
    }

    #[test]
    fn however_much_is_sent_no_more_is_kept_than_may_be_in_the_pool() {
        in_node(|| {
            for most in 0..4 {
                let mut memory = Memory::recall(PLACE, COMPANY, 1, most);
                (1..50).for_each(|number| memory.note_sent(number, 20));
                assert_eq!(sent(&memory, 20).len(), most);
                memory.keep();
                assert_eq!(Memory::recall(PLACE, COMPANY, 1, most), memory);
                assert_eq!(sent(&Memory::recall(PLACE, COMPANY, 1, 1), 20).len(), most.min(1));
            }
        });
    }
}
