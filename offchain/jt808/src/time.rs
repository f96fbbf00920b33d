//! Times of terminals: BCD digits YYMMDDhhmmss in GMT+8.

use std::fmt;
use thiserror::Error;

/// What Beijing's clock is ahead of UTC, in ms.
const GMT_8: i64 = 8 * 3_600_000;

/// A time as it is on the wire: six bytes of BCD, YYMMDDhhmmss of the years 2000 to 2099.
///
/// The digits are kept as they came. A terminal without a fix sends zeros, an area that is in force each day has
/// a date of zeros, and a position is worth keeping when its time is not: so the digits are looked at only when
/// somebody asks for a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct BcdTime(pub [u8; 6]);

/// Why digits are no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TimeError {
    /// All digits are zero.
    #[error(
        "the time is all zeros: the terminal has not learned the time yet, use the time of arrival"
    )]
    Zero,
    /// Not BCD.
    #[error("the time has the byte {0:#04x}, which is not two decimal digits")]
    Digit(u8),
    /// No such day.
    #[error("20{year:02}-{month:02}-{day:02} is not in the calendar")]
    Date {
        /// Of the century.
        year: u8,
        /// From 1.
        month: u8,
        /// From 1.
        day: u8,
    },
    /// No such time of the day.
    #[error("{hour:02}:{minute:02}:{second:02} is not a time of the day")]
    Clock {
        /// From 0.
        hour: u8,
        /// From 0.
        minute: u8,
        /// From 0.
        second: u8,
    },
    /// Two digits cannot say the year.
    #[error("{0} ms of the epoch is not within 2000 to 2099, which two digits of a year can say")]
    Century(u64),
}

impl BcdTime {
    /// The time in ms of the Unix epoch, when the digits are of GMT+8, as all are but those of 0x8004.
    pub fn millis(self) -> Result<u64, TimeError> {
        self.utc_millis().map(|utc| utc.saturating_sub(GMT_8.unsigned_abs()))
    }

    /// The time in ms of the Unix epoch, when the digits are of UTC (0x8004).
    pub fn utc_millis(self) -> Result<u64, TimeError> {
        if self.0 == [0; 6] {
            return Err(TimeError::Zero);
        }
        let mut digits = [0; 6];
        for (digit, byte) in digits.iter_mut().zip(self.0) {
            *digit = decimal(byte).ok_or(TimeError::Digit(byte))?;
        }
        let [year, month, day, hour, minute, second] = digits;
        if !(1..=12).contains(&month) || day == 0 || day > days_of_month(year, month) {
            return Err(TimeError::Date { year, month, day });
        }
        if hour > 23 || minute > 59 || second > 59 {
            return Err(TimeError::Clock { hour, minute, second });
        }
        let seconds = u64::from(hour) * 3_600 + u64::from(minute) * 60 + u64::from(second);
        Ok((days_from_epoch(year, month, day) * 86_400 + seconds) * 1_000)
    }

    /// The digits in GMT+8 of a time in ms of the Unix epoch; fractions of a second are cut off.
    pub fn from_millis(millis: u64) -> Result<Self, TimeError> {
        Self::from_utc_millis(millis.saturating_add(GMT_8.unsigned_abs()))
            .map_err(|_| TimeError::Century(millis))
    }

    /// The digits in UTC of a time in ms of the Unix epoch (0x8004).
    pub fn from_utc_millis(millis: u64) -> Result<Self, TimeError> {
        let error = TimeError::Century(millis);
        let seconds = millis / 1_000;
        let mut days = (seconds / 86_400).checked_sub(EPOCH_2000).ok_or(error)?;
        let mut year = 0_u8;
        while days >= days_of_year(year) {
            days -= days_of_year(year);
            year += 1;
            if year > 99 {
                return Err(error);
            }
        }
        let mut month = 1;
        while days >= u64::from(days_of_month(year, month)) {
            days -= u64::from(days_of_month(year, month));
            month += 1;
        }
        let of_day = seconds % 86_400;
        let fields = [days + 1, of_day / 3_600, of_day / 60 % 60, of_day % 60];
        let [day, hour, minute, second] =
            fields.map(|field| u8::try_from(field).unwrap_or(u8::MAX));
        Ok(Self([year, month, day, hour, minute, second].map(bcd)))
    }
}

impl fmt::Display for BcdTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [year, month, day, hour, minute, second] = self.0;
        write!(formatter, "20{year:02x}-{month:02x}-{day:02x} {hour:02x}:{minute:02x}:{second:02x}")
    }
}

/// Days from 1970-01-01 to 2000-01-01.
const EPOCH_2000: u64 = 10_957;

/// The number that a byte of BCD says.
pub(crate) fn decimal(byte: u8) -> Option<u8> {
    let (high, low) = (byte >> 4, byte & 0x0f);
    (high <= 9 && low <= 9).then_some(high * 10 + low)
}

/// A number below 100 as a byte of BCD.
fn bcd(number: u8) -> u8 {
    ((number / 10 % 10) << 4) | (number % 10)
}

/// Every fourth year of this century, 2000 as well, is a leap year.
fn is_leap(year: u8) -> bool {
    year.is_multiple_of(4)
}

fn days_of_year(year: u8) -> u64 {
    if is_leap(year) {
        366
    } else {
        365
    }
}

fn days_of_month(year: u8, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_from_epoch(year: u8, month: u8, day: u8) -> u64 {
    const BEFORE: [u64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let years = u64::from(year);
    let leap_day = u64::from(is_leap(year) && month > 2);
    let before = BEFORE.get(usize::from(month.saturating_sub(1))).copied().unwrap_or_default();
    EPOCH_2000
        + years * 365
        + years.div_ceil(4)
        + before
        + leap_day
        + u64::from(day.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn noon_in_beijing_is_four_in_greenwich() {
        // 2026-11-23 12:00:00 +08:00
        let noon = BcdTime([0x26, 0x11, 0x23, 0x12, 0x00, 0x00]);
        assert_eq!(noon.millis(), Ok(1_795_406_400_000));
        assert_eq!(noon.utc_millis(), Ok(1_795_435_200_000));
        assert_eq!(BcdTime::from_millis(1_795_406_400_000), Ok(noon));
        assert_eq!(noon.to_string(), "2026-11-23 12:00:00");
    }

    #[test]
    fn what_is_no_time_says_why() {
        let of = |bytes| BcdTime(bytes).millis();
        assert_eq!(of([0; 6]), Err(TimeError::Zero));
        assert_eq!(of([0x26, 0x1a, 0x01, 0, 0, 0]), Err(TimeError::Digit(0x1a)));
        assert_eq!(
            of([0x23, 0x02, 0x29, 0, 0, 0]),
            Err(TimeError::Date { year: 23, month: 2, day: 29 })
        );
        assert!(of([0x24, 0x02, 0x29, 0, 0, 0]).is_ok());
        assert_eq!(
            of([0x26, 0x00, 0x01, 0, 0, 0]),
            Err(TimeError::Date { year: 26, month: 0, day: 1 })
        );
        assert_eq!(
            of([0x26, 0x01, 0x01, 0x24, 0, 0]),
            Err(TimeError::Clock { hour: 24, minute: 0, second: 0 })
        );
        assert_eq!(BcdTime::from_millis(0), Err(TimeError::Century(0)));
        assert_eq!(BcdTime::from_millis(u64::MAX), Err(TimeError::Century(u64::MAX)));
    }

    proptest! {
        #[test]
        fn every_second_of_the_century_survives(second in 946_656_000_u64..4_102_416_000) {
            let time = BcdTime::from_millis(second * 1_000).unwrap();
            prop_assert_eq!(time.millis(), Ok(second * 1_000));
        }

        #[test]
        fn digits_of_any_kind_never_panic(bytes: [u8; 6]) {
            if let Ok(millis) = BcdTime(bytes).millis() {
                prop_assert_eq!(BcdTime::from_millis(millis), Ok(BcdTime(bytes)));
            }
        }
    }
}
