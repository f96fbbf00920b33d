//! The log: contiguous, bounded, and as long as what was promised.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

use proptest::{collection::vec, prelude::*};
use smartlink_devices::{
    config::LogConfig,
    log::{Log, LogError, Unwritten, Writing},
    TerminalId,
};
use smartlink_records::{Channel, Position, Quantity, Reading, Record, Report};
use std::path::Path;

fn open(path: &Path, config: &LogConfig) -> (Log, Writing) {
    Log::start(path, config).unwrap()
}

fn quick() -> LogConfig {
    LogConfig { linger_us: 0, ..LogConfig::default() }
}

fn position(number: u64) -> Record {
    let position = Position { latitude: 31_230_416, longitude: 121_473_701, ..Position::default() };
    Record {
        sequence: 0,
        terminal: TerminalId(number % 7 + 1),
        vehicle: 3,
        received_ms: 1_700_000_000_000 + number,
        channel: Channel::Jt808,
        report: Report {
            time_ms: number,
            position: Some(position),
            readings: vec![Reading::of(Quantity::Odometer, 1_000)],
            ..Report::default()
        },
    }
}

fn positions(numbers: std::ops::Range<u64>) -> Vec<Record> {
    numbers.map(position).collect()
}

/// The numbers that were given to [`position`].
fn numbers(records: &[Record]) -> Vec<u64> {
    records.iter().map(|record| record.report.time_ms).collect()
}

#[tokio::test]
async fn what_is_acknowledged_is_read_back_in_order_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (log, writing) = open(folder.path(), &quick());
    let first = log.append(&positions(0..3)).durable().await.unwrap();
    assert_eq!((first.first, first.count), (1, 3));
    let second = log.append(&positions(3..5)).durable().await.unwrap();
    assert_eq!((second.first, second.count), (4, 2));
    writing.stop();
    assert_eq!(log.append(&positions(5..6)).durable().await, Err(Unwritten::Closed));
    drop(log);

    let (log, _writing) = open(folder.path(), &quick());
    assert_eq!((log.first_sequence().unwrap(), log.next_sequence()), (1, 6));
    let records = log.read(1, 100).unwrap();
    assert_eq!(numbers(&records), [0, 1, 2, 3, 4]);
    assert_eq!(records.iter().map(|record| record.sequence).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!(
        numbers(&log.read(3, 2).unwrap()),
        [2, 3],
        "from the middle of a chunk, over its end"
    );
    assert_eq!(log.read(6, 100).unwrap(), []);
    assert_eq!(log.append(&positions(5..6)).durable().await.unwrap().first, 6);
}

#[tokio::test]
async fn followers_hear_of_the_end_when_the_disk_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let (log, _writing) = open(folder.path(), &quick());
    let mut end = log.subscribe();
    log.hold(true);
    let receipt = log.append(&positions(0..2));
    assert_eq!(receipt.known(), None);
    assert_eq!((log.next_sequence(), log.read(1, 10).unwrap().len()), (1, 0));
    log.hold(false);
    assert_eq!(*end.wait_for(|end| *end == 3).await.unwrap(), 3);
    assert_eq!(receipt.durable().await.unwrap().count, 2);
}

#[tokio::test]
async fn beyond_its_bounds_it_refuses_and_says_which() {
    let folder = tempfile::tempdir().unwrap();
    let config = LogConfig { waiting_bytes: 1 << 20, max_bytes: 3 << 20, ..quick() };
    let (log, _writing) = open(folder.path(), &config);
    let many = positions(0..2_000);
    log.hold(true);
    let mut receipts = Vec::new();
    let refused = loop {
        let receipt = log.append(&many);
        match receipt.known() {
            Some(outcome) => break outcome,
            None => receipts.push(receipt),
        }
    };
    assert_eq!(refused, Err(Unwritten::Overloaded));
    log.hold(false);
    for receipt in &receipts {
        receipt.durable().await.unwrap();
    }

    let full = loop {
        match log.append(&many).durable().await {
            Ok(_) => {}
            Err(why) => break why,
        }
    };
    assert_eq!(full, Unwritten::Full);
    assert!((3 << 20..4 << 20).contains(&log.bytes()), "{} bytes", log.bytes());

    // Telemetry has read it: there is room again.
    log.truncate_below(log.next_sequence()).unwrap();
    assert!(log.bytes() < 1 << 20, "{} bytes", log.bytes());
    log.append(&many).durable().await.unwrap();
}

#[tokio::test]
async fn what_was_truncated_is_gone_and_no_sequence_is_given_twice() {
    let folder = tempfile::tempdir().unwrap();
    let (log, writing) = open(folder.path(), &quick());
    for group in 0..10 {
        log.append(&positions(group * 10..group * 10 + 10)).durable().await.unwrap();
    }
    log.truncate_below(35).unwrap();
    assert_eq!(log.first_sequence().unwrap(), 31, "whole chunks go");
    assert!(matches!(log.read(1, 1), Err(LogError::Truncated { asked: 1, first: 31 })));
    assert_eq!(numbers(&log.read(31, 2).unwrap()), [30, 31]);
    log.truncate_below(u64::MAX).unwrap();
    log.truncate_below(1).unwrap();
    let bytes = log.bytes();
    writing.stop();
    drop(log);

    let (log, _writing) = open(folder.path(), &quick());
    assert_eq!(
        (log.first_sequence().unwrap(), log.next_sequence()),
        (91, 101),
        "the last chunk stays"
    );
    assert_eq!(log.bytes(), bytes);
    assert_eq!(log.append(&positions(0..1)).durable().await.unwrap().first, 101);
}

#[tokio::test]
async fn after_a_failure_of_the_disk_nothing_is_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let (log, _writing) = open(folder.path(), &quick());
    log.append(&positions(0..1)).durable().await.unwrap();
    log.hold(true);
    let waiting = log.append(&positions(1..2));
    log.fail(LogError::Stopped("the test says so".into()));
    assert_eq!(waiting.durable().await, Err(Unwritten::Disk));
    assert_eq!(log.append(&positions(2..3)).durable().await, Err(Unwritten::Disk));
    assert!(log.failed().await.to_string().contains("the test says so"));
    assert!(log.has_failed());
}

#[derive(Clone, Debug)]
enum Step {
    Append(usize),
    Truncate(u64),
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..20usize).prop_map(Step::Append),
        1 => (0..120u64).prop_map(Step::Truncate),
        1 => Just(Step::Restart),
    ];
    vec(step, 1..24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The log is a list: whatever is appended, truncated and restarted, each sequence has the record that got it.
    #[test]
    fn the_log_is_a_list(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let (mut log, mut writing) = open(folder.path(), &quick());
            let mut next = 1;
            for step in steps {
                match step {
                    Step::Append(count) => {
                        let records = positions(next..next + count as u64);
                        let appended = log.append(&records).durable().await.unwrap();
                        assert_eq!((appended.first, appended.count as usize), (next, count));
                        next += count as u64;
                    }
                    Step::Truncate(below) => log.truncate_below(below).unwrap(),
                    Step::Restart => {
                        writing.stop();
                        drop(log);
                        (log, writing) = open(folder.path(), &quick());
                    }
                }
                let first = log.first_sequence().unwrap();
                assert_eq!(log.next_sequence(), next);
                let records = log.read(first, usize::MAX).unwrap();
                assert_eq!(numbers(&records), (first..next).collect::<Vec<_>>());
            }
        });
    }
}

#[tokio::test]
async fn a_writer_that_panics_is_told_and_nobody_waits_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let (log, writing) = open(folder.path(), &quick());
    log.hold(true);
    let waiting = log.append(&positions(0..3));
    log.panic();
    log.hold(false);
    let soon = std::time::Duration::from_secs(20);
    let failed = tokio::time::timeout(soon, log.failed()).await.expect("it is told");
    assert!(failed.to_string().contains("panicked"), "{failed}");
    let waited = tokio::time::timeout(soon, waiting.durable()).await.expect("nobody waits");
    assert_eq!(waited, Err(Unwritten::Disk));
    assert_eq!(log.append(&positions(3..4)).durable().await, Err(Unwritten::Disk));
    assert!(log.has_failed());
    writing.stop();
}
