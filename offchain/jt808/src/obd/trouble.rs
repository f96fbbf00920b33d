//! Diagnostic trouble codes: two bytes on the bus, five characters on paper (SAE J2012).

use std::{fmt, str::FromStr};
use thiserror::Error;

/// A trouble code as the bus has it, most significant byte first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TroubleCode(pub u16);

/// What is no trouble code.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is not a trouble code: give one of P, C, B, U, a digit from 0 to 3 and three hexadecimal digits")]
pub struct TroubleCodeError(String);

/// By the two highest bits: power train, chassis, body, network.
const SYSTEMS: [char; 4] = ['P', 'C', 'B', 'U'];

impl fmt::Display for TroubleCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let system = SYSTEMS[usize::from(self.0 >> 14)];
        write!(formatter, "{system}{}{:03X}", self.0 >> 12 & 3, self.0 & 0x0fff)
    }
}

impl FromStr for TroubleCode {
    type Err = TroubleCodeError;

    fn from_str(text: &str) -> Result<Self, TroubleCodeError> {
        let error = || TroubleCodeError(text.to_owned());
        let mut characters = text.chars();
        let system = characters.next().map(|system| system.to_ascii_uppercase());
        let system = SYSTEMS.into_iter().zip(0_u16..).find(|(letter, _)| Some(*letter) == system);
        let digits = characters.as_str();
        let plain = digits.len() == 4 && digits.chars().all(|digit| digit.is_ascii_hexdigit());
        let code = u16::from_str_radix(digits, 16).ok().filter(|code| plain && *code < 0x4000);
        match (system, code) {
            (Some((_, system)), Some(code)) => Ok(Self(system << 14 | code)),
            _ => Err(error()),
        }
    }
}

/// The codes behind a service. On CAN their number is in front, so the bytes are odd; elsewhere three codes fill a line
/// and 0 is none.
pub(super) fn codes(data: &[u8]) -> Vec<TroubleCode> {
    let codes = if data.len() % 2 == 1 { data.get(1..).unwrap_or_default() } else { data };
    let pairs =
        codes.chunks_exact(2).map(|pair| TroubleCode(u16::from(pair[0]) << 8 | u16::from(pair[1])));
    pairs.filter(|code| code.0 != 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn codes_as_workshops_write_them() {
        for (text, bytes) in [
            ("P0133", 0x0133),
            ("C0300", 0x4300),
            ("B1342", 0x9342),
            ("U0100", 0xc100),
            ("P3FFF", 0x3fff),
        ] {
            assert_eq!(text.parse(), Ok(TroubleCode(bytes)));
            assert_eq!(TroubleCode(bytes).to_string(), text);
        }
        for text in ["", "P", "P01", "P4000", "X0133", "P+133", "P01333", "P01é3"] {
            assert_eq!(text.parse::<TroubleCode>(), Err(TroubleCodeError(text.to_owned())));
        }
    }

    proptest! {
        #[test]
        fn every_code_comes_back(code: u16) {
            prop_assert_eq!(TroubleCode(code).to_string().parse(), Ok(TroubleCode(code)));
        }
    }
}
