//! A lying relayer: whatever it brings to the contract that the validators did not sign so is refused, each attack by its name.
//! And what an honest one pays, from one validator to a hundred.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod fixture;

use alloy_primitives::Bytes;
use fixture::{
    chain::{Fixture, SET},
    contract::Contract,
};
use smartlink_bridge::{
    anchor::{read, submission, Reverted},
    checkpoint::Checkpoint,
};
use smartlink_proofs::{Fixed, Leaf};

/// Sizes of sets, as consortia have them.
const SIZES: [u8; 6] = [1, 4, 7, 16, 33, 100];

/// A contract that has block 100, signed by the set that it began with.
fn contract(fixture: &Fixture) -> Contract {
    let contract = Contract::beginning(&fixture.beginning());
    contract.take(submission(&fixture.checkpoint(100, SET, false))).unwrap();
    contract
}

/// What the contract says to something that is not so.
fn refusal(contract: &Contract, call: Bytes) -> String {
    let refused = contract.verdict_of_contract(call).expect_err("it is taken");
    Reverted::of(&refused).to_string()
}

fn forged(fixture: &Fixture, forge: impl Fn(&mut Checkpoint)) -> Bytes {
    let mut checkpoint = fixture.checkpoint(120, SET, false);
    forge(&mut checkpoint);
    submission(&checkpoint)
}

fn forged_handover(fixture: &Fixture, forge: impl Fn(&mut Checkpoint)) -> Bytes {
    let mut checkpoint = fixture.checkpoint(120, SET + 1, true);
    forge(&mut checkpoint);
    submission(&checkpoint)
}

#[test]
fn a_forged_commitment_is_refused() {
    for size in SIZES {
        let fixture = Fixture::of(size);
        let contract = contract(&fixture);
        let says = |call| refusal(&contract, call);

        // The root, the block or the set is another one than was signed.
        let root = forged(&fixture, |forged| forged.commitment.payload[0].data.0[0] ^= 1);
        assert!(says(root).contains("OtherSigner"));
        let block = forged(&fixture, |forged| forged.commitment.block += 1);
        assert!(says(block).contains("OtherSigner"));
        let set = forged(&fixture, |forged| forged.commitment.set += 1);
        assert!(says(set).contains("set 10 signed"));

        // Replayed, and reordered.
        assert!(says(submission(&fixture.checkpoint(100, SET, false)))
            .contains("has block 100 already"));
        assert!(
            says(submission(&fixture.checkpoint(99, SET, false))).contains("has block 100 already")
        );

        // Signed by others, and by one too few.
        let strangers = Fixture::of(size);
        let others = forged(&fixture, |forged| strangers.sign(forged, SET + 5));
        assert!(says(others).contains("OtherSigner"));
        let few = forged(&fixture, |forged| {
            forged.signatures.pop();
        });
        assert!(says(few).contains("TooFewSignatures"), "{size}");
    }
}

#[test]
fn a_signature_counts_once_and_in_one_form() {
    let fixture = Fixture::of(4);
    let contract = contract(&fixture);
    let says = |call| refusal(&contract, call);
    // One validator in the place of three.
    let again = forged(&fixture, |forged| {
        let first = forged.signatures[0].signature;
        forged.signatures.iter_mut().for_each(|signature| signature.signature = first);
    });
    assert!(says(again).contains("OtherSigner"));
    let zero = forged(&fixture, |forged| forged.signatures[1].signature = Fixed([0; 65]));
    assert!(says(zero).contains("NoSigner"));
    let high = forged(&fixture, |forged| {
        // As much as there is room for beside the parity: in the upper half.
        let mut signature = forged.signatures[1].signature.0;
        signature[32..64].copy_from_slice(&[0xff; 32]);
        signature[32] = 0x7f;
        forged.signatures[1].signature = Fixed(signature);
    });
    assert!(says(high).contains("HighS"));
    // A validator behind the last.
    let stray = forged(&fixture, |forged| forged.signatures[2].by = 7);
    assert!(says(stray).contains("SignaturesLength"));
}

#[test]
fn a_forged_roster_is_refused() {
    let fixture = Fixture::of(7);
    let contract = contract(&fixture);
    let says = |call| refusal(&contract, call);
    let other = forged(&fixture, |forged| forged.roster[3] = Fixed([7; 20]));
    assert!(says(other).contains("OtherRoster"));
    let short = forged(&fixture, |forged| {
        forged.roster.pop();
    });
    assert!(says(short).contains("RosterLength"));
    let order = forged(&fixture, |forged| forged.roster.swap(0, 1));
    assert!(says(order).contains("OtherRoster"));
}

#[test]
fn a_forged_handover_is_refused() {
    let fixture = Fixture::of(4);
    let contract = contract(&fixture);
    let says = |call| refusal(&contract, call);
    let leaf = |forge: fn(&mut Leaf)| {
        forged_handover(&fixture, move |forged| forge(&mut forged.handover.as_mut().unwrap().leaf))
    };
    // A next set of the liar's own.
    assert!(says(leaf(|leaf| leaf.next_set.root = Fixed([1; 32]))).contains("OtherMmrRoot"));
    assert!(says(leaf(|leaf| leaf.next_set.len = 3)).contains("OtherMmrRoot"));
    assert!(says(leaf(|leaf| leaf.next_set.id += 1)).contains("OtherNextSet"));
    assert!(says(leaf(|leaf| leaf.next_set.len = 0)).contains("SetSize"));
    // A leaf that is not among those of the block.
    assert!(says(leaf(|leaf| leaf.parent_number = 120)).contains("LeafIndex"));

    let proof = |forge: fn(&mut Vec<smartlink_proofs::Hash>)| {
        forged_handover(&fixture, move |forged| forge(&mut forged.handover.as_mut().unwrap().mmr))
    };
    assert!(says(proof(|mmr| {
        mmr.pop();
    }))
    .contains("MmrProofLength"));
    assert!(says(proof(|mmr| mmr.push(Fixed([1; 32])))).contains("MmrProofLength"));
    assert!(says(proof(|mmr| mmr.reverse())).contains("OtherMmrRoot"));

    // A session is not left out, and not gone back to.
    let skipped = submission(&fixture.checkpoint(120, SET + 2, true));
    assert!(says(skipped).contains("set 11 signed, and it takes set 10"));
    let old = submission(&fixture.checkpoint(120, SET, true));
    assert!(says(old).contains("set 9 signed, and it takes set 10"));
}

#[test]
fn what_an_honest_relayer_pays() {
    println!("validators  checkpoint  with hand-over");
    for size in SIZES {
        let fixture = Fixture::of(size);
        let contract = contract(&fixture);
        // Each in a place of the ring that was used before by none.
        let plain = submission(&fixture.checkpoint(120, SET, false));
        let handover = submission(&fixture.checkpoint(140, SET + 1, true));
        assert!(read(&plain).is_ok() && read(&handover).is_ok());
        let (plain, handover) = (contract.take(plain).unwrap(), contract.take(handover).unwrap());
        println!("{size:>10}  {plain:>10}  {handover:>14}");
        // What the bridge promises (`docs/bridge.md`).
        match size {
            4 => assert!(plain <= 100_000, "{plain}"),
            100 => assert!(plain <= 520_000, "{plain}"),
            _ => {}
        }
    }
}
