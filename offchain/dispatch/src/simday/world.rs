//! Riders, drivers and roads in virtual time, around the engine. It plays the part of the orders service too.

mod driver;

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashSet},
};

use super::{
    city::{roads, City, MIDNIGHT_MS},
    figures::DayFigures,
};
use crate::{
    class::VehicleClass,
    config::DispatchConfig,
    engine::{DispatchEngine, Offer},
    market::{OrderNews, Phase},
};
use driver::{Driver, Errand};

const DAY_MS: u64 = 86_400_000;
/// Whoever ordered before midnight is driven after it.
const LATEST_MS: u64 = MIDNIGHT_MS + DAY_MS + 3 * 3_600_000;
/// How often vehicles report where they are.
const REPORT_MS: u64 = 10_000;
const TICK_MS: u64 = 2_000;

/// What happens when its time has come. The number tells whether it still concerns what it was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Ordered { rider: usize },
    Answered { rider: usize, driver: u32, revision: u64 },
    TiredOfSearching { rider: usize },
    TiredOfWaiting { rider: usize },
    Reached { driver: u32, errand: u64 },
    Report,
    Tick,
}

/// An order's life.
#[derive(Clone, Debug)]
struct Order {
    phase: Phase,
    revision: u64,
    driver: Option<u32>,
    excluded: Vec<u32>,
}

pub(super) struct World<'c> {
    city: &'c City,
    engine: DispatchEngine,
    now_ms: u64,
    events: BinaryHeap<Reverse<(u64, u64, Event)>>,
    scheduled: u64,
    orders: Vec<Order>,
    drivers: Vec<Driver>,
    waiting: HashSet<usize>,
    figures: DayFigures,
    waits_s: Vec<u32>,
}

impl<'c> World<'c> {
    pub(super) fn new(city: &'c City, config: DispatchConfig) -> Self {
        let engine = DispatchEngine::new(config).expect("the caller's configuration is valid");
        let orders =
            vec![
                Order { phase: Phase::Closed, revision: 0, driver: None, excluded: Vec::new() };
                city.riders.len()
            ];
        let drivers = city.drivers.iter().map(|at| Driver::new(*at, MIDNIGHT_MS)).collect();
        let figures = DayFigures {
            // As many as were asked for in a u32.
            orders: city.riders.len() as u32,
            ..DayFigures::default()
        };
        Self {
            city,
            engine,
            now_ms: MIDNIGHT_MS,
            events: BinaryHeap::new(),
            scheduled: 0,
            orders,
            drivers,
            waiting: HashSet::new(),
            figures,
            waits_s: Vec::new(),
        }
    }

    pub(super) fn run(mut self) -> DayFigures {
        for driver in self.driver_ids() {
            self.tell_driver(driver);
        }
        for (rider, ordered) in self.city.riders.iter().enumerate() {
            self.at(ordered.at_ms, Event::Ordered { rider });
        }
        self.at(MIDNIGHT_MS, Event::Report);
        self.at(MIDNIGHT_MS, Event::Tick);
        while let Some(Reverse((at_ms, _, event))) = self.events.pop() {
            self.now_ms = at_ms;
            self.happen(event);
        }
        self.figures.finish(self.waits_s)
    }

    fn at(&mut self, at_ms: u64, event: Event) {
        self.scheduled += 1;
        self.events.push(Reverse((at_ms, self.scheduled, event)));
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Ordered { rider } => self.ordered(rider),
            Event::Answered { rider, driver, revision } => self.answered(rider, driver, revision),
            Event::TiredOfSearching { rider } => {
                if matches!(self.orders[rider].phase, Phase::Searching | Phase::Offered) {
                    self.figures.gave_up_searching += 1;
                    self.close(rider);
                }
            }
            Event::TiredOfWaiting { rider } => self.tired_of_waiting(rider),
            Event::Reached { driver, errand } => self.reached(driver, errand),
            Event::Report => {
                self.report();
                self.again(REPORT_MS, Event::Report);
            }
            Event::Tick => {
                self.tick();
                self.again(TICK_MS, Event::Tick);
            }
        }
    }

    fn again(&mut self, after_ms: u64, event: Event) {
        if self.now_ms + after_ms < LATEST_MS {
            self.at(self.now_ms + after_ms, event);
        }
    }

    fn ordered(&mut self, rider: usize) {
        let (search_ms, fetch_ms) =
            (self.city.riders[rider].search_ms, self.city.riders[rider].fetch_ms);
        self.turn(rider, Phase::Searching, None);
        self.at(self.now_ms + search_ms, Event::TiredOfSearching { rider });
        self.at(self.now_ms + fetch_ms, Event::TiredOfWaiting { rider });
    }

    fn tick(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        for offer in self.engine.tick(self.now_ms).offers {
            self.offered(&offer);
        }
    }

    fn offered(&mut self, offer: &Offer) {
        // The orders of this world are numbered from 1 in the order of its riders.
        let rider = offer.order as usize - 1;
        let driver = offer.driver;
        self.figures.offers += 1;
        self.turn(rider, Phase::Offered, Some(driver));
        self.engine.answered(offer.order, driver);
        self.driver_mut(driver).note_offer(offer.eta_s);
        let thinks_ms = self.city.thinks_ms(rider, driver);
        let revision = self.orders[rider].revision;
        self.at(self.now_ms + thinks_ms, Event::Answered { rider, driver, revision });
    }

    fn answered(&mut self, rider: usize, driver: u32, revision: u64) {
        let order = &self.orders[rider];
        if order.phase != Phase::Offered || order.revision != revision {
            return;
        }
        let eta_s = self.driver_mut(driver).offered_eta_s();
        if !self.city.accepts(rider, driver, eta_s) {
            self.orders[rider].excluded.push(driver);
            self.turn(rider, Phase::Searching, None);
            self.tell_driver(driver);
            return;
        }
        self.figures.accepted += 1;
        self.driver_mut(driver).accepted += 1;
        self.turn(rider, Phase::Fetching, Some(driver));
        if self.driver_mut(driver).is_free() {
            self.set_off(driver, rider);
        } else {
            self.driver_mut(driver).next = Some(rider);
            self.tell_driver(driver);
        }
    }

    fn tired_of_waiting(&mut self, rider: usize) {
        let order = &self.orders[rider];
        let (Phase::Fetching, Some(driver)) = (order.phase, order.driver) else { return };
        self.figures.gave_up_waiting += 1;
        self.close(rider);
        if self.driver_mut(driver).next == Some(rider) {
            self.driver_mut(driver).next = None;
        } else {
            let now_ms = self.now_ms;
            let driven_m = self.driver_mut(driver).turn_back(now_ms);
            self.figures.empty_m += u64::from(driven_m);
        }
        self.tell_driver(driver);
    }

    fn set_off(&mut self, driver: u32, rider: usize) {
        let to = self.city.riders[rider].pickup;
        self.drive(driver, Errand::Fetching(rider), to, 0);
    }

    /// Sends a driver on an errand, which begins after a pause.
    fn drive(&mut self, driver: u32, errand: Errand, to: crate::geo::Point, pause_ms: u64) {
        let (now_ms, roads) = (self.now_ms, roads(self.now_ms));
        let (number, arrives_ms) =
            self.driver_mut(driver).drive(errand, to, &roads, now_ms + pause_ms);
        self.at(arrives_ms, Event::Reached { driver, errand: number });
        self.tell_driver(driver);
    }

    fn reached(&mut self, driver: u32, number: u64) {
        let Some((errand, driven_m)) = self.driver_mut(driver).reach(number) else { return };
        match errand {
            Errand::Fetching(rider) => {
                self.figures.empty_m += u64::from(driven_m);
                self.figures.served += 1;
                let ride = &self.city.riders[rider];
                let (to, boarding_ms) = (ride.dropoff, ride.boarding_ms);
                // A day has fewer seconds than a u32.
                self.waits_s.push(((self.now_ms - ride.at_ms) / 1000) as u32);
                self.turn(rider, Phase::Riding, Some(driver));
                self.drive(driver, Errand::Riding(rider), to, boarding_ms);
            }
            Errand::Riding(rider) => {
                self.close(rider);
                let now_ms = self.now_ms;
                match self.driver_mut(driver).rest(now_ms) {
                    Some(next) => self.set_off(driver, next),
                    None => self.tell_driver(driver),
                }
            }
        }
    }

    fn close(&mut self, rider: usize) {
        let driver = self.orders[rider].driver;
        self.turn(rider, Phase::Closed, driver);
    }

    /// Changes an order, and tells the engine.
    fn turn(&mut self, rider: usize, phase: Phase, driver: Option<u32>) {
        let order = &mut self.orders[rider];
        order.phase = phase;
        order.driver = driver;
        order.revision += 1;
        if phase == Phase::Searching {
            self.waiting.insert(rider);
        } else {
            self.waiting.remove(&rider);
        }
        let ride = &self.city.riders[rider];
        let news = OrderNews {
            order: rider as u64 + 1,
            revision: order.revision,
            phase,
            class: VehicleClass::Economy,
            pickup: ride.pickup,
            dropoff: ride.dropoff,
            at_ms: self.now_ms,
            pickup_at_ms: None,
            driver,
            excluded: order.excluded.clone(),
        };
        assert!(self.engine.order(news), "a day has fewer orders than the engine can hold");
    }

    fn tell_driver(&mut self, driver: u32) {
        let news = self.driver_mut(driver).news(driver);
        self.engine.driver(news);
        let fix = self.drivers[driver as usize - 1].position(driver, self.now_ms);
        self.engine.report(fix, self.now_ms);
    }

    fn report(&mut self) {
        for driver in self.driver_ids() {
            let fix = self.drivers[driver as usize - 1].position(driver, self.now_ms);
            self.engine.report(fix, self.now_ms);
        }
    }

    /// Drivers are numbered from 1.
    fn driver_ids(&self) -> std::ops::RangeInclusive<u32> {
        // As many as were asked for in a u32.
        1..=self.drivers.len() as u32
    }

    fn driver_mut(&mut self, driver: u32) -> &mut Driver {
        &mut self.drivers[driver as usize - 1]
    }
}
