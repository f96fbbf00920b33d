//! Messages of `orders.proto` as the engine takes them.

use smartlink_proto::orders as wire;

use crate::{
    class::VehicleClass,
    geo::{NoPlace, Point},
    market::{DriverNews, OrderNews, Phase},
};

/// A message that the orders service should not have sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableNews {
    /// An order without a place where it begins or ends.
    #[error("order {order} has no {end}")]
    NoEnd {
        /// The order.
        order: u64,
        /// `origin` or `destination`.
        end: &'static str,
    },
    /// A place that is none.
    #[error("order {order}: {source}")]
    Place {
        /// The order.
        order: u64,
        /// What is wrong.
        source: NoPlace,
    },
    /// A class or a state that this version does not know.
    #[error("{what} {number} is not known here: {whose}")]
    Unknown {
        /// `class` or `state`.
        what: &'static str,
        /// Its number.
        number: i32,
        /// Whose it is.
        whose: String,
    },
}

pub(super) fn order(order: wire::Order, at_ms: u64) -> Result<OrderNews, UnreadableNews> {
    let id = order.id;
    let whose = || format!("order {id}");
    let phase = phase(order.state, whose)?;
    // An order that was only quoted may be of a kind that is never dispatched.
    let class = class(order.class, whose);
    let class =
        if phase == Phase::Closed { class.unwrap_or(VehicleClass::Economy) } else { class? };
    let driver = order.offer.filter(|_| !matches!(phase, Phase::Searching | Phase::Closed));
    Ok(OrderNews {
        order: id,
        revision: order.revision,
        phase,
        class,
        pickup: place(id, "origin", order.origin)?,
        dropoff: place(id, "destination", order.destination)?,
        at_ms,
        pickup_at_ms: (order.pickup_at_ms > 0).then_some(order.pickup_at_ms),
        driver: driver.map(|offer| offer.driver),
        excluded: order.excluded,
    })
}

pub(super) fn driver(driver: wire::Driver) -> Result<DriverNews, UnreadableNews> {
    let id = driver.id;
    let some = |order: u64| (order > 0).then_some(order);
    let class = class(driver.class, || format!("driver {id}"));
    // Of who goes off duty the class does not matter.
    let class = if driver.on_duty { class? } else { class.unwrap_or(VehicleClass::Economy) };
    Ok(DriverNews {
        driver: id,
        on_duty: driver.on_duty,
        class,
        order: some(driver.order),
        next_order: some(driver.next_order),
        offered: some(driver.offered),
        idle_since_ms: driver.idle_since_ms,
        rating_permille: (driver.rating_permille > 0).then_some(driver.rating_permille),
        offers: driver.offers,
        accepted: driver.accepted,
        abandoned: driver.abandoned,
    })
}

fn place(
    order: u64,
    end: &'static str,
    place: Option<wire::Place>,
) -> Result<Point, UnreadableNews> {
    let place = place.ok_or(UnreadableNews::NoEnd { order, end })?;
    Point::new(place.latitude_e6, place.longitude_e6)
        .map_err(|source| UnreadableNews::Place { order, source })
}

fn phase(number: i32, whose: impl Fn() -> String) -> Result<Phase, UnreadableNews> {
    use wire::State;
    match State::try_from(number) {
        Ok(State::Searching) => Ok(Phase::Searching),
        Ok(State::Offered) => Ok(Phase::Offered),
        Ok(State::Accepted | State::Arriving | State::Arrived) => Ok(Phase::Fetching),
        Ok(State::PickedUp | State::InTrip) => Ok(Phase::Riding),
        Ok(
            State::Quoted
            | State::Booked
            | State::Completed
            | State::Settled
            | State::Cancelled
            | State::Expired,
        ) => Ok(Phase::Closed),
        Ok(State::Unspecified) | Err(_) => {
            Err(UnreadableNews::Unknown { what: "state", number, whose: whose() })
        }
    }
}

fn class(number: i32, whose: impl Fn() -> String) -> Result<VehicleClass, UnreadableNews> {
    match wire::VehicleClass::try_from(number) {
        Ok(wire::VehicleClass::Economy) => Ok(VehicleClass::Economy),
        Ok(wire::VehicleClass::Comfort) => Ok(VehicleClass::Comfort),
        Ok(wire::VehicleClass::Premium) => Ok(VehicleClass::Premium),
        Ok(wire::VehicleClass::Van) => Ok(VehicleClass::Van),
        Ok(wire::VehicleClass::Unspecified) | Err(_) => {
            Err(UnreadableNews::Unknown { what: "class", number, whose: whose() })
        }
    }
}
