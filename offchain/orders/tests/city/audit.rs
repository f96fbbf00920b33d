//! What holds in every state of the engine, said once more and apart from the engine's code.

use smartlink_orders::{
    order::Settlement,
    state::{Action, TABLE},
    Engine, Order, OrderEvent, State,
};
use smartlink_primitives::{fare::fare, ride::RideKind, tariff::Schedule};
use std::collections::{BTreeMap, BTreeSet};

macro_rules! ensure {
    ($holds:expr, $($why:tt)*) => {
        if !$holds {
            return Err(format!($($why)*));
        }
    };
}

/// The books are in order.
///
/// # Errors
/// The first thing that is not.
pub fn audit(engine: &Engine) -> Result<(), String> {
    for order in engine.orders() {
        order_is_sound(engine, order)?;
    }
    riders_are_sound(engine)?;
    drivers_are_sound(engine)?;
    vehicles_serve_once(engine)?;
    batches_are_sound(engine)
}

fn order_is_sound(engine: &Engine, order: &Order) -> Result<(), String> {
    let Order { id, state, .. } = *order;
    if let Some(driver) = order.driver() {
        let driver = engine.driver(driver).ok_or(format!("order {id}: no {driver}"))?;
        let (current, next) = (driver.current == id, driver.next == id);
        ensure!(current || next, "order {id} is {state}, and {} does not know it", driver.id);
        let waits = state == State::Accepted;
        ensure!(current || waits, "order {id} is {state}, but not what {} drives", driver.id);
    }
    if let Some(offer) = &order.offer {
        let excluded = order.excluded.contains(&offer.driver);
        ensure!(!excluded, "order {id} is offered to {} again", offer.driver);
    }
    if state == State::Offered {
        let offer = order.offer.ok_or(format!("order {id} is offered to nobody"))?;
        let offered = engine.driver(offer.driver).map(|driver| driver.offered);
        ensure!(offered == Some(id), "order {id} is offered, and {} has no offer", offer.driver);
    }
    let open = order.settlement != Settlement::None;
    ensure!(open == order.receipt.is_some(), "order {id}: {:?}", order.settlement);
    ensure!(open == state.is_over(), "order {id} is {state}: {:?}", order.settlement);
    Ok(())
}

fn riders_are_sound(engine: &Engine) -> Result<(), String> {
    let mut active: BTreeMap<u64, u8> = BTreeMap::new();
    for order in engine.orders().filter(|order| order.state.is_active()) {
        *active.entry(order.quoted.rider).or_default() += 1;
    }
    let most = engine.rules().most_per_rider;
    let over = active.iter().find(|(_, orders)| **orders > most);
    ensure!(over.is_none(), "rider and orders {over:?} are over {most}");
    Ok(())
}

fn drivers_are_sound(engine: &Engine) -> Result<(), String> {
    let mut claimed = BTreeSet::new();
    for driver in engine.drivers() {
        let id = driver.id;
        let of = |order: u64| engine.order(order).map(|order| (order.state, order.offer));
        for order in [driver.current, driver.next, driver.offered] {
            if order == 0 {
                continue;
            }
            ensure!(driver.duty.is_some(), "{id} has order {order} off duty");
            ensure!(claimed.insert(order), "order {order} has two drivers, or one twice");
            let (_, offer) = of(order).ok_or(format!("{id} has order {order}, which is not"))?;
            let vehicle = offer.filter(|offer| offer.driver == id).map(|offer| offer.vehicle);
            let own = driver.duty.map(|duty| duty.vehicle);
            ensure!(vehicle == own, "{id} has order {order} without its vehicle");
        }
        let state = |order: u64| of(order).map(|(state, _)| state);
        let drives = state(driver.current).is_none_or(State::has_driver);
        ensure!(drives, "{id} drives {} order", state(driver.current).unwrap_or(State::Quoted));
        ensure!(state(driver.next).is_none_or(|next| next == State::Accepted), "{id}: next");
        ensure!(state(driver.offered).is_none_or(|it| it == State::Offered), "{id}: offered");
        ensure!(driver.next == 0 || driver.current != 0, "{id} has a next order alone");
    }
    Ok(())
}

fn vehicles_serve_once(engine: &Engine) -> Result<(), String> {
    let mut on_duty = BTreeSet::new();
    for driver in engine.drivers() {
        if let Some(duty) = driver.duty {
            ensure!(on_duty.insert(duty.vehicle), "{} has two drivers", duty.vehicle);
        }
    }
    let mut on_trip = BTreeSet::new();
    for order in engine.orders() {
        let moves = order.state.has_driver() && order.state != State::Accepted;
        if let Some(offer) = order.offer.filter(|_| moves) {
            ensure!(on_trip.insert(offer.vehicle), "{} is on two trips", offer.vehicle);
        }
    }
    Ok(())
}

/// No ride is in two numbers; every ride that is to be settled is in exactly one place.
fn batches_are_sound(engine: &Engine) -> Result<(), String> {
    let batches = engine.batches();
    let mut published: BTreeMap<u64, u64> = BTreeMap::new();
    for (number, open) in batches.open() {
        for order in open.versions.iter().flat_map(|version| &version.orders) {
            let other = published.insert(*order, *number).unwrap_or(*number);
            ensure!(other == *number, "order {order} is in batches {other} and {number}");
            ensure!(engine.order(*order).is_some(), "order {order} of batch {number} is gone");
        }
        let current = open.current().ok_or(format!("batch {number} has no version"))?;
        let ascends = current.orders.windows(2).all(|pair| pair[0] < pair[1]);
        ensure!(ascends, "the orders of batch {number} do not ascend");
        for (order, row) in current.orders.iter().zip(0u32..) {
            let version = open.versions.len() as u32 - 1;
            let settlement = engine.order(*order).map(|order| &order.settlement);
            let expected = Settlement::Batched { number: *number, version, row };
            ensure!(settlement == Some(&expected), "order {order}: {settlement:?}");
        }
    }
    // From number 1 on every number is open or final. Which of them are told to be final may come in any order.
    let (open, next) = (batches.open().len() as u64, batches.next());
    let all = next == 0 && open == 0 || batches.settled() + open + 1 == next;
    ensure!(all, "{open} batches are open, {} are final, {next} is next", batches.settled());
    let last = batches.open().keys().last().copied();
    ensure!(last.is_none_or(|last| last < next), "batch {last:?} is not below {next}");
    let (mut due, mut batched) = (0, 0);
    for order in engine.orders() {
        let id = order.id;
        match order.settlement {
            Settlement::None => {}
            Settlement::Due => {
                due += 1;
                ensure!(!published.contains_key(&id), "order {id} is due and in a batch");
            }
            Settlement::Batched { .. } => batched += 1,
            Settlement::Held(_) => {}
            Settlement::Settled { .. } => return Err(format!("order {id} is settled, and here")),
        }
    }
    ensure!(due == batches.due(), "{due} rides are due, {} wait", batches.due());
    let rows = batches.open().values().filter_map(|open| open.current());
    let rows: usize = rows.map(|version| version.orders.len()).sum();
    ensure!(batched == rows, "{batched} rides are in batches, which have {rows} rows");
    Ok(())
}

/// Everything that ever happened to an order is a row of the table, and leads to where it is.
///
/// # Errors
/// What does not follow.
pub fn walk(order: &Order) -> Result<(), String> {
    let entries = order.entries().map_err(|error| error.to_string())?;
    let mut state = State::Quoted;
    let (mut sequence, mut revision) = (0, 1);
    for (at, entry) in entries.iter().enumerate() {
        ensure!(entry.sequence >= sequence, "entry {at} of {} is older", order.id);
        sequence = entry.sequence;
        ensure!((at == 0) == matches!(entry.event, OrderEvent::Quoted(_)), "entry {at}");
        let Some(action) = action(&entry.event, state) else { continue };
        let mut rows = TABLE.iter().filter(|row| row.from == state && row.action == action);
        let booked = matches!(entry.event, OrderEvent::Placed { booked: true, .. });
        let to = rows
            .find(|row| (row.to == State::Booked) == booked)
            .map(|row| row.to)
            .ok_or(format!("order {}: {} does not follow from {state}", order.id, action.name()))?;
        state = to;
        revision += 1;
    }
    ensure!(state == order.state, "order {} is {}, not {state}", order.id, order.state);
    ensure!(revision == order.revision, "order {}: {revision} changes", order.id);
    Ok(())
}

/// What an event is in the words of the table. `None` where it changes no state.
fn action(event: &OrderEvent, state: State) -> Option<Action> {
    use smartlink_orders::order::Party;
    Some(match event {
        OrderEvent::Placed { .. } => Action::Place,
        OrderEvent::SearchBegun => Action::Search,
        OrderEvent::Offered { .. } => Action::Offer,
        OrderEvent::Accepted => Action::Accept,
        OrderEvent::Declined => Action::Decline,
        OrderEvent::Lapsed => Action::Lapse,
        OrderEvent::SetOff => Action::SetOff,
        OrderEvent::Arrived => Action::Arrive,
        OrderEvent::PickedUp => Action::PickUp,
        OrderEvent::Started => Action::Start,
        OrderEvent::Completed { .. } => Action::Complete,
        OrderEvent::Abandoned => Action::Abandon,
        OrderEvent::Cancelled { by, .. } => match by.by {
            Party::Rider => Action::CancelByRider,
            Party::Driver => Action::CancelByDriver,
            Party::Company => Action::CancelByCompany,
        },
        OrderEvent::Expired => Action::Expire,
        // A fee is settled without another state.
        OrderEvent::Settled { .. } if state == State::Completed => Action::Settle,
        _ => return None,
    })
}

/// A receipt is what the chain computes from its row, and a trip without its waiting is within the cap.
///
/// # Errors
/// What differs.
pub fn receipt_is_the_chains(order: &Order, schedule: &Schedule) -> Result<(), String> {
    let (Some(receipt), Some(ride)) = (order.receipt, order.ride()) else { return Ok(()) };
    let tariff = schedule.at(ride.pickup).and_then(|at| schedule.get(at)).ok_or("no tariff")?;
    let table = &tariff.tariff.table;
    let charged = fare(table, &ride).map_err(|fault| format!("order {}: {fault}", order.id))?;
    let same = (charged.fare, charged.tolls) == (receipt.fare, receipt.tolls);
    ensure!(same, "order {}: {receipt:?}, the chain says {charged:?}", order.id);
    let unwaited = smartlink_primitives::ride::Ride { waiting_s: 0, ..ride };
    let driven = fare(table, &unwaited).map_err(|fault| fault.to_string())?.fare;
    let capped = ride.kind == RideKind::Cancelled || driven <= order.quoted.cap;
    ensure!(capped, "order {}: {driven} is above {}", order.id, order.quoted.cap);
    Ok(())
}
