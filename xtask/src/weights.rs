//! `cargo xtask weights`.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{bail, ensure, Context, Result};
use clap::Args;

use crate::{
    process::{self, Signals},
    say, setup,
    workspace::{cache, Workspace},
};

/// The version that belongs to the polkadot-sdk release of the workspace's manifest.
const BENCHER_VERSION: &str = "0.28.0";

/// Measures the weights of our pallets' calls and writes their weights.rs.
///
/// Compiles the benchmark runner once into ~/.cache/smartlinkdrive/tools (about half an hour), and
/// the runtime with benchmarks in a target directory beside it, in the release profile. Measure on a
/// machine that does nothing else, like the one that will validate.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo xtask weights\n  cargo xtask weights settlement tariffs"
)]
pub struct Weights {
    /// Only these pallets, by the names of their folders; without any, all of them.
    #[arg(value_name = "PALLET")]
    pallets: Vec<String>,
}

impl Weights {
    /// Measures the pallets named.
    pub fn run(&self, workspace: &Workspace) -> Result<()> {
        let pallets = self.chosen(workspace.pallets()?)?;
        setup::for_building()?;
        let bencher = bencher(workspace)?;
        let runtime = build_runtime(workspace)?;
        for pallet in &pallets {
            let step = say::step(format!("measuring pallet {pallet}"));
            measure(workspace, &bencher, &runtime, pallet)?;
            step.done();
        }
        Ok(())
    }

    fn chosen(&self, all: Vec<String>) -> Result<Vec<String>> {
        if let Some(unknown) = self.pallets.iter().find(|name| !all.contains(name)) {
            bail!("there is no pallet {unknown}: there are {}", all.join(", "));
        }
        Ok(if self.pallets.is_empty() { all } else { self.pallets.clone() })
    }
}

/// The benchmark runner, installed if it is not there in the right version.
fn bencher(workspace: &Workspace) -> Result<PathBuf> {
    let tools = cache()?.join("tools");
    let bencher = tools.join("bin/frame-omni-bencher");
    let version = process::ask(Command::new(&bencher).arg("--version"));
    if version.is_some_and(|text| text.split_whitespace().any(|word| word == BENCHER_VERSION)) {
        return Ok(bencher);
    }
    let step = say::step("installing frame-omni-bencher; this takes about half an hour");
    let mut install = workspace.cargo("install");
    install
        .args(["frame-omni-bencher", "--locked", "--force", "--version", BENCHER_VERSION, "--root"])
        .arg(&tools)
        // Kept until it is installed, so that an interrupted build goes on where it was.
        .env("CARGO_TARGET_DIR", tools.join("target"));
    process::run(&mut install, Signals::Group)?;
    std::fs::remove_dir_all(tools.join("target")).ok();
    step.done();
    Ok(bencher)
}

/// The runtime with benchmarks, compiled as it runs in production.
fn build_runtime(workspace: &Workspace) -> Result<PathBuf> {
    let step = say::step("building the runtime with benchmarks");
    // A directory of its own: the release profile shares nothing with the one for development.
    let target = cache()?.join("bench-target");
    let mut build = workspace.cargo("build");
    build
        .args(["--release", "-p", "smartlink-runtime", "--features", "runtime-benchmarks"])
        .env("CARGO_TARGET_DIR", &target);
    process::run(&mut build, Signals::Group)?;
    let wasm = target.join("release/wbuild/smartlink-runtime/smartlink_runtime.wasm");
    ensure!(wasm.exists(), "the build left no {}: is SKIP_WASM_BUILD set?", wasm.display());
    step.done();
    Ok(wasm)
}

fn measure(workspace: &Workspace, bencher: &Path, runtime: &Path, pallet: &str) -> Result<()> {
    let output = format!("pallets/{pallet}/src/weights.rs");
    let mut measure = Command::new(bencher);
    measure
        .current_dir(&workspace.root)
        .args(["v1", "benchmark", "pallet", "--genesis-builder-preset", "development"])
        .args(["--extrinsic", "*", "--steps", "20", "--repeat", "10"])
        .args(["--template", "xtask/weights.hbs", "--output", &output])
        .args(["--pallet", &format!("pallet_{pallet}"), "--runtime"])
        .arg(runtime);
    process::run(&mut measure, Signals::Group).with_context(|| format!("{output} was not written"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pallets_are_chosen_by_name() -> Result<()> {
        let all = || vec!["settlement".to_owned(), "tariffs".to_owned()];
        let weights =
            |names: &[&str]| Weights { pallets: names.iter().map(ToString::to_string).collect() };
        assert_eq!(weights(&[]).chosen(all())?, all());
        assert_eq!(weights(&["tariffs"]).chosen(all())?, ["tariffs"]);
        let error = weights(&["tarrifs"]).chosen(all());
        assert!(error.is_err_and(|e| e.to_string().contains("settlement, tariffs")));
        Ok(())
    }
}
