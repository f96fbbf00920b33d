//! Assignments are of least cost: by their proofs, by brute force, and by solvers that know nothing of each other.

// In a test an unwrap is the assertion.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use pathfinding::prelude::{kuhn_munkres_min, Matrix};
use proptest::{collection::vec, option, prelude::*};
use smartlink_dispatch::assignment::{
    Assignment, AssignmentError, Candidates, CostMatrix, Prices, Refuted, FORBIDDEN, MAX_COLUMNS,
    MAX_COST,
};

/// More than all pairs of the matrices here together: nobody waits who could be served.
const NEVER: i64 = 1 << 30;

/// Numbers that are the same on every machine (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }

    fn costs(&mut self, count: usize, most: u64) -> Vec<i64> {
        (0..count).map(|_| 1 + self.below(most).cast_signed()).collect()
    }
}

/// Solved, and proven.
fn dense(rows: usize, columns: usize, costs: &[i64]) -> Assignment {
    let problem = CostMatrix::new(rows, columns, costs.to_vec()).unwrap();
    let assignment = problem.assign();
    problem.certify(&assignment).unwrap();
    assignment
}

/// The same costs as candidates, forbidden pairs left out.
fn all_candidates(rows: usize, columns: usize, costs: &[i64], waiting: i64) -> Candidates {
    let mut problem = Candidates::new(columns).unwrap();
    for row in 0..rows {
        let costs = (0..).zip(&costs[row * columns..][..columns]);
        let allowed = costs.filter(|(_, cost)| **cost != FORBIDDEN).map(|(c, cost)| (c, *cost));
        problem.push_row(waiting, allowed).unwrap();
    }
    problem
}

/// Solved, and proven.
fn sparse(problem: &Candidates) -> Assignment {
    let assignment = problem.assign();
    problem.certify(&assignment).unwrap();
    assignment
}

/// The least cost of serving the rows from `row` on with the columns that are left, by trying everything.
fn brute_force(problem: &Candidates, row: usize, taken: u32) -> i64 {
    if row == problem.rows() {
        return 0;
    }
    let waits = problem.waiting(row) + brute_force(problem, row + 1, taken);
    let pairs = problem.row(row).filter(|(column, _)| taken & (1 << column) == 0);
    let pairs =
        pairs.map(|(column, cost)| cost + brute_force(problem, row + 1, taken | 1 << column));
    pairs.min().map_or(waits, |best| best.min(waits))
}

/// A file of the shared data folder, from SMARTLINK_DATA or beside the checkout.
fn shared(file: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("SMARTLINK_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let path = folder.join(file);
    if path.is_file() {
        return Some(path);
    }
    let all = std::env::var_os("SMARTLINK_REQUIRE_ALL").is_some_and(|all| all == "1");
    assert!(!all, "SMARTLINK_REQUIRE_ALL=1 is set, but there is no {}", path.display());
    eprintln!("skipped: there is no {}; put it there, or set SMARTLINK_DATA", path.display());
    None
}

#[test]
fn the_published_problem_of_the_or_library_has_its_published_optimum() {
    let Some(file) = shared("assign100.txt") else { return };
    let text = std::fs::read_to_string(file).unwrap();
    let costs: Vec<i64> = text.split_whitespace().map(|cost| cost.parse().unwrap()).collect();
    assert_eq!(dense(100, 100, &costs).total, 305);
    assert_eq!(sparse(&all_candidates(100, 100, &costs, NEVER)).total, 305);
}

#[test]
fn problems_of_the_same_family_have_one_optimum_by_three_solvers() {
    for size in [200, 300, 400, 500, 600, 700, 800] {
        let costs = Numbers(size as u64).costs(size * size, 100);
        let total = dense(size, size, &costs).total;
        let candidates = sparse(&all_candidates(size, size, &costs, NEVER));
        assert_eq!((candidates.total, candidates.pairs()), (total, size), "{size}");
        let matrix = Matrix::from_vec(size, size, costs).unwrap();
        assert_eq!(kuhn_munkres_min(&matrix).0, total, "{size}");
    }
}

#[test]
fn a_city_has_one_optimum_by_two_solvers_and_from_any_prices() {
    let mut numbers = Numbers(7);
    let mut places = |count| -> Vec<(i64, i64)> {
        let mut at = || numbers.below(20_000).cast_signed();
        (0..count).map(|_| (at(), at())).collect()
    };
    for (orders, drivers) in [(300, 300), (150, 400), (400, 150)] {
        let (from, to) = (places(orders), places(drivers));
        let far = |a: &(i64, i64), b: &(i64, i64)| 120 * ((a.0 - b.0).abs() + (a.1 - b.1).abs());
        let costs: Vec<i64> = from.iter().flat_map(|a| to.iter().map(move |b| far(a, b))).collect();
        let whole = dense(orders, drivers, &costs);
        let problem = all_candidates(orders, drivers, &costs, NEVER);
        let served = sparse(&problem);
        assert_eq!(served.pairs(), whole.pairs());
        let waiting = NEVER * i64::try_from(orders - served.pairs()).unwrap();
        assert_eq!(served.total - waiting, whole.total);
        for prices in [served.duals.columns.clone(), vec![-1_000_000; drivers], vec![5; drivers]] {
            let again = problem.assign_from(&prices).unwrap();
            problem.certify(&again).unwrap();
            assert_eq!(again.total, served.total);
        }
    }
}

#[test]
fn nothing_to_assign_is_assigned() {
    assert_eq!(dense(0, 0, &[]).column_of, []);
    assert_eq!(dense(3, 0, &[]).column_of, [None; 3]);
    assert_eq!(dense(0, 3, &[]).duals.columns, [0; 3]);
    let mut nobody = Candidates::new(0).unwrap();
    assert_eq!(sparse(&nobody).total, 0);
    nobody.push_row(9, []).unwrap();
    assert_eq!((sparse(&nobody).column_of, sparse(&nobody).total), (vec![None], 9));
    assert_eq!(sparse(&Candidates::new(5).unwrap()).duals.columns, [0; 5]);
}

#[test]
fn one_order_gets_one_driver_unless_waiting_is_cheaper() {
    assert_eq!(dense(1, 1, &[-4]).total, -4);
    assert_eq!(dense(1, 1, &[FORBIDDEN]).column_of, [None]);
    for (waiting, column, total) in [(5, Some(0), 4), (3, None, 3)] {
        let mut problem = Candidates::new(1).unwrap();
        problem.push_row(waiting, [(0, 4)]).unwrap();
        let assignment = sparse(&problem);
        assert_eq!((assignment.column_of, assignment.total), (vec![column], total));
    }
}

#[test]
fn where_all_costs_are_equal_everybody_is_served_and_always_in_the_same_way() {
    for (rows, columns) in [(50, 50), (20, 50), (50, 20)] {
        let costs = vec![7; rows * columns];
        let problem = all_candidates(rows, columns, &costs, NEVER);
        let (whole, served) = (dense(rows, columns, &costs), sparse(&problem));
        assert_eq!(whole.pairs(), rows.min(columns));
        assert_eq!(served.pairs(), rows.min(columns));
        assert_eq!((whole, served), (dense(rows, columns, &costs), problem.assign()));
    }
}

#[test]
fn districts_without_roads_between_them_are_assigned_each_for_itself() {
    let districts = [dense(30, 30, &Numbers(1).costs(900, 1_000)), {
        dense(30, 30, &Numbers(2).costs(900, 1_000))
    }];
    let mut costs = vec![FORBIDDEN; 3_600];
    for (district, offset) in [(1, 0), (2, 30)] {
        for (place, cost) in Numbers(district).costs(900, 1_000).into_iter().enumerate() {
            costs[(place / 30 + offset) * 60 + place % 30 + offset] = cost;
        }
    }
    let total = districts[0].total + districts[1].total;
    assert_eq!(dense(60, 60, &costs).total, total);
    assert_eq!(sparse(&all_candidates(60, 60, &costs, NEVER)).total, total);
}

#[test]
fn two_orders_that_only_one_driver_can_serve_are_served_as_far_as_possible() {
    // Serving the far one alone would be cheaper for it, but then nobody takes the near one's place.
    let costs = [1, FORBIDDEN, 2, FORBIDDEN];
    let assignment = dense(2, 2, &costs);
    assert_eq!((assignment.column_of, assignment.total), (vec![Some(0), None], 1));
    let costs = [1, 1_000_000, 2, FORBIDDEN];
    let assignment = dense(2, 2, &costs);
    assert_eq!((assignment.column_of, assignment.total), (vec![Some(1), Some(0)], 1_000_002));
}

#[test]
fn the_largest_costs_do_not_overflow() {
    let mut numbers = Numbers(3);
    let costs: Vec<i64> = (0..400)
        .map(|_| match numbers.below(4) {
            0 => MAX_COST,
            1 => -MAX_COST,
            2 => FORBIDDEN,
            _ => numbers.below(100).cast_signed(),
        })
        .collect();
    let whole = dense(20, 20, &costs);
    let problem = all_candidates(20, 20, &costs, MAX_COST);
    sparse(&problem);
    problem.certify(&problem.assign_from(&[i64::MIN; 20]).unwrap()).unwrap();
    assert_eq!(whole.pairs(), 20);
}

#[test]
fn what_is_no_problem_is_refused_with_the_reason() {
    let refused = CostMatrix::new(2, 2, vec![1; 3]).unwrap_err();
    assert_eq!(refused, AssignmentError::Shape { rows: 2, columns: 2, found: 3 });
    let refused = CostMatrix::new(1 << 20, 1 << 20, vec![]).unwrap_err();
    assert!(matches!(refused, AssignmentError::Cells { .. }));
    assert!(CostMatrix::new(usize::MAX, 2, vec![]).is_err());
    let refused = CostMatrix::new(2, 2, vec![0, 0, 0, MAX_COST + 1]).unwrap_err();
    assert_eq!(refused, AssignmentError::Cost { row: 1, cost: MAX_COST + 1 });
    assert!(CostMatrix::new(1, 1, vec![-MAX_COST - 1]).is_err());
    assert!(CostMatrix::new(1, 1, vec![i64::MIN]).is_err());

    assert!(Candidates::new(MAX_COLUMNS + 1).is_err());
    let mut problem = Candidates::new(2).unwrap();
    let refused = problem.push_row(0, [(0, 1), (2, 1)]).unwrap_err();
    assert_eq!(refused, AssignmentError::NoColumn { row: 0, column: 2, columns: 2 });
    assert!(problem.push_row(FORBIDDEN, []).is_err());
    assert!(problem.push_row(0, [(1, FORBIDDEN)]).is_err());
    assert_eq!((problem.rows(), problem.assign().total), (0, 0));
    problem.push_row(9, [(1, 4)]).unwrap();
    assert_eq!(problem.row(0).collect::<Vec<_>>(), [(1, 4)]);
    assert!(matches!(problem.assign_from(&[0]), Err(AssignmentError::Prices { .. })));
}

#[test]
fn a_false_proof_is_found_out() {
    let problem = all_candidates(2, 2, &[1, 5, 2, 3], 10);
    let right = sparse(&problem);
    let spoilt = |spoil: &dyn Fn(&mut Assignment)| {
        let mut wrong = right.clone();
        spoil(&mut wrong);
        problem.certify(&wrong).unwrap_err()
    };
    assert_eq!(spoilt(&|a| a.column_of = vec![Some(1), Some(1)]), Refuted::Twice { column: 1 });
    assert!(matches!(spoilt(&|a| a.column_of = vec![Some(7), None]), Refuted::NoPair { .. }));
    assert!(matches!(spoilt(&|a| a.total -= 1), Refuted::Total { .. }));
    let dearer = spoilt(&|a| a.duals.rows[0] += 1);
    assert!(matches!(dearer, Refuted::Infeasible { .. } | Refuted::Waiting { .. }));
    assert!(matches!(spoilt(&|a| a.duals.rows[0] -= 1), Refuted::Gap { .. }));
    assert!(matches!(
        spoilt(&|a| a.duals.columns[1] = 1),
        Refuted::Infeasible { .. } | Refuted::Price { .. }
    ));
    let worse = |a: &mut Assignment| {
        a.column_of.swap(0, 1);
        a.total = 7;
    };
    assert_eq!(spoilt(&worse), Refuted::Gap { cost: 7, bound: 4 });
    assert_eq!(spoilt(&|a| a.duals.rows.clear()), Refuted::Shape);
}

#[test]
fn a_driver_keeps_her_price_from_one_tick_to_the_next_whatever_her_column() {
    // Three orders compete for driver 70, who is nearest to all; the others are far.
    let first = all_candidates(3, 3, &[1, 50, 60, 2, 50, 60, 3, 50, 60], 1_000);
    let mut prices = Prices::default();
    prices.keep(&[70, 71, 72], &sparse(&first).duals);
    assert!(prices.of(70) < 0);
    assert_eq!(prices.of(99), 0);
    let second = all_candidates(2, 3, &[60, 1, 50, 60, 2, 50], 1_000);
    let again = second.assign_from(&prices.of_columns(&[72, 70, 71])).unwrap();
    second.certify(&again).unwrap();
    assert_eq!(again.total, sparse(&second).total);
}

/// A matrix with some pairs forbidden, and prices to start from.
fn matrices() -> impl Strategy<Value = (usize, usize, Vec<i64>, Vec<i64>, Vec<i64>)> {
    (0..7usize, 0..7usize).prop_flat_map(|(rows, columns)| {
        let cost = option::weighted(0.7, -20..60i64).prop_map(|cost| cost.unwrap_or(FORBIDDEN));
        let costs = vec(cost, rows * columns);
        (Just(rows), Just(columns), costs, vec(-30..90i64, rows), vec(-99..9i64, columns))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn nothing_is_better_than_the_assignment_by_brute_force(
        (rows, columns, costs, waiting, prices) in matrices()
    ) {
        let mut problem = Candidates::new(columns).unwrap();
        for (row, waiting) in waiting.into_iter().enumerate() {
            let costs = (0..).zip(&costs[row * columns..][..columns]);
            let pairs = costs.filter(|(_, c)| **c != FORBIDDEN).map(|(column, c)| (column, *c));
            problem.push_row(waiting, pairs).unwrap();
        }
        let best = brute_force(&problem, 0, 0);
        prop_assert_eq!(sparse(&problem).total, best);
        let again = problem.assign_from(&prices).unwrap();
        problem.certify(&again).unwrap();
        prop_assert_eq!(again.total, best);

        // The same with waiting so dear that it happens only where it must.
        let most = sparse(&all_candidates(rows, columns, &costs, NEVER));
        let whole = dense(rows, columns, &costs);
        let waiting = NEVER * i64::try_from(rows - most.pairs()).unwrap();
        prop_assert_eq!((most.pairs(), most.total - waiting), (whole.pairs(), whole.total));
    }

    #[test]
    fn forcing_a_rejected_pair_costs_at_least_its_reduced_cost(
        (rows, columns, costs, _, _) in matrices()
    ) {
        let best = sparse(&all_candidates(rows, columns, &costs, NEVER));
        for (place, cost) in costs.iter().enumerate().filter(|(_, cost)| **cost != FORBIDDEN) {
            let (row, column) = (place / columns, place % columns);
            let mut forced = costs.clone();
            forced[row * columns..][..columns].fill(FORBIDDEN);
            forced[place] = *cost - (NEVER << 9);
            let forced = all_candidates(rows, columns, &forced, NEVER).assign().total + (NEVER << 9);
            prop_assert!(forced >= best.total + best.duals.reduced_cost(row, column, *cost));
        }
    }
}
