//! A company whose vehicles report, with a real log, a real engine and telemetry between them.

// Each test binary uses a part of it.
#![allow(dead_code)]

pub mod process;
pub mod vehicles;

use smartlink_clickhouse::{migrate, Layout, Policy, Store, StoreConfig};
use smartlink_devices::{config::LogConfig, log::Log};
use smartlink_telemetry::{AnalysisConfig, PipelineConfig, TelemetryConfig};
use std::path::Path;

/// Opens the log of a folder.
pub fn log(folder: &Path) -> (Log, smartlink_devices::log::Writing) {
    let config = LogConfig { linger_us: 200, ..LogConfig::default() };
    Log::start(&folder.join("log"), &config).expect("the log opens")
}

/// Settings with which something happens within a test's patience.
pub fn config(folder: &Path) -> TelemetryConfig {
    TelemetryConfig {
        company: 7,
        path: folder.join("telemetry").to_string_lossy().into_owned(),
        pipeline: PipelineConfig {
            chunk_records: 2_000,
            chunk_ms: 20,
            batch_records: 5_000,
            batch_ms: 300,
            trim_ms: 50,
            retry_most_ms: 200,
            ..PipelineConfig::default()
        },
        analysis: AnalysisConfig { tick_ms: 100, snapshot_ms: 1_000, ..AnalysisConfig::default() },
        ..TelemetryConfig::default()
    }
}

/// A client of an engine.
pub fn store(url: &str) -> Store {
    Store::connect(&StoreConfig { url: url.to_owned(), ..StoreConfig::default() })
}

/// A client of an engine, with the tables made.
pub async fn tables(url: &str) -> Store {
    let store = store(url);
    // What is tested is the end of processes, not that of machines.
    let policy = Policy { fsync: false, ..Policy::default() };
    migrate(&store, &Layout::Single, &policy).await.expect("the tables are made");
    store
}

/// A number that a query answers.
pub async fn number(store: &Store, sql: &str) -> u64 {
    store.query(sql).fetch_one().await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}
