//! Vehicles: class and status.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// What a vehicle is for.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum VehicleClass {
    /// Ride hailing, standard.
    Economy,
    /// Ride hailing, larger or newer.
    Comfort,
    /// Ride hailing, business class.
    Premium,
    /// Ride hailing, six seats or more.
    Van,
    /// Goods up to 3.5 t.
    LightTruck,
    /// Goods above 3.5 t.
    HeavyTruck,
    /// Goods at controlled temperature.
    Refrigerated,
}

/// Whether a vehicle may serve.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
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
#[serde(rename_all = "snake_case")]
pub enum VehicleStatus {
    /// May serve.
    #[default]
    InService,
    /// Stands still for now.
    OutOfService,
    /// Gone for good. Nothing follows.
    Scrapped,
}
