//! What operators rely on: one writer at a time, health, and figures.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod support;

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use smartlink_indexer::{application::Goal, infra::Index};
use support::{
    bring, command, config, consortium, engine, index, is_whole, said, Process, PATIENCE,
};

/// The status and the body at a path.
fn get(address: SocketAddr, path: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some((head.split(' ').nth(1)?.parse().ok()?, body.to_owned()))
}

async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "no {what} after {} s", PATIENCE.as_secs());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn last(index: &Index) -> Option<u32> {
    index.position().await.unwrap().map(|position| position.last)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_indexer_is_refused_until_the_first_is_gone() {
    let Some(running) = engine().await else { return };
    let mut consortium = consortium().await;
    let url = consortium.node(0).url();
    let shared = config(&running.engine.url(), &url, "shared");
    let read = index(&shared).await;
    let first = Process::start(&shared, &["follow"], &[]);
    until("block", async || last(&read).await).await;
    for job in ["backfill", "follow", "reindex"] {
        let second = command(&shared, &[job], &[]).output().unwrap();
        let why = String::from_utf8_lossy(&second.stderr);
        assert_eq!(second.status.code(), Some(1), "{job}: {why}");
        assert!(why.contains("another indexer writes the database shared (process"), "{why}");
    }
    // Whoever only reads is not kept out, and the first goes on.
    assert!(said(&shared, &["status"]).contains("digest"));
    let height = u64::from(last(&read).await.unwrap()) + 2;
    consortium.wait_finalized(height, PATIENCE).await.unwrap();
    let height = u32::try_from(height).unwrap();
    until("block after that", async || last(&read).await.filter(|last| *last >= height)).await;

    // kill -9 on the same machine: nobody has to wait.
    assert!(first.kill());
    let second =
        command(&shared, &["backfill", "--to", &height.to_string()], &[]).output().unwrap();
    let told = String::from_utf8_lossy(&second.stderr);
    assert!(second.status.success() && told.contains("who wrote this index was killed"), "{told}");

    // Another machine that fell silent: its lease runs out.
    // Rows that are the same to a digit would be left out as sent twice.
    let elsewhere = |times: u32| {
        format!(
            "INSERT INTO leases (holder, claimed, released, host, boot, process, started) \
             VALUES ('elder', 1, false, 'elsewhere', 'another', 7, {times})"
        )
    };
    read.store().execute(&elsewhere(0)).await.unwrap();
    let began = Instant::now();
    said(&shared, &["backfill", "--to", &height.to_string()]);
    let waited = began.elapsed();
    assert!(waited > Duration::from_secs(8), "{waited:?}");

    // One that appears to be elder makes the holder stop: two never go on side by side.
    let process = command(&shared, &["follow"], &[]).stderr(std::process::Stdio::piped()).spawn();
    let mut process = process.unwrap();
    let before = last(&read).await.unwrap();
    until("block of its own", async || last(&read).await.filter(|last| *last > before)).await;
    let mut times = 0;
    let status = until("end", async || {
        times += 1;
        read.store().execute(&elsewhere(times)).await.unwrap();
        process.try_wait().unwrap()
    })
    .await;
    let mut why = String::new();
    process.stderr.take().unwrap().read_to_string(&mut why).unwrap();
    assert!(!status.success() && why.contains("(process 7 on elsewhere)"), "{why}");
    let end = last(&read).await.unwrap();
    is_whole(&read, end).await;
    running.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_see_whether_it_is_ready_and_how_far() {
    let Some(running) = engine().await else { return };
    let mut consortium = consortium().await;
    let url = consortium.node(0).url();
    let mut watched = config(&running.engine.url(), &url, "watched");
    bring(&watched, Goal::Now).await.unwrap();
    let port = smartlink_devnet::free_port().unwrap();
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    watched.operations.listen = address.to_string();
    let _process = Process::start(&watched, &["follow"], &["fetch.silence_ms=1000"]);
    let ready = until("ready index", async || {
        get(address, "/health/ready").filter(|(status, _)| *status == 200)
    });
    let health: serde_json::Value = serde_json::from_str(&ready.await.1).unwrap();
    assert_eq!(health["ready"], true, "{health}");
    assert!(health["last"].as_u64() >= Some(1) && health["lag_blocks"].as_u64() <= Some(20));
    assert_eq!(get(address, "/health/live").unwrap().0, 200);
    let figures = until("block stored by this process", async || {
        get(address, "/metrics").filter(|(_, text)| !text.contains("index_blocks_total 0\n"))
    });
    let (status, text) = figures.await;
    assert_eq!(status, 200);
    for name in [
        "last_block ",
        "head_block ",
        "lag_blocks ",
        "lag_seconds ",
        "events_total ",
        "stage_seconds_total{stage=\"storing\"} ",
        "retries_total{part=\"node\"} 0",
        "retries_total{part=\"clickhouse\"} 0",
        "exports_made_total 0",
    ] {
        assert!(text.contains(&format!("\nsmartlink_index_{name}")), "{name} is not in {text}");
    }
    // A second one cannot have the address, and says so.
    let mut other = watched.clone();
    other.store.database = "other".into();
    let second = command(&other, &["follow"], &[]).output().unwrap();
    let why = String::from_utf8_lossy(&second.stderr);
    assert!(!second.status.success() && why.contains("operations.listen"), "{why}");

    // The node is gone: it lives, and is not ready, and says why.
    consortium.kill_9(0);
    let unready = until("word that the node is away", async || {
        get(address, "/health/ready").filter(|(status, _)| *status == 503)
    });
    let health: serde_json::Value = serde_json::from_str(&unready.await.1).unwrap();
    assert!(health["wrong"][0].as_str().unwrap().contains("node"), "{health}");
    assert_eq!(health["head"], serde_json::Value::Null);
    assert_eq!(get(address, "/health/live").unwrap().0, 200);
    until("retries", async || {
        get(address, "/metrics").filter(|(_, text)| !text.contains("{part=\"node\"} 0\n"))
    })
    .await;
    // It comes back.
    consortium.restart(0).await.unwrap();
    until("ready index", async || {
        get(address, "/health/ready").filter(|(status, _)| *status == 200)
    })
    .await;
    running.engine.stop().await;
}
