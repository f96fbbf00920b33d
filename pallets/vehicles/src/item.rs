//! What a block proves of a vehicle to the outside: the keccak of a fixed encoding, all integers
//! big-endian, texts padded with zeros.
//!
//! ```text
//! offset  bytes
//!      0      4  id
//!      4      4  version
//!      8      4  owner
//!     12      1  class: 1 economy, 2 comfort, 3 premium, 4 van, 5 light truck, 6 heavy truck,
//!                7 refrigerated
//!     13      1  status: 1 in service, 2 out of service, 3 scrapped
//!     14     17  VIN
//!     31      1  length of the plate
//!     32     16  plate
//!     48      1  length of the model
//!     49     32  model
//! ```

use crate::types::{Vehicle, MODEL_BYTES, PLATE_BYTES};
use smartlink_primitives::{
    keccak,
    vehicle::{VehicleClass, VehicleStatus},
    vin::VIN_LENGTH,
    VehicleId, H256,
};

const VIN: usize = 14;
const PLATE: usize = VIN + VIN_LENGTH;
const MODEL: usize = PLATE + 1 + PLATE_BYTES;

/// Length of the encoding.
pub const ITEM_LENGTH: usize = MODEL + 1 + MODEL_BYTES;

/// The hash of a vehicle, as a checkpoint has it.
pub fn item(vehicle: &Vehicle, id: VehicleId) -> H256 {
    keccak(&encode(vehicle, id))
}

/// The encoding of a vehicle.
pub fn encode(vehicle: &Vehicle, id: VehicleId) -> [u8; ITEM_LENGTH] {
    let mut bytes = [0; ITEM_LENGTH];
    bytes[0..4].copy_from_slice(&id.0.to_be_bytes());
    bytes[4..8].copy_from_slice(&vehicle.version.to_be_bytes());
    bytes[8..12].copy_from_slice(&vehicle.owner.0.to_be_bytes());
    bytes[12] = class_byte(vehicle.class);
    bytes[13] = status_byte(vehicle.status);
    bytes[VIN..PLATE].copy_from_slice(vehicle.vin.as_bytes());
    put_text(&mut bytes[PLATE..MODEL], &vehicle.plate);
    put_text(&mut bytes[MODEL..], &vehicle.model);
    bytes
}

/// Writes the length and then the text. The texts' types keep them shorter than their places, and
/// these shorter than 256.
fn put_text(place: &mut [u8], text: &[u8]) {
    place[0] = text.len() as u8;
    place[1..=text.len()].copy_from_slice(text);
}

const fn class_byte(class: VehicleClass) -> u8 {
    match class {
        VehicleClass::Economy => 1,
        VehicleClass::Comfort => 2,
        VehicleClass::Premium => 3,
        VehicleClass::Van => 4,
        VehicleClass::LightTruck => 5,
        VehicleClass::HeavyTruck => 6,
        VehicleClass::Refrigerated => 7,
    }
}

const fn status_byte(status: VehicleStatus) -> u8 {
    match status {
        VehicleStatus::InService => 1,
        VehicleStatus::OutOfService => 2,
        VehicleStatus::Scrapped => 3,
    }
}
