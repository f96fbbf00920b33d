//! The treasury of a company: three people hold it together, a hot key pays from it within a limit, and the cold ones replace that
//! key when it is lost.

mod support;

use frame_support::{assert_noop, assert_ok};
use pallet_consortium::{ApplicationId, Name, Paper, PaperKind};
use pallet_multisig::Timepoint;
use smartlink_primitives::{traits::Companies, CompanyId, CompanyKind};
use smartlink_runtime::{
    configs::{ProxyType, CNY},
    AccountId, Balances, Consortium, Multisig, Proxy, Runtime, RuntimeCall, RuntimeEvent, System,
};
use sp_core::H256;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve, Ferdie};
use sp_runtime::{
    traits::{Dispatchable, Hash},
    DispatchError, Weight,
};
use support::{decide, on_local_chain, signed};

/// Those who hold the treasury; two of them decide.
const COLD: [Sr25519Keyring; 3] = [Alice, Bob, Charlie];
const TWO: u16 = 2;
/// What the hot key may pay in one transfer.
const MOST: u128 = 1_000 * CNY;
/// How long a payment above that waits, in blocks, so that somebody can object.
const DELAY: u32 = 10;

fn account(who: Sr25519Keyring) -> AccountId {
    AccountId::from(who.public())
}

fn sorted(mut accounts: Vec<AccountId>) -> Vec<AccountId> {
    accounts.sort();
    accounts
}

fn treasury() -> AccountId {
    Multisig::multi_account_id(&sorted(COLD.map(account).to_vec()), TWO)
}

/// Two of the holders let the treasury do something.
fn decides(call: RuntimeCall) {
    let weight = Weight::from_parts(10_000_000_000, 1_000_000);
    let others = |one: Sr25519Keyring| {
        sorted(COLD.iter().filter(|other| **other != one).map(|other| account(*other)).collect())
    };
    let hash = <Runtime as frame_system::Config>::Hashing::hash_of(&call);
    assert_ok!(Multisig::approve_as_multi(
        signed(COLD[0]),
        TWO,
        others(COLD[0]),
        None,
        hash.0,
        weight
    ));
    let began = Timepoint { height: System::block_number(), index: 0 };
    let call = Box::new(call);
    assert_ok!(Multisig::as_multi(
        signed(COLD[1]),
        TWO,
        others(COLD[1]),
        Some(began),
        call,
        weight
    ));
    System::assert_has_event(RuntimeEvent::Multisig(pallet_multisig::Event::MultisigExecuted {
        approving: account(COLD[1]),
        timepoint: began,
        multisig: treasury(),
        call_hash: hash.0,
        result: Ok(()),
    }));
    // Each decision has a timepoint of its own.
    System::set_block_number(System::block_number() + 1);
}

fn add(delegate: Sr25519Keyring, proxy_type: ProxyType, delay: u32) -> RuntimeCall {
    RuntimeCall::Proxy(pallet_proxy::Call::add_proxy {
        delegate: account(delegate).into(),
        proxy_type,
        delay,
    })
}

fn pay(to: Sr25519Keyring, value: u128) -> Box<RuntimeCall> {
    Box::new(RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive {
        dest: account(to).into(),
        value,
    }))
}

/// What came of the last call through a proxy.
fn outcome() -> Option<Result<(), DispatchError>> {
    let events = System::events();
    events.into_iter().rev().find_map(|record| match record.event {
        RuntimeEvent::Proxy(pallet_proxy::Event::ProxyExecuted { result }) => Some(result),
        _ => None,
    })
}

/// A treasury with money, whose hot key is Dave's.
fn with_hot_key(story: impl FnOnce()) {
    on_local_chain(|| {
        assert_ok!(Balances::transfer_keep_alive(
            signed(Alice),
            treasury().into(),
            1_000_000 * CNY
        ));
        decides(add(Dave, ProxyType::Spending { most: MOST }, 0));
        story();
    });
}

#[test]
fn a_treasury_of_several_agrees_to_the_company_that_joins_with_it() {
    on_local_chain(|| {
        let licence = Paper { kind: PaperKind::BusinessLicence, hash: H256::repeat_byte(1) };
        let papers = vec![licence].try_into().expect("one paper fits");
        let name = Name::truncate_from(b"Ferne Fracht".to_vec());
        let (kind, insurer) = (CompanyKind::Carrier, CompanyId(4));
        assert_ok!(Consortium::apply(signed(Eve), name, kind, treasury(), papers));
        let application = ApplicationId(0);
        assert_ok!(Consortium::attest_paper(signed(Dave), application, 0, insurer));
        let admit = || {
            RuntimeCall::Consortium(pallet_consortium::Call::admit {
                application,
                until: None,
                seat: false,
            })
        };
        let joined = CompanyId(5);
        assert_ok!(decide(admit(), &COLD));
        assert!(Consortium::treasury(joined).is_err());

        decides(RuntimeCall::Consortium(pallet_consortium::Call::accept_treasury { application }));
        assert_ok!(decide(admit(), &COLD));
        assert_eq!(Consortium::treasury(joined), Ok(treasury()));
    });
}

#[test]
fn the_hot_key_pays_up_to_its_limit_and_does_nothing_else() {
    with_hot_key(|| {
        let before = Balances::free_balance(account(Ferdie));
        assert_ok!(Proxy::proxy(signed(Dave), treasury().into(), None, pay(Ferdie, MOST)));
        assert_eq!(outcome(), Some(Ok(())));
        assert_eq!(Balances::free_balance(account(Ferdie)), before + MOST);

        let filtered: DispatchError = frame_system::Error::<Runtime>::CallFiltered.into();
        let batch =
            RuntimeCall::Utility(pallet_utility::Call::batch { calls: vec![*pay(Ferdie, 1)] });
        let all = RuntimeCall::Balances(pallet_balances::Call::transfer_all {
            dest: account(Dave).into(),
            keep_alive: false,
        });
        for call in [
            *pay(Ferdie, MOST + 1),
            batch,
            all,
            add(Ferdie, ProxyType::Any, 0),
            add(Ferdie, ProxyType::Spending { most: u128::MAX }, 0),
        ] {
            System::reset_events();
            assert_ok!(Proxy::proxy(signed(Dave), treasury().into(), None, Box::new(call)));
            assert_eq!(outcome(), Some(Err(filtered)));
        }
        assert_eq!(Balances::free_balance(account(Ferdie)), before + MOST);
    });
}

#[test]
fn a_lost_hot_key_is_replaced_by_the_cold_ones() {
    with_hot_key(|| {
        decides(RuntimeCall::Proxy(pallet_proxy::Call::remove_proxy {
            delegate: account(Dave).into(),
            proxy_type: ProxyType::Spending { most: MOST },
            delay: 0,
        }));
        decides(add(Eve, ProxyType::Spending { most: MOST }, 0));
        assert_noop!(
            Proxy::proxy(signed(Dave), treasury().into(), None, pay(Dave, 1)),
            pallet_proxy::Error::<Runtime>::NotProxy
        );
        // Who finds the key of the new one needs money of its own only for fees that no allowance bears.
        assert_ok!(Proxy::proxy(signed(Eve), treasury().into(), None, pay(Ferdie, MOST)));
        assert_eq!(outcome(), Some(Ok(())));
    });
}

#[test]
fn what_a_delayed_key_announced_can_be_refused_by_the_treasury() {
    with_hot_key(|| {
        // A proxy with a delay is a limit in time: larger payments are announced.
        let large = ProxyType::Spending { most: 100 * MOST };
        decides(add(Dave, large, DELAY));
        let payment = *pay(Dave, 50 * MOST);
        let hash = <Runtime as frame_system::Config>::Hashing::hash_of(&payment);
        assert_ok!(Proxy::announce(signed(Dave), treasury().into(), hash));
        let early = |payment: RuntimeCall| {
            let dispatched = RuntimeCall::Proxy(pallet_proxy::Call::proxy_announced {
                delegate: account(Dave).into(),
                real: treasury().into(),
                force_proxy_type: Some(large),
                call: Box::new(payment),
            });
            dispatched.dispatch(signed(Dave)).map(|_| ()).map_err(|failed| failed.error)
        };
        let unannounced: DispatchError = pallet_proxy::Error::<Runtime>::Unannounced.into();
        assert_eq!(early(payment.clone()), Err(unannounced), "the delay is not over");
        decides(RuntimeCall::Proxy(pallet_proxy::Call::reject_announcement {
            delegate: account(Dave).into(),
            call_hash: hash,
        }));
        System::set_block_number(System::block_number() + DELAY);
        assert_eq!(early(payment.clone()), Err(unannounced), "it was refused");

        assert_ok!(Proxy::announce(signed(Dave), treasury().into(), hash));
        System::set_block_number(System::block_number() + DELAY);
        System::reset_events();
        assert_ok!(early(payment));
        assert_eq!(outcome(), Some(Ok(())), "nobody objected");
    });
}
