//! Records that are lost for good: declared in the open, and within bounds.

use super::*;
use crate::{LOSSES_END, MAX_LOSS};
use sp_runtime::DispatchResult;

fn declare(from: u64, next: u64) -> DispatchResult {
    Telemetry::declare_loss(platform(), PLATFORM, from, next)
}

#[test]
fn lost_records_are_declared_in_the_open_and_leave_a_gap() {
    on_chain(|| {
        assert_ok!(Telemetry::anchor(platform(), run(1, 1, &[10])));
        assert_noop!(declare(10, 20), Error::<Test>::NoLoss);
        assert_noop!(declare(11, 11), Error::<Test>::NoLoss);
        assert_ok!(declare(11, 500));
        System::assert_last_event(
            Event::<Test>::LossDeclared { company: PLATFORM, from: 11, next: 500 }.into(),
        );
        // A repeated command changes nothing.
        assert_noop!(declare(11, 500), Error::<Test>::NoLoss);
        assert_noop!(Telemetry::anchor(platform(), run(2, 11, &[1])), Error::<Test>::Gap);
        assert_ok!(Telemetry::anchor(platform(), run(2, 500, &[10])));
        assert_eq!(head().records, 20);
        let found = |sequence| Telemetry::anchor_of(PLATFORM, sequence).map(|r| r.anchor.number.0);
        assert_eq!(
            [10, 11, 499, 500, 509, 510].map(found),
            [Some(1), None, None, Some(2), Some(2), None]
        );
    });
}

#[test]
fn a_company_may_lose_records_before_its_first_anchor() {
    on_chain(|| {
        assert_ok!(declare(1, 1_000));
        assert_ok!(Telemetry::anchor(platform(), run(1, 1_000, &[1])));
    });
}

#[test]
fn a_large_loss_is_declared_in_pieces() {
    on_chain(|| {
        assert_ok!(Telemetry::anchor(platform(), run(1, 1, &[10])));
        let end = 11 + 2 * MAX_LOSS + 5;
        for next in [end, 11 + MAX_LOSS + 1, u64::MAX] {
            assert_noop!(declare(11, next), Error::<Test>::LossTooLarge);
        }
        while head().next_sequence < end {
            let from = head().next_sequence;
            assert_ok!(declare(from, end.min(from + MAX_LOSS)));
        }
        let losses = System::events()
            .into_iter()
            .filter(|told| {
                matches!(told.event, RuntimeEvent::Telemetry(Event::LossDeclared { .. }))
            })
            .count();
        assert_eq!(losses, 3);
        assert_ok!(Telemetry::anchor(platform(), run(2, end, &[1])));
        assert_eq!(head().records, 11);
    });
}

#[test]
fn whoever_declares_losses_without_end_does_not_end_the_anchoring() {
    on_chain(|| {
        // Billions of declarations later.
        let from = LOSSES_END - 10;
        Heads::<Test>::mutate(PLATFORM, |head| head.next_sequence = from);
        for next in [LOSSES_END + 1, from + MAX_LOSS] {
            assert_noop!(declare(from, next), Error::<Test>::LossTooFar);
        }
        assert_ok!(declare(from, LOSSES_END));
        assert_noop!(declare(LOSSES_END, LOSSES_END + 1), Error::<Test>::LossTooFar);
        // From here on there are as many sequences for records as were before.
        assert_ok!(Telemetry::anchor(platform(), next(&[MAX_RECORDS; MAX_RUN as usize])));
        assert_ok!(Telemetry::anchor(platform(), next(&[1])));
        let last = head().next_sequence - 1;
        assert!(last > LOSSES_END);
        assert_eq!(Telemetry::anchor_of(PLATFORM, last).map(|r| r.anchor.number.0), Some(65));
        assert_noop!(declare(last + 1, last + 2), Error::<Test>::LossTooFar);
    });
}

#[test]
fn sequences_end_where_their_range_does_and_nothing_overflows() {
    on_chain(|| {
        Heads::<Test>::mutate(PLATFORM, |head| head.next_sequence = u64::MAX - 3);
        let beyond = |counts: &[u32]| {
            let why = Error::<Test>::Run(RunFault::Range);
            assert_noop!(Telemetry::anchor(platform(), next(counts)), why);
        };
        beyond(&[4]);
        beyond(&[2, 2]);
        beyond(&[MAX_RECORDS; MAX_RUN as usize]);
        assert_ok!(Telemetry::anchor(platform(), next(&[2, 1])));
        assert_eq!(head().next_sequence, u64::MAX);
        beyond(&[1]);
        let of = |sequence| Telemetry::anchor_of(PLATFORM, sequence).map(|r| r.anchor.number.0);
        assert_eq!(
            [u64::MAX - 4, u64::MAX - 3, u64::MAX - 2, u64::MAX - 1, u64::MAX].map(of),
            [None, Some(1), Some(1), Some(2), None]
        );
    });
}

/// Ends of losses, as seen from the next sequence: small steps, the bounds and their neighbours, anything.
fn ends() -> impl Strategy<Value = u64> {
    prop_oneof![
        0u64..100,
        (MAX_LOSS - 2)..(MAX_LOSS + 3),
        Just(LOSSES_END),
        Just(u64::MAX),
        any::<u64>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Wherever a company stands, and whatever is declared: the head moves on by at most the bound and never into the
    /// upper half, or not at all; and the company anchors its next record, and finds it.
    #[test]
    fn whatever_is_declared_the_next_record_is_anchored(
        start in prop_oneof![
            1u64..1_000,
            (LOSSES_END - 3 * MAX_LOSS)..LOSSES_END,
            LOSSES_END..(LOSSES_END + 1_000),
        ],
        tries in proptest::collection::vec((ends(), -1i64..2), 1..12),
    ) {
        chain().execute_with(|| {
            Heads::<Test>::mutate(PLATFORM, |head| head.next_sequence = start);
            for (step, off) in tries {
                let before = head();
                let from = before.next_sequence.saturating_add_signed(off);
                let end = from.saturating_add(step);
                let fits = off == 0 && (1..=MAX_LOSS).contains(&step) && end <= LOSSES_END;
                assert_eq!(declare(from, end).is_ok(), fits);
                let moved = if fits { end } else { before.next_sequence };
                assert_eq!(head(), AnchorHead { next_sequence: moved, ..before });

                assert_ok!(Telemetry::anchor(platform(), next(&[1])));
                let found = Telemetry::anchor_of(PLATFORM, moved).map(|record| record.anchor.number);
                assert_eq!(found, Some(head().last));
                assert_ok!(Telemetry::check_invariants());
            }
        });
    }
}
