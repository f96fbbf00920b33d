//! `smartlink-offchain`: the services beside a company's node, one binary with roles.

use std::{future::Future, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use smartlink_offchain::{bench, up, Error};
use tokio::signal::unix::{signal, SignalKind};
use tracing_subscriber::EnvFilter;

/// The exit code of a program that was interrupted, by the shells' convention.
const INTERRUPTED: u8 = 130;

/// The services beside a company's node.
///
/// Logs go to the standard error as RUST_LOG says (for instance RUST_LOG=smartlink=debug). Ends with 0
/// when the work is done, 1 with a sentence when it is not, 130 when interrupted. Every process that it
/// started ends with it.
#[derive(Debug, Parser)]
#[command(name = "smartlink-offchain", version)]
struct Cli {
    #[command(subcommand)]
    role: Role,
}

#[derive(Debug, Subcommand)]
enum Role {
    /// Starts a consortium of four validators and settles a day of rides on it.
    ///
    /// Grants roles, registers vehicles and drivers, puts a tariff in force, sends the rides in batches,
    /// and checks every figure of the chain against a second computation. Then the nodes stay up, until
    /// Ctrl-C.
    Up(Up),
    /// Measures the chain on this machine.
    #[command(subcommand)]
    Bench(Bench),
}

#[derive(Debug, clap::Args)]
struct Up {
    /// The node's binary.
    #[arg(long, value_name = "PATH")]
    node: PathBuf,
    /// A CSV file of trips with the columns pickup, dropoff, passengers, distance, fare, tip, tolls,
    /// total, color and payment. Without it a day in Shenzhen is made up.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["seed", "rides"])]
    trips: Option<PathBuf>,
    /// The made-up day is the same for the same seed.
    #[arg(long, value_name = "N", default_value_t = 20_260_615)]
    seed: u64,
    /// Rides of the made-up day.
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=5_000_000))]
    rides: u32,
    /// Drivers, both companies together.
    #[arg(long, value_name = "N", default_value_t = 400, value_parser = clap::value_parser!(u32).range(2..=50_000))]
    drivers: u32,
    /// Keeps chain data and logs in this folder. It must not hold a chain yet. Without it they are
    /// deleted in the end.
    #[arg(long, value_name = "DIR")]
    base_path: Option<PathBuf>,
    /// Ends when the day is settled.
    #[arg(long)]
    once: bool,
}

#[derive(Debug, Subcommand)]
enum Bench {
    /// Rides settled a second, beside balance transfers a second of the same node.
    ///
    /// Prints a table, and a line for machines a figure: RESULT settle.<figure> <number> <unit>.
    Settle(Settle),
}

#[derive(Debug, clap::Args)]
struct Settle {
    /// The node's binary.
    #[arg(long, value_name = "PATH")]
    node: PathBuf,
    /// Seconds for which the load is kept up.
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u64).range(10..=600))]
    seconds: u64,
    /// Measures so many validators together as well.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=4))]
    validators: u8,
}

#[tokio::main]
async fn main() -> ExitCode {
    let role = Cli::parse().role;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(role).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop::Interrupted) => {
            println!("\nInterrupted: all nodes are stopped.");
            ExitCode::from(INTERRUPTED)
        }
        Err(Stop::Failed(error)) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Why the work ended before it was done.
enum Stop {
    Interrupted,
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

async fn run(role: Role) -> Result<(), Stop> {
    match role {
        Role::Up(args) => settle_a_day(args).await,
        Role::Bench(Bench::Settle(Settle { node, seconds, validators })) => {
            let plan = bench::Plan { node, seconds, validators: validators.into() };
            unless_interrupted(bench::settle(&plan)).await
        }
    }
}

async fn settle_a_day(args: Up) -> Result<(), Stop> {
    let Up { node, trips, seed, rides, drivers, base_path, once } = args;
    let plan = up::Plan { node, trips, seed, rides, drivers, base_path };
    let consortium = unless_interrupted(up::run(&plan)).await?;
    if !once {
        println!("\nThe validators go on until Ctrl-C:\n{}", up::addresses(&consortium));
        interruption().await?;
        println!("\nStopping the validators ...");
    }
    consortium.stop().await;
    Ok(())
}

/// Gives work up, and so ends its nodes, as soon as somebody wants this program to end.
async fn unless_interrupted<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Stop> {
    tokio::select! {
        done = work => Ok(done?),
        interrupted = interruption() => {
            interrupted?;
            Err(Stop::Interrupted)
        }
    }
}

/// Ends when somebody wants this program to end.
async fn interruption() -> Result<(), Error> {
    let listen =
        |kind| signal(kind).map_err(|source| Error::Io { what: "listening to signals", source });
    let (mut interrupt, mut terminate) =
        (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_file_of_trips_and_a_seed_exclude_each_other() {
        let parse = |args: &[&str]| {
            Cli::try_parse_from(["smartlink-offchain", "up", "--node", "n"].iter().chain(args))
        };
        assert!(parse(&["--trips", "f", "--seed", "1"]).is_err());
        assert!(parse(&["--rides", "10"]).is_ok());
    }
}
