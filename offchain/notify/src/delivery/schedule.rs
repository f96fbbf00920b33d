//! Which delivery goes next: all that wait, by destination and time. It knows no network and no clock, and
//! holds a few numbers for each delivery.
//!
//! A delivery waits for its time, then in its lane. A lane is offered a turn when it has something, a free
//! place, and a breaker that lets it through; lanes take turns, so that one with a thousand deliveries
//! does not keep the others waiting.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap, VecDeque},
};

use super::breaker::Breaker;
use crate::{store::Channel, store::Waiting, BreakerConfig, WorkersConfig};

/// A destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Lane {
    /// The mail server.
    Mail,
    /// The webhook of an account.
    Webhook(u64),
}

impl From<&Waiting> for Lane {
    fn from(waiting: &Waiting) -> Self {
        match waiting.channel {
            Channel::Email => Self::Mail,
            Channel::Webhook => Self::Webhook(waiting.account),
        }
    }
}

/// What an attempt says about its destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    /// It works.
    Good,
    /// It does not.
    Bad,
    /// Nothing: the fault lies in the delivery.
    Unknown,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) lane: Lane,
    pub(crate) health: Health,
    /// The destination wants a rest until then. 0: no.
    pub(crate) rest_until_ms: u64,
    /// The delivery waits again, until then.
    pub(crate) again: Option<(u64, u64)>,
}

#[derive(Default)]
struct State {
    ready: VecDeque<u64>,
    running: u32,
    breaker: Breaker,
    rest_until_ms: u64,
    /// It stands among `turns`.
    in_turn: bool,
    /// It stands among `resting` with this time.
    resting_until_ms: Option<u64>,
    /// Deliveries in `waiting`.
    waiting: usize,
}

/// All deliveries that wait.
pub(crate) struct Schedule {
    workers: WorkersConfig,
    breaker: BreakerConfig,
    waiting: BinaryHeap<Reverse<(u64, u64, Lane)>>,
    lanes: HashMap<Lane, State>,
    turns: VecDeque<Lane>,
    resting: BinaryHeap<Reverse<(u64, Lane)>>,
    running: u32,
}

impl Schedule {
    pub(crate) fn new(workers: WorkersConfig, breaker: BreakerConfig) -> Self {
        Self {
            workers,
            breaker,
            waiting: BinaryHeap::new(),
            lanes: HashMap::new(),
            turns: VecDeque::new(),
            resting: BinaryHeap::new(),
            running: 0,
        }
    }

    /// Takes a delivery that waits in the outbox.
    pub(crate) fn add(&mut self, lane: Lane, place: u64, due_ms: u64) {
        self.lanes.entry(lane).or_default().waiting += 1;
        self.waiting.push(Reverse((due_ms, place, lane)));
    }

    /// The delivery that goes next, if one may. It runs until [`Schedule::ended`].
    pub(crate) fn next(&mut self, now_ms: u64) -> Option<(Lane, u64)> {
        self.awaken(now_ms);
        while self.running < self.workers.all {
            let lane = self.turns.pop_front()?;
            let state = self.lanes.get_mut(&lane)?;
            state.in_turn = false;
            // The breaker may have opened since the lane was offered its turn.
            if may_run(&self.workers, lane, state, now_ms) {
                let place = state.ready.pop_front()?;
                state.running += 1;
                self.running += 1;
                self.offer(lane, now_ms);
                return Some((lane, place));
            }
            self.offer(lane, now_ms);
        }
        None
    }

    /// When [`Schedule::next`] should be asked again although nothing ended and nothing was added.
    pub(crate) fn wakes_at_ms(&self) -> Option<u64> {
        let waiting = self.waiting.peek().map(|Reverse((due_ms, ..))| *due_ms);
        let resting = self.resting.peek().map(|Reverse((until_ms, _))| *until_ms);
        waiting.into_iter().chain(resting).min()
    }

    /// An attempt has ended.
    pub(crate) fn ended(&mut self, ended: Ended, now_ms: u64) {
        let Ended { lane, health, rest_until_ms, again } = ended;
        if let Some((place, due_ms)) = again {
            self.add(lane, place, due_ms);
        }
        let Some(state) = self.lanes.get_mut(&lane) else { return };
        state.running -= 1;
        self.running -= 1;
        state.rest_until_ms = state.rest_until_ms.max(rest_until_ms);
        match health {
            Health::Good => state.breaker.arrived(),
            Health::Bad => state.breaker.failed(&self.breaker, now_ms),
            Health::Unknown => {}
        }
        self.offer(lane, now_ms);
        self.leave_if_idle(lane, now_ms);
    }

    /// Moves what has come to its time.
    fn awaken(&mut self, now_ms: u64) {
        while let Some(Reverse((due_ms, place, lane))) = self.waiting.peek().copied() {
            if due_ms > now_ms {
                break;
            }
            self.waiting.pop();
            let state = self.lanes.entry(lane).or_default();
            state.waiting -= 1;
            state.ready.push_back(place);
            self.offer(lane, now_ms);
        }
        while let Some(Reverse((until_ms, lane))) = self.resting.peek().copied() {
            if until_ms > now_ms {
                break;
            }
            self.resting.pop();
            if let Some(state) = self.lanes.get_mut(&lane) {
                if state.resting_until_ms == Some(until_ms) {
                    state.resting_until_ms = None;
                }
            }
            self.offer(lane, now_ms);
            self.leave_if_idle(lane, now_ms);
        }
    }

    /// Gives a lane a turn, now or when its rest is over. One without a free place gets its turn when
    /// something of it ends.
    fn offer(&mut self, lane: Lane, now_ms: u64) {
        let Some(state) = self.lanes.get_mut(&lane) else { return };
        if state.in_turn || state.ready.is_empty() {
            return;
        }
        let (places, from_ms) = allowance(&self.workers, lane, state);
        if state.running >= places {
            return;
        }
        if from_ms <= now_ms {
            state.in_turn = true;
            self.turns.push_back(lane);
        } else if state.resting_until_ms != Some(from_ms) {
            state.resting_until_ms = Some(from_ms);
            self.resting.push(Reverse((from_ms, lane)));
        }
    }

    /// Forgets a lane without deliveries; what is known of its health goes with it, unless it rests.
    fn leave_if_idle(&mut self, lane: Lane, now_ms: u64) {
        let Some(state) = self.lanes.get(&lane) else { return };
        let idle = state.ready.is_empty() && state.running == 0 && state.waiting == 0;
        let resting = state.resting_until_ms.is_some() || state.rest_until_ms > now_ms;
        if idle && !resting && !state.in_turn {
            self.lanes.remove(&lane);
        } else if idle && state.resting_until_ms.is_none() && state.rest_until_ms > now_ms {
            // Looked at once more when the rest is over.
            let until_ms = state.rest_until_ms;
            if let Some(state) = self.lanes.get_mut(&lane) {
                state.resting_until_ms = Some(until_ms);
            }
            self.resting.push(Reverse((until_ms, lane)));
        }
    }
}

/// How many of a lane may run at a time, and from when on.
fn allowance(workers: &WorkersConfig, lane: Lane, state: &State) -> (u32, u64) {
    let limit = match lane {
        Lane::Mail => workers.mail,
        Lane::Webhook(_) => workers.webhook,
    };
    // Who asked for a rest gets one at a time.
    let limit = if state.rest_until_ms > 0 { 1 } else { limit };
    let (places, from_ms) = state.breaker.allows(limit);
    (places, from_ms.max(state.rest_until_ms))
}

fn may_run(workers: &WorkersConfig, lane: Lane, state: &State, now_ms: u64) -> bool {
    let (places, from_ms) = allowance(workers, lane, state);
    state.running < places && from_ms <= now_ms
}

#[cfg(test)]
mod tests;
