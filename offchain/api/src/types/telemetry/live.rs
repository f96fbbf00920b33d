//! How vehicles are now.

use schemars::JsonSchema;
use serde::{de, Deserialize, Deserializer, Serialize};
use smartlink_proto::telemetry as proto;
use smartlink_records::{Alarms, Flags};

use super::{kmh, Alert, AlertStep, Datum};
use crate::types::{Id, Latitude, Longitude};

/// The last position of a vehicle that is believed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LastFix {
    /// North positive.
    pub latitude: Latitude,
    /// East positive.
    pub longitude: Longitude,
    /// When it was there, by the terminal's clock, in milliseconds of the Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_ms: Option<u64>,
    /// Metres above sea level.
    pub altitude_m: i32,
    /// km/h, to the tenth.
    pub speed_kmh: f64,
    /// Degrees clockwise from north.
    pub heading: u32,
}

/// How a vehicle was when it was last heard from.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct VehicleState {
    /// The vehicle.
    pub vehicle: u32,
    /// The terminal that spoke last.
    pub terminal: Id,
    /// Who drives. Missing: not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub driver: Option<u32>,
    /// The record that changed it last.
    pub sequence: Id,
    /// When something was last received from it, in milliseconds of the Unix epoch.
    pub heard_ms: u64,
    /// Whether it is connected, as far as what it sends tells.
    pub online: bool,
    /// The time of the newest report, by the terminal's clock, in milliseconds of the Unix epoch.
    pub time_ms: u64,
    /// Where it was. Missing: no position was believed yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<LastFix>,
    /// What is on, by the names of docs/devices.md.
    pub flags: Vec<&'static str>,
    /// What the terminal warns of, by the names of docs/devices.md.
    pub alarms: Vec<&'static str>,
    /// Metres on the odometer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub odometer_m: Option<i64>,
    /// Millilitres in the tank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fuel_ml: Option<i64>,
    /// Thousandths of the tank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fuel_permille: Option<i64>,
    /// Thousandths of the traction battery.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charge_permille: Option<i64>,
    /// The cargo's temperature in degrees Celsius, to the tenth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature_c: Option<f64>,
}

impl VehicleState {
    pub(crate) fn read(vehicle: proto::Vehicle, datum: Datum) -> Self {
        let fix = vehicle.place.map(|place| {
            let (latitude, longitude) = datum.shows(place.latitude_e6, place.longitude_e6);
            LastFix {
                latitude,
                longitude,
                time_ms: vehicle.fixed_ms,
                altitude_m: vehicle.altitude_m,
                speed_kmh: kmh(vehicle.speed_dkmh),
                heading: vehicle.heading,
            }
        });
        Self {
            vehicle: vehicle.vehicle,
            terminal: Id(vehicle.terminal),
            driver: vehicle.driver,
            sequence: Id(vehicle.sequence),
            heard_ms: vehicle.heard_ms,
            online: vehicle.online,
            time_ms: vehicle.time_ms,
            fix,
            flags: Flags(vehicle.flags).names().collect(),
            alarms: Alarms(vehicle.alarms).names().collect(),
            odometer_m: vehicle.odometer_m,
            fuel_ml: vehicle.fuel_ml,
            fuel_permille: vehicle.fuel_permille,
            charge_permille: vehicle.charge_permille,
            // Tenths of degrees: exact up to 2^53.
            temperature_c: vehicle.temperature_dc.map(|tenths| tenths as f64 / 10.0),
        }
    }
}

/// A page of vehicles, in the order of their numbers.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct VehicleStates {
    /// The vehicles.
    pub vehicles: Vec<VehicleState>,
    /// `after` of the next page. Missing: there are no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<u32>,
    /// How many vehicles were ever heard of, whatever was asked.
    pub known: u64,
}

impl VehicleStates {
    pub(crate) fn read(page: proto::VehiclePage, datum: Datum) -> Self {
        let vehicles = page.vehicles.into_iter().map(|one| VehicleState::read(one, datum));
        let next = (page.next != 0).then_some(page.next);
        Self { vehicles: vehicles.collect(), next, known: page.known }
    }
}

/// What a subscription to telemetry pushes.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TelemetryChange {
    /// A vehicle is now so.
    Vehicle {
        /// The vehicle.
        vehicle: Box<VehicleState>,
    },
    /// Something happened to an alert.
    Alert {
        /// What. Missing: something that this version does not know.
        #[serde(skip_serializing_if = "Option::is_none")]
        step: Option<AlertStep>,
        /// The alert as it is now.
        alert: Box<Alert>,
    },
    /// All states have been pushed: what follows are changes.
    CaughtUp,
}

impl TelemetryChange {
    /// `None` when it says nothing that is known here.
    pub(crate) fn read(change: proto::Change, datum: Datum) -> Option<Self> {
        use proto::change::What;
        Some(match change.what? {
            What::Vehicle(vehicle) => {
                Self::Vehicle { vehicle: Box::new(VehicleState::read(vehicle, datum)) }
            }
            What::Alert(change) => Self::Alert {
                step: AlertStep::read(change.step),
                alert: Box::new(Alert::read(change.alert?, datum)),
            },
            What::CaughtUp(_) => Self::CaughtUp,
        })
    }
}

/// Between which temperatures a cargo has to stay, in degrees Celsius, to the tenth.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CargoRange {
    /// The lowest.
    #[serde(deserialize_with = "celsius")]
    #[schemars(range(min = -273, max = 1_000))]
    lowest_c: f64,
    /// The highest.
    #[serde(deserialize_with = "celsius")]
    #[schemars(range(min = -273, max = 1_000))]
    highest_c: f64,
}

fn celsius<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let degrees = f64::deserialize(deserializer)?;
    match (-273.0..=1_000.0).contains(&degrees) {
        true => Ok(degrees),
        false => Err(de::Error::custom(format_args!(
            "{degrees} is no temperature of a cargo: it goes from -273 to 1000"
        ))),
    }
}

impl CargoRange {
    /// As the service takes it.
    pub(crate) fn write(self) -> proto::TemperatureRange {
        // At most 10,000: it fits.
        let tenths = |degrees: f64| (degrees * 10.0).round() as i32;
        proto::TemperatureRange {
            lowest_dc: tenths(self.lowest_c),
            highest_dc: tenths(self.highest_c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cargos_range_is_kept_to_tenths_and_checked() {
        let range: CargoRange =
            serde_json::from_str(r#"{"lowest_c":-18.04,"highest_c":4}"#).unwrap();
        let written = range.write();
        assert_eq!((written.lowest_dc, written.highest_dc), (-180, 40));
        assert!(serde_json::from_str::<CargoRange>(r#"{"lowest_c":-300,"highest_c":4}"#).is_err());
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let state = VehicleState::read(
            proto::Vehicle { vehicle: 5, flags: 3, ..Default::default() },
            Datum::Wgs84,
        );
        let json = serde_json::to_value(state).unwrap();
        assert_eq!(json["flags"], serde_json::json!(["ignition", "fixed"]));
        for missing in ["fix", "driver", "fuel_ml", "temperature_c"] {
            assert!(json.get(missing).is_none(), "{missing}");
        }
    }
}
