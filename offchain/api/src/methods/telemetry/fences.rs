//! Geofences.

use schemars::JsonSchema;
use serde::Deserialize;
use smartlink_proto::telemetry as proto;

use super::{client, ACT, READ};
use crate::{
    desk::{Call, Desk},
    methods::{limit, Done},
    refusal::Refusal,
    table::{Effect, Method},
    types::{Geofence, Geofences, JsonObject, Whole},
    upstream::refusal,
};

pub(super) fn methods() -> Vec<Method> {
    use Effect::{Changes, Reads};
    vec![
        Method::call(
            "telemetry_geofences",
            Reads,
            READ,
            "Geofences, in the order of their numbers.",
            geofences,
        ),
        Method::call("telemetry_geofence", Reads, READ, "One geofence.", geofence),
        Method::call(
            "telemetry_put_geofences",
            Changes,
            ACT,
            "Makes or replaces geofences, all of those given or none. A feature without an `id` becomes a new one each time it is sent.",
            put,
        ),
        Method::call(
            "telemetry_remove_geofence",
            Changes,
            ACT,
            "Removes a geofence. One that is not there is removed already.",
            remove,
        ),
    ]
}

/// A page of geofences.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct GeofencesPage {
    /// `next` of the page before. Missing: from the first on.
    after: Option<u32>,
    /// How many, at most. 50 where nothing is said.
    limit: Option<Whole<1, 500>>,
}

/// One geofence.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OneGeofence {
    /// Its number.
    geofence: Whole<1, { u32::MAX }>,
}

/// Geofences that are to be.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Put {
    /// A Feature or a FeatureCollection of GeoJSON (docs/telemetry.md).
    geojson: JsonObject,
}

/// A geofence that is to go.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Remove {
    /// Its number.
    geofence: Whole<1, { u32::MAX }>,
    /// The version that it must have. Missing: any.
    version: Option<u32>,
}

async fn geofences(desk: Desk, _: Call, params: GeofencesPage) -> Result<Geofences, Refusal> {
    let (after, limit) = (params.after.unwrap_or(0), limit(params.limit));
    let request = proto::ListGeofencesRequest { after, limit };
    let reply = client(&desk)?.list_geofences(request).await.map_err(refusal)?;
    reply.into_inner().try_into()
}

async fn geofence(desk: Desk, _: Call, params: OneGeofence) -> Result<Geofence, Refusal> {
    let request = proto::GeofenceRequest { geofence: params.geofence.0 };
    let reply = client(&desk)?.get_geofence(request).await.map_err(refusal)?;
    reply.into_inner().try_into()
}

async fn put(desk: Desk, call: Call, params: Put) -> Result<Geofences, Refusal> {
    let request = proto::PutGeofencesRequest {
        geojson: params.geojson.text().into_bytes(),
        by: call.account()?.to_string(),
    };
    let reply = client(&desk)?.put_geofences(request).await.map_err(refusal)?;
    reply.into_inner().try_into()
}

async fn remove(desk: Desk, _: Call, params: Remove) -> Result<Done, Refusal> {
    let (geofence, version) = (params.geofence.0, params.version);
    let request = proto::RemoveGeofenceRequest { geofence, version };
    client(&desk)?.remove_geofence(request).await.map_err(refusal)?;
    Ok(Done {})
}
