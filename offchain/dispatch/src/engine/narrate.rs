//! Says why: decisions with what stood against each candidate.

use super::{
    decide::{Fate, Weighed},
    Offer, Pair, Plan, Row,
};
use crate::decision::{Binding, Candidate, Decision, Outcome};

/// Tells the decisions of a tick that are worth keeping.
pub(super) struct Narrator<'p> {
    pub(super) plan: &'p Plan,
    pub(super) weighed: &'p Weighed,
}

impl Narrator<'_> {
    /// One for each order about which something new is to be said, or nothing was said for a while.
    pub(super) fn decisions(&self) -> Vec<Decision> {
        if self.plan.settings.config.decisions.per_order == 0 {
            return Vec::new();
        }
        let rows = 0..self.plan.rows.len();
        rows.filter(|place| self.is_news(*place)).map(|place| self.decision(place)).collect()
    }

    fn is_news(&self, place: usize) -> bool {
        let Some(noted) = self.plan.rows[place].noted else { return true };
        let (outcome, driver) = self.outcome(place);
        let again_ms = noted.at_ms.saturating_add(self.plan.settings.config.decisions.repeat_ms);
        outcome == Outcome::Offered
            || (noted.outcome, noted.driver) != (outcome, driver)
            || self.plan.now_ms >= again_ms
    }

    fn outcome(&self, place: usize) -> (Outcome, Option<u32>) {
        let row = &self.plan.rows[place];
        match self.weighed.fates[place] {
            Fate::Offer(pair) => (Outcome::Offered, Some(row.pairs[pair].driver)),
            Fate::Hold(pair, _) => (Outcome::Held, Some(row.pairs[pair].driver)),
            Fate::None if row.rests => (Outcome::Held, None),
            Fate::None if row.pairs.iter().any(|pair| self.winner(place, pair).is_some()) => {
                (Outcome::Outbid, None)
            }
            Fate::None => (Outcome::Nobody, None),
        }
    }

    fn decision(&self, place: usize) -> Decision {
        let row = &self.plan.rows[place];
        let (outcome, driver) = self.outcome(place);
        let weighed = row.pairs.iter().enumerate().map(|(pair, _)| self.candidate(place, pair));
        Decision {
            order: row.order,
            tick: self.plan.tick,
            at_ms: self.plan.now_ms,
            // At most 20,000 orders with 200 candidates each.
            orders_in_tick: self.plan.rows.len() as u32,
            drivers_in_tick: self.plan.columns.len() as u32,
            rings: row.rings,
            outcome,
            driver,
            candidates: weighed.collect(),
            reason: self.reason(place, row),
        }
    }

    fn candidate(&self, place: usize, at: usize) -> Candidate {
        let pair = &self.plan.rows[place].pairs[at];
        Candidate {
            driver: pair.driver,
            distance_m: pair.leg.distance_m,
            eta_s: pair.eta_s(),
            cost: self.weighed.costs[place].get(at).copied(),
            binding: self.binding(place, at),
        }
    }

    fn binding(&self, place: usize, at: usize) -> Option<Binding> {
        let row = &self.plan.rows[place];
        if row.rests {
            return Some(Binding::NotYet);
        }
        let chosen = match self.weighed.fates[place] {
            Fate::Offer(chosen) if chosen == at => return None,
            Fate::Hold(chosen, _) if chosen == at => return Some(Binding::Held),
            Fate::Offer(chosen) | Fate::Hold(chosen, _) => Some(row.pairs[chosen].driver),
            Fate::None => None,
        };
        let margin = self.margin(place, at);
        Some(match (self.winner(place, &row.pairs[at]), chosen) {
            (Some(by), _) => Binding::Outbid { by, margin },
            (None, Some(than)) => Binding::Dearer { than, margin },
            (None, None) => Binding::TooDear { margin },
        })
    }

    fn margin(&self, place: usize, at: usize) -> Option<i64> {
        let matching = self.weighed.matching.as_ref()?;
        let cost = self.weighed.costs[place].get(at)?.total();
        let column = self.plan.rows[place].pairs[at].column as usize;
        // An order that rests has no pairs in the problem; everything else is never negative.
        Some(matching.duals.reduced_cost(place, column, cost))
    }

    /// The other order that has the driver of a pair.
    fn winner(&self, place: usize, pair: &Pair) -> Option<u64> {
        let winner = self.weighed.taken.get(&pair.column).filter(|winner| **winner != place)?;
        Some(self.plan.rows[*winner].order)
    }

    fn reason(&self, place: usize, row: &Row) -> String {
        let mut reason = match self.weighed.fates[place] {
            Fate::Offer(at) => {
                let pair = &row.pairs[at];
                let place = if at == 0 { "the soonest".to_owned() } else { format!("number {} by time", at + 1) };
                let after = if pair.free_in_s > 0 {
                    format!(", after the trip that she finishes in {} s", pair.free_in_s)
                } else {
                    String::new()
                };
                format!("driver {}, {place} of {}, can be there in {} s{after}", pair.driver, row.pairs.len(), pair.eta_s())
            },
            Fate::Hold(at, gain_s) => format!(
                "driver {} would need {} s; waiting for a nearer one is expected to gain {gain_s} s",
                row.pairs[at].driver,
                row.pairs[at].eta_s()
            ),
            Fate::None if row.rests => {
                "booked: the soonest driver would be there too early".to_owned()
            },
            Fate::None if row.pairs.is_empty() => "no driver can take it".to_owned(),
            Fate::None => "none of the candidates was left, or worth her cost".to_owned(),
        };
        if let Some(note) = &self.weighed.note {
            reason.push_str("; ");
            reason.push_str(note);
        }
        reason
    }
}

/// The decision about an offer that was not taken.
pub(super) fn refused(tick: u64, offer: &Offer, reason: String, now_ms: u64) -> Decision {
    Decision {
        order: offer.order,
        tick,
        at_ms: now_ms,
        orders_in_tick: 0,
        drivers_in_tick: 0,
        rings: 0,
        outcome: Outcome::Stale,
        driver: Some(offer.driver),
        candidates: vec![Candidate {
            driver: offer.driver,
            distance_m: 0,
            eta_s: offer.eta_s,
            cost: None,
            binding: Some(Binding::Refused),
        }],
        reason,
    }
}
