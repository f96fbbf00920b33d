//! The bounds of each member.

use std::ops::RangeInclusive;

use super::DispatchConfig;
use crate::geo::Point;

/// A member that is out of its bounds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("dispatch.{field} {sentence}")]
pub struct ConfigError {
    /// The member, such as `candidates.per_order`.
    pub field: String,
    /// What it is, and what it must be.
    pub sentence: String,
}

fn within(
    field: &str,
    value: impl TryInto<u64>,
    range: RangeInclusive<u64>,
) -> Result<(), ConfigError> {
    // What is beyond u64 is beyond every range.
    let value = value.try_into().unwrap_or(u64::MAX);
    if range.contains(&value) {
        return Ok(());
    }
    Err(ConfigError {
        field: field.to_owned(),
        sentence: format!("is {value}: give {} to {}", range.start(), range.end()),
    })
}

impl DispatchConfig {
    /// Checks every member.
    ///
    /// # Errors
    /// Names the first member that is out of its bounds, its value and its bounds.
    pub fn validate(&self) -> Result<(), ConfigError> {
        within("tick_ms", self.tick_ms, 100..=60_000)?;
        self.validate_candidates()?;
        self.validate_cost()?;
        self.validate_hold_and_travel()?;
        self.validate_storage_and_orders()?;
        within("homes, by their number,", self.homes.len(), 0..=100_000)?;
        for (driver, home) in &self.homes {
            Point::new(home.latitude_e6, home.longitude_e6).map_err(|error| ConfigError {
                field: format!("homes.{driver}"),
                sentence: error.to_string(),
            })?;
        }
        Ok(())
    }

    fn validate_candidates(&self) -> Result<(), ConfigError> {
        let candidates = &self.candidates;
        within("candidates.per_order", candidates.per_order, 1..=200)?;
        within("candidates.cell_m", candidates.cell_m, 50..=20_000)?;
        // At most 400 rings, so that the walk around one order is bounded.
        let outermost = u64::from(candidates.cell_m) * 400;
        within("candidates.outermost_m", candidates.outermost_m, 100..=outermost.min(200_000))?;
        within(
            "candidates.position_max_age_ms",
            candidates.position_max_age_ms,
            1_000..=3_600_000,
        )?;
        within("candidates.position_ahead_ms", candidates.position_ahead_ms, 0..=600_000)?;
        within("candidates.forward_horizon_s", candidates.forward_horizon_s, 0..=3_600)?;
        within("candidates.forward_handover_s", candidates.forward_handover_s, 0..=600)?;
        within("candidates.orders_per_tick", candidates.orders_per_tick, 1..=20_000)?;
        within("candidates.orders", candidates.orders, 1..=5_000_000)?;
        within("candidates.drivers", candidates.drivers, 1..=1_000_000)
    }

    fn validate_cost(&self) -> Result<(), ConfigError> {
        let cost = &self.cost;
        for (field, seconds) in [
            ("cost.star_s", cost.star_s),
            ("cost.class_step_s", cost.class_step_s),
            ("cost.idle_most_s", cost.idle_most_s),
            ("cost.lapse_s", cost.lapse_s),
            ("cost.cancellation_s", cost.cancellation_s),
            ("cost.turn_s", cost.turn_s),
            ("cost.waiting_most_s", cost.waiting_most_s),
        ] {
            within(field, seconds, 0..=7_200)?;
        }
        for (field, permille) in [
            ("cost.idle_permille", cost.idle_permille),
            ("cost.homeward_permille", cost.homeward_permille),
            ("cost.waiting_permille", cost.waiting_permille),
            ("cost.late_permille", cost.late_permille),
        ] {
            within(field, permille, 0..=10_000)?;
        }
        within("cost.unassigned_s", cost.unassigned_s, 1..=86_400)?;
        within("cost.unrated_permille", cost.unrated_permille, 0..=5_000)
    }

    fn validate_hold_and_travel(&self) -> Result<(), ConfigError> {
        within("hold.longest_s", self.hold.longest_s, 0..=120)?;
        within("hold.waiting_permille", self.hold.waiting_permille, 0..=10_000)?;
        within("hold.hope_permille", self.hold.hope_permille, 0..=1_000)?;
        within("hold.booked_early_s", self.hold.booked_early_s, 0..=3_600)?;
        within("travel.detour_permille", self.travel.detour_permille, 1_000..=5_000)?;
        within("travel.speed_m_per_h", self.travel.speed_m_per_h, 1_000..=200_000)?;
        let Some(osrm) = &self.travel.osrm else { return Ok(()) };
        within("travel.osrm.timeout_ms", osrm.timeout_ms, 10..=10_000)?;
        within("travel.osrm.coordinates", osrm.coordinates, 2..=400)?;
        within("travel.osrm.requests_at_once", osrm.requests_at_once, 1..=256)?;
        within("travel.osrm.requests_per_tick", osrm.requests_per_tick, 1..=10_000)?;
        within("travel.osrm.failures", osrm.failures, 1..=1_000)?;
        within("travel.osrm.pause_ms", osrm.pause_ms, 100..=600_000)
    }

    fn validate_storage_and_orders(&self) -> Result<(), ConfigError> {
        within("decisions.per_order", self.decisions.per_order, 0..=1_000)?;
        within("decisions.rejected", self.decisions.rejected, 0..=200)?;
        within("decisions.repeat_ms", self.decisions.repeat_ms, 0..=3_600_000)?;
        within("decisions.hours", self.decisions.hours, 1..=87_600)?;
        within("decisions.megabytes", self.decisions.megabytes, 1..=1_000_000)?;
        within("orders.offers_at_once", self.orders.offers_at_once, 1..=1_024)?;
        within("orders.offer_timeout_ms", self.orders.offer_timeout_ms, 50..=30_000)?;
        within("orders.silence_ms", self.orders.silence_ms, 1_000..=3_600_000)?;
        within("orders.retry_ms", self.orders.retry_ms, 10..=60_000)?;
        within("orders.retry_most_ms", self.orders.retry_most_ms, self.orders.retry_ms..=600_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Home;

    #[test]
    fn the_default_is_valid_and_an_error_names_the_member() {
        let mut config = DispatchConfig::default();
        assert_eq!(config.validate(), Ok(()));
        config.candidates.per_order = 0;
        let error = config.validate().unwrap_err().to_string();
        assert_eq!(error, "dispatch.candidates.per_order is 0: give 1 to 200");
    }

    #[test]
    fn a_home_is_a_place() {
        let mut config = DispatchConfig::default();
        config.homes.insert(7, Home { latitude_e6: 99_000_000, longitude_e6: 0 });
        assert!(config.validate().unwrap_err().to_string().contains("homes.7"));
    }

    #[test]
    fn unknown_members_are_refused() {
        let error = serde_json::from_str::<DispatchConfig>(r#"{"tickms": 5}"#).unwrap_err();
        assert!(error.to_string().contains("unknown field `tickms`"), "{error}");
        let config: DispatchConfig =
            serde_json::from_str(r#"{"travel": {"osrm": {"url": "http://roads"}}}"#).unwrap();
        assert_eq!(config.travel.osrm.unwrap().coordinates, 100);
    }
}
