//! What a pair of an order and a driver costs: a sum of named parts in thousandths of a second.
//!
//! A part says how many seconds of driving something is worth, so that the parts can be added:
//!
//! | part | thousandths of a second |
//! | --- | --- |
//! | `eta` | time to the pick-up; with forward dispatch from now on |
//! | `rating` | `star_s` for each star below five |
//! | `class` | `class_step_s` for each step that the vehicle is above the order |
//! | `idle` | minus `idle_permille` of the time without work, up to `idle_most_s` |
//! | `cancellation` | `lapse_s` x the share of offers that she does not accept, plus `cancellation_s` x (eta / 10 min)^2 |
//! | `homeward` | `homeward_permille` of (drop-off to home minus pick-up to home) |
//! | `waiting` | minus `waiting_permille` of the order's waiting, up to `waiting_most_s` |
//! | `heading` | `turn_s` x (1 - cos of the angle between her heading and the pick-up) / 2 |
//! | `punctuality` | `late_permille` of the time that she is late for a booked pick-up |

use crate::{
    config::CostConfig,
    engine::{Column, Row},
    geo::Point,
    travel::GreatCircle,
};

/// The parts, in the order in which they are told.
pub const PARTS: [&str; 9] = [
    "eta",
    "rating",
    "class",
    "idle",
    "cancellation",
    "homeward",
    "waiting",
    "heading",
    "punctuality",
];

/// A cost with its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost([i64; PARTS.len()]);

/// An approach counts at most so long: a day.
const LONGEST_S: u32 = 86_400;
/// A driver without history accepts nine of ten.
const PRIOR_OFFERS: u64 = 10;
const PRIOR_ACCEPTED: u64 = 9;
/// Ten minutes, the unit of the cancellation's square.
const TEN_MINUTES_S: u64 = 600;
/// Slower vehicles have no heading that could be trusted: half a metre a second.
const STANDING_DM_S: u32 = 5;

impl Cost {
    /// The sum: what the assignment minimises.
    pub fn total(&self) -> i64 {
        self.0.iter().sum()
    }

    /// The parts with their names.
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, i64)> + '_ {
        PARTS.into_iter().zip(self.0)
    }
}

/// The cost of a pair whose approach takes `eta_s` from now on.
pub(crate) fn cost(
    config: &CostConfig,
    roads: &GreatCircle,
    now_ms: u64,
    (row, column): (&Row, &Column),
    (eta_s, steps): (u32, u8),
) -> Cost {
    let eta_s = eta_s.min(LONGEST_S);
    let stars_below =
        5_000 - i64::from(column.rating_permille.unwrap_or(config.unrated_permille).min(5_000));
    Cost([
        i64::from(eta_s) * 1000,
        i64::from(config.star_s) * stars_below,
        i64::from(config.class_step_s) * i64::from(steps) * 1000,
        -idle(config, column, now_ms),
        cancellation(config, column, eta_s),
        column.home.map_or(0, |home| homeward(config, roads, row, &home)),
        -share(row.waited_ms(now_ms), config.waiting_permille, config.waiting_most_s),
        heading(config, row, column),
        row.pickup_at_ms.map_or(0, |booked| {
            let arrives = now_ms.saturating_add(u64::from(eta_s) * 1000);
            share(arrives.saturating_sub(booked), config.late_permille, LONGEST_S)
        }),
    ])
}

/// A share of some milliseconds, up to so many seconds.
fn share(ms: u64, permille: u32, most_s: u32) -> i64 {
    let part = u128::from(ms) * u128::from(permille) / 1000;
    // At most 2^32 seconds.
    part.min(u128::from(most_s) * 1000) as i64
}

fn idle(config: &CostConfig, column: &Column, now_ms: u64) -> i64 {
    if column.free_in_s > 0 {
        return 0;
    }
    share(now_ms.saturating_sub(column.idle_since_ms), config.idle_permille, config.idle_most_s)
}

fn cancellation(config: &CostConfig, column: &Column, eta_s: u32) -> i64 {
    let offers = u64::from(column.offers) + PRIOR_OFFERS;
    let kept = u64::from(column.accepted.saturating_sub(column.abandoned)) + PRIOR_ACCEPTED;
    let lost = offers.saturating_sub(kept);
    let lapse = u64::from(config.lapse_s) * 1000 * lost / offers;
    let square = u64::from(eta_s).pow(2);
    let cancelled = u64::from(config.cancellation_s) * 1000 * square / TEN_MINUTES_S.pow(2);
    // Bounded by the configuration: 7,200 s, and 7,200 s x 144^2.
    (lapse + cancelled).cast_signed()
}

fn homeward(config: &CostConfig, roads: &GreatCircle, row: &Row, home: &Point) -> i64 {
    let seconds = |from: &Point| i64::from(roads.leg(from, home).duration_s.min(LONGEST_S));
    (seconds(&row.dropoff) - seconds(&row.pickup)) * i64::from(config.homeward_permille)
}

fn heading(config: &CostConfig, row: &Row, column: &Column) -> i64 {
    let Some(heading) = column.heading.filter(|_| column.speed_dm_s >= STANDING_DM_S) else {
        return 0;
    };
    let facing = column.from.facing_permille(heading, &row.pickup).unwrap_or(1000);
    i64::from(config.turn_s) * (1000 - facing) / 2
}
