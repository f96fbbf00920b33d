//! Stories of companies and their people.

use crate::{mock::*, Companies, CompanyOfTreasury, Error, Event, Name, RoleCount, Roles};
use frame_support::{assert_noop, assert_ok, traits::Get};
use smartlink_primitives::{
    traits::Companies as CompaniesTrait, CompanyId, CompanyKind, Permissions,
};
use sp_runtime::{BuildStorage, DispatchError};

const CLERK: u64 = 12;
const DEPUTY: u64 = 13;
const STRANGER: u64 = 99;

fn root() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

fn by(who: u64) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

fn name(text: &str) -> Name {
    text.as_bytes().to_vec().try_into().expect("a short name")
}

fn may(who: u64, needs: Permissions) -> Result<(), DispatchError> {
    Consortium::authorise(&who, SWIFT, needs)
}

fn grant(granter: u64, who: u64, permissions: Permissions, expires: Option<u64>) {
    assert_ok!(Consortium::grant_role(by(granter), SWIFT, who, permissions, expires));
}

#[test]
fn the_companies_of_the_genesis_can_act() {
    on_chain(|| {
        assert_ok!(may(SWIFT_ADMIN, Permissions::ALL));
        assert_eq!(Consortium::kind(OXCART), Ok(CompanyKind::Carrier));
        assert_eq!(Consortium::treasury(SWIFT), Ok(SWIFT_TREASURY));
        assert_eq!(CompanyOfTreasury::<Test>::get(OXCART_TREASURY), Some(OXCART));
        assert_noop!(
            Consortium::authorise(&SWIFT_ADMIN, OXCART, Permissions::FLEET),
            Error::<Test>::NoRole
        );
    });
}

#[test]
#[should_panic(expected = "company '' of the genesis")]
fn a_genesis_with_a_nameless_company_is_refused() {
    let companies = vec![(String::new(), CompanyKind::Bank, 1, 2)];
    let consortium = crate::GenesisConfig { companies };
    let _ = RuntimeGenesisConfig { consortium, ..Default::default() }.build_storage();
}

#[test]
fn the_council_admits_a_company_and_its_admin_may_do_everything() {
    on_chain(|| {
        let kind = CompanyKind::Insurer;
        assert_ok!(Consortium::register_company(root(), name("太平"), kind, 30, 31));
        let company = CompanyId(3);
        System::assert_has_event(
            Event::<Test>::CompanyRegistered {
                company,
                name: name("太平"),
                kind,
                treasury: 30,
                registered: Now::get(),
            }
            .into(),
        );
        System::assert_last_event(
            Event::<Test>::RoleGranted {
                company,
                who: 31,
                permissions: Permissions::ALL,
                expires: None,
                granted_by: 31,
            }
            .into(),
        );
        assert_ok!(Consortium::authorise(&31, company, Permissions::ALL));
        assert_eq!(Companies::<Test>::get(company).map(|c| c.registered), Some(Now::get()));
    });
}

#[test]
fn only_the_council_admits_and_suspends() {
    on_chain(|| {
        let kind = CompanyKind::Bank;
        assert_noop!(
            Consortium::register_company(by(SWIFT_ADMIN), name("Bank"), kind, 30, 31),
            DispatchError::BadOrigin
        );
        assert_noop!(
            Consortium::set_active(by(SWIFT_ADMIN), OXCART, false),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn a_company_needs_a_name_and_a_treasury_of_its_own() {
    on_chain(|| {
        let register = |name: Name, treasury| {
            Consortium::register_company(root(), name, CompanyKind::Bank, treasury, 31)
        };
        assert_noop!(register(name(""), 30), Error::<Test>::BadName);
        assert_noop!(register(name("  "), 30), Error::<Test>::BadName);
        assert_noop!(register(vec![0xff].try_into().unwrap(), 30), Error::<Test>::BadName);
        assert_noop!(register(name("Bank"), SWIFT_TREASURY), Error::<Test>::TreasuryTaken);
    });
}

#[test]
fn the_consortium_has_a_limit() {
    on_chain(|| {
        let limit: u32 = <Test as crate::Config>::MaxCompanies::get();
        let register = |treasury: u64| {
            Consortium::register_company(root(), name("One"), CompanyKind::Garage, treasury, 31)
        };
        for company in 3..=limit {
            assert_ok!(register(100 + u64::from(company)));
        }
        assert_noop!(register(200), Error::<Test>::TooManyCompanies);
    });
}

#[test]
fn nobody_acts_for_a_suspended_company() {
    on_chain(|| {
        assert_ok!(Consortium::set_active(root(), SWIFT, false));
        System::assert_last_event(
            Event::<Test>::CompanyActivitySet { company: SWIFT, active: false }.into(),
        );
        assert_noop!(may(SWIFT_ADMIN, Permissions::FLEET), Error::<Test>::Suspended);
        assert_noop!(Consortium::kind(SWIFT), Error::<Test>::Suspended);
        assert_noop!(
            Consortium::grant_role(by(SWIFT_ADMIN), SWIFT, CLERK, Permissions::FLEET, None),
            Error::<Test>::Suspended
        );
        // Its money is still its own.
        assert_eq!(Consortium::treasury(SWIFT), Ok(SWIFT_TREASURY));

        assert_ok!(Consortium::set_active(root(), SWIFT, true));
        assert_ok!(may(SWIFT_ADMIN, Permissions::FLEET));
    });
}

#[test]
fn an_unknown_company_has_nothing() {
    on_chain(|| {
        let nowhere = CompanyId(77);
        assert_noop!(Consortium::set_active(root(), nowhere, false), Error::<Test>::UnknownCompany);
        assert_noop!(Consortium::kind(nowhere), Error::<Test>::UnknownCompany);
        assert_noop!(Consortium::treasury(nowhere), Error::<Test>::UnknownCompany);
        assert_noop!(
            Consortium::authorise(&SWIFT_ADMIN, nowhere, Permissions::NONE),
            Error::<Test>::UnknownCompany
        );
    });
}

#[test]
fn a_clerk_does_what_the_role_permits_and_nothing_else() {
    on_chain(|| {
        let both = Permissions::FLEET | Permissions::PERSONNEL;
        grant(SWIFT_ADMIN, CLERK, both, None);
        assert_ok!(may(CLERK, both));
        assert_noop!(may(CLERK, Permissions::FINANCE), Error::<Test>::NotPermitted);
        assert_noop!(
            Consortium::grant_role(by(CLERK), SWIFT, DEPUTY, Permissions::FLEET, None),
            Error::<Test>::NotPermitted
        );
        assert_noop!(may(STRANGER, Permissions::FLEET), Error::<Test>::NoRole);
    });
}

#[test]
fn an_expired_role_opens_nothing() {
    on_chain(|| {
        let until = Now::get() + 60;
        grant(SWIFT_ADMIN, CLERK, Permissions::FLEET, Some(until));
        Now::set(until - 1);
        assert_ok!(may(CLERK, Permissions::FLEET));
        Now::set(until);
        assert_noop!(may(CLERK, Permissions::FLEET), Error::<Test>::RoleExpired);

        grant(SWIFT_ADMIN, CLERK, Permissions::FLEET, Some(until + 60));
        assert_ok!(may(CLERK, Permissions::FLEET));
        assert_eq!(RoleCount::<Test>::get(SWIFT).roles, 2);
    });
}

#[test]
fn a_role_must_mean_something_and_begin_before_it_ends() {
    on_chain(|| {
        let grant = |permissions, expires| {
            Consortium::grant_role(by(SWIFT_ADMIN), SWIFT, CLERK, permissions, expires)
        };
        assert_noop!(grant(Permissions(1 << 31), None), Error::<Test>::UnknownPermissions);
        assert_noop!(grant(Permissions::NONE, None), Error::<Test>::EmptyRole);
        let now = Now::get();
        assert_noop!(grant(Permissions::FLEET, Some(now)), Error::<Test>::ExpiryInPast);
    });
}

#[test]
fn a_deputy_grants_no_more_than_the_own_role() {
    on_chain(|| {
        let tomorrow = Now::get() + 86_400;
        grant(SWIFT_ADMIN, DEPUTY, Permissions::ROLES | Permissions::FLEET, Some(tomorrow));
        let grant_by_deputy = |permissions, expires| {
            Consortium::grant_role(by(DEPUTY), SWIFT, CLERK, permissions, expires)
        };
        assert_noop!(
            grant_by_deputy(Permissions::FINANCE, Some(tomorrow)),
            Error::<Test>::BeyondOwnPermissions
        );
        assert_noop!(grant_by_deputy(Permissions::FLEET, None), Error::<Test>::BeyondOwnExpiry);
        assert_noop!(
            grant_by_deputy(Permissions::FLEET, Some(tomorrow + 1)),
            Error::<Test>::BeyondOwnExpiry
        );
        assert_ok!(grant_by_deputy(Permissions::FLEET, Some(tomorrow)));
        assert_eq!(Roles::<Test>::get(SWIFT, CLERK).map(|role| role.granted_by), Some(DEPUTY));
    });
}

#[test]
fn a_deputy_can_neither_replace_nor_revoke_a_higher_role() {
    on_chain(|| {
        grant(SWIFT_ADMIN, DEPUTY, Permissions::ROLES | Permissions::FLEET, None);
        grant(SWIFT_ADMIN, CLERK, Permissions::FINANCE, None);
        for victim in [SWIFT_ADMIN, CLERK] {
            assert_noop!(
                Consortium::grant_role(by(DEPUTY), SWIFT, victim, Permissions::FLEET, None),
                Error::<Test>::Outranked
            );
            assert_noop!(
                Consortium::revoke_role(by(DEPUTY), SWIFT, victim),
                Error::<Test>::Outranked
            );
        }
    });
}

#[test]
fn a_deputy_for_a_day_cannot_touch_a_role_without_end() {
    on_chain(|| {
        let tomorrow = Some(Now::get() + 86_400);
        grant(SWIFT_ADMIN, DEPUTY, Permissions::ALL, tomorrow);
        grant(SWIFT_ADMIN, CLERK, Permissions::FLEET, None);
        assert_noop!(Consortium::revoke_role(by(DEPUTY), SWIFT, CLERK), Error::<Test>::Outranked);
        assert_noop!(
            Consortium::grant_role(by(DEPUTY), SWIFT, CLERK, Permissions::FLEET, tomorrow),
            Error::<Test>::Outranked
        );
    });
}

#[test]
fn a_revoked_role_is_gone() {
    on_chain(|| {
        grant(SWIFT_ADMIN, CLERK, Permissions::FLEET, None);
        assert_ok!(Consortium::revoke_role(by(SWIFT_ADMIN), SWIFT, CLERK));
        System::assert_last_event(
            Event::<Test>::RoleRevoked { company: SWIFT, who: CLERK, revoked_by: SWIFT_ADMIN }
                .into(),
        );
        assert_noop!(may(CLERK, Permissions::FLEET), Error::<Test>::NoRole);
        assert_noop!(Consortium::revoke_role(by(SWIFT_ADMIN), SWIFT, CLERK), Error::<Test>::NoRole);
    });
}

#[test]
fn the_last_keeper_of_the_roles_stays() {
    on_chain(|| {
        // A deputy whose role ends does not count.
        grant(SWIFT_ADMIN, DEPUTY, Permissions::ALL, Some(Now::get() + 60));
        let admin = || by(SWIFT_ADMIN);
        assert_noop!(
            Consortium::revoke_role(admin(), SWIFT, SWIFT_ADMIN),
            Error::<Test>::LastKeeper
        );
        assert_noop!(
            Consortium::grant_role(admin(), SWIFT, SWIFT_ADMIN, Permissions::FLEET, None),
            Error::<Test>::LastKeeper
        );
        let soon = Some(Now::get() + 60);
        assert_noop!(
            Consortium::grant_role(admin(), SWIFT, SWIFT_ADMIN, Permissions::ALL, soon),
            Error::<Test>::LastKeeper
        );
        grant(SWIFT_ADMIN, CLERK, Permissions::ALL, None);
        assert_ok!(Consortium::revoke_role(admin(), SWIFT, SWIFT_ADMIN));
        assert_ok!(may(CLERK, Permissions::ALL));
    });
}

#[test]
fn roles_have_a_limit_and_revoking_makes_room() {
    on_chain(|| {
        let limit: u32 = <Test as crate::Config>::MaxRoles::get();
        for who in 1..u64::from(limit) {
            grant(SWIFT_ADMIN, 100 + who, Permissions::FLEET, None);
        }
        let one_more =
            || Consortium::grant_role(by(SWIFT_ADMIN), SWIFT, CLERK, Permissions::FLEET, None);
        assert_noop!(one_more(), Error::<Test>::TooManyRoles);
        // A present role can still be changed.
        grant(SWIFT_ADMIN, 101, Permissions::FINANCE, None);
        assert_ok!(Consortium::revoke_role(by(SWIFT_ADMIN), SWIFT, 101));
        assert_ok!(one_more());
    });
}

#[test]
fn an_administrator_of_two_companies_has_a_role_in_each() {
    on_chain(|| {
        let all = Permissions::ALL;
        assert_ok!(Consortium::grant_role(by(OXCART_ADMIN), OXCART, SWIFT_ADMIN, all, None));
        assert_ok!(Consortium::revoke_role(by(SWIFT_ADMIN), OXCART, OXCART_ADMIN));
        assert_ok!(may(SWIFT_ADMIN, all));
        assert_noop!(Consortium::authorise(&OXCART_ADMIN, OXCART, all), Error::<Test>::NoRole);
    });
}

#[test]
fn the_council_gives_a_company_without_keys_an_administrator() {
    on_chain(|| {
        let all = Permissions::ALL;
        assert_noop!(may(CLERK, all), Error::<Test>::NoRole);
        assert_noop!(
            Consortium::appoint_admin(by(SWIFT_ADMIN), SWIFT, CLERK),
            DispatchError::BadOrigin
        );
        assert_noop!(
            Consortium::appoint_admin(root(), CompanyId(9), CLERK),
            Error::<Test>::UnknownCompany
        );
        assert_ok!(Consortium::appoint_admin(root(), SWIFT, CLERK));
        assert_ok!(may(CLERK, all));
        // And the new one can remove who was there before.
        assert_ok!(Consortium::revoke_role(by(CLERK), SWIFT, SWIFT_ADMIN));
    });
}

#[test]
fn only_the_council_enacts_and_the_event_says_how_it_went() {
    on_chain(|| {
        let set_storage = |key: u8| {
            let items = vec![(vec![key], vec![1])];
            Box::new(RuntimeCall::System(frame_system::Call::set_storage { items }))
        };
        assert_noop!(Consortium::enact(by(SWIFT_ADMIN), set_storage(1)), DispatchError::BadOrigin);
        assert_ok!(Consortium::enact(root(), set_storage(1)));
        assert_eq!(sp_io::storage::get(&[1]).as_deref(), Some(&[1][..]));
        System::assert_last_event(Event::Enacted { result: Ok(()) }.into());

        // What wants a person fails, and says so.
        let revoke = crate::Call::revoke_role { company: SWIFT, who: SWIFT_ADMIN };
        assert_ok!(Consortium::enact(root(), Box::new(RuntimeCall::Consortium(revoke))));
        System::assert_last_event(Event::Enacted { result: Err(DispatchError::BadOrigin) }.into());
    });
}
