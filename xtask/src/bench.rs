//! `cargo xtask bench`.

use std::process::{Command, ExitCode};

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::{setup, up::in_foreground, workspace::Workspace};

/// Measures one figure of the product on this machine.
///
/// Installs what is missing, builds as `cargo xtask up` does, and runs the measurement beside its
/// peer. Prints a table, the ratio first, then a line a figure for machines:
/// `RESULT <bench>.<figure> <number> <unit>`.
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo xtask bench settle")]
pub struct Bench {
    /// What to measure.
    #[arg(value_enum)]
    name: Name,
    /// Further arguments, given to `smartlink-offchain bench NAME` as they are.
    #[arg(last = true, value_name = "EXTRA")]
    extra: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Name {
    /// Rides a second recomputed and settled on chain, beside balance transfers of the same node.
    Settle,
}

impl Name {
    /// The job's name in the services' binary.
    fn job(self) -> &'static str {
        match self {
            Self::Settle => "settle",
        }
    }
}

impl Bench {
    /// Builds and measures; the exit code of the measurement is ours.
    pub fn run(&self, workspace: &Workspace) -> Result<ExitCode> {
        setup::for_building()?;
        workspace.build()?;
        let mut job = Command::new(workspace.offchain());
        job.args(["bench", self.name.job(), "--node"]).arg(workspace.node()).args(&self.extra);
        in_foreground(&mut job)
    }
}
