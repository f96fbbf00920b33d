//! Measures the assignment solvers beside SciPy's and `pathfinding`'s, on the same problems in one run.

mod places;
mod scipy;

use std::{path::PathBuf, time::Instant};

use pathfinding::prelude::{kuhn_munkres_min, Matrix};
use smartlink_dispatch::assignment::{Assignment, Candidates, CostMatrix};

use crate::{
    background::compute,
    prng::SplitMix,
    table::{grouped, Table},
    Error,
};
use places::{City, Place};
use scipy::Scipy;

/// Orders and vehicles of the problem in which every pair has a cost.
const DENSE: u32 = 1_000;
/// Orders and vehicles of the problem with candidates.
const SPARSE: u32 = 10_000;
/// Candidates of each order.
const NEAREST: usize = 20;
/// What an order may wait, in thousandths of a second: half an hour.
const WAITING: i64 = 1_800_000;
/// How often each problem is solved.
const ROUNDS: usize = 9;
/// The largest of small integers, as in the problems of the OR-Library.
const SMALL: u32 = 100;

/// What to measure with.
#[derive(Clone, Debug)]
pub struct Plan {
    /// A Python that has SciPy. Without it, SciPy is left out.
    pub python: Option<PathBuf>,
    /// A CSV file of positions with the columns longitude and latitude. Without it, all cities are made up.
    pub positions: Option<PathBuf>,
    /// The same seed gives the same orders and vehicles.
    pub seed: u64,
}

/// Times in milliseconds, and what they led to.
#[derive(Clone, Copy, Debug)]
struct Timing {
    median: f64,
    least: f64,
    optimum: i64,
}

/// Measures, compares the optima of all solvers, checks every proof, and prints.
///
/// # Errors
/// A solver came to another optimum or a proof does not hold; positions cannot be read; SciPy failed.
pub async fn run(plan: &Plan) -> Result<(), Error> {
    let scipy = plan.python.as_deref().map(Scipy::new);
    if scipy.is_none() {
        println!("There is no Python with SciPy: `cargo xtask bench dispatch` installs one.");
    }
    let cities = City::all(plan.positions.as_deref())?;
    let mut table = Table::new(&["", "to SciPy", "ms", "least ms", "optimum"]);
    let mut ratio = None;
    let mut ours_ms = 0.0;
    for (place, (title, costs)) in dense_problems(&cities, plan.seed).into_iter().enumerate() {
        println!("Solving {title} ...");
        let costs = std::sync::Arc::new(costs);
        let ours = compute({
            let costs = costs.clone();
            move || dense(&costs)
        });
        let ours = ours.await?;
        let theirs = match &scipy {
            Some(scipy) => Some(scipy.solve(DENSE, ROUNDS, &costs).await?),
            None => None,
        };
        let munkres = compute(move || munkres(&costs)).await?;
        let peers = [("SciPy", theirs.as_ref()), ("pathfinding", Some(&munkres))];
        for (peer, timing) in peers {
            let Some(timing) = timing else { continue };
            if timing.optimum != ours.optimum {
                let (theirs, ours) = (timing.optimum, ours.optimum);
                let said = format!("the optimum of {title} is {theirs} by {peer}, {ours} by us");
                return Err(Error::Differs(said));
            }
        }
        if place == 0 {
            ours_ms = ours.median;
            ratio = theirs.as_ref().map(|theirs| ours.median / theirs.median);
        }
        let base = theirs.as_ref().map(|theirs| theirs.median);
        add(&mut table, format!("{title}: ours"), base, &ours);
        if let Some(theirs) = &theirs {
            add(&mut table, format!("{title}: SciPy"), base, theirs);
        }
        add(&mut table, format!("{title}: pathfinding"), base, &munkres);
    }
    let mut sparse_ms: f64 = 0.0;
    for city in cities {
        println!("Solving {} orders with {NEAREST} candidates each in {} ...", SPARSE, city.title);
        let (title, seed) = (city.title.clone(), plan.seed);
        for (name, timing) in compute(move || sparse(&city, seed)).await? {
            if name == COLD {
                sparse_ms = sparse_ms.max(timing.median);
            }
            add(&mut table, format!("{title}, 10,000 x 10,000, {name}"), None, &timing);
        }
    }
    if let Some(ratio) = ratio {
        println!("\nOurs to SciPy's, on real distances: {ratio:.2} of the time.");
    }
    println!("\n{table}");
    println!("RESULT dispatch.dense_1000_ms {ours_ms:.2} ms");
    if let Some(ratio) = ratio {
        println!("RESULT dispatch.dense_ratio_to_scipy {ratio:.3} ratio");
    }
    println!("RESULT dispatch.sparse_10000_ms {sparse_ms:.1} ms");
    Ok(())
}

/// Ratio first: which part of SciPy's time, where SciPy solved the same.
fn add(table: &mut Table, name: String, scipy: Option<f64>, timing: &Timing) {
    table.row([
        name,
        scipy.map_or_else(String::new, |scipy| format!("{:.2}", timing.median / scipy)),
        format!("{:.2}", timing.median),
        format!("{:.2}", timing.least),
        grouped(timing.optimum.unsigned_abs()),
    ]);
}

/// Real distances first: they decide.
fn dense_problems(cities: &[City], seed: u64) -> Vec<(String, Vec<i64>)> {
    let mut problems = Vec::new();
    for city in cities {
        let mut numbers = SplitMix::new(seed);
        let (orders, vehicles) = (city.draw(&mut numbers, DENSE), city.draw(&mut numbers, DENSE));
        let costs = orders.iter().flat_map(|a| vehicles.iter().map(move |b| a.drive_ms(b)));
        problems.push((city.title.clone(), costs.collect()));
    }
    let mut numbers = SplitMix::new(seed);
    let small = (0..DENSE * DENSE).map(|_| i64::from(1 + numbers.below(SMALL))).collect();
    problems.push(("integers from 1 to 100".to_owned(), small));
    problems
}

/// Solves so often, and keeps the times and the last outcome.
fn timed<T>(mut solve: impl FnMut() -> T, rounds: usize) -> (Vec<f64>, Option<T>) {
    let mut times = Vec::with_capacity(rounds);
    let mut outcome = None;
    for _ in 0..rounds {
        let begin = Instant::now();
        outcome = Some(solve());
        times.push(1000.0 * begin.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    (times, outcome)
}

fn timing(times: &[f64], optimum: i64) -> Timing {
    let median = times.get(times.len() / 2).copied().unwrap_or(0.0);
    Timing { median, least: times.first().copied().unwrap_or(0.0), optimum }
}

fn dense(costs: &[i64]) -> Result<Timing, Error> {
    let size = DENSE as usize;
    let problem = CostMatrix::new(size, size, costs.to_vec()).map_err(asked)?;
    let (times, outcome) = timed(|| problem.assign(), ROUNDS);
    let assignment = outcome.ok_or_else(|| Error::Asked("nothing was solved".to_owned()))?;
    problem.certify(&assignment).map_err(refuted)?;
    Ok(timing(&times, assignment.total))
}

fn munkres(costs: &[i64]) -> Result<Timing, Error> {
    let size = DENSE as usize;
    let matrix = Matrix::from_vec(size, size, costs.to_vec()).map_err(asked)?;
    // It takes many times as long: once is enough to see it.
    let (times, outcome) = timed(|| kuhn_munkres_min(&matrix).0, 1);
    Ok(timing(&times, outcome.unwrap_or(0)))
}

/// The problem without any prices to start from.
const COLD: &str = "from nothing";

/// From nothing, and from the prices before so many of a hundred orders and vehicles moved.
fn sparse(city: &City, seed: u64) -> Result<Vec<(String, Timing)>, Error> {
    let mut numbers = SplitMix::new(seed);
    let (orders, vehicles) = (city.draw(&mut numbers, SPARSE), city.draw(&mut numbers, SPARSE));
    let before = nearest(&orders, &vehicles)?;
    let (times, assignment) = proven(&before, || before.assign())?;
    let mut timings = vec![(COLD.to_owned(), timing(&times, assignment.total))];
    for percent in [5, 1] {
        let mut moved = |places: &[Place]| -> Vec<Place> {
            let mut place = |at: &Place| match numbers.happens(10 * percent) {
                true => city.draw(&mut numbers, 1).pop().unwrap_or(*at),
                false => *at,
            };
            places.iter().map(&mut place).collect()
        };
        let after = nearest(&moved(&orders), &moved(&vehicles))?;
        let prices = &assignment.duals.columns;
        let (cold, _) = proven(&after, || after.assign())?;
        let (times, again) =
            proven(&after, || after.assign_from(prices).unwrap_or_else(|_| after.assign()))?;
        let name = |how| format!("{percent} % moved, {how}");
        timings.push((name("from nothing"), timing(&cold, again.total)));
        timings.push((name("from the prices before"), timing(&times, again.total)));
    }
    Ok(timings)
}

fn proven(
    problem: &Candidates,
    solve: impl FnMut() -> Assignment,
) -> Result<(Vec<f64>, Assignment), Error> {
    let (times, outcome) = timed(solve, ROUNDS);
    let assignment = outcome.ok_or_else(|| Error::Asked("nothing was solved".to_owned()))?;
    problem.certify(&assignment).map_err(refuted)?;
    Ok((times, assignment))
}

/// Every order with the vehicles nearest to it.
fn nearest(orders: &[Place], vehicles: &[Place]) -> Result<Candidates, Error> {
    let mut problem = Candidates::new(vehicles.len()).map_err(asked)?;
    let mut near: Vec<(f64, u32)> = Vec::with_capacity(vehicles.len());
    for order in orders {
        near.clear();
        near.extend(vehicles.iter().map(|vehicle| order.nearness(vehicle)).zip(0..));
        let last = NEAREST.min(near.len()) - 1;
        near.select_nth_unstable_by(last, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut chosen: Vec<u32> = near[..=last].iter().map(|(_, vehicle)| *vehicle).collect();
        chosen.sort_unstable();
        let pairs = chosen.into_iter().map(|v| (v, order.drive_ms(&vehicles[v as usize])));
        problem.push_row(WAITING, pairs).map_err(asked)?;
    }
    Ok(problem)
}

fn asked(error: impl std::fmt::Display) -> Error {
    Error::Asked(error.to_string())
}

fn refuted(error: impl std::fmt::Display) -> Error {
    Error::Differs(format!("the proof of an assignment does not hold: {error}"))
}
