//! Vehicle identification numbers: ISO 3779, check digit as in GB 16735-2019 and 49 CFR 565.15.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::{fmt, str, str::FromStr};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Characters of a VIN.
pub const VIN_LENGTH: usize = 17;

/// Place of the check digit, from 0.
const CHECK_PLACE: usize = 8;

/// Weight of each place; the check digit itself weighs nothing (GB 16735-2019, table A.3).
const WEIGHTS: [u32; VIN_LENGTH] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/// A VIN that was checked: 17 capital letters and digits without I, O and Q, with the right check digit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, MaxEncodedLen, TypeInfo)]
pub struct Vin([u8; VIN_LENGTH]);

/// Why bytes are no VIN.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum VinError {
    /// Not 17 characters.
    Length,
    /// A character that VINs do not have, at this place from 1.
    Character {
        /// The place, from 1.
        place: u8,
    },
    /// The ninth character is not what the other sixteen demand.
    CheckDigit {
        /// The ASCII character that belongs there.
        expected: u8,
    },
}

impl fmt::Display for VinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length => write!(f, "a VIN has 17 characters"),
            Self::Character { place } => write!(
                f,
                "character {place} of the VIN is none: use capital letters without I, O and Q, and digits"
            ),
            Self::CheckDigit { expected } => write!(
                f,
                "the check digit, character 9 of the VIN, should be {}: look for a mistyped character",
                *expected as char
            ),
        }
    }
}

impl core::error::Error for VinError {}

impl Vin {
    /// Checks 17 ASCII bytes.
    pub fn new(bytes: [u8; VIN_LENGTH]) -> Result<Self, VinError> {
        let expected = check_digit(&bytes)?;
        if bytes[CHECK_PLACE] == expected {
            Ok(Self(bytes))
        } else {
            Err(VinError::CheckDigit { expected })
        }
    }

    /// Makes a VIN of 17 characters by writing the right check digit over the ninth.
    pub fn with_check_digit(mut bytes: [u8; VIN_LENGTH]) -> Result<Self, VinError> {
        bytes[CHECK_PLACE] = b'0';
        bytes[CHECK_PLACE] = check_digit(&bytes)?;
        Ok(Self(bytes))
    }

    /// The 17 ASCII bytes.
    pub fn as_bytes(&self) -> &[u8; VIN_LENGTH] {
        &self.0
    }

    /// The 17 characters.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// The check digit: the weighted sum of the transliterated places, modulo 11, ten written as X.
fn check_digit(bytes: &[u8; VIN_LENGTH]) -> Result<u8, VinError> {
    let mut sum = 0;
    for (place, (&byte, weight)) in bytes.iter().zip(WEIGHTS).enumerate() {
        // 17 fits a u8.
        let value = transliterate(byte).ok_or(VinError::Character { place: place as u8 + 1 })?;
        sum += value * weight;
    }
    Ok(match (sum % 11) as u8 {
        10 => b'X',
        digit => b'0' + digit,
    })
}

/// The value of a character (GB 16735-2019, tables A.1 and A.2).
fn transliterate(byte: u8) -> Option<u32> {
    let value = match byte {
        b'0'..=b'9' => byte - b'0',
        b'A'..=b'H' => byte - b'A' + 1,
        b'J'..=b'N' => byte - b'J' + 1,
        b'P' => 7,
        b'R' => 9,
        b'S'..=b'Z' => byte - b'S' + 2,
        _ => return None,
    };
    Some(value.into())
}

impl TryFrom<&[u8]> for Vin {
    type Error = VinError;

    fn try_from(bytes: &[u8]) -> Result<Self, VinError> {
        Self::new(bytes.try_into().map_err(|_| VinError::Length)?)
    }
}

impl FromStr for Vin {
    type Err = VinError;

    fn from_str(text: &str) -> Result<Self, VinError> {
        Self::try_from(text.as_bytes())
    }
}

impl fmt::Display for Vin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Vin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vin({self})")
    }
}

/// Nothing decodes into a VIN with a wrong check digit.
impl Decode for Vin {
    fn decode<I: codec::Input>(input: &mut I) -> Result<Self, codec::Error> {
        Self::new(Decode::decode(input)?)
            .map_err(|_| "not a VIN: wrong character or check digit".into())
    }
}

impl DecodeWithMemTracking for Vin {}

impl Serialize for Vin {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Vin {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        alloc::string::String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// VINs printed in standards and registries, each with a check digit of its own.
    #[test]
    fn real_vins_pass() {
        for vin in
            ["1M8GDM9AXKP042788", "11111111111111111", "5GZCZ43D13S812715", "LVSHCAMB1CE054249"]
        {
            assert_eq!(vin.parse::<Vin>().map(|v| v.as_str().len()), Ok(17), "{vin}");
        }
    }

    #[test]
    fn a_wrong_vin_names_the_mistake() {
        assert_eq!(
            "1M8GDM9A0KP042788".parse::<Vin>(),
            Err(VinError::CheckDigit { expected: b'X' })
        );
        assert_eq!("1M8GDM9AXKPO42788".parse::<Vin>(), Err(VinError::Character { place: 12 }));
        assert_eq!("1M8".parse::<Vin>(), Err(VinError::Length));
    }

    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPRSTUVWXYZ";

    fn any_vin() -> impl Strategy<Value = Vin> {
        proptest::array::uniform17(proptest::sample::select(ALPHABET)).prop_map(|bytes| {
            Vin::with_check_digit(bytes).expect("the alphabet has only characters of VINs")
        })
    }

    proptest! {
        /// Every typing error in one place that changes the transliterated value is found, except where
        /// the place weighs nothing. (The weights are prime to 11, the values differ by less than 11.)
        #[test]
        fn one_mistyped_character_is_found(vin in any_vin(), place in 0..VIN_LENGTH, byte in proptest::sample::select(ALPHABET)) {
            let mut bytes = *vin.as_bytes();
            let changes = transliterate(bytes[place]) != transliterate(byte) || place == CHECK_PLACE && bytes[place] != byte;
            bytes[place] = byte;
            prop_assert_eq!(Vin::new(bytes).is_err(), changes);
        }

        #[test]
        fn encoding_and_text_come_back(vin in any_vin()) {
            prop_assert_eq!(Vin::decode(&mut &vin.encode()[..]), Ok(vin));
            prop_assert_eq!(vin.as_str().parse(), Ok(vin));
        }
    }

    #[test]
    fn any_bytes_either_are_a_vin_or_say_why() {
        bolero::check!().for_each(|bytes: &[u8]| {
            if let Ok(vin) = Vin::try_from(bytes) {
                assert_eq!(vin.as_bytes(), bytes);
                assert_eq!(Vin::decode(&mut &bytes[..]), Ok(vin));
            } else if bytes.len() >= VIN_LENGTH {
                let start: [u8; VIN_LENGTH] = bytes[..VIN_LENGTH].try_into().expect("17 bytes");
                assert_eq!(Vin::decode(&mut &bytes[..]).is_ok(), Vin::new(start).is_ok());
            }
        });
    }
}
