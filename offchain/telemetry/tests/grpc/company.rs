//! A company with everything behind the service.

use super::support::{self, vehicles::BEGIN_MS};
use smartlink_clickhouse::{Engine, EngineConfig, Store};
use smartlink_devices::log::{Log, Writing};
use smartlink_proto::telemetry::{
    self as proto, telemetry_client::TelemetryClient, telemetry_server::TelemetryServer,
};
use smartlink_records::{
    Alarms, Channel, Flags, Position, Quantity, Reading, Record, Report, TerminalId,
};
use smartlink_service::Transport;
use smartlink_telemetry::{grpc::Grpc, Running, Telemetry, TelemetryConfig};
use std::time::Duration;
use tempfile::TempDir;
use tonic::{Code, Status, Streaming};

/// Long enough for anything that happens at all.
pub const LONG: Duration = Duration::from_secs(60);

pub type Client = TelemetryClient<Transport>;

/// A company in a folder of its own.
pub struct Company {
    pub engine: Engine,
    pub store: Store,
    pub telemetry: Telemetry,
    pub grpc: Grpc,
    config: TelemetryConfig,
    log: Log,
    writing: Writing,
    running: Running,
    folder: TempDir,
}

impl Company {
    pub async fn open() -> (Self, Client) {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut TelemetryConfig)) -> (Self, Client) {
        let folder = tempfile::tempdir().unwrap();
        let engine = EngineConfig {
            path: folder.path().join("clickhouse"),
            listen: ([127, 0, 0, 1], 0).into(),
            stop_ms: 100,
            ..EngineConfig::default()
        };
        let engine = Engine::start(engine).await.unwrap();
        let store = support::tables(&engine.url()).await;
        let (log, writing) = support::log(folder.path());
        let mut config = support::config(folder.path());
        change(&mut config);
        let grpc = Grpc::new(&config.queries);
        let mut client = client(&grpc);
        let early = client.get_figures(proto::FiguresRequest {}).await.unwrap_err();
        assert_eq!(early.code(), Code::Unavailable, "{early}");
        let begun = Telemetry::start(config.clone(), log.clone(), &store).await;
        let (telemetry, running) = begun.unwrap();
        grpc.begin(telemetry.clone());
        (Self { engine, store, telemetry, grpc, config, log, writing, running, folder }, client)
    }

    /// Takes records on. Returns where the log ends then.
    pub async fn report(&self, records: &[Record]) -> u64 {
        for part in records.chunks(500) {
            self.log.append(part).durable().await.unwrap();
        }
        self.log.next_sequence()
    }

    /// Waits until all records are analysed and in ClickHouse, with all that was found.
    pub async fn settled(&self) {
        assert!(self.telemetry.stored(self.log.next_sequence()).await);
        let (_, mut changes) = self.telemetry.live().subscribe(|_| false);
        loop {
            let figures = self.telemetry.figures();
            if figures.unanalysed == 0 && figures.waiting == 0 {
                return;
            }
            let _ = tokio::time::timeout(Duration::from_millis(50), changes.next()).await;
        }
    }

    /// Telemetry stops, and starts from what is on disk. The service is the same.
    pub async fn restarted(self) -> Self {
        let Self { engine, store, telemetry, grpc, config, log, writing, running, folder } = self;
        grpc.end();
        running.stop().await;
        drop(telemetry);
        let begun = Telemetry::start(config.clone(), log.clone(), &store).await;
        let (telemetry, running) = begun.unwrap();
        grpc.begin(telemetry.clone());
        Self { engine, store, telemetry, grpc, config, log, writing, running, folder }
    }

    pub async fn close(self) {
        self.grpc.end();
        self.running.stop().await;
        drop((self.telemetry, self.log));
        self.writing.stop();
        self.engine.stop().await;
    }

    /// ClickHouse is gone, and the rest is there.
    pub async fn without_clickhouse(self) -> (Running, Writing, TempDir) {
        self.engine.stop().await;
        (self.running, self.writing, self.folder)
    }
}

pub fn client(grpc: &Grpc) -> Client {
    TelemetryClient::new(Transport::in_process(TelemetryServer::new(grpc.clone())))
}

/// The code of a refusal, and its name.
pub fn refusal(status: &Status) -> (Code, &str) {
    (status.code(), smartlink_proto::refusal::name_of(status).unwrap_or_default())
}

/// All messages of a stream, and how it ended.
pub async fn drained<T>(stream: &mut Streaming<T>) -> (Vec<T>, Result<(), Status>) {
    let mut messages = Vec::new();
    let ended = tokio::time::timeout(LONG, async {
        loop {
            match stream.message().await {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => return Ok(()),
                Err(status) => return Err(status),
            }
        }
    });
    let ended = ended.await.unwrap();
    (messages, ended)
}

/// A report of a vehicle with terminal 1000 and its number, on the meridian of its number.
pub fn at(vehicle: u32, second: u64, latitude: i32, kmh: u16) -> Record {
    Record {
        sequence: 0,
        terminal: TerminalId(1_000 + u64::from(vehicle)),
        vehicle,
        received_ms: smartlink_devices::clock::now_ms(),
        channel: Channel::Jt808,
        report: Report {
            time_ms: BEGIN_MS + second * 1_000,
            position: Some(Position {
                latitude,
                longitude: meridian(vehicle),
                altitude: 12,
                speed: kmh * 10,
                heading: 0,
            }),
            flags: Flags::FIXED | Flags::IGNITION,
            alarms: Alarms::NONE,
            readings: Vec::new(),
            attachment: None,
        },
    }
}

/// The longitude on which a vehicle drives.
pub fn meridian(vehicle: u32) -> i32 {
    114_000_000 + i32::try_from(vehicle).unwrap() * 1_000_000
}

/// Seconds of a ride.
pub const RIDE: u64 = 2_400;

/// Ten minutes north at 54 km/h, five of standing with the engine on, ten more with two at 140, and parked. Vehicle 1 calls
/// for help at 1,000 s.
pub fn ride(vehicle: u32) -> Vec<Record> {
    let mut metres = 0_f64;
    let records = (0..RIDE).step_by(2).map(|second| {
        let kmh: u16 = match second {
            1_000..1_120 => 140,
            0..600 | 900..1_500 => 54,
            _ => 0,
        };
        metres += f64::from(kmh) / 3.6 * 2.0;
        let mut record = at(vehicle, second, 22_500_000 + (metres / 0.111_195) as i32, kmh);
        let report = &mut record.report;
        report.flags = Flags::FIXED.with(Flags::IGNITION, second < 1_560);
        if (vehicle, second) == (1, 1_000) {
            report.alarms = Alarms::EMERGENCY;
        }
        report.readings.push(Reading::of(Quantity::Odometer, 50_000 + metres as i64));
        record
    });
    records.collect()
}

/// Rides of several vehicles at once, as they come in.
pub fn rides(vehicles: std::ops::RangeInclusive<u32>) -> Vec<Record> {
    let mut records: Vec<_> = vehicles.flat_map(ride).collect();
    records.sort_by_key(|record| record.report.time_ms);
    records
}

/// The hour of the rides.
pub fn hour() -> Option<proto::Span> {
    Some(proto::Span { from_ms: BEGIN_MS, until_ms: BEGIN_MS + 3_600_000 })
}
