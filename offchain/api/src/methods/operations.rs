//! What the company's operations and auditors do.

use std::sync::atomic::Ordering::Relaxed;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smartlink_proto::{dispatch, notify, orders as proto};

use super::{before, fleet, limit, Done, Nothing, OneOrder, OrdersQuery, Page};
use crate::{
    audit,
    desk::{Call, Desk},
    identity::Roles,
    refusal::{Code, Refusal},
    table::{Access, Effect, Method},
    types::{
        AuditPage, Batches, Configuration, DeadLetters, Explanation, Figures, History, Id, Key,
        Order, OrderState, Orders, Party, StateCount, Text, Whole,
    },
    upstream::refusal,
};

pub(super) fn methods() -> Vec<Method> {
    use Effect::{Changes, Reads};
    let readers = Roles::OPERATIONS.and(Roles::AUDITOR);
    let read = Access::Any(readers);
    let act = Access::Any(Roles::OPERATIONS);
    vec![
        Method::call("ops_orders", Reads, read, "All orders, the newest first.", orders),
        Method::call("ops_order", Reads, read, "One order.", order),
        Method::call("ops_history", Reads, read, "Everything that happened to an order.", history),
        Method::call(
            "ops_explain",
            Reads,
            read,
            "Why an order was offered to whom, and why to nobody else.",
            explain,
        ),
        Method::call(
            "ops_cancel",
            Changes,
            act,
            "Ends an order before the trip, and says whose fault it was.",
            cancel,
        ),
        Method::call(
            "ops_release",
            Changes,
            act,
            "Puts a ride that the chain refused into a batch again, when the cause is gone.",
            release,
        ),
        Method::call("ops_drivers", Reads, read, "Drivers on duty.", fleet::drivers),
        Method::call(
            "ops_batches",
            Reads,
            Access::Any(readers.and(Roles::FINANCE)),
            "Batches on their way to the chain, the newest first.",
            batches,
        ),
        Method::call("ops_figures", Reads, read, "Figures of the services.", figures),
        Method::call(
            "ops_configuration",
            Reads,
            Access::Any(Roles::OPERATIONS.and(Roles::ADMIN)),
            "What is set in the process that answers, and where each value came from. Secrets are \"***\".",
            configuration,
        ),
        Method::call(
            "ops_audit",
            Reads,
            Access::Any(readers.and(Roles::ADMIN)),
            "The audit log, the newest first.",
            audit_log,
        ),
        Method::call(
            "ops_revoke",
            Changes,
            Access::Any(Roles::OPERATIONS.and(Roles::ADMIN)),
            "Ends all sessions of an account, at once.",
            revoke,
        ),
        Method::call(
            "ops_dead_letters",
            Reads,
            read,
            "Deliveries of messages that were given up, the newest first.",
            dead_letters,
        ),
        Method::call("ops_redeliver", Changes, act, "Tries a dead letter once more.", redeliver),
    ]
}

/// A ride that may go into a batch again.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Release {
    /// For this command.
    idempotency_key: Key,
    /// The order.
    order: Id,
}

/// An order that the company ends.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Cancel {
    /// For this command.
    idempotency_key: Key,
    /// The order.
    order: Id,
    /// Whose fault it was: it decides the fee.
    fault: Party,
    /// Why, for people.
    #[serde(default)]
    reason: Text<200>,
}

/// What is looked for in the audit log.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AuditQuery {
    /// `next` of the page before. Missing: from the newest on.
    before: Option<Id>,
    /// How many, at most. 50 where nothing is said.
    limit: Option<Whole<1, 500>>,
    /// Only of this account.
    account: Option<Id>,
    /// Only of this method.
    method: Option<Text<64>>,
    /// Only from this millisecond of the Unix epoch on.
    from_ms: Option<u64>,
    /// Only before this millisecond of the Unix epoch.
    until_ms: Option<u64>,
}

/// An account.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Revoke {
    /// Its id in this api.
    account: Id,
}

/// What was ended.
#[derive(Serialize, JsonSchema)]
struct Revoked {
    /// Sessions.
    sessions: u32,
}

/// A dead letter.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Redeliver {
    /// Its id.
    id: Id,
}

async fn orders(desk: Desk, _: Call, params: OrdersQuery) -> Result<Orders, Refusal> {
    params.page(&desk, Order::for_staff).await
}

async fn order(desk: Desk, _: Call, params: OneOrder) -> Result<Order, Refusal> {
    Ok(Order::for_staff(desk.upstream.order(params.order.0).await?))
}

async fn history(desk: Desk, _: Call, params: OneOrder) -> Result<History, Refusal> {
    let request = proto::GetRequest { order: params.order.0 };
    let reply = desk.upstream.orders().history(request).await.map_err(refusal)?;
    Ok(reply.into_inner().into())
}

async fn explain(desk: Desk, _: Call, params: OneOrder) -> Result<Explanation, Refusal> {
    let request = dispatch::ExplainRequest { order: params.order.0 };
    let reply = desk.upstream.dispatch().explain(request).await.map_err(refusal)?;
    Ok(reply.into_inner().into())
}

async fn cancel(desk: Desk, call: Call, params: Cancel) -> Result<Order, Refusal> {
    let request = proto::CancelRequest {
        idempotency_key: params.idempotency_key.of(call.account()?),
        order: params.order.0,
        by: Party::Company.write(),
        who: 0,
        reason: params.reason.0,
        fault: params.fault.write(),
    };
    let reply = desk.upstream.orders().cancel(request).await.map_err(refusal)?;
    Ok(Order::for_staff(reply.into_inner()))
}

async fn release(desk: Desk, call: Call, params: Release) -> Result<Order, Refusal> {
    let request = proto::ReleaseRequest {
        idempotency_key: params.idempotency_key.of(call.account()?),
        order: params.order.0,
    };
    let reply = desk.upstream.orders().release(request).await.map_err(refusal)?;
    Ok(Order::for_staff(reply.into_inner()))
}

async fn batches(desk: Desk, _: Call, params: Page) -> Result<Batches, Refusal> {
    let request =
        proto::BatchesRequest { before: before(params.before), limit: limit(params.limit) };
    let reply = desk.upstream.orders().batches(request).await.map_err(refusal)?;
    Ok(reply.into_inner().into())
}

async fn figures(desk: Desk, _: Call, _: Nothing) -> Result<Figures, Refusal> {
    let (mut orders, mut dispatch) = (desk.upstream.orders(), desk.upstream.dispatch());
    let (orders, dispatch) = tokio::try_join!(
        orders.figures(proto::FiguresRequest {}),
        dispatch.figures(dispatch::FiguresRequest {}),
    )
    .map_err(refusal)?;
    let (orders, dispatch) = (orders.into_inner(), dispatch.into_inner());
    let (calls, shed) = desk.load.figures();
    let head = desk.store.audit_head();
    let open = orders
        .open
        .into_iter()
        .map(|count| StateCount { state: OrderState::read(count.state), orders: count.orders });
    Ok(Figures {
        open: open.collect(),
        drivers_on_duty: orders.drivers_on_duty,
        events: orders.events,
        batches_closed: orders.batches_closed,
        batches_settled: orders.batches_settled,
        halted: orders.halted,
        ticks: dispatch.ticks,
        drivers_with_fresh_position: dispatch.drivers_with_fresh_position,
        orders_searching: dispatch.orders_searching,
        offers: dispatch.offers,
        last_tick_us: dispatch.last_tick_us,
        calls,
        shed,
        unidentified: desk.unidentified.load(Relaxed),
        audit_entries: head.sequence,
        audit_head: hex::encode(head.hash),
    })
}

async fn configuration(desk: Desk, _: Call, _: Nothing) -> Result<Configuration, Refusal> {
    Ok((desk.settings)().into())
}

async fn audit_log(desk: Desk, _: Call, params: AuditQuery) -> Result<AuditPage, Refusal> {
    let query = audit::Query {
        before: before(params.before),
        limit: limit(params.limit) as usize,
        account: params.account.map(|account| account.0),
        method: params.method.map(|method| method.0),
        from_ms: params.from_ms.unwrap_or(0),
        until_ms: params.until_ms.unwrap_or(u64::MAX),
    };
    let store = desk.store.clone();
    let page = tokio::task::spawn_blocking(move || audit::page(&store, &query)).await;
    Ok(page.map_err(|_| Code::Internal)??)
}

async fn revoke(desk: Desk, _: Call, params: Revoke) -> Result<Revoked, Refusal> {
    if !desk.sessions.knows(params.account.0)? {
        return Err(Code::NotFound.into());
    }
    Ok(Revoked { sessions: desk.sessions.end_all(params.account.0).await? })
}

async fn dead_letters(desk: Desk, _: Call, params: Page) -> Result<DeadLetters, Refusal> {
    let request =
        notify::DeadLettersRequest { before: before(params.before), limit: limit(params.limit) };
    let reply = desk.upstream.notify().dead_letters(request).await.map_err(refusal)?;
    Ok(reply.into_inner().into())
}

async fn redeliver(desk: Desk, _: Call, params: Redeliver) -> Result<Done, Refusal> {
    let request = notify::RedeliverRequest { id: params.id.0 };
    desk.upstream.notify().redeliver(request).await.map_err(refusal)?;
    Ok(Done {})
}
