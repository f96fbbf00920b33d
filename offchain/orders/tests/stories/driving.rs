//! What drivers and the dispatcher live through.

use crate::city::{commands::*, rules, City, MINUTE, SECOND};
use smartlink_orders::{
    command::{Ask, QuoteAsk},
    order::Party,
    Refusal, Rules, State,
};
use smartlink_primitives::{vehicle::VehicleClass, DriverId, Seat, VehicleId};

#[test]
fn who_declined_or_said_nothing_is_not_asked_again() {
    let mut city = City::open();
    let (anna, bea, cleo) = (city.driver(1), city.driver(2), city.driver(3));
    let id = city.searched(7);
    city.offer(id, anna).unwrap();
    city.ok(decline(id, anna, 1));
    assert_eq!(city.offer(id, anna), Err(Refusal::Excluded));
    city.offer(id, bea).unwrap();
    assert_eq!(city.engine.driver(bea).unwrap().offered, id);
    city.wait(15 * SECOND + 64);
    assert_eq!(city.state(id), State::Searching);
    assert!(city.engine.driver(bea).unwrap().is_idle());
    assert_eq!(city.offer(id, bea), Err(Refusal::Excluded));
    city.offer(id, cleo).unwrap();
    city.accept(id, cleo).unwrap();
    assert_eq!(city.order(id).excluded, [anna, bea]);
}

#[test]
fn a_late_yes_never_counts() {
    let mut city = City::open();
    let (anna, bea) = (city.driver(1), city.driver(2));
    let gone = Err(Refusal::OfferGone);
    let yes = |order, driver, attempt| Ask::Accept { order, driver, attempt };
    // Too late, though nobody has noticed yet.
    let id = city.searched(7);
    city.offer(id, anna).unwrap();
    city.skip(15 * SECOND);
    assert_eq!(city.say(yes(id, anna, 1)), gone);
    city.wait(SECOND);
    assert_eq!(city.state(id), State::Searching);
    assert_eq!(city.say(yes(id, anna, 1)), gone);
    // Another one was asked, and took it.
    city.offer(id, bea).unwrap();
    assert_eq!(city.say(yes(id, anna, 1)), gone);
    assert_eq!(city.say(yes(id, anna, 2)), gone);
    assert_eq!(city.say(yes(id, bea, 1)), gone);
    city.accept(id, bea).unwrap();
    assert_eq!(city.say(yes(id, anna, 1)), gone);
    // She who has it cannot have it twice.
    assert_eq!(city.say(yes(id, bea, 2)), gone);
    assert_eq!(city.say(decline(id, bea, 2)), gone);
    city.ok(company_cancels(id, Party::Company));
    assert_eq!(city.say(yes(id, anna, 1)), gone);
    assert_eq!(city.say(yes(id, bea, 2)), gone);
    // The rider gave up while she thought about it.
    let id = city.searched(7);
    city.offer(id, anna).unwrap();
    city.ok(rider_cancels(id, 7));
    assert_eq!(city.say(yes(id, anna, 1)), gone);
    assert_eq!(city.say(decline(id, anna, 1)), gone);
    // Nobody was found.
    let id = city.searched(8);
    city.offer(id, anna).unwrap();
    city.wait(6 * MINUTE);
    assert_eq!(city.state(id), State::Expired);
    assert_eq!(city.say(yes(id, anna, 1)), gone);
    assert!(city.engine.drivers().all(|driver| driver.is_idle()));
}

#[test]
fn the_start_code_is_guessed_a_few_times_only() {
    let mut city = City::open();
    let anna = city.driver(1);
    let id = city.arrived(7, anna);
    let key = city.key();
    for _ in 0..5 {
        // A repetition is not another guess.
        assert_eq!(city.say_as(key, pick_up(id, anna, 1)), Err(Refusal::WrongCode));
    }
    assert_eq!(city.order(id).wrong_codes, 1);
    // Nor is a guess free because it has no key.
    assert_eq!(city.say_as(0, pick_up(id, anna, 2)), Err(Refusal::WrongCode));
    assert_eq!(city.say(pick_up(id, anna, 3)), Err(Refusal::WrongCode));
    city.restart();
    assert_eq!(city.say(pick_up(id, anna, CODE)), Err(Refusal::CodeLocked));
    assert_eq!(city.state(id), State::Arrived);
    city.ok(company_cancels(id, Party::Company));
}

#[test]
fn an_order_that_was_given_back_is_looked_for_again_without_her() {
    let mut city = City::open();
    let (anna, bea) = (city.driver(1), city.driver(2));
    for steps in 0..3 {
        let id = city.accepted(7, anna);
        if steps > 0 {
            city.ok(set_off(id, anna));
        }
        if steps > 1 {
            city.ok(arrive(id, anna));
        }
        city.wait(4 * MINUTE);
        city.ok(abandon(id, anna));
        assert_eq!(city.state(id), State::Searching);
        assert!(city.engine.driver(anna).unwrap().is_idle());
        assert_eq!(city.say(set_off(id, anna)), Err(Refusal::State(State::Searching)));
        assert_eq!(city.offer(id, anna), Err(Refusal::Excluded));
        // It is looked for as long as a new one.
        city.wait(4 * MINUTE);
        assert_eq!(city.state(id), State::Searching);
        city.offer(id, bea).unwrap();
        city.accept(id, bea).unwrap();
        assert_eq!(city.say(set_off(id, anna)), Err(Refusal::NoSuchOrder));
        city.ok(rider_cancels(id, 7));
        assert_eq!(city.order(id).receipt, None, "second thoughts count from the new driver on");
    }
    assert_eq!(city.engine.driver(anna).unwrap().abandoned, 3);
}

#[test]
fn a_trip_in_progress_cannot_be_given_back() {
    let mut city = City::open();
    let anna = city.driver(1);
    let id = city.picked_up(7, anna);
    assert_eq!(city.say(abandon(id, anna)), Err(Refusal::State(State::PickedUp)));
}

#[test]
fn the_next_order_waits_until_the_trip_is_over() {
    let mut city = City::open();
    let (anna, bea) = (city.driver(1), city.driver(2));
    let first = city.arrived(7, anna);
    let second = city.searched(8);
    assert_eq!(city.offer(second, anna), Err(Refusal::DriverBusy), "she is not about to finish");
    city.ok(pick_up(first, anna, CODE));
    let revision = city.order(second).revision;
    let ask = |forward| Ask::Offer { order: second, driver: anna, revision, eta_s: 600, forward };
    assert_eq!(city.say(ask(false)), Err(Refusal::DriverBusy), "the dispatcher did not mean it");
    city.ok(ask(true));
    assert!(city.order(second).offer.unwrap().forward);
    city.accept(second, anna).unwrap();
    let driver = city.engine.driver(anna).unwrap();
    assert_eq!((driver.current, driver.next), (first, second));
    assert_eq!(city.say(set_off(second, anna)), Err(Refusal::TripUnfinished));
    let third = city.searched(9);
    assert_eq!(city.offer(third, anna), Err(Refusal::DriverBusy), "one next order is enough");
    city.restart();
    city.ok(complete(first, anna, 10_000));
    let driver = city.engine.driver(anna).unwrap();
    assert_eq!((driver.current, driver.next), (second, 0));
    city.ok(set_off(second, anna));
    city.offer(third, bea).unwrap();
}

#[test]
fn a_next_order_ends_without_the_current_one_and_the_other_way_round() {
    let mut city = City::open();
    let anna = city.driver(1);
    let first = city.picked_up(7, anna);
    let next = |city: &mut City| {
        let id = city.searched(8);
        city.offer(id, anna).unwrap();
        city.accept(id, anna).unwrap();
        id
    };
    let second = next(&mut city);
    city.ok(rider_cancels(second, 8));
    let driver = city.engine.driver(anna).unwrap();
    assert_eq!((driver.current, driver.next), (first, 0));
    let third = next(&mut city);
    city.ok(abandon(third, anna));
    assert_eq!(city.state(third), State::Searching);
    city.ok(rider_cancels(third, 8));
    let fourth = next(&mut city);
    city.ok(company_cancels(first, Party::Company));
    let driver = city.engine.driver(anna).unwrap();
    assert_eq!((driver.current, driver.next), (fourth, 0));
    city.ok(set_off(fourth, anna));
    city.ok(abandon(fourth, anna));
    assert!(city.engine.driver(anna).unwrap().is_idle());
}

#[test]
fn an_offer_for_later_that_is_taken_after_the_trip_is_for_now() {
    let mut city = City::open();
    let anna = city.driver(1);
    let first = city.picked_up(7, anna);
    let second = city.searched(8);
    city.offer(second, anna).unwrap();
    city.ok(complete(first, anna, 5_000));
    assert_eq!(city.say(off_duty(anna)), Err(Refusal::DriverBusy));
    city.accept(second, anna).unwrap();
    let driver = city.engine.driver(anna).unwrap();
    assert_eq!((driver.current, driver.next, driver.offered), (second, 0, 0));
    city.ok(set_off(second, anna));
}

#[test]
fn a_vehicle_has_one_driver() {
    let mut city = City::open();
    let (anna, bea) = (city.driver(1), city.driver(2));
    let (one, two) = (VehicleId(101), VehicleId(102));
    // Also a driver whom nobody knows yet is refused for good under that key.
    let key = city.key();
    assert_eq!(city.say_as(key, on_duty(3, one)), Err(Refusal::VehicleTaken));
    assert_eq!(city.say(on_duty(2, one)), Err(Refusal::VehicleTaken));
    city.ok(off_duty(anna));
    assert_eq!(city.say_as(key, on_duty(3, one)), Err(Refusal::VehicleTaken));
    city.ok(on_duty(2, one));
    // She left her first vehicle by that.
    city.ok(on_duty(1, two));
    city.restart();
    assert_eq!(city.say(on_duty(1, one)), Err(Refusal::VehicleTaken));
    let id = city.searched(7);
    city.offer(id, bea).unwrap();
    assert_eq!(city.say(on_duty(2, VehicleId(103))), Err(Refusal::DriverBusy));
    assert_eq!(city.say(off_duty(bea)), Err(Refusal::DriverBusy));
    assert_eq!(city.say(off_duty(DriverId(9))), Err(Refusal::NoSuchDriver));
    city.ok(off_duty(anna));
    assert_eq!(city.say(off_duty(anna)), Err(Refusal::OffDuty));
}

#[test]
fn an_offer_is_for_who_can_serve_and_for_what_the_dispatcher_saw() {
    let mut city = City::open();
    let anna = city.driver(1);
    let id = city.quote_for(QuoteAsk { class: VehicleClass::Comfort, ..quote(7) });
    city.ok(place(id, 7));
    assert_eq!(city.offer(id, anna), Err(Refusal::WrongClass));
    assert_eq!(city.offer(id, DriverId(9)), Err(Refusal::NoSuchDriver));
    let (driver, vehicle, seat) = (DriverId(2), VehicleId(2), Seat(2));
    city.ok(Ask::OnDuty { driver, vehicle, seat, class: VehicleClass::Premium });
    let revision = city.order(id).revision - 1;
    let stale = Ask::Offer { order: id, driver, revision, eta_s: 60, forward: false };
    assert_eq!(city.say(stale), Err(Refusal::Stale));
    city.ok(off_duty(driver));
    assert_eq!(city.offer(id, driver), Err(Refusal::OffDuty));
    city.ok(Ask::OnDuty { driver, vehicle, seat, class: VehicleClass::Premium });
    city.offer(id, driver).unwrap();
    assert_eq!(city.offer(id, anna), Err(Refusal::State(State::Offered)));
}

#[test]
fn when_everybody_was_asked_the_order_ends() {
    let mut city = City::with(Rules { most_offers: 2, ..rules() });
    let (anna, bea, cleo) = (city.driver(1), city.driver(2), city.driver(3));
    let id = city.searched(7);
    city.offer(id, anna).unwrap();
    city.ok(decline(id, anna, 1));
    city.offer(id, bea).unwrap();
    city.ok(decline(id, bea, 2));
    assert_eq!(city.offer(id, cleo), Err(Refusal::OffersExhausted));
    city.wait(1);
    assert_eq!(city.state(id), State::Expired);
}
