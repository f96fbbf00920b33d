//! The engine in a world where everything fails that can: the service crashes in the middle of groups, disks are
//! slow, messages come late, twice, in another order or never, clocks jump, and the chain forks.
//!
//! A seed decides everything, so that a failure can be seen again:
//!
//! ```text
//! SIMULATION_SEEDS=17..18 cargo nextest run -p smartlink-orders --test simulation --no-capture
//! ```

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is the assertion")]

mod city;

mod simulation {
    pub mod chance;
    pub mod clients;
    pub mod disk;
    pub mod figures;
    pub mod network;
    pub mod service;
    pub mod settling;
    pub mod witness;
    pub mod world;
}

use simulation::{disk::Breach, figures::Figures, world::World};
use std::ops::Range;

/// What runs when nobody says anything else.
const SEEDS: Range<u64> = 0..300;
/// A breach has to be found within so many seeds.
const FOUND_WITHIN: u64 = 60;

fn seeds() -> Range<u64> {
    let Ok(text) = std::env::var("SIMULATION_SEEDS") else { return SEEDS };
    let range = text.split_once("..").and_then(|(from, to)| {
        let (from, to) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
        (from < to).then_some(from..to)
    });
    range.unwrap_or_else(|| panic!("SIMULATION_SEEDS is {text}: give from..to, like 0..1000"))
}

#[test]
fn whatever_fails_nothing_is_lost_doubled_or_charged_twice() {
    let seeds = seeds();
    let mut figures = Figures::default();
    for seed in seeds.clone() {
        let mut world = World::new(seed, Breach::None);
        if let Err(wrong) = world.run() {
            // The world tells its last steps when it falls.
            panic!("seed {seed}: {wrong}");
        }
        figures.add(world.figures());
    }
    println!("seeds {}..{}\n{figures}", seeds.start, seeds.end);
    // With a few seeds not everything need happen.
    if seeds.end - seeds.start >= 50 {
        figures.everything_happened();
    }
}

/// The simulation notices what it is there for.
fn is_found(breach: Breach) {
    let found = (0..FOUND_WITHIN).find_map(|seed| {
        let mut world = World::new(seed, breach);
        world.run().err().map(|wrong| (seed, wrong))
    });
    let (seed, wrong) = found.unwrap_or_else(|| panic!("{breach:?} was not found"));
    println!("{breach:?} is found by seed {seed}: {wrong}");
}

#[test]
fn an_answer_before_the_disk_is_found() {
    is_found(Breach::AnswersBeforeSync);
}

#[test]
fn a_batch_served_before_the_disk_is_found() {
    is_found(Breach::ServesBeforeSync);
}

#[test]
fn a_log_that_goes_before_the_orders_of_it_are_kept_is_found() {
    is_found(Breach::ForgetsToFlush);
}

#[test]
fn a_restart_that_forgets_who_left_is_found() {
    is_found(Breach::ForgetsWhoLeft);
}
