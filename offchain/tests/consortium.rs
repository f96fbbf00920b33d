//! Four real validators: they agree, they sign, and they survive being killed.

mod support;

use std::time::{Duration, Instant};

use smartlink_chain::{queries, Chain};
use smartlink_primitives::Money;
use support::{check_money, start, Platform, PATIENCE};

/// Waits until BEEFY has signed a block of at least this height.
async fn beefy_reaches(chain: &Chain, height: u64) -> u64 {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(head) = chain.beefy_finalized().await.unwrap() {
            let number = chain.at(head).await.unwrap().block_number();
            if number >= height {
                return number;
            }
        }
        assert!(Instant::now() < deadline, "BEEFY did not sign block {height} in time");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn four_validators_finalise_and_sign_with_beefy() {
    let mut consortium = start(4).await;
    let height = consortium.wait_finalized(5, PATIENCE).await.unwrap();
    let chains: Vec<Chain> = (0..4).map(|place| consortium.chain(place).unwrap()).collect();
    let mut hashes = Vec::new();
    for chain in &chains {
        hashes.push(chain.at_number(height).await.unwrap().block_hash());
    }
    assert!(
        hashes.windows(2).all(|pair| pair[0] == pair[1]),
        "one block at height {height}: {hashes:?}"
    );
    let signed = beefy_reaches(&chains[3], 2).await;
    let at = chains[0].at_number(signed).await.unwrap();
    let root = chains[0].mmr_root(at.block_hash()).await.unwrap();
    assert_eq!(root, chains[2].mmr_root(at.block_hash()).await.unwrap());
    consortium.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_go_on_without_the_fourth_and_it_catches_up() {
    let mut consortium = start(4).await;
    consortium.kill_9(3);
    let without = consortium.chain(0).unwrap().finalized_number().await.unwrap();
    let reached = consortium.wait_finalized(without + 4, PATIENCE).await.unwrap();
    consortium.restart(3).await.unwrap_or_else(|e| panic!("{e}"));
    consortium.wait_finalized(reached + 2, PATIENCE).await.unwrap();
    let (first, back) = (consortium.chain(0).unwrap(), consortium.chain(3).unwrap());
    let hash = |chain: Chain| async move { chain.at_number(reached).await.unwrap().block_hash() };
    assert_eq!(hash(first).await, hash(back).await);
    consortium.stop().await;
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
