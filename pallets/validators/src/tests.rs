//! Stories of validators: how they come, misbehave and go.

use crate::{
    mock::*, Error, Event, LastAuthored, Leavers, OffenceKind, Offences, ValidatorCompany, ABSENCE,
};
use codec::Encode;
use frame_support::{
    assert_noop, assert_ok,
    traits::{Get, KeyOwnerProofSystem},
};
use pallet_authorship::EventHandler;
use smartlink_primitives::{CompanyId, H256};
use sp_runtime::{
    key_types::DUMMY, testing::UintAuthorityId, traits::Convert, BuildStorage, DispatchError,
    Perbill,
};
use sp_staking::offence::{OffenceDetails, OnOffenceHandler};

fn root() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

fn set_keys(who: u64) {
    assert_ok!(Session::set_keys(RuntimeOrigin::signed(who), UintAuthorityId(who), vec![]));
}

fn rotate(sessions: u32) {
    for _ in 0..sessions {
        Session::rotate_session();
    }
}

fn offend(who: u64, company: CompanyId, percent: u32) {
    let details = OffenceDetails { offender: (who, company), reporters: vec![] };
    let session = Session::current_index();
    Validators::on_offence(&[details], &[Perbill::from_percent(percent)], session);
}

fn expel(company: CompanyId) {
    assert_ok!(Consortium::expel(root(), company, H256::zero()));
}

/// The validators of sessions that are planned.
fn planned() -> Vec<u64> {
    crate::Validators::<Test>::get().into_iter().map(|validator| validator.account).collect()
}

/// Further blocks, which these validators make in turn.
fn blocks(count: u64, authors: &[u64]) {
    for (_, author) in (0..count).zip(authors.iter().cycle()) {
        System::set_block_number(System::block_number() + 1);
        <Validators as EventHandler<u64, u64>>::note_author(*author);
    }
}

/// Whether somebody waits for the council, and for what.
fn before_council(who: u64) -> Option<OffenceKind> {
    Offences::<Test>::get(who).map(|offence| offence.kind)
}

/// The validators that are disabled in this session.
fn disabled() -> Vec<u64> {
    let all = Session::validators();
    Session::disabled_validators().into_iter().map(|place| all[place as usize]).collect()
}

const ALL: [u64; 4] = [SWIFT_A, SWIFT_B, OXCART_A, OXCART_B];

#[test]
fn the_chain_starts_with_the_validators_of_the_genesis() {
    on_chain(|| {
        assert_eq!(Session::validators(), ALL);
        assert_eq!(Session::queued_keys().len(), ALL.len());
        rotate(3);
        assert_eq!(Session::validators(), ALL);
    });
}

#[test]
fn a_genesis_without_validators_leaves_them_to_the_session_pallet() {
    let mut bare = genesis();
    bare.validators.validators.clear();
    let mut ext: sp_io::TestExternalities = bare.build_storage().unwrap().into();
    ext.execute_with(|| {
        assert_eq!(Session::validators(), ALL);
        rotate(2);
        assert_eq!(Session::validators(), ALL);
        assert_ok!(Validators::check_invariants());
    });
}

#[test]
#[should_panic(expected = "validator 101 of company 9 in the genesis")]
fn a_genesis_with_a_validator_of_nobody_is_refused() {
    let mut wrong = genesis();
    wrong.validators.validators = vec![(SWIFT_A, CompanyId(9))];
    let _ = wrong.build_storage();
}

#[test]
fn a_new_validator_is_in_the_session_after_next() {
    on_chain(|| {
        set_keys(NEWCOMER);
        assert_ok!(Validators::add_validator(root(), SWIFT, NEWCOMER));
        System::assert_last_event(
            Event::<Test>::ValidatorAdded { account: NEWCOMER, company: SWIFT }.into(),
        );
        rotate(1);
        assert!(!Session::validators().contains(&NEWCOMER));
        rotate(1);
        assert!(Session::validators().contains(&NEWCOMER));
    });
}

#[test]
fn only_the_council_decides() {
    on_chain(|| {
        let outsider = || RuntimeOrigin::signed(SWIFT_A);
        set_keys(NEWCOMER);
        let refused = DispatchError::BadOrigin;
        assert_noop!(Validators::add_validator(outsider(), SWIFT, NEWCOMER), refused);
        assert_noop!(Validators::remove_validator(outsider(), OXCART_A), refused);
        assert_noop!(Validators::reinstate(outsider(), OXCART_A), refused);
    });
}

#[test]
fn a_validator_needs_keys_and_an_active_company() {
    on_chain(|| {
        let add = |company, who| Validators::add_validator(root(), company, who);
        assert_noop!(add(SWIFT, NEWCOMER), Error::<Test>::NoSessionKeys);
        set_keys(NEWCOMER);
        assert_noop!(add(CompanyId(9), NEWCOMER), pallet_consortium::Error::<Test>::UnknownCompany);
        assert_ok!(Consortium::set_active(root(), SWIFT, false));
        assert_noop!(add(SWIFT, NEWCOMER), pallet_consortium::Error::<Test>::Suspended);
        assert_noop!(add(OXCART, OXCART_A), Error::<Test>::AlreadyValidator);
    });
}

#[test]
fn there_is_a_limit_of_validators() {
    on_chain(|| {
        let limit: u32 = <Test as crate::Config>::MaxValidators::get();
        assert_eq!(limit as usize, ALL.len() + 1);
        set_keys(NEWCOMER);
        set_keys(104);
        assert_ok!(Validators::add_validator(root(), SWIFT, NEWCOMER));
        assert_noop!(
            Validators::add_validator(root(), SWIFT, 104),
            Error::<Test>::TooManyValidators
        );
    });
}

#[test]
fn a_removed_validator_serves_until_the_session_after_next() {
    on_chain(|| {
        assert_ok!(Validators::remove_validator(root(), OXCART_B));
        System::assert_has_event(
            Event::<Test>::ValidatorRemoved { account: OXCART_B, company: OXCART, gone: 2 }.into(),
        );
        rotate(1);
        assert!(Session::validators().contains(&OXCART_B));
        // As long as it serves, its company answers for it.
        assert_eq!(ValidatorCompany::<Test>::convert(OXCART_B), Some(OXCART));
        assert_noop!(
            Validators::add_validator(root(), OXCART, OXCART_B),
            Error::<Test>::StillLeaving
        );
        rotate(1);
        assert!(!Session::validators().contains(&OXCART_B));
        assert_eq!(ValidatorCompany::<Test>::convert(OXCART_B), None);
        System::assert_has_event(Event::<Test>::ValidatorLeft { account: OXCART_B }.into());
        assert_ok!(Validators::add_validator(root(), SWIFT, OXCART_B));
    });
}

#[test]
fn the_council_is_warned_below_what_is_safe_and_stopped_at_the_last() {
    on_chain(|| {
        let warned = |validators| {
            System::assert_last_event(Event::<Test>::BelowSafe { validators }.into());
        };
        assert_ok!(Validators::remove_validator(root(), OXCART_B));
        warned(3);
        assert_noop!(Validators::remove_validator(root(), OXCART_B), Error::<Test>::NotValidator);
        assert_ok!(Validators::remove_validator(root(), OXCART_A));
        warned(2);
        assert_ok!(Validators::remove_validator(root(), SWIFT_B));
        warned(1);
        assert_noop!(
            Validators::remove_validator(root(), SWIFT_A),
            Error::<Test>::TooFewValidators
        );
    });
}

#[test]
fn whoever_is_left_must_be_able_to_finalise() {
    on_chain(|| {
        offend(OXCART_A, OXCART, 50);
        // Two of three are not more than two thirds.
        assert_noop!(
            Validators::remove_validator(root(), SWIFT_A),
            Error::<Test>::RestCannotFinalise
        );
        assert_ok!(Validators::remove_validator(root(), OXCART_A));
        assert_ok!(Validators::remove_validator(root(), SWIFT_A));
    });
}

#[test]
fn the_removal_of_an_offender_always_helps() {
    on_chain(|| {
        offend(OXCART_A, OXCART, 50);
        offend(OXCART_B, OXCART, 50);
        assert_ok!(Validators::remove_validator(root(), OXCART_A));
        assert_ok!(Validators::remove_validator(root(), OXCART_B));
        assert_ok!(Validators::remove_validator(root(), SWIFT_B));
    });
}

#[test]
fn not_everybody_leaves_in_one_session() {
    on_chain(|| {
        let limit: u32 = <Test as crate::Config>::MaxValidators::get();
        // Whoever is added and removed in one session is listed as leaving as well.
        for n in 0..u64::from(limit) {
            let who = 300 + n;
            pallet_session::NextKeys::<Test>::insert(who, UintAuthorityId(who));
            assert_ok!(Validators::add_validator(root(), SWIFT, who));
            assert_ok!(Validators::remove_validator(root(), who));
        }
        assert_noop!(Validators::remove_validator(root(), SWIFT_A), Error::<Test>::TooManyLeavers);
        rotate(2);
        assert_ok!(Validators::remove_validator(root(), SWIFT_A));
    });
}

#[test]
fn an_offender_is_disabled_until_the_council_reinstates_it() {
    on_chain(|| {
        rotate(1);
        offend(OXCART_A, OXCART, 50);
        let session = 1;
        let severity = Perbill::from_percent(50);
        System::assert_last_event(
            Event::<Test>::Offended {
                account: OXCART_A,
                company: OXCART,
                session,
                severity,
                kind: OffenceKind::Equivocation,
            }
            .into(),
        );
        assert_eq!(disabled(), [OXCART_A]);
        for _ in 0..5 {
            rotate(1);
            assert_eq!(disabled(), [OXCART_A]);
        }

        assert_ok!(Validators::reinstate(root(), OXCART_A));
        System::assert_last_event(Event::<Test>::Reinstated { account: OXCART_A }.into());
        rotate(1);
        assert!(disabled().is_empty());
        assert_noop!(Validators::reinstate(root(), OXCART_A), Error::<Test>::NoOffence);
    });
}

#[test]
fn the_worst_of_an_offenders_offences_counts() {
    on_chain(|| {
        offend(OXCART_A, OXCART, 50);
        rotate(1);
        offend(OXCART_A, OXCART, 10);
        let offence = Offences::<Test>::get(OXCART_A).expect("it waits for the council");
        assert_eq!(offence.reports, 2);
        assert_eq!(offence.session, 1);
        assert_eq!(offence.severity, Perbill::from_percent(50));
    });
}

#[test]
fn no_more_are_disabled_than_the_chain_can_bear() {
    on_chain(|| {
        // Of four, one: the worst.
        offend(SWIFT_A, SWIFT, 10);
        offend(OXCART_A, OXCART, 50);
        assert_eq!(disabled(), [OXCART_A]);
        rotate(2);
        assert_eq!(disabled(), [OXCART_A]);
    });
}

#[test]
fn an_offender_that_was_removed_stays_disabled_while_it_serves() {
    on_chain(|| {
        offend(OXCART_B, OXCART, 50);
        assert_ok!(Validators::remove_validator(root(), OXCART_B));
        rotate(1);
        assert_eq!(disabled(), [OXCART_B]);
        rotate(1);
        assert!(disabled().is_empty());
        assert!(Offences::<Test>::get(OXCART_B).is_none());
        assert!(Leavers::<Test>::get().is_empty());
    });
}

#[test]
fn an_old_offence_of_somebody_who_left_is_only_recorded() {
    on_chain(|| {
        assert_ok!(Validators::remove_validator(root(), OXCART_B));
        rotate(2);
        offend(OXCART_B, OXCART, 50);
        assert!(disabled().is_empty());
        assert!(Offences::<Test>::get(OXCART_B).is_none());
        let (session, severity) = (2, Perbill::from_percent(50));
        System::assert_last_event(
            Event::<Test>::Offended {
                account: OXCART_B,
                company: OXCART,
                session,
                severity,
                kind: OffenceKind::Equivocation,
            }
            .into(),
        );
    });
}

#[test]
fn a_proof_of_key_ownership_names_the_company_also_of_who_leaves() {
    on_chain(|| {
        assert_ok!(Validators::remove_validator(root(), OXCART_B));
        rotate(1);
        let key = UintAuthorityId(OXCART_B).encode();
        let owner = (OXCART_B, OXCART);
        let proof = Historical::prove((DUMMY, &key[..])).expect("it serves in this session");
        assert_eq!(Historical::check_proof((DUMMY, &key[..]), proof.clone()), Some(owner));
        rotate(4);
        assert_eq!(Historical::check_proof((DUMMY, &key[..]), proof), Some(owner));
    });
}

#[test]
fn new_session_keys_are_provable_in_their_session() {
    on_chain(|| {
        // The same set of validators, with a new key of one: the root must be of the new keys.
        assert_ok!(Session::set_keys(
            RuntimeOrigin::signed(SWIFT_A),
            UintAuthorityId(1_101),
            vec![]
        ));
        rotate(2);
        let key = UintAuthorityId(1_101).encode();
        let proof = Historical::prove((DUMMY, &key[..])).expect("the key is in this session");
        rotate(1);
        let owner = Historical::check_proof((DUMMY, &key[..]), proof);
        assert_eq!(owner, Some((SWIFT_A, SWIFT)));
    });
}

#[test]
fn a_company_that_is_suspended_keeps_its_validators() {
    on_chain(|| {
        assert_ok!(Consortium::set_active(root(), OXCART, false));
        assert_eq!(planned(), ALL);
        rotate(2);
        assert_eq!(Session::validators(), ALL);
    });
}

#[test]
fn a_company_that_fell_loses_its_validators() {
    on_chain(|| {
        expel(OXCART);
        for account in [OXCART_A, OXCART_B] {
            let (company, gone) = (OXCART, 2);
            System::assert_has_event(
                Event::<Test>::ValidatorRemoved { account, company, gone }.into(),
            );
        }
        System::assert_last_event(Event::<Test>::BelowSafe { validators: 2 }.into());
        assert_eq!(planned(), [SWIFT_A, SWIFT_B]);
        rotate(1);
        assert_eq!(ValidatorCompany::<Test>::convert(OXCART_B), Some(OXCART));
        rotate(1);
        assert_eq!(Session::validators(), [SWIFT_A, SWIFT_B]);
        // It cannot come back.
        assert_noop!(
            Validators::add_validator(root(), OXCART, OXCART_A),
            pallet_consortium::Error::<Test>::Expelled
        );
    });
}

#[test]
fn a_company_with_all_validators_keeps_them_when_it_falls() {
    on_chain(|| {
        assert_ok!(Validators::remove_validator(root(), SWIFT_A));
        assert_ok!(Validators::remove_validator(root(), SWIFT_B));
        expel(OXCART);
        let kept = Event::<Test>::FloorKept { company: OXCART, validators: 2 };
        System::assert_last_event(kept.into());
        assert_eq!(planned(), [OXCART_A, OXCART_B]);
    });
}

#[test]
fn validators_that_do_not_work_do_not_replace_those_of_a_company_that_fell() {
    on_chain(|| {
        offend(SWIFT_A, SWIFT, 50);
        offend(SWIFT_B, SWIFT, 50);
        expel(OXCART);
        let kept = Event::<Test>::FloorKept { company: OXCART, validators: 2 };
        System::assert_last_event(kept.into());
        assert_eq!(planned(), ALL);
    });
}

#[test]
fn who_finds_no_room_among_the_leavers_is_removed_later() {
    on_chain(|| {
        let limit: u32 = <Test as crate::Config>::MaxValidators::get();
        for n in 0..u64::from(limit) - 1 {
            let who = 300 + n;
            pallet_session::NextKeys::<Test>::insert(who, UintAuthorityId(who));
            assert_ok!(Validators::add_validator(root(), SWIFT, who));
            assert_ok!(Validators::remove_validator(root(), who));
        }
        expel(OXCART);
        System::assert_has_event(
            Event::<Test>::FloorKept { company: OXCART, validators: 1 }.into(),
        );
        assert_eq!(planned(), [SWIFT_A, SWIFT_B, OXCART_B]);
        rotate(2);
        assert_ok!(Validators::remove_validator(root(), OXCART_B));
        assert_eq!(planned(), [SWIFT_A, SWIFT_B]);
    });
}

#[test]
fn an_absent_validator_comes_before_the_council_once() {
    on_chain(|| {
        let others = [SWIFT_A, SWIFT_B, OXCART_A];
        // Ten times its share of blocks: of four validators, forty blocks.
        blocks(38, &others);
        rotate(1);
        assert_eq!(before_council(OXCART_B), None);
        blocks(1, &others);
        rotate(1);
        System::assert_has_event(
            Event::<Test>::Offended {
                account: OXCART_B,
                company: OXCART,
                session: 1,
                severity: ABSENCE,
                kind: OffenceKind::Unavailable,
            }
            .into(),
        );
        assert_eq!(disabled(), [OXCART_B]);
        for _ in 0..3 {
            blocks(50, &others);
            rotate(1);
            assert_eq!(disabled(), [OXCART_B]);
            assert_eq!(Offences::<Test>::get(OXCART_B).map(|offence| offence.reports), Some(1));
        }

        // Its clock stood while it was disabled, and starts anew.
        blocks(15, &others);
        assert_ok!(Validators::reinstate(root(), OXCART_B));
        blocks(100, &others);
        rotate(1);
        assert!(disabled().is_empty());
        blocks(39, &others);
        rotate(1);
        assert_eq!(before_council(OXCART_B), None);
        blocks(1, &others);
        rotate(1);
        assert_eq!(before_council(OXCART_B), Some(OffenceKind::Unavailable));
    });
}

#[test]
fn whoever_makes_a_block_now_and_then_is_not_absent() {
    on_chain(|| {
        for _ in 0..10 {
            blocks(39, &[SWIFT_A, SWIFT_B, OXCART_A]);
            blocks(1, &[OXCART_B]);
            rotate(1);
        }
        assert!(ALL.into_iter().all(|who| before_council(who).is_none()));
        // Nobody else has a clock.
        blocks(1, &[NEWCOMER]);
        assert_eq!(LastAuthored::<Test>::iter().count(), ALL.len());
    });
}

#[test]
fn the_clock_of_a_new_validator_starts_when_it_enters() {
    on_chain(|| {
        set_keys(NEWCOMER);
        assert_ok!(Validators::add_validator(root(), SWIFT, NEWCOMER));
        blocks(100, &ALL);
        rotate(1);
        assert_eq!(LastAuthored::<Test>::get(NEWCOMER), None);
        blocks(100, &ALL);
        rotate(1);
        assert_eq!(LastAuthored::<Test>::get(NEWCOMER), Some(201));
        // Of five validators, fifty blocks.
        blocks(49, &ALL);
        rotate(1);
        assert_eq!(before_council(NEWCOMER), None);
        blocks(1, &ALL);
        rotate(1);
        assert_eq!(before_council(NEWCOMER), Some(OffenceKind::Unavailable));
    });
}

#[test]
fn a_set_that_shrank_has_its_patience_anew() {
    on_chain(|| {
        blocks(35, &[SWIFT_A, SWIFT_B, OXCART_A]);
        assert_ok!(Validators::remove_validator(root(), SWIFT_B));
        rotate(2);
        assert_eq!(LastAuthored::<Test>::get(SWIFT_B), None);
        assert_eq!(LastAuthored::<Test>::get(OXCART_B), Some(36));
        blocks(29, &[SWIFT_A, OXCART_A]);
        rotate(1);
        assert_eq!(before_council(OXCART_B), None);
        blocks(1, &[SWIFT_A, OXCART_A]);
        rotate(1);
        assert_eq!(before_council(OXCART_B), Some(OffenceKind::Unavailable));
        // Three bear nobody less.
        assert!(disabled().is_empty());
    });
}

#[test]
fn no_more_absent_validators_are_disabled_than_the_chain_can_bear() {
    on_chain(|| {
        blocks(40, &[SWIFT_A, SWIFT_B]);
        rotate(1);
        let absent = Some(OffenceKind::Unavailable);
        assert_eq!([OXCART_A, OXCART_B].map(before_council), [absent, absent]);
        assert_eq!(disabled().len(), 1);
    });
}

#[test]
fn who_equivocates_is_disabled_before_who_is_absent() {
    on_chain(|| {
        blocks(40, &[SWIFT_A, SWIFT_B, OXCART_A]);
        rotate(1);
        assert_eq!(disabled(), [OXCART_B]);
        offend(OXCART_A, OXCART, 50);
        assert_eq!(disabled(), [OXCART_A]);
        rotate(1);
        assert_eq!(disabled(), [OXCART_A]);
        // The graver of two offences counts.
        offend(OXCART_B, OXCART, 50);
        assert_eq!(before_council(OXCART_B), Some(OffenceKind::Equivocation));
    });
}

#[test]
fn who_is_disabled_for_equivocation_is_not_absent_as_well() {
    on_chain(|| {
        offend(OXCART_A, OXCART, 50);
        blocks(100, &[SWIFT_A, SWIFT_B, OXCART_B]);
        rotate(1);
        let offence = Offences::<Test>::get(OXCART_A).expect("it waits for the council");
        assert_eq!((offence.kind, offence.reports), (OffenceKind::Equivocation, 1));
    });
}

#[test]
fn who_leaves_anyway_is_not_reported() {
    on_chain(|| {
        assert_ok!(Validators::remove_validator(root(), OXCART_B));
        blocks(100, &[SWIFT_A, SWIFT_B, OXCART_A]);
        rotate(2);
        assert_eq!(before_council(OXCART_B), None);
    });
}
