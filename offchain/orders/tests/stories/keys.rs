//! Every command may come twice.

use crate::city::{commands::*, City, MINUTE, SECOND};
use smartlink_orders::{
    command::{Ask, QuoteAsk},
    order::MOST_REFUSALS,
    Answer, OrderEvent, Refusal, State,
};
use smartlink_primitives::VehicleId;

type Said = Vec<(u64, Ask, Result<Answer, Refusal>)>;

/// Says something twice, and notes the answer.
fn twice(city: &mut City, said: &mut Said, ask: Ask) {
    let key = city.key();
    let first = city.say_as(key, ask.clone());
    let entries = city.engine.sequence();
    assert_eq!(city.say_as(key, ask.clone()), first);
    assert_eq!(city.engine.sequence(), entries, "{ask:?} happened twice");
    said.push((key, ask, first));
}

/// All that was said is said again, and nothing happens.
fn again(city: &mut City, said: &Said) {
    let entries = city.engine.sequence();
    for (key, ask, first) in said {
        assert_eq!(city.say_as(*key, ask.clone()), *first, "{ask:?}");
    }
    assert_eq!(city.engine.sequence(), entries);
}

#[test]
fn every_command_of_a_trip_is_answered_the_same_for_ever() {
    let mut city = City::open();
    let mut said = Said::new();
    let anna = smartlink_primitives::DriverId(1);
    twice(&mut city, &mut said, on_duty(1, VehicleId(101)));
    let id = city.quote(7);
    twice(&mut city, &mut said, place(id, 7));
    let offer = Ask::Offer { order: id, driver: anna, revision: 2, eta_s: 60, forward: false };
    twice(&mut city, &mut said, offer);
    twice(&mut city, &mut said, decline(id, anna, 9));
    twice(&mut city, &mut said, Ask::Accept { order: id, driver: anna, attempt: 1 });
    twice(&mut city, &mut said, place(id, 7));
    twice(&mut city, &mut said, set_off(id, anna));
    twice(&mut city, &mut said, rider_rates(id, 7, 5));
    twice(&mut city, &mut said, arrive(id, anna));
    twice(&mut city, &mut said, pick_up(id, anna, 1));
    twice(&mut city, &mut said, pick_up(id, anna, CODE));
    twice(&mut city, &mut said, start(id, anna));
    twice(&mut city, &mut said, abandon(id, anna));
    city.wait(20 * MINUTE);
    twice(&mut city, &mut said, complete(id, anna, 10_000));
    twice(&mut city, &mut said, rider_rates(id, 7, 4));
    twice(&mut city, &mut said, off_duty(anna));
    again(&mut city, &said);
    city.restart();
    again(&mut city, &said);
    city.wait(6 * SECOND);
    city.settle(1, 0);
    assert!(city.engine.order(id).is_none());
    again(&mut city, &said);
    twice(&mut city, &mut said, rider_cancels(id, 7));
    twice(&mut city, &mut said, driver_rates(id, anna, 4));
    city.restart();
    again(&mut city, &said);
}

#[test]
fn a_quote_is_given_once_for_a_key_and_given_up_once() {
    let mut city = City::open();
    let mut said = Said::new();
    twice(&mut city, &mut said, Ask::Quote(Box::new(quote(7))));
    let Ok(Answer::Order(id)) = said[0].2 else { panic!("{:?}", said[0]) };
    city.restart();
    again(&mut city, &said);
    twice(&mut city, &mut said, rider_cancels(id, 7));
    assert_eq!(city.state(id), State::Cancelled);
    // The order has gone, and with it the memory of who asked for the quote; not that of the end.
    again(&mut city, &said[1..].to_vec());
    let (key, ask, first) = said[0].clone();
    assert_ne!(city.say_as(key, ask), first);
}

#[test]
fn a_refusal_stays_when_its_cause_is_gone() {
    let mut city = City::open();
    let (anna, bea) = (city.driver(1), city.driver(2));
    let mut said = Said::new();
    let first = city.arrived(7, anna);
    twice(&mut city, &mut said, rider_rates(first, 7, 5));
    twice(&mut city, &mut said, complete(first, anna, 9_000));
    twice(&mut city, &mut said, pick_up(first, anna, 1));
    let second = city.searched(8);
    let revision = city.order(second).revision;
    let offer = Ask::Offer { order: second, driver: anna, revision, eta_s: 1, forward: true };
    twice(&mut city, &mut said, offer);
    twice(&mut city, &mut said, on_duty(2, VehicleId(101)));
    twice(&mut city, &mut said, on_duty(3, VehicleId(102)));
    twice(&mut city, &mut said, off_duty(anna));
    assert!(said.iter().all(|(_, _, answer)| answer.is_err()), "{said:?}");
    city.ok(pick_up(first, anna, CODE));
    city.offer(second, anna).unwrap();
    city.accept(second, anna).unwrap();
    twice(&mut city, &mut said, set_off(second, anna));
    assert_eq!(said.last().unwrap().2, Err(Refusal::TripUnfinished));
    city.ok(complete(first, anna, 9_000));
    city.ok(abandon(second, anna));
    city.ok(off_duty(anna));
    city.ok(off_duty(bea));
    again(&mut city, &said);
    city.restart();
    again(&mut city, &said);
}

#[test]
fn a_driver_who_has_nothing_to_do_with_it_any_more_hears_her_old_answers() {
    let mut city = City::open();
    let anna = city.driver(1);
    let id = city.searched(7);
    city.offer(id, anna).unwrap();
    let mut said = Said::new();
    twice(&mut city, &mut said, driver_rates(id, anna, 5));
    twice(&mut city, &mut said, set_off(id, anna));
    twice(&mut city, &mut said, decline(id, anna, 1));
    again(&mut city, &said);
    city.ok(rider_cancels(id, 7));
    again(&mut city, &said);
    assert_eq!(city.say(driver_rates(id, anna, 5)), Err(Refusal::NoSuchOrder));
}

#[test]
fn an_order_remembers_so_many_refusals() {
    let mut city = City::open();
    let anna = city.driver(1);
    let id = city.searched(7);
    let mut said = Said::new();
    for _ in 0..MOST_REFUSALS {
        twice(&mut city, &mut said, place(id, 7));
    }
    let before = city.order(id).history().len();
    let late = city.key();
    assert_eq!(city.say_as(late, place(id, 7)), Err(Refusal::State(State::Searching)));
    assert_eq!(city.order(id).history().len(), before, "a history has an end");
    // What is granted is always remembered, and what was refused before stays.
    city.offer(id, anna).unwrap();
    let mut granted = Said::new();
    twice(&mut city, &mut granted, Ask::Accept { order: id, driver: anna, attempt: 1 });
    city.ok(set_off(id, anna));
    again(&mut city, &granted);
    again(&mut city, &said);
    // Beyond the bound the answer is that of the moment.
    assert_eq!(city.say_as(late, place(id, 7)), Err(Refusal::State(State::Arriving)));
}

#[test]
fn wrong_codes_count_beyond_the_refusals_that_are_remembered() {
    let mut city = City::open();
    let anna = city.driver(1);
    let id = city.arrived(7, anna);
    for _ in 0..MOST_REFUSALS {
        assert!(city.say(start(id, anna)).is_err());
    }
    for code in 0..3 {
        assert_eq!(city.say(pick_up(id, anna, code)), Err(Refusal::WrongCode));
    }
    assert_eq!(city.say(pick_up(id, anna, CODE)), Err(Refusal::CodeLocked));
}

#[test]
fn what_was_asked_without_a_key_has_no_answer_kept() {
    let mut city = City::open();
    let Ok(Answer::Order(id)) = city.say_as(0, Ask::Quote(Box::new(quote(7)))) else {
        panic!("no quote");
    };
    let key = city.key();
    assert_eq!(city.say_as(key, place(id, 7)), Ok(Answer::Order(id)));
    city.restart();
    // The key of another command is not the quote's, also after a restart.
    let other = city.say_as(key, Ask::Quote(Box::new(QuoteAsk { rider: 8, ..quote(8) })));
    assert!(matches!(other, Ok(Answer::Order(new)) if new != id), "{other:?}");
    // Nor do commands without one push others out of a driver's memory.
    let key = city.key();
    city.say_as(key, on_duty(1, VehicleId(1))).unwrap();
    for _ in 0..20 {
        city.say_as(0, on_duty(1, VehicleId(1))).unwrap();
    }
    let entries = city.engine.sequence();
    city.say_as(key, on_duty(1, VehicleId(1))).unwrap();
    assert_eq!(city.engine.sequence(), entries);
}

#[test]
fn ids_grow_whatever_the_clock_does() {
    let mut city = City::open();
    let mut last = city.quote(7);
    for back in [0, 5, 60_000, 3_600_000] {
        city.now -= back;
        city.restart();
        for _ in 0..3 {
            let id = city.quote(7);
            assert!(id > last);
            last = id;
        }
    }
    let entries = city.order(last).entries().unwrap();
    assert!(matches!(entries[0].event, OrderEvent::Quoted(_)));
}
