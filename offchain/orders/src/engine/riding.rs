//! What riders ask for: prices, orders, their end, and ratings.

use super::{Answer, Archive, Archived, Engine, REFUSED_QUOTES};
use crate::{
    command::QuoteAsk,
    event::{Event, Key, OrderEvent, Quoted},
    order::{At, CancelledBy, Order, Party},
    Refusal, State,
};
use smartlink_primitives::DriverId;
use std::sync::Arc;

impl Engine {
    pub(super) fn quote(&mut self, key: Key, ask: &QuoteAsk) -> Result<Answer, Refusal> {
        if let Some(order) = self.quotes.get(&key).filter(|_| key != 0) {
            return Ok(Answer::Order(*order));
        }
        if let Some(refusal) = self.refused_quotes.get(&key).filter(|_| key != 0) {
            return Err(*refusal);
        }
        match self.price_quote(ask) {
            Ok(quoted) => {
                let id = self.next_id()?;
                self.emit_order(id, key, OrderEvent::Quoted(Box::new(quoted)));
                Ok(Answer::Order(id))
            }
            // These pass by themselves: whoever repeats the command means it.
            Err(refusal @ (Refusal::Full | Refusal::NoTariff | Refusal::TooManyQuotes)) => {
                Err(refusal)
            }
            Err(refusal) => {
                if key != 0 {
                    self.emit(Event::QuoteRefused { key, refusal });
                }
                Err(refusal)
            }
        }
    }

    fn price_quote(&self, ask: &QuoteAsk) -> Result<Quoted, Refusal> {
        if self.orders.len() >= self.rules.most_open {
            return Err(Refusal::Full);
        }
        let own = self.index.of_rider(ask.rider).iter().filter_map(|id| self.orders.get(*id));
        if own.filter(|order| order.state == State::Quoted).count() >= self.rules.most_quotes {
            return Err(Refusal::TooManyQuotes);
        }
        let pickup_ms = match ask.pickup_at_ms {
            0 => self.now_ms,
            at if at < self.now_ms || at > self.now_ms + self.rules.booked_most_ms => {
                return Err(Refusal::PickupTime)
            }
            at => at,
        };
        let price = self.quoted_price(ask, pickup_ms / 1_000)?;
        let cap = self.cap(&price)?;
        Ok(Quoted {
            rider: ask.rider,
            city: self.rules.city,
            class: ask.class,
            origin: ask.origin.clone(),
            destination: ask.destination.clone(),
            pickup_at_ms: ask.pickup_at_ms,
            price,
            valid_until_ms: self.now_ms + self.rules.quote_valid_ms,
            cap,
        })
    }

    pub(super) fn remember_refused_quote(&mut self, key: Key, refusal: Refusal) {
        if self.refused_quotes_in_order.len() >= REFUSED_QUOTES {
            if let Some(oldest) = self.refused_quotes_in_order.pop_front() {
                self.refused_quotes.remove(&oldest);
            }
        }
        if self.refused_quotes.insert(key, refusal).is_none() {
            self.refused_quotes_in_order.push_back(key);
        }
    }

    pub(super) fn place(&self, order: &Order, start_code: u16) -> Result<OrderEvent, Refusal> {
        if self.now_ms >= order.quoted.valid_until_ms {
            return Err(Refusal::QuoteOver);
        }
        let open = self.riders.get(&order.quoted.rider).copied().unwrap_or(0);
        if open >= self.rules.most_per_rider {
            return Err(Refusal::TooManyOrders);
        }
        let search_at = order.quoted.pickup_at_ms.saturating_sub(self.rules.booked_lead_ms);
        Ok(OrderEvent::Placed { booked: search_at > self.now_ms, start_code: start_code % 10_000 })
    }

    pub(super) fn cancel(
        &self,
        order: &Order,
        by: Party,
        who: u64,
        fault: Party,
        reason: &str,
    ) -> Result<OrderEvent, Refusal> {
        let fault = match by {
            Party::Company => fault,
            Party::Driver => {
                if order.driver().map(|driver| u64::from(driver.0)) != Some(who) {
                    return Err(Refusal::NoSuchOrder);
                }
                if self.now_ms < order.waiting_since_ms() + self.rules.no_show_ms {
                    return Err(Refusal::NotWaitedEnough);
                }
                Party::Rider
            }
            Party::Rider => self.fault_of_rider(order),
        };
        let costs = fault == Party::Rider
            && matches!(order.state, State::Accepted | State::Arriving | State::Arrived);
        let fee = if costs { Some(self.cancellation_fee(order)?) } else { None };
        let reason = reason.to_owned();
        Ok(OrderEvent::Cancelled { by: CancelledBy { by, fault }, reason, fee })
    }

    /// Whose fault it is when the rider cancels.
    fn fault_of_rider(&self, order: &Order) -> Party {
        match order.state {
            State::Accepted | State::Arriving | State::Arrived => {
                let eta_ms = order.offer.map_or(0, |offer| u64::from(offer.eta_s) * 1_000);
                // Nobody is late for a booked ride before its time.
                let promised = (order.accepted_ms + eta_ms).max(order.quoted.pickup_at_ms);
                // Who has arrived was as late as she then was.
                let there = if order.arrived_ms == 0 { self.now_ms } else { order.arrived_ms };
                if there > promised + self.rules.late_ms {
                    Party::Driver
                } else if order.state == State::Arrived {
                    Party::Rider
                } else if self.now_ms < order.accepted_ms + self.rules.second_thoughts_ms {
                    Party::Company
                } else {
                    Party::Rider
                }
            }
            // Nobody has come, so nobody is at fault.
            _ => Party::Company,
        }
    }

    pub(super) fn rate(
        &mut self,
        key: Key,
        id: u64,
        by: Party,
        who: u64,
        stars: u8,
        archive: &impl Archive,
    ) -> Result<Answer, Refusal> {
        let archived;
        let order = match self.orders.get(id) {
            Some(order) => order,
            None => {
                let history = archive.history(id).ok_or(Refusal::NoSuchOrder)?;
                archived = Order::restore(id, &history).map_err(|_| Refusal::NoSuchOrder)?;
                &archived
            }
        };
        let involved = match by {
            Party::Rider => order.quoted.rider == who,
            Party::Driver => u32::try_from(who).is_ok_and(|who| order.involves(DriverId(who))),
            Party::Company => false,
        };
        if let Some(answer) = order.answer(key).filter(|_| involved) {
            return answer.map(|()| Answer::Order(id));
        }
        let (by_rider, driver) = rater(order, by, who)?;
        if let Some(refusal) = against_rating(order, by_rider, stars) {
            return self.refuse(id, key, refusal);
        }
        let left = (!self.orders.contains(id)).then(|| order.clone());
        let event = OrderEvent::Rated { by_rider, stars, driver };
        self.emit_order(id, key, event.clone());
        if let Some(mut order) = left {
            self.effects.late.clear();
            let at = At { sequence: self.sequence, ms: self.now_ms, key };
            order.record(at, &event, &self.encoded);
            self.effects.archived.push(Archived {
                order: id,
                rider: order.quoted.rider,
                driver: driver.0,
                history: Arc::new(order.history().to_vec()),
            });
        }
        Ok(Answer::Order(id))
    }

    pub(super) fn count_stars(&mut self, driver: DriverId, stars: u8) {
        if let Some(driver) = self.drivers.get_mut(&driver) {
            driver.stars = driver.stars.saturating_add(stars.into());
            driver.ratings = driver.ratings.saturating_add(1);
            self.effects.drivers.push(driver.id);
        }
    }
}

/// What stands against a rating.
fn against_rating(order: &Order, by_rider: bool, stars: u8) -> Option<Refusal> {
    let given = if by_rider { order.rating_of_driver } else { order.rating_of_rider };
    if !matches!(order.state, State::Completed | State::Settled) {
        Some(Refusal::State(order.state))
    } else if !(1..=5).contains(&stars) {
        Some(Refusal::Stars)
    } else {
        (given != 0).then_some(Refusal::RatedAlready)
    }
}

/// Who rates, and the driver of the order.
fn rater(order: &Order, by: Party, who: u64) -> Result<(bool, DriverId), Refusal> {
    let driver = order.offer.map(|offer| offer.driver).unwrap_or_default();
    match by {
        Party::Rider if order.quoted.rider == who => Ok((true, driver)),
        Party::Driver if u64::from(driver.0) == who && order.offer.is_some() => Ok((false, driver)),
        _ => Err(Refusal::NoSuchOrder),
    }
}
