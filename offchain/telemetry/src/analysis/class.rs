//! Kinds of vehicles, as far as rules differ between them, and what else is told of a vehicle.

use std::ops::RangeInclusive;

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

/// What a vehicle can hold, as the company's people say. `None` where nobody said: then the rules' numbers are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Capacities {
    /// What its tank holds, in ml. Terminals that tell fuel as a part of the tank need it.
    pub tank_ml: Option<u32>,
    /// What its traction battery holds, in Wh. For vehicles that tell their charge and no counter of energy.
    pub battery_wh: Option<u32>,
    /// The lowest and highest temperature of its cargo, in 0.1 °C, instead of the rule's.
    pub cargo_temperature: Option<(i32, i32)>,
}

/// A scooter's canister to a ship's bunker, in ml, as in the rules.
const TANK_ML: RangeInclusive<u32> = 1_000..=10_000_000;
/// A cargo bike to a mining truck, in Wh.
const BATTERY_WH: RangeInclusive<u32> = 100..=10_000_000;
/// Liquid nitrogen is colder, and hot bitumen barely warmer, in 0.1 °C, as in the rules.
const CARGO_TEMPERATURE: RangeInclusive<i32> = -1_000..=2_000;

/// Why a vehicle cannot hold that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CapacityError {
    /// Too small or too large a tank.
    #[error("tank_ml is {0}: give {least} to {most} millilitres", least = TANK_ML.start(), most = TANK_ML.end())]
    Tank(u32),
    /// Too small or too large a battery.
    #[error("battery_wh is {0}: give {least} to {most} watt-hours", least = BATTERY_WH.start(), most = BATTERY_WH.end())]
    Battery(u32),
    /// Too cold or too warm.
    #[error("cargo_temperature has {0}: give {least} to {most} tenths of a degree Celsius", least = CARGO_TEMPERATURE.start(), most = CARGO_TEMPERATURE.end())]
    CargoTemperature(i32),
    /// The wrong way round.
    #[error("cargo_temperature goes from {low} to {high}: give the lowest first")]
    CargoRange {
        /// What was given as the lowest.
        low: i32,
        /// What was given as the highest.
        high: i32,
    },
}

impl Capacities {
    /// Whether a vehicle can be so.
    ///
    /// # Errors
    /// A number is out of its bounds, or a range is the wrong way round.
    pub fn check(&self) -> Result<(), CapacityError> {
        if let Some(tank) = self.tank_ml.filter(|tank| !TANK_ML.contains(tank)) {
            return Err(CapacityError::Tank(tank));
        }
        if let Some(battery) = self.battery_wh.filter(|battery| !BATTERY_WH.contains(battery)) {
            return Err(CapacityError::Battery(battery));
        }
        let Some((low, high)) = self.cargo_temperature else { return Ok(()) };
        if let Some(end) = [low, high].into_iter().find(|end| !CARGO_TEMPERATURE.contains(end)) {
            return Err(CapacityError::CargoTemperature(end));
        }
        if low > high {
            return Err(CapacityError::CargoRange { low, high });
        }
        Ok(())
    }
}

/// One thing that is told of a vehicle: each comes from somewhere else. Kept in the journal as JSON: names are never
/// changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// What it is, as the chain has it.
    Class(Class),
    /// Who is on duty with it, as orders have it.
    Driver(Option<u32>),
    /// What it can hold, as the company's people say.
    Capacities(Capacities),
}

/// Why something cannot be told of a vehicle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FactError {
    /// Vehicle 0.
    #[error("0 is no vehicle: give the number that it has on the chain")]
    NoVehicle,
    /// There are as many vehicles as may be.
    #[error("{0} vehicles are followed already, and no further one is")]
    TooManyVehicles(usize),
    /// No vehicle holds that.
    #[error(transparent)]
    Capacities(#[from] CapacityError),
}

/// What is known about a vehicle from elsewhere than its terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

impl VehicleFacts {
    /// The same with one of them changed.
    #[must_use]
    pub fn with(self, fact: Fact) -> Self {
        match fact {
            Fact::Class(class) => Self { class, ..self },
            Fact::Driver(driver) => Self { driver, ..self },
            Fact::Capacities(Capacities { tank_ml, battery_wh, cargo_temperature }) => {
                Self { tank_ml, battery_wh, cargo_temperature, ..self }
            }
        }
    }

    /// What people said of it.
    pub const fn capacities(&self) -> Capacities {
        let Self { tank_ml, battery_wh, cargo_temperature, .. } = *self;
        Capacities { tank_ml, battery_wh, cargo_temperature }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_vehicle_holds_is_refused() {
        let check = |tank_ml, battery_wh, cargo_temperature| {
            Capacities { tank_ml, battery_wh, cargo_temperature }.check()
        };
        assert_eq!(check(None, None, None), Ok(()));
        assert_eq!(check(Some(60_000), Some(75_000), Some((20, 80))), Ok(()));
        assert_eq!(check(None, None, Some((-180, -180))), Ok(()));
        assert_eq!(check(Some(60), None, None), Err(CapacityError::Tank(60)));
        assert_eq!(check(None, Some(u32::MAX), None), Err(CapacityError::Battery(u32::MAX)));
        let warm = check(None, None, Some((20, 8_000)));
        assert_eq!(warm, Err(CapacityError::CargoTemperature(8_000)));
        let turned = check(None, None, Some((80, 20))).unwrap_err();
        assert_eq!(
            turned.to_string(),
            "cargo_temperature goes from 80 to 20: give the lowest first"
        );
    }

    #[test]
    fn one_fact_leaves_the_others() {
        let capacities = Capacities { tank_ml: Some(60_000), ..Capacities::default() };
        let facts = VehicleFacts::default()
            .with(Fact::Driver(Some(7)))
            .with(Fact::Capacities(capacities))
            .with(Fact::Class(Class::Bus));
        assert_eq!((facts.class, facts.driver), (Class::Bus, Some(7)));
        assert_eq!(facts.capacities(), capacities);
        assert_eq!(facts.with(Fact::Driver(None)).capacities(), capacities);
    }
}
