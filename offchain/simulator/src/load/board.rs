//! Where every rider, driver and order of the load is, and so which request can be sent next.
//!
//! A driver's next command follows from the state of her order alone, whichever answer told it: so a lost,
//! refused or shed command needs no case of its own.

mod request;

use std::collections::{HashMap, VecDeque};

use serde_json::value::RawValue;

use self::request::Writer;
use super::kind::Kind;
use crate::{
    city::{City, Location},
    prng::SplitMix,
    view::{Driver, Order, State},
};

/// Who sends: riders come first, then drivers. Also the number of the connection.
pub(super) type Actor = usize;

/// A command that waits for its turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Command {
    pub actor: Actor,
    pub order: u64,
    pub step: Step,
}

/// What a command does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Place,
    /// The driver reads the order: it says what comes next.
    Look,
    /// The rider reads the order, because the code that she tells is not known yet.
    LookForCode,
    Accept {
        attempt: u32,
    },
    SetOff,
    Arrive,
    PickUp {
        code: String,
    },
    Start,
    Complete {
        distance_m: u32,
    },
    Rate,
}

/// What was sent, as its answer needs it.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub actor: Actor,
    pub kind: Kind,
    pub command: Option<Command>,
    /// A position in the place of a command that nobody had.
    pub substitute: bool,
}

/// How an answer ended, as far as the board looks at it.
#[derive(Clone, Copy)]
pub(super) enum Ending<'a> {
    /// With this result.
    Done(&'a RawValue),
    /// Refused for good.
    Refused,
    /// Shed, or without an answer: the same may be sent again.
    Again,
}

#[derive(Clone, Debug, Default)]
struct Rider {
    /// The order that goes on.
    open: Option<u64>,
    /// The last that she knows of, for reading.
    last: u64,
}

#[derive(Clone, Debug)]
struct AtWork {
    home: Location,
    at: Location,
    /// The order that she looks at or is on.
    engaged: Option<u64>,
}

#[derive(Clone, Debug)]
struct Trip {
    rider: Actor,
    code: Option<String>,
    distance_m: u32,
}

/// Where everything is.
#[derive(Debug)]
pub(super) struct Board {
    riders: Vec<Rider>,
    drivers: Vec<AtWork>,
    trips: HashMap<u64, Trip>,
    ready: VecDeque<Command>,
    next: [usize; Kind::ALL.len()],
    dice: SplitMix,
    city: City,
    class: String,
    writer: Writer,
    /// Orders that came to their end by a trip.
    pub completed: u64,
}

impl Board {
    /// A board of so many riders, and drivers at their places. `run` makes keys that no other run has.
    pub(super) fn new(
        riders: usize,
        drivers: Vec<Location>,
        city: City,
        class: String,
        seed: u64,
        run: &str,
    ) -> Self {
        let at_work = |home| AtWork { home, at: home, engaged: None };
        Self {
            riders: vec![Rider::default(); riders],
            drivers: drivers.into_iter().map(at_work).collect(),
            trips: HashMap::new(),
            ready: VecDeque::new(),
            next: [0; Kind::ALL.len()],
            dice: SplitMix::new(seed),
            city,
            class,
            writer: Writer::new(run),
            completed: 0,
        }
    }

    /// Riders and drivers.
    pub(super) fn actors(&self) -> usize {
        self.riders.len() + self.drivers.len()
    }

    /// Writes the next request of a kind into `out`. What cannot be now is replaced.
    pub(super) fn request(&mut self, id: u64, kind: Kind, now_ms: u64, out: &mut Vec<u8>) -> Sent {
        let sent = |actor, kind| Sent { actor, kind, command: None, substitute: false };
        match kind {
            Kind::Report => self.report(id, now_ms, out),
            Kind::State => {
                let driver = self.turn(kind, self.drivers.len());
                Writer::state(id, out);
                sent(self.riders.len() + driver, kind)
            }
            Kind::Quote => {
                let rider = self.turn(kind, self.riders.len());
                let (origin, _) = self.city.somewhere(&mut self.dice);
                let destination = self.city.destination(origin, &mut self.dice);
                self.writer.quote(id, origin, destination, &self.class, out);
                sent(rider, kind)
            }
            Kind::Inbox => {
                let rider = self.turn(kind, self.riders.len());
                Writer::inbox(id, out);
                sent(rider, kind)
            }
            Kind::Order | Kind::Track => {
                let rider = self.turn(kind, self.riders.len());
                let last = self.riders.get(rider).map_or(0, |rider| rider.last);
                if last == 0 {
                    return self.substitute(id, now_ms, out);
                }
                Writer::read(id, kind == Kind::Track, last, out);
                sent(rider, kind)
            }
            Kind::Command => match self.ready.pop_front() {
                Some(command) => {
                    self.writer.command(id, &command, out);
                    Sent { actor: command.actor, kind, command: Some(command), substitute: false }
                }
                None => self.substitute(id, now_ms, out),
            },
        }
    }

    fn substitute(&mut self, id: u64, now_ms: u64, out: &mut Vec<u8>) -> Sent {
        Sent { substitute: true, ..self.report(id, now_ms, out) }
    }

    /// The next position: some steps about, and home again when it is far.
    fn report(&mut self, id: u64, now_ms: u64, out: &mut Vec<u8>) -> Sent {
        let place = self.turn(Kind::Report, self.drivers.len());
        let (metres, degrees) = (f64::from(self.dice.below(60)), f64::from(self.dice.below(360)));
        if let Some(driver) = self.drivers.get_mut(place) {
            driver.at = driver.at.away(metres, degrees);
            if driver.at.road_m(driver.home) > 1_000.0 {
                driver.at = driver.home;
            }
            Writer::report(id, driver.at, now_ms, out);
        }
        let actor = self.riders.len() + place;
        Sent { actor, kind: Kind::Report, command: None, substitute: false }
    }

    /// One after the other.
    fn turn(&mut self, kind: Kind, of: usize) -> usize {
        let next = &mut self.next[kind as usize];
        *next = (*next + 1) % of.max(1);
        *next
    }

    /// Takes note of an answer.
    pub(super) fn answered(&mut self, sent: &Sent, ending: Ending<'_>) {
        match (sent.kind, ending) {
            (Kind::Quote, Ending::Done(result)) => self.quoted(sent.actor, result),
            (Kind::Order, Ending::Done(result)) => self.rider_saw(sent.actor, result),
            (Kind::State, Ending::Done(result)) => self.driver_saw(sent.actor, result),
            (Kind::Command, _) => {
                if let Some(command) = &sent.command {
                    self.commanded(command, ending);
                }
            }
            _ => {}
        }
    }

    fn quoted(&mut self, actor: Actor, result: &RawValue) {
        let (Some(order), Some(rider)) = (read(result), self.riders.get_mut(actor)) else {
            return;
        };
        rider.last = rider.open.unwrap_or(order.id);
        if rider.open.is_none() {
            rider.open = Some(order.id);
            let way =
                order.origin.zip(order.destination).map_or(2_000.0, |(from, to)| from.road_m(to));
            // At most some ten thousand metres.
            let trip = Trip { rider: actor, code: None, distance_m: way as u32 };
            self.trips.insert(order.id, trip);
            self.ready.push_back(Command { actor, order: order.id, step: Step::Place });
        }
    }

    /// Riders read only what is open with care: the rest is load.
    fn rider_saw(&mut self, actor: Actor, result: &RawValue) {
        let open = self.riders.get(actor).and_then(|rider| rider.open);
        if open.is_none() {
            return;
        }
        if let Some(order) = read(result).filter(|order| Some(order.id) == open) {
            self.take_code(&order);
            if order.state.is_over() {
                self.over(&order);
            }
        }
    }

    fn driver_saw(&mut self, actor: Actor, result: &RawValue) {
        let state = serde_json::from_str(result.get()).ok();
        let Some(state) = state.and_then(|value| Driver::read(&value).ok()) else {
            return;
        };
        let Some(driver) =
            actor.checked_sub(self.riders.len()).and_then(|place| self.drivers.get_mut(place))
        else {
            return;
        };
        if driver.engaged.is_none() {
            if let Some(order) = state.order.or(state.offered) {
                driver.engaged = Some(order);
                self.ready.push_back(Command { actor, order, step: Step::Look });
            }
        }
    }

    fn commanded(&mut self, command: &Command, ending: Ending<'_>) {
        let by_rider = command.actor < self.riders.len();
        match ending {
            Ending::Again => self.ready.push_back(command.clone()),
            Ending::Refused => match command.step {
                Step::Place => self.forget(command.order),
                Step::LookForCode => self.release(command.order),
                _ if by_rider => {}
                _ => self.disengage(command.actor),
            },
            Ending::Done(result) => match read(result) {
                None if by_rider => {}
                None => self.disengage(command.actor),
                Some(order) if by_rider => {
                    self.take_code(&order);
                    if command.step == Step::LookForCode {
                        self.release(order.id);
                    }
                }
                Some(order) => self.go_on(command.actor, &order),
            },
        }
    }

    /// What the driver does next, by the state of her order.
    fn go_on(&mut self, actor: Actor, order: &Order) {
        let trip = self.trips.get(&order.id);
        let step = match order.state {
            State::Offered => match &order.offer {
                Some(offer) => Step::Accept { attempt: offer.attempt },
                None => return self.disengage(actor),
            },
            State::Accepted => Step::SetOff,
            State::Arriving => Step::Arrive,
            State::Arrived => match trip.map(|trip| (trip.code.clone(), trip.rider)) {
                Some((Some(code), _)) => Step::PickUp { code },
                Some((None, rider)) => {
                    self.ready.push_back(Command {
                        actor: rider,
                        order: order.id,
                        step: Step::LookForCode,
                    });
                    return self.disengage(actor);
                }
                // An order of somebody else: nobody tells its code.
                None => return self.disengage(actor),
            },
            State::PickedUp => Step::Start,
            State::InTrip => {
                Step::Complete { distance_m: trip.map_or(2_000, |trip| trip.distance_m) }
            }
            _ => {
                self.disengage(actor);
                if order.state.is_over() {
                    self.over(order);
                }
                return;
            }
        };
        self.ready.push_back(Command { actor, order: order.id, step });
    }

    fn take_code(&mut self, order: &Order) {
        if let (Some(code), Some(trip)) = (&order.start_code, self.trips.get_mut(&order.id)) {
            trip.code.get_or_insert_with(|| code.clone());
        }
    }

    /// The code is known now, or never will be: the driver is found again by her state.
    fn release(&mut self, order: u64) {
        for driver in self.drivers.iter_mut().filter(|driver| driver.engaged == Some(order)) {
            driver.engaged = None;
        }
    }

    fn disengage(&mut self, actor: Actor) {
        let place = actor.checked_sub(self.riders.len());
        if let Some(driver) = place.and_then(|place| self.drivers.get_mut(place)) {
            driver.engaged = None;
        }
    }

    /// The order has come to its end. Both may hear of it; it is counted once.
    fn over(&mut self, order: &Order) {
        let Some(trip) = self.trips.get(&order.id) else {
            return;
        };
        if matches!(order.state, State::Completed | State::Settled) && order.cancelled_by.is_none()
        {
            self.completed += 1;
            self.ready.push_back(Command { actor: trip.rider, order: order.id, step: Step::Rate });
        }
        self.forget(order.id);
    }

    fn forget(&mut self, order: u64) {
        if let Some(trip) = self.trips.remove(&order) {
            if let Some(rider) = self.riders.get_mut(trip.rider) {
                rider.open = rider.open.filter(|open| *open != order);
            }
        }
    }
}

fn read(result: &RawValue) -> Option<Order> {
    Order::read(&serde_json::from_str(result.get()).ok()?).ok()
}

#[cfg(test)]
mod tests;
