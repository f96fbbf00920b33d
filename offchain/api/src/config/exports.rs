//! Bounds on files that are downloaded.

use serde::{Deserialize, Serialize};

use super::ConfigError;

/// Files of tracks, stops and days: `GET /export`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Exports {
    /// Files that are under way at the same time. Beyond: `too_many_exports`.
    pub at_once: u32,
    /// Those of one account. Beyond: `too_many_exports`.
    pub per_account: u32,
    /// How long telemetry may give nothing of a file. Before its first byte: `timed_out`; later the connection is cut. At
    /// most an hour.
    pub wait_s: u64,
    /// How long a whole file may take before the connection is cut. At most a day.
    pub longest_s: u64,
    /// How long the ticket of a link is good. At most an hour.
    pub ticket_s: u64,
    /// Tickets that may be open. Beyond: `overloaded`.
    pub tickets: usize,
}

impl Default for Exports {
    fn default() -> Self {
        Self {
            at_once: 8,
            per_account: 4,
            wait_s: 60,
            longest_s: 3_600,
            ticket_s: 60,
            tickets: 1_000,
        }
    }
}

impl Exports {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        let (hundred, hour) = ("set 1 to 100", "set 1 to 3600, an hour");
        for (key, value, most, remedy) in [
            ("exports.at_once", u64::from(self.at_once), 100, hundred),
            ("exports.per_account", self.per_account.into(), 100, hundred),
            ("exports.wait_s", self.wait_s, 3_600, hour),
            ("exports.longest_s", self.longest_s, 86_400, "set 1 to 86400, a day"),
            ("exports.ticket_s", self.ticket_s, 3_600, hour),
            ("exports.tickets", self.tickets as u64, 10_000, "set 1 to 10000"),
        ] {
            if !(1..=most).contains(&value) {
                return Err(ConfigError { key, value: value.to_string(), remedy });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_fit_and_what_cannot_be_is_named() {
        assert_eq!(Exports::default().validate(), Ok(()));
        let none = Exports { at_once: 0, ..Exports::default() };
        assert_eq!(none.validate().unwrap_err().key, "exports.at_once");
        let forever = Exports { longest_s: u64::MAX, ..Exports::default() };
        assert_eq!(forever.validate().unwrap_err().key, "exports.longest_s");
    }
}
