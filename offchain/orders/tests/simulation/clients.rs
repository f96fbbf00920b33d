//! Riders, drivers, the dispatcher and the company. They ask with a key until they are answered, and sometimes long
//! after.

use super::{
    chance::Chance,
    network::{Reply, Request},
};
use crate::city::commands;
use smartlink_orders::{
    command::{Ask, QuoteAsk, Step},
    order::{Party, Settlement},
    Answer, Command, Engine, State,
};
use smartlink_primitives::{DriverId, VehicleId};

pub const RIDERS: u64 = 6;
pub const DRIVERS: u32 = 5;
/// Requests without an answer, after which a client only repeats.
const OPEN: usize = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Rider(u64),
    Driver(u32),
    Dispatcher,
    Company,
}

pub struct Client {
    pub who: Who,
    open: Vec<Request>,
    /// A rider's order; the last offer that a driver saw.
    order: u64,
    attempt: u32,
}

/// What a client looks at while it thinks.
pub struct View<'a> {
    pub engine: &'a Engine,
    pub now_ms: u64,
    /// Nobody cancels or forgets any more, and all want to get home.
    pub calm: bool,
    /// Riders may ask for more.
    pub more: bool,
}

impl Client {
    pub fn all() -> Vec<Self> {
        let riders = (1..=RIDERS).map(Who::Rider);
        let drivers = (1..=DRIVERS).map(Who::Driver);
        riders
            .chain(drivers)
            .chain([Who::Dispatcher, Who::Dispatcher, Who::Company])
            .map(|who| Self { who, open: Vec::new(), order: 0, attempt: 0 })
            .collect()
    }

    pub fn waits(&self) -> bool {
        !self.open.is_empty()
    }

    /// What the client sends now, and whether it is said again.
    pub fn act(
        &mut self,
        own: usize,
        view: Option<&View<'_>>,
        chance: &mut Chance,
    ) -> Option<(Request, bool)> {
        let full = self.open.len() >= OPEN || view.is_some_and(|view| view.calm) && self.waits();
        if full || self.waits() && chance.once_in(2) {
            let at = chance.index(self.open.len());
            return Some((self.open[at].clone(), true));
        }
        let ask = self.wish(view?, chance)?;
        let command = Command { key: chance.any(), ask };
        let request = Request { client: own, command };
        self.open.push(request.clone());
        Some((request, false))
    }

    /// An answer, perhaps one that came before.
    pub fn hear(&mut self, reply: &Reply) {
        let waiting = self.open.len();
        self.open.retain(|request| request.command.key != reply.command.key);
        let first = self.open.len() < waiting;
        if let (Ask::Quote(_), Ok(Answer::Order(id)), true) =
            (&reply.command.ask, reply.answer, first)
        {
            self.order = id;
        }
    }

    fn wish(&mut self, view: &View<'_>, chance: &mut Chance) -> Option<Ask> {
        match self.who {
            Who::Rider(rider) => self.ride(rider, view, chance),
            Who::Driver(driver) => self.drive(DriverId(driver), view, chance),
            Who::Dispatcher => dispatch(view, chance),
            Who::Company => manage(view, chance),
        }
    }

    fn ride(&mut self, rider: u64, view: &View<'_>, chance: &mut Chance) -> Option<Ask> {
        let Some(order) = view.engine.order(self.order) else {
            let wants = if view.calm { view.more } else { !chance.once_in(3) };
            return wants.then(|| Ask::Quote(Box::new(quote(rider, view, chance))));
        };
        let id = order.id;
        match order.state {
            State::Quoted if view.calm && !view.more => Some(commands::rider_cancels(id, rider)),
            State::Quoted if !view.calm && chance.once_in(12) => {
                Some(commands::rider_cancels(id, rider))
            }
            State::Quoted => {
                Some(Ask::Place { order: id, rider, start_code: chance.below(10_000) as u16 })
            }
            State::Completed | State::Settled | State::Cancelled | State::Expired => {
                self.order = 0;
                let stars = chance.below(6) as u8;
                chance.once_in(2).then(|| commands::rider_rates(id, rider, stars))
            }
            _ if !view.calm && chance.once_in(25) => Some(commands::rider_cancels(id, rider)),
            _ => None,
        }
    }

    fn drive(&mut self, own: DriverId, view: &View<'_>, chance: &mut Chance) -> Option<Ask> {
        let wild = !view.calm;
        let driver = view.engine.driver(own).filter(|driver| driver.duty.is_some());
        let Some(driver) = driver else {
            let vehicle = if wild { 1 + chance.below(DRIVERS.into()) as u32 } else { own.0 };
            return Some(commands::on_duty(own.0, VehicleId(vehicle)));
        };
        if wild && self.order != 0 && chance.once_in(12) {
            // She answers an offer of which she does not know that it is gone.
            let (order, attempt) = (self.order, self.attempt);
            return Some(Ask::Accept { order, driver: own, attempt });
        }
        if let Some(order) = view.engine.order(driver.offered) {
            (self.order, self.attempt) = (order.id, order.attempts);
            let (order, driver, attempt) = (order.id, own, order.attempts);
            return match chance.below(8) {
                0 if wild => Some(Ask::Decline { order, driver, attempt }),
                1 | 2 if wild => None,
                _ => Some(Ask::Accept { order, driver, attempt }),
            };
        }
        if wild && driver.next != 0 && chance.once_in(6) {
            return Some(commands::set_off(driver.next, own));
        }
        let Some(order) = view.engine.order(driver.current) else {
            let rates = self.order != 0 && chance.once_in(4);
            if rates {
                return Some(commands::driver_rates(self.order, own, 5));
            }
            return (wild && chance.once_in(20)).then(|| commands::off_duty(own));
        };
        let id = order.id;
        if wild && chance.once_in(25) {
            return Some(commands::abandon(id, own));
        }
        Some(match order.state {
            State::Accepted => commands::set_off(id, own),
            State::Arriving => commands::arrive(id, own),
            State::Arrived if wild && chance.once_in(6) => commands::driver_cancels(id, own),
            State::Arrived => {
                let wrong = wild && chance.once_in(6);
                commands::pick_up(id, own, order.start_code + u16::from(wrong))
            }
            State::PickedUp if chance.once_in(2) => commands::start(id, own),
            State::PickedUp | State::InTrip if view.calm || chance.once_in(3) => Ask::Complete {
                order: id,
                driver: own,
                distance_m: chance.below(40_000) as u32,
                tolls_fen: chance.below(2_000) as u32,
            },
            _ => return None,
        })
    }
}

fn quote(rider: u64, view: &View<'_>, chance: &mut Chance) -> QuoteAsk {
    let booked = !view.calm && chance.once_in(6);
    let pickup_at_ms = if booked { view.now_ms + 60_000 + chance.below(900_000) } else { 0 };
    QuoteAsk {
        pickup_at_ms,
        distance_m: 500 + chance.below(30_000) as u32,
        duration_s: 60 + chance.below(3_000) as u32,
        surge_permille: 1_000 + chance.below(1_000) as u16,
        ..commands::quote(rider)
    }
}

/// An order for a driver, mostly a sensible pair.
fn dispatch(view: &View<'_>, chance: &mut Chance) -> Option<Ask> {
    let mut searching: Vec<_> = view
        .engine
        .orders()
        .filter(|order| order.state == State::Searching)
        .map(|order| (order.id, order.revision))
        .collect();
    searching.sort_unstable();
    let (order, revision) = chance.pick(&searching)?;
    let mut free: Vec<_> = view
        .engine
        .drivers()
        .filter(|driver| driver.duty.is_some() && driver.offered == 0 && driver.next == 0)
        .map(|driver| driver.id)
        .collect();
    free.sort_unstable();
    let wild = !view.calm;
    let anybody = wild && chance.once_in(8);
    let driver = if anybody {
        DriverId(1 + chance.below(DRIVERS.into()) as u32)
    } else {
        chance.pick(&free)?
    };
    let revision = revision - u64::from(wild && chance.once_in(8));
    let forward = !chance.once_in(4);
    Some(Ask::Offer { order, driver, revision, eta_s: chance.below(600) as u32, forward })
}

/// The company helps where somebody is stuck, releases what was held, and ends what it wants to.
fn manage(view: &View<'_>, chance: &mut Chance) -> Option<Ask> {
    let mut orders: Vec<_> = view.engine.orders().map(|order| order.id).collect();
    orders.sort_unstable();
    let id = chance.pick(&orders)?;
    let order = view.engine.order(id)?;
    if matches!(order.settlement, Settlement::Held(_)) {
        return Some(Ask::Release { order: id });
    }
    let locked = order.wrong_codes >= view.engine.rules().most_wrong_codes;
    let stuck = locked && order.state == State::Arrived;
    let fault = chance.pick(&[Party::Rider, Party::Driver, Party::Company])?;
    if stuck && (view.calm || chance.once_in(4)) || !view.calm && chance.once_in(30) {
        return Some(commands::company_cancels(id, fault));
    }
    let own = order.driver()?;
    // A driver who works for two is told apart by the steps: staff may press the buttons for her.
    let step = if order.state == State::Accepted { Step::SetOff } else { Step::Arrive };
    (!view.calm && chance.once_in(10)).then_some(Ask::Step { order: id, driver: own, step })
}
