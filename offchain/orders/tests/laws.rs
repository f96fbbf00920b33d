//! Laws: whatever is asked in whatever order, what always has to hold holds after every command.
//!
//! The city is small (three riders, three drivers, three vehicles), so that commands meet.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod city;

mod laws {
    pub mod moves;
}

use city::{audit, chain, commands, in_force, rules, table, City, MINUTE, NOON_MS, SECOND};
use laws::moves::{a_move, Move};
use proptest::{prelude::*, test_runner::TestRunner};
use smartlink_orders::{
    command::{Ask, QuoteAsk},
    order::{Party, Settlement},
    Answer, OrderEvent, Refusal, Rules, State,
};
use smartlink_primitives::{DriverId, Seat, VehicleId};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

/// A city, and what was seen of it.
struct Seen {
    city: City,
    orders: Vec<u64>,
    revisions: BTreeMap<u64, (u64, State)>,
    said: Vec<(u64, Ask, Result<Answer, Refusal>)>,
    receipts: BTreeMap<u64, u64>,
    counts: Counts,
}

/// How often what happened, over all cases: laws about what never happens are empty.
#[derive(Debug, Default)]
struct Counts {
    ended: BTreeMap<&'static str, u64>,
    next_orders: u64,
    held: u64,
    released: u64,
    older: u64,
    again: u64,
    restarts: u64,
}

impl Seen {
    fn new() -> Self {
        Self {
            city: City::with(Rules { batch_rows: 2, most_open: 12, ..rules() }),
            orders: Vec::new(),
            revisions: BTreeMap::new(),
            said: Vec::new(),
            receipts: BTreeMap::new(),
            counts: Counts::default(),
        }
    }

    fn say(&mut self, ask: Ask) -> Result<Answer, Refusal> {
        let key = self.city.key();
        let answer = self.city.say_as(key, ask.clone());
        if let (Ask::Quote(_), Ok(Answer::Order(id))) = (&ask, answer) {
            assert!(self.orders.last().is_none_or(|last| *last < id), "ids grow");
            self.orders.push(id);
        }
        self.said.push((key, ask, answer));
        self.look();
        answer
    }

    /// What may change from one command to the next.
    fn look(&mut self) {
        let ids: Vec<u64> = self.orders.iter().rev().take(16).copied().collect();
        for id in ids {
            let here = self.city.engine.order(id).is_some();
            if !here && !self.city.shelf.0.contains_key(&id) {
                // Only what was never more than quoted may be gone.
                let last = self.revisions.get(&id).map(|seen| seen.1);
                assert!(last.is_none_or(|state| state == State::Quoted), "order {id} is lost");
                continue;
            }
            let order = self.city.order(id);
            audit::walk(&order).unwrap();
            let now = (order.revision, order.state);
            if let Some(before) = self.revisions.insert(id, now) {
                let grows = before.0 < now.0 || before == now;
                assert!(grows, "order {id}: {before:?}, then {now:?}");
            }
            let Some(receipt) = order.receipt else { continue };
            audit::receipt_is_the_chains(&order, self.city.engine.schedule()).unwrap();
            let total = receipt.fare + receipt.tolls;
            let before = self.receipts.insert(id, total).unwrap_or(total);
            assert_eq!(before, total, "a receipt never changes");
        }
    }

    fn order(&self, back: usize) -> Option<u64> {
        let at = self.orders.len().checked_sub(back + 1)?;
        let id = self.orders[at];
        let known = self.city.engine.order(id).is_some() || self.city.shelf.0.contains_key(&id);
        known.then_some(id)
    }

    fn act(&mut self, step: Move) {
        match step {
            Move::Quote { rider, minutes, class } => {
                let pickup_at_ms = if minutes == 0 { 0 } else { self.city.now + minutes * MINUTE };
                let ask = QuoteAsk { class, pickup_at_ms, ..commands::quote(rider) };
                let _ = self.say(Ask::Quote(Box::new(ask)));
            }
            Move::OnDuty { driver, vehicle, class } => {
                let (driver, vehicle, seat) = (DriverId(driver), VehicleId(vehicle), Seat(driver));
                let _ = self.say(Ask::OnDuty { driver, vehicle, seat, class });
            }
            Move::OffDuty { driver } => drop(self.say(commands::off_duty(DriverId(driver)))),
            Move::Wait { ms } => self.city.wait(ms),
            Move::Skip { ms } => self.city.skip(ms),
            Move::Again { back } => self.again(back),
            Move::Refuse { row } => self.refuse(row),
            Move::Settle { older, fork } => self.settle(older, fork),
            Move::ReleaseHeld => self.release_held(),
            Move::Restart => {
                self.counts.restarts += 1;
                self.city.restart();
            }
            about => {
                if let Some(ask) = self.about_an_order(about) {
                    let _ = self.say(ask);
                }
            }
        }
    }

    fn about_an_order(&self, step: Move) -> Option<Ask> {
        Some(match step {
            Move::Place { order, rider } => commands::place(self.order(order)?, rider),
            Move::Cancel { order, by, who, fault } => {
                let reason = String::new();
                Ask::Cancel { order: self.order(order)?, by, who, fault, reason }
            }
            Move::Rate { order, by, who, stars } => {
                Ask::Rate { order: self.order(order)?, by, who, stars }
            }
            Move::Offer { order, driver, stale, forward } => {
                let order = self.order(order)?;
                let revision = self.city.order(order).revision - u64::from(stale);
                Ask::Offer { order, driver: DriverId(driver), revision, eta_s: 120, forward }
            }
            Move::Answer { order, driver, late, yes } => {
                let (order, driver) = (self.order(order)?, DriverId(driver));
                let attempt = self.city.order(order).attempts.saturating_sub(late);
                if yes {
                    Ask::Accept { order, driver, attempt }
                } else {
                    Ask::Decline { order, driver, attempt }
                }
            }
            Move::Step { order, driver, step } => {
                Ask::Step { order: self.order(order)?, driver: DriverId(driver), step }
            }
            Move::PickUp { order, driver, right } => {
                let code = commands::CODE + u16::from(!right);
                commands::pick_up(self.order(order)?, DriverId(driver), code)
            }
            Move::Complete { order, driver, distance_m } => {
                commands::complete(self.order(order)?, DriverId(driver), distance_m)
            }
            Move::Next { order, driver } => self.next(self.order(order)?, DriverId(driver))?,
            Move::Release { order } => Ask::Release { order: self.order(order)? },
            _ => return None,
        })
    }

    fn next(&self, id: u64, driver: DriverId) -> Option<Ask> {
        let order = self.city.order(id);
        let own = order.offer.map(|offer| offer.driver).unwrap_or_default();
        Some(match order.state {
            State::Quoted => commands::place(id, order.quoted.rider),
            State::Searching => {
                let revision = order.revision;
                Ask::Offer { order: id, driver, revision, eta_s: 120, forward: true }
            }
            State::Offered => Ask::Accept { order: id, driver: own, attempt: order.attempts },
            State::Accepted => commands::set_off(id, own),
            State::Arriving => commands::arrive(id, own),
            State::Arrived => commands::pick_up(id, own, commands::CODE),
            State::PickedUp => commands::start(id, own),
            State::InTrip => commands::complete(id, own, 12_000),
            State::Completed | State::Settled => commands::rider_rates(id, order.quoted.rider, 5),
            State::Booked | State::Cancelled | State::Expired => return None,
        })
    }

    /// The same key gets the same answer.
    fn again(&mut self, back: usize) {
        let Some(at) = self.said.len().checked_sub(back + 1) else { return };
        let (key, ask, first) = self.said[at].clone();
        let passes = match (&ask, first) {
            (_, Err(Refusal::NoSuchOrder | Refusal::Full | Refusal::Clock)) => true,
            (Ask::OffDuty { .. }, Err(Refusal::NoSuchDriver)) => true,
            // While the order is here.
            (Ask::Quote(_), Ok(Answer::Order(id))) => self.city.engine.order(id).is_none(),
            // The last 16 of a driver.
            (Ask::OnDuty { .. } | Ask::OffDuty { .. }, _) => back >= 16,
            _ => false,
        };
        if passes {
            return;
        }
        self.counts.again += 1;
        let entries = self.city.engine.sequence();
        assert_eq!(self.city.say_as(key, ask.clone()), first, "{ask:?}");
        assert_eq!(self.city.engine.sequence(), entries, "{ask:?} happened again");
    }

    fn release_held(&mut self) {
        let mut held = self.city.engine.orders().filter_map(|order| {
            matches!(order.settlement, Settlement::Held(_)).then_some(order.id)
        });
        if let Some(order) = held.next() {
            drop(held);
            let released = self.say(Ask::Release { order });
            self.counts.released += u64::from(released.is_ok());
        }
    }

    fn refuse(&mut self, row: u32) {
        let number = self.city.chain.next();
        let Some(closed) = self.city.engine.closed(number).filter(|it| row < it.rides) else {
            return;
        };
        assert_eq!(closed, self.city.served(number));
        self.city.refuse(number, row);
        self.counts.held += 1;
    }

    /// The chain settles a version of the next batch, the served one or an older.
    fn settle(&mut self, older: u32, fork: bool) {
        let number = self.city.chain.next();
        let Some(closed) = self.city.engine.closed(number) else { return };
        let version = closed.version.saturating_sub(older);
        let bytes = self.city.closed[&(number, version)].bytes.clone();
        if bytes.is_empty() {
            return;
        }
        self.city.chain.submit(&bytes, |_| false).unwrap();
        if fork {
            assert!(self.city.chain.fork());
            return;
        }
        self.counts.older += u64::from(version < closed.version);
        self.city.settle_final();
    }

    /// Everybody goes home: what is open ends, and everything that cost something is settled once.
    fn close(mut self) -> Counts {
        let driven = self.city.engine.drivers().filter(|driver| driver.next != 0);
        self.counts.next_orders += driven.count() as u64;
        for round in 0..40 {
            let open: Vec<u64> = self.city.engine.orders().map(|order| order.id).collect();
            for id in open {
                let state = self.city.order(id).state;
                if state == State::InTrip || state == State::PickedUp {
                    let own = self.city.order(id).driver().unwrap();
                    let _ = self.say(commands::complete(id, own, 3_000));
                } else if !state.is_over() {
                    let _ = self.say(commands::company_cancels(id, Party::Rider));
                }
                let _ = self.city.say(Ask::Release { order: id });
            }
            self.city.wait(10 * SECOND);
            while self.city.engine.closed(self.city.chain.next()).is_some_and(|it| it.rides > 0) {
                self.settle(0, false);
            }
            let stuck = self.city.engine.orders().count() > 0;
            if !stuck {
                break;
            }
            // A number whose rides are all held waits for a ride.
            let driver = self.city.driver(100 + round);
            let id = self.city.trip(1_000 + u64::from(round), driver);
            self.orders.push(id);
            self.look();
        }
        assert_eq!(self.city.engine.orders().count(), 0, "everything is settled or over");
        for (id, total) in &self.receipts {
            assert_eq!(self.city.chain.charged[id].1, *total, "the chain charged the receipt");
        }
        let charged: BTreeSet<_> = self.city.chain.charged.keys().collect();
        assert!(self.receipts.keys().all(|id| charged.contains(id)));
        assert!(self.city.engine.drivers().all(|driver| driver.is_idle()));
        for seen in self.revisions.values() {
            *self.counts.ended.entry(seen.1.name()).or_default() += 1;
        }
        self.counts
    }
}

impl City {
    fn settle_final(&mut self) {
        for settled in self.chain.finalize().unwrap() {
            self.ok(settled.told());
        }
    }
}

#[test]
fn the_books_are_in_order_whatever_is_asked() {
    let config =
        ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = TestRunner::new(config);
    let counts = RefCell::new(Vec::new());
    let moves = proptest::collection::vec(a_move(), 50..500);
    let found = runner.run(&moves, |moves| {
        let mut seen = Seen::new();
        for step in moves {
            seen.act(step);
        }
        counts.borrow_mut().push(seen.close());
        Ok(())
    });
    if let Err(found) = found {
        panic!("{found}");
    }
    let counts = counts.into_inner();
    let sum = |of: fn(&Counts) -> u64| counts.iter().map(of).sum::<u64>();
    for state in ["settled", "cancelled", "expired"] {
        let ended: u64 = counts.iter().filter_map(|counts| counts.ended.get(state)).sum();
        println!("{ended:>6} orders are {state} in the end");
        assert!(ended > 20, "{ended} orders are {state} in the end");
    }
    let rare = [
        ("next orders when it closes", sum(|counts| counts.next_orders)),
        ("rides held", sum(|counts| counts.held)),
        ("rides released", sum(|counts| counts.released)),
        ("older versions settled", sum(|counts| counts.older)),
        ("answers asked for again", sum(|counts| counts.again)),
        ("restarts", sum(|counts| counts.restarts)),
    ];
    for (what, count) in rare {
        println!("{count:>6} {what}");
        assert!(count > 0, "{count} {what}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the meter, the clock and the tariff of the pick-up say.
    #[test]
    fn no_trip_costs_more_than_its_cap(
        quoted_m in prop_oneof![0u32..3_000, 0u32..60_000],
        quoted_s in prop_oneof![0u32..60, 0u32..7_200], surge in 1_000u16..=3_000,
        // The dearer window opens an hour after the city.
        begin in prop_oneof![50u64..62, 0u64..24 * 60], late_s in 0u64..280, waited_s in 0u64..1_200, took_s in 0u64..40_000,
        driven_m in 0u32..400_000, base in 0u64..30_000_000, minimum in 0u64..40_000_000,
        rounding in 1u64..1_000_000, surcharge in 0u16..=7_000,
    ) {
        let mut city = City::open();
        let mut fares = table();
        (fares.base, fares.minimum, fares.rounding) = (base, minimum, rounding);
        let windows: Vec<_> = fares.windows.iter().copied().collect();
        fares.windows = windows
            .into_iter()
            .map(|window| smartlink_primitives::tariff::Window {
                surcharge_permille: surcharge,
                ..window
            })
            .collect::<Vec<_>>()
            .try_into()
            .unwrap();
        city.put_tariffs(vec![in_force(1, NOON_MS / 1_000 - 48 * 3_600, fares)]);
        city.wait(begin * MINUTE);
        let anna = city.driver(1);
        let ask = QuoteAsk {
            distance_m: quoted_m,
            duration_s: quoted_s,
            surge_permille: surge,
            ..commands::quote(7)
        };
        let id = city.quote_for(ask);
        city.ok(commands::place(id, 7));
        city.wait(late_s * SECOND);
        city.offer(id, anna).unwrap();
        city.accept(id, anna).unwrap();
        city.ok(commands::set_off(id, anna));
        city.wait(late_s * SECOND);
        city.ok(commands::arrive(id, anna));
        city.wait(waited_s * SECOND);
        city.ok(commands::pick_up(id, anna, commands::CODE));
        city.wait(took_s * SECOND);
        city.ok(commands::complete(id, anna, driven_m));
        let order = city.order(id);
        audit::receipt_is_the_chains(&order, city.engine.schedule()).unwrap();
        city.wait(10 * SECOND);
        let rows = chain::rides(&chain::decode(&city.served(1).bytes));
        prop_assert_eq!(rows.as_slice(), &[order.ride().unwrap()]);
    }
}

/// The laws are no empty words: a history that the table does not know is noticed.
#[test]
fn a_history_that_does_not_follow_is_noticed() {
    let mut city = City::open();
    let anna = city.driver(1);
    let id = city.trip(7, anna);
    let mut order = city.order(id);
    assert_eq!(audit::walk(&order), Ok(()));
    let completed = order.entries().unwrap();
    assert!(completed.iter().any(|entry| matches!(entry.event, OrderEvent::Accepted)));
    order.state = State::InTrip;
    assert!(audit::walk(&order).is_err());
    order.state = State::Completed;
    let schedule = city.engine.schedule();
    assert_eq!(audit::receipt_is_the_chains(&order, schedule), Ok(()));
    order.receipt.as_mut().unwrap().fare += 1;
    assert!(audit::receipt_is_the_chains(&order, schedule).is_err());
}
