//! The number that a terminal calls itself by.

use std::{fmt, str::FromStr};
use thiserror::Error;

/// The terminal's phone number: 12 digits before 2019, 20 since.
///
/// It is an address, not a proof of who sends. Real terminals put what is not decimal into it as well; such digits are
/// shown in hexadecimal. Two numbers of different widths are different, [`Phone::number`] is the same for both.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Phone {
    /// Aligned to the end.
    digits: [u8; 10],
    wide: bool,
}

/// What is no phone number.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is not a phone number: give 1 to 20 digits")]
pub struct PhoneError(String);

impl Phone {
    /// Of the header before 2019.
    pub const fn of_12_digits(bcd: [u8; 6]) -> Self {
        let [a, b, c, d, e, f] = bcd;
        Self { digits: [0, 0, 0, 0, a, b, c, d, e, f], wide: false }
    }

    /// Of the header since 2019.
    pub const fn of_20_digits(bcd: [u8; 10]) -> Self {
        Self { digits: bcd, wide: true }
    }

    /// The digits without zeros in front, whatever the header's version: what a registry looks up.
    pub fn number(&self) -> String {
        let all: String = self.digits.iter().map(|byte| format!("{byte:02x}")).collect();
        match all.trim_start_matches('0') {
            "" => "0".to_owned(),
            number => number.to_owned(),
        }
    }

    /// The digits as BCD, aligned to the end of ten bytes, the same for both widths: a key without allocation.
    pub const fn key(&self) -> [u8; 10] {
        self.digits
    }

    /// Whether it has the 20 digits of 2019.
    pub const fn is_wide(&self) -> bool {
        self.wide
    }

    /// As it is on the wire: 6 or 10 bytes.
    pub fn as_bytes(&self) -> &[u8] {
        if self.wide {
            &self.digits
        } else {
            &self.digits[4..]
        }
    }

    /// The same number in the width of 2019, or of before; in front of 12 digits are lost.
    #[must_use]
    pub const fn widened(self, wide: bool) -> Self {
        let [_, _, _, _, a, b, c, d, e, f] = self.digits;
        if wide {
            Self::of_20_digits(self.digits)
        } else {
            Self::of_12_digits([a, b, c, d, e, f])
        }
    }
}

impl FromStr for Phone {
    type Err = PhoneError;

    /// Up to 12 digits make a number of before 2019, more one of 2019: see [`Phone::widened`]. All its digits,
    /// zeros in front as well, count.
    fn from_str(text: &str) -> Result<Self, PhoneError> {
        let error = || PhoneError(text.to_owned());
        if text.is_empty() || text.len() > 20 {
            return Err(error());
        }
        let mut digits = [0; 10];
        for (place, character) in text.chars().rev().enumerate() {
            let digit = character
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
                .ok_or_else(error)?;
            let byte = digits.iter_mut().rev().nth(place / 2).ok_or_else(error)?;
            *byte |= if place % 2 == 0 { digit } else { digit << 4 };
        }
        Ok(Self { digits, wide: text.len() > 12 })
    }
}

impl fmt::Display for Phone {
    /// [`Phone::number`].
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.number())
    }
}

impl fmt::Debug for Phone {
    /// All digits, so that the two widths look different.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_the_same_in_both_widths() {
        let old: Phone = "13812345678".parse().unwrap();
        let new = old.widened(true);
        assert_eq!(old.as_bytes(), [0x01, 0x38, 0x12, 0x34, 0x56, 0x78]);
        assert_eq!(new.as_bytes(), [0, 0, 0, 0, 0x01, 0x38, 0x12, 0x34, 0x56, 0x78]);
        assert_ne!(old, new);
        assert_eq!((old.number(), old.key()), (new.number(), new.key()));
        assert_eq!(new.to_string(), "13812345678");
        assert_eq!(format!("{old:?}"), "013812345678");
        assert_eq!(Phone::of_12_digits([0; 6]).to_string(), "0");
        assert_eq!(
            Phone::of_12_digits([0x4e, 0xb6, 0xfb, 0x4a, 0xfd, 0x9e]).to_string(),
            "4eb6fb4afd9e"
        );
        assert_eq!("".parse::<Phone>(), Err(PhoneError(String::new())));
        assert!("123456789012345678901".parse::<Phone>().is_err());
        assert!("12x".parse::<Phone>().is_err());
    }
}
