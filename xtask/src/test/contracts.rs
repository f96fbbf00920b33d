//! The contracts on Ethereum: their format, their lints, their tests with what they cost, and the artifact that is checked in.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use anyhow::{bail, Context, Result};

use super::{check, summary::Tally};
use crate::{
    process::{self, Signals},
    say,
    setup::foundry::{self, Foundry},
    workspace::Workspace,
};

/// Where they lie.
const FOLDER: &str = "bridge-eth/contracts";

/// Checks everything of the contracts, and adds forge's tests to the tally.
pub fn test(workspace: &Workspace, tally: &mut Tally) -> Result<()> {
    let foundry = foundry::files()?;
    check(
        "checking the contracts' format",
        forge(workspace, &foundry).args(["fmt", "--check"]),
        "`forge fmt` mends it",
        tally,
    )?;
    run(forge(workspace, &foundry).arg("test"), tally)?;
    let mut lint = forge(workspace, &foundry);
    // What it builds has no code: it must not lie where the tests and the artifact look.
    lint.env("FOUNDRY_OUT", "out/lint").env("FOUNDRY_CACHE_PATH", "cache/lint");
    lint.args(["lint", "src", "--deny", "warnings"]);
    check("checking the contracts' lints", &mut lint, "see above", tally)?;
    for (script, what) in [
        ("artifact.mjs", "comparing the contract's artifact with what is built"),
        ("gas-tables.mjs", "comparing the gas that docs/bridge.md says with what was measured"),
    ] {
        let mut compare = Command::new("node");
        compare.current_dir(workspace.root.join(FOLDER)).args([script, "--check"]);
        check(what, &mut compare, "see bridge-eth/contracts/README.md", tally)?;
    }
    Ok(())
}

/// forge, in the contracts' folder and with the compiler of ours.
fn forge(workspace: &Workspace, foundry: &Foundry) -> Command {
    let mut forge = Command::new(&foundry.forge);
    forge.current_dir(workspace.root.join(FOLDER)).env("FOUNDRY_SOLC", &foundry.solc);
    // What somebody set to write the figures anew would have them pass here.
    forge.env_remove("FORGE_SNAPSHOT_CHECK").env_remove("FOUNDRY_PROFILE");
    forge
}

/// Passes the output of `forge test` on as it comes, and counts.
fn run(command: &mut Command, tally: &mut Tally) -> Result<()> {
    let step = say::step("building and running the contracts' tests");
    let mut running = process::start(command.stdout(Stdio::piped()), Signals::Group)?;
    let stdout = running.streams().stdout.take().context("stdout was piped")?;
    let mut counted = Tally::default();
    for line in BufReader::new(stdout).lines() {
        let line = line.context("cannot read the output of forge")?;
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
            step.ended("its last line is not read (counts as one failed test; see xtask/src/test/contracts.rs)");
        }
        (true, _) => step.done(),
        // What does not build, or a figure in snapshots/ that is another one.
        (false, 0) => {
            tally.failed += 1;
            step.ended("failed besides its tests (counts as one failed test; see above)");
        }
        (false, failed) => step.ended(&format!("{failed} failed")),
    }
    Ok(())
}

/// Reads forge's last line, if `line` is that:
/// `Ran 2 test suites in 218.21ms (418.83ms CPU time): 11 tests passed, 0 failed, 0 skipped (11 total tests)`.
fn summary(line: &str) -> Option<Tally> {
    let (_, outcomes) = line.strip_prefix("Ran ")?.split_once("): ")?;
    let (outcomes, _) = outcomes.split_once(" (")?;
    let counts: Vec<_> = outcomes.split(", ").collect();
    let [passed, failed, skipped] = counts.as_slice() else { return None };
    Some(Tally {
        passed: count(passed, " tests passed")?,
        failed: count(failed, " failed")?,
        skipped: count(skipped, " skipped")?,
    })
}

/// The number in front of a word.
fn count(outcome: &str, what: &str) -> Option<u64> {
    outcome.strip_suffix(what)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_of_forge_is_read() {
        let line = "Ran 2 test suites in 218.21ms (418.83ms CPU time): 11 tests passed, 2 failed, 3 skipped (16 total tests)";
        assert_eq!(summary(line), Some(Tally { passed: 11, failed: 2, skipped: 3 }));
    }

    #[test]
    fn other_lines_are_none() {
        for line in [
            "",
            "Ran 9 tests for test/Checkpoints.t.sol:CheckpointsTest",
            "[PASS] test_x() (gas: 1)",
        ] {
            assert_eq!(summary(line), None, "{line}");
        }
    }
}
