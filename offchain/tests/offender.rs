//! A company starts a second machine with the session keys of its validator. Both make blocks, and the others notice.

// In a test an unwrap is the assertion, in what its stories share as well.
#![allow(clippy::unwrap_used)]

mod support;

use smartlink_chain::{calls, motions, validators};
use smartlink_devnet::{Guest, VISITOR_KEY};
use smartlink_primitives::CompanyId;
use support::{
    account_of,
    governance::{self, best, decide, disabled, until, until_final, until_session},
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

    // Whoever sees two blocks of a slot reports it, with a proof that the keys were Alice's. Nobody has to sign that. The two
    // blocks have made forks, so what is found is asked of one block: who is guilty there is disabled there, at once.
    let id = validator.id();
    let (height, reports, disabled_there, in_session) =
        until(&chain, "an offence", |at| async move {
            let offences = validators::offences(&at).await.unwrap();
            let found = offences.into_iter().find(|one| one.account == id && one.equivocated)?;
            let disabled = validators::disabled(&at).await.unwrap();
            let in_session = validators::in_session(&at).await.unwrap();
            Some((at.block_number(), found.reports, disabled, in_session))
        })
        .await;
    assert!(reports >= 1);
    let place = in_session.iter().position(|one| *one == id);
    let place = u32::try_from(place.expect("Alice's still is in the session")).unwrap();
    assert_eq!(disabled_there, [place], "at once, in the same session");

    // The second machine is ended when nothing can undo that. The offence waits for the council, over sessions: nothing heals by
    // itself.
    until_final(&chain, height).await;
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
