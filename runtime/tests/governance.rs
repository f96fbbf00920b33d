//! The council changes the rules, and nobody else does.

mod support;

use codec::Decode;
use frame_support::{assert_noop, assert_ok};
use smartlink_runtime::{Consortium, Runtime, RuntimeCall, RuntimeEvent, System};
use sp_core::H256;
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie, Dave, Eve};
use sp_runtime::{
    traits::{Dispatchable, Hash},
    DispatchError,
};
use support::{decide, on_local_chain, signed};

fn upgrade(code: &[u8]) -> RuntimeCall {
    let code_hash = <Runtime as frame_system::Config>::Hashing::hash(code);
    let authorize = RuntimeCall::System(frame_system::Call::authorize_upgrade { code_hash });
    RuntimeCall::Consortium(pallet_consortium::Call::enact { call: Box::new(authorize) })
}

fn authorized() -> Option<H256> {
    System::authorized_upgrade().map(|upgrade| *upgrade.code_hash())
}

#[test]
fn three_of_four_companies_authorise_an_upgrade() {
    on_local_chain(|| {
        assert_ok!(decide(upgrade(b"the next runtime"), &[Alice, Bob, Charlie]));
        System::assert_has_event(RuntimeEvent::Consortium(pallet_consortium::Event::Enacted {
            result: Ok(()),
        }));
        assert!(authorized().is_some());
    });
}

#[test]
fn two_of_four_companies_change_no_rules() {
    on_local_chain(|| {
        assert_ok!(decide(upgrade(b"a coup"), &[Alice, Dave]));
        System::assert_has_event(RuntimeEvent::Council(pallet_collective::Event::Executed {
            proposal_hash: <Runtime as frame_system::Config>::Hashing::hash_of(&upgrade(b"a coup")),
            result: Err(DispatchError::BadOrigin),
        }));
        assert_eq!(authorized(), None);
        assert_noop!(
            Consortium::enact(
                signed(Eve),
                Box::new(RuntimeCall::System(frame_system::Call::remark { remark: vec![] }))
            ),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn nobody_burns_money_drops_a_validators_keys_or_names_the_council() {
    on_local_chain(|| {
        let burn =
            RuntimeCall::Balances(pallet_balances::Call::burn { value: 1, keep_alive: true });
        let purge = RuntimeCall::Session(pallet_session::Call::purge_keys {});
        let council = RuntimeCall::Council(pallet_collective::Call::set_members {
            new_members: vec![],
            prime: None,
            old_count: 4,
        });
        for call in [burn, purge, council] {
            let refused = call.dispatch(signed(Alice)).expect_err("the call is filtered");
            assert_eq!(refused.error, frame_system::Error::<Runtime>::CallFiltered.into());
        }
    });
}

/// Bytes that somebody sends as an extrinsic decode or fail; nothing panics.
#[test]
fn any_bytes_as_an_extrinsic_are_decoded_or_refused() {
    bolero::check!().for_each(|bytes: &[u8]| {
        let _ = smartlink_runtime::UncheckedExtrinsic::decode(&mut &bytes[..]);
        let _ = RuntimeCall::decode(&mut &bytes[..]);
    });
}
