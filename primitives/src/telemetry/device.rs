//! The devices that report, as the chain knows them.

use crate::{hash::keccak, VehicleId, H256};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// A terminal as the chain knows it: a hash, because what a terminal calls itself (a telephone number, an
/// IMEI) leads to a person.
#[derive(
    Clone,
    Copy,
    Debug,
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
pub struct DeviceId(pub H256);

impl DeviceId {
    /// The id of the terminal that calls itself `name`. The salt is the company's secret: there are so few
    /// telephone numbers that a hash without one is soon guessed.
    pub fn salted(salt: &[u8; 32], name: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(salt.len() + name.len());
        bytes.extend_from_slice(salt);
        bytes.extend_from_slice(name);
        Self(keccak(&bytes))
    }
}

/// A public key with which a device says who it is: ed25519.
pub type DeviceKey = H256;

/// Where a company's device is, and what it is believed by.
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
    Serialize,
    Deserialize,
)]
pub struct DeviceBinding {
    /// The vehicle that it is fitted to.
    pub vehicle: VehicleId,
    /// Its public key, when it has one.
    pub key: Option<DeviceKey>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_salt_decides_what_a_telephone_number_becomes() {
        let number = b"13912345678";
        assert_ne!(DeviceId::salted(&[1; 32], number), DeviceId::salted(&[2; 32], number));
        assert_eq!(DeviceId::salted(&[1; 32], number), DeviceId::salted(&[1; 32], number));
    }
}
