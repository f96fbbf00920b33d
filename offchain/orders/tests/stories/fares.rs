//! What rides cost: the same for the rider, the driver and the chain, and never above the cap.

use crate::city::{audit, commands::*, in_force, table, City, MINUTE, NOON_MS, SECOND};
use smartlink_orders::{
    command::{Ask, QuoteAsk},
    refusal::Limit,
    Order, Refusal,
};
use smartlink_primitives::tariff::FareTable;

/// A trip to its end, closed into a batch and settled; what the chain charged is what the receipt says.
fn settled(city: &mut City, id: u64) -> Order {
    city.wait(6 * SECOND);
    let number = city.chain.next();
    city.settle(number, 0);
    let order = city.order(id);
    audit::receipt_is_the_chains(&order, city.engine.schedule()).unwrap();
    let receipt = order.receipt.unwrap();
    assert_eq!(city.chain.charged[&id], (number, receipt.fare + receipt.tolls));
    order
}

/// A ride for that quote, picked up after so long.
fn picked_up(city: &mut City, ask: QuoteAsk, after: u64) -> u64 {
    let anna = city.driver(1);
    let id = city.quote_for(ask);
    city.ok(place(id, 7));
    city.offer(id, anna).unwrap();
    city.accept(id, anna).unwrap();
    city.ok(set_off(id, anna));
    city.wait(after);
    city.ok(arrive(id, anna));
    city.ok(pick_up(id, anna, CODE));
    id
}

#[test]
fn a_detour_is_charged_up_to_the_cap() {
    let mut city = City::open();
    let id = picked_up(&mut city, quote(7), MINUTE);
    city.wait(55 * MINUTE);
    city.ok(complete(id, 1.into(), 31_000));
    let order = settled(&mut city, id);
    let (receipt, cap) = (order.receipt.unwrap(), order.quoted.cap);
    assert!(receipt.fare <= cap && receipt.fare > cap - 200_000, "{} of {cap}", receipt.fare);
    // What was measured is in the history, what is charged in the receipt.
    assert!(receipt.distance_m < 31_000 && receipt.duration_s < 55 * 60);
}

#[test]
fn waiting_and_tolls_come_on_top_of_the_cap() {
    let mut city = City::open();
    let anna = city.driver(1);
    let id = city.arrived(7, anna);
    city.wait(13 * MINUTE);
    city.ok(pick_up(id, anna, CODE));
    city.wait(30 * MINUTE);
    city.ok(Ask::Complete { order: id, driver: anna, distance_m: 40_000, tolls_fen: 1_500 });
    let order = settled(&mut city, id);
    let receipt = order.receipt.unwrap();
    // Ten minutes beyond the free ones.
    let waiting = 8_000_000;
    assert!(receipt.fare <= order.quoted.cap + waiting);
    assert!(receipt.fare > order.quoted.cap + waiting - 200_000);
    assert_eq!((receipt.waiting_s, receipt.tolls), (13 * 60, 15_000_000));
}

#[test]
fn a_pick_up_in_a_dearer_window_stays_within_the_cap() {
    let mut city = City::open();
    city.wait(55 * MINUTE);
    // Half as much again from 13:00 on; the cap is a fifth above the quote of 12:55.
    let id = picked_up(&mut city, quote(7), 6 * MINUTE);
    city.wait(20 * MINUTE);
    city.ok(complete(id, 1.into(), 10_000));
    let order = settled(&mut city, id);
    let (receipt, cap) = (order.receipt.unwrap(), order.quoted.cap);
    assert_eq!(cap, 48_960_000);
    assert!(receipt.fare <= cap && receipt.fare > cap - 200_000, "{} of {cap}", receipt.fare);
}

#[test]
fn the_cap_of_a_short_hop_covers_the_dearest_window() {
    let mut city = City::open();
    city.wait(55 * MINUTE);
    let id =
        picked_up(&mut city, QuoteAsk { distance_m: 900, duration_s: 60, ..quote(7) }, 6 * MINUTE);
    // 10.50 quoted. No row of that time could come to less than 15.
    let quoted = city.order(id).quoted;
    assert_eq!((quoted.price.fare, quoted.cap), (10_500_000, 15_000_000));
    city.wait(MINUTE);
    city.ok(complete(id, 1.into(), 900));
    assert!(settled(&mut city, id).receipt.unwrap().fare <= quoted.cap);
}

#[test]
fn a_tariff_that_allows_less_surge_does_not_hold_a_trip_up() {
    let mut city = City::open();
    let from = NOON_MS / 1_000 + 120;
    let lower = FareTable { max_surge_permille: 1_200, ..table() };
    let anna = city.driver(1);
    let id = city.quote_for(QuoteAsk { surge_permille: 2_000, ..quote(7) });
    city.put_tariffs(vec![in_force(1, 0, table()), in_force(2, from, lower)]);
    city.ok(place(id, 7));
    city.offer(id, anna).unwrap();
    city.accept(id, anna).unwrap();
    city.ok(set_off(id, anna));
    city.wait(4 * MINUTE);
    city.ok(arrive(id, anna));
    city.ok(pick_up(id, anna, CODE));
    city.wait(20 * MINUTE);
    city.ok(complete(id, anna, 10_000));
    let receipt = settled(&mut city, id).receipt.unwrap();
    assert_eq!((receipt.tariff_version, receipt.surge_permille), (2, 1_200));
    assert_eq!(receipt.fare, 48_960_000);
}

#[test]
fn what_is_beyond_the_tariff_is_refused_and_what_only_time_made_is_not_charged() {
    let mut city = City::open();
    for (ask, limit) in [
        (QuoteAsk { distance_m: 500_001, ..quote(7) }, Limit::Distance),
        (QuoteAsk { duration_s: 43_201, ..quote(7) }, Limit::Duration),
        (QuoteAsk { surge_permille: 3_001, ..quote(7) }, Limit::Surge),
    ] {
        let key = city.key();
        for _ in 0..2 {
            let refused = city.say_as(key, Ask::Quote(Box::new(ask.clone())));
            assert_eq!(refused, Err(Refusal::Beyond(limit)));
        }
    }
    let id = picked_up(&mut city, quote(7), MINUTE);
    city.wait(13 * 60 * MINUTE);
    let refused = city.say(complete(id, 1.into(), 500_001));
    assert_eq!(refused, Err(Refusal::Beyond(Limit::Distance)));
    let tolls = Ask::Complete { order: id, driver: 1.into(), distance_m: 1, tolls_fen: 100_001 };
    assert_eq!(city.say(tolls), Err(Refusal::Beyond(Limit::Tolls)));
    city.ok(complete(id, 1.into(), 500_000));
    assert!(settled(&mut city, id).receipt.unwrap().fare <= 48_960_000);
}

#[test]
fn without_a_tariff_there_is_no_price() {
    let mut city = City::open();
    let tomorrow = NOON_MS / 1_000 + 24 * 3_600;
    city.put_tariffs(vec![in_force(1, tomorrow, table())]);
    let ask = || Ask::Quote(Box::new(quote(7)));
    let key = city.key();
    assert_eq!(city.say_as(key, ask()), Err(Refusal::NoTariff));
    city.put_tariffs(vec![in_force(1, 0, table())]);
    assert!(
        city.say_as(key, ask()).is_ok(),
        "the company has put one in force: the same key may try again"
    );
}
