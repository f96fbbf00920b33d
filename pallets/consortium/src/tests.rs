//! Stories of companies and their people.

use crate::{
    mock::*, types, AcceptedTreasuries, Application, ApplicationId, ApplicationOf, Applications,
    Companies, CompanyOfSeat, CompanyOfTreasury, Error, Event, Name, NextLook, Paper, PaperKind,
    Papers, Reminded, RoleCount, Roles, Seats, Standing, LAPSED,
};
use frame_support::{
    assert_noop, assert_ok,
    traits::{Get, Hooks},
    weights::{RuntimeDbWeight, Weight},
};
use smartlink_primitives::{
    traits::Companies as CompaniesTrait, CompanyId, CompanyKind, Permissions, H256,
};
use sp_runtime::{BuildStorage, DispatchError, DispatchResult};

const CLERK: u64 = 12;
const DEPUTY: u64 = 13;
const STRANGER: u64 = 99;
const APPLICANT: u64 = 31;
/// The company that is admitted in these stories.
const PINE: CompanyId = CompanyId(3);
const DAY: u64 = 86_400;

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

fn paper(n: u8) -> Paper {
    Paper { kind: PaperKind::BusinessLicence, hash: H256::repeat_byte(n) }
}

fn papers(count: u8) -> Papers {
    Papers::try_from((0..count).map(paper).collect::<Vec<_>>()).expect("few papers")
}

fn apply_with(name: Name, treasury: u64, papers: Papers) -> DispatchResult {
    Consortium::apply(by(APPLICANT), name, CompanyKind::Insurer, treasury, papers)
}

/// Somebody applies, with a treasury one below the own account, which agrees.
fn apply(who: u64) -> ApplicationId {
    let id = crate::NextApplication::<Test>::get();
    assert_ok!(Consortium::apply(by(who), name("Pine"), CompanyKind::Bank, who - 1, papers(2)));
    assert_ok!(Consortium::accept_treasury(by(who - 1), id));
    id
}

/// The platform attests both papers.
fn attest(application: ApplicationId) {
    for index in 0..2 {
        assert_ok!(Consortium::attest_paper(by(SWIFT_ADMIN), application, index, SWIFT));
    }
}

/// Pine is admitted, with a seat.
fn admitted(until: Option<u64>) {
    let application = apply(APPLICANT);
    attest(application);
    assert_ok!(Consortium::admit(root(), application, until, true));
}

fn in_days(days: u64) -> Option<u64> {
    Some(Now::get() + days * DAY)
}

/// A block begins `days` later. The notices that the chain gives in it.
fn days_later(days: u64) -> Vec<Event<Test>> {
    Now::set(Now::get() + days * DAY);
    notices()
}

fn notices() -> Vec<Event<Test>> {
    System::reset_events();
    Consortium::on_initialize(1);
    let ours = System::events().into_iter().filter_map(|record| match record.event {
        RuntimeEvent::Consortium(event) => Some(event),
        _ => None,
    });
    ours.collect()
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
fn the_council_admits_an_applicant_whose_papers_are_attested() {
    on_chain(|| {
        assert_ok!(apply_with(name("太平"), 30, papers(1)));
        let application = ApplicationId(0);
        let kind = CompanyKind::Insurer;
        System::assert_last_event(
            Event::<Test>::Applied {
                application,
                name: name("太平"),
                kind,
                treasury: 30,
                applicant: APPLICANT,
                papers: papers(1),
                applied: Now::get(),
            }
            .into(),
        );
        // Nobody vouches for the paper yet.
        assert_noop!(
            Consortium::admit(root(), application, None, false),
            Error::<Test>::PaperNotAttested
        );
        assert_ok!(Consortium::attest_paper(by(SWIFT_ADMIN), application, 0, SWIFT));
        System::assert_last_event(
            Event::<Test>::PaperAttested {
                application,
                index: 0,
                company: SWIFT,
                by: SWIFT_ADMIN,
                before: None,
            }
            .into(),
        );

        assert_ok!(Consortium::accept_treasury(by(30), application));
        let until = in_days(365);
        assert_ok!(Consortium::admit(root(), application, until, false));
        System::assert_has_event(
            Event::<Test>::CompanyRegistered {
                company: PINE,
                name: name("太平"),
                kind,
                treasury: 30,
                registered: Now::get(),
            }
            .into(),
        );
        System::assert_has_event(
            Event::<Test>::RoleGranted {
                company: PINE,
                who: APPLICANT,
                permissions: Permissions::ALL,
                expires: None,
                granted_by: APPLICANT,
            }
            .into(),
        );
        let attested = vec![(paper(0), SWIFT)].try_into().expect("one paper");
        System::assert_last_event(
            Event::<Test>::Admitted { company: PINE, application, until, papers: attested }.into(),
        );
        assert_ok!(Consortium::authorise(&APPLICANT, PINE, Permissions::ALL));
        let company = Companies::<Test>::get(PINE).expect("it joined");
        assert_eq!(company.registered, Now::get());
        assert_eq!(company.until, until);
        assert_eq!(company.standing, Standing::Active);
        assert!(Applications::<Test>::get(application).is_none());
        assert_eq!(ApplicationOf::<Test>::get(APPLICANT), None);
        // Without a seat it has no vote.
        assert_eq!(Council::members(), [SWIFT_ADMIN, OXCART_ADMIN]);
        assert_noop!(
            Consortium::admit(root(), application, None, false),
            Error::<Test>::UnknownApplication
        );
    });
}

#[test]
fn only_the_council_decides_about_members() {
    on_chain(|| {
        let refused = DispatchError::BadOrigin;
        let application = apply(APPLICANT);
        attest(application);
        let admin = || by(SWIFT_ADMIN);
        assert_noop!(Consortium::admit(admin(), application, None, true), refused);
        assert_noop!(Consortium::set_active(admin(), OXCART, false), refused);
        assert_noop!(Consortium::expel(admin(), OXCART, H256::zero()), refused);
        assert_noop!(Consortium::renew(admin(), OXCART, None), refused);
    });
}

#[test]
fn an_applicant_needs_a_name_papers_and_a_treasury_of_its_own() {
    on_chain(|| {
        let bank = || name("Bank");
        assert_noop!(apply_with(name(""), 30, papers(1)), Error::<Test>::BadName);
        assert_noop!(apply_with(name("  "), 30, papers(1)), Error::<Test>::BadName);
        let no_text = vec![0xff].try_into().expect("one byte");
        assert_noop!(apply_with(no_text, 30, papers(1)), Error::<Test>::BadName);
        assert_noop!(apply_with(bank(), SWIFT_TREASURY, papers(1)), Error::<Test>::TreasuryTaken);
        assert_noop!(apply_with(bank(), 30, papers(0)), Error::<Test>::NoPapers);
        assert_ok!(apply_with(bank(), 30, papers(16)));
        assert_noop!(apply_with(bank(), 30, papers(1)), Error::<Test>::AlreadyApplied);
    });
}

#[test]
fn a_treasury_that_was_taken_meanwhile_keeps_the_applicant_out() {
    on_chain(|| {
        let first = apply(APPLICANT);
        let papers = papers(2);
        assert_ok!(Consortium::apply(by(41), name("Oak"), CompanyKind::Bank, 30, papers));
        let second = ApplicationId(first.0 + 1);
        assert_ok!(Consortium::accept_treasury(by(30), second));
        attest(first);
        attest(second);
        assert_ok!(Consortium::admit(root(), first, None, false));
        assert_noop!(Consortium::admit(root(), second, None, false), Error::<Test>::TreasuryTaken);
    });
}

#[test]
fn nobody_is_admitted_with_a_treasury_that_has_not_agreed() {
    on_chain(|| {
        // The treasury is a stranger's: whoever is admitted with it could spend what is in it.
        assert_ok!(apply_with(name("Pine"), STRANGER, papers(2)));
        let application = ApplicationId(0);
        attest(application);
        let admit = || Consortium::admit(root(), application, None, false);
        assert_noop!(admit(), Error::<Test>::TreasuryNotAccepted);

        let accept = |who| Consortium::accept_treasury(by(who), application);
        for another in [APPLICANT, SWIFT_TREASURY, SWIFT_ADMIN] {
            assert_noop!(accept(another), Error::<Test>::NotTreasury);
        }
        assert_noop!(
            Consortium::accept_treasury(by(STRANGER), ApplicationId(9)),
            Error::<Test>::UnknownApplication
        );
        assert_noop!(Consortium::accept_treasury(root(), application), DispatchError::BadOrigin);
        assert_ok!(accept(STRANGER));
        System::assert_last_event(
            Event::<Test>::TreasuryAccepted { application, treasury: STRANGER }.into(),
        );
        assert_noop!(accept(STRANGER), Error::<Test>::AlreadyAccepted);

        assert_ok!(admit());
        assert_eq!(Consortium::treasury(PINE), Ok(STRANGER));
        assert_eq!(AcceptedTreasuries::<Test>::iter().count(), 0);
        assert_noop!(accept(STRANGER), Error::<Test>::UnknownApplication);
    });
}

#[test]
fn an_applicant_that_is_the_treasury_agreed_by_applying() {
    on_chain(|| {
        assert_ok!(apply_with(name("Pine"), APPLICANT, papers(2)));
        let application = ApplicationId(0);
        assert_noop!(
            Consortium::accept_treasury(by(APPLICANT), application),
            Error::<Test>::AlreadyAccepted
        );
        attest(application);
        assert_ok!(Consortium::admit(root(), application, None, false));
        assert_eq!(Consortium::treasury(PINE), Ok(APPLICANT));
    });
}

#[test]
fn a_treasury_agrees_to_one_application_alone() {
    on_chain(|| {
        let first = apply(APPLICANT);
        assert_ok!(Consortium::withdraw_application(by(APPLICANT), first));
        assert_eq!(AcceptedTreasuries::<Test>::iter().count(), 0);

        assert_ok!(apply_with(name("Pine"), APPLICANT - 1, papers(2)));
        let second = ApplicationId(first.0 + 1);
        attest(second);
        assert_noop!(
            Consortium::admit(root(), second, None, false),
            Error::<Test>::TreasuryNotAccepted
        );
    });
}

#[test]
fn there_is_a_limit_of_applications_and_an_old_one_can_be_closed() {
    on_chain(|| {
        let first = apply(APPLICANT);
        let second = apply(41);
        let third = || Consortium::apply(by(51), name("Fir"), CompanyKind::Bank, 50, papers(1));
        assert_noop!(third(), Error::<Test>::TooManyApplications);

        // Who is tired of waiting goes.
        assert_ok!(Consortium::withdraw_application(by(41), second));
        System::assert_last_event(
            Event::<Test>::ApplicationClosed { application: second, by: Some(41) }.into(),
        );
        assert_ok!(third());
        let third = ApplicationId(2);

        // The council need not wait.
        assert_ok!(Consortium::withdraw_application(root(), third));
        System::assert_last_event(
            Event::<Test>::ApplicationClosed { application: third, by: None }.into(),
        );

        // Everybody else waits until it is old.
        let life: u64 = <Test as crate::Config>::ApplicationLife::get();
        let close = || Consortium::withdraw_application(by(STRANGER), first);
        Now::set(Now::get() + life - 1);
        assert_noop!(close(), Error::<Test>::NotApplicant);
        Now::set(Now::get() + 1);
        assert_ok!(close());
        assert_noop!(close(), Error::<Test>::UnknownApplication);
        assert_eq!(Applications::<Test>::count(), 0);
    });
}

#[test]
fn whoever_attests_a_paper_last_answers_for_it() {
    on_chain(|| {
        admitted(None);
        let application = apply(41);
        attest(application);
        let again = || Consortium::attest_paper(by(SWIFT_ADMIN), application, 1, SWIFT);
        assert_noop!(again(), Error::<Test>::AlreadyAttested);
        assert_ok!(Consortium::attest_paper(by(APPLICANT), application, 1, PINE));
        System::assert_last_event(
            Event::<Test>::PaperAttested {
                application,
                index: 1,
                company: PINE,
                by: APPLICANT,
                before: Some(SWIFT),
            }
            .into(),
        );
        let Application { papers, .. } = Applications::<Test>::get(application).expect("open");
        assert_eq!(papers.into_inner(), [(paper(0), Some(SWIFT)), (paper(1), Some(PINE))]);
    });
}

#[test]
fn not_everybody_attests() {
    on_chain(|| {
        let application = apply(APPLICANT);
        let attest =
            |who, index, company| Consortium::attest_paper(by(who), application, index, company);
        assert_noop!(attest(STRANGER, 0, SWIFT), Error::<Test>::NoRole);
        grant(SWIFT_ADMIN, CLERK, Permissions::AUDIT, None);
        assert_noop!(attest(CLERK, 0, SWIFT), Error::<Test>::NotPermitted);
        assert_noop!(attest(OXCART_ADMIN, 0, OXCART), Error::<Test>::NotAttester);
        assert_noop!(attest(SWIFT_ADMIN, 2, SWIFT), Error::<Test>::UnknownPaper);
        grant(SWIFT_ADMIN, CLERK, Permissions::ATTEST, None);
        assert_ok!(attest(CLERK, 0, SWIFT));
        assert_noop!(
            Consortium::attest_paper(by(CLERK), ApplicationId(9), 0, SWIFT),
            Error::<Test>::UnknownApplication
        );

        // Not for oneself, and not by a colleague either.
        grant(SWIFT_ADMIN, APPLICANT, Permissions::ATTEST, None);
        assert_noop!(attest(APPLICANT, 1, SWIFT), Error::<Test>::OwnApplication);
        assert_noop!(attest(SWIFT_ADMIN, 1, SWIFT), Error::<Test>::OwnApplication);

        assert_ok!(Consortium::set_active(root(), SWIFT, false));
        assert_noop!(attest(CLERK, 1, SWIFT), Error::<Test>::Suspended);
    });
}

#[test]
fn the_consortium_has_a_limit() {
    on_chain(|| {
        let limit: u32 = <Test as crate::Config>::MaxCompanies::get();
        let register = |treasury: u64| {
            let kind = CompanyKind::Garage;
            Consortium::register(name("One"), kind, treasury, 31, Now::get(), None)
        };
        for company in 3..=limit {
            assert_ok!(register(100 + u64::from(company)));
        }
        assert_noop!(register(200), Error::<Test>::TooManyCompanies);
    });
}

#[test]
fn a_membership_begins_before_it_ends() {
    on_chain(|| {
        let application = apply(APPLICANT);
        attest(application);
        let now = Some(Now::get());
        assert_noop!(
            Consortium::admit(root(), application, now, true),
            Error::<Test>::ExpiryInPast
        );
        assert_noop!(Consortium::renew(root(), SWIFT, now), Error::<Test>::ExpiryInPast);
        assert_noop!(Consortium::renew(root(), PINE, None), Error::<Test>::UnknownCompany);
    });
}

#[test]
fn the_chain_reminds_of_the_end_of_a_membership_and_ends_it_by_itself() {
    on_chain(|| {
        let until = Now::get() + 40 * DAY;
        admitted(Some(until));
        let company = PINE;
        let ending = |days| vec![Event::<Test>::MembershipEnding { company, until, days }];
        assert_eq!(NextLook::<Test>::get(), Now::get() + 10 * DAY);
        assert!(days_later(9).is_empty());
        assert_eq!(days_later(1), ending(30));
        // Once.
        assert!(notices().is_empty());
        assert!(days_later(22).is_empty());
        assert_eq!(days_later(1), ending(7));
        assert_eq!(days_later(6), ending(1));
        assert_ok!(Consortium::authorise(&APPLICANT, PINE, Permissions::FLEET));
        assert!(Council::members().contains(&APPLICANT));

        // The membership is void from its second on, the seat from the block that tells it.
        Now::set(until);
        let lapsed = Error::<Test>::MembershipLapsed;
        assert_noop!(Consortium::authorise(&APPLICANT, PINE, Permissions::FLEET), lapsed);
        assert!(!Consortium::may_act(PINE));
        assert_eq!(notices(), [Event::<Test>::MembershipLapsed { company }]);
        assert!(!Council::members().contains(&APPLICANT));
        assert_eq!(Told::get().last(), Some(&Said::Lapsed(PINE)));
        assert_eq!(NextLook::<Test>::get(), u64::MAX);
        assert!(days_later(100).is_empty());
        // Its money is still its own.
        assert_eq!(Consortium::treasury(PINE), Ok(30));

        // The council revives it.
        let until = in_days(365);
        assert_ok!(Consortium::renew(root(), PINE, until));
        System::assert_last_event(Event::<Test>::MembershipRenewed { company, until }.into());
        assert_ok!(Consortium::authorise(&APPLICANT, PINE, Permissions::FLEET));
        assert!(Council::members().contains(&APPLICANT));
    });
}

#[test]
fn nobody_is_reminded_of_what_was_just_decided() {
    on_chain(|| {
        let until = in_days(20);
        admitted(until);
        assert!(notices().is_empty());
        let until = until.expect("it ends");
        let ending = Event::<Test>::MembershipEnding { company: PINE, until, days: 7 };
        assert_eq!(days_later(13), [ending]);

        // A membership without end is never looked at again, after one idle look.
        assert_ok!(Consortium::renew(root(), PINE, None));
        assert!(days_later(1_000).is_empty());
        assert_eq!(NextLook::<Test>::get(), u64::MAX);
    });
}

#[test]
fn a_chain_that_stood_still_gives_the_last_reminder() {
    on_chain(|| {
        let until = Now::get() + 60 * DAY;
        admitted(Some(until));
        let ending = Event::<Test>::MembershipEnding { company: PINE, until, days: 7 };
        assert_eq!(days_later(54), [ending]);
        assert_eq!(Reminded::<Test>::get(PINE), 2);
        assert_eq!(days_later(30), [Event::<Test>::MembershipLapsed { company: PINE }]);
        assert_eq!(Reminded::<Test>::get(PINE), LAPSED);
    });
}

#[test]
fn a_block_in_which_nothing_is_due_costs_a_look_at_the_time() {
    on_chain(|| {
        let db: RuntimeDbWeight = <Test as frame_system::Config>::DbWeight::get();
        assert_eq!(Consortium::on_initialize(1), db.reads(1));
        admitted(in_days(40));
        assert_eq!(Consortium::on_initialize(1), db.reads(2));
        Now::set(Now::get() + 40 * DAY);
        let looked = Consortium::on_initialize(1);
        assert!(looked.all_gte(Consortium::reseat_weight()));
        assert_ne!(looked, Weight::zero());
    });
}

#[test]
fn every_end_has_its_notices_in_order() {
    let until = 1_700_000_000;
    for given in 0..LAPSED {
        let due = types::next_notice(until, given).expect("one more");
        assert_eq!(types::notices_due(until, due), given + 1);
        assert_eq!(types::notices_due(until, due - 1), given);
    }
    assert_eq!(types::next_notice(until, LAPSED), None);
    // An end within the first month of the epoch does not reach before it.
    assert_eq!(types::next_notice(1, 0), Some(0));
    assert_eq!(types::notices_due(u64::MAX, u64::MAX), LAPSED);
}

#[test]
fn an_expelled_company_is_out_for_good() {
    on_chain(|| {
        admitted(in_days(100));
        grant(SWIFT_ADMIN, CLERK, Permissions::FLEET, None);
        let reason = H256::repeat_byte(7);
        assert_ok!(Consortium::expel(root(), PINE, reason));
        System::assert_has_event(Event::<Test>::CompanyExpelled { company: PINE, reason }.into());
        assert_eq!(Told::get().last(), Some(&Said::Fell(PINE)));

        let expelled = || Error::<Test>::Expelled;
        let all = Permissions::ALL;
        assert_noop!(Consortium::authorise(&APPLICANT, PINE, Permissions::FLEET), expelled());
        assert_noop!(Consortium::kind(PINE), expelled());
        assert_eq!(Consortium::role_of(PINE, &APPLICANT), None);
        assert_noop!(Consortium::set_active(root(), PINE, true), expelled());
        assert_noop!(Consortium::set_active(root(), PINE, false), expelled());
        assert_noop!(Consortium::renew(root(), PINE, None), expelled());
        assert_noop!(Consortium::expel(root(), PINE, reason), expelled());
        assert_noop!(Consortium::appoint_admin(root(), PINE, CLERK), expelled());
        assert_noop!(Consortium::move_seat(root(), PINE, CLERK), expelled());
        assert_noop!(Consortium::grant_role(by(APPLICANT), PINE, CLERK, all, None), expelled());
        // Nothing more is told of it, its seat is free, its money is its own.
        assert!(days_later(200).is_empty());
        assert_eq!(Council::members(), [SWIFT_ADMIN, OXCART_ADMIN]);
        assert_eq!(CompanyOfSeat::<Test>::get(APPLICANT), None);
        assert_eq!(Consortium::treasury(PINE), Ok(30));
        // Its people can apply again, with another treasury.
        assert_noop!(apply_with(name("Pine"), 30, papers(1)), Error::<Test>::TreasuryTaken);
        assert_ok!(apply_with(name("Pine"), 33, papers(1)));
    });
}

#[test]
fn the_founders_sit_in_the_council() {
    on_chain(|| {
        assert_eq!(Council::members(), [SWIFT_ADMIN, OXCART_ADMIN]);
        assert_eq!(Seats::<Test>::get(SWIFT), Some(SWIFT_ADMIN));
        assert_eq!(Companies::<Test>::get(SWIFT).map(|company| company.until), Some(None));
    });
}

#[test]
#[should_panic(expected = "company 'Two' of the genesis")]
fn a_genesis_with_one_account_on_two_seats_is_refused() {
    let kind = CompanyKind::Bank;
    let companies = vec![("One".into(), kind, 1, 9), ("Two".into(), kind, 2, 9)];
    let consortium = crate::GenesisConfig { companies };
    let _ = RuntimeGenesisConfig { consortium, ..Default::default() }.build_storage();
}

#[test]
fn a_suspended_company_has_no_vote() {
    on_chain(|| {
        assert_ok!(Consortium::set_active(root(), SWIFT, false));
        assert_eq!(Council::members(), [OXCART_ADMIN]);
        // Again is the same.
        assert_ok!(Consortium::set_active(root(), SWIFT, false));
        // Somebody must be left to let it act again.
        let last = || Error::<Test>::LastSeat;
        assert_noop!(Consortium::set_active(root(), OXCART, false), last());
        assert_noop!(Consortium::expel(root(), OXCART, H256::zero()), last());
        assert_ok!(Consortium::set_active(root(), SWIFT, true));
        assert_eq!(Council::members(), [SWIFT_ADMIN, OXCART_ADMIN]);
    });
}

#[test]
fn a_council_whose_last_member_lapsed_can_still_renew() {
    on_chain(|| {
        assert_ok!(Consortium::renew(root(), SWIFT, in_days(10)));
        assert_ok!(Consortium::renew(root(), OXCART, in_days(20)));
        let lapsed = |company| Event::<Test>::MembershipLapsed { company };
        days_later(10);
        assert_eq!(Council::members(), [OXCART_ADMIN]);
        assert_eq!(days_later(10), [lapsed(OXCART)]);
        // Nobody is left: all who only lapsed decide, about nothing but their return.
        assert_eq!(Council::members(), [SWIFT_ADMIN, OXCART_ADMIN]);
        assert_noop!(Consortium::set_active(root(), OXCART, false), Error::<Test>::LastSeat);
        assert_ok!(Consortium::renew(root(), SWIFT, None));
        assert_eq!(Council::members(), [SWIFT_ADMIN]);
        assert_ok!(Consortium::expel(root(), OXCART, H256::zero()));
        assert_eq!(Council::members(), [SWIFT_ADMIN]);
    });
}

#[test]
fn a_company_moves_its_seat_and_the_council_helps_who_lost_the_key() {
    on_chain(|| {
        let all = Permissions::ALL;
        let move_by = |who, to| Consortium::move_seat(by(who), SWIFT, to);
        grant(SWIFT_ADMIN, DEPUTY, all, in_days(1));
        grant(SWIFT_ADMIN, CLERK, Permissions::ROLES, None);
        assert_noop!(move_by(DEPUTY, DEPUTY), Error::<Test>::NotKeeper);
        assert_noop!(move_by(CLERK, CLERK), Error::<Test>::NotPermitted);
        assert_noop!(move_by(OXCART_ADMIN, CLERK), Error::<Test>::NoRole);
        // An account votes for one company.
        assert_noop!(move_by(SWIFT_ADMIN, OXCART_ADMIN), Error::<Test>::SeatTaken);

        assert_ok!(move_by(SWIFT_ADMIN, 77));
        System::assert_last_event(
            Event::<Test>::SeatMoved { company: SWIFT, from: Some(SWIFT_ADMIN), to: Some(77) }
                .into(),
        );
        assert_eq!(Council::members(), [OXCART_ADMIN, 77]);

        assert_ok!(Consortium::move_seat(root(), SWIFT, CLERK));
        assert_eq!(Council::members(), [CLERK, OXCART_ADMIN]);
        assert_noop!(
            Consortium::move_seat(root(), CompanyId(9), 77),
            Error::<Test>::UnknownCompany
        );
    });
}

#[test]
fn a_seat_moves_unseen_while_its_company_is_suspended() {
    on_chain(|| {
        assert_ok!(Consortium::set_active(root(), SWIFT, false));
        assert_noop!(Consortium::move_seat(by(SWIFT_ADMIN), SWIFT, 77), Error::<Test>::Suspended);
        assert_ok!(Consortium::move_seat(root(), SWIFT, 77));
        assert_eq!(Council::members(), [OXCART_ADMIN]);
        assert_ok!(Consortium::set_active(root(), SWIFT, true));
        assert_eq!(Council::members(), [OXCART_ADMIN, 77]);
    });
}

#[test]
fn the_council_gives_seats_as_long_as_there_are_some() {
    on_chain(|| {
        let application = apply(APPLICANT);
        attest(application);
        assert_ok!(Consortium::admit(root(), application, None, false));
        // A company cannot take a seat that it was not given.
        assert_noop!(Consortium::move_seat(by(APPLICANT), PINE, APPLICANT), Error::<Test>::NoSeat);
        assert_ok!(Consortium::move_seat(root(), PINE, APPLICANT));
        assert_eq!(Council::members(), [SWIFT_ADMIN, OXCART_ADMIN, APPLICANT]);

        let fourth = apply(41);
        attest(fourth);
        assert_ok!(Consortium::admit(root(), fourth, None, true));
        let fifth = apply(51);
        attest(fifth);
        assert_noop!(Consortium::admit(root(), fifth, None, true), Error::<Test>::TooManySeats);
        assert_ok!(Consortium::admit(root(), fifth, None, false));
    });
}

#[test]
fn an_applicant_that_votes_for_another_company_gets_no_second_seat() {
    on_chain(|| {
        let application = ApplicationId(0);
        let kind = CompanyKind::Garage;
        assert_ok!(Consortium::apply(by(OXCART_ADMIN), name("Two"), kind, 22, papers(2)));
        assert_ok!(Consortium::accept_treasury(by(22), application));
        attest(application);
        assert_noop!(Consortium::admit(root(), application, None, true), Error::<Test>::SeatTaken);
        assert_ok!(Consortium::admit(root(), application, None, false));
    });
}

#[test]
fn observers_are_told_who_comes_and_goes() {
    on_chain(|| {
        admitted(None);
        grant(SWIFT_ADMIN, CLERK, Permissions::FLEET, None);
        // A changed role is no new one.
        grant(SWIFT_ADMIN, CLERK, Permissions::FINANCE, None);
        assert_ok!(Consortium::appoint_admin(root(), SWIFT, DEPUTY));
        assert_ok!(Consortium::revoke_role(by(SWIFT_ADMIN), SWIFT, CLERK));
        // What passes is not told.
        assert_ok!(Consortium::set_active(root(), SWIFT, false));
        let told = [
            Said::Joined(PINE, APPLICANT),
            Said::Joined(SWIFT, CLERK),
            Said::Joined(SWIFT, DEPUTY),
            Said::Left(SWIFT, CLERK),
        ];
        assert_eq!(Told::get(), told);
    });
}

#[test]
fn others_ask_who_may_act_and_with_which_role() {
    on_chain(|| {
        let until = Now::get() + 60;
        grant(SWIFT_ADMIN, CLERK, Permissions::FLEET, Some(until));
        assert!(Consortium::may_act(SWIFT));
        assert!(!Consortium::may_act(PINE));
        assert_eq!(Consortium::role_of(SWIFT, &CLERK), Some(Permissions::FLEET));
        assert_eq!(Consortium::role_of(SWIFT, &STRANGER), None);
        Now::set(until);
        assert_eq!(Consortium::role_of(SWIFT, &CLERK), None);
        assert_ok!(Consortium::set_active(root(), SWIFT, false));
        assert!(!Consortium::may_act(SWIFT));
        assert_eq!(Consortium::role_of(SWIFT, &SWIFT_ADMIN), None);
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
