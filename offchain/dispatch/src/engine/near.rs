//! Who was near an order and was not weighed, and what stood against her.

use std::collections::HashSet;

use super::{plan::FEW, DispatchEngine, Standing};
use crate::{
    class::upgrade_steps,
    decision::{Binding, Candidate, Decision},
    fleet::Position,
    market::OrderNews,
};

impl DispatchEngine {
    /// Adds to a decision the drivers nearest to the pick-up who were not weighed.
    pub(super) fn add_near(&self, decision: &mut Decision) {
        let Some(open) = self.market.open(decision.order) else { return };
        let weighed: HashSet<u32> = decision.candidates.iter().map(|one| one.driver).collect();
        let config = &self.settings.config;
        let wanted = config.decisions.rejected;
        let mut near: Vec<(u32, u32, Binding)> = Vec::new();
        let mut look = |position: &Position| {
            if !weighed.contains(&position.driver) {
                near.push(self.rejected(position, &open.news, decision.at_ms));
            }
        };
        if self.fleet.slots().len() <= FEW {
            self.fleet.slots().iter().flatten().for_each(look);
        } else {
            let mut rings = self.fleet.grid().rings(&open.news.pickup);
            let (mut seen, mut within) = (0, 0);
            // Of those in a ring some are beyond what is settled, which only makes the walk end a ring early.
            while seen < wanted + weighed.len() && within < config.candidates.outermost_m {
                within = rings.widen(|slot| {
                    if let Some(position) = self.fleet.slot(slot) {
                        seen += 1;
                        look(position);
                    }
                });
            }
        }
        near.sort_unstable_by_key(|(metres, driver, _)| (*metres, *driver));
        decision.candidates.extend(near.into_iter().take(wanted).map(
            |(metres, driver, binding)| Candidate {
                driver,
                distance_m: metres,
                eta_s: 0,
                cost: None,
                binding: Some(binding),
            },
        ));
    }

    /// How far she is from the pick-up, who she is, and what stood against her.
    fn rejected(&self, position: &Position, order: &OrderNews, at_ms: u64) -> (u32, u32, Binding) {
        let candidates = &self.settings.config.candidates;
        let (binding, from) = match self.standing(position, at_ms) {
            Standing::Not(binding) => (Some(binding), position.at),
            Standing::Free { class } => (self.unserved(position, order, class), position.at),
            Standing::Finishing { class, from, .. } => {
                (self.unserved(position, order, class), from)
            }
        };
        let metres = from.metres_to(&order.pickup);
        let outermost_m = candidates.outermost_m;
        let binding = binding.unwrap_or(if metres > outermost_m {
            Binding::BeyondRings { outermost_m }
        } else {
            Binding::Crowded { weighed: candidates.per_order }
        });
        (position.at.metres_to(&order.pickup), position.driver, binding)
    }

    fn unserved(
        &self,
        position: &Position,
        order: &OrderNews,
        drives: crate::class::VehicleClass,
    ) -> Option<Binding> {
        if order.excluded.binary_search(&position.driver).is_ok() {
            return Some(Binding::Excluded);
        }
        let serves = upgrade_steps(order.class, drives).is_some();
        (!serves).then_some(Binding::WrongClass { ordered: order.class, drives })
    }
}
