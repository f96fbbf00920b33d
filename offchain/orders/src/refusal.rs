//! Why a command was refused. A refusal is an answer like any other: it is kept, and given again to the
//! same key.

use crate::{state::Action, State};
use codec::{Decode, Encode};
use smartlink_primitives::ride::RowFault;
use std::fmt;

/// What stands against a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Refusal {
    /// There is no such order, or it is not this rider's or driver's.
    NoSuchOrder,
    /// There is no such driver.
    NoSuchDriver,
    /// What is asked for does not follow from the state of the order.
    State(State),
    /// The quote does not hold any more.
    QuoteOver,
    /// The city has no tariff for that time.
    NoTariff,
    /// A distance, time or toll is beyond the tariff's limits.
    Beyond(Limit),
    /// The pick-up lies in the past, or too far ahead.
    PickupTime,
    /// The rider has as many orders as one may have.
    TooManyOrders,
    /// The rider has as many quotes as one may have.
    TooManyQuotes,
    /// The service holds as many orders as it can.
    Full,
    /// The driver is not on duty.
    OffDuty,
    /// The driver has something else to do.
    DriverBusy,
    /// The driver may not have this order: she had it before.
    Excluded,
    /// The vehicle serves with another driver.
    VehicleTaken,
    /// The vehicle is not of a class that may serve the order.
    WrongClass,
    /// The order has changed since the dispatcher looked.
    Stale,
    /// Everybody who could be asked was asked.
    OffersExhausted,
    /// The offer is gone: declined, lapsed, taken back, or it was never this driver's.
    OfferGone,
    /// The start code is wrong.
    WrongCode,
    /// Too many wrong start codes.
    CodeLocked,
    /// An unfinished trip comes first.
    TripUnfinished,
    /// The rider still has time to come.
    NotWaitedEnough,
    /// The rating was given already.
    RatedAlready,
    /// A rating has 1 to 5 stars.
    Stars,
    /// The clock of the service is wrong.
    Clock,
    /// There is no such batch, or it is settled.
    NoSuchBatch,
    /// The batch that the chain settled is none of this service's.
    ForeignBatch,
}

/// Which limit of a tariff was exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Limit {
    /// Metres.
    Distance,
    /// Seconds.
    Duration,
    /// Seconds waited.
    Waiting,
    /// Fen.
    Tolls,
    /// Thousandths.
    Surge,
}

impl Refusal {
    /// The name that the API uses. Never changes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoSuchOrder => "no_such_order",
            Self::NoSuchDriver => "no_such_driver",
            Self::State(_) => "wrong_state",
            Self::QuoteOver => "quote_over",
            Self::NoTariff => "no_tariff",
            Self::Beyond(_) => "beyond_tariff",
            Self::PickupTime => "pickup_time",
            Self::TooManyOrders => "too_many_orders",
            Self::TooManyQuotes => "too_many_quotes",
            Self::Full => "full",
            Self::OffDuty => "off_duty",
            Self::DriverBusy => "driver_busy",
            Self::Excluded => "excluded",
            Self::VehicleTaken => "vehicle_taken",
            Self::WrongClass => "wrong_class",
            Self::Stale => "stale",
            Self::OffersExhausted => "offers_exhausted",
            Self::OfferGone => "offer_gone",
            Self::WrongCode => "wrong_code",
            Self::CodeLocked => "code_locked",
            Self::TripUnfinished => "trip_unfinished",
            Self::NotWaitedEnough => "not_waited_enough",
            Self::RatedAlready => "rated_already",
            Self::Stars => "stars",
            Self::Clock => "clock",
            Self::NoSuchBatch => "no_such_batch",
            Self::ForeignBatch => "foreign_batch",
        }
    }

    /// The table's answer to an action that has no row.
    pub const fn state(from: State, action: Action) -> Self {
        match action {
            // Whoever comes late hears that the offer is gone, whatever became of the order.
            Action::Accept | Action::Decline => Self::OfferGone,
            _ => Self::State(from),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSuchOrder => "there is no such order of yours: check its id",
            Self::NoSuchDriver => "there is no such driver here: she goes on duty first",
            Self::State(state) => return write!(f, "the order is {state}, and that cannot follow: read the order anew"),
            Self::QuoteOver => "the quote does not hold any more: ask for a new one",
            Self::NoTariff => "the city has no tariff for that time: the company puts one in force first",
            Self::Beyond(limit) => {
                let what = match limit {
                    Limit::Distance => "distance",
                    Limit::Duration => "duration",
                    Limit::Waiting => "waiting time",
                    Limit::Tolls => "sum of tolls",
                    Limit::Surge => "surge",
                };
                return write!(f, "the {what} is beyond what the tariff allows: check the figure");
            }
            Self::PickupTime => "the pick-up is in the past or too far ahead: choose another time",
            Self::TooManyOrders => "you have as many orders as one may have: finish or cancel one first",
            Self::TooManyQuotes => "you have as many quotes as one may have: take one, or wait until some are over",
            Self::Full => "the service holds as many orders as it can: try again in a minute",
            Self::OffDuty => "the driver is not on duty: go on duty first",
            Self::DriverBusy => "the driver has an order or an offer: finish that first",
            Self::Excluded => "the driver had this order already: ask another one",
            Self::VehicleTaken => "another driver is on duty with this vehicle: choose another vehicle",
            Self::WrongClass => "the vehicle is not of the class that was ordered: ask another driver",
            Self::Stale => "the order has changed meanwhile: look again",
            Self::OffersExhausted => "as many drivers as allowed were asked: the order ends without one",
            Self::OfferGone => "the offer is gone: wait for the next one",
            Self::WrongCode => "the start code is wrong: ask the rider for the four digits",
            Self::CodeLocked => "too many wrong start codes: call the company",
            Self::TripUnfinished => "another trip is unfinished: complete it first",
            Self::NotWaitedEnough => "the rider still has time to come: wait, or give the order back",
            Self::RatedAlready => "this trip has your rating already: it cannot be changed",
            Self::Stars => "a rating is 1 to 5 stars: give one of these",
            Self::Clock => "the service's clock is wrong: the company has to set it",
            Self::NoSuchBatch => "there is no such open batch: read the list of batches",
            Self::ForeignBatch => "the chain settled a batch that this service did not make: call the company's operations",
        })
    }
}

impl std::error::Error for Refusal {}

impl From<RowFault> for Refusal {
    fn from(fault: RowFault) -> Self {
        match fault {
            RowFault::Distance => Self::Beyond(Limit::Distance),
            RowFault::Duration => Self::Beyond(Limit::Duration),
            RowFault::Waiting => Self::Beyond(Limit::Waiting),
            RowFault::Tolls => Self::Beyond(Limit::Tolls),
            RowFault::Surge => Self::Beyond(Limit::Surge),
            // The others are about drivers, order and time, which a fare does not ask for.
            _ => Self::NoTariff,
        }
    }
}
