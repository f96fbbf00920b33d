//! Decimal text as exact integers.

/// The most significant digits that are read: what an `i128` holds.
const MAX_DIGITS: usize = 38;

/// Reads decimal text (`-12.5`, `1.25e2`) as a whole number of 10^-`places`; half is rounded away from zero.
///
/// No floating point is involved, so that `31.230416` with six places is 31 230 416 and nothing else. None: not a
/// decimal number, more than 38 digits, or beyond an `i64`.
pub(crate) fn scaled(text: &str, places: u32) -> Option<i64> {
    let (negative, unsigned) = match text.as_bytes() {
        [b'-', ..] => (true, &text[1..]),
        [b'+', ..] => (false, &text[1..]),
        _ => (false, text),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i16>().ok()?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.len() + fraction.len() == 0 || whole.len() + fraction.len() > MAX_DIGITS {
        return None;
    }
    let mut value: i128 = 0;
    for digit in whole.bytes().chain(fraction.bytes()) {
        let digit = char::from(digit).to_digit(10)?;
        value = value.checked_mul(10)?.checked_add(digit.into())?;
    }
    let fraction = i64::try_from(fraction.len()).ok()?;
    let power = i64::from(places) + i64::from(exponent) - fraction;
    let value = if power >= 0 {
        if value == 0 {
            0
        } else {
            value.checked_mul(ten_to(power)?)?
        }
    } else {
        // Below half of the last place for any 38 digits when the power itself is not representable.
        ten_to(-power).map_or(0, |divisor| round(value, divisor))
    };
    i64::try_from(if negative { -value } else { value }).ok()
}

/// `value / divisor`, half rounded up. Neither is negative.
fn round(value: i128, divisor: i128) -> i128 {
    let rest = value % divisor;
    value / divisor + i128::from(rest >= divisor - rest)
}

fn ten_to(power: i64) -> Option<i128> {
    10_i128.checked_pow(u32::try_from(power).ok()?)
}

#[cfg(test)]
mod tests {
    use super::scaled;
    use proptest::prelude::*;

    #[test]
    fn what_is_written_is_what_is_read() {
        assert_eq!(scaled("31.230416", 6), Some(31_230_416));
        assert_eq!(scaled("-0.000001", 6), Some(-1));
        assert_eq!(scaled("+180", 6), Some(180_000_000));
        assert_eq!(scaled("1.25e2", 1), Some(1250));
        assert_eq!(scaled("5e-1", 0), Some(1));
        assert_eq!(scaled("-4.5", 0), Some(-5));
        assert_eq!(scaled("0.49999", 0), Some(0));
        assert_eq!(scaled(".5", 1), Some(5));
        assert_eq!(scaled("7.", 0), Some(7));
        assert_eq!(scaled("0e9999", 6), Some(0));
        assert_eq!(scaled("9223372036854775807", 0), Some(i64::MAX));
        assert_eq!(scaled("1e-9999", 6), Some(0));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in [
            "", "-", ".", "+-1", "1..2", "1e", "0x10", "NaN", "inf", "1,5", " 1", "1 ", "1e99",
            "e5",
        ] {
            assert_eq!(scaled(text, 6), None, "{text}");
        }
        assert_eq!(scaled("9223372036854775808", 0), None);
        assert_eq!(scaled(&"9".repeat(39), 0), None);
    }

    proptest! {
        #[test]
        fn six_decimals_are_exact(value in -180_000_000_i32..=180_000_000) {
            let sign = if value < 0 { "-" } else { "" };
            let magnitude = value.unsigned_abs();
            let text = format!("{sign}{}.{:06}", magnitude / 1_000_000, magnitude % 1_000_000);
            prop_assert_eq!(scaled(&text, 6), Some(i64::from(value)));
            // As a JSON library writes the nearest double.
            let float = serde_json::to_string(&(f64::from(value) / 1e6)).unwrap();
            prop_assert_eq!(scaled(&float, 6), Some(i64::from(value)));
        }

        #[test]
        fn nothing_panics(text in "[-+0-9.eE]{0,48}", places in 0_u32..20) {
            let _ = scaled(&text, places);
        }
    }
}
