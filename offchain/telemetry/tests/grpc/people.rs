//! What people change: alerts, geofences, rules, and what vehicles hold.

use super::company::{hour, refusal, rides, Client, Company};
use smartlink_proto::telemetry::{self as proto, AlertState};
use tonic::Code;

async fn alerts(client: &mut Client, request: proto::ListAlertsRequest) -> proto::AlertPage {
    client.list_alerts(request).await.unwrap().into_inner()
}

fn deed(alert: u64, by: &str) -> proto::AlertDeed {
    proto::AlertDeed { alert, by: by.to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_are_listed_acknowledged_and_closed() {
    let (company, mut client) = Company::open().await;
    company.report(&rides(1..=2)).await;
    company.settled().await;

    let mut request = proto::ListAlertsRequest { limit: 1_000, ..Default::default() };
    let all = alerts(&mut client, request.clone()).await.alerts;
    let of = |kind: &str| all.iter().filter(|alert| alert.kind == kind).collect::<Vec<_>>();
    assert_eq!((of("speeding").len(), of("emergency").len()), (2, 1), "{all:?}");
    let speeding = of("speeding")[0];
    assert_eq!((speeding.state(), speeding.threshold), (AlertState::Closed, 1_200));
    assert!(speeding.trip.is_some() && speeding.closed_ms.is_some(), "{speeding:?}");
    request.limit = 1;
    let mut paged = Vec::new();
    loop {
        let page = alerts(&mut client, request.clone()).await;
        paged.extend(page.alerts);
        request.after = page.next;
        if request.after.is_none() {
            break;
        }
    }
    assert_eq!(paged, all);
    let span = hour().unwrap();
    let request = proto::ListAlertsRequest {
        vehicles: vec![1],
        kinds: vec!["emergency".to_owned(), "tow".to_owned()],
        states: vec![AlertState::Open.into(), AlertState::Acknowledged.into()],
        from_ms: Some(span.from_ms),
        until_ms: Some(span.until_ms),
        limit: 10,
        ..Default::default()
    };
    let open = alerts(&mut client, request.clone()).await.alerts;
    assert_eq!(open.len(), 1, "{open:?}");
    let id = open[0].id;
    let unknown = proto::ListAlertsRequest { kinds: vec!["x".to_owned()], ..request.clone() };
    assert_eq!(client.list_alerts(unknown).await.unwrap_err().code(), Code::InvalidArgument);

    // What a person does is answered as it is then, and the second time as well.
    for _ in 0..2 {
        let alert = client.acknowledge_alert(deed(id, "li")).await.unwrap().into_inner();
        assert_eq!((alert.state(), alert.version), (AlertState::Acknowledged, open[0].version + 1));
        assert_eq!(alert.acknowledged.clone().unwrap().by, "li");
        let now = client.get_alert(proto::AlertRequest { alert: id }).await.unwrap().into_inner();
        assert_eq!(now, alert, "before ClickHouse has heard");
    }
    for _ in 0..2 {
        let alert = client.close_alert(deed(id, "li")).await.unwrap().into_inner();
        assert_eq!(
            (alert.state(), alert.closed.clone().unwrap().by),
            (AlertState::Closed, "li".into())
        );
        let now = client.get_alert(proto::AlertRequest { alert: id }).await.unwrap().into_inner();
        assert_eq!(now, alert);
    }
    for (alert, by) in [(id, "wang"), (speeding.id, "li")] {
        let refused = client.close_alert(deed(alert, by)).await.unwrap_err();
        assert_eq!(refusal(&refused), (Code::FailedPrecondition, "alert_closed"));
    }
    let refused = client.acknowledge_alert(deed(id, "wang")).await.unwrap_err();
    assert_eq!(refusal(&refused), (Code::FailedPrecondition, "alert_closed"));
    assert_eq!(client.close_alert(deed(42, "li")).await.unwrap_err().code(), Code::NotFound);
    let refused = client.get_alert(proto::AlertRequest { alert: 42 }).await.unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
    for by in [String::new(), "x".repeat(129)] {
        let refused = client.close_alert(deed(id, &by)).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
    }
    company.settled().await;
    assert!(alerts(&mut client, request).await.alerts.is_empty(), "none is open any more");
    company.close().await;
}

/// A circle.
fn feature(id: Option<u32>, name: &str, radius_m: u32) -> serde_json::Value {
    serde_json::json!({
        "type": "Feature",
        "id": id,
        "properties": { "name": name, "radius_m": radius_m, "alert": ["enter"] },
        "geometry": { "type": "Point", "coordinates": [114.0, 22.5] }
    })
}

async fn put(client: &mut Client, feature: serde_json::Value) -> Vec<proto::Geofence> {
    let geojson = feature.to_string().into_bytes();
    let request = proto::PutGeofencesRequest { geojson, by: "li".to_owned() };
    client.put_geofences(request).await.unwrap().into_inner().geofences
}

#[tokio::test(flavor = "multi_thread")]
async fn geofences_are_made_changed_and_removed() {
    let (mut company, mut client) = Company::open().await;
    let made = put(&mut client, feature(None, "yard", 300)).await;
    assert_eq!((made[0].id, made[0].version, made[0].changed_by.as_str()), (1, 1, "li"));
    let changed = put(&mut client, feature(Some(1), "yard", 400)).await;
    assert_eq!((changed[0].id, changed[0].version), (1, 2));
    let shown: serde_json::Value = serde_json::from_str(&changed[0].feature_json).unwrap();
    assert_eq!(shown["properties"]["radius_m"], 400);
    let two = serde_json::json!({
        "type": "FeatureCollection",
        "features": [feature(None, "north", 50), feature(None, "south", 60)]
    });
    let two = put(&mut client, two).await;
    assert_eq!(two.iter().map(|fence| fence.id).collect::<Vec<_>>(), [2, 3]);

    let request = proto::PutGeofencesRequest { geojson: b"{}".to_vec(), by: "li".to_owned() };
    let refused = client.put_geofences(request.clone()).await.unwrap_err();
    assert_eq!(refusal(&refused), (Code::InvalidArgument, "geofence"));
    let nobody = proto::PutGeofencesRequest { by: String::new(), ..request };
    assert_eq!(client.put_geofences(nobody).await.unwrap_err().code(), Code::InvalidArgument);

    let request = proto::ListGeofencesRequest { after: 0, limit: 2 };
    let first = client.list_geofences(request).await.unwrap().into_inner();
    assert_eq!((first.geofences.len(), first.next), (2, 2));
    assert_eq!(first.geofences[0], changed[0]);
    let request = proto::ListGeofencesRequest { after: first.next, limit: 2 };
    let last = client.list_geofences(request).await.unwrap().into_inner();
    assert_eq!((last.geofences, last.next), (two[1..].to_vec(), 0));

    let mut request = proto::RemoveGeofenceRequest { geofence: 1, version: Some(1) };
    let refused = client.remove_geofence(request).await.unwrap_err();
    assert_eq!(refusal(&refused), (Code::FailedPrecondition, "other_version"));
    request.version = Some(2);
    for _ in 0..2 {
        client.remove_geofence(request).await.unwrap();
    }
    let gone = client.get_geofence(proto::GeofenceRequest { geofence: 1 }).await.unwrap_err();
    assert_eq!(gone.code(), Code::NotFound);

    company = company.restarted().await;
    let kept = client.get_geofence(proto::GeofenceRequest { geofence: 3 }).await.unwrap();
    assert_eq!(kept.into_inner(), two[1]);
    company.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn large_geofences_come_in_answers_that_can_be_taken() {
    let (company, mut client) = Company::open().await;
    // A wavy coast of 50,000 vertices: five of them are more than a message of gRPC's.
    let coast: Vec<_> = (0..50_000)
        .map(|step| {
            let step = f64::from(step);
            serde_json::json!([113.0 + step / 50_000.123_456, 22.0 + (step % 2.0) / 100_000.0])
        })
        .collect();
    for _ in 0..5 {
        let line = serde_json::json!({
            "type": "Feature",
            "properties": { "width_m": 10 },
            "geometry": { "type": "LineString", "coordinates": coast }
        });
        put(&mut client, line).await;
    }
    let (mut after, mut seen, mut pages) = (0, 0, 0);
    loop {
        let request = proto::ListGeofencesRequest { after, limit: 1_000 };
        let page = client.list_geofences(request).await.unwrap().into_inner();
        assert!(
            page.geofences.iter().map(|fence| fence.feature_json.len()).sum::<usize>() < 4 << 20
        );
        (seen, pages, after) = (seen + page.geofences.len(), pages + 1, page.next);
        if after == 0 {
            break;
        }
    }
    assert_eq!((seen, pages > 1), (5, true));
    company.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_and_capacities_are_set_or_refused_with_their_field() {
    let (mut company, mut client) = Company::open().await;
    let rules = |json: &str| proto::SetRulesRequest { book_json: json.to_owned() };
    let effective = |book: &proto::RuleBook, class: &str, field: &str| {
        let all: serde_json::Value = serde_json::from_str(&book.effective_json).unwrap();
        all[class]["speeding"][field].clone()
    };
    let book = client.get_rules(proto::RulesRequest {}).await.unwrap().into_inner();
    assert_eq!(effective(&book, "car", "limit_kmh"), 120);
    assert_eq!(effective(&book, "dangerous_goods", "limit_kmh"), 80);
    let set = r#"{"rules":{"speeding":{"limit_kmh":100}},"classes":{"bus":{"speeding":{"limit_kmh":90}}}}"#;
    let book = client.set_rules(rules(set)).await.unwrap().into_inner();
    assert_eq!(effective(&book, "car", "limit_kmh"), 100);
    assert_eq!(effective(&book, "bus", "limit_kmh"), 90);
    assert_eq!(client.get_rules(proto::RulesRequest {}).await.unwrap().into_inner(), book);

    let bad = r#"{"classes":{"van":{"speeding":{"limit_kmh":0}}}}"#;
    let refused = client.set_rules(rules(bad)).await.unwrap_err();
    assert_eq!(refusal(&refused), (Code::InvalidArgument, "rule"));
    assert!(refused.message().contains("van, speeding.limit_kmh is 0"), "{refused}");
    for nonsense in ["", "[]", r#"{"rule":{}}"#, r#"{"classes":{"boat":{}}}"#] {
        let refused = client.set_rules(rules(nonsense)).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{nonsense}");
    }
    let long = client.set_rules(rules(&" ".repeat(300_000))).await.unwrap_err();
    assert!(long.message().contains("300000 bytes"), "{long}");

    let holds = proto::SetCapacitiesRequest {
        vehicle: 5,
        tank_ml: Some(60_000),
        battery_wh: None,
        cargo: Some(proto::TemperatureRange { lowest_dc: 20, highest_dc: 80 }),
    };
    for _ in 0..2 {
        client.set_capacities(holds).await.unwrap();
    }
    let small = proto::SetCapacitiesRequest { tank_ml: Some(60), ..holds };
    let refused = client.set_capacities(small).await.unwrap_err();
    assert!(refused.message().starts_with("tank_ml"), "{refused}");
    let none = proto::SetCapacitiesRequest { vehicle: 0, ..holds };
    assert_eq!(client.set_capacities(none).await.unwrap_err().code(), Code::InvalidArgument);

    company = company.restarted().await;
    assert_eq!(client.get_rules(proto::RulesRequest {}).await.unwrap().into_inner(), book);
    let facts = company.telemetry.analyst().facts(5).await.unwrap();
    assert_eq!((facts.tank_ml, facts.cargo_temperature), (Some(60_000), Some((20, 80))));
    company.close().await;
}
