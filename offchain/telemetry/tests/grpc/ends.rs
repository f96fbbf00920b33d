//! How calls end that do not end well.

use super::{
    company::{client, drained, hour, refusal, Client, Company, LONG},
    support::{self, number, vehicles},
};
use smartlink_clickhouse::{Store, StoreConfig};
use smartlink_proto::telemetry as proto;
use smartlink_telemetry::{grpc::Grpc, QueryConfig, Telemetry};
use std::time::Duration;
use tokio::{io::AsyncReadExt, net::TcpListener};
use tonic::{Code, Streaming};

/// How long the thousand vehicles of a track drive that is broken off.
const SECONDS: u64 = 1_000;

/// Tracks that ClickHouse is at.
async fn tracks(store: &Store) -> u64 {
    let sql = "SELECT count() FROM system.processes WHERE query LIKE '%FROM records AS r%' AND query NOT LIKE '%system.processes%'";
    number(store, sql).await
}

async fn track(client: &mut Client) -> Streaming<proto::Fixes> {
    let request = proto::TrackRequest { vehicles: vec![], span: hour() };
    client.read_track(request).await.unwrap().into_inner()
}

async fn first(track: &mut Streaming<proto::Fixes>) -> usize {
    tokio::time::timeout(LONG, track.message()).await.unwrap().unwrap().unwrap().fixes.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_track_ends_with_its_reader_and_is_seen_to_break_off() {
    let (company, mut client) = Company::with(|config| {
        config.queries.streams = 2;
        // As fast as it goes: many small chunks are not what is told here.
        (config.pipeline.chunk_records, config.pipeline.chunk_ms) = (100_000, 500);
    })
    .await;
    // 48 MB are more than the buffers of a connection can grow to: 32 MiB to receive and 4 MiB to send.
    for second in 0..SECONDS {
        company.report(&vehicles::second(1_000, second)).await;
    }
    company.settled().await;

    let (mut one, mut other) = (track(&mut client).await, track(&mut client).await);
    assert!(first(&mut one).await > 0 && first(&mut other).await > 0);
    let request = proto::TrackRequest { vehicles: vec![], span: hour() };
    let refused = client.read_track(request).await.unwrap_err();
    assert_eq!(refusal(&refused), (Code::ResourceExhausted, "too_many_streams"));
    assert_eq!(tracks(&company.store).await, 2, "they wait for their readers");

    // Whoever goes away stops the query, and makes room.
    drop((one, other));
    tokio::time::timeout(LONG, async {
        while tracks(&company.store).await > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .unwrap();
    let mut whole = track(&mut client).await;
    let (groups, ended) = drained(&mut whole).await;
    ended.unwrap();
    let fixes: usize = groups.iter().map(|group| group.fixes.len()).sum();
    // Each 31st has no position.
    assert_eq!(fixes, 1_000 * (SECONDS - SECONDS / 31) as usize);

    // ClickHouse goes away in the middle of a track: nobody takes it for whole.
    let mut broken = track(&mut client).await;
    let begun = first(&mut broken).await;
    let (running, writing, _folder) = company.without_clickhouse().await;
    let (groups, ended) = drained(&mut broken).await;
    let status = ended.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "{status}");
    let fixes_then = begun + groups.iter().map(|group| group.fixes.len()).sum::<usize>();
    assert!(fixes_then < fixes, "{fixes_then}");
    let request = proto::AlertRequest { alert: 1 };
    let status = client.get_alert(request).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "{status}");
    // Where vehicles are is known all the same.
    client.get_vehicle(proto::VehicleRequest { vehicle: 1 }).await.unwrap();
    drop(client);
    running.stop().await;
    writing.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clickhouse_that_says_nothing_is_waited_for_so_long_and_no_longer() {
    let folder = tempfile::tempdir().unwrap();
    let silent = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let listening = tokio::spawn(async move {
        while let Ok((mut stream, _)) = silent.accept().await {
            tokio::spawn(async move {
                while stream.read(&mut [0; 4_096]).await.is_ok_and(|read| read > 0) {}
            });
        }
    });
    let store = Store::connect(&StoreConfig { url, query_ms: 300, ..StoreConfig::default() });
    let (log, writing) = support::log(folder.path());
    let mut config = support::config(folder.path());
    config.queries = QueryConfig { piece_ms: 300, ..QueryConfig::default() };
    let grpc = Grpc::new(&config.queries);
    let mut client = client(&grpc);
    let begun = Telemetry::start(config, log.clone(), &store).await;
    let (telemetry, running) = begun.unwrap();
    grpc.begin(telemetry);

    let track = proto::TrackRequest { vehicles: vec![], span: hour() };
    let page = proto::ListFixesRequest { track: Some(track.clone()), after: None, limit: 1 };
    let late = tokio::time::timeout(LONG, client.list_fixes(page)).await.unwrap().unwrap_err();
    assert_eq!(late.code(), Code::DeadlineExceeded, "{late}");
    let mut stream = client.read_track(track).await.unwrap().into_inner();
    let (groups, ended) = drained(&mut stream).await;
    assert_eq!((groups, ended.unwrap_err().code()), (vec![], Code::DeadlineExceeded));
    let prove = client.prove(proto::ProveRequest { sequence: 1 });
    let late = tokio::time::timeout(LONG, prove).await.unwrap().unwrap_err();
    assert_eq!(late.code(), Code::DeadlineExceeded, "{late}");

    grpc.end();
    running.stop().await;
    drop(log);
    writing.stop();
    listening.abort();
}
