//! The settings of telemetry.

use serde::{Deserialize, Serialize};
use smartlink_primitives::telemetry::MAX_RECORDS;
use smartlink_service::config::{Check, Validate};

/// The settings of telemetry of one company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TelemetryConfig {
    /// The company's number on chain, from 1.
    pub company: u32,
    /// Folder of the journal.
    pub path: String,
    /// From the log to ClickHouse.
    pub pipeline: PipelineConfig,
    /// What is found in the records.
    pub analysis: AnalysisConfig,
    /// Questions about what has happened.
    pub queries: QueryConfig,
    /// Vehicles whose last state followers may be behind, in groups of changes. Further behind they begin anew.
    pub live_groups: usize,
    /// Geofences, at most.
    pub geofences: usize,
}

impl Default for TelemetryConfig {
    fn default() -> Self {
        Self {
            company: 1,
            path: "telemetry".to_owned(),
            pipeline: PipelineConfig::default(),
            analysis: AnalysisConfig::default(),
            queries: QueryConfig::default(),
            live_groups: 256,
            geofences: 50_000,
        }
    }
}

/// From the log to ClickHouse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PipelineConfig {
    /// Records of one insert, at most.
    pub chunk_records: u32,
    /// Bytes of one insert, about: it is closed when it has so many.
    pub chunk_bytes: usize,
    /// Milliseconds between two inserts, unless there are enough records for a whole one. What it is, a record waits
    /// before it can be found; each insert costs ClickHouse a part of each table, and their merging. At 100,000 records a
    /// second ClickHouse took 6.6 µs a record with 250, 4.2 µs with 1,000.
    pub chunk_ms: u64,
    /// Records of one batch, at most: one root on chain stands for them, and a proof reads all of them.
    pub batch_records: u32,
    /// Milliseconds after which a batch is closed that is not full.
    pub batch_ms: u64,
    /// Closed batches that the journal keeps behind the one that the chain needs next. ClickHouse keeps all.
    pub batches_kept: u64,
    /// Milliseconds that ClickHouse may take to answer an insert.
    pub insert_timeout_ms: u64,
    /// Milliseconds between two attempts, at most.
    pub retry_most_ms: u64,
    /// Milliseconds between two times that the log may drop what nobody needs.
    pub trim_ms: u64,
    /// Whether inserts are compressed on their way (LZ4): for a ClickHouse behind a slow network.
    pub compress: bool,
}

impl Default for PipelineConfig {
    fn default() -> Self {
        Self {
            chunk_records: 131_072,
            chunk_bytes: 32 << 20,
            chunk_ms: 500,
            batch_records: 262_144,
            batch_ms: 10_000,
            batches_kept: 100_000,
            insert_timeout_ms: 120_000,
            retry_most_ms: 5_000,
            trim_ms: 2_000,
            compress: false,
        }
    }
}

impl PipelineConfig {
    /// Records of one batch.
    pub(crate) fn batch(&self) -> usize {
        usize::try_from(self.batch_records).unwrap_or(usize::MAX)
    }
}

/// What is found in the records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnalysisConfig {
    /// Records that are analysed in one step, at most.
    pub step_records: usize,
    /// Milliseconds between two looks at what only time brings about: offline, dwelling, resting.
    pub tick_ms: u64,
    /// Milliseconds between two snapshots. After a restart so much is analysed once more.
    pub snapshot_ms: u64,
    /// Findings that may wait for ClickHouse. Beyond them the analysis waits, and the log holds the records.
    pub waiting: u64,
    /// Findings that are carried to ClickHouse at once.
    pub load: usize,
}

impl Default for AnalysisConfig {
    fn default() -> Self {
        Self {
            step_records: 16_384,
            tick_ms: 1_000,
            snapshot_ms: 60_000,
            waiting: 10_000_000,
            load: 50_000,
        }
    }
}

/// Questions about what has happened. Lists are answered within `store.query_ms`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QueryConfig {
    /// Tracks and files that are on their way at once over gRPC. One more is refused. Each is a query of ClickHouse's, which
    /// has places for a few at a time, and needs one for each insert.
    pub streams: usize,
    /// Milliseconds that ClickHouse may take for the next piece of a track or a file. How long all of it takes, nobody asks.
    pub piece_ms: u64,
}

impl Default for QueryConfig {
    fn default() -> Self {
        Self { streams: 8, piece_ms: 300_000 }
    }
}

impl Validate for TelemetryConfig {
    fn validate(&self, check: &mut Check) {
        check.range("company", self.company, 1..=u32::MAX);
        check.require(!self.path.is_empty(), "path", "set it to a folder");
        check.within("pipeline", &self.pipeline);
        check.within("analysis", &self.analysis);
        check.within("queries", &self.queries);
        check.range("live_groups", self.live_groups, 1..=65_536);
        check.range("geofences", self.geofences, 1..=1_000_000);
    }
}

impl Validate for PipelineConfig {
    fn validate(&self, check: &mut Check) {
        check.range("chunk_records", self.chunk_records, 1..=MAX_RECORDS);
        check.range("chunk_bytes", self.chunk_bytes, 65_536..=(256 << 20));
        check.range("chunk_ms", self.chunk_ms, 1..=60_000);
        check.range("batch_records", self.batch_records, 1..=MAX_RECORDS);
        check.range("batch_ms", self.batch_ms, 100..=86_400_000);
        check.range("batches_kept", self.batches_kept, 64..=10_000_000);
        check.range("insert_timeout_ms", self.insert_timeout_ms, 1_000..=3_600_000);
        check.range("retry_most_ms", self.retry_most_ms, 100..=600_000);
        check.range("trim_ms", self.trim_ms, 10..=600_000);
    }
}

impl Validate for AnalysisConfig {
    fn validate(&self, check: &mut Check) {
        check.range("step_records", self.step_records, 1..=1_000_000);
        check.range("tick_ms", self.tick_ms, 100..=60_000);
        check.range("snapshot_ms", self.snapshot_ms, 1_000..=3_600_000);
        check.range("waiting", self.waiting, 1_000..=1_000_000_000);
        check.range("load", self.load, 1..=1_000_000);
    }
}

impl Validate for QueryConfig {
    fn validate(&self, check: &mut Check) {
        check.range("streams", self.streams, 1..=10_000);
        check.range("piece_ms", self.piece_ms, 100..=86_400_000);
    }
}
