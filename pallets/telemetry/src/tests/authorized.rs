//! Anchors that a worker signed: let in, kept out, and anchored once.

use super::*;
use crate::{
    authorization::{payload, Refusal, LONGEVITY, PRIORITY},
    Call,
};
use codec::DecodeAll;
use frame_support::dispatch::GetDispatchInfo;
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

fn signed_by(key: &sr25519::Pair, run: AnchorRun) -> Call<Test> {
    let signature = key.sign(&payload::<Test>(&run));
    Call::anchor_by_worker { run, worker: key.public(), signature }
}

fn signed(run: AnchorRun) -> Call<Test> {
    signed_by(&worker_key(), run)
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

/// A chain where the platform has hired the worker.
fn hired(story: impl FnOnce()) {
    on_chain(|| {
        TwoCompanies::hire(&worker_key().public().0);
        story();
    });
}

#[test]
fn a_workers_anchors_are_taken_without_a_fee() {
    hired(|| {
        let call = signed(run(1, 1, &[10, 20]));
        let validity = pool(&call).expect("it may wait");
        assert_eq!((validity.priority, validity.longevity), (PRIORITY, LONGEVITY));
        assert!(validity.propagate);
        assert_eq!((validity.requires.len(), validity.provides.len()), (0, 1));
        assert_eq!(head(), AnchorHead::default(), "the question changes nothing");
        assert_eq!(block(&call), Ok(Ok(())));
        assert_eq!(head(), AnchorHead { last: AnchorNumber(2), next_sequence: 31, records: 30 });
    });
}

#[test]
fn what_cannot_be_anchored_neither_waits_nor_enters() {
    hired(|| {
        assert_eq!(block(&signed(run(1, 1, &[10]))), Ok(Ok(())));
        let keeps_out = |run: AnchorRun, why: TransactionValidityError| {
            let call = signed(run);
            assert_eq!(pool(&call), Err(why));
            assert_eq!(block(&call), Err(why));
        };
        keeps_out(run(1, 1, &[10]), invalid(InvalidTransaction::Stale));
        keeps_out(run(1, 1, &[10, 10]), invalid(InvalidTransaction::Stale));
        keeps_out(run(3, 21, &[1]), invalid(InvalidTransaction::Future));
        let last = AnchorRun { first: AnchorNumber(u64::MAX), ..run(3, 11, &[1]) };
        keeps_out(last, invalid(InvalidTransaction::Future));
        keeps_out(run(2, 12, &[1]), refused(Refusal::Gap));
        keeps_out(run(2, 11, &[1, 0]), refused(Refusal::Malformed));
        keeps_out(run(2, 11, &[]), refused(Refusal::Malformed));
        let mut young = run(2, 11, &[1]);
        young.batches[0].closed_at_ms = NOW_MS + 1;
        keeps_out(young, refused(Refusal::TooYoung));
        assert_eq!(head().last, AnchorNumber(1));
    });
}

#[test]
fn two_runs_from_the_same_number_share_one_place_in_the_pool() {
    hired(|| {
        let short = pool(&signed(run(1, 1, &[10]))).expect("it may wait");
        let long = pool(&signed(run(1, 1, &[10, 20]))).expect("it may wait");
        assert_eq!(short.provides, long.provides);
    });
}

#[test]
fn only_a_key_with_the_role_anchors() {
    hired(|| {
        let stranger = sr25519::Pair::from_string("//Mallory", None).expect("a secret");
        let run = run(1, 1, &[1]);
        assert_eq!(pool(&signed_by(&stranger, run.clone())), Err(refused(Refusal::NotPermitted)));
        // The stranger's signature under the worker's name.
        let signature = stranger.sign(&payload::<Test>(&run));
        let worker = worker_key().public();
        let forged = Call::anchor_by_worker { run: run.clone(), worker, signature };
        assert_eq!(pool(&forged), Err(invalid(InvalidTransaction::BadProof)));
        assert_eq!(block(&forged), Err(invalid(InvalidTransaction::BadProof)));
        // For another company the worker is a stranger too.
        let elsewhere = AnchorRun { company: CARRIER, ..run.clone() };
        assert_eq!(pool(&signed(elsewhere)), Err(refused(Refusal::NotPermitted)));

        let waiting = signed(run);
        assert!(pool(&waiting).is_ok());
        TwoCompanies::dismiss(&worker.0);
        assert_eq!(pool(&waiting), Err(refused(Refusal::NotPermitted)));
        assert_eq!(block(&waiting), Err(refused(Refusal::NotPermitted)));
    });
}

#[test]
fn a_signature_is_of_one_chain_and_of_every_byte_of_the_run() {
    hired(|| {
        let call = signed(run(1, 1, &[1, 2]));
        let Call::anchor_by_worker { run, worker, signature } = call.clone() else {
            unreachable!("it was made above")
        };
        let tamper = |change: fn(&mut AnchorRun)| {
            let mut run = run.clone();
            change(&mut run);
            pool(&Call::anchor_by_worker { run, worker, signature })
        };
        let bad = Err(invalid(InvalidTransaction::BadProof));
        assert_eq!(tamper(|run| run.batches[1].root = H256::zero()), bad);
        assert_eq!(tamper(|run| run.batches[0].count += 1), bad);
        assert_eq!(tamper(|run| run.batches[0].closed_at_ms -= 1), bad);
        assert_eq!(tamper(|run| run.batches.truncate(1)), bad);
        assert!(tamper(|_| ()).is_ok());

        // The same call on a chain that began otherwise.
        frame_system::BlockHash::<Test>::insert(0, sp_core::H256::repeat_byte(7));
        assert_eq!(pool(&call), bad);
    });
}

#[test]
fn a_block_without_room_changes_nothing_and_the_same_run_enters_later() {
    hired(|| {
        let call = signed(run(1, 1, &[1, 1]));
        Checkpoint::take();
        Checkpoint::limit(1);
        let root = sp_io::storage::root(sp_runtime::StateVersion::V1);
        assert_eq!(block(&call), Ok(Err(FULL)));
        assert_eq!(sp_io::storage::root(sp_runtime::StateVersion::V1), root);
        Checkpoint::take();
        Checkpoint::limit(usize::MAX);
        assert_eq!(block(&call), Ok(Ok(())));
    });
}

#[test]
fn a_paused_call_keeps_workers_out_at_no_cost() {
    hired(|| {
        let call = signed(run(1, 1, &[1]));
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
        let Call::anchor_by_worker { run, worker, signature } = signed(run(1, 1, &[1])) else {
            unreachable!("it was made above")
        };
        for origin in [platform(), Origin::none(), Origin::root()] {
            assert_noop!(
                Telemetry::anchor_by_worker(origin, run.clone(), worker, signature),
                DispatchError::BadOrigin
            );
        }
    });
}

#[test]
fn any_bytes_as_a_call_are_refused_or_not_decoded() {
    bolero::check!().for_each(|bytes: &[u8]| {
        if let Ok(call) = Call::<Test>::decode_all(&mut &bytes[..]) {
            chain().execute_with(|| {
                if matches!(call, Call::anchor_by_worker { .. }) {
                    assert!(pool(&call).is_err());
                }
            });
        }
    });
}
