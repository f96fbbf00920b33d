//! The rows of the table, by who they are for.

mod auth;
mod channels;
mod devices;
mod driver;
mod fleet;
mod inbox;
mod operations;
mod receipt;
mod rider;
mod subscriptions;
mod system;
mod telemetry;

pub(crate) use system::Health;
pub(crate) use telemetry::EXPORT;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    table::Method,
    types::{Id, OrderState, Whole},
};

/// All methods, in the order of the document.
pub(crate) fn table() -> Vec<Method> {
    let mut methods = auth::methods();
    methods.extend(rider::methods());
    methods.extend(driver::methods());
    methods.extend(fleet::methods());
    methods.extend(devices::methods());
    methods.extend(telemetry::methods());
    methods.extend(operations::methods());
    methods.extend(receipt::methods());
    methods.extend(inbox::methods());
    methods.extend(channels::methods());
    methods.extend(subscriptions::methods());
    methods.extend(system::methods());
    methods
}

/// No parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// Nothing to say but that it was done.
#[derive(Debug, serde::Serialize, JsonSchema)]
pub(crate) struct Done {}

/// One order.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OneOrder {
    /// Its id.
    pub order: Id,
}

/// Items of a page where the caller names no number.
const PAGE: u32 = 50;

/// A page of orders.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrdersPage {
    /// `next` of the page before. Missing: from the newest on.
    pub before: Option<Id>,
    /// How many, at most. 50 where nothing is said.
    pub limit: Option<Whole<1, 500>>,
    /// Only those in this state.
    pub state: Option<OrderState>,
}

/// A page of anything.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    /// `next` of the page before. Missing: from the newest on.
    pub before: Option<Id>,
    /// How many, at most. 50 where nothing is said.
    pub limit: Option<Whole<1, 500>>,
}

/// A page of drivers.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DriversPage {
    /// `next` of the page before. Missing: from the first on.
    pub after: Option<u32>,
    /// How many, at most. 50 where nothing is said.
    pub limit: Option<Whole<1, 500>>,
}

fn before(id: Option<Id>) -> u64 {
    id.map_or(0, |id| id.0)
}

fn limit(limit: Option<Whole<1, 500>>) -> u32 {
    limit.map_or(PAGE, |limit| limit.0)
}

fn state(state: Option<OrderState>) -> i32 {
    state.map_or(0, OrderState::write)
}

impl OrdersPage {
    /// As the orders service takes it.
    fn request(&self, rider: u64, driver: u32) -> smartlink_proto::orders::ListRequest {
        smartlink_proto::orders::ListRequest {
            rider,
            driver,
            state: state(self.state),
            before: before(self.before),
            limit: limit(self.limit),
        }
    }
}
