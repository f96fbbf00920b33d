//! Times as devices write them.

use super::decimal::scaled;

/// The first time that is believed: 2000-01-01T00:00:00Z. A device whose clock never was set says less.
pub const FIRST_MS: u64 = 946_684_800_000;

/// The first time that is not believed any more: 2100-01-01T00:00:00Z.
pub const END_MS: u64 = 4_102_444_800_000;

/// Numbers from here on are milliseconds, below they are seconds: 10^11 s are in the year 5138.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// What a time without a zone means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zoneless {
    /// Nothing: it is refused.
    Refused,
    /// Universal time.
    Utc,
}

/// Seconds or milliseconds of the Unix epoch, as decimal text, between [`FIRST_MS`] and [`END_MS`].
pub(crate) fn of_epoch(text: &str) -> Option<u64> {
    let thousandths = scaled(text, 3)?;
    let milliseconds = if thousandths < MILLISECONDS_FROM.checked_mul(1000)? {
        thousandths
    } else {
        thousandths / 1000
    };
    believed(milliseconds)
}

/// A time of ISO 8601 with seconds (`2026-11-23T08:00:00.250+08:00`), between [`FIRST_MS`] and [`END_MS`].
/// Digits after the milliseconds are cut.
pub(crate) fn of_text(text: &str, zoneless: Zoneless) -> Option<u64> {
    let bytes = text.as_bytes();
    let date_and_time = bytes.get(..19)?;
    let [year, month, day, hour, minute, second] = fields(date_and_time)?;
    let days = days_of(year, month, day)?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let (milliseconds, zone) = fraction(&bytes[19..])?;
    let offset = match zone {
        b"Z" | b"z" => 0,
        b"" if zoneless == Zoneless::Utc => 0,
        _ => offset_minutes(zone)?,
    };
    let minutes = days * 1440 + hour * 60 + minute - offset;
    believed((minutes * 60 + second) * 1000 + milliseconds)
}

/// A time of JSON: a text with a zone, or a number of the Unix epoch.
pub(crate) fn of_json(value: &serde_json::Value) -> Option<u64> {
    match value {
        serde_json::Value::Number(number) => of_epoch(&number.to_string()),
        serde_json::Value::String(text) => of_text(text, Zoneless::Refused),
        _ => None,
    }
}

fn believed(milliseconds: i64) -> Option<u64> {
    u64::try_from(milliseconds).ok().filter(|time| (FIRST_MS..END_MS).contains(time))
}

/// The six numbers of `YYYY-MM-DDTHH:MM:SS`.
fn fields(text: &[u8]) -> Option<[i64; 6]> {
    let separators = [(4, b"-".as_slice()), (7, b"-"), (10, b"Tt "), (13, b":"), (16, b":")];
    if separators.iter().any(|(at, allowed)| !allowed.contains(&text[*at])) {
        return None;
    }
    Some([
        digits(&text[0..4])?,
        digits(&text[5..7])?,
        digits(&text[8..10])?,
        digits(&text[11..13])?,
        digits(&text[14..16])?,
        digits(&text[17..19])?,
    ])
}

fn digits(text: &[u8]) -> Option<i64> {
    text.iter().try_fold(0, |value: i64, digit| {
        Some(value * 10 + i64::from(char::from(*digit).to_digit(10)?))
    })
}

/// The milliseconds of `.fff...`, and what follows.
fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let [b'.' | b',', digits_and_zone @ ..] = text else { return Some((0, text)) };
    let length = digits_and_zone.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if length == 0 || length > 9 {
        return None;
    }
    let mut milliseconds = digits(&digits_and_zone[..length.min(3)])?;
    for _ in length..3 {
        milliseconds *= 10;
    }
    Some((milliseconds, &digits_and_zone[length..]))
}

/// The minutes of `+HH:MM`, `+HHMM` or `+HH`.
fn offset_minutes(zone: &[u8]) -> Option<i64> {
    let (sign, rest) = match zone {
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match rest {
        [a, b] => (digits(&[*a, *b])?, 0),
        [a, b, c, d] | [a, b, b':', c, d] => (digits(&[*a, *b])?, digits(&[*c, *d])?),
        _ => return None,
    };
    (hours <= 14 && minutes <= 59).then_some(sign * (hours * 60 + minutes))
}

/// Days from 1970-01-01 to a date of the Gregorian calendar. None when there is no such date.
fn days_of(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(leap),
        _ => return None,
    };
    if day < 1 || day > length {
        return None;
    }
    // A year that begins in March has its leap day at its end.
    let (shifted, months) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days_of_years =
        shifted * 365 + shifted.div_euclid(4) - shifted.div_euclid(100) + shifted.div_euclid(400);
    Some(days_of_years + (months * 153 + 2) / 5 + day - 1 - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MORNING: u64 = 1_795_420_800_000;

    #[test]
    fn the_same_moment_in_many_ways() {
        for text in [
            "2026-11-23T08:00:00Z",
            "2026-11-23T16:00:00+08:00",
            "2026-11-23 16:00:00.000+0800",
            "2026-11-23t02:30:00,0-05:30",
            "2026-11-23T16:00:00.000000+08",
        ] {
            assert_eq!(of_text(text, Zoneless::Refused), Some(MORNING), "{text}");
        }
        assert_eq!(of_text("2026-11-23 08:00:00", Zoneless::Utc), Some(MORNING));
        assert_eq!(of_text("2026-11-23 08:00:00", Zoneless::Refused), None);
        assert_eq!(of_epoch("1795420800"), Some(MORNING));
        assert_eq!(of_epoch("1795420800000"), Some(MORNING));
        assert_eq!(of_epoch("1795420800.25"), Some(MORNING + 250));
        assert_eq!(of_text("2026-11-23T08:00:00.25Z", Zoneless::Refused), Some(MORNING + 250));
        assert_eq!(of_text("2024-02-29T00:00:00Z", Zoneless::Refused), Some(1_709_164_800_000));
    }

    #[test]
    fn what_no_calendar_has_is_refused() {
        for text in [
            "",
            "2026-11-23",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-11-31T00:00:00Z",
            "2026-11-23T24:00:00Z",
            "2026-11-23T08:60:00Z",
            "2026-11-23T08:00:00.Z",
            "2026-11-23T08:00:00+25:00",
            "2026-11-23T08:00:00Zjunk",
            "1999-12-31T23:59:59Z",
            "2100-01-01T00:00:00Z",
            "2026-11-2\u{0663}T08:00:00Z",
        ] {
            assert_eq!(of_text(text, Zoneless::Utc), None, "{text}");
        }
        assert_eq!(of_epoch("0"), None);
        assert_eq!(of_epoch("-1795420800"), None);
        assert_eq!(of_epoch("99999999999999999"), None);
    }

    proptest! {
        #[test]
        fn each_day_follows_the_last(day in 0_i64..36_524) {
            // Every date is found once, and stands where it was counted.
            let date = (2000..2101).flat_map(|year| (1..=12).map(move |month| (year, month)))
                .map(|(year, month)| (year, month, day - (days_of(year, month, 1).unwrap() - 10_957)))
                .rfind(|(_, _, past)| *past >= 0)
                .unwrap();
            prop_assert_eq!(days_of(date.0, date.1, date.2 + 1), Some(day + 10_957));
        }

        #[test]
        fn nothing_panics(text in "\\PC{0,40}") {
            let _ = (of_text(&text, Zoneless::Utc), of_epoch(&text));
        }
    }
}
