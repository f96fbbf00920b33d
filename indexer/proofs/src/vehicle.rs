//! A vehicle, and the encoding that a checkpoint has the hash of.
//!
//! All integers are big-endian, texts padded with zeros (pallet-vehicles, `item`):
//!
//! ```text
//! offset  bytes
//!      0      4  id
//!      4      4  version
//!      8      4  owner
//!     12      1  class: 1 economy, 2 comfort, 3 premium, 4 van, 5 light truck, 6 heavy truck, 7 refrigerated
//!     13      1  status: 1 in service, 2 out of service, 3 scrapped
//!     14     17  VIN
//!     31      1  length of the plate
//!     32     16  plate
//!     48      1  length of the model
//!     49     32  model
//! ```

use serde::{Deserialize, Serialize};
use smartlink_primitives::{
    keccak,
    vehicle::{VehicleClass, VehicleStatus},
    vin::VIN_LENGTH,
    H256,
};

use crate::refused::Refused;

const VIN: usize = 14;
const PLATE: usize = VIN + VIN_LENGTH;
const PLATE_BYTES: usize = 16;
const MODEL: usize = PLATE + 1 + PLATE_BYTES;
const MODEL_BYTES: usize = 32;
/// Length of the encoding.
const LENGTH: usize = MODEL + 1 + MODEL_BYTES;

/// A vehicle after a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vehicle {
    /// Its id.
    pub id: u32,
    /// The count of its changes.
    pub version: u32,
    /// The company whose it is.
    pub owner: u32,
    /// What it is for.
    pub class: VehicleClass,
    /// Whether it may serve.
    pub status: VehicleStatus,
    /// Stamped into it: 17 characters.
    pub vin: String,
    /// On its front and back, at most 16 bytes. Empty once it is scrapped.
    pub plate: String,
    /// Make and model, at most 32 bytes.
    pub model: String,
}

impl Vehicle {
    /// The encoding.
    ///
    /// # Errors
    /// A text has a length that no vehicle's has.
    pub fn encode(&self) -> Result<[u8; LENGTH], Refused> {
        let mut bytes = [0; LENGTH];
        bytes[0..4].copy_from_slice(&self.id.to_be_bytes());
        bytes[4..8].copy_from_slice(&self.version.to_be_bytes());
        bytes[8..12].copy_from_slice(&self.owner.to_be_bytes());
        bytes[12] = class_byte(self.class);
        bytes[13] = status_byte(self.status);
        if self.vin.len() != VIN_LENGTH {
            return Err(Refused::Text { what: "VIN", bytes: self.vin.len() });
        }
        bytes[VIN..PLATE].copy_from_slice(self.vin.as_bytes());
        put_text(&mut bytes[PLATE..MODEL], "plate", &self.plate)?;
        put_text(&mut bytes[MODEL..], "model", &self.model)?;
        Ok(bytes)
    }

    /// Its hash, as a checkpoint has it.
    ///
    /// # Errors
    /// As [`encode`](Self::encode).
    pub fn item(&self) -> Result<H256, Refused> {
        Ok(keccak(&self.encode()?))
    }

    pub(crate) fn claim(&self) -> String {
        let Self { id, version, owner, class, status, vin, plate, model } = self;
        let is = match status {
            VehicleStatus::InService => "in service",
            VehicleStatus::OutOfService => "out of service",
            VehicleStatus::Scrapped => "scrapped",
        };
        let plate = if plate.is_empty() { "no plate".to_owned() } else { format!("plate {plate}") };
        format!(
            "vehicle {id} (did:smartlink:vehicle:{id}) came to its version {version}: VIN {vin}, {plate}, {model}, class \
             {class:?}, {is}, owned by company {owner}"
        )
    }
}

/// Writes the length, and then the text.
fn put_text(place: &mut [u8], what: &'static str, text: &str) -> Result<(), Refused> {
    let bytes = text.len();
    let known = u8::try_from(bytes).ok().filter(|_| bytes < place.len());
    place[0] = known.ok_or(Refused::Text { what, bytes })?;
    place[1..=bytes].copy_from_slice(text.as_bytes());
    Ok(())
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
