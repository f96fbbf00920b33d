//! Days of the calendar.

use std::{borrow::Cow, fmt};

use schemars::{json_schema, JsonSchema, Schema, SchemaGenerator};
use serde::{de, Deserialize, Deserializer, Serialize, Serializer};

/// The day after 9999-12-31, counted as [`Day`] counts.
const END: u32 = 2_932_897;
/// Days from 0000-03-01 to 1970-01-01.
const EPOCH: u32 = 719_468;

/// A day, counted from 1970-01-01. `2026-06-01` outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub u32);

impl Day {
    /// The day of a time in UTC. Beyond the year 9999 the last there is.
    pub(crate) fn of_ms(time_ms: u64) -> Self {
        Self(u32::try_from(time_ms / 86_400_000).unwrap_or(END).min(END - 1))
    }

    /// Year, month and day. Years are counted from March on, so that the leap day is the last of each; 400 of them
    /// have 146,097 days.
    fn civil(self) -> (u32, u32, u32) {
        let days = self.0.saturating_add(EPOCH);
        let (era, of_era) = (days / 146_097, days % 146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        (year + era * 400 + u32::from(month <= 2), month, day)
    }

    /// The day that a text names. `None`: no day of the years 1970 to 9999.
    fn parse(text: &str) -> Option<Self> {
        let digits = |part: &str, count| {
            let all = part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
            all.then(|| part.parse::<u32>().ok()).flatten()
        };
        let mut parts = text.split('-');
        let year = digits(parts.next()?, 4).filter(|year| *year >= 1_970)?;
        let month = digits(parts.next()?, 2).filter(|month| (1..=12).contains(month))?;
        let day = digits(parts.next()?, 2).filter(|day| (1..=31).contains(day))?;
        if parts.next().is_some() {
            return None;
        }
        let (from_march, years) = if month > 2 { (month - 3, year) } else { (month + 9, year - 1) };
        let (era, of_era) = (years / 400, years % 400);
        let of_year = (153 * from_march + 2) / 5 + day - 1;
        let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
        // A day of January and February 1970 is after 0000-03-01 as well.
        let found = Self(days - EPOCH);
        // The 31st of a short month would be a day of the next.
        (found.civil() == (year, month, day)).then_some(found)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        let wrong = || de::Error::custom(format_args!("{text} is no day: write 2026-06-01"));
        Self::parse(&text).ok_or_else(wrong)
    }
}

impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "date",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
            "description": "A day of the company's local clock: 2026-06-01."
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_day_comes_back_as_it_went(day in 0..END) {
            let json = serde_json::to_string(&Day(day)).unwrap();
            prop_assert_eq!(serde_json::from_str::<Day>(&json).unwrap(), Day(day));
        }

        #[test]
        fn days_follow_each_other(day in 1..END) {
            prop_assert!(Day(day - 1).to_string() < Day(day).to_string());
        }
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        for (day, text) in [
            (0, "1970-01-01"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (20_605, "2026-06-01"),
            (END - 1, "9999-12-31"),
        ] {
            assert_eq!((Day(day).to_string().as_str(), Day::parse(text)), (text, Some(Day(day))));
        }
        for bad in ["2026-02-29", "2026-6-1", "1969-12-31", "2026-13-01", "2026-06-31", "", "2026"]
        {
            assert_eq!(Day::parse(bad), None, "{bad}");
        }
        assert_eq!(Day::of_ms(1_780_272_000_000), Day(20_605));
    }
}
