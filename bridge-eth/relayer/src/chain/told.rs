//! What a node tells, before there is computed with it, and before its errors are shown.

use smartlink_anchor::ethereum::host;
use smartlink_chain::ChainError;
use smartlink_proofs::{Address, Commitment, Signature};
use smartlink_proving::witness;

use crate::{anchor::Set, checkpoint::Refusal, Error};

/// The addresses of the keys that a node names for a set. There is computed with each, so that they are counted first.
pub(super) fn roster_of(keys: &[[u8; 33]], set: &Set) -> Result<Vec<Address>, Error> {
    if u32::try_from(keys.len()) != Ok(set.length) {
        return Err(
            Refusal::OtherLength { set: set.id, found: keys.len(), known: set.length }.into()
        );
    }
    Ok(witness::addresses_of(keys)?)
}

/// The signatures that count. Those of nobody are left out before there is computed with any.
pub(super) fn sound(
    commitment: &Commitment,
    mut signatures: Vec<Signature>,
    roster: &[Address],
) -> Vec<Signature> {
    signatures.retain(|signature| (signature.by as usize) < roster.len());
    witness::sound(commitment, signatures, roster)
}

/// An error of connecting, without what may be secret in the address: also where the reason repeats it.
pub(super) fn without_secret(error: ChainError, url: &str) -> ChainError {
    match error {
        ChainError::Unreachable { reason, .. } => {
            ChainError::Unreachable { reason: reason.replace(url, &host(url)), url: host(url) }
        }
        ChainError::Silent { seconds, .. } => ChainError::Silent { url: host(url), seconds },
        error => error,
    }
}

#[cfg(test)]
mod tests {
    use smartlink_proofs::Fixed;

    use super::*;

    #[test]
    fn keys_are_counted_before_there_is_computed_with_them() {
        let set = Set { id: 7, length: 4, root: Fixed([7; 32]) };
        // No points of the curve, which is not looked at.
        let refused = roster_of(&[[0; 33]; 5], &set).unwrap_err();
        let expected = Refusal::OtherLength { set: 7, found: 5, known: 4 };
        assert!(matches!(refused, Error::Refused(why) if why == expected));
        assert!(matches!(roster_of(&[[0; 33]; 4], &set), Err(Error::Node(_))));
    }

    #[test]
    fn a_key_of_a_provider_is_in_no_error() {
        let url = "wss://node.example/v3/0123456789abcdef";
        let reason = format!("{url} refuses");
        let error = ChainError::Unreachable { url: url.to_owned(), reason };
        let said = without_secret(error, url).to_string();
        assert!(said.contains("wss://node.example refuses") && !said.contains("0123"), "{said}");
        let silent = ChainError::Silent { url: url.to_owned(), seconds: 5 };
        assert!(!without_secret(silent, url).to_string().contains("0123"));
    }
}
