//! `cargo xtask`: everything a developer runs, one command each.
//!
//! It depends on three small crates only, so that it compiles in seconds on a machine with nothing
//! but Rust and a linker, and then installs what the rest of the workspace needs.

mod apt;
mod bench;
mod doctor;
mod fuzz;
mod metadata;
mod process;
mod runtime;
mod say;
mod setup;
mod test;
mod up;
mod version;
mod web;
mod weights;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

/// Builds, runs, tests and measures SmartLinkDrive.
///
/// Every command first installs what it misses, says what it is about to do, and can be run again
/// at once: what is already done is skipped.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Xtask {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Starts a consortium on this machine with a city that lives on it, and serves the portal.
    Up(up::Up),
    /// Runs every test and prints how many passed and failed.
    Test(test::Test),
    /// Checks the portal, the web application, runs its unit tests and builds it.
    Web(web::Web),
    /// Shows what the project needs of this machine, and the remedy for what is missing.
    ///
    /// Changes nothing. Ends with 1 if something is missing.
    Doctor,
    /// Installs what `cargo xtask doctor` reports missing.
    ///
    /// Debian packages with apt-get (as root, or through sudo), the wasm32v1-none target of Rust
    /// that the chain's runtime is compiled for, and cargo-nextest. `up`, `test` and `bench` do the
    /// same by themselves.
    Setup,
    /// Measures one figure of the product on this machine.
    Bench(bench::Bench),
    /// Hunts for bytes that break a parser, guided by what they reach.
    Fuzz(fuzz::Fuzz),
    /// Writes the runtime's metadata to offchain/chain/metadata.scale.
    ///
    /// The services' client of the chain is generated from that file. Run this after a change of the
    /// runtime's calls, events, storage or interfaces; a test fails while the two differ.
    Metadata,
    /// Builds the runtime as a chain takes it on, and says what it changes.
    Runtime(runtime::Runtime),
    /// Measures the weights of our pallets' calls and writes their weights.rs.
    Weights(weights::Weights),
}

fn main() -> ExitCode {
    let command = Xtask::parse().command;
    process::forward_signals();
    let ended = Workspace::find().and_then(|workspace| match command {
        Command::Up(up) => up.run(&workspace),
        Command::Test(test) => Ok(test.run(&workspace)),
        Command::Web(web) => Ok(web.run(&workspace)),
        Command::Doctor => Ok(doctor::run(&workspace)),
        Command::Setup => setup::everything(&workspace).map(|()| ExitCode::SUCCESS),
        Command::Bench(bench) => bench.run(&workspace),
        Command::Fuzz(fuzz) => fuzz.run(&workspace),
        Command::Metadata => metadata::run(&workspace).map(|()| ExitCode::SUCCESS),
        Command::Runtime(runtime) => runtime.run(&workspace),
        Command::Weights(weights) => weights.run(&workspace).map(|()| ExitCode::SUCCESS),
    });
    ended.unwrap_or_else(|error| {
        if let Some(signal) = process::caught() {
            return process::exit_code(128 + signal);
        }
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Xtask::command().debug_assert();
    }

    #[test]
    fn arguments_behind_two_dashes_reach_nextest() {
        let xtask = Xtask::try_parse_from(["xtask", "test", "--", "settlement", "--no-capture"]);
        let Ok(Xtask { command: Command::Test(test) }) = xtask else {
            panic!("the command line is accepted")
        };
        assert_eq!(test.nextest, ["settlement", "--no-capture"]);
    }

    #[test]
    fn an_unknown_bench_lists_the_known_ones() {
        let Err(error) = Xtask::try_parse_from(["xtask", "bench", "fly"]) else {
            panic!("there is no bench of that name")
        };
        assert!(error.to_string().contains("settle"));
    }
}
