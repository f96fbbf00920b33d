//! Decisions as the messages of `dispatch.proto`.

use smartlink_proto::dispatch as wire;

use super::{Candidate, Decision, Outcome};

impl From<Outcome> for wire::Outcome {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Offered => Self::Offered,
            Outcome::Held => Self::Held,
            Outcome::Outbid => Self::Outbid,
            Outcome::Nobody => Self::Nobody,
            Outcome::Stale => Self::Stale,
        }
    }
}

impl From<Candidate> for wire::Candidate {
    fn from(candidate: Candidate) -> Self {
        let parts = candidate.cost.iter().flat_map(|cost| cost.parts());
        Self {
            driver: candidate.driver,
            distance_m: candidate.distance_m,
            eta_s: candidate.eta_s,
            cost: candidate.cost.as_ref().map_or(0, |cost| cost.total()),
            parts: parts
                .map(|(name, cost)| wire::CostPart { name: name.to_owned(), cost })
                .collect(),
            binding: candidate.binding.map(|binding| binding.to_string()).unwrap_or_default(),
        }
    }
}

impl From<Decision> for wire::Decision {
    fn from(decision: Decision) -> Self {
        // Only of an offer does the message name the driver: a pair that was held is marked in its candidate.
        let offered = matches!(decision.outcome, Outcome::Offered | Outcome::Stale);
        Self {
            tick: decision.tick,
            at_ms: decision.at_ms,
            orders_in_tick: decision.orders_in_tick,
            drivers_in_tick: decision.drivers_in_tick,
            rings: decision.rings,
            outcome: wire::Outcome::from(decision.outcome).into(),
            driver: decision.driver.filter(|_| offered).unwrap_or(0),
            candidates: decision.candidates.into_iter().map(Into::into).collect(),
            reason: decision.reason,
        }
    }
}
