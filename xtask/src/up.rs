//! `cargo xtask up`.

use std::{
    path::PathBuf,
    process::{Command, ExitCode},
};

use anyhow::{ensure, Result};
use clap::Args;

use crate::{
    process::{self, Signals},
    say, setup,
    web::Npm,
    workspace::Workspace,
};

/// Starts a consortium on this machine, and brings a city of riders and drivers to life on it.
///
/// Installs what is missing, builds the portal, the validator, the services, the indexer and the bridge, and starts four
/// validators of four companies, the services beside them, which serve the portal, an index of the chain, and anvil, a node of
/// Ethereum to which a relayer brings what the validators sign. With --trips, settles a recorded day instead, with nothing
/// beside it. Ctrl-C stops everything it started.
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo xtask up\n  cargo xtask up --trips rides.csv\n  \
                        cargo xtask up --seed 7 -- --help    what else the job understands")]
pub struct Up {
    /// Settle the rides of this CSV file instead of generated ones.
    #[arg(long, value_name = "FILE")]
    trips: Option<PathBuf>,
    /// Generate other rides: the same number gives the same rides.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Further arguments, given to `smartlink-offchain up` as they are.
    #[arg(last = true, value_name = "EXTRA")]
    extra: Vec<String>,
}

impl Up {
    /// Builds and runs the job; its exit code is ours.
    pub fn run(&self, workspace: &Workspace) -> Result<ExitCode> {
        if let Some(trips) = &self.trips {
            // Now, not after half an hour of building.
            ensure!(
                trips.is_file(),
                "there is no file {}: name one after --trips",
                trips.display()
            );
        }
        setup::for_building()?;
        // First: it takes a minute, and building the rest may take half an hour.
        let portal = match self.trips {
            Some(_) => None,
            None => Some(Npm::ready(workspace)?.build()?),
        };
        let mut job = Command::new(workspace.offchain());
        // A recorded day is settled as it was; without one, a city comes to life.
        match &self.trips {
            Some(trips) => {
                job.arg("day").arg("--trips").arg(trips);
            }
            None => {
                setup::chdb::library()?;
                let foundry = setup::foundry::files()?;
                say::note(format!("cast, which asks Ethereum, is {}", foundry.cast.display()));
                job.arg("up").arg("--anvil").arg(foundry.anvil);
                job.arg("--bridge").arg(workspace.bridge());
                job.arg("--indexer").arg(workspace.indexer());
            }
        }
        workspace.build()?;
        job.arg("--node").arg(workspace.node());
        if let Some(portal) = portal {
            job.arg("--portal").arg(portal);
        }
        if let Some(seed) = self.seed {
            job.arg("--seed").arg(seed.to_string());
        }
        job.args(&self.extra);
        in_foreground(&mut job)
    }
}

/// Runs a job of the product's until it ends or Ctrl-C ends it.
pub fn in_foreground(job: &mut Command) -> Result<ExitCode> {
    let step = say::step(format!("running {}", process::line(job)));
    // The leader alone gets the signal: it stops its nodes in good order.
    let status = process::start(job, Signals::Leader)?.wait()?;
    match status.success() {
        true => step.done(),
        false => step.ended(&format!("ended with {status}")),
    }
    Ok(process::passed_on(status))
}
