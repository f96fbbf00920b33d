//! A driver, as the orders know her.

use crate::{
    event::{DriverEvent, Key},
    Refusal,
};
use codec::{Decode, Encode};
use smartlink_primitives::{vehicle::VehicleClass, DriverId, Seat, VehicleId};

/// Answers of which a driver's record remembers the last ones: her own commands on and off duty.
const ANSWERS: usize = 16;

/// Vehicle, seat and class of a driver on duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Duty {
    /// With which vehicle.
    pub vehicle: VehicleId,
    /// Her place in the company's ledger.
    pub seat: Seat,
    /// Of which class the vehicle is.
    pub class: VehicleClass,
}

/// What the service keeps of a driver. At every time at most one offer, one order that she drives, and one
/// that she drives next.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Driver {
    /// Given by the chain.
    pub id: DriverId,
    /// With what she works. `None` off duty.
    pub duty: Option<Duty>,
    /// The order that she drives. 0: none.
    pub current: u64,
    /// The order that she drives next. 0: none.
    pub next: u64,
    /// The order that is offered to her. 0: none.
    pub offered: u64,
    /// Since when she has nothing to do.
    pub idle_since_ms: u64,
    /// Trips that she completed.
    pub trips: u32,
    /// Stars of all ratings together.
    pub stars: u32,
    /// Ratings.
    pub ratings: u32,
    /// Offers that she got.
    pub offers: u32,
    /// Offers that she accepted.
    pub accepted: u32,
    /// Orders that she gave back.
    pub abandoned: u32,
    answers: Vec<(Key, Option<Refusal>)>,
}

impl Driver {
    pub(crate) fn new(id: DriverId) -> Self {
        Self {
            id,
            duty: None,
            current: 0,
            next: 0,
            offered: 0,
            idle_since_ms: 0,
            trips: 0,
            stars: 0,
            ratings: 0,
            offers: 0,
            accepted: 0,
            abandoned: 0,
            answers: Vec::new(),
        }
    }

    /// Whether she has neither an order nor an offer.
    pub fn is_idle(&self) -> bool {
        self.current == 0 && self.next == 0 && self.offered == 0
    }

    /// The mean of her ratings in thousandths of a star. 0: none yet.
    pub fn rating_permille(&self) -> u32 {
        self.stars.saturating_mul(1_000).checked_div(self.ratings).unwrap_or(0)
    }

    pub(crate) fn answer(&self, key: Key) -> Option<Result<(), Refusal>> {
        let found = self.answers.iter().rev().find(|(known, _)| *known == key && key != 0)?;
        Some(found.1.map_or(Ok(()), Err))
    }

    pub(crate) fn change(&mut self, at_ms: u64, key: Key, event: &DriverEvent) {
        let answer = match event {
            DriverEvent::OnDuty { vehicle, seat, class } => {
                let (vehicle, seat, class) = (*vehicle, *seat, *class);
                self.duty = Some(Duty { vehicle, seat, class });
                self.idle_since_ms = at_ms;
                None
            }
            DriverEvent::OffDuty => {
                self.duty = None;
                None
            }
            DriverEvent::Refused(refusal) => Some(*refusal),
        };
        if key == 0 {
            return;
        }
        if self.answers.len() >= ANSWERS {
            self.answers.remove(0);
        }
        self.answers.push((key, answer));
    }

    /// The order is over for her, in whatever way.
    pub(crate) fn release(&mut self, order: u64, at_ms: u64) {
        if self.offered == order {
            self.offered = 0;
        }
        if self.next == order {
            self.next = 0;
        }
        if self.current == order {
            self.current = std::mem::take(&mut self.next);
        }
        if self.is_idle() {
            self.idle_since_ms = at_ms;
        }
    }
}
