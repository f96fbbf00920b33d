//! Solidity and Rust say the same of every proof and every checkpoint, right or wrong, real or made.
//!
//! Each law runs some thousand cases, each of which anvil is asked about. PROPTEST_CASES=1000000 runs as many as that.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod fixture;

use fixture::{
    chain::{Fixture, SET},
    contract::Contract,
    made,
    mutate::{changes, Change},
    real, with_root_of, KINDS,
};
use k256::ecdsa::Signature as Numbers;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use smartlink_bridge::{
    anchor::{
        abi::{Call, Value},
        proof, read, submission, submission_call, Set,
    },
    checkpoint::Checkpoint,
};
use smartlink_proofs::{verify, Bundle, Bytes, Entry, Fixed, Trust};

/// Cases of a law, unless PROPTEST_CASES says otherwise.
const CASES: u32 = 2_048;

fn runner() -> TestRunner {
    let told = std::env::var_os("PROPTEST_CASES").is_some();
    let config = if told { Config::default() } else { Config::with_cases(CASES) };
    TestRunner::new(Config { failure_persistence: None, ..config })
}

/// Whether the verifier in Rust takes a bundle that is signed by this set.
fn rust_takes(bundle: &Bundle, trust: &Trust) -> bool {
    verify(bundle, Some(trust)).is_ok()
}

#[test]
fn both_take_what_is_right() {
    for kind in KINDS {
        for bundle in [real(kind), made(kind)] {
            let contract = with_root_of(&bundle);
            let call = proof(&bundle).unwrap().unwrap().encode();
            contract.verdict_of_contract(call).unwrap_or_else(|why| panic!("{kind}: {why}"));
        }
    }
}

#[test]
fn both_say_the_same_of_every_proof() {
    for kind in KINDS {
        for bundle in [real(kind), made(kind)] {
            the_same_is_said_of_changes_to(&bundle);
        }
    }
}

fn the_same_is_said_of_changes_to(bundle: &Bundle) {
    let contract = with_root_of(bundle);
    let root = smartlink_proofs::roster::root(&bundle.validators).unwrap();
    let trust = Trust { root, id: Some(bundle.commitment.set) };
    let law = |changes: Vec<Change>| {
        let mut changed = bundle.clone();
        changes.iter().for_each(|change| change.bundle(&mut changed));
        let rust = rust_takes(&changed, &trust);
        // A text that no vehicle has cannot be written at all.
        let Ok(Some(call)) = proof(&changed) else {
            prop_assert!(!rust);
            return Ok(());
        };
        let said = contract.verdict_of_contract(call.encode());
        prop_assert_eq!(rust, said.is_ok(), "{:?}", said);
        // There is one proof, and no other that says the same or something else.
        prop_assert_eq!(rust, changed == *bundle);
        Ok(())
    };
    runner().run(&changes(), law).unwrap();
}

/// No bit of an item, of a leaf or of a proof can be another one.
#[test]
fn no_byte_of_a_call_can_be_another_one() {
    for kind in KINDS {
        let bundle = real(kind);
        let contract = with_root_of(&bundle);
        let call = proof(&bundle).unwrap().unwrap();
        for (place, argument) in call.arguments.iter().enumerate() {
            let Value::Bytes(bytes) = argument else { continue };
            for at in 0..bytes.len() {
                let mut flipped = bytes.to_vec();
                flipped[at] ^= 1 << (at % 8);
                let mut call = call.clone();
                call.arguments[place] = Value::Bytes(flipped.into());
                let said = contract.verdict_of_contract(call.encode());
                assert!(said.is_err(), "{kind}: byte {at} of argument {place}");
            }
        }
    }
}

/// What is done to a checkpoint, and whether it is signed anew.
fn lies() -> impl Strategy<Value = (Vec<Change>, bool)> {
    (changes(), any::<bool>())
}

#[test]
fn both_say_the_same_of_every_checkpoint() {
    for (validators, hands_over) in [(1, false), (4, false), (4, true), (7, true), (16, false)] {
        the_same_is_said_of_checkpoints(validators, hands_over);
    }
}

fn the_same_is_said_of_checkpoints(validators: u8, hands_over: bool) {
    let fixture = Fixture::of(validators);
    let contract = Contract::beginning(&fixture.beginning());
    // So that there are blocks that are not newer.
    contract.take(submission(&fixture.checkpoint(40, SET, false))).unwrap();
    let signer = SET + u64::from(hands_over);
    let right = fixture.checkpoint(100, signer, hands_over);
    let known = fixture.set(signer);
    let law = |(changes, signs): (Vec<Change>, bool)| {
        let mut changed = right.clone();
        for change in changes.iter().filter(|change| change.part % 2 == 0) {
            change_commitment(change, &mut changed);
        }
        if signs {
            fixture.sign(&mut changed, signer);
        }
        let mut call = Parts::of(&changed);
        changes.iter().filter(|change| change.part % 2 == 1).for_each(|change| call.change(change));
        let call = call.0.encode();
        let rust = rust_takes_checkpoint(&call, &known, 40, hands_over);
        let said = contract.verdict_of_contract(call);
        prop_assert_eq!(rust, said.is_ok(), "{:?}", said);
        Ok(())
    };
    let said = contract.verdict_of_contract(submission(&right));
    said.unwrap_or_else(|why| panic!("{validators}: {why}"));
    runner().run(&lies(), law).unwrap();
}

/// What the relayer would say of it before it sends it.
fn rust_takes_checkpoint(call: &[u8], known: &Set, latest: u32, hands_over: bool) -> bool {
    let Ok(brought) = read(call) else { return false };
    let newer = brought.commitment.block > latest;
    let (commitment, signatures) = (brought.commitment, brought.signatures);
    let checked =
        Checkpoint::verified(commitment, signatures, brought.roster, known, brought.handover);
    newer && checked.is_ok_and(|checked| checked.handover.is_some() == hands_over)
}

fn change_commitment(change: &Change, checkpoint: &mut Checkpoint) {
    let commitment = &mut checkpoint.commitment;
    let with = change.with as u8;
    match change.kind % 8 {
        0 => change.number(&mut commitment.block),
        1 => change.long(&mut commitment.set),
        2 => commitment.payload.clear(),
        3 => {
            commitment.payload.insert(0, Entry { id: Fixed([with; 2]), data: Bytes(vec![with; 3]) })
        }
        4 => commitment.payload.push(Entry { id: Fixed(*b"mh"), data: Bytes(vec![with; 32]) }),
        5 => commitment.payload.push(Entry { id: Fixed(*b"zz"), data: Bytes(vec![with; 70]) }),
        6 => commitment.payload.iter_mut().for_each(|entry| change.bytes(&mut entry.data.0)),
        _ => commitment.payload.iter_mut().for_each(|entry| entry.id.0[0] ^= with),
    }
}

/// What a call has, to be changed byte by byte.
struct Parts(Call);

impl Parts {
    fn of(checkpoint: &Checkpoint) -> Self {
        Self(submission_call(checkpoint))
    }

    fn change(&mut self, change: &Change) {
        let place = usize::from(change.kind) % self.0.arguments.len();
        match &mut self.0.arguments[place] {
            Value::Bytes(bytes) => {
                let mut changed = bytes.to_vec();
                match (place, change.at % 4) {
                    (1, 0) => swap(&mut changed, 20, change),
                    (2, 0) => mirror(&mut changed, change),
                    _ => change.bytes(&mut changed),
                }
                *bytes = changed.into();
            }
            Value::Words(words) => {
                let mut hashes = words.iter().map(|hash| Fixed(hash.0)).collect();
                change.hashes(&mut hashes);
                *words = hashes.iter().map(|hash| hash.0.into()).collect();
            }
            _ => unreachable!("a checkpoint is brought with bytes and lists"),
        }
    }
}

/// Swaps two pieces of a list of pieces.
fn swap(bytes: &mut [u8], piece: usize, change: &Change) {
    let count = bytes.len() / piece;
    if count > 1 {
        let (one, other) = (usize::from(change.at) % count, change.with as usize % count);
        for place in 0..piece {
            bytes.swap(one * piece + place, other * piece + place);
        }
    }
}

/// Writes a signature in its second form, which says the same and is not taken.
fn mirror(bytes: &mut [u8], change: &Change) {
    let front = bytes.len() % 64;
    let count = bytes.len() / 64;
    if count == 0 {
        return;
    }
    let at = front + usize::from(change.at) % count * 64;
    let mut plain: [u8; 64] = bytes[at..at + 64].try_into().unwrap();
    let parity = plain[32] >> 7;
    plain[32] &= 0x7f;
    if let Ok(numbers) = Numbers::from_slice(&plain) {
        if let Ok(other) = Numbers::from_scalars(numbers.r(), -*numbers.s()) {
            bytes[at..at + 64].copy_from_slice(&other.to_bytes());
            // There is no room for the parity of a large s: whatever is in its place.
            bytes[at + 32] |= (parity ^ 1) << 7;
        }
    }
}
