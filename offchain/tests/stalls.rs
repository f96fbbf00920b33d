//! The runbooks of `docs/runbooks.md`, played: a lost majority, a finality that stands, and a BEEFY that stands.

// In a test an unwrap is the assertion, in what its stories share as well.
#![allow(clippy::unwrap_used)]

mod support;

use std::{fs, path::Path};

use smartlink_chain::{motions, queries, validators, Chain};
use smartlink_devnet::{Consortium, Node};
use support::{
    beefy::SignedCommitment,
    governance::{self, decide, enact, until_final, until_session, LOOK, SESSIONS},
    start, PATIENCE,
};
use tokio::time::{sleep, timeout};

/// Blocks by which finality has to lag before somebody calls that a stall.
const STALL: u64 = 6;
/// Blocks that a new set, or BEEFY, is given before it begins.
const DELAY: u32 = 2;

/// Two of four validators die and do not come back. Blocks go on, nothing becomes final. The council takes them out, tells the
/// chain where finality stood, and the two that are left finalise; then BEEFY begins anew with them.
#[tokio::test(flavor = "multi_thread")]
async fn two_of_four_validators_die_and_the_council_lets_the_others_finalise() {
    let mut consortium = start(4).await;
    let chain = consortium.chain(0).unwrap();
    consortium.kill_9(2);
    consortium.kill_9(3);
    let stood = finality_stands(&chain).await;

    // Two thirds of the companies remove those who are gone; people vote where their machines cannot.
    for place in [2, 3] {
        decide(&chain, motions::remove_validator(governance::validator(place).id())).await;
    }
    let removed = governance::session(&chain).await;
    // They are out of the session after next: what the chain is told in the session before takes effect there.
    until_session(&chain, removed + 1).await;
    enact(&chain, motions::note_stalled(DELAY, u32::try_from(stood).unwrap())).await;
    until_session(&chain, removed + 2).await;
    let went_on = consortium.wait_finalized(stood + STALL, SESSIONS).await;
    let went_on = went_on.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(governance::in_session(&chain).await.len(), 2);

    // BEEFY waits for signatures of the set that is gone, until it is told to begin anew.
    enact(&chain, motions::set_new_genesis(DELAY)).await;
    let signed = next_beefy_signature(&chain).await;
    assert!(signed.block() > went_on - STALL, "a block of the new set");
    let at = chain.at_number(signed.block()).await.unwrap();
    let signers = queries::beefy_validators(&at).await.unwrap();
    assert_eq!(signers.keys.len(), 2);
    signed.verify(&signers);

    // Who comes back finds the chain of the others, and follows it.
    consortium.restart(2).await.unwrap_or_else(|error| panic!("{error}"));
    let now = chain.finalized_number().await.unwrap();
    consortium.wait_finalized(now + 2, PATIENCE).await.unwrap_or_else(|error| panic!("{error}"));
    consortium.stop().await;
}

/// Two of four machines hang. The others see whose votes are missing; their operators end and start them, and nothing else is needed.
#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_vote_is_seen_by_the_others_and_a_restart_helps() {
    let mut consortium = start(4).await;
    let chain = consortium.chain(0).unwrap();
    for place in [2, 3] {
        freeze(consortium.node(place));
    }
    let stood = finality_stands(&chain).await;
    let round = chain.finality_round().await.unwrap();
    assert!(round.prevotes.current_weight < round.threshold_weight, "{round:?}");
    let mut missing = Vec::new();
    for place in [2, 3] {
        let keys = governance::keys(&chain, &governance::validator(place)).await;
        missing.push(governance::voter(&keys));
    }
    missing.sort();
    assert_eq!(round.prevotes.missing, missing, "the others have voted: {round:?}");

    for place in [2, 3] {
        consortium.kill_9(place);
        consortium.restart(place).await.unwrap_or_else(|error| panic!("{error}"));
    }
    let reached = consortium.wait_finalized(stood + STALL, SESSIONS).await;
    reached.unwrap_or_else(|error| panic!("{error}"));
    consortium.stop().await;
}

/// Two of four validators lose their BEEFY keys. Blocks become final, but no bridge hears of them. They get new keys, and the council
/// lets BEEFY begin anew where all keys are there.
#[tokio::test(flavor = "multi_thread")]
async fn beefy_begins_anew_after_two_of_four_lost_its_keys() {
    let consortium = start(4).await;
    let chain = consortium.chain(0).unwrap();
    for place in [2, 3] {
        rotate(&consortium, place).await;
        lose_beefy_key(consortium.node(place));
    }
    // The new keys sign from the session after next on, and those of BEEFY are not there.
    let from = governance::session(&chain).await + 2;
    until_session(&chain, from).await;
    let lost = chain.finalized_number().await.unwrap();
    until_final(&chain, lost + 2 * STALL).await;
    let head = chain.beefy_finalized().await.unwrap().expect("it signed before");
    let signed = chain.at(head).await.unwrap().block_number();
    assert!(signed < lost + STALL, "BEEFY stands at {signed}, while {lost} was final");
    for (place, has) in [(0, true), (1, true), (2, false), (3, false)] {
        let keys = governance::keys(&chain, &governance::validator(place)).await.bytes();
        let asked = consortium.chain(place).unwrap().has_session_keys(&keys).await.unwrap();
        assert_eq!(asked, has, "validator {place}");
    }

    for place in [2, 3] {
        rotate(&consortium, place).await;
    }
    let from = governance::session(&chain).await + 2;
    until_session(&chain, from).await;
    enact(&chain, motions::set_new_genesis(DELAY)).await;
    let signed = next_beefy_signature(&chain).await;
    let at = chain.at_number(signed.block()).await.unwrap();
    assert!(validators::session(&at).await.unwrap() >= from);
    signed.verify(&queries::beefy_validators(&at).await.unwrap());
    consortium.stop().await;
}

/// The validator of a place makes new session keys, and registers them.
async fn rotate(consortium: &Consortium, place: usize) {
    let (chain, owner) = (consortium.chain(place).unwrap(), governance::validator(place));
    let made = chain.rotate_keys(&owner.id()).await.unwrap();
    governance::set_keys(&chain, &owner, made).await;
}

/// Deletes the BEEFY keys in a node's keystore: files whose names begin with the key type in hex.
fn lose_beefy_key(node: &Node) {
    let chains = node.base_path().join("chains");
    let keystores = fs::read_dir(chains).unwrap().flatten().map(|chain| chain.path());
    let mut lost = 0;
    for keystore in keystores.map(|chain| chain.join("keystore")).filter(|path| path.is_dir()) {
        for key in fs::read_dir(&keystore).unwrap().flatten() {
            if key.file_name().to_string_lossy().starts_with("62656566") {
                fs::remove_file(key.path()).unwrap();
                lost += 1;
            }
        }
    }
    assert!(lost > 0, "no BEEFY key in {}", Path::new(node.base_path()).display());
}

/// Stops a process as a machine does that hangs: it holds its connections and answers nothing.
fn freeze(node: &Node) {
    let pid = libc::pid_t::try_from(node.pid().unwrap()).unwrap();
    // SAFETY: a signal to a child that nobody has waited for, so the id is its own.
    assert_eq!(unsafe { libc::kill(pid, libc::SIGSTOP) }, 0);
}

/// Waits until blocks go on without finality. Gives the last final one.
async fn finality_stands(chain: &Chain) -> u64 {
    let stands = async {
        loop {
            let (best, last) =
                (chain.best_number().await.unwrap(), chain.finalized_number().await.unwrap());
            if best >= last + STALL {
                return last;
            }
            sleep(LOOK).await;
        }
    };
    timeout(PATIENCE, stands).await.expect("blocks go on, and finality does not")
}

async fn next_beefy_signature(chain: &Chain) -> SignedCommitment {
    let mut proofs = chain.beefy_justifications().await.unwrap();
    let proof = timeout(SESSIONS, proofs.next()).await.expect("BEEFY signs a block in time");
    SignedCommitment::decode(&proof.unwrap().unwrap())
}
