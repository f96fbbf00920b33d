//! A report as JSON: what devices post and publish, and what operators read.
//!
//! ```json
//! {
//!   "time": "2026-11-23T08:00:00.250Z",
//!   "position": {"latitude": 31.230416, "longitude": 121.473701, "altitude": 12, "speed": 54.3, "heading": 90},
//!   "flags": ["ignition", "fixed"],
//!   "alarms": ["overspeed"],
//!   "readings": {"fuel": 41200, "tyre_pressure.2": 240000},
//!   "attachment": {"kind": 2304, "bytes": "AAEC"}
//! }
//! ```
//!
//! Only `time` must be there. It is ISO 8601 with a zone, or seconds or milliseconds of the Unix epoch. Degrees are of
//! WGS 84, altitude is metres, speed km/h; all are read as decimal text, without floating point. Readings are whole
//! numbers in the unit of their quantity; `name.2` is the third instance. Where a quantity comes more than once, or
//! the order matters, readings are a list: `[{"quantity": "trouble_code", "instance": 0, "value": 305}]`. An unknown
//! name or field is refused: a typing error must not lose a sensor in silence.

mod bits;
mod fix;
mod readings;

use base64::{engine::general_purpose::STANDARD, Engine as _};
use serde::{
    de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor},
    Deserialize, Deserializer, Serialize,
};
use smartlink_records::{Alarms, Attachment, Flags, Reading, Report, MAX_ATTACHMENT};
use std::fmt;

use super::{moment, FormError};

/// Reads one report, or a list of them: what is published over MQTT.
///
/// # Errors
///
/// What is wrong, in which report and at which line and column; no report; more than `most` reports.
pub fn one_or_many(bytes: &[u8], most: usize) -> Result<Vec<Report>, FormError> {
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'[') => list(bytes, most),
        _ => Ok(vec![serde_json::from_slice::<Form>(bytes).map_err(FormError::json)?.into()]),
    }
}

/// Reads a list of reports, or `{"reports": [...]}`: what is posted over HTTP.
///
/// # Errors
///
/// As [`one_or_many`].
pub fn batch(bytes: &[u8], most: usize) -> Result<Vec<Report>, FormError> {
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'[') => list(bytes, most),
        _ => read(bytes, Wrapped(List { most })),
    }
}

/// A report as JSON, in one line. [`one_or_many`] reads the same report from it.
pub fn to_json(report: &Report) -> String {
    serde_json::to_string(&FormRef::of(report))
        .expect("numbers, names and base64 text are always JSON; qed")
}

fn list(bytes: &[u8], most: usize) -> Result<Vec<Report>, FormError> {
    read(bytes, List { most })
}

fn read<'de>(
    bytes: &'de [u8],
    seed: impl DeserializeSeed<'de, Value = Vec<Report>>,
) -> Result<Vec<Report>, FormError> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let reports = seed.deserialize(&mut json).map_err(FormError::json)?;
    json.end().map_err(FormError::json)?;
    if reports.is_empty() {
        return Err(FormError::Empty);
    }
    Ok(reports)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    #[serde(deserialize_with = "time")]
    time: u64,
    #[serde(default)]
    position: Option<fix::Fix>,
    #[serde(default, deserialize_with = "bits::flags")]
    flags: Flags,
    #[serde(default, deserialize_with = "bits::alarms")]
    alarms: Alarms,
    #[serde(default, deserialize_with = "readings::deserialize")]
    readings: Vec<Reading>,
    #[serde(default, deserialize_with = "attachment")]
    attachment: Option<Attachment>,
}

impl From<Form> for Report {
    fn from(form: Form) -> Self {
        Self {
            time_ms: form.time,
            position: form.position.map(|fix| fix.0),
            flags: form.flags,
            alarms: form.alarms,
            readings: form.readings,
            attachment: form.attachment,
        }
    }
}

#[derive(Serialize)]
struct FormRef<'a> {
    time: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<fix::Fix>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    flags: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    alarms: Vec<&'static str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty", serialize_with = "readings::serialize")]
    readings: &'a [Reading],
    #[serde(skip_serializing_if = "Option::is_none")]
    attachment: Option<AttachmentForm>,
}

impl<'a> FormRef<'a> {
    fn of(report: &'a Report) -> Self {
        Self {
            time: report.time_ms,
            position: report.position.map(fix::Fix),
            flags: report.flags.names().collect(),
            alarms: report.alarms.names().collect(),
            readings: &report.readings,
            attachment: report.attachment.as_ref().map(|attachment| AttachmentForm {
                kind: attachment.kind,
                bytes: STANDARD.encode(&attachment.bytes),
            }),
        }
    }
}

fn time<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    moment::of_json(&serde_json::Value::deserialize(from)?).ok_or_else(|| {
        D::Error::custom(
            "`time` must be ISO 8601 with a zone, or seconds or milliseconds of the Unix epoch, from \
             2000 to 2099",
        )
    })
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AttachmentForm {
    kind: u16,
    bytes: String,
}

fn attachment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Attachment>, D::Error> {
    let Some(form) = Option::<AttachmentForm>::deserialize(from)? else { return Ok(None) };
    let bytes = STANDARD
        .decode(&form.bytes)
        .map_err(|error| D::Error::custom(format!("`attachment.bytes` is not base64: {error}")))?;
    if bytes.len() > MAX_ATTACHMENT {
        return Err(D::Error::custom(format!(
            "`attachment.bytes` has {} bytes, more than {MAX_ATTACHMENT}: send media as files",
            bytes.len()
        )));
    }
    Ok(Some(Attachment { kind: form.kind, bytes }))
}

/// A list of at most `most` reports; an error says in which.
struct List {
    most: usize,
}

impl<'de> DeserializeSeed<'de> for List {
    type Value = Vec<Report>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List {
    type Value = Vec<Report>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of reports")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut reports = Vec::new();
        loop {
            let form = list.next_element::<Form>().map_err(|error| {
                A::Error::custom(format_args!("report {}: {error}", reports.len()))
            })?;
            match form {
                None => return Ok(reports),
                Some(_) if reports.len() == self.most => {
                    return Err(A::Error::custom(format_args!(
                        "there are more than {} reports: send them in several parts",
                        self.most
                    )));
                }
                Some(form) => reports.push(form.into()),
            }
        }
    }
}

/// `{"reports": [...]}`.
struct Wrapped(List);

impl<'de> DeserializeSeed<'de> for Wrapped {
    type Value = Vec<Report>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Wrapped {
    type Value = Vec<Report>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of reports, or an object with that list as `reports`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        match object.next_key::<String>()?.as_deref() {
            Some("reports") => {}
            Some(key) => return Err(A::Error::unknown_field(key, &["reports"])),
            None => return Err(A::Error::missing_field("reports")),
        }
        let reports = object.next_value_seed(self.0)?;
        match object.next_key::<String>()? {
            None => Ok(reports),
            Some(key) => Err(A::Error::unknown_field(&key, &["reports"])),
        }
    }
}

#[cfg(test)]
mod tests;
