//! Whether a batch that a worker signed may enter a block without a fee.
//!
//! ```text
//!  open? ─▶ role? ─▶ rows? ─▶ number ─▶ signature ─▶ dry run ─▶ pool: provides (company, number)
//!                               │ settled: stale        (outside of a block)      requires number - 1
//!                               └ more than AHEAD: future                            unless it is next
//! ```
//!
//! The cheapest question comes first, so that garbage costs a node next to nothing. Nobody pays for a
//! batch of a worker, so one that cannot succeed must not take the place of anything: outside of a
//! block the whole settlement is tried and rolled back. Inside, the settlement follows at once, and a
//! failure there (the clearing account was emptied in between) changes nothing: the number stays the next
//! one, and the worker tries again.

use crate::{Call, Config, Pallet};
use alloc::vec::Vec;
use frame_support::{
    ensure,
    pallet_prelude::{TransactionValidityWithRefund, Weight},
    traits::Contains,
};
use frame_system::pallet_prelude::BlockNumberFor;
use smartlink_primitives::{
    ride::RideBatch, traits::Companies, BatchNumber, CompanyId, Permissions,
};
use sp_core::sr25519;
use sp_io::crypto::sr25519_verify;
use sp_runtime::{
    traits::Zero,
    transaction_validity::{
        InvalidTransaction, TransactionPriority, TransactionSource, TransactionValidityError,
        ValidTransaction,
    },
};

/// Batches beyond the next one that may wait in the pool.
pub const AHEAD: u64 = 4;

/// Blocks for which a batch may wait in the pool: two minutes.
pub const LONGEVITY: u64 = 64;

/// A small extrinsic that pays a fee has a priority of thousands, a large batch that pays one below a
/// hundred. A worker's batch goes after the former, which take no room, and before the latter.
pub const PRIORITY: TransactionPriority = 1_000;

/// What a worker's signature begins with: nothing else that its key may sign does.
const DOMAIN: &[u8] = b"smartlink/settle-batch/1";

/// Why a batch of a worker is not let in, as the byte of [`InvalidTransaction::Custom`]. The other answers
/// are `Stale` (its number was settled), `Future` (a number before it is missing) and `BadProof` (the
/// signature is not of this key, this batch and this chain).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Refusal {
    /// The council has paused the call: wait until it is open again.
    Closed = 1,
    /// The key's account may not settle for the company: grant it the role, or renew it.
    NotPermitted = 2,
    /// The columns have different lengths, or no rows: build the batch again.
    Ragged = 3,
    /// The settlement would fail now: the dry run of the worker names the row or the reason.
    CannotSettle = 4,
}

impl From<Refusal> for TransactionValidityError {
    fn from(refusal: Refusal) -> Self {
        InvalidTransaction::Custom(refusal as u8).into()
    }
}

/// What a worker signs: the domain, the chain by its genesis hash, and the BLAKE2b-256 hash of the batch's
/// SCALE bytes.
pub fn payload<T: Config>(batch: &RideBatch) -> Vec<u8> {
    let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero());
    smartlink_worker::payload(DOMAIN, &genesis, batch)
}

/// What a batch in the pool provides, and its successor requires.
fn tag(company: CompanyId, number: BatchNumber) -> (CompanyId, BatchNumber) {
    (company, number)
}

impl<T: Config> Pallet<T> {
    /// Lets a batch of a worker in, or says why not.
    pub(crate) fn authorize_worker(
        source: TransactionSource,
        batch: &RideBatch,
        worker: &sr25519::Public,
        signature: &sr25519::Signature,
    ) -> TransactionValidityWithRefund {
        let in_block = source == TransactionSource::InBlock;
        ensure!(Self::is_open(), Refusal::Closed);
        ensure!(Self::may_settle(worker, batch.company), Refusal::NotPermitted);
        ensure!(batch.rows().is_ok(), Refusal::Ragged);
        let next = Self::next_number(batch.company);
        let ahead = batch.number.0.checked_sub(next.0).ok_or(InvalidTransaction::Stale)?;
        // In a block there is no later: what is not the next one now would only fail.
        let reach = if in_block { 0 } else { AHEAD };
        ensure!(ahead <= reach, InvalidTransaction::Future);
        let signed = sr25519_verify(signature, &payload::<T>(batch), worker);
        ensure!(signed, InvalidTransaction::BadProof);
        if !in_block {
            Self::try_rows(batch).map_err(|_| Refusal::CannotSettle)?;
        }
        Ok((Self::waits(batch, ahead), Weight::zero()))
    }

    /// How a batch waits in the pool.
    fn waits(batch: &RideBatch, ahead: u64) -> ValidTransaction {
        let (company, number) = (batch.company, batch.number);
        let mut validity = ValidTransaction::with_tag_prefix("smartlink/settle-batch")
            .priority(PRIORITY)
            .longevity(LONGEVITY)
            .propagate(true)
            .and_provides(tag(company, number));
        if ahead > 0 {
            // Above the next number, so above zero.
            let before = BatchNumber(number.0.saturating_sub(1));
            validity = validity.and_requires(tag(company, before));
        }
        validity.into()
    }

    /// Whether the chain takes batches of workers now. What a call carries does not matter to its filters,
    /// so they are asked about an empty one.
    pub(crate) fn is_open() -> bool {
        let nothing = RideBatch::new(CompanyId(0), BatchNumber(0), Default::default(), 0);
        let call = Call::<T>::settle_by_worker {
            batch: nothing,
            worker: sr25519::Public::from_raw([0; 32]),
            signature: sr25519::Signature::from_raw([0; 64]),
        };
        T::BaseCallFilter::contains(&call.into())
    }

    /// Whether the account of a key may settle for a company now.
    pub(crate) fn may_settle(worker: &sr25519::Public, company: CompanyId) -> bool {
        let account = T::AccountId::from(worker.0);
        T::Companies::authorise(&account, company, Permissions::SETTLEMENT).is_ok()
    }
}
