//! `cargo xtask web`, and what other commands need of the portal, the web application in `web/`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::{bail, Context, Result};
use clap::Args;

use crate::{
    apt,
    process::{self, Signals},
    say,
    test::web,
    version::Version,
    workspace::Workspace,
};

/// Where it lies.
const FOLDER: &str = "web";
/// The oldest Node.js that its tools run on, as `engines` of its package.json says.
pub const NODE: Version = Version { major: 20, minor: 19 };
/// What builds it, of Debian.
const PACKAGES: [&str; 2] = ["nodejs", "npm"];

/// Checks the portal, the web application, runs its unit tests and builds it.
///
/// Installs what is missing, fetches npm's packages when they have changed, checks format, lints and types, runs the unit tests,
/// builds web/dist, and measures how much a browser loads first. The last line is `N passed, N failed`.
#[derive(Args)]
pub struct Web {
    /// Then builds validator and services, starts a consortium, and walks through the portal with Debian's Chromium.
    #[arg(long)]
    browser: bool,
}

impl Web {
    /// Fails if a check, a test or the build failed.
    pub fn run(&self, workspace: &Workspace) -> ExitCode {
        web::alone(workspace, self.browser)
    }
}

/// npm in the portal's folder, with its packages there as its lock file has them.
pub struct Npm {
    folder: PathBuf,
}

impl Npm {
    /// Fetches packages that are missing.
    pub fn ready(workspace: &Workspace) -> Result<Self> {
        let missing = apt::PACKAGES.iter().filter(|p| PACKAGES.contains(&p.name) && !p.is_there());
        apt::install(&missing.map(|p| p.name).collect::<Vec<_>>())?;
        recent_node()?;
        let npm = Self { folder: workspace.root.join(FOLDER) };
        if !npm.is_fetched() {
            let step = say::step("fetching the portal's packages with npm");
            let mut fetch = npm.command(&["ci", "--no-audit", "--no-fund"]);
            // The browser of its tests is Debian's.
            fetch.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
            process::run(&mut fetch, Signals::Group).context(
                "the portal's packages cannot be fetched from npm's registry: see above",
            )?;
            step.done();
        }
        Ok(npm)
    }

    /// A script of its package.json.
    pub fn script(&self, name: &str) -> Command {
        self.command(&["run", "--silent", name])
    }

    /// Builds the portal: the folder to serve.
    pub fn build(&self) -> Result<PathBuf> {
        let step = say::step("building the portal");
        process::run(&mut self.script("build"), Signals::Group)
            .context("the portal does not build")?;
        step.done();
        Ok(self.folder.join("dist"))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut npm = Command::new("npm");
        npm.current_dir(&self.folder).args(arguments);
        npm
    }

    /// Whether the packages are there, and as new as the lock file: npm writes the one behind the other.
    fn is_fetched(&self) -> bool {
        let written = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
        let lock = written(&self.folder.join("package-lock.json"));
        let fetched = written(&self.folder.join("node_modules/.package-lock.json"));
        lock.zip(fetched).is_some_and(|(lock, fetched)| fetched >= lock)
    }
}

/// The Node.js of this machine, as it says.
pub fn node() -> Option<Version> {
    let said = process::ask(Command::new("node").arg("--version"))?;
    Version::find(said.trim_start_matches('v'))
}

fn recent_node() -> Result<()> {
    match node() {
        Some(found) if found >= NODE => Ok(()),
        Some(found) => bail!(
            "the portal's tools need Node.js {NODE}, and this is {found}: install a newer one"
        ),
        None => bail!("`node --version` says nothing: install Node.js {NODE} or newer"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_fetched_anew_when_the_lock_file_is_newer() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("smartlink-web-{}", std::process::id()));
        let npm = Npm { folder: folder.clone() };
        fs::create_dir_all(folder.join("node_modules"))?;
        let (lock, fetched) =
            (folder.join("package-lock.json"), folder.join("node_modules/.package-lock.json"));
        fs::write(&lock, "{}")?;
        let before = npm.is_fetched();
        fs::write(&fetched, "{}")?;
        let after = npm.is_fetched();
        let later = fs::metadata(&fetched)?.modified()? + std::time::Duration::from_secs(1);
        fs::File::options().write(true).open(&lock)?.set_modified(later)?;
        let changed = npm.is_fetched();
        fs::remove_dir_all(&folder)?;
        assert_eq!((before, after, changed), (false, true, false));
        Ok(())
    }

    #[test]
    fn the_portal_says_the_same_of_node() -> Result<()> {
        let package = include_str!("../../web/package.json");
        assert!(package.contains(&format!("\"node\": \">={NODE}\"")), "{NODE}");
        Ok(())
    }
}
