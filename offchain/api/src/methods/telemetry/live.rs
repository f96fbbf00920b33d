//! How vehicles are now.

use futures::{future::ready, stream::BoxStream, StreamExt};
use schemars::JsonSchema;
use serde::Deserialize;
use smartlink_proto::telemetry as proto;

use super::{client, VehicleNumber, ACT, READ};
use crate::{
    desk::{Call, Desk},
    methods::{devices::ours, limit, Done},
    refusal::{Code, Refusal},
    table::{Effect, Method},
    types::{
        Area, CargoRange, Datum, TelemetryChange, VehicleState, VehicleStates, Vehicles, Whole,
    },
    upstream::refusal,
};

pub(super) fn methods() -> Vec<Method> {
    use Effect::{Changes, Reads};
    vec![
        Method::call(
            "telemetry_vehicle",
            Reads,
            READ,
            "How a vehicle was when it was last heard from.",
            vehicle,
        ),
        Method::call(
            "telemetry_vehicles",
            Reads,
            READ,
            "How vehicles were when they were last heard from, in the order of their numbers.",
            vehicles,
        ),
        Method::call(
            "telemetry_set_capacities",
            Changes,
            ACT,
            "Says how large a vehicle's tank and battery are and how warm its cargo may be, all of it anew.",
            set_capacities,
        ),
        Method::subscription(
            ["telemetry_subscribe", "telemetry_changed", "telemetry_unsubscribe"],
            READ,
            "Follows vehicles and alerts: how vehicles are now, then every change of them and of alerts.",
            changes,
        ),
    ]
}

/// One vehicle.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OneVehicle {
    /// Its number.
    vehicle: VehicleNumber,
    /// What coordinates are in. wgs84 where nothing is said.
    #[serde(default)]
    datum: Datum,
}

/// A page of vehicles.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct VehiclesPage {
    /// `next` of the page before. Missing: from the first on.
    after: Option<u32>,
    /// How many, at most. 50 where nothing is said.
    limit: Option<Whole<1, 500>>,
    /// Only those whose last believed position is in it.
    area: Option<Area>,
    /// Only those that are online, or are not.
    online: Option<bool>,
    /// What coordinates are in, those of `area` as well. wgs84 where nothing is said.
    #[serde(default)]
    datum: Datum,
}

/// What a vehicle holds.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Capacities {
    /// The vehicle of the company.
    vehicle: VehicleNumber,
    /// Millilitres of the tank. Missing: not known.
    tank_ml: Option<u32>,
    /// Watt hours of the traction battery. Missing: not known.
    battery_wh: Option<u32>,
    /// Between which temperatures the cargo has to stay. Missing: as the rules say.
    cargo: Option<CargoRange>,
}

/// What is followed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Follow {
    /// Only these vehicles and their alerts. Missing or empty: all.
    #[serde(default)]
    vehicles: Vehicles,
    /// Only states within it, and the first one outside after each. Alerts come wherever they are.
    area: Option<Area>,
    /// Alerts alone, without states.
    #[serde(default)]
    alerts_only: bool,
    /// What coordinates are in, those of `area` as well. wgs84 where nothing is said.
    #[serde(default)]
    datum: Datum,
}

async fn vehicle(desk: Desk, _: Call, params: OneVehicle) -> Result<VehicleState, Refusal> {
    let request = proto::VehicleRequest { vehicle: params.vehicle.0 };
    let reply = client(&desk)?.get_vehicle(request).await.map_err(refusal)?;
    Ok(VehicleState::read(reply.into_inner(), params.datum))
}

async fn vehicles(desk: Desk, _: Call, params: VehiclesPage) -> Result<VehicleStates, Refusal> {
    let request = proto::ListVehiclesRequest {
        after: params.after.unwrap_or(0),
        limit: limit(params.limit),
        r#box: params.area.map(|area| area.write(params.datum)),
        online: params.online,
    };
    let reply = client(&desk)?.list_vehicles(request).await.map_err(refusal)?;
    Ok(VehicleStates::read(reply.into_inner(), params.datum))
}

async fn set_capacities(desk: Desk, _: Call, params: Capacities) -> Result<Done, Refusal> {
    let mut telemetry = client(&desk)?;
    let request = proto::SetCapacitiesRequest {
        vehicle: ours(&desk, Some(params.vehicle)).await?,
        tank_ml: params.tank_ml,
        battery_wh: params.battery_wh,
        cargo: params.cargo.map(CargoRange::write),
    };
    telemetry.set_capacities(request).await.map_err(refusal)?;
    Ok(Done {})
}

type Changes = BoxStream<'static, Result<TelemetryChange, Refusal>>;

async fn changes(desk: Desk, _: Call, params: Follow) -> Result<Changes, Refusal> {
    let datum = params.datum;
    let request = proto::FollowRequest {
        vehicles: params.vehicles.0,
        r#box: params.area.map(|area| area.write(datum)),
        alerts_only: params.alerts_only,
    };
    let changes = client(&desk)?.follow(request).await.map_err(refusal)?.into_inner();
    let pushed = changes.filter_map(move |change| {
        ready(match change {
            Ok(change) => TelemetryChange::read(change, datum).map(Ok),
            // By the name that every subscription has for it.
            Err(status) if status.code() == tonic::Code::DataLoss => {
                Some(Err(Code::SlowReader.into()))
            }
            Err(status) => Some(Err(refusal(status))),
        })
    });
    Ok(pushed.boxed())
}
