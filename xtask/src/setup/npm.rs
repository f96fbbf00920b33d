//! Packages of npm's registry, fetched without npm: each of an exact version, and known by its hash.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{bail, Context, Result};

use crate::{
    apt,
    process::{self, Signals},
    workspace::program,
};

/// Where packages come from, unless npm is told otherwise.
const REGISTRY: &str = "https://registry.npmjs.org/";

/// A package.
pub struct Package {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// SHA-512 of it, as the registry has it.
    pub sha512: &'static str,
}

impl Package {
    /// Fetches the package into the folder `work`, which is made, checks it, and takes `files` out of it: they lie in
    /// `work` by their paths in the package, all of which begin with `package/`.
    pub fn fetch(&self, work: &Path, files: &[&str]) -> Result<()> {
        let missing: Vec<_> = ["curl"].into_iter().filter(|name| program(name).is_none()).collect();
        apt::install(&missing)?;
        fs::create_dir_all(work).with_context(|| format!("cannot make {}", work.display()))?;
        let url = self.url();
        let archive = work.join("package.tgz");
        let mut download = Command::new("curl");
        download.args(["--fail", "--location", "--progress-bar", "--retry", "3"]);
        download.args(["--max-time", "1800", "--output"]).arg(&archive).arg(&url);
        process::run(&mut download, Signals::Group)
            .with_context(|| format!("cannot fetch {url}"))?;
        self.check(&archive)?;
        let mut unpack = Command::new("tar");
        unpack.arg("-xzf").arg(&archive).arg("-C").arg(work).args(files);
        process::run(&mut unpack, Signals::Group)
            .with_context(|| format!("cannot unpack {}", self.name))
    }

    /// Its address: a scope is not in the file's name.
    fn url(&self) -> String {
        let file = self.name.rsplit('/').next().unwrap_or(self.name);
        format!("{}{}/-/{file}-{}.tgz", registry(), self.name, self.version)
    }

    /// Whether an archive is the one that was meant.
    fn check(&self, archive: &Path) -> Result<()> {
        let mut digest = Command::new("sha512sum");
        let output = digest
            .arg(archive)
            .stdin(Stdio::null())
            .output()
            .context("cannot run sha512sum, of Debian's package coreutils")?;
        let text = String::from_utf8_lossy(&output.stdout);
        match text.split_whitespace().next() {
            Some(found) if found == self.sha512 => Ok(()),
            found => bail!(
                "the package {} has the SHA-512 {}, and not {}: do not use it, try again",
                self.name,
                found.unwrap_or("of nothing"),
                self.sha512
            ),
        }
    }
}

/// Where npm fetches from on this machine, with a slash at its end.
fn registry() -> String {
    let told = process::ask(Command::new("npm").args(["config", "get", "registry"]));
    let told = told.filter(|url| url.starts_with("http")).unwrap_or_else(|| REGISTRY.to_owned());
    format!("{}/", told.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKAGE: Package = Package { name: "@scope/name", version: "1.2.3", sha512: "00" };

    #[test]
    fn a_package_of_a_scope_has_its_address() {
        assert!(PACKAGE.url().ends_with("/@scope/name/-/name-1.2.3.tgz"), "{}", PACKAGE.url());
    }

    #[test]
    fn another_package_is_refused() -> Result<()> {
        let archive =
            std::env::temp_dir().join(format!("smartlink-package-{}", std::process::id()));
        fs::write(&archive, "not it")?;
        let refused = PACKAGE.check(&archive);
        fs::remove_file(&archive)?;
        assert!(refused.is_err_and(|error| error.to_string().contains("do not use it")));
        Ok(())
    }
}
