//! One company floods the chain. What another one sends is in the next block all the same.

// In a test an unwrap is the assertion, in what its stories share as well.
#![allow(clippy::unwrap_used)]

mod support;

use smartlink_chain::{api, calls, queries, submit, Account, Chain};
use smartlink_primitives::Money;
use support::{account_of, governance::best, start, PATIENCE};

/// Transactions of the flood: blocks of it wait, and it costs several times what a company may spend without fees at once.
const FLOOD: u64 = 1_600;
/// Bytes of each.
const BYTES: usize = 60_000;
/// What a block takes of these at most: it has less than 12 MiB for them.
const A_BLOCK: u64 = 12 * 1024 * 1024 / BYTES as u64;
/// How often the flood is sent, on a machine so busy that blocks take it while it is.
const TRIES: usize = 5;
/// Blocks in which the transaction of the other company may be: the next one, or the one after it when it was sent while the next
/// was being made.
const SOON: u64 = 2;

#[tokio::test(flavor = "multi_thread")]
async fn who_floods_the_chain_waits_behind_those_who_do_not() {
    let consortium = start(1).await;
    let chain = consortium.chain(0).unwrap();
    let (alice, bob) = (account_of("//Alice"), account_of("//Bob"));
    let start = queries::account(&best(&chain).await, alice.id()).await.unwrap().nonce;
    let mut sent = 0;
    for _ in 0..TRIES {
        flood(&chain, &alice, start + sent).await;
        sent += FLOOD;
        // Until its first block, the flood looks like anybody's work.
        let began = chain.best_number().await.unwrap();
        while chain.best_number().await.unwrap() == began {
            tokio::time::sleep(support::governance::LOOK).await;
        }
        let before = chain.best_number().await.unwrap();
        let pay = calls::transfer(account_of("//Ferdie").id(), Money::yuan(1));
        let paid = chain.execute_in_block(&bob, &pay, PATIENCE).await.unwrap();
        assert!(paid.number <= before + SOON, "sent after {before}, in block {}", paid.number);
        let at = chain.at_number(paid.number).await.unwrap();
        let done = queries::account(&at, alice.id()).await.unwrap().nonce - start;
        if done + A_BLOCK <= sent {
            return consortium.stop().await;
        }
    }
    panic!("blocks took all of the flood, {TRIES} times: it was none");
}

/// Puts all of it into the pool.
async fn flood(chain: &Chain, who: &Account, first: u64) {
    let at = best(chain).await;
    let remark = api::transactions().system().remark(vec![0; BYTES]);
    for nonce in first..first + FLOOD {
        let bytes = submit::sign_immortal(&at, who, &remark, nonce).unwrap();
        chain.send(&bytes).await.unwrap();
    }
}
