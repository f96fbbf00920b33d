//! The worker in a company's node: what it asks, sends and reports.

use super::{authorized::worker_key, *};
use crate::{
    worker::{run, Assignment, ASSIGNMENT, KEY_TYPE},
    Call,
};
use codec::Decode;
use frame_support::storage::{with_transaction, TransactionOutcome};
use parking_lot::RwLock;
use sp_core::{
    offchain::{testing, OffchainDbExt, OffchainWorkerExt, TransactionPoolExt},
    Pair,
};
use sp_keystore::{testing::MemoryKeystore, Keystore, KeystoreExt};
use sp_runtime::offchain::storage::StorageValueRef;
use std::sync::Arc;

const URL: &str = "http://127.0.0.1:9100";

/// What a test sees of the node around the worker.
struct Node {
    http: Arc<RwLock<testing::OffchainState>>,
    pool: Arc<RwLock<testing::PoolState>>,
}

impl Node {
    /// The service will be asked for a batch, and answers with these bytes.
    fn gives(&self, number: u64, answer: Vec<u8>) {
        self.http.write().expect_request(testing::PendingRequest {
            method: "GET".into(),
            uri: format!("{URL}/v1/companies/1/batches/{number}"),
            response: Some(answer),
            sent: true,
            ..Default::default()
        });
    }

    /// The service will hear of a refusal.
    fn hears(&self, number: u64, body: &str) {
        self.http.write().expect_request(testing::PendingRequest {
            method: "POST".into(),
            uri: format!("{URL}/v1/companies/1/batches/{number}/refused"),
            headers: vec![
                ("content-type".into(), "application/json".into()),
                ("content-length".into(), body.len().to_string()),
            ],
            body: body.as_bytes().to_vec(),
            response: Some(Vec::new()),
            sent: true,
            ..Default::default()
        });
    }

    /// All that was sent to the pool since the last time.
    fn sent(&self) -> Vec<RideBatch> {
        let sent = std::mem::take(&mut self.pool.write().transactions);
        let batch_of = |bytes: Vec<u8>| {
            let extrinsic = Extrinsic::decode(&mut &bytes[..]).expect("an extrinsic");
            match extrinsic.function {
                RuntimeCall::Settlement(Call::settle_by_worker { batch, .. }) => batch,
                other => panic!("{other:?}"),
            }
        };
        sent.into_iter().map(batch_of).collect()
    }
}

/// A funded platform with two drivers, in whose node a hired worker is assigned to the service.
fn in_node(story: impl FnOnce(Node)) {
    let (offchain, http) = testing::TestOffchainExt::new();
    let (pool_ext, pool) = testing::TestTransactionPoolExt::new();
    let keystore = MemoryKeystore::new();
    let key = worker_key().public();
    keystore.insert(KEY_TYPE, "//Alice//worker", &key.0).expect("the keystore takes it");
    http.write().timestamp = sp_core::offchain::Timestamp::from_unix_millis(NOW * 1_000 + 5_000);
    let mut chain = chain();
    chain.register_extension(OffchainDbExt::new(offchain.clone()));
    chain.register_extension(OffchainWorkerExt::new(offchain));
    chain.register_extension(TransactionPoolExt::new(pool_ext));
    chain.register_extension(KeystoreExt::new(keystore));
    chain.execute_with(|| {
        for number in 0..2 {
            assert_ok!(Settlement::open(PLATFORM, DriverId(number + 100), &driver(number)));
        }
        assert_ok!(Settlement::fund(platform(), PLATFORM, Cny::yuan(500_000)));
        TwoCompanies::hire(&key.0);
        StorageValueRef::persistent(ASSIGNMENT)
            .set(&Assignment { company: PLATFORM, url: URL.into() });
        story(Node { http, pool });
    });
}

/// Runs the worker after a block. What it does to the state ends with the run, as in a node.
fn run_after(block: u64) {
    let _ = with_transaction(|| {
        run::<Test>(block);
        TransactionOutcome::Rollback(Ok::<_, DispatchError>(()))
    });
}

const REFUSED_ANSWER: &str =
    r#"{"evidence_root":null,"reason":"NotABatch","row":null,"fault":null}"#;

#[test]
fn a_closed_batch_is_sent_once_and_again_when_it_was_lost() {
    in_node(|node| {
        let first = batch(1, &[ride(1, 0)]);
        let asked_for_two = || {
            node.gives(2, vec![]);
            node.hears(2, REFUSED_ANSWER);
        };
        node.gives(1, first.encode());
        asked_for_two();
        run_after(10);
        assert_eq!(node.sent(), std::slice::from_ref(&first));
        // A moment later it waits in the pool. The complaint about number 2 was heard.
        node.gives(2, vec![]);
        run_after(11);
        assert_eq!(node.sent(), []);
        // The pool was lost with the node.
        node.gives(1, first.encode());
        node.gives(2, vec![]);
        run_after(16);
        assert_eq!(node.sent(), [first]);
    });
}

#[test]
fn several_closed_batches_are_sent_in_one_run_and_not_more_than_wait() {
    in_node(|node| {
        let closed: Vec<_> = (1..=5).map(|n| batch(n, &[ride(n, 0)])).collect();
        for (number, batch) in (1..).zip(&closed) {
            node.gives(number, batch.encode());
        }
        run_after(10);
        assert_eq!(node.sent(), closed);
        run_after(11);
        assert_eq!(node.sent(), []);
    });
}

#[test]
fn the_row_that_the_chain_cannot_take_is_reported_once_in_a_while() {
    in_node(|node| {
        let bad = batch(1, &[ride(1, 0), ride(2, 77)]);
        let refusal = format!(
            r#"{{"evidence_root":"0x{}","reason":"Row","row":1,"fault":"UnknownDriver"}}"#,
            "0".repeat(64)
        );
        node.gives(1, bad.encode());
        node.hears(1, &refusal);
        run_after(10);
        for block in 11..40 {
            node.gives(1, bad.encode());
            run_after(block);
        }
        node.gives(1, bad.encode());
        node.hears(1, &refusal);
        run_after(40);
        assert_eq!(node.sent(), []);
        assert_eq!(Settlement::next_number(PLATFORM), BatchNumber(1));
        // The mended batch goes at once.
        let mended = batch(1, &[ride(1, 0), ride(2, 1)]);
        node.gives(1, mended.encode());
        node.gives(2, vec![]);
        node.hears(2, REFUSED_ANSWER);
        run_after(41);
        assert_eq!(node.sent(), [mended]);
    });
}

#[test]
fn what_the_dry_run_of_one_batch_takes_the_next_one_does_not_have() {
    in_node(|node| {
        // Each costs 59.80 CNY: there is enough for one.
        assert_ok!(Settlement::release(platform(), PLATFORM, Cny::yuan(499_900)));
        let closed = [batch(1, &[ride(1, 0)]), batch(2, &[ride(2, 0)])];
        node.gives(1, closed[0].encode());
        node.gives(2, closed[1].encode());
        node.hears(
            2,
            &format!(
                r#"{{"evidence_root":"0x{}","reason":"ClearingUnfunded","row":null,"fault":null}}"#,
                "0".repeat(64)
            ),
        );
        run_after(10);
        assert_eq!(node.sent(), closed[..1]);
    });
}

#[test]
fn a_ride_younger_than_the_chains_clock_waits_without_a_complaint() {
    in_node(|node| {
        let young = Ride { pickup: NOW, duration_s: 3, ..ride(1, 0) };
        let batch = batch(1, &[young]);
        node.gives(1, batch.encode());
        run_after(10);
        assert_eq!(node.sent(), []);
        // One that ends in the future of this node's clock as well is a wrong ride.
        let wrong = Ride { duration_s: 60, ..young };
        node.gives(1, super::batch(1, &[wrong]).encode());
        node.hears(
            1,
            &format!(
                r#"{{"evidence_root":"0x{}","reason":"Row","row":0,"fault":"Future"}}"#,
                "0".repeat(64)
            ),
        );
        run_after(11);
    });
}

#[test]
fn another_batch_than_the_one_asked_for_is_not_sent() {
    in_node(|node| {
        node.gives(1, batch(2, &[ride(1, 0)]).encode());
        node.hears(1, r#"{"evidence_root":null,"reason":"AnotherBatch","row":null,"fault":null}"#);
        run_after(10);
        assert_eq!(node.sent(), []);
    });
}

#[test]
fn without_assignment_or_role_or_while_paused_nothing_is_asked() {
    // A request that was not expected has no answer, and panics.
    in_node(|node| {
        Valve::close(true);
        run_after(10);
        Valve::close(false);
        TwoCompanies::dismiss(&worker_key().public().0);
        run_after(30);
        TwoCompanies::hire(&worker_key().public().0);
        StorageValueRef::persistent(ASSIGNMENT).clear();
        run_after(31);
        StorageValueRef::persistent(ASSIGNMENT).set(&"no assignment");
        run_after(32);
        assert_eq!(node.sent(), []);
    });
}

#[test]
fn a_run_that_is_not_over_keeps_the_next_one_out_until_its_lock_expires() {
    use sp_runtime::offchain::storage_lock::{StorageLock, Time};
    in_node(|node| {
        let mut lock = StorageLock::<Time>::with_deadline(
            b"smartlink/worker/lock",
            sp_core::offchain::Duration::from_millis(20_000),
        );
        // Killed in the middle: nobody unlocks.
        lock.try_lock().map_err(|_| "free").expect("nobody has it").forget();
        run_after(10);
        let later =
            node.http.read().timestamp.add(sp_core::offchain::Duration::from_millis(20_001));
        node.http.write().timestamp = later;
        let first = batch(1, &[ride(1, 0)]);
        node.gives(1, first.encode());
        node.gives(2, vec![]);
        node.hears(2, REFUSED_ANSWER);
        run_after(20);
        assert_eq!(node.sent(), [first]);
    });
}
