//! How orders and drivers are brought together.

use serde::{Deserialize, Serialize};

/// How a tick brings orders and drivers together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// All orders and all drivers at once, at the least sum of costs, with the option to hold.
    #[default]
    Batch,
    /// One order after the other, in the order of their arrival, each takes the driver who is there first. For comparison: it
    /// knows no costs and holds nothing.
    Greedy,
}
