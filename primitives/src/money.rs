//! Money: CNY in units of a millionth, unsigned, checked.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::{fmt, iter::Sum, ops::AddAssign};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Units in one CNY.
pub const UNITS_PER_YUAN: u128 = 1_000_000;
/// Units in one fen, a hundredth of a CNY.
pub const UNITS_PER_FEN: u128 = 10_000;

/// An amount of CNY in units of 10⁻⁶. The settlement currency of the chain.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(transparent)]
pub struct Money(#[serde(with = "units")] pub u128);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Whole CNY.
    pub const fn yuan(yuan: u64) -> Self {
        Self(yuan as u128 * UNITS_PER_YUAN)
    }

    /// Hundredths of a CNY.
    pub const fn fen(fen: u64) -> Self {
        Self(fen as u128 * UNITS_PER_FEN)
    }

    /// The amount in units of 10⁻⁶ CNY.
    pub const fn units(self) -> u128 {
        self.0
    }

    /// The sum, or `None` when it does not fit.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, or `None` when `other` is more.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }
}

impl From<u128> for Money {
    fn from(units: u128) -> Self {
        Self(units)
    }
}

impl Sum for Money {
    /// Panics on overflow, which more than 3.4 × 10³² CNY would need.
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, |sum, amount| Self(sum.0 + amount.0))
    }
}

impl AddAssign for Money {
    /// Panics on overflow, which more than 3.4 × 10³² CNY would need.
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl fmt::Display for Money {
    /// `1234.5` CNY is `¥1,234.50`; digits below a fen are shown only when there are any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (yuan, rest) = (self.0 / UNITS_PER_YUAN, self.0 % UNITS_PER_YUAN);
        f.write_str("¥")?;
        grouped(f, yuan)?;
        if rest % UNITS_PER_FEN == 0 {
            write!(f, ".{:02}", rest / UNITS_PER_FEN)
        } else {
            write!(f, ".{rest:06}")
        }
    }
}

fn grouped(f: &mut fmt::Formatter<'_>, number: u128) -> fmt::Result {
    if number >= 1000 {
        grouped(f, number / 1000)?;
        write!(f, ",{:03}", number % 1000)
    } else {
        write!(f, "{number}")
    }
}

/// In JSON an integer that may be large is a decimal string: JavaScript's numbers would lose digits.
pub(crate) mod units {
    use alloc::string::{String, ToString};
    use core::str::FromStr;
    use serde::{de::Error, Deserialize, Deserializer, Serializer};

    pub fn serialize<T: ToString, S: Serializer>(units: &T, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&units.to_string())
    }

    pub fn deserialize<'de, T: FromStr, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(|_| {
            D::Error::custom(alloc::format!("'{text}' is no whole number: write decimal digits"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_people_write_them() {
        assert_eq!(Money::fen(123_456_789).to_string(), "¥1,234,567.89");
        assert_eq!(Money(1).to_string(), "¥0.000001");
        assert_eq!(Money::yuan(1_000).to_string(), "¥1,000.00");
    }

    #[test]
    fn nothing_goes_below_zero_or_over_the_top() {
        assert_eq!(Money::fen(1).checked_sub(Money::fen(2)), None);
        assert_eq!(Money(u128::MAX).checked_add(Money(1)), None);
    }
}
