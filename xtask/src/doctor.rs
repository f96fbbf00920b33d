//! What the project needs of a machine, and what this one has.

use std::{
    fs,
    path::Path,
    process::{Command, ExitCode},
};

use crate::{
    apt, process,
    setup::{
        self,
        wasm::{self, Found},
    },
    version::Version,
    web,
    workspace::{program, rustc, Workspace},
};

const SETUP: &str = "cargo xtask setup";
const GIB: u64 = 1 << 30;
/// Everything built once for running and once for testing the pallets.
const DISK_FOR_FIRST_BUILD: u64 = 20 * GIB;
/// What building again after a change may add.
const DISK_FOR_NEXT_BUILD: u64 = 5 * GIB;
/// Below this, linking the node beside a compiler may run out of memory.
const MEMORY: u64 = 8 * GIB;

/// One line of the table.
struct Finding {
    name: String,
    state: State,
    found: String,
    remedy: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Good,
    /// Works, with a drawback.
    Warning,
    Missing,
}

impl Finding {
    /// Good if something was found.
    fn of(name: &str, found: Option<String>, remedy: impl Into<String>) -> Self {
        let state = if found.is_some() { State::Good } else { State::Missing };
        Self::with(name, state, found.unwrap_or_else(|| "missing".into()), remedy)
    }

    fn with(name: &str, state: State, found: String, remedy: impl Into<String>) -> Self {
        Self { name: name.into(), state, found, remedy: remedy.into() }
    }
}

/// Prints the table; the exit code is 1 if anything is missing.
pub fn run(workspace: &Workspace) -> ExitCode {
    let mut findings = vec![compiler(), linker(), format(), runner()];
    findings.extend(apt::PACKAGES.iter().map(|package| {
        let found = package.is_there().then(|| format!("found ({})", package.purpose));
        Finding::of(package.name, found, format!("{SETUP}, or {}", apt::remedy(&[package.name])))
    }));
    findings.extend([wasm_target(), node(), disk(workspace), memory()]);
    for line in table(&findings) {
        println!("{line}");
    }
    match findings.iter().filter(|f| f.state == State::Missing).count() {
        0 => {
            println!("\nnothing is missing");
            ExitCode::SUCCESS
        }
        missing => {
            println!("\nmissing: {missing}");
            ExitCode::FAILURE
        }
    }
}

fn table(findings: &[Finding]) -> Vec<String> {
    let width = |column: fn(&Finding) -> usize| findings.iter().map(column).max().unwrap_or(0);
    let (name, found) = (width(|f| f.name.len()), width(|f| f.found.len()));
    let line = |f: &Finding| {
        let (mark, remedy) = match f.state {
            State::Good => ("ok     ", ""),
            State::Warning => ("warning", f.remedy.as_str()),
            State::Missing => ("MISSING", f.remedy.as_str()),
        };
        let line = format!("{mark}  {:name$}  {:found$}  {remedy}", f.name, f.found);
        line.trim_end().to_owned()
    };
    findings.iter().map(line).collect()
}

fn compiler() -> Finding {
    // The workspace's rust-version, so that the number stands in one place.
    let wanted = Version::find(env!("CARGO_PKG_RUST_VERSION"));
    let found = process::ask(rustc().arg("--version"));
    let recent = found.as_deref().and_then(Version::find) >= wanted;
    let state = if found.is_some() && recent { State::Good } else { State::Missing };
    let name = format!("rustc >= {}", env!("CARGO_PKG_RUST_VERSION"));
    Finding::with(&name, state, found.unwrap_or_else(|| "missing".into()), "rustup update stable")
}

fn linker() -> Finding {
    let found = program("cc").map(|path| path.display().to_string());
    Finding::of("linker cc", found, apt::remedy(&["gcc", "libc6-dev"]))
}

fn format() -> Finding {
    let found = setup::has_rustfmt();
    let (state, text) = match found {
        true => (State::Good, "found"),
        false => (State::Warning, "the format will not be checked"),
    };
    Finding::with("rustfmt", state, text.into(), "rustup component add rustfmt")
}

fn runner() -> Finding {
    Finding::of("cargo-nextest", setup::nextest_version(), SETUP)
}

fn wasm_target() -> Finding {
    let found = wasm::find().map(|found| match found {
        Found::InUse => "in the toolchain in use".to_owned(),
        Found::Debian => "in Debian's toolchain".to_owned(),
    });
    let remedy = format!("{SETUP}, or rustup target add {}", wasm::TARGET);
    Finding::of(&format!("target {}", wasm::TARGET), found, remedy)
}

fn node() -> Finding {
    let found = web::node();
    let recent = found.is_some_and(|found| found >= web::NODE);
    let state = if recent { State::Good } else { State::Missing };
    let found = found.map_or_else(|| "missing".into(), |found| found.to_string());
    let remedy = "a newer Node.js: Debian 13 has one, or nodejs.org";
    Finding::with(&format!("node >= {}", web::NODE), state, found, remedy)
}

fn disk(workspace: &Workspace) -> Finding {
    let built = workspace.node().exists();
    let wanted = if built { DISK_FOR_NEXT_BUILD } else { DISK_FOR_FIRST_BUILD };
    let name = format!("disk >= {} GiB", wanted / GIB);
    let folder = workspace.target.ancestors().find(|folder| folder.exists());
    let free = process::ask(
        Command::new("df").args(["--output=avail", "-B1"]).arg(folder.unwrap_or(Path::new("/"))),
    );
    let target = workspace.target.display();
    let Some(free) = free.as_deref().and_then(available) else {
        return Finding::with(
            &name,
            State::Warning,
            "unknown".into(),
            format!("df does not say how much is free for {target}"),
        );
    };
    let state = if free >= wanted { State::Good } else { State::Missing };
    let remedy = format!("free some in {target}, or set CARGO_TARGET_DIR to a larger disk");
    Finding::with(&name, state, format!("{} GiB free", free / GIB), remedy)
}

fn memory() -> Finding {
    let name = format!("memory >= {} GiB", MEMORY / GIB);
    let remedy = "set CARGO_BUILD_JOBS=1 for the first build";
    match fs::read_to_string("/proc/meminfo").ok().as_deref().and_then(total_memory) {
        // Firmware and kernel keep a part of what was bought.
        Some(total) if total >= MEMORY / 10 * 9 => {
            Finding::with(&name, State::Good, format!("{} GiB", total / GIB), remedy)
        }
        Some(total) => {
            let found = format!("{:.1} GiB", total as f64 / GIB as f64);
            Finding::with(&name, State::Warning, found, remedy)
        }
        None => Finding::with(&name, State::Warning, "unknown".into(), remedy),
    }
}

/// The bytes in the answer of `df --output=avail -B1`: a heading and a number.
fn available(answer: &str) -> Option<u64> {
    answer.lines().nth(1)?.trim().parse().ok()
}

/// The bytes of memory according to /proc/meminfo, which counts in KiB.
fn total_memory(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn df_is_read() {
        assert_eq!(available("       Avail\n 81500000000\n"), Some(81_500_000_000));
        assert_eq!(available("Avail"), None);
        assert_eq!(available("Avail\n-\n"), None);
    }

    #[test]
    fn meminfo_is_read() {
        let meminfo = "MemTotal:       24592680 kB\nMemFree:         1034568 kB\n";
        assert_eq!(total_memory(meminfo), Some(24_592_680 * 1024));
        assert_eq!(total_memory("MemFree: 1 kB"), None);
    }

    #[test]
    fn a_remedy_is_shown_only_where_it_is_needed() {
        let findings =
            [Finding::of("a", Some("1".into()), "do a"), Finding::of("long", None, "do b")];
        let expected = ["ok       a     1", "MISSING  long  missing  do b"];
        assert_eq!(table(&findings), expected);
    }
}
