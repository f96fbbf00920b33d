//! A driver: is on duty with her vehicle, drives, answers offers, fetches riders; sometimes does not.

mod motion;
mod offers;

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{json, Value};
use tokio::sync::mpsc;

use self::{motion::Motion, offers::Offers};
use crate::{
    city::Location,
    client::{now_ms, Account, Credentials, Failure},
    follow::{Feed, Subject},
    plan::{DriverSeat, Follow},
    prng::SplitMix,
    view::{self, Change, Order, State},
    witness::Violation,
    world::{id, one_more, Role, Stage, World},
    Error,
};

/// How often a driver who follows by subscription asks all the same, in polls that she does not make.
const CHECKS: u32 = 5;
/// The shortest pause between two looks at the world.
const LEAST_PAUSE: Duration = Duration::from_millis(20);
/// The longest pause before a refused command is tried again.
const MOST_PAUSE: Duration = Duration::from_secs(2);
/// Orders that a driver keeps in mind: the one she is on, the next, and offers.
const MOST_ORDERS: usize = 64;

/// A driver of the city.
pub(crate) struct Driver {
    world: Arc<World>,
    /// Her seat in the plan.
    place: u32,
    vehicle: u32,
    account: Account,
    dice: SplitMix,
    motion: Motion,
    offers: Offers,
    /// Her id in the API, once it is known.
    id: u32,
    /// Open orders that concern her.
    orders: BTreeMap<u64, Order>,
    tasks: BTreeMap<u64, Task>,
    /// The order whose rider is in the vehicle.
    aboard: Option<u64>,
    next_question: Instant,
    next_report: Instant,
}

/// What the driver remembers of an order that is hers.
#[derive(Debug, Default)]
struct Task {
    /// She means to give it back when she has driven so far, in thousandths of the way.
    abandons_at: Option<u32>,
    mistypes: bool,
    arrived: Option<Instant>,
    not_before: Option<Instant>,
}

impl Driver {
    /// The driver of a seat.
    pub(crate) fn new(world: Arc<World>, place: u32, seat: &DriverSeat) -> Result<Self, Error> {
        let credentials = Credentials::wallet(&seat.suri, || format!("driver {place}"))?;
        let mut dice = world.dice(Role::Driver, place);
        let (home, _) = world.plan.city.somewhere(&mut dice);
        let now = Instant::now();
        Ok(Self {
            place,
            vehicle: seat.vehicle,
            account: world.account(Role::Driver, place, credentials),
            dice,
            motion: Motion::at(home),
            offers: Offers::default(),
            id: 0,
            orders: BTreeMap::new(),
            tasks: BTreeMap::new(),
            aboard: None,
            next_question: now,
            next_report: now,
            world,
        })
    }

    /// Works until the city is over. Says on `ready` whether she is on duty.
    pub(crate) async fn work(mut self, ready: mpsc::Sender<Result<(), Error>>) {
        let begun = self.begin().await;
        let failed = begun.is_err();
        let _ = ready.send(begun).await;
        drop(ready);
        if failed {
            return;
        }
        let mut feed =
            (self.world.plan.follow == Follow::Subscriptions).then(|| Feed::new(Subject::Driver));
        while !(self.world.is(Stage::Over) && self.tasks.is_empty()) {
            self.report().await;
            if Instant::now() >= self.next_question {
                self.ask().await;
            }
            let wait = self.act().await;
            self.pause(feed.as_mut(), wait).await;
        }
        if let Err(failure) = self.account.command("driver_off_duty", json!({})).await {
            tracing::warn!(driver = self.place, %failure, "a driver could not go off duty");
        }
    }

    async fn begin(&mut self) -> Result<(), Error> {
        let world = self.world.clone();
        let who = || format!("driver {}", self.place);
        {
            // The semaphore is never closed.
            let _turn = world.logins.acquire().await;
            let token = self.account.token().await;
            token.map_err(|failure| Error::Begin { who: who(), reason: failure.to_string() })?;
        }
        let on_duty =
            self.account.command("driver_on_duty", json!({ "vehicle": self.vehicle })).await;
        on_duty.map_err(|failure| {
            let who = format!("driver {}", self.place);
            Error::Begin { who, reason: failure.to_string() }
        })?;
        Ok(())
    }

    /// Says where she is, when it is time.
    async fn report(&mut self) {
        if Instant::now() < self.next_report {
            return;
        }
        self.next_report = Instant::now() + self.world.plan.report_every;
        let at = self.motion.now().rounded();
        let mut position = json!({
            "latitude": at.latitude, "longitude": at.longitude, "at_ms": now_ms(),
            "speed": if self.motion.moves() { motion::SPEED_M_S } else { 0.0 },
        });
        if let Some(heading) = self.motion.heading() {
            position["heading"] = json!(heading);
        }
        let params = json!({ "positions": [position] });
        if let Err(failure) = self.account.ask("driver_report", &params).await {
            tracing::debug!(driver = self.place, %failure, "a position was not taken");
        }
    }

    /// Asks what concerns her now.
    async fn ask(&mut self) {
        let every = self.world.plan.poll_every;
        let times = if self.world.plan.follow == Follow::Subscriptions { CHECKS } else { 1 };
        self.next_question = Instant::now() + every * times;
        let answer = match self.account.ask("driver_state", &json!({})).await {
            Ok(answer) => answer,
            Err(failure) => {
                tracing::debug!(driver = self.place, %failure, "a driver does not hear from the service");
                return;
            }
        };
        match view::Driver::read(&answer) {
            Ok(state) => self.take_state(&state).await,
            Err(error) => {
                let reason = error.to_string();
                self.world.witness.saw(Violation::Unreadable { method: "driver_state", reason });
            }
        }
    }

    async fn take_state(&mut self, state: &view::Driver) {
        self.id = state.id;
        let named = [state.order, state.next_order, state.offered];
        let unknown = named.into_iter().flatten().filter(|order| !self.orders.contains_key(order));
        let gone = self.orders.keys().filter(|order| !named.contains(&Some(**order)));
        let changed: Vec<u64> = unknown.chain(gone.copied()).collect();
        for order in changed {
            self.look_at(order).await;
        }
    }

    /// Reads one order anew.
    async fn look_at(&mut self, order: u64) {
        let answer = self.account.ask("driver_order", &json!({ "order": id(order) })).await;
        match answer.and_then(|answer| self.world.order("driver_order", &answer)) {
            Ok(order) => self.take_order(order).await,
            Err(failure) if failure.not_found() => self.forget(order),
            Err(failure) => tracing::debug!(order, %failure, "an order could not be read"),
        }
    }

    /// Takes note of an order as it is now.
    async fn take_order(&mut self, order: Order) {
        if self.orders.get(&order.id).is_some_and(|known| known.revision > order.revision) {
            return;
        }
        if order.start_code.is_some() {
            self.world.witness.saw(Violation::CodeLeaked { order: order.id });
        }
        let mine = order.offer.as_ref().is_none_or(|offer| self.id == 0 || offer.driver == self.id);
        let held = self.tasks.contains_key(&order.id);
        if order.state.is_over() {
            if held {
                self.finish(&order).await;
            }
            self.forget(order.id);
        } else if order.state.has_driver() && mine {
            if !held {
                self.take_over(&order);
            }
            self.orders.insert(order.id, order);
        } else if order.state == State::Offered && mine && self.orders.len() < MOST_ORDERS {
            self.orders.insert(order.id, order);
        } else {
            self.forget(order.id);
        }
    }

    /// An order is hers: by her acceptance, or from before she connected.
    fn take_over(&mut self, order: &Order) {
        self.world.witness.accepted(order.id, self.place);
        let habits = self.world.plan.habits;
        let abandons = self.dice.happens(habits.abandons).then(|| 100 + self.dice.below(800));
        let mistypes = self.dice.happens(habits.wrong_code);
        self.tasks.insert(order.id, Task { abandons_at: abandons, mistypes, ..Task::default() });
    }

    /// An order is not hers any more.
    fn forget(&mut self, order: u64) {
        self.orders.remove(&order);
        if self.tasks.remove(&order).is_some() {
            self.world.witness.released(order, self.place);
            self.motion.stop();
        }
        if self.aboard == Some(order) {
            self.aboard = None;
        }
    }

    /// An order of hers has ended.
    async fn finish(&mut self, order: &Order) {
        self.world.witness.state(order.id, order.state, order.revision);
        let made = matches!(order.state, State::Completed | State::Settled)
            && order.cancelled_by.is_none();
        if let (true, Some(price)) = (made, order.receipt) {
            self.world.witness.price(order.id, price);
        }
        if made && self.dice.happens(self.world.plan.habits.rates) {
            let stars = if self.dice.happens(900) { 5 } else { 3 };
            let params = json!({ "order": id(order.id), "stars": stars });
            if let Err(failure) = self.account.command("driver_rate", params).await {
                tracing::debug!(order = order.id, %failure, "a rating was not taken");
            }
        }
    }

    /// Does what is due, and says after which time something is due again.
    async fn act(&mut self) -> Duration {
        let until_offer = self.answer_offers().await;
        // Who is furthest comes first: a rider in the vehicle before the next one.
        let order = self.orders.values().filter(|order| order.state.has_driver());
        let Some(order) = order.max_by_key(|order| order.state).cloned() else {
            self.cruise();
            return until_offer;
        };
        self.step(&order).await.min(until_offer)
    }

    /// The next step of a ride.
    async fn step(&mut self, order: &Order) -> Duration {
        let not_before = self.tasks.get(&order.id).and_then(|task| task.not_before);
        if let Some(left) = not_before.and_then(|at| at.checked_duration_since(Instant::now())) {
            return left;
        }
        match order.state {
            State::Accepted => self.order_command("driver_set_off", order, json!({})).await,
            State::Arriving => {
                let Some(left) = self.drive(order.origin) else {
                    return self.order_command("driver_arrive", order, json!({})).await;
                };
                if self.tires_of(order) {
                    return self.abandon(order).await;
                }
                left
            }
            State::Arrived => self.wait_for_rider(order).await,
            State::PickedUp => self.order_command("driver_start", order, json!({})).await,
            _ => match self.drive(order.destination) {
                Some(left) => left,
                None => self.complete(order).await,
            },
        }
    }

    async fn complete(&mut self, order: &Order) -> Duration {
        let straight =
            order.origin.zip(order.destination).map_or(1_000.0, |(from, to)| from.road_m(to));
        // Some find a shorter way, some a longer one. At most some ten million metres.
        let driven = (straight * f64::from(950 + self.dice.below(120)) / 1_000.0) as u32;
        let tolls = if driven > 15_000 && self.dice.happens(200) { 500 } else { 0 };
        let params = json!({ "distance_m": driven, "tolls_fen": tolls });
        self.order_command("driver_complete", order, params).await
    }

    /// Waits until the rider is in the vehicle and has told the code, or for too long.
    async fn wait_for_rider(&mut self, order: &Order) -> Duration {
        let glance = self.world.plan.glance();
        let task = self.tasks.entry(order.id).or_default();
        let arrived = *task.arrived.get_or_insert_with(Instant::now);
        let Some(code) = self.world.witness.heard(order.id) else {
            if arrived.elapsed() < self.world.plan.longest_wait / 2 {
                return glance;
            }
            let params = json!({ "reason": "nobody came" });
            return self.order_command("driver_no_show", order, params).await;
        };
        if std::mem::take(&mut task.mistypes) {
            let wrong = if code == "0000" { "1111" } else { "0000" };
            let params = json!({ "order": id(order.id), "start_code": wrong });
            if self.account.command("driver_pick_up", params).await.is_ok() {
                self.world.witness.saw(Violation::WrongCode { order: order.id });
            }
        }
        let wait = self.order_command("driver_pick_up", order, json!({ "start_code": code })).await;
        if self.orders.get(&order.id).is_some_and(|order| order.state == State::PickedUp) {
            if let Some(first) = self.aboard.replace(order.id).filter(|first| *first != order.id) {
                let (driver, second) = (self.place, order.id);
                self.world.witness.saw(Violation::TwoTrips { driver, first, second });
            }
        }
        wait
    }

    /// Whether she gives the order back at this point of the way.
    fn tires_of(&self, order: &Order) -> bool {
        let at = self.tasks.get(&order.id).and_then(|task| task.abandons_at);
        at.is_some_and(|permille| self.motion.share() * 1_000.0 >= f64::from(permille))
    }

    async fn abandon(&mut self, order: &Order) -> Duration {
        if let Some(task) = self.tasks.get_mut(&order.id) {
            task.abandons_at = None;
        }
        self.world.witness.leaving(order.id, self.place, true);
        match self.account.command("driver_abandon", json!({ "order": id(order.id) })).await {
            Ok(_) => {
                one_more(&self.world.tally.abandoned);
                self.forget(order.id);
            }
            Err(_) => {
                self.world.witness.leaving(order.id, self.place, false);
                self.look_at(order.id).await;
            }
        }
        LEAST_PAUSE
    }

    /// A command about an order of hers, whose answer is the order as it is then. After a refusal she looks
    /// again, and tries the same not before a while.
    async fn order_command(
        &mut self,
        method: &'static str,
        order: &Order,
        mut params: Value,
    ) -> Duration {
        params["order"] = id(order.id);
        let answer = self.account.command(method, params).await;
        match answer.and_then(|answer| self.world.order(method, &answer)) {
            Ok(order) => {
                self.take_order(order).await;
                LEAST_PAUSE
            }
            Err(failure) => {
                tracing::debug!(order = order.id, method, %failure, "a driver's command was refused");
                let pause = self.world.plan.poll_every.min(MOST_PAUSE);
                if let Some(task) = self.tasks.get_mut(&order.id) {
                    task.not_before = Some(Instant::now() + pause);
                }
                self.look_at(order.id).await;
                pause
            }
        }
    }

    /// Drives on to a place. `None`: she is there.
    fn drive(&mut self, to: Option<Location>) -> Option<Duration> {
        let to = to?;
        self.motion.head_for(to, &self.world.plan);
        self.motion.left()
    }

    /// Without an order she drives about now and then.
    fn cruise(&mut self) {
        if self.motion.left().is_none() && self.dice.happens(50) {
            let metres = f64::from(300 + self.dice.below(1_500));
            let to = self.motion.now().away(metres, f64::from(self.dice.below(360)));
            self.motion.head_for(to, &self.world.plan);
        }
    }

    /// Waits until something is due or something was pushed.
    async fn pause(&mut self, feed: Option<&mut Feed>, wait: Duration) {
        let now = Instant::now();
        let due = self.next_question.min(self.next_report).saturating_duration_since(now);
        let wait = wait.min(due).max(LEAST_PAUSE);
        let Some(feed) = feed else {
            tokio::time::sleep(wait).await;
            return;
        };
        match feed.next(&self.world, &mut self.account, wait).await {
            Some(Change::Order(order)) => self.take_order(order).await,
            Some(Change::Driver(state)) => self.take_state(&state).await,
            Some(Change::Gone(order)) => self.forget(order),
            None => {}
        }
    }
}

/// Whether a failure means that the offer is not hers to take: everything that the service decided.
fn decided(failure: &Failure) -> bool {
    matches!(failure, Failure::Refused(_))
}
