//! What the chain calls terminals.

use super::Identity;
use smartlink_primitives::telemetry::DeviceId;
use std::fmt;

/// Digits of a salt.
const DIGITS: usize = 64;

/// The company's secret from which, and from what a terminal calls itself, follows what the chain calls it. There are
/// so few phone numbers that whoever knows it finds them all.
#[derive(Clone, PartialEq, Eq)]
pub struct ChainSalt([u8; 32]);

/// Why a text is no salt. Does not repeat it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("devices.chain_salt is no salt: give {DIGITS} hexadecimal digits that nobody can guess, as `openssl rand -hex 32` makes them, or leave it out")]
pub struct SaltError;

impl ChainSalt {
    /// The salt of its digits. `None` when there are none: then nothing has a name on the chain.
    ///
    /// # Errors
    /// It is something else.
    pub fn parse(digits: &str) -> Result<Option<Self>, SaltError> {
        if digits.is_empty() {
            return Ok(None);
        }
        if digits.len() != DIGITS || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(SaltError);
        }
        let mut salt = [0; DIGITS / 2];
        for (place, byte) in salt.iter_mut().enumerate() {
            let pair = &digits[2 * place..2 * place + 2];
            *byte = u8::from_str_radix(pair, 16).map_err(|_| SaltError)?;
        }
        Ok(Some(Self(salt)))
    }

    /// What the chain calls a terminal: the same for all that call themselves so, by whatever protocol.
    pub fn device_id(&self, identity: &Identity) -> DeviceId {
        DeviceId::salted(&self.0, identity.text().as_bytes())
    }
}

impl fmt::Debug for ChainSalt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F";

    #[test]
    fn a_terminal_has_the_id_that_the_chain_knows() {
        let salt = ChainSalt::parse(SALT).unwrap().unwrap();
        let bytes = std::array::from_fn(|place| u8::try_from(place).unwrap());
        let phone = Identity::phone("013912345678").unwrap();
        assert_eq!(salt.device_id(&phone), DeviceId::salted(&bytes, b"13912345678"));
        let name = Identity::name("van7").unwrap();
        assert_ne!(salt.device_id(&phone), salt.device_id(&name));
        assert_eq!(format!("{salt:?}"), "***");
    }

    #[test]
    fn what_is_no_salt_is_refused_without_being_repeated() {
        assert_eq!(ChainSalt::parse(""), Ok(None));
        for wrong in [&SALT[1..], "secret", &SALT.replace('1', "g"), &SALT.replacen("00", "é", 1)]
        {
            let error = ChainSalt::parse(wrong).unwrap_err().to_string();
            assert!(error.contains("64 hexadecimal digits") && !error.contains(wrong), "{error}");
        }
    }
}
