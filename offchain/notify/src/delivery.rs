//! Carries what waits in the outbox to mail server and webhooks.

mod breaker;
pub(crate) mod guard;
mod mail;
mod retry;
mod schedule;
mod webhook;

use std::{
    collections::HashMap, future::Future, path::PathBuf, pin::pin, sync::Arc, time::Duration,
};

use smartlink_service::config::Invalid;
use tokio::task::{Id, JoinError, JoinSet};

use self::{
    guard::Guard,
    mail::Mailer,
    schedule::{Ended, Health, Lane, Schedule},
    webhook::Poster,
};
use crate::{
    channels::Channels,
    clock::now_ms,
    store::{Channel, DeliveryRecord, MessageRecord, Outcome, Store, StoreError},
    NotifyConfig,
};

/// Deliveries that are read from the outbox at once.
const READ_AT_ONCE: usize = 1_000;
/// The clock of the machine may be set: nothing sleeps longer without looking at it.
const LONGEST_SLEEP_MS: u64 = 30_000;
/// After a failure of the store.
const STORE_PAUSE_MS: u64 = 5_000;
/// What is kept of an error.
const ERROR_BYTES: usize = 500;

/// Why the service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    /// A setting cannot be.
    #[error("notify.{} cannot be what it is: {}", .0.key, .0.remedy)]
    Config(Invalid),
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The sender is not a mailbox.
    #[error(
        "notify.smtp.from is {0:?}, which is not a mailbox: give SmartLink <notify@example.com>"
    )]
    From(String),
    /// A file of certificates cannot be used.
    #[error("the certificates in {path} cannot be used: {why}; give a PEM file")]
    Authority {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
}

/// What came of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attempt {
    /// Why it did not arrive.
    pub(crate) error: Option<String>,
    /// Trying again would be of no use.
    pub(crate) refused: bool,
    /// What it says about the destination.
    pub(crate) health: Health,
    /// How long the destination wants to be left alone, in milliseconds.
    pub(crate) rest_ms: u64,
}

impl Attempt {
    fn arrived() -> Self {
        Self { error: None, refused: false, health: Health::Good, rest_ms: 0 }
    }

    /// The destination failed.
    fn failed(error: String) -> Self {
        Self { error: Some(error), refused: false, health: Health::Bad, rest_ms: 0 }
    }

    /// This delivery failed, others may arrive.
    fn failed_itself(error: String) -> Self {
        Self { health: Health::Unknown, ..Self::failed(error) }
    }

    /// This delivery can never arrive.
    fn refused(error: String) -> Self {
        Self { refused: true, ..Self::failed_itself(error) }
    }

    fn resting(self, rest_ms: u64) -> Self {
        Self { rest_ms, ..self }
    }
}

/// Carries deliveries.
pub(crate) struct Courier {
    store: Arc<Store>,
    guard: Arc<Guard>,
    mailer: Option<Mailer>,
    poster: Poster,
    config: NotifyConfig,
}

impl Courier {
    pub(crate) fn new(
        store: Arc<Store>,
        guard: Arc<Guard>,
        config: &NotifyConfig,
    ) -> Result<Self, NotifyError> {
        let mailer = Mailer::new(&config.smtp, config.workers.mail)?;
        let poster = Poster::new(&config.webhook, Arc::clone(&guard))?;
        Ok(Self { store, guard, mailer, poster, config: config.clone() })
    }

    /// One attempt of the delivery at a place of the outbox.
    async fn attempt(&self, lane: Lane, place: u64) -> Ended {
        let nothing = Ended { lane, health: Health::Unknown, rest_until_ms: 0, again: None };
        let delivery = match self.store.delivery(place) {
            Ok(Some(delivery)) => delivery,
            Ok(None) => return nothing,
            Err(error) => {
                tracing::error!(%error, place, "a delivery cannot be read");
                return Ended { again: Some((place, now_ms() + STORE_PAUSE_MS)), ..nothing };
            }
        };
        let began_ms = now_ms();
        let longest = self.config.retry.give_up_after_ms;
        let (attempt, attempted) = if began_ms.saturating_sub(delivery.since_ms) > longest {
            let last = &delivery.last_error;
            let error = format!("it did not arrive within {longest} ms; the last error: {last}");
            (Attempt::refused(error), false)
        } else {
            (self.carry(&delivery, began_ms).await, true)
        };
        let now = now_ms();
        let rest = attempt.rest_ms.min(self.config.retry.longest_ms);
        let rest_until_ms = if rest > 0 { now + rest } else { 0 };
        let outcome = self.outcome(&delivery, &attempt, attempted, rest, now);
        let again = match &outcome {
            Outcome::Again { due_ms, .. } => Some((place, *due_ms)),
            Outcome::Delivered | Outcome::GivenUp { .. } => None,
        };
        let ended = Ended { lane, health: attempt.health, rest_until_ms, again };
        tracing::debug!(
            delivery = delivery.id,
            attempts = delivery.attempts + 1,
            error = attempt.error,
            took_ms = now.saturating_sub(began_ms),
            "a delivery was attempted"
        );
        self.conclude(place, outcome).await;
        ended
    }

    /// Notes the outcome, however long the store fails: until then the delivery keeps its place among those
    /// under way, so that a broken store ends all deliveries instead of repeating them.
    async fn conclude(&self, place: u64, outcome: Outcome) {
        while let Err(error) = self.store.conclude(place, outcome.clone()).await {
            tracing::error!(%error, place, "the outcome of a delivery cannot be noted");
            tokio::time::sleep(Duration::from_millis(STORE_PAUSE_MS)).await;
        }
    }

    /// What is noted of an attempt.
    fn outcome(
        &self,
        delivery: &DeliveryRecord,
        attempt: &Attempt,
        attempted: bool,
        rest_ms: u64,
        now: u64,
    ) -> Outcome {
        let Some(error) = &attempt.error else { return Outcome::Delivered };
        let error = shortened(error);
        let failed = delivery.attempts + u32::from(attempted);
        if attempt.refused || failed >= self.config.retry.attempts {
            return Outcome::GivenUp { attempted, error, at_ms: now };
        }
        let pause = retry::pause_ms(&self.config.retry, failed, &mut fastrand::Rng::new());
        Outcome::Again { due_ms: now + pause.max(rest_ms), error }
    }

    /// Takes a delivery to where its account's messages go now.
    async fn carry(&self, delivery: &DeliveryRecord, now: u64) -> Attempt {
        let Some(message) = &delivery.message else {
            return Attempt::refused("the message of this delivery is lost".into());
        };
        let channels = match self.store.channels(message.account) {
            Ok(channels) => channels,
            Err(error) => return Attempt::failed_itself(error.to_string()),
        };
        let channels = match Channels::parse(&channels, &self.guard) {
            Ok(channels) => channels,
            Err(error) => return Attempt::refused(error.to_string()),
        };
        let id = self.delivery_id(delivery);
        match delivery.channel() {
            Channel::Email => self.mail(&id, &channels, message).await,
            Channel::Webhook => match &channels.webhook {
                Some(webhook) => self.poster.post(&id, webhook, message, now).await,
                None => Attempt::refused("the account has no webhook any more".into()),
            },
        }
    }

    async fn mail(&self, id: &str, channels: &Channels, message: &MessageRecord) -> Attempt {
        match (&self.mailer, &channels.email) {
            (Some(mailer), Some(to)) => mailer.send(id, to, message).await,
            (None, _) => Attempt::refused("no mail server is configured: set notify.smtp".into()),
            (_, None) => Attempt::refused("the account has no e-mail address any more".into()),
        }
    }

    /// What a receiver knows a delivery by: of the store, and of the delivery in it.
    fn delivery_id(&self, delivery: &DeliveryRecord) -> String {
        format!("{:016x}-{}", self.store.instance(), delivery.id)
    }
}

/// Carries deliveries until `stop`; then lets those under way finish, within a bound. What is cut off then
/// is delivered after the next start.
pub(crate) async fn run(
    courier: Arc<Courier>,
    news: Arc<tokio::sync::Notify>,
    stop: impl Future<Output = ()>,
) {
    let grace = Duration::from_millis(courier.config.stop_grace_ms);
    let mut round = Round::new(courier);
    let mut stop = pin!(stop);
    loop {
        // Before reading: what is put there while reading wakes the next round.
        let woken = news.notified();
        round.read_outbox().await;
        round.start();
        let sleep = tokio::time::sleep(round.sleep());
        tokio::select! {
            biased;
            () = &mut stop => break,
            Some(ended) = round.attempts.join_next_with_id() => round.end(ended),
            () = woken => {}
            () = sleep => {}
        }
    }
    let finish = async {
        while let Some(ended) = round.attempts.join_next_with_id().await {
            round.end(ended);
        }
    };
    if tokio::time::timeout(grace, finish).await.is_err() {
        let cut = round.attempts.len();
        tracing::warn!(cut, "deliveries are cut off; they go on after the next start");
        round.attempts.shutdown().await;
    }
}

/// The deliveries under way and those that wait.
struct Round {
    courier: Arc<Courier>,
    schedule: Schedule,
    attempts: JoinSet<Ended>,
    /// What each task of `attempts` is about, for one that panics.
    about: HashMap<Id, (Lane, u64)>,
    /// The place up to which the outbox was read.
    read_up_to: u64,
    more: bool,
}

impl Round {
    fn new(courier: Arc<Courier>) -> Self {
        let config = &courier.config;
        let schedule = Schedule::new(config.workers.clone(), config.breaker.clone());
        let (attempts, about) = (JoinSet::new(), HashMap::new());
        Self { courier, schedule, attempts, about, read_up_to: 0, more: false }
    }

    /// Takes in the next part of the outbox.
    async fn read_outbox(&mut self) {
        let durable = self.courier.store.durable_place();
        if durable <= self.read_up_to {
            self.more = false;
            return;
        }
        let (store, from) = (Arc::clone(&self.courier.store), self.read_up_to);
        let read = tokio::task::spawn_blocking(move || store.waiting_after(from, READ_AT_ONCE));
        let waiting = match read.await {
            Ok(Ok(waiting)) => waiting,
            Ok(Err(error)) => {
                tracing::error!(%error, "the outbox cannot be read");
                return;
            }
            Err(error) => {
                tracing::error!(%error, "reading the outbox broke off");
                return;
            }
        };
        self.more = waiting.len() == READ_AT_ONCE;
        for delivery in &waiting {
            self.read_up_to = delivery.place;
            self.schedule.add(Lane::from(delivery), delivery.place, delivery.due_ms);
        }
        if !self.more {
            // The last places may be empty: what stood there has arrived.
            self.read_up_to = self.read_up_to.max(durable);
        }
    }

    /// Starts what may go now.
    fn start(&mut self) {
        while let Some((lane, place)) = self.schedule.next(now_ms()) {
            let courier = Arc::clone(&self.courier);
            let task = self.attempts.spawn(async move { courier.attempt(lane, place).await });
            self.about.insert(task.id(), (lane, place));
        }
    }

    fn end(&mut self, ended: Result<(Id, Ended), JoinError>) {
        let now = now_ms();
        match ended {
            Ok((id, ended)) => {
                self.about.remove(&id);
                self.schedule.ended(ended, now);
            }
            Err(error) => {
                tracing::error!(%error, "an attempt broke off, which is a fault of this program");
                if let Some((lane, place)) = self.about.remove(&error.id()) {
                    let again = Some((place, now + self.courier.config.retry.longest_ms));
                    let ended = Ended { lane, health: Health::Unknown, rest_until_ms: 0, again };
                    self.schedule.ended(ended, now);
                }
            }
        }
    }

    /// Until when nothing happens by itself.
    fn sleep(&self) -> Duration {
        if self.more {
            return Duration::ZERO;
        }
        let until = self.schedule.wakes_at_ms().unwrap_or(u64::MAX);
        Duration::from_millis(until.saturating_sub(now_ms()).min(LONGEST_SLEEP_MS))
    }
}

/// An error in bounded length.
fn shortened(error: &str) -> String {
    let end = error.floor_char_boundary(ERROR_BYTES.min(error.len()));
    error[..end].to_owned()
}
