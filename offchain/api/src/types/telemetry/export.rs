//! Files of telemetry: the same question as the query of a URL and as parameters of a call.

use std::{borrow::Cow, fmt};

use schemars::{json_schema, JsonSchema, Schema, SchemaGenerator};
use serde::{de, Deserialize, Deserializer};
use smartlink_proto::telemetry as proto;

use super::{Datum, Day};
use crate::{
    refusal::{Code, Refusal},
    types::order::named,
};

named! {
    /// What a file is of.
    FileOf = proto::What {
        /// Fixes.
        Track,
        /// Distances by day.
        Mileage,
        /// How was driven, by day.
        Behaviour,
        /// Fuel and energy by day.
        Energy,
        /// Stops.
        Stops,
    }
}

named! {
    /// What a file is written as.
    FileFormat = proto::Format {
        /// Comma separated values (RFC 4180).
        Csv,
        /// A FeatureCollection (RFC 7946). For tracks.
        Geojson,
        /// GPX 1.1. For tracks.
        Gpx,
        /// Apache Parquet.
        Parquet,
    }
}

impl FileOf {
    fn name(self) -> &'static str {
        match self {
            Self::Track => "track",
            Self::Mileage => "mileage",
            Self::Behaviour => "behaviour",
            Self::Energy => "energy",
            Self::Stops => "stops",
        }
    }

    /// Whether it is of a span of time. Others are of days.
    fn is_of_span(self) -> bool {
        matches!(self, Self::Track | Self::Stops)
    }
}

impl FileFormat {
    /// How names of such files end.
    fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Geojson => "geojson",
            Self::Gpx => "gpx",
            Self::Parquet => "parquet",
        }
    }

    /// The media type of such a file.
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Geojson => "application/geo+json",
            Self::Gpx => "application/gpx+xml",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }
}

/// Vehicles by their numbers: a list, or in a URL `1,2`. Empty: all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vehicles(pub Vec<u32>);

/// Vehicles that a question may name.
const MOST_VEHICLES: usize = 10_000;

impl<'de> Deserialize<'de> for Vehicles {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Numbers)
    }
}

struct Numbers;

impl Numbers {
    fn add<E: de::Error>(list: &mut Vec<u32>, vehicle: u32) -> Result<(), E> {
        if vehicle == 0 || list.len() >= MOST_VEHICLES {
            return Err(E::custom("name at most 10000 vehicles, by numbers above zero"));
        }
        list.push(vehicle);
        Ok(())
    }
}

impl<'de> de::Visitor<'de> for Numbers {
    type Value = Vehicles;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("numbers of vehicles")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Vehicles, E> {
        let mut list = Vec::new();
        for part in text.split(',').filter(|_| !text.is_empty()) {
            let vehicle = part.parse().map_err(|_| {
                E::custom(format_args!("{part:?} is no number of a vehicle: write 1,2,3"))
            })?;
            Self::add(&mut list, vehicle)?;
        }
        Ok(Vehicles(list))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Vehicles, A::Error> {
        let mut list = Vec::new();
        while let Some(vehicle) = seq.next_element()? {
            Self::add(&mut list, vehicle)?;
        }
        Ok(Vehicles(list))
    }
}

impl JsonSchema for Vehicles {
    fn schema_name() -> Cow<'static, str> {
        "Vehicles".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": { "type": "integer", "minimum": 1, "maximum": u32::MAX },
            "maxItems": MOST_VEHICLES
        })
    }
}

/// A file that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Export {
    /// What it is of.
    pub what: FileOf,
    /// What it is written as.
    pub format: FileFormat,
    /// What the coordinates of a track are in, except in Parquet. wgs84 where nothing is said.
    #[serde(default)]
    pub datum: Datum,
    /// Of these vehicles. Missing or empty: of all.
    #[serde(default)]
    pub vehicles: Vehicles,
    /// Of tracks and stops: from then on, in milliseconds of the Unix epoch.
    pub from_ms: Option<u64>,
    /// Of tracks and stops: until just before.
    pub until_ms: Option<u64>,
    /// Of the others: from this day on.
    pub from_day: Option<Day>,
    /// Of the others: the day after the last.
    pub until_day: Option<Day>,
    /// Of stops: only those that took at least so many milliseconds.
    pub least_ms: Option<u64>,
}

impl Export {
    /// As the service takes it.
    ///
    /// # Errors
    /// It cannot be asked so.
    pub(crate) fn request(&self) -> Result<proto::ExportRequest, Refusal> {
        let wrong = |said: &'static str| Refusal::new(Code::InvalidParams, said);
        let tracks_only = matches!(self.format, FileFormat::Geojson | FileFormat::Gpx);
        if tracks_only && self.what != FileOf::Track {
            return Err(wrong("geojson and gpx are for tracks: ask for csv or parquet"));
        }
        let shifts = self.what == FileOf::Track && self.format != FileFormat::Parquet;
        if self.datum != Datum::Wgs84 && !shifts {
            return Err(wrong("gcj02 is for tracks, as csv, geojson or gpx: leave datum out"));
        }
        if self.least_ms.is_some() && self.what != FileOf::Stops {
            return Err(wrong("least_ms is for stops: leave it out"));
        }
        let span = self.from_ms.zip(self.until_ms).filter(|(from, until)| from < until);
        let days = self.from_day.zip(self.until_day).filter(|(from, until)| from < until);
        let no_days = self.from_day.or(self.until_day).is_none();
        let no_span = self.from_ms.or(self.until_ms).is_none();
        let (span, days) = match (self.what.is_of_span(), span, days) {
            (true, Some(span), _) if no_days => (Some(span), (Day(0), Day(0))),
            (false, _, Some(days)) if no_span => (None, days),
            (true, ..) => return Err(wrong(
                "tracks and stops are of a span: give from_ms and a later until_ms, and no days",
            )),
            (false, ..) => return Err(wrong(
                "this is of days: give from_day and a later until_day, and no from_ms and until_ms",
            )),
        };
        Ok(proto::ExportRequest {
            what: self.what.write(),
            format: self.format.write(),
            datum: self.datum.write(),
            vehicles: self.vehicles.0.clone(),
            span: span.map(|(from_ms, until_ms)| proto::Span { from_ms, until_ms }),
            from_day: days.0 .0,
            until_day: days.1 .0,
            least_ms: self.least_ms.unwrap_or(0),
        })
    }

    /// A name for the file: what it is of, and of when.
    pub(crate) fn file_name(&self) -> String {
        let (what, extension) = (self.what.name(), self.format.extension());
        let when = match (self.from_ms.zip(self.until_ms), self.from_day.zip(self.until_day)) {
            (Some((from, until)), _) => format!("_{}_{}", instant(from), instant(until)),
            (None, Some((from, until))) => format!("_{from}_{until}"),
            (None, None) => String::new(),
        };
        format!("{what}{when}.{extension}")
    }
}

/// A time of UTC as names of files may have it: `20260601T080000Z`.
fn instant(time_ms: u64) -> String {
    let day = Day::of_ms(time_ms).to_string().replace('-', "");
    let seconds = time_ms / 1_000 % 86_400;
    format!("{day}T{:02}{:02}{:02}Z", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

/// For people and the audit log.
impl fmt::Display for Export {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file_name())?;
        match self.vehicles.0.as_slice() {
            [] => f.write_str(" of all vehicles"),
            [one] => write!(f, " of vehicle {one}"),
            [first, .., last] => {
                write!(f, " of {} vehicles, {first} to {last}", self.vehicles.0.len())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn asked(params: serde_json::Value) -> Export {
        serde_json::from_value(params).unwrap()
    }

    fn of_url(query: &str) -> Result<Export, String> {
        let uri: http::Uri = format!("/export?{query}").parse().unwrap();
        let query = axum::extract::Query::<Export>::try_from_uri(&uri);
        query.map(|query| query.0).map_err(|error| error.body_text())
    }

    #[test]
    fn a_url_and_a_call_ask_the_same() {
        let track = json!({ "what": "track", "format": "gpx", "vehicles": [1, 2], "from_ms": 0, "until_ms": 9 });
        let url = "what=track&format=gpx&vehicles=1%2C2&from_ms=0&until_ms=9";
        assert_eq!(of_url(url).unwrap(), asked(track));
        let days = json!({ "what": "energy", "format": "csv", "from_day": "2026-06-01", "until_day": "2026-07-01" });
        let url = "what=energy&format=csv&from_day=2026-06-01&until_day=2026-07-01";
        assert_eq!(of_url(url).unwrap(), asked(days));
        for bad in [
            "what=track",
            "what=track&format=pdf",
            "what=track&format=csv&vehicles=1,x",
            "what=track&format=csv&vehicles=0",
            "what=track&format=csv&from_ms=-1",
            "what=track&what=stops&format=csv",
            "what=track&format=csv&color=red",
        ] {
            assert!(of_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_makes_no_sense_together_is_refused() {
        let span = json!({ "from_ms": 1_780_272_000_000_u64, "until_ms": 1_780_275_661_000_u64 });
        let days = json!({ "from_day": "2026-06-01", "until_day": "2026-07-01" });
        let with = |what: &str, format: &str, rest: &serde_json::Value, more: serde_json::Value| {
            let mut params = json!({ "what": what, "format": format });
            for part in [rest, &more] {
                let part = part.as_object().unwrap().clone();
                params.as_object_mut().unwrap().extend(part);
            }
            asked(params)
        };
        let track = with("track", "gpx", &span, json!({ "datum": "gcj02", "vehicles": [5] }));
        assert!(track.request().is_ok());
        assert_eq!(track.to_string(), "track_20260601T000000Z_20260601T010101Z.gpx of vehicle 5");
        let mileage = with("mileage", "parquet", &days, json!({}));
        assert!(mileage.request().is_ok());
        assert_eq!(mileage.file_name(), "mileage_2026-06-01_2026-07-01.parquet");
        for bad in [
            with("track", "csv", &days, json!({})),
            with("stops", "gpx", &span, json!({})),
            with("energy", "csv", &span, json!({})),
            with("energy", "csv", &days, json!({ "from_ms": 1 })),
            with("track", "csv", &span, json!({ "until_ms": 0 })),
            with("track", "parquet", &span, json!({ "datum": "gcj02" })),
            with("stops", "csv", &span, json!({ "datum": "gcj02" })),
            with("track", "csv", &span, json!({ "least_ms": 5 })),
            with("track", "csv", &span, json!({ "from_day": "2026-06-01" })),
        ] {
            assert_eq!(bad.request().unwrap_err().code(), Code::InvalidParams, "{bad:?}");
        }
    }
}
