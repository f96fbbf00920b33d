//! Jonker and Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment
//! problems" (Computing 38, 1987), in integers.

use super::{
    word::{two_least, Distances, Word},
    NOBODY,
};

/// Rounds of augmenting row reduction: the authors' two.
const REDUCTIONS: usize = 2;
/// Steps of a round for every free row. Where costs are distances, rows can drive each other out
/// in steps so small that searching is quicker.
const STEPS_EACH: usize = 3;

/// The pairs and prices that a solver ends with.
pub(super) struct Solved<W> {
    /// The column of every row.
    pub(super) column_of: Vec<u32>,
    /// The price of every column.
    pub(super) prices: Vec<W>,
}

/// Pairs every row with a column, at the least cost. `costs` has one row after the other, not more rows than
/// columns, at least one row, and values from 0 to [`Word::MOST`].
pub(super) fn solve<W: Word>(costs: &[W], columns: usize) -> Solved<W> {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2.
        return unsafe { solve_avx2(costs, columns) };
    }
    Solver::new(costs, columns).solve()
}

/// The same code, compiled for processors with AVX2.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn solve_avx2<W: Word>(costs: &[W], columns: usize) -> Solved<W> {
    Solver::new(costs, columns).solve()
}

struct Solver<'a, W> {
    costs: &'a [W],
    columns: usize,
    prices: Vec<W>,
    row_of: Vec<u32>,
    column_of: Vec<u32>,
}

impl<'a, W: Word> Solver<'a, W> {
    #[inline(always)]
    fn new(costs: &'a [W], columns: usize) -> Self {
        let rows = costs.len() / columns;
        Self {
            costs,
            columns,
            prices: vec![W::ZERO; columns],
            row_of: vec![NOBODY; columns],
            column_of: vec![NOBODY; rows],
        }
    }

    #[inline(always)]
    fn row(&self, row: usize) -> &'a [W] {
        &self.costs[row * self.columns..][..self.columns]
    }

    #[inline(always)]
    fn solve(mut self) -> Solved<W> {
        // A column that stays free must keep the price zero: only where none can, prices start higher.
        if self.column_of.len() == self.columns {
            self.reduce_columns();
        }
        let rows = 0..self.column_of.len();
        let mut free: Vec<usize> = rows.filter(|row| self.column_of[*row] == NOBODY).collect();
        for _ in 0..REDUCTIONS {
            free = self.reduce_rows(&free);
        }
        self.augment(&free);
        Solved { column_of: self.column_of, prices: self.prices }
    }

    /// Column reduction and reduction transfer: the price of a column is the least of its costs, and the row
    /// that has it gets the column, if it has none yet; a row with one such column lowers its price by what
    /// it could give up.
    #[inline(always)]
    fn reduce_columns(&mut self) {
        let mut least_row = vec![0u32; self.columns];
        let (costs, wide) = (self.costs, self.columns);
        self.prices.copy_from_slice(&costs[..wide]);
        // Rows are numbered with 32 bits.
        for (row, costs) in costs.chunks_exact(wide).enumerate().skip(1) {
            let columns = self.prices.iter_mut().zip(&mut least_row).zip(costs);
            for ((price, least), cost) in columns {
                let lower = *cost < *price;
                *price = if lower { *cost } else { *price };
                *least = if lower { row as u32 } else { *least };
            }
        }
        let mut choices = vec![0u32; self.column_of.len()];
        for (column, row) in least_row.into_iter().enumerate().rev() {
            choices[row as usize] += 1;
            if self.column_of[row as usize] == NOBODY {
                self.pair(row as usize, column);
            }
        }
        for (row, _) in choices.iter().enumerate().filter(|(_, choices)| **choices == 1) {
            let column = self.column_of[row] as usize;
            let own = self.row(row)[column].minus(self.prices[column]);
            let (first, second) = two_least(self.row(row), &self.prices);
            // What the row pays elsewhere; with a single column there is no elsewhere.
            let elsewhere = if own == first { second } else { first };
            if elsewhere > own && elsewhere != W::FAR {
                self.prices[column] = self.prices[column].minus(elsewhere.minus(own));
            }
        }
    }

    /// Augmenting row reduction: every free row takes its best column, at the price that makes it
    /// as good as the second best; who is driven out goes on at once. The rows that are free afterwards.
    #[inline(always)]
    fn reduce_rows(&mut self, free: &[usize]) -> Vec<usize> {
        let mut left = Vec::new();
        let mut steps = STEPS_EACH * free.len();
        for row in free {
            let mut row = *row;
            loop {
                let (first, second) = two_least(self.row(row), &self.prices);
                let mut column = self.place(row, first, 0);
                if first == second && self.row_of[column] != NOBODY {
                    // Just as good, and perhaps free.
                    column = self.place(row, first, column + 1);
                }
                let driven_out = self.row_of[column];
                let gains = first < second && second != W::FAR;
                if steps == 0 || (!gains && driven_out != NOBODY) {
                    left.push(row);
                    break;
                }
                steps -= 1;
                if gains {
                    self.prices[column] = self.prices[column].minus(second.minus(first));
                }
                self.pair(row, column);
                if driven_out == NOBODY {
                    break;
                }
                row = driven_out as usize;
                self.column_of[row] = NOBODY;
            }
        }
        left
    }

    /// Where in the row, from a column on, a cost less the price is this value.
    #[inline(always)]
    fn place(&self, row: usize, value: W, from: usize) -> usize {
        let left = self.row(row)[from..].iter().zip(&self.prices[from..]);
        let place = left.into_iter().position(|(cost, price)| cost.minus(*price) == value);
        from + place.expect("two_least has seen the value there")
    }

    #[inline(always)]
    fn pair(&mut self, row: usize, column: usize) {
        // Both are numbered with 32 bits.
        self.row_of[column] = row as u32;
        self.column_of[row] = column as u32;
    }

    /// Augmentation: a shortest path for every free row to a free column.
    #[inline(always)]
    fn augment(&mut self, free: &[usize]) {
        let mut distances = Distances {
            distance: vec![W::ZERO; self.columns],
            from: vec![NOBODY; self.columns],
            closed: vec![W::ZERO; self.columns],
        };
        let mut tree = Vec::with_capacity(self.columns);
        for row in free {
            let (column, length) = self.shortest_path(*row, &mut distances, &mut tree);
            for closed in &tree {
                let nearer = length.minus(distances.distance[*closed]);
                self.prices[*closed] = self.prices[*closed].minus(nearer);
            }
            self.pair_along(*row, column, &distances.from);
        }
    }

    /// The nearest free column and its distance (Dijkstra). Leaves the columns that are nearer in `tree`.
    #[inline(always)]
    fn shortest_path(
        &self,
        root: usize,
        distances: &mut Distances<W>,
        tree: &mut Vec<usize>,
    ) -> (usize, W) {
        tree.clear();
        distances.distance.fill(W::FAR);
        distances.closed.fill(W::ZERO);
        let (base, _) = two_least(self.row(root), &self.prices);
        let mut nearest = distances.shorten(root as u32, self.row(root), &self.prices, base);
        loop {
            let level = tree.len();
            distances.push_columns_at(nearest, tree);
            let free = tree[level..].iter().find(|column| self.row_of[**column] == NOBODY).copied();
            if let Some(column) = free {
                tree.truncate(level);
                return (column, nearest);
            }
            for column in &tree[level..] {
                distances.closed[*column] = W::FAR;
            }
            let at = nearest;
            for column in &tree[level..] {
                let row = self.row_of[*column];
                let costs = self.row(row as usize);
                let base = costs[*column].minus(self.prices[*column]).minus(at);
                nearest = distances.shorten(row, costs, &self.prices, base);
            }
        }
    }

    #[inline(always)]
    fn pair_along(&mut self, root: usize, end: usize, from: &[u32]) {
        let mut column = end;
        loop {
            let row = from[column] as usize;
            let left = self.column_of[row];
            self.pair(row, column);
            if row == root {
                return;
            }
            column = left as usize;
        }
    }
}
