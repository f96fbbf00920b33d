//! The portal: its format, lints and types, its unit tests, whether it builds, how much of it a browser loads first, and how
//! people go through it.

use std::process::{Command, ExitCode};

use anyhow::Result;

use super::{
    check, counted, ended,
    summary::{without_escapes, Tally},
};
use crate::{
    setup::{self, foundry},
    web::Npm,
    workspace::Workspace,
};

/// Checks everything of the portal that needs no running services, and adds its unit tests to the tally.
pub fn test(workspace: &Workspace, tally: &mut Tally) -> Result<()> {
    let npm = Npm::ready(workspace)?;
    let script = |name| plain(&npm, name);
    let format = "`npm run fix` in web/ mends what it can";
    check("checking the portal's format, lints and types", &mut script("check"), format, tally)?;
    unit_tests(&mut script("test"), tally)?;
    check("building the portal", &mut script("build"), "see above", tally)?;
    check(
        "measuring what a browser loads of the portal first",
        &mut script("size"),
        "see above",
        tally,
    )
}

/// Walks through the portal as [`test`] built it, in a browser, on a consortium that is started for it and stopped in the end.
fn in_a_browser(workspace: &Workspace, tally: &mut Tally) -> Result<()> {
    setup::everything(workspace)?;
    workspace.build()?;
    let npm = Npm::ready(workspace)?;
    let mut e2e = plain(&npm, "e2e");
    // Not for the services: what they read begins with SMARTLINK.
    e2e.env("BINARIES", workspace.target.join("debug")).env("ANVIL", foundry::files()?.anvil);
    // It starts services of its own.
    e2e.env_remove("PORTAL_URL");
    let what = "walking through the portal in a browser";
    counted(what, &mut e2e, summary, "xtask/src/test/web.rs", tally)
}

/// `cargo xtask web`: the portal without anything else, and where it is asked for in a browser.
pub fn alone(workspace: &Workspace, browser: bool) -> ExitCode {
    let mut tally = Tally::default();
    let mut tested = test(workspace, &mut tally);
    if browser && tested.is_ok() {
        tested = in_a_browser(workspace, &mut tally);
    }
    ended(tested, tally)
}

/// A script whose output is read: without colours, and no line is drawn over.
fn plain(npm: &Npm, name: &str) -> Command {
    let mut script = npm.script(name);
    script.env("NO_COLOR", "1").env("CI", "1");
    script
}

fn unit_tests(command: &mut Command, tally: &mut Tally) -> Result<()> {
    counted("running the portal's unit tests", command, summary, "xtask/src/test/web.rs", tally)
}

/// Reads vitest's line, if `line` is that: `      Tests  1 failed | 41 passed | 2 skipped (44)`. `web/tests/tally.ts` has
/// Playwright say it alike.
fn summary(line: &str) -> Option<Tally> {
    let plain = without_escapes(line);
    let (outcomes, _) = plain.trim_start().strip_prefix("Tests ")?.rsplit_once('(')?;
    let mut tally = Tally::default();
    for outcome in outcomes.split('|') {
        let (count, what) = outcome.trim().split_once(' ')?;
        let count: u64 = count.parse().ok()?;
        match what.trim() {
            "passed" | "expected fail" => tally.passed += count,
            "skipped" | "todo" => tally.skipped += count,
            _ => tally.failed += count,
        }
    }
    Some(tally)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_vitest_is_read() {
        let tally = |passed, failed, skipped| Some(Tally { passed, failed, skipped });
        assert_eq!(summary("      Tests  41 passed (41)"), tally(41, 0, 0));
        let all = " Tests  1 failed | 41 passed | 2 skipped | 1 todo (45)";
        assert_eq!(summary(all), tally(41, 1, 3));
        let coloured = "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m3 passed\u{1b}[39m\u{1b}[22m\u{1b}[90m (3)\u{1b}[39m";
        assert_eq!(summary(coloured), tally(3, 0, 0));
    }

    #[test]
    fn other_lines_are_none() {
        for line in ["", " Test Files  3 passed (3)", "Tests", "   Duration  1.2s (transform 1s)"] {
            assert_eq!(summary(line), None, "{line}");
        }
    }
}
