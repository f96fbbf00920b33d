//! Batches that a worker signed: let in, kept out, and settled once.

use super::*;
use crate::{
    authorization::{payload, Refusal, AHEAD, LONGEVITY, PRIORITY},
    Call,
};
use codec::DecodeAll;
use frame_support::dispatch::GetDispatchInfo;
use smartlink_primitives::H256;
use sp_core::{sr25519, Pair};
use sp_runtime::{
    traits::{Applyable, Checkable},
    transaction_validity::{
        InvalidTransaction, TransactionSource, TransactionValidity, TransactionValidityError,
    },
};

pub(super) fn worker_key() -> sr25519::Pair {
    sr25519::Pair::from_string("//Alice//worker", None).expect("a secret of development")
}

fn signed_by(key: &sr25519::Pair, batch: RideBatch) -> Call<Test> {
    let signature = key.sign(&payload::<Test>(&batch));
    Call::settle_by_worker { batch, worker: key.public(), signature }
}

fn signed(batch: RideBatch) -> Call<Test> {
    signed_by(&worker_key(), batch)
}

fn extrinsic(call: Call<Test>) -> Extrinsic {
    Extrinsic::new_transaction(call.into(), Extension::new())
}

/// What the pool is told about it.
fn pool(call: &Call<Test>) -> TransactionValidity {
    let extrinsic = extrinsic(call.clone());
    let (info, bytes) = (extrinsic.get_dispatch_info(), extrinsic.encoded_size());
    let checked = extrinsic.check(&frame_system::ChainContext::<Test>::default())?;
    checked.validate::<Test>(TransactionSource::External, &info, bytes)
}

/// Puts it into the block: whether it was let in, and what became of it.
fn block(call: &Call<Test>) -> Result<Result<(), DispatchError>, TransactionValidityError> {
    let extrinsic = extrinsic(call.clone());
    let (info, bytes) = (extrinsic.get_dispatch_info(), extrinsic.encoded_size());
    let checked = extrinsic.check(&frame_system::ChainContext::<Test>::default())?;
    let applied = checked.apply::<Test>(&info, bytes)?;
    Ok(applied.map(|_| ()).map_err(|failed| failed.error))
}

fn refused(why: Refusal) -> TransactionValidityError {
    why.into()
}

fn invalid(why: InvalidTransaction) -> TransactionValidityError {
    why.into()
}

/// A chain with two drivers, where the platform has hired the worker.
fn hired(story: impl FnOnce()) {
    ready(2, || {
        TwoCompanies::hire(&worker_key().public().0);
        story();
    });
}

fn batches() -> u64 {
    CompanyTotals::<Test>::get(PLATFORM).batches
}

#[test]
fn a_workers_batch_settles_like_any_other_and_without_a_fee() {
    hired(|| {
        let call = signed(batch(1, &[ride(1, 1)]));
        let validity = pool(&call).expect("it may wait");
        assert_eq!((validity.priority, validity.longevity), (PRIORITY, LONGEVITY));
        assert!(validity.propagate);
        assert_eq!((validity.requires.len(), validity.provides.len()), (0, 1));
        assert_eq!(batches(), 0, "the dry run changes nothing");
        assert_eq!(balance(1), Cny::ZERO);
        let before = System::events().len();
        assert_eq!(block(&call), Ok(Ok(())));
        assert!(System::events().len() > before);
        assert_eq!(balance(1), Cny(32_853_318 + 15_000_000));
        assert_eq!(Money::balance(&sp_runtime::AccountId32::new(worker_key().public().0)), 0);
    });
}

#[test]
fn a_repeated_batch_is_stale_and_pays_nobody_twice() {
    hired(|| {
        let call = signed(batch(1, &[ride(1, 1)]));
        assert_eq!(block(&call), Ok(Ok(())));
        let paid = balance(1);
        assert_eq!(pool(&call), Err(invalid(InvalidTransaction::Stale)));
        assert_eq!(block(&call), Err(invalid(InvalidTransaction::Stale)));
        // Signed anew it is still the same number.
        assert_eq!(
            block(&signed(batch(1, &[ride(9, 1)]))),
            Err(invalid(InvalidTransaction::Stale))
        );
        assert_eq!(balance(1), paid);
    });
}

#[test]
fn a_few_batches_wait_for_those_before_them_and_none_skips_one() {
    hired(|| {
        let ahead = |number| signed(batch(number, &[ride(number, 0)]));
        let first = pool(&ahead(1)).expect("next");
        let second = pool(&ahead(2)).expect("after the next");
        assert_eq!(second.requires, first.provides);
        assert!(pool(&ahead(1 + AHEAD)).is_ok());
        assert_eq!(pool(&ahead(2 + AHEAD)), Err(invalid(InvalidTransaction::Future)));
        assert_eq!(pool(&ahead(u64::MAX)), Err(invalid(InvalidTransaction::Future)));
        assert_eq!(block(&ahead(2)), Err(invalid(InvalidTransaction::Future)));
        assert_eq!(block(&ahead(1)), Ok(Ok(())));
        assert_eq!(block(&ahead(2)), Ok(Ok(())));
        assert_eq!(batches(), 2);
    });
}

#[test]
fn only_a_key_with_the_role_settles() {
    hired(|| {
        let stranger = sr25519::Pair::from_string("//Mallory", None).expect("a secret");
        let batch = batch(1, &[ride(1, 0)]);
        assert_eq!(pool(&signed_by(&stranger, batch.clone())), Err(refused(Refusal::NotPermitted)));
        // The stranger's signature under the worker's name.
        let signature = stranger.sign(&payload::<Test>(&batch));
        let worker = worker_key().public();
        let forged = Call::settle_by_worker { batch: batch.clone(), worker, signature };
        assert_eq!(pool(&forged), Err(invalid(InvalidTransaction::BadProof)));
        assert_eq!(block(&forged), Err(invalid(InvalidTransaction::BadProof)));
        // For another company the worker is a stranger too.
        let elsewhere = RideBatch { company: INSURER, ..batch.clone() };
        assert_eq!(pool(&signed(elsewhere)), Err(refused(Refusal::NotPermitted)));

        let waiting = signed(batch);
        assert!(pool(&waiting).is_ok());
        TwoCompanies::dismiss(&worker.0);
        assert_eq!(pool(&waiting), Err(refused(Refusal::NotPermitted)));
        assert_eq!(block(&waiting), Err(refused(Refusal::NotPermitted)));
    });
}

#[test]
fn a_signature_is_of_one_chain_and_of_every_byte_of_the_batch() {
    hired(|| {
        let call = signed(batch(1, &[ride(1, 0), ride(2, 1)]));
        let Call::settle_by_worker { batch, worker, signature } = call.clone() else {
            unreachable!("it was made above")
        };
        let tamper = |change: fn(&mut RideBatch)| {
            let mut batch = batch.clone();
            change(&mut batch);
            pool(&Call::settle_by_worker { batch, worker, signature })
        };
        let bad = Err(invalid(InvalidTransaction::BadProof));
        assert_eq!(tamper(|b| b.seats[1] = 0), bad);
        assert_eq!(tamper(|b| b.distances_m[0] += 1), bad);
        assert_eq!(tamper(|b| b.evidence_root = H256::repeat_byte(1)), bad);
        assert_eq!(tamper(|b| b.base_time += 1), bad);
        assert_eq!(tamper(|b| b.number = BatchNumber(2)), bad);
        assert!(tamper(|_| ()).is_ok());

        // The same call on a chain that began otherwise.
        frame_system::BlockHash::<Test>::insert(0, sp_core::H256::repeat_byte(7));
        assert_eq!(pool(&call), bad);
    });
}

#[test]
fn what_cannot_be_settled_never_waits_in_the_pool() {
    hired(|| {
        let mut bad = ride(1, 0);
        bad.distance_m = 500_001;
        let cannot = Err(refused(Refusal::CannotSettle));
        assert_eq!(pool(&signed(batch(1, &[bad]))), cannot);
        assert_eq!(pool(&signed(batch(1, &[ride(1, 77)]))), cannot);
        // Nor beyond the next one.
        assert_eq!(pool(&signed(batch(2, &[ride(1, 77)]))), cannot);
        let mut ragged = batch(1, &[ride(1, 0)]);
        ragged.tolls_fen.clear();
        assert_eq!(pool(&signed(ragged)), Err(refused(Refusal::Ragged)));
        assert_eq!(pool(&signed(batch(1, &[]))), Err(refused(Refusal::Ragged)));
    });
}

#[test]
fn a_failure_in_the_block_changes_nothing_and_the_same_batch_settles_later() {
    hired(|| {
        let call = signed(batch(1, &[ride(1, 0)]));
        assert!(pool(&call).is_ok());
        assert_ok!(Settlement::release(platform(), PLATFORM, Cny::yuan(500_000)));
        let root = sp_io::storage::root(sp_runtime::StateVersion::V1);
        assert_eq!(block(&call), Ok(Err(Error::<Test>::ClearingUnfunded.into())));
        assert_eq!(sp_io::storage::root(sp_runtime::StateVersion::V1), root);
        assert_eq!(pool(&call), Err(refused(Refusal::CannotSettle)));
        assert_ok!(Settlement::fund(platform(), PLATFORM, Cny::yuan(500_000)));
        assert_eq!(block(&call), Ok(Ok(())));
    });
}

#[test]
fn a_paused_call_keeps_workers_out_at_no_cost() {
    hired(|| {
        let call = signed(batch(1, &[ride(1, 0)]));
        Valve::close(true);
        assert_eq!(pool(&call), Err(refused(Refusal::Closed)));
        assert_eq!(block(&call), Err(refused(Refusal::Closed)));
        Valve::close(false);
        assert!(pool(&call).is_ok());
    });
}

#[test]
fn nobody_calls_it_but_the_authorization() {
    hired(|| {
        let Call::settle_by_worker { batch, worker, signature } = signed(batch(1, &[ride(1, 0)]))
        else {
            unreachable!("it was made above")
        };
        for origin in [platform(), Origin::none(), Origin::root()] {
            assert_noop!(
                Settlement::settle_by_worker(origin, batch.clone(), worker, signature),
                DispatchError::BadOrigin
            );
        }
    });
}

#[test]
fn any_bytes_as_an_extrinsic_are_refused_or_not_decoded() {
    bolero::check!().for_each(|bytes: &[u8]| {
        if let Ok(call) = Call::<Test>::decode_all(&mut &bytes[..]) {
            chain().execute_with(|| {
                if matches!(call, Call::settle_by_worker { .. }) {
                    assert!(pool(&call).is_err());
                }
            });
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// In whatever order batches come, each number settles at most once and none is skipped; `ready` adds
    /// all money up.
    #[test]
    fn each_number_settles_once_in_whatever_order_they_come(numbers in proptest::collection::vec(0u64..8, 1..40)) {
        hired(|| {
            for number in numbers {
                let before = batches();
                let call = signed(batch(number, &[ride(number + 1, 0)]));
                let let_in = block(&call);
                if number == before + 1 {
                    assert_eq!(let_in, Ok(Ok(())));
                    assert_eq!(batches(), number);
                } else {
                    assert!(let_in.is_err());
                    assert_eq!(batches(), before);
                }
            }
        });
    }
}
