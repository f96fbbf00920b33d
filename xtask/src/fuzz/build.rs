//! The instrumented build: which binary holds which target.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{ensure, Context, Result};

use super::target::{Binary, Target};
use crate::{
    process::{self, Signals},
    say,
    workspace::{cache, rustc, string_field, without_traces_of_cargo_run, Workspace},
};

/// What libFuzzer needs of every crate: a counter for each edge and each comparison that it sees. One unit of code
/// generation a crate, because LLVM loses counters between several.
const RUSTFLAGS: &str =
    "--cfg fuzzing --cfg fuzzing_libfuzzer -Ccodegen-units=1 -Cpasses=sancov-module \
     -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
     -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares \
     -Cllvm-args=-sanitizer-coverage-stack-depth";

/// A target, built.
pub struct Fuzzer {
    pub target: Target,
    /// The program that holds it.
    pub program: PathBuf,
    /// Its name there, with its modules.
    pub test: String,
    /// The folder of its corpus and of what broke it, as bolero has it.
    pub folder: PathBuf,
}

/// Builds what holds the targets.
pub fn fuzzers(workspace: &Workspace, targets: &[Target]) -> Result<Vec<Fuzzer>> {
    let step = say::step(format!("building {} targets with instrumentation", targets.len()));
    // A package's own binaries alone: what links no target has no libFuzzer in it, and cannot be linked at all.
    let mut binaries: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for target in targets {
        let flags = binaries.entry(package_name(&target.package)?).or_default();
        let own = target.binary()?.flags;
        if !flags.contains(&own) {
            flags.push(own);
        }
    }
    let mut programs = Vec::new();
    for (package, flags) in &binaries {
        let mut cargo = cargo_test(workspace)?;
        cargo.args(["-p", package]).args(flags.iter().flatten());
        programs.extend(programs_of(&mut cargo)?);
    }
    let fuzzers: Result<Vec<_>> =
        targets.iter().map(|target| fuzzer(target.clone(), &programs)).collect();
    step.done();
    fuzzers
}

/// `cargo test` as libFuzzer needs it, apart from what is to be built.
fn cargo_test(workspace: &Workspace) -> Result<Command> {
    let version = process::ask(rustc().arg("-vV")).context("rustc -vV failed: is Rust there?")?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let mut cargo = workspace.cargo("test");
    cargo
        .args(["--no-run", "--message-format", "json-render-diagnostics"])
        // With a target of its own, build scripts and macros are not instrumented.
        .args(["--target", host.context("rustc -vV names no host")?])
        .env("CARGO_TARGET_DIR", cache()?.join("fuzz"))
        .env("CARGO_INCREMENTAL", "0")
        // The runtime is fuzzed as it runs natively.
        .env("SKIP_WASM_BUILD", "1")
        .env("RUSTFLAGS", RUSTFLAGS);
    if let Some(folder) = built_rocksdb(workspace) {
        // RocksDB is C++, ten minutes of it, and not what is fuzzed.
        for library in ["ROCKSDB", "SNAPPY"] {
            cargo.env(format!("{library}_LIB_DIR"), &folder).env(format!("{library}_STATIC"), "1");
        }
    }
    Ok(cargo)
}

/// Where the usual build left RocksDB, if it did: the first by name, so that it is the same every time.
fn built_rocksdb(workspace: &Workspace) -> Option<PathBuf> {
    let builds = fs::read_dir(workspace.target.join("debug/build")).ok()?.flatten();
    builds
        .filter(|build| build.file_name().to_string_lossy().starts_with("librocksdb-sys-"))
        .map(|build| build.path().join("out"))
        .filter(|out| out.join("librocksdb.a").is_file() && out.join("libsnappy.a").is_file())
        .min()
}

/// The name in a package's manifest.
fn package_name(package: &Path) -> Result<String> {
    let manifest = package.join("Cargo.toml");
    let text = fs::read_to_string(&manifest)
        .with_context(|| format!("cannot read {}", manifest.display()))?;
    let name = text.lines().find_map(|line| line.strip_prefix("name = "));
    let name = name.with_context(|| format!("{} has no name", manifest.display()))?;
    Ok(name.trim_matches('"').to_owned())
}

/// Builds, and returns the first file and the program of each test binary.
fn programs_of(cargo: &mut Command) -> Result<Vec<(PathBuf, PathBuf)>> {
    let mut running = process::start(cargo.stdout(Stdio::piped()), Signals::Group)?;
    let messages = running.streams().stdout.take().context("stdout was piped")?;
    let mut programs = Vec::new();
    for message in BufReader::new(messages).lines() {
        let message = message.context("cannot read what cargo says")?;
        let of = |name| string_field(&message, name).map(PathBuf::from);
        if let (Some(root), Some(program)) = (of("src_path"), of("executable")) {
            programs.push((root, program));
        }
    }
    let status = running.wait()?;
    ensure!(status.success(), "{} ended with {status}", process::line(cargo));
    Ok(programs)
}

fn fuzzer(target: Target, programs: &[(PathBuf, PathBuf)]) -> Result<Fuzzer> {
    let Binary { root, modules, .. } = target.binary()?;
    let (_, program) = programs
        .iter()
        .find(|(first, _)| *first == root)
        .with_context(|| format!("cargo built no program of {}", root.display()))?;
    let list = process::ask(inside(program, &target).args(["--list", "--format", "terse"]))
        .with_context(|| format!("{} does not list its tests", program.display()))?;
    let test = list
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .find(|name| is_in(name, &modules, &target.function))
        .with_context(|| format!("{target} is in no test of {}", program.display()))?
        .to_owned();
    let mut question = inside(program, &target);
    question.args([&test, "--exact", "--nocapture"]).env("CARGO_BOLERO_SELECT", "one");
    let answer = process::ask(&mut question);
    let folder = answer.as_deref().and_then(|answer| string_field(answer, "work_dir"));
    let folder = folder.with_context(|| format!("{target} does not say where its corpus lies"))?;
    Ok(Fuzzer { program: program.clone(), folder: folder.into(), test, target })
}

/// The program, where `cargo test` would start it.
pub fn inside(program: &Path, target: &Target) -> Command {
    let mut command = Command::new(program);
    without_traces_of_cargo_run(&mut command);
    command.current_dir(&target.package);
    command
}

/// Whether a test's name is that of the function in these modules, or in a module of the same file.
fn is_in(name: &str, modules: &[String], function: &str) -> bool {
    let mut parts: Vec<_> = name.split("::").collect();
    parts.pop() == Some(function)
        && parts.len() >= modules.len()
        && modules.iter().zip(&parts).all(|(module, part)| module == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_belongs_to_the_file_of_its_modules() {
        let modules = ["engine".to_owned(), "blocks".to_owned()];
        assert!(is_in("engine::blocks::tests::any_bytes", &modules, "any_bytes"));
        assert!(is_in("engine::blocks::any_bytes", &modules, "any_bytes"));
        assert!(!is_in("engine::input::tests::any_bytes", &modules, "any_bytes"));
        assert!(!is_in("engine::any_bytes", &modules, "any_bytes"));
        assert!(is_in("any_bytes", &[], "any_bytes"));
    }

    #[test]
    fn cargo_names_the_program_of_a_test() -> Result<()> {
        let line = r#"{"reason":"compiler-artifact","target":{"kind":["test"],"src_path":"/w/tests/a.rs"},"executable":"/t/a-1","fresh":true}"#;
        let rest = r#"{"reason":"compiler-artifact","target":{"src_path":"/w/src/lib.rs"},"executable":null}"#;
        let mut said = Command::new("printf");
        let programs = programs_of(said.args(["%s\\n", line, rest]))?;
        assert_eq!(programs, [("/w/tests/a.rs".into(), "/t/a-1".into())]);
        Ok(())
    }
}
