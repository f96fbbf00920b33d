//! A day of a small company: what its vehicles report becomes positions, trips, alerts, crossings, reports and files.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod support;

use futures::StreamExt;
use smartlink_clickhouse::{Engine, EngineConfig};
use smartlink_primitives::telemetry::AnchorRun;
use smartlink_records::{
    Alarms, Channel, Flags, Position, Quantity, Reading, Record, Report, TerminalId,
};
use smartlink_telemetry::{
    analysis::{
        alert::{AlertKind, AlertState},
        rules::RuleBook,
    },
    export::{Datum, Format, Pieces},
    queries::{
        AlertFilter, Area, DayReport, Report as Kind, Span, StopFilter, TrackFilter, TripFilter,
    },
    Telemetry,
};
use support::vehicles::BEGIN_MS;

/// Vehicle 1 drives north for twenty minutes at 54 km/h, faster for two minutes, and is parked.
fn drive() -> Vec<Record> {
    let mut metres = 0_f64;
    let mut records = Vec::new();
    for second in (0..2_400_u64).step_by(2) {
        let speed_kmh = match second {
            600..720 => 140,
            0..1_200 => 54,
            _ => 0,
        };
        metres += f64::from(speed_kmh) / 3.6 * 2.0;
        let ignition = second < 1_260;
        let alarms = if second == 900 { Alarms::EMERGENCY } else { Alarms::NONE };
        let position = Position {
            latitude: 22_500_000 + (metres / 0.111_195) as i32,
            longitude: 114_000_000,
            altitude: 12,
            speed: speed_kmh as u16 * 10,
            heading: 0,
        };
        let odometer = Reading::of(Quantity::Odometer, 50_000 + metres as i64);
        records.push(Record {
            sequence: 0,
            terminal: TerminalId(9),
            vehicle: 1,
            received_ms: smartlink_devices::clock::now_ms(),
            channel: Channel::Jt808,
            report: Report {
                time_ms: BEGIN_MS + second * 1_000,
                position: Some(position),
                flags: Flags::FIXED.with(Flags::IGNITION, ignition),
                alarms,
                readings: vec![odometer],
                attachment: None,
            },
        });
    }
    records
}

/// A square across the way, from kilometre 2 to kilometre 4.
const FENCE: &[u8] = br#"{"type":"Feature","properties":{"name":"yard","alert":["enter"]},"geometry":{"type":"Polygon",
    "coordinates":[[[113.99,22.518],[114.01,22.518],[114.01,22.536],[113.99,22.536],[113.99,22.518]]]}}"#;

async fn text(mut pieces: Pieces) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(piece) = pieces.next().await {
        all.extend_from_slice(&piece.unwrap());
    }
    all
}

/// Waits until all records are analysed and all that was found is in ClickHouse.
async fn settled(telemetry: &Telemetry, end: u64) {
    assert!(telemetry.stored(end).await);
    loop {
        let figures = telemetry.figures();
        if figures.unanalysed == 0 && figures.waiting == 0 {
            return;
        }
        let (_, mut changes) = telemetry.live().subscribe(|_| false);
        let soon = std::time::Duration::from_millis(100);
        let _ = tokio::time::timeout(soon, changes.next()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drive_is_watched_searched_reported_and_anchored() {
    let folder = tempfile::tempdir().unwrap();
    let config = EngineConfig {
        path: folder.path().join("clickhouse"),
        listen: ([127, 0, 0, 1], 0).into(),
        ..EngineConfig::default()
    };
    let engine = Engine::start(config).await.unwrap();
    let store = support::tables(&engine.url()).await;
    let (log, writing) = support::log(folder.path());
    let config = support::config(folder.path());
    let (telemetry, running) = Telemetry::start(config.clone(), log.clone(), &store).await.unwrap();

    // A rule and a geofence are set before the drive.
    let book: RuleBook =
        serde_json::from_str(r#"{"rules":{"speeding":{"limit_kmh":100}}}"#).unwrap();
    telemetry.analyst().set_rules(book).await.unwrap();
    let fences = telemetry.geofences().put(FENCE, "li").await.unwrap();
    assert_eq!((fences[0].id, fences[0].version), (1, 1));
    let nonsense = telemetry.geofences().put(br#"{"type":"Feature"}"#, "li").await.unwrap_err();
    assert!(nonsense.to_string().contains("geometry"), "{nonsense}");

    let (before, mut live) = telemetry.live().subscribe(|_| true);
    assert!(before.is_empty());
    let drive = drive();
    for part in drive.chunks(100) {
        log.append(part).durable().await.unwrap();
    }
    let end = log.next_sequence();
    settled(&telemetry, end).await;

    // Where it is, live and in memory.
    let changes = live.next().await.unwrap().unwrap();
    assert_eq!(changes.states[0].vehicle, 1);
    let last = telemetry.live().of(1).unwrap();
    assert_eq!((last.speed, last.ignition(), last.online), (0, false, true));

    // Its track, whole, in every format.
    let span = Span { from_ms: BEGIN_MS, until_ms: BEGIN_MS + 3_600_000 };
    let queries = telemetry.queries();
    let track = TrackFilter { vehicles: vec![1], span };
    let fixes: Vec<_> = queries.track(&track).unwrap().collect().await;
    assert_eq!(fixes.len(), drive.len());
    let first = fixes[0].as_ref().unwrap();
    assert_eq!(first.time_ms, i64::try_from(BEGIN_MS).unwrap());
    assert_eq!((first.latitude, first.longitude), (22_500_269, 114_000_000));
    let csv = text(queries.export(&track, Format::Csv, Datum::Wgs84).unwrap()).await;
    assert_eq!(csv::Reader::from_reader(csv.as_slice()).records().count(), drive.len());
    let map = text(queries.export(&track, Format::Geojson, Datum::Gcj02).unwrap()).await;
    let map: serde_json::Value = serde_json::from_slice(&map).unwrap();
    let shifted = map["features"][0]["geometry"]["coordinates"][0].as_f64().unwrap();
    assert!(shifted > 114.004 && shifted < 114.006, "{shifted}");
    let gpx = text(queries.export(&track, Format::Gpx, Datum::Wgs84).unwrap()).await;
    assert_eq!(String::from_utf8(gpx).unwrap().matches("<trkpt").count(), drive.len());
    let parquet = text(queries.export(&track, Format::Parquet, Datum::Wgs84).unwrap()).await;
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
    assert!(queries.export(&track, Format::Parquet, Datum::Gcj02).is_err());
    let backwards = Span { from_ms: 5, until_ms: 5 };
    assert!(queries.track(&TrackFilter { vehicles: vec![], span: backwards }).is_err());

    // Who was in the yard.
    let area =
        Area { south: 22_518_000, north: 22_536_000, west: 113_990_000, east: 114_010_000, span };
    let visits = queries.visits(&area, 10).await.unwrap();
    assert_eq!(visits.len(), 1);
    assert_eq!(visits[0].vehicle, 1);
    let elsewhere = Area { south: 23_000_000, north: 24_000_000, ..area };
    assert!(queries.visits(&elsewhere, 10).await.unwrap().is_empty());

    // What was found: page by page.
    let filter = AlertFilter { vehicles: vec![1], ..AlertFilter::default() };
    let alerts = queries.alerts(&filter, 100).await.unwrap().alerts;
    let kinds: Vec<_> = alerts.iter().map(|alert| alert.kind).collect();
    for kind in [AlertKind::Speeding, AlertKind::FenceEnter, AlertKind::Emergency] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    let mut paged = Vec::new();
    let mut next = filter.clone();
    loop {
        let page = queries.alerts(&next, 1).await.unwrap();
        paged.extend(page.alerts);
        next.after = page.next;
        if next.after.is_none() {
            break;
        }
    }
    assert_eq!(paged, alerts);

    // A person takes care of the emergency, and says so twice.
    let emergency = alerts.iter().find(|alert| alert.kind == AlertKind::Emergency).unwrap().id;
    for _ in 0..2 {
        queries.acknowledge(emergency, "li").await.unwrap();
    }
    for _ in 0..2 {
        queries.close(emergency, "li").await.unwrap();
    }
    settled(&telemetry, end).await;
    let now = queries.alert(emergency).await.unwrap().unwrap();
    assert_eq!((now.state, now.acknowledged.unwrap().by.as_str()), (AlertState::Closed, "li"));
    // What is closed changes no more.
    assert!(queries.acknowledge(emergency, "wang").await.is_err());
    assert!(queries.close(42, "li").await.is_err());

    // The trip, the stop, and the reports.
    let trips = queries
        .trips(&TripFilter { vehicles: vec![1], driver: None, span, after: None }, 10)
        .await
        .unwrap()
        .trips;
    assert_eq!(trips.len(), 1, "{trips:?}");
    let driven = trips[0].driving.distance_m;
    assert!((20_000..21_500).contains(&driven), "{driven}");
    let day = u32::try_from(BEGIN_MS / 86_400_000).unwrap();
    let days = DayReport { vehicles: vec![], from_day: day, until_day: day + 2 };
    let totals: Vec<_> = queries.days(&days).unwrap().collect().await;
    assert_eq!(totals.len(), 1);
    assert_eq!(totals[0].as_ref().unwrap().driving.distance_m, driven);
    for kind in [Kind::Mileage, Kind::Behaviour, Kind::Energy] {
        let csv = text(queries.report(kind, &days, Format::Csv).unwrap()).await;
        let mut reader = csv::Reader::from_reader(csv.as_slice());
        assert_eq!(reader.records().count(), 1, "{}", String::from_utf8_lossy(&csv));
    }
    let stops = StopFilter { vehicles: vec![1], least_ms: 0, span };
    let _: Vec<_> = queries.stops(&stops).unwrap().map(|stop| stop.unwrap()).collect().await;
    assert!(!text(queries.stops_report(&stops, Format::Csv).unwrap()).await.is_empty());
    assert!(queries.report(Kind::Energy, &days, Format::Gpx).is_err());

    // Batches for the chain: the run that the node's worker is answered.
    assert!(telemetry.ready(1).await);
    let run = telemetry.anchors().run(1).unwrap().unwrap();
    let run = AnchorRun::from_scale(&run).unwrap();
    run.check().unwrap();
    assert_eq!(run.anchors().next(), telemetry.anchors().anchor(1).unwrap());
    assert_eq!(telemetry.anchors().run(1_000).unwrap(), None);

    // After a restart all of it is as it was.
    running.stop().await;
    drop(telemetry);
    let (telemetry, running) = Telemetry::start(config, log.clone(), &store).await.unwrap();
    settled(&telemetry, end).await;
    assert_eq!(telemetry.live().of(1).unwrap().fixed_ms, last.fixed_ms);
    assert_eq!(telemetry.geofences().get(1).unwrap(), fences[0]);
    telemetry.geofences().remove(1, Some(1)).await.unwrap();
    telemetry.geofences().remove(1, Some(1)).await.unwrap();
    assert!(telemetry.geofences().is_empty());
    assert_eq!(telemetry.queries().alerts(&filter, 100).await.unwrap().alerts.len(), alerts.len());
    running.stop().await;
    drop((telemetry, log));
    writing.stop();
    engine.stop().await;
}
