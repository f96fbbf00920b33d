//! What may be asked of the engine.

use crate::{event::Key, order::Party};
use smartlink_primitives::{
    tariff::InForce, vehicle::VehicleClass, DriverId, Seat, VehicleId, H256,
};

pub use crate::order::Place;

/// A command with the key under which its answer is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// Same key, same answer. 0: the command is not repeated by anybody.
    pub key: Key,
    /// What is asked for.
    pub ask: Ask,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// A price.
    Quote(Box<QuoteAsk>),
    /// The order for a price.
    Place {
        /// The quote.
        order: u64,
        /// Whose it is.
        rider: u64,
        /// A random number of four digits.
        start_code: u16,
    },
    /// The end of an order before the trip.
    Cancel {
        /// The order.
        order: u64,
        /// Who asks.
        by: Party,
        /// The rider's or driver's id.
        who: u64,
        /// Whose fault, if the company asks.
        fault: Party,
        /// For people.
        reason: String,
    },
    /// A rating.
    Rate {
        /// The order.
        order: u64,
        /// Who asks.
        by: Party,
        /// The rider's or driver's id.
        who: u64,
        /// 1 to 5.
        stars: u8,
    },
    /// A driver begins to work.
    OnDuty {
        /// Who.
        driver: DriverId,
        /// With which vehicle.
        vehicle: VehicleId,
        /// Her place in the company's ledger.
        seat: Seat,
        /// Of which class the vehicle is.
        class: VehicleClass,
    },
    /// A driver stops working.
    OffDuty {
        /// Who.
        driver: DriverId,
    },
    /// An offer to a driver.
    Offer {
        /// The order.
        order: u64,
        /// To whom.
        driver: DriverId,
        /// The revision of the order for which this was decided.
        revision: u64,
        /// How long she needs.
        eta_s: u32,
        /// She finishes another trip first.
        forward: bool,
    },
    /// An offer is taken.
    Accept {
        /// The order.
        order: u64,
        /// By whom.
        driver: DriverId,
        /// Which offer.
        attempt: u32,
    },
    /// An offer is refused.
    Decline {
        /// The order.
        order: u64,
        /// By whom.
        driver: DriverId,
        /// Which offer.
        attempt: u32,
    },
    /// A step of the driver with nothing more to say.
    Step {
        /// The order.
        order: u64,
        /// Who.
        driver: DriverId,
        /// Which.
        step: Step,
    },
    /// The rider is in the vehicle.
    PickUp {
        /// The order.
        order: u64,
        /// Who.
        driver: DriverId,
        /// What the rider said.
        start_code: u16,
    },
    /// The trip is over.
    Complete {
        /// The order.
        order: u64,
        /// Who.
        driver: DriverId,
        /// Metres.
        distance_m: u32,
        /// Fen.
        tolls_fen: u32,
    },
    /// The tariffs of the city, as the chain has them. All of them, the oldest first.
    Tariffs(Vec<InForce>),
    /// The number of the next batch, from a chain on which this service settled nothing yet.
    BatchesBegin(u64),
    /// The chain refused the next batch.
    BatchRefused {
        /// The batch.
        number: u64,
        /// Which version.
        evidence_root: H256,
        /// The row at fault.
        row: Option<u32>,
        /// A sentence.
        reason: String,
    },
    /// A batch is final on the chain.
    BatchSettled {
        /// The batch.
        number: u64,
        /// Which version.
        evidence_root: H256,
        /// In which block.
        block: u32,
        /// The root that proves its receipts.
        receipts_root: H256,
    },
    /// The company has removed the cause for which the chain refused a ride.
    Release {
        /// The order.
        order: u64,
    },
    /// Time passes. Sent by the service when a deadline is due.
    Tick,
}

/// What a rider asks a price for.
#[derive(Clone, Debug, PartialEq)]
pub struct QuoteAsk {
    /// Who.
    pub rider: u64,
    /// What.
    pub class: VehicleClass,
    /// From where.
    pub origin: Place,
    /// Where to.
    pub destination: Place,
    /// When. 0: now.
    pub pickup_at_ms: u64,
    /// Metres by road.
    pub distance_m: u32,
    /// Seconds by road.
    pub duration_s: u32,
    /// The multiplier for demand, thousandths.
    pub surge_permille: u16,
}

/// Steps of a driver with nothing more to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// She drives to the pick-up.
    SetOff,
    /// She is there.
    Arrive,
    /// The trip begins.
    Start,
    /// She gives the order back.
    Abandon,
}
