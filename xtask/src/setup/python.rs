//! Python: what makes environments, and one with SciPy, the peer of `cargo xtask bench dispatch`.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{bail, Context, Result};

use crate::{
    apt,
    process::{self, Signals},
    say,
    workspace::{cache, program},
};

/// Debian's Python, and what makes environments with pip.
const PACKAGES: [&str; 2] = ["python3", "python3-venv"];

/// The Python in the developer's cache, if it is there and has SciPy.
pub fn find() -> Option<PathBuf> {
    let python = interpreter(&cache().ok()?.join("python"));
    has_scipy(&python).then_some(python)
}

/// The Python with SciPy; made when it is missing, with SciPy from PyPI.
pub fn with_scipy() -> Result<PathBuf> {
    if let Some(python) = find() {
        return Ok(python);
    }
    let folder = cache()?.join("python");
    let python = interpreter(&folder);
    for_environments()?;
    let step = say::step(format!("installing SciPy in {}", folder.display()));
    // Whatever an interrupted attempt left behind is replaced.
    let mut make = Command::new("python3");
    process::run(make.args(["-m", "venv", "--clear"]).arg(&folder), Signals::Group)?;
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "scipy"]);
    process::run(&mut install, Signals::Group).with_context(|| {
        format!("cannot install SciPy from PyPI: see above, or run `{}`", process::line(&install))
    })?;
    if !has_scipy(&python) {
        bail!("{} does not import SciPy: remove {}, try again", python.display(), folder.display());
    }
    step.done();
    Ok(python)
}

/// What makes environments; from Debian when it is missing.
pub fn for_environments() -> Result<()> {
    if program("python3").is_none() || !makes_environments() {
        apt::install(&PACKAGES)?;
    }
    Ok(())
}

/// The interpreter of an environment.
fn interpreter(folder: &Path) -> PathBuf {
    folder.join("bin/python")
}

fn makes_environments() -> bool {
    process::ask(Command::new("python3").args(["-c", "import venv, ensurepip"])).is_some()
}

fn has_scipy(python: &Path) -> bool {
    process::ask(Command::new(python).args(["-c", "import scipy.optimize"])).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_python_that_is_not_there_has_no_scipy() {
        assert!(!has_scipy(&interpreter(Path::new("/smartlink-no-such-folder"))));
    }
}
