//! Real traces and real districts, from `../shared/data` beside the checkout. Left out, saying so, where they are missing;
//! `SMARTLINK_REQUIRE_ALL=1` makes that an error.

use std::path::PathBuf;

use smartlink_records::{Channel, Flags, Position, Record, Report, TerminalId};
use smartlink_telemetry::analysis::{
    Analysis, Fence, Fences, Outcome, Place, RuleSet, TripStep, Verdict,
};

use crate::{judge::analyse, network::Chance, ride::MORNING_MS};

fn data(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if path.exists() {
        return Some(path);
    }
    let required = std::env::var("SMARTLINK_REQUIRE_ALL").is_ok_and(|value| value == "1");
    assert!(!required, "{} is missing", path.display());
    println!("left out: {} is missing", path.display());
    None
}

fn record(vehicle: u32, time_ms: u64, latitude: f64, longitude: f64, kmh: f64) -> Record {
    let position = Position {
        latitude: (latitude * 1e6).round() as i32,
        longitude: (longitude * 1e6).round() as i32,
        speed: (kmh * 10.0) as u16,
        ..Position::default()
    };
    Record {
        sequence: 0,
        terminal: TerminalId(vehicle.into()),
        vehicle,
        received_ms: time_ms + 1_000,
        channel: Channel::Http,
        report: Report {
            time_ms,
            position: Some(position),
            flags: Flags::FIXED,
            ..Report::default()
        },
    }
}

/// Plays records in the order in which they would have come, and says what was found of them.
fn replay(mut records: Vec<Record>) -> (Analysis, Outcome) {
    records.sort_by_key(|record| record.received_ms);
    for (sequence, record) in (1..).zip(&mut records) {
        record.sequence = sequence;
    }
    let mut analysis = Analysis::new(RuleSet::default());
    let out = analyse(&mut analysis, &records);
    assert_eq!(out.counts.verdicts.iter().sum::<u64>(), records.len() as u64);
    let closed = out.trips.iter().filter(|change| change.step == TripStep::Closed);
    let trips: Vec<_> = closed.map(|change| &change.trip).collect();
    let km = trips.iter().map(|trip| trip.driving.distance_m).sum::<u64>() as f64 / 1_000.0;
    println!(
        "{} records of {} vehicles: {} clean, {} duplicates, {} jumps; {} trips of {km:.1} km, {} stops, {} alerts",
        records.len(),
        analysis.vehicles(),
        out.counts.of(Verdict::Clean),
        out.counts.of(Verdict::Duplicate),
        out.counts.of(Verdict::Jump),
        trips.len(),
        out.stops.len(),
        out.alerts.len(),
    );
    (analysis, out)
}

#[test]
fn two_taxis_in_beijing_had_a_day() {
    let Some(path) = data("beijing-taxi-gps.csv") else { return };
    let mut reader = csv::Reader::from_path(path).unwrap();
    let records: Vec<Record> = reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            let number = |place: usize| row[place].parse::<f64>().unwrap();
            let clock: Vec<u64> = row[1].split(':').map(|part| part.parse().unwrap()).collect();
            let seconds = (clock[0] * 60 + clock[1]) * 60 + clock[2];
            record(number(0) as u32, MORNING_MS + seconds * 1_000, number(3), number(2), number(5))
        })
        .collect();
    // From one fix to the next, noise and all.
    let drawn = |vehicle: u32| -> f64 {
        let of: Vec<Place> = records
            .iter()
            .filter(|record| record.vehicle == vehicle)
            .filter_map(|record| record.report.position.as_ref().map(Place::from))
            .collect();
        of.windows(2).map(|pair| pair[0].metres_to(pair[1])).sum::<f64>() / 1_000.0
    };
    let (works, stands) = (drawn(1141), drawn(1140));
    let (_, out) = replay(records);
    let km = |vehicle| {
        let of = out.trips.iter().filter(|one| one.trip.vehicle == vehicle);
        let closed = of.filter(|one| one.step == TripStep::Closed).map(|one| &one.trip);
        closed.map(|trip| trip.driving.distance_m).sum::<u64>() as f64 / 1_000.0
    };
    println!("1141 drove {works:.1} km, {:.1} in trips", km(1141));
    assert!((works - km(1141)).abs() < works * 0.02, "the one that works is in trips all day");
    println!("1140 drew {stands:.1} km, {:.1} in trips", km(1140));
    assert!(km(1140) < 2.0, "the other stands in its yard, and its receiver wanders");
    for change in &out.trips {
        let seconds = (change.trip.ended_ms - change.trip.started_ms) / 1_000;
        assert!(change.trip.driving.distance_m <= seconds * 40, "no taxi is so fast: {change:?}");
    }
}

#[test]
fn taxis_in_wuxi_are_followed_by_places_alone() {
    let Some(path) = data("wuxi-taxi-gps.csv") else { return };
    let mut reader = csv::Reader::from_path(path).unwrap();
    let mut names = std::collections::BTreeMap::new();
    let records: Vec<Record> = reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            let next = names.len() as u32 + 1;
            let vehicle = *names.entry(row[3].to_owned()).or_insert(next);
            // 2020-07-18 09:07:17: all of a few days in July.
            let (date, clock) = row[2].split_once(' ').unwrap();
            let day: u64 = date.rsplit('-').next().unwrap().parse().unwrap();
            let clock: Vec<u64> = clock.split(':').map(|part| part.parse().unwrap()).collect();
            let seconds = ((day * 24 + clock[0]) * 60 + clock[1]) * 60 + clock[2];
            let degrees = |place: usize| row[place].parse::<f64>().unwrap();
            record(vehicle, MORNING_MS + seconds * 1_000, degrees(1), degrees(0), 0.0)
        })
        .collect();
    let count = names.len();
    let (analysis, out) = replay(records);
    assert_eq!(analysis.vehicles(), count);
    assert!(out.trips.iter().any(|change| change.step == TripStep::Closed));
    let clean = out.counts.of(Verdict::Clean) as f64;
    let all: u64 = out.counts.verdicts.iter().sum();
    assert!(clean / all as f64 > 0.9, "real fixes are believed");
}

#[test]
fn the_districts_of_shenzhen_are_fences() {
    let Some(path) = data("shenzhen-districts.geojson") else { return };
    let parsed = Fence::from_geojson(&std::fs::read(path).unwrap(), 1).unwrap();
    assert_eq!(parsed.len(), 10);
    let fences = Fences::new(parsed.clone()).unwrap();
    // Luohu, Futian: places in the middle of them.
    let of = |latitude, longitude| -> Vec<u32> {
        fences.around(Place { latitude, longitude }).iter().map(|fence| fence.id).collect()
    };
    assert_eq!(of(22_577_605, 114_143_157), [1]);
    assert_eq!(of(22_546_179, 114_041_534), [2]);
    assert!(of(22_300_000, 114_170_000).is_empty(), "Hong Kong");
    // The index finds what looking at every polygon finds.
    let mut chance = Chance(1);
    let mut inside = 0;
    for _ in 0..20_000 {
        let latitude = chance.between(22.4e6, 22.9e6) as i32;
        let longitude = chance.between(113.7e6, 114.7e6) as i32;
        let place = Place { latitude, longitude };
        let looked: Vec<u32> = parsed
            .iter()
            .filter(|fence| fence.shape.contains(place))
            .map(|fence| fence.id)
            .collect();
        assert_eq!(of(latitude, longitude), looked, "{place:?}");
        inside += usize::from(!looked.is_empty());
    }
    assert!((6_000..16_000).contains(&inside), "{inside}");
    let again = Fence::from_geojson(fences.to_geojson().to_string().as_bytes(), 1).unwrap();
    assert_eq!(again, parsed);
}
