//! What BEEFY's validators sign, and their signatures.

use codec::{Decode, Encode};
use serde::{Deserialize, Serialize};
use smartlink_primitives::keccak;

use crate::hexadecimal::{decimal, Bytes, Fixed, Hash};

/// The id of the MMR's root in a payload.
pub const MMR_ROOT: [u8; 2] = *b"mh";
/// Bytes of a signature: r, s, and the parity of the point.
pub const SIGNATURE_BYTES: usize = 65;
/// The version of the signed commitments that are read.
const VERSION: u8 = 1;

/// What was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    /// What is said of the block, by ascending ids. The MMR's root has the id "mh" (`0x6d68`).
    pub payload: Vec<Entry>,
    /// The block.
    pub block: u32,
    /// The number of the set that signs it.
    #[serde(with = "decimal")]
    pub set: u64,
}

/// An entry of a payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What it is.
    pub id: Fixed<2>,
    /// Its bytes.
    pub data: Bytes,
}

/// The signature of a validator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Its place in the set, from 0.
    pub by: u32,
    /// r, s, and the parity of the point as 0 or 1.
    pub signature: Fixed<SIGNATURE_BYTES>,
}

/// Why a commitment says nothing about the MMR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoMmrRoot {
    /// Ids out of order.
    #[error("the ids of the commitment's payload do not ascend: it is forged or damaged")]
    Order,
    /// None of 32 bytes.
    #[error("the commitment says nothing of the MMR: its payload has no 32 bytes under \"mh\"")]
    Missing,
}

/// A justification cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the node's BEEFY justification cannot be read: {0}")]
pub struct Unread(String);

type Scale = (Vec<([u8; 2], Vec<u8>)>, u32, u64);

impl Commitment {
    /// The commitment in SCALE.
    pub fn encode(&self) -> Vec<u8> {
        let payload: Vec<_> =
            self.payload.iter().map(|entry| (entry.id.0, &entry.data.0)).collect();
        (payload, self.block, self.set).encode()
    }

    /// What is signed: the keccak of the commitment in SCALE.
    pub fn digest(&self) -> Hash {
        keccak(&self.encode()).into()
    }

    /// The root of the MMR that it names.
    ///
    /// # Errors
    /// It names none.
    pub fn mmr_root(&self) -> Result<Hash, NoMmrRoot> {
        if !self.payload.is_sorted_by(|one, next| one.id < next.id) {
            return Err(NoMmrRoot::Order);
        }
        let root = self.payload.iter().find(|entry| entry.id.0 == MMR_ROOT);
        let root = root.and_then(|entry| entry.data.0.as_slice().try_into().ok());
        root.map(Fixed).ok_or(NoMmrRoot::Missing)
    }

    fn of((payload, block, set): Scale) -> Self {
        let entry = |(id, data)| Entry { id: Fixed(id), data: Bytes(data) };
        Self { payload: payload.into_iter().map(entry).collect(), block, set }
    }
}

/// The commitment, a bit for each validator who signed, their number, and the signatures of those.
type Compact = (Scale, Vec<u8>, u32, Vec<[u8; SIGNATURE_BYTES]>);

/// Reads a BEEFY justification of a block: a signed commitment in SCALE, with its version in front.
///
/// # Errors
/// It is none.
pub fn justification(bytes: &[u8]) -> Result<(Commitment, Vec<Signature>), Unread> {
    let unread = |why: &str| Unread(why.to_owned());
    let Some((&VERSION, mut rest)) = bytes.split_first() else {
        return Err(unread("its version is not 1"));
    };
    let (commitment, bits, validators, signatures) =
        Compact::decode(&mut rest).map_err(|error| Unread(error.to_string()))?;
    if !rest.is_empty() {
        return Err(unread("something follows it"));
    }
    let signed = |by: &u32| {
        let bit = 7 - by % 8;
        bits.get(*by as usize / 8).is_some_and(|byte| byte >> bit & 1 == 1)
    };
    // Bits beyond the last byte are none, so no list is longer than the justification.
    let signers: Vec<u32> = (0..validators.min(bits.len() as u32 * 8)).filter(signed).collect();
    if signers.len() != signatures.len() {
        return Err(unread("it has not one signature for each bit"));
    }
    let signature = |(by, signature)| Signature { by, signature: Fixed(signature) };
    let signatures = signers.into_iter().zip(signatures).map(signature).collect();
    Ok((Commitment::of(commitment), signatures))
}
