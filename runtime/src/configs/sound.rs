//! What the council may not enact, because it would stop the chain for good, be it by a mistyped number.

use crate::{BlockNumber, Runtime, RuntimeCall};
use frame_support::traits::Contains;

/// The longest delay of a change of consensus, in blocks: two days and seven hours, where a thousand blocks are usual. The pallets
/// add it to the number of a block, one of them twice, without a look at the sum: beyond 32 bits no block can be ended any more.
pub const LONGEST_DELAY: BlockNumber = 100_000;

/// Pages of 64 KiB that the heap of the runtime has at least and at most when the council sets them: nodes use 2,048. With none no node can
/// run a block any more, nor with more than a memory of wasm has.
pub const HEAP_PAGES: core::ops::RangeInclusive<u64> = 1_024..=16_384;

/// Every call but those with a delay above [`LONGEST_DELAY`], with a heap beyond [`HEAP_PAGES`], or that keep out all
/// transactions and with them the votes that would let them in again; wherever they stand in it: in a batch, under another origin,
/// scheduled for later. What a proxy or a multisig does is never done by the root.
pub struct Sound;

impl Contains<RuntimeCall> for Sound {
    fn contains(call: &RuntimeCall) -> bool {
        is_sound(call)
    }
}

fn is_sound(call: &RuntimeCall) -> bool {
    use pallet_utility::Call as Utility;
    match call {
        RuntimeCall::Grandpa(pallet_grandpa::Call::note_stalled { delay, .. }) => {
            *delay <= LONGEST_DELAY
        }
        RuntimeCall::Beefy(pallet_beefy::Call::set_new_genesis { delay_in_blocks }) => {
            *delay_in_blocks <= LONGEST_DELAY
        }
        RuntimeCall::System(frame_system::Call::set_heap_pages { pages }) => {
            HEAP_PAGES.contains(pages)
        }
        RuntimeCall::MultiBlockMigrations(pallet_migrations::Call::force_set_cursor {
            cursor: Some(pallet_migrations::MigrationCursor::Stuck),
        }) => false,
        RuntimeCall::Utility(
            Utility::batch { calls }
            | Utility::batch_all { calls }
            | Utility::force_batch { calls },
        ) => calls.iter().all(is_sound),
        RuntimeCall::Utility(
            Utility::as_derivative { call, .. }
            | Utility::dispatch_as { call, .. }
            | Utility::dispatch_as_fallible { call, .. }
            | Utility::with_weight { call, .. },
        ) => is_sound(call),
        RuntimeCall::Utility(Utility::if_else { main, fallback }) => {
            is_sound(main) && is_sound(fallback)
        }
        RuntimeCall::Scheduler(call) => later(call).is_none_or(is_sound),
        RuntimeCall::Consortium(pallet_consortium::Call::enact { call }) => is_sound(call),
        _ => true,
    }
}

/// What a call of the scheduler has done later.
fn later(call: &pallet_scheduler::Call<Runtime>) -> Option<&RuntimeCall> {
    use pallet_scheduler::Call as Scheduler;
    match call {
        Scheduler::schedule { call, .. }
        | Scheduler::schedule_named { call, .. }
        | Scheduler::schedule_after { call, .. }
        | Scheduler::schedule_named_after { call, .. } => Some(call),
        _ => None,
    }
}
