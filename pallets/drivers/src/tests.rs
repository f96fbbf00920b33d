//! Stories of drivers and the companies they work for.

use crate::{mock::*, DriverOf, DriverStatus, Error, Event};
use frame_support::{assert_noop, assert_ok, dispatch::Pays};
use smartlink_primitives::{
    traits::Drivers as DriversTrait, CompanyId, DriverId, Permissions, Seat,
};
use sp_runtime::{traits::Dispatchable, DispatchError, DispatchResult};

const LI: u64 = 1_001;
const WANG: u64 = 1_002;
const FIRST: DriverId = DriverId(1);
const SECOND: DriverId = DriverId(2);

fn by(who: u64) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

fn enrol(admin: u64, company: CompanyId, account: u64) -> DispatchResult {
    Drivers::enrol(by(admin), company, account)
}

fn set_status(driver: DriverId, status: DriverStatus) -> DispatchResult {
    Drivers::set_status(by(SWIFT_ADMIN), SWIFT, driver, status)
}

fn status(driver: DriverId, company: CompanyId) -> Option<DriverStatus> {
    crate::Drivers::<Test>::get(driver)?.employment(company).map(|e| e.status)
}

#[test]
fn a_new_account_becomes_a_driver_with_a_seat() {
    on_chain(|| {
        assert_ok!(enrol(SWIFT_ADMIN, SWIFT, LI));
        System::assert_last_event(
            Event::<Test>::Enrolled { driver: FIRST, account: LI, company: SWIFT, seat: Seat(0) }
                .into(),
        );
        assert_ok!(enrol(SWIFT_ADMIN, SWIFT, WANG));
        assert_eq!(DriverOf::<Test>::get(WANG), Some(SECOND));
        assert_eq!(Drivers::seat(SECOND, SWIFT), Some(Seat(1)));
        assert_eq!(Drivers::seat(SECOND, OXCART), None);
        assert_eq!(Drivers::seat(DriverId(3), SWIFT), None);
    });
}

#[test]
fn a_driver_of_two_companies_is_one_driver_with_two_seats() {
    on_chain(|| {
        assert_ok!(enrol(SWIFT_ADMIN, SWIFT, WANG));
        assert_ok!(enrol(SWIFT_ADMIN, SWIFT, LI));
        assert_ok!(enrol(OXCART_ADMIN, OXCART, LI));
        assert_eq!(DriverOf::<Test>::get(LI), Some(SECOND));
        assert_eq!(Drivers::seat(SECOND, SWIFT), Some(Seat(1)));
        assert_eq!(Drivers::seat(SECOND, OXCART), Some(Seat(0)));
        // Two is the limit here.
        assert_noop!(enrol(LOTUS_ADMIN, LOTUS, LI), Error::<Test>::TooManyEmployers);
    });
}

#[test]
fn nobody_is_enrolled_twice() {
    on_chain(|| {
        assert_ok!(enrol(SWIFT_ADMIN, SWIFT, LI));
        assert_noop!(enrol(SWIFT_ADMIN, SWIFT, LI), Error::<Test>::AlreadyEnrolled);
        assert_ok!(set_status(FIRST, DriverStatus::Suspended));
        assert_noop!(enrol(SWIFT_ADMIN, SWIFT, LI), Error::<Test>::AlreadyEnrolled);
    });
}

#[test]
fn only_the_companys_personnel_enrols_and_suspends() {
    on_chain(|| {
        let no_role = pallet_consortium::Error::<Test>::NoRole;
        assert_noop!(enrol(OXCART_ADMIN, SWIFT, LI), no_role);
        assert_ok!(enrol(SWIFT_ADMIN, SWIFT, LI));
        let suspended = DriverStatus::Suspended;
        assert_noop!(
            Drivers::set_status(by(OXCART_ADMIN), SWIFT, FIRST, suspended),
            pallet_consortium::Error::<Test>::NoRole
        );
        let clerk = 12;
        let fleet = Permissions::FLEET;
        assert_ok!(Consortium::grant_role(by(SWIFT_ADMIN), SWIFT, clerk, fleet, None));
        let not_permitted = pallet_consortium::Error::<Test>::NotPermitted;
        assert_noop!(enrol(clerk, SWIFT, WANG), not_permitted);
        assert_noop!(Drivers::enrol(RuntimeOrigin::none(), SWIFT, WANG), DispatchError::BadOrigin);
    });
}

#[test]
fn a_suspended_driver_takes_no_rides_until_resumed() {
    on_chain(|| {
        assert_ok!(enrol(SWIFT_ADMIN, SWIFT, LI));
        assert_ok!(set_status(FIRST, DriverStatus::Suspended));
        System::assert_last_event(
            Event::<Test>::StatusSet {
                driver: FIRST,
                company: SWIFT,
                seat: Seat(0),
                status: DriverStatus::Suspended,
            }
            .into(),
        );
        assert!(!Places::get()[&(SWIFT, Seat(0))].active);
        assert_ok!(set_status(FIRST, DriverStatus::Active));
        assert!(Places::get()[&(SWIFT, Seat(0))].active);
    });
}

#[test]
fn who_was_suspended_by_one_company_drives_for_the_other() {
    on_chain(|| {
        assert_ok!(enrol(SWIFT_ADMIN, SWIFT, LI));
        assert_ok!(enrol(OXCART_ADMIN, OXCART, LI));
        assert_ok!(set_status(FIRST, DriverStatus::Suspended));
        assert_eq!(status(FIRST, SWIFT), Some(DriverStatus::Suspended));
        assert_eq!(status(FIRST, OXCART), Some(DriverStatus::Active));
    });
}

#[test]
fn who_left_comes_back_to_the_same_seat() {
    on_chain(|| {
        assert_ok!(enrol(SWIFT_ADMIN, SWIFT, LI));
        assert_ok!(set_status(FIRST, DriverStatus::Left));
        // The seat stays the driver's, and the next one gets another.
        assert_eq!(Drivers::seat(FIRST, SWIFT), Some(Seat(0)));
        assert_ok!(enrol(SWIFT_ADMIN, SWIFT, WANG));
        assert_noop!(set_status(FIRST, DriverStatus::Active), Error::<Test>::HasLeft);

        assert_ok!(enrol(SWIFT_ADMIN, SWIFT, LI));
        System::assert_last_event(
            Event::<Test>::Enrolled { driver: FIRST, account: LI, company: SWIFT, seat: Seat(0) }
                .into(),
        );
        assert_eq!(status(FIRST, SWIFT), Some(DriverStatus::Active));
    });
}

#[test]
fn a_status_is_of_somebody_who_works_there() {
    on_chain(|| {
        let suspended = DriverStatus::Suspended;
        assert_noop!(set_status(FIRST, suspended), Error::<Test>::UnknownDriver);
        assert_ok!(enrol(OXCART_ADMIN, OXCART, LI));
        assert_noop!(set_status(FIRST, suspended), Error::<Test>::NotEmployed);
    });
}

#[test]
fn a_driver_moves_to_another_account_with_all_seats() {
    on_chain(|| {
        assert_ok!(enrol(SWIFT_ADMIN, SWIFT, LI));
        assert_ok!(enrol(OXCART_ADMIN, OXCART, LI));
        let new = 2_001;
        let post = Drivers::set_account(by(LI), new).expect("the account is free");
        assert_eq!(post.pays_fee, Pays::Yes);
        System::assert_last_event(
            Event::<Test>::AccountSet { driver: FIRST, from: LI, to: new }.into(),
        );
        assert_eq!(DriverOf::<Test>::get(LI), None);
        assert_eq!(DriverOf::<Test>::get(new), Some(FIRST));
        assert!(Places::get().values().all(|place| place.account == new));
        // The old account is nobody now, and could become another driver.
        assert_noop!(Drivers::set_account(by(LI), 2_002), Error::<Test>::NotDriver);
        assert_ok!(enrol(SWIFT_ADMIN, SWIFT, LI));
        assert_eq!(DriverOf::<Test>::get(LI), Some(SECOND));
    });
}

#[test]
fn two_drivers_cannot_share_an_account() {
    on_chain(|| {
        assert_ok!(enrol(SWIFT_ADMIN, SWIFT, LI));
        assert_ok!(enrol(SWIFT_ADMIN, SWIFT, WANG));
        assert_noop!(Drivers::set_account(by(LI), WANG), Error::<Test>::AccountTaken);
        assert_noop!(Drivers::set_account(by(LI), LI), Error::<Test>::AccountTaken);
    });
}

#[test]
fn a_full_ledger_leaves_no_trace() {
    on_chain(|| {
        MaxSeats::set(1);
        assert_ok!(enrol(SWIFT_ADMIN, SWIFT, LI));
        let call = crate::Call::<Test>::enrol { company: SWIFT, account: WANG };
        let full = DispatchError::Other("the company has all its seats");
        let refused = RuntimeCall::Drivers(call).dispatch(by(SWIFT_ADMIN));
        assert_eq!(refused.map_err(|error| error.error), Err(full));
        assert_eq!(DriverOf::<Test>::get(WANG), None);
    });
}

#[test]
fn ids_run_out_before_they_repeat() {
    on_chain(|| {
        crate::NextDriver::<Test>::put(DriverId(u32::MAX));
        assert_noop!(enrol(SWIFT_ADMIN, SWIFT, LI), Error::<Test>::TooManyDrivers);
        crate::NextDriver::<Test>::put(FIRST);
    });
}

#[test]
fn others_hear_who_drives_for_a_company_and_who_does_no_longer() {
    on_chain(|| {
        assert_ok!(enrol(SWIFT_ADMIN, SWIFT, LI));
        assert_ok!(enrol(OXCART_ADMIN, OXCART, LI));
        assert_ok!(set_status(FIRST, DriverStatus::Suspended));
        assert!(Drivers::drives_for(&LI, SWIFT), "a suspended driver still works there");
        assert_ok!(set_status(FIRST, DriverStatus::Left));
        assert!(!Drivers::drives_for(&LI, SWIFT) && Drivers::drives_for(&LI, OXCART));
        assert_ok!(Drivers::set_account(by(LI), WANG));
        assert!(Drivers::drives_for(&WANG, OXCART) && !Drivers::drives_for(&LI, OXCART));
        let (joined, left) = (true, false);
        let told = [
            (joined, SWIFT, LI),
            (joined, OXCART, LI),
            (left, SWIFT, LI),
            (left, OXCART, LI),
            (joined, OXCART, WANG),
        ];
        assert_eq!(Told::take(), told);
    });
}
