//! ClickHouse's own client on the embedded engine, with its defaults.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]
#![allow(clippy::cast_possible_wrap, reason = "a test counts to thousands")]

#[allow(dead_code)]
mod support;

use clickhouse::{Client, Row};
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};
use smartlink_clickhouse::{
    migrations, schema::RecordRow, Layout, MigrateError, Policy, StoreError,
};
use support::{engine, store};

#[derive(Clone, Debug, PartialEq, Row, Serialize, Deserialize)]
struct Reading {
    vehicle: u32,
    time: i64,
    name: String,
    value: Option<f64>,
    parts: Vec<(u8, String)>,
    hash: [u8; 4],
}

fn readings() -> Vec<Reading> {
    let reading = |n: u32| Reading {
        vehicle: n,
        time: 1_700_000_000_000 + i64::from(n),
        name: format!("温度 {n}"),
        value: (!n.is_multiple_of(3)).then_some(f64::from(n) / 7.0),
        parts: (0..n % 4).map(|part| (1, part.to_string())).collect(),
        hash: n.to_le_bytes(),
    };
    (0..100_000).map(reading).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_inserted_and_fetched_with_validation_and_compression() {
    let Some(running) = engine().await else { return };
    let client = Client::default().with_url(running.engine.url());
    let create = "CREATE TABLE readings (vehicle UInt32, time DateTime64(3), name String, value Nullable(Float64), \
                  parts Array(Tuple(UInt8, String)), hash FixedString(4)) ENGINE = MergeTree ORDER BY vehicle";
    client.query(create).execute().await.unwrap();
    let rows = readings();
    let mut insert = client.insert::<Reading>("readings").await.unwrap();
    for row in &rows {
        insert.write(row).await.unwrap();
    }
    insert.end().await.unwrap();
    let fetched = client
        .query("SELECT ?fields FROM readings ORDER BY vehicle")
        .fetch_all::<Reading>()
        .await
        .unwrap();
    assert!(fetched == rows);
    // Bound by the client, and by the server.
    let one = client
        .query("SELECT name FROM readings WHERE vehicle = ?")
        .bind(7)
        .fetch_one::<String>()
        .await;
    assert_eq!(one.unwrap(), "温度 7");
    let name = "it's\t'a' \\ name\n";
    let bound =
        client.query("SELECT {name:String}").param("name", name).fetch_one::<String>().await;
    assert_eq!(bound.unwrap(), name);
    let mut bytes =
        client.query("SELECT vehicle FROM readings ORDER BY vehicle").fetch_bytes("CSV").unwrap();
    let bytes = bytes.collect().await.unwrap();
    assert!(bytes.starts_with(b"0\n1\n2\n") && bytes.ends_with(b"99999\n"));
    let unknown = client.query("SELECT * FROM nowhere").fetch_all::<u8>().await.unwrap_err();
    assert!(unknown.to_string().contains("Code: 60"), "{unknown}");
    let late = "SELECT throwIf(number = 3000000) FROM numbers(5000000)";
    let late = client.query(late).fetch_all::<u8>().await.unwrap_err();
    assert!(late.to_string().contains("Code: 395"), "{late}");
    running.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_says_what_is_wrong() {
    let Some(running) = engine().await else { return };
    let store = store(&running.engine.url());
    // The database is made by the migrations.
    let missing = store.ready().await.unwrap_err();
    assert!(
        matches!(missing, StoreError::Refused { code: 81, .. }) && !missing.is_passing(),
        "{missing}"
    );
    store.create_database(None).await.unwrap();
    store.ready().await.unwrap();
    let query = store.query("SELECT number FROM numbers(1000000)");
    let export: Vec<_> = store.stream(query, "CSV").await.unwrap().try_collect().await.unwrap();
    assert_eq!(export.iter().map(|piece| piece.len()).sum::<usize>(), 6_888_890);
    let failing = store.query("SELECT throwIf(number = 3000000) FROM numbers(5000000)");
    let failed =
        store.stream(failing, "CSV").await.unwrap().try_collect::<Vec<_>>().await.unwrap_err();
    assert!(matches!(failed, StoreError::Refused { code: 395, .. }), "{failed}");
    running.engine.stop().await;
    let away = store.ready().await.unwrap_err();
    assert!(matches!(away, StoreError::Away { .. }) && away.is_passing(), "{away}");
}

#[tokio::test(flavor = "multi_thread")]
async fn migrations_run_twice_and_are_held_to_their_text() {
    let Some(running) = engine().await else { return };
    let store = store(&running.engine.url());
    let migrate = |policy: Policy| {
        let store = store.clone();
        async move { migrations::migrate(&store, &Layout::Single, &policy).await }
    };
    assert_eq!(migrate(Policy::default()).await.unwrap(), [1]);
    assert_eq!(migrate(Policy::default()).await.unwrap(), [0_u32; 0]);
    // Cut off in the middle: what was made stays, and the rest is made.
    store.execute("TRUNCATE TABLE schema_migrations").await.unwrap();
    store.execute("DROP VIEW energy").await.unwrap();
    store.execute("DROP TABLE batches").await.unwrap();
    assert_eq!(migrate(Policy::default()).await.unwrap(), [1]);
    // The policy changes in both directions.
    let definition = || {
        let sql = "SELECT engine_full FROM system.tables WHERE database = 'smartlink' AND name = 'records'";
        store.query(sql).fetch_one::<String>()
    };
    assert!(definition().await.unwrap().contains("fsync_after_insert = 1"));
    let changed = Policy { keep_days: 90, recompress_days: 5, fsync: false };
    migrate(changed).await.unwrap();
    let kept = definition().await.unwrap();
    for part in [
        "TTL toDate(received) + toIntervalDay(5) RECOMPRESS CODEC(ZSTD(1)), toDate(received) + toIntervalDay(90) SETTINGS",
        "fsync_after_insert = 0",
    ] {
        assert!(kept.contains(part), "{kept}");
    }
    migrate(Policy { keep_days: 0, recompress_days: 0, fsync: true }).await.unwrap();
    let kept = definition().await.unwrap();
    assert!(!kept.contains("TTL") && kept.contains("fsync_after_insert = 1"), "{kept}");
    // Another text under the same number.
    let text =
        "CREATE TABLE IF NOT EXISTS other (a UInt8) ENGINE = {{engine MergeTree}} ORDER BY a;\n";
    let changed = [migrations::Migration { text, ..migrations::MIGRATIONS[0] }];
    let refused =
        migrations::migrate_by(&changed, &store, &Layout::Single, &Policy::default()).await;
    let refused = refused.unwrap_err();
    assert!(matches!(refused, MigrateError::Changed { version: 1, .. }), "{refused}");
    let refused =
        migrations::migrate_by(&[], &store, &Layout::Single, &Policy::default()).await.unwrap_err();
    assert!(matches!(refused, MigrateError::Newer(1)), "{refused}");
    running.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_statements_for_a_cluster_are_clickhouses() {
    let Some(running) = engine().await else { return };
    let client = Client::default().with_url(running.engine.url());
    for migration in migrations::MIGRATIONS {
        for statement in migration.statements(&Layout::Cluster("fleet".to_owned())) {
            assert!(!statement.contains("{{"), "{statement}");
            let parsed =
                client.query_raw(&format!("EXPLAIN AST {statement}")).fetch_all::<String>().await;
            assert!(parsed.is_ok(), "{statement}: {}", parsed.unwrap_err());
        }
    }
    running.engine.stop().await;
}

fn record(sequence: u64) -> RecordRow {
    RecordRow {
        sequence,
        batch: sequence / 100,
        terminal: 13_800_000_000 + sequence % 10,
        vehicle: (sequence % 10) as u32 + 1,
        received: 1_780_000_000_500 + sequence as i64,
        time: 1_780_000_000_000 + sequence as i64,
        channel: 1,
        has_position: 1,
        latitude: 31_200_000 + sequence as i32,
        longitude: -121_400_000 - sequence as i32,
        altitude: -3,
        speed: 400,
        heading: 359,
        flags: 3,
        alarms: u32::from(sequence.is_multiple_of(100)),
        reading_kinds: vec![1, 40],
        reading_instances: vec![0, 2],
        reading_values: vec![1_000 + sequence as i64, -180],
        has_attachment: 1,
        attachment_kind: 7,
        attachment: vec![0xff, 0, sequence as u8],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_found_in_every_table_that_follows_from_it() {
    let Some(running) = engine().await else { return };
    let store = store(&running.engine.url());
    migrations::migrate(&store, &Layout::Single, &Policy::default()).await.unwrap();
    let rows: Vec<_> = (0..1_000).map(record).collect();
    store.insert_rows("records", &rows, "records-1-0").await.unwrap();
    let back = store
        .query("SELECT ?fields FROM records ORDER BY sequence")
        .fetch_all::<RecordRow>()
        .await
        .unwrap();
    assert_eq!(back, rows);
    let number = |sql: &'static str| {
        let store = store.clone();
        async move { store.query(sql).fetch_one::<i64>().await.unwrap() }
    };
    assert_eq!(number("SELECT toInt64(count()) FROM positions_by_area WHERE latitude BETWEEN 31200010 AND 31200019").await, 10);
    assert_eq!(number("SELECT toInt64(count()) FROM sensors").await, 2_000);
    assert_eq!(number("SELECT value FROM sensors WHERE vehicle = 4 AND quantity = 40 AND instance = 2 LIMIT 1").await, -180);
    assert_eq!(number("SELECT toInt64(count()) FROM alarms").await, 10);
    assert_eq!(number("SELECT toInt64(sum(records)) FROM track_minutely").await, 1_000);
    assert_eq!(number("SELECT distance_m FROM energy WHERE vehicle = 1").await, 990);
    assert_eq!(number("SELECT fuel_ml FROM energy WHERE vehicle = 1").await, 0);
    // The order of the log is at hand.
    let plan = store.query("EXPLAIN SELECT * FROM records WHERE sequence >= 100 AND sequence < 200 ORDER BY sequence").fetch_all::<String>().await.unwrap();
    assert!(plan.iter().any(|line| line.contains("by_sequence")), "{plan:#?}");
    running.engine.stop().await;
}
