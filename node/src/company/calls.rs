//! The calls of the chain that make and unmake a member, and how they stand in a file: one line, 0x and the SCALE
//! encoding of the runtime's call.

use codec::{DecodeLimit, Encode};
use pallet_consortium::{ApplicationId, Name, Papers};
use pallet_nodes::{Label, NodeKey, NodeKind};
use smartlink_primitives::{CompanyId, CompanyKind, Money};
use smartlink_runtime::{AccountId, RuntimeCall, SessionKeys};
use sp_core::bytes;

/// How deep calls may stand in calls, as in extrinsics.
const DEPTH: u32 = 256;

/// Signed by whoever applies: will be the first administrator.
pub fn apply(name: Name, kind: CompanyKind, treasury: AccountId, papers: Papers) -> RuntimeCall {
    RuntimeCall::Consortium(pallet_consortium::Call::apply { name, kind, treasury, papers })
}

/// Signed by somebody with the permission ATTEST in `company`.
pub fn attest_paper(application: ApplicationId, index: u32, company: CompanyId) -> RuntimeCall {
    RuntimeCall::Consortium(pallet_consortium::Call::attest_paper { application, index, company })
}

/// Signed by the account that the application names as the treasury.
pub fn accept_treasury(application: ApplicationId) -> RuntimeCall {
    RuntimeCall::Consortium(pallet_consortium::Call::accept_treasury { application })
}

/// A motion. `until` is the first second of the Unix epoch at which the membership is void.
pub fn admit(application: ApplicationId, until: Option<u64>, seat: bool) -> RuntimeCall {
    RuntimeCall::Consortium(pallet_consortium::Call::admit { application, until, seat })
}

/// Signed by the validator's account.
pub fn set_keys(keys: SessionKeys, proof: Vec<u8>) -> RuntimeCall {
    RuntimeCall::Session(pallet_session::Call::set_keys { keys, proof })
}

/// Signed by whoever pays.
pub fn pay(to: AccountId, amount: Money) -> RuntimeCall {
    let dest = to.into();
    RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive { dest, value: amount.0 })
}

/// Signed by somebody with the permission ROLES in `company`.
pub fn register_validator_node(company: CompanyId, node: NodeKey, label: Label) -> RuntimeCall {
    let kind = NodeKind::Validator;
    RuntimeCall::Nodes(pallet_nodes::Call::register { company, node, kind, label })
}

/// Signed by somebody with the permission ROLES in `company`.
pub fn unregister_node(company: CompanyId, node: NodeKey) -> RuntimeCall {
    RuntimeCall::Nodes(pallet_nodes::Call::unregister { company, node })
}

/// A motion.
pub fn add_validator(company: CompanyId, account: AccountId) -> RuntimeCall {
    RuntimeCall::Validators(pallet_validators::Call::add_validator { company, account })
}

/// A motion.
pub fn remove_validator(account: AccountId) -> RuntimeCall {
    RuntimeCall::Validators(pallet_validators::Call::remove_validator { account })
}

/// A call as the line of a file.
pub fn line(call: &RuntimeCall) -> String {
    format!("{}\n", bytes::to_hex(&call.encode(), false))
}

/// The call in the line of a file. `None`: the line is no call of this version of the chain.
pub fn read(line: &str) -> Option<RuntimeCall> {
    let encoded = bytes::from_hex(line.trim().strip_prefix("0x")?).ok()?;
    RuntimeCall::decode_all_with_depth_limit(DEPTH, &mut encoded.as_slice()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::company::name;

    #[test]
    fn every_call_comes_back_from_its_line() {
        let account = AccountId::from([7; 32]);
        let label = name::parse("Yantian 1").unwrap();
        let calls = [
            apply(label.clone(), CompanyKind::Carrier, account.clone(), Papers::default()),
            attest_paper(ApplicationId(1), 15, CompanyId(4)),
            accept_treasury(ApplicationId(1)),
            admit(ApplicationId(1), Some(1_830_297_600), true),
            pay(account.clone(), Money(1)),
            register_validator_node(CompanyId(5), NodeKey([1; 32]), label),
            unregister_node(CompanyId(5), NodeKey([1; 32])),
            add_validator(CompanyId(5), account.clone()),
            remove_validator(account),
        ];
        for call in calls {
            let line = line(&call);
            assert!(line.starts_with("0x") && line.ends_with('\n'), "{line}");
            assert_eq!(read(&line), Some(call));
        }
    }

    #[test]
    fn what_is_no_call_is_not_read() {
        let whole = line(&unregister_node(CompanyId(5), NodeKey([1; 32])));
        let more = format!("{}00", whole.trim());
        for wrong in ["", "0x", "unregister", "0xzz", more.as_str(), whole.trim_start_matches("0x")]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
