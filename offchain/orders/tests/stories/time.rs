//! What happens by itself.

use crate::city::{commands::*, rules, City, HOUR, MINUTE, SECOND};
use smartlink_orders::{command::QuoteAsk, Rules, State};

#[test]
fn the_engine_says_when_it_wants_to_be_woken() {
    let mut city = City::open();
    assert_eq!(city.engine.wake_ms(), None);
    let begin = city.now;
    let id = city.searched(7);
    let wake = city.engine.wake_ms().unwrap();
    assert!((begin + 180 * SECOND..begin + 181 * SECOND).contains(&wake), "the quote's deadline");
    // Waking it too early or too often does nothing.
    let entries = city.engine.sequence();
    city.say_as(0, smartlink_orders::command::Ask::Tick).unwrap();
    assert_eq!(city.engine.sequence(), entries);
    city.wait(5 * MINUTE - 1);
    assert_eq!(city.state(id), State::Searching);
    city.wait(SECOND);
    assert_eq!(city.state(id), State::Expired);
    assert_eq!(city.engine.wake_ms(), None);
}

#[test]
fn deadlines_are_as_before_after_a_restart() {
    let mut city = City::open();
    let anna = city.driver(1);
    let booked = QuoteAsk { pickup_at_ms: city.now + 2 * HOUR, ..quote(7) };
    let booked = city.quote_for(booked);
    city.ok(place(booked, 7));
    let (quoted, searched, offered) = (city.quote(8), city.searched(9), city.searched(10));
    city.offer(offered, anna).unwrap();
    let wake = city.engine.wake_ms().unwrap();
    city.restart();
    assert_eq!(city.engine.wake_ms(), Some(wake));
    city.wait(16 * SECOND);
    assert_eq!(city.state(offered), State::Searching);
    city.restart();
    city.wait(6 * MINUTE);
    assert!(city.engine.order(quoted).is_none());
    assert_eq!((city.state(searched), city.state(offered)), (State::Expired, State::Expired));
    city.restart();
    city.wait(105 * MINUTE);
    assert_eq!(city.state(booked), State::Searching);
}

#[test]
fn other_rules_hold_for_what_waits_already() {
    let mut city = City::open();
    let booked = QuoteAsk { pickup_at_ms: city.now + 2 * HOUR, ..quote(7) };
    let booked = city.quote_for(booked);
    city.ok(place(booked, 7));
    let searched = city.searched(8);
    let rules = Rules { search_ms: 10 * MINUTE, booked_lead_ms: 5 * MINUTE, ..rules() };
    city.engine.set_rules(rules.clone());
    city.wait(9 * MINUTE);
    assert_eq!(city.state(searched), State::Searching);
    city.wait(2 * MINUTE);
    assert_eq!(city.state(searched), State::Expired);
    city.wait(103 * MINUTE);
    assert_eq!(city.state(booked), State::Booked);
    city.wait(2 * MINUTE);
    assert_eq!(city.state(booked), State::Searching);
    // And sooner, when they say so.
    let searched = city.searched(8);
    city.engine.set_rules(Rules { search_ms: 20 * SECOND, ..rules });
    city.wait(21 * SECOND);
    assert_eq!(city.state(searched), State::Expired);
}
