//! A few candidates for each row, and a price of waiting.
//!
//! Three steps, each of which leaves the next one less to do:
//!
//! 1. An auction ([`auction`]; Bertsekas, "The auction algorithm", 1988, forward and reverse) finds good prices
//!    quickly, up to an error that falls from round to round.
//! 2. The same bidding without an error (the augmenting row reduction of Jonker and Volgenant, 1987)
//!    starts the exact assignment from these prices.
//! 3. Shortest augmenting paths ([`search`]) bring in everybody who is left. Only this step is needed
//!    for the result to be exact, and it is so from any prices.
//!
//! A row that waits and a column that stays free are the same thing seen from two sides: both are
//! alone, for a known cost (columns: zero). So all three steps are written once and run in both directions.

mod auction;
mod search;
mod side;

use super::{error::checked, Assignment, AssignmentError, Duals, MAX_COST, NOBODY};
use auction::bid_all;
use search::Search;
use side::{start_over, Links, Standing};

/// Rows of one problem, at most.
pub const MAX_ROWS: usize = 1 << 20;
/// Columns of one problem, at most.
pub const MAX_COLUMNS: usize = 1 << 20;
/// Candidates of all rows together, at most.
pub const MAX_CANDIDATES: usize = 1 << 26;

/// The lowest price from which a start makes sense. None that a solver finds is lower.
const LOWEST_PRICE: i64 = -4 * MAX_COST;
/// Bids of a step in one direction, for each row or column, without any prices to start from.
const COLD_BIDS: usize = 20;
/// The same with prices to start from: who has to move is few.
const WARM_BIDS: usize = 4;

/// An assignment problem in which every row has some candidates among the columns, and may wait for a cost.
///
/// Waiting may cost more than any pair: then as many rows as possible are served (it must exceed the sum of
/// what all others could save). It may cost less than some: then those pairs are not worth it.
#[derive(Clone, Debug)]
pub struct Candidates {
    links: Links,
    waiting: Vec<i64>,
    columns: usize,
}

impl Candidates {
    /// A problem without rows.
    ///
    /// # Errors
    /// More than [`MAX_COLUMNS`] columns.
    pub fn new(columns: usize) -> Result<Self, AssignmentError> {
        if columns > MAX_COLUMNS {
            return Err(AssignmentError::Columns { found: columns });
        }
        let links = Links { starts: vec![0], ..Links::default() };
        Ok(Self { links, waiting: Vec::new(), columns })
    }

    /// Adds a row: what its waiting costs, and its candidates with the cost of each. Of two candidates that are
    /// the same column the cheaper counts.
    ///
    /// # Errors
    /// A candidate is no column, a cost is beyond [`MAX_COST`](super::MAX_COST) in size, or the problem is full
    /// ([`MAX_ROWS`], [`MAX_CANDIDATES`]). The row was not added then.
    pub fn push_row(
        &mut self,
        waiting: i64,
        candidates: impl IntoIterator<Item = (u32, i64)>,
    ) -> Result<(), AssignmentError> {
        let (row, before) = (self.rows(), self.links.partners.len());
        let added = self.push_candidates(row, waiting, candidates);
        if added.is_err() {
            self.links.partners.truncate(before);
            self.links.costs.truncate(before);
        }
        added
    }

    fn push_candidates(
        &mut self,
        row: usize,
        waiting: i64,
        candidates: impl IntoIterator<Item = (u32, i64)>,
    ) -> Result<(), AssignmentError> {
        if row == MAX_ROWS {
            return Err(AssignmentError::Rows);
        }
        checked(row, waiting)?;
        for (column, cost) in candidates {
            if column as usize >= self.columns {
                return Err(AssignmentError::NoColumn { row, column, columns: self.columns });
            }
            if self.links.partners.len() == MAX_CANDIDATES {
                return Err(AssignmentError::TooManyCandidates);
            }
            self.links.costs.push(checked(row, cost)?);
            self.links.partners.push(column);
        }
        // At most 2^26.
        self.links.starts.push(self.links.partners.len() as u32);
        self.waiting.push(waiting);
        Ok(())
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.waiting.len()
    }

    /// The number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The candidates of a row, as they were given.
    ///
    /// # Panics
    /// There is no such row.
    pub fn row(&self, row: usize) -> impl Iterator<Item = (u32, i64)> + '_ {
        // Columns are numbered with 20 bits.
        self.links.of(row).map(|(column, cost)| (column as u32, cost))
    }

    /// What a row's waiting costs.
    ///
    /// # Panics
    /// There is no such row.
    pub fn waiting(&self, row: usize) -> i64 {
        self.waiting[row]
    }

    /// What a pair costs; `None` if the column is no candidate of the row.
    ///
    /// # Panics
    /// There is no such row.
    pub fn cost(&self, row: usize, column: u32) -> Option<i64> {
        self.row(row).filter(|(candidate, _)| *candidate == column).map(|(_, cost)| cost).min()
    }

    /// The assignment of least cost.
    ///
    /// With `n` rows and columns and `e` candidates it takes O(n e log n) steps at most, and most often not
    /// many more than the auction's, `80 e`.
    pub fn assign(&self) -> Assignment {
        let spread = self.spread();
        self.solve(vec![0; self.columns], &[spread, spread / 8], COLD_BIDS)
    }

    /// The assignment of least cost, sooner, when `prices` are those of a similar problem.
    ///
    /// Any prices give an assignment of the same total; among several that are equally good, the prices may
    /// decide. Positive ones count as zero.
    ///
    /// # Errors
    /// There is not one price for each column.
    pub fn assign_from(&self, prices: &[i64]) -> Result<Assignment, AssignmentError> {
        if prices.len() != self.columns {
            let (found, columns) = (prices.len(), self.columns);
            return Err(AssignmentError::Prices { found, columns });
        }
        // Nobody has learned anything yet.
        if prices.iter().all(|price| *price >= 0) {
            return Ok(self.assign());
        }
        let prices = prices.iter().map(|price| (*price).clamp(LOWEST_PRICE, 0)).collect();
        Ok(self.solve(prices, &[self.spread() / 8], WARM_BIDS))
    }

    /// From the best candidate of a row to the worst one, in the middle row: what differences matter here.
    fn spread(&self) -> i64 {
        let spread = |row| {
            let costs = || self.row(row).map(|(_, cost)| cost);
            Some(costs().max()? - costs().min()?).filter(|spread| *spread > 0)
        };
        let mut spreads: Vec<i64> = (0..self.rows()).filter_map(spread).collect();
        let middle = spreads.len() / 2;
        if spreads.is_empty() {
            return 0;
        }
        *spreads.select_nth_unstable(middle).1
    }

    fn solve(&self, prices: Vec<i64>, errors: &[i64], bids_each: usize) -> Assignment {
        let forth = &self.links;
        let back = &self.links.turned(self.columns);
        let mut rows = Standing::new(self.waiting.clone(), vec![0; self.rows()]);
        let mut columns = Standing::new(vec![0; self.columns], prices);
        let most = bids_each * self.rows().max(self.columns);
        for error in errors.iter().filter(|error| **error > 0).chain(&[0]) {
            start_over(forth, &mut rows, &mut columns);
            bid_all(forth, &mut rows, &mut columns, *error, most);
            bid_all(back, &mut columns, &mut rows, *error, most);
        }
        // In this order: a path from a column may end at any row without one, a path from a row
        // leaves no column behind.
        Search::new(self.rows()).settle_all(back, &mut columns, &mut rows);
        Search::new(self.columns).settle_all(forth, &mut rows, &mut columns);
        self.finished(rows, columns)
    }

    fn finished(&self, rows: Standing, columns: Standing) -> Assignment {
        let column_of: Vec<Option<u32>> =
            rows.mate.iter().map(|mate| Some(*mate).filter(|mate| *mate != NOBODY)).collect();
        // What is together costs what the dual values say, and so does who is alone: their sum is the total.
        let total = rows.dual.iter().sum::<i64>() + columns.dual.iter().sum::<i64>();
        Assignment { column_of, total, duals: Duals { rows: rows.dual, columns: columns.dual } }
    }
}
