//! The JSON of Traccar's client: `{"device_id": ..., "location": {...}}`.

use serde::Deserialize;
use serde_json::Number;
use smartlink_records::{Flags, Quantity, Reading, Report};

use super::{alarms, fix, moment, scaled, FormError, Motion, Posted};

#[derive(Deserialize)]
struct Form {
    device_id: String,
    location: Location,
}

#[derive(Deserialize)]
struct Location {
    timestamp: String,
    coords: Option<Coordinates>,
    odometer: Option<Number>,
    battery: Option<Battery>,
    alarm: Option<String>,
}

#[derive(Deserialize)]
struct Coordinates {
    latitude: Number,
    longitude: Number,
    accuracy: Option<Number>,
    speed: Option<Number>,
    heading: Option<Number>,
    altitude: Option<Number>,
}

#[derive(Deserialize)]
struct Battery {
    level: Option<Number>,
}

/// Reads what Traccar's client posts. Its speed is metres a second, its charge a part of 1; -1 is "not known".
///
/// # Errors
///
/// Names the field that is missing or cannot be.
pub fn json(bytes: &[u8]) -> Result<Posted, FormError> {
    let form: Form = serde_json::from_slice(bytes).map_err(FormError::json)?;
    if form.device_id.is_empty() {
        return Err(FormError::field("device_id", "must be the device's identity"));
    }
    let location = form.location;
    let time_ms = moment::of_text(&location.timestamp, moment::Zoneless::Utc).ok_or_else(|| {
        FormError::field("location.timestamp", "must be ISO 8601, from 2000 to 2099")
    })?;
    let position = location.coords.as_ref().map(position).transpose()?;
    let accuracy = location.coords.as_ref().and_then(|coordinates| coordinates.accuracy.as_ref());
    let level = location.battery.as_ref().and_then(|battery| battery.level.as_ref());
    let mut readings = Vec::new();
    for (quantity, name, number, places) in [
        (Quantity::Accuracy, "location.coords.accuracy", accuracy, 1),
        // A part of 1, in 0.1 %.
        (Quantity::TerminalCharge, "location.battery.level", level, 3),
        (Quantity::Odometer, "location.odometer", location.odometer.as_ref(), 0),
    ] {
        if let Some(value) = known(name, number, places)? {
            readings.push(Reading::of(quantity, value));
        }
    }
    let report = Report {
        time_ms,
        position,
        flags: Flags::NONE.with(Flags::FIXED, position.is_some()),
        alarms: alarms(location.alarm.as_deref().unwrap_or("")),
        readings,
        attachment: None,
    };
    Ok(Posted { identity: form.device_id, key: None, report })
}

fn position(coordinates: &Coordinates) -> Result<smartlink_records::Position, FormError> {
    let place = (
        number("location.coords.latitude", &coordinates.latitude, 6)?,
        number("location.coords.longitude", &coordinates.longitude, 6)?,
    );
    // 0.1 km/h are 36 times 10^-3 m/s over 1000.
    let speed = known("location.coords.speed", coordinates.speed.as_ref(), 3)?;
    let altitude = coordinates.altitude.as_ref();
    let motion = Motion {
        tenths_of_kmh: speed
            .and_then(|speed| Some(speed.checked_mul(36)?.checked_add(500)?.div_euclid(1000))),
        heading: known("location.coords.heading", coordinates.heading.as_ref(), 0)?,
        altitude: altitude
            .map(|altitude| number("location.coords.altitude", altitude, 0))
            .transpose()?,
    };
    fix(place, motion)
}

/// A number that is negative when it is not known.
fn known(name: &str, given: Option<&Number>, places: u32) -> Result<Option<i64>, FormError> {
    let value = given.map(|given| number(name, given, places)).transpose()?;
    Ok(value.filter(|value| *value >= 0))
}

fn number(name: &str, number: &Number, places: u32) -> Result<i64, FormError> {
    scaled(&number.to_string(), places)
        .ok_or_else(|| FormError::field(name, "is too large for what it is"))
}
