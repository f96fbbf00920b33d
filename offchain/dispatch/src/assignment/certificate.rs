//! Checks proofs of optimality, without the solvers.
//!
//! Linear programming duality: if no pair costs less than its two dual values together, the sum of all
//! dual values is a bound below every assignment; an assignment that reaches it is of least cost.

use super::{Assignment, Candidates, CostMatrix, NOBODY};

/// Why a proof does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refuted {
    /// It is a proof of something else.
    #[error("the assignment has other numbers of rows and columns than the problem")]
    Shape,
    /// A row has a column that is none of its candidates.
    #[error("row {row} was given column {column}, which it cannot have")]
    NoPair {
        /// The row.
        row: usize,
        /// The column.
        column: u32,
    },
    /// Two rows have the same column.
    #[error("column {column} was given to more than one row")]
    Twice {
        /// The column.
        column: u32,
    },
    /// A pair costs less than its dual values.
    #[error("row {row} and column {column} cost {below} less than their dual values")]
    Infeasible {
        /// The row.
        row: usize,
        /// The column.
        column: u32,
        /// By how much.
        below: i64,
    },
    /// A row bears more than waiting costs.
    #[error("row {row} bears more than waiting costs")]
    Waiting {
        /// The row.
        row: usize,
    },
    /// A column's price is positive although it may stay free.
    #[error("column {column} has a positive price although it may stay free")]
    Price {
        /// The column.
        column: u32,
    },
    /// The total is not the sum of the costs.
    #[error("the total is {total}, but the costs add up to {sum}")]
    Total {
        /// The total of the assignment.
        total: i64,
        /// The sum of its costs.
        sum: i64,
    },
    /// The bound is not reached.
    #[error("the assignment costs {cost}, the dual values prove only {bound}")]
    Gap {
        /// What the assignment costs, pairs that are missing included.
        cost: i64,
        /// The sum of the dual values.
        bound: i64,
    },
}

impl Candidates {
    /// Checks that `assignment` is one of this problem, and that its dual values prove it to be of least
    /// cost. Takes a look at every candidate.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn certify(&self, assignment: &Assignment) -> Result<(), Refuted> {
        let Assignment { column_of, total, duals } = assignment;
        let shape = (column_of.len(), duals.rows.len(), duals.columns.len());
        if shape != (self.rows(), self.rows(), self.columns()) {
            return Err(Refuted::Shape);
        }
        each_once(column_of, self.columns())?;
        let mut sum = 0;
        for (row, chosen) in column_of.iter().enumerate() {
            if duals.rows[row] > self.waiting(row) {
                return Err(Refuted::Waiting { row });
            }
            for (column, cost) in self.row(row) {
                feasible(assignment, row, column, cost)?;
            }
            sum += match *chosen {
                None => self.waiting(row),
                Some(column) => self.cost(row, column).ok_or(Refuted::NoPair { row, column })?,
            };
        }
        if let Some(column) = duals.columns.iter().position(|price| *price > 0) {
            return Err(Refuted::Price { column: index(column) });
        }
        same(*total, sum)?;
        no_gap(assignment, sum)
    }
}

impl CostMatrix {
    /// Checks that `assignment` is one of this problem, and that its dual values prove it to have as
    /// many pairs as possible and, among those, to be of least cost. Takes a look at every cost.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn certify(&self, assignment: &Assignment) -> Result<(), Refuted> {
        let Assignment { column_of, total, duals } = assignment;
        let shape = (column_of.len(), duals.rows.len(), duals.columns.len());
        if shape != (self.rows(), self.rows(), self.columns()) {
            return Err(Refuted::Shape);
        }
        each_once(column_of, self.columns())?;
        let missing = self.missing_cost();
        let mut sum = 0;
        for (row, chosen) in column_of.iter().enumerate() {
            for (column, cost) in (0..).zip(self.row(row)) {
                feasible(assignment, row, column, self.priced(*cost))?;
            }
            let Some(column) = *chosen else { continue };
            // The column exists: each_once has looked.
            sum += self.cost(row, column as usize).ok_or(Refuted::NoPair { row, column })?;
        }
        self.may_stay_free(assignment)?;
        same(*total, sum)?;
        // At most 8,192 pairs of at most 2^55 each.
        let lacking = self.rows().min(self.columns()) - assignment.pairs();
        no_gap(assignment, sum + missing * i64::try_from(lacking).unwrap_or(i64::MAX))
    }

    /// The longer side may stay free, and what may stay free has no positive dual value.
    fn may_stay_free(&self, assignment: &Assignment) -> Result<(), Refuted> {
        let duals = &assignment.duals;
        if self.rows() < self.columns() {
            if let Some(column) = duals.columns.iter().position(|price| *price > 0) {
                return Err(Refuted::Price { column: index(column) });
            }
        }
        if self.rows() > self.columns() {
            if let Some(row) = duals.rows.iter().position(|value| *value > 0) {
                return Err(Refuted::Waiting { row });
            }
        }
        Ok(())
    }
}

/// No column may be given twice, or not exist.
fn each_once(column_of: &[Option<u32>], columns: usize) -> Result<(), Refuted> {
    let mut taken = vec![false; columns];
    for (row, column) in column_of.iter().enumerate() {
        let Some(column) = *column else { continue };
        let Some(taken) = taken.get_mut(column as usize) else {
            return Err(Refuted::NoPair { row, column });
        };
        if std::mem::replace(taken, true) {
            return Err(Refuted::Twice { column });
        }
    }
    Ok(())
}

fn feasible(assignment: &Assignment, row: usize, column: u32, cost: i64) -> Result<(), Refuted> {
    match assignment.duals.reduced_cost(row, column as usize, cost) {
        0.. => Ok(()),
        reduced => Err(Refuted::Infeasible { row, column, below: -reduced }),
    }
}

fn same(total: i64, sum: i64) -> Result<(), Refuted> {
    match total == sum {
        true => Ok(()),
        false => Err(Refuted::Total { total, sum }),
    }
}

fn no_gap(assignment: &Assignment, cost: i64) -> Result<(), Refuted> {
    let duals = &assignment.duals;
    let bound = duals.rows.iter().sum::<i64>() + duals.columns.iter().sum::<i64>();
    match cost == bound {
        true => Ok(()),
        false => Err(Refuted::Gap { cost, bound }),
    }
}

/// A place as a column's number; there are fewer than 2^32.
fn index(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(NOBODY)
}
