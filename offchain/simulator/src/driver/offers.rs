//! How a driver answers offers: yes, no, not at all, or too late.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use serde_json::json;

use super::{decided, Driver, LEAST_PAUSE};
use crate::{
    client::now_ms,
    rider::CLOCK_SKEW_MS,
    view::{Order, State},
    witness::Violation,
    world::{id, one_more},
};

/// Answers that are remembered, so that an offer is thought about once.
const MOST_REMEMBERED: usize = 256;
/// A late answer is sent so long after the offer expired, beside what clocks may differ.
const LATE_MS: u64 = 200;
/// No offer is looked at again before this, when nothing else is due.
const NOTHING_DUE: Duration = Duration::from_secs(3_600);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Accept,
    Decline,
    LetLapse,
    AcceptLate,
    Given,
}

/// What a driver thinks of the offers that she got.
#[derive(Debug, Default)]
pub(super) struct Offers {
    thoughts: HashMap<(u64, u32), (Answer, Instant)>,
    /// Offers that she will accept too late, when nobody speaks of them any more.
    late: Vec<(Instant, Order, u32)>,
}

impl Driver {
    /// Answers every offer whose time has come. Returns after which time the next one is due.
    pub(super) async fn answer_offers(&mut self) -> Duration {
        let now = Instant::now();
        let late = self.offers.late.extract_if(.., |(at, ..)| *at <= now);
        for (_, order, attempt) in late.collect::<Vec<_>>() {
            self.accept(&order, attempt).await;
        }
        let offered = self.orders.values().filter(|order| order.state == State::Offered);
        let open: Vec<Order> = offered.cloned().collect();
        let mut due = NOTHING_DUE;
        for order in open {
            let Some(attempt) = order.offer.as_ref().map(|offer| offer.attempt) else {
                continue;
            };
            let (answer, at) = self.think(&order, attempt);
            match at.checked_duration_since(Instant::now()) {
                Some(left) if !left.is_zero() => due = due.min(left),
                _ => {
                    self.give(&order, attempt, answer).await;
                    due = due.min(LEAST_PAUSE);
                }
            }
        }
        due
    }

    /// What she makes of an offer, and when she answers.
    fn think(&mut self, order: &Order, attempt: u32) -> (Answer, Instant) {
        let key = (order.id, attempt);
        if let Some(thought) = self.offers.thoughts.get(&key) {
            return *thought;
        }
        one_more(&self.world.tally.offers);
        let left =
            order.offer.as_ref().map_or(0, |offer| offer.expires_at_ms).saturating_sub(now_ms());
        let left = Duration::from_millis(left);
        let answer = self.choose(left);
        let reaction = self.world.plan.city_time(f64::from(1 + self.dice.below(8)));
        let after = match answer {
            Answer::AcceptLate => left + Duration::from_millis(CLOCK_SKEW_MS + LATE_MS),
            // In time also when the city is slow and offers are short.
            _ => reaction.min(left / 2),
        };
        let mut thought = (answer, Instant::now() + after);
        if answer == Answer::AcceptLate && self.offers.late.len() < MOST_REMEMBERED {
            self.offers.late.push((thought.1, order.clone(), attempt));
            thought = (Answer::Given, Instant::now() + NOTHING_DUE);
        }
        if self.offers.thoughts.len() >= MOST_REMEMBERED {
            self.offers.thoughts.retain(|_, (answer, _)| *answer != Answer::Given);
        }
        self.offers.thoughts.insert(key, thought);
        thought
    }

    fn choose(&mut self, left: Duration) -> Answer {
        let habits = self.world.plan.habits;
        let at = self.dice.below(1_000);
        let late = habits.declines + habits.lets_lapse;
        if at < habits.declines {
            Answer::Decline
        } else if at < late {
            Answer::LetLapse
        } else if at < late + habits.accepts_late && left <= self.world.plan.longest_wait {
            Answer::AcceptLate
        } else {
            Answer::Accept
        }
    }

    async fn give(&mut self, order: &Order, attempt: u32, answer: Answer) {
        self.offers
            .thoughts
            .insert((order.id, attempt), (Answer::Given, Instant::now() + NOTHING_DUE));
        match answer {
            Answer::Accept => self.accept(order, attempt).await,
            Answer::Decline => {
                let params = json!({ "order": id(order.id), "attempt": attempt });
                if self.account.command("driver_decline", params).await.is_ok() {
                    one_more(&self.world.tally.declined);
                }
                self.orders.remove(&order.id);
            }
            Answer::LetLapse => one_more(&self.world.tally.let_lapse),
            Answer::AcceptLate | Answer::Given => {}
        }
    }

    /// Accepts. Late is what was sent after the offer had expired by a clock that may be a second off; a
    /// repetition of what was sent in time is not late.
    async fn accept(&mut self, order: &Order, attempt: u32) {
        let expires = order.offer.as_ref().map_or(u64::MAX, |offer| offer.expires_at_ms);
        let late_ms = now_ms().saturating_sub(expires);
        let late = late_ms > CLOCK_SKEW_MS;
        let params = json!({ "order": id(order.id), "attempt": attempt });
        let answer = self.account.command("driver_accept", params).await;
        match answer.and_then(|answer| self.world.order("driver_accept", &answer)) {
            Ok(accepted) => {
                if late {
                    let (order, driver) = (order.id, self.place);
                    self.world.witness.saw(Violation::LateAccept { order, driver, late_ms });
                }
                one_more(&self.world.tally.accepted);
                self.take_order(accepted).await;
            }
            Err(failure) => {
                if late && decided(&failure) {
                    one_more(&self.world.tally.late_refused);
                }
                self.orders.remove(&order.id);
            }
        }
    }
}
