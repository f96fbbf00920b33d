//! A day of a made-up city on a virtual clock, dispatched by the very [`DispatchEngine`](crate::DispatchEngine): batch
//! assignment against the nearest driver, on the same orders, drivers, roads and moods.
//!
//! What is the same for both: when and where riders order and how long they wait, where drivers begin, how fast roads
//! are in which hour, the candidates (drivers about to finish among them), the tick, how likely an approach
//! is accepted and each driver's answer to each order. Only the policy differs.
//!
//! What is simpler than life: drivers stand where their last trip ended, work all day, and none of them cruises, so
//! empty kilometres are approaches alone, those for riders who gave up included; roads are straight with a detour;
//! all vehicles are of one class.

mod chance;
mod city;
mod figures;
mod world;

use std::fmt;

use crate::{config::DispatchConfig, policy::Policy};

pub use figures::DayFigures;

/// One day under both policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The seed of orders, drivers and moods.
    pub seed: u64,
    /// Drivers on duty.
    pub drivers: u32,
    /// Orders of the day.
    pub orders: u32,
    /// The whole city at once.
    pub batch: DayFigures,
    /// The nearest driver, one order after the other.
    pub greedy: DayFigures,
    /// The same without drivers about to finish: the nearest who is free.
    pub greedy_free: DayFigures,
}

/// Lets a day pass three times: batch, greedy, and greedy without forward dispatch. With the dispatcher's defaults.
pub fn compare(seed: u64, drivers: u32, orders: u32) -> Report {
    compare_with(&DispatchConfig::default(), seed, drivers, orders)
}

/// As [`compare`], with a configuration of one's own; its policy and its decisions are not used.
pub fn compare_with(config: &DispatchConfig, seed: u64, drivers: u32, orders: u32) -> Report {
    let city = city::City::new(seed, drivers, orders);
    let day = |policy, forward_s| {
        let mut config = config.clone();
        config.policy = policy;
        config.decisions.per_order = 0;
        config.candidates.forward_horizon_s = forward_s;
        world::World::new(&city, config).run()
    };
    let forward_s = config.candidates.forward_horizon_s;
    Report {
        seed,
        drivers,
        orders,
        batch: day(Policy::Batch, forward_s),
        greedy: day(Policy::Greedy, forward_s),
        greedy_free: day(Policy::Greedy, 0),
    }
}

impl Report {
    /// A thousand times the share of empty metres a served trip that batch assignment saves against greedy.
    pub fn saved_permille(&self) -> i64 {
        saved_permille(&self.batch, &self.greedy)
    }

    /// As [`saved_permille`](Self::saved_permille), against greedy without forward dispatch.
    pub fn saved_permille_against_free(&self) -> i64 {
        saved_permille(&self.batch, &self.greedy_free)
    }
}

fn saved_permille(batch: &DayFigures, greedy: &DayFigures) -> i64 {
    let (ours, theirs) = (i64::from(batch.empty_m_per_trip), i64::from(greedy.empty_m_per_trip));
    1000 - (ours * 1000).checked_div(theirs).unwrap_or(1000)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "seed {}, {} drivers, {} orders ({} a driver)",
            self.seed,
            self.drivers,
            self.orders,
            self.orders / self.drivers.max(1)
        )?;
        writeln!(
            f,
            "{:<26}  {:>8}  {:>9}  {:>8}  {:>8}  {:>13}  {:>8}",
            "policy", "served", "wait p50", "p95", "accepted", "empty km/trip", "saved"
        )?;
        let rows = [
            ("batch", &self.batch, None),
            ("greedy", &self.greedy, Some(self.saved_permille())),
            (
                "greedy, free drivers only",
                &self.greedy_free,
                Some(self.saved_permille_against_free()),
            ),
        ];
        for (name, day, saved) in rows {
            let saved = saved.map_or_else(String::new, percent);
            writeln!(
                f,
                "{name:<26}  {:>8}  {:>7} s  {:>6} s  {:>8}  {:>13}  {saved:>8}",
                percent(i64::from(day.served_permille())),
                day.waiting_median_s,
                day.waiting_p95_s,
                percent(i64::from(day.accepted_permille())),
                format!("{}.{:03}", day.empty_m_per_trip / 1000, day.empty_m_per_trip % 1000),
            )?;
        }
        Ok(())
    }
}

fn percent(permille: i64) -> String {
    let sign = if permille < 0 { "-" } else { "" };
    format!("{sign}{}.{} %", permille.abs() / 10, permille.abs() % 10)
}
