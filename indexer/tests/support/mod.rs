//! A real node with a company at work, a real engine, and indexers between them.

// Each test binary uses a part of this; and in a test an unwrap is the assertion.
#![allow(dead_code, clippy::unwrap_used)]

use std::{
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use smartlink_chain::{calls, Chain};
use smartlink_clickhouse::{library, Engine, EngineConfig, StoreConfig};
use smartlink_devnet::{Consortium, Options};
use smartlink_indexer::{
    application::{run, Goal, Tally},
    config::{ApiConfig, OperationsConfig},
    infra::{store::Position, Index, Node},
    Error, IndexerConfig, Registry,
};
use smartlink_offchain::{
    day::{self, Day},
    fleet::{self, Roster},
    prices,
    staff::{Staff, PLATFORMS},
    up,
};
use smartlink_primitives::{
    ride::{Ride, RideBatch, RideKind},
    BatchNumber, Money, TariffVersion,
};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// How long a height may take to become final.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// The node's binary: from SMARTLINK_NODE, or beside the tests in the target folder.
pub fn node() -> PathBuf {
    let found = match std::env::var_os("SMARTLINK_NODE") {
        Some(path) => PathBuf::from(path),
        None => {
            let test = std::env::current_exe().unwrap();
            test.parent().unwrap().parent().unwrap().join("smartlink-node")
        }
    };
    assert!(
        found.is_file(),
        "these tests run the real node, and there is none at {}: build the workspace first, or set SMARTLINK_NODE",
        found.display()
    );
    found
}

/// One validator, with a chain of its own.
pub async fn consortium() -> Consortium {
    consortium_of(1).await
}

/// So many validators, which have made a final block.
pub async fn consortium_of(validators: usize) -> Consortium {
    let options = Options::new(node()).validators(validators);
    let mut consortium = Consortium::start(options).await.unwrap_or_else(|e| panic!("{e}"));
    consortium.wait_finalized(1, PATIENCE).await.unwrap_or_else(|e| panic!("{e}"));
    consortium
}

/// The first platform, ready to settle.
pub struct Platform {
    pub chain: Chain,
    pub staff: Staff,
    pub roster: Roster,
}

impl Platform {
    /// With staff, drivers, a tariff and money.
    pub async fn ready(chain: Chain, drivers: usize) -> Self {
        let staff = Staff::new(PLATFORMS[0]).unwrap();
        staff.hire(&chain).await.unwrap();
        let roster = fleet::enrol(&chain, &staff, drivers).await.unwrap();
        let tariff = prices::shenzhen();
        let day = Day::new("a test".into(), prices::SHENZHEN, tariff, Vec::new()).unwrap();
        up::put_in_force(&chain, &staff, &day, TariffVersion(1)).await.unwrap();
        up::fund(&chain, &staff, Money::yuan(100_000)).await.unwrap();
        Self { chain, staff, roster }
    }

    /// Settles a batch of short rides of all drivers, and waits until that is final.
    pub async fn settle(&self, number: u64, rides: u64) -> u64 {
        let ride = |row: u64| Ride {
            order: number * 1_000 + row,
            seat: self.roster.in_turn(usize::try_from(row).unwrap()).seat,
            pickup: 1_781_452_800 + row,
            distance_m: 3_000,
            duration_s: 600,
            waiting_s: 0,
            tolls_fen: 0,
            surge_permille: 1_000,
            kind: RideKind::Trip,
        };
        let rides: Vec<Ride> = (0..rides).map(ride).collect();
        let company = self.staff.company.id;
        let batch: RideBatch =
            day::batch(company, BatchNumber(number), prices::SHENZHEN, &rides).unwrap();
        let settled = self.chain.execute(&self.staff.worker, &calls::settle(batch), PATIENCE).await;
        settled.unwrap().number
    }
}

/// The embedded engine on a folder of its own.
pub struct Running {
    pub engine: Engine,
    _folder: TempDir,
}

/// Starts the engine; `None`, and said loudly, without its library.
pub async fn engine() -> Option<Running> {
    if let Err(missing) = library() {
        let all = std::env::var_os("SMARTLINK_REQUIRE_ALL").is_some_and(|all| all == "1");
        assert!(!all, "SMARTLINK_REQUIRE_ALL=1 is set, but {missing}");
        eprintln!("\n!!! SKIPPED, NOTHING WAS TESTED: {missing}\n");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let config = EngineConfig {
        path: folder.path().join("data"),
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        max_memory_bytes: 2 << 30,
        ..EngineConfig::default()
    };
    Some(Running { engine: Engine::start(config).await.unwrap(), _folder: folder })
}

/// An indexer between the two, in a database.
pub fn config(clickhouse: &str, node: &str, database: &str) -> IndexerConfig {
    IndexerConfig {
        node: node.to_owned(),
        store: StoreConfig {
            url: clickhouse.to_owned(),
            database: database.to_owned(),
            ..StoreConfig::default()
        },
        operations: OperationsConfig { listen: String::new(), ..OperationsConfig::default() },
        api: ApiConfig { listen: String::new(), ..ApiConfig::default() },
        ..IndexerConfig::default()
    }
}

/// The index of a configuration.
pub async fn index(config: &IndexerConfig) -> Index {
    Index::open(config, Arc::new(Registry::default()), 0).await.unwrap_or_else(|e| panic!("{e}"))
}

/// Brings an index up to a goal.
pub async fn bring(config: &IndexerConfig, goal: Goal) -> Result<Position, Error> {
    let index = index(config).await;
    let node = (goal != Goal::Kept).then(|| Node::at(&config.node, &config.fetch));
    let (tally, stop) = (Arc::new(Tally::default()), CancellationToken::new());
    let position = run(index, node, config, goal, tally, stop).await?;
    Ok(position.expect("something is stored"))
}

/// The indexer as a process of its own, which is killed when this is dropped.
pub struct Process(Child);

impl Process {
    /// Starts a job of the binary.
    pub fn start(config: &IndexerConfig, job: &[&str], set: &[&str]) -> Self {
        Self(command(config, job, set).stdin(Stdio::null()).spawn().unwrap())
    }

    /// Whether it has not ended yet.
    pub fn runs(&mut self) -> bool {
        self.0.try_wait().unwrap().is_none()
    }

    /// kill -9. Whether it still ran.
    pub fn kill(mut self) -> bool {
        let ran = self.runs();
        self.0.kill().unwrap();
        self.0.wait().unwrap();
        ran
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The binary with a job.
pub fn command(config: &IndexerConfig, job: &[&str], set: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_smartlink-indexer"));
    command.args(job);
    let own = [
        format!("node=\"{}\"", config.node),
        format!("store.url=\"{}\"", config.store.url),
        format!("store.database=\"{}\"", config.store.database),
        // Tests run side by side.
        format!("operations.listen=\"{}\"", config.operations.listen),
        format!("api.listen=\"{}\"", config.api.listen),
    ];
    for one in own.iter().map(String::as_str).chain(set.iter().copied()) {
        command.args(["--set", one]);
    }
    command
}

/// What a job of the binary says, which has to end well.
pub fn said(config: &IndexerConfig, job: &[&str]) -> String {
    let output = command(config, job, &[]).output().unwrap();
    let (out, errors) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{job:?}: {out}{errors}");
    out.into_owned()
}

/// A number that a query answers.
pub async fn number(index: &Index, sql: &str) -> u64 {
    let query = index.store().query(sql).fetch_one::<u64>();
    query.await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// A text that a query answers.
pub async fn text(index: &Index, sql: &str) -> String {
    let query = index.store().query(sql).fetch_one::<String>();
    query.await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// Texts that a query answers.
pub async fn texts(index: &Index, sql: &str) -> Vec<String> {
    let query = index.store().query(sql).fetch_all::<String>();
    query.await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// Every block from the first to the last is there once, in every table, and nothing else is.
pub async fn is_whole(index: &Index, last: u32) {
    let blocks = u64::from(last) + 1;
    for (sql, expected) in [
        ("SELECT count() FROM blocks", blocks),
        ("SELECT uniqExact(number) FROM blocks", blocks),
        ("SELECT toUInt64(max(number)) FROM blocks", last.into()),
        ("SELECT uniqExact(number) FROM raw_blocks", blocks),
        ("SELECT count() FROM raw_blocks FINAL", blocks),
        (
            "SELECT count() FROM extrinsics",
            number(index, "SELECT sum(extrinsics) FROM blocks").await,
        ),
        (
            "SELECT uniqExact(block, place) FROM extrinsics",
            number(index, "SELECT count() FROM extrinsics").await,
        ),
        ("SELECT count() FROM calls", number(index, "SELECT sum(calls) FROM blocks").await),
        (
            "SELECT uniqExact(block, extrinsic, place) FROM calls",
            number(index, "SELECT count() FROM calls").await,
        ),
        ("SELECT count() FROM events", number(index, "SELECT sum(events) FROM blocks").await),
        (
            "SELECT uniqExact(block, place) FROM events",
            number(index, "SELECT count() FROM events").await,
        ),
    ] {
        assert_eq!(number(index, sql).await, expected, "{sql}");
    }
    for entity in index.registry().all() {
        let name = entity.name;
        let rows = number(index, &format!("SELECT count() FROM {name}")).await;
        let once = format!("SELECT uniqExact(id, version) FROM {name}");
        assert_eq!(number(index, &once).await, rows, "{once}");
        let last = if entity.once { "" } else { " FINAL" };
        let now = format!("SELECT count() FROM {name}_now{last}");
        let ids = format!("SELECT uniqExact(id) FROM {name}");
        assert_eq!(number(index, &now).await, number(index, &ids).await, "{now}");
    }
}
