//! What phones and simple trackers post: OsmAnd's query, and the JSON of Traccar's client.
//!
//! Both are described by <https://www.traccar.org/osmand/>. Parameters that are not in the tables of
//! `docs/http-devices.md` are ignored, because each program adds its own.

mod traccar;

pub use traccar::json;

use smartlink_records::{Alarms, Flags, Position, Quantity, Reading, Report};

use super::{decimal::scaled, moment, query, FormError};

/// One report, and who says that it is theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// The device's identity.
    pub identity: String,
    /// Its key, when it was a parameter.
    pub key: Option<String>,
    /// What it reports.
    pub report: Report,
}

/// Reads a query or a form: `id=van7&lat=31.230416&lon=121.473701&timestamp=1795420800&speed=29.3`.
///
/// `received_ms` stands for a timestamp that is not there.
///
/// # Errors
///
/// Names the parameter that is missing, given twice, or no number of its kind.
pub fn parameters(text: &str, received_ms: u64) -> Result<Posted, FormError> {
    let pairs = query::pairs(text)?;
    let given = Given(&pairs);
    let identity = match (given.one("id")?, given.one("deviceid")?) {
        (Some(identity), None) | (None, Some(identity)) if !identity.is_empty() => {
            identity.to_owned()
        }
        _ => return Err(FormError::field("id", "must be there once: the device's identity")),
    };
    let time_ms = match given.one("timestamp")? {
        None => received_ms,
        Some(text) => moment::of_epoch(text)
            .or_else(|| moment::of_text(text, moment::Zoneless::Utc))
            .ok_or_else(|| {
                FormError::field(
                    "timestamp",
                    "must be seconds or milliseconds of the Unix epoch, or ISO 8601, from 2000 to 2099",
                )
            })?,
    };
    let position = position(&given)?;
    let fixed = position.is_some() && given.flag("valid")?.unwrap_or(true);
    let flags = Flags::NONE
        .with(Flags::FIXED, fixed)
        .with(Flags::IGNITION, given.flag("ignition")?.unwrap_or(false));
    let alarms = given.one("alarm")?.map_or(Alarms::NONE, alarms);
    let readings = readings(&given)?;
    let key = given.one("key")?.map(str::to_owned);
    let report = Report { time_ms, position, flags, alarms, readings, attachment: None };
    Ok(Posted { identity, key, report })
}

/// Parameters, of which each that is read may be there once.
struct Given<'a>(&'a [(std::borrow::Cow<'a, str>, std::borrow::Cow<'a, str>)]);

impl Given<'_> {
    fn one(&self, name: &str) -> Result<Option<&str>, FormError> {
        let mut all = self.0.iter().filter(|(given, _)| given == name);
        match (all.next(), all.next()) {
            (Some(_), Some(_)) => Err(FormError::field(name, "is there twice")),
            (first, _) => Ok(first.map(|(_, value)| value.as_ref())),
        }
    }

    /// A number in units of 10^-`places`.
    fn number(&self, name: &str, places: u32) -> Result<Option<i64>, FormError> {
        let Some(text) = self.one(name)? else { return Ok(None) };
        scaled(text, places)
            .map(Some)
            .ok_or_else(|| FormError::field(name, "must be a decimal number"))
    }

    fn flag(&self, name: &str) -> Result<Option<bool>, FormError> {
        match self.one(name)? {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(_) => Err(FormError::field(name, "must be true or false")),
        }
    }
}

fn position(given: &Given<'_>) -> Result<Option<Position>, FormError> {
    let place = match (given.number("lat", 6)?, given.number("lon", 6)?, given.one("location")?) {
        (Some(latitude), Some(longitude), None) => (latitude, longitude),
        (None, None, Some(text)) => text
            .split_once(',')
            .and_then(|(latitude, longitude)| Some((scaled(latitude, 6)?, scaled(longitude, 6)?)))
            .ok_or_else(|| {
                FormError::field("location", "must be latitude and longitude: 31.23,121.47")
            })?,
        (None, None, None) => return Ok(None),
        (None, Some(_), _) => return Err(FormError::field("lat", "must be there beside `lon`")),
        (Some(_), None, _) => return Err(FormError::field("lon", "must be there beside `lat`")),
        (Some(_), Some(_), Some(_)) => {
            return Err(FormError::field("location", "must not be there beside `lat` and `lon`"));
        }
    };
    let bearing = match (given.number("bearing", 0)?, given.number("heading", 0)?) {
        (Some(_), Some(_)) => {
            return Err(FormError::field("heading", "must not be there beside `bearing`"));
        }
        (bearing, heading) => bearing.or(heading),
    };
    let motion = Motion {
        tenths_of_kmh: given.number("speed", 4)?.and_then(tenths_of_kmh),
        heading: bearing,
        altitude: given.number("altitude", 0)?,
    };
    fix(place, motion).map(Some)
}

/// 0.1 km/h of 10^-4 knots: a knot is 1.852 km/h.
fn tenths_of_kmh(knots: i64) -> Option<i64> {
    Some(knots.checked_mul(1852)?.checked_add(500_000)?.div_euclid(1_000_000))
}

/// How something moves, in the units of [`Position`], before it is known whether it can be.
#[derive(Clone, Copy, Debug, Default)]
struct Motion {
    tenths_of_kmh: Option<i64>,
    heading: Option<i64>,
    altitude: Option<i64>,
}

/// A position that can be. A negative speed or heading is how phones say that they do not know.
fn fix(place: (i64, i64), motion: Motion) -> Result<Position, FormError> {
    let position = Position {
        latitude: fits("lat", place.0)?,
        longitude: fits("lon", place.1)?,
        altitude: fits("altitude", motion.altitude.unwrap_or(0))?,
        speed: fits("speed", motion.tenths_of_kmh.unwrap_or(0).max(0))?,
        heading: match motion.heading.unwrap_or(0).max(0) {
            360 => 0,
            heading => fits("bearing", heading)?,
        },
    };
    position
        .check()
        .map_err(|error| FormError::field("position", format!("cannot be: {error}")))?;
    Ok(position)
}

fn fits<T: TryFrom<i64>>(name: &str, value: i64) -> Result<T, FormError> {
    T::try_from(value).map_err(|_| FormError::field(name, "is too large for what it is"))
}

/// Parameters that become readings: name, quantity, and the decimal places of the quantity's unit.
const READINGS: &[(&str, Quantity, u32)] = &[
    ("accuracy", Quantity::Accuracy, 1),
    ("hdop", Quantity::Dilution, 2),
    ("batt", Quantity::TerminalCharge, 1),
    ("sat", Quantity::Satellites, 0),
    ("rssi", Quantity::Signal, 0),
    ("odometer", Quantity::Odometer, 0),
    ("power", Quantity::SupplyVoltage, 3),
    ("battery", Quantity::TerminalVoltage, 3),
    ("rpm", Quantity::EngineSpeed, 1),
    ("engineLoad", Quantity::EngineLoad, 1),
    ("throttle", Quantity::Throttle, 1),
    ("coolantTemp", Quantity::CoolantTemperature, 1),
];

fn readings(given: &Given<'_>) -> Result<Vec<Reading>, FormError> {
    let mut readings = Vec::new();
    for (name, quantity, places) in READINGS {
        if let Some(value) = given.number(name, *places)? {
            readings.push(Reading::of(*quantity, value));
        }
    }
    Ok(readings)
}

/// The alarms of Traccar's names, several by commas. A name that has no bit is ignored.
fn alarms(names: &str) -> Alarms {
    names.split(',').fold(Alarms::NONE, |alarms, name| {
        alarms
            | match name.trim() {
                "sos" => Alarms::EMERGENCY,
                "overspeed" => Alarms::OVERSPEED,
                "fatigueDriving" => Alarms::FATIGUE,
                "lowPower" => Alarms::SUPPLY_LOW,
                "powerCut" => Alarms::SUPPLY_LOST,
                "gpsAntennaCut" => Alarms::ANTENNA_CUT,
                "tampering" | "movement" | "tow" => Alarms::ILLEGAL_MOVE,
                "fuelLeak" => Alarms::FUEL,
                "accident" => Alarms::COLLISION_NEAR,
                "door" => Alarms::ILLEGAL_DOOR,
                _ => Alarms::NONE,
            }
    })
}

#[cfg(test)]
mod tests;
