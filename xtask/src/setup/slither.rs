//! Slither, which looks for mistakes in contracts, in a Python environment of its own. Each file from PyPI is known by its hash.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{bail, Context, Result};

use super::python;
use crate::{
    process::{self, Signals},
    say,
    workspace::cache,
};

/// The version, after which the folder is named.
const VERSION: &str = "0.11.6";
/// It, and what it stands on.
const FILES: &str = include_str!("slither.txt");

/// The program in the developer's cache, if it is there and runs.
pub fn find() -> Option<PathBuf> {
    let slither = program(&folder().ok()?);
    runs(&slither).then_some(slither)
}

/// The program; installed when it is missing.
pub fn installed() -> Result<PathBuf> {
    if let Some(slither) = find() {
        return Ok(slither);
    }
    let folder = folder()?;
    python::for_environments()?;
    let step = say::step(format!("installing Slither {VERSION} in {}: 59 MB", folder.display()));
    // Whatever an interrupted attempt left behind is replaced.
    let mut make = Command::new("python3");
    process::run(make.args(["-m", "venv", "--clear"]).arg(&folder), Signals::Group)?;
    let files = folder.join("slither.txt");
    fs::write(&files, FILES).with_context(|| format!("cannot write {}", files.display()))?;
    let mut install = Command::new(folder.join("bin/python"));
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]);
    install.args(["--only-binary", ":all:", "--require-hashes", "--requirement"]).arg(&files);
    process::run(&mut install, Signals::Group).with_context(|| {
        format!("cannot install Slither from PyPI: see above, or run `{}`", process::line(&install))
    })?;
    let slither = program(&folder);
    if !runs(&slither) {
        bail!("{} does not run: remove {}, try again", slither.display(), folder.display());
    }
    step.done();
    Ok(slither)
}

fn folder() -> Result<PathBuf> {
    Ok(cache()?.join("slither").join(VERSION))
}

fn program(folder: &Path) -> PathBuf {
    folder.join("bin/slither")
}

fn runs(slither: &Path) -> bool {
    process::ask(Command::new(slither).arg("--version")).is_some_and(|said| said == VERSION)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_known_by_its_hash() {
        let text = FILES.replace("\\\n", "");
        let files: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(files[0].starts_with(&format!("slither-analyzer=={VERSION} ")), "{}", files[0]);
        for file in files {
            assert!(file.contains("==") && file.contains(" --hash=sha256:"), "{file}");
        }
    }
}
