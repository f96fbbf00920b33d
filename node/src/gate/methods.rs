//! What the gate answers without a token, and what a member waits for or is refused.
//!
//! A stranger may sign and send, check a proof, and see whether the node is well. Nothing here tells what a company does: no
//! block's content, no state, no event, no pending transaction, no peer.
//!
//! Left out on purpose: `state_call` and everything of `chainHead_v1_*` and `archive_v1_*`, which read the state;
//! `chain_getBlock`, `author_pendingExtrinsics` and `mmr_generateProof`, for a bundle brings its proof along;
//! `grandpa_proveFinality`, which may answer with a hundred thousand headers; and `transaction_v1_broadcast`, which
//! goes on after the request: over HTTP nothing would ever stop it.

use serde_json::Value;

/// A method that is open to everybody.
#[derive(Clone, Copy, Debug)]
pub struct Open {
    /// Its name.
    pub name: &'static str,
    /// What it takes of a stranger's [`Rate`](super::rate::Rate), besides one for each KiB of its parameters.
    pub units: u32,
}

const fn open(name: &'static str, units: u32) -> Open {
    Open { name, units }
}

/// All of them.
pub const OPEN: &[Open] = &[
    // Whether this is the right node, and well: its software, its chain's name and token, the number of its peers.
    open("rpc_methods", 1), // with this list alone
    open("system_health", 1),
    open("system_name", 1),
    open("system_version", 1),
    open("system_chain", 1),
    open("system_chainType", 1),
    open("system_properties", 1),
    open("chainSpec_v1_chainName", 1),
    open("chainSpec_v1_genesisHash", 1),
    open("chainSpec_v1_properties", 1),
    // What a signature covers: genesis, a recent block, the runtime's version, the shape of calls, the account's nonce.
    open("chain_getBlockHash", 1),
    open("chain_getHeader", 1),
    open("chain_getFinalizedHead", 1),
    open("chain_subscribeFinalizedHeads", 1),
    open("chain_unsubscribeFinalizedHeads", 1),
    open("state_getRuntimeVersion", 1),
    open("state_subscribeRuntimeVersion", 1), // wallets do not start without it
    open("state_unsubscribeRuntimeVersion", 1),
    open("state_getMetadata", 20), // hundreds of KiB, once in a session
    open("system_accountNextIndex", 1),
    open("payment_queryInfo", 4), // what this transaction would cost; runs the runtime
    // To send, and to learn what became of what one sent.
    open("author_submitExtrinsic", 4), // is executed once, to see whether it is valid
    open("author_submitAndWatchExtrinsic", 4),
    open("author_unwatchExtrinsic", 1),
    open("transactionWatch_v1_submitAndWatch", 4),
    open("transactionWatch_v1_unwatch", 1),
    // What a proof is checked against: roots, which are hashes, and who signed them.
    open("beefy_getFinalizedHead", 1),
    open("beefy_subscribeJustifications", 1),
    open("beefy_unsubscribeJustifications", 1),
    open("mmr_root", 2),
    open("mmr_verifyProof", 8), // hashes what the caller brings
    open("mmr_verifyProofStateless", 8),
    open("smartlink_checkpointRoot", 2),
];

/// The method of this name, when it is open.
pub fn find(name: &str) -> Option<&'static Open> {
    OPEN.iter().find(|open| open.name == name)
}

/// Whether a method may keep a thread for long, because it reads the state, runs the runtime or makes a proof.
pub fn reads(name: &str) -> bool {
    const FAMILIES: [&str; 5] = ["state_", "childstate_", "archive_v1_", "smartlink_", "mmr_"];
    let reads = FAMILIES.iter().any(|family| name.starts_with(family))
        || matches!(name, "chainHead_v1_call" | "chainHead_v1_storage");
    // What ends a subscription waits for nothing.
    reads && !name.contains("_unsubscribe") && !name.contains("_stop")
}

/// The function of the runtime that a request would run and that is unsafe, because it reads the whole state: what
/// `smartlink_supply` and `smartlink_checkInvariants` run.
///
/// It is looked for among all parameters, however they are named: no other one has such a value.
pub fn unsafe_function(method: &str, params: Option<&str>) -> Option<&'static str> {
    const UNSAFE: [&str; 2] = ["SmartlinkApi_supply", "SmartlinkApi_check_invariants"];
    if !matches!(method, "state_call" | "state_callAt" | "chainHead_v1_call" | "archive_v1_call") {
        return None;
    }
    // What is no JSON does not get here; what it would run could not be told either.
    let params: Value = serde_json::from_str(params?).ok()?;
    let named = |name: &str| match &params {
        Value::Array(list) => list.iter().any(|one| one == name),
        Value::Object(by_name) => by_name.values().any(|one| one == name),
        _ => false,
    };
    UNSAFE.into_iter().find(|name| named(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::limits::{Limits, STRANGERS_REQUEST};
    use std::collections::HashSet;

    #[test]
    fn each_is_named_once_and_costs_something() {
        let names: HashSet<&str> = OPEN.iter().map(|open| open.name).collect();
        assert_eq!(names.len(), OPEN.len());
        assert!(OPEN.iter().all(|open| open.units > 0));
    }

    #[test]
    fn the_largest_request_is_not_beyond_what_a_connection_may_ask_at_once() {
        let limits = Limits::default();
        let send = find("author_submitExtrinsic").unwrap().units + STRANGERS_REQUEST / 1024;
        assert!(send <= limits.stranger.at_once);
        assert!(OPEN.iter().all(|open| open.units <= limits.stranger.at_once));
    }

    #[test]
    fn who_may_subscribe_may_end_it() {
        let ends = |name: &str| {
            let unsubscribe = name.replacen("subscribe", "unsubscribe", 1);
            find(&unsubscribe).is_some()
        };
        let names = OPEN.iter().map(|open| open.name);
        assert!(names.filter(|name| name.contains("_subscribe")).all(ends));
    }

    #[test]
    fn what_reads_the_state_is_known_and_what_ends_it_does_not_wait() {
        for name in [
            "state_call",
            "state_callAt",
            "state_getStorage",
            "state_subscribeStorage",
            "childstate_getKeys",
            "chainHead_v1_call",
            "chainHead_v1_storage",
            "archive_v1_call",
            "archive_v1_storageDiff",
            "smartlink_receiptProof",
            "mmr_generateProof",
        ] {
            assert!(reads(name), "{name}");
        }
        for name in [
            "state_unsubscribeStorage",
            "archive_v1_stopStorage",
            "archive_v1_storageDiff_stopStorageDiff",
            "chainHead_v1_unpin",
            "chainHead_v1_stopOperation",
            "chain_getHeader",
            "author_submitExtrinsic",
            "system_health",
        ] {
            assert!(!reads(name), "{name}");
        }
    }

    #[test]
    fn an_unsafe_function_is_found_however_it_is_passed() {
        let supply = Some("SmartlinkApi_supply");
        for (method, params) in [
            ("state_call", r#"["SmartlinkApi_supply","0x"]"#),
            ("state_callAt", r#"{"bytes":"0x","name":"SmartlinkApi_supply"}"#),
            ("archive_v1_call", r#"["0x00","SmartlinkApi_suppl\u0079","0x"]"#),
            ("chainHead_v1_call", r#"["id","0x00","SmartlinkApi_supply","0x"]"#),
        ] {
            assert_eq!(unsafe_function(method, Some(params)), supply, "{method} {params}");
        }
        let invariants = r#"["SmartlinkApi_check_invariants","0x"]"#;
        let found = unsafe_function("state_call", Some(invariants));
        assert_eq!(found, Some("SmartlinkApi_check_invariants"));
        assert_eq!(unsafe_function("state_call", Some(r#"["SmartlinkApi_totals","0x"]"#)), None);
        assert_eq!(unsafe_function("state_call", None), None);
        assert_eq!(unsafe_function("system_health", Some(invariants)), None);
    }

    #[test]
    fn nothing_that_tells_what_companies_do_is_open() {
        for closed in [
            "state_call",
            "state_getStorage",
            "state_getKeysPaged",
            "state_queryStorageAt",
            "state_subscribeStorage",
            "chain_getBlock",
            "author_pendingExtrinsics",
            "smartlink_totals",
            "system_peers",
            "chainHead_v1_follow",
        ] {
            assert!(find(closed).is_none(), "{closed}");
        }
    }
}
