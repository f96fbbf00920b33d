//! What storing and reading records costs: `cargo nextest run -p smartlink-clickhouse --run-ignored all figures --no-capture`.

#[allow(dead_code)]
mod support;

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use smartlink_clickhouse::{migrations, schema::RecordRow, Layout, Policy, Store};
use support::{has_library, store};

const VEHICLES: u64 = 5_000;
const ROWS: u64 = 100_000;
const INSERTS: u64 = 20;

/// Processor time of a process so far.
fn processor_time(id: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

/// A number that looks random.
fn noise(sequence: u64, salt: u64) -> u64 {
    let mixed = (sequence ^ salt << 48).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32
}

/// Cars that drive in circles, stand, and report every ten seconds with three readings.
fn record(sequence: u64) -> RecordRow {
    let (vehicle, tick) = (sequence % VEHICLES, sequence / VEHICLES);
    let phase = tick as f64 / 97.0 + vehicle as f64;
    let time = 1_793_000_000_000 + (tick * 10_000) as i64;
    let stands = (tick / 60) % 4 == 0;
    RecordRow {
        sequence,
        batch: sequence / 20_000,
        terminal: 13_800_000_000 + vehicle,
        vehicle: vehicle as u32,
        received: time + 1_500 + (noise(sequence, 0) % 400) as i64,
        time,
        channel: 1,
        has_position: 1,
        latitude: 31_000_000
            + (vehicle * 97) as i32
            + (30_000.0 * phase.sin()) as i32
            + (noise(sequence, 1) % 20) as i32,
        longitude: 121_000_000
            + (vehicle * 93) as i32
            + (30_000.0 * phase.cos()) as i32
            + (noise(sequence, 2) % 20) as i32,
        altitude: 10 + (noise(sequence, 3) % 5) as i16,
        speed: if stands {
            0
        } else {
            (400.0 + 200.0 * phase.sin()) as u16 + (noise(sequence, 4) % 30) as u16
        },
        heading: ((tick * 3 + vehicle) % 360) as u16,
        flags: if stands { 2 } else { 3 },
        alarms: if noise(sequence, 5) % 500 == 0 { 2 } else { 0 },
        reading_kinds: vec![1, 2, 61],
        reading_instances: vec![0, 0, 0],
        reading_values: vec![
            (vehicle * 100_000 + tick * 120) as i64,
            300_000 - (tick * 10) as i64,
            (20 + noise(sequence, 6) % 8) as i64,
        ],
        ..RecordRow::default()
    }
}

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

async fn insert(store: &Store, number: u64) {
    let rows: Vec<_> = (number * ROWS..(number + 1) * ROWS).map(record).collect();
    store.insert_rows("records", &rows, &format!("figures-{number}")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement of half a minute"]
async fn figures() {
    if !has_library() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_smartlink-clickhouse"))
        .arg(folder.path())
        .arg("127.0.0.1:0")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut server = Server(child);
    let id = server.0.id();
    let mut url = String::new();
    BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut url).unwrap();
    let store = store(url.trim());
    for fsync in [true, false] {
        store.execute("DROP DATABASE IF EXISTS smartlink").await.ok();
        store.create_database(None).await.unwrap();
        migrations::migrate(&store, &Layout::Single, &Policy { fsync, ..Policy::default() })
            .await
            .unwrap();
        insert(&store, 0).await;
        let (wall, processor) = (Instant::now(), processor_time(id));
        for number in 1..=INSERTS {
            insert(&store, number).await;
        }
        let rows = (INSERTS * ROWS) as f64;
        let (wall, processor) = (wall.elapsed(), processor_time(id) - processor);
        println!(
            "fsync {fsync}: {:.2} us of processor time and {:.2} us of time a record, all tables and merges",
            processor.as_secs_f64() * 1e6 / rows,
            wall.as_secs_f64() * 1e6 / rows
        );
    }
    let sizes = "SELECT concat(table, ': ', toString(round(sum(bytes_on_disk) / 2100000, 1)), ' bytes a record') FROM \
                 system.parts WHERE active AND database = 'smartlink' GROUP BY table ORDER BY sum(bytes_on_disk) DESC";
    for table in ["records", "positions_by_area", "sensors"] {
        store
            .client()
            .clone()
            .query(&format!("OPTIMIZE TABLE {table} FINAL"))
            .execute()
            .await
            .unwrap();
    }
    for line in store.query(sizes).fetch_all::<String>().await.unwrap() {
        println!("{line}");
    }
    for (what, sql) in [
        ("a track of an hour", "SELECT * FROM records WHERE vehicle = 77 AND time >= '2026-10-26 22:00:00' AND time < '2026-10-26 23:00:00'"),
        ("a batch of 20,000", "SELECT * FROM records WHERE sequence >= 340000 AND sequence < 360000 ORDER BY sequence"),
        ("who was in a square of 1 km", "SELECT vehicle, count() FROM positions_by_area WHERE latitude BETWEEN 31200000 AND 31209000 AND longitude BETWEEN 121200000 AND 121210000 GROUP BY vehicle"),
        ("a sensor's hour", "SELECT time, value FROM sensors WHERE vehicle = 77 AND quantity = 2 LIMIT 360"),
    ] {
        let mut best = Duration::MAX;
        for _ in 0..5 {
            let begun = Instant::now();
            let mut bytes = store.query(sql).fetch_bytes("RowBinary").unwrap();
            bytes.collect().await.unwrap();
            best = best.min(begun.elapsed());
        }
        println!("{what}: {:.1} ms", best.as_secs_f64() * 1e3);
    }
}
