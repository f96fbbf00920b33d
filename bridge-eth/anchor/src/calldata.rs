//! What the contract is called with, byte for byte as `docs/bridge.md` has it.

use alloy_primitives::{Bytes, B256};
use codec::{DecodeAll, Encode};
use smartlink_proofs::{
    commitment::SIGNATURE_BYTES, Address, Bundle, Commitment, Entry, Fixed, Hash, Item, Leaf,
    Place, Refused, Signature,
};

use crate::{
    abi::{Arguments, Call, Value},
    checkpoint::{Checkpoint, Handover},
};

/// Bytes of a signature: r, and s with the parity as its highest bit (EIP-2098).
const COMPACT: usize = 64;
/// The version of a BEEFY justification.
const VERSION: u8 = 1;

/// The bytes of the call that brings a checkpoint.
pub fn submission(checkpoint: &Checkpoint) -> Bytes {
    submission_call(checkpoint).encode()
}

/// The call that brings a checkpoint.
pub fn submission_call(checkpoint: &Checkpoint) -> Call {
    let mut arguments = vec![
        Value::Bytes(checkpoint.commitment.encode().into()),
        Value::Bytes(roster(&checkpoint.roster)),
        Value::Bytes(signatures(checkpoint.roster.len(), &checkpoint.signatures)),
    ];
    let name = match &checkpoint.handover {
        None => "submit",
        Some(Handover { leaf, mmr }) => {
            arguments.extend([Value::Bytes(leaf.encode().into()), words(mmr)]);
            "submitHandover"
        }
    };
    Call { name, arguments }
}

/// The addresses of a set in its order, 20 bytes each.
pub fn roster(addresses: &[Address]) -> Bytes {
    addresses.iter().flat_map(|address| address.0).collect::<Vec<u8>>().into()
}

/// A bit for each of the set, then the signatures of those whose is 1.
fn signatures(validators: usize, signatures: &[Signature]) -> Bytes {
    let mut bytes = vec![0; validators.div_ceil(8)];
    set_bits(&mut bytes, signatures);
    for Signature { signature, .. } in signatures {
        let [numbers @ .., parity] = signature.0;
        let mut numbers: [u8; COMPACT] = numbers;
        // s is in the lower half, so this bit is free.
        numbers[32] |= parity << 7;
        bytes.extend_from_slice(&numbers);
    }
    bytes.into()
}

fn words(hashes: &[Hash]) -> Value {
    Value::Words(hashes.iter().map(|hash| B256::from(hash.0)).collect())
}

/// The call that proves the item of a bundle, by the checkpoint that the bundle has the signatures of. `None`: the contract
/// proves no value of the state.
///
/// # Errors
/// The vehicle has a text that none has.
pub fn proof(bundle: &Bundle) -> Result<Option<Call>, Refused> {
    let at = |place: &Place| {
        Value::Tuple(vec![
            Value::Number(bundle.commitment.block.into()),
            Value::Bytes(bundle.leaf.encode().into()),
            words(&bundle.mmr),
            Value::Number(place.item.into()),
            Value::Number(place.items.into()),
            words(&place.partners),
        ])
    };
    let bytes = |bytes: &[u8]| Value::Bytes(Bytes::copy_from_slice(bytes));
    let block = bundle.leaf.parent_number;
    let (name, arguments) = match &bundle.item {
        Item::Receipt(item) => {
            let proof = item.proof(block);
            let (receipt, batch) = (proof.receipt.to_bytes(), proof.batch.to_bytes());
            let (row, partners) = (Value::Number(item.row.into()), words(&item.partners));
            ("verifyReceipt", vec![bytes(&receipt), row, partners, bytes(&batch), at(&item.place)])
        }
        Item::Vehicle(item) => {
            ("verifyVehicle", vec![bytes(&item.vehicle.encode()?), at(&item.place)])
        }
        Item::Anchor(item) => {
            let anchor = item.proof(block).anchor.to_bytes();
            ("verifyAnchor", vec![bytes(&anchor), at(&item.place)])
        }
        Item::Storage(_) => return Ok(None),
    };
    Ok(Some(Call { name, arguments }))
}

/// What a call brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// What was signed.
    pub commitment: Commitment,
    /// The addresses of the set that signed.
    pub roster: Vec<Address>,
    /// Who signed, and with what.
    pub signatures: Vec<Signature>,
    /// The hand-over, where it brought one.
    pub handover: Option<Handover>,
}

/// Why a call brought nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misread {
    /// It is another function's.
    #[error("it is no call of submit or submitHandover")]
    OtherCall,
    /// The commitment is none.
    #[error("the commitment cannot be read")]
    Commitment,
    /// The roster is none.
    #[error("the roster has not 20 bytes for each validator")]
    Roster,
    /// Bits and signatures are not what the roster and the bits say.
    #[error("the signatures are not those of the bits in front of them")]
    Signatures,
    /// The leaf is none.
    #[error("the leaf cannot be read")]
    Leaf,
}

/// Reads a call that brings a checkpoint, as strictly as the contract does.
///
/// # Errors
/// It is none, or has other bytes than [`submission`] writes.
pub fn read(input: &[u8]) -> Result<Submitted, Misread> {
    let (call, handover) = match Arguments::of("submitHandover", input) {
        Some(call) => {
            let leaf = call.bytes(3).ok_or(Misread::Leaf)?;
            let leaf = Leaf::decode(leaf).map_err(|_| Misread::Leaf)?;
            let mmr = call.words(4).ok_or(Misread::Leaf)?;
            let mmr = mmr.into_iter().map(|hash| Fixed(hash.0)).collect();
            (call, Some(Handover { leaf, mmr }))
        }
        None => (Arguments::of("submit", input).ok_or(Misread::OtherCall)?, None),
    };
    let commitment = call.bytes(0).ok_or(Misread::Commitment)?;
    let roster = call.bytes(1).ok_or(Misread::Roster)?;
    let signatures = call.bytes(2).ok_or(Misread::Signatures)?;
    let commitment = read_commitment(commitment)?;
    let (addresses, rest) = roster.as_chunks::<20>();
    if !rest.is_empty() {
        return Err(Misread::Roster);
    }
    let roster: Vec<Address> = addresses.iter().copied().map(Fixed).collect();
    let signatures = read_signatures(roster.len(), signatures)?;
    Ok(Submitted { commitment, roster, signatures, handover })
}

fn read_commitment(bytes: &[u8]) -> Result<Commitment, Misread> {
    type Scale = (Vec<([u8; 2], Vec<u8>)>, u32, u64);
    let (payload, block, set) = Scale::decode_all(&mut &*bytes).map_err(|_| Misread::Commitment)?;
    let entry = |(id, data)| Entry { id: Fixed(id), data: smartlink_proofs::Bytes(data) };
    Ok(Commitment { payload: payload.into_iter().map(entry).collect(), block, set })
}

fn read_signatures(validators: usize, bytes: &[u8]) -> Result<Vec<Signature>, Misread> {
    let split = bytes.split_at_checked(validators.div_ceil(8)).ok_or(Misread::Signatures)?;
    let (bits, (signatures, rest)) = (split.0, split.1.as_chunks::<COMPACT>());
    let places = (0_u32..).zip(bits.iter().flat_map(|byte| (0..8).map(move |bit| byte << bit)));
    let signers: Vec<u32> =
        places.filter(|(_, shifted)| shifted & 0x80 != 0).map(|(place, _)| place).collect();
    let stray = signers.last().is_some_and(|last| *last as usize >= validators);
    if stray || !rest.is_empty() || signers.len() != signatures.len() {
        return Err(Misread::Signatures);
    }
    let whole = |(by, compact): (u32, &[u8; COMPACT])| {
        let mut signature = [0; SIGNATURE_BYTES];
        signature[..COMPACT].copy_from_slice(compact);
        signature[COMPACT] = compact[32] >> 7;
        signature[32] &= 0x7f;
        Signature { by, signature: Fixed(signature) }
    };
    Ok(signers.into_iter().zip(signatures).map(whole).collect())
}

impl Submitted {
    /// The justification of BEEFY that it was made of, but for signatures that were left out.
    pub fn justification(&self) -> Vec<u8> {
        let mut bits = vec![0_u8; self.roster.len().div_ceil(8)];
        set_bits(&mut bits, &self.signatures);
        let numbers: Vec<[u8; SIGNATURE_BYTES]> =
            self.signatures.iter().map(|signature| signature.signature.0).collect();
        // A roster that the contract took has 1,000 at most.
        let count = u32::try_from(self.roster.len()).unwrap_or(u32::MAX);
        let mut justification = vec![VERSION];
        justification.extend(self.commitment.encode());
        (bits, count, numbers).encode_to(&mut justification);
        justification
    }
}

fn set_bits(bits: &mut [u8], signatures: &[Signature]) {
    for Signature { by, .. } in signatures {
        if let Some(byte) = bits.get_mut(*by as usize / 8) {
            *byte |= 1 << (7 - by % 8);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use smartlink_proofs::{commitment::justification, NextSet};

    use super::*;

    fn checkpoint(validators: u8, signed: &[u8], handover: bool) -> Checkpoint {
        let root = Fixed([9; 32]);
        let payload =
            vec![Entry { id: Fixed(*b"mh"), data: smartlink_proofs::Bytes(root.0.to_vec()) }];
        let sign = |by: &u8| {
            let mut signature = [*by; SIGNATURE_BYTES];
            signature[32] = by & 0x7f;
            signature[64] = by & 1;
            Signature { by: u32::from(*by), signature: Fixed(signature) }
        };
        let next_set = NextSet { id: 8, len: 4, root };
        let leaf = Leaf { version: 0, parent_number: 99, parent_hash: root, next_set, extra: root };
        Checkpoint {
            commitment: Commitment { payload, block: 100, set: 7 },
            root,
            roster: (0..validators).map(|n| Fixed([n; 20])).collect(),
            signatures: signed.iter().map(sign).collect(),
            handover: handover.then(|| Handover { leaf, mmr: vec![root; 3] }),
        }
    }

    #[test]
    fn the_usual_commitment_has_48_bytes_and_bits_stand_as_in_beefy() {
        let call = submission(&checkpoint(9, &[0, 2, 8], false));
        let call = Arguments::of("submit", &call).unwrap();
        let (commitment, signatures) = (call.bytes(0).unwrap(), call.bytes(2).unwrap());
        assert_eq!(commitment.len(), 48);
        assert_eq!(commitment[..4], [4, b'm', b'h', 0x80]);
        assert_eq!(call.bytes(1).unwrap().len(), 9 * 20);
        assert_eq!(signatures[..2], [0b1010_0000, 0b1000_0000]);
        assert_eq!(signatures.len(), 2 + 3 * 64);
    }

    proptest! {
        #[test]
        fn what_was_brought_is_read_back_from_the_transaction(
            validators in 1_u8..=100,
            places in proptest::collection::btree_set(0_u8..100, 0..70),
            handover: bool,
        ) {
            let signed: Vec<u8> = places.into_iter().filter(|place| *place < validators).collect();
            let checkpoint = checkpoint(validators, &signed, handover);
            let read = read(&submission(&checkpoint)).unwrap();
            prop_assert_eq!(&read.roster, &checkpoint.roster);
            prop_assert_eq!(&read.handover, &checkpoint.handover);
            let (commitment, signatures) = justification(&read.justification()).unwrap();
            prop_assert_eq!(&commitment, &checkpoint.commitment);
            prop_assert_eq!(&signatures, &checkpoint.signatures);
            prop_assert_eq!((commitment, signatures), (read.commitment, read.signatures));
        }

        #[test]
        fn any_bytes_are_no_call(input: Vec<u8>) {
            prop_assert!(read(&input).is_err());
        }
    }
}
