//! With a real engine whose tables lose what they have acknowledged.

use super::*;
use crate::{
    journal::{Cut, OpenBatch},
    rows,
};
use smartlink_clickhouse::{migrate, Engine, EngineConfig, Layout, Policy, Store, StoreConfig};
use smartlink_devices::{config::LogConfig, log::Writing};
use smartlink_primitives::H256;
use smartlink_records::{
    Alarms, Channel, Flags, Position, Quantity, Reading, Record, Report, TerminalId,
};
use tempfile::TempDir;

/// 2026-05-31 23:50 UTC: a chunk of twenty minutes is in two months.
const BEGIN_MS: u64 = 1_780_271_400_000;
const RECORDS: u32 = 1_200;

struct Rig {
    storer: Storer,
    store: Store,
    engine: Engine,
    _writing: Writing,
    _folder: TempDir,
}

async fn rig() -> Rig {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clickhouse");
    let listen = ([127, 0, 0, 1], 0).into();
    let engine = EngineConfig { path, listen, ..EngineConfig::default() };
    let engine = Engine::start(engine).await.unwrap();
    let store = Store::connect(&StoreConfig { url: engine.url(), ..StoreConfig::default() });
    migrate(&store, &Layout::Single, &Policy::default()).await.unwrap();
    let (log, writing) = Log::start(&folder.path().join("log"), &LogConfig::default()).unwrap();
    let storer = Storer {
        client: store.client().clone(),
        journal: Arc::new(Journal::open(&folder.path().join("telemetry")).unwrap()),
        log,
        config: PipelineConfig::default(),
        company: 7,
        tally: Arc::default(),
        stored: watch::channel(1).0,
        ready: watch::channel(0).0,
        keep: Vec::new(),
    };
    Rig { storer, store, engine, _writing: writing, _folder: folder }
}

fn chunk(again: bool) -> Chunk {
    let cut = Cut { first: 1, count: RECORDS, batch: 1 };
    let mut chunk = Chunk { cut, rows: Vec::new(), received: Vec::new(), again };
    for sequence in 1..=u64::from(RECORDS) {
        let time_ms = BEGIN_MS + sequence * 1_000;
        let record = Record {
            sequence,
            terminal: TerminalId(sequence % 10),
            vehicle: (sequence % 10) as u32,
            received_ms: time_ms,
            channel: Channel::Jt808,
            report: Report {
                time_ms,
                position: Some(Position::default()),
                flags: Flags::FIXED,
                alarms: Alarms::NONE,
                readings: vec![Reading::of(Quantity::Odometer, 5)],
                attachment: None,
            },
        };
        rows::append(&mut chunk.rows, sequence, 1, &record.encode()).unwrap();
    }
    chunk
}

impl Rig {
    async fn number(&self, sql: &str) -> u64 {
        self.store.query(sql).fetch_one().await.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Rows go, and the token of their insert stays.
    async fn lose(&self, table: &str, which: &str) {
        let sql = format!("ALTER TABLE {table} DELETE WHERE {which} SETTINGS mutations_sync = 2");
        self.store.execute(&sql).await.unwrap();
    }

    async fn store(&self, again: bool) {
        assert!(self.storer.store(chunk(again), &CancellationToken::new()).await.unwrap());
    }

    async fn every_record_is_there_once(&self) {
        let records = u64::from(RECORDS);
        for sql in [
            "SELECT count() FROM records",
            "SELECT uniqExact(sequence) FROM records",
            "SELECT count() FROM positions_by_area",
            "SELECT count() FROM sensors",
            "SELECT sum(records) FROM track_minutely",
            "SELECT sum(records) FROM counters_daily",
        ] {
            assert_eq!(self.number(sql).await, records, "{sql}");
        }
        let beside = "SELECT count() FROM system.tables WHERE name = 'records_again'";
        assert_eq!(self.number(beside).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_and_is_missing_is_put_in_and_nothing_is_there_twice() {
    let rig = rig().await;
    rig.store(false).await;
    rig.every_record_is_there_once().await;
    // One month of it, a part of a month, everything.
    for lost in ["received < '2026-06-01'", "sequence BETWEEN 500 AND 900", "1"] {
        rig.lose("records", lost).await;
        let left = rig.number("SELECT count() FROM records").await;
        // The danger: the token is known, and the rows are not there.
        rig.store(false).await;
        assert_eq!(rig.number("SELECT count() FROM records").await, left);
        rig.store(true).await;
        rig.every_record_is_there_once().await;
    }
    // Once more, when nothing is missing, and after an attempt of which nobody saw the end.
    rig.store.execute("CREATE TABLE records_again AS records").await.unwrap();
    rig.store(true).await;
    rig.every_record_is_there_once().await;
    // The order of the log is there as well: a proof reads it.
    let sql = "SELECT sum(sequence) FROM records WHERE sequence >= 100 AND sequence < 200";
    assert_eq!(rig.number(sql).await, 14_950);
    rig.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_there_whatever_its_table_remembers() {
    let rig = rig().await;
    rig.store(false).await;
    let batch =
        Batch { number: 1, first: 1, count: RECORDS, root: H256::zero(), closed_ms: BEGIN_MS };
    let open = OpenBatch { number: 2, first: batch.end(), opened_ms: 0 };
    rig.storer.journal.close(&batch, &open).unwrap();
    for _ in 0..2 {
        // As after a kill between the insert and the note of it.
        rig.storer.ready.send_replace(0);
        assert!(rig.storer.batches(&CancellationToken::new()).await.unwrap());
        assert_eq!(rig.number("SELECT count() FROM batches FINAL").await, 1);
        rig.lose("batches", "1").await;
    }
    rig.engine.stop().await;
}
