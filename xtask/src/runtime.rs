//! `cargo xtask runtime`.

mod mirror;
mod place;

use std::{
    path::{absolute, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::{ensure, Context, Result};
use clap::Args;

use crate::{process, runtime::place::Place, say, setup, up::in_foreground, workspace::Workspace};

/// The metadata that is compared where nobody names another, below the root of the workspace.
const COMMITTED: &str = "offchain/chain/metadata.scale";

/// Builds the runtime as a chain takes it on, and says what it changes.
///
/// Sessions have their real length, and the hash of the metadata is in the code, for wallets that verify what they
/// sign. The sources are copied to /var/tmp/smartlinkdrive-runtime and built there: in a folder that has the same name
/// on every machine, the same sources and tools make the same code, byte by byte. It takes half an hour the first time.
///
/// Prints the hashes, what is different from the runtime before, and whether the versions follow from that; leaves what
/// is sent to the chain in `runtime` of the target directory. How the council decides about it is in docs/upgrades.md.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo xtask runtime --last target/runtime/smartlink-runtime-102.metadata\n  \
                        cargo xtask runtime --check"
)]
pub struct Runtime {
    /// The runtime before: its code, or the metadata that was kept with it. Without one, the metadata in the repository,
    /// which is of a build for tests: its sessions are shorter.
    #[arg(long, value_name = "FILE")]
    last: Option<PathBuf>,
    /// End with 1 if the versions do not follow from what is different.
    #[arg(long)]
    check: bool,
}

impl Runtime {
    /// Builds and inspects. Whether the rules hold is in the exit code, where that was asked for.
    pub fn run(&self, workspace: &Workspace) -> Result<ExitCode> {
        let last = self.last(workspace)?;
        setup::for_building()?;
        let inspector = workspace.tool("smartlink-inspect")?;
        let place = Place::take()?;
        let step = say::step(format!("copying the sources to {}", place.sources().display()));
        mirror::of(&workspace.root, &place.sources())?;
        step.done();
        let code = place.build(workspace)?;
        let mut inspect = Command::new(inspector);
        inspect.arg(code).arg("--last").arg(last);
        inspect.arg("--save").arg(workspace.target.join("runtime"));
        for line in built(workspace)? {
            inspect.args(["--built", &line]);
        }
        if self.check {
            inspect.arg("--check");
        }
        in_foreground(&mut inspect)
    }

    fn last(&self, workspace: &Workspace) -> Result<PathBuf> {
        let Some(last) = &self.last else { return Ok(workspace.root.join(COMMITTED)) };
        // Now, not after half an hour of building.
        ensure!(last.is_file(), "there is no file {}: name one after --last", last.display());
        absolute(last).with_context(|| format!("{} has no absolute path", last.display()))
    }
}

/// What the code depends on, besides this command: companies that find different hashes compare these lines first.
fn built(workspace: &Workspace) -> Result<Vec<String>> {
    let mut compiler = setup::wasm::compiler()
        .context("no toolchain here compiles the runtime: run `cargo xtask setup`")?;
    let compiler = process::ask(compiler.arg("--version")).context("rustc names no version")?;
    let stripped = process::ask(Command::new("wasm-opt").arg("--version"));
    let stripped = stripped.context("wasm-opt names no version: is binaryen installed?")?;
    Ok(vec![mirror::commit(&workspace.root)?, compiler, stripped])
}
