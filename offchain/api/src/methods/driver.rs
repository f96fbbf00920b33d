//! What drivers do.

use schemars::JsonSchema;
use serde::Deserialize;
use smartlink_primitives::vehicle::VehicleClass as OnChain;
use smartlink_proto::{dispatch, orders as proto};
use tonic::Code as Grpc;

use super::{
    rider::{Cancel, Command, Rate},
    Nothing, OneOrder, OrdersPage,
};
use crate::{
    desk::{Call, Desk},
    identity::Roles,
    people::Seated,
    refusal::{Code, Refusal},
    table::{Access, Effect, Method},
    types::{
        Driver, DutyState, Earnings, Id, Key, Money, Order, Orders, Party, Position, Reported,
        Text, VehicleClass,
    },
    upstream::{away, refusal},
};

/// Positions in one report.
const POSITIONS: usize = 100;

pub(super) fn methods() -> Vec<Method> {
    use Effect::{Changes, Reads, Reports};
    let drivers = Access::Any(Roles::DRIVER);
    let call = "The driver takes orders from now on, with this vehicle.";
    vec![
        Method::call("driver_on_duty", Changes, drivers, call, on_duty),
        Method::call(
            "driver_off_duty",
            Changes,
            drivers,
            "The driver takes no more orders. Refused while there is one.",
            off_duty,
        ),
        Method::call("driver_state", Reads, drivers, "What the driver has to do now.", state),
        Method::call(
            "driver_report",
            Reports,
            drivers,
            "Where the driver was: 1 to 100 positions. One that is older than the last is ignored.",
            report,
        ),
        Method::call(
            "driver_accept",
            Changes,
            drivers,
            "Takes an offer, if it is still the one that stands.",
            accept,
        ),
        Method::call(
            "driver_decline",
            Changes,
            drivers,
            "Refuses an offer. The order is never offered to this driver again.",
            decline,
        ),
        Method::call("driver_set_off", Changes, drivers, "Sets off to the pick-up.", set_off),
        Method::call(
            "driver_arrive",
            Changes,
            drivers,
            "Is at the pick-up: waiting counts from here.",
            arrive,
        ),
        Method::call(
            "driver_pick_up",
            Changes,
            drivers,
            "The rider is in the vehicle and has told the start code.",
            pick_up,
        ),
        Method::call("driver_start", Changes, drivers, "The trip begins.", start),
        Method::call(
            "driver_complete",
            Changes,
            drivers,
            "The trip ends. The fare is computed here.",
            complete,
        ),
        Method::call(
            "driver_abandon",
            Changes,
            drivers,
            "Gives an accepted order back before the pick-up: another driver is looked for.",
            abandon,
        ),
        Method::call(
            "driver_no_show",
            Changes,
            drivers,
            "The rider did not come: ends the order.",
            no_show,
        ),
        Method::call(
            "driver_rate",
            Changes,
            drivers,
            "Rates the rider, once, after the trip.",
            rate,
        ),
        Method::call("driver_order", Reads, drivers, "One order of the driver's.", order),
        Method::call(
            "driver_orders",
            Reads,
            drivers,
            "The driver's orders, the newest first.",
            orders,
        ),
        Method::call(
            "driver_earnings",
            Reads,
            drivers,
            "What the company owes the driver, from the chain.",
            earnings,
        ),
    ]
}

/// A vehicle to drive.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OnDuty {
    /// For this command.
    idempotency_key: Key,
    /// Its id on the chain.
    vehicle: u32,
}

/// A command without more to say.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OffDuty {
    /// For this command.
    idempotency_key: Key,
}

/// Positions.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Report {
    /// The oldest first.
    #[schemars(length(min = 1, max = 100))]
    positions: Vec<Position>,
}

/// One offer of an order.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Answer {
    /// For this command.
    idempotency_key: Key,
    /// The order.
    order: Id,
    /// offer.attempt of the order: which of its offers is meant.
    attempt: u32,
}

/// A rider in the vehicle.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PickUp {
    /// For this command.
    idempotency_key: Key,
    /// The order.
    order: Id,
    /// Four digits, as the rider tells them.
    start_code: Text<8>,
}

/// The end of a trip.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Complete {
    /// For this command.
    idempotency_key: Key,
    /// The order.
    order: Id,
    /// Metres that were driven.
    distance_m: u32,
    /// Tolls in hundredths of a CNY.
    #[serde(default)]
    tolls_fen: u32,
}

/// Whether the order is the driver's: offered, accepted or done.
pub(super) fn is_of(order: &proto::Order, driver: u32) -> bool {
    order.offer.as_ref().is_some_and(|offer| offer.driver == driver && driver != 0)
}

/// The answer to a command. What was declined or given back is shown without who has it now.
fn after(mut order: proto::Order, driver: u32) -> Order {
    if !is_of(&order, driver) {
        order.offer = None;
    }
    Order::for_driver(order)
}

fn class_of(class: OnChain) -> Result<VehicleClass, Refusal> {
    match class {
        OnChain::Economy => Ok(VehicleClass::Economy),
        OnChain::Comfort => Ok(VehicleClass::Comfort),
        OnChain::Premium => Ok(VehicleClass::Premium),
        OnChain::Van => Ok(VehicleClass::Van),
        OnChain::LightTruck | OnChain::HeavyTruck | OnChain::Refrigerated => {
            let goods = "the vehicle carries goods, and no riders: choose another";
            Err(Refusal::new(Code::Invalid, goods))
        }
    }
}

async fn on_duty(desk: Desk, call: Call, params: OnDuty) -> Result<Driver, Refusal> {
    let (account, Seated { driver, seat }) = (call.account()?, call.driver()?);
    let vehicle = desk.people.vehicle(params.vehicle).await.map_err(away)?;
    // Another company's vehicle does not exist here.
    let ours = vehicle.filter(|known| known.owner.0 == desk.config.company);
    let vehicle = ours.ok_or(Code::NotFound)?;
    if !vehicle.in_service {
        let said = "the vehicle is not in service: choose another, or have the fleet change it";
        return Err(Refusal::new(Code::Refused, said));
    }
    let request = proto::OnDutyRequest {
        idempotency_key: params.idempotency_key.of(account),
        driver,
        vehicle: params.vehicle,
        seat,
        class: class_of(vehicle.class)?.write(),
    };
    let reply = desk.upstream.orders().go_on_duty(request).await.map_err(refusal)?;
    Ok(reply.into_inner().into())
}

async fn off_duty(desk: Desk, call: Call, params: OffDuty) -> Result<Driver, Refusal> {
    let idempotency_key = params.idempotency_key.of(call.account()?);
    let request = proto::OffDutyRequest { idempotency_key, driver: call.driver()?.driver };
    let reply = desk.upstream.orders().go_off_duty(request).await.map_err(refusal)?;
    Ok(reply.into_inner().into())
}

async fn state(desk: Desk, call: Call, _: Nothing) -> Result<DutyState, Refusal> {
    let request = proto::GetDriverRequest { driver: call.driver()?.driver };
    match desk.upstream.orders().get_driver(request).await {
        Ok(reply) => Ok(DutyState { driver: Some(reply.into_inner().into()) }),
        Err(status) if status.code() == Grpc::NotFound => Ok(DutyState { driver: None }),
        Err(status) => Err(refusal(status)),
    }
}

async fn report(desk: Desk, call: Call, params: Report) -> Result<Reported, Refusal> {
    let driver = call.driver()?.driver;
    if params.positions.is_empty() {
        return Err(Refusal::new(Code::InvalidParams, "a report has at least one position"));
    }
    if params.positions.len() > POSITIONS {
        return Err(Refusal::new(Code::InvalidParams, "a report has at most 100 positions"));
    }
    let positions = params.positions.into_iter().map(|position| position.of(driver)).collect();
    let request = dispatch::ReportRequest { positions };
    let reply = desk.upstream.dispatch().report(request).await.map_err(refusal)?;
    Ok(Reported { taken: reply.into_inner().taken })
}

async fn accept(desk: Desk, call: Call, params: Answer) -> Result<Order, Refusal> {
    let (request, driver) = answer(&call, params)?;
    let reply = desk.upstream.orders().accept(request).await.map_err(refusal)?;
    Ok(after(reply.into_inner(), driver))
}

async fn decline(desk: Desk, call: Call, params: Answer) -> Result<Order, Refusal> {
    let (request, driver) = answer(&call, params)?;
    let reply = desk.upstream.orders().decline(request).await.map_err(refusal)?;
    Ok(after(reply.into_inner(), driver))
}

fn answer(call: &Call, params: Answer) -> Result<(proto::AcceptRequest, u32), Refusal> {
    let driver = call.driver()?.driver;
    let idempotency_key = params.idempotency_key.of(call.account()?);
    let (order, attempt) = (params.order.0, params.attempt);
    Ok((proto::AcceptRequest { idempotency_key, order, driver, attempt }, driver))
}

fn command(call: &Call, params: &Command) -> Result<(proto::DriverCommand, u32), Refusal> {
    let driver = call.driver()?.driver;
    let idempotency_key = params.idempotency_key.of(call.account()?);
    Ok((proto::DriverCommand { idempotency_key, order: params.order.0, driver }, driver))
}

async fn set_off(desk: Desk, call: Call, params: Command) -> Result<Order, Refusal> {
    let (request, driver) = command(&call, &params)?;
    let reply = desk.upstream.orders().set_off(request).await.map_err(refusal)?;
    Ok(after(reply.into_inner(), driver))
}

async fn arrive(desk: Desk, call: Call, params: Command) -> Result<Order, Refusal> {
    let (request, driver) = command(&call, &params)?;
    let reply = desk.upstream.orders().arrive(request).await.map_err(refusal)?;
    Ok(after(reply.into_inner(), driver))
}

async fn pick_up(desk: Desk, call: Call, params: PickUp) -> Result<Order, Refusal> {
    let driver = call.driver()?.driver;
    let request = proto::PickUpRequest {
        idempotency_key: params.idempotency_key.of(call.account()?),
        order: params.order.0,
        driver,
        start_code: params.start_code.0,
    };
    let reply = desk.upstream.orders().pick_up(request).await.map_err(refusal)?;
    Ok(after(reply.into_inner(), driver))
}

async fn start(desk: Desk, call: Call, params: Command) -> Result<Order, Refusal> {
    let (request, driver) = command(&call, &params)?;
    let reply = desk.upstream.orders().start(request).await.map_err(refusal)?;
    Ok(after(reply.into_inner(), driver))
}

async fn complete(desk: Desk, call: Call, params: Complete) -> Result<Order, Refusal> {
    let driver = call.driver()?.driver;
    let request = proto::CompleteRequest {
        idempotency_key: params.idempotency_key.of(call.account()?),
        order: params.order.0,
        driver,
        distance_m: params.distance_m,
        tolls_fen: params.tolls_fen,
    };
    let reply = desk.upstream.orders().complete(request).await.map_err(refusal)?;
    Ok(after(reply.into_inner(), driver))
}

async fn abandon(desk: Desk, call: Call, params: Command) -> Result<Order, Refusal> {
    let (request, driver) = command(&call, &params)?;
    let reply = desk.upstream.orders().abandon(request).await.map_err(refusal)?;
    Ok(after(reply.into_inner(), driver))
}

async fn no_show(desk: Desk, call: Call, params: Cancel) -> Result<Order, Refusal> {
    let driver = call.driver()?.driver;
    let request = proto::CancelRequest {
        idempotency_key: params.idempotency_key.of(call.account()?),
        order: params.order.0,
        by: Party::Driver.write(),
        who: driver.into(),
        reason: params.reason.0,
        fault: 0,
    };
    let reply = desk.upstream.orders().cancel(request).await.map_err(refusal)?;
    Ok(after(reply.into_inner(), driver))
}

async fn rate(desk: Desk, call: Call, params: Rate) -> Result<Order, Refusal> {
    let driver = call.driver()?.driver;
    let request = proto::RateRequest {
        idempotency_key: params.idempotency_key.of(call.account()?),
        order: params.order.0,
        by: Party::Driver.write(),
        who: driver.into(),
        stars: params.stars.0,
    };
    let reply = desk.upstream.orders().rate(request).await.map_err(refusal)?;
    Ok(after(reply.into_inner(), driver))
}

async fn order(desk: Desk, call: Call, params: OneOrder) -> Result<Order, Refusal> {
    let driver = call.driver()?.driver;
    let order = desk.upstream.order(params.order.0).await?;
    if !is_of(&order, driver) {
        return Err(Code::NotFound.into());
    }
    Ok(Order::for_driver(order))
}

async fn orders(desk: Desk, call: Call, params: OrdersPage) -> Result<Orders, Refusal> {
    let request = params.request(0, call.driver()?.driver);
    let reply = desk.upstream.orders().list(request).await.map_err(refusal)?;
    Ok(Orders::seen(reply.into_inner(), Order::for_driver))
}

async fn earnings(desk: Desk, call: Call, _: Nothing) -> Result<Earnings, Refusal> {
    let Seated { driver, .. } = call.driver()?;
    let ledger = desk.people.ledger(driver).await.map_err(away)?;
    let ledger = ledger.ok_or(Code::NotFound)?;
    Ok(Earnings {
        driver,
        seat: ledger.seat.0,
        account: ledger.account.to_string(),
        active: ledger.active,
        balance: Money(ledger.balance.units()),
    })
}
