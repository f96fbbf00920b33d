//! The cost of every pair is known.

mod solver;
mod word;

use super::{error::checked, Assignment, AssignmentError, Duals, NOBODY};
use solver::solve;
use word::Word;

/// The cost of a pair that must not be.
pub const FORBIDDEN: i64 = i64::MAX;
/// Costs of a matrix, at most: 512 MB of them.
pub const MAX_CELLS: usize = 1 << 26;

/// An assignment problem in which every pair has a cost, or is [`FORBIDDEN`].
///
/// As many pairs are made as can be (as the shorter side has, where nothing is forbidden), at the least cost.
/// Waiting has no price here: see [`Candidates`](super::Candidates).
#[derive(Clone, Debug)]
pub struct CostMatrix {
    rows: usize,
    columns: usize,
    costs: Vec<i64>,
    /// The least cost that is not forbidden, or zero.
    least: i64,
    /// The largest one, or zero.
    largest: i64,
}

impl CostMatrix {
    /// A matrix from its costs, one row after the other.
    ///
    /// # Errors
    /// There are not `rows * columns` costs, or more than [`MAX_CELLS`]; a cost is beyond
    /// [`MAX_COST`](super::MAX_COST) in size and not [`FORBIDDEN`].
    pub fn new(rows: usize, columns: usize, costs: Vec<i64>) -> Result<Self, AssignmentError> {
        match rows.checked_mul(columns) {
            Some(cells) if rows.max(columns).max(cells) <= MAX_CELLS => {}
            _ => return Err(AssignmentError::Cells { rows, columns }),
        }
        if costs.len() != rows * columns {
            return Err(AssignmentError::Shape { rows, columns, found: costs.len() });
        }
        let (mut least, mut largest) = (i64::MAX, i64::MIN);
        // Apart from each other, so that the compiler makes vectors of it.
        for cost in &costs {
            least = least.min(*cost);
            largest = largest.max(if *cost == FORBIDDEN { i64::MIN } else { *cost });
        }
        // Nothing but forbidden pairs, or nothing.
        if least == FORBIDDEN {
            (least, largest) = (0, 0);
        }
        if let Some(wrong) = [least, largest].into_iter().find(|cost| checked(0, *cost).is_err()) {
            let place = costs.iter().position(|cost| *cost == wrong).unwrap_or(0);
            return Err(AssignmentError::Cost { row: place / columns.max(1), cost: wrong });
        }
        Ok(Self { rows, columns, costs, least, largest })
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The costs of a row.
    ///
    /// # Panics
    /// There is no such row.
    pub fn row(&self, row: usize) -> &[i64] {
        assert!(row < self.rows, "row {row} of {}", self.rows);
        &self.costs[row * self.columns..][..self.columns]
    }

    /// What a pair costs; `None` if it is forbidden.
    ///
    /// # Panics
    /// There is no such row or column.
    pub fn cost(&self, row: usize, column: usize) -> Option<i64> {
        Some(self.row(row)[column]).filter(|cost| *cost != FORBIDDEN)
    }

    /// What a forbidden pair counts as in the dual values: more than all others together
    /// can save, so that there are as few as possible. At most 2^41 * 2^13 above the least cost.
    pub fn missing_cost(&self) -> i64 {
        let pairs = i64::try_from(self.rows.min(self.columns)).unwrap_or(i64::MAX);
        self.least + (self.largest - self.least) * pairs + 1
    }

    /// What a cost counts as in the dual values.
    pub fn priced(&self, cost: i64) -> i64 {
        if cost == FORBIDDEN {
            self.missing_cost()
        } else {
            cost
        }
    }

    /// The assignment of least cost.
    ///
    /// With `m` pairs and `n` on the longer side it takes O(m m n) steps at most, and needs half as much
    /// memory as the matrix, or as much where costs differ by more than 2^28.
    pub fn assign(&self) -> Assignment {
        if self.rows == 0 || self.columns == 0 {
            let duals = Duals { rows: vec![0; self.rows], columns: vec![0; self.columns] };
            return Assignment { column_of: vec![None; self.rows], total: 0, duals };
        }
        let range = match self.costs.contains(&FORBIDDEN) {
            true => self.missing_cost() - self.least,
            false => self.largest - self.least,
        };
        if range <= i32::MOST {
            self.assign_in::<i32>()
        } else {
            self.assign_in::<i64>()
        }
    }

    fn assign_in<W: Word>(&self) -> Assignment {
        let turned = self.rows > self.columns;
        let (short, long) = match turned {
            true => (self.columns, self.rows),
            false => (self.rows, self.columns),
        };
        let words = self.words::<W>(turned);
        let solved = solve(&words, long);
        let long_duals: Vec<i64> = solved.prices.iter().map(|price| price.wide()).collect();
        let short_duals: Vec<i64> = (0..short)
            .map(|place| {
                let partner = solved.column_of[place] as usize;
                words[place * long + partner].wide() - long_duals[partner] + self.least
            })
            .collect();
        match turned {
            false => {
                let duals = Duals { rows: short_duals, columns: long_duals };
                self.finished(&solved.column_of, duals)
            }
            true => {
                let mut column_of = vec![NOBODY; self.rows];
                for (column, row) in (0..).zip(&solved.column_of) {
                    column_of[*row as usize] = column;
                }
                self.finished(&column_of, Duals { rows: long_duals, columns: short_duals })
            }
        }
    }

    /// The costs above the least one, with the shorter side as rows.
    fn words<W: Word>(&self, turned: bool) -> Vec<W> {
        let missing = self.missing_cost();
        // No larger than the range, which the word can hold.
        let word = |cost: &i64| {
            let cost = if *cost == FORBIDDEN { missing } else { *cost };
            W::from_cost(cost.wrapping_sub(self.least))
        };
        if !turned {
            return self.costs.iter().map(word).collect();
        }
        let of_column = |column| self.costs[column..].iter().step_by(self.columns);
        (0..self.columns).flat_map(|column| of_column(column).map(word)).collect()
    }

    fn finished(&self, mates: &[u32], duals: Duals) -> Assignment {
        let mut total = 0;
        let column_of = (0..self.rows)
            .map(|row| {
                let column = Some(mates[row]).filter(|mate| *mate != NOBODY)?;
                total += self.cost(row, column as usize)?;
                Some(column)
            })
            .collect();
        Assignment { column_of, total, duals }
    }
}
