//! The second step of a tick: who gets which order.

use std::collections::HashMap;

use super::{narrate::Narrator, Pair, Plan, Row};
use crate::{
    assignment::Duals,
    cost::{cost, Cost},
    decision::Decision,
    hold,
    matching::{optimal, Matching},
    policy::Policy,
    travel::Legs,
};

/// An order that is to be offered to a driver now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The order.
    pub order: u64,
    /// The driver.
    pub driver: u32,
    /// Seconds from now to the pick-up.
    pub eta_s: u32,
    /// The order's revision for which this was decided.
    pub revision: u64,
    /// She finishes another trip first.
    pub forward: bool,
}

/// What a plan came to. Nothing of it has happened yet.
#[derive(Clone, Debug)]
pub struct Verdict {
    pub(crate) offers: Vec<Offer>,
    pub(crate) decisions: Vec<Decision>,
    /// Drivers, and what the optimum says they are worth. `None` when nothing was optimised.
    pub(crate) prices: Option<(Vec<u32>, Duals)>,
}

/// What became of an order's best pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is offered.
    Offer(usize),
    /// It is held: a better one is expected to gain so many seconds.
    Hold(usize, i64),
    /// There is none.
    None,
}

/// What the second step knows of a plan.
pub(super) struct Weighed {
    pub(super) costs: Vec<Vec<Cost>>,
    pub(super) fates: Vec<Fate>,
    /// By column, the row that has it.
    pub(super) taken: HashMap<u32, usize>,
    /// `None` when nothing was optimised.
    pub(super) matching: Option<Matching>,
    /// What is to be said of the travel times.
    pub(super) note: Option<String>,
}

impl Plan {
    /// Weighs all pairs against each other. `legs` has one for each of [`Plan::journeys`]; without them, or with another
    /// number of them, the great circle counts.
    pub fn decide(mut self, legs: Option<Legs>) -> Verdict {
        if self.rows.is_empty() {
            return Verdict { offers: Vec::new(), decisions: Vec::new(), prices: None };
        }
        let note = self.take(legs);
        let costs = self.costs();
        let (chosen, matching) = match self.settings.config.policy {
            Policy::Batch => self.batch(&costs),
            Policy::Greedy => (self.greedy(), None),
        };
        let taken = self.taken(&chosen);
        let fates = self.fates(&chosen);
        let weighed = Weighed { costs, fates, taken, matching, note };
        let offers = self.offers(&weighed.fates);
        let decisions = Narrator { plan: &self, weighed: &weighed }.decisions();
        let drivers = self.columns.iter().map(|column| column.driver);
        let prices = weighed.matching.map(|matching| (drivers.collect(), matching.duals));
        Verdict { offers, decisions, prices }
    }

    /// Replaces great circles by what roads say.
    fn take(&mut self, legs: Option<Legs>) -> Option<String> {
        let legs = legs?;
        let pairs = self.rows.iter().map(|row| row.pairs.len()).sum::<usize>();
        if legs.legs.len() != pairs {
            return Some(format!(
                "{} legs came for {pairs} pairs: by great circle",
                legs.legs.len()
            ));
        }
        let mut given = legs.legs.into_iter();
        for row in &mut self.rows {
            for (pair, leg) in row.pairs.iter_mut().zip(&mut given) {
                pair.leg = leg;
            }
            row.pairs.sort_unstable_by_key(|pair| (pair.eta_s(), pair.driver));
        }
        legs.note
    }

    fn costs(&self) -> Vec<Vec<Cost>> {
        if self.settings.config.policy == Policy::Greedy
            && self.settings.config.decisions.per_order == 0
        {
            return vec![Vec::new(); self.rows.len()];
        }
        let of = |row: &Row, pair: &Pair| {
            let column = &self.columns[pair.column as usize];
            let config = &self.settings.config.cost;
            let approach = (pair.eta_s(), pair.steps);
            cost(config, &self.settings.roads, self.now_ms, (row, column), approach)
        };
        self.rows.iter().map(|row| row.pairs.iter().map(|pair| of(row, pair)).collect()).collect()
    }

    /// All at once, at the least sum of costs.
    fn batch(&self, costs: &[Vec<Cost>]) -> (Vec<Option<usize>>, Option<Matching>) {
        let candidates: Vec<Vec<(u32, i64)>> = self
            .rows
            .iter()
            .zip(costs)
            .map(|(row, costs)| {
                let active = if row.rests { &[][..] } else { &row.pairs[..] };
                active.iter().zip(costs).map(|(pair, cost)| (pair.column, cost.total())).collect()
            })
            .collect();
        let unassigned = i64::from(self.settings.config.cost.unassigned_s) * 1000;
        let matching = optimal(&candidates, unassigned, &self.prices);
        (matching.chosen.clone(), Some(matching))
    }

    /// One after the other, whoever is there first.
    fn greedy(&self) -> Vec<Option<usize>> {
        let mut taken = vec![false; self.columns.len()];
        let choose = |row: &Row| {
            if row.rests {
                return None;
            }
            let place = row.pairs.iter().position(|pair| !taken[pair.column as usize])?;
            taken[row.pairs[place].column as usize] = true;
            Some(place)
        };
        self.rows.iter().map(choose).collect()
    }

    fn taken(&self, chosen: &[Option<usize>]) -> HashMap<u32, usize> {
        let rows = self.rows.iter().zip(chosen).enumerate();
        rows.filter_map(|(place, (row, chosen))| Some((row.pairs[(*chosen)?].column, place)))
            .collect()
    }

    fn fates(&self, chosen: &[Option<usize>]) -> Vec<Fate> {
        let config = &self.settings.config;
        let fate = |(row, chosen): (&Row, &Option<usize>)| {
            let Some(place) = *chosen else { return Fate::None };
            // A booked ride has waited for its time already, and a rest of holding would make it late.
            if config.policy == Policy::Greedy || row.pickup_at_ms.is_some() {
                return Fate::Offer(place);
            }
            let eta_s = row.pairs[place].eta_s();
            match hold::holds(&config.hold, &self.usual, row.waited_ms(self.now_ms), eta_s) {
                Some(gain_s) => Fate::Hold(place, gain_s),
                None => Fate::Offer(place),
            }
        };
        self.rows.iter().zip(chosen).map(fate).collect()
    }

    fn offers(&self, fates: &[Fate]) -> Vec<Offer> {
        let rows = self.rows.iter().zip(fates);
        rows.filter_map(|(row, fate)| {
            let Fate::Offer(place) = fate else { return None };
            let pair = &row.pairs[*place];
            Some(Offer {
                order: row.order,
                driver: pair.driver,
                eta_s: pair.eta_s(),
                revision: row.revision,
                forward: pair.free_in_s > 0,
            })
        })
        .collect()
    }
}
