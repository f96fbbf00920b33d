//! What the dispatcher and drivers ask for.

use super::{Answer, Engine};
use crate::{
    command::Step,
    event::{DriverEvent, Event, Key, OrderEvent},
    order::Order,
    Driver, Refusal,
};
use smartlink_primitives::{vehicle::VehicleClass, DriverId, Seat, VehicleId};

impl Engine {
    pub(super) fn on_duty(
        &mut self,
        key: Key,
        driver: DriverId,
        vehicle: VehicleId,
        seat: Seat,
        class: VehicleClass,
    ) -> Result<Answer, Refusal> {
        let known = self.drivers.get(&driver);
        if known.is_none() && self.drivers.len() >= self.rules.most_drivers {
            return Err(Refusal::Full);
        }
        let taken = self.vehicles.get(&vehicle).is_some_and(|other| *other != driver);
        let refusal = match known {
            Some(known) if !known.is_idle() => Some(Refusal::DriverBusy),
            _ if taken => Some(Refusal::VehicleTaken),
            _ => None,
        };
        let event = DriverEvent::OnDuty { vehicle, seat, class };
        self.answer_driver(key, driver, event, refusal)
    }

    pub(super) fn off_duty(&mut self, key: Key, driver: DriverId) -> Result<Answer, Refusal> {
        let known = self.drivers.get(&driver).ok_or(Refusal::NoSuchDriver)?;
        let refusal = if !known.is_idle() {
            Some(Refusal::DriverBusy)
        } else if known.duty.is_none() {
            Some(Refusal::OffDuty)
        } else {
            None
        };
        self.answer_driver(key, driver, DriverEvent::OffDuty, refusal)
    }

    /// Lets the event happen or the refusal, unless the key had its answer before.
    fn answer_driver(
        &mut self,
        key: Key,
        driver: DriverId,
        event: DriverEvent,
        refusal: Option<Refusal>,
    ) -> Result<Answer, Refusal> {
        if let Some(answer) = self.drivers.get(&driver).and_then(|known| known.answer(key)) {
            return answer.map(|()| Answer::Driver(driver));
        }
        match refusal {
            None => {
                self.emit(Event::Driver { driver, key, event });
                Ok(Answer::Driver(driver))
            }
            Some(refusal) => {
                if key != 0 {
                    let event = DriverEvent::Refused(refusal);
                    self.emit(Event::Driver { driver, key, event });
                }
                Err(refusal)
            }
        }
    }

    pub(super) fn offer(
        &self,
        order: &Order,
        driver: DriverId,
        revision: u64,
        eta_s: u32,
        forward: bool,
    ) -> Result<OrderEvent, Refusal> {
        if order.revision != revision {
            return Err(Refusal::Stale);
        }
        if order.attempts >= self.rules.most_offers {
            return Err(Refusal::OffersExhausted);
        }
        if order.excluded.contains(&driver) {
            return Err(Refusal::Excluded);
        }
        let driver = self.drivers.get(&driver).ok_or(Refusal::NoSuchDriver)?;
        let duty = driver.duty.ok_or(Refusal::OffDuty)?;
        if !serves(duty.class, order.class()) {
            return Err(Refusal::WrongClass);
        }
        if !(driver.is_idle() || forward && self.is_about_to_finish(driver)) {
            return Err(Refusal::DriverBusy);
        }
        Ok(OrderEvent::Offered {
            driver: driver.id,
            vehicle: duty.vehicle,
            seat: duty.seat,
            expires_ms: self.now_ms + self.rules.offer_valid_ms,
            eta_s,
            forward: !driver.is_idle(),
        })
    }

    /// Whether a driver may get an order for after her trip.
    fn is_about_to_finish(&self, driver: &Driver) -> bool {
        use crate::State;
        let trip = self.orders.get(driver.current).map(|order| order.state);
        driver.next == 0
            && driver.offered == 0
            && matches!(trip, Some(State::PickedUp | State::InTrip))
    }

    pub(super) fn accept(
        &self,
        order: &Order,
        driver: DriverId,
        attempt: u32,
    ) -> Result<OrderEvent, Refusal> {
        let offer = order.offer.ok_or(Refusal::OfferGone)?;
        let stands = offer.attempt == attempt
            && offer.driver == driver
            && self.now_ms < offer.expires_ms
            && self.drivers.get(&driver).is_some_and(|driver| driver.offered == order.id);
        if stands {
            Ok(OrderEvent::Accepted)
        } else {
            Err(Refusal::OfferGone)
        }
    }

    pub(super) fn decline(
        order: &Order,
        driver: DriverId,
        attempt: u32,
    ) -> Result<OrderEvent, Refusal> {
        match order.offer {
            Some(offer) if offer.attempt == attempt && offer.driver == driver => {
                Ok(OrderEvent::Declined)
            }
            _ => Err(Refusal::OfferGone),
        }
    }

    pub(super) fn step(
        &self,
        order: &Order,
        driver: DriverId,
        step: Step,
    ) -> Result<OrderEvent, Refusal> {
        Self::drives(order, driver)?;
        Ok(match step {
            Step::SetOff => {
                let current = self.drivers.get(&driver).map(|driver| driver.current);
                if current != Some(order.id) {
                    return Err(Refusal::TripUnfinished);
                }
                OrderEvent::SetOff
            }
            Step::Arrive => OrderEvent::Arrived,
            Step::Start => OrderEvent::Started,
            Step::Abandon => OrderEvent::Abandoned,
        })
    }

    pub(super) fn pick_up(
        &self,
        order: &Order,
        driver: DriverId,
        start_code: u16,
    ) -> Result<OrderEvent, Refusal> {
        Self::drives(order, driver)?;
        if order.wrong_codes >= self.rules.most_wrong_codes {
            Err(Refusal::CodeLocked)
        } else if order.start_code != start_code {
            Err(Refusal::WrongCode)
        } else {
            Ok(OrderEvent::PickedUp)
        }
    }

    pub(super) fn complete(
        &self,
        order: &Order,
        driver: DriverId,
        distance_m: u32,
        tolls_fen: u32,
    ) -> Result<OrderEvent, Refusal> {
        Self::drives(order, driver)?;
        let receipt = self.final_price(order, distance_m, tolls_fen)?;
        Ok(OrderEvent::Completed { distance_m, receipt })
    }

    /// The order is this driver's, and not only because she was asked once.
    fn drives(order: &Order, driver: DriverId) -> Result<(), Refusal> {
        match order.driver() {
            Some(own) if own == driver => Ok(()),
            _ => Err(Refusal::NoSuchOrder),
        }
    }
}

/// Whether a vehicle of class `has` may serve an order for class `wants`: the same or a better one; a van also
/// serves whoever ordered economy.
pub const fn serves(has: VehicleClass, wants: VehicleClass) -> bool {
    use VehicleClass::{Comfort, Economy, Premium, Van};
    matches!(
        (has, wants),
        (Economy | Comfort | Premium | Van, Economy)
            | (Comfort | Premium, Comfort)
            | (Premium, Premium)
            | (Van, Van)
    )
}
