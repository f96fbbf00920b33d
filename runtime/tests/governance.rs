//! The council changes the rules, and nobody else does.

use codec::{Decode, Encode};
use frame_support::{assert_noop, assert_ok};
use smartlink_runtime::{
    genesis, AccountId, Consortium, Council, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeGenesisConfig, RuntimeOrigin, System,
};
use sp_core::H256;
use sp_genesis_builder::PresetId;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve};
use sp_runtime::{
    traits::{Dispatchable, Hash},
    BuildStorage, DispatchError,
};

/// Puts what a preset says over the defaults.
fn merge(under: &mut serde_json::Value, over: serde_json::Value) {
    match (under, over) {
        (serde_json::Value::Object(under), serde_json::Value::Object(over)) => {
            for (key, value) in over {
                merge(under.entry(key).or_insert(serde_json::Value::Null), value);
            }
        }
        (under, over) => *under = over,
    }
}

fn on_local_chain(story: impl FnOnce()) {
    let preset = genesis::preset(&PresetId::from(genesis::LOCAL)).expect("the preset exists");
    let preset = serde_json::from_slice(&preset).expect("a preset is JSON");
    let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).expect("JSON");
    merge(&mut config, preset);
    let config: RuntimeGenesisConfig = serde_json::from_value(config).expect("a whole genesis");
    let mut chain: sp_io::TestExternalities = config.build_storage().expect("it builds").into();
    chain.execute_with(|| {
        System::set_block_number(1);
        story();
    });
}

fn signed(who: Sr25519Keyring) -> RuntimeOrigin {
    RuntimeOrigin::signed(AccountId::from(who.public()))
}

fn upgrade(code: &[u8]) -> RuntimeCall {
    let code_hash = <Runtime as frame_system::Config>::Hashing::hash(code);
    let authorize = RuntimeCall::System(frame_system::Call::authorize_upgrade { code_hash });
    RuntimeCall::Consortium(pallet_consortium::Call::enact { call: Box::new(authorize) })
}

/// A motion for which these companies vote, closed.
fn decide(motion: RuntimeCall, voters: &[Sr25519Keyring]) -> Result<(), DispatchError> {
    let (hash, bytes) = (
        <Runtime as frame_system::Config>::Hashing::hash_of(&motion),
        motion.encoded_size() as u32,
    );
    let threshold = voters.len() as u32;
    Council::propose(signed(voters[0]), threshold, Box::new(motion), bytes)
        .map_err(|failed| failed.error)?;
    let index =
        pallet_collective::ProposalCount::<Runtime, pallet_collective::Instance1>::get() - 1;
    for voter in voters {
        Council::vote(signed(*voter), hash, index, true).map_err(|failed| failed.error)?;
    }
    let weight = <Runtime as pallet_collective::Config<pallet_collective::Instance1>>::MaxProposalWeight::get();
    Council::close(signed(voters[0]), hash, index, weight, bytes).map_err(|failed| failed.error)?;
    Ok(())
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
fn nobody_burns_money_and_no_validator_drops_its_keys() {
    on_local_chain(|| {
        let burn =
            RuntimeCall::Balances(pallet_balances::Call::burn { value: 1, keep_alive: true });
        let purge = RuntimeCall::Session(pallet_session::Call::purge_keys {});
        for call in [burn, purge] {
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
