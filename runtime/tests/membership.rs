//! A company joins, has its place in the council, its machines and its allowance, and loses all of it when it is expelled.

mod support;

use frame_support::{assert_noop, assert_ok};
use pallet_consortium::{ApplicationId, Name, Paper, PaperKind};
use pallet_nodes::{NodeKey, NodeKind};
use smartlink_primitives::{traits::Companies, CompanyId, CompanyKind, Permissions};
use smartlink_runtime::{
    AccountId, Allowance, Consortium, Council, Drivers, Nodes, Runtime, RuntimeCall, RuntimeEvent,
    Settlement, System,
};
use sp_core::H256;
use sp_keyring::Sr25519Keyring::{
    self, Alice, AliceStash, Bob, BobStash, Charlie, Dave, Eve, Ferdie, One,
};
use sp_runtime::traits::Hash;
use support::{decide, on_local_chain, signed};

/// The insurer among the founders: Dave's.
const INSURER: CompanyId = CompanyId(4);
/// The company that joins: Eve's.
const FIFTH: CompanyId = CompanyId(5);
const KEY: NodeKey = NodeKey([7; 32]);

fn account(who: Sr25519Keyring) -> AccountId {
    AccountId::from(who.public())
}

fn members() -> Vec<AccountId> {
    pallet_collective::Members::<Runtime, pallet_collective::Instance1>::get()
}

/// Eve applies with a licence.
fn apply(treasury: AccountId) -> ApplicationId {
    let licence = Paper { kind: PaperKind::BusinessLicence, hash: H256::repeat_byte(1) };
    let name = Name::truncate_from("Ferne Fracht".as_bytes().to_vec());
    let papers = vec![licence].try_into().expect("one paper fits");
    assert_ok!(Consortium::apply(signed(Eve), name, CompanyKind::Carrier, treasury, papers));
    pallet_consortium::ApplicationOf::<Runtime>::get(account(Eve)).expect("it is there")
}

/// The motion to admit a company with a seat.
fn admission(application: ApplicationId) -> RuntimeCall {
    RuntimeCall::Consortium(pallet_consortium::Call::admit { application, until: None, seat: true })
}

/// Eve applies, the insurer attests her licence, and three companies admit her company with a seat.
fn fifth_joins() {
    let application = apply(account(Eve));
    let admit = admission(application);
    // Before its papers are attested nobody is admitted, whoever votes for it.
    assert_ok!(decide(admit.clone(), &[Alice, Bob, Charlie]));
    assert!(!Consortium::may_act(FIFTH));
    assert_ok!(Consortium::attest_paper(signed(Dave), application, 0, INSURER));
    System::set_block_number(System::block_number() + 1);
    assert_ok!(decide(admit, &[Alice, Bob, Charlie]));
    assert!(Consortium::may_act(FIFTH));
}

#[test]
fn a_fifth_company_votes_and_runs_nodes_from_its_admission_to_its_expulsion() {
    on_local_chain(|| {
        assert_eq!(members().len(), 4);
        fifth_joins();
        assert!(members().contains(&account(Eve)) && members().len() == 5);
        assert!(Council::is_member(&account(Eve)));

        let label = b"validator".to_vec().try_into().expect("it fits");
        assert_ok!(Nodes::register(signed(Eve), FIFTH, KEY, NodeKind::Full, label));
        let admitted = Nodes::admitted().expect("the network is closed");
        assert!(admitted.contains(&KEY) && admitted.len() == 5);
        assert_eq!(Allowance::payer(&account(Eve)), Some(FIFTH));

        let expel = RuntimeCall::Consortium(pallet_consortium::Call::expel {
            company: FIFTH,
            reason: H256::repeat_byte(2),
        });
        // Two thirds of five are four.
        assert_ok!(decide(expel.clone(), &[Alice, Bob, Charlie]));
        assert!(Consortium::may_act(FIFTH));
        System::set_block_number(System::block_number() + 1);
        assert_ok!(decide(expel, &[Alice, Bob, Charlie, Dave]));
        assert!(!members().contains(&account(Eve)) && members().len() == 4);
        assert!(!Nodes::admitted().expect("the network is closed").contains(&KEY));
        assert_eq!(Allowance::payer(&account(Eve)), None);
        assert!(Consortium::authorise(&account(Eve), FIFTH, Permissions::ROLES).is_err());
    });
}

#[test]
fn whoever_acts_for_a_company_is_a_member_and_a_driver_is_none() {
    on_local_chain(|| {
        let company = CompanyId(1);
        let member = |who| Allowance::member(&account(who));
        assert_ok!(Drivers::enrol(signed(Alice), company, account(Ferdie)));
        let audit = Permissions::AUDIT;
        assert_ok!(Consortium::grant_role(signed(Alice), company, account(Eve), audit, None));
        // A driver, a clerk, a treasury and a validator's account.
        assert_eq!(Allowance::payer(&account(Ferdie)), Some(company));
        assert_eq!(member(Ferdie), None);
        for who in [Eve, Alice, AliceStash] {
            assert_eq!(member(who), Some(company), "{who}");
        }
        assert_eq!((member(One), member(BobStash)), (None, Some(CompanyId(2))));

        let suspend =
            RuntimeCall::Consortium(pallet_consortium::Call::set_active { company, active: false });
        assert_ok!(decide(suspend, &[Bob, Charlie, Dave]));
        for who in [Eve, Alice, AliceStash] {
            assert_eq!(member(who), None, "{who}");
        }
    });
}

/// What is in the clearing account of a platform would be the new company's to spend. Nobody can sign for that account.
#[test]
fn nobody_joins_with_the_money_of_others_as_its_treasury() {
    on_local_chain(|| {
        let clearing = Settlement::clearing_account(CompanyId(1));
        let application = apply(clearing);
        assert_ok!(Consortium::attest_paper(signed(Dave), application, 0, INSURER));
        for another in [Eve, Alice] {
            assert_noop!(
                Consortium::accept_treasury(signed(another), application),
                pallet_consortium::Error::<Runtime>::NotTreasury
            );
        }
        let admit = admission(application);
        assert_ok!(decide(admit.clone(), &[Alice, Bob, Charlie, Dave]));
        System::assert_has_event(RuntimeEvent::Council(pallet_collective::Event::Executed {
            proposal_hash: <Runtime as frame_system::Config>::Hashing::hash_of(&admit),
            result: Err(pallet_consortium::Error::<Runtime>::TreasuryNotAccepted.into()),
        }));
        assert!(!Consortium::may_act(FIFTH));
    });
}

#[test]
fn who_lost_the_key_of_a_seat_gets_another_one_from_the_council() {
    on_local_chain(|| {
        let company = CompanyId(1);
        assert_noop!(
            Consortium::move_seat(signed(Ferdie), company, account(Ferdie)),
            pallet_consortium::Error::<Runtime>::NoRole
        );
        let appoint = RuntimeCall::Consortium(pallet_consortium::Call::appoint_admin {
            company,
            who: account(Ferdie),
        });
        assert_ok!(decide(appoint, &[Bob, Charlie, Dave]));
        assert_ok!(Consortium::move_seat(signed(Ferdie), company, account(Ferdie)));
        assert!(members().contains(&account(Ferdie)) && !members().contains(&account(Alice)));
        assert_eq!(members().len(), 4);
    });
}
