//! What holds for every input.

use proptest::prelude::*;
use serde_json::json;
use smartlink_records::{
    Alarms, Channel, Flags, Position, Quantity, Reading, Record, Report, TerminalId,
};
use smartlink_telemetry::analysis::{
    Analysis, Capacities, Class, Fact, Fence, Fences, Outcome, RuleBook, RuleSet, Verdict,
};
use std::sync::Arc;

use crate::{
    network::{Chance, Network},
    ride::{Ride, MORNING_MS},
};

fn fences() -> Arc<Fences> {
    let text = r#"{"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"radius_m": 900, "dwell_s": 60, "alert": ["enter", "exit"]},
         "geometry": {"type": "Point", "coordinates": [114.052, 22.542]}},
        {"type": "Feature", "properties": {"width_m": 300, "speed_limit_kmh": 40},
         "geometry": {"type": "LineString", "coordinates": [[114.04, 22.54], [114.08, 22.55]]}}]}"#;
    Arc::new(Fences::new(Fence::from_geojson(text.as_bytes(), 1).unwrap()).unwrap())
}

fn rules() -> RuleSet {
    let rules = r#"{"rules": {"speeding": {"limit_kmh": 60}, "trips": {"gap_ms": 120000, "off_ms": 30000},
        "cargo": {"temperature": {"low": 0, "high": 80}, "temperature_ms": 60000},
        "offline": {"after_ms": 90000, "parked_ms": 400000}, "battery": {"least_ms": 30000}}}"#;
    let book: RuleBook = serde_json::from_str(rules).unwrap();
    book.compile().unwrap()
}

fn analysis() -> Analysis {
    let mut analysis = Analysis::new(rules());
    analysis.set_fences(fences());
    analysis
}

fn restored(bytes: &[u8]) -> Analysis {
    Analysis::restore(rules(), fences(), bytes).unwrap()
}

/// Two vehicles on which everything happens: drives, silence, alarms, fuel, warmth, in a bad network.
fn turmoil(seed: u64) -> Vec<Record> {
    let mut chance = Chance(seed);
    let mut all = Vec::new();
    for vehicle in [3, 4] {
        let mut ride = Ride::new(MORNING_MS, 2_000);
        for _ in 0..6 {
            ride.key(chance.happens(0.8));
            match chance.next() % 4 {
                0 => ride.stand(chance.between(20.0, 150.0)),
                1 => ride.race(75.0, 60.0, chance.between(5.0, 30.0), true),
                _ => {
                    ride.reach(chance.between(20.0, 70.0));
                    ride.cruise(chance.between(20.0, 100.0), &mut chance);
                }
            }
            if chance.happens(0.3) {
                let kept = ride.reports.len();
                ride.go(chance.between(60.0, 500.0), 0.0, 0.001);
                ride.reports.truncate(kept);
            }
        }
        for report in &mut ride.reports {
            report.alarms = report.alarms.with(Alarms::EMERGENCY, chance.happens(0.01));
            report.alarms = report.alarms.with(Alarms::TYRE, chance.happens(0.05));
            let mut read = |quantity, probability, low, high| {
                if chance.happens(probability) {
                    let value = chance.between(low, high) as i64;
                    report.readings.push(Reading::of(quantity, value));
                }
            };
            read(Quantity::Fuel, 0.5, 30_000.0, 90_000.0);
            read(Quantity::Temperature, 0.3, -40.0, 200.0);
            read(Quantity::SupplyVoltage, 0.2, 10_000.0, 13_000.0);
            read(Quantity::Shock, 0.02, 0.0, 5_000.0);
            read(Quantity::AccelerationForward, 0.2, -600.0, 600.0);
            read(Quantity::Odometer, 0.2, 1e6, 1.2e6);
        }
        all.extend(Network::NOISY.carry(vehicle, &ride.reports, &mut chance));
    }
    all.sort_by_key(|record| record.received_ms);
    for (sequence, record) in (1..).zip(&mut all) {
        record.sequence = sequence;
    }
    all
}

/// Everything that was found, a line each, by vehicle and in its order where order means something.
fn facts(out: &Outcome) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    all.extend(out.alerts.iter().map(|fact| json!(fact).to_string()));
    all.extend(out.trips.iter().map(|fact| json!(fact).to_string()));
    all.extend(out.stops.iter().map(|fact| json!(fact).to_string()));
    all.extend(out.crossings.iter().map(|fact| json!(fact).to_string()));
    all.extend(out.days.iter().map(|fact| json!(fact).to_string()));
    all.extend(out.verdicts.iter().map(|fact| json!(fact).to_string()));
    all.sort_unstable();
    all
}

/// The same was found, and when not, what differs is said.
fn same(one: &Outcome, other: &Outcome) -> Result<(), TestCaseError> {
    let (one, other) = (facts(one), facts(other));
    let less: Vec<_> = one.iter().filter(|fact| !other.contains(fact)).collect();
    let more: Vec<_> = other.iter().filter(|fact| !one.contains(fact)).collect();
    prop_assert!(one == other, "only in one: {less:#?}, only in the other: {more:#?}");
    Ok(())
}

fn end(analysis: &mut Analysis, records: &[Record], out: &mut Outcome) {
    let last_ms = records.last().map_or(0, |record| record.received_ms);
    analysis.tick(last_ms + 3_600_000, out);
}

/// Something that is told of a vehicle, of the few things that there are: so some is told again.
fn any_fact(chance: &mut Chance) -> Fact {
    match chance.next() % 3 {
        0 => Fact::Class(Class::ALL[chance.next() as usize % Class::ALL.len()]),
        1 => Fact::Driver([None, Some(7), Some(8)][chance.next() as usize % 3]),
        _ => Fact::Capacities(Capacities {
            tank_ml: [None, Some(90_000)][chance.next() as usize % 2],
            battery_wh: None,
            cargo_temperature: [None, Some((20, 80))][chance.next() as usize % 2],
        }),
    }
}

fn cases(cases: u32) -> ProptestConfig {
    // A case is a number: it is told when it fails, and need not be kept in a file.
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn a_restart_changes_nothing(seed: u64, part in 0.0..1.0f64) {
        let records = turmoil(seed);
        let at = (records.len() as f64 * part) as usize;
        let (mut whole, mut out) = (analysis(), Outcome::default());
        let (mut parts, mut out_of_parts) = (analysis(), Outcome::default());
        for (number, record) in records.iter().enumerate() {
            if number == at {
                let bytes = parts.snapshot();
                prop_assert_eq!(&bytes, &whole.snapshot());
                parts = restored(&bytes);
            }
            whole.observe(record, &mut out);
            parts.observe(record, &mut out_of_parts);
        }
        end(&mut whole, &records, &mut out);
        end(&mut parts, &records, &mut out_of_parts);
        prop_assert_eq!(&out, &out_of_parts);
        prop_assert_eq!(whole.snapshot(), parts.snapshot());
        prop_assert!(out.alerts.len() + out.trips.len() > 0, "nothing was found at all");
    }

    /// Facts are told in any order, by those who do not know of each other. What is told again leaves no trace, so it need
    /// not be written down; and a restart in between changes nothing.
    #[test]
    fn only_what_is_new_of_a_vehicle_counts(seed: u64, part in 0.0..1.0f64) {
        let records = turmoil(seed);
        let at = (records.len() as f64 * part) as usize;
        let mut chance = Chance(!seed);
        let (mut all, mut out) = (analysis(), Outcome::default());
        let (mut new, mut out_of_new) = (analysis(), Outcome::default());
        let mut again = 0;
        for (number, record) in records.iter().enumerate() {
            if number == at {
                new = restored(&new.snapshot());
            }
            if chance.happens(0.3) {
                let (vehicle, fact) = (record.vehicle, any_fact(&mut chance));
                all.set_fact(vehicle, fact, &mut out).unwrap();
                all.set_fact(vehicle, fact, &mut out).unwrap();
                if new.changes(vehicle, fact).unwrap() {
                    new.set_fact(vehicle, fact, &mut out_of_new).unwrap();
                } else {
                    again += 1;
                }
                prop_assert_eq!(all.facts(vehicle), new.facts(vehicle));
                prop_assert!(!new.changes(vehicle, fact).unwrap());
            }
            all.observe(record, &mut out);
            new.observe(record, &mut out_of_new);
        }
        end(&mut all, &records, &mut out);
        end(&mut new, &records, &mut out_of_new);
        prop_assert_eq!(&out, &out_of_new);
        prop_assert_eq!(all.snapshot(), new.snapshot());
        prop_assert!(again > 0, "nothing was told again");
    }

    #[test]
    fn ticks_only_tell_earlier(seed: u64, every_ms in 500..40_000u64) {
        let records = turmoil(seed);
        let (mut without, mut out) = (analysis(), Outcome::default());
        let (mut with, mut out_with) = (analysis(), Outcome::default());
        let mut next_ms = records[0].received_ms;
        for record in &records {
            while next_ms <= record.received_ms {
                with.tick(next_ms, &mut out_with);
                next_ms += every_ms;
            }
            without.observe(record, &mut out);
            with.observe(record, &mut out_with);
        }
        end(&mut without, &records, &mut out);
        end(&mut with, &records, &mut out_with);
        same(&out, &out_with)?;
        prop_assert!(without.snapshot() == with.snapshot(), "the same was found, in another state");
    }

    #[test]
    fn vehicles_can_be_shared_out(seed: u64) {
        let records = turmoil(seed);
        let (mut together, mut out) = (analysis(), Outcome::default());
        let (mut shares, mut out_of_shares) = ([analysis(), analysis()], Outcome::default());
        for record in &records {
            together.observe(record, &mut out);
            shares[record.vehicle as usize % 2].observe(record, &mut out_of_shares);
        }
        end(&mut together, &records, &mut out);
        for share in &mut shares {
            end(share, &records, &mut out_of_shares);
        }
        same(&out, &out_of_shares)?;
        prop_assert_eq!(&out.counts, &out_of_shares.counts);
    }

    #[test]
    fn what_comes_twice_counts_once(seed: u64) {
        let records = turmoil(seed);
        let (mut once, mut out) = (analysis(), Outcome::default());
        let (mut twice, mut out_twice) = (analysis(), Outcome::default());
        for record in &records {
            once.observe(record, &mut out);
            twice.observe(record, &mut out_twice);
            twice.observe(record, &mut out_twice);
        }
        end(&mut once, &records, &mut out);
        end(&mut twice, &records, &mut out_twice);
        let again = out_twice.counts.of(Verdict::Duplicate) - out.counts.of(Verdict::Duplicate);
        prop_assert_eq!(again, records.len() as u64);
        out.verdicts.clear();
        out_twice.verdicts.clear();
        same(&out, &out_twice)?;
    }

    #[test]
    fn each_record_has_one_verdict(seed: u64) {
        let records = turmoil(seed);
        let (mut analysis, mut out) = (analysis(), Outcome::default());
        for record in &records {
            analysis.observe(record, &mut out);
        }
        end(&mut analysis, &records, &mut out);
        prop_assert_eq!(out.counts.verdicts.iter().sum::<u64>(), records.len() as u64);
        let mut told: Vec<_> = out.verdicts.iter().map(|(sequence, _)| *sequence).collect();
        told.sort_unstable();
        prop_assert!(told.windows(2).all(|pair| pair[0] < pair[1]));
    }
}

/// Numbers at their ends, as often as others.
fn extreme<T: From<u8> + Copy + std::fmt::Debug + 'static>(
    low: T,
    high: T,
    any: impl Strategy<Value = T> + 'static,
) -> BoxedStrategy<T> {
    prop_oneof![Just(low), Just(high), Just(T::from(0)), any].boxed()
}

prop_compose! {
    fn any_record()(
        times in (
            prop_oneof![Just(0), Just(u64::MAX), any::<u64>(), MORNING_MS..MORNING_MS + 900_000],
            prop_oneof![Just(0), Just(u64::MAX), MORNING_MS..MORNING_MS + 900_000, MORNING_MS..MORNING_MS + 900_000],
        ),
        place in proptest::option::of((any::<i32>(), any::<i32>(), any::<i16>(), any::<u16>(), any::<u16>())),
        flags in any::<u32>(),
        alarms in any::<u32>(),
        readings in proptest::collection::vec(
            (
                0..Quantity::ALL.len(), 0..4u8,
                prop_oneof![Just(i64::MIN), Just(i64::MAX), any::<i64>(), -1_000..1_000_000i64],
            ), 0..6),
        near in any::<bool>(),
        vehicle in 0..3u32,
        terminal in extreme(0, u64::MAX, 0..3u64),
    ) -> Record {
        let position = place.map(|(latitude, longitude, altitude, speed, heading)| {
            let (latitude, longitude) = if near {
                (22_540_000 + latitude % 9_000, 114_050_000 + longitude % 9_000)
            } else {
                (latitude, longitude)
            };
            Position { latitude, longitude, altitude, speed, heading }
        });
        let readings = readings
            .into_iter()
            .map(|(kind, instance, value)| Reading { quantity: Quantity::ALL[kind], instance, value })
            .collect();
        Record {
            sequence: 1,
            terminal: TerminalId(terminal),
            vehicle,
            received_ms: times.1,
            channel: Channel::Http,
            report: Report {
                time_ms: times.0,
                position,
                flags: Flags(flags),
                alarms: Alarms(alarms),
                readings,
                attachment: None,
            },
        }
    }
}

proptest! {
    #![proptest_config(cases(400))]

    /// Whatever terminals say: nothing overflows, nothing grows without end, and it can be written down.
    #[test]
    fn nothing_that_is_said_breaks_it(
        records in proptest::collection::vec(any_record(), 1..120),
        driver in proptest::option::of(any::<u32>()),
    ) {
        let (mut analysis, mut out) = (analysis(), Outcome::default());
        for (number, record) in records.iter().enumerate() {
            analysis.observe(record, &mut out);
            if number % 40 == 20 {
                let large = Capacities { tank_ml: Some(10_000_000), battery_wh: Some(10_000_000), ..Capacities::default() };
                for fact in [Fact::Driver(driver), Fact::Capacities(large), Fact::Class(Class::Bus)] {
                    let told = analysis.set_fact(record.vehicle, fact, &mut out);
                    prop_assert_eq!(told.is_ok(), record.vehicle != 0);
                }
            }
        }
        let bytes = analysis.snapshot();
        prop_assert_eq!(restored(&bytes).snapshot(), bytes);
        for now_ms in [0, MORNING_MS, u64::MAX] {
            analysis.tick(now_ms, &mut out);
        }
        prop_assert!(analysis.vehicles() <= 2);
    }
}
