//! The worker in a company's node: what it asks, sends and reports.

use super::{authorized::worker_key, *};
use crate::{
    worker::{run as run_worker, Assignment, ASSIGNMENT, KEY_TYPE},
    Call,
};
use codec::Decode;
use frame_support::storage::{with_transaction, TransactionOutcome};
use parking_lot::RwLock;
use sp_core::{
    offchain::{
        testing, Duration, OffchainDbExt, OffchainWorkerExt, Timestamp, TransactionPoolExt,
    },
    Pair,
};
use sp_keystore::{testing::MemoryKeystore, Keystore, KeystoreExt};
use sp_runtime::offchain::{
    storage::StorageValueRef,
    storage_lock::{StorageLock, Time},
};
use std::sync::Arc;

const URL: &str = "http://127.0.0.1:9200";

/// What a test sees of the node around the worker.
struct Node {
    http: Arc<RwLock<testing::OffchainState>>,
    pool: Arc<RwLock<testing::PoolState>>,
}

impl Node {
    /// The service will be asked for an anchor, and answers with these bytes.
    fn gives(&self, number: u64, answer: Vec<u8>) {
        self.http.write().expect_request(testing::PendingRequest {
            method: "GET".into(),
            uri: format!("{URL}/v1/companies/1/anchors/{number}"),
            response: Some(answer),
            sent: true,
            ..Default::default()
        });
    }

    /// The service will hear of a refusal.
    fn hears(&self, number: u64, body: &str) {
        self.http.write().expect_request(testing::PendingRequest {
            method: "POST".into(),
            uri: format!("{URL}/v1/companies/1/anchors/{number}/refused"),
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
    fn sent(&self) -> Vec<AnchorRun> {
        let sent = std::mem::take(&mut self.pool.write().transactions);
        let run_of = |bytes: Vec<u8>| {
            let extrinsic = Extrinsic::decode(&mut &bytes[..]).expect("an extrinsic");
            match extrinsic.function {
                RuntimeCall::Telemetry(Call::anchor_by_worker { run, .. }) => run,
                other => panic!("{other:?}"),
            }
        };
        sent.into_iter().map(run_of).collect()
    }
}

/// A node of the platform in which a hired worker is assigned to the service. Its clock is five seconds ahead of
/// the chain's.
fn in_node(story: impl FnOnce(Node)) {
    let (offchain, http) = testing::TestOffchainExt::new();
    let (pool_ext, pool) = testing::TestTransactionPoolExt::new();
    let keystore = MemoryKeystore::new();
    let key = worker_key().public();
    keystore.insert(KEY_TYPE, "//Alice//worker", &key.0).expect("the keystore takes it");
    http.write().timestamp = Timestamp::from_unix_millis(NOW_MS + 5_000);
    let mut chain = chain();
    chain.register_extension(OffchainDbExt::new(offchain.clone()));
    chain.register_extension(OffchainWorkerExt::new(offchain));
    chain.register_extension(TransactionPoolExt::new(pool_ext));
    chain.register_extension(KeystoreExt::new(keystore));
    chain.execute_with(|| {
        TwoCompanies::hire(&key.0);
        StorageValueRef::persistent(ASSIGNMENT)
            .set(&Assignment { company: PLATFORM, url: URL.into() });
        story(Node { http, pool });
    });
}

/// Runs the worker after a block. What it does to the state ends with the run, as in a node.
fn run_after(block: u64) {
    let _ = with_transaction(|| {
        run_worker::<Test>(block);
        TransactionOutcome::Rollback(Ok::<_, DispatchError>(()))
    });
}

#[test]
fn what_is_ready_is_sent_once_and_again_when_it_was_lost() {
    in_node(|node| {
        let ready = run(1, 1, &[10, 20, 30]);
        node.gives(1, ready.to_scale());
        run_after(10);
        assert_eq!(node.sent(), std::slice::from_ref(&ready));
        // It waits in the pool: nobody is asked.
        (11..16).for_each(run_after);
        assert_eq!(node.sent(), []);
        // The pool was lost with the node; meanwhile there is more.
        let more = run(1, 1, &[10, 20, 30, 40]);
        node.gives(1, more.to_scale());
        run_after(16);
        assert_eq!(node.sent(), std::slice::from_ref(&more));
        // On chain, the next number is asked for at once.
        assert_ok!(Telemetry::anchor(platform(), more));
        let fifth = next(&[1]);
        node.gives(5, fifth.to_scale());
        run_after(17);
        assert_eq!(node.sent(), [fifth]);
    });
}

#[test]
fn what_cannot_be_anchored_is_reported_once_in_a_while() {
    in_node(|node| {
        assert_ok!(Telemetry::anchor(platform(), run(1, 1, &[10])));
        let gap = run(2, 12, &[5]);
        let refusal = format!(
            r#"{{"root":"0x{}2","reason":"Gap","place":null,"next_sequence":11}}"#,
            "0".repeat(63)
        );
        node.gives(2, gap.to_scale());
        node.hears(2, &refusal);
        run_after(10);
        for block in 11..40 {
            node.gives(2, gap.to_scale());
            run_after(block);
        }
        node.gives(2, gap.to_scale());
        node.hears(2, &refusal);
        run_after(40);
        assert_eq!(node.sent(), []);
        // Another fault is another refusal.
        let empty = run(2, 11, &[5, 0]);
        node.gives(2, empty.to_scale());
        node.hears(
            2,
            &refusal.replace("Gap", "Records").replace(r#""place":null"#, r#""place":1"#),
        );
        run_after(41);
        // The mended run goes at once.
        node.gives(2, run(2, 11, &[5]).to_scale());
        run_after(42);
        assert_eq!(node.sent(), [run(2, 11, &[5])]);
    });
}

#[test]
fn batches_younger_than_the_chains_clock_wait_without_a_complaint() {
    in_node(|node| {
        let mut ready = run(1, 1, &[1, 1, 1]);
        ready.batches[2].closed_at_ms = NOW_MS + 4_000;
        node.gives(1, ready.to_scale());
        run_after(10);
        assert_eq!(node.sent(), [run(1, 1, &[1, 1])]);
        // All of them are too young: nothing is sent or said.
        assert_ok!(Telemetry::anchor(platform(), run(1, 1, &[1, 1])));
        let mut young = run(3, 3, &[1]);
        young.batches[0].closed_at_ms = NOW_MS + 4_000;
        node.gives(3, young.to_scale());
        run_after(11);
        assert_eq!(node.sent(), []);
        // One of the future of this node's clock as well is a wrong one.
        let mut wrong = run(3, 3, &[1, 1]);
        wrong.batches[1].closed_at_ms = NOW_MS + 5_001;
        node.gives(3, wrong.to_scale());
        node.hears(
            3,
            &format!(
                r#"{{"root":"0x{}3","reason":"Future","place":1,"next_sequence":3}}"#,
                "0".repeat(63)
            ),
        );
        run_after(12);
        assert_eq!(node.sent(), []);
    });
}

#[test]
fn another_run_than_the_one_asked_for_is_not_sent() {
    in_node(|node| {
        let nothing = r#","place":null,"next_sequence":null}"#;
        let another = format!(r#"{{"root":null,"reason":"AnotherRun"{nothing}"#);
        node.gives(1, run(2, 1, &[1]).to_scale());
        node.hears(1, &another);
        run_after(10);
        node.gives(1, AnchorRun { company: CARRIER, ..run(1, 1, &[1]) }.to_scale());
        run_after(11);
        node.gives(1, b"no run".to_vec());
        node.hears(1, &format!(r#"{{"root":null,"reason":"NoRun"{nothing}"#));
        run_after(12);
        // More bytes than any run has.
        node.gives(1, vec![0; 100_000]);
        run_after(13);
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
    in_node(|node| {
        let mut lock = StorageLock::<Time>::with_deadline(
            b"smartlink/worker/telemetry/lock",
            Duration::from_millis(10_000),
        );
        // Killed in the middle: nobody unlocks.
        lock.try_lock().map_err(|_| "free").expect("nobody has it").forget();
        run_after(10);
        let later = node.http.read().timestamp.add(Duration::from_millis(10_001));
        node.http.write().timestamp = later;
        let first = run(1, 1, &[1]);
        node.gives(1, first.to_scale());
        run_after(20);
        assert_eq!(node.sent(), [first]);
    });
}
