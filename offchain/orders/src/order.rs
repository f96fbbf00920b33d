//! An order, made of what happened to it.

use crate::{
    answers::Answers,
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

/// Bytes that the history of most orders does not outgrow.
const HISTORY: usize = 448;

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
    pub quoted: Box<Quoted>,
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
    /// When it changed last.
    changed_ms: u64,
    quote_key: Key,
    answers: Answers,
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
    /// An order at its first event, of which `encoded` are the bytes.
    pub(crate) fn begin(id: u64, at: At, quoted: Box<Quoted>, encoded: &[u8]) -> Self {
        let mut order = Self {
            id,
            state: State::Quoted,
            quoted,
            created_ms: at.ms,
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
            revision: 1,
            wrong_codes: 0,
            refusals: 0,
            changed_ms: 0,
            quote_key: at.key,
            answers: Answers::default(),
            history: Vec::with_capacity(HISTORY),
        };
        order.write(at, encoded);
        order.answers.push(at.key, None);
        order
    }

    /// Makes an order again from its history.
    ///
    /// # Errors
    /// The bytes are no history.
    pub fn restore(id: u64, history: &[u8]) -> Result<Self, Damaged> {
        let mut entries = Entries { order: id, input: history, last: At::default(), read: 0 };
        let Some((Entry { sequence, at_ms, key, event: OrderEvent::Quoted(quoted) }, encoded)) =
            entries.next_encoded()?
        else {
            return Err(Damaged { order: id, read: 0 });
        };
        let mut order = Self::begin(id, At { sequence, ms: at_ms, key }, quoted, encoded);
        while let Some((entry, _)) = entries.next_encoded()? {
            if let OrderEvent::Quoted(_) = entry.event {
                return Err(Damaged { order: id, read: entries.read - 1 });
            }
            let at = At { sequence: entry.sequence, ms: entry.at_ms, key: entry.key };
            order.change(at, &entry.event);
            (order.sequence, order.changed_ms) = (at.sequence, at.ms);
        }
        order.history = history.to_vec();
        Ok(order)
    }

    /// Changes the order by what happened, of which `encoded` are the bytes, and writes it down in its history.
    pub(crate) fn record(&mut self, at: At, event: &OrderEvent, encoded: &[u8]) {
        self.change(at, event);
        self.write(at, encoded);
    }

    /// Lets an entry of the log happen that came when the order was in the archive. Returns whether it was new.
    pub fn take_late(&mut self, entry: Entry) -> bool {
        let new = entry.sequence > self.sequence;
        if new {
            let at = At { sequence: entry.sequence, ms: entry.at_ms, key: entry.key };
            self.record(at, &entry.event, &entry.event.encode());
        }
        new
    }

    /// Writes an entry down: how much later than the last one it is, the key if there is one, and the event.
    fn write(&mut self, at: At, encoded: &[u8]) {
        // Numbers and times never fall: the engine's do not.
        Compact(at.sequence.saturating_sub(self.sequence)).encode_to(&mut self.history);
        let later = at.ms.saturating_sub(self.changed_ms);
        Compact(later << 1 | u64::from(at.key != 0)).encode_to(&mut self.history);
        if at.key != 0 {
            at.key.encode_to(&mut self.history);
        }
        self.history.extend_from_slice(encoded);
        (self.sequence, self.changed_ms) = (at.sequence, at.ms);
    }

    /// Changes the order by what happened. Never decides: what happened, happened.
    fn change(&mut self, at: At, event: &OrderEvent) {
        let (at_ms, key) = (at.ms, at.key);
        let before = self.state;
        match event {
            // An order begins with it, and it comes once.
            OrderEvent::Quoted(_) => {}
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
                self.answers.push(key, Some(*refusal));
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
        self.revision += u64::from(self.state != before);
        self.answers.push(key, None);
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
        self.answers.find(key)
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
        self.answers.of_others_than(self.quote_key)
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
        let mut entries =
            Entries { order: self.id, input: &self.history, last: At::default(), read: 0 };
        let mut all = Vec::new();
        while let Some((entry, _)) = entries.next_encoded()? {
            all.push(entry);
        }
        Ok(all)
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

/// When something happened: its number in the log, its time, and by which command.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct At {
    /// Number in the log.
    pub(crate) sequence: u64,
    /// Milliseconds of the Unix epoch.
    pub(crate) ms: u64,
    /// By which command.
    pub(crate) key: Key,
}

/// Reads a history.
struct Entries<'a> {
    order: u64,
    input: &'a [u8],
    last: At,
    read: usize,
}

impl<'a> Entries<'a> {
    /// The next entry, with the bytes of its event.
    fn next_encoded(&mut self) -> Result<Option<(Entry, &'a [u8])>, Damaged> {
        if self.input.is_empty() {
            return Ok(None);
        }
        let found = self.decode().ok_or(Damaged { order: self.order, read: self.read })?;
        self.read += 1;
        Ok(Some(found))
    }

    fn decode(&mut self) -> Option<(Entry, &'a [u8])> {
        let input = &mut self.input;
        let sequence = self.last.sequence.checked_add(Compact::<u64>::decode(input).ok()?.0)?;
        let later = Compact::<u64>::decode(input).ok()?.0;
        let ms = self.last.ms.checked_add(later >> 1)?;
        let key = if later & 1 == 0 { 0 } else { Key::decode(input).ok()? };
        let begins = *input;
        let event = OrderEvent::decode(input).ok()?;
        let encoded = &begins[..begins.len() - input.len()];
        self.last = At { sequence, ms, key };
        Some((Entry { sequence, at_ms: ms, key, event }, encoded))
    }
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
