//! What happened: the only thing that is kept for ever.
//!
//! An entry of the log is SCALE (spec: the codec of polkadot-sdk): what it is about, when, by which command,
//! and the event. The part behind what it is about, with the entry's number before it, is also the order's
//! own history, from which an order is made again when it is read from the archive.

use crate::{
    order::{CancelledBy, Place, Price},
    Refusal,
};
use codec::{Decode, Encode};
use smartlink_primitives::{
    tariff::InForce, vehicle::VehicleClass, CityCode, DriverId, Seat, VehicleId, H256,
};

/// The idempotency key of a command: the first 64 bits of a digest of the client's key and what it is
/// about. 0 where time or the service itself acts.
pub type Key = u64;

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    /// Something happened to an order.
    #[codec(index = 0)]
    Order {
        /// The order.
        order: u64,
        /// By which command.
        key: Key,
        /// What.
        event: OrderEvent,
    },
    /// Something happened to a driver.
    #[codec(index = 1)]
    Driver {
        /// The driver.
        driver: DriverId,
        /// By which command.
        key: Key,
        /// What.
        event: DriverEvent,
    },
    /// A rider was refused a quote.
    #[codec(index = 2)]
    QuoteRefused {
        /// By which command.
        key: Key,
        /// Why.
        refusal: Refusal,
    },
    /// The tariffs of the city, as the chain has them.
    #[codec(index = 3)]
    Tariffs(Vec<InForce>),
    /// The number that the next batch gets: the chain has settled those before it.
    #[codec(index = 4)]
    BatchesBegin(u64),
    /// Rides were put into a batch.
    #[codec(index = 5)]
    BatchClosed {
        /// Its number on the chain.
        number: u64,
        /// Grows when a batch is made anew because the chain refused a ride of it.
        version: u32,
        /// The orders, ascending.
        orders: Vec<u64>,
    },
    /// The chain said what is wrong with the batch that comes next.
    #[codec(index = 6)]
    BatchRefused {
        /// Its number.
        number: u64,
        /// The version that was refused.
        version: u32,
        /// The ride that was at fault: it is held back, and the batch is made anew.
        order: Option<u64>,
        /// A sentence.
        reason: String,
    },
    /// A batch is final on the chain.
    #[codec(index = 7)]
    BatchSettled {
        /// Its number.
        number: u64,
        /// Which version of it.
        version: u32,
        /// In which block.
        block: u32,
        /// The root that proves its receipts.
        receipts_root: H256,
    },
}

/// What can happen to an order.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum OrderEvent {
    /// A rider asked for a price.
    #[codec(index = 0)]
    Quoted(Box<Quoted>),
    /// The rider ordered.
    #[codec(index = 1)]
    Placed {
        /// For later.
        booked: bool,
        /// Four digits, 0 to 9999.
        start_code: u16,
    },
    /// The search for a booked ride began.
    #[codec(index = 2)]
    SearchBegun,
    /// A driver was asked.
    #[codec(index = 3)]
    Offered {
        /// Who.
        driver: DriverId,
        /// With which vehicle.
        vehicle: VehicleId,
        /// Her place in the company's ledger.
        seat: Seat,
        /// Until when she can answer.
        expires_ms: u64,
        /// How long she needs to the pick-up.
        eta_s: u32,
        /// She finishes another trip first.
        forward: bool,
    },
    /// The driver said yes.
    #[codec(index = 4)]
    Accepted,
    /// The driver said no.
    #[codec(index = 5)]
    Declined,
    /// The driver said nothing.
    #[codec(index = 6)]
    Lapsed,
    /// The driver is on her way.
    #[codec(index = 7)]
    SetOff,
    /// The driver is there.
    #[codec(index = 8)]
    Arrived,
    /// The rider is in the vehicle.
    #[codec(index = 9)]
    PickedUp,
    /// The trip began.
    #[codec(index = 10)]
    Started,
    /// The trip ended.
    #[codec(index = 11)]
    Completed {
        /// Metres, as measured. The receipt has those that are charged.
        distance_m: u32,
        /// The one price for rider, driver and chain.
        receipt: Price,
    },
    /// The driver gave the order back.
    #[codec(index = 12)]
    Abandoned,
    /// Somebody ended the order.
    #[codec(index = 13)]
    Cancelled {
        /// By whom, and whose fault.
        by: CancelledBy,
        /// For people.
        reason: String,
        /// The fee, if there is one.
        fee: Option<Price>,
    },
    /// Time ended the order.
    #[codec(index = 14)]
    Expired,
    /// One side rated the other.
    #[codec(index = 15)]
    Rated {
        /// The rider rated the driver, or the other way round.
        by_rider: bool,
        /// 1 to 5.
        stars: u8,
        /// Who drove.
        driver: DriverId,
    },
    /// A command was refused.
    #[codec(index = 16)]
    Refused(Refusal),
    /// The ride was put into a batch. Follows from [`Event::BatchClosed`]: it is in histories only.
    #[codec(index = 17)]
    Batched {
        /// The batch.
        number: u64,
        /// Its version.
        version: u32,
        /// The row.
        row: u32,
    },
    /// The chain refused the ride: a person has to look. In histories only.
    #[codec(index = 18)]
    Held(String),
    /// The batch is final. In histories only.
    #[codec(index = 19)]
    Settled {
        /// In which block.
        block: u32,
        /// The root that proves the receipt.
        receipts_root: H256,
    },
    /// The ride waits for a batch again. Follows from a batch that is final without it, or from a person
    /// who has removed the cause of a refusal.
    #[codec(index = 20)]
    Unbatched,
}

impl OrderEvent {
    /// The name that the API uses.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Quoted(_) => "quoted",
            Self::Placed { .. } => "placed",
            Self::SearchBegun => "search_begun",
            Self::Offered { .. } => "offered",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Lapsed => "lapsed",
            Self::SetOff => "set_off",
            Self::Arrived => "arrived",
            Self::PickedUp => "picked_up",
            Self::Started => "started",
            Self::Completed { .. } => "completed",
            Self::Abandoned => "abandoned",
            Self::Cancelled { .. } => "cancelled",
            Self::Expired => "expired",
            Self::Rated { .. } => "rated",
            Self::Refused(_) => "refused",
            Self::Batched { .. } => "batched",
            Self::Held(_) => "held",
            Self::Settled { .. } => "settled",
            Self::Unbatched => "unbatched",
        }
    }
}

/// What a price was given for.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Quoted {
    /// The rider's account.
    pub rider: u64,
    /// The city.
    pub city: CityCode,
    /// What was asked for.
    pub class: VehicleClass,
    /// From where.
    pub origin: Place,
    /// Where to.
    pub destination: Place,
    /// When, for a booked ride. 0: now.
    pub pickup_at_ms: u64,
    /// The price, with its inputs.
    pub price: Price,
    /// Until when it holds.
    pub valid_until_ms: u64,
    /// The most that the trip will cost, waiting and tolls aside.
    pub cap: u64,
}

/// What can happen to a driver, orders aside.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum DriverEvent {
    /// She began to work.
    #[codec(index = 0)]
    OnDuty {
        /// With which vehicle.
        vehicle: VehicleId,
        /// Her place in the company's ledger.
        seat: Seat,
        /// Of which class the vehicle is.
        class: VehicleClass,
    },
    /// She stopped.
    #[codec(index = 1)]
    OffDuty,
    /// A command was refused.
    #[codec(index = 2)]
    Refused(Refusal),
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes from a damaged log never panic.
    #[test]
    fn any_bytes_decode_or_fail() {
        bolero::check!().for_each(|bytes: &[u8]| {
            if let Ok(event) = Event::decode(&mut &bytes[..]) {
                assert_eq!(Event::decode(&mut &event.encode()[..]), Ok(event));
            }
        });
    }
}
