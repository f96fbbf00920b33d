//! The contracts on Ethereum: their format, their lints, what Slither finds, their tests with what they cost, and the artifact that
//! is checked in.

use std::{env, path::Path, process::Command};

use anyhow::Result;

use super::{check, counted, summary::Tally};
use crate::{
    setup::{
        foundry::{self, Foundry},
        slither,
    },
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
    counted(
        "building and running the contracts' tests",
        forge(workspace, &foundry).arg("test"),
        summary,
        "xtask/src/test/contracts.rs",
        tally,
    )?;
    let mut lint = forge(workspace, &foundry);
    // What it builds has no code: it must not lie where the tests and the artifact look.
    lint.env("FOUNDRY_OUT", "out/lint").env("FOUNDRY_CACHE_PATH", "cache/lint");
    lint.args(["lint", "src", "--deny", "warnings"]);
    check("checking the contracts' lints", &mut lint, "see above", tally)?;
    let mut analysis = slither(workspace, &foundry)?;
    check("looking for mistakes in the contracts", &mut analysis, "see above", tally)?;
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

/// Slither, which has forge build. It ends well when it finds nothing.
fn slither(workspace: &Workspace, foundry: &Foundry) -> Result<Command> {
    let mut slither = Command::new(slither::installed()?);
    slither.current_dir(workspace.root.join(FOLDER)).arg(".");
    let tools = foundry.forge.parent().into_iter().map(Path::to_owned);
    let others = env::var_os("PATH").unwrap_or_default();
    slither.env("PATH", env::join_paths(tools.chain(env::split_paths(&others)))?);
    slither.env("FOUNDRY_SOLC", &foundry.solc).env_remove("FOUNDRY_PROFILE");
    // It removes what was built before, and builds in another way.
    slither.env("FOUNDRY_OUT", "out/slither").env("FOUNDRY_CACHE_PATH", "cache/slither");
    Ok(slither)
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
