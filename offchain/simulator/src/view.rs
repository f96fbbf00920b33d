//! What the API's answers say, as far as an app here looks at it.
//!
//! Numbers may come as numbers or as strings of digits: the API writes what may exceed 2^53 as a string.

use std::fmt;

use serde_json::Value;

use crate::city::Location;

/// Where an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// A price that holds for a time.
    Quoted,
    /// Ordered for later.
    Booked,
    /// A driver is looked for.
    Searching,
    /// A driver was asked.
    Offered,
    /// A driver will come.
    Accepted,
    /// The driver is on her way.
    Arriving,
    /// The driver waits.
    Arrived,
    /// The rider is in the vehicle.
    PickedUp,
    /// On the way to the destination.
    InTrip,
    /// At the destination.
    Completed,
    /// The chain has settled it.
    Settled,
    /// Ended before the trip.
    Cancelled,
    /// Ended by time.
    Expired,
}

impl State {
    const NAMES: [(Self, &'static str); 13] = [
        (Self::Quoted, "quoted"),
        (Self::Booked, "booked"),
        (Self::Searching, "searching"),
        (Self::Offered, "offered"),
        (Self::Accepted, "accepted"),
        (Self::Arriving, "arriving"),
        (Self::Arrived, "arrived"),
        (Self::PickedUp, "picked_up"),
        (Self::InTrip, "in_trip"),
        (Self::Completed, "completed"),
        (Self::Settled, "settled"),
        (Self::Cancelled, "cancelled"),
        (Self::Expired, "expired"),
    ];

    /// The state of a name of the API.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(state, _)| *state)
    }

    /// The API's name.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(state, _)| *state == self).map_or("", |(_, name)| *name)
    }

    /// Whether nothing but settlement and ratings can follow.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Completed | Self::Settled | Self::Cancelled | Self::Expired)
    }

    /// Whether a driver is bound to the order.
    pub fn has_driver(self) -> bool {
        (Self::Accepted..=Self::InTrip).contains(&self)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An answer that is not what the API promises.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} has no readable {field}")]
pub(crate) struct Unreadable {
    what: &'static str,
    field: &'static str,
}

/// An offer to a driver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    pub attempt: u32,
    pub driver: u32,
    pub expires_at_ms: u64,
}

/// What a ride came to, in units of 10^-6 CNY.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Price {
    pub fare: u64,
    pub tolls: u64,
    pub waiting_s: u64,
}

/// An order, as the rider or the driver sees it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Order {
    pub id: u64,
    pub state: State,
    pub revision: u64,
    pub origin: Option<Location>,
    pub destination: Option<Location>,
    pub valid_until_ms: u64,
    /// Units of 10^-6 CNY. 0: not told.
    pub cap: u64,
    pub offer: Option<Offer>,
    pub start_code: Option<String>,
    pub receipt: Option<Price>,
    /// `rider`, `driver` or `company`.
    pub cancelled_by: Option<String>,
}

impl Order {
    /// Reads an order.
    pub(crate) fn read(value: &Value) -> Result<Self, Unreadable> {
        let missing = |field| Unreadable { what: "the order", field };
        let part = |name: &str| value.get(name).filter(|part| part.is_object());
        let quote = part("quote");
        let state = value.get("state").and_then(Value::as_str).and_then(State::named);
        Ok(Self {
            id: number(value, "id").filter(|id| *id > 0).ok_or_else(|| missing("id"))?,
            state: state.ok_or_else(|| missing("state"))?,
            revision: number(value, "revision").unwrap_or(0),
            origin: part("origin").and_then(location),
            destination: part("destination").and_then(location),
            valid_until_ms: quote.and_then(|quote| number(quote, "valid_until_ms")).unwrap_or(0),
            cap: quote.and_then(|quote| number(quote, "cap")).unwrap_or(0),
            offer: part("offer").and_then(offer),
            start_code: value
                .get("start_code")
                .and_then(Value::as_str)
                .filter(|code| !code.is_empty())
                .map(str::to_owned),
            receipt: part("receipt").and_then(price),
            cancelled_by: part("cancellation")
                .and_then(|cancellation| cancellation.get("by"))
                .and_then(Value::as_str)
                .map(str::to_owned),
        })
    }
}

fn location(value: &Value) -> Option<Location> {
    let degrees = |name| {
        let value = value.get(name)?;
        value.as_f64().or_else(|| value.as_str()?.parse().ok())
    };
    Some(Location::new(degrees("latitude")?, degrees("longitude")?))
}

fn offer(value: &Value) -> Option<Offer> {
    Some(Offer {
        attempt: small(value, "attempt")?,
        driver: small(value, "driver").unwrap_or(0),
        expires_at_ms: number(value, "expires_at_ms").unwrap_or(0),
    })
}

fn price(value: &Value) -> Option<Price> {
    Some(Price {
        fare: number(value, "fare")?,
        tolls: number(value, "tolls").unwrap_or(0),
        waiting_s: number(value, "waiting_s").unwrap_or(0),
    })
}

/// A driver, as she sees herself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Driver {
    pub id: u32,
    pub on_duty: bool,
    pub order: Option<u64>,
    pub next_order: Option<u64>,
    pub offered: Option<u64>,
}

impl Driver {
    /// Reads a driver, or her state, in which there is none before her first time on duty.
    pub(crate) fn read(value: &Value) -> Result<Self, Unreadable> {
        let value = value.get("driver").unwrap_or(value);
        if value.is_null() {
            return Ok(Self {
                id: 0,
                on_duty: false,
                order: None,
                next_order: None,
                offered: None,
            });
        }
        let on_duty = value.get("on_duty").and_then(Value::as_bool);
        Ok(Self {
            id: small(value, "id").unwrap_or(0),
            on_duty: on_duty.ok_or(Unreadable { what: "the driver", field: "on_duty" })?,
            order: id(value, "order"),
            next_order: id(value, "next_order"),
            offered: id(value, "offered"),
        })
    }
}

/// Something that a subscription pushed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Change {
    /// An order changed.
    Order(Order),
    /// The driver changed.
    Driver(Driver),
    /// The order is no longer this driver's.
    Gone(u64),
}

impl Change {
    /// Reads what was pushed. `None` when it says nothing that matters here.
    pub(crate) fn read(value: &Value) -> Result<Option<Self>, Unreadable> {
        let part = |name| value.get(name).unwrap_or(&Value::Null);
        match value.get("kind").and_then(Value::as_str) {
            Some("order") => Order::read(part("order")).map(Self::Order).map(Some),
            Some("driver") => Driver::read(part("driver")).map(Self::Driver).map(Some),
            Some("gone") => Ok(id(value, "order").map(Self::Gone)),
            _ => Ok(None),
        }
    }
}

/// A number, or a string of its digits.
pub(crate) fn number(value: &Value, field: &str) -> Option<u64> {
    as_number(value.get(field)?)
}

fn as_number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn small(value: &Value, field: &str) -> Option<u32> {
    number(value, field).and_then(|number| u32::try_from(number).ok())
}

/// An order's id, or the order itself. None, null and 0 mean that there is none.
fn id(value: &Value, field: &str) -> Option<u64> {
    let value = value.get(field)?;
    as_number(value).or_else(|| number(value, "id")).filter(|id| *id > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_order_is_read_with_numbers_as_numbers_or_as_digits() {
        let order = Order::read(&json!({
            "id": "714985639337984123", "state": "offered", "revision": "3",
            "origin": {"latitude": 22.541, "longitude": 114.055, "name": "Futian"},
            "quote": {"valid_until_ms": 1_781_452_800_000u64, "cap": "36000000"},
            "offer": {"attempt": 2, "driver": 7, "expires_at_ms": 1_781_452_815_000u64},
            "start_code": null,
        }));
        let order = order.unwrap();
        assert_eq!(
            (order.id, order.state, order.cap),
            (714_985_639_337_984_123, State::Offered, 36_000_000)
        );
        assert_eq!(order.origin, Some(Location::new(22.541, 114.055)));
        assert_eq!(order.offer.map(|offer| (offer.attempt, offer.driver)), Some((2, 7)));
        assert_eq!(order.start_code, None);
    }

    #[test]
    fn what_is_no_order_says_why() {
        let error = Order::read(&json!({"id": "1", "state": "lost"})).unwrap_err();
        assert_eq!(error.to_string(), "the order has no readable state");
    }

    #[test]
    fn a_driver_names_her_orders_by_id_or_shows_them() {
        let driver = json!({"id": 7, "on_duty": true, "order": {"id": "9"}, "next_order": "0", "offered": null});
        let driver = Driver::read(&driver).unwrap();
        assert_eq!((driver.order, driver.next_order, driver.offered), (Some(9), None, None));
    }

    #[test]
    fn a_push_is_read_by_its_kind() {
        let order = json!({"id": "9", "state": "searching"});
        let change = Change::read(&json!({"kind": "order", "order": order})).unwrap();
        assert!(matches!(change, Some(Change::Order(order)) if order.id == 9));
        assert_eq!(Change::read(&json!({"kind": "gone", "order": "9"})), Ok(Some(Change::Gone(9))));
        assert_eq!(Change::read(&json!({"kind": "caught_up"})), Ok(None));
        assert!(Change::read(&json!({"kind": "order", "order": {}})).is_err());
    }

    #[test]
    fn any_json_is_read_or_refused() {
        bolero::check!().for_each(|bytes: &[u8]| {
            if let Ok(value) = serde_json::from_slice::<Value>(bytes) {
                let _ = (Order::read(&value), Driver::read(&value), Change::read(&value));
            }
        });
    }
}
