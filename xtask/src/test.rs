//! `cargo xtask test`.

mod contracts;
mod summary;
pub mod web;

use std::{
    io::{self, BufRead, BufReader, IsTerminal, Write},
    process::{Command, ExitCode, Stdio},
};

use anyhow::{bail, Context, Result};
use clap::Args;

use crate::{
    process::{self, Signals},
    say, setup,
    test::summary::Tally,
    workspace::{Workspace, EVERYTHING},
};

/// Runs every test and prints how many passed and failed.
///
/// Installs what is missing, checks the format, tests the contracts on Ethereum and the portal, builds the validator
/// and the services, and runs all tests of the workspace, those that start real nodes included; then the pallets and the
/// runtime once more with their benchmarks as tests. `cargo xtask web --browser` walks through the portal. The last line is
/// `N passed, N failed`, with `, N skipped` if some were skipped.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo xtask test\n  cargo xtask test -- settlement    only tests \
                  whose names contain the word\n  cargo xtask test -- -E 'package(smartlink-node)'"
)]
pub struct Test {
    /// Arguments for `cargo nextest run`, such as a part of a test's name.
    #[arg(last = true, value_name = "NEXTEST")]
    pub nextest: Vec<String>,
}

impl Test {
    /// Runs everything; fails if a test or a build failed, or if no test ran.
    ///
    /// There are no doc tests: each would link the runtime once more, and whatever documentation
    /// promises is a test of the workspace already.
    pub fn run(&self, workspace: &Workspace) -> ExitCode {
        let mut tally = Tally::default();
        let tested = self.steps(workspace, &mut tally);
        ended(tested, tally)
    }

    fn steps(&self, workspace: &Workspace, tally: &mut Tally) -> Result<()> {
        setup::everything(workspace)?;
        check_format(workspace, tally)?;
        contracts::test(workspace, tally)?;
        web::test(workspace, tally)?;
        // Tests of the services start the node's binary, which cargo does not build for them.
        workspace.build()?;

        let whole = || {
            let mut command = workspace.cargo("nextest");
            command.arg("run").args(EVERYTHING);
            command
        };
        self.nextest("the tests of the workspace", whole, tally)?;

        let pallets = workspace.pallets()?;
        let benchmarks = || {
            let mut command = workspace.cargo("nextest");
            command.arg("run");
            for pallet in &pallets {
                command.args(["-p", &format!("pallet-{pallet}")]);
            }
            command.args(["-p", "smartlink-runtime"]);
            command.args(["--features", "runtime-benchmarks,try-runtime"]);
            // Benchmarks as tests run natively.
            command.env("SKIP_WASM_BUILD", "1");
            command
        };
        self.nextest("the pallets' tests with benchmarks", benchmarks, tally)?;
        check_lints(workspace, tally)
    }

    /// Builds and then runs the tests of one `cargo nextest run`, and adds them to the tally.
    fn nextest(&self, what: &str, command: impl Fn() -> Command, tally: &mut Tally) -> Result<()> {
        let step = say::step(format!("building {what}"));
        process::run(command().arg("--no-run"), Signals::Group)
            .with_context(|| format!("{what} do not build"))?;
        step.done();

        let step = say::step(format!("running {what}"));
        let mut run = command();
        // All of them, however many fail; and a filter may leave one of the runs without any.
        run.args(["--no-fail-fast", "--no-tests", "pass"]);
        if io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
            run.args(["--color", "always"]);
        }
        run.args(&self.nextest);
        let (counted, success) = watch(&mut run)?;
        *tally += counted;
        if let Some(signal) = process::caught() {
            bail!("interrupted by signal {signal}");
        }
        if !success && counted.failed == 0 {
            bail!("{} failed besides its tests: see above", process::line(&run));
        }
        match success {
            true => step.done(),
            false => step.ended(&format!("{} failed", counted.failed)),
        }
        Ok(())
    }
}

/// Says how tests ended: the last line is the tally.
fn ended(tested: Result<()>, mut tally: Tally) -> ExitCode {
    if let Err(error) = tested {
        eprintln!("error: {error:#}");
        // What could not be built or started failed too: the last line must not look green.
        tally.failed += 1;
    }
    if tally.is_empty() {
        eprintln!("error: no test ran: does a filter behind -- match nothing?");
    }
    println!("{tally}");
    match process::caught() {
        Some(signal) => process::exit_code(128 + signal),
        None if tally.is_success() => ExitCode::SUCCESS,
        None => ExitCode::FAILURE,
    }
}

/// Runs tests of another runner, passes their output on as it comes, and counts by the line that `summary` reads; the file `here`
/// has that.
fn counted(
    what: &str,
    command: &mut Command,
    summary: impl Fn(&str) -> Option<Tally>,
    here: &str,
    tally: &mut Tally,
) -> Result<()> {
    let step = say::step(what);
    let mut running = process::start(command.stdout(Stdio::piped()), Signals::Group)?;
    let stdout = running.streams().stdout.take().context("stdout was piped")?;
    let mut counted = Tally::default();
    for line in BufReader::new(stdout).lines() {
        let line = line.with_context(|| format!("cannot read the output of {what}"))?;
        eprintln!("{line}");
        counted = summary(&line).unwrap_or(counted);
    }
    let success = running.wait()?.success();
    *tally += counted;
    if let Some(signal) = process::caught() {
        bail!("interrupted by signal {signal}");
    }
    match (success, counted.failed) {
        (true, _) if counted.is_empty() => {
            tally.failed += 1;
            step.ended(&format!(
                "its last line is not read (counts as one failed test; see {here})"
            ));
        }
        (true, _) => step.done(),
        // What does not build, or a figure in a file that is another one.
        (false, 0) => {
            tally.failed += 1;
            step.ended("failed besides its tests (counts as one failed test; see above)");
        }
        (false, failed) => step.ended(&format!("{failed} failed")),
    }
    Ok(())
}

/// Passes the output on as it comes, and counts. Whether the command succeeded comes with it.
fn watch(command: &mut Command) -> Result<(Tally, bool)> {
    let mut running = process::start(command.stderr(Stdio::piped()), Signals::Group)?;
    let stderr = running.streams().stderr.take().context("stderr was piped")?;
    let mut tally = Tally::default();
    let mut lines = BufReader::new(stderr);
    let mut line = Vec::new();
    // Bytes, because a test may print any.
    while lines.read_until(b'\n', &mut line).context("cannot read the tests' output")? > 0 {
        // Output that nobody reads must not end the tests.
        io::stderr().write_all(&line).ok();
        if let Some(summary) = Tally::of_summary(&String::from_utf8_lossy(&line)) {
            tally = summary;
        }
        line.clear();
    }
    Ok((tally, running.wait()?.success()))
}

/// Checks the format.
fn check_format(workspace: &Workspace, tally: &mut Tally) -> Result<()> {
    if !setup::has_rustfmt() {
        say::note("without rustfmt the format is not checked");
        return Ok(());
    }
    let mut fmt = workspace.cargo("fmt");
    check(
        "checking the format",
        fmt.args(["--all", "--check"]),
        "`cargo fmt --all` mends it",
        tally,
    )
}

/// Checks the lints of the workspace's manifest, and clippy's own.
fn check_lints(workspace: &Workspace, tally: &mut Tally) -> Result<()> {
    if !setup::has_clippy() {
        say::note("without clippy the lints are not checked");
        return Ok(());
    }
    let mut clippy = workspace.cargo("clippy");
    // With the wasm, as it was built for the tests: leaving it out here would have it built again there.
    clippy.args(EVERYTHING).args(["--all-targets", "--", "-D", "warnings"]);
    check("checking the lints", &mut clippy, "see above", tally)
}

/// Runs a check; its failure counts as one failed test.
fn check(what: &str, command: &mut Command, remedy: &str, tally: &mut Tally) -> Result<()> {
    let step = say::step(what);
    let status = process::start(command, Signals::Group)?.wait()?;
    if status.success() {
        step.done();
    } else {
        tally.failed += 1;
        step.ended(&format!("failed (counts as one failed test; {remedy})"));
    }
    match process::caught() {
        Some(signal) => bail!("interrupted by signal {signal}"),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_is_counted_while_it_passes() -> Result<()> {
        let script = "echo 'Summary [ 1.0s] 3 tests run: 2 passed, 1 failed, 4 skipped' >&2; \
                      printf '\\377 more\\n' >&2; exit 100";
        let (tally, success) = watch(Command::new("sh").args(["-c", script]))?;
        assert_eq!(tally, Tally { passed: 2, failed: 1, skipped: 4 });
        assert!(!success);
        Ok(())
    }
}
