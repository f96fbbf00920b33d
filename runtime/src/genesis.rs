//! Genesis presets: `development` with one validator, `local` with four companies and a validator each.
//!
//! Both hold the same four companies, whose keys everybody knows. `local` keeps strangers out, as a consortium does that moves real
//! money; `development` is open. A real one starts from a file of its own.

use crate::{
    configs::CNY, AccountId, BabeConfig, BalancesConfig, ConsortiumConfig, NodesConfig,
    RuntimeGenesisConfig, SessionConfig, SessionKeys, ValidatorsConfig,
};
use alloc::{string::String, vec, vec::Vec};
use frame_support::build_struct_json_patch;
use pallet_nodes::{NodeKey, NodeKind};
use smartlink_primitives::{CompanyId, CompanyKind};
use sp_consensus_babe::{AllowedSlots, BabeEpochConfiguration};
use sp_consensus_beefy::ecdsa_crypto::AuthorityId as BeefyId;
use sp_core::ecdsa;
use sp_genesis_builder::PresetId;
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// One chance in four that a slot has an elected author; the others take turns.
pub const BABE_EPOCH: BabeEpochConfiguration =
    BabeEpochConfiguration { c: (1, 4), allowed_slots: AllowedSlots::PrimaryAndSecondaryVRFSlots };

/// One validator, of the first company.
pub const DEVELOPMENT: &str = "development";

/// Four validators, one of each company.
pub const LOCAL: &str = "local";

/// What each company's treasury holds: a billion CNY.
const ENDOWMENT: u128 = 1_000_000_000 * CNY;

/// A company whose keys everybody knows.
struct Founder {
    name: &'static str,
    kind: CompanyKind,
    /// Treasury, first administrator and member of the council.
    owner: Sr25519Keyring,
    /// The validator's account.
    validator: Sr25519Keyring,
    /// The validator's keys for BABE and authority discovery.
    sr25519: Sr25519Keyring,
    /// Its key for GRANDPA.
    ed25519: Ed25519Keyring,
    /// The public key of its node on the network: that of the ed25519 key 1, 2, 3 or 4.
    node: [u8; 32],
    /// Its key for BEEFY: the compressed public key of the same name, which `sp_keyring` lacks.
    ecdsa: [u8; 33],
}

const fn hex<const N: usize>(text: &str) -> [u8; N] {
    match const_hex(text.as_bytes()) {
        Some(bytes) => bytes,
        None => panic!("a key is written in lower case hexadecimal"),
    }
}

const fn const_hex<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    if text.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    let mut at = 0;
    while at < text.len() {
        let digit = match text[at] {
            byte @ b'0'..=b'9' => byte - b'0',
            byte @ b'a'..=b'f' => byte - b'a' + 10,
            _ => return None,
        };
        bytes[at / 2] = bytes[at / 2] << 4 | digit;
        at += 1;
    }
    Some(bytes)
}

const FOUNDERS: [Founder; 4] = [
    Founder {
        name: "Shenxing Mobility",
        kind: CompanyKind::Platform,
        owner: Sr25519Keyring::Alice,
        validator: Sr25519Keyring::AliceStash,
        sr25519: Sr25519Keyring::Alice,
        ed25519: Ed25519Keyring::Alice,
        node: hex("4cb5abf6ad79fbf5abbccafcc269d85cd2651ed4b885b5869f241aedf0a5ba29"),
        ecdsa: hex("020a1091341fe5664bfa1782d5e04779689068c916b04cb365ec3153755684d9a1"),
    },
    Founder {
        name: "Xinghe Ride",
        kind: CompanyKind::Platform,
        owner: Sr25519Keyring::Bob,
        validator: Sr25519Keyring::BobStash,
        sr25519: Sr25519Keyring::Bob,
        ed25519: Ed25519Keyring::Bob,
        node: hex("7422b9887598068e32c4448a949adb290d0f4e35b9e01b0ee5f1a1e600fe2674"),
        ecdsa: hex("0390084fdbf27d2b79d26a4f13f0ccd982cb755a661969143c37cbc49ef5b91f27"),
    },
    Founder {
        name: "Huayun Fleet",
        kind: CompanyKind::Carrier,
        owner: Sr25519Keyring::Charlie,
        validator: Sr25519Keyring::CharlieStash,
        sr25519: Sr25519Keyring::Charlie,
        ed25519: Ed25519Keyring::Charlie,
        node: hex("f381626e41e7027ea431bfe3009e94bdd25a746beec468948d6c3c7c5dc9a54b"),
        ecdsa: hex("0389411795514af1627765eceffcbd002719f031604fadd7d188e2dc585b4e1afb"),
    },
    Founder {
        name: "Anxin Insurance",
        kind: CompanyKind::Insurer,
        owner: Sr25519Keyring::Dave,
        validator: Sr25519Keyring::DaveStash,
        sr25519: Sr25519Keyring::Dave,
        ed25519: Ed25519Keyring::Dave,
        node: hex("fd50b8e3b144ea244fbf7737f550bc8dd0c2650bbc1aada833ca17ff8dbf329b"),
        ecdsa: hex("03bc9d0ca094bd5b8b3225d7651eac5d18c1c04bf8ae8f8b263eebca4e1410ed0c"),
    },
];

impl Founder {
    fn owner(&self) -> AccountId {
        self.owner.to_account_id()
    }

    fn validator(&self) -> AccountId {
        self.validator.to_account_id()
    }

    fn registered(&self, company: CompanyId) -> (NodeKey, CompanyId, NodeKind, String) {
        (NodeKey(self.node), company, NodeKind::Validator, self.name.into())
    }

    fn session_keys(&self) -> SessionKeys {
        SessionKeys {
            babe: self.sr25519.public().into(),
            grandpa: self.ed25519.public().into(),
            beefy: BeefyId::from(ecdsa::Public::from_raw(self.ecdsa)),
            authority_discovery: self.sr25519.public().into(),
        }
    }
}

/// The genesis of all four companies, of which the first `validators` run a validator.
fn genesis(validators: usize) -> serde_json::Value {
    let founders = || FOUNDERS.iter();
    let running = || (1u32..).zip(founders()).take(validators);
    let companies: Vec<(String, CompanyKind, AccountId, AccountId)> =
        founders().map(|f| (f.name.into(), f.kind, f.owner(), f.owner())).collect();
    build_struct_json_patch!(RuntimeGenesisConfig {
        balances: BalancesConfig {
            balances: founders()
                .flat_map(|f| [(f.owner(), ENDOWMENT), (f.validator(), 1_000 * CNY)])
                .collect::<Vec<_>>(),
        },
        consortium: ConsortiumConfig { companies },
        nodes: NodesConfig {
            permissioned: validators > 1,
            nodes: (1u32..)
                .zip(founders())
                .map(|(id, f)| f.registered(CompanyId(id)))
                .collect::<Vec<_>>(),
        },
        validators: ValidatorsConfig {
            validators: running().map(|(id, f)| (f.validator(), CompanyId(id))).collect::<Vec<_>>(),
        },
        session: SessionConfig {
            keys: running()
                .map(|(_, f)| (f.validator(), f.validator(), f.session_keys()))
                .collect::<Vec<_>>(),
        },
        babe: BabeConfig { epoch_config: BABE_EPOCH },
    })
}

/// The names of the presets.
pub fn preset_names() -> Vec<PresetId> {
    vec![PresetId::from(DEVELOPMENT), PresetId::from(LOCAL)]
}

/// A preset as JSON.
pub fn preset(id: &PresetId) -> Option<Vec<u8>> {
    let id: &str = id.as_ref();
    let patch = match id {
        DEVELOPMENT => genesis(1),
        LOCAL => genesis(FOUNDERS.len()),
        _ => return None,
    };
    serde_json::to_string(&patch).ok().map(String::into_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_core::Pair;

    /// A node started with `--alice` signs for BEEFY with the key of that name.
    #[test]
    fn the_beefy_keys_are_those_of_the_names() {
        for founder in &FOUNDERS {
            let uri = alloc::format!("//{}", founder.owner);
            let pair = ecdsa::Pair::from_string(&uri, None).expect("a name of the keyring");
            assert_eq!(pair.public().0, founder.ecdsa, "{uri}");
        }
    }

    /// The node keys that development networks are started with.
    #[test]
    fn the_node_keys_are_one_two_three_and_four() {
        for (number, founder) in (1..).zip(&FOUNDERS) {
            let mut seed = [0; 32];
            seed[31] = number;
            let pair = sp_core::ed25519::Pair::from_seed(&seed);
            assert_eq!(pair.public().0, founder.node, "{}", founder.name);
        }
    }
}
