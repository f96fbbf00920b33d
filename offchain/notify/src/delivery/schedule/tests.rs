//! The schedule, driven through days of random deliveries without a network.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

const WORKERS: WorkersConfig = WorkersConfig { all: 5, mail: 3, webhook: 2 };
const BREAKER: BreakerConfig = BreakerConfig { failures: 3, open_ms: 50, longest_ms: 200 };

fn schedule() -> Schedule {
    Schedule::new(WORKERS, BREAKER)
}

fn ended(lane: Lane, health: Health) -> Ended {
    Ended { lane, health, rest_until_ms: 0, again: None }
}

#[test]
fn one_busy_account_does_not_keep_the_others_waiting() {
    let mut schedule = schedule();
    (0..1_000).for_each(|place| schedule.add(Lane::Webhook(1), place, 0));
    schedule.add(Lane::Webhook(2), 1_000, 0);
    schedule.add(Lane::Mail, 1_001, 0);
    let first: Vec<_> = std::iter::from_fn(|| schedule.next(0)).collect();
    let lanes: BTreeSet<Lane> = first.iter().map(|(lane, _)| *lane).collect();
    assert_eq!(lanes, [Lane::Mail, Lane::Webhook(1), Lane::Webhook(2)].into());
    assert_eq!(first.len(), 4, "two of the busy one, one of each other");
}

#[test]
fn a_dead_destination_is_left_alone_and_then_tried_by_one() {
    let mut schedule = schedule();
    let lane = Lane::Webhook(1);
    (0..10).for_each(|place| schedule.add(lane, place, 0));
    for _ in 0..3 {
        assert!(schedule.next(0).is_some());
        schedule.ended(ended(lane, Health::Bad), 0);
    }
    assert_eq!(schedule.next(49), None);
    assert_eq!(schedule.wakes_at_ms(), Some(50));
    assert!(schedule.next(50).is_some());
    assert_eq!(schedule.next(50), None, "one alone tries");
    schedule.ended(ended(lane, Health::Good), 51);
    assert!(schedule.next(51).is_some() && schedule.next(51).is_some());
}

#[test]
fn a_destination_that_asks_for_a_rest_gets_it() {
    let mut schedule = schedule();
    let lane = Lane::Webhook(1);
    (0..3).for_each(|place| schedule.add(lane, place, 0));
    schedule.next(0).unwrap();
    schedule.ended(Ended { rest_until_ms: 3_000, ..ended(lane, Health::Good) }, 0);
    assert_eq!(schedule.next(2_999), None);
    assert!(schedule.next(3_000).is_some());
    assert_eq!(schedule.next(3_000), None, "and no two at a time after that");
}

#[derive(Clone, Debug)]
struct Delivery {
    lane: Lane,
    added_ms: u64,
    /// What its attempts come to; after the last one it is done.
    attempts: Vec<(Health, u64, u64)>,
}

fn deliveries() -> impl Strategy<Value = Vec<Delivery>> {
    let lane = prop_oneof![Just(Lane::Mail), (0..4_u64).prop_map(Lane::Webhook)];
    let health = prop_oneof![Just(Health::Good), Just(Health::Bad), Just(Health::Unknown)];
    let attempts = proptest::collection::vec((health, 1..30_u64, 0..3_u64), 1..4);
    let one = (lane, 0..300_u64, attempts).prop_map(|(lane, added_ms, attempts)| Delivery {
        lane,
        added_ms,
        attempts,
    });
    proptest::collection::vec(one, 0..60)
}

proptest! {
    #[test]
    fn every_delivery_gets_all_its_attempts_within_the_limits(
        deliveries in deliveries(), seed: u64,
    ) {
        let mut schedule = schedule();
        let mut random = fastrand::Rng::with_seed(seed);
        let mut made = vec![0; deliveries.len()];
        let mut running: BTreeMap<u64, u64> = BTreeMap::new();
        for (place, delivery) in (0..).zip(&deliveries) {
            schedule.add(delivery.lane, place, delivery.added_ms);
        }
        let mut now = 0;
        loop {
            while let Some((lane, place)) = schedule.next(now) {
                let delivery = &deliveries[place as usize];
                prop_assert_eq!(delivery.lane, lane);
                prop_assert!(delivery.added_ms <= now);
                let took = delivery.attempts[made[place as usize]].1;
                prop_assert!(running.insert(place, now + took).is_none(), "{} twice", place);
                made[place as usize] += 1;
            }
            prop_assert!(running.len() <= WORKERS.all as usize);
            for lane in [Lane::Mail, Lane::Webhook(0), Lane::Webhook(1)] {
                let of_it = running.keys().filter(|p| deliveries[**p as usize].lane == lane);
                let limit = if lane == Lane::Mail { WORKERS.mail } else { WORKERS.webhook };
                prop_assert!(of_it.count() <= limit as usize);
            }
            let first_end = running.values().min().copied();
            let wakes = schedule.wakes_at_ms().filter(|at| *at > now);
            let Some(next) = first_end.into_iter().chain(wakes).min() else { break };
            now = next;
            let over: Vec<u64> =
                running.iter().filter(|(_, end)| **end <= now).map(|(place, _)| *place).collect();
            for place in over {
                running.remove(&place);
                let delivery = &deliveries[place as usize];
                let (health, _, rest) = delivery.attempts[made[place as usize] - 1];
                let again = made[place as usize] < delivery.attempts.len();
                let rest_until_ms = if rest == 2 { now + 40 } else { 0 };
                let again = again.then(|| (place, now + random.u64(0..20)));
                let lane = delivery.lane;
                schedule.ended(Ended { lane, health, rest_until_ms, again }, now);
            }
        }
        let wanted: Vec<usize> = deliveries.iter().map(|d| d.attempts.len()).collect();
        prop_assert_eq!(made, wanted, "something was left behind");
        prop_assert!(schedule.next(u64::MAX).is_none());
        prop_assert!(schedule.lanes.is_empty(), "an idle lane is remembered");
    }
}
