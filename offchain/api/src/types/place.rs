//! Places: decimal degrees of WGS 84 outside, 10^-6 degrees inside.

use std::borrow::Cow;

use schemars::{json_schema, JsonSchema, Schema, SchemaGenerator};
use serde::{de, Deserialize, Deserializer, Serialize, Serializer};
use smartlink_proto::{dispatch, orders};

use super::Text;

macro_rules! angle {
    ($(#[$doc:meta])* $name:ident, $most:literal, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(pub i32);

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_f64(f64::from(self.0) / 1e6)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let degrees = f64::deserialize(deserializer)?;
                if !(-$most..=$most).contains(&degrees) {
                    return Err(de::Error::custom(format_args!(
                        "{degrees} is no {}: it goes from -{} to {}", $what, $most, $most
                    )));
                }
                // At most 180 million: it fits.
                Ok(Self((degrees * 1e6).round() as i32))
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "number", "minimum": -$most, "maximum": $most })
            }
        }
    };
}

angle! {
    /// 10^-6 degrees, north positive.
    Latitude, 90.0, "latitude"
}
angle! {
    /// 10^-6 degrees, east positive.
    Longitude, 180.0, "longitude"
}

/// A place on Earth: decimal degrees of WGS 84, kept to six decimals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// North positive.
    pub latitude: Latitude,
    /// East positive.
    pub longitude: Longitude,
    /// For people.
    #[serde(default)]
    pub name: Text<200>,
}

impl From<Place> for orders::Place {
    fn from(place: Place) -> Self {
        let (latitude_e6, longitude_e6) = (place.latitude.0, place.longitude.0);
        Self { latitude_e6, longitude_e6, name: place.name.0 }
    }
}

impl From<orders::Place> for Place {
    fn from(place: orders::Place) -> Self {
        let (latitude, longitude) = (Latitude(place.latitude_e6), Longitude(place.longitude_e6));
        Self { latitude, longitude, name: Text(place.name) }
    }
}

/// Where a driver was, and when.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// North positive.
    pub latitude: Latitude,
    /// East positive.
    pub longitude: Longitude,
    /// Milliseconds of the Unix epoch.
    pub at_ms: u64,
    /// Degrees clockwise from north.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "heading")]
    #[schemars(range(min = 0, max = 359))]
    pub heading: Option<u16>,
    /// Metres a second.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "speed")]
    #[schemars(range(min = 0, max = 200))]
    pub speed: Option<f64>,
}

fn heading<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u16>, D::Error> {
    let heading = Option::<u16>::deserialize(deserializer)?;
    match heading {
        Some(degrees) if degrees > 359 => {
            Err(de::Error::custom(format_args!("{degrees} is no heading: it goes from 0 to 359")))
        }
        heading => Ok(heading),
    }
}

fn speed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let speed = Option::<f64>::deserialize(deserializer)?;
    match speed {
        Some(speed) if !(0.0..=200.0).contains(&speed) => {
            Err(de::Error::custom(format_args!("{speed} is no speed: it goes from 0 to 200 m/s")))
        }
        speed => Ok(speed),
    }
}

/// The value of `heading` that means: not known.
const NO_HEADING: u32 = 360;

impl Position {
    /// As the dispatcher takes it.
    pub fn of(self, driver: u32) -> dispatch::Position {
        dispatch::Position {
            driver,
            latitude_e6: self.latitude.0,
            longitude_e6: self.longitude.0,
            at_ms: self.at_ms,
            heading: self.heading.map_or(NO_HEADING, u32::from),
            // At most 2,000: it fits.
            speed_dm_s: self.speed.map_or(0, |speed| (speed * 10.0).round() as u32),
        }
    }
}

impl From<dispatch::Position> for Position {
    fn from(position: dispatch::Position) -> Self {
        Self {
            latitude: Latitude(position.latitude_e6),
            longitude: Longitude(position.longitude_e6),
            at_ms: position.at_ms,
            heading: u16::try_from(position.heading).ok().filter(|degrees| *degrees < 360),
            speed: Some(f64::from(position.speed_dm_s) / 10.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_angle_comes_back_as_it_went(e6 in -180_000_000..=180_000_000i32) {
            let json = serde_json::to_string(&Longitude(e6)).unwrap();
            prop_assert_eq!(serde_json::from_str::<Longitude>(&json).unwrap(), Longitude(e6));
        }
    }

    #[test]
    fn degrees_are_rounded_at_the_edge_and_checked() {
        assert_eq!(serde_json::from_str::<Latitude>("22.5430964").unwrap(), Latitude(22_543_096));
        assert_eq!(serde_json::from_str::<Latitude>("90").unwrap(), Latitude(90_000_000));
        for bad in ["90.0000001", "-91", "1e9", "\"22\"", "null"] {
            assert!(serde_json::from_str::<Latitude>(bad).is_err(), "{bad}");
        }
    }
}
