//! What the node's worker hears over HTTP, byte by byte.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod support;

use smartlink_clickhouse::{Engine, EngineConfig};
use smartlink_primitives::telemetry::AnchorRun;
use smartlink_telemetry::{anchor_http, Telemetry};
use std::net::SocketAddr;
use support::vehicles;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Status and body of an answer.
async fn ask(address: SocketAddr, method: &str, path: &str, body: &str) -> (u16, Vec<u8>) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
    let status = std::str::from_utf8(&answer[9..12]).unwrap().parse().unwrap();
    (status, answer[head + 4..].to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worker_is_answered_runs_of_batches_and_says_what_the_chain_refused() {
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
    let (telemetry, running) = Telemetry::start(config, log.clone(), &store).await.unwrap();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = anchor_http::routes(telemetry.anchors().clone());
    let serving = tokio::spawn(async move { axum::serve(listener, routes).await });

    let first = "/v1/companies/7/anchors/1";
    assert_eq!(ask(address, "GET", first, "").await, (204, vec![]));
    for second in 0..250 {
        log.append(&vehicles::second(50, second)).durable().await.unwrap();
    }
    // Batches are closed when they have 5,000 records, or by their age.
    let (mut batches, mut records) = (0, 0);
    while records < 12_500 {
        batches += 1;
        assert!(telemetry.ready(batches).await);
        let anchor = telemetry.anchors().anchor(batches).unwrap().unwrap();
        assert!(anchor.count <= 5_000);
        records += u64::from(anchor.count);
    }
    assert_eq!(records, 12_500);
    let (status, body) = ask(address, "GET", first, "").await;
    assert_eq!(status, 200);
    let run = AnchorRun::from_scale(&body).unwrap();
    run.check().unwrap();
    let anchors: Vec<_> = run.anchors().collect();
    assert_eq!(anchors.len() as u64, batches);
    let last = format!("/v1/companies/7/anchors/{batches}");
    let (_, body) = ask(address, "GET", &last, "").await;
    let of_last = AnchorRun::from_scale(&body).unwrap();
    assert_eq!(of_last.anchors().collect::<Vec<_>>(), anchors[anchors.len() - 1..]);
    // Who asks for one has all before it on chain.
    assert_eq!(telemetry.figures().anchored, batches - 1);

    assert_eq!(ask(address, "GET", "/v1/companies/8/anchors/1", "").await.0, 404);
    let refused = r#"{"reason":"Gap","fault":"expected 1","first_sequence":1}"#;
    let path = format!("{first}/refused");
    assert_eq!(ask(address, "POST", &path, refused).await.0, 204);
    let refusal = telemetry.anchors().refusal().unwrap();
    assert_eq!((refusal.number, refusal.reason.as_str()), (1, "Gap: expected 1"));
    assert_eq!(ask(address, "POST", &path, "no JSON").await.0, 400);

    serving.abort();
    running.stop().await;
    drop((telemetry, log));
    writing.stop();
    engine.stop().await;
}
