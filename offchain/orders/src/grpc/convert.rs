//! What is known, as messages.

use crate::{
    batch::{Final, Open},
    event::OrderEvent,
    order::{Entry, Offer, Order, Party, Place, Price, Settlement},
    service::{Change, Changed},
    Driver, State,
};
use smartlink_primitives::vehicle::VehicleClass;
use smartlink_proto::orders as proto;

pub(super) const fn state_message(state: State) -> proto::State {
    match state {
        State::Quoted => proto::State::Quoted,
        State::Booked => proto::State::Booked,
        State::Searching => proto::State::Searching,
        State::Offered => proto::State::Offered,
        State::Accepted => proto::State::Accepted,
        State::Arriving => proto::State::Arriving,
        State::Arrived => proto::State::Arrived,
        State::PickedUp => proto::State::PickedUp,
        State::InTrip => proto::State::InTrip,
        State::Completed => proto::State::Completed,
        State::Settled => proto::State::Settled,
        State::Cancelled => proto::State::Cancelled,
        State::Expired => proto::State::Expired,
    }
}

const fn class(class: VehicleClass) -> proto::VehicleClass {
    match class {
        VehicleClass::Economy => proto::VehicleClass::Economy,
        VehicleClass::Comfort => proto::VehicleClass::Comfort,
        VehicleClass::Premium => proto::VehicleClass::Premium,
        VehicleClass::Van => proto::VehicleClass::Van,
        // Trucks carry no riders: no order has such a class.
        _ => proto::VehicleClass::Unspecified,
    }
}

const fn party(party: Party) -> proto::Party {
    match party {
        Party::Rider => proto::Party::Rider,
        Party::Driver => proto::Party::Driver,
        Party::Company => proto::Party::Company,
    }
}

fn place(place: &Place) -> proto::Place {
    proto::Place {
        latitude_e6: place.latitude_e6,
        longitude_e6: place.longitude_e6,
        name: place.name.clone(),
    }
}

fn price(price: &Price) -> proto::Price {
    proto::Price {
        tariff_version: price.tariff_version,
        distance_m: price.distance_m,
        duration_s: price.duration_s,
        waiting_s: price.waiting_s,
        tolls_fen: price.tolls_fen,
        surge_permille: price.surge_permille.into(),
        pickup_s: price.pickup_s,
        fare: price.fare,
        tolls: price.tolls,
    }
}

fn offer(offer: &Offer) -> proto::Offer {
    proto::Offer {
        attempt: offer.attempt,
        driver: offer.driver.0,
        vehicle: offer.vehicle.0,
        expires_at_ms: offer.expires_ms,
        eta_s: offer.eta_s,
        forward: offer.forward,
    }
}

fn settlement(settlement: &Settlement) -> Option<proto::Settlement> {
    match settlement {
        Settlement::None | Settlement::Due => None,
        Settlement::Held(reason) => {
            Some(proto::Settlement { held: reason.clone(), ..Default::default() })
        }
        Settlement::Batched { number, row, .. } => {
            Some(proto::Settlement { batch: *number, row: *row, ..Default::default() })
        }
        Settlement::Settled { number, row, block, receipts_root } => Some(proto::Settlement {
            batch: *number,
            row: *row,
            block: *block,
            receipts_root: format!("{receipts_root:?}"),
            held: String::new(),
        }),
    }
}

pub(super) fn order_message(order: &Order) -> proto::Order {
    let quoted = &order.quoted;
    let fee = order.receipt.filter(|_| order.state == State::Cancelled);
    let start_code = if order.state.is_active() { order.start_code } else { 0 };
    proto::Order {
        id: order.id,
        state: state_message(order.state).into(),
        rider: quoted.rider,
        city: quoted.city.0,
        origin: Some(place(&quoted.origin)),
        destination: Some(place(&quoted.destination)),
        class: class(quoted.class).into(),
        created_at_ms: order.created_ms,
        pickup_at_ms: quoted.pickup_at_ms,
        quote: Some(proto::Quote {
            price: Some(price(&quoted.price)),
            valid_until_ms: quoted.valid_until_ms,
            cap: quoted.cap,
        }),
        offer: order.offer.as_ref().map(offer),
        start_code: if order.state.is_active() {
            format!("{start_code:04}")
        } else {
            String::new()
        },
        arrived_at_ms: order.arrived_ms,
        picked_up_at_ms: order.picked_up_ms,
        started_at_ms: order.started_ms,
        ended_at_ms: order.ended_ms,
        receipt: order.receipt.as_ref().map(price),
        cancellation: order.cancelled.as_ref().map(|(by, reason)| proto::Cancellation {
            by: party(by.by).into(),
            fault: party(by.fault).into(),
            reason: reason.clone(),
            fee: fee.map_or(0, |fee| fee.fare),
        }),
        settlement: settlement(&order.settlement),
        rating_of_driver: order.rating_of_driver.into(),
        rating_of_rider: order.rating_of_rider.into(),
        excluded: order.excluded.iter().map(|driver| driver.0).collect(),
        revision: order.revision,
    }
}

pub(super) fn driver_message(driver: &Driver) -> proto::Driver {
    let duty = driver.duty;
    proto::Driver {
        id: driver.id.0,
        on_duty: duty.is_some(),
        vehicle: duty.map_or(0, |duty| duty.vehicle.0),
        seat: duty.map_or(0, |duty| duty.seat.0),
        class: duty.map_or(proto::VehicleClass::Unspecified, |duty| class(duty.class)).into(),
        order: driver.current,
        next_order: driver.next,
        offered: driver.offered,
        idle_since_ms: driver.idle_since_ms,
        trips: driver.trips,
        rating_permille: driver.rating_permille(),
        offers: driver.offers,
        accepted: driver.accepted,
        abandoned: driver.abandoned,
    }
}

pub(super) fn change(change: &Change) -> proto::Change {
    let what = match &change.what {
        Changed::Order(order) => proto::change::What::Order(order_message(order)),
        Changed::Driver(driver) => proto::change::What::Driver(driver_message(driver)),
    };
    proto::Change { sequence: change.sequence, at_ms: change.at_ms, what: Some(what) }
}

pub(super) fn open_batch(number: u64, open: &Open) -> proto::Batch {
    let rides = open.current().map_or(0, |version| version.orders.len());
    proto::Batch {
        number,
        // The rules allow 20,000 rides a batch.
        rides: rides as u32,
        closed_at_ms: open.closed_ms,
        block: 0,
        refusal: open.refusal.clone(),
    }
}

pub(super) fn batch(batch: &Final) -> proto::Batch {
    proto::Batch {
        number: batch.number,
        rides: batch.rides,
        closed_at_ms: batch.closed_ms,
        block: batch.block,
        refusal: String::new(),
    }
}

/// An entry of a history. The start code is nobody's business but the rider's.
pub(super) fn event(entry: &Entry) -> proto::Event {
    let details = match &entry.event {
        OrderEvent::Quoted(quoted) => serde_json::json!({
            "rider": quoted.rider.to_string(),
            "tariff_version": quoted.price.tariff_version,
            "distance_m": quoted.price.distance_m,
            "duration_s": quoted.price.duration_s,
            "fare": quoted.price.fare.to_string(),
            "valid_until_ms": quoted.valid_until_ms,
        }),
        OrderEvent::Placed { booked, .. } => serde_json::json!({ "booked": booked }),
        OrderEvent::Offered { driver, vehicle, expires_ms, eta_s, forward, .. } => {
            serde_json::json!({
                "driver": driver.0, "vehicle": vehicle.0, "expires_at_ms": expires_ms,
                "eta_s": eta_s, "forward": forward,
            })
        }
        OrderEvent::Completed { distance_m, receipt } => serde_json::json!({
            "measured_distance_m": distance_m,
            "distance_m": receipt.distance_m,
            "duration_s": receipt.duration_s,
            "waiting_s": receipt.waiting_s,
            "fare": receipt.fare.to_string(),
            "tolls": receipt.tolls.to_string(),
        }),
        OrderEvent::Cancelled { by, reason, fee } => serde_json::json!({
            "by": party(by.by).as_str_name(),
            "fault": party(by.fault).as_str_name(),
            "reason": reason,
            "fee": fee.map_or(0, |fee| fee.fare).to_string(),
        }),
        OrderEvent::Rated { by_rider, stars, .. } => {
            serde_json::json!({ "by": if *by_rider { "rider" } else { "driver" }, "stars": stars })
        }
        OrderEvent::Refused(refusal) => serde_json::json!({ "refusal": refusal.name() }),
        OrderEvent::Batched { number, row, .. } => {
            serde_json::json!({ "batch": number, "row": row })
        }
        OrderEvent::Held(reason) => serde_json::json!({ "reason": reason }),
        OrderEvent::Settled { block, receipts_root } => {
            serde_json::json!({ "block": block, "receipts_root": format!("{receipts_root:?}") })
        }
        _ => serde_json::json!({}),
    };
    proto::Event {
        sequence: entry.sequence,
        at_ms: entry.at_ms,
        name: entry.event.name().to_owned(),
        details: details.to_string(),
    }
}
