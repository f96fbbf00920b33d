//! What somebody should know, and who took care of it.

use schemars::JsonSchema;
use serde::Deserialize;
use smartlink_proto::telemetry as proto;

use super::{client, ACT, READ};
use crate::{
    desk::{Call, Desk},
    methods::limit,
    refusal::Refusal,
    table::{Effect, Method},
    types::{Alert, AlertState, Alerts, Cursor, Datum, Id, Text, Vehicles, Whole},
    upstream::refusal,
};

pub(super) fn methods() -> Vec<Method> {
    use Effect::{Changes, Reads};
    vec![
        Method::call(
            "telemetry_alerts",
            Reads,
            READ,
            "Alerts, those that were opened last first.",
            alerts,
        ),
        Method::call("telemetry_alert", Reads, READ, "One alert.", alert),
        Method::call(
            "telemetry_acknowledge",
            Changes,
            ACT,
            "Says that a person knows of an alert. Once is enough: the first who says so stays.",
            acknowledge,
        ),
        Method::call(
            "telemetry_close",
            Changes,
            ACT,
            "Closes an alert. What is closed changes no more; closing again what one has closed changes nothing.",
            close,
        ),
    ]
}

/// A page of alerts.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AlertsPage {
    /// Of these vehicles. Missing or empty: of all.
    #[serde(default)]
    vehicles: Vehicles,
    /// Only of these kinds: docs/telemetry.md lists them. Missing or empty: of all.
    #[serde(default)]
    #[schemars(length(max = 64))]
    kinds: Vec<Text<32>>,
    /// Only those in one of these states. Missing or empty: in any.
    #[serde(default)]
    #[schemars(length(max = 3))]
    states: Vec<AlertState>,
    /// Opened from then on, in milliseconds of the Unix epoch.
    from_ms: Option<u64>,
    /// Opened before.
    until_ms: Option<u64>,
    /// `next` of the page before. Missing: from the newest on.
    before: Option<Cursor<2>>,
    /// How many, at most. 50 where nothing is said.
    limit: Option<Whole<1, 500>>,
    /// What coordinates are in. wgs84 where nothing is said.
    #[serde(default)]
    datum: Datum,
}

/// One alert.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OneAlert {
    /// Its id.
    alert: Id,
    /// What coordinates are in. wgs84 where nothing is said.
    #[serde(default)]
    datum: Datum,
}

impl OneAlert {
    /// What the caller does with it.
    fn deed(&self, call: &Call) -> Result<proto::AlertDeed, Refusal> {
        Ok(proto::AlertDeed { alert: self.alert.0, by: call.account()?.to_string() })
    }
}

async fn alerts(desk: Desk, _: Call, params: AlertsPage) -> Result<Alerts, Refusal> {
    let request = proto::ListAlertsRequest {
        vehicles: params.vehicles.0,
        kinds: params.kinds.into_iter().map(|kind| kind.0).collect(),
        states: params.states.into_iter().map(AlertState::write).collect(),
        from_ms: params.from_ms,
        until_ms: params.until_ms,
        after: params.before.map(proto::TimeCursor::from),
        limit: limit(params.limit),
    };
    let reply = client(&desk)?.list_alerts(request).await.map_err(refusal)?;
    Ok(Alerts::read(reply.into_inner(), params.datum))
}

async fn alert(desk: Desk, _: Call, params: OneAlert) -> Result<Alert, Refusal> {
    let request = proto::AlertRequest { alert: params.alert.0 };
    let reply = client(&desk)?.get_alert(request).await.map_err(refusal)?;
    Ok(Alert::read(reply.into_inner(), params.datum))
}

async fn acknowledge(desk: Desk, call: Call, params: OneAlert) -> Result<Alert, Refusal> {
    let deed = params.deed(&call)?;
    let reply = client(&desk)?.acknowledge_alert(deed).await.map_err(refusal)?;
    Ok(Alert::read(reply.into_inner(), params.datum))
}

async fn close(desk: Desk, call: Call, params: OneAlert) -> Result<Alert, Refusal> {
    let deed = params.deed(&call)?;
    let reply = client(&desk)?.close_alert(deed).await.map_err(refusal)?;
    Ok(Alert::read(reply.into_inner(), params.datum))
}
