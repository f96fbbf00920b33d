//! Vehicles on the road, and everything between them and the chain killed again and again: what a terminal was told
//! is safe is in ClickHouse, once, and can be proven against the chain.

// In a test an unwrap is the assertion, in what its stories share as well.
#![allow(clippy::unwrap_used)]

mod support;

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc,
    },
    time::Duration,
};

use smartlink_chain::telemetry;
use smartlink_clickhouse::{Store, StoreConfig};
use smartlink_devnet::{Consortium, Options, Worker};
use smartlink_jt808::{location::status, BcdTime, Items, Location, LocationReport};
use smartlink_offchain::{
    proving,
    services::{Ports, ServicesProcess, Setup},
    staff::{Staff, PLATFORMS},
};
use smartlink_simulator::terminal::{Identity, Terminal};
use support::{node, PATIENCE};
use tokio::task::JoinSet;

/// Vehicles on the road.
const VEHICLES: u32 = 20;
/// Positions of one write.
const BUNDLE: u32 = 5;

/// One validator whose worker carries the roots, ClickHouse in one process, and devices with telemetry in another.
struct Stack {
    consortium: Consortium,
    clickhouse: ServicesProcess,
    devices: ServicesProcess,
    jt808: SocketAddr,
    store: StoreConfig,
}

fn roles(ports: Ports, node: &str, folder: &Path, set: &[&str]) -> ServicesProcess {
    let setup = Setup {
        binary: PathBuf::from(env!("CARGO_BIN_EXE_smartlink-offchain")),
        company: PLATFORMS[0].id,
        node: node.to_owned(),
        folder: folder.to_owned(),
        ports,
        set: set.iter().map(|one| (*one).to_owned()).collect(),
    };
    ServicesProcess::start(setup).unwrap_or_else(|e| panic!("{e}"))
}

async fn start(folder: &Path) -> Stack {
    let ports = Ports::free().unwrap();
    let worker = Worker {
        company: PLATFORMS[0].id,
        suri: format!("{}//worker", PLATFORMS[0].admin),
        url: ports.worker_url(),
        telemetry_url: Some(ports.anchors_url()),
    };
    let options = Options::new(node()).validators(1).worker(0, worker);
    let mut consortium = Consortium::start(options).await.unwrap_or_else(|e| panic!("{e}"));
    consortium.wait_finalized(1, PATIENCE).await.unwrap_or_else(|e| panic!("{e}"));
    let staff = Staff::new(PLATFORMS[0]).unwrap();
    staff.hire(&consortium.chain(0).unwrap()).await.unwrap_or_else(|e| panic!("{e}"));
    let url = consortium.node(0).url().to_owned();
    // Of a process of its own.
    let apart = Ports { clickhouse: ports.clickhouse, ..Ports::free().unwrap() };
    let clickhouse = roles(apart, &url, &folder.join("clickhouse"), &["roles=[\"clickhouse\"]"]);
    clickhouse.clickhouse().await.unwrap_or_else(|e| panic!("{e}"));
    let at = format!("store.url=\"{}\"", ports.clickhouse_url());
    let set = [
        "roles=[\"devices\",\"telemetry\"]",
        at.as_str(),
        // Vehicles of this test are nobody's.
        "devices.registry.registration=\"open\"",
        "telemetry.settings.pipeline.batch_ms=1000",
    ];
    let devices = roles(ports, &url, &folder.join("devices"), &set);
    let jt808 = devices.jt808().await.unwrap_or_else(|e| panic!("{e}"));
    let store = StoreConfig { url: ports.clickhouse_url(), ..StoreConfig::default() };
    Stack { consortium, clickhouse, devices, jt808, store }
}

/// The `number`th position of a vehicle: no other is at its place.
fn position(number: u32) -> LocationReport<'static> {
    let place = i32::try_from(number).unwrap();
    let location = Location {
        status: status::IGNITION | status::FIXED,
        latitude: 22_500_000,
        longitude: 113_000_000 + place,
        speed: 300,
        time: BcdTime::from_millis(1_790_000_000_000 + u64::from(number) * 1_000).unwrap(),
        ..Location::default()
    };
    LocationReport { location, items: Items::default() }
}

/// A vehicle that drives until it is told to stop. What was not acknowledged is sent again, over a new connection.
/// Returns how many positions were acknowledged: those before the returned number.
async fn drive(vehicle: u32, address: SocketAddr, stop: Arc<AtomicBool>) -> u32 {
    let phone = format!("13{vehicle:09}").parse().unwrap();
    let mut identity = Identity { phone, plate: format!("B{vehicle:05}"), code: None };
    let mut acknowledged = 0;
    while !stop.load(Ordering::Acquire) {
        let Ok(mut terminal) = Terminal::connect(address, identity.clone()).await else {
            // The service is being killed: a terminal tries again after a while.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        identity = terminal.identity().clone();
        while !stop.load(Ordering::Acquire) {
            let bundle: Vec<_> = (acknowledged..acknowledged + BUNDLE).map(position).collect();
            if terminal.report(&bundle).await.is_err() {
                break;
            }
            acknowledged += BUNDLE;
        }
    }
    acknowledged
}

async fn number(store: &Store, query: &str) -> u64 {
    let found = store.query(query).fetch_one::<u64>().await;
    found.unwrap_or_else(|error| panic!("{query}: {error}"))
}

/// Waits until ClickHouse has all of the log, which has at least so many records. Returns how many those are.
async fn all_is_stored(store: &Store, least: u64) -> u64 {
    let stored = async {
        loop {
            let (rows, last) = (
                number(store, "SELECT count() FROM records").await,
                number(store, "SELECT max(sequence) FROM records").await,
            );
            if rows == last && rows >= least {
                return rows;
            }
            assert!(
                rows <= last,
                "{rows} rows with sequences up to {last}: a record is there twice"
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE, stored).await.expect("the log reaches ClickHouse in time")
}

/// Waits until the chain has roots of all records below a sequence.
async fn is_anchored(stack: &Stack, below: u64) {
    let chain = stack.consortium.chain(0).unwrap();
    let anchored = async {
        let mut blocks = chain.finalized_blocks().await.unwrap();
        loop {
            let at = blocks.next().await.unwrap().unwrap().at().await.unwrap();
            let last = telemetry::last_anchor(&at, PLATFORMS[0].id).await.unwrap();
            if last.is_some_and(|last| last.anchor.next_sequence() >= below) {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, anchored).await.expect("the roots reach the chain in time");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_terminal_was_told_is_safe_is_stored_once_and_proven_whoever_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let stack = start(folder.path()).await;
    let stop = Arc::new(AtomicBool::new(false));
    let mut road = JoinSet::new();
    for vehicle in 1..=VEHICLES {
        let (address, stop) = (stack.jt808, stop.clone());
        road.spawn(async move { (vehicle, drive(vehicle, address, stop).await) });
    }
    for round in 0..8 {
        tokio::time::sleep(Duration::from_secs(2)).await;
        if round % 2 == 0 {
            stack.devices.kill().unwrap();
            stack.devices.restart().unwrap();
            stack.devices.jt808().await.unwrap_or_else(|e| panic!("{e}"));
        } else {
            stack.clickhouse.kill().unwrap();
            // Devices take on what comes while ClickHouse is away.
            tokio::time::sleep(Duration::from_secs(2)).await;
            stack.clickhouse.restart().unwrap();
            stack.clickhouse.clickhouse().await.unwrap_or_else(|e| panic!("{e}"));
        }
    }
    stop.store(true, Ordering::Release);
    let mut acknowledged = Vec::new();
    while let Some(ended) = road.join_next().await {
        acknowledged.push(ended.unwrap());
    }
    let in_all: u32 = acknowledged.iter().map(|(_, positions)| positions).sum();
    assert!(in_all > 1_000, "only {in_all} positions were acknowledged");
    let store = Store::connect(&stack.store);
    let rows = all_is_stored(&store, in_all.into()).await;
    assert_eq!(number(&store, "SELECT uniqExact(sequence) FROM records").await, rows);
    // Which terminal is which vehicle does not matter: each set of places belongs to one of them.
    let mut found = Vec::new();
    for terminal in 1..=VEHICLES {
        let query = format!("SELECT longitude FROM records WHERE terminal = {terminal}");
        let places = store.query(&query).fetch_all::<i32>().await.unwrap();
        found.push(places.into_iter().collect::<BTreeSet<i32>>());
    }
    found.sort_by_key(BTreeSet::len);
    acknowledged.sort_by_key(|(_, positions)| *positions);
    assert_eq!(found.len(), acknowledged.len());
    for ((vehicle, positions), places) in acknowledged.iter().zip(&found) {
        let missing = (0..*positions)
            .find(|at| !places.contains(&(113_000_000 + i32::try_from(*at).unwrap())));
        assert_eq!(
            missing, None,
            "a position of vehicle {vehicle} was acknowledged and is nowhere"
        );
    }
    is_anchored(&stack, rows + 1).await;
    let mut plan = proving::Plan {
        store: stack.store.clone(),
        node: stack.consortium.node(0).url().to_owned(),
        company: PLATFORMS[0].id,
        sequence: None,
        out: Some(folder.path().join("proof.json")),
    };
    for _ in 0..10 {
        let (proof, record) = proving::prove(&plan).await.unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(proof.sequence, record.sequence);
    }
    let file = plan.out.clone().unwrap();
    let (proof, _) = proving::check(&plan.node, &file).await.unwrap_or_else(|e| panic!("{e}"));
    // Somebody makes a vehicle slower than it was.
    let change = format!(
        "ALTER TABLE records UPDATE speed = 100 WHERE sequence = {} SETTINGS mutations_sync = 1",
        proof.sequence
    );
    store.execute(&change).await.unwrap();
    plan.sequence = Some(proof.sequence);
    let refused = proving::prove(&plan).await.unwrap_err().to_string();
    assert!(refused.contains("was changed"), "{refused}");
    stack.devices.stop().await.unwrap_or_else(|e| panic!("{e}"));
    stack.clickhouse.stop().await.unwrap_or_else(|e| panic!("{e}"));
    stack.consortium.stop().await;
}
