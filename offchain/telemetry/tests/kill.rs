//! kill -9 of telemetry and of the engine, in loops, under load: what the log has acknowledged is in ClickHouse, once.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod support;

use smartlink_clickhouse::Store;
use smartlink_primitives::{telemetry::Anchor, AnchorNumber, H256};
use smartlink_records::Record;
use smartlink_telemetry::{
    analysis::{rules::RuleBook, Analysis, Outcome, Trip},
    journal::Journal,
    proof::{prove, ProveError, RecordProof},
    rows::{RecordRow, SELECTED},
};
use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};
use support::{
    process::{free_address, play, Process},
    vehicles,
};

/// The body of the processes that the stories start and kill.
#[test]
fn a_role_of_a_story() {
    play();
}

/// A number below `below` that nobody could foresee.
fn chance(below: u64) -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::collections::hash_map::RandomState::new().build_hasher().finish() % below
}

async fn url(address: SocketAddr) -> Store {
    support::tables(&format!("http://{address}")).await
}

/// Everything that the log has is in ClickHouse, exactly once, and so is everything that follows from it.
async fn is_all_there(store: &Store, end: u64) {
    let records = end - 1;
    assert_eq!(support::number(store, "SELECT count() FROM records").await, records);
    assert_eq!(support::number(store, "SELECT uniqExact(sequence) FROM records").await, records);
    assert_eq!(support::number(store, "SELECT max(sequence) FROM records").await, records);
    // What follows from them by materialized views came once as well.
    let positions = support::number(store, "SELECT countIf(has_position = 1) FROM records").await;
    assert_eq!(support::number(store, "SELECT count() FROM positions_by_area").await, positions);
    let readings = support::number(store, "SELECT sum(length(reading_kinds)) FROM records").await;
    assert_eq!(support::number(store, "SELECT count() FROM sensors").await, readings);
    let minutely = support::number(store, "SELECT sum(records) FROM track_minutely").await;
    assert_eq!(minutely, positions);
    // Batches follow each other without a gap, and each row knows its own.
    let gaps = "SELECT countIf(first != expected) FROM (SELECT first, lagInFrame(first + count, 1, toUInt64(1)) OVER \
         (ORDER BY batch ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS expected FROM batches FINAL)";
    assert_eq!(support::number(store, gaps).await, 0);
    let strays = "SELECT count() FROM records AS r INNER JOIN (SELECT * FROM batches FINAL) AS b ON r.batch = b.batch \
         WHERE r.sequence < b.first OR r.sequence >= b.first + b.count";
    assert_eq!(support::number(store, strays).await, 0);
}

async fn finish(folder: &Path, address: SocketAddr) -> (Store, u64) {
    let mut rest = Process::start("rest", folder, address);
    let end = rest.number("stored ");
    rest.number("analysed ");
    rest.kill("");
    (url(address).await, end)
}

#[tokio::test(flavor = "multi_thread")]
async fn telemetry_may_be_killed_at_any_moment() {
    let folder = tempfile::tempdir().unwrap();
    let address = free_address();
    let _engine = Process::start("engine", folder.path(), address);
    url(address).await;
    let mut acknowledged = 0;
    for _ in 0..10 {
        let mut telemetry = Process::start("telemetry", folder.path(), address);
        acknowledged = telemetry.number("acknowledged ");
        tokio::time::sleep(Duration::from_millis(50 + chance(400))).await;
        acknowledged = telemetry.kill("acknowledged ").unwrap_or(acknowledged);
    }
    let (store, end) = finish(folder.path(), address).await;
    assert!(acknowledged <= end && end > 1_000, "{acknowledged} of {end}");
    is_all_there(&store, end).await;
    what_was_found_is_what_one_run_finds(&store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_may_be_killed_at_any_moment_and_be_away() {
    let folder = tempfile::tempdir().unwrap();
    let address = free_address();
    let mut engine = Process::start("engine", folder.path(), address);
    url(address).await;
    let mut telemetry = Process::start("telemetry", folder.path(), address);
    for round in 0..8 {
        tokio::time::sleep(Duration::from_millis(100 + chance(300))).await;
        engine.kill("");
        // In one round the engine is away for long, and reports go on.
        let before = telemetry.number("acknowledged ");
        let more = if round == 4 { 20_000 } else { 500 };
        while telemetry.number("acknowledged ") < before + more {}
        engine = Process::start("engine", folder.path(), address);
    }
    let acknowledged = telemetry.kill("acknowledged ").unwrap();
    let (store, end) = finish(folder.path(), address).await;
    assert!(acknowledged <= end, "{acknowledged} of {end}");
    is_all_there(&store, end).await;
    every_record_is_proven(&store).await;
    a_changed_column_is_refused(&store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_outlives_its_rows_loses_no_record() {
    let folder = tempfile::tempdir().unwrap();
    let address = free_address();
    let mut engine = Process::start("engine", folder.path(), address);
    let mut lost = 0;
    for _ in 0..60 {
        let store = url(address).await;
        store.execute("SYSTEM STOP MERGES").await.unwrap();
        let mut telemetry = Process::start("telemetry", folder.path(), address);
        telemetry.number("acknowledged ");
        tokio::time::sleep(Duration::from_millis(20 + chance(200))).await;
        telemetry.kill("");
        let part = part_of_which_nobody_was_told(&store, folder.path()).await;
        engine.kill("");
        if let Some(part) = part {
            // As the disk is when the token was written and the part had not got its name yet.
            fs::remove_dir_all(part).unwrap();
            lost += 1;
        }
        engine = Process::start("engine", folder.path(), address);
        if lost == 3 {
            break;
        }
    }
    assert!(
        lost > 0,
        "no insert was cut off behind its rows: the moments are wrong for this machine"
    );
    let (store, end) = finish(folder.path(), address).await;
    is_all_there(&store, end).await;
}

/// The part of `records` with a chunk that telemetry, which was killed, has sent and not noted as stored.
async fn part_of_which_nobody_was_told(store: &Store, folder: &Path) -> Option<PathBuf> {
    let cuts = Journal::open(&folder.join("telemetry")).unwrap().course().unwrap().cuts;
    for cut in cuts {
        let sql = "SELECT DISTINCT path FROM system.parts WHERE database = currentDatabase() AND table = 'records' \
             AND active AND name IN (SELECT _part FROM records WHERE sequence >= ? AND sequence < ?)";
        let query = store.query(sql).bind(cut.first).bind(cut.end());
        let paths = query.fetch_all::<String>().await.unwrap();
        if let Some(path) = paths.into_iter().next() {
            return Some(path.into());
        }
    }
    None
}

/// However often it was killed, the analysis comes to what it comes to in one piece.
async fn what_was_found_is_what_one_run_finds(store: &Store) {
    let sql = format!("SELECT {SELECTED} FROM records ORDER BY sequence");
    let mut rows = store.query(&sql).fetch::<RecordRow>().unwrap();
    let mut analysis = Analysis::new(RuleBook::default().compile().unwrap());
    let mut out = Outcome::default();
    while let Some(row) = rows.next().await.unwrap() {
        analysis.observe(&Record::try_from(row).unwrap(), &mut out);
    }
    let told: Vec<Trip> = out.trips.iter().map(|change| change.trip.clone()).collect();
    assert!(told.len() >= 50, "{}", told.len());
    // Time goes on: what ticks only tell earlier.
    analysis.tick(smartlink_devices::clock::now_ms(), &mut out);
    let details: Vec<String> = store.query("SELECT detail FROM trips").fetch_all().await.unwrap();
    let stored: Vec<Trip> =
        details.iter().map(|detail| serde_json::from_str(detail).unwrap()).collect();
    for trip in &stored {
        assert!(
            out.trips.iter().any(|change| change.trip == *trip),
            "not found by one run: {trip:?}"
        );
    }
    for trip in &told {
        let same = |other: &&Trip| other.id == trip.id && other.version >= trip.version;
        assert!(stored.iter().find(same).is_some(), "not stored: {trip:?}");
    }
    let alerts =
        out.alerts.iter().map(|change| change.alert.id).collect::<std::collections::BTreeSet<_>>();
    let stored = support::number(store, "SELECT uniqExact(id) FROM alerts").await;
    assert_eq!(stored, alerts.len() as u64);
}

#[derive(Clone, Debug, PartialEq, clickhouse::Row, serde::Deserialize)]
struct Found {
    batch: u64,
    first: u64,
    count: u32,
}

/// One record of each batch by the whole way, and all of the first batch.
async fn every_record_is_proven(store: &Store) {
    let sql = "SELECT batch, first, count FROM batches FINAL ORDER BY batch";
    let batches: Vec<Found> = store.query(sql).fetch_all().await.unwrap();
    assert!(batches.len() > 2, "{batches:?}");
    for Found { batch, first, count } in &batches {
        let sequence = first + chance((*count).into());
        let proof = prove(store, 7, sequence).await.unwrap();
        assert_eq!((proof.batch, proof.sequence), (*batch, sequence));
        let json = serde_json::to_string(&proof).unwrap();
        let proof: RecordProof = serde_json::from_str(&json).unwrap();
        let anchor: Anchor = proof.anchor();
        let record = proof.verify(&anchor).unwrap();
        // The record is the one that was reported: fifty vehicles, one after the other.
        let vehicle = u32::try_from((sequence - 1) % 50 + 1).unwrap();
        let second = (record.report.time_ms - vehicles::BEGIN_MS) / 1_000;
        assert_eq!(record.encode(), vehicles::report(vehicle, second, record.received_ms).encode());
        // The chain has another root, another count, another batch.
        let number = AnchorNumber(anchor.number.0 + 1);
        assert!(proof.verify(&Anchor { root: H256::repeat_byte(1), ..anchor }).is_err());
        assert!(proof.verify(&Anchor { count: anchor.count + 1, ..anchor }).is_err());
        assert!(proof.verify(&Anchor { number, ..anchor }).is_err());
    }
    let first = &batches[0];
    for index in (0..first.count).step_by(97) {
        let proof = prove(store, 7, first.first + u64::from(index)).await.unwrap();
        proof.verify(&proof.anchor()).unwrap();
    }
}

/// Whoever changes anything in ClickHouse gets no proof of it, nor of anything else in the batch.
async fn a_changed_column_is_refused(store: &Store) {
    let sequence = 2 + chance(40);
    for (change, back) in [
        ("latitude = latitude + 1", "latitude = latitude - 1"),
        ("speed = speed + 1", "speed = speed - 1"),
        ("channel = 2", "channel = 1"),
        (
            "reading_values = arrayMap(v -> v + 1, reading_values)",
            "reading_values = arrayMap(v -> v - 1, reading_values)",
        ),
        ("has_attachment = 1 - has_attachment", "has_attachment = 1 - has_attachment"),
    ] {
        alter(store, &format!("UPDATE {change} WHERE sequence = {sequence}")).await;
        let refused = prove(store, 7, 1).await.unwrap_err();
        assert!(matches!(refused, ProveError::Changed { batch: 1, .. }), "{change}: {refused}");
        alter(store, &format!("UPDATE {back} WHERE sequence = {sequence}")).await;
        prove(store, 7, sequence).await.unwrap();
    }
    let copy = format!("INSERT INTO records SELECT * FROM records WHERE sequence = {sequence}");
    store.execute(&copy).await.unwrap();
    prove(store, 7, sequence).await.expect("what is there twice and the same is proven");
    let other = format!(
        "INSERT INTO records SELECT * REPLACE (speed + 1 AS speed) FROM records WHERE sequence = {sequence} LIMIT 1"
    );
    store.execute(&other).await.unwrap();
    let refused = prove(store, 7, 1).await.unwrap_err();
    assert!(
        matches!(refused, ProveError::Twice { sequence: twice, .. } if twice == sequence),
        "{refused}"
    );
    alter(store, &format!("DELETE WHERE sequence = {sequence}")).await;
    let refused = prove(store, 7, 1).await.unwrap_err();
    assert!(
        matches!(refused, ProveError::Missing { sequence: gone, .. } if gone == sequence),
        "{refused}"
    );
    let unknown = prove(store, 7, u64::MAX).await.unwrap_err();
    assert!(matches!(unknown, ProveError::NoBatch(_)), "{unknown}");
}

async fn alter(store: &Store, what: &str) {
    let sql = format!("ALTER TABLE records {what} SETTINGS mutations_sync = 2");
    store.execute(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}
