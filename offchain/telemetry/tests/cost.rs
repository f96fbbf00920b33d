//! What the way from the log to the body of an insert costs a record.

mod support;

use smartlink_telemetry::{rows, Tree};
use std::time::Instant;
use support::vehicles;

const RECORDS: u64 = 200_000;

/// 200,000 records a second are to take less than half a core here; ClickHouse and the listeners need the rest.
#[tokio::test]
async fn a_record_takes_less_than_two_microseconds() {
    let folder = tempfile::tempdir().unwrap();
    let (log, writing) = support::log(folder.path());
    for second in 0..RECORDS / 1_000 {
        log.append(&vehicles::second(1_000, second)).durable().await.unwrap();
    }
    assert_eq!(log.next_sequence(), RECORDS + 1);
    let mut best = f64::MAX;
    for _ in 0..3 {
        let (mut body, mut tree) = (Vec::with_capacity(32 << 20), Tree::default());
        let began = Instant::now();
        log.visit(1, usize::MAX, |sequence, record| {
            rows::append(&mut body, sequence, 1, record).unwrap();
            tree.push(record);
            Ok(())
        })
        .unwrap();
        let root = tree.take_root();
        let each = began.elapsed().as_nanos() as f64 / RECORDS as f64;
        println!("{each:.0} ns a record, {} bytes a row, root {root}", body.len() as u64 / RECORDS);
        best = best.min(each);
    }
    assert!(best < 2_000.0, "{best:.0} ns a record: what became slower?");
    drop(log);
    writing.stop();
}
