//! What the engine does, as stories of a town.

// In a test an unwrap is the assertion.
#![allow(clippy::unwrap_used)]

mod support;

use smartlink_dispatch::{
    class::VehicleClass,
    config::Home,
    decision::{Binding, Candidate, Decision, Outcome},
    engine::{Offer, Tick},
    market::{OrderNews, Phase},
    policy::Policy,
    DispatchEngine,
};
use support::*;

fn pairs(tick: &Tick) -> Vec<(u64, u32)> {
    tick.offers.iter().map(|offer| (offer.order, offer.driver)).collect()
}

fn decision(tick: &Tick, order: u64) -> &Decision {
    tick.decisions.iter().find(|decision| decision.order == order).unwrap()
}

fn candidate(tick: &Tick, order: u64, driver: u32) -> &Candidate {
    decision(tick, order).candidates.iter().find(|one| one.driver == driver).unwrap()
}

/// Driver 1 stands between both orders, driver 2 beyond the first: whoever takes the nearest first sends the other
/// across the town.
fn crossing(engine: &mut DispatchEngine) {
    on_duty(engine, 1, place(1_000, 0));
    on_duty(engine, 2, place(-1_500, 0));
    engine.order(order(10, place(0, 0)));
    engine.order(order(11, place(3_000, 0)));
}

#[test]
fn the_nearest_is_not_the_best() {
    let mut engine = engine();
    crossing(&mut engine);
    let tick = engine.tick(NOW_MS);
    assert_eq!(pairs(&tick), [(10, 2), (11, 1)]);
    let Some(Binding::Outbid { by: 11, margin: Some(margin) }) = candidate(&tick, 10, 1).binding
    else {
        panic!("{:?}", candidate(&tick, 10, 1));
    };
    assert!(margin >= 0);
    assert_eq!(candidate(&tick, 10, 2).binding, None);
}

#[test]
fn greedy_takes_the_nearest_and_sends_the_other_across_the_town() {
    let mut greedy = with(|config| config.policy = Policy::Greedy);
    crossing(&mut greedy);
    let tick = greedy.tick(NOW_MS);
    assert_eq!(pairs(&tick), [(10, 1), (11, 2)]);
    let approach = |offers: &[Offer]| offers.iter().map(|offer| offer.eta_s).sum::<u32>();
    let mut batch = engine();
    crossing(&mut batch);
    assert!(approach(&batch.tick(NOW_MS).offers) * 3 < approach(&tick.offers) * 2);
}

#[test]
fn an_answer_that_its_order_has_outlived_brings_nothing_back() {
    let mut engine = engine();
    on_duty(&mut engine, 1, place(100, 0));
    engine.order(order(10, place(0, 0)));
    let offer = engine.tick(NOW_MS).offers[0];
    let offered =
        OrderNews { revision: 2, phase: Phase::Offered, driver: Some(1), ..order(10, place(0, 0)) };
    // The rider cancels, and the news of it comes before the answer to the offer.
    engine.order(OrderNews { revision: 3, phase: Phase::Closed, ..offered.clone() });
    engine.taken(&offer, offered.clone());
    engine.order(order(11, place(0, 0)));
    assert_eq!(pairs(&engine.tick(NOW_MS + 1_000)), [(11, 1)], "the driver is free");
    // The same when the order was declined and is searched for again.
    let mut engine = with(|_| {});
    on_duty(&mut engine, 1, place(100, 0));
    on_duty(&mut engine, 2, place(2_000, 0));
    engine.order(order(10, place(0, 0)));
    let offer = engine.tick(NOW_MS).offers[0];
    engine.order(OrderNews { revision: 3, excluded: vec![1], ..order(10, place(0, 0)) });
    engine.taken(&offer, offered);
    assert_eq!(pairs(&engine.tick(NOW_MS + 1_000)), [(10, 2)]);
}

#[test]
fn an_answer_that_comes_before_the_news_counts() {
    let mut engine = engine();
    on_duty(&mut engine, 1, place(100, 0));
    on_duty(&mut engine, 2, place(200, 0));
    engine.order(order(10, place(0, 0)));
    let offer = engine.tick(NOW_MS).offers[0];
    let offered =
        OrderNews { revision: 2, phase: Phase::Offered, driver: Some(1), ..order(10, place(0, 0)) };
    engine.taken(&offer, offered);
    assert!(engine.tick(NOW_MS + 1_000).offers.is_empty(), "it is offered to somebody");
    engine.order(order(11, place(0, 0)));
    assert_eq!(pairs(&engine.tick(NOW_MS + 2_000)), [(11, 2)], "driver 1 has an offer");
}

#[test]
fn who_declined_is_never_asked_again() {
    let mut engine = engine();
    on_duty(&mut engine, 1, place(100, 0));
    on_duty(&mut engine, 2, place(2_000, 0));
    engine.order(order(10, place(0, 0)));
    let first = engine.tick(NOW_MS);
    assert_eq!(pairs(&first), [(10, 1)]);
    // The orders service tells that it was offered and declined.
    let offered =
        OrderNews { revision: 2, phase: Phase::Offered, driver: Some(1), ..order(10, place(0, 0)) };
    engine.order(offered);
    engine.answered(10, 1);
    assert!(engine.tick(NOW_MS + 1_000).offers.is_empty(), "it is offered to somebody");
    engine.order(OrderNews { revision: 3, excluded: vec![1], ..order(10, place(0, 0)) });
    let second = engine.tick(NOW_MS + 2_000);
    assert_eq!(pairs(&second), [(10, 2)]);
    assert_eq!(candidate(&second, 10, 1).binding, Some(Binding::Excluded));
}

#[test]
fn an_offer_on_its_way_is_not_made_twice() {
    let mut engine = engine();
    on_duty(&mut engine, 1, place(100, 0));
    on_duty(&mut engine, 2, place(200, 0));
    engine.order(order(10, place(0, 0)));
    let offer = engine.tick(NOW_MS).offers[0];
    assert!(engine.tick(NOW_MS + 1_000).offers.is_empty(), "no answer yet");
    // It was refused, and nothing new is heard: after a rest it is tried again.
    let stale = engine.refused(&offer, "revision: 2 is newer".to_owned(), NOW_MS + 1_500);
    assert_eq!((stale.outcome, stale.driver), (Outcome::Stale, Some(offer.driver)));
    assert!(engine.tick(NOW_MS + 2_000).offers.is_empty());
    assert_eq!(pairs(&engine.tick(NOW_MS + 3_000)), [(10, 1)]);
}

#[test]
fn a_stale_vehicle_is_no_candidate() {
    let mut engine = engine();
    on_duty(&mut engine, 1, place(100, 0));
    on_duty(&mut engine, 2, place(2_000, 0));
    let later = NOW_MS + 31_000;
    engine.report(position(2, place(2_000, 0), later), later);
    engine.order(order(10, place(0, 0)));
    let tick = engine.tick(later);
    assert_eq!(pairs(&tick), [(10, 2)]);
    assert_eq!(candidate(&tick, 10, 1).binding, Some(Binding::Stale { age_s: 31 }));
}

/// Driver 1 has a rider whom she sets down next to the new order in a minute; driver 2 is free and far.
#[test]
fn who_is_about_to_finish_nearby_comes_before_who_is_free_and_far() {
    let mut engine = engine();
    on_duty(&mut engine, 1, place(300, 0));
    on_duty(&mut engine, 2, place(5_000, 0));
    let ride = OrderNews {
        phase: Phase::Riding,
        driver: Some(1),
        dropoff: place(0, 0),
        ..order(9, place(-4_000, 0))
    };
    engine.order(ride);
    engine.order(order(10, place(0, 100)));
    let tick = engine.tick(NOW_MS);
    let offer = tick.offers[0];
    assert_eq!((offer.driver, offer.forward), (1, true));
    // Some 400 m of road, the handover, and another 135 m.
    assert!((80..130).contains(&offer.eta_s), "{offer:?}");
    // As soon as she has an order to go on with, she is asked for no more.
    engine.order(OrderNews {
        revision: 2,
        phase: Phase::Fetching,
        driver: Some(1),
        ..order(10, place(0, 100))
    });
    engine.answered(10, 1);
    engine.order(order(11, place(0, 200)));
    let next = engine.tick(NOW_MS + 1_000);
    assert_eq!(pairs(&next), [(11, 2)]);
    assert!(matches!(candidate(&next, 11, 1).binding, Some(Binding::Busy { .. })));
}

#[test]
fn a_far_pair_is_held_and_a_nearer_driver_gets_it() {
    let mut engine = with(|config| config.hold.hope_permille = 500);
    // What is usual: half a minute of approach.
    for (id, east) in (100_u32..).zip((-40_000..-8_000).step_by(2_000)) {
        on_duty(&mut engine, id, place(east, 40_000));
        engine.order(order(id.into(), place(east, 40_000)));
    }
    let usual = engine.tick(NOW_MS).offers;
    assert_eq!(usual.len(), 16);
    for offer in usual {
        let fetching = OrderNews {
            revision: 2,
            phase: Phase::Fetching,
            driver: Some(offer.driver),
            ..order(offer.order, place(0, 0))
        };
        engine.order(fetching);
        engine.answered(offer.order, offer.driver);
    }
    on_duty(&mut engine, 1, place(6_000, 0));
    engine.order(order(10, place(0, 0)));
    let tick = engine.tick(NOW_MS);
    assert!(tick.offers.is_empty());
    assert_eq!((decision(&tick, 10).outcome, decision(&tick, 10).driver), (Outcome::Held, Some(1)));
    assert_eq!(candidate(&tick, 10, 1).binding, Some(Binding::Held));
    let mut better = engine.clone();
    on_duty(&mut better, 2, place(100, 0));
    assert_eq!(pairs(&better.tick(NOW_MS + 5_000)), [(10, 2)]);
    // Nobody better comes: at the bound she gets it all the same.
    assert!(engine.tick(NOW_MS + 19_000).offers.is_empty());
    assert_eq!(pairs(&engine.tick(NOW_MS + 20_000)), [(10, 1)]);
}

#[test]
fn an_explanation_names_what_stood_against_each() {
    let mut engine = with(|config| config.candidates.outermost_m = 3_000);
    on_duty(&mut engine, 1, place(100, 0));
    for (id, at) in
        [(2, place(200, 0)), (3, place(300, 0)), (4, place(2_900, 2_900)), (5, place(400, 0))]
    {
        on_duty(&mut engine, id, at);
    }
    engine.driver(smartlink_dispatch::market::DriverNews { class: VehicleClass::Van, ..driver(2) });
    engine.order(OrderNews { phase: Phase::Fetching, driver: Some(3), ..order(9, place(0, 0)) });
    engine.driver(smartlink_dispatch::market::DriverNews { on_duty: false, ..driver(5) });
    engine.order(OrderNews {
        class: VehicleClass::Economy,
        excluded: vec![1],
        ..order(10, place(0, 0))
    });
    engine.order(OrderNews { class: VehicleClass::Comfort, ..order(11, place(0, 0)) });
    let tick = engine.tick(NOW_MS);
    let text = |order, driver| candidate(&tick, order, driver).binding.unwrap().to_string();
    assert_eq!(pairs(&tick), [(10, 2)], "a van may take an economy order");
    assert_eq!(text(10, 1), "excluded: declined, let lapse or gave back this order");
    assert_eq!(text(10, 3), "busy with order 9");
    assert_eq!(text(10, 4), "farther than the outermost ring, 3000 m");
    assert_eq!(text(10, 5), "not on duty");
    assert_eq!(text(11, 2), "wrong class: Comfort was ordered, she drives Van");
    assert_eq!(decision(&tick, 11).outcome, Outcome::Nobody);
    let cost = candidate(&tick, 10, 2).cost.unwrap();
    assert_eq!(cost.parts().map(|(_, part)| part).sum::<i64>(), cost.total());
    let class = cost.parts().find(|(name, _)| *name == "class").unwrap();
    assert_eq!(class.1, 120_000, "two steps above what was ordered");
}

#[test]
fn what_repeats_itself_is_written_down_now_and_then() {
    let mut engine = engine();
    engine.order(order(10, place(0, 0)));
    let kept = (0..30).filter(|s| !engine.tick(NOW_MS + s * 1_000).decisions.is_empty()).count();
    assert_eq!(kept, 3);
}

#[test]
fn a_booked_ride_takes_nobody_before_its_time() {
    let mut engine = engine();
    on_duty(&mut engine, 1, place(1_000, 0));
    let booked = OrderNews { pickup_at_ms: Some(NOW_MS + 900_000), ..order(10, place(0, 0)) };
    engine.order(booked);
    let early = engine.tick(NOW_MS);
    assert_eq!(decision(&early, 10).outcome, Outcome::Held);
    assert_eq!(candidate(&early, 10, 1).binding, Some(Binding::NotYet));
    // An approach of three minutes, to be there three minutes before.
    let later = NOW_MS + 900_000 - 360_000;
    engine.report(position(1, place(1_000, 0), later), later);
    let tick = engine.tick(later);
    assert_eq!(pairs(&tick), [(10, 1)]);
}

#[test]
fn of_two_equals_the_one_who_lives_where_the_rider_goes_gets_the_order() {
    let mut engine = with(|config| {
        config.homes.insert(2, Home { latitude_e6: 22_554_000, longitude_e6: 114_000_000 });
    });
    on_duty(&mut engine, 1, place(1_000, 0));
    on_duty(&mut engine, 2, place(-1_000, 0));
    engine.order(order(10, place(0, 0)));
    assert_eq!(pairs(&engine.tick(NOW_MS)), [(10, 2)]);
}

#[test]
fn when_drivers_are_few_the_order_that_waited_longest_comes_first() {
    let mut engine = with(|config| config.cost.waiting_permille = 1_000);
    on_duty(&mut engine, 1, place(0, 0));
    engine.order(OrderNews { at_ms: NOW_MS - 200_000, ..order(10, place(800, 0)) });
    engine.order(order(11, place(500, 0)));
    let tick = engine.tick(NOW_MS);
    assert_eq!(pairs(&tick), [(10, 1)]);
    assert_eq!(decision(&tick, 11).outcome, Outcome::Outbid);
}

#[test]
fn a_driver_comes_the_farther_the_longer_an_order_waits() {
    let mut engine = with(|config| {
        (config.cost.unassigned_s, config.cost.waiting_permille) = (300, 1_000);
    });
    // Twelve and a half minutes away.
    on_duty(&mut engine, 1, place(4_000, 0));
    engine.order(order(10, place(0, 0)));
    let young = engine.tick(NOW_MS);
    assert!(young.offers.is_empty());
    assert!(matches!(candidate(&young, 10, 1).binding, Some(Binding::TooDear { .. })));
    let later = NOW_MS + 600_000;
    engine.report(position(1, place(4_000, 0), later), later);
    assert_eq!(pairs(&engine.tick(later)), [(10, 1)]);
}

#[test]
fn a_snapshot_replaces_what_was_known() {
    let mut engine = engine();
    crossing(&mut engine);
    assert_eq!(engine.resync(vec![order(11, place(3_000, 0))], vec![driver(1)]), 0);
    assert_eq!(pairs(&engine.tick(NOW_MS)), [(11, 1)]);
}

#[test]
fn beyond_the_bound_new_orders_are_refused_by_name() {
    let mut engine = with(|config| config.candidates.orders = 1);
    assert!(engine.order(order(10, place(0, 0))));
    assert!(!engine.order(order(11, place(0, 0))));
    assert!(engine.order(OrderNews {
        revision: 2,
        phase: Phase::Closed,
        ..order(10, place(0, 0))
    }));
    assert!(engine.order(order(11, place(0, 0))), "there is room again");
}

#[test]
fn news_that_come_late_change_nothing() {
    let mut engine = engine();
    on_duty(&mut engine, 1, place(0, 0));
    engine.order(OrderNews {
        revision: 5,
        phase: Phase::Fetching,
        driver: Some(1),
        ..order(10, place(0, 0))
    });
    engine.order(OrderNews { revision: 4, ..order(10, place(0, 0)) });
    assert!(engine.tick(NOW_MS).offers.is_empty());
}
