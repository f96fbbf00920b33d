//! A position in degrees, metres and km/h.

use serde::{
    de::Error as _, ser::SerializeStruct as _, Deserialize, Deserializer, Serialize, Serializer,
};
use serde_json::Number;
use smartlink_records::Position;

use crate::http::decimal::scaled;

/// A position that [`check`](Position::check) let through.
pub(super) struct Fix(pub(super) Position);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    latitude: Number,
    longitude: Number,
    #[serde(default)]
    altitude: Option<Number>,
    #[serde(default)]
    speed: Option<Number>,
    #[serde(default)]
    heading: Option<Number>,
}

impl<'de> Deserialize<'de> for Fix {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let form = Form::deserialize(from)
            .map_err(|error| D::Error::custom(format_args!("`position`: {error}")))?;
        let heading: i64 = part("heading", form.heading.as_ref(), 0)?;
        let position = Position {
            latitude: part("latitude", Some(&form.latitude), 6)?,
            longitude: part("longitude", Some(&form.longitude), 6)?,
            altitude: part("altitude", form.altitude.as_ref(), 0)?,
            speed: part("speed", form.speed.as_ref(), 1)?,
            // 359.6 degrees are nearly north.
            heading: u16::try_from(if heading == 360 { 0 } else { heading }).map_err(|_| {
                D::Error::custom("`position.heading` must be from 0 to 360 degrees")
            })?,
        };
        position.check().map_err(|error| D::Error::custom(format_args!("`position`: {error}")))?;
        Ok(Self(position))
    }
}

/// A number in units of 10^-`places`, 0 when it is not there.
fn part<T: TryFrom<i64> + Default, E: serde::de::Error>(
    name: &str,
    number: Option<&Number>,
    places: u32,
) -> Result<T, E> {
    let Some(number) = number else { return Ok(T::default()) };
    let text = number.to_string();
    scaled(&text, places)
        .and_then(|value| T::try_from(value).ok())
        .ok_or_else(|| E::custom(format_args!("`position.{name}` cannot be {text}")))
}

impl Serialize for Fix {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let position = &self.0;
        let mut object = to.serialize_struct("position", 5)?;
        // The nearest double to a number of at most 10 digits is written with those digits.
        object.serialize_field("latitude", &(f64::from(position.latitude) / 1e6))?;
        object.serialize_field("longitude", &(f64::from(position.longitude) / 1e6))?;
        object.serialize_field("altitude", &position.altitude)?;
        object.serialize_field("speed", &(f64::from(position.speed) / 10.0))?;
        object.serialize_field("heading", &position.heading)?;
        object.end()
    }
}
