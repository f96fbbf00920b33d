//! What riders live through.

use crate::city::{commands::*, rules, City, HOUR, MINUTE, SECOND};
use smartlink_orders::{
    command::{Ask, QuoteAsk},
    order::{Party, Settlement},
    Answer, Refusal, Rules, State,
};
use smartlink_primitives::DriverId;

#[test]
fn a_ride_from_the_quote_to_its_settlement() {
    let mut city = City::open();
    let anna = city.driver(1);
    let id = city.quote(7);
    // 10 + 8 km × 2.60 + 20 min × 0.50, and a fifth more at most.
    assert_eq!(city.order(id).quoted.price.fare, 40_800_000);
    assert_eq!(city.order(id).quoted.cap, 48_960_000);
    let mut seen = vec![city.state(id)];
    let mut step = |city: &mut City, ask| {
        city.ok(ask);
        seen.push(city.state(id));
    };
    step(&mut city, place(id, 7));
    let revision = city.order(id).revision;
    let offer = Ask::Offer { order: id, driver: anna, revision, eta_s: 240, forward: false };
    step(&mut city, offer);
    step(&mut city, Ask::Accept { order: id, driver: anna, attempt: 1 });
    step(&mut city, set_off(id, anna));
    city.wait(4 * MINUTE);
    step(&mut city, arrive(id, anna));
    city.wait(90 * SECOND);
    step(&mut city, pick_up(id, anna, CODE));
    step(&mut city, start(id, anna));
    city.wait(22 * MINUTE);
    step(&mut city, complete(id, anna, 10_400));
    use State::*;
    let life =
        [Quoted, Searching, Offered, Accepted, Arriving, Arrived, PickedUp, InTrip, Completed];
    assert_eq!(seen, life);

    // 8.4 km beyond those included, 22 minutes, waiting within the free time.
    let receipt = city.order(id).receipt.unwrap();
    assert_eq!(receipt.fare, 10_000_000 + 21_840_000 + 11_000_000);
    assert_eq!((receipt.tariff_version, receipt.waiting_s), (1, 90));
    assert_eq!(city.order(id).settlement, Settlement::Due);
    city.wait(6 * SECOND);
    assert_eq!(city.order(id).settlement, Settlement::Batched { number: 1, version: 0, row: 0 });
    city.settle(1, 0);
    assert_eq!(city.state(id), Settled);
    // What the chain computed from the row is what rider and driver saw.
    assert_eq!(city.chain.charged[&id], (1, receipt.fare));
    let Settlement::Settled { number: 1, row: 0, block: 10, .. } = city.order(id).settlement else {
        panic!("{:?}", city.order(id).settlement);
    };
    assert!(city.engine.order(id).is_none(), "the engine keeps only what is open");
    let driver = city.engine.driver(anna).unwrap();
    assert!(driver.is_idle());
    assert_eq!((driver.trips, driver.offers, driver.accepted), (1, 1, 1));
}

#[test]
fn a_trip_that_nobody_started_counts_from_the_pick_up() {
    let mut city = City::open();
    let anna = city.driver(1);
    let id = city.picked_up(7, anna);
    city.wait(20 * MINUTE);
    city.ok(complete(id, anna, 10_000));
    assert_eq!(city.order(id).receipt.unwrap().fare, 40_800_000);
}

fn booked(city: &City, ahead: u64) -> QuoteAsk {
    QuoteAsk { pickup_at_ms: city.now + ahead, ..quote(7) }
}

#[test]
fn a_booked_ride_is_searched_when_its_time_comes_near() {
    let mut city = City::open();
    let ask = booked(&city, 3 * HOUR);
    let id = city.quote_for(ask);
    // 15:00: the window with a surcharge has just closed. Half an hour earlier it is open.
    assert_eq!(city.order(id).quoted.price.fare, 40_800_000);
    let ask = booked(&city, 150 * MINUTE);
    let dearer = city.quote_for(ask);
    assert_eq!(city.order(dearer).quoted.price.fare, 61_200_000);
    city.ok(place(id, 7));
    assert_eq!(city.state(id), State::Booked);
    city.wait(3 * HOUR - 15 * MINUTE - 1);
    assert_eq!(city.state(id), State::Booked);
    city.wait(MINUTE);
    assert_eq!(city.state(id), State::Searching);
    // It is looked for until the pick-up, however long that is.
    city.wait(13 * MINUTE);
    assert_eq!(city.state(id), State::Searching);
    city.wait(2 * MINUTE);
    assert_eq!(city.state(id), State::Expired);
    // For so soon that the search begins at once, it is no booking.
    let ask = booked(&city, 10 * MINUTE);
    let soon = city.quote_for(ask);
    city.ok(place(soon, 7));
    assert_eq!(city.state(soon), State::Searching);
    for wrong in [city.now - 1, city.now + 31 * 24 * HOUR] {
        let ask = QuoteAsk { pickup_at_ms: wrong, ..quote(7) };
        assert_eq!(city.say(Ask::Quote(Box::new(ask))), Err(Refusal::PickupTime));
    }
}

#[test]
fn nobody_waits_or_is_late_before_the_booked_time() {
    let mut city = City::open();
    let anna = city.driver(1);
    let ask = booked(&city, 14 * MINUTE);
    let id = city.quote_for(ask);
    city.ok(place(id, 7));
    city.offer(id, anna).unwrap();
    city.accept(id, anna).unwrap();
    city.ok(set_off(id, anna));
    city.wait(4 * MINUTE);
    city.ok(arrive(id, anna));
    // Ten minutes early: the rider has until five minutes after the time.
    city.wait(6 * MINUTE);
    assert_eq!(city.say(driver_cancels(id, anna)), Err(Refusal::NotWaitedEnough));
    city.wait(5 * MINUTE);
    city.ok(pick_up(id, anna, CODE));
    city.wait(20 * MINUTE);
    city.ok(complete(id, anna, 10_000));
    assert_eq!(city.order(id).receipt.unwrap().waiting_s, 60);

    // Whoever cancels a driver who came early pays for her coming, not for her waiting.
    let ask = booked(&city, 14 * MINUTE);
    let id = city.quote_for(ask);
    city.ok(place(id, 7));
    city.offer(id, anna).unwrap();
    city.accept(id, anna).unwrap();
    city.ok(set_off(id, anna));
    city.ok(arrive(id, anna));
    city.wait(13 * MINUTE);
    city.ok(rider_cancels(id, 7));
    assert_eq!(end(&city, id), (Party::Rider, Some(5_000_000)));

    // Accepted early with little to drive, and not there yet shortly before the time: that is not late.
    let ask = booked(&city, 14 * MINUTE);
    let id = city.quote_for(ask);
    city.ok(place(id, 7));
    city.offer(id, anna).unwrap();
    city.accept(id, anna).unwrap();
    city.wait(13 * MINUTE);
    city.ok(rider_cancels(id, 7));
    assert_eq!(city.order(id).cancelled.unwrap().0.fault, Party::Rider);
}

#[test]
fn a_quote_holds_for_its_time() {
    let mut city = City::open();
    let (forgotten, late) = (city.quote(7), city.quote(7));
    city.skip(3 * MINUTE);
    let key = city.key();
    assert_eq!(city.say_as(key, place(late, 7)), Err(Refusal::QuoteOver));
    city.wait(SECOND);
    // The refusal is kept, and with it the order.
    assert_eq!(city.state(late), State::Expired);
    assert_eq!(city.say_as(key, place(late, 7)), Err(Refusal::QuoteOver));
    assert_eq!(city.say(place(late, 7)), Err(Refusal::State(State::Expired)));
    // Of a quote that nobody came back to nothing remains.
    assert_eq!(city.say(place(forgotten, 7)), Err(Refusal::NoSuchOrder));
}

#[test]
fn a_rider_has_so_many_orders_at_a_time() {
    let mut city = City::open();
    let (first, second) = (city.searched(7), city.searched(7));
    let third = city.quote(7);
    let key = city.key();
    assert_eq!(city.say_as(key, place(third, 7)), Err(Refusal::TooManyOrders));
    city.searched(8);
    city.ok(rider_cancels(first, 7));
    // A key that was refused stays refused; a new one is another try.
    assert_eq!(city.say_as(key, place(third, 7)), Err(Refusal::TooManyOrders));
    city.ok(place(third, 7));
    city.restart();
    let fourth = city.quote(7);
    assert_eq!(city.say(place(fourth, 7)), Err(Refusal::TooManyOrders));
    city.wait(6 * MINUTE);
    assert_eq!(city.state(second), State::Expired);
    let fifth = city.quote(7);
    city.ok(place(fifth, 7));
}

#[test]
fn a_full_engine_says_so_until_there_is_room() {
    let mut city = City::with(Rules { most_open: 2, most_drivers: 1, ..rules() });
    let (first, _) = (city.searched(7), city.quote(8));
    let key = city.key();
    let ask = || Ask::Quote(Box::new(quote(9)));
    assert_eq!(city.say_as(key, ask()), Err(Refusal::Full));
    city.ok(rider_cancels(first, 7));
    // The one refusal, with that of a missing tariff, that passes by itself.
    assert!(matches!(city.say_as(key, ask()), Ok(Answer::Order(_))));
    city.driver(1);
    assert_eq!(city.say(on_duty(2, 102.into())), Err(Refusal::Full));
}

#[test]
fn ratings_are_given_once_each_also_when_the_order_is_in_the_archive() {
    let mut city = City::open();
    let anna = city.driver(1);
    let id = city.trip(7, anna);
    assert_eq!(city.say(rider_rates(id, 7, 6)), Err(Refusal::Stars));
    city.ok(rider_rates(id, 7, 4));
    assert_eq!(city.say(rider_rates(id, 7, 5)), Err(Refusal::RatedAlready));
    city.wait(6 * SECOND);
    city.settle(1, 0);
    assert_eq!(city.say(rider_rates(id, 7, 5)), Err(Refusal::RatedAlready));
    assert_eq!(city.say(rider_rates(id, 8, 5)), Err(Refusal::NoSuchOrder));
    assert_eq!(city.say(driver_rates(id, DriverId(2), 5)), Err(Refusal::NoSuchOrder));
    let key = city.key();
    assert_eq!(city.say_as(key, driver_rates(id, anna, 5)), Ok(Answer::Order(id)));
    assert_eq!(city.say_as(key, driver_rates(id, anna, 5)), Ok(Answer::Order(id)));
    assert_eq!(city.say(driver_rates(id, anna, 1)), Err(Refusal::RatedAlready));
    let order = city.order(id);
    assert_eq!((order.rating_of_driver, order.rating_of_rider), (4, 5));
    assert_eq!(city.engine.driver(anna).unwrap().rating_permille(), 4_000);
    let cancelled = city.searched(7);
    city.ok(rider_cancels(cancelled, 7));
    let refused = Err(Refusal::State(State::Cancelled));
    assert_eq!(city.say(rider_rates(cancelled, 7, 1)), refused);
}

/// Whose fault it was, and the fee.
fn end(city: &City, id: u64) -> (Party, Option<u64>) {
    let order = city.order(id);
    assert_eq!(order.state, State::Cancelled);
    (order.cancelled.unwrap().0.fault, order.receipt.map(|receipt| receipt.fare))
}

#[test]
fn a_rider_cancels_for_nothing_while_nobody_comes() {
    let mut city = City::open();
    let anna = city.driver(1);
    let id = city.quote(7);
    city.ok(rider_cancels(id, 7));
    assert_eq!(end(&city, id), (Party::Company, None));
    let id = city.searched(7);
    city.ok(rider_cancels(id, 7));
    assert_eq!(end(&city, id), (Party::Company, None));
    let id = city.searched(7);
    city.offer(id, anna).unwrap();
    city.ok(rider_cancels(id, 7));
    assert_eq!(end(&city, id), (Party::Company, None));
    assert!(city.engine.driver(anna).unwrap().is_idle());
    // Second thoughts.
    let id = city.accepted(7, anna);
    city.wait(2 * MINUTE - 1);
    city.ok(rider_cancels(id, 7));
    assert_eq!(end(&city, id), (Party::Company, None));
    assert!(city.engine.driver(anna).unwrap().is_idle());
}

#[test]
fn a_rider_cancels_at_a_fee_when_the_driver_is_coming_in_time() {
    let mut city = City::open();
    let anna = city.driver(1);
    let id = city.accepted(7, anna);
    city.ok(set_off(id, anna));
    city.wait(2 * MINUTE);
    city.ok(rider_cancels(id, 7));
    assert_eq!(end(&city, id), (Party::Rider, Some(5_000_000)));
    // The fee goes the way of a fare.
    city.wait(6 * SECOND);
    city.settle(1, 0);
    assert_eq!(city.chain.charged[&id], (1, 5_000_000));
    assert_eq!(city.state(id), State::Cancelled);
    assert!(matches!(city.order(id).settlement, Settlement::Settled { number: 1, .. }));
    // Promised in four minutes, and not there after nine: that is late.
    let id = city.accepted(7, anna);
    city.ok(set_off(id, anna));
    city.wait(9 * MINUTE + 1);
    city.ok(rider_cancels(id, 7));
    assert_eq!(end(&city, id), (Party::Driver, None));
}

#[test]
fn who_lets_a_driver_wait_pays_for_it() {
    let mut city = City::open();
    let anna = city.driver(1);
    let id = city.arrived(7, anna);
    city.wait(4 * MINUTE);
    city.ok(rider_cancels(id, 7));
    // The fee, and a minute beyond the free ones.
    assert_eq!(end(&city, id), (Party::Rider, Some(5_800_000)));

    let id = city.arrived(7, anna);
    city.wait(5 * MINUTE - 1);
    let key = city.key();
    assert_eq!(city.say_as(key, driver_cancels(id, anna)), Err(Refusal::NotWaitedEnough));
    city.wait(1);
    assert_eq!(city.say_as(key, driver_cancels(id, anna)), Err(Refusal::NotWaitedEnough));
    city.ok(driver_cancels(id, anna));
    assert_eq!(end(&city, id), (Party::Rider, Some(6_600_000)));
    assert_eq!(city.order(id).cancelled.unwrap().0.by, Party::Driver);

    // Only there: on the way she gives it back instead.
    let id = city.accepted(7, anna);
    assert_eq!(city.say(driver_cancels(id, anna)), Err(Refusal::State(State::Accepted)));
}

#[test]
fn the_company_says_whose_fault_it_was() {
    let mut city = City::open();
    let anna = city.driver(1);
    for (fault, fee) in
        [(Party::Rider, Some(5_000_000)), (Party::Driver, None), (Party::Company, None)]
    {
        let id = city.accepted(7, anna);
        city.ok(company_cancels(id, fault));
        assert_eq!(end(&city, id), (fault, fee));
    }
    // Before anybody comes, and in an emergency, nobody pays.
    let id = city.searched(7);
    city.ok(company_cancels(id, Party::Rider));
    assert_eq!(end(&city, id), (Party::Rider, None));
    let id = city.picked_up(7, anna);
    assert_eq!(city.say(rider_cancels(id, 7)), Err(Refusal::State(State::PickedUp)));
    city.ok(start(id, anna));
    city.ok(company_cancels(id, Party::Rider));
    assert_eq!(end(&city, id), (Party::Rider, None));
    assert!(city.engine.driver(anna).unwrap().is_idle());
}

#[test]
fn who_has_nothing_to_do_with_an_order_learns_and_leaves_nothing() {
    let mut city = City::open();
    let (anna, bea) = (city.driver(1), city.driver(2));
    let id = city.accepted(7, anna);
    let before = city.order(id).history().len();
    for ask in [
        rider_cancels(id, 8),
        place(id, 8),
        set_off(id, bea),
        driver_cancels(id, bea),
        pick_up(id, bea, CODE),
        complete(id, bea, 1),
        abandon(id, bea),
        rider_rates(id, 8, 5),
        set_off(id + 1, anna),
    ] {
        assert_eq!(city.say(ask), Err(Refusal::NoSuchOrder));
    }
    assert_eq!(city.order(id).history().len(), before);
}
