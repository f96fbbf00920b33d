//! What rides cost: the chain's own function, applied beforehand.

use super::Engine;
use crate::{
    command::QuoteAsk,
    order::{Order, Price},
    Refusal,
};
use smartlink_primitives::{
    fare::fare,
    ride::{Ride, RideKind},
    tariff::{FareTable, InForce, Windows},
    Seat,
};

/// Steps in which charged distance and time are lowered until the fare is within its cap.
const STEPS: u32 = 1_000;

impl Engine {
    fn tariff_at(&self, unix_s: u64) -> Result<&InForce, Refusal> {
        let place = self.schedule.at(unix_s).ok_or(Refusal::NoTariff)?;
        self.schedule.get(place).ok_or(Refusal::NoTariff)
    }

    pub(super) fn quoted_price(&self, ask: &QuoteAsk, pickup_s: u64) -> Result<Price, Refusal> {
        let ride = Ride {
            distance_m: ask.distance_m,
            duration_s: ask.duration_s,
            surge_permille: ask.surge_permille,
            ..bare(pickup_s, RideKind::Trip)
        };
        priced(self.tariff_at(pickup_s)?, ride)
    }

    /// The most that a trip with this price will come to, waiting and tolls aside. Never less than the
    /// shortest trip at the dearest time of the week: no row that the chain computes could be below that.
    pub(super) fn cap(&self, price: &Price) -> Result<u64, Refusal> {
        let table = &self.tariff_at(price.pickup_s)?.tariff.table;
        let cap = u128::from(price.fare) * u128::from(self.rules.cap_permille) / 1_000;
        // A fare is at most 10¹³, and the cap ten times that.
        let cap = u64::try_from(cap).unwrap_or(u64::MAX);
        let Some(surcharge) = table.windows.iter().map(|w| w.surcharge_permille).max() else {
            return Ok(cap);
        };
        let any_time = FareTable {
            windows: Windows::default(),
            max_surge_permille: u16::MAX,
            ..table.clone()
        };
        // Both together are at most 10,000 in a tariff that is in force.
        let surge_permille = price.surge_permille.saturating_add(surcharge);
        let shortest = Ride { surge_permille, ..bare(price.pickup_s, RideKind::Trip) };
        Ok(fare(&any_time, &shortest)?.fare.max(cap))
    }

    /// The fee of an order that is cancelled now by the rider's fault.
    pub(super) fn cancellation_fee(&self, order: &Order) -> Result<Price, Refusal> {
        let now_s = self.now_ms / 1_000;
        let tariff = self.tariff_at(now_s)?;
        let waited = match order.arrived_ms {
            0 => 0,
            _ => self.now_ms.saturating_sub(order.waiting_since_ms()) / 1_000,
        };
        let waiting_s = saturated(waited).min(tariff.tariff.table.max_waiting_s);
        priced(tariff, Ride { waiting_s, ..bare(now_s, RideKind::Cancelled) })
    }

    /// What a trip comes to that ends now. Time and waiting are this service's own; beyond the
    /// tariff's limits they are not charged. Distance and time are charged only as far as the cap goes: what
    /// the chain computes from the charged figures is the fare, without anybody telling it an amount.
    pub(super) fn final_price(
        &self,
        order: &Order,
        distance_m: u32,
        tolls_fen: u32,
    ) -> Result<Price, Refusal> {
        let pickup_s = order.picked_up_ms / 1_000;
        let tariff = self.tariff_at(pickup_s)?;
        let table = &tariff.tariff.table;
        let duration_s = saturated(self.now_ms / 1_000 - pickup_s).min(table.max_duration_s);
        let waited = order.picked_up_ms.saturating_sub(order.waiting_since_ms()) / 1_000;
        let waiting_s = saturated(waited).min(table.max_waiting_s);
        // A tariff that came into force since the quote may allow less.
        let surge_permille = order.quoted.price.surge_permille.min(table.max_surge_permille);
        let measured = Ride {
            distance_m,
            duration_s,
            surge_permille,
            tolls_fen,
            ..bare(pickup_s, RideKind::Trip)
        };
        // Refuses what is beyond the limits before anything is lowered.
        priced(tariff, measured)?;
        let driven = charged_within(tariff, measured, order.quoted.cap)?;
        priced(tariff, Ride { waiting_s, ..driven })
    }
}

/// Lowers distance and time together until the fare without waiting is at most `cap`. The fare grows with
/// both, so the highest step is found by halving.
fn charged_within(tariff: &InForce, measured: Ride, cap: u64) -> Result<Ride, Refusal> {
    let part = |of: u32, step: u32| {
        // A part of a u32 is one.
        (u64::from(of) * u64::from(step) / u64::from(STEPS)) as u32
    };
    let lowered = |step: u32| Ride {
        distance_m: part(measured.distance_m, step),
        duration_s: part(measured.duration_s, step),
        ..measured
    };
    if priced(tariff, measured)?.fare <= cap {
        return Ok(measured);
    }
    let (mut fits, mut exceeds) = (0, STEPS);
    while exceeds - fits > 1 {
        let middle = (fits + exceeds) / 2;
        if priced(tariff, lowered(middle))?.fare <= cap {
            fits = middle;
        } else {
            exceeds = middle;
        }
    }
    Ok(lowered(fits))
}

fn priced(tariff: &InForce, ride: Ride) -> Result<Price, Refusal> {
    let fare = fare(&tariff.tariff.table, &ride)?;
    Ok(Price {
        tariff_version: tariff.version.0,
        distance_m: ride.distance_m,
        duration_s: ride.duration_s,
        waiting_s: ride.waiting_s,
        tolls_fen: ride.tolls_fen,
        surge_permille: ride.surge_permille,
        pickup_s: ride.pickup,
        fare: fare.fare,
        tolls: fare.tolls,
    })
}

const fn bare(pickup: u64, kind: RideKind) -> Ride {
    Ride {
        order: 0,
        seat: Seat(0),
        pickup,
        distance_m: 0,
        duration_s: 0,
        waiting_s: 0,
        tolls_fen: 0,
        surge_permille: 1_000,
        kind,
    }
}

fn saturated(seconds: u64) -> u32 {
    u32::try_from(seconds).unwrap_or(u32::MAX)
}
