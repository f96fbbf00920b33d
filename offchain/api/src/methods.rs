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

pub(crate) use devices::MEDIUM;
pub(crate) use system::Health;
pub(crate) use telemetry::EXPORT;

use schemars::JsonSchema;
use serde::Deserialize;
use smartlink_primitives::snowflake::first_at;
use smartlink_proto::orders as proto;

use crate::{
    desk::Desk,
    refusal::Refusal,
    table::Method,
    types::{Id, Order, OrderState, Orders, Whole},
    upstream::refusal,
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

/// Orders that the company's staff looks for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrdersQuery {
    /// `next` of the page before. Missing: from the newest on.
    before: Option<Id>,
    /// How many, at most. 50 where nothing is said.
    limit: Option<Whole<1, 500>>,
    /// Only those in this state.
    state: Option<OrderState>,
    /// Only those that this driver was asked for last.
    driver: Option<Whole<1, { u32::MAX }>>,
    /// Only those whose price was asked for from this millisecond of the Unix epoch on.
    from_ms: Option<u64>,
    /// Only those whose price was asked for before this millisecond of the Unix epoch.
    until_ms: Option<u64>,
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

impl OrdersQuery {
    /// A page. An order's id begins with the time at which its price was asked for, so that a span of time is a span of ids.
    async fn page(self, desk: &Desk, seen: fn(proto::Order) -> Order) -> Result<Orders, Refusal> {
        let since = self.from_ms.map_or(0, first_at);
        let cursor = self.before.map(|id| id.0);
        // To the service 0 is no bound, and there is no order 0.
        let end = self.until_ms.map(|until| first_at(until).max(1));
        let request = proto::ListRequest {
            rider: 0,
            driver: self.driver.map_or(0, |driver| driver.0),
            state: state(self.state),
            before: cursor.into_iter().chain(end).min().unwrap_or(0),
            limit: limit(self.limit),
        };
        let reply = desk.upstream.orders().list(request).await.map_err(refusal)?;
        let mut page = reply.into_inner();
        page.orders.retain(|order| order.id >= since);
        // What follows is older than this.
        page.next = if page.next > since { page.next } else { 0 };
        Ok(Orders::seen(page, seen))
    }
}

impl OrdersPage {
    /// As the orders service takes it.
    fn request(&self, rider: u64, driver: u32) -> proto::ListRequest {
        proto::ListRequest {
            rider,
            driver,
            state: state(self.state),
            before: before(self.before),
            limit: limit(self.limit),
        }
    }
}
