//! Rows that were acknowledged are there once, whatever happens to the engine's process.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]
#![allow(clippy::cast_possible_wrap, reason = "a test counts to thousands")]

#[allow(dead_code)]
mod support;

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use smartlink_clickhouse::{migrations, schema::RecordRow, Layout, Policy, Store};
use support::{engine, has_library, store};

/// Rows of an insert.
const ROWS: u64 = 20_000;

/// An engine in a process of its own, which ends with this value.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_smartlink-clickhouse"))
            .arg(folder)
            .arg("127.0.0.1:0")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        assert!(url.starts_with("http://"), "the server did not start");
        Self { child, url: url.trim().to_owned() }
    }

    /// SIGKILL: nothing is flushed, nothing is said.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM: a graceful end.
    fn stop(mut self) {
        let id = self.child.id().cast_signed();
        // SAFETY: a plain system call on a child that was not waited for.
        assert_eq!(unsafe { libc::kill(id, libc::SIGTERM) }, 0);
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The rows of an insert, always the same.
fn batch(number: u64) -> Vec<RecordRow> {
    let row = |sequence: u64| RecordRow {
        sequence,
        batch: number,
        terminal: 13_900_000_000 + sequence % 500,
        vehicle: (sequence % 500) as u32,
        received: 1_780_000_000_000 + sequence as i64,
        time: 1_780_000_000_000 + sequence as i64,
        has_position: 1,
        latitude: 31_000_000 + (sequence % 90_000) as i32,
        longitude: 121_000_000,
        speed: 300,
        alarms: u32::from(sequence.is_multiple_of(50)),
        reading_kinds: vec![1],
        reading_instances: vec![0],
        reading_values: vec![sequence as i64],
        ..RecordRow::default()
    };
    (number * ROWS..(number + 1) * ROWS).map(row).collect()
}

fn token(number: u64) -> String {
    format!("records-1-{number}")
}

async fn count(store: &Store, sql: &str) -> u64 {
    store.query(sql).fetch_one::<u64>().await.unwrap()
}

/// Every row of the first `batches` inserts is in every table once.
async fn check(store: &Store, batches: u64) {
    let rows = batches * ROWS;
    let sum = rows * (rows - 1) / 2;
    for (sql, expected) in [
        ("SELECT count() FROM records", rows),
        ("SELECT uniqExact(sequence) FROM records", rows),
        ("SELECT sum(sequence) FROM records WHERE sequence < 18446744073709551615", sum),
        ("SELECT count() FROM positions_by_area", rows),
        ("SELECT count() FROM sensors", rows),
        ("SELECT toUInt64(sum(value)) FROM sensors", sum),
        ("SELECT count() FROM alarms", rows / 50),
        ("SELECT sum(records) FROM track_minutely", rows),
        ("SELECT sum(records) FROM counters_daily", rows),
    ] {
        assert_eq!(count(store, sql).await, expected, "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_insert_that_is_repeated_counts_once_in_all_tables() {
    let Some(running) = engine().await else { return };
    let client = store(&running.engine.url());
    migrations::migrate(&client, &Layout::Single, &Policy::default()).await.unwrap();
    for number in [0, 1, 0, 2, 1, 0] {
        client.insert_rows("records", &batch(number), &token(number)).await.unwrap();
    }
    check(&client, 3).await;
    running.engine.stop().await;
    // The tokens outlive the engine, and merges.
    let config = support::config(running.folder.path());
    let again = smartlink_clickhouse::Engine::start(config).await.unwrap();
    let client = store(&again.url());
    client.execute("OPTIMIZE TABLE records FINAL").await.unwrap();
    for number in 0..4 {
        client.insert_rows("records", &batch(number), &token(number)).await.unwrap();
    }
    check(&client, 4).await;
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_rows_survive_kills_of_the_process() {
    if !has_library() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = 0;
    let mut interrupted = 0;
    for round in 0..12_u64 {
        let server = Server::start(folder.path());
        let client = store(&server.url);
        migrations::migrate(&client, &Layout::Single, &Policy::default()).await.unwrap();
        if round > 0 {
            // Nothing that was acknowledged is gone, before anything is sent again.
            let kept = count(&client, "SELECT uniqExact(sequence) FROM records").await;
            assert!(kept >= acknowledged * ROWS, "{kept} rows of {acknowledged} inserts");
        }
        // Each round is killed at another moment of an insert.
        let moment = Duration::from_millis(3 + 7 * round);
        client.insert_rows("records", &batch(acknowledged), &token(acknowledged)).await.unwrap();
        acknowledged += 1;
        let next = acknowledged;
        let inserting =
            tokio::spawn(
                async move { client.insert_rows("records", &batch(next), &token(next)).await },
            );
        tokio::time::sleep(moment).await;
        server.kill();
        match inserting.await.unwrap() {
            Ok(()) => acknowledged += 1,
            Err(error) => {
                assert!(error.is_passing(), "{error}");
                interrupted += 1;
            }
        }
    }
    println!("{acknowledged} inserts were acknowledged, {interrupted} were cut off");
    assert!(interrupted > 0, "no insert was cut off: the moments are wrong for this machine");
    let server = Server::start(folder.path());
    let client = store(&server.url);
    // What was cut off is sent again, and with it, as after a lost answer, all that was before.
    for number in 0..=acknowledged {
        client.insert_rows("records", &batch(number), &token(number)).await.unwrap();
    }
    check(&client, acknowledged + 1).await;
    server.stop();
}

/// The tables to which an insert into `records` comes.
const TABLES: [&str; 6] =
    ["records", "positions_by_area", "sensors", "alarms", "track_minutely", "counters_daily"];

#[derive(Clone, Debug, clickhouse::Row, serde::Deserialize)]
struct Part {
    path: String,
    partition: String,
    block: i64,
}

/// The part that was written last to a table.
async fn last_part(store: &Store, table: &str) -> Part {
    let sql = "SELECT path, partition_id AS partition, max_block_number AS block FROM system.parts \
         WHERE database = currentDatabase() AND table = ? AND active ORDER BY max_block_number DESC LIMIT 1";
    store.query(sql).bind(table).fetch_one().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_ends_between_a_token_and_its_rows_loses_nothing() {
    if !has_library() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path());
    for (table, number) in TABLES.into_iter().zip(0..) {
        let client = store(&server.url);
        migrations::migrate(&client, &Layout::Single, &Policy::default()).await.unwrap();
        client.execute("SYSTEM STOP MERGES").await.unwrap();
        client.insert_rows("records", &batch(number), &token(number)).await.unwrap();
        let part = last_part(&client, table).await;
        server.kill();
        // As the disk is when the token was written and the part had not got its name yet.
        fs::remove_dir_all(&part.path).unwrap();
        server = Server::start(folder.path());
        let client = store(&server.url);
        client.insert_rows("records", &batch(number), &token(number)).await.unwrap();
        check(&client, number + 1).await;
    }
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_insert_that_fails_behind_its_token_is_repeated_without_loss() {
    let Some(running) = engine().await else { return };
    let client = store(&running.engine.url());
    migrations::migrate(&client, &Layout::Single, &Policy::default()).await.unwrap();
    client.insert_rows("records", &batch(0), &token(0)).await.unwrap();
    for (table, number) in TABLES.into_iter().zip(1..) {
        client.execute("SYSTEM STOP MERGES").await.unwrap();
        let Part { path, partition, block } = last_part(&client, table).await;
        // The part cannot get its name, as on a full disk. An insert that was left out has taken a number as well, and
        // rows that are added up begin as if they were merged once.
        let names = (block + 1..block + 4).flat_map(|next| [0, 1].map(|level| (next, level)));
        let taken = names.map(|(next, level)| format!("{partition}_{next}_{next}_{level}"));
        let taken: Vec<_> = taken.map(|name| Path::new(&path).with_file_name(name)).collect();
        taken.iter().for_each(|taken| fs::write(taken, "").unwrap());
        let failed = client.insert_rows("records", &batch(number), &token(number)).await;
        assert!(failed.is_err(), "{table}: an insert was acknowledged that cannot be in {taken:?}");
        taken.iter().for_each(|taken| fs::remove_file(taken).unwrap());
        client.insert_rows("records", &batch(number), &token(number)).await.unwrap();
        check(&client, number + 1).await;
    }
    running.engine.stop().await;
}
