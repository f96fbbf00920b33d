//! Precision and recall of every rule on rides whose truth is known, in a clean and in a noisy network.

use smartlink_records::{Position, Quantity, Reading, Report};
use smartlink_telemetry::analysis::{
    fence::Shape, AlertKind, AlertStep, Analysis, Capacities, CrossingKind, Fact, Fence, Fences,
    Outcome, Place, RuleBook, TripStep,
};

use crate::{
    judge::{analyse, judge, Score},
    network::{Chance, Network},
    ride::{Ride, Was, MORNING_MS},
};

const MINUTE_MS: u64 = 60_000;
/// Each with the least precision and recall that are good enough in it.
const NETWORKS: [(Network, f64); 3] =
    [(Network::CLEAN, 0.95), (Network::NOISY, 0.90), (Network::BAD, 0.75)];

fn analysis(rules: &str) -> Analysis {
    let book: RuleBook = serde_json::from_str(rules).unwrap();
    Analysis::new(book.compile().unwrap())
}

/// A day of a driver who does everything, with a limit of 80 km/h: what is harsh or too fast, and what nearly is.
fn day(chance: &mut Chance) -> Ride {
    let mut ride = Ride::new(MORNING_MS + chance.next() % 10 * 1_000, 1_000);
    ride.go(120.0, 0.0, 0.0);
    for _ in 0..6 {
        ride.key(true);
        ride.go(chance.between(5.0, 40.0), 0.0, 0.0);
        for _ in 0..12 {
            let (much, little) = (chance.between(1.3, 1.8), chance.between(0.4, 0.65));
            match chance.next() % 12 {
                0 => ride.manoeuvre(AlertKind::HarshAcceleration, 300.0 * much, true),
                1 => ride.manoeuvre(AlertKind::HarshBraking, 350.0 * much, true),
                2 => ride.manoeuvre(AlertKind::HarshCornering, 400.0 * much, true),
                3 => ride.manoeuvre(AlertKind::HarshAcceleration, 300.0 * little, false),
                4 => ride.manoeuvre(AlertKind::HarshBraking, 350.0 * little, false),
                5 => ride.manoeuvre(AlertKind::HarshCornering, 400.0 * little, false),
                6 => ride.race(chance.between(88.0, 115.0), 80.0, chance.between(15.0, 90.0), true),
                7 => ride.race(80.0, 80.0, chance.between(20.0, 60.0), false),
                8 => ride.race(86.0, 80.0, 1.0, false),
                9 => ride.stand(chance.between(10.0, 100.0)),
                _ => {
                    ride.reach(chance.between(25.0, 75.0));
                    ride.cruise(chance.between(20.0, 90.0), chance);
                }
            }
        }
        ride.stand(chance.between(5.0, 20.0));
        ride.key(false);
        ride.go(chance.between(300.0, 900.0), 0.0, 0.0);
    }
    ride
}

#[test]
fn driving_is_judged_rightly() {
    let kinds = [
        AlertKind::Speeding,
        AlertKind::HarshAcceleration,
        AlertKind::HarshBraking,
        AlertKind::HarshCornering,
    ];
    for (network, least) in NETWORKS {
        let mut chance = Chance(42);
        let mut scores = [Score::default(); 4];
        let mut trips = Score::default();
        let mut others = 0;
        for vehicle in 1..=30 {
            let ride = day(&mut chance);
            let records = network.carry(vehicle, &ride.reports, &mut chance);
            let mut analysis = analysis(r#"{"rules": {"speeding": {"limit_kmh": 80}}}"#);
            let out = analyse(&mut analysis, &records);
            for (kind, score) in kinds.into_iter().zip(&mut scores) {
                score.add(judge(&out, &ride.truth.events, kind, 4_000, 6_000));
            }
            trips.add(judge_trips(&out, &ride));
            let mut opened = out.alerts.iter().filter(|change| change.step == AlertStep::Opened);
            others += opened.by_ref().filter(|change| !kinds.contains(&change.alert.kind)).count();
        }
        for (kind, score) in kinds.into_iter().zip(scores) {
            score.at_least(kind.name(), network.name, least);
        }
        trips.at_least("trip", network.name, least);
        assert_eq!(others, 0, "nobody was towed, robbed, or out of reach");
    }
}

/// A trip is right when it begins and ends within a minute and is as long as it was to a twentieth.
fn judge_trips(out: &Outcome, ride: &Ride) -> Score {
    let closed = out.trips.iter().filter(|change| change.step == TripStep::Closed);
    let found: Vec<_> = closed.map(|change| &change.trip).collect();
    let so: Vec<_> = ride.truth.drives.iter().filter(|drive| drive.metres > 300.0).collect();
    let mut score = Score { found: found.len() as u32, so: so.len() as u32, ..Score::default() };
    for drive in so {
        let right = found.iter().any(|trip| {
            let metres = trip.driving.distance_m as f64;
            trip.started_ms.abs_diff(drive.from_ms) <= MINUTE_MS
                && trip.ended_ms.abs_diff(drive.until_ms) <= MINUTE_MS
                && (metres - drive.metres).abs() <= drive.metres / 20.0
        });
        score.true_found += u32::from(right);
        score.true_met += u32::from(right);
    }
    score
}

/// Two thousand fences in a city: circles, squares, corridors.
fn city(chance: &mut Chance) -> Fences {
    let mut features = Vec::new();
    for id in 1..=2_000 {
        let (north, east) = (chance.between(-0.15, 0.15), chance.between(-0.15, 0.15));
        let (latitude, longitude) = (22.54 + north, 114.05 + east);
        let size = chance.between(0.001, 0.006);
        let feature = match id % 3 {
            0 => format!(
                r#"{{"type": "Feature", "id": {id}, "properties": {{"radius_m": {}}}, "geometry":
                {{"type": "Point", "coordinates": [{longitude}, {latitude}]}}}}"#,
                (size * 111_000.0) as u32
            ),
            1 => format!(
                r#"{{"type": "Feature", "id": {id}, "properties": {{"width_m": 240}}, "geometry":
                {{"type": "LineString", "coordinates": [[{longitude}, {latitude}], [{}, {}]]}}}}"#,
                longitude + size,
                latitude + size * 2.0
            ),
            _ => format!(
                r#"{{"type": "Feature", "id": {id}, "properties": {{}}, "geometry": {{"type": "Polygon",
                "coordinates": [[[{longitude}, {latitude}], [{e}, {latitude}], [{e}, {n}], [{longitude}, {n}],
                [{longitude}, {latitude}]]]}}}}"#,
                e = longitude + size,
                n = latitude + size
            ),
        };
        features.push(feature);
    }
    let text = format!(r#"{{"type": "FeatureCollection", "features": [{}]}}"#, features.join(","));
    Fences::new(Fence::from_geojson(text.as_bytes(), 1).unwrap()).unwrap()
}

#[test]
fn fences_are_entered_and_left_when_they_are() {
    let fences = std::sync::Arc::new(city(&mut Chance(7)));
    for (network, least) in NETWORKS {
        let mut chance = Chance(9);
        let mut score = Score::default();
        for vehicle in 1..=10 {
            let mut ride = Ride::new(MORNING_MS, 1_000);
            ride.key(true);
            for _ in 0..60 {
                ride.reach(chance.between(25.0, 60.0));
                ride.cruise(chance.between(30.0, 90.0), &mut chance);
                if chance.happens(0.2) {
                    ride.stand(chance.between(30.0, 200.0));
                }
            }
            let records = network.carry(vehicle, &ride.reports, &mut chance);
            let mut analysis = analysis("{}");
            analysis.set_fences(fences.clone());
            let out = analyse(&mut analysis, &records);
            score.add(judge_crossings(&out, &ride, &fences));
        }
        score.at_least("fence crossing", network.name, least);
    }
}

/// Some place of a fence.
fn corner(fence: &Fence) -> Place {
    match &fence.shape {
        Shape::Polygons { polygons, .. } => polygons[0][0][0],
        Shape::Circle { centre, .. } => *centre,
        Shape::Corridor { line, .. } => line[0],
    }
}

/// What is deep inside or far outside is known for sure; what only touches the border is nobody's mistake.
fn judge_crossings(out: &Outcome, ride: &Ride, fences: &Fences) -> Score {
    const SURE_M: f64 = 60.0;
    let mut score = Score::default();
    for fence in fences.all() {
        let mut visits: Vec<(u64, u64, bool)> = Vec::new();
        let corner = corner(fence);
        for (time_ms, place) in &ride.truth.path {
            // No fence here is larger than two kilometres.
            if place.latitude.abs_diff(corner.latitude) > 20_000 {
                continue;
            }
            let near = fence.shape.is_near_border(*place, SURE_M);
            if !near && !fence.shape.contains(*place) {
                continue;
            }
            let deep = !near;
            match visits.last_mut() {
                Some((_, until_ms, sure)) if *until_ms + 1_000 == *time_ms => {
                    *until_ms = *time_ms;
                    *sure |= deep;
                }
                _ => visits.push((*time_ms, *time_ms, deep)),
            }
        }
        let entered: Vec<_> = out
            .crossings
            .iter()
            .filter(|one| one.fence == fence.id && one.kind == CrossingKind::Enter)
            .map(|one| one.time_ms)
            .collect();
        let within = |visit: &(u64, u64, bool), at: u64| {
            (visit.0.saturating_sub(3_000)..=visit.1 + 3_000).contains(&at)
        };
        score.found += entered.len() as u32;
        let right = |at: &&u64| visits.iter().any(|visit| within(visit, **at));
        score.true_found += entered.iter().filter(right).count() as u32;
        for visit in visits.iter().filter(|visit| visit.2) {
            score.so += 1;
            // Once, not again and again.
            let times = entered.iter().filter(|at| within(visit, **at)).count();
            score.true_met += u32::from(times == 1);
        }
    }
    score
}

/// A truck that is parked, robbed, filled up and driven, with a float in its tank.
fn tank(chance: &mut Chance) -> (Vec<Report>, Vec<Was>) {
    let mut ride = Ride::new(MORNING_MS, 10_000);
    let mut truth = Vec::new();
    let mut levels: Vec<(u64, f64)> = Vec::new();
    let mut level = 180.0;
    let wait =
        |ride: &mut Ride, levels: &mut Vec<(u64, f64)>, level: &mut f64, seconds: f64, by: f64| {
            for _ in 0..(seconds / 10.0) as u32 {
                ride.go(10.0, 0.0, 0.0);
                *level = (*level + by / (seconds / 10.0)).clamp(20.0, 300.0);
                levels.push((ride.time_ms, *level));
            }
        };
    for _ in 0..12 {
        wait(&mut ride, &mut levels, &mut level, 600.0, 0.0);
        let from_ms = ride.time_ms;
        match chance.next() % 4 {
            0 if level > 80.0 => {
                let stolen = -chance.between(18.0, 50.0);
                wait(&mut ride, &mut levels, &mut level, 180.0, stolen);
                let until_ms = ride.time_ms;
                truth.push(Was { kind: AlertKind::FuelTheft, from_ms, until_ms });
            }
            1 | 2 if level < 230.0 => {
                let filled = chance.between(18.0, 60.0);
                wait(&mut ride, &mut levels, &mut level, 180.0, filled);
                let until_ms = ride.time_ms;
                truth.push(Was { kind: AlertKind::Refuel, from_ms, until_ms });
            }
            // A little is evaporated, measured with another temperature, or burnt by the heating.
            _ => wait(&mut ride, &mut levels, &mut level, 180.0, -2.0),
        }
        wait(&mut ride, &mut levels, &mut level, 300.0, 0.0);
        ride.key(true);
        ride.reach(60.0);
        for _ in 0..60 {
            ride.cruise(10.0, chance);
            level -= 0.1;
            levels.push((ride.time_ms, level));
        }
        ride.stand(10.0);
        ride.key(false);
    }
    let mut reports = ride.reports;
    for report in &mut reports {
        let at = levels.partition_point(|(time_ms, _)| *time_ms <= report.time_ms);
        let level = levels[at.saturating_sub(1)].1;
        let moving = report.position.is_some_and(|position| position.speed > 0);
        let slosh = if moving { 4.0 } else { 0.7 };
        let ml = ((level + slosh * chance.normal()) * 1_000.0).max(0.0);
        report.readings.push(Reading::of(Quantity::Fuel, ml as i64));
    }
    (reports, truth)
}

#[test]
fn fuel_that_is_stolen_or_filled_in_is_found() {
    for (network, least) in NETWORKS {
        let mut chance = Chance(3);
        let (mut theft, mut refuel) = (Score::default(), Score::default());
        for vehicle in 1..=30 {
            let (reports, truth) = tank(&mut chance);
            let records = network.carry(vehicle, &reports, &mut chance);
            let out = analyse(&mut analysis("{}"), &records);
            theft.add(judge(&out, &truth, AlertKind::FuelTheft, 0, 120_000));
            refuel.add(judge(&out, &truth, AlertKind::Refuel, 0, 120_000));
        }
        theft.at_least("fuel theft", network.name, least);
        refuel.at_least("refuel", network.name, least);
    }
}

/// A refrigerated van, whose doors open while loading and whose cooling fails.
fn cooling(chance: &mut Chance) -> (Vec<Report>, Vec<Was>) {
    let mut ride = Ride::new(MORNING_MS, 30_000);
    ride.key(true);
    let (mut truth, mut reports) = (Vec::new(), Vec::new());
    let mut warm = |ride: &mut Ride, minutes: u32, celsius: f64, chance: &mut Chance| {
        for _ in 0..minutes * 2 {
            ride.go(30.0, 0.0, 0.0);
            let mut report = ride.reports.last().unwrap().clone();
            let tenths = (celsius + 0.15 * chance.normal()) * 10.0;
            report.readings.push(Reading::of(Quantity::Temperature, tenths as i64));
            reports.push(report);
        }
    };
    for _ in 0..10 {
        warm(&mut ride, 20, 4.0, chance);
        let from_ms = ride.time_ms;
        if chance.happens(0.5) {
            warm(&mut ride, chance.between(14.0, 40.0) as u32, 9.5, chance);
            truth.push(Was { kind: AlertKind::Temperature, from_ms, until_ms: ride.time_ms });
        } else {
            warm(&mut ride, chance.between(2.0, 8.0) as u32, 12.0, chance);
        }
    }
    (reports, truth)
}

#[test]
fn cargo_that_is_too_warm_is_found() {
    for (network, least) in NETWORKS {
        let mut chance = Chance(4);
        let mut score = Score::default();
        for vehicle in 1..=20 {
            let (reports, truth) = cooling(&mut chance);
            let records = network.carry(vehicle, &reports, &mut chance);
            let mut analysis = analysis("{}");
            let cold = Capacities { cargo_temperature: Some((20, 80)), ..Capacities::default() };
            let fact = Fact::Capacities(cold);
            analysis.set_fact(vehicle, fact, &mut Outcome::default()).unwrap();
            let out = analyse(&mut analysis, &records);
            score.add(judge(&out, &truth, AlertKind::Temperature, 60_000, 0));
        }
        score.at_least("temperature", network.name, least);
    }
}

/// Stands for a case that could be called either way.
const UNJUDGED: AlertKind = AlertKind::Tow;

#[test]
fn who_drives_without_a_rest_is_found() {
    for (network, least) in NETWORKS {
        let mut chance = Chance(5);
        let mut score = Score::default();
        for vehicle in 1..=60 {
            // Ten hours by day, in pieces, with stops that are a rest or are not.
            let mut ride = Ride::new(MORNING_MS - 3 * 3_600_000, 15_000);
            let (mut truth, mut driven_ms, mut told) = (Vec::new(), 0, false);
            ride.key(true);
            while ride.time_ms < MORNING_MS + 10 * 3_600_000 {
                let from_ms = ride.time_ms;
                ride.reach(60.0);
                ride.cruise(chance.between(1_800.0, 6_000.0), &mut chance);
                ride.reach(0.0);
                driven_ms += ride.time_ms - from_ms;
                let over_ms = driven_ms.cast_signed() - 4 * 3_600_000;
                // Seconds of braking and of waiting for a report decide such a case: it is not judged.
                let near = over_ms.abs() < 300_000 && !told;
                if near || (over_ms > 0 && !told) {
                    let kind = if near { UNJUDGED } else { AlertKind::Fatigue };
                    let from_ms = ride.time_ms.saturating_add_signed(-over_ms.max(0));
                    truth.push(Was { kind, from_ms, until_ms: ride.time_ms });
                    told = !near;
                }
                let rests = chance.happens(0.35) || near;
                ride.stand(if rests { 1_380.0 } else { chance.between(400.0, 1_080.0) });
                if rests {
                    (driven_ms, told) = (0, false);
                }
            }
            let records = network.carry(vehicle, &ride.reports, &mut chance);
            let unjudged: Vec<_> =
                truth.iter().filter(|was| was.kind == UNJUDGED).copied().collect();
            let mut out = analyse(&mut analysis("{}"), &records);
            out.alerts.retain(|change| {
                !unjudged.iter().any(|was| {
                    let around = was.from_ms - 300_000..=was.until_ms + 60_000;
                    around.contains(&change.alert.opened_ms)
                })
            });
            score.add(judge(&out, &truth, AlertKind::Fatigue, 120_000, 0));
        }
        score.at_least("fatigue", network.name, least);
    }
}

#[test]
fn who_is_towed_is_found_and_who_drifts_is_not() {
    for (network, least) in NETWORKS {
        let mut chance = Chance(6);
        let mut score = Score::default();
        for vehicle in 1..=60 {
            let mut ride = Ride::new(MORNING_MS, 10_000);
            ride.key(true);
            ride.reach(40.0);
            ride.cruise(120.0, &mut chance);
            ride.stand(5.0);
            ride.key(false);
            ride.go(3_600.0, 0.0, 0.0);
            let mut truth = Vec::new();
            if chance.happens(0.5) {
                let from_ms = ride.time_ms;
                ride.reach(25.0);
                ride.cruise(chance.between(120.0, 600.0), &mut chance);
                ride.stand(1.0);
                truth.push(Was { kind: AlertKind::Tow, from_ms, until_ms: ride.time_ms });
            }
            ride.go(1_800.0, 0.0, 0.0);
            let records = network.carry(vehicle, &ride.reports, &mut chance);
            let out = analyse(&mut analysis("{}"), &records);
            score.add(judge(&out, &truth, AlertKind::Tow, 0, 60_000));
        }
        score.at_least("tow", network.name, least);
    }
}

#[test]
fn who_is_not_heard_from_is_found() {
    for (network, least) in NETWORKS {
        let mut chance = Chance(8);
        let mut score = Score::default();
        for vehicle in 1..=20 {
            let mut ride = Ride::new(MORNING_MS, 10_000);
            let mut truth = Vec::new();
            ride.key(true);
            ride.reach(50.0);
            let mut heard = Vec::new();
            for _ in 0..12 {
                ride.cruise(chance.between(120.0, 400.0), &mut chance);
                heard.append(&mut ride.reports);
                let from_ms = ride.time_ms;
                let seconds = if chance.happens(0.5) {
                    chance.between(340.0, 1_500.0)
                } else {
                    chance.between(20.0, 260.0)
                };
                ride.cruise(seconds, &mut chance);
                ride.reports.clear();
                if seconds > 300.0 {
                    let until_ms = ride.time_ms;
                    truth.push(Was { kind: AlertKind::Offline, from_ms, until_ms });
                }
            }
            ride.cruise(60.0, &mut chance);
            heard.append(&mut ride.reports);
            let records = network.carry(vehicle, &heard, &mut chance);
            let mut analysis = analysis("{}");
            let mut out = Outcome::default();
            for record in &records {
                analysis.observe(record, &mut out);
            }
            score.add(judge(&out, &truth, AlertKind::Offline, 0, 0));
        }
        score.at_least("offline", network.name, least);
    }
}

#[test]
fn accelerometers_are_heard_as_well() {
    // Fixes every ten seconds say nothing about braking; the terminal's accelerometer does, twice a second.
    for (network, least) in NETWORKS {
        let mut chance = Chance(10);
        let mut score = Score::default();
        for vehicle in 1..=10 {
            let (mut reports, mut truth) = (Vec::new(), Vec::new());
            let mut time_ms = MORNING_MS;
            for _ in 0..40 {
                let harsh = chance.happens(0.3);
                let mg =
                    if harsh { chance.between(420.0, 700.0) } else { chance.between(50.0, 250.0) };
                let from_ms = time_ms + 20_000;
                for half in 0..120 {
                    time_ms += 500;
                    let braking = (40..45).contains(&half);
                    let value = if braking { -mg } else { 0.0 } + 25.0 * chance.normal();
                    let reading = Reading::of(Quantity::AccelerationForward, value as i64);
                    let position = (half % 20 == 0).then_some(Position {
                        latitude: 22_540_000,
                        longitude: 114_050_000,
                        speed: 500,
                        ..Position::default()
                    });
                    reports.push(Report {
                        time_ms,
                        position,
                        readings: vec![reading],
                        flags: smartlink_records::Flags::FIXED,
                        ..Report::default()
                    });
                }
                if harsh {
                    let until_ms = from_ms + 2_500;
                    truth.push(Was { kind: AlertKind::HarshBraking, from_ms, until_ms });
                }
            }
            let records = network.carry(vehicle, &reports, &mut chance);
            let out = analyse(&mut analysis("{}"), &records);
            score.add(judge(&out, &truth, AlertKind::HarshBraking, 1_000, 2_000));
        }
        score.at_least("braking, sensed", network.name, least);
    }
}
