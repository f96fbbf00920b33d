//! The service on a real disk, killed again and again: what was answered is there, also of rides that had left the
//! engine and were in memory alone.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod city;

use city::commands::{arrive, complete, on_duty, pick_up, place, quote, set_off, start, CODE};
use smartlink_orders::{
    command::{Ask, Command},
    order::Party,
    service::{Outcome, ServiceError},
    store::Whose,
    Orders, Refusal, Rules, State,
};
use smartlink_primitives::{DriverId, VehicleId, H256};
use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command as Process, Stdio},
};

/// Gives a command that has to be granted, and returns the order that it is about.
async fn ok(orders: &Orders, key: u64, ask: Ask) -> u64 {
    let shown = format!("{ask:?}");
    // Keys are digests.
    let key = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    match orders.submit(Command { key, ask }).await {
        Ok(Outcome::Order(order)) => order.id,
        Ok(Outcome::Driver(_) | Outcome::Done) => 0,
        Err(error) => panic!("{shown}: {error}"),
    }
}

/// From the quote to the completed trip. Keys begin at `key`.
async fn live(orders: &Orders, key: u64, rider: u64, driver: u32) -> u64 {
    let id = ok(orders, key, Ask::Quote(Box::new(quote(rider)))).await;
    let driver = DriverId(driver);
    let (revision, eta_s, forward) = (2, 100, false);
    let steps = [
        place(id, rider),
        Ask::Offer { order: id, driver, revision, eta_s, forward },
        Ask::Accept { order: id, driver, attempt: 1 },
        set_off(id, driver),
        arrive(id, driver),
        pick_up(id, driver, CODE),
        start(id, driver),
        complete(id, driver, 10_500),
    ];
    for (at, ask) in (1..).zip(steps) {
        ok(orders, key + at, ask).await;
    }
    id
}

/// Settles all batches that are closed, until these rides are.
async fn settle(orders: &Orders, rides: &[u64]) {
    for ride in rides {
        while orders.order(*ride).await.unwrap().state != State::Settled {
            let open = orders.look(|engine| {
                let (number, open) = engine.batches().open().iter().next()?;
                Some((*number, open.current()?.evidence_root))
            });
            let Some((number, evidence_root)) = open.await.unwrap() else {
                // A batch is closed when its time has come: the next look is behind that.
                tokio::task::yield_now().await;
                continue;
            };
            let receipts_root = H256::repeat_byte(7);
            let ask = Ask::BatchSettled { number, evidence_root, block: 9, receipts_root };
            ok(orders, 0, ask).await;
        }
    }
}

/// Brings a ride to its end that a kill left in its middle: its driver takes no other before.
async fn end_what_was_begun(orders: &Orders, driver: u32, mut key: u64) {
    let begun = orders.look(|engine| engine.orders().map(|order| order.id).collect::<Vec<_>>());
    let driver = DriverId(driver);
    for id in begun.await.unwrap() {
        let steps = [
            Ask::Accept { order: id, driver, attempt: 1 },
            set_off(id, driver),
            arrive(id, driver),
            pick_up(id, driver, CODE),
            start(id, driver),
            complete(id, driver, 10_500),
        ];
        for ask in steps {
            key += 1;
            // Those that it has behind it are refused.
            let _ = orders.submit(Command { key, ask }).await;
        }
    }
}

fn rules(snapshot_every: u64) -> Rules {
    Rules { batch_rows: 4, batch_wait_ms: 1, snapshot_every, ..Rules::default() }
}

async fn open(path: &Path, rules: Rules) -> (Orders, smartlink_orders::Running) {
    let path = path.to_owned();
    tokio::task::spawn_blocking(move || Orders::start(&path, rules).unwrap()).await.unwrap()
}

async fn close(running: smartlink_orders::Running) {
    tokio::task::spawn_blocking(move || running.stop()).await.unwrap();
}

/// A rider looks at a ride that she has rated long after it had left the engine.
async fn is_whole(orders: &Orders, id: u64) {
    let order = orders.order(id).await.unwrap();
    assert_eq!(order.state, State::Settled);
    assert_eq!(order.rating_of_driver, 5);
    city::audit::walk(&order).unwrap();
}

/// Where the process that is killed has its store, and how often it writes snapshots.
const CHILD: &str = "ORDERS_TO_BE_KILLED";

/// Lives, settles and rates for ever, and says each ride of which everything was answered.
#[test]
#[ignore = "it runs until another test kills it"]
fn a_process_to_be_killed() {
    let Ok(told) = std::env::var(CHILD) else { return };
    let (path, rules) = told_rules(&told);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let (orders, _running) = open(&path, rules).await;
        ok(&orders, 0, Ask::Tariffs(vec![city::in_force(1, 0, city::table())])).await;
        ok(&orders, 0, Ask::BatchesBegin(1)).await;
        let mut key = orders.look(|engine| engine.sequence()).await.unwrap() * 1_000;
        end_what_was_begun(&orders, 1, key).await;
        ok(&orders, 0, on_duty(1, VehicleId(1))).await;
        loop {
            let mut lived = Vec::new();
            for _ in 0..4 {
                key += 100;
                lived.push(live(&orders, key, RIDER, 1).await);
            }
            settle(&orders, &lived).await;
            for id in lived {
                let ask = Ask::Rate { order: id, by: Party::Rider, who: RIDER, stars: 5 };
                ok(&orders, id, ask).await;
                println!("\nover {id}");
            }
        }
    });
}

const RIDER: u64 = 5;

fn told_rules(told: &str) -> (PathBuf, Rules) {
    let (every, path) = told.split_once(' ').unwrap();
    (PathBuf::from(path), rules(every.parse().unwrap()))
}

/// Runs the process until it has said so many rides, kills it, and returns them.
fn live_until_killed(told: &str, rides: usize) -> Vec<u64> {
    let mut child = Process::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_process_to_be_killed", "--ignored", "--nocapture"])
        .env(CHILD, told)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(child.stdout.take().unwrap()).lines();
    let over =
        said.map_while(Result::ok).filter_map(|line| line.strip_prefix("over ")?.parse().ok());
    let over: Vec<u64> = over.take(rides).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(over.len(), rides, "the process ended by itself");
    over
}

async fn is_killed_again_and_again(snapshot_every: u64) {
    let folder = tempfile::tempdir().unwrap();
    let told = format!("{snapshot_every} {}", folder.path().display());
    let mut rated = Vec::new();
    for _ in 0..5 {
        let told = told.clone();
        let over = tokio::task::spawn_blocking(move || live_until_killed(&told, 30));
        rated.extend(over.await.unwrap());
        let (orders, running) = open(folder.path(), rules(snapshot_every)).await;
        for id in &rated {
            is_whole(&orders, *id).await;
        }
        let of_rider = orders.over(Whose::Rider(RIDER), u64::MAX, 10_000).unwrap();
        assert!(rated.iter().all(|id| of_rider.contains(id)), "a ride is in no list");
        // The answer from before it was killed, and a new one.
        let rate = |stars| Ask::Rate { order: rated[0], by: Party::Rider, who: RIDER, stars };
        ok(&orders, rated[0], rate(5)).await;
        let again = orders.submit(Command { key: 77, ask: rate(1) }).await;
        assert!(matches!(again, Err(ServiceError::Refused(Refusal::RatedAlready))));
        drop(orders);
        close(running).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rides_that_are_over_survive_a_kill_that_only_the_log_survived() {
    is_killed_again_and_again(0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rides_that_are_over_survive_kills_between_snapshots() {
    is_killed_again_and_again(150).await;
}
