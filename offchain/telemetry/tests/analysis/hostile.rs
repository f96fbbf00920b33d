//! Rides that nobody would make up, guided by what they reach in the analysis.

use smartlink_records::{
    Alarms, Channel, Flags, Position, Quantity, Reading, Record, Report, TerminalId,
};
use smartlink_telemetry::analysis::{Analysis, Fence, Fences, Outcome, RuleBook, RuleSet};
use std::sync::Arc;

use crate::ride::MORNING_MS;

fn fences() -> Arc<Fences> {
    let text = r#"{"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"radius_m": 900, "dwell_s": 60, "alert": ["enter", "exit"]},
         "geometry": {"type": "Point", "coordinates": [114.05, 22.54]}},
        {"type": "Feature", "properties": {"width_m": 300, "speed_limit_kmh": 40},
         "geometry": {"type": "LineString", "coordinates": [[114.04, 22.54], [114.08, 22.55]]}}]}"#;
    Arc::new(Fences::new(Fence::from_geojson(text.as_bytes(), 1).unwrap()).unwrap())
}

fn rules() -> Arc<RuleSet> {
    let rules = r#"{"rules": {"cargo": {"temperature": {"low": 0, "high": 80}, "temperature_ms": 60000},
        "trips": {"gap_ms": 120000, "off_ms": 30000}, "offline": {"after_ms": 90000}}}"#;
    let book: RuleBook = serde_json::from_str(rules).unwrap();
    Arc::new(book.compile().unwrap())
}

/// Bytes as numbers. When they are over, all that follows is zero.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let mut taken = [0; N];
        let (now, rest) = self.0.split_at(self.0.len().min(N));
        taken[..now.len()].copy_from_slice(now);
        self.0 = rest;
        taken
    }

    fn byte(&mut self) -> u8 {
        self.take::<1>()[0]
    }

    fn small(&mut self) -> i32 {
        i16::from_le_bytes(self.take()).into()
    }

    /// A number of any size, and the ends as often as others.
    fn any(&mut self) -> i64 {
        match self.byte() % 8 {
            0 => i64::MIN,
            1 => i64::MAX,
            2 => i64::from_le_bytes(self.take()),
            3 => i32::from_le_bytes(self.take()).into(),
            _ => self.small().into(),
        }
    }

    /// A position that the log takes: near the last one, or anywhere.
    fn position(&mut self, last: &mut (i32, i32), near: bool) -> Position {
        *last = if near {
            let (north, east) = (self.small() * 10, self.small() * 10);
            (
                (last.0 + north).clamp(-90_000_000, 90_000_000),
                (last.1 + east).clamp(-180_000_000, 180_000_000),
            )
        } else {
            let any = |bytes: [u8; 4]| i32::from_le_bytes(bytes);
            (any(self.take()) % 90_000_001, any(self.take()) % 180_000_001)
        };
        let (latitude, longitude) = *last;
        let heading = (u32::from(self.byte()) * 359 / 255) as u16;
        let speed = u16::from(self.byte()) * 10;
        Position { latitude, longitude, altitude: 20, speed, heading }
    }

    fn reading(&mut self) -> Reading {
        let quantity = Quantity::ALL[usize::from(self.byte()) % Quantity::ALL.len()];
        Reading { quantity, instance: self.byte() % 4, value: self.any() }
    }
}

/// The records of a log, as the protocols let them through.
fn records(bytes: &[u8]) -> Vec<Record> {
    let (mut bytes, mut records) = (Bytes(bytes), Vec::new());
    let (mut received_ms, mut time_ms) = (MORNING_MS, MORNING_MS);
    let mut last = (22_540_000, 114_050_000);
    while !bytes.0.is_empty() && records.len() < 500 {
        let [parts, later] = bytes.take();
        let part = |bit: u8| parts >> bit & 1 == 1;
        received_ms += u64::from(later) * 1_000;
        time_ms = match (part(0), part(1)) {
            (true, _) => received_ms,
            (false, false) => time_ms.saturating_add_signed(i64::from(bytes.small()) * 100),
            (false, true) => u64::from_le_bytes(bytes.take()),
        };
        let position = part(2).then(|| bytes.position(&mut last, part(3)));
        let flags = if part(4) { u32::from_le_bytes(bytes.take()) } else { 3 };
        let alarms = if part(5) { u32::from_le_bytes(bytes.take()) } else { 0 };
        let readings = (0..parts >> 6).map(|_| bytes.reading()).collect();
        let vehicle = 1 + u32::from(later % 2);
        records.push(Record {
            sequence: records.len() as u64 + 1,
            terminal: TerminalId(vehicle.into()),
            vehicle,
            received_ms,
            channel: Channel::Mqtt,
            report: Report {
                time_ms,
                position,
                flags: Flags(flags),
                alarms: Alarms(alarms),
                readings,
                attachment: None,
            },
        });
    }
    records
}

#[test]
fn whatever_vehicles_report_is_judged_once_and_survives_a_restart() {
    let (rules, fences) = (rules(), fences());
    bolero::check!().for_each(|bytes: &[u8]| {
        let records = records(bytes);
        let mut analysis = Analysis::new(rules.clone());
        analysis.set_fences(fences.clone());
        let mut out = Outcome::default();
        for record in &records {
            analysis.observe(record, &mut out);
            if record.received_ms % 7 == 0 {
                analysis.tick(record.received_ms, &mut out);
            }
        }
        let written = analysis.snapshot();
        let mut again = Analysis::restore(rules.clone(), fences.clone(), &written).unwrap();
        assert_eq!(again.snapshot(), written);
        let end_ms = records.last().map_or(0, |record| record.received_ms) + 3_600_000;
        let mut out_again = Outcome::default();
        again.tick(end_ms, &mut out_again);
        let known = out.clone();
        analysis.tick(end_ms, &mut out);
        assert_eq!(again.snapshot(), analysis.snapshot());
        assert_eq!(out.alerts.len(), known.alerts.len() + out_again.alerts.len());
        assert_eq!(out.counts.verdicts.iter().sum::<u64>(), records.len() as u64);
        // What was found is shown as JSON.
        assert!(serde_json::to_string(&(&out.alerts, &out.trips, &out.crossings)).is_ok());
    });
}
