//! Geofences and rules: what a company says itself, as JSON that telemetry reads.

use std::borrow::Cow;

use schemars::{json_schema, JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use smartlink_proto::telemetry as proto;

use crate::refusal::{Code, Refusal};

/// An object that the service behind reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JsonObject(pub serde_json::Map<String, serde_json::Value>);

impl JsonObject {
    /// As text.
    pub(crate) fn text(&self) -> String {
        serde_json::Value::from(self.0.clone()).to_string()
    }
}

impl JsonSchema for JsonObject {
    fn schema_name() -> Cow<'static, str> {
        "JsonObject".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object" })
    }
}

/// An object that the service behind wrote, to the letter.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Json(Box<RawValue>);

impl Json {
    /// # Errors
    /// The service wrote something else than JSON.
    pub(crate) fn read(text: String) -> Result<Self, Refusal> {
        RawValue::from_string(text).map(Self).map_err(|error| {
            tracing::error!(%error, "telemetry answered something else than JSON");
            Code::Internal.into()
        })
    }
}

impl JsonSchema for Json {
    fn schema_name() -> Cow<'static, str> {
        "JsonObject".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        JsonObject::json_schema(generator)
    }
}

/// A geofence.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Geofence {
    /// Its number.
    pub id: u32,
    /// 1 when it was made, and one more with every change.
    pub version: u32,
    /// When it was made or changed, in milliseconds of the Unix epoch.
    pub changed_ms: u64,
    /// The account that did that.
    pub changed_by: String,
    /// It, as a Feature of GeoJSON (docs/telemetry.md). Missing: too large for the answer to a change of many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feature: Option<Json>,
}

impl TryFrom<proto::Geofence> for Geofence {
    type Error = Refusal;

    fn try_from(fence: proto::Geofence) -> Result<Self, Refusal> {
        Ok(Self {
            id: fence.id,
            version: fence.version,
            changed_ms: fence.changed_ms,
            changed_by: fence.changed_by,
            feature: Some(fence.feature_json)
                .filter(|json| !json.is_empty())
                .map(Json::read)
                .transpose()?,
        })
    }
}

/// A page of geofences, in the order of their numbers.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Geofences {
    /// The geofences.
    pub geofences: Vec<Geofence>,
    /// `after` of the next page. Missing: there are no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<u32>,
}

impl TryFrom<proto::GeofencePage> for Geofences {
    type Error = Refusal;

    fn try_from(page: proto::GeofencePage) -> Result<Self, Refusal> {
        let geofences = page.geofences.into_iter().map(Geofence::try_from);
        let next = (page.next != 0).then_some(page.next);
        Ok(Self { geofences: geofences.collect::<Result<_, _>>()?, next })
    }
}

/// The company's rules.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RuleBook {
    /// What the company says otherwise than the defaults.
    pub book: Json,
    /// All rules that follow, by class of vehicle.
    pub effective: Json,
}

impl TryFrom<proto::RuleBook> for RuleBook {
    type Error = Refusal;

    fn try_from(book: proto::RuleBook) -> Result<Self, Refusal> {
        Ok(Self { book: Json::read(book.book_json)?, effective: Json::read(book.effective_json)? })
    }
}
