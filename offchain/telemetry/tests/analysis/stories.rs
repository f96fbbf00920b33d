//! What happens to a vehicle, told one thing at a time.

use smartlink_records::{
    Alarms, Channel, Flags, Position, Quantity, Reading, Record, Report, TerminalId,
};
use smartlink_telemetry::analysis::{
    AlertKind, AlertState, AlertStep, Analysis, CrossingKind, Fact, Fence, Fences, Outcome,
    RuleBook, RuleSet, StopKind, TripEnd, TripStep, Verdict,
};

use crate::ride::{Ride, MORNING_MS};

/// A vehicle whose records come as they are made.
struct Teller {
    analysis: Analysis,
    out: Outcome,
    sequence: u64,
}

const VEHICLE: u32 = 12;

impl Teller {
    fn new(rules: &str) -> Self {
        let book: RuleBook = serde_json::from_str(rules).unwrap();
        let analysis = Analysis::new(book.compile().unwrap());
        Self { analysis, out: Outcome::default(), sequence: 0 }
    }

    fn tell(&mut self, report: Report) {
        self.tell_at(report.time_ms + 200, report);
    }

    fn tell_at(&mut self, received_ms: u64, report: Report) {
        self.sequence += 1;
        let record = Record {
            sequence: self.sequence,
            terminal: TerminalId(1),
            vehicle: VEHICLE,
            received_ms,
            channel: Channel::Jt808,
            report,
        };
        self.analysis.observe(&record, &mut self.out);
    }

    fn tell_all(&mut self, ride: &mut Ride) {
        for report in std::mem::take(&mut ride.reports) {
            self.tell(report);
        }
    }

    fn opened(&self, kind: AlertKind) -> usize {
        let opened = |step| matches!(step, AlertStep::Opened);
        let alerts = self.out.alerts.iter();
        alerts.filter(|change| change.alert.kind == kind && opened(change.step)).count()
    }

    fn verdicts(&self) -> Vec<Verdict> {
        self.out.verdicts.iter().map(|(_, verdict)| *verdict).collect()
    }
}

fn parked(second: u64) -> Report {
    let position = Position { latitude: 22_540_000, longitude: 114_050_000, ..Position::default() };
    Report {
        time_ms: MORNING_MS + second * 1_000,
        position: Some(position),
        flags: Flags::FIXED,
        ..Report::default()
    }
}

#[test]
fn an_emergency_is_told_at_once_and_waits_for_a_person() {
    let mut teller = Teller::new("{}");
    teller.tell(Report { alarms: Alarms::EMERGENCY, ..parked(0) });
    let alert = teller.out.alerts[0].alert.clone();
    assert_eq!((alert.kind, alert.state), (AlertKind::Emergency, AlertState::Open));
    // The button is let go, and pressed again: still the same alert.
    teller.tell(parked(10));
    teller.tell(Report { alarms: Alarms::EMERGENCY, ..parked(20) });
    assert_eq!(teller.opened(AlertKind::Emergency), 1);
    let Teller { analysis, out, .. } = &mut teller;
    analysis.acknowledge(alert.id, "duty officer", MORNING_MS + 30_000, out).unwrap();
    analysis.close(alert.id, "duty officer", MORNING_MS + 90_000, out).unwrap();
    let last = &out.alerts.last().unwrap().alert;
    assert_eq!((last.state, last.count), (AlertState::Closed, 2));
    assert_eq!(last.closed.as_ref().unwrap().by, "duty officer");
}

#[test]
fn an_emergency_that_comes_late_is_told_all_the_same() {
    let mut teller = Teller::new("{}");
    for second in [0, 60, 120, 180] {
        teller.tell(parked(second));
    }
    let late = Report { alarms: Alarms::EMERGENCY, ..parked(30) };
    teller.tell_at(MORNING_MS + 181_000, late);
    assert_eq!(teller.verdicts(), [Verdict::Late]);
    assert_eq!(teller.opened(AlertKind::Emergency), 1);
}

#[test]
fn what_a_terminal_warns_of_is_an_alert_unless_a_rule_says_no() {
    let mut teller = Teller::new(r#"{"rules": {"terminal": {"ignore": ["tyre"]}}}"#);
    let alarms = Alarms::TYRE | Alarms::SUPPLY_LOST | Alarms::AREA;
    teller.tell(Report { alarms, ..parked(0) });
    teller.tell(parked(30));
    let keys: Vec<_> =
        teller.out.alerts.iter().map(|change| (change.alert.key, change.step)).collect();
    let (supply, area) = (8, 20);
    assert_eq!(
        keys,
        [
            (supply, AlertStep::Opened),
            (area, AlertStep::Opened),
            (supply, AlertStep::Ended),
            (area, AlertStep::Ended)
        ]
    );
}

#[test]
fn what_is_not_believed_is_said() {
    let mut teller = Teller::new("{}");
    let at = |second, change: &dyn Fn(&mut Report)| {
        let mut report = parked(second);
        change(&mut report);
        report
    };
    let put = |latitude, longitude| {
        move |report: &mut Report| {
            report.position = Some(Position { latitude, longitude, ..Position::default() });
        }
    };
    teller.tell(parked(0));
    teller.tell(at(1, &put(0, 0)));
    teller.tell(at(2, &put(39_900_000, 116_400_000)));
    teller.tell(at(3, &put(95_000_000, 116_400_000)));
    teller.tell(at(4, &|report| report.flags = Flags::NONE));
    teller.tell(at(5, &|report| {
        report.readings.push(Reading::of(Quantity::Accuracy, 5_000));
    }));
    let ahead = at(6, &|report| report.time_ms += 3_600_000);
    teller.tell_at(MORNING_MS + 6_200, ahead);
    teller.tell(parked(0));
    teller.tell(parked(60));
    teller.analysis.tick(MORNING_MS + 100_000, &mut teller.out);
    assert_eq!(
        teller.verdicts(),
        [
            Verdict::ClockAhead,
            Verdict::Duplicate,
            Verdict::ZeroIsland,
            Verdict::Jump,
            Verdict::Range,
            Verdict::NoFix,
            Verdict::Inaccurate
        ]
    );
    let last = teller.analysis.last_state(VEHICLE).unwrap();
    assert_eq!(last.place.unwrap().latitude, 22_540_000, "Beijing was not believed");
}

#[test]
fn vehicles_beyond_the_bound_are_not_followed() {
    let mut analysis = Analysis::new(RuleSet::default()).with_most_vehicles(1);
    let mut out = Outcome::default();
    for (sequence, vehicle) in [(1, 5), (2, 6), (3, 0), (4, 5)] {
        let record = Record {
            sequence,
            terminal: TerminalId(u64::from(vehicle)),
            vehicle,
            received_ms: MORNING_MS + sequence,
            channel: Channel::Mqtt,
            report: parked(sequence),
        };
        analysis.observe(&record, &mut out);
    }
    assert_eq!(out.verdicts, [(2, Verdict::TooManyVehicles), (3, Verdict::NoVehicle)]);
    // After ninety days of silence there is a place again.
    analysis.tick(MORNING_MS + 91 * 86_400_000, &mut out);
    assert_eq!(analysis.vehicles(), 0);
}

#[test]
fn the_last_state_is_there_at_once_and_goes_offline() {
    let mut teller = Teller::new("{}");
    let mut report = parked(0);
    report.flags |= Flags::IGNITION;
    report.readings =
        vec![Reading::of(Quantity::Odometer, 48_211_000), Reading::of(Quantity::Charge, 712)];
    teller.tell(report);
    let changed = teller.analysis.take_changed();
    assert_eq!(changed.len(), 1);
    assert!(changed[0].online && changed[0].ignition());
    assert_eq!((changed[0].odometer_m, changed[0].charge_permille), (Some(48_211_000), Some(712)));
    assert!(teller.analysis.take_changed().is_empty());
    teller.analysis.tick(MORNING_MS + 299_000, &mut teller.out);
    assert!(teller.analysis.take_changed().is_empty(), "not yet");
    teller.analysis.tick(MORNING_MS + 301_000, &mut teller.out);
    assert!(!teller.analysis.take_changed()[0].online);
    assert_eq!(teller.opened(AlertKind::Offline), 1);
    // An older report changes nothing but that it was heard.
    teller.tell_at(MORNING_MS + 400_000, parked(1));
    let last = teller.analysis.last_state(VEHICLE).unwrap();
    assert!(last.online);
    assert_eq!(teller.out.alerts.last().unwrap().step, AlertStep::Ended);
}

#[test]
fn a_day_has_trips_stops_and_a_night_at_home() {
    let mut teller = Teller::new("{}");
    // Monday evening from six o'clock.
    let mut ride = Ride::new(MORNING_MS + 9 * 3_600_000, 10_000);
    ride.key(true);
    ride.reach(50.0);
    ride.go(600.0, 0.0, 0.0);
    ride.stand(400.0);
    ride.reach(50.0);
    ride.go(600.0, 0.0, 0.0);
    ride.stand(10.0);
    ride.key(false);
    ride.go(12.0 * 3_600.0, 0.0, 0.0);
    ride.key(true);
    ride.reach(60.0);
    ride.go(900.0, 0.0, 0.0);
    ride.stand(10.0);
    ride.key(false);
    ride.go(600.0, 0.0, 0.0);
    let truth = ride.truth.drives.clone();
    teller.tell_all(&mut ride);
    let closed: Vec<_> = teller
        .out
        .trips
        .iter()
        .filter(|change| change.step == TripStep::Closed)
        .map(|change| &change.trip)
        .collect();
    assert_eq!(closed.len(), 2);
    for (trip, drive) in closed.iter().zip(truth) {
        assert!(trip.started_ms.abs_diff(drive.from_ms) <= 10_000);
        assert!(trip.ended_ms.abs_diff(drive.until_ms) <= 10_000);
        let metres = trip.driving.distance_m as f64;
        assert!((metres - drive.metres).abs() < 100.0, "{metres} {}", drive.metres);
        assert_eq!(trip.end, Some(TripEnd::Ignition));
    }
    assert_eq!(closed[0].stops, 1);
    assert!((380_000..=430_000).contains(&closed[0].driving.idle_ms), "{:?}", closed[0].driving);
    let stops: Vec<_> = teller.out.stops.iter().map(|stop| (stop.kind, stop.overnight)).collect();
    assert_eq!(stops, [(StopKind::Idling, false), (StopKind::Parked, true)]);
    let day = teller.out.days.last().unwrap();
    assert_eq!((day.trips, day.driving.distance_m), (1, closed[1].driving.distance_m));
}

#[test]
fn a_trip_goes_on_when_what_was_missing_comes_after_all() {
    let mut teller = Teller::new("{}");
    let mut ride = Ride::new(MORNING_MS, 10_000);
    ride.key(true);
    ride.reach(50.0);
    ride.go(600.0, 0.0, 0.0);
    teller.tell_all(&mut ride);
    ride.go(1_200.0, 0.0, 0.0);
    let tunnel = std::mem::take(&mut ride.reports);
    ride.stand(10.0);
    ride.key(false);
    ride.go(300.0, 0.0, 0.0);
    let after = std::mem::take(&mut ride.reports);
    let comes_ms = after[0].time_ms;
    teller.analysis.tick(comes_ms, &mut teller.out);
    let gap = &teller.out.trips.last().unwrap().trip;
    assert_eq!(gap.end, Some(TripEnd::Gap));
    let (id, told) = (gap.id, gap.version);
    assert_eq!(teller.out.days.last().unwrap().trips, 1);
    for report in tunnel {
        teller.tell_at(comes_ms, Report { flags: report.flags | Flags::STORED, ..report });
    }
    for report in after {
        teller.tell(report);
    }
    let closed = &teller.out.trips.last().unwrap().trip;
    assert_eq!((closed.id, closed.end), (id, Some(TripEnd::Ignition)));
    assert!(closed.version > told);
    let drive = ride.truth.drives[0];
    assert!((closed.driving.distance_m as f64 - drive.metres).abs() < 100.0);
    let day = teller.out.days.last().unwrap();
    assert_eq!((day.trips, day.driving.distance_m), (1, closed.driving.distance_m), "counted once");
}

#[test]
fn another_driver_begins_another_trip_and_another_time_at_the_wheel() {
    let mut teller = Teller::new("{}");
    let drives = |driver| Fact::Driver(Some(driver));
    teller.analysis.set_fact(VEHICLE, drives(7), &mut teller.out).unwrap();
    let mut ride = Ride::new(MORNING_MS, 10_000);
    ride.key(true);
    ride.reach(50.0);
    ride.go(3.9 * 3_600.0, 0.0, 0.002);
    teller.tell_all(&mut ride);
    teller.analysis.set_fact(VEHICLE, drives(8), &mut teller.out).unwrap();
    ride.go(1_800.0, 0.0, 0.002);
    ride.stand(5.0);
    ride.key(false);
    ride.go(300.0, 0.0, 0.0);
    teller.tell_all(&mut ride);
    assert_eq!(teller.opened(AlertKind::Fatigue), 0);
    let drivers: Vec<_> = teller
        .out
        .trips
        .iter()
        .filter(|change| change.step == TripStep::Closed)
        .map(|change| (change.trip.driver, change.trip.end))
        .collect();
    assert_eq!(drivers, [(Some(7), Some(TripEnd::Driver)), (Some(8), Some(TripEnd::Ignition))]);
    let days: Vec<_> = teller.out.days.iter().map(|day| (day.driver, day.trips)).collect();
    assert_eq!(days, [(Some(7), 1), (Some(8), 1)]);
}

#[test]
fn two_hours_at_night_are_enough() {
    let mut teller = Teller::new("{}");
    // Ten in the evening.
    let mut ride = Ride::new(MORNING_MS + 13 * 3_600_000, 10_000);
    ride.key(true);
    ride.reach(60.0);
    ride.go(2.2 * 3_600.0, 0.0, 0.002);
    teller.tell_all(&mut ride);
    assert_eq!(teller.opened(AlertKind::FatigueNight), 1);
    assert_eq!(teller.opened(AlertKind::Fatigue), 0);
}

#[test]
fn a_fence_has_a_limit_of_its_own_and_a_time() {
    let mut teller = Teller::new("{}");
    let yard = r#"{"type": "Feature", "id": 5, "geometry": {"type": "Point", "coordinates": [114.05, 22.54]},
        "properties": {"radius_m": 600, "speed_limit_kmh": 30, "dwell_s": 1200, "alert": ["exit"]}}"#;
    let fences = Fences::new(Fence::from_geojson(yard.as_bytes(), 1).unwrap()).unwrap();
    teller.analysis.set_fences(fences);
    let mut ride = Ride::new(MORNING_MS, 5_000);
    ride.key(true);
    ride.go(10.0, 0.0, 0.0);
    // Round and round in the yard at 40 km/h, then a long stand, then out.
    ride.reach(40.0);
    ride.go(60.0, 0.0, 0.1);
    ride.stand(1_300.0);
    teller.tell_all(&mut ride);
    assert_eq!(teller.analysis.fences_of(VEHICLE).collect::<Vec<_>>(), [5]);
    assert_eq!(teller.opened(AlertKind::Speeding), 1);
    assert_eq!(teller.out.alerts[0].alert.threshold, 300);
    // Nobody reports any more: the time passes all the same.
    assert_eq!(teller.opened(AlertKind::FenceDwell), 1);
    ride.reach(60.0);
    ride.go(120.0, 0.0, 0.0);
    teller.tell_all(&mut ride);
    teller.analysis.tick(ride.time_ms + 60_000, &mut teller.out);
    let kinds: Vec<_> = teller.out.crossings.iter().map(|crossing| crossing.kind).collect();
    assert_eq!(kinds, [CrossingKind::Enter, CrossingKind::Dwell, CrossingKind::Exit]);
    assert_eq!(teller.opened(AlertKind::FenceEnter), 0, "nobody asked for it");
    assert_eq!(teller.opened(AlertKind::FenceExit), 1);
}

#[test]
fn rules_are_replaced_while_it_runs() {
    let mut teller = Teller::new("{}");
    let mut ride = Ride::new(MORNING_MS, 5_000);
    ride.key(true);
    ride.reach(70.0);
    ride.go(120.0, 0.0, 0.0);
    teller.tell_all(&mut ride);
    assert_eq!(teller.opened(AlertKind::Speeding), 0);
    let book: RuleBook =
        serde_json::from_str(r#"{"classes": {"car": {"speeding": {"limit_kmh": 60}}}}"#).unwrap();
    teller.analysis.set_rules(book.compile().unwrap());
    ride.go(60.0, 0.0, 0.0);
    teller.tell_all(&mut ride);
    assert_eq!(teller.opened(AlertKind::Speeding), 1);
}

#[test]
fn a_battery_is_low_when_it_stays_low() {
    let mut teller = Teller::new("{}");
    let at = |second, mv| Report {
        readings: vec![Reading::of(Quantity::SupplyVoltage, mv)],
        ..parked(second)
    };
    // The starter takes its share.
    for (second, mv) in [(0, 12_600), (30, 9_800), (60, 13_900), (90, 13_900)] {
        teller.tell(at(second, mv));
    }
    // A light was left on.
    for minute in 0..20_u32 {
        teller.tell(at(600 + u64::from(minute) * 60, 11_900 - 60 * i64::from(minute)));
    }
    assert_eq!(teller.opened(AlertKind::LowBattery), 1);
    let alert = &teller.out.alerts[0].alert;
    assert_eq!(alert.threshold, 11_500);
    assert!(alert.value < 11_500);
}

#[test]
fn a_trip_knows_its_odometer_and_its_fuel() {
    let mut teller = Teller::new("{}");
    let mut ride = Ride::new(MORNING_MS, 10_000);
    ride.key(true);
    ride.reach(72.0);
    ride.go(1_000.0, 0.0, 0.0);
    ride.stand(5.0);
    ride.key(false);
    ride.go(300.0, 0.0, 0.0);
    for (number, report) in (0_i64..).zip(std::mem::take(&mut ride.reports)) {
        let step = number.min(103);
        let readings = vec![
            Reading::of(Quantity::Odometer, 5_000_000 + step * 200),
            Reading::of(Quantity::FuelUsed, 1_000 + step * 16),
        ];
        teller.tell(Report { readings, ..report });
    }
    let trip = &teller.out.trips.last().unwrap().trip;
    assert_eq!(trip.odometer_agrees(), Some(true), "{trip:?}");
    let fuel = trip.driving.fuel_ml.unwrap();
    assert!((1_600..=1_648).contains(&fuel), "{fuel}");
    assert!((78..=82).contains(&trip.economy.unwrap()), "8 l on 100 km are usual: {trip:?}");
}
