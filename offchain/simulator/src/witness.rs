//! What people on the street know of each order, and what must never be seen.
//!
//! It passes the start code from the rider to the driver, as people do, and compares what both see.

use std::{
    collections::HashMap,
    sync::{
        atomic::{AtomicU64, Ordering},
        Mutex,
    },
};

use crate::{
    figures::lock,
    view::{Price, State},
};

/// Violations that are kept with all they say. More are only counted.
const MOST_KEPT: usize = 1_000;

/// Who saw something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// The one who ordered.
    Rider,
    /// The one who drives.
    Driver,
}

/// How an order ended, or why it never was one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The trip was made. Settled ones are among these.
    Completed,
    /// The rider ended it.
    CancelledByRider,
    /// The driver ended it.
    CancelledByDriver,
    /// The company ended it.
    CancelledByCompany,
    /// No driver was found in time.
    Expired,
    /// The rider did not take the quote, or took it too late.
    QuoteLapsed,
    /// The API gave no quote.
    QuoteRefused,
    /// The API did not take the order.
    PlaceRefused,
    /// The order is gone. A violation says so.
    Vanished,
    /// The order did not end in [`crate::Plan::stuck_after`]. A violation says so.
    Stuck,
    /// The run was stopped before the end.
    Unfinished,
}

impl Outcome {
    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::CancelledByRider => "cancelled by the rider",
            Self::CancelledByDriver => "cancelled by the driver",
            Self::CancelledByCompany => "cancelled by the company",
            Self::Expired => "expired",
            Self::QuoteLapsed => "quote not taken",
            Self::QuoteRefused => "no quote",
            Self::PlaceRefused => "not taken as an order",
            Self::Vanished => "vanished",
            Self::Stuck => "without an end",
            Self::Unfinished => "stopped before the end",
        }
    }
}

/// A promise of the API that did not hold. Drivers are numbered by their seat in the plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// An acknowledged order is not known any more.
    #[error("order {order} was acknowledged, and then there was no such order")]
    Vanished {
        /// The order.
        order: u64,
    },
    /// Two drivers were told that the order is theirs.
    #[error("order {order} was given to driver {second} while driver {first} had it")]
    TwoDrivers {
        /// The order.
        order: u64,
        /// Who had it.
        first: u32,
        /// Who got it too.
        second: u32,
    },
    /// A driver was let start a trip while another went on.
    #[error("driver {driver} was let begin order {second} with the rider of order {first} in the vehicle")]
    TwoTrips {
        /// The driver.
        driver: u32,
        /// The trip that went on.
        first: u64,
        /// The other one.
        second: u64,
    },
    /// One price for the rider and another for the driver, or one that changed.
    #[error("order {order} cost {first} for one and {second} for the other (10^-6 CNY)")]
    PriceDiffers {
        /// The order.
        order: u64,
        /// What the first of both saw, tolls included. Units of 10^-6 CNY.
        first: u64,
        /// What the second saw.
        second: u64,
    },
    /// The fare is above the cap of the quote, without waiting.
    #[error("order {order} came to {fare}, and the quote promised at most {cap} (10^-6 CNY)")]
    AboveCap {
        /// The order.
        order: u64,
        /// Units of 10^-6 CNY, without tolls.
        fare: u64,
        /// Units of 10^-6 CNY.
        cap: u64,
    },
    /// An offer was accepted after it had expired.
    #[error(
        "driver {driver} accepted the offer of order {order} {late_ms} ms after it had expired"
    )]
    LateAccept {
        /// The order.
        order: u64,
        /// The driver.
        driver: u32,
        /// How late.
        late_ms: u64,
    },
    /// A quote was taken after it had expired.
    #[error("the quote of order {order} was taken {late_ms} ms after it had expired")]
    LatePlace {
        /// The order.
        order: u64,
        /// How late.
        late_ms: u64,
    },
    /// The same command was answered in two ways.
    #[error("{method} with key {key} was answered by '{first}' and by '{second}'")]
    TwoAnswers {
        /// The method.
        method: &'static str,
        /// The idempotency key.
        key: String,
        /// One answer.
        first: String,
        /// The other one.
        second: String,
    },
    /// The driver could read the start code.
    #[error("the driver's view of order {order} has the start code")]
    CodeLeaked {
        /// The order.
        order: u64,
    },
    /// A wrong start code began a trip.
    #[error("order {order} was picked up with a wrong start code")]
    WrongCode {
        /// The order.
        order: u64,
    },
    /// An end was followed by something else.
    #[error("order {order} had ended as {from}, and then it was {to}")]
    EndChanged {
        /// The order.
        order: u64,
        /// Its end.
        from: State,
        /// What was seen later.
        to: State,
    },
    /// An acknowledged order did not end.
    #[error("order {order} is still {state} long after everybody did her part")]
    NeverEnded {
        /// The order.
        order: u64,
        /// Where it is.
        state: State,
    },
    /// An answer is not what the API promises.
    #[error("the answer to {method} cannot be read: {reason}")]
    Unreadable {
        /// The method.
        method: &'static str,
        /// What is wrong.
        reason: String,
    },
}

#[derive(Clone, Copy, Debug)]
struct Holder {
    driver: u32,
    /// She has begun to give it back: from here on another may have it.
    leaving: bool,
}

#[derive(Debug, Default)]
struct Known {
    holder: Option<Holder>,
    code: Option<String>,
    /// Units of 10^-6 CNY. 0: not told.
    cap: u64,
    price: Option<u64>,
    /// How it ended, and at which revision.
    end: Option<(State, u64)>,
}

/// What everybody saw.
#[derive(Debug, Default)]
pub(crate) struct Witness {
    orders: Mutex<HashMap<u64, Known>>,
    violations: Mutex<Vec<Violation>>,
    count: AtomicU64,
}

impl Witness {
    /// Somebody saw what must not be.
    pub(crate) fn saw(&self, violation: Violation) {
        tracing::error!(%violation, "a promise of the api did not hold");
        self.count.fetch_add(1, Ordering::Relaxed);
        let mut violations = lock(&self.violations);
        if violations.len() < MOST_KEPT {
            violations.push(violation);
        }
    }

    /// How many violations there were, and those that were kept.
    pub(crate) fn violations(&self) -> (u64, Vec<Violation>) {
        (self.count.load(Ordering::Relaxed), lock(&self.violations).clone())
    }

    /// How many violations there were.
    pub(crate) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    fn with<T>(&self, order: u64, look: impl FnOnce(&mut Known) -> T) -> T {
        look(lock(&self.orders).entry(order).or_default())
    }

    /// The order was acknowledged, with the cap of its quote.
    pub(crate) fn placed(&self, order: u64, cap: u64) {
        self.with(order, |known| known.cap = cap);
    }

    /// The rider tells the driver the start code.
    pub(crate) fn tell(&self, order: u64, code: &str) {
        self.with(order, |known| known.code = Some(code.to_owned()));
    }

    /// The start code that the rider told.
    pub(crate) fn heard(&self, order: u64) -> Option<String> {
        self.with(order, |known| known.code.clone())
    }

    /// A driver was told that the order is hers.
    pub(crate) fn accepted(&self, order: u64, driver: u32) {
        let before =
            self.with(order, |known| known.holder.replace(Holder { driver, leaving: false }));
        if let Some(Holder { driver: first, leaving: false }) = before {
            if first != driver {
                self.saw(Violation::TwoDrivers { order, first, second: driver });
            }
        }
    }

    /// A driver begins to give the order back.
    pub(crate) fn leaving(&self, order: u64, driver: u32, leaving: bool) {
        let other = self.with(order, |known| match &mut known.holder {
            Some(holder) if holder.driver == driver => {
                holder.leaving = leaving;
                None
            }
            other => other.filter(|_| !leaving),
        });
        if let Some(Holder { driver: second, .. }) = other {
            // She was not let go, and another has it.
            self.saw(Violation::TwoDrivers { order, first: driver, second });
        }
    }

    /// A driver was told that the order is not hers any more.
    pub(crate) fn released(&self, order: u64, driver: u32) {
        self.with(order, |known| known.holder.take_if(|holder| holder.driver == driver));
    }

    /// Somebody saw what the ride came to.
    pub(crate) fn price(&self, order: u64, price: Price) {
        let total = price.fare.saturating_add(price.tolls);
        let (first, cap) = self.with(order, |known| (*known.price.get_or_insert(total), known.cap));
        if first != total {
            self.saw(Violation::PriceDiffers { order, first, second: total });
        }
        if cap > 0 && price.waiting_s == 0 && price.fare > cap {
            self.saw(Violation::AboveCap { order, fare: price.fare, cap });
        }
    }

    /// Somebody saw a state. An end stays, save that the chain settles it. Who hears late of an older
    /// revision contradicts nothing.
    pub(crate) fn state(&self, order: u64, to: State, revision: u64) {
        let from = self.with(order, |known| match known.end {
            Some((_, end)) if revision < end => None,
            Some((from, _)) if to != from && to != State::Settled => Some(from),
            _ => {
                known.end = to.is_over().then_some((to, revision));
                None
            }
        });
        if let Some(from) = from {
            self.saw(Violation::EndChanged { order, from, to });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(witness: &Witness) -> Vec<Violation> {
        witness.violations().1
    }

    #[test]
    fn an_order_that_was_given_back_may_go_to_another() {
        let witness = Witness::default();
        witness.accepted(1, 7);
        witness.accepted(1, 7);
        witness.leaving(1, 7, true);
        witness.accepted(1, 8);
        witness.released(1, 7);
        assert_eq!(seen(&witness), []);
        witness.accepted(1, 9);
        assert_eq!(seen(&witness), [Violation::TwoDrivers { order: 1, first: 8, second: 9 }]);
    }

    #[test]
    fn a_driver_who_was_not_let_go_is_the_only_one() {
        let witness = Witness::default();
        witness.accepted(1, 7);
        witness.leaving(1, 7, true);
        witness.leaving(1, 7, false);
        assert_eq!(seen(&witness), []);
        witness.accepted(1, 8);
        assert_eq!(seen(&witness).len(), 1);
    }

    #[test]
    fn both_see_one_price_and_never_more_than_the_cap() {
        let witness = Witness::default();
        witness.placed(1, 100);
        let price = |fare, waiting_s| Price { fare, tolls: 5, waiting_s };
        witness.price(1, price(100, 0));
        witness.price(1, price(100, 0));
        assert_eq!(seen(&witness), []);
        witness.price(1, price(99, 0));
        assert_eq!(seen(&witness), [Violation::PriceDiffers { order: 1, first: 105, second: 104 }]);
        witness.placed(2, 100);
        witness.price(2, price(120, 60));
        assert_eq!(seen(&witness).len(), 1);
        witness.placed(3, 100);
        witness.price(3, price(101, 0));
        assert_eq!(
            seen(&witness).last(),
            Some(&Violation::AboveCap { order: 3, fare: 101, cap: 100 })
        );
    }

    #[test]
    fn an_end_stays_an_end() {
        let witness = Witness::default();
        witness.state(1, State::Searching, 1);
        witness.state(1, State::Completed, 5);
        witness.state(1, State::InTrip, 4);
        witness.state(1, State::Settled, 6);
        witness.state(1, State::Completed, 5);
        assert_eq!(seen(&witness), []);
        witness.state(2, State::Cancelled, 3);
        witness.state(2, State::InTrip, 4);
        let (from, to) = (State::Cancelled, State::InTrip);
        assert_eq!(seen(&witness), [Violation::EndChanged { order: 2, from, to }]);
    }
}
