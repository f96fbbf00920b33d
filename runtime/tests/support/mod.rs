//! The chain of the preset `local`, and its council.

// Each test binary uses a part of this.
#![allow(dead_code)]

pub mod blocks;
pub mod business;

use codec::Encode;
use smartlink_runtime::{
    genesis, AccountId, Council, Runtime, RuntimeCall, RuntimeGenesisConfig, RuntimeOrigin, System,
};
use sp_genesis_builder::PresetId;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{traits::Hash, BuildStorage, DispatchError, Storage};
use std::sync::LazyLock;

/// The state after the genesis.
static GENESIS: LazyLock<Storage> = LazyLock::new(genesis_state);

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

fn genesis_state() -> Storage {
    let preset = genesis::preset(&PresetId::from(genesis::LOCAL)).expect("the preset exists");
    let preset = serde_json::from_slice(&preset).expect("a preset is JSON");
    let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).expect("JSON");
    merge(&mut config, preset);
    let config: RuntimeGenesisConfig = serde_json::from_value(config).expect("a whole genesis");
    config.build_storage().expect("it builds")
}

/// A fresh chain.
pub fn local_chain() -> sp_io::TestExternalities {
    GENESIS.clone().into()
}

/// Tells a story on a fresh chain.
pub fn on_local_chain(story: impl FnOnce()) {
    local_chain().execute_with(|| {
        System::set_block_number(1);
        story();
    });
}

/// Somebody's signature.
pub fn signed(who: Sr25519Keyring) -> RuntimeOrigin {
    RuntimeOrigin::signed(AccountId::from(who.public()))
}

/// A motion for which these companies vote, closed.
pub fn decide(motion: RuntimeCall, voters: &[Sr25519Keyring]) -> Result<(), DispatchError> {
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
