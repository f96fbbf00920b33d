//! `cargo xtask fuzz`.

mod build;
mod corpus;
mod engine;
mod target;

use std::{process::ExitCode, time::Duration};

use anyhow::{ensure, Result};
use clap::Args;

use crate::{
    fuzz::{
        build::Fuzzer,
        engine::{Ended, Session},
        target::Target,
    },
    process, say, setup,
    workspace::Workspace,
};

/// Hunts for bytes that break a parser, guided by what they reach.
///
/// Every `bolero::check!` of the services, the primitives and the runtime is a target. `cargo xtask test` gives each some random
/// bytes and the inputs of its corpus; here libFuzzer, which bolero brings along, changes these inputs for as long as it
/// is told, and keeps what reaches code that nothing reached before. Builds with instrumentation in a target directory
/// of its own, ~/.cache/smartlinkdrive/fuzz, which takes a while the first time.
///
/// Prints a line a target. Ends with 1 if one was broken: the input lies in its folder `crashes`, and the tests replay
/// it from then on.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo xtask fuzz --list\n  cargo xtask fuzz mqtt/wire --minutes 1\n  \
                        cargo xtask fuzz offchain/jt808 --keep"
)]
pub struct Fuzz {
    /// Only targets in whose place or name one of these stands, in this order; without any, all.
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
    /// How long each target is fuzzed.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=10_080))]
    minutes: u64,
    /// Show the targets and their corpora, and do nothing.
    #[arg(long)]
    list: bool,
    /// Add to the corpora in the sources what reaches code that they did not reach.
    #[arg(long)]
    keep: bool,
}

impl Fuzz {
    /// Fuzzes the targets, one after the other. Whether one was broken is in the exit code.
    pub fn run(&self, workspace: &Workspace) -> Result<ExitCode> {
        let targets = self.chosen(target::all(workspace)?)?;
        if self.list {
            for target in &targets {
                println!("{target}  ({})", corpus::Size::of(&target.corpus()?)?);
            }
            return Ok(ExitCode::SUCCESS);
        }
        setup::for_building()?;
        let fuzzers = build::fuzzers(workspace, &targets)?;
        let mut broken = 0;
        for fuzzer in &fuzzers {
            broken += usize::from(self.fuzz(fuzzer)?.is_some());
        }
        let of = targets.len();
        eprintln!("{of} targets, {} min each: {broken} broken", self.minutes);
        Ok(if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn chosen(&self, mut all: Vec<Target>) -> Result<Vec<Target>> {
        if self.filters.is_empty() {
            return Ok(all);
        }
        let mut chosen = Vec::new();
        for filter in &self.filters {
            let has_it = |target: &mut Target| target.to_string().contains(filter);
            let before = chosen.len();
            chosen.extend(all.extract_if(.., has_it));
            ensure!(
                chosen.len() > before,
                "no target has {filter:?} in its place, or an earlier filter has it: --list shows all"
            );
        }
        Ok(chosen)
    }

    /// Fuzzes one target, prints its line, and says what broke it.
    fn fuzz(&self, fuzzer: &Fuzzer) -> Result<Option<String>> {
        let step = say::step(format!("fuzzing {} for {} min", fuzzer.target, self.minutes));
        let session = Session::of(fuzzer)?;
        let Ended { figures, broken } = session.fuzz(Duration::from_secs(self.minutes * 60))?;
        let finding = broken.as_deref().unwrap_or("none");
        println!("{}  {figures}  findings: {finding}", fuzzer.target);
        match &broken {
            Some(_) => step.ended("broken"),
            None => step.done(),
        }
        if let Some(signal) = process::caught() {
            anyhow::bail!("interrupted by signal {signal}");
        }
        if broken.is_some() {
            say::note(format!("what happened: {}", session.log().display()));
            let test = &fuzzer.test;
            say::note(format!("once more: cargo nextest run --workspace -E 'test(={test})'"));
        } else if self.keep {
            let kept = session.keep()?;
            say::note(format!("corpus: {} added, now {}", kept.added, kept.size));
        }
        Ok(broken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_chosen_by_their_place_and_their_name() -> Result<()> {
        let all = || target::all(&Workspace::find()?);
        let chosen = |filter: &str| {
            let filters = filter.split(' ').map(str::to_owned).collect();
            Fuzz { filters, minutes: 1, list: false, keep: false }.chosen(all()?)
        };
        let every = all()?.len();
        let wire = chosen("mqtt/wire")?;
        assert!(!wire.is_empty() && wire.len() < every);
        let both = chosen("streams_of_anybody mqtt/wire")?;
        assert_eq!(both.len(), wire.len() + 1);
        assert_eq!(both[1..], wire);
        assert!(chosen("no-such-place").is_err_and(|error| error.to_string().contains("--list")));
        Ok(())
    }
}
