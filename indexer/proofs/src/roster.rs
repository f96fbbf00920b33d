//! A set of validators: the addresses of their BEEFY keys, and the root by which it is known.

use std::collections::BTreeSet;

use k256::ecdsa::{RecoveryId, Signature, VerifyingKey};
use smartlink_primitives::keccak;

use crate::{commitment::SIGNATURE_BYTES, Address, Fixed, Hash};

/// The most validators that a set is taken for.
pub const MOST: usize = 1_000;

/// Why addresses are no set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSet {
    /// None, or too many.
    #[error("the set has {0} validators: it must have 1 to {MOST}")]
    Size(usize),
    /// A validator without a key.
    #[error("validator {0} of the set has the address zero, which nobody can sign for: the set is forged or damaged")]
    Nobody(usize),
    /// A validator twice.
    #[error("{0} stands in the set more than once: it would be counted twice")]
    Twice(Address),
}

/// Why bytes are no signature of a validator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSigner {
    /// No numbers that a signature has.
    #[error("it is no signature on secp256k1")]
    Form,
    /// The larger of two forms.
    #[error(
        "its s is in the upper half: there is a second form of each signature, which is not taken"
    )]
    HighS,
    /// No key has made it.
    #[error("no key can have made it")]
    NoKey,
}

/// The address of a public key.
fn address(key: &VerifyingKey) -> Address {
    let point = key.to_encoded_point(false);
    // Behind the byte that says that it is not compressed.
    let hash = keccak(&point.as_bytes()[1..]);
    let mut address = [0; 20];
    address.copy_from_slice(&hash.0[12..]);
    Fixed(address)
}

/// The address of a compressed key. `None` when it is no point of the curve.
pub fn address_of_key(key: &[u8; 33]) -> Option<Address> {
    VerifyingKey::from_sec1_bytes(key).ok().map(|key| address(&key))
}

/// Who signed a hash: r, s, and the parity of the point as 0 or 1.
///
/// # Errors
/// Nobody did, or it is not written in the one form that is taken.
pub fn signer(digest: &Hash, signature: &[u8; SIGNATURE_BYTES]) -> Result<Address, NoSigner> {
    let [numbers @ .., parity] = signature;
    let numbers = Signature::from_slice(numbers).map_err(|_| NoSigner::Form)?;
    if numbers.normalize_s().is_some() {
        return Err(NoSigner::HighS);
    }
    let parity = match parity {
        0 => RecoveryId::new(false, false),
        1 => RecoveryId::new(true, false),
        _ => return Err(NoSigner::Form),
    };
    let key = VerifyingKey::recover_from_prehash(&digest.0, &numbers, parity);
    key.map(|key| address(&key)).map_err(|_| NoSigner::NoKey)
}

/// The one form of a signature that is taken, of those that BEEFY takes: s in the lower half, parity 0 or 1 and not 27 or 28.
/// `None`: it is no signature.
pub fn normal(signature: &[u8; SIGNATURE_BYTES]) -> Option<[u8; SIGNATURE_BYTES]> {
    let [numbers @ .., parity] = signature;
    let numbers = Signature::from_slice(numbers).ok()?;
    let parity = if *parity >= 27 { parity - 27 } else { *parity };
    // The other s is that of the mirrored point.
    let (numbers, parity) = match numbers.normalize_s() {
        Some(lower) => (lower, parity ^ 1),
        None => (numbers, parity),
    };
    let mut normal = [0; SIGNATURE_BYTES];
    normal[..SIGNATURE_BYTES - 1].copy_from_slice(&numbers.to_bytes());
    normal[SIGNATURE_BYTES - 1] = parity;
    Some(normal)
}

/// How many of a set have to sign: more than two thirds, as BEEFY has it.
pub const fn threshold(validators: usize) -> usize {
    validators - validators.saturating_sub(1) / 3
}

/// The root by which a set is known: the Merkle tree over the keccak of each address, inner nodes keccak(left ‖ right), the
/// last of an odd level as it is. An address has 20 bytes and a pair of nodes 64, so no other set has the same root.
///
/// # Errors
/// They are no set.
pub fn root(validators: &[Address]) -> Result<Hash, NoSet> {
    if validators.is_empty() || validators.len() > MOST {
        return Err(NoSet::Size(validators.len()));
    }
    let mut known = BTreeSet::new();
    for (place, validator) in validators.iter().enumerate() {
        if *validator == Fixed([0; 20]) {
            return Err(NoSet::Nobody(place));
        }
        if !known.insert(validator) {
            return Err(NoSet::Twice(*validator));
        }
    }
    let mut level: Vec<Hash> = validators.iter().map(|one| keccak(&one.0).into()).collect();
    while level.len() > 1 {
        let pair = |pair: &[Hash]| match pair {
            [left, right] => keccak(&[left.0, right.0].concat()).into(),
            _ => pair[0],
        };
        level = level.chunks(2).map(pair).collect();
    }
    Ok(level[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use k256::ecdsa::SigningKey;

    #[test]
    fn every_form_of_a_signature_that_beefy_takes_becomes_the_one_that_is_taken_here() {
        let key = SigningKey::from_slice(&[7; 32]).unwrap();
        let own = address(key.verifying_key());
        for text in 0_u8..20 {
            let digest: Hash = keccak(&[text]).into();
            let (numbers, recovery) = key.sign_prehash_recoverable(&digest.0).unwrap();
            let mut strict = [0; SIGNATURE_BYTES];
            strict[..64].copy_from_slice(&numbers.to_bytes());
            strict[64] = recovery.to_byte();
            let strict = normal(&strict).unwrap();
            assert_eq!(signer(&digest, &strict), Ok(own));
            // Ethereum's parity, and the second form of s.
            let mut other = strict;
            other[64] += 27;
            assert_eq!(normal(&other), Some(strict));
            let parts = Signature::from_slice(&strict[..64]).unwrap();
            let high = Signature::from_scalars(parts.r(), -*parts.s()).unwrap();
            other[..64].copy_from_slice(&high.to_bytes());
            other[64] = strict[64] ^ 1;
            assert_eq!(signer(&digest, &other), Err(NoSigner::HighS));
            assert_eq!(normal(&other), Some(strict));
        }
        assert_eq!(normal(&[0; SIGNATURE_BYTES]), None);
    }
}
