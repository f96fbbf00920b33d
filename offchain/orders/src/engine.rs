//! The engine: commands in, events out, and a state that follows from the events alone.

mod driving;
mod evolve;
mod index;
mod price;
mod riding;
mod settling;
mod shelf;
mod snapshot;

use crate::{
    batch::Batches,
    command::{Ask, Command},
    driver::Driver,
    event::{Event, Key, OrderEvent},
    order::{Entry, Order},
    refusal::Refusal,
    rules::Rules,
    state::{self, Action, State},
    timers::Timers,
};
use codec::{Compact, Encode};
use rustc_hash::FxHashMap;
use shelf::Shelf;
use smartlink_primitives::{snowflake::Snowflakes, tariff::Schedule, DriverId, VehicleId};
use std::{collections::VecDeque, sync::Arc};

pub use evolve::Replay;
pub use index::Index;
pub use snapshot::SnapshotError;

/// How far ids may run ahead of the clock when more than 4,096 a millisecond are given, or after the clock
/// was set back.
const MOST_AHEAD_MS: u64 = 60_000;
/// Keys of refused quotes that are remembered. The oldest are forgotten first.
const REFUSED_QUOTES: usize = 65_536;
/// Where the bytes of what happened begin in those of an [`Event::Order`]: behind its index, the order and the key.
const ORDER_EVENT: usize = 1 + 8 + 8;

/// Orders that are over and settled, where the engine does not keep them.
pub trait Archive {
    /// The history of an order.
    fn history(&self, order: u64) -> Option<Arc<Vec<u8>>>;
}

/// What a command led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// This order is now as it was asked for.
    Order(u64),
    /// This driver is now as it was asked for.
    Driver(DriverId),
    /// It is done.
    Done,
}

/// What has to be written down before anybody is answered.
#[derive(Debug, Default)]
pub struct Effects {
    /// Number of the first entry.
    pub first_sequence: u64,
    /// How many entries there are.
    pub events: u32,
    /// The entries in SCALE, one after the other: how many milliseconds later than the one before, and the
    /// [`Event`]. The first says its time itself.
    pub log: Vec<u8>,
    /// The time of the last entry.
    log_ms: u64,
    /// Orders that leave the engine, or that changed after they had left it.
    pub archived: Vec<Archived>,
    /// What happened to orders that had left the engine, where only the log is read. Else it is in `archived`.
    pub late: Vec<(u64, Entry)>,
    /// Batches for the chain.
    pub batches: Vec<crate::batch::Closed>,
    /// Batches that are final: they are no longer served.
    pub settled: Vec<crate::batch::Final>,
    /// Orders that changed.
    pub orders: Vec<u64>,
    /// Drivers that changed.
    pub drivers: Vec<DriverId>,
}

/// An order that leaves the engine.
#[derive(Clone, Debug)]
pub struct Archived {
    /// The order.
    pub order: u64,
    /// Its rider.
    pub rider: u64,
    /// Who drove it, or 0.
    pub driver: u32,
    /// For [`Order::restore`].
    pub history: Arc<Vec<u8>>,
}

/// All orders that are not over and settled, and all drivers, of one company in one city.
pub struct Engine {
    rules: Rules,
    sequence: u64,
    now_ms: u64,
    ids: Snowflakes,
    id_clock_ms: u64,
    orders: Shelf,
    index: Index,
    drivers: FxHashMap<DriverId, Driver>,
    vehicles: FxHashMap<VehicleId, DriverId>,
    /// Placed orders that are not over, by rider.
    riders: FxHashMap<u64, u8>,
    /// The quote that a key led to, while the order is here.
    quotes: FxHashMap<Key, u64>,
    refused_quotes: FxHashMap<Key, Refusal>,
    refused_quotes_in_order: VecDeque<Key>,
    schedule: Schedule,
    batches: Batches,
    timers: Timers,
    effects: Effects,
    /// The bytes of the event that happens to an order right now.
    encoded: Vec<u8>,
    /// How many of the orders that left were shown already.
    shown: usize,
}

impl Engine {
    /// An engine without orders.
    pub fn new(rules: Rules) -> Self {
        // Rules are validated at the edge: the machine's number is below 1024.
        let ids = Snowflakes::new(rules.machine.min(1_023)).unwrap_or_else(|_| unreachable!());
        Self {
            rules,
            sequence: 0,
            now_ms: 0,
            ids,
            id_clock_ms: 0,
            orders: Shelf::default(),
            index: Index::default(),
            drivers: FxHashMap::default(),
            vehicles: FxHashMap::default(),
            riders: FxHashMap::default(),
            quotes: FxHashMap::default(),
            refused_quotes: FxHashMap::default(),
            refused_quotes_in_order: VecDeque::new(),
            schedule: Schedule::default(),
            batches: Batches::default(),
            timers: Timers::default(),
            effects: Effects { first_sequence: 1, ..Effects::default() },
            encoded: Vec::new(),
            shown: 0,
        }
    }

    /// Decides a command at a time, and changes the state by what it leads to. A time before the last one
    /// counts as the last one.
    ///
    /// # Errors
    /// Says why nothing happened. The same key gets the same refusal again.
    pub fn apply(
        &mut self,
        now_ms: u64,
        command: &Command,
        archive: &impl Archive,
    ) -> Result<Answer, Refusal> {
        self.now_ms = self.now_ms.max(now_ms);
        let key = command.key;
        match &command.ask {
            Ask::Quote(ask) => self.quote(key, ask),
            Ask::OnDuty { driver, vehicle, seat, class } => {
                self.on_duty(key, *driver, *vehicle, *seat, *class)
            }
            Ask::OffDuty { driver } => self.off_duty(key, *driver),
            Ask::Tariffs(tariffs) => self.put_tariffs(tariffs),
            Ask::BatchesBegin(number) => self.begin_batches(*number),
            Ask::BatchRefused { number, evidence_root, row, reason } => {
                self.refuse_batch(*number, evidence_root, *row, reason)
            }
            Ask::BatchSettled { number, evidence_root, block, receipts_root } => {
                self.settle_batch(*number, evidence_root, *block, *receipts_root)
            }
            Ask::Release { order } => self.release(key, *order, archive),
            Ask::Tick => Ok(self.tick()),
            Ask::Rate { order, by, who, stars } => {
                self.rate(key, *order, *by, *who, *stars, archive)
            }
            ask => self.on_order(key, ask, archive),
        }
    }

    /// A command about an order that must be here.
    fn on_order(&mut self, key: Key, ask: &Ask, archive: &impl Archive) -> Result<Answer, Refusal> {
        let Some((id, decided)) = self.decide(key, ask) else {
            return Self::on_archived(key, ask, archive);
        };
        match decided {
            Decided::Known(answer) => answer.map(|()| Answer::Order(id)),
            Decided::Event(event) => {
                self.emit_order(id, key, event);
                Ok(Answer::Order(id))
            }
            Decided::Refused(refusal) => self.refuse(id, key, refusal),
        }
    }

    /// Refuses a command about an order that is here, and remembers that for its key.
    fn refuse(&mut self, id: u64, key: Key, refusal: Refusal) -> Result<Answer, Refusal> {
        // Who asks for another's order learns nothing, and leaves nothing in it. Wrong codes always
        // count: their number is bounded by itself.
        let remembers = key != 0
            && self.orders.get(id).is_some_and(Order::remembers_refusals)
            && refusal != Refusal::NoSuchOrder;
        if remembers || refusal == Refusal::WrongCode {
            self.emit_order(id, key, OrderEvent::Refused(refusal));
        }
        Err(refusal)
    }

    /// A command that came when its order was over: a repetition gets its answer, anything new none.
    fn on_archived(key: Key, ask: &Ask, archive: &impl Archive) -> Result<Answer, Refusal> {
        let id = ask.order().ok_or(Refusal::NoSuchOrder)?;
        let history = archive.history(id).ok_or(Refusal::NoSuchOrder)?;
        let order = Order::restore(id, &history).map_err(|_| Refusal::NoSuchOrder)?;
        if !ask.may_concern(&order) {
            return Err(Refusal::NoSuchOrder);
        }
        match order.answer(key) {
            Some(answer) => answer.map(|()| Answer::Order(id)),
            None => Err(Refusal::state(order.state, ask.action())),
        }
    }

    fn decide(&self, key: Key, ask: &Ask) -> Option<(u64, Decided)> {
        let id = ask.order()?;
        let order = self.orders.get(id)?;
        if !ask.may_concern(order) {
            return Some((id, Decided::Refused(Refusal::NoSuchOrder)));
        }
        if let Some(answer) = order.answer(key) {
            return Some((id, Decided::Known(answer)));
        }
        let action = ask.action();
        if !state::allows(order.state, action) {
            return Some((id, Decided::Refused(Refusal::state(order.state, action))));
        }
        let decided = self.decide_allowed(order, ask);
        Some((id, decided.map_or_else(Decided::Refused, Decided::Event)))
    }

    /// The table allows it: what else has to hold.
    fn decide_allowed(&self, order: &Order, ask: &Ask) -> Result<OrderEvent, Refusal> {
        match ask {
            Ask::Place { start_code, .. } => self.place(order, *start_code),
            Ask::Cancel { by, who, fault, reason, .. } => {
                self.cancel(order, *by, *who, *fault, reason)
            }
            Ask::Offer { driver, revision, eta_s, forward, .. } => {
                self.offer(order, *driver, *revision, *eta_s, *forward)
            }
            Ask::Accept { driver, attempt, .. } => self.accept(order, *driver, *attempt),
            Ask::Decline { driver, attempt, .. } => Self::decline(order, *driver, *attempt),
            Ask::Step { step, driver, .. } => self.step(order, *driver, *step),
            Ask::PickUp { driver, start_code, .. } => self.pick_up(order, *driver, *start_code),
            Ask::Complete { driver, distance_m, tolls_fen, .. } => {
                self.complete(order, *driver, *distance_m, *tolls_fen)
            }
            _ => Err(Refusal::NoSuchOrder),
        }
    }

    /// Writes an event about an order down, and lets it happen.
    fn emit_order(&mut self, order: u64, key: Key, event: OrderEvent) {
        self.begin_entry();
        self.encoded.clear();
        event.encode_to(&mut self.encoded);
        // As `Event::Order` is encoded, so that the event itself is encoded once.
        let log = &mut self.effects.log;
        log.push(0);
        log.extend_from_slice(&order.to_le_bytes());
        log.extend_from_slice(&key.to_le_bytes());
        log.extend_from_slice(&self.encoded);
        self.sequence += 1;
        self.evolve_order(order, self.now_ms, key, event);
    }

    /// Writes any other event down, and lets it happen.
    fn emit(&mut self, event: Event) {
        self.begin_entry();
        event.encode_to(&mut self.effects.log);
        self.evolve(self.now_ms, event);
    }

    /// The number and the time of an entry that comes now.
    fn begin_entry(&mut self) {
        if self.effects.events == 0 {
            self.effects.first_sequence = self.sequence + 1;
        }
        self.effects.events += 1;
        // Time never falls.
        let later = self.now_ms.saturating_sub(self.effects.log_ms);
        Compact(later).encode_to(&mut self.effects.log);
        self.effects.log_ms = self.now_ms;
    }

    /// Takes what has to be written down since the last time.
    pub fn take_effects(&mut self) -> Effects {
        let next = Effects {
            log: Vec::with_capacity(self.effects.log.len()),
            first_sequence: self.sequence + 1,
            ..Effects::default()
        };
        self.shown = 0;
        std::mem::replace(&mut self.effects, next)
    }

    /// Shows the orders that left since this was asked last.
    pub fn leaving(&mut self, see: impl FnOnce(&[Archived])) {
        see(&self.effects.archived[self.shown..]);
        self.shown = self.effects.archived.len();
    }

    /// An order that is here.
    pub fn order(&self, id: u64) -> Option<&Order> {
        self.orders.get(id)
    }

    /// All orders that are here.
    pub fn orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.values()
    }

    /// Finds orders that are here.
    pub const fn index(&self) -> &Index {
        &self.index
    }

    /// Closes and serves no batch any more: the chain has settled one that is none of this service's.
    pub fn halt_batches(&mut self) {
        self.batches.halt();
    }

    /// A driver.
    pub fn driver(&self, id: DriverId) -> Option<&Driver> {
        self.drivers.get(&id)
    }

    /// All drivers.
    pub fn drivers(&self) -> impl Iterator<Item = &Driver> {
        self.drivers.values()
    }

    /// The rules.
    pub const fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Takes other rules, from the next command on.
    pub fn set_rules(&mut self, rules: Rules) {
        self.rules = rules;
        // Their deadlines may be others now. A timer too many does nothing.
        let deadlines: Vec<_> = self
            .orders
            .values()
            .filter_map(|order| Some((self.deadline_ms(order)?, order.id)))
            .collect();
        for (deadline, order) in deadlines {
            self.timers.set(deadline, order);
        }
    }

    /// Number of the last entry of the log.
    pub const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// The time of the last command.
    pub const fn now_ms(&self) -> u64 {
        self.now_ms
    }

    /// The batches on their way to the chain.
    pub const fn batches(&self) -> &Batches {
        &self.batches
    }

    /// The tariffs that quotes and fares are computed from.
    pub const fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// When the engine wants [`Ask::Tick`]. `None`: not without another command.
    pub fn wake_ms(&self) -> Option<u64> {
        let batch = self.batches.wake_ms(&self.rules);
        [self.timers.next_ms(), batch].into_iter().flatten().min()
    }

    /// The next id, which is higher than all before, whatever the clock did.
    fn next_id(&mut self) -> Result<u64, Refusal> {
        use smartlink_primitives::snowflake::SnowflakeError;
        self.id_clock_ms = self.id_clock_ms.max(self.now_ms);
        loop {
            match self.ids.next(self.id_clock_ms) {
                Ok(id) => return Ok(id),
                Err(SnowflakeError::Exhausted)
                    if self.id_clock_ms < self.now_ms + MOST_AHEAD_MS =>
                {
                    self.id_clock_ms += 1;
                }
                Err(_) => return Err(Refusal::Clock),
            }
        }
    }

    /// Everything that has become due.
    fn tick(&mut self) -> Answer {
        for id in self.timers.due(self.now_ms) {
            let Some(order) = self.orders.get(id) else { continue };
            match self.deadline_ms(order) {
                Some(deadline) if deadline <= self.now_ms => {
                    if let Some(event) = self.at_deadline(order) {
                        self.emit_order(id, 0, event);
                    }
                }
                // It has another deadline by now, for which it has another timer.
                _ => {}
            }
        }
        self.close_batches();
        Answer::Done
    }

    /// When something happens to the order by itself.
    fn deadline_ms(&self, order: &Order) -> Option<u64> {
        match order.state {
            State::Quoted => Some(order.quoted.valid_until_ms),
            State::Booked => {
                Some(order.quoted.pickup_at_ms.saturating_sub(self.rules.booked_lead_ms))
            }
            State::Searching if order.attempts >= self.rules.most_offers => Some(0),
            State::Searching => {
                Some((order.searching_ms + self.rules.search_ms).max(order.quoted.pickup_at_ms))
            }
            State::Offered => order.offer.map(|offer| offer.expires_ms),
            _ => None,
        }
    }

    const fn at_deadline(&self, order: &Order) -> Option<OrderEvent> {
        match order.state {
            State::Quoted | State::Searching => Some(OrderEvent::Expired),
            State::Booked => Some(OrderEvent::SearchBegun),
            State::Offered => Some(OrderEvent::Lapsed),
            _ => None,
        }
    }
}

/// What becomes of a command about an order.
enum Decided {
    /// The key had this answer before.
    Known(Result<(), Refusal>),
    Event(OrderEvent),
    Refused(Refusal),
}

impl Ask {
    /// The order that it is about.
    pub const fn order(&self) -> Option<u64> {
        match self {
            Self::Place { order, .. }
            | Self::Cancel { order, .. }
            | Self::Rate { order, .. }
            | Self::Offer { order, .. }
            | Self::Accept { order, .. }
            | Self::Decline { order, .. }
            | Self::Step { order, .. }
            | Self::PickUp { order, .. }
            | Self::Complete { order, .. } => Some(*order),
            _ => None,
        }
    }

    /// The row of the table that it asks for.
    const fn action(&self) -> Action {
        use crate::{command::Step, order::Party};
        match self {
            Self::Place { .. } => Action::Place,
            Self::Cancel { by: Party::Rider, .. } => Action::CancelByRider,
            Self::Cancel { by: Party::Driver, .. } => Action::CancelByDriver,
            Self::Cancel { by: Party::Company, .. } => Action::CancelByCompany,
            Self::Offer { .. } => Action::Offer,
            Self::Accept { .. } => Action::Accept,
            Self::Decline { .. } => Action::Decline,
            Self::Step { step: Step::SetOff, .. } => Action::SetOff,
            Self::Step { step: Step::Arrive, .. } => Action::Arrive,
            Self::Step { step: Step::Start, .. } => Action::Start,
            Self::Step { step: Step::Abandon, .. } => Action::Abandon,
            Self::PickUp { .. } => Action::PickUp,
            Self::Complete { .. } => Action::Complete,
            // Everything else is not about the state of an order.
            _ => Action::Settle,
        }
    }

    /// Whether whoever asks has anything to do with the order.
    fn may_concern(&self, order: &Order) -> bool {
        use crate::order::Party;
        let rider = |who: u64| order.quoted.rider == who;
        match self {
            Self::Place { rider: who, .. } => rider(*who),
            Self::Cancel { by, who, .. } | Self::Rate { by, who, .. } => match by {
                Party::Rider => rider(*who),
                Party::Driver => u32::try_from(*who).is_ok_and(|who| order.involves(DriverId(who))),
                Party::Company => true,
            },
            Self::Accept { driver, .. }
            | Self::Decline { driver, .. }
            | Self::Step { driver, .. }
            | Self::PickUp { driver, .. }
            | Self::Complete { driver, .. } => order.involves(*driver),
            _ => true,
        }
    }
}
