//! `smartlink-inspect`: what a compiled runtime is, what it changes, and whether its versions follow from that.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::Parser;
use smartlink_indexer::domain::value::hex;
use smartlink_inspect::{
    difference,
    release::{self, Files},
    rules::{rules, Rule},
    Code, Runtime,
};

/// Says what a compiled runtime is, and what it changes.
///
/// The code is executed and asked. `cargo xtask runtime` runs this on what it built; run it by itself on code that
/// somebody else gave you.
#[derive(Parser)]
#[command(
    name = "smartlink-inspect",
    version,
    after_help = "Examples:\n  smartlink-inspect runtime.compact.compressed.wasm\n  \
                  smartlink-inspect new.wasm --last smartlink-runtime-102.metadata --check"
)]
struct Inspect {
    /// The runtime's code, compressed or not.
    #[arg(value_name = "CODE")]
    code: PathBuf,
    /// Say what is different from this one: code, or the metadata that was kept with it.
    #[arg(long, value_name = "FILE")]
    last: Option<PathBuf>,
    /// End with 1 if the versions do not follow from what is different.
    #[arg(long, requires = "last")]
    check: bool,
    /// Write the files of a release into this folder.
    #[arg(long, value_name = "FOLDER")]
    save: Option<PathBuf>,
    /// A line about how it was built, kept with the hashes.
    #[arg(long, value_name = "TEXT")]
    built: Vec<String>,
}

fn main() -> ExitCode {
    match Inspect::parse().run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

impl Inspect {
    fn run(&self) -> Result<ExitCode> {
        let code = Code::read(&self.code)?;
        let runtime = Runtime::of_code(&code)?;
        let card = release::card(&code, &runtime, &self.built)?;
        print!("{card}");
        let compared = self.last.as_deref().map(|last| compare(&Runtime::read(last)?, &runtime));
        let compared = compared.transpose()?.unwrap_or_default();
        if let Some(folder) = &self.save {
            steps(&release::save(folder, &code, &runtime, &card)?, &code.hash());
        }
        let broken = compared.iter().filter(|rule| !rule.holds).count();
        Ok(if self.check && broken > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

/// Prints what is different, and which rules hold.
fn compare(last: &Runtime, new: &Runtime) -> Result<Vec<Rule>> {
    let found = difference(&last.metadata, &new.metadata)?;
    println!("\nsince {}:", last.name());
    print!("{found}");
    println!();
    let rules = rules(last, new, &found);
    for Rule { holds, words } in &rules {
        println!("{}  {words}", if *holds { "ok    " } else { "BROKEN" });
    }
    Ok(rules)
}

/// Prints what is to be done with a release.
fn steps(files: &Files, hash: &[u8; 32]) {
    let Files { code, module, hash: card, metadata } = files;
    println!("\nthe release:");
    for file in [code, module, card, metadata] {
        println!("  {}", file.display());
    }
    println!("\nto propose it (docs/upgrades.md):");
    println!("  1. every company builds it by itself, and finds the same code hash");
    println!("  2. a member proposes consortium.enact(system.authorize_upgrade({}))", hex(hash));
    println!("  3. three quarters of the seats vote for it, and somebody closes the motion");
    println!("  4. anybody sends system.apply_authorized_upgrade({})", code.display());
}
