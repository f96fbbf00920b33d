//! Which order gets which driver, so that the sum of all costs is the least there is.
//!
//! Rows are orders, columns are drivers, costs are thousandths of a second. [`CostMatrix`] knows the
//! cost of every pair and serves whole small cities; [`Candidates`] knows a few drivers for each order
//! and what it costs when the order waits, and serves large ones. Both are exact: an
//! [`Assignment`] carries the dual values that prove it, and `certify` of either problem checks the proof
//! without trusting the solver.
//!
//! The dual value of a column is the price of that driver's time, the dual value of a row what the
//! order has to bear in all: no pair's cost is below the sum of the two, and every chosen pair's
//! cost is exactly that. So the proof also explains: a pair that was not chosen would have made the whole
//! assignment dearer by at least its [reduced cost](Duals::reduced_cost).
//!
//! The same input gives the same assignment on every machine: all numbers are integers, and
//! ties are broken by place.

mod certificate;
mod dense;
mod error;
mod prices;
mod sparse;

pub use certificate::Refuted;
pub use dense::{CostMatrix, FORBIDDEN, MAX_CELLS};
pub use error::AssignmentError;
pub use prices::Prices;
pub use sparse::{Candidates, MAX_CANDIDATES, MAX_COLUMNS, MAX_ROWS};

/// The largest cost, and the largest negative one: 2^40 thousandths of a second, 34 years. Below it
/// no sum or path of the solvers overflows.
pub const MAX_COST: i64 = 1 << 40;

/// What a mate is where there is none.
const NOBODY: u32 = u32::MAX;

/// An assignment of least cost, and its proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// For every row its column; `None` where it waits, or where every pair is forbidden or taken.
    pub column_of: Vec<Option<u32>>,
    /// The cost of all chosen pairs, and of waiting for the rows that wait where waiting has a cost.
    pub total: i64,
    /// The proof that there is no better one.
    pub duals: Duals,
}

impl Assignment {
    /// How many rows have a column.
    pub fn pairs(&self) -> usize {
        self.column_of.iter().flatten().count()
    }
}

/// Dual values: the proof that an assignment is of least cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Duals {
    /// What every row has to bear, in thousandths of a second.
    pub rows: Vec<i64>,
    /// The price of every column, in thousandths of a second: 0 for one that nobody
    /// competes for, negative where choosing it takes it from somebody else. (In a matrix of as many rows as
    /// columns, or of more, only differences between prices mean something.)
    pub columns: Vec<i64>,
}

impl Duals {
    /// By how much, at least, the whole assignment would be dearer with this pair in it.
    ///
    /// Zero for a chosen pair and for one that is just as good; never negative for a pair of the problem that
    /// was solved. `cost` is the pair's cost there.
    ///
    /// # Panics
    /// There is no such row or column.
    pub fn reduced_cost(&self, row: usize, column: usize, cost: i64) -> i64 {
        cost - self.rows[row] - self.columns[column]
    }
}
