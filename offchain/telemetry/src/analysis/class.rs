//! Kinds of vehicles, as far as rules differ between them.

use serde::{Deserialize, Serialize};

use super::durable::{durable, durable_choice};

/// A kind of vehicle.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Passenger cars up to nine seats: taxis and ride hailing.
    #[default]
    Car,
    /// Vans and minibuses.
    Van,
    /// Coaches and buses.
    Bus,
    /// Goods vehicles up to 4.5 t.
    LightTruck,
    /// Goods vehicles above 4.5 t, and tractors.
    HeavyTruck,
    /// Whatever carries dangerous goods.
    DangerousGoods,
}

impl Class {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Car, Self::Van, Self::Bus, Self::LightTruck, Self::HeavyTruck, Self::DangerousGoods];

    /// Its name in rules, tables and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Car => "car",
            Self::Van => "van",
            Self::Bus => "bus",
            Self::LightTruck => "light_truck",
            Self::HeavyTruck => "heavy_truck",
            Self::DangerousGoods => "dangerous_goods",
        }
    }
}

durable_choice!(Class);

/// What is known about a vehicle from elsewhere than its terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VehicleFacts {
    /// What it is.
    pub class: Class,
    /// Who drives it.
    pub driver: Option<u32>,
    /// What its tank holds, in ml. Terminals that tell fuel as a part of the tank need it.
    pub tank_ml: Option<u32>,
    /// What its traction battery holds, in Wh. For vehicles that tell their charge and no counter of energy.
    pub battery_wh: Option<u32>,
    /// The lowest and highest temperature of its cargo, in 0.1 °C, instead of the rule's.
    pub cargo_temperature: Option<(i32, i32)>,
}

durable!(VehicleFacts { class, driver, tank_ml, battery_wh, cargo_temperature });
