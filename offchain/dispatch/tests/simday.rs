//! The simulated day: the same for the same seed, and the batch better than the nearest driver where drivers are few.

// In a test an unwrap is the assertion.
#![allow(clippy::unwrap_used)]

use smartlink_dispatch::simday::compare;

/// Thirty orders a driver: in the rush hours drivers are few.
#[test]
fn where_drivers_are_few_a_batch_drives_less_and_serves_more() {
    let report = compare(1, 100, 3_000);
    println!("{report}");
    assert!(report.saved_permille() >= 100, "{report}");
    assert!(report.batch.served >= report.greedy.served, "{report}");
    assert!(report.batch.waiting_p95_s <= report.greedy.waiting_p95_s, "{report}");
}

#[test]
fn the_same_seed_is_the_same_day() {
    let report = compare(7, 20, 100);
    assert_eq!(report, compare(7, 20, 100));
    assert_ne!(report.batch, compare(8, 20, 100).batch);
    let day = &report.batch;
    assert_eq!(day.orders, day.served + day.gave_up_searching + day.gave_up_waiting);
    assert!(day.accepted <= day.offers && day.served <= day.accepted);
}
