//! A company starts a second machine with the session keys of its validator. Both make blocks, and the others notice.

// In a test an unwrap is the assertion, in what its stories share as well.
#![allow(clippy::unwrap_used)]

mod support;

use smartlink_chain::{calls, motions, validators};
use smartlink_devnet::{Guest, VISITOR_KEY};
use smartlink_primitives::CompanyId;
use support::{
    account_of,
    governance::{self, best, decide, disabled, until, until_session},
    start, PATIENCE,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_validator_that_runs_twice_is_reported_disabled_and_reinstated_by_the_council() {
    let consortium = start(4).await;
    // Bob's node: it sees what Alice's machines do.
    let chain = consortium.chain(1).unwrap();
    let (alice, validator) = (account_of("//Alice"), governance::validator(0));
    let register = calls::register_node(CompanyId(1), VISITOR_KEY, "a second machine");
    chain.execute(&alice, &register, PATIENCE).await.unwrap();
    let twin = consortium.host(Guest::visitor().args(["--alice"])).await;
    let twin = twin.unwrap_or_else(|error| panic!("{error}"));

    // Whoever sees two blocks of a slot reports it, with a proof that the keys were Alice's. Nobody has to sign that.
    let found = until(&chain, "an offence", |at| async move {
        validators::offences(&at).await.unwrap().into_iter().next()
    })
    .await;
    assert_eq!(found.account, validator.id());
    assert!(found.equivocated && found.reports >= 1, "{found:?}");
    let in_session = governance::in_session(&chain).await;
    let place = in_session.iter().position(|one| *one == validator.id());
    let place = u32::try_from(place.expect("Alice's still is in the session")).unwrap();
    assert_eq!(disabled(&chain).await, [place], "at once, in the same session");

    // The second machine is ended. The offence waits for the council, over sessions: nothing heals by itself.
    drop(twin);
    let now = governance::session(&chain).await;
    until_session(&chain, now + 2).await;
    assert_eq!(disabled(&chain).await, [place]);

    decide(&chain, motions::reinstate(validator.id())).await;
    let now = governance::session(&chain).await;
    until_session(&chain, now + 1).await;
    assert!(disabled(&chain).await.is_empty());
    let before = u32::try_from(best(&chain).await.block_number()).unwrap();
    governance::until_it_makes_a_block(&chain, &validator, before).await;
    consortium.stop().await;
}
