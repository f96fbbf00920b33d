//! Installing what the machine misses. What is there is left alone, so it may run before everything.

pub mod chdb;
mod debian;
pub mod foundry;
mod graphiql;
mod npm;
pub mod python;
pub mod slither;
pub mod wasm;

use std::{process::Command, time::Duration};

use anyhow::{Context, Result};

use crate::{
    apt,
    process::{self, Signals},
    say,
    workspace::{cargo, Workspace},
};

/// The nextest that `cargo xtask test` was written against; any that is already there will do.
const NEXTEST_VERSION: &str = "0.9.143";
/// How long a download of a component of Rust may take before we look for another way.
const COMPONENT_LIMIT: Duration = Duration::from_secs(180);

/// Everything: what building needs, and the test runner.
pub fn everything(workspace: &Workspace) -> Result<()> {
    for_building()?;
    nextest(workspace)
}

/// What building and running the workspace needs.
pub fn for_building() -> Result<()> {
    let missing: Vec<_> = apt::PACKAGES.iter().filter(|p| !p.is_there()).map(|p| p.name).collect();
    apt::install(&missing)?;
    if wasm::find().is_none() {
        wasm::install()?;
    }
    Ok(())
}

/// What testing needs besides: ClickHouse, GraphiQL, Foundry, Slither, cargo-nextest, and rustfmt and clippy where they can be had.
pub fn nextest(workspace: &Workspace) -> Result<()> {
    chdb::library()?;
    graphiql::files()?;
    foundry::files()?;
    slither::installed()?;
    if !has_rustfmt() && add_component(&["component", "add", "rustfmt"]).is_none() {
        say::note("rustfmt is missing and cannot be downloaded: the format will not be checked");
    }
    if !has_clippy() && add_component(&["component", "add", "clippy"]).is_none() {
        say::note("clippy is missing and cannot be downloaded: the lints will not be checked");
    }
    if nextest_version().is_some() {
        return Ok(());
    }
    let step = say::step("installing cargo-nextest, the test runner; this takes some minutes");
    let mut install = workspace.cargo("install");
    install
        .args(["cargo-nextest", "--locked", "--version", NEXTEST_VERSION])
        // Without the part that updates itself, a third of its dependencies.
        .args(["--no-default-features", "--features", "default-no-update"])
        // A build of its own: the workspace's target directory holds nothing it could use.
        .env_remove("CARGO_TARGET_DIR");
    process::run(&mut install, Signals::Group)
        .context("cannot install cargo-nextest: see above, or install it your way")?;
    step.done();
    Ok(())
}

/// The installed cargo-nextest, as it names itself.
pub fn nextest_version() -> Option<String> {
    let answer = process::ask(cargo().args(["nextest", "--version"]))?;
    answer.lines().next().map(str::to_owned)
}

/// Whether `cargo fmt` works.
pub fn has_rustfmt() -> bool {
    process::ask(cargo().args(["fmt", "--version"])).is_some()
}

/// Whether `cargo clippy` works.
pub fn has_clippy() -> bool {
    process::ask(cargo().args(["clippy", "--version"])).is_some()
}

/// Asks rustup for something from its server; `None` if it did not get it in time.
fn add_component(arguments: &[&str]) -> Option<()> {
    let mut rustup = Command::new("rustup");
    rustup.args(arguments);
    let step = say::step(format!("asking rustup: {}", process::line(&rustup)));
    let added = process::start(&mut rustup, Signals::Group)
        .and_then(|rustup| rustup.wait_at_most(COMPONENT_LIMIT))
        .is_ok_and(|ended| ended.is_some_and(|status| status.success()));
    match added {
        true => step.done(),
        false => step.ended("rustup could not get it"),
    }
    added.then_some(())
}
