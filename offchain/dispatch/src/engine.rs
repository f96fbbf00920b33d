//! The dispatcher without I/O and without a clock: what comes in and when is given by the caller, and the same input
//! gives the same offers.
//!
//! A tick has three steps, so that nobody waits for a lock while the city is solved or roads are asked for:
//!
//! 1. [`DispatchEngine::plan`] looks for candidates and takes down what is known of them,
//! 2. [`Plan::decide`] weighs them: a pure function,
//! 3. [`DispatchEngine::commit`] lets those offers pass that still hold, and reserves order and driver for them.
//!
//! [`DispatchEngine::tick`] does all three with great circles.

mod decide;
mod narrate;
mod near;
mod plan;
mod standing;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use crate::{
    assignment::Prices,
    config::{ConfigError, DispatchConfig},
    decision::{Decision, Outcome},
    fleet::Fleet,
    geo::Point,
    hold::UsualApproach,
    market::{DriverNews, Market, Noted, OrderNews, Phase},
    travel::GreatCircle,
};

pub use crate::fleet::Position;
pub use decide::{Offer, Verdict};
pub use plan::Plan;
pub(crate) use plan::{Column, Pair, Row};
pub(crate) use standing::Standing;

/// An offer that nobody answered for is forgotten after this, beyond the time-out of its call.
const RESERVATION_GRACE_MS: u64 = 1_000;
/// After a refusal an order is left alone for so long: its news is probably on the way.
const REFUSED_REST_MS: u64 = 1_000;

/// Everything that the dispatcher of one company knows.
#[derive(Clone, Debug)]
pub struct DispatchEngine {
    settings: Arc<Settings>,
    market: Market,
    fleet: Fleet,
    /// What the last ticks' optimum says a driver is worth: a warm start.
    prices: Prices,
    usual: UsualApproach,
    ticks: u64,
    offers: u64,
}

/// What does not change while the engine runs.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) config: DispatchConfig,
    pub(crate) roads: GreatCircle,
    pub(crate) homes: HashMap<u32, Point>,
}

/// What one tick came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// What to offer now.
    pub offers: Vec<Offer>,
    /// What to write down.
    pub decisions: Vec<Decision>,
}

/// Figures of the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Ticks since the start.
    pub ticks: u64,
    /// Drivers with a fresh position.
    pub fresh: usize,
    /// Orders that want a driver.
    pub searching: usize,
    /// Offers since the start.
    pub offers: u64,
}

impl DispatchEngine {
    /// An engine that knows nobody.
    ///
    /// # Errors
    /// The configuration is out of its bounds.
    pub fn new(config: DispatchConfig) -> Result<Self, ConfigError> {
        config.validate()?;
        let point =
            |home: &crate::config::Home| Point::new(home.latitude_e6, home.longitude_e6).ok();
        let homes = config.homes.iter();
        let homes = homes.filter_map(|(driver, home)| Some((*driver, point(home)?))).collect();
        let roads = GreatCircle {
            detour_permille: config.travel.detour_permille,
            speed_m_per_h: config.travel.speed_m_per_h,
        };
        let candidates = &config.candidates;
        Ok(Self {
            market: Market::new(candidates.orders, candidates.drivers),
            fleet: Fleet::new(candidates.cell_m, candidates.drivers),
            prices: Prices::default(),
            usual: UsualApproach::default(),
            ticks: 0,
            offers: 0,
            settings: Arc::new(Settings { config, roads, homes }),
        })
    }

    /// Takes a position. Says whether it is newer than what was known; one that is too far ahead of `now_ms` or of one
    /// driver too many is not taken.
    pub fn report(&mut self, position: Position, now_ms: u64) -> bool {
        let ahead = self.settings.config.candidates.position_ahead_ms;
        position.at_ms <= now_ms.saturating_add(ahead) && self.fleet.report(position, now_ms)
    }

    /// Takes an order's news. `false`: there are too many open orders, and this one is not dispatched.
    pub fn order(&mut self, news: OrderNews) -> bool {
        self.market.order(news)
    }

    /// Takes a driver's news. `false`: there are too many drivers, and this one gets no offers.
    pub fn driver(&mut self, news: DriverNews) -> bool {
        self.market.driver(news)
    }

    /// Replaces all orders and drivers by a snapshot. Gives how many were too many.
    pub fn resync(&mut self, orders: Vec<OrderNews>, drivers: Vec<DriverNews>) -> usize {
        self.market.replace(orders, drivers)
    }

    /// Who would be weighed for which order now.
    pub fn plan(&mut self, now_ms: u64) -> Plan {
        self.ticks += 1;
        self.market.lapse(now_ms);
        plan::plan(self, now_ms)
    }

    /// Lets the offers of a verdict pass whose order and driver are still as they were, and reserves both until the
    /// caller says [`answered`](Self::answered).
    pub fn commit(&mut self, verdict: Verdict, now_ms: u64) -> Tick {
        if let Some((drivers, duals)) = &verdict.prices {
            self.prices.keep(drivers, duals);
        }
        let timeout = self.settings.config.orders.offer_timeout_ms;
        let until_ms = now_ms.saturating_add(timeout + RESERVATION_GRACE_MS);
        let mut offers = verdict.offers;
        offers.retain(|offer| self.holds(offer, now_ms));
        let mut decisions = verdict.decisions;
        // Before drivers are reserved: as they were when it was decided.
        decisions.iter_mut().for_each(|decision| self.add_near(decision));
        for offer in &offers {
            self.market.reserve(offer.order, offer.driver, until_ms);
            self.usual.learn(offer.eta_s);
        }
        self.offers += offers.len() as u64;
        let offered: HashSet<u64> = offers.iter().map(|offer| offer.order).collect();
        decisions.retain(|decision| {
            decision.outcome != Outcome::Offered || offered.contains(&decision.order)
        });
        for decision in &decisions {
            let noted =
                Noted { outcome: decision.outcome, driver: decision.driver, at_ms: decision.at_ms };
            self.market.note(decision.order, noted);
        }
        Tick { offers, decisions }
    }

    /// A whole tick with great circles.
    pub fn tick(&mut self, now_ms: u64) -> Tick {
        let verdict = self.plan(now_ms).decide(None);
        self.commit(verdict, now_ms)
    }

    /// An offer was taken, and the answer tells the order as it was then. The order's news may have overtaken the answer:
    /// it counts only while the order is known at an older revision. An order that is no longer known is over, and stays so.
    pub fn taken(&mut self, offer: &Offer, news: OrderNews) {
        let known = self.market.open(news.order);
        if known.is_some_and(|open| open.news.revision < news.revision) {
            // Of an order that is known it is never one too many.
            self.market.order(news);
        }
        self.market.release(offer.order, offer.driver);
    }

    /// An offer was answered, whatever the answer: what came of it is in the order's news.
    pub fn answered(&mut self, order: u64, driver: u32) {
        self.market.release(order, driver);
    }

    /// An offer was refused or lost: the decision to write down. The order is left alone for a second, unless there is
    /// news of it before.
    pub fn refused(&mut self, offer: &Offer, reason: String, now_ms: u64) -> Decision {
        let as_decided =
            self.market.open(offer.order).is_some_and(|open| open.news.revision == offer.revision);
        self.market.release(offer.order, offer.driver);
        if as_decided {
            self.market.rest(offer.order, now_ms.saturating_add(REFUSED_REST_MS));
        }
        narrate::refused(self.ticks, offer, reason, now_ms)
    }

    /// Fresh positions within a radius, the nearest first.
    pub fn nearby(
        &self,
        around: &Point,
        radius_m: u32,
        limit: usize,
        now_ms: u64,
    ) -> Vec<Position> {
        self.fleet.nearby(around, radius_m, limit, self.fresh_since(now_ms))
    }

    /// Figures of the engine.
    pub fn figures(&self, now_ms: u64) -> Figures {
        let since = self.fresh_since(now_ms);
        let positions = self.fleet.slots().iter().flatten();
        Figures {
            ticks: self.ticks,
            fresh: positions.filter(|position| position.at_ms >= since).count(),
            searching: self.market.searching_count(),
            offers: self.offers,
        }
    }

    fn fresh_since(&self, now_ms: u64) -> u64 {
        now_ms.saturating_sub(self.settings.config.candidates.position_max_age_ms)
    }

    /// Whether order and driver of an offer are still what they were when it was decided.
    fn holds(&self, offer: &Offer, now_ms: u64) -> bool {
        let order = self.market.open(offer.order);
        let searching = order.is_some_and(|order| {
            order.news.phase == Phase::Searching
                && order.news.revision == offer.revision
                && order.reserved_until_ms <= now_ms
        });
        let position = self.fleet.of(offer.driver);
        searching
            && position.is_some_and(|position| match self.standing(position, now_ms) {
                Standing::Free { .. } => !offer.forward,
                Standing::Finishing { .. } => offer.forward,
                Standing::Not(_) => false,
            })
    }
}
