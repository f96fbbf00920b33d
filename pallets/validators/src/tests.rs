//! Stories of validators: how they come, misbehave and go.

use crate::{mock::*, Error, Event, Leavers, Offences, ValidatorCompany};
use codec::Encode;
use frame_support::{
    assert_noop, assert_ok,
    traits::{Get, KeyOwnerProofSystem},
};
use smartlink_primitives::CompanyId;
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
        System::assert_last_event(
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
fn there_are_never_fewer_validators_than_is_safe() {
    on_chain(|| {
        assert_ok!(Validators::remove_validator(root(), OXCART_B));
        assert_noop!(
            Validators::remove_validator(root(), OXCART_A),
            Error::<Test>::TooFewValidators
        );
        assert_noop!(Validators::remove_validator(root(), OXCART_B), Error::<Test>::NotValidator);
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
            Event::<Test>::Offended { account: OXCART_A, company: OXCART, session, severity }
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
            Event::<Test>::Offended { account: OXCART_B, company: OXCART, session, severity }
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
