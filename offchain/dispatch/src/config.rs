//! What can be configured, in what units, and within which bounds.

mod bounds;

use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::policy::Policy;

pub use bounds::ConfigError;

/// The whole configuration of the dispatcher. Every member has a default; unknown ones are refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DispatchConfig {
    /// The folder of the decisions. Default `data/dispatch`.
    pub path: PathBuf,
    /// Milliseconds between two ticks, 100 to 60,000. A tick that takes longer makes the next ones fall out.
    pub tick_ms: u64,
    /// Who is weighed for an order.
    pub candidates: CandidatesConfig,
    /// What a pair costs.
    pub cost: CostConfig,
    /// When a pair is held for a better one.
    pub hold: HoldConfig,
    /// Travel times.
    pub travel: TravelConfig,
    /// What is kept of the decisions.
    pub decisions: DecisionsConfig,
    /// How the orders service is spoken with.
    pub orders: OrdersConfig,
    /// `batch` (the default), or `greedy` for comparison.
    pub policy: Policy,
    /// Where drivers live, by their ids: rides towards it cost them less. At most 100,000.
    pub homes: BTreeMap<u32, Home>,
}

/// Where a driver lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Home {
    /// 10^-6 degrees, north positive.
    pub latitude_e6: i32,
    /// 10^-6 degrees, east positive.
    pub longitude_e6: i32,
}

/// Who is weighed for an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CandidatesConfig {
    /// Drivers who are weighed for an order, the nearest first, 1 to 200.
    pub per_order: usize,
    /// Height and width of a cell of the spatial index in metres, 50 to 20,000.
    pub cell_m: u32,
    /// Nobody farther than this along the great circle is weighed, in metres, up to 200,000.
    pub outermost_m: u32,
    /// A position older than this is stale, in milliseconds.
    pub position_max_age_ms: u64,
    /// A position that is this far ahead of the dispatcher's clock is not taken, in milliseconds.
    pub position_ahead_ms: u64,
    /// Drivers who reach their drop-off within these seconds are weighed for the order after it. 0: none.
    pub forward_horizon_s: u32,
    /// Seconds between arriving at a drop-off and being free.
    pub forward_handover_s: u32,
    /// Orders that one tick looks at, those that wait longest first. The others wait for the next tick.
    pub orders_per_tick: usize,
    /// Open orders that are known. Beyond it new ones are not dispatched until others end.
    pub orders: usize,
    /// Drivers whose positions and duties are known. Beyond it new ones are not taken.
    pub drivers: usize,
}

/// What a pair of an order and a driver costs, in seconds of driving that each thing is worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CostConfig {
    /// What leaving an order unassigned for a tick costs: no pair that is dearer is made. With `waiting_permille` it
    /// is how far a driver comes for a young order, and how fast that grows.
    pub unassigned_s: u32,
    /// A star below five.
    pub star_s: u32,
    /// The rating of who has none yet, in thousandths of a star.
    pub unrated_permille: u32,
    /// A step that the vehicle is above the ordered class.
    pub class_step_s: u32,
    /// A thousand times what a second of idling takes off.
    pub idle_permille: u32,
    /// At most this is taken off for idling.
    pub idle_most_s: u32,
    /// An offer that is not accepted: weighed with the share of her offers that the driver did not accept.
    pub lapse_s: u32,
    /// A rider who cancels because of a long approach: weighed with the square of the eta in units of
    /// ten minutes.
    pub cancellation_s: u32,
    /// A thousand times what a second of driving homewards takes off, and away from home adds.
    pub homeward_permille: u32,
    /// Turning a vehicle that faces straight away from the pick-up.
    pub turn_s: u32,
    /// A thousand times what a second of waiting takes off the order's pairs.
    pub waiting_permille: u32,
    /// At most this is taken off for waiting.
    pub waiting_most_s: u32,
    /// A thousand times what a second of being late for a booked pick-up adds.
    pub late_permille: u32,
}

/// When a pair is held for a better one (see [`crate::hold`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HoldConfig {
    /// No order is held beyond this age, in seconds. 0: never hold. At most 120.
    pub longest_s: u32,
    /// A thousand times what a second of the rider's waiting is worth, in seconds of approach.
    pub waiting_permille: u32,
    /// A thousand times the share of the excess over the usual approach that is expected to go away within
    /// `longest_s`.
    pub hope_permille: u32,
    /// Booked rides: how long before the pick-up time the driver is to arrive, in seconds.
    pub booked_early_s: u32,
}

/// Travel times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TravelConfig {
    /// A thousand times the road's length over that of the great circle, 1,000 to 5,000.
    pub detour_permille: u32,
    /// Metres an hour, 1,000 to 200,000.
    pub speed_m_per_h: u32,
    /// A server of OSRM. None: the great circle alone.
    pub osrm: Option<OsrmConfig>,
}

/// A server of OSRM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OsrmConfig {
    /// `http://host:port`.
    pub url: String,
    /// Milliseconds for a request, up to 10,000.
    pub timeout_ms: u64,
    /// Coordinates in a request, at most the server's `--max-table-size` (100 there by default).
    pub coordinates: usize,
    /// Requests at once.
    pub requests_at_once: usize,
    /// Requests of a tick. Journeys beyond go by great circle.
    pub requests_per_tick: usize,
    /// So many failures in a row, and the server is left alone.
    pub failures: u32,
    /// For so many milliseconds.
    pub pause_ms: u64,
}

/// What is kept of the decisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DecisionsConfig {
    /// Decisions of one order, the newest. 0: none are made or kept.
    pub per_order: usize,
    /// Candidates of a decision that were no pair, the nearest, besides those that were.
    pub rejected: usize,
    /// A decision that repeats the one before is kept again after so many milliseconds only.
    pub repeat_ms: u64,
    /// Decisions older than this are dropped, in hours.
    pub hours: u64,
    /// Decisions are dropped, the oldest first, beyond so many megabytes.
    pub megabytes: u64,
}

/// How the orders service is spoken with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OrdersConfig {
    /// Offers on their way at once.
    pub offers_at_once: usize,
    /// Milliseconds for an offer.
    pub offer_timeout_ms: u64,
    /// A stream of changes that says nothing for so many milliseconds is begun anew.
    pub silence_ms: u64,
    /// The first pause before a new attempt, in milliseconds; each doubles.
    pub retry_ms: u64,
    /// The longest pause before a new attempt, in milliseconds.
    pub retry_most_ms: u64,
}

impl Default for DispatchConfig {
    fn default() -> Self {
        Self {
            path: PathBuf::from("data/dispatch"),
            tick_ms: 1_000,
            candidates: CandidatesConfig::default(),
            cost: CostConfig::default(),
            hold: HoldConfig::default(),
            travel: TravelConfig::default(),
            decisions: DecisionsConfig::default(),
            orders: OrdersConfig::default(),
            policy: Policy::Batch,
            homes: BTreeMap::new(),
        }
    }
}

impl Default for CandidatesConfig {
    fn default() -> Self {
        Self {
            per_order: 20,
            cell_m: 500,
            outermost_m: 8_000,
            position_max_age_ms: 30_000,
            position_ahead_ms: 10_000,
            forward_horizon_s: 300,
            forward_handover_s: 30,
            orders_per_tick: 10_000,
            orders: 100_000,
            drivers: 200_000,
        }
    }
}

impl Default for CostConfig {
    fn default() -> Self {
        Self {
            unassigned_s: 700,
            star_s: 20,
            unrated_permille: 4_700,
            class_step_s: 60,
            idle_permille: 10,
            idle_most_s: 20,
            lapse_s: 40,
            cancellation_s: 60,
            homeward_permille: 200,
            turn_s: 20,
            waiting_permille: 4_000,
            waiting_most_s: 2_400,
            late_permille: 2_000,
        }
    }
}

impl Default for HoldConfig {
    fn default() -> Self {
        Self { longest_s: 20, waiting_permille: 1_000, hope_permille: 300, booked_early_s: 180 }
    }
}

impl Default for TravelConfig {
    fn default() -> Self {
        Self { detour_permille: 1_350, speed_m_per_h: 26_000, osrm: None }
    }
}

impl Default for OsrmConfig {
    fn default() -> Self {
        Self {
            url: "http://127.0.0.1:5000".to_owned(),
            timeout_ms: 500,
            coordinates: 100,
            requests_at_once: 8,
            requests_per_tick: 200,
            failures: 3,
            pause_ms: 10_000,
        }
    }
}

impl Default for DecisionsConfig {
    fn default() -> Self {
        Self { per_order: 32, rejected: 16, repeat_ms: 10_000, hours: 72, megabytes: 512 }
    }
}

impl Default for OrdersConfig {
    fn default() -> Self {
        Self {
            offers_at_once: 64,
            offer_timeout_ms: 2_000,
            silence_ms: 120_000,
            retry_ms: 100,
            retry_most_ms: 5_000,
        }
    }
}
