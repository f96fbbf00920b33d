//! `smartlink-node`: the validator of the SmartLinkDrive chain.
//!
//! It makes blocks by BABE, finalises them by GRANDPA and signs a checkpoint of the finalised chain
//! by BEEFY every few blocks. `cli` says what can be asked of the binary, `command` does it,
//! `chain_spec` knows the chains it can join, `consortium` makes one from a TOML file, `company` is how a
//! company joins one and stays, `service` puts a node together, `rpc` is what a node answers, and `gate` to
//! whom on other machines. `worker` assigns the workers in this node to a company.

#![warn(missing_docs)]

mod chain_spec;
mod cli;
mod command;
mod company;
mod consortium;
mod gate;
mod rpc;
mod service;
mod worker;

use std::process::ExitCode;

fn main() -> ExitCode {
    match command::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("smartlink-node: {error}");
            ExitCode::FAILURE
        }
    }
}
