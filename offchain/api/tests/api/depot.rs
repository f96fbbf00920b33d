//! Telemetry as it is, with a log that vehicles report to and ClickHouse's engine.

use std::time::Duration;

use smartlink_clickhouse::{migrate, Engine, EngineConfig, Layout, Policy, Store, StoreConfig};
use smartlink_devices::{
    clock::now_ms,
    config::LogConfig,
    log::{Log, Writing},
};
use smartlink_proto::telemetry::telemetry_server::TelemetryServer;
use smartlink_records::{
    Alarms, Channel, Flags, Position, Quantity, Reading, Record, Report, TerminalId,
};
use smartlink_service::Transport;
use smartlink_telemetry::{
    grpc::Grpc, AnalysisConfig, PipelineConfig, Running, Telemetry, TelemetryConfig,
};
use tempfile::TempDir;

/// When vehicles begin to report: 2026-06-01 00:00 UTC.
pub const BEGIN_MS: u64 = 1_780_272_000_000;
/// An hour later.
pub const END_MS: u64 = BEGIN_MS + 3_600_000;

/// Telemetry of company 1. Close it: its processes end with it.
pub struct Depot {
    engine: Engine,
    log: Log,
    writing: Writing,
    pub telemetry: Telemetry,
    running: Running,
    grpc: Grpc,
    _folder: TempDir,
}

impl Depot {
    pub async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listen = ([127, 0, 0, 1], 0).into();
        let path = folder.path().join("clickhouse");
        let config = EngineConfig { path, listen, ..EngineConfig::default() };
        let engine = Engine::start(config).await.unwrap();
        let store = Store::connect(&StoreConfig { url: engine.url(), ..StoreConfig::default() });
        // What is told here does not end with the machine.
        let policy = Policy { fsync: false, ..Policy::default() };
        migrate(&store, &Layout::Single, &policy).await.unwrap();
        let config = LogConfig { linger_us: 200, ..LogConfig::default() };
        let (log, writing) = Log::start(&folder.path().join("log"), &config).unwrap();
        let config = TelemetryConfig {
            company: 1,
            path: folder.path().join("telemetry").display().to_string(),
            pipeline: PipelineConfig {
                chunk_ms: 20,
                batch_records: 5_000,
                batch_ms: 300,
                ..PipelineConfig::default()
            },
            analysis: AnalysisConfig { tick_ms: 100, ..AnalysisConfig::default() },
            ..TelemetryConfig::default()
        };
        let grpc = Grpc::new(&config.queries);
        let started = Telemetry::start(config, log.clone(), &store).await;
        let (telemetry, running) = started.unwrap();
        grpc.begin(telemetry.clone());
        Self { engine, log, writing, telemetry, running, grpc, _folder: folder }
    }

    pub fn server(&self) -> TelemetryServer<Grpc> {
        TelemetryServer::new(self.grpc.clone())
    }

    pub fn transport(&self) -> Transport {
        Transport::in_process(self.server())
    }

    /// Takes reports on, and waits until all that follows from them can be asked.
    pub async fn report(&self, records: &[Record]) {
        for part in records.chunks(2_000) {
            self.log.append(part).durable().await.unwrap();
        }
        assert!(self.telemetry.stored(self.log.next_sequence()).await);
        let settled = async {
            loop {
                let figures = self.telemetry.figures();
                if figures.unanalysed == 0 && figures.waiting == 0 {
                    return;
                }
                let (_, mut changes) = self.telemetry.live().subscribe(|_| false);
                // Ticks go on: there may be no next change.
                let _ = tokio::time::timeout(Duration::from_millis(50), changes.next()).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), settled).await.expect("it settles");
    }

    pub async fn close(self) {
        self.grpc.end();
        self.running.stop().await;
        drop((self.telemetry, self.grpc, self.log));
        self.writing.stop();
        self.engine.stop().await;
    }
}

/// Where a vehicle is at a second, and how fast.
pub fn report(vehicle: u32, second: u64, metres: f64, speed_kmh: u16) -> Record {
    let ignition = speed_kmh > 0;
    let position = Position {
        // A degree has 111,195 m; within a day's drive of 22.5 degrees.
        latitude: 22_500_000 + (metres / 0.111_195) as i32,
        longitude: 114_000_000,
        altitude: 12,
        speed: speed_kmh * 10,
        heading: 0,
    };
    Record {
        sequence: 0,
        terminal: TerminalId(u64::from(vehicle) + 1_000),
        vehicle,
        received_ms: now_ms(),
        channel: Channel::Jt808,
        report: Report {
            time_ms: BEGIN_MS + second * 1_000,
            position: Some(position),
            flags: Flags::FIXED.with(Flags::IGNITION, ignition),
            alarms: Alarms::NONE,
            readings: vec![Reading::of(Quantity::Odometer, 50_000 + metres as i64)],
            attachment: None,
        },
    }
}

/// Vehicle 5 drives north for twenty minutes, two of them too fast, presses the emergency button, and is parked.
pub fn drive() -> Vec<Record> {
    let mut metres = 0.0;
    let each = |second: u64| {
        let speed_kmh = match second {
            600..720 => 140,
            0..1_200 => 54,
            _ => 0,
        };
        metres += f64::from(speed_kmh) / 3.6 * 2.0;
        let mut record = report(5, second, metres, speed_kmh);
        if second == 900 {
            record.report.alarms = Alarms::EMERGENCY;
        }
        record
    };
    (0..2_400).step_by(2).map(each).collect()
}

/// A square across the way of that drive, from kilometre 2 to kilometre 4.
pub fn yard() -> serde_json::Value {
    serde_json::json!({
        "type": "Feature",
        "id": 1,
        "properties": { "name": "yard", "alert": ["enter"] },
        "geometry": {
            "type": "Polygon",
            "coordinates": [[[113.99, 22.518], [114.01, 22.518], [114.01, 22.536], [113.99, 22.536], [113.99, 22.518]]],
        },
    })
}
