//! What the chain keeps of a vehicle.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec, PalletError};
use scale_info::TypeInfo;
use smartlink_primitives::{
    vehicle::{VehicleClass, VehicleStatus},
    vin::{Vin, VinError},
    CompanyId, Money,
};

/// Bytes of the longest plate. A Chinese plate of eight characters has ten.
pub const PLATE_BYTES: usize = 16;

/// Bytes of the longest name of a model.
pub const MODEL_BYTES: usize = 32;

/// Devices that a vehicle may have.
pub const MAX_DEVICES: u32 = 8;

/// A number plate: UTF-8 without blanks, Latin letters as capitals. Empty once scrapped.
pub type Plate = BoundedVec<u8, ConstU32<{ PLATE_BYTES as u32 }>>;

/// Make and model: UTF-8.
pub type Model = BoundedVec<u8, ConstU32<{ MODEL_BYTES as u32 }>>;

/// A vehicle.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Vehicle {
    /// Stamped into the vehicle. Never changes.
    pub vin: Vin,
    /// On its front and back now.
    pub plate: Plate,
    /// Make and model.
    pub model: Model,
    /// What it is for.
    pub class: VehicleClass,
    /// Whose it is.
    pub owner: CompanyId,
    /// Whether it may serve.
    pub status: VehicleStatus,
    /// One more with every change of the above. The first is 1.
    pub version: u32,
}

/// What an owner asks for a vehicle.
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
pub struct Offer {
    /// The only company that may accept.
    pub to: CompanyId,
    /// What it pays. Zero is a gift.
    pub price: Money,
}

/// Why bytes are no VIN, as [`VinError`] says it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo, PalletError,
)]
pub enum VinFault {
    /// Not 17 characters.
    Length,
    /// A character that VINs do not have, at this place from 1: use capitals without I, O and Q.
    Character {
        /// The place, from 1.
        place: u8,
    },
    /// The ninth character is not what the other sixteen demand: look for a mistyped character.
    CheckDigit {
        /// The ASCII character that belongs there.
        expected: u8,
    },
}

impl From<VinError> for VinFault {
    fn from(error: VinError) -> Self {
        match error {
            VinError::Length => Self::Length,
            VinError::Character { place } => Self::Character { place },
            VinError::CheckDigit { expected } => Self::CheckDigit { expected },
        }
    }
}

/// Whether bytes are a plate as it is registered.
pub(crate) fn is_plate(bytes: &[u8]) -> bool {
    let stays = |c: char| !c.is_whitespace() && !c.is_control() && !c.is_ascii_lowercase();
    core::str::from_utf8(bytes).is_ok_and(|plate| !plate.is_empty() && plate.chars().all(stays))
}

/// Whether bytes are the name of a model.
pub(crate) fn is_model(bytes: &[u8]) -> bool {
    core::str::from_utf8(bytes).is_ok_and(|model| !model.trim().is_empty())
}
