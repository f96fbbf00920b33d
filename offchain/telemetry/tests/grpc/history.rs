//! What has happened: lists page by page, tracks, files and proofs.

use super::{
    company::{drained, hour, meridian, refusal, rides, Client, Company, RIDE},
    support::{number, vehicles::BEGIN_MS},
};
use bytes::Bytes;
use smartlink_proto::telemetry as proto;
use smartlink_telemetry::proof::RecordProof;
use tonic::Code;

/// Fixes of one ride.
const FIXES: usize = RIDE as usize / 2;

fn track(vehicles: &[u32]) -> proto::TrackRequest {
    proto::TrackRequest { vehicles: vehicles.to_vec(), span: hour() }
}

async fn whole(client: &mut Client, request: proto::TrackRequest) -> Vec<proto::Fix> {
    let mut stream = client.read_track(request).await.unwrap().into_inner();
    let (groups, ended) = drained(&mut stream).await;
    ended.unwrap();
    assert!(groups.iter().all(|group| (1..=500).contains(&group.fixes.len())));
    groups.into_iter().flat_map(|group| group.fixes).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_is_listed_page_by_page() {
    let (company, mut client) = Company::open().await;
    company.report(&rides(1..=3)).await;
    company.settled().await;

    // The track, in one piece and in pages of a size that does not divide it.
    let fixes = whole(&mut client, track(&[])).await;
    assert_eq!(fixes.len(), 3 * FIXES);
    let key = |fix: &proto::Fix| (fix.vehicle, fix.terminal, fix.time_ms, fix.sequence);
    assert!(fixes.is_sorted_by_key(key));
    assert_eq!((fixes[0].vehicle, fixes[0].time_ms), (1, i64::try_from(BEGIN_MS).unwrap()));
    let place = fixes[0].place.unwrap();
    assert_eq!((place.longitude_e6, fixes[0].speed_dkmh), (meridian(1), 540));
    for (vehicles, limit) in [(vec![], 700), (vec![3, 1], 1_000)] {
        let mut request =
            proto::ListFixesRequest { track: Some(track(&vehicles)), after: None, limit };
        let (mut paged, mut pages) = (Vec::new(), 0);
        loop {
            let page = client.list_fixes(request.clone()).await.unwrap().into_inner();
            pages += 1;
            paged.extend(page.fixes);
            request.after = page.next;
            if request.after.is_none() {
                break;
            }
        }
        assert_eq!(paged, whole(&mut client, track(&vehicles)).await);
        assert_eq!(pages, paged.len().div_ceil(limit as usize));
    }

    // Who was around the meridian of vehicle 2, and when.
    let east_e6 = meridian(2) + 10;
    let around =
        proto::Box { south_e6: 0, west_e6: meridian(2) - 10, north_e6: 90_000_000, east_e6 };
    let request = proto::VisitsRequest { r#box: Some(around), span: hour(), limit: 10 };
    let visits = client.list_visits(request).await.unwrap().into_inner().visits;
    assert_eq!(visits.len(), 1);
    assert_eq!((visits[0].vehicle, visits[0].fixes), (2, FIXES as u64));

    // A trip each, those that began last first; by one when one is a page.
    let mut request = proto::ListTripsRequest { span: hour(), limit: 1_000, ..Default::default() };
    let trips = client.list_trips(request.clone()).await.unwrap().into_inner().trips;
    assert_eq!(trips.len(), 3, "{trips:?}");
    assert_eq!(trips[0].end(), proto::TripEnd::Ignition);
    let driving = trips[0].driving.unwrap();
    assert!((20_000..21_500).contains(&driving.distance_m), "{driving:?}");
    assert_eq!((driving.speedings, trips[0].fastest_dkmh), (1, 1_400));
    request.limit = 1;
    let mut paged = Vec::new();
    loop {
        let page = client.list_trips(request.clone()).await.unwrap().into_inner();
        paged.extend(page.trips);
        request.after = page.next;
        if request.after.is_none() {
            break;
        }
    }
    assert_eq!(paged, trips);

    // A stop each, with the engine on.
    let mut request = proto::ListStopsRequest { span: hour(), limit: 1_000, ..Default::default() };
    let stops = client.list_stops(request.clone()).await.unwrap().into_inner().stops;
    let of: Vec<_> = stops.iter().map(|stop| (stop.vehicle, stop.kind())).collect();
    assert_eq!(of, [1, 2, 3].map(|vehicle| (vehicle, proto::StopKind::Idling)));
    assert!((280_000..320_000).contains(&(stops[0].until_ms - stops[0].from_ms)), "{stops:?}");
    request.limit = 2;
    let first = client.list_stops(request.clone()).await.unwrap().into_inner();
    request.after = first.next;
    let last = client.list_stops(request.clone()).await.unwrap().into_inner();
    assert_eq!(
        (first.stops, last.stops, last.next),
        (stops[..2].to_vec(), stops[2..].to_vec(), None)
    );
    request.least_ms = 600_000;
    request.after = None;
    assert!(client.list_stops(request).await.unwrap().into_inner().stops.is_empty());

    // A day each, whose totals are those of the trips.
    let day = u32::try_from(BEGIN_MS / 86_400_000).unwrap();
    let mut request = proto::ListDaysRequest {
        from_day: day,
        until_day: day + 2,
        limit: 2,
        ..Default::default()
    };
    let first = client.list_days(request.clone()).await.unwrap().into_inner();
    request.after = first.next;
    let last = client.list_days(request).await.unwrap().into_inner();
    let days = [first.days, last.days].concat();
    assert_eq!(days.iter().map(|day| day.vehicle).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!((last.next, days[0].driving.unwrap().distance_m), (None, driving.distance_m));

    // What cannot be asked so.
    let refused = client.read_track(proto::TrackRequest::default()).await.unwrap_err();
    assert_eq!(
        (refused.code(), refused.message().starts_with("span")),
        (Code::InvalidArgument, true)
    );
    let backwards = Some(proto::Span { from_ms: 5, until_ms: 5 });
    let request = proto::TrackRequest { vehicles: vec![], span: backwards };
    assert_eq!(client.read_track(request).await.unwrap_err().code(), Code::InvalidArgument);
    let many = proto::ListTripsRequest {
        vehicles: (0..10_001).collect(),
        span: hour(),
        limit: 1,
        ..Default::default()
    };
    let refused = client.list_trips(many).await.unwrap_err();
    assert!(refused.message().contains("at most 10000"), "{refused}");
    company.close().await;
}

async fn file(client: &mut Client, request: proto::ExportRequest) -> Vec<u8> {
    let mut stream = client.export(request).await.unwrap().into_inner();
    let (pieces, ended) = drained(&mut stream).await;
    ended.unwrap();
    assert!(pieces.iter().all(|piece| (1..=65_536).contains(&piece.content.len())));
    pieces.into_iter().flat_map(|piece| piece.content).collect()
}

fn export(what: proto::What, format: proto::Format) -> proto::ExportRequest {
    let day = u32::try_from(BEGIN_MS / 86_400_000).unwrap();
    proto::ExportRequest {
        what: what.into(),
        format: format.into(),
        span: hour(),
        from_day: day,
        until_day: day + 2,
        ..Default::default()
    }
}

fn rows(csv: &[u8]) -> usize {
    let mut reader = csv::Reader::from_reader(csv);
    reader.records().map(Result::unwrap).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_whole_in_each_format() {
    use proto::{Datum, Format, What};
    let (company, mut client) = Company::open().await;
    company.report(&rides(1..=3)).await;
    company.settled().await;

    let csv = file(&mut client, export(What::Track, Format::Csv)).await;
    assert_eq!(rows(&csv), 3 * FIXES);
    let shifted =
        proto::ExportRequest { datum: Datum::Gcj02.into(), ..export(What::Track, Format::Geojson) };
    let map = file(&mut client, shifted.clone()).await;
    let map: serde_json::Value = serde_json::from_slice(&map).unwrap();
    let features = map["features"].as_array().unwrap();
    assert_eq!(features.len(), 3 * FIXES);
    let longitude = features[0]["geometry"]["coordinates"][0].as_f64().unwrap();
    assert!((115.001..115.01).contains(&longitude), "{longitude}");
    let gpx = file(&mut client, export(What::Track, Format::Gpx)).await;
    assert_eq!(String::from_utf8(gpx).unwrap().matches("<trkpt").count(), 3 * FIXES);

    // Parquet is read by the engine.
    let parquet = file(&mut client, export(What::Track, Format::Parquet)).await;
    let table = "CREATE TABLE again (vehicle UInt32, time DateTime64(3, 'UTC'), speed_kmh Float64) ENGINE = MergeTree ORDER BY time";
    company.store.execute(table).await.unwrap();
    let insert = "INSERT INTO again FORMAT Parquet";
    let mut insert = company.store.client().insert_formatted_with(insert);
    insert.send(Bytes::from(parquet)).await.unwrap();
    insert.end().await.unwrap();
    assert_eq!(number(&company.store, "SELECT count() FROM again").await, 3 * FIXES as u64);
    let fastest = "SELECT toUInt64(max(speed_kmh)) FROM again WHERE vehicle = 2";
    assert_eq!(number(&company.store, fastest).await, 140);

    for what in [What::Mileage, What::Behaviour, What::Energy, What::Stops] {
        let csv = file(&mut client, export(what, Format::Csv)).await;
        assert_eq!(rows(&csv), 3, "{what:?}: {}", String::from_utf8_lossy(&csv));
        let parquet = file(&mut client, export(what, Format::Parquet)).await;
        assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"), "{what:?}");
        let refused = client.export(export(what, Format::Gpx)).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{what:?}");
    }
    let cannot = [
        proto::ExportRequest { format: Format::Parquet.into(), ..shifted.clone() },
        proto::ExportRequest { what: What::Stops.into(), format: Format::Csv.into(), ..shifted },
        export(What::Unspecified, Format::Csv),
        export(What::Track, Format::Unspecified),
    ];
    for request in cannot {
        let refused = client.export(request).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{refused}");
    }
    company.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_proven_until_its_batch_is_changed() {
    let (company, mut client) = Company::open().await;
    company.report(&rides(1..=1)).await;
    company.settled().await;
    assert!(company.telemetry.ready(1).await);
    let proof = client.prove(proto::ProveRequest { sequence: 1 }).await.unwrap().into_inner();
    let proof: RecordProof = serde_json::from_str(&proof.proof_json).unwrap();
    let anchor = company.telemetry.anchors().anchor(1).unwrap().unwrap();
    let record = proof.verify(&anchor).unwrap();
    assert_eq!((record.sequence, record.vehicle), (1, 1));
    let none = client.prove(proto::ProveRequest { sequence: 1 << 40 }).await.unwrap_err();
    assert_eq!(refusal(&none), (Code::NotFound, "no_batch"));
    let second = anchor.first_sequence + 1;
    for (change, name) in [
        (format!("UPDATE altitude = 13 WHERE sequence = {second}"), "changed"),
        (format!("DELETE WHERE sequence = {second}"), "missing"),
    ] {
        let sql = format!("ALTER TABLE records {change} SETTINGS mutations_sync = 2");
        company.store.execute(&sql).await.unwrap();
        let refused = client.prove(proto::ProveRequest { sequence: 1 }).await.unwrap_err();
        assert_eq!(refusal(&refused), (Code::DataLoss, name));
    }

    let figures = client.get_figures(proto::FiguresRequest {}).await.unwrap().into_inner();
    let figures: serde_json::Value = serde_json::from_str(&figures.figures_json).unwrap();
    assert_eq!(figures["records"], FIXES as u64);
    assert_eq!(figures["analysed"], FIXES as u64 + 1);
    company.close().await;
}
