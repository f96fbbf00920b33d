//! What all people of the city share.

use std::{
    collections::BTreeMap,
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc, Mutex,
    },
    time::Duration,
};

use serde_json::{json, Value};
use tokio::sync::{watch, Notify, Semaphore};

use crate::{
    city::Location,
    client::{Account, Client, Credentials, Failure, Manners},
    figures::{lock, Meter, Times},
    plan::Plan,
    prng::SplitMix,
    view::{Order, State},
    witness::{Outcome, Violation, Witness},
};

/// People who log in at the same time: a password costs the service a lot of work.
const LOGINS: usize = 8;

/// Whether the city goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    /// Everybody does as she likes.
    Alive,
    /// Nothing new is begun.
    Winding,
    /// Riders are done: drivers go home.
    Over,
}

/// A role, to keep the dice of people apart.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Role {
    Rider,
    Driver,
}

/// What happened to offers, and how long people waited.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub placed: AtomicU64,
    pub offers: AtomicU64,
    pub accepted: AtomicU64,
    pub declined: AtomicU64,
    pub let_lapse: AtomicU64,
    pub late_refused: AtomicU64,
    pub abandoned: AtomicU64,
    pub settled: AtomicU64,
    /// From the acknowledgement until the rider saw that a driver comes.
    pub to_acceptance: Mutex<Times>,
    /// From the acknowledgement until the rider saw the driver wait.
    pub to_arrival: Mutex<Times>,
    pub outcomes: Mutex<BTreeMap<Outcome, u64>>,
}

impl Tally {
    pub(crate) fn ended(&self, outcome: Outcome) {
        *lock(&self.outcomes).entry(outcome).or_default() += 1;
    }
}

/// Counts one more.
pub(crate) fn one_more(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// What all people of the city share.
#[derive(Debug)]
pub(crate) struct World {
    pub plan: Plan,
    pub client: Client,
    pub witness: Arc<Witness>,
    pub meter: Arc<Meter>,
    pub tally: Tally,
    pub stage: watch::Receiver<Stage>,
    pub logins: Semaphore,
    /// Somebody said stop.
    pub stop: Notify,
}

impl World {
    pub(crate) fn new(
        plan: Plan,
        client: Client,
        meter: Arc<Meter>,
        stage: watch::Receiver<Stage>,
    ) -> Self {
        Self {
            plan,
            client,
            witness: Arc::new(Witness::default()),
            meter,
            tally: Tally::default(),
            stage,
            logins: Semaphore::new(LOGINS),
            stop: Notify::new(),
        }
    }

    /// The dice of a person: the same for the same seed, and not those of her neighbour.
    pub(crate) fn dice(&self, role: Role, place: u32) -> SplitMix {
        let mut seed = SplitMix::new(self.plan.seed ^ ((role as u64 + 1) << 56));
        SplitMix::new(seed.next_u64() ^ SplitMix::new(u64::from(place)).next_u64())
    }

    /// The account of a person.
    pub(crate) fn account(&self, role: Role, place: u32, credentials: Credentials) -> Account {
        let letter = match role {
            Role::Rider => 'r',
            Role::Driver => 'd',
        };
        // At most 16 + 9 characters, and up to 15 for the number of the command: what the API takes is 40.
        let prefix = format!("{}-{letter}{place}", self.plan.run);
        // The network's dice are apart from the person's: a repetition changes nothing of what she does.
        let dice = SplitMix::new(self.dice(role, place).next_u64() ^ 1);
        let manners = Manners::of(&self.plan);
        Account::new(self.client.clone(), credentials, prefix, dice, manners, self.witness.clone())
    }

    /// Whether the city has come to a stage.
    pub(crate) fn is(&self, stage: Stage) -> bool {
        *self.stage.borrow() >= stage
    }

    /// Sleeps, or less when the city comes to a stage.
    pub(crate) async fn rest(&self, time: Duration, unless: Stage) {
        let mut stage = self.stage.clone();
        let come = async { stage.wait_for(|now| *now >= unless).await.is_ok() };
        // Without a sender nobody will say more: the time is slept.
        if let Ok(false) = tokio::time::timeout(time, come).await {
            tokio::time::sleep(time).await;
        }
    }

    /// Reads an order out of an answer. What cannot be read is a broken promise.
    pub(crate) fn order(&self, method: &'static str, answer: &Value) -> Result<Order, Failure> {
        Order::read(answer).map_err(|error| {
            let reason = error.to_string();
            self.witness.saw(Violation::Unreadable { method, reason: reason.clone() });
            Failure::Unreadable(reason)
        })
    }
}

/// A place as the API takes it.
pub(crate) fn place(location: Location, name: &str) -> Value {
    json!({ "latitude": location.latitude, "longitude": location.longitude, "name": name })
}

/// An order's id as the API takes it.
pub(crate) fn id(order: u64) -> Value {
    Value::String(order.to_string())
}

/// The outcome of an order that is over.
pub(crate) fn outcome(order: &Order) -> Outcome {
    match (order.state, order.cancelled_by.as_deref()) {
        (State::Cancelled | State::Settled, Some("rider")) => Outcome::CancelledByRider,
        (State::Cancelled | State::Settled, Some("driver")) => Outcome::CancelledByDriver,
        (State::Cancelled | State::Settled, Some(_)) | (State::Cancelled, None) => {
            Outcome::CancelledByCompany
        }
        (State::Expired, _) => Outcome::Expired,
        (State::Completed | State::Settled, _) => Outcome::Completed,
        _ => Outcome::Unfinished,
    }
}
