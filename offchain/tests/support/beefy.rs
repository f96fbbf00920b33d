//! What BEEFY's validators sign, decoded and verified by hand: by the format that sp-consensus-beefy
//! documents in `commitment.rs`, with another library than the node's.

use secp256k1::{ecdsa::Signature, Message, PublicKey, Secp256k1};
use smartlink_chain::{
    queries::BeefyValidators,
    subxt::{
        ext::codec::{Decode, Encode},
        utils::H256,
    },
};
use smartlink_primitives::keccak;

/// The version of a `VersionedFinalityProof`.
const VERSION: u8 = 1;
/// The id of the MMR's root in the payload.
const MMR_ROOT: [u8; 2] = *b"mh";

/// Payload, block, and number of the validator set.
type Commitment = (Vec<([u8; 2], Vec<u8>)>, u32, u64);
/// A commitment, a bit for each validator who signed, their number, and r, s, v of those who did.
type Compact = (Commitment, Vec<u8>, u32, Vec<[u8; 65]>);

/// A commitment with a signature, or none, of each validator in turn.
pub struct SignedCommitment {
    commitment: Commitment,
    signatures: Vec<Option<[u8; 65]>>,
}

impl SignedCommitment {
    pub fn decode(proof: &[u8]) -> Self {
        let (version, rest) = proof.split_first().expect("a proof begins with its version");
        assert_eq!(*version, VERSION);
        let mut input = rest;
        let (commitment, bits, validators, signatures) =
            Compact::decode(&mut input).expect("a proof holds a signed commitment");
        assert!(input.is_empty(), "nothing follows a signed commitment");
        let signed = |place: usize| bits[place / 8] >> (7 - place % 8) & 1 == 1;
        let mut signatures = signatures.into_iter();
        let signatures: Vec<_> = (0..validators as usize)
            .map(|place| signed(place).then(|| signatures.next().expect("a signature for a bit")))
            .collect();
        Self { commitment, signatures }
    }

    /// The block that was signed.
    pub fn block(&self) -> u64 {
        self.commitment.1.into()
    }

    /// The root of the MMR that was signed.
    pub fn mmr_root(&self) -> H256 {
        let payload = &self.commitment.0;
        let root = payload.iter().find(|(id, _)| *id == MMR_ROOT).expect("the root of the MMR");
        H256::from_slice(&root.1)
    }

    /// More than two thirds of these validators signed, and every signature is right.
    pub fn verify(&self, validators: &BeefyValidators) {
        assert_eq!(self.commitment.2, validators.set, "the set that signs this block");
        assert_eq!(self.signatures.len(), validators.keys.len());
        let count = self.signatures.iter().flatten().count();
        assert!(3 * count > 2 * validators.keys.len(), "only {count} signed");
        let message = Message::from_digest(keccak(&self.commitment.encode()).0);
        for (signature, key) in self.signatures.iter().zip(&validators.keys) {
            if let Some(signature) = signature {
                assert!(is_signed(&message, signature, key), "{key:?} did not sign this");
                let other = Message::from_digest([7; 32]);
                assert!(!is_signed(&other, signature, key), "{key:?} signed anything");
            }
        }
    }
}

fn is_signed(message: &Message, signature: &[u8; 65], key: &[u8; 33]) -> bool {
    let signature = Signature::from_compact(&signature[..64]).expect("r and s");
    let key = PublicKey::from_slice(key).expect("a compressed key");
    Secp256k1::verification_only().verify_ecdsa(message, &signature, &key).is_ok()
}
