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

/// The pallets of others in the runtime that bring benchmarks, and `consensus`, which has ours for those that bring none. Their
/// weights go into the runtime, which has those of the SDK until it takes them.
const IN_THE_RUNTIME: [&str; 18] = [
    "consensus",
    "frame_system",
    "frame_system_extensions",
    "pallet_balances",
    "pallet_beefy_mmr",
    "pallet_collective",
    "pallet_migrations",
    "pallet_mmr",
    "pallet_multisig",
    "pallet_parameters",
    "pallet_preimage",
    "pallet_proxy",
    "pallet_safe_mode",
    "pallet_scheduler",
    "pallet_timestamp",
    "pallet_transaction_payment",
    "pallet_tx_pause",
    "pallet_utility",
];

/// Measures what the calls of all pallets cost, and writes their weights.
///
/// Those of our pallets go into their weights.rs, those of FRAME's pallets into runtime/src/weights. Compiles the benchmark
/// runner once into ~/.cache/smartlinkdrive/tools (about half an hour), and the runtime with benchmarks in a target
/// directory beside it, in the release profile. Measure on a machine that does nothing else, like the one that will
/// validate.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo xtask weights\n  cargo xtask weights settlement tariffs pallet_multisig"
)]
pub struct Weights {
    /// Only these pallets: ours by the names of their folders, others by those of their crates. Without any, all of them.
    #[arg(value_name = "PALLET")]
    pallets: Vec<String>,
}

/// A pallet that is measured.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Measured {
    /// As one names it here.
    name: String,
    /// As the benchmarks in the runtime do.
    in_runtime: String,
    /// What the weights are written by, below the root.
    template: &'static str,
    /// Where they are written to.
    output: String,
}

impl Measured {
    fn ours(name: String) -> Self {
        let output = format!("pallets/{name}/src/weights.rs");
        Self { in_runtime: format!("pallet_{name}"), template: "xtask/weights.hbs", output, name }
    }

    fn in_the_runtime(name: &str) -> Self {
        let template = match name {
            // A trait of its own, as our pallets have one.
            "consensus" => "xtask/weights.hbs",
            _ => "xtask/weights-frame.hbs",
        };
        let output = format!("runtime/src/weights/{name}.rs");
        Self { name: name.to_owned(), in_runtime: name.to_owned(), template, output }
    }
}

impl Weights {
    /// Measures the pallets named.
    pub fn run(&self, workspace: &Workspace) -> Result<()> {
        let chosen = self.chosen(Self::all(workspace)?)?;
        setup::for_building()?;
        let bencher = bencher(workspace)?;
        let runtime = build_runtime(workspace)?;
        for pallet in &chosen {
            let step = say::step(format!("measuring {}", pallet.name));
            measure(workspace, &bencher, &runtime, pallet)?;
            step.done();
        }
        Ok(())
    }

    /// All pallets that have something to measure.
    fn all(workspace: &Workspace) -> Result<Vec<Measured>> {
        let measured = |name: &String| {
            workspace.root.join(format!("pallets/{name}/src/benchmarking.rs")).is_file()
        };
        let ours = workspace.pallets()?.into_iter().filter(measured).map(Measured::ours);
        Ok(ours.chain(IN_THE_RUNTIME.iter().map(|name| Measured::in_the_runtime(name))).collect())
    }

    fn chosen(&self, all: Vec<Measured>) -> Result<Vec<Measured>> {
        let mut chosen = Vec::new();
        for name in &self.pallets {
            let Some(found) = all.iter().find(|one| one.name == *name) else {
                let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
                bail!("there is nothing to measure in {name}: there are {}", names.join(", "));
            };
            chosen.push(found.clone());
        }
        Ok(if chosen.is_empty() { all } else { chosen })
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
    // The runtime's build script makes the wasm; of what runs on this machine a check is enough.
    let mut build = workspace.cargo("check");
    build
        .args(["--release", "-p", "smartlink-runtime", "--features", "runtime-benchmarks"])
        .env("CARGO_TARGET_DIR", &target);
    process::run(&mut build, Signals::Group)?;
    let wasm = target.join("release/wbuild/smartlink-runtime/smartlink_runtime.wasm");
    ensure!(wasm.exists(), "the build left no {}: is SKIP_WASM_BUILD set?", wasm.display());
    step.done();
    Ok(wasm)
}

fn measure(workspace: &Workspace, bencher: &Path, runtime: &Path, pallet: &Measured) -> Result<()> {
    let Measured { in_runtime, template, output, .. } = pallet;
    let mut measure = Command::new(bencher);
    measure
        .current_dir(&workspace.root)
        .args(["v1", "benchmark", "pallet", "--genesis-builder-preset", "development"])
        .args(["--extrinsic", "*", "--steps", "20", "--repeat", "10"])
        .args(["--template", template, "--output", output])
        .args(["--pallet", in_runtime, "--runtime"])
        .arg(runtime);
    process::run(&mut measure, Signals::Group).with_context(|| format!("{output} was not written"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pallets_are_chosen_by_name() -> Result<()> {
        let all = || {
            let ours = ["settlement", "tariffs"].map(|name| Measured::ours(name.to_owned()));
            ours.into_iter().chain([Measured::in_the_runtime("pallet_proxy")]).collect::<Vec<_>>()
        };
        let weights =
            |names: &[&str]| Weights { pallets: names.iter().map(ToString::to_string).collect() };
        assert_eq!(weights(&[]).chosen(all())?, all());
        assert_eq!(weights(&["tariffs"]).chosen(all())?, all()[1..2]);
        assert_eq!(weights(&["pallet_proxy"]).chosen(all())?, all()[2..]);
        let error = weights(&["tarrifs"]).chosen(all());
        assert!(error.is_err_and(|e| e.to_string().contains("settlement, tariffs, pallet_proxy")));
        Ok(())
    }
}
