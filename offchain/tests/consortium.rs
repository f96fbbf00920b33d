//! Four real validators: they agree, they sign, and they survive being killed.

// In a test an unwrap is the assertion, in what its stories share as well.
#![allow(clippy::unwrap_used)]

mod support;

use smartlink_chain::{queries, Chain};
use smartlink_devnet::{Consortium, DevnetError};
use smartlink_primitives::Money;
use support::{beefy::SignedCommitment, check_money, start, Platform, PATIENCE};
use tokio::time::timeout;

#[tokio::test(flavor = "multi_thread")]
async fn four_validators_agree_and_sign_and_three_go_on_without_the_fourth() {
    let mut consortium = start(4).await;
    all_have_the_same_final_blocks(&mut consortium).await;
    beefy_signs_the_root_that_all_have(&mut consortium).await;
    three_go_on_and_the_fourth_catches_up(&mut consortium).await;
    consortium.stop().await;
}

async fn all_have_the_same_final_blocks(consortium: &mut Consortium) {
    let height = consortium.wait_finalized(5, PATIENCE).await.unwrap();
    let mut hashes = Vec::new();
    for place in 0..4 {
        let chain = consortium.chain(place).unwrap();
        hashes.push(chain.at_number(height).await.unwrap().block_hash());
    }
    assert!(
        hashes.windows(2).all(|pair| pair[0] == pair[1]),
        "one block at height {height}: {hashes:?}"
    );
}

async fn beefy_signs_the_root_that_all_have(consortium: &mut Consortium) {
    let signer = consortium.chain(3).unwrap();
    let mut proofs = signer.beefy_justifications().await.unwrap();
    let proof = timeout(PATIENCE, proofs.next()).await.expect("BEEFY signs a block in time");
    let signed = SignedCommitment::decode(&proof.unwrap().unwrap());
    consortium.wait_finalized(signed.block(), PATIENCE).await.unwrap();
    for place in 0..3 {
        let chain = consortium.chain(place).unwrap();
        let at = chain.at_number(signed.block()).await.unwrap();
        assert_eq!(signed.mmr_root(), chain.mmr_root(at.block_hash()).await.unwrap());
        let validators = queries::beefy_validators(&at).await.unwrap();
        assert_eq!(validators.keys.len(), 4);
        signed.verify(&validators);
    }
    let head = signer.beefy_finalized().await.unwrap().expect("BEEFY has signed a block");
    assert!(signer.at(head).await.unwrap().block_number() >= signed.block());
}

async fn three_go_on_and_the_fourth_catches_up(consortium: &mut Consortium) {
    consortium.kill_9(3);
    let without = consortium.chain(0).unwrap().finalized_number().await.unwrap();
    let reached = consortium.wait_finalized(without + 4, PATIENCE).await.unwrap();
    consortium.restart(3).await.unwrap_or_else(|e| panic!("{e}"));
    consortium.wait_finalized(reached + 2, PATIENCE).await.unwrap();
    let (first, back) = (consortium.chain(0).unwrap(), consortium.chain(3).unwrap());
    let hash = |chain: Chain| async move { chain.at_number(reached).await.unwrap().block_hash() };
    assert_eq!(hash(first).await, hash(back).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_final_is_lost_when_all_are_killed() {
    let mut consortium = start(4).await;
    let platform = Platform::ready(consortium.chain(0).unwrap(), 3, Money::yuan(10_000)).await;
    let call = smartlink_chain::calls::settle(platform.batch(1, 20));
    let settled = platform.chain.execute(&platform.staff.worker, &call, PATIENCE).await.unwrap();
    let (company, driver) = (platform.company(), platform.roster.in_turn(0).driver);
    let before = platform.chain.at(settled.block).await.unwrap();
    let totals = queries::totals(&before, company).await.unwrap();
    let ledger = queries::driver_ledger(&before, company, driver).await.unwrap();
    assert_eq!((totals.batches, totals.rides), (1, 20));

    (0..4).for_each(|place| consortium.kill_9(place));
    let nobody = consortium.wait_finalized(1, PATIENCE).await.unwrap_err();
    assert!(matches!(nobody, DevnetError::NoneRuns), "{nobody}");
    for place in 0..4 {
        consortium.launch(place).unwrap();
    }
    for place in 0..4 {
        consortium.connect(place).await.unwrap_or_else(|e| panic!("{e}"));
    }
    consortium.wait_finalized(settled.number + 3, PATIENCE).await.unwrap();

    let chain = consortium.chain(1).unwrap();
    let after = chain.at_finalized().await.unwrap();
    assert_eq!(chain.at_number(settled.number).await.unwrap().block_hash(), settled.block);
    assert_eq!(queries::totals(&after, company).await.unwrap(), totals);
    assert_eq!(queries::driver_ledger(&after, company, driver).await.unwrap(), ledger);
    check_money(&after).await;
    let again = Platform { chain, ..platform };
    let next = smartlink_chain::calls::settle(again.batch(2, 5));
    again.chain.execute(&again.staff.worker, &next, PATIENCE).await.unwrap();
    assert_eq!(again.totals().await.rides, 25);
    consortium.stop().await;
}
