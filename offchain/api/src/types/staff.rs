//! What the company's staff sees.

use schemars::JsonSchema;
use serde::Serialize;
use smartlink_proto::{dispatch, orders};
use smartlink_service::config;

use super::{Driver, Id, OrderState, Position};

/// A page of drivers, in the order of their ids.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Drivers {
    /// The drivers.
    pub drivers: Vec<Driver>,
    /// `after` of the next page. Missing: there are no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<u32>,
}

impl From<orders::DriverPage> for Drivers {
    fn from(page: orders::DriverPage) -> Self {
        let drivers = page.drivers.into_iter().map(Driver::from).collect();
        Self { drivers, next: (page.next != 0).then_some(page.next) }
    }
}

/// A driver near a place.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Nearby {
    /// The driver.
    pub driver: u32,
    /// Where the driver was.
    pub position: Position,
}

/// Something that happened to an order.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Event {
    /// Its place in the log.
    pub sequence: Id,
    /// When, in milliseconds of the Unix epoch.
    pub at_ms: u64,
    /// Its name, as in docs/orders.md.
    pub name: String,
    /// What it says.
    pub details: serde_json::Value,
}

/// Everything that happened to an order, the oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct History {
    /// The events.
    pub events: Vec<Event>,
}

/// The start code is for the rider alone, in the history as well.
const START_CODE: &str = "start_code";

fn without_start_code(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(map) => {
            map.remove(START_CODE);
            map.values_mut().for_each(without_start_code);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(without_start_code),
        _ => {}
    }
}

impl From<orders::OrderHistory> for History {
    fn from(history: orders::OrderHistory) -> Self {
        let events = history.events.into_iter().map(|event| {
            let text = event.details;
            let details = serde_json::from_str(&text);
            let mut details = details.unwrap_or(serde_json::Value::Null);
            without_start_code(&mut details);
            Event { sequence: Id(event.sequence), at_ms: event.at_ms, name: event.name, details }
        });
        Self { events: events.collect() }
    }
}

super::order::named! {
    /// What a tick decided for an order.
    Outcome = dispatch::Outcome {
        /// It was offered to a driver.
        Offered,
        /// A pair was found, and held for a better one.
        Held,
        /// Every candidate went to another order.
        Outbid,
        /// There was no candidate.
        Nobody,
        /// The order had changed meanwhile.
        Stale,
    }
}

/// A part of a cost.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CostPart {
    /// eta, rating, class, idle, cancellation, homeward or waiting.
    pub name: String,
    /// Thousandths of a second.
    pub cost: i64,
}

/// A driver who could have had the order.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Candidate {
    /// The driver.
    pub driver: u32,
    /// Metres to the pick-up.
    pub distance_m: u32,
    /// Seconds to the pick-up.
    pub eta_s: u32,
    /// What the assignment minimises, in thousandths of a second: the sum of the parts.
    pub cost: i64,
    /// The parts.
    pub parts: Vec<CostPart>,
    /// What stood against this candidate. Missing for the one that was chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binding: Option<String>,
}

/// What one tick of the dispatcher decided for an order.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Decision {
    /// The tick.
    pub tick: Id,
    /// When, in milliseconds of the Unix epoch.
    pub at_ms: u64,
    /// Orders that were weighed against each other in this tick.
    pub orders_in_tick: u32,
    /// Drivers likewise.
    pub drivers_in_tick: u32,
    /// Rings of the spatial index that were searched.
    pub rings: u32,
    /// What was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Who got the offer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub driver: Option<u32>,
    /// Who else could have.
    pub candidates: Vec<Candidate>,
    /// For people.
    pub reason: String,
}

/// Why an order was offered to whom, and why to nobody else. The oldest decision first.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Explanation {
    /// The order.
    pub order: Id,
    /// The decisions.
    pub decisions: Vec<Decision>,
}

impl From<dispatch::Candidate> for Candidate {
    fn from(candidate: dispatch::Candidate) -> Self {
        let part = |part: dispatch::CostPart| CostPart { name: part.name, cost: part.cost };
        Self {
            driver: candidate.driver,
            distance_m: candidate.distance_m,
            eta_s: candidate.eta_s,
            cost: candidate.cost,
            parts: candidate.parts.into_iter().map(part).collect(),
            binding: (!candidate.binding.is_empty()).then_some(candidate.binding),
        }
    }
}

impl From<dispatch::Explanation> for Explanation {
    fn from(explanation: dispatch::Explanation) -> Self {
        let decisions = explanation.decisions.into_iter().map(|decision| Decision {
            tick: Id(decision.tick),
            at_ms: decision.at_ms,
            orders_in_tick: decision.orders_in_tick,
            drivers_in_tick: decision.drivers_in_tick,
            rings: decision.rings,
            outcome: Outcome::read(decision.outcome),
            driver: (decision.driver != 0).then_some(decision.driver),
            candidates: decision.candidates.into_iter().map(Candidate::from).collect(),
            reason: decision.reason,
        });
        Self { order: Id(explanation.order), decisions: decisions.collect() }
    }
}

/// A batch on its way to the chain.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Batch {
    /// Its number.
    pub number: Id,
    /// Rides in it.
    pub rides: u32,
    /// When it was closed, in milliseconds of the Unix epoch.
    pub closed_at_ms: u64,
    /// The block. Missing until it is final.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block: Option<u32>,
    /// Why the chain does not take it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
}

/// A page of batches, the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Batches {
    /// The batches.
    pub batches: Vec<Batch>,
    /// `before` of the next page. Missing: there are no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Id>,
}

impl From<orders::BatchPage> for Batches {
    fn from(page: orders::BatchPage) -> Self {
        let batches = page.batches.into_iter().map(|batch| Batch {
            number: Id(batch.number),
            rides: batch.rides,
            closed_at_ms: batch.closed_at_ms,
            block: (batch.block != 0).then_some(batch.block),
            refusal: (!batch.refusal.is_empty()).then_some(batch.refusal),
        });
        Self { batches: batches.collect(), next: Id::known(page.next) }
    }
}

/// How many open orders are in a state.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct StateCount {
    /// The state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<OrderState>,
    /// The orders.
    pub orders: u64,
}

/// Figures of the services.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Figures {
    /// Open orders by state.
    pub open: Vec<StateCount>,
    /// Drivers on duty.
    pub drivers_on_duty: u32,
    /// Events in the log of orders.
    pub events: u64,
    /// Batches closed.
    pub batches_closed: u64,
    /// Batches settled.
    pub batches_settled: u64,
    /// Whether the chain has settled a batch that is none of the orders service's: no ride goes out until somebody
    /// has looked.
    pub halted: bool,
    /// Ticks of the dispatcher.
    pub ticks: u64,
    /// Drivers whose position is fresh.
    pub drivers_with_fresh_position: u32,
    /// Orders for which a driver is looked for.
    pub orders_searching: u32,
    /// Offers made.
    pub offers: u64,
    /// Microseconds of the last tick.
    pub last_tick_us: u64,
    /// Calls to the api since it started.
    pub calls: u64,
    /// Those that were shed because there were too many.
    pub shed: u64,
    /// Calls that were refused with nobody identified, since the start: the audit log does not have them.
    pub unidentified: u64,
    /// Entries in the audit log.
    pub audit_entries: u64,
    /// Hash of the last of them: whoever keeps it can tell later whether the log was changed.
    pub audit_head: String,
}

/// A value that is set.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Setting {
    /// Its key: `orders.rules.search_ms`.
    pub key: String,
    /// As TOML has it. Missing: the key has no value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Where it came from: `default`, a file with its line, a variable of the environment, a flag.
    pub origin: String,
    /// Whether it may change while the process runs. Others are read at the start.
    pub reloads: bool,
}

/// What is set in the process that answers. Roles that run in other processes (`peers`) have their own.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Configuration {
    /// Every key there is, in order.
    pub settings: Vec<Setting>,
}

impl From<Vec<config::Setting>> for Configuration {
    fn from(settings: Vec<config::Setting>) -> Self {
        let settings = settings.into_iter().map(|setting| Setting {
            key: setting.key,
            value: setting.value,
            origin: setting.origin.to_string(),
            reloads: setting.reloads,
        });
        Self { settings: settings.collect() }
    }
}

/// A change that somebody made, or tried to make.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AuditEntry {
    /// Its place in the log, from 1.
    pub sequence: Id,
    /// When, in milliseconds of the Unix epoch.
    pub at_ms: u64,
    /// Who. Missing: nobody was logged in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Id>,
    /// With which roles.
    pub roles: Vec<String>,
    /// The method.
    pub method: String,
    /// Order, account, vehicle or name that it was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// As the caller gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
    /// 0: done. Otherwise the code of the error.
    pub outcome: i32,
    /// From which address.
    pub address: String,
    /// The request, as the log of the service names it.
    pub request: String,
    /// SHA-256 of the entry before.
    pub previous: String,
}

/// A page of the audit log, the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AuditPage {
    /// The entries that fit what was asked for.
    pub entries: Vec<AuditEntry>,
    /// `before` of the next page. Missing: there are no more. A page may be short, or empty, and still
    /// have a next one: a call reads at most 10,000 entries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Id>,
}
