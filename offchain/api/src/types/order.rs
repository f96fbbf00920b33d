//! An order as those who may see it see it.

use schemars::JsonSchema;
use serde::Serialize;
use smartlink_proto::orders as proto;

use super::{Driver, Id, Money, Place, Position};

macro_rules! named {
    ($(#[$doc:meta])* $name:ident = $proto:path { $($(#[$vdoc:meta])* $variant:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash,
            serde::Serialize, serde::Deserialize, schemars::JsonSchema,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
        }

        impl $name {
            /// `None` when it says nothing that is known here.
            pub fn read(number: i32) -> Option<Self> {
                match <$proto>::try_from(number).ok()? {
                    $(<$proto>::$variant => Some(Self::$variant),)*
                    #[allow(unreachable_patterns)]
                    _ => None,
                }
            }

            /// As services say it.
            pub fn write(self) -> i32 {
                (match self { $(Self::$variant => <$proto>::$variant,)* }) as i32
            }
        }
    };
}
pub(super) use named;

named! {
    /// Where an order is in its life. docs/orders.md has the table of what leads from which to which.
    OrderState = proto::State {
        /// Has a price that holds for a time.
        Quoted,
        /// Placed for later.
        Booked,
        /// A driver is looked for.
        Searching,
        /// A driver was asked.
        Offered,
        /// A driver took it.
        Accepted,
        /// The driver is on the way to the rider.
        Arriving,
        /// The driver waits at the pick-up.
        Arrived,
        /// The rider is in the vehicle.
        PickedUp,
        /// On the way.
        InTrip,
        /// At the destination, with a fare.
        Completed,
        /// Settled by the chain.
        Settled,
        /// Ended before the trip.
        Cancelled,
        /// Nobody placed the quote, or nobody was found.
        Expired,
    }
}

named! {
    /// Who did it, or whose fault it was.
    Party = proto::Party {
        /// The rider.
        Rider,
        /// The driver.
        Driver,
        /// The company.
        Company,
    }
}

named! {
    /// What a vehicle is for.
    VehicleClass = proto::VehicleClass {
        /// Standard.
        Economy,
        /// Larger or newer.
        Comfort,
        /// Business class.
        Premium,
        /// Six seats or more.
        Van,
    }
}

/// What a price was computed from, and what it came to.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Price {
    /// The tariff's version on the chain.
    pub tariff_version: u32,
    /// Metres.
    pub distance_m: u32,
    /// Seconds.
    pub duration_s: u32,
    /// Seconds that the driver waited.
    pub waiting_s: u32,
    /// Tolls in hundredths of a CNY.
    pub tolls_fen: u32,
    /// Multiplier in thousandths.
    pub surge_permille: u32,
    /// Pick-up, in milliseconds of the Unix epoch.
    pub pickup_at_ms: u64,
    /// Without tolls.
    pub fare: Money,
    /// Tolls.
    pub tolls: Money,
    /// Both.
    pub total: Money,
}

/// A price that holds for a time.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Quote {
    /// The price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// Until when it can be placed, in milliseconds of the Unix epoch.
    pub valid_until_ms: u64,
    /// The final fare is at most this, tolls aside, whatever the meter says.
    pub cap: Money,
}

/// The driver who was asked, or who took the order.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Offer {
    /// Names this offer among those of the order: what accepting and declining refer to.
    pub attempt: u32,
    /// The driver.
    pub driver: u32,
    /// The vehicle.
    pub vehicle: u32,
    /// Until when it can be accepted, in milliseconds of the Unix epoch.
    pub expires_at_ms: u64,
    /// Seconds to the pick-up when it was made.
    pub eta_s: u32,
    /// The driver finishes another trip first.
    pub forward: bool,
}

/// How an order ended before the trip.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Cancellation {
    /// Who ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Party>,
    /// Whose fault it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Party>,
    /// In the canceller's words.
    pub reason: String,
    /// What the rider pays for it.
    pub fee: Money,
}

/// Where the chain has it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Settlement {
    /// The company's batch. Missing while the ride is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<Id>,
    /// The row in it. Missing while the ride is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// The block. Missing until the batch is final.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block: Option<u32>,
    /// Root of the batch's receipts: 0x and 64 digits. Missing until the batch is final.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipts_root: Option<String>,
    /// Why the chain refused the ride: it is in no batch until operations release it. Only the
    /// company's staff see it. Missing otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<String>,
}

/// An order.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Order {
    /// Its id.
    pub id: Id,
    /// Where it is in its life.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<OrderState>,
    /// The rider's account. Only the company's staff see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rider: Option<Id>,
    /// The city by its administrative code.
    pub city: u32,
    /// From where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Place>,
    /// To where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<Place>,
    /// With what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<VehicleClass>,
    /// When it was quoted, in milliseconds of the Unix epoch.
    pub created_at_ms: u64,
    /// For when it is booked. Missing: at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pickup_at_ms: Option<u64>,
    /// The price that was promised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<Quote>,
    /// The driver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer: Option<Offer>,
    /// Four digits that the rider tells the driver in the vehicle. Only the rider sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_code: Option<String>,
    /// When the driver was at the pick-up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrived_at_ms: Option<u64>,
    /// When the rider was in the vehicle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picked_up_at_ms: Option<u64>,
    /// When the trip began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at_ms: Option<u64>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at_ms: Option<u64>,
    /// What it came to: one price for rider and driver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Price>,
    /// How it ended before the trip.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancellation: Option<Cancellation>,
    /// Where the chain has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement: Option<Settlement>,
    /// Stars from the rider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating_of_driver: Option<u32>,
    /// Stars from the driver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating_of_rider: Option<u32>,
    /// Drivers who are not to get it. Only the company's staff see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excluded: Option<Vec<u32>>,
    /// Grows by one with every change of state. Other changes, such as a rating or a batch, leave it.
    pub revision: Id,
}

/// A page of orders, the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Orders {
    /// The orders.
    pub orders: Vec<Order>,
    /// `before` of the next page. Missing: there are no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Id>,
}

/// Where the driver of an order is.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Track {
    /// The order.
    pub order: Id,
    /// Where it is in its life.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<OrderState>,
    /// The driver's last position. Missing when there is no driver, or none was reported lately.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// Seconds to the pick-up, and from then on to the destination.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eta_s: Option<u32>,
    /// Metres to there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<u32>,
}

/// What a subscription pushes.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// An order is now so.
    Order {
        /// The order.
        order: Box<Order>,
    },
    /// A driver is now so.
    Driver {
        /// The driver.
        driver: Driver,
    },
    /// The order is no longer this driver's.
    Gone {
        /// The order.
        order: Id,
    },
    /// All that was open has been pushed: what follows are changes.
    CaughtUp,
}

fn set(time: u64) -> Option<u64> {
    (time != 0).then_some(time)
}

impl From<proto::Price> for Price {
    fn from(price: proto::Price) -> Self {
        Self {
            tariff_version: price.tariff_version,
            distance_m: price.distance_m,
            duration_s: price.duration_s,
            waiting_s: price.waiting_s,
            tolls_fen: price.tolls_fen,
            surge_permille: price.surge_permille,
            pickup_at_ms: price.pickup_s.saturating_mul(1_000),
            fare: price.fare.into(),
            tolls: price.tolls.into(),
            total: Money(u128::from(price.fare) + u128::from(price.tolls)),
        }
    }
}

impl From<proto::Offer> for Offer {
    fn from(offer: proto::Offer) -> Self {
        let proto::Offer { attempt, driver, vehicle, expires_at_ms, eta_s, forward } = offer;
        Self { attempt, driver, vehicle, expires_at_ms, eta_s, forward }
    }
}

impl From<proto::Settlement> for Settlement {
    fn from(settlement: proto::Settlement) -> Self {
        let (batched, settled) = (settlement.batch != 0, settlement.block != 0);
        Self {
            batch: Id::known(settlement.batch),
            row: batched.then_some(settlement.row),
            block: settled.then_some(settlement.block),
            receipts_root: settled.then_some(settlement.receipts_root),
            held: (!settlement.held.is_empty()).then_some(settlement.held),
        }
    }
}

impl Order {
    /// What everybody sees who may see the order at all.
    fn shared(order: proto::Order) -> Self {
        let quote = order.quote.map(|quote| Quote {
            price: quote.price.map(Price::from),
            valid_until_ms: quote.valid_until_ms,
            cap: quote.cap.into(),
        });
        let cancellation = order.cancellation.map(|cancellation| Cancellation {
            by: Party::read(cancellation.by),
            fault: Party::read(cancellation.fault),
            reason: cancellation.reason,
            fee: cancellation.fee.into(),
        });
        Self {
            id: Id(order.id),
            state: OrderState::read(order.state),
            rider: None,
            city: order.city,
            origin: order.origin.map(Place::from),
            destination: order.destination.map(Place::from),
            class: VehicleClass::read(order.class),
            created_at_ms: order.created_at_ms,
            pickup_at_ms: set(order.pickup_at_ms),
            quote,
            offer: order.offer.filter(|offer| offer.driver != 0).map(Offer::from),
            start_code: None,
            arrived_at_ms: set(order.arrived_at_ms),
            picked_up_at_ms: set(order.picked_up_at_ms),
            started_at_ms: set(order.started_at_ms),
            ended_at_ms: set(order.ended_at_ms),
            receipt: order.receipt.map(Price::from),
            cancellation,
            // Why a ride is held is a matter of the staff.
            settlement: order
                .settlement
                .filter(|known| known.batch != 0)
                .map(|known| Settlement { held: None, ..Settlement::from(known) }),
            rating_of_driver: (order.rating_of_driver != 0).then_some(order.rating_of_driver),
            rating_of_rider: None,
            excluded: None,
            revision: Id(order.revision),
        }
    }

    /// The order as its rider sees it: with the start code, and with a driver once one has accepted.
    pub fn for_rider(mut order: proto::Order) -> Self {
        let code = std::mem::take(&mut order.start_code);
        let mut seen = Self::shared(order);
        if seen.state == Some(OrderState::Offered) {
            seen.offer = None;
        }
        seen.start_code = (!code.is_empty()).then_some(code);
        seen
    }

    /// The order as its driver sees it: without the start code, and without the rider's account.
    pub fn for_driver(order: proto::Order) -> Self {
        let rating = order.rating_of_rider;
        let mut seen = Self::shared(order);
        seen.rating_of_rider = (rating != 0).then_some(rating);
        seen
    }

    /// The order as those see it who look after the fleet: nothing of the rider.
    pub fn for_fleet(order: proto::Order) -> Self {
        Self::shared(order)
    }

    /// The order as operations and auditors see it: all but the start code.
    pub fn for_staff(mut order: proto::Order) -> Self {
        let (rider, rating) = (Id::known(order.rider), order.rating_of_rider);
        let excluded = std::mem::take(&mut order.excluded);
        let settlement = order.settlement.take();
        let settlement = settlement.filter(|known| known.batch != 0 || !known.held.is_empty());
        let mut seen = Self::shared(order);
        seen.rider = rider;
        seen.rating_of_rider = (rating != 0).then_some(rating);
        seen.excluded = Some(excluded);
        seen.settlement = settlement.map(Settlement::from);
        seen
    }
}

impl Orders {
    /// A page, seen as `view` shows each order.
    pub fn seen(page: proto::OrderPage, view: fn(proto::Order) -> Order) -> Self {
        Self { orders: page.orders.into_iter().map(view).collect(), next: Id::known(page.next) }
    }
}
