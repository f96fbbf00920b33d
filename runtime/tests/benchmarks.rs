//! Every call of every pallet is measured.

#![cfg(feature = "runtime-benchmarks")]

use std::collections::BTreeSet;

use frame_benchmarking::runtime_decl_for_benchmark::BenchmarkV2;
use frame_support::traits::GetCallMetadata;
use smartlink_runtime::{Block, Runtime, RuntimeCall};

/// Calls that are weighed by the benchmark of another.
const WEIGHED_BY: &[(&str, &str)] = &[
    ("System.set_code_without_checks", "System.set_code"),
    ("System.authorize_upgrade_without_checks", "System.authorize_upgrade"),
    ("Scheduler.schedule_after", "Scheduler.schedule"),
    ("Scheduler.schedule_named_after", "Scheduler.schedule_named"),
    ("Babe.report_equivocation_unsigned", "Babe.report_equivocation"),
    ("Grandpa.report_equivocation_unsigned", "Grandpa.report_equivocation"),
    ("Beefy.report_double_voting", "Beefy.report_voting_equivocation"),
    ("Beefy.report_double_voting_unsigned", "Beefy.report_voting_equivocation"),
    // And by those of their proofs, in BeefyMmr.
    ("Beefy.report_fork_voting", "Beefy.report_voting_equivocation"),
    ("Beefy.report_fork_voting_unsigned", "Beefy.report_voting_equivocation"),
    ("Beefy.report_future_block_voting", "Beefy.report_voting_equivocation"),
    ("Beefy.report_future_block_voting_unsigned", "Beefy.report_voting_equivocation"),
];

/// Calls that say themselves what they weigh.
const SAY_THEMSELVES: &[&str] = &["Utility.with_weight"];

/// `Pallet.benchmark` of all benchmarks. Those of `consensus` are named after the pallet that has the call.
fn benchmarks() -> BTreeSet<String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut all = BTreeSet::new();
    let (list, _) = <Runtime as BenchmarkV2<Block>>::benchmark_metadata(false);
    for measured in list {
        for benchmark in &measured.benchmarks {
            let name = text(&benchmark.name);
            all.insert(match &*text(&measured.pallet) {
                "consensus" => {
                    let (pallet, call) = name.split_once('_').unwrap_or_default();
                    let (first, rest) = pallet.split_at(1);
                    format!("{}{rest}.{call}", first.to_uppercase())
                }
                "frame_system" => format!("System.{name}"),
                _ => format!("{}.{name}", text(&measured.instance)),
            });
        }
    }
    all
}

#[test]
fn every_call_of_every_pallet_is_measured() {
    let benchmarks = benchmarks();
    // A call with several cases has a benchmark for each.
    let is_measured = |call: &str| {
        let case = format!("{call}_");
        benchmarks.contains(call) || benchmarks.iter().any(|one| one.starts_with(&case))
    };
    let mut others = Vec::new();
    for pallet in RuntimeCall::get_module_names() {
        for call in RuntimeCall::get_call_names(pallet) {
            let call = format!("{pallet}.{call}");
            let weighed_by = WEIGHED_BY.iter().find(|(one, _)| *one == call);
            let measured = match weighed_by {
                Some((_, by)) => benchmarks.contains(*by),
                None => is_measured(&call) || SAY_THEMSELVES.contains(&call.as_str()),
            };
            if !measured {
                others.push(call);
            }
        }
    }
    assert!(benchmarks.len() > 150, "only {} benchmarks are found", benchmarks.len());
    assert!(others.is_empty(), "nothing measures {}", others.join(", "));
}
