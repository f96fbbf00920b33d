//! What riders do.

use schemars::JsonSchema;
use serde::Deserialize;
use smartlink_proto::orders as proto;

use super::{OneOrder, OrdersPage};
use crate::{
    desk::{Call, Desk},
    identity::Roles,
    refusal::{Code, Refusal},
    table::{Access, Effect, Method},
    types::{Id, Key, Order, OrderState, Orders, Party, Place, Text, Track, VehicleClass, Whole},
    upstream::refusal,
};

/// A position that is older is not shown.
const FRESH_MS: u64 = 60_000;

pub(super) fn methods() -> Vec<Method> {
    use Effect::{Changes, Reads};
    let riders = Access::Any(Roles::RIDER);
    vec![
        Method::call(
            "rider_quote",
            Changes,
            riders,
            "What a ride would cost. The price holds until quote.valid_until_ms.",
            quote,
        ),
        Method::call(
            "rider_place",
            Changes,
            riders,
            "Turns a quote into an order: at once, or booked when the quote named a time.",
            place,
        ),
        Method::call(
            "rider_cancel",
            Changes,
            riders,
            "Ends an order before the trip. By whose fault decides the fee.",
            cancel,
        ),
        Method::call(
            "rider_rate",
            Changes,
            riders,
            "Rates the driver, once, after the trip.",
            rate,
        ),
        Method::call("rider_order", Reads, riders, "One order of the rider's.", order),
        Method::call(
            "rider_orders",
            Reads,
            riders,
            "The rider's orders, the newest first.",
            orders,
        ),
        Method::call("rider_track", Reads, riders, "Where the driver is, and how far.", track),
    ]
}

/// From where to where.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Quote {
    /// For this command.
    idempotency_key: Key,
    /// From where.
    origin: Place,
    /// To where.
    destination: Place,
    /// With what.
    class: VehicleClass,
    /// When the rider wants to be fetched, in milliseconds of the Unix epoch. Missing: now.
    pickup_at_ms: Option<u64>,
}

/// One order of the caller's.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Command {
    /// For this command.
    pub idempotency_key: Key,
    /// The order.
    pub order: Id,
}

/// An order that shall not be.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Cancel {
    /// For this command.
    pub idempotency_key: Key,
    /// The order.
    pub order: Id,
    /// Why, for people.
    #[serde(default)]
    pub reason: Text<200>,
}

/// Stars for the other one.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Rate {
    /// For this command.
    pub idempotency_key: Key,
    /// The order.
    pub order: Id,
    /// 1 to 5.
    pub stars: Whole<1, 5>,
}

/// An order that came back from a command, or from reading it. Another's does not exist.
fn own(order: proto::Order, rider: u64) -> Result<Order, Refusal> {
    if order.rider != rider {
        return Err(Code::NotFound.into());
    }
    Ok(Order::for_rider(order))
}

async fn quote(desk: Desk, call: Call, params: Quote) -> Result<Order, Refusal> {
    let rider = call.account()?;
    let (origin, destination) =
        (proto::Place::from(params.origin), proto::Place::from(params.destination));
    let ends = [&origin, &destination].map(|place| (place.latitude_e6, place.longitude_e6));
    let journey = desk.upstream.travel(ends[0], ends[1]).await?;
    let request = proto::QuoteRequest {
        idempotency_key: params.idempotency_key.of(rider),
        rider,
        origin: Some(origin),
        destination: Some(destination),
        class: params.class.write(),
        pickup_at_ms: params.pickup_at_ms.unwrap_or(0),
        // Nobody is driven for nothing: who stays where she is pays for a metre and a second.
        distance_m: journey.distance_m.max(1),
        duration_s: journey.duration_s.max(1),
    };
    let reply = desk.upstream.orders().quote(request).await.map_err(refusal)?;
    own(reply.into_inner(), rider)
}

async fn place(desk: Desk, call: Call, params: Command) -> Result<Order, Refusal> {
    let rider = call.account()?;
    let idempotency_key = params.idempotency_key.of(rider);
    let request = proto::OrderCommand { idempotency_key, order: params.order.0, rider };
    let reply = desk.upstream.orders().place(request).await.map_err(refusal)?;
    own(reply.into_inner(), rider)
}

async fn cancel(desk: Desk, call: Call, params: Cancel) -> Result<Order, Refusal> {
    let rider = call.account()?;
    let request = proto::CancelRequest {
        idempotency_key: params.idempotency_key.of(rider),
        order: params.order.0,
        by: Party::Rider.write(),
        who: rider,
        reason: params.reason.0,
        fault: 0,
    };
    let reply = desk.upstream.orders().cancel(request).await.map_err(refusal)?;
    own(reply.into_inner(), rider)
}

async fn rate(desk: Desk, call: Call, params: Rate) -> Result<Order, Refusal> {
    let rider = call.account()?;
    let request = proto::RateRequest {
        idempotency_key: params.idempotency_key.of(rider),
        order: params.order.0,
        by: Party::Rider.write(),
        who: rider,
        stars: params.stars.0,
    };
    let reply = desk.upstream.orders().rate(request).await.map_err(refusal)?;
    own(reply.into_inner(), rider)
}

async fn order(desk: Desk, call: Call, params: OneOrder) -> Result<Order, Refusal> {
    own(desk.upstream.order(params.order.0).await?, call.account()?)
}

async fn orders(desk: Desk, call: Call, params: OrdersPage) -> Result<Orders, Refusal> {
    let request = params.request(call.account()?, 0);
    let reply = desk.upstream.orders().list(request).await.map_err(refusal)?;
    Ok(Orders::seen(reply.into_inner(), Order::for_rider))
}

async fn track(desk: Desk, call: Call, params: OneOrder) -> Result<Track, Refusal> {
    let order = own(desk.upstream.order(params.order.0).await?, call.account()?)?;
    let mut track = Track {
        order: order.id,
        state: order.state,
        position: None,
        eta_s: None,
        distance_m: None,
    };
    let goal = match order.state {
        Some(OrderState::Accepted | OrderState::Arriving | OrderState::Arrived) => order.origin,
        Some(OrderState::PickedUp | OrderState::InTrip) => order.destination,
        _ => None,
    };
    let driver = order.offer.map(|offer| offer.driver);
    let Some((goal, driver)) = goal.zip(driver) else { return Ok(track) };
    let Some(position) = desk.upstream.position(driver).await? else { return Ok(track) };
    if position.at_ms.saturating_add(FRESH_MS) <= desk.clock.now_ms() {
        return Ok(track);
    }
    track.position = Some(position);
    let from = (position.latitude.0, position.longitude.0);
    let travel = desk.upstream.travel(from, (goal.latitude.0, goal.longitude.0)).await?;
    (track.eta_s, track.distance_m) = (Some(travel.duration_s), Some(travel.distance_m));
    Ok(track)
}
