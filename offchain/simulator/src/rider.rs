//! A rider: asks for a price, orders, waits, rides, rates; sometimes changes her mind.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::{
    client::{now_ms, Account, Credentials, Failure},
    figures::lock,
    follow::{Feed, Subject},
    plan::Follow,
    prng::SplitMix,
    view::{Change, Order, State},
    witness::{Outcome, Violation},
    world::{id, one_more, outcome, place, Role, Stage, World},
    Error,
};

/// How often a rider who follows by subscription asks all the same, in polls that she does not make.
const CHECKS: u32 = 5;
/// Answers of a clock that runs apart from ours are not held against the service: milliseconds.
pub(crate) const CLOCK_SKEW_MS: u64 = 1_000;

/// What a rider is up to with one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Intent {
    Ride,
    LetLapse,
    PlaceLate,
    /// Before somebody accepted, after so many seconds of the city.
    CancelEarly(u32),
    /// When a driver is on her way.
    CancelLate,
    NoShow,
}

/// A rider of the city.
pub(crate) struct Rider {
    world: Arc<World>,
    account: Account,
    dice: SplitMix,
    orders: u32,
    acknowledged: Vec<Order>,
    /// When she asks although she has a subscription.
    next_check: Instant,
}

impl Rider {
    /// The rider at a place among all, who will ask for so many quotes.
    pub(crate) fn new(world: Arc<World>, number: u32, orders: u32) -> Self {
        let seed = world.plan.seed;
        let mut secret = SplitMix::new(seed ^ u64::from(number));
        let credentials = Credentials::Password {
            name: format!("rider-{seed:x}-{number}"),
            // For a made-up person: whoever knows the seed may know it.
            password: format!("{:016x}{:016x}", secret.next_u64(), secret.next_u64()),
        };
        Self {
            account: world.account(Role::Rider, number, credentials),
            dice: world.dice(Role::Rider, number),
            world,
            orders,
            acknowledged: Vec::new(),
            next_check: Instant::now(),
        }
    }

    /// Lives until all her orders have ended.
    pub(crate) async fn live(mut self) -> Result<(), Error> {
        self.register().await?;
        for _ in 0..self.orders {
            let pause =
                self.world.plan.pause.as_secs_f64() * f64::from(self.dice.below(2_000)) / 1_000.0;
            self.world.rest(self.world.plan.city_time(pause), Stage::Winding).await;
            if self.world.is(Stage::Winding) {
                break;
            }
            let outcome = self.order().await;
            self.world.tally.ended(outcome);
        }
        self.look_back().await;
        Ok(())
    }

    async fn register(&mut self) -> Result<(), Error> {
        let world = self.world.clone();
        // The semaphore is never closed.
        let _turn = world.logins.acquire().await;
        let reason = match self.account.token().await {
            Ok(_) => return Ok(()),
            Err(failure) => failure.to_string(),
        };
        Err(Error::Begin { who: "a rider".to_owned(), reason })
    }

    fn intent(&mut self) -> Intent {
        let habits = self.world.plan.habits;
        let choices = [
            (habits.quote_lapses, Intent::LetLapse),
            (habits.place_late, Intent::PlaceLate),
            (habits.cancel_early, Intent::CancelEarly(5 + self.dice.below(120))),
            (habits.cancel_late, Intent::CancelLate),
            (habits.no_show, Intent::NoShow),
        ];
        let mut at = self.dice.below(1_000);
        for (permille, intent) in choices {
            if at < permille {
                return intent;
            }
            at -= permille;
        }
        Intent::Ride
    }

    /// One order from the wish to its end.
    async fn order(&mut self) -> Outcome {
        let intent = self.intent();
        let Ok(quoted) = self.quote().await else {
            return Outcome::QuoteRefused;
        };
        let late = intent == Intent::PlaceLate && self.wait_until_lapsed(&quoted).await;
        if !late && matches!(intent, Intent::LetLapse | Intent::PlaceLate) {
            return Outcome::QuoteLapsed;
        }
        // Looking at the price takes a moment.
        let thinking = f64::from(2 + self.dice.below(20));
        self.world.rest(self.world.plan.city_time(thinking), Stage::Winding).await;
        let began = now_ms();
        let placed = self.account.command("rider_place", json!({ "order": id(quoted.id) })).await;
        let order = match placed.and_then(|answer| self.world.order("rider_place", &answer)) {
            Ok(order) => order,
            Err(_) if late => return Outcome::QuoteLapsed,
            Err(_) => return Outcome::PlaceRefused,
        };
        if late {
            let late_ms = began.saturating_sub(quoted.valid_until_ms);
            self.world.witness.saw(Violation::LatePlace { order: order.id, late_ms });
        }
        one_more(&self.world.tally.placed);
        self.world.witness.placed(order.id, quoted.cap);
        let (outcome, last) = self.follow(order, intent).await;
        if !matches!(outcome, Outcome::Vanished) {
            self.acknowledged.push(last);
        }
        outcome
    }

    async fn quote(&mut self) -> Result<Order, Failure> {
        let (origin, name) = self.world.plan.city.somewhere(&mut self.dice);
        let destination = self.world.plan.city.destination(origin, &mut self.dice);
        let classes = &self.world.plan.classes;
        // There is at least one class, and not more than fit 32 bits.
        let class = self.dice.below(u32::try_from(classes.len()).unwrap_or(1)) as usize;
        let params = json!({
            "origin": place(origin, name),
            "destination": place(destination, ""),
            "class": classes.get(class),
        });
        let answer = self.account.command("rider_quote", params).await?;
        self.world.order("rider_quote", &answer)
    }

    /// Waits until the quote has surely lapsed, when that is not too long.
    async fn wait_until_lapsed(&self, quoted: &Order) -> bool {
        let left = (quoted.valid_until_ms + CLOCK_SKEW_MS).saturating_sub(now_ms());
        let left = Duration::from_millis(left);
        if left > self.world.plan.longest_wait {
            return false;
        }
        self.world.rest(left, Stage::Winding).await;
        !self.world.is(Stage::Winding)
    }

    /// Follows an order to its end. Returns the last that was seen of it.
    async fn follow(&mut self, mut order: Order, intent: Intent) -> (Outcome, Order) {
        let world = self.world.clone();
        let mut feed = (world.plan.follow == Follow::Subscriptions)
            .then(|| Feed::new(Subject::Order(order.id)));
        let mut ride = Ride::new(intent);
        loop {
            self.observe(&order, &mut ride);
            if order.state.is_over() {
                self.after(&order).await;
                return (outcome(&order), order);
            }
            if ride.began.elapsed() > world.plan.stuck_after {
                world.witness.saw(Violation::NeverEnded { order: order.id, state: order.state });
                return (Outcome::Stuck, order);
            }
            if let Some(changed) = self.react(&order, &mut ride).await {
                order = changed;
                continue;
            }
            match self.next(&order, feed.as_mut()).await {
                Ok(newer) => order = newer,
                Err(failure) if failure.not_found() => {
                    world.witness.saw(Violation::Vanished { order: order.id });
                    return (Outcome::Vanished, order);
                }
                // The service could not be reached for long: the order is not given up.
                Err(failure) => {
                    tracing::warn!(order = order.id, %failure, "an order could not be read")
                }
            }
        }
    }

    /// Waits for something new about the order, or for the next look at the clock.
    async fn next(&mut self, order: &Order, feed: Option<&mut Feed>) -> Result<Order, Failure> {
        let world = self.world.clone();
        let every = world.plan.poll_every;
        let Some(feed) = feed else {
            tokio::time::sleep(every).await;
            return self.read(order.id).await;
        };
        match feed.next(&world, &mut self.account, world.plan.glance()).await {
            Some(Change::Order(newer))
                if newer.id == order.id && newer.revision >= order.revision =>
            {
                return Ok(newer);
            }
            None if Instant::now() >= self.next_check => {}
            _ => return Ok(order.clone()),
        }
        self.next_check = Instant::now() + every * CHECKS;
        self.read(order.id).await
    }

    async fn read(&mut self, order: u64) -> Result<Order, Failure> {
        let answer = self.account.ask("rider_order", &json!({ "order": id(order) })).await?;
        self.world.order("rider_order", &answer)
    }

    fn observe(&self, order: &Order, ride: &mut Ride) {
        let witness = &self.world.witness;
        witness.state(order.id, order.state, order.revision);
        if let Some(price) = order.receipt.filter(|_| order.state.is_over()) {
            if order.cancelled_by.is_none() {
                witness.price(order.id, price);
            }
        }
        let tally = &self.world.tally;
        if order.state >= State::Accepted && order.state <= State::Completed && !ride.accepted {
            ride.accepted = true;
            lock(&tally.to_acceptance).add(ride.began.elapsed());
        }
        if order.state == State::Arrived && ride.arrived.is_none() {
            ride.arrived = Some(Instant::now());
            lock(&tally.to_arrival).add(ride.began.elapsed());
        }
    }

    /// Does what the rider does in this state. Returns the order when that changed it.
    async fn react(&mut self, order: &Order, ride: &mut Ride) -> Option<Order> {
        let world = self.world.clone();
        let plan = &world.plan;
        let waited = ride.began.elapsed();
        let reason = match (order.state, ride.intent) {
            (State::Booked | State::Searching | State::Offered, Intent::CancelEarly(after))
                if waited >= plan.city_time(f64::from(after)) =>
            {
                "changed my mind"
            }
            (State::Booked | State::Searching | State::Offered, _) if waited >= plan.patience => {
                "nobody came"
            }
            (State::Accepted | State::Arriving, Intent::CancelLate) => "found another way",
            (State::Arrived, Intent::NoShow) => {
                let here = ride.arrived.map_or(Duration::ZERO, |at| at.elapsed());
                // The driver may give up first, if the service lets her.
                (here >= plan.longest_wait).then_some("will not come")?
            }
            (State::Arrived, _) => {
                self.tell_code(order, ride);
                return None;
            }
            _ => return None,
        };
        if ride.cancelled {
            return None;
        }
        ride.cancelled = true;
        let params = json!({ "order": id(order.id), "reason": reason });
        match self.account.command("rider_cancel", params).await {
            Ok(answer) => self.world.order("rider_cancel", &answer).ok(),
            // It may have gone on meanwhile: then she rides.
            Err(_) => {
                ride.intent = Intent::Ride;
                None
            }
        }
    }

    /// Gets into the vehicle after some steps, and tells the code.
    fn tell_code(&mut self, order: &Order, ride: &mut Ride) {
        let steps = *ride.steps_s.get_or_insert_with(|| 10 + self.dice.below(110));
        let ready = self.world.plan.city_time(f64::from(steps));
        if ride.arrived.is_some_and(|at| at.elapsed() >= ready) {
            match &order.start_code {
                Some(code) => self.world.witness.tell(order.id, code),
                None if ride.told => {}
                None => self.world.witness.saw(Violation::Unreadable {
                    method: "rider_order",
                    reason: "the rider of a waiting driver sees no start_code".to_owned(),
                }),
            }
            ride.told = true;
        }
    }

    /// Rates the trip, perhaps.
    async fn after(&mut self, order: &Order) {
        let made = matches!(order.state, State::Completed | State::Settled)
            && order.cancelled_by.is_none();
        if made && self.dice.happens(self.world.plan.habits.rates) {
            let stars = [1, 2, 3, 4, 5].get(self.dice.pick(&[1, 1, 3, 15, 80])).copied();
            let params = json!({ "order": id(order.id), "stars": stars });
            if let Err(failure) = self.account.command("rider_rate", params).await {
                tracing::debug!(order = order.id, %failure, "a rating was not taken");
            }
        }
    }

    /// Looks at every order that was acknowledged once more: none may be gone, and what was made is settled
    /// some day.
    async fn look_back(&mut self) {
        let until = Instant::now() + self.world.plan.settle_within;
        for before in std::mem::take(&mut self.acknowledged) {
            let mut last = before;
            loop {
                match self.read(last.id).await {
                    Ok(now) => {
                        self.world.witness.state(now.id, now.state, now.revision);
                        last = now;
                    }
                    Err(failure) if failure.not_found() => {
                        self.world.witness.saw(Violation::Vanished { order: last.id });
                        break;
                    }
                    Err(failure) => {
                        tracing::warn!(order = last.id, %failure, "an order could not be read again");
                    }
                }
                if last.state == State::Settled {
                    one_more(&self.world.tally.settled);
                }
                if last.state != State::Completed || Instant::now() >= until {
                    break;
                }
                tokio::time::sleep(self.world.plan.poll_every).await;
            }
        }
    }
}

/// What the rider remembers of one ride.
struct Ride {
    intent: Intent,
    began: Instant,
    accepted: bool,
    arrived: Option<Instant>,
    /// Seconds of the city until she is in the vehicle.
    steps_s: Option<u32>,
    told: bool,
    cancelled: bool,
}

impl Ride {
    fn new(intent: Intent) -> Self {
        let began = Instant::now();
        Self {
            intent,
            began,
            accepted: false,
            arrived: None,
            steps_s: None,
            told: false,
            cancelled: false,
        }
    }
}
