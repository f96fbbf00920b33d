//! Old anchors make room, also when a runtime upgrade changes how many are kept.

use super::*;
use crate::{Pages, PAGE_ANCHORS};

/// The numbers of the platform's pages, in order.
fn pages() -> Vec<u64> {
    let mut pages: Vec<u64> = Pages::<Test>::iter_key_prefix(PLATFORM).collect();
    pages.sort_unstable();
    pages
}

/// Anchors so many full pages, of batches with two records.
fn fill(pages: usize) {
    for _ in 0..pages {
        assert_ok!(Telemetry::anchor(platform(), next(&[2; PAGE_ANCHORS as usize])));
        assert_ok!(Telemetry::check_invariants());
    }
}

/// Every anchor that there ever was is found both by its number and by its records, or by neither: the second
/// when its page is gone.
fn every_anchor_is_found_as_long_as_its_page_is_kept() {
    let kept = pages();
    // Batches have two records each: those of number n are 2n - 1 and 2n.
    assert_eq!(head().next_sequence, 2 * head().last.0 + 1);
    for number in 1..=head().last.0 {
        let known = Telemetry::anchor_record(PLATFORM, AnchorNumber(number));
        let (page, _) = place(AnchorNumber(number));
        assert_eq!(known.is_some(), kept.contains(&page), "anchor {number}");
        for sequence in [2 * number - 1, 2 * number] {
            assert_eq!(Telemetry::anchor_of(PLATFORM, sequence), known, "record {sequence}");
        }
    }
}

#[test]
fn old_anchors_make_room_a_page_at_a_time() {
    on_chain(|| {
        let page = PAGE_ANCHORS as usize;
        for _ in 0..3 {
            assert_ok!(Telemetry::anchor(platform(), next(&[2; MAX_RUN as usize])));
            assert_ok!(Telemetry::check_invariants());
        }
        assert_eq!(head().last.0, 3 * page as u64);
        assert_eq!(Pages::<Test>::iter_keys().count(), 2);
        let known = |number| Telemetry::anchor_record(PLATFORM, AnchorNumber(number)).is_some();
        assert_eq!([0, 1, 64, 65, 192, 193].map(known), [false, false, false, true, true, false]);
        let of = |sequence| Telemetry::anchor_of(PLATFORM, sequence).map(|r| r.anchor.number.0);
        assert_eq!(
            [0, 1, 128, 129, 130, 384, 385].map(of),
            [None, None, None, Some(65), Some(65), Some(192), None]
        );
        // What is anchored across the end of a page is in both.
        assert_ok!(Telemetry::anchor(platform(), next(&[1; 63])));
        assert_ok!(Telemetry::anchor(platform(), next(&[1; 2])));
        assert_eq!([129, 192, 193, 256, 257].map(known), [false, false, true, true, true]);
    });
}

#[test]
fn a_lower_bound_is_reached_two_pages_at_a_run() {
    on_chain(|| {
        RetentionPages::set(7);
        fill(9);
        assert_eq!(pages(), [2, 3, 4, 5, 6, 7, 8]);
        // The upgrade itself forgets nothing.
        RetentionPages::set(2);
        assert_ok!(Telemetry::check_invariants());
        every_anchor_is_found_as_long_as_its_page_is_kept();
        // This run begins a page.
        assert_ok!(Telemetry::anchor(platform(), next(&[2])));
        assert_eq!(pages(), [4, 5, 6, 7, 8, 9]);
        every_anchor_is_found_as_long_as_its_page_is_kept();
        assert_ok!(Telemetry::check_invariants());
        for expected in [&[6, 7, 8, 9][..], &[8, 9], &[8, 9]] {
            assert_ok!(Telemetry::anchor(platform(), next(&[2])));
            assert_eq!(pages(), expected);
            every_anchor_is_found_as_long_as_its_page_is_kept();
            assert_ok!(Telemetry::check_invariants());
        }
        // From then on the bound is kept as always.
        fill(2);
        assert_eq!(pages(), [10, 11]);
    });
}

#[test]
fn the_lowest_bound_is_reached_by_full_runs_too() {
    on_chain(|| {
        RetentionPages::set(5);
        fill(6);
        RetentionPages::set(1);
        for expected in [&[3, 4, 5, 6][..], &[5, 6, 7], &[7, 8], &[9], &[10]] {
            fill(1);
            assert_eq!(pages(), expected);
            every_anchor_is_found_as_long_as_its_page_is_kept();
        }
    });
}

#[test]
fn up_to_a_higher_bound_nothing_is_forgotten() {
    on_chain(|| {
        fill(5);
        assert_eq!(pages(), [3, 4]);
        RetentionPages::set(4);
        assert_ok!(Telemetry::check_invariants());
        every_anchor_is_found_as_long_as_its_page_is_kept();
        for expected in [&[3, 4, 5][..], &[3, 4, 5, 6], &[4, 5, 6, 7]] {
            fill(1);
            assert_eq!(pages(), expected);
            every_anchor_is_found_as_long_as_its_page_is_kept();
        }
    });
}

#[test]
fn the_pages_of_other_companies_stay() {
    on_chain(|| {
        RetentionPages::set(4);
        let theirs = AnchorRun { company: CARRIER, ..run(1, 1, &[2; MAX_RUN as usize]) };
        assert_ok!(Telemetry::anchor(Origin::signed(admin(CARRIER)), theirs));
        fill(4);
        RetentionPages::set(1);
        fill(4);
        assert_eq!(pages(), [7]);
        assert!(Telemetry::anchor_record(CARRIER, AnchorNumber(1)).is_some());
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// However upgrades change the bound: no run forgets more than two pages, none forgets a page within the bound,
    /// each comes closer to it while there are more, and what is kept is found.
    #[test]
    fn the_bound_is_kept_or_neared(
        steps in proptest::collection::vec((1u64..8, 1..=MAX_RUN as usize), 1..24),
    ) {
        chain().execute_with(|| {
            for (bound, anchors) in steps {
                RetentionPages::set(bound);
                let before = pages();
                assert_ok!(Telemetry::anchor(platform(), next(&vec![2; anchors])));
                let after = pages();
                let forgotten = before.iter().filter(|page| !after.contains(page)).count();
                let (last_page, _) = place(head().last);
                let wanted = last_page.saturating_sub(bound - 1);
                let gone = before.iter().filter(|page| **page < wanted).count().min(2);
                assert_eq!(forgotten, gone);
                assert!(after.len() as u64 <= bound.max((before.len() as u64).saturating_sub(1)));
                assert_ok!(Telemetry::check_invariants());
            }
            every_anchor_is_found_as_long_as_its_page_is_kept();
        });
    }
}
