//! Bytes as `0x` and small hexadecimal digits, and large numbers as decimal digits: one text for each value.

use std::{fmt, str::FromStr};

use serde::{de::Error as _, Deserialize, Deserializer, Serialize, Serializer};
use smartlink_primitives::H256;

/// A fixed number of bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fixed<const N: usize>(pub [u8; N]);

/// A hash.
pub type Hash = Fixed<32>;

/// An address of Ethereum: the last 20 bytes of the keccak of a public key.
pub type Address = Fixed<20>;

/// Any number of bytes.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes(pub Vec<u8>);

/// Why a text is no bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoBytes {
    /// Not hexadecimal digits as they are written here.
    #[error("bytes are written as 0x and pairs of the digits 0-9 and a-f")]
    Digits,
    /// Another length.
    #[error("{found} bytes stand where {wanted} are wanted")]
    Length {
        /// How many are wanted.
        wanted: usize,
        /// How many there are.
        found: usize,
    },
}

fn write(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("0x")?;
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl FromStr for Bytes {
    type Err = NoBytes;

    fn from_str(text: &str) -> Result<Self, NoBytes> {
        let digits = text.strip_prefix("0x").ok_or(NoBytes::Digits)?.as_bytes();
        let (pairs, rest) = digits.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(NoBytes::Digits);
        }
        let byte = |[high, low]: &[u8; 2]| Some(nibble(*high)? << 4 | nibble(*low)?);
        pairs.iter().map(byte).collect::<Option<_>>().map(Self).ok_or(NoBytes::Digits)
    }
}

impl<const N: usize> FromStr for Fixed<N> {
    type Err = NoBytes;

    fn from_str(text: &str) -> Result<Self, NoBytes> {
        let Bytes(bytes) = text.parse()?;
        let found = bytes.len();
        bytes.try_into().map(Self).map_err(|_| NoBytes::Length { wanted: N, found })
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(&self.0, f)
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(&self.0, f)
    }
}

impl<const N: usize> fmt::Display for Fixed<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(&self.0, f)
    }
}

impl<const N: usize> fmt::Debug for Fixed<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(&self.0, f)
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

impl<const N: usize> Serialize for Fixed<N> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de, const N: usize> Deserialize<'de> for Fixed<N> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

impl From<H256> for Hash {
    fn from(hash: H256) -> Self {
        Self(hash.0)
    }
}

impl From<Hash> for H256 {
    fn from(hash: Hash) -> Self {
        Self(hash.0)
    }
}

/// Hashes as those of the primitives.
pub(crate) fn plain(hashes: &[Hash]) -> Vec<H256> {
    hashes.iter().map(|hash| H256(hash.0)).collect()
}

/// Integers of more than 32 bits: JavaScript's numbers would lose digits.
pub(crate) mod decimal {
    use std::str::FromStr;

    use serde::{de::Error, Deserialize, Deserializer, Serializer};

    pub fn serialize<T: ToString, S: Serializer>(number: &T, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&number.to_string())
    }

    pub fn deserialize<'de, T: FromStr, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        let text = String::deserialize(from)?;
        text.parse()
            .map_err(|_| D::Error::custom(format!("'{text}' is no whole number of this size")))
    }
}
