//! Stories of companies that work within their allowance, and of those who pay.

use crate::{fair::level, mock::*, Allowance, Draws, Error, Event, Fair, Used, LEVELS, STEP};
use frame_support::{
    assert_noop, assert_ok,
    dispatch::{DispatchClass, DispatchInfo, Pays, PostDispatchInfo},
    weights::Weight,
};
use pallet_transaction_payment::ChargeTransactionPayment;
use smartlink_primitives::{traits::Membership, CompanyId};
use sp_runtime::{
    traits::DispatchTransaction,
    transaction_validity::{
        InvalidTransaction, TransactionPriority, TransactionSource, TransactionValidityError,
    },
    DispatchError,
};

/// Bytes of every transaction here, and so the fee for them.
pub const BYTES: u64 = 10;

fn root() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

fn by(who: u64) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

fn call() -> RuntimeCall {
    RuntimeCall::System(frame_system::Call::remark { remark: Vec::new() })
}

fn info(time: u64) -> DispatchInfo {
    DispatchInfo { call_weight: Weight::from_parts(time, 0), ..Default::default() }
}

fn run(
    who: u64,
    info: &DispatchInfo,
    post: PostDispatchInfo,
    tip: u64,
) -> Result<(), TransactionValidityError> {
    let charge = ChargeTransactionPayment::<Test>::from(tip);
    let done = charge.test_run(by(who), &call(), info, BYTES as usize, 0, |_| Ok(post))?;
    assert!(done.is_ok());
    Ok(())
}

/// A transaction that says it takes `time`, and takes `actual`.
pub fn transact(
    who: u64,
    time: u64,
    actual: u64,
    tip: u64,
) -> Result<(), TransactionValidityError> {
    let weight = Some(Weight::from_parts(actual, 0));
    let post = PostDispatchInfo { actual_weight: weight, pays_fee: Pays::Yes };
    run(who, &info(time), post, tip)
}

/// A transaction of which fee and bytes cost `fee` together.
pub fn spend(who: u64, fee: u64) {
    assert_ok!(transact(who, fee - BYTES, fee - BYTES, 0));
}

pub fn used(company: CompanyId) -> u128 {
    Allowances::usage(company).used
}

/// What somebody has paid in money until now.
pub fn paid(who: u64) -> u64 {
    PURSE - Balances::free_balance(who)
}

pub fn collected() -> u64 {
    Balances::free_balance(Collector::get()) - PURSE
}

fn pause(blocks: u64) {
    System::set_block_number(System::block_number() + blocks);
}

fn priority(who: u64, info: &DispatchInfo, tip: u64) -> TransactionPriority {
    let extension = (ChargeTransactionPayment::<Test>::from(tip), Fair::<Test>::new());
    let source = TransactionSource::External;
    let valid = extension.validate_only(by(who), &call(), info, BYTES as usize, source, 0);
    valid.expect("it can pay").0.priority
}

/// What the consortium tells when somebody has no role any more.
fn leave(company: CompanyId, who: u64) {
    <Allowances as Membership<u64>>::left(company, &who);
}

fn boost(who: u64) -> TransactionPriority {
    Fair::<Test>::boost(&who, u128::from(BYTES))
}

#[test]
fn members_work_without_fees_within_their_allowance() {
    on_chain(|| {
        spend(SWIFT_ADMIN, 300);
        spend(SWIFT_ADMIN, 700);
        assert_eq!((paid(SWIFT_ADMIN), collected()), (0, 0));
        assert_eq!(used(SWIFT), 1_000);
        assert_eq!(Allowances::left(SWIFT), (0, 1_000, 10));
        assert_eq!(used(OXCART), 0);
    });
}

#[test]
fn beyond_the_allowance_the_fee_is_money() {
    on_chain(|| {
        spend(SWIFT_ADMIN, 900);
        spend(SWIFT_ADMIN, 101);
        assert_eq!((paid(SWIFT_ADMIN), collected()), (101, 101));
        // A smaller one still has room.
        spend(SWIFT_ADMIN, 100);
        assert_eq!((paid(SWIFT_ADMIN), used(SWIFT)), (101, 1_000));
    });
}

#[test]
fn what_was_used_comes_back_block_by_block() {
    on_chain(|| {
        spend(SWIFT_ADMIN, 995);
        pause(1);
        assert_eq!(used(SWIFT), 985);
        pause(98);
        assert_eq!(used(SWIFT), 5);
        pause(1);
        assert_eq!(used(SWIFT), 0);
        pause(1_000);
        assert_eq!(Allowances::left(SWIFT), (1_000, 1_000, 10));
        assert_eq!(Used::<Test>::get(SWIFT).map(|usage| usage.total), Some(995));
    });
}

#[test]
fn what_a_call_did_not_need_goes_back() {
    on_chain(|| {
        assert_ok!(transact(SWIFT_ADMIN, 500, 200, 0));
        assert_eq!(used(SWIFT), 200 + u128::from(BYTES));
        assert_eq!(Allowances::usage(SWIFT).total, 200 + u128::from(BYTES));

        // And all of it, when the call turns out to be free.
        let free = PostDispatchInfo { actual_weight: None, pays_fee: Pays::No };
        assert_ok!(run(SWIFT_ADMIN, &info(500), free, 0));
        assert_eq!(used(SWIFT), 200 + u128::from(BYTES));
        assert_eq!((paid(SWIFT_ADMIN), collected()), (0, 0));
    });
}

#[test]
fn a_tip_is_always_money() {
    on_chain(|| {
        assert_ok!(transact(SWIFT_ADMIN, 90, 50, 7));
        assert_eq!((paid(SWIFT_ADMIN), collected()), (7, 7));
        assert_eq!(used(SWIFT), 60);
        // Who cannot pay the tip cannot send it.
        let refused = transact(SWIFT_ADMIN, 90, 50, PURSE);
        assert_eq!(refused, Err(InvalidTransaction::Payment.into()));
        assert_eq!(used(SWIFT), 60);
    });
}

#[test]
fn a_call_that_is_free_uses_nothing() {
    on_chain(|| {
        let free = DispatchInfo { pays_fee: Pays::No, ..info(500) };
        assert_ok!(run(SWIFT_ADMIN, &free, PostDispatchInfo::default(), 0));
        assert!(Used::<Test>::get(SWIFT).is_none());
    });
}

#[test]
fn strangers_pay_as_ever() {
    on_chain(|| {
        assert_ok!(transact(STRANGER, 500, 200, 5));
        assert_eq!((paid(STRANGER), collected()), (215, 215));
        // And who has nothing can do nothing.
        assert_eq!(transact(77, 500, 200, 0), Err(InvalidTransaction::Payment.into()));
    });
}

#[test]
fn who_has_an_allowance_needs_no_money() {
    on_chain(|| {
        Clerks::mutate(|clerks| clerks.insert((SWIFT, 77)));
        Allowances::joined(SWIFT, &77);
        spend(77, 1_000);
        assert_eq!(transact(77, 100, 100, 0), Err(InvalidTransaction::Payment.into()));
    });
}

#[test]
fn a_suspended_companys_people_pay() {
    on_chain(|| {
        Still::mutate(|still| still.insert(SWIFT));
        spend(SWIFT_ADMIN, 100);
        assert_eq!((paid(SWIFT_ADMIN), used(SWIFT)), (100, 0));
        Still::mutate(|still| still.clear());
        spend(SWIFT_ADMIN, 100);
        assert_eq!((paid(SWIFT_ADMIN), used(SWIFT)), (100, 100));
    });
}

#[test]
fn who_lost_the_role_pays_though_nobody_told() {
    on_chain(|| {
        Clerks::mutate(|clerks| clerks.clear());
        assert_eq!(Draws::<Test>::get(SWIFT_ADMIN), Some(SWIFT));
        spend(SWIFT_ADMIN, 100);
        assert_eq!((paid(SWIFT_ADMIN), used(SWIFT)), (100, 0));
    });
}

#[test]
fn a_driver_draws_on_her_company_as_well() {
    on_chain(|| {
        Drivers::mutate(|drivers| drivers.insert((SWIFT, STRANGER)));
        Allowances::note_joined(SWIFT, &STRANGER);
        System::assert_last_event(Event::<Test>::DrawsSet { who: STRANGER, company: SWIFT }.into());
        spend(STRANGER, 400);
        spend(SWIFT_ADMIN, 400);
        assert_eq!((paid(STRANGER), paid(SWIFT_ADMIN), used(SWIFT)), (0, 0, 800));

        Drivers::mutate(|drivers| drivers.clear());
        Allowances::note_left(SWIFT, &STRANGER);
        System::assert_last_event(
            Event::<Test>::DrawsEnded { who: STRANGER, company: SWIFT }.into(),
        );
        spend(STRANGER, 100);
        assert_eq!((paid(STRANGER), used(SWIFT)), (100, 800));
    });
}

#[test]
fn somebody_with_two_employers_chooses() {
    on_chain(|| {
        Clerks::mutate(|clerks| clerks.insert((OXCART, SWIFT_ADMIN)));
        Allowances::joined(OXCART, &SWIFT_ADMIN);
        // The first one stays.
        assert_eq!(Draws::<Test>::get(SWIFT_ADMIN), Some(SWIFT));
        assert_ok!(Allowances::draw_on(by(SWIFT_ADMIN), OXCART));
        System::assert_last_event(
            Event::<Test>::DrawsSet { who: SWIFT_ADMIN, company: OXCART }.into(),
        );
        spend(SWIFT_ADMIN, 100);
        assert_eq!((used(SWIFT), used(OXCART)), (0, 100));

        // Leaving another one changes nothing; leaving this one does.
        Clerks::mutate(|clerks| clerks.clear());
        leave(SWIFT, SWIFT_ADMIN);
        assert_eq!(Draws::<Test>::get(SWIFT_ADMIN), Some(OXCART));
        leave(OXCART, SWIFT_ADMIN);
        assert_eq!(Draws::<Test>::get(SWIFT_ADMIN), None);
    });
}

#[test]
fn who_lost_a_role_and_still_drives_still_draws() {
    on_chain(|| {
        Drivers::mutate(|drivers| drivers.insert((SWIFT, SWIFT_ADMIN)));
        Clerks::mutate(|clerks| clerks.clear());
        leave(SWIFT, SWIFT_ADMIN);
        assert_eq!(Allowances::payer(&SWIFT_ADMIN), Some(SWIFT));
    });
}

#[test]
fn drivers_draw_on_a_company_and_are_no_members_of_it() {
    on_chain(|| {
        Drivers::mutate(|drivers| drivers.insert((SWIFT, STRANGER)));
        Allowances::note_joined(SWIFT, &STRANGER);
        let both = || (Allowances::payer(&STRANGER), Allowances::member(&STRANGER));
        assert_eq!(both(), (Some(SWIFT), None));
        // With a role she is one, and draws as before.
        Clerks::mutate(|clerks| clerks.insert((SWIFT, STRANGER)));
        assert_eq!(both(), (Some(SWIFT), Some(SWIFT)));
        Still::set([SWIFT].into());
        assert_eq!(both(), (None, None));
    });
}

#[test]
fn a_companys_own_accounts_are_members_while_it_may_act() {
    const TREASURY: u64 = 12;
    on_chain(|| {
        assert_eq!(Allowances::member(&TREASURY), None);
        Owned::set([(TREASURY, SWIFT)].into());
        assert_eq!(Allowances::member(&TREASURY), Some(SWIFT));
        // It drives for another company, and draws on that.
        Drivers::mutate(|drivers| drivers.insert((OXCART, TREASURY)));
        Allowances::note_joined(OXCART, &TREASURY);
        assert_eq!(Allowances::member(&TREASURY), Some(SWIFT));
        // A role there comes first.
        Clerks::mutate(|clerks| clerks.insert((OXCART, TREASURY)));
        assert_eq!(Allowances::member(&TREASURY), Some(OXCART));
        Still::set([SWIFT, OXCART].into());
        assert_eq!(Allowances::member(&TREASURY), None);
    });
}

#[test]
fn a_new_employer_takes_the_place_of_one_that_is_none_any_more() {
    on_chain(|| {
        Clerks::set([(OXCART, SWIFT_ADMIN)].into());
        Allowances::joined(OXCART, &SWIFT_ADMIN);
        assert_eq!(Allowances::payer(&SWIFT_ADMIN), Some(OXCART));
    });
}

#[test]
fn nobody_draws_on_a_company_without_working_for_it() {
    on_chain(|| {
        assert_noop!(Allowances::draw_on(by(STRANGER), SWIFT), Error::<Test>::NotStaff);
        assert_noop!(Allowances::draw_on(by(STRANGER), CompanyId(9)), Error::<Test>::CannotAct);
        Still::mutate(|still| still.insert(SWIFT));
        assert_noop!(Allowances::draw_on(by(SWIFT_ADMIN), SWIFT), Error::<Test>::CannotAct);
        assert_noop!(Allowances::draw_on(root(), SWIFT), DispatchError::BadOrigin);
    });
}

#[test]
fn the_council_gives_a_company_an_allowance_of_its_own() {
    on_chain(|| {
        let allowance = Some(Allowance { max: 5_000, recovery_per_block: 1 });
        let company = SWIFT;
        assert_noop!(
            Allowances::set_allowance(by(SWIFT_ADMIN), company, allowance),
            DispatchError::BadOrigin
        );
        assert_noop!(
            Allowances::set_allowance(root(), CompanyId(9), allowance),
            DispatchError::Other("unknown company")
        );
        assert_ok!(Allowances::set_allowance(root(), company, allowance));
        System::assert_last_event(Event::<Test>::AllowanceSet { company, allowance }.into());
        assert_eq!(Allowances::left(SWIFT), (5_000, 5_000, 1));
        assert_eq!(Allowances::left(OXCART), (1_000, 1_000, 10));

        let none = None;
        assert_ok!(Allowances::set_allowance(root(), company, none));
        System::assert_last_event(Event::<Test>::AllowanceSet { company, allowance: none }.into());
        assert_eq!(Allowances::left(SWIFT), (1_000, 1_000, 10));
    });
}

#[test]
fn usage_is_settled_before_an_allowance_changes() {
    on_chain(|| {
        spend(SWIFT_ADMIN, 1_000);
        pause(50);
        let slow = Allowance { max: 2_000, recovery_per_block: 1 };
        assert_ok!(Allowances::set_allowance(root(), SWIFT, Some(slow)));
        assert_eq!(used(SWIFT), 500);
        pause(100);
        assert_eq!(used(SWIFT), 400);
        // Less than what is used: nothing is left, and nothing is owed.
        let small = Allowance { max: 100, recovery_per_block: 1 };
        assert_ok!(Allowances::set_allowance(root(), SWIFT, Some(small)));
        assert_eq!(Allowances::left(SWIFT), (0, 100, 1));
        pause(1);
        assert_eq!(Allowances::left(SWIFT), (1, 100, 1));
    });
}

#[test]
fn without_an_allowance_everybody_pays() {
    on_chain(|| {
        assert_ok!(Allowances::set_allowance(root(), SWIFT, Some(Allowance::default())));
        spend(SWIFT_ADMIN, 100);
        assert_eq!((paid(SWIFT_ADMIN), used(SWIFT)), (100, 0));
        assert_eq!(boost(SWIFT_ADMIN), 0);
    });
}

#[test]
fn the_common_allowance_can_change_under_what_is_used() {
    on_chain(|| {
        spend(SWIFT_ADMIN, 1_000);
        Max::set(300);
        assert_eq!((used(SWIFT), Allowances::left(SWIFT)), (300, (0, 300, 10)));
        Recovery::set(0);
        pause(1_000);
        assert_eq!(used(SWIFT), 300);
    });
}

#[test]
fn a_company_that_floods_falls_behind() {
    on_chain(|| {
        assert_eq!(boost(SWIFT_ADMIN), STEP * LEVELS);
        spend(SWIFT_ADMIN, 500);
        assert_eq!(boost(SWIFT_ADMIN), STEP * LEVELS / 2);
        // A large transaction of who used nothing goes before the smallest of the flood.
        assert!(priority(OXCART_ADMIN, &info(900), 0) > priority(SWIFT_ADMIN, &info(1), 0));

        spend(SWIFT_ADMIN, 495);
        assert_eq!(boost(SWIFT_ADMIN), 0);
        pause(100);
        assert_eq!(boost(SWIFT_ADMIN), STEP * LEVELS);
    });
}

#[test]
fn who_pays_money_has_what_the_tip_is_worth() {
    on_chain(|| {
        assert_eq!(boost(STRANGER), 0);
        assert!(priority(SWIFT_ADMIN, &info(100), 0) > priority(STRANGER, &info(100), 0));
        assert!(priority(STRANGER, &info(100), 10_000) > priority(SWIFT_ADMIN, &info(100), 0));
        // Where the allowance has no room, the company pays money as well.
        assert_eq!(priority(SWIFT_ADMIN, &info(2_000), 0), priority(STRANGER, &info(2_000), 0));
    });
}

#[test]
fn no_allowance_lifts_a_transaction_over_an_operational_one() {
    on_chain(|| {
        for time in [1, 10, 1_000, 100_000, BLOCK_TIME / 2] {
            let operational = DispatchInfo { class: DispatchClass::Operational, ..info(time) };
            for other in [1, 100, 900] {
                let stranger = priority(STRANGER, &operational, 0);
                assert!(stranger > priority(SWIFT_ADMIN, &info(other), 0), "{time} {other}");
            }
        }
    });
}

#[test]
fn one_step_outweighs_every_difference_in_size() {
    on_chain(|| {
        let smallest = priority(STRANGER, &info(1), 0);
        assert!(smallest < STEP, "{smallest}");
    });
}

#[test]
fn priorities_mean_nothing_in_a_block() {
    on_chain(|| {
        let source = TransactionSource::InBlock;
        let fair = Fair::<Test>::new();
        let valid = fair.validate_only(by(SWIFT_ADMIN), &call(), &info(1), 10, source, 0);
        assert_eq!(valid.expect("it is signed").0.priority, 0);
    });
}

#[test]
fn levels_are_64ths_of_any_allowance() {
    assert_eq!(level(0, 0), 0);
    assert_eq!(level(5, 0), 0);
    for max in [1, 63, 64, 1_000, u128::from(u64::MAX), u128::MAX >> 6, u128::MAX] {
        assert_eq!(level(0, max), 0);
        assert_eq!(level(max, max), LEVELS);
        assert!(level(max / 2, max) <= LEVELS / 2);
    }
    assert_eq!(level(1_000 / 4, 1_000), LEVELS / 4);
    assert_eq!(level(u128::MAX, 1), LEVELS);
}
