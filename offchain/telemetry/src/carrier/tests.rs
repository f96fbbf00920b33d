//! With a real engine whose tables lose what they have acknowledged.

use super::*;
use crate::findings::{CROSSINGS, TRIPS};
use smartlink_clickhouse::{migrate, Engine, EngineConfig, Layout, Policy, Store, StoreConfig};

#[tokio::test(flavor = "multi_thread")]
async fn findings_are_there_once_whatever_their_tables_remember() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clickhouse");
    let listen = ([127, 0, 0, 1], 0).into();
    let engine = EngineConfig { path, listen, ..EngineConfig::default() };
    let engine = Engine::start(engine).await.unwrap();
    let store = Store::connect(&StoreConfig { url: engine.url(), ..StoreConfig::default() });
    migrate(&store, &Layout::Single, &Policy::default()).await.unwrap();
    let carrier = Carrier {
        client: store.client().clone(),
        journal: Arc::new(Journal::open(&folder.path().join("telemetry")).unwrap()),
        config: AnalysisConfig::default(),
        inserts: PipelineConfig::default(),
        company: 7,
        tally: Arc::default(),
        news: Arc::default(),
        delivered: watch::channel(0).0,
    };
    let row = |table: &str, row: &str| Entry { table: table.to_owned(), row: row.into() };
    let crossing = r#"{"vehicle":1,"fence":2,"time":"2026-06-01 00:00:00.000","detail":"{}"}"#;
    let trip =
        r#"{"id":3,"version":1,"vehicle":1,"started":"2026-06-01 00:00:00.000","detail":"{}"}"#;
    let load = [(0, row(CROSSINGS, crossing)), (1, row(TRIPS, trip))];
    let number = |sql: String| {
        let store = store.clone();
        async move { store.query(&sql).fetch_one::<u64>().await.unwrap() }
    };
    for lost in [CROSSINGS, TRIPS] {
        // Twice, as after an answer that was lost.
        for _ in 0..2 {
            carrier.carry(0, 2, &load).await.unwrap();
        }
        for table in [CROSSINGS, TRIPS] {
            assert_eq!(number(format!("SELECT count() FROM {table} FINAL")).await, 1, "{table}");
        }
        // Rows go, and the tokens of their inserts stay.
        let sql = format!("ALTER TABLE {lost} DELETE WHERE 1 SETTINGS mutations_sync = 2");
        store.execute(&sql).await.unwrap();
        assert_eq!(number(format!("SELECT count() FROM {lost}")).await, 0);
    }
    engine.stop().await;
}
