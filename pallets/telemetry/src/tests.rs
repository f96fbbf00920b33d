//! Days of telemetry: anchored, refused, looked up, forgotten.

use crate::{
    book::{first_of, place},
    mock::*,
    Error, Event, Heads,
};
use codec::Encode;
use frame_support::{assert_noop, assert_ok, traits::ConstU32, BoundedVec};
use proptest::prelude::*;
use smartlink_primitives::{
    receipt::ItemKind,
    telemetry::{
        Anchor, AnchorHead, AnchorRecord, AnchorRun, ClosedBatch, RunFault, MAX_RECORDS, MAX_RUN,
    },
    AnchorNumber, H256,
};
use sp_runtime::DispatchError;

type Origin = RuntimeOrigin;

mod authorized;
mod losses;
mod retention;
mod worker;

fn platform() -> Origin {
    Origin::signed(admin(PLATFORM))
}

/// A fresh chain, whose state is sound at the end.
fn on_chain(story: impl FnOnce()) {
    chain().execute_with(|| {
        story();
        assert_ok!(Telemetry::check_invariants());
    });
}

/// Batches with so many records, from a number and a sequence on.
fn run(first: u64, first_sequence: u64, counts: &[u32]) -> AnchorRun {
    let batches: Vec<ClosedBatch> = (first..)
        .zip(counts)
        .map(|(number, count)| ClosedBatch {
            count: *count,
            root: H256::from_low_u64_be(number),
            closed_at_ms: NOW_MS - 60_000 + number,
        })
        .collect();
    let batches: BoundedVec<_, ConstU32<MAX_RUN>> = batches.try_into().expect("at most MAX_RUN");
    AnchorRun { company: PLATFORM, first: AnchorNumber(first), first_sequence, batches }
}

fn head() -> AnchorHead {
    Telemetry::head(PLATFORM)
}

/// What the platform anchors next: batches with so many records.
fn next(counts: &[u32]) -> AnchorRun {
    run(head().next().0, head().next_sequence, counts)
}

#[test]
fn a_batch_is_anchored_witnessed_told_and_found() {
    on_chain(|| {
        assert_ok!(Telemetry::anchor(platform(), run(1, 1, &[100])));
        let anchor = Anchor {
            company: PLATFORM,
            number: AnchorNumber(1),
            first_sequence: 1,
            count: 100,
            root: H256::from_low_u64_be(1),
            closed_at_ms: NOW_MS - 60_000 + 1,
        };
        System::assert_last_event(Event::<Test>::Anchored { anchor }.into());
        assert_eq!(Checkpoint::take(), [(ItemKind::TelemetryAnchor, anchor.item())]);
        let record = AnchorRecord { anchor, block: 1 };
        assert_eq!(Telemetry::anchor_record(PLATFORM, AnchorNumber(1)), Some(record));
        let expected = AnchorHead { last: AnchorNumber(1), next_sequence: 101, records: 100 };
        assert_eq!(head(), expected);
        // The next block, the next batch.
        System::set_block_number(2);
        assert_ok!(Telemetry::anchor(platform(), run(2, 101, &[1])));
        let second = Telemetry::anchor_record(PLATFORM, AnchorNumber(2)).expect("anchored");
        assert_eq!((second.block, second.anchor.first_sequence), (2, 101));
    });
}

#[test]
fn batches_are_anchored_once_in_order_and_without_gaps() {
    on_chain(|| {
        assert_ok!(Telemetry::anchor(platform(), run(1, 1, &[10, 20, 30])));
        let refused = |run, why: Error<Test>| {
            assert_noop!(Telemetry::anchor(platform(), run), why);
        };
        refused(run(1, 1, &[10, 20, 30]), Error::AnchorRepeated);
        refused(run(3, 31, &[30, 40]), Error::AnchorRepeated);
        refused(run(5, 61, &[1]), Error::AnchorOutOfOrder);
        refused(run(0, 1, &[1]), Error::AnchorRepeated);
        refused(run(4, 62, &[1]), Error::Gap);
        refused(run(4, 60, &[1]), Error::Gap);
        assert_ok!(Telemetry::anchor(platform(), run(4, 61, &[1])));
        // The first batch begins with the first record.
        let late = AnchorRun { company: CARRIER, ..run(1, 2, &[1]) };
        let carrier = Origin::signed(admin(CARRIER));
        assert_noop!(Telemetry::anchor(carrier, late), Error::<Test>::Gap);
    });
}

#[test]
fn a_malformed_run_is_refused_whole() {
    on_chain(|| {
        let refused = |run, why| {
            assert_noop!(Telemetry::anchor(platform(), run), Error::<Test>::Run(why));
        };
        refused(run(1, 1, &[]), RunFault::Empty);
        refused(run(1, 1, &[5, 0]), RunFault::Records { place: 1 });
        refused(run(1, 1, &[5, 5, MAX_RECORDS + 1]), RunFault::Records { place: 2 });
        assert_ok!(Telemetry::anchor(platform(), run(1, 1, &[MAX_RECORDS; MAX_RUN as usize])));
        Heads::<Test>::mutate(PLATFORM, |head| head.next_sequence = u64::MAX);
        refused(next(&[1]), RunFault::Range);
    });
}

#[test]
fn a_batch_of_the_future_is_refused() {
    on_chain(|| {
        let mut run = run(1, 1, &[1, 1]);
        run.batches[1].closed_at_ms = NOW_MS + 1;
        assert_noop!(
            Telemetry::anchor(platform(), run.clone()),
            Error::<Test>::Future { place: 1 }
        );
        run.batches[1].closed_at_ms = NOW_MS;
        assert_ok!(Telemetry::anchor(platform(), run));
    });
}

#[test]
fn a_company_anchors_its_own_records_alone() {
    on_chain(|| {
        for origin in [Origin::signed(admin(CARRIER)), Origin::none(), Origin::root()] {
            assert_noop!(
                Telemetry::anchor(origin.clone(), run(1, 1, &[1])),
                DispatchError::BadOrigin
            );
            assert_noop!(Telemetry::declare_loss(origin, PLATFORM, 1, 2), DispatchError::BadOrigin);
        }
        assert_ok!(Telemetry::anchor(platform(), run(1, 1, &[1])));
        assert_eq!(Telemetry::head(CARRIER), AnchorHead::default());
    });
}

#[test]
fn a_full_checkpoint_anchors_nothing_and_the_next_block_everything() {
    on_chain(|| {
        Checkpoint::take();
        Checkpoint::limit(2);
        assert_noop!(Telemetry::anchor(platform(), run(1, 1, &[1, 1, 1])), FULL);
        Checkpoint::take();
        Checkpoint::limit(usize::MAX);
        assert_ok!(Telemetry::anchor(platform(), run(1, 1, &[1, 1, 1])));
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// However a log is cut, into calls as well, each of its records is in the anchor that holds it, as long as
    /// it is kept; and the events alone tell the same story.
    #[test]
    fn each_record_is_found_in_its_batch(
        calls in proptest::collection::vec(
            (proptest::collection::vec(1u32..50, 1..=MAX_RUN as usize), 0u64..3), 1..8
        ),
    ) {
        chain().execute_with(|| {
            let mut told = Vec::new();
            for (counts, lost) in &calls {
                let from = head().next_sequence;
                if *lost > 0 {
                    assert_ok!(Telemetry::declare_loss(platform(), PLATFORM, from, from + lost));
                }
                let run = next(counts);
                told.extend(run.anchors());
                assert_ok!(Telemetry::anchor(platform(), run));
                assert_ok!(Telemetry::check_invariants());
            }
            let events: Vec<Anchor> = System::events()
                .into_iter()
                .filter_map(|event| match event.event {
                    RuntimeEvent::Telemetry(Event::Anchored { anchor }) => Some(anchor),
                    _ => None,
                })
                .collect();
            assert_eq!(events, told);
            let (last_page, _) = place(head().last);
            let oldest = first_of(last_page.saturating_sub(RetentionPages::get() - 1));
            assert_eq!(Telemetry::first_kept(PLATFORM, &head()), oldest);
            for anchor in told {
                let known = Telemetry::anchor_record(PLATFORM, anchor.number);
                assert_eq!(known.is_some(), anchor.number >= oldest);
                for sequence in [anchor.first_sequence, anchor.next_sequence() - 1] {
                    let found = Telemetry::anchor_of(PLATFORM, sequence);
                    assert_eq!(found, known);
                }
            }
        });
    }

    /// In whatever order runs come, a number is anchored once, none is skipped, and sequences have no gap.
    #[test]
    fn each_number_is_anchored_once_in_whatever_order_runs_come(
        tries in proptest::collection::vec((0u64..12, 0u64..24, 1usize..4), 1..60),
    ) {
        chain().execute_with(|| {
            for (first, first_sequence, batches) in tries {
                let before = head();
                let fits = first == before.next().0 && first_sequence == before.next_sequence;
                let outcome = Telemetry::anchor(platform(), run(first, first_sequence, &vec![2; batches]));
                assert_eq!(outcome.is_ok(), fits);
                let grown = if fits { batches as u64 } else { 0 };
                assert_eq!(head().last.0, before.last.0 + grown);
                assert_eq!(head().next_sequence, 1 + 2 * head().last.0);
            }
            assert_ok!(Telemetry::check_invariants());
        });
    }
}

#[test]
fn a_full_run_is_small() {
    let run = run(1, 1, &[MAX_RECORDS; MAX_RUN as usize]);
    assert!(run.encoded_size() < 3_000, "{}", run.encoded_size());
}
