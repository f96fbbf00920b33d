//! What those see who look after vehicles and drivers.

use schemars::JsonSchema;
use serde::Deserialize;
use smartlink_proto::{dispatch, orders as proto};

use super::{limit, DriversPage, OneOrder, OrdersQuery};
use crate::{
    desk::{Call, Desk},
    identity::Roles,
    refusal::Refusal,
    table::{Access, Effect, Method},
    types::{Drivers, Latitude, Longitude, Nearby, Order, Orders, Whole},
    upstream::refusal,
};

pub(super) fn methods() -> Vec<Method> {
    use Effect::Reads;
    let staff = Roles::FLEET.and(Roles::OPERATIONS);
    let readers = staff.and(Roles::AUDITOR);
    vec![
        Method::call(
            "fleet_drivers",
            Reads,
            Access::Any(readers.and(Roles::PERSONNEL)),
            "Drivers on duty, in the order of their ids.",
            drivers,
        ),
        Method::call(
            "fleet_orders",
            Reads,
            Access::Any(readers.and(Roles::FINANCE)),
            "Orders of the company, the newest first, without their riders.",
            orders,
        ),
        Method::call(
            "fleet_order",
            Reads,
            Access::Any(readers.and(Roles::FINANCE)),
            "One order of the company, without its rider.",
            order,
        ),
        Method::call(
            "fleet_nearby",
            Reads,
            Access::Any(staff),
            "Drivers with a fresh position in a circle, the nearest first.",
            nearby,
        ),
    ]
}

/// A circle.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Circle {
    /// Of its centre.
    latitude: Latitude,
    /// Of its centre.
    longitude: Longitude,
    /// Metres.
    radius_m: Whole<1, 50_000>,
    /// How many, at most. 50 where nothing is said.
    limit: Option<Whole<1, 500>>,
}

/// Drivers near a place.
#[derive(serde::Serialize, JsonSchema)]
struct Around {
    /// The nearest first.
    drivers: Vec<Nearby>,
}

pub(super) async fn drivers(desk: Desk, _: Call, params: DriversPage) -> Result<Drivers, Refusal> {
    let after = params.after.unwrap_or(0);
    let request = proto::ListDriversRequest { after, limit: limit(params.limit) };
    let reply = desk.upstream.orders().list_drivers(request).await.map_err(refusal)?;
    Ok(reply.into_inner().into())
}

async fn orders(desk: Desk, _: Call, params: OrdersQuery) -> Result<Orders, Refusal> {
    params.page(&desk, Order::for_fleet).await
}

async fn order(desk: Desk, _: Call, params: OneOrder) -> Result<Order, Refusal> {
    Ok(Order::for_fleet(desk.upstream.order(params.order.0).await?))
}

async fn nearby(desk: Desk, _: Call, params: Circle) -> Result<Around, Refusal> {
    let request = dispatch::NearbyRequest {
        latitude_e6: params.latitude.0,
        longitude_e6: params.longitude.0,
        radius_m: params.radius_m.0,
        limit: limit(params.limit),
    };
    let reply = desk.upstream.dispatch().nearby(request).await.map_err(refusal)?;
    let positions = reply.into_inner().positions.into_iter();
    let drivers = positions
        .map(|position| Nearby { driver: position.driver, position: position.into() })
        .collect();
    Ok(Around { drivers })
}
