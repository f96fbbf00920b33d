//! From a tick's pairs to the solver, and back.

use crate::assignment::{Candidates, Duals};

/// An optimal matching.
#[derive(Clone, Debug)]
pub(crate) struct Matching {
    /// For each row the place of its partner among the row's candidates.
    pub(crate) chosen: Vec<Option<usize>>,
    /// The proof: what each row bears, and what each column is worth.
    pub(crate) duals: Duals,
}

const BOUNDED: &str = "the configuration bounds orders, candidates and drivers below the solver's bounds, an approach \
                       counts at most a day, and every other part of a cost is bounded: a sum is below 2^40";

/// The matching of the least sum, where a row without a partner costs `unassigned`. `prices` has one for each column to
/// start from.
pub(crate) fn optimal(rows: &[Vec<(u32, i64)>], unassigned: i64, prices: &[i64]) -> Matching {
    let mut problem = Candidates::new(prices.len()).expect(BOUNDED);
    for row in rows {
        problem.push_row(unassigned, row.iter().copied()).expect(BOUNDED);
    }
    let assignment = problem.assign_from(prices).expect("prices gave the number of columns");
    let partner = |(row, column): (&Vec<(u32, i64)>, &Option<u32>)| {
        column.and_then(|column| row.iter().position(|(candidate, _)| *candidate == column))
    };
    let chosen = rows.iter().zip(&assignment.column_of).map(partner).collect();
    Matching { chosen, duals: assignment.duals }
}
