//! Stories of tariffs: proposed by one, approved by another.

use crate::{
    mock::*, sample, Error, Event, Fault, InForce, ProposalCount, Proposals, FORESIGHT_S,
    RETENTION_S,
};
use frame_support::{assert_noop, assert_ok, traits::Get};
use smartlink_primitives::{
    tariff::{Share, Tariff},
    traits::TariffBook,
    CityCode, CompanyId, Permissions, TariffVersion,
};
use sp_runtime::{DispatchError, DispatchResult};

const DAY: u64 = 86_400;

fn by(who: u64) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

fn tariff() -> Tariff {
    sample::tariff([SHIELD])
}

fn propose_of(tariff: Tariff) -> DispatchResult {
    Tariffs::propose(by(MAKER), SWIFT, BEIJING, Now::get() + DAY, Box::new(tariff))
}

fn propose(from: u64) -> DispatchResult {
    Tariffs::propose(by(MAKER), SWIFT, BEIJING, from, Box::new(tariff()))
}

fn approve(version: u32) -> DispatchResult {
    Tariffs::approve(by(CHECKER), SWIFT, BEIJING, TariffVersion(version))
}

fn reject(who: u64, version: u32) -> DispatchResult {
    Tariffs::reject(by(who), SWIFT, BEIJING, TariffVersion(version))
}

/// Proposes and approves the next version.
fn put_in_force(version: u32, from: u64) {
    assert_ok!(propose(from));
    assert_ok!(approve(version));
}

/// The version in force at a time.
fn version_at(unix_s: u64) -> Option<u32> {
    let schedule = Tariffs::schedule(SWIFT, BEIJING);
    let place = schedule.at(unix_s)?;
    schedule.get(place).map(|in_force| in_force.version.0)
}

#[test]
fn a_tariff_is_proposed_by_one_and_approved_by_another() {
    on_chain(|| {
        let (from, version) = (Now::get() + DAY, TariffVersion(1));
        assert_ok!(propose(from));
        System::assert_last_event(
            Event::<Test>::Proposed {
                company: SWIFT,
                city: BEIJING,
                version,
                from,
                tariff: Box::new(tariff()),
                proposed_by: MAKER,
            }
            .into(),
        );
        assert_eq!(version_at(from), None);
        assert_ok!(approve(1));
        System::assert_last_event(
            Event::<Test>::Approved {
                company: SWIFT,
                city: BEIJING,
                version,
                from,
                approved_by: CHECKER,
            }
            .into(),
        );
        assert_eq!(version_at(from - 1), None);
        assert_eq!(version_at(from), Some(1));
        assert_eq!(ProposalCount::<Test>::get(SWIFT), 0);
        let schedule = Tariffs::schedule(SWIFT, BEIJING);
        assert_eq!(schedule.get(0).map(|t| t.tariff.clone()), Some(tariff()));
    });
}

#[test]
fn nobody_approves_the_own_proposal() {
    on_chain(|| {
        // Whoever may do both still needs a second person.
        let both = Permissions::TARIFF_MAKER | Permissions::TARIFF_CHECKER;
        assert_ok!(Consortium::grant_role(by(SWIFT_ADMIN), SWIFT, MAKER, both, None));
        assert_ok!(propose(Now::get() + DAY));
        assert_noop!(
            Tariffs::approve(by(MAKER), SWIFT, BEIJING, TariffVersion(1)),
            Error::<Test>::OwnProposal
        );
        assert_ok!(approve(1));
    });
}

#[test]
fn makers_do_not_approve_and_checkers_do_not_propose() {
    on_chain(|| {
        let not_permitted = || pallet_consortium::Error::<Test>::NotPermitted;
        let no_role = pallet_consortium::Error::<Test>::NoRole;
        assert_noop!(
            Tariffs::propose(by(CHECKER), SWIFT, BEIJING, 0, Box::new(tariff())),
            not_permitted()
        );
        assert_noop!(
            Tariffs::propose(by(OXCART_ADMIN), SWIFT, BEIJING, 0, Box::new(tariff())),
            no_role
        );
        assert_noop!(
            Tariffs::propose(RuntimeOrigin::none(), SWIFT, BEIJING, 0, Box::new(tariff())),
            DispatchError::BadOrigin
        );
        assert_ok!(propose(0));
        assert_noop!(
            Tariffs::approve(by(MAKER), SWIFT, BEIJING, TariffVersion(1)),
            not_permitted()
        );
    });
}

#[test]
fn only_platforms_have_tariffs() {
    on_chain(|| {
        assert_noop!(
            Tariffs::propose(by(OXCART_ADMIN), OXCART, BEIJING, 0, Box::new(tariff())),
            Error::<Test>::NotPlatform
        );
    });
}

#[test]
fn a_tariff_that_can_never_hold_says_why() {
    on_chain(|| {
        let broken = |change: fn(&mut Tariff)| {
            let mut tariff = tariff();
            change(&mut tariff);
            propose_of(tariff)
        };
        let fault = Error::<Test>::Tariff;
        assert_noop!(broken(|t| t.split.driver_ppm += 1), fault(Fault::Shares));
        assert_noop!(
            broken(|t| {
                t.split.platform_ppm -= 1;
                let again = Share { company: SHIELD, ppm: 1 };
                t.split.third_parties.try_push(again).unwrap();
            }),
            fault(Fault::ThirdParty)
        );
        assert_noop!(broken(|t| t.table.windows[0].days = 0), fault(Fault::Window));
        assert_noop!(broken(|t| t.table.max_surge_permille = 999), fault(Fault::Multiplier));
        assert_noop!(broken(|t| t.table.rounding = 0), fault(Fault::Rounding));
        assert_noop!(broken(|t| t.table.utc_offset_minutes = 900), fault(Fault::UtcOffset));
        assert_noop!(broken(|t| t.table.per_km = u64::MAX), fault(Fault::TooDear));
    });
}

#[test]
fn shares_go_to_other_companies_that_exist() {
    on_chain(|| {
        assert_noop!(propose_of(sample::tariff([SWIFT])), Error::<Test>::OwnShare);
        assert_noop!(
            propose_of(sample::tariff([CompanyId(9)])),
            pallet_consortium::Error::<Test>::UnknownCompany
        );
        assert_ok!(propose_of(sample::tariff([SHIELD, OXCART])));
    });
}

#[test]
fn each_tariff_holds_until_the_next_begins() {
    on_chain(|| {
        let now = Now::get();
        put_in_force(1, now + DAY);
        put_in_force(2, now + 3 * DAY);
        assert_eq!(version_at(now), None);
        assert_eq!(version_at(now + DAY), Some(1));
        assert_eq!(version_at(now + 3 * DAY - 1), Some(1));
        assert_eq!(version_at(now + 3 * DAY), Some(2));
        // Another city has its own.
        assert_eq!(Tariffs::schedule(SWIFT, SHANGHAI).iter().count(), 0);
    });
}

#[test]
fn the_first_tariff_of_a_city_may_begin_in_the_past_and_no_other() {
    on_chain(|| {
        put_in_force(1, 0);
        assert_eq!(version_at(Now::get()), Some(1));
        assert_ok!(propose(Now::get()));
        assert_noop!(approve(2), Error::<Test>::InPast);
        assert_ok!(propose(Now::get() + 1));
        assert_ok!(approve(3));
    });
}

#[test]
fn a_proposal_that_waited_too_long_is_refused() {
    on_chain(|| {
        put_in_force(1, 0);
        assert_ok!(propose(Now::get() + DAY));
        Now::set(START + 2 * DAY);
        assert_noop!(approve(2), Error::<Test>::InPast);
        assert_ok!(reject(MAKER, 2));
    });
}

#[test]
fn no_tariff_slips_in_before_an_approved_one() {
    on_chain(|| {
        let from = Now::get() + 3 * DAY;
        put_in_force(1, from);
        for earlier in [from - DAY, from] {
            assert_ok!(propose(earlier));
        }
        assert_noop!(approve(2), Error::<Test>::NotLatest);
        assert_noop!(approve(3), Error::<Test>::NotLatest);
    });
}

#[test]
fn a_proposal_is_rejected_by_its_proposer_or_a_checker() {
    on_chain(|| {
        for who in [MAKER, CHECKER] {
            assert_ok!(propose(Now::get() + DAY));
            let version = if who == MAKER { 1 } else { 2 };
            assert_noop!(reject(OXCART_ADMIN, version), pallet_consortium::Error::<Test>::NoRole);
            assert_ok!(reject(who, version));
            System::assert_last_event(
                Event::<Test>::Rejected {
                    company: SWIFT,
                    city: BEIJING,
                    version: TariffVersion(version),
                    rejected_by: who,
                }
                .into(),
            );
            assert_noop!(approve(version), Error::<Test>::UnknownProposal);
        }
        assert_eq!(Proposals::<Test>::iter_keys().count(), 0);
    });
}

#[test]
fn a_proposal_is_decided_once() {
    on_chain(|| {
        assert_noop!(approve(1), Error::<Test>::UnknownProposal);
        put_in_force(1, 0);
        assert_noop!(approve(1), Error::<Test>::UnknownProposal);
        assert_noop!(reject(CHECKER, 1), Error::<Test>::UnknownProposal);
    });
}

#[test]
fn proposals_that_wait_have_a_limit_over_all_cities() {
    on_chain(|| {
        let limit: u32 = <Test as crate::Config>::MaxProposals::get();
        let propose_in =
            |city: u32| Tariffs::propose(by(MAKER), SWIFT, CityCode(city), 0, Box::new(tariff()));
        for city in 0..limit {
            assert_ok!(propose_in(city));
        }
        assert_noop!(propose_in(limit), Error::<Test>::TooManyProposals);
        assert_ok!(Tariffs::reject(by(CHECKER), SWIFT, CityCode(0), TariffVersion(1)));
        assert_ok!(propose_in(limit));
    });
}

#[test]
fn the_oldest_tariff_is_forgotten_only_long_after_it_ended() {
    on_chain(|| {
        // Three are kept here. The first ends when the second begins.
        let end_of_first = START + DAY;
        put_in_force(1, 0);
        put_in_force(2, end_of_first);
        put_in_force(3, START + 2 * DAY);

        Now::set(end_of_first + RETENTION_S - 1);
        assert_ok!(propose(Now::get() + DAY));
        assert_noop!(approve(4), Error::<Test>::TimelineFull);

        Now::set(end_of_first + RETENTION_S);
        assert_ok!(approve(4));
        System::assert_has_event(
            Event::<Test>::Retired { company: SWIFT, city: BEIJING, version: TariffVersion(1) }
                .into(),
        );
        assert_eq!(version_at(START), None);
        assert_eq!(version_at(end_of_first), Some(2));
        let kept = InForce::<Test>::get(SWIFT, BEIJING);
        assert_eq!(kept.iter().map(|(_, version)| version.0).collect::<Vec<_>>(), [2, 3, 4]);
    });
}

#[test]
fn a_beginning_in_milliseconds_bars_nobody() {
    on_chain(|| {
        assert_ok!(propose(Now::get() * 1000));
        assert_noop!(approve(1), Error::<Test>::TooFarAhead);
        assert_ok!(propose(Now::get() + FORESIGHT_S));
        assert_ok!(approve(2));
    });
}

#[test]
fn versions_run_out_before_they_repeat() {
    on_chain(|| {
        crate::NextVersion::<Test>::insert(SWIFT, BEIJING, TariffVersion(u32::MAX));
        assert_noop!(propose(0), Error::<Test>::TooManyVersions);
    });
}
