//! An order, made of what happened to it.

use crate::{
    event::{Key, OrderEvent, Quoted},
    Refusal, State,
};
use codec::{Compact, Decode, Encode};
use smartlink_primitives::{
    ride::{Ride, RideKind},
    vehicle::VehicleClass,
    CityCode, DriverId, Seat, VehicleId, H256,
};

/// Refusals that an order remembers. Beyond them a refused command is refused without being written
/// down: nobody can make an order's history grow without end.
pub const MOST_REFUSALS: usize = 64;

/// A place on Earth.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Place {
    /// 10⁻⁶ degrees, north positive.
    pub latitude_e6: i32,
    /// 10⁻⁶ degrees, east positive.
    pub longitude_e6: i32,
    /// For people.
    pub name: String,
}

/// What something costs, and the inputs from which anybody computes the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Price {
    /// By which version of the city's tariff.
    pub tariff_version: u32,
    /// Metres that are charged.
    pub distance_m: u32,
    /// Seconds that are charged.
    pub duration_s: u32,
    /// Seconds waited.
    pub waiting_s: u32,
    /// Fen.
    pub tolls_fen: u32,
    /// Thousandths.
    pub surge_permille: u16,
    /// Seconds of the Unix epoch.
    pub pickup_s: u64,
    /// Units of 10⁻⁶ CNY, without tolls.
    pub fare: u64,
    /// Units of 10⁻⁶ CNY.
    pub tolls: u64,
}

/// Who ended an order, and whose fault it was. 0 to 2 are the rider, the driver and the company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct CancelledBy {
    /// Who.
    pub by: Party,
    /// Whose fault.
    pub fault: Party,
}

/// A side of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Party {
    /// Who ordered.
    Rider,
    /// Who drives.
    Driver,
    /// The service and its people.
    Company,
}

/// An offer that stands, or was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The first is 1.
    pub attempt: u32,
    /// Who was asked.
    pub driver: DriverId,
    /// With which vehicle.
    pub vehicle: VehicleId,
    /// Her place in the company's ledger.
    pub seat: Seat,
    /// Until when she can answer.
    pub expires_ms: u64,
    /// How long she needs to the pick-up.
    pub eta_s: u32,
    /// She finishes another trip first.
    pub forward: bool,
}

/// Where an order's money is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Settlement {
    /// There is nothing to settle, or not yet.
    #[default]
    None,
    /// Waits for a batch.
    Due,
    /// In a batch.
    Batched {
        /// The batch.
        number: u64,
        /// Its version.
        version: u32,
        /// The row.
        row: u32,
    },
    /// The chain refused the ride: a person has to look.
    Held(String),
    /// Final.
    Settled {
        /// The batch.
        number: u64,
        /// The row.
        row: u32,
        /// The block.
        block: u32,
        /// The root that proves the receipt.
        receipts_root: H256,
    },
}

/// An order.
#[derive(Clone, Debug)]
pub struct Order {
    /// A snowflake.
    pub id: u64,
    /// Where it is in its life.
    pub state: State,
    /// What was asked for and at which price.
    pub quoted: Quoted,
    /// When the quote was made.
    pub created_ms: u64,
    /// How many offers there were.
    pub attempts: u32,
    /// The offer that stands or was accepted.
    pub offer: Option<Offer>,
    /// Four digits, from placing on.
    pub start_code: u16,
    /// When the search began or began anew.
    pub searching_ms: u64,
    /// When the driver accepted.
    pub accepted_ms: u64,
    /// When the driver was there.
    pub arrived_ms: u64,
    /// When the rider was in the vehicle.
    pub picked_up_ms: u64,
    /// When the trip began.
    pub started_ms: u64,
    /// When it was over, in whatever way.
    pub ended_ms: u64,
    /// What it came to: a trip's fare, or a fee.
    pub receipt: Option<Price>,
    /// By whom it was cancelled, and why.
    pub cancelled: Option<(CancelledBy, String)>,
    /// Where the money is.
    pub settlement: Settlement,
    /// Stars that the rider gave. 0: none.
    pub rating_of_driver: u8,
    /// Stars that the driver gave. 0: none.
    pub rating_of_rider: u8,
    /// Who is not to get it.
    pub excluded: Vec<DriverId>,
    /// Entry of the log that changed it last.
    pub sequence: u64,
    /// Grows by one with every change of state. What a dispatcher compares.
    pub revision: u64,
    /// Wrong start codes so far.
    pub wrong_codes: u8,
    refusals: u8,
    quote_key: Key,
    answers: Vec<(Key, Option<Refusal>)>,
    history: Vec<u8>,
}

/// One entry of an order's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Number in the log.
    pub sequence: u64,
    /// Milliseconds of the Unix epoch.
    pub at_ms: u64,
    /// By which command.
    pub key: Key,
    /// What happened.
    pub event: OrderEvent,
}

/// A history that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the history of order {order} is damaged after {read} entries: restore the store from a backup"
)]
pub struct Damaged {
    /// The order.
    pub order: u64,
    /// Entries that could be read.
    pub read: usize,
}

impl Order {
    /// An order at its first event.
    pub(crate) fn new(id: u64, quoted: Quoted) -> Self {
        Self {
            id,
            state: State::Quoted,
            quoted,
            created_ms: 0,
            attempts: 0,
            offer: None,
            start_code: 0,
            searching_ms: 0,
            accepted_ms: 0,
            arrived_ms: 0,
            picked_up_ms: 0,
            started_ms: 0,
            ended_ms: 0,
            receipt: None,
            cancelled: None,
            settlement: Settlement::None,
            rating_of_driver: 0,
            rating_of_rider: 0,
            excluded: Vec::new(),
            sequence: 0,
            revision: 0,
            wrong_codes: 0,
            refusals: 0,
            quote_key: 0,
            answers: Vec::with_capacity(12),
            history: Vec::with_capacity(512),
        }
    }

    /// Makes an order again from its history.
    ///
    /// # Errors
    /// The bytes are no history.
    pub fn restore(id: u64, history: &[u8]) -> Result<Self, Damaged> {
        let mut order: Option<Self> = None;
        let mut input = history;
        let mut read = 0;
        while !input.is_empty() {
            let damaged = Damaged { order: id, read };
            let entry = decode_entry(&mut input).ok_or(damaged.clone())?;
            let order = match (&mut order, &entry.event) {
                (Some(order), _) => order,
                (none, OrderEvent::Quoted(quoted)) => {
                    none.insert(Self::new(id, (**quoted).clone()))
                }
                _ => return Err(damaged),
            };
            order.change(&entry);
            read += 1;
        }
        let mut order = order.ok_or(Damaged { order: id, read })?;
        order.history = history.to_vec();
        Ok(order)
    }

    /// Changes the order by what happened, and writes it down in its history.
    pub(crate) fn record(&mut self, entry: &Entry) {
        self.change(entry);
        encode_entry(entry, &mut self.history);
    }

    /// Changes the order by what happened. Never decides: what happened, happened.
    fn change(&mut self, entry: &Entry) {
        let Entry { sequence, at_ms, key, ref event } = *entry;
        self.sequence = sequence;
        let before = self.state;
        match event {
            OrderEvent::Quoted(_) => {
                self.created_ms = at_ms;
                self.quote_key = key;
            }
            OrderEvent::Placed { booked, start_code } => {
                self.start_code = *start_code;
                self.state = if *booked { State::Booked } else { State::Searching };
                self.searching_ms = at_ms;
            }
            OrderEvent::SearchBegun => {
                self.state = State::Searching;
                self.searching_ms = at_ms;
            }
            OrderEvent::Offered { driver, vehicle, seat, expires_ms, eta_s, forward } => {
                self.state = State::Offered;
                self.attempts += 1;
                self.offer = Some(Offer {
                    attempt: self.attempts,
                    driver: *driver,
                    vehicle: *vehicle,
                    seat: *seat,
                    expires_ms: *expires_ms,
                    eta_s: *eta_s,
                    forward: *forward,
                });
            }
            OrderEvent::Accepted => {
                self.state = State::Accepted;
                self.accepted_ms = at_ms;
            }
            OrderEvent::Declined | OrderEvent::Lapsed => self.search_again(),
            OrderEvent::Abandoned => {
                self.search_again();
                self.searching_ms = at_ms;
                (self.accepted_ms, self.arrived_ms) = (0, 0);
            }
            OrderEvent::SetOff => self.state = State::Arriving,
            OrderEvent::Arrived => {
                self.state = State::Arrived;
                self.arrived_ms = at_ms;
            }
            OrderEvent::PickedUp => {
                self.state = State::PickedUp;
                self.picked_up_ms = at_ms;
            }
            OrderEvent::Started => {
                self.state = State::InTrip;
                self.started_ms = at_ms;
            }
            OrderEvent::Completed { receipt, .. } => {
                self.state = State::Completed;
                self.ended_ms = at_ms;
                self.receipt = Some(*receipt);
                self.settlement = Settlement::Due;
            }
            OrderEvent::Cancelled { by, reason, fee } => {
                self.state = State::Cancelled;
                self.ended_ms = at_ms;
                self.receipt = *fee;
                self.cancelled = Some((*by, reason.clone()));
                if fee.is_some() {
                    self.settlement = Settlement::Due;
                } else if self.accepted_ms == 0 {
                    // She was asked: when she answers now, she hears that the offer is gone.
                    self.excluded.extend(self.offer.take().map(|offer| offer.driver));
                }
            }
            OrderEvent::Expired => {
                self.state = State::Expired;
                self.ended_ms = at_ms;
                self.offer = None;
            }
            OrderEvent::Rated { by_rider: true, stars, .. } => self.rating_of_driver = *stars,
            OrderEvent::Rated { by_rider: false, stars, .. } => self.rating_of_rider = *stars,
            OrderEvent::Refused(refusal) => {
                self.refusals = self.refusals.saturating_add(1);
                if *refusal == Refusal::WrongCode {
                    self.wrong_codes = self.wrong_codes.saturating_add(1);
                }
                if key != 0 {
                    self.answers.push((key, Some(*refusal)));
                }
                return;
            }
            OrderEvent::Batched { number, version, row } => {
                let (number, version, row) = (*number, *version, *row);
                self.settlement = Settlement::Batched { number, version, row };
            }
            OrderEvent::Unbatched => self.settlement = Settlement::Due,
            OrderEvent::Held(reason) => self.settlement = Settlement::Held(reason.clone()),
            OrderEvent::Settled { block, receipts_root } => {
                if let Settlement::Batched { number, row, .. } = self.settlement {
                    let (block, receipts_root) = (*block, *receipts_root);
                    self.settlement = Settlement::Settled { number, row, block, receipts_root };
                }
                if self.state == State::Completed {
                    self.state = State::Settled;
                }
            }
        }
        self.revision += u64::from(self.state != before || before == State::Quoted);
        if key != 0 {
            self.answers.push((key, None));
        }
    }

    /// The driver who was asked does not take it.
    fn search_again(&mut self) {
        self.state = State::Searching;
        if let Some(offer) = self.offer.take() {
            self.excluded.push(offer.driver);
        }
    }

    /// What this key was answered.
    pub(crate) fn answer(&self, key: Key) -> Option<Result<(), Refusal>> {
        let found = self.answers.iter().rev().find(|(known, _)| *known == key && key != 0)?;
        Some(found.1.map_or(Ok(()), Err))
    }

    /// Whether a refusal is still written down.
    pub(crate) fn remembers_refusals(&self) -> bool {
        usize::from(self.refusals) < MOST_REFUSALS
    }

    /// The driver who has accepted it. `None` before and after.
    pub fn driver(&self) -> Option<DriverId> {
        self.offer.filter(|_| self.state.has_driver()).map(|offer| offer.driver)
    }

    /// Whether a driver was ever asked for it.
    pub(crate) fn involves(&self, driver: DriverId) -> bool {
        self.offer.is_some_and(|offer| offer.driver == driver) || self.excluded.contains(&driver)
    }

    /// The key of the command that asked for the price.
    pub(crate) fn quote_key(&self) -> Option<Key> {
        (self.quote_key != 0).then_some(self.quote_key)
    }

    /// Whether a command after the one for the price has its answer here.
    pub(crate) fn answered_more_than_the_quote(&self) -> bool {
        self.answers.iter().any(|(key, _)| *key != self.quote_key)
    }

    /// Since when the driver waits for the rider: since she is there, but not before the time that was booked.
    pub(crate) fn waiting_since_ms(&self) -> u64 {
        self.arrived_ms.max(self.quoted.pickup_at_ms)
    }

    /// Everything that happened to it; nothing else of it is needed any more.
    pub(crate) fn into_history(self) -> Vec<u8> {
        self.history
    }

    /// Everything that happened to it, as bytes for [`Order::restore`].
    pub fn history(&self) -> &[u8] {
        &self.history
    }

    /// Everything that happened to it.
    ///
    /// # Errors
    /// The history is damaged.
    pub fn entries(&self) -> Result<Vec<Entry>, Damaged> {
        let mut input = &self.history[..];
        let mut entries = Vec::new();
        while !input.is_empty() {
            let damaged = Damaged { order: self.id, read: entries.len() };
            entries.push(decode_entry(&mut input).ok_or(damaged)?);
        }
        Ok(entries)
    }

    /// The city whose tariff holds.
    pub fn city(&self) -> CityCode {
        self.quoted.city
    }

    /// What was ordered.
    pub fn class(&self) -> VehicleClass {
        self.quoted.class
    }

    /// The row that the chain settles. `None` when there is nothing to settle.
    pub fn ride(&self) -> Option<Ride> {
        let price = self.receipt?;
        let kind = match self.state {
            State::Cancelled => RideKind::Cancelled,
            _ => RideKind::Trip,
        };
        Some(Ride {
            order: self.id,
            seat: self.offer?.seat,
            pickup: price.pickup_s,
            distance_m: price.distance_m,
            duration_s: price.duration_s,
            waiting_s: price.waiting_s,
            tolls_fen: price.tolls_fen,
            surge_permille: price.surge_permille,
            kind,
        })
    }
}

/// An entry of a history: the number and the key in full, because both are spread over all 64 bits.
fn encode_entry(entry: &Entry, to: &mut Vec<u8>) {
    Compact(entry.sequence).encode_to(to);
    entry.at_ms.encode_to(to);
    entry.key.encode_to(to);
    entry.event.encode_to(to);
}

fn decode_entry(input: &mut &[u8]) -> Option<Entry> {
    Some(Entry {
        sequence: Compact::<u64>::decode(input).ok()?.0,
        at_ms: u64::decode(input).ok()?,
        key: Key::decode(input).ok()?,
        event: OrderEvent::decode(input).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_history_are_refused() {
        bolero::check!().for_each(|bytes: &[u8]| {
            if let Ok(order) = Order::restore(1, bytes) {
                assert_eq!(order.history(), bytes);
            }
        });
        let order = 7;
        assert_eq!(Order::restore(order, &[]).unwrap_err(), Damaged { order, read: 0 });
    }
}
