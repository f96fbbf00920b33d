//! What a tick decided for an order, and why.

mod log;
mod wire;

use std::fmt;

use crate::{class::VehicleClass, cost::Cost};

pub use log::{DecisionLog, LogError};

/// What one tick decided for one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The order.
    pub order: u64,
    /// The tick, counted from the start of the dispatcher.
    pub tick: u64,
    /// Milliseconds of the Unix epoch.
    pub at_ms: u64,
    /// Orders that were weighed in this tick.
    pub orders_in_tick: u32,
    /// Drivers who were weighed in this tick.
    pub drivers_in_tick: u32,
    /// Rings of the spatial index that were searched.
    pub rings: u32,
    /// What came out.
    pub outcome: Outcome,
    /// The driver who got the offer, or whose pair was held.
    pub driver: Option<u32>,
    /// Who was weighed, the nearest by time first, then who was not, the nearest first.
    pub candidates: Vec<Candidate>,
    /// For people.
    pub reason: String,
}

/// What came out for an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was offered.
    Offered,
    /// A pair was found, and held for a better one.
    Held,
    /// Every candidate went to another order.
    Outbid,
    /// There was no candidate, or none that is worth its cost.
    Nobody,
    /// The orders service did not take the offer.
    Stale,
}

/// A driver who was near.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The driver.
    pub driver: u32,
    /// Metres by road to the pick-up, or along the great circle when she was not weighed.
    pub distance_m: u32,
    /// Seconds to the pick-up. 0 when she was not weighed.
    pub eta_s: u32,
    /// What the pair costs. `None` when she was not weighed.
    pub cost: Option<Cost>,
    /// What stood against her. `None`: she was chosen.
    pub binding: Option<Binding>,
}

/// The constraint that kept a driver from an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// Her position is too old.
    Stale {
        /// Its age in seconds.
        age_s: u64,
    },
    /// She declined the order, let it lapse, or gave it back.
    Excluded,
    /// She is on another order, and not about to finish.
    Busy {
        /// That order.
        order: u64,
    },
    /// Another order is offered to her.
    OfferPending {
        /// That order.
        order: u64,
    },
    /// She is not on duty.
    OffDuty,
    /// Her vehicle does not serve the class.
    WrongClass {
        /// What was ordered.
        ordered: VehicleClass,
        /// What she drives.
        drives: VehicleClass,
    },
    /// She is farther than the outermost ring.
    BeyondRings {
        /// The outermost ring in metres.
        outermost_m: u32,
    },
    /// So many others are there sooner that she was not weighed.
    Crowded {
        /// How many are weighed.
        weighed: usize,
    },
    /// She is better used for another order.
    Outbid {
        /// The order that she goes to.
        by: u64,
        /// By how much she would have to be cheaper, in thousandths of a second: the reduced cost. `None` when nothing
        /// was optimised.
        margin: Option<i64>,
    },
    /// The order has a better driver.
    Dearer {
        /// The better driver.
        than: u32,
        /// By how much she would have to be cheaper, in thousandths of a second: the reduced cost. `None` when nothing
        /// was optimised.
        margin: Option<i64>,
    },
    /// She costs more than leaving the order for the next tick.
    TooDear {
        /// By how much she would have to be cheaper, in thousandths of a second: the reduced cost. `None` when nothing
        /// was optimised.
        margin: Option<i64>,
    },
    /// She was the best, and held for a better one.
    Held,
    /// A booked ride that does not need a driver yet.
    NotYet,
    /// She was the best, and the orders service did not take the offer.
    Refused,
}

impl fmt::Display for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stale { age_s } => write!(f, "stale position: {age_s} s old"),
            Self::Excluded => f.write_str("excluded: declined, let lapse or gave back this order"),
            Self::Busy { order } => write!(f, "busy with order {order}"),
            Self::OfferPending { order } => write!(f, "order {order} is offered to her"),
            Self::OffDuty => f.write_str("not on duty"),
            Self::WrongClass { ordered, drives } => {
                write!(f, "wrong class: {ordered:?} was ordered, she drives {drives:?}")
            }
            Self::BeyondRings { outermost_m } => {
                write!(f, "farther than the outermost ring, {outermost_m} m")
            }
            Self::Crowded { weighed } => write!(f, "{weighed} others are there sooner"),
            Self::Outbid { by, margin } => write!(f, "outbid by order {by}{}", Margin(*margin)),
            Self::Dearer { than, margin } => {
                write!(f, "driver {than} is better{}", Margin(*margin))
            }
            Self::TooDear { margin } => write!(f, "dearer than waiting{}", Margin(*margin)),
            Self::Held => f.write_str("held for a better pair"),
            Self::NotYet => f.write_str("booked: no driver is needed yet"),
            Self::Refused => f.write_str("the orders service did not take the offer"),
        }
    }
}

struct Margin(Option<i64>);

impl fmt::Display for Margin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(margin) = self.0 else { return Ok(()) };
        write!(f, ", by {}.{:03} s", margin / 1000, margin.unsigned_abs() % 1000)
    }
}
