//! A call of the contract as a line for a shell: `cast` is the command line of Foundry, which auditors have.

use alloy_primitives::Address;

use crate::anchor::{abi::Call, artifact};

/// The line that lets the contract check a proof, and prints what it has proven.
pub fn command(contract: Address, call: &Call) -> String {
    let signature = artifact().signature(call.name);
    let arguments: Vec<String> =
        call.arguments.iter().map(|argument| format!("'{argument}'")).collect();
    let arguments = arguments.join(" ");
    format!("cast call --rpc-url \"$ETH_RPC_URL\" {contract} '{signature}' {arguments}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anchor::abi::Value;

    #[test]
    fn a_call_is_a_line_that_a_shell_takes() {
        let at = Value::Tuple(vec![Value::Number(940), Value::Words(Vec::new())]);
        let arguments = vec![Value::Bytes(vec![9].into()), at];
        let line = command(Address::repeat_byte(7), &Call { name: "verifyVehicle", arguments });
        let front =
            "cast call --rpc-url \"$ETH_RPC_URL\" 0x0707070707070707070707070707070707070707 ";
        let rest = line.strip_prefix(front).unwrap();
        assert!(rest.starts_with("'verifyVehicle(bytes,(uint32,bytes,"), "{line}");
        assert!(rest.ends_with("' '0x09' '(940,[])'"), "{line}");
    }
}
