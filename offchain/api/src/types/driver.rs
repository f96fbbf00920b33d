//! Drivers at work.

use schemars::JsonSchema;
use serde::Serialize;
use smartlink_proto::orders as proto;

use super::{Id, Money, VehicleClass};

/// A driver at work.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Driver {
    /// The driver's id on the chain.
    pub id: u32,
    /// Whether the driver takes orders now.
    pub on_duty: bool,
    /// The vehicle's id on the chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vehicle: Option<u32>,
    /// The place in the company's ledger.
    pub seat: u32,
    /// The vehicle's class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<VehicleClass>,
    /// The order that the driver is on, from acceptance on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Id>,
    /// The order that comes after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_order: Option<Id>,
    /// The order that is offered to the driver now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offered: Option<Id>,
    /// Since when there is nothing to do, in milliseconds of the Unix epoch.
    pub idle_since_ms: u64,
    /// Trips made.
    pub trips: u32,
    /// The mean of the ratings in thousandths of a star.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating_permille: Option<u32>,
    /// Offers made to the driver.
    pub offers: u32,
    /// Those that were accepted.
    pub accepted: u32,
    /// Those that were given back after that.
    pub abandoned: u32,
}

impl From<proto::Driver> for Driver {
    fn from(driver: proto::Driver) -> Self {
        Self {
            id: driver.id,
            on_duty: driver.on_duty,
            vehicle: (driver.vehicle != 0).then_some(driver.vehicle),
            seat: driver.seat,
            class: VehicleClass::read(driver.class),
            order: Id::known(driver.order),
            next_order: Id::known(driver.next_order),
            offered: Id::known(driver.offered),
            idle_since_ms: driver.idle_since_ms,
            trips: driver.trips,
            rating_permille: (driver.rating_permille != 0).then_some(driver.rating_permille),
            offers: driver.offers,
            accepted: driver.accepted,
            abandoned: driver.abandoned,
        }
    }
}

/// What a driver has to do now.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct State {
    /// The driver. Missing before the first time on duty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub driver: Option<Driver>,
}

/// How much of a report was new.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Reported {
    /// Positions newer than what was known.
    pub taken: u32,
}

/// Positions, the oldest first: 1 to 100.
pub type Report = Vec<super::Position>;

/// What the company owes a driver on the chain.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Earnings {
    /// The driver.
    pub driver: u32,
    /// The place in the company's ledger.
    pub seat: u32,
    /// Where a withdrawal goes, as SS58.
    pub account: String,
    /// Whether the seat takes new rides.
    pub active: bool,
    /// What can be withdrawn.
    pub balance: Money,
}
