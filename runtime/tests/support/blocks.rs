//! Blocks of the local chain, made one after the other as validators make them.

use codec::Encode;
use frame_support::storage::{with_transaction, TransactionOutcome};
use smartlink_runtime::{
    configs::SLOT_MILLIS, Executive, Hash, Header, Runtime, RuntimeCall, Session, System,
    UncheckedExtrinsic,
};
use sp_consensus_babe::{
    digests::{PreDigest, SecondaryPlainPreDigest},
    BABE_ENGINE_ID,
};
use sp_runtime::{traits::Header as _, Digest, DigestItem, DispatchError};

/// The end of the chain.
pub struct Blocks {
    /// The last block.
    parent: Hash,
    /// Its slot.
    slot: u64,
}

impl Blocks {
    /// A chain whose first block, a slot later, is made at this second of the Unix epoch.
    pub fn before(seconds: u64) -> Self {
        Self { parent: Hash::zero(), slot: seconds * 1_000 / SLOT_MILLIS - 1 }
    }

    /// Begins a block in the slot that follows the last one by `slots`, with the time as its first
    /// extrinsic.
    pub fn begin(&mut self, slots: u64) {
        self.slot += slots;
        // In turns, as far as they can.
        let validators = Session::validators().len() as u64;
        let turns = (self.slot..=self.slot + validators).map(|slot| slot % validators.max(1));
        let made = turns.map(|turn| turn as u32).any(|author| self.try_author(author));
        assert!(made, "all validators are disabled");
        let now = self.slot * SLOT_MILLIS;
        let time = RuntimeCall::Timestamp(pallet_timestamp::Call::<Runtime>::set { now });
        let taken = Executive::apply_extrinsic(UncheckedExtrinsic::new_bare(time));
        assert_eq!(taken, Ok(Ok(())), "the time is taken");
    }

    /// Begins the block as the validator at this place, unless it is disabled, or the block itself
    /// disables it: such an author cannot end a block.
    fn try_author(&self, author: u32) -> bool {
        with_transaction(|| {
            Executive::initialize_block(&self.header(author));
            match Session::disabled_validators().contains(&author) {
                true => TransactionOutcome::Rollback(Ok::<_, DispatchError>(false)),
                false => TransactionOutcome::Commit(Ok(true)),
            }
        })
        .expect("one transaction fits into none")
    }

    fn header(&self, author: u32) -> Header {
        let claim = SecondaryPlainPreDigest { authority_index: author, slot: self.slot.into() };
        let claim = PreDigest::SecondaryPlain(claim).encode();
        let digest = Digest { logs: vec![DigestItem::PreRuntime(BABE_ENGINE_ID, claim)] };
        let number = System::block_number() + 1;
        Header::new(number, Hash::zero(), Hash::zero(), self.parent, digest)
    }

    /// Ends the block that was begun.
    pub fn end(&mut self) {
        self.parent = Executive::finalize_block().hash();
    }
}
