//! What is pushed: first how things are, then every change.

use futures::{
    stream::{self, BoxStream},
    StreamExt,
};
use smartlink_proto::{
    notify,
    orders::{self as proto, change::What},
};
use tonic::Streaming;

use super::{driver, Nothing, OneOrder};
use crate::{
    desk::{Call, Desk},
    identity::Roles,
    refusal::{Code, Refusal},
    table::{Access, Method},
    types::{Change, Driver, Id, Inbox, InboxChange, Order},
    upstream::refusal,
};

type Changes<T> = BoxStream<'static, Result<T, Refusal>>;

pub(super) fn methods() -> Vec<Method> {
    let staff = Roles::OPERATIONS.and(Roles::AUDITOR);
    let parties = Roles::RIDER.and(Roles::DRIVER);
    vec![
        Method::subscription(
            ["order_subscribe", "order_changed", "order_unsubscribe"],
            Access::Any(parties.and(staff)),
            "Follows one order: as it is now, then each time that it changes.",
            order,
        ),
        Method::subscription(
            ["driver_subscribe", "driver_changed", "driver_unsubscribe"],
            Access::Any(Roles::DRIVER),
            "Follows the driver's offers, orders and own state.",
            driver_changes,
        ),
        Method::subscription(
            ["ops_subscribe", "ops_changed", "ops_unsubscribe"],
            Access::Any(staff),
            "Follows everything: all that is open, then every change.",
            all,
        ),
        Method::subscription(
            ["inbox_subscribe", "inbox_changed", "inbox_unsubscribe"],
            Access::LoggedIn,
            "Follows the caller's inbox: the newest messages, then each new one.",
            inbox,
        ),
    ]
}

/// As whom the caller sees an order. `None`: not at all.
#[derive(Clone, Copy)]
enum Eyes {
    Rider(u64),
    Driver(u32),
    Staff,
}

impl Eyes {
    fn of(call: &Call, order: &proto::Order) -> Option<Self> {
        let identity = call.caller.as_deref()?;
        if identity.roles.meets(Roles::RIDER) && order.rider == identity.account {
            return Some(Self::Rider(identity.account));
        }
        let driver = identity.driver.map(|seated| seated.driver);
        if let Some(driver) = driver.filter(|driver| driver::is_of(order, *driver)) {
            return Some(Self::Driver(driver));
        }
        let staff = Roles::OPERATIONS.and(Roles::AUDITOR);
        identity.roles.meets(staff).then_some(Self::Staff)
    }

    fn see(self, order: proto::Order) -> Option<Order> {
        match self {
            Self::Rider(rider) => (order.rider == rider).then(|| Order::for_rider(order)),
            Self::Driver(driver) => driver::is_of(&order, driver).then(|| Order::for_driver(order)),
            Self::Staff => Some(Order::for_staff(order)),
        }
    }
}

async fn follow(
    desk: &Desk,
    request: proto::FollowRequest,
) -> Result<Streaming<proto::Change>, Refusal> {
    Ok(desk.upstream.orders().follow(request).await.map_err(refusal)?.into_inner())
}

/// Reads what is pushed first: the order, if it is there, and the place in the log up to which that counts.
async fn snapshot(
    changes: &mut Streaming<proto::Change>,
    id: u64,
) -> Result<(Option<proto::Order>, u64), Refusal> {
    let mut found = None;
    while let Some(change) = changes.message().await.map_err(refusal)? {
        match change.what {
            Some(What::Order(order)) if order.id == id => found = Some(order),
            Some(What::CaughtUp(_)) => return Ok((found, change.sequence)),
            _ => {}
        }
    }
    Err(Code::Unavailable.into())
}

async fn order(desk: Desk, call: Call, params: OneOrder) -> Result<Changes<Change>, Refusal> {
    let known = desk.upstream.order(params.order.0).await?;
    let eyes = Eyes::of(&call, &known).ok_or(Code::NotFound)?;
    let request = proto::FollowRequest { order: params.order.0, rider: 0, driver: 0 };
    let mut changes = follow(&desk, request).await?;
    let (snapshot, caught_up) = snapshot(&mut changes, params.order.0).await?;
    // What nothing can happen to any more may be in no snapshot. It is read after following, so that
    // nothing falls between the two.
    let now = match snapshot {
        Some(order) => order,
        None => desk.upstream.order(params.order.0).await?,
    };
    let id = Id(now.id);
    let seen = move |order: proto::Order| match eyes.see(order) {
        Some(order) => Change::Order { order: Box::new(order) },
        None => Change::Gone { order: id },
    };
    let first = stream::iter([Ok(seen(now)), Ok(Change::CaughtUp)]);
    let rest = changes.filter_map(move |change| {
        let pushed = match change {
            // By its place in the log, and not by the order's revision: that grows with the state alone,
            // and a rating or a settlement is a change as well.
            Ok(proto::Change { sequence, what: Some(What::Order(order)), .. })
                if sequence > caught_up && order.id == id.0 =>
            {
                Some(Ok(seen(order)))
            }
            Ok(_) => None,
            Err(status) => Some(Err(refusal(status))),
        };
        futures::future::ready(pushed)
    });
    Ok(first.chain(rest).boxed())
}

async fn driver_changes(desk: Desk, call: Call, _: Nothing) -> Result<Changes<Change>, Refusal> {
    let driver = call.driver()?.driver;
    let changes = follow(&desk, proto::FollowRequest { order: 0, rider: 0, driver }).await?;
    let pushed = changes.filter_map(move |change| {
        let pushed = match change {
            Ok(change) => change.what.and_then(|what| match what {
                What::Order(order) if driver::is_of(&order, driver) => {
                    Some(Ok(Change::Order { order: Box::new(Order::for_driver(order)) }))
                }
                What::Order(order) => Some(Ok(Change::Gone { order: Id(order.id) })),
                What::Driver(who) if who.id == driver => {
                    Some(Ok(Change::Driver { driver: Driver::from(who) }))
                }
                What::Driver(_) => None,
                What::CaughtUp(_) => Some(Ok(Change::CaughtUp)),
            }),
            Err(status) => Some(Err(refusal(status))),
        };
        futures::future::ready(pushed)
    });
    Ok(pushed.boxed())
}

async fn all(desk: Desk, _: Call, _: Nothing) -> Result<Changes<Change>, Refusal> {
    let changes = follow(&desk, proto::FollowRequest { order: 0, rider: 0, driver: 0 }).await?;
    let pushed = changes.filter_map(|change| {
        let pushed = match change {
            Ok(change) => change.what.map(|what| {
                Ok(match what {
                    What::Order(order) => {
                        Change::Order { order: Box::new(Order::for_staff(order)) }
                    }
                    What::Driver(driver) => Change::Driver { driver: driver.into() },
                    What::CaughtUp(_) => Change::CaughtUp,
                })
            }),
            Err(status) => Some(Err(refusal(status))),
        };
        futures::future::ready(pushed)
    });
    Ok(pushed.boxed())
}

/// Messages that are pushed at the beginning.
const FIRST: u32 = 20;

async fn inbox(desk: Desk, call: Call, _: Nothing) -> Result<Changes<InboxChange>, Refusal> {
    let account = call.account()?;
    let watch = notify::WatchRequest { account };
    let messages = desk.upstream.notify().watch(watch).await.map_err(refusal)?.into_inner();
    let request = notify::InboxRequest { account, before: 0, limit: FIRST };
    let page = desk.upstream.notify().inbox(request).await.map_err(refusal)?.into_inner();
    let newest = page.messages.iter().map(|message| message.id).max().unwrap_or(0);
    let first = stream::iter([Ok(InboxChange::Inbox { inbox: Inbox::from(page) })]);
    let rest = messages.filter_map(move |message| {
        let pushed = match message {
            // It came between watching and reading, and is in the page.
            Ok(message) if message.id <= newest => None,
            Ok(message) => Some(Ok(InboxChange::Message { message: message.into() })),
            Err(status) => Some(Err(refusal(status))),
        };
        futures::future::ready(pushed)
    });
    Ok(first.chain(rest).boxed())
}
