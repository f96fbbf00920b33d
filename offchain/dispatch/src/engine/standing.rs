//! Whether a driver can take an order, and from where.

use super::DispatchEngine;
use crate::{class::VehicleClass, decision::Binding, fleet::Position, geo::Point, market::Phase};

/// Whether a driver can take an order.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Standing {
    /// She can, from where she is.
    Free { class: VehicleClass },
    /// She can, from the drop-off of the order that she is about to finish.
    Finishing { class: VehicleClass, from: Point, free_in_s: u32 },
    /// She cannot.
    Not(Binding),
}

impl DispatchEngine {
    /// What a driver is up to.
    pub(crate) fn standing(&self, position: &Position, now_ms: u64) -> Standing {
        let driver = position.driver;
        let Some(news) = self.market.of(driver).filter(|news| news.on_duty) else {
            return Standing::Not(Binding::OffDuty);
        };
        if position.at_ms < self.fresh_since(now_ms) {
            let age_s = now_ms.saturating_sub(position.at_ms) / 1000;
            return Standing::Not(Binding::Stale { age_s });
        }
        let offered = self.market.reservation(driver, now_ms).or(news.offered);
        if let Some(order) = offered {
            return Standing::Not(Binding::OfferPending { order });
        }
        let mut riding = None;
        for engagement in self.market.engagements(driver) {
            let order = engagement.news.order;
            match engagement.news.phase {
                Phase::Offered => return Standing::Not(Binding::OfferPending { order }),
                Phase::Riding if riding.is_none() => riding = Some(engagement),
                _ => return Standing::Not(Binding::Busy { order }),
            }
        }
        if let Some(order) = news.next_order {
            return Standing::Not(Binding::Busy { order });
        }
        match (riding, news.order) {
            (Some(ride), _) => {
                let (order, dropoff) = (ride.news.order, ride.news.dropoff);
                self.finishing(position, news.class, order, dropoff)
            }
            (None, Some(order)) => Standing::Not(Binding::Busy { order }),
            (None, None) => Standing::Free { class: news.class },
        }
    }

    /// A driver with a rider: about to finish, or not.
    fn finishing(
        &self,
        position: &Position,
        class: VehicleClass,
        order: u64,
        dropoff: Point,
    ) -> Standing {
        let candidates = &self.settings.config.candidates;
        let rest = self.settings.roads.leg(&position.at, &dropoff).duration_s;
        if candidates.forward_horizon_s == 0 || rest > candidates.forward_horizon_s {
            return Standing::Not(Binding::Busy { order });
        }
        let free_in_s = rest.saturating_add(candidates.forward_handover_s).max(1);
        Standing::Finishing { class, from: dropoff, free_in_s }
    }
}
