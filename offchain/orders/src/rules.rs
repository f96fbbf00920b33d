//! What a company may set about its orders. All times are milliseconds.

use serde::{Deserialize, Serialize};
use smartlink_primitives::{CityCode, CompanyId};

/// The rules by which orders live. They may change between two starts: what happened is never decided
/// anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// The company whose orders these are.
    pub company: CompanyId,
    /// The city whose tariff holds (GB/T 2260).
    pub city: CityCode,
    /// The number of this machine in order ids, 0 to 1023. No other machine of the consortium has it.
    pub machine: u16,
    /// How long a quote holds.
    pub quote_valid_ms: u64,
    /// How long a driver is looked for.
    pub search_ms: u64,
    /// How long a driver may think about an offer.
    pub offer_valid_ms: u64,
    /// Offers for one order, at most.
    pub most_offers: u32,
    /// How long before the pick-up the search for a booked ride begins.
    pub booked_lead_ms: u64,
    /// How far ahead a ride can be booked.
    pub booked_most_ms: u64,
    /// How long after acceptance the rider may cancel for nothing.
    pub second_thoughts_ms: u64,
    /// How long after the promised arrival a driver is late: cancelling is free then.
    pub late_ms: u64,
    /// How long a driver waits before the rider counts as not coming.
    pub no_show_ms: u64,
    /// The most that a fare may be, in thousandths of the quoted one. Waiting and tolls aside.
    pub cap_permille: u32,
    /// Wrong start codes, after which the company has to help.
    pub most_wrong_codes: u8,
    /// Orders of one rider at a time.
    pub most_per_rider: u8,
    /// Quotes of one rider that hold at a time.
    pub most_quotes: usize,
    /// Quotes and orders that are not over and settled, at most. New quotes are refused beyond it.
    pub most_open: usize,
    /// Drivers that the company may have.
    pub most_drivers: usize,
    /// Rides in a batch for the chain.
    pub batch_rows: usize,
    /// How long a ride waits for others until its batch is closed all the same.
    pub batch_wait_ms: u64,
    /// Entries of the log after which the state is written down, so that a restart has to replay no
    /// more than these. 0: never, the log grows for ever.
    pub snapshot_every: u64,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            company: CompanyId(1),
            city: CityCode(440_300),
            machine: 0,
            quote_valid_ms: 180_000,
            search_ms: 300_000,
            offer_valid_ms: 15_000,
            most_offers: 32,
            booked_lead_ms: 15 * 60_000,
            booked_most_ms: 30 * 24 * 3_600_000,
            second_thoughts_ms: 120_000,
            late_ms: 300_000,
            no_show_ms: 300_000,
            cap_permille: 1_200,
            most_wrong_codes: 5,
            most_per_rider: 5,
            most_quotes: 60,
            most_open: 4_000_000,
            most_drivers: 1_000_000,
            batch_rows: 1_000,
            batch_wait_ms: 5_000,
            snapshot_every: 2_000_000,
        }
    }
}

/// A rule that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("orders.{key} is {value}: give {remedy}")]
pub struct RuleError {
    /// The rule.
    pub key: &'static str,
    /// What it was.
    pub value: u64,
    /// What it may be.
    pub remedy: &'static str,
}

impl Rules {
    /// Checks that the rules make sense.
    ///
    /// # Errors
    /// Names the first that does not.
    pub fn validate(&self) -> Result<(), RuleError> {
        const DAY: u64 = 24 * 3_600_000;
        let times = [
            ("quote_valid_ms", self.quote_valid_ms),
            ("search_ms", self.search_ms),
            ("offer_valid_ms", self.offer_valid_ms),
            ("no_show_ms", self.no_show_ms),
        ];
        for (key, value) in times {
            ensure((1..=DAY).contains(&value), key, value, "1 ms to a day")?;
        }
        let spans = [
            ("booked_lead_ms", self.booked_lead_ms),
            ("second_thoughts_ms", self.second_thoughts_ms),
            ("late_ms", self.late_ms),
        ];
        for (key, value) in spans {
            ensure(value <= DAY, key, value, "at most a day")?;
        }
        let codes = u64::from(self.most_wrong_codes);
        ensure(codes > 0, "most_wrong_codes", codes, "1 or more")?;
        ensure(self.most_quotes > 0, "most_quotes", 0, "1 or more")?;
        let rows = self.batch_rows as u64;
        ensure((1..=20_000).contains(&rows), "batch_rows", rows, "1 to 20000")?;
        let cap = u64::from(self.cap_permille);
        ensure((1_000..=10_000).contains(&cap), "cap_permille", cap, "1000 to 10000")?;
        ensure(self.machine < 1_024, "machine", self.machine.into(), "0 to 1023")?;
        let offers = u64::from(self.most_offers);
        ensure((1..=256).contains(&offers), "most_offers", offers, "1 to 256")?;
        ensure(self.most_per_rider > 0, "most_per_rider", 0, "1 or more")?;
        ensure(self.most_open > 0, "most_open", 0, "1 or more")?;
        ensure(self.most_drivers > 0, "most_drivers", 0, "1 or more")?;
        ensure(self.batch_wait_ms <= DAY, "batch_wait_ms", self.batch_wait_ms, "at most a day")?;
        ensure(
            self.booked_most_ms <= 400 * DAY,
            "booked_most_ms",
            self.booked_most_ms,
            "at most 400 days",
        )
    }
}

fn ensure(
    holds: bool,
    key: &'static str,
    value: u64,
    remedy: &'static str,
) -> Result<(), RuleError> {
    if holds {
        Ok(())
    } else {
        Err(RuleError { key, value, remedy })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_make_sense_and_a_wrong_rule_is_named() {
        assert_eq!(Rules::default().validate(), Ok(()));
        let wrong = Rules { batch_rows: 0, ..Rules::default() };
        let error = wrong.validate().unwrap_err().to_string();
        assert_eq!(error, "orders.batch_rows is 0: give 1 to 20000");
    }
}
