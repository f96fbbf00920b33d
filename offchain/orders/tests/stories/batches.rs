//! The way of completed rides to the chain.

use crate::city::{chain, commands::*, rules, City, MINUTE, SECOND};
use smartlink_orders::{command::Ask, order::Settlement, Refusal, Rules, State};
use smartlink_primitives::H256;

/// So many trips that are over at nearly the same time.
fn trips(city: &mut City, count: u32) -> Vec<u64> {
    let rides: Vec<_> = (1..=count)
        .map(|n| {
            let driver = city.driver(n);
            let id = city.accepted(u64::from(n), driver);
            city.ok(set_off(id, driver));
            city.ok(arrive(id, driver));
            city.ok(pick_up(id, driver, CODE));
            (id, driver)
        })
        .collect();
    city.wait(20 * MINUTE);
    for (id, driver) in &rides {
        city.ok(complete(*id, *driver, 10_000));
    }
    rides.into_iter().map(|(id, _)| id).collect()
}

fn orders(city: &City, number: u64) -> Vec<u64> {
    chain::decode(&city.served(number).bytes).orders.to_vec()
}

#[test]
fn rides_wait_for_others_for_a_while() {
    let mut city = City::open();
    let rides = trips(&mut city, 7);
    // Two are full, and need not wait.
    city.wait(0);
    assert_eq!(city.engine.batches().next(), 3);
    assert_eq!((orders(&city, 1), orders(&city, 2)), (rides[..3].to_vec(), rides[3..6].to_vec()));
    city.wait(5 * SECOND - 1);
    assert_eq!(city.engine.batches().due(), 1);
    city.wait(1);
    assert_eq!(orders(&city, 3), rides[6..]);
    for number in 1..=3 {
        let batch = chain::decode(&city.served(number).bytes);
        assert_eq!(batch.number.0, number);
    }
    city.settle(1, 0);
    city.settle(2, 0);
    city.settle(3, 0);
    assert!(rides.iter().all(|id| city.state(*id) == State::Settled));
    assert_eq!(city.engine.batches().settled(), 3);
}

#[test]
fn numbers_go_on_where_the_chain_is() {
    let mut city = City::open();
    // Only the first word about it counts.
    city.ok(Ask::BatchesBegin(900));
    assert_eq!(city.engine.batches().next(), 1);
    // An engine that was not told closes nothing.
    let mut other = smartlink_orders::Engine::new(rules());
    assert_eq!(other.batches().next(), 0);
    let begin = smartlink_orders::Command { key: 0, ask: Ask::BatchesBegin(42) };
    other.apply(city.now, &begin, &city.shelf).unwrap();
    assert_eq!(other.batches().next(), 42);
}

#[test]
fn a_refused_ride_is_held_and_the_others_go_on() {
    let mut city = City::open();
    let rides = trips(&mut city, 3);
    city.wait(6 * SECOND);
    let first = city.served(1);
    city.refuse(1, 1);
    assert!(matches!(city.order(rides[1]).settlement, Settlement::Held(_)));
    let second = city.served(1);
    assert_eq!((second.version, orders(&city, 1)), (1, vec![rides[0], rides[2]]));
    assert_ne!(
        chain::decode(&first.bytes).evidence_root,
        chain::decode(&second.bytes).evidence_root
    );
    // Said about a version that is not served any more: nothing follows.
    let evidence_root = chain::decode(&first.bytes).evidence_root;
    let reason = "its driver is not active".to_owned();
    city.ok(Ask::BatchRefused { number: 1, evidence_root, row: Some(0), reason });
    assert_eq!(city.served(1).version, 1);
    city.settle(1, 1);
    assert_eq!(city.state(rides[0]), State::Settled);
    assert_eq!(city.state(rides[1]), State::Completed);
}

#[test]
fn a_ride_never_stands_in_two_numbers() {
    let mut city = City::open();
    let rides = trips(&mut city, 3);
    city.wait(6 * SECOND);
    city.refuse(1, 1);
    // As long as the first version could still be settled, the ride cannot go anywhere else.
    let key = city.key();
    let release = Ask::Release { order: rides[1] };
    let refused = Err(Refusal::State(State::Completed));
    assert_eq!(city.say_as(key, release.clone()), refused);
    city.settle(1, 1);
    assert_eq!(city.say_as(key, release.clone()), refused, "the key has its answer");
    let key = city.key();
    city.say_as(key, release.clone()).unwrap();
    assert_eq!(city.order(rides[1]).settlement, Settlement::Due);
    city.wait(6 * SECOND);
    assert_eq!(orders(&city, 2), [rides[1]]);
    city.restart();
    city.settle(2, 0);
    assert_eq!(city.state(rides[1]), State::Settled);
    city.say_as(key, release.clone()).unwrap();
    assert_eq!(city.say(release), Err(Refusal::State(State::Settled)));
    assert_eq!(city.chain.charged[&rides[1]].0, 2);
}

#[test]
fn an_older_version_may_be_the_one_that_is_settled() {
    let mut city = City::open();
    let rides = trips(&mut city, 2);
    city.wait(6 * SECOND);
    city.refuse(1, 0);
    city.refuse(1, 0);
    // Both are held, and nothing is left to serve: the next ride fills the number again.
    assert!(city.served(1).bytes.is_empty());
    let more = trips(&mut city, 1);
    city.wait(0);
    assert_eq!((city.served(1).version, orders(&city, 1)), (3, more.clone()));
    // The cause was gone sooner than anybody thought: the chain took the first version after all.
    city.settle(1, 0);
    assert_eq!(rides.iter().map(|id| city.state(*id)).collect::<Vec<_>>(), [State::Settled; 2]);
    assert_eq!(city.order(more[0]).settlement, Settlement::Due);
    city.wait(6 * SECOND);
    assert_eq!(orders(&city, 2), more);
    city.settle(2, 0);
    assert_eq!(city.chain.charged[&more[0]].0, 2);
}

#[test]
fn an_empty_batch_is_filled_as_soon_as_there_is_a_ride() {
    let mut city = City::with(Rules { batch_rows: 1, batch_wait_ms: 60_000, ..rules() });
    let rides = trips(&mut city, 10);
    city.wait(0);
    assert_eq!(city.engine.batches().open().len(), 10);
    city.refuse(1, 0);
    assert!(city.served(1).bytes.is_empty());
    // All the others wait for number 1. The next ride does not wait for anything.
    let more = trips(&mut city, 1);
    let wake = city.engine.wake_ms().unwrap();
    assert!(wake <= city.now, "in {} ms", wake - city.now);
    city.wait(0);
    assert_eq!(orders(&city, 1), more);
    for number in 1..=10 {
        let version = city.served(number).version;
        city.settle(number, version);
    }
    city.ok(Ask::Release { order: rides[0] });
    city.wait(0);
    city.settle(11, 0);
    assert_eq!(city.chain.charged.len(), 11);
}

#[test]
fn small_batches_wait_while_the_chain_is_behind() {
    let mut city = City::open();
    for _ in 0..9 {
        trips(&mut city, 1);
        city.wait(6 * SECOND);
    }
    // Eight of one ride each are on their way: the ninth waits for company.
    assert_eq!((city.engine.batches().open().len(), city.engine.batches().due()), (8, 1));
    trips(&mut city, 2);
    city.wait(0);
    assert_eq!((city.engine.batches().open().len(), city.engine.batches().due()), (9, 0));
}

#[test]
fn what_the_chain_says_against_a_whole_batch_is_shown_until_there_is_another_one() {
    let mut city = City::open();
    trips(&mut city, 3);
    city.wait(6 * SECOND);
    let evidence_root = chain::decode(&city.served(1).bytes).evidence_root;
    let said = |reason: &str, row| Ask::BatchRefused {
        number: 1,
        evidence_root,
        row,
        reason: reason.to_owned(),
    };
    let shown = |city: &City| city.engine.batches().open()[&1].refusal.clone();
    city.ok(said("the clearing account is empty", None));
    assert_eq!(shown(&city), "the clearing account is empty");
    let entries = city.engine.sequence();
    city.ok(said("the clearing account is empty", None));
    assert_eq!(city.engine.sequence(), entries, "said before");
    city.ok(said("its driver is not active", Some(2)));
    assert_eq!((city.served(1).version, shown(&city)), (1, String::new()));
    city.settle(1, 1);
}

#[test]
fn a_refusal_does_not_make_other_rides_wait_longer() {
    let mut city = City::open();
    trips(&mut city, 4);
    city.wait(0);
    let wake = city.engine.wake_ms();
    city.skip(4 * SECOND);
    city.refuse(1, 0);
    assert_eq!(city.engine.wake_ms(), wake);
}

#[test]
fn batches_that_are_not_ours_are_named() {
    let mut city = City::open();
    trips(&mut city, 1);
    city.wait(6 * SECOND);
    let settled = |number, evidence_root| Ask::BatchSettled {
        number,
        evidence_root,
        block: 1,
        receipts_root: H256::zero(),
    };
    let refused = |number| Ask::BatchRefused {
        number,
        evidence_root: H256::zero(),
        row: None,
        reason: String::new(),
    };
    assert_eq!(city.say(settled(1, H256::repeat_byte(7))), Err(Refusal::ForeignBatch));
    assert_eq!(city.say(settled(2, H256::zero())), Err(Refusal::ForeignBatch));
    assert_eq!(city.say(refused(1)), Err(Refusal::NoSuchBatch));
    assert_eq!(city.say(refused(2)), Err(Refusal::NoSuchBatch));
    let own = chain::decode(&city.served(1).bytes).evidence_root;
    city.settle(1, 0);
    // Told again.
    city.ok(settled(1, own));
    assert_eq!(city.engine.batches().settled(), 1);
}
