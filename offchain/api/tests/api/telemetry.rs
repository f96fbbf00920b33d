//! What vehicles do, seen and steered through the api, by telemetry as it is.

use std::time::Duration;

use jsonrpsee::core::client::{Subscription, SubscriptionClientT};
use serde_json::{json, Value};
use smartlink_api::{Code, Roles};
use smartlink_telemetry::proof::RecordProof;

use super::{
    depot::{drive, yard, Depot, BEGIN_MS, END_MS},
    house::{House, Named},
};

async fn house() -> (House, Depot) {
    let depot = Depot::open().await;
    let telemetry = depot.transport();
    (House::behind(|upstream| upstream.with_telemetry(telemetry)).await, depot)
}

async fn next(changes: &mut Subscription<Value>) -> Value {
    let next = tokio::time::timeout(Duration::from_secs(30), changes.next()).await;
    next.expect("something in time").expect("something").unwrap()
}

/// Whatever is in an answer's list.
fn list<'a>(answer: &'a Value, name: &str) -> &'a Vec<Value> {
    answer[name].as_array().unwrap_or_else(|| panic!("{name} of {answer}"))
}

fn span() -> Value {
    json!({ "from_ms": BEGIN_MS, "until_ms": END_MS })
}

/// A span and more.
fn in_span(more: Value) -> Value {
    let mut params = span();
    params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    params
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drive_is_followed_replayed_and_reported() {
    let (house, depot) = house().await;
    let auditor = house.token(Roles::AUDITOR).await;
    let client = house.websocket(Some(&auditor)).await;
    let follow = Named(json!({ "vehicles": [5] }));
    let mut changes: Subscription<Value> =
        client.subscribe("telemetry_subscribe", follow, "telemetry_unsubscribe").await.unwrap();
    assert_eq!(next(&mut changes).await, json!({ "kind": "caught_up" }));
    let unheard = house.refused(&auditor, "telemetry_vehicle", json!({ "vehicle": 5 })).await;
    assert_eq!(unheard.code, Code::NotFound.number());
    let drive = drive();
    depot.report(&drive).await;

    // Pushed as it happened: where it was, and the emergency.
    let (mut seen, mut opened) = (false, false);
    while !(seen && opened) {
        let change = next(&mut changes).await;
        match change["kind"].as_str().unwrap() {
            "vehicle" => seen |= change["vehicle"]["fix"]["latitude"].as_f64().unwrap() > 22.5,
            "alert" => {
                let emergency = change["alert"]["kind"] == json!("emergency");
                opened |= emergency && change["step"] == json!("opened");
            }
            other => panic!("{other}"),
        }
    }

    // As it is now.
    let state = house.ok(&auditor, "telemetry_vehicle", json!({ "vehicle": 5 })).await;
    assert_eq!((&state["fix"]["speed_kmh"], &state["online"]), (&json!(0.0), &json!(true)));
    assert_eq!((&state["flags"], &state["terminal"]), (&json!(["fixed"]), &json!("1005")));
    let shifted = json!({ "vehicle": 5, "datum": "gcj02" });
    let shifted = house.ok(&auditor, "telemetry_vehicle", shifted).await;
    let east = shifted["fix"]["longitude"].as_f64().unwrap();
    assert!((114.004..114.006).contains(&east), "{east}");
    let around = json!({ "south": 22.6, "west": 113.99, "north": 22.8, "east": 114.01 });
    for (area, found) in
        [(around, 1), (json!({ "south": 23, "west": 113, "north": 24, "east": 115 }), 0)]
    {
        let page = json!({ "area": area, "online": true });
        let page = house.ok(&auditor, "telemetry_vehicles", page).await;
        assert_eq!((list(&page, "vehicles").len(), &page["known"]), (found, &json!(1)));
    }

    // Where it was: page by page, each fix once.
    let mut fixes = Vec::new();
    let mut page = in_span(json!({ "vehicles": [5], "limit": 500 }));
    loop {
        let answer = house.ok(&auditor, "telemetry_track", page.clone()).await;
        fixes.extend(list(&answer, "fixes").iter().cloned());
        match answer.get("next") {
            Some(next) => page["after"] = next.clone(),
            None => break,
        }
    }
    assert_eq!(fixes.len(), drive.len());
    let times: Vec<i64> = fixes.iter().map(|fix| fix["time_ms"].as_i64().unwrap()).collect();
    assert!(times.is_sorted_by(|before, after| before < after), "none twice, in order");
    assert_eq!(fixes[0]["speed_kmh"], json!(54.0));
    let visits = in_span(json!({
        "area": { "south": 22.518, "west": 113.99, "north": 22.536, "east": 114.01 },
    }));
    let visits = house.ok(&auditor, "telemetry_visits", visits).await;
    assert_eq!(list(&visits, "visits")[0]["vehicle"], json!(5));
    let backwards = json!({ "from_ms": END_MS, "until_ms": BEGIN_MS });
    let backwards = house.refused(&auditor, "telemetry_track", backwards).await;
    assert_eq!(backwards.code, Code::InvalidParams.number());
    let invented = in_span(json!({ "after": "5" }));
    let invented = house.refused(&auditor, "telemetry_track", invented).await;
    assert_eq!(invented.code, Code::InvalidParams.number());

    // How it was driven.
    let trips = house.ok(&auditor, "telemetry_trips", span()).await;
    let [trip] = list(&trips, "trips").as_slice() else { panic!("{trips}") };
    let metres = trip["driving"]["distance_m"].as_u64().unwrap();
    assert!((20_000..21_500).contains(&metres), "{metres}");
    assert_eq!(trip["fastest_kmh"], json!(140.0));
    house.ok(&auditor, "telemetry_stops", span()).await;
    let personnel = house.token(Roles::PERSONNEL).await;
    let days = json!({ "from_day": "2026-06-01", "until_day": "2026-06-02" });
    let days = house.ok(&personnel, "telemetry_days", days).await;
    let [day] = list(&days, "days").as_slice() else { panic!("{days}") };
    assert_eq!((&day["day"], &day["vehicle"]), (&json!("2026-06-01"), &json!(5)));
    assert_eq!(day["driving"]["distance_m"], json!(metres));
    let hidden = house.refused(&personnel, "telemetry_track", span()).await;
    assert_eq!(hidden.code, Code::Forbidden.number());
    depot.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_fleet_draws_a_fence_sets_a_rule_and_takes_care_of_an_emergency() {
    let (house, depot) = house().await;
    let (fleet, operations) =
        (house.token(Roles::FLEET).await, house.token(Roles::OPERATIONS).await);
    let auditor = house.token(Roles::AUDITOR).await;
    let book = json!({ "rules": { "speeding": { "limit_kmh": 100 } } });
    let rules = house.ok(&fleet, "telemetry_set_rules", json!({ "book": book })).await;
    assert_eq!(rules["effective"]["car"]["speeding"]["limit_kmh"].as_f64(), Some(100.0));
    assert_eq!(house.ok(&auditor, "telemetry_rules", json!({})).await, rules);
    let nonsense = json!({ "book": { "rules": { "speeding": { "limit_kmh": 1 } } } });
    let nonsense = house.refused(&fleet, "telemetry_set_rules", nonsense).await;
    assert_eq!(nonsense.code, Code::Invalid.number());
    assert!(nonsense.message.contains("limit_kmh"), "{}", nonsense.message);

    let put = json!({ "geojson": yard() });
    let fences = house.ok(&operations, "telemetry_put_geofences", put.clone()).await;
    let [fence] = list(&fences, "geofences").as_slice() else { panic!("{fences}") };
    assert_eq!((&fence["id"], &fence["version"]), (&json!(1), &json!(1)));
    assert_eq!(fence["changed_by"], json!("99"), "the account");
    assert_eq!(house.ok(&auditor, "telemetry_geofence", json!({ "geofence": 1 })).await, *fence);
    let read = house.ok(&auditor, "telemetry_geofences", json!({})).await;
    assert_eq!(list(&read, "geofences").len(), 1);
    let only_reads = house.refused(&auditor, "telemetry_put_geofences", put.clone()).await;
    assert_eq!(only_reads.code, Code::Forbidden.number());
    let capacities =
        json!({ "vehicle": 5, "tank_ml": 60_000, "cargo": { "lowest_c": -18.5, "highest_c": 4 } });
    house.ok(&fleet, "telemetry_set_capacities", capacities).await;
    let theirs = json!({ "vehicle": 8, "tank_ml": 60_000 });
    let theirs = house.refused(&fleet, "telemetry_set_capacities", theirs).await;
    assert_eq!(theirs.code, Code::NotFound.number(), "another company's vehicle");

    depot.report(&drive()).await;
    let alerts = house.ok(&auditor, "telemetry_alerts", json!({ "vehicles": [5] })).await;
    let kinds: Vec<&str> =
        list(&alerts, "alerts").iter().map(|alert| alert["kind"].as_str().unwrap()).collect();
    for kind in ["speeding", "fence_enter", "emergency"] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    let open = json!({ "kinds": ["emergency"], "states": ["open"] });
    let emergencies = house.ok(&auditor, "telemetry_alerts", open.clone()).await;
    let [emergency] = list(&emergencies, "alerts").as_slice() else { panic!("{emergencies}") };
    assert_eq!(emergency["severity"], json!("critical"));
    let one = json!({ "alert": emergency["id"] });
    for _ in 0..2 {
        let known = house.ok(&fleet, "telemetry_acknowledge", one.clone()).await;
        assert_eq!(known["acknowledged"]["by"], json!("99"));
    }
    for _ in 0..2 {
        let closed = house.ok(&operations, "telemetry_close", one.clone()).await;
        assert_eq!((&closed["state"], &closed["closed"]["by"]), (&json!("closed"), &json!("99")));
    }
    let late = house.refused(&fleet, "telemetry_acknowledge", one.clone()).await;
    assert_eq!((late.code, late.name.as_str()), (Code::Refused.number(), "alert_closed"));
    let now = house.ok(&auditor, "telemetry_alert", one.clone()).await;
    assert_eq!(now["state"], json!("closed"));
    // One alert for each page: the same ones.
    let mut paged = Vec::new();
    let mut page = json!({ "vehicles": [5], "limit": 1 });
    loop {
        let answer = house.ok(&auditor, "telemetry_alerts", page.clone()).await;
        paged.extend(list(&answer, "alerts").iter().map(|alert| alert["id"].clone()));
        match answer.get("next") {
            Some(next) => page["before"] = next.clone(),
            None => break,
        }
    }
    assert_eq!(paged.len(), kinds.len());

    let other = json!({ "geofence": 1, "version": 7 });
    let other = house.refused(&fleet, "telemetry_remove_geofence", other).await;
    assert_eq!(other.name, "other_version");
    for _ in 0..2 {
        house.ok(&fleet, "telemetry_remove_geofence", json!({ "geofence": 1, "version": 1 })).await;
    }
    let gone = house.refused(&auditor, "telemetry_geofence", json!({ "geofence": 1 })).await;
    assert_eq!(gone.code, Code::NotFound.number());

    let noted = json!({ "method": "telemetry_acknowledge" });
    let noted = house.ok(&auditor, "ops_audit", noted).await;
    let entries = list(&noted, "entries");
    assert_eq!(entries.len(), 3);
    assert!(entries.iter().all(|entry| entry["subject"] == emergency["id"]), "{noted}");
    depot.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_is_proven_and_telemetry_says_how_it_does() {
    let (house, depot) = house().await;
    let auditor = house.token(Roles::AUDITOR).await;
    depot.report(&drive()).await;
    let track = house.ok(&auditor, "telemetry_track", in_span(json!({ "limit": 1 }))).await;
    let fix = &list(&track, "fixes")[0];
    assert!(depot.telemetry.ready(1).await);
    let proof = json!({ "sequence": fix["sequence"] });
    let proof = house.ok(&auditor, "telemetry_prove", proof).await;
    let proof: RecordProof = serde_json::from_value(proof).unwrap();
    let record = proof.verify(&proof.anchor()).unwrap();
    assert_eq!(json!(record.report.time_ms), fix["time_ms"]);
    assert_eq!(proof.company, 1);
    let missing = json!({ "sequence": "1000000" });
    let missing = house.refused(&auditor, "telemetry_prove", missing).await;
    assert_eq!((missing.code, missing.name.as_str()), (Code::NotFound.number(), "no_batch"));
    let figures = house.ok(&auditor, "telemetry_figures", json!({})).await;
    assert_eq!(figures["unstored"], json!(0));
    depot.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deployment_without_telemetry_says_so() {
    let house = House::open().await;
    let fleet = house.token(Roles::FLEET).await;
    let refused = house.refused(&fleet, "telemetry_vehicles", json!({})).await;
    assert_eq!(refused.code, Code::Unavailable.number());
    assert!(refused.message.contains("peers.telemetry"), "{}", refused.message);
}

/// Each method once, as the fleet calls it, in an order that makes sense. For whoever compares answers with the document.
pub fn day() -> Vec<(&'static str, Value)> {
    let area = json!({ "south": 22, "west": 113, "north": 23, "east": 115 });
    let days = json!({ "from_day": "2026-06-01", "until_day": "2026-06-02" });
    let link =
        in_span(json!({ "what": "track", "format": "gpx", "vehicles": [5], "datum": "gcj02" }));
    vec![
        ("telemetry_vehicle", json!({ "vehicle": 5 })),
        ("telemetry_vehicles", json!({ "area": area, "online": true, "limit": 5 })),
        ("telemetry_set_capacities", json!({ "vehicle": 5, "battery_wh": 60_000 })),
        ("telemetry_track", in_span(json!({ "limit": 5, "datum": "gcj02" }))),
        ("telemetry_visits", in_span(json!({ "area": area }))),
        ("telemetry_trips", in_span(json!({ "vehicles": [5] }))),
        ("telemetry_stops", in_span(json!({ "least_ms": 1 }))),
        ("telemetry_days", days),
        ("telemetry_set_rules", json!({ "book": {} })),
        ("telemetry_rules", json!({})),
        ("telemetry_put_geofences", json!({ "geojson": yard() })),
        ("telemetry_geofences", json!({ "limit": 1 })),
        ("telemetry_geofence", json!({ "geofence": 1 })),
        ("telemetry_remove_geofence", json!({ "geofence": 1 })),
        ("telemetry_figures", json!({})),
        ("telemetry_export", link),
    ]
}
