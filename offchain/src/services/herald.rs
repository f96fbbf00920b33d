//! Tells riders what becomes of their orders.
//!
//! It follows the orders and sends a message for each change that a rider waits for. Every message has a
//! key of order and revision, so that none is sent twice, whatever is restarted.

use std::time::Duration;

use futures::StreamExt;
use smartlink_primitives::Money;
use smartlink_proto::{
    notify::{notify_client::NotifyClient, SendRequest},
    orders::{change::What, orders_client::OrdersClient, FollowRequest, Order, Party, State},
};
use smartlink_service::{CancellationToken, Transport};
use tonic::{Code, Status};

/// The revision of a quote that ended: placing it would have been one more.
const NEVER_PLACED: u64 = 2;
/// Attempts to hand a message over.
const ATTEMPTS: u32 = 5;
/// Time between two attempts to follow.
const PAUSE: Duration = Duration::from_secs(1);

/// Follows until told to stop.
pub(super) async fn run(orders: Transport, notify: Transport, stop: CancellationToken) {
    let (mut orders, mut notify) = (OrdersClient::new(orders), NotifyClient::new(notify));
    while !stop.is_cancelled() {
        tokio::select! {
            ended = follow(&mut orders, &mut notify) => {
                if let Err(status) = ended {
                    tracing::warn!(%status, "the orders cannot be followed");
                }
            }
            () = stop.cancelled() => return,
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = stop.cancelled() => return,
        }
    }
}

async fn follow(
    orders: &mut OrdersClient<Transport>,
    notify: &mut NotifyClient<Transport>,
) -> Result<(), Status> {
    let mut changes = orders.follow(FollowRequest::default()).await?.into_inner();
    while let Some(change) = changes.next().await {
        let Some(What::Order(order)) = change?.what else { continue };
        if let Some(message) = message(&order) {
            tell(notify, message).await;
        }
    }
    Ok(())
}

/// Sends a message, again and again while the service has no room. One that is refused for good must not
/// hold up all others.
async fn tell(notify: &mut NotifyClient<Transport>, message: SendRequest) {
    for attempt in 1..=ATTEMPTS {
        let Err(status) = notify.send(message.clone()).await else { return };
        let passes = matches!(status.code(), Code::Unavailable | Code::ResourceExhausted);
        if !passes || attempt == ATTEMPTS {
            tracing::warn!(order = message.order, %status, "a rider was not told");
            return;
        }
        tokio::time::sleep(PAUSE * attempt).await;
    }
}

/// What the rider is told of an order in this state. `None`: nothing.
fn message(order: &Order) -> Option<SendRequest> {
    let destination = order.destination.as_ref().map_or("", |place| place.name.as_str());
    let offer = order.offer.as_ref();
    let (title, body) = match order.state() {
        State::Accepted => {
            let minutes = offer.map_or(0, |offer| offer.eta_s.div_ceil(60));
            let vehicle = offer.map_or(0, |offer| offer.vehicle);
            (
                "A driver is coming".to_owned(),
                format!("Vehicle {vehicle} is with you in about {minutes} min."),
            )
        }
        State::Arrived => (
            "Your driver is there".to_owned(),
            "Tell her your start code when you get in.".to_owned(),
        ),
        State::Completed => {
            let price = order.receipt.as_ref()?;
            let total = Money(u128::from(price.fare) + u128::from(price.tolls));
            (
                format!("Your ride cost {total}"),
                format!("You are at {destination}. Please rate your ride."),
            )
        }
        // A quote that was given up, or not taken, was no order yet.
        State::Cancelled | State::Expired if order.revision <= NEVER_PLACED => return None,
        State::Cancelled => {
            let cancelled = order.cancellation.as_ref()?;
            let fee = Money(u128::from(cancelled.fee));
            // Only the company's own words go out in its name.
            let reason = match cancelled.by() {
                Party::Company => cancelled.reason.as_str(),
                _ => "",
            };
            ("Your order was cancelled".to_owned(), format!("The fee is {fee}. {reason}"))
        }
        State::Expired => {
            ("No driver was found".to_owned(), "Please try again in a few minutes.".to_owned())
        }
        State::Settled => {
            let settled = order.settlement.as_ref()?;
            let (batch, block) = (settled.batch, settled.block);
            (
                "Your ride is settled".to_owned(),
                format!("Batch {batch} is final in block {block} of the chain."),
            )
        }
        _ => return None,
    };
    Some(SendRequest {
        idempotency_key: format!("order-{}-{}", order.id, order.revision),
        account: order.rider,
        topic: "order".to_owned(),
        title,
        body,
        order: order.id,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use smartlink_proto::orders::Price;

    #[test]
    fn a_completed_ride_is_told_with_its_price_under_one_key() {
        let price = Price { fare: 40_800_000, tolls: 5_000_000, ..Default::default() };
        let mut order =
            Order { id: 7, rider: 3, revision: 9, receipt: Some(price), ..Default::default() };
        order.set_state(State::Completed);
        let told = message(&order).unwrap();
        assert_eq!(told.title, "Your ride cost ¥45.80");
        assert_eq!((told.account, told.idempotency_key.as_str()), (3, "order-7-9"));
        order.set_state(State::InTrip);
        assert_eq!(message(&order), None);
    }
}
