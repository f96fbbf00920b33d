//! The thread's work without the thread: what is told, what is written down of it, and what a restart comes to.

use super::*;
use crate::{
    analysis::{
        class::{Capacities, Class, Fact, VehicleFacts},
        rules::RuleSet,
    },
    config::TelemetryConfig,
};
use smartlink_devices::{config::LogConfig, log::Writing};
use std::path::Path;

fn open(folder: &Path) -> (Worker, Writing) {
    let (log, writing) = Log::start(&folder.join("log"), &LogConfig::default()).unwrap();
    let journal = Arc::new(Journal::open(&folder.join("journal")).unwrap());
    let rules = RuleSet::default();
    let (position, analysis) = match journal.snapshot().unwrap() {
        Some((position, bytes)) => {
            let fences = crate::analysis::Fences::default();
            (position, Analysis::restore(rules, fences, &bytes).unwrap())
        }
        None => (Position::default(), Analysis::new(rules)),
    };
    let worker = Worker {
        log,
        journal,
        config: TelemetryConfig::default().analysis,
        tally: Arc::default(),
        live: Live::new(1),
        analysis,
        position,
        outcome: Outcome::default(),
        reached_ms: 0,
        entries: Vec::new(),
        next_entry: 0,
        rules: watch::Sender::new(RuleBook::default()),
        keep: Arc::default(),
        news: Arc::default(),
        next_tick_ms: 0,
        next_snapshot_ms: 0,
    };
    (worker, writing)
}

fn inputs(worker: &Worker) -> usize {
    worker.journal.inputs::<Told>(0, PAGE).unwrap().len()
}

/// As after kill -9: nothing is kept but what was written before.
fn restart(worker: Worker, writing: Writing, folder: &Path) -> (Worker, Writing) {
    drop(worker);
    writing.stop();
    let (mut worker, writing) = open(folder);
    assert!(worker.replay(&CancellationToken::new()).unwrap());
    (worker, writing)
}

#[test]
fn a_fact_is_written_down_once_and_known_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (mut worker, writing) = open(folder.path());
    let cold = Capacities { cargo_temperature: Some((20, 80)), ..Capacities::default() };
    let told = [Fact::Class(Class::HeavyTruck), Fact::Driver(Some(7)), Fact::Capacities(cold)];
    for _ in 0..3 {
        for fact in told {
            worker.set(5, fact).unwrap().unwrap();
        }
        // What the analysis takes a vehicle to be is nothing new of one that it does not know.
        worker.set(6, Fact::Class(Class::Car)).unwrap().unwrap();
        worker.set(6, Fact::Driver(None)).unwrap().unwrap();
    }
    assert_eq!(inputs(&worker), 3);
    let warm = Capacities { cargo_temperature: Some((80, 20)), ..Capacities::default() };
    assert!(worker.set(5, Fact::Capacities(warm)).unwrap().is_err());
    assert!(worker.set(0, Fact::Driver(Some(7))).unwrap().is_err());
    assert_eq!(inputs(&worker), 3, "what was refused is not written down");
    let expected = VehicleFacts {
        class: Class::HeavyTruck,
        driver: Some(7),
        cargo_temperature: Some((20, 80)),
        ..VehicleFacts::default()
    };
    let state = worker.analysis.snapshot();

    // From the inputs alone, then from a snapshot, then from a snapshot and what came after it.
    let (mut worker, writing) = restart(worker, writing, folder.path());
    assert_eq!((worker.analysis.facts(5), inputs(&worker)), (expected, 3));
    assert_eq!(worker.analysis.snapshot(), state);
    worker.snapshot(None).unwrap();
    assert_eq!(inputs(&worker), 0);
    let (mut worker, writing) = restart(worker, writing, folder.path());
    worker.set(5, Fact::Driver(Some(7))).unwrap().unwrap();
    assert_eq!(inputs(&worker), 0, "it is known from the snapshot");
    worker.set(5, Fact::Driver(None)).unwrap().unwrap();
    let (worker, writing) = restart(worker, writing, folder.path());
    assert_eq!(worker.analysis.facts(5), VehicleFacts { driver: None, ..expected });
    assert_eq!(worker.analysis.all_facts().count(), 1);
    assert_eq!(worker.live.len(), 0, "nothing was heard of it yet");
    drop(worker);
    writing.stop();
}
