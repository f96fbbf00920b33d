//! Why a problem is not one.

use super::{MAX_CANDIDATES, MAX_CELLS, MAX_COLUMNS, MAX_COST, MAX_ROWS};

/// Why a problem was refused. Nothing of it was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssignmentError {
    /// The costs are not a matrix of that shape.
    #[error("{rows} rows of {columns} columns were announced, but {found} costs were given")]
    Shape {
        /// Rows.
        rows: usize,
        /// Columns.
        columns: usize,
        /// Costs given.
        found: usize,
    },
    /// A matrix is too large.
    #[error(
        "a matrix of {rows} x {columns} has more than {MAX_CELLS} costs: give candidates instead"
    )]
    Cells {
        /// Rows.
        rows: usize,
        /// Columns.
        columns: usize,
    },
    /// There are too many rows.
    #[error("one assignment takes {MAX_ROWS} rows: leave the others to the next one")]
    Rows,
    /// There are too many columns.
    #[error("{found} columns are more than {MAX_COLUMNS}: divide the city")]
    Columns {
        /// Columns asked for.
        found: usize,
    },
    /// There are too many candidates.
    #[error("one assignment takes {MAX_CANDIDATES} candidates: give fewer for each row")]
    TooManyCandidates,
    /// A candidate is no column.
    #[error("row {row} names column {column}, but there are only {columns}")]
    NoColumn {
        /// The row.
        row: usize,
        /// The column that it names.
        column: u32,
        /// The number of columns.
        columns: usize,
    },
    /// A cost is too large.
    #[error("row {row} has a cost of {cost}: costs lie between -{MAX_COST} and {MAX_COST}")]
    Cost {
        /// The row.
        row: usize,
        /// The cost.
        cost: i64,
    },
    /// Starting prices are of another problem.
    #[error("{found} starting prices were given for {columns} columns: give one for each")]
    Prices {
        /// Prices given.
        found: usize,
        /// The number of columns.
        columns: usize,
    },
}

/// The cost, if it is within the limit.
pub(super) fn checked(row: usize, cost: i64) -> Result<i64, AssignmentError> {
    match (-MAX_COST..=MAX_COST).contains(&cost) {
        true => Ok(cost),
        false => Err(AssignmentError::Cost { row, cost }),
    }
}
