//! Whether anchors that a worker signed may enter a block without a fee.
//!
//! ```text
//!  open? ─▶ role? ─▶ number ─▶ run, sequence, time ─▶ signature ─▶ pool: provides (company, number)
//!                      │ before the next: stale
//!                      └ after the next: future
//! ```
//!
//! The cheapest question comes first, so that garbage costs a node next to nothing. Nobody pays for a worker's
//! anchors, so what cannot be anchored is not let in. One call carries 64 of them and one is enough for a block, so
//! none has to wait for another in the pool. What is let in fails only when the checkpoint of the
//! block has no more room for telemetry; then the number stays the next one, and the worker tries again.

use crate::{Call, Config, Error, Pallet};
use alloc::vec::Vec;
use frame_support::{
    ensure,
    pallet_prelude::{TransactionValidityWithRefund, Weight},
    traits::Contains,
};
use frame_system::pallet_prelude::BlockNumberFor;
use smartlink_primitives::{
    telemetry::AnchorRun, traits::Companies, AnchorNumber, CompanyId, Permissions,
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

/// Blocks for which a run may wait in the pool: two minutes.
pub const LONGEVITY: u64 = 64;

/// After small extrinsics that pay a fee, like a worker's batch of rides.
pub const PRIORITY: TransactionPriority = 1_000;

/// What a worker's signature begins with: nothing else that its key may sign does.
const DOMAIN: &[u8] = b"smartlink/anchor/1";

/// Why anchors of a worker are not let in, as the byte of [`InvalidTransaction::Custom`]. The other answers are
/// `Stale` (the number was anchored), `Future` (a number before it is missing) and `BadProof` (the signature
/// is not of this key, this run and this chain).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Refusal {
    /// The council has paused the call: wait until it is open again.
    Closed = 1,
    /// The key's account may not anchor for the company: grant it the role, or renew it.
    NotPermitted = 2,
    /// The run is malformed: build it again.
    Malformed = 3,
    /// The run does not begin where the last anchor ended: cut the log without gaps, or declare the loss.
    Gap = 4,
    /// A batch was closed after the time of the last block: wait for the next one.
    TooYoung = 5,
}

impl From<Refusal> for TransactionValidityError {
    fn from(refusal: Refusal) -> Self {
        InvalidTransaction::Custom(refusal as u8).into()
    }
}

/// What a worker signs: the domain, the chain by its genesis hash, and the BLAKE2b-256 hash of the run's SCALE
/// bytes.
pub fn payload<T: Config>(run: &AnchorRun) -> Vec<u8> {
    let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero());
    smartlink_worker::payload(DOMAIN, &genesis, run)
}

impl<T: Config> Pallet<T> {
    /// Lets anchors of a worker in, or says why not. In a block it asks the same as outside.
    pub(crate) fn authorize_worker(
        _: TransactionSource,
        run: &AnchorRun,
        worker: &sr25519::Public,
        signature: &sr25519::Signature,
    ) -> TransactionValidityWithRefund {
        ensure!(Self::is_open(), Refusal::Closed);
        ensure!(Self::may_anchor(worker, run.company), Refusal::NotPermitted);
        Self::check_run(run).map_err(refuse)?;
        let signed = sr25519_verify(signature, &payload::<T>(run), worker);
        ensure!(signed, InvalidTransaction::BadProof);
        let validity = ValidTransaction::with_tag_prefix("smartlink/anchor")
            .priority(PRIORITY)
            .longevity(LONGEVITY)
            .propagate(true)
            .and_provides((run.company, run.first));
        Ok((validity.into(), Weight::zero()))
    }

    /// Whether the chain takes anchors of workers now. What a call carries does not matter to its filters, so
    /// they are asked about an empty one.
    pub(crate) fn is_open() -> bool {
        let nothing = AnchorRun {
            company: CompanyId(0),
            first: AnchorNumber(0),
            first_sequence: 0,
            batches: Default::default(),
        };
        let call = Call::<T>::anchor_by_worker {
            run: nothing,
            worker: sr25519::Public::from_raw([0; 32]),
            signature: sr25519::Signature::from_raw([0; 64]),
        };
        T::BaseCallFilter::contains(&call.into())
    }

    /// Whether the account of a key may anchor for a company now.
    pub(crate) fn may_anchor(worker: &sr25519::Public, company: CompanyId) -> bool {
        let account = T::AccountId::from(worker.0);
        T::Companies::authorise(&account, company, Permissions::TELEMETRY).is_ok()
    }
}

/// The pool's word for why a run cannot be anchored.
fn refuse<T: Config>(why: Error<T>) -> TransactionValidityError {
    match why {
        Error::AnchorRepeated => InvalidTransaction::Stale.into(),
        Error::AnchorOutOfOrder => InvalidTransaction::Future.into(),
        Error::Gap => Refusal::Gap.into(),
        Error::Future { .. } => Refusal::TooYoung.into(),
        _ => Refusal::Malformed.into(),
    }
}
