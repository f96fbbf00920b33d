//! `cargo xtask bench`.

use std::process::{Command, ExitCode};

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::{
    setup,
    up::in_foreground,
    workspace::{cache, program, Workspace},
};

/// Measures one figure of the product on this machine.
///
/// Installs what is missing, builds as `cargo xtask up` does, and runs the measurement beside its
/// peer. Prints a table, the ratio first, then a line a figure for machines:
/// `RESULT <bench>.<figure> <number> <unit>`.
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo xtask bench settle\n  cargo xtask bench orders")]
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
    /// Whole lives of orders a second, each step on disk, beside one client that waits alone.
    Orders,
    /// P99 of the API at 5,000 requests a second, and what it does at twice as many.
    Api,
    /// Positions a second over JT/T 808, from the socket to a query, beside Mosquitto.
    Devices,
    /// Optimal assignment of vehicles to orders, beside SciPy and pathfinding.
    Dispatch,
    /// A simulated day under batch assignment, beside the nearest driver.
    Day,
    /// Blocks and events a second into the index, and milliseconds from finality to the row.
    Index,
    /// P99 of GraphQL at 1,000 requests a second of a real mix, on ten million events.
    Graphql,
}

impl Name {
    /// The job's name in the services' binary.
    fn job(self) -> &'static str {
        match self {
            Self::Settle => "settle",
            Self::Orders => "orders",
            Self::Api => "api",
            Self::Devices => "devices",
            Self::Dispatch => "dispatch",
            Self::Day => "day",
            Self::Index => "index",
            Self::Graphql => "graphql",
        }
    }

    /// What the job needs to know of this machine.
    fn add_needs(self, workspace: &Workspace, job: &mut Command) -> Result<()> {
        match self {
            Self::Settle | Self::Orders | Self::Api => {
                job.arg("--node").arg(workspace.node());
            }
            Self::Day => {}
            Self::Index | Self::Graphql => {
                setup::chdb::library()?;
                job.arg("--node").arg(workspace.node());
                job.arg("--indexer").arg(workspace.indexer());
                // A chain takes minutes to make: it is kept beside what setup fetched.
                job.arg("--chains").arg(cache()?.join("chains"));
            }
            Self::Devices => {
                setup::chdb::library()?;
                if let Some(mosquitto) = program("mosquitto") {
                    job.arg("--mosquitto").arg(mosquitto);
                }
            }
            Self::Dispatch => {
                job.arg("--python").arg(setup::python::with_scipy()?);
                let positions = workspace.root.join("../shared/data/wuxi-taxi-gps.csv");
                if positions.is_file() {
                    job.arg("--positions").arg(positions);
                }
            }
        }
        Ok(())
    }
}

impl Bench {
    /// Builds and measures; the exit code of the measurement is ours.
    pub fn run(&self, workspace: &Workspace) -> Result<ExitCode> {
        setup::for_building()?;
        workspace.build()?;
        let mut job = Command::new(workspace.offchain());
        job.args(["bench", self.name.job()]);
        self.name.add_needs(workspace, &mut job)?;
        job.args(&self.extra);
        in_foreground(&mut job)
    }
}
