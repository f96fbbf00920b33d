//! What a rider is told of an order.
//!
//! Each message has a key of the fact that it tells, not of the moment at which it was heard: whoever hears of the
//! same fact again, late or with later ones, tells it once.

use smartlink_primitives::Money;
use smartlink_proto::{
    notify::SendRequest,
    orders::{Order, Party, State},
};

/// The revision of a quote that ended: placing it would have been one more.
const NEVER_PLACED: u64 = 2;

/// Whether nothing more can happen to an order that a rider is told.
pub(super) fn is_over(order: &Order) -> bool {
    matches!(order.state(), State::Settled | State::Cancelled | State::Expired)
}

/// Everything of an order as it is now that its rider has to know, the first first. Most of it was told before.
pub(super) fn about(order: &Order) -> Vec<SendRequest> {
    match order.state() {
        State::Accepted => Vec::from_iter(accepted(order)),
        State::Arrived => Vec::from_iter(arrived(order)),
        State::Completed => Vec::from_iter(completed(order)),
        State::Settled => completed(order).into_iter().chain(settled(order)).collect(),
        // A quote that was given up, or not taken, was no order yet.
        State::Cancelled | State::Expired if order.revision <= NEVER_PLACED => Vec::new(),
        State::Cancelled => Vec::from_iter(cancelled(order)),
        State::Expired => {
            let body = "Please try again in a few minutes.".to_owned();
            vec![message(order, "expired", "No driver was found", body)]
        }
        _ => Vec::new(),
    }
}

fn accepted(order: &Order) -> Option<SendRequest> {
    let offer = order.offer.as_ref()?;
    let (vehicle, minutes) = (offer.vehicle, offer.eta_s.div_ceil(60));
    let body = format!("Vehicle {vehicle} is with you in about {minutes} min.");
    // Another driver may come after one who gave the order back.
    let fact = format!("accepted-{}", offer.attempt);
    Some(message(order, &fact, "A driver is coming", body))
}

fn arrived(order: &Order) -> Option<SendRequest> {
    let fact = format!("arrived-{}", order.offer.as_ref()?.attempt);
    let body = "Tell her your start code when you get in.".to_owned();
    Some(message(order, &fact, "Your driver is there", body))
}

fn completed(order: &Order) -> Option<SendRequest> {
    let price = order.receipt.as_ref()?;
    let total = Money(u128::from(price.fare) + u128::from(price.tolls));
    let destination = order.destination.as_ref().map_or("", |place| place.name.as_str());
    let body = format!("You are at {destination}. Please rate your ride.");
    Some(message(order, "completed", &format!("Your ride cost {total}"), body))
}

fn settled(order: &Order) -> Option<SendRequest> {
    let settled = order.settlement.as_ref()?;
    let (batch, block) = (settled.batch, settled.block);
    let body = format!("Batch {batch} is final in block {block} of the chain.");
    Some(message(order, "settled", "Your ride is settled", body))
}

fn cancelled(order: &Order) -> Option<SendRequest> {
    let cancelled = order.cancellation.as_ref()?;
    let fee = Money(u128::from(cancelled.fee));
    // Only the company's own words go out in its name.
    let reason = match cancelled.by() {
        Party::Company => cancelled.reason.as_str(),
        _ => "",
    };
    let body = format!("The fee is {fee}. {reason}");
    Some(message(order, "cancelled", "Your order was cancelled", body))
}

fn message(order: &Order, fact: &str, title: &str, body: String) -> SendRequest {
    SendRequest {
        idempotency_key: format!("order-{}-{fact}", order.id),
        account: order.rider,
        topic: "order".to_owned(),
        title: title.to_owned(),
        body,
        order: order.id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use smartlink_proto::orders::{Offer, Price, Settlement};

    fn keys(order: &Order) -> Vec<String> {
        about(order).into_iter().map(|message| message.idempotency_key).collect()
    }

    #[test]
    fn a_fact_has_one_key_whenever_it_is_heard() {
        let price = Price { fare: 40_800_000, tolls: 5_000_000, ..Default::default() };
        let mut order =
            Order { id: 7, rider: 3, revision: 9, receipt: Some(price), ..Default::default() };
        order.set_state(State::Completed);
        let told = about(&order);
        assert_eq!(told[0].title, "Your ride cost ¥45.80");
        assert_eq!((told[0].account, told[0].idempotency_key.as_str()), (3, "order-7-completed"));
        order.set_state(State::Settled);
        order.settlement = Some(Settlement { batch: 4, block: 70, ..Default::default() });
        let both = about(&order);
        assert_eq!(both[0], told[0], "word for word what was told before");
        assert_eq!(both[1].idempotency_key, "order-7-settled");
        order.set_state(State::InTrip);
        assert!(keys(&order).is_empty());
    }

    #[test]
    fn each_driver_who_comes_is_told_and_a_quote_is_not() {
        let mut order = Order { id: 7, revision: 4, ..Default::default() };
        order.set_state(State::Accepted);
        for attempt in [1, 2] {
            order.offer = Some(Offer { attempt, ..Default::default() });
            assert_eq!(keys(&order), [format!("order-7-accepted-{attempt}")]);
        }
        order.set_state(State::Expired);
        assert_eq!(keys(&order), ["order-7-expired"]);
        order.revision = NEVER_PLACED;
        assert!(keys(&order).is_empty());
    }
}
