//! Who may join the network: the machines that companies registered, and nobody else.

// In a test an unwrap is the assertion, in what its stories share as well.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::Duration;

use smartlink_chain::{calls, Account};
use smartlink_devnet::{Consortium, Guest, Node, VISITOR_KEY};
use smartlink_primitives::CompanyId;
use support::{start, PATIENCE};
use tokio::time::{sleep, timeout};

/// How often the height of a node is asked for.
const LOOK: Duration = Duration::from_millis(200);
/// Final blocks that the validators make while the visitor is looked at.
const MEANWHILE: u64 = 6;

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_no_member_registered_gets_no_block_and_one_that_was_removed_no_further_one() {
    let mut consortium = start(4).await;
    let chain = consortium.chain(0).unwrap();
    let alice = Account::from_uri("//Alice").unwrap();
    let company = CompanyId(1);

    // A stranger knows where the validators are, and the whole specification of the chain.
    let visitor = consortium.host(Guest::visitor()).await.unwrap_or_else(|error| panic!("{error}"));
    goes_on(&mut consortium).await;
    assert_eq!(height(&visitor).await, 0, "a stranger has a block");
    assert_eq!(visitor.chain().unwrap().peers().await.unwrap(), 0, "a stranger has a peer");

    // A company registers it: then it gets everything.
    let register = calls::register_node(company, VISITOR_KEY, "reading room");
    let registered = chain.execute(&alice, &register, PATIENCE).await.unwrap();
    reaches(&visitor, registered.number).await;

    // And takes it away: it stays with what it has.
    let unregister = calls::unregister_node(company, VISITOR_KEY);
    chain.execute(&alice, &unregister, PATIENCE).await.unwrap();
    // What was on its way when that became final still arrives.
    goes_on(&mut consortium).await;
    let has = height(&visitor).await;
    let left = goes_on(&mut consortium).await;
    assert_eq!(height(&visitor).await, has, "the visitor still gets blocks, as {left} is final");
    assert_eq!(visitor.chain().unwrap().peers().await.unwrap(), 0);
    consortium.stop().await;
}

/// Waits until the validators have made some blocks more final. Gives their height.
async fn goes_on(consortium: &mut Consortium) -> u64 {
    let now = consortium.chain(0).unwrap().finalized_number().await.unwrap();
    consortium.wait_finalized(now + MEANWHILE, PATIENCE).await.unwrap()
}

/// The newest final block of a node.
async fn height(node: &Node) -> u64 {
    node.chain().unwrap().finalized_number().await.unwrap()
}

async fn reaches(node: &Node, wanted: u64) {
    let reached = async {
        while height(node).await < wanted {
            sleep(LOOK).await;
        }
    };
    timeout(PATIENCE, reached).await.expect("a registered node gets the blocks");
}
