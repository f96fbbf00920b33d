//! Numbers of 64 bits in the parameters of a call.

use serde::{de::Error, Deserialize, Deserializer};
use serde_json::Value;

/// A number of 64 bits, as a JSON number or as the same digits in a string: JavaScript's own
/// numbers lose digits above 2⁵³, and order ids are above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wide(pub u64);

impl<'de> Deserialize<'de> for Wide {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let written = Value::deserialize(from)?;
        let number = match &written {
            Value::Number(number) => number.as_u64(),
            Value::String(digits) => digits.parse().ok(),
            _ => None,
        };
        number.map(Self).ok_or_else(|| {
            D::Error::custom(format!(
                "{written} is no whole number from 0 to {}: write its digits, plain or in quotes",
                u64::MAX
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_count_with_and_without_quotes() {
        for json in ["9223372036854775809", "\"9223372036854775809\""] {
            assert_eq!(
                serde_json::from_str::<Wide>(json).unwrap(),
                Wide(9_223_372_036_854_775_809)
            );
        }
    }

    #[test]
    fn what_is_no_number_says_what_to_write() {
        for json in ["-1", "1.5", "\"0x10\"", "\"\"", "null", "[1]", "18446744073709551616"] {
            let error = serde_json::from_str::<Wide>(json).unwrap_err().to_string();
            assert!(error.contains("write its digits"), "{json}: {error}");
        }
    }
}
