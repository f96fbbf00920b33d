//! Foundry and the Solidity compiler, for the contracts on Ethereum: forge builds and tests them, anvil is a node to try them
//! on, cast asks it. All from npm, each as it is published; nothing is fetched while they run.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use anyhow::{bail, Context, Result};

use super::npm::Package;
use crate::{say, workspace::cache};

/// The version of Foundry, after which the folder is named: `bridge-eth` looks for its tools there.
const VERSION: &str = "1.7.1";

/// A package, the file of it that is wanted, and that file's size, by which one that is there is known to be whole.
const PACKAGES: [(Package, &str, u64); 4] = [
    (
        Package {
            name: "@foundry-rs/forge-linux-amd64",
            version: VERSION,
            sha512: "fc741d7724da9d53892a0be296666b7fc54e7fb9a1bf0ad66f9f56ef7c395b97\
                     e55fb6faccd87d091ea1299cc9c224518b94b193f24e14460878ab10c7b4deaa",
        },
        "bin/forge",
        84_666_760,
    ),
    (
        Package {
            name: "@foundry-rs/anvil-linux-amd64",
            version: VERSION,
            sha512: "f979928726c46b17c2aebd0e514670604cb63a7619b79a471fd4f306d2efdfe5\
                     6b2b43bf00db8d49511a86a3612879605fb191279f77f37a1f361c644562184e",
        },
        "bin/anvil",
        44_330_832,
    ),
    (
        Package {
            name: "@foundry-rs/cast-linux-amd64",
            version: VERSION,
            sha512: "5d4a53336af0b6417c049d3675a7b7f0d359031e507f2716469751d9199280e2\
                     676acbd7baf379f3084354b8d0bbc2031c457f7c23486b8f5a13c57be29983c1",
        },
        "bin/cast",
        62_663_216,
    ),
    (
        Package {
            name: "solc",
            version: "0.8.37",
            sha512: "89e51874f0d118d28cb19a427e2f6d63ae10f804a82fcb7284bbaf7fd7058aa0\
                     ecfba8a3971f169f60918b437bd40942bd1c74574f76ae5518bb76f73eec5694",
        },
        "soljson.js",
        9_237_611,
    ),
];

/// The compiler as forge calls one. It runs `soljson.js`, which lies beside it, with Node.
const SOLC: &str = include_str!("solc.js");

/// Where the tools are.
#[derive(Debug)]
pub struct Foundry {
    /// Builds and tests contracts.
    pub forge: PathBuf,
    /// A node of Ethereum for tests.
    pub anvil: PathBuf,
    /// Asks nodes, and sends to them.
    pub cast: PathBuf,
    /// The compiler, which forge is told by `FOUNDRY_SOLC`.
    pub solc: PathBuf,
}

/// The tools; fetched into the developer's cache where one is missing.
pub fn files() -> Result<Foundry> {
    let folder = cache()?.join("foundry").join(VERSION);
    if !are_whole(&folder) {
        install(&folder)?;
    }
    let at = |name| folder.join(name);
    Ok(Foundry { forge: at("forge"), anvil: at("anvil"), cast: at("cast"), solc: at("solc") })
}

fn install(folder: &Path) -> Result<()> {
    if !cfg!(all(target_arch = "x86_64", target_os = "linux")) {
        bail!(
            "Foundry is fetched for x86-64 Linux alone: put forge, anvil, cast and a solc of your own into {}",
            folder.display()
        );
    }
    let step = say::step(format!("fetching Foundry {VERSION} and the Solidity compiler: 86 MB"));
    // A folder of this process's own: whatever an interrupted attempt left is not in the way.
    let work = folder.join(format!("fetching-{}", std::process::id()));
    let fetched = PACKAGES
        .iter()
        .try_for_each(|(package, file, _)| take(package, file, &work, folder))
        .and_then(|()| write_solc(&work, folder));
    fs::remove_dir_all(&work).ok();
    fetched?;
    if !are_whole(folder) {
        bail!("the packages of Foundry and solc hold other files than they did: see {PLACE}");
    }
    step.done();
    Ok(())
}

/// What knows the files.
const PLACE: &str = "xtask/src/setup/foundry.rs";

/// Fetches a package, and puts the file of it into the folder.
fn take(package: &Package, file: &str, work: &Path, folder: &Path) -> Result<()> {
    let work = work.join(package.name);
    let path = format!("package/{file}");
    package.fetch(&work, &[path.as_str()])?;
    put(&work.join(&path), &folder.join(name(file)))
}

/// Writes the compiler's script.
fn write_solc(work: &Path, folder: &Path) -> Result<()> {
    // Not `solc`: that is the folder of the package.
    let script = work.join("solc.js");
    fs::write(&script, SOLC).with_context(|| format!("cannot write {}", script.display()))?;
    put(&script, &folder.join("solc"))
}

/// Makes a file one that runs, and puts it in its place.
fn put(file: &Path, place: &Path) -> Result<()> {
    fs::set_permissions(file, fs::Permissions::from_mode(0o755))
        .and_then(|()| fs::rename(file, place))
        .with_context(|| format!("cannot put a file of Foundry at {}", place.display()))
}

/// The name of a file without the folders of its package.
fn name(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

fn are_whole(folder: &Path) -> bool {
    let is_there = |(_, file, bytes): &(Package, &str, u64)| {
        fs::metadata(folder.join(name(file))).is_ok_and(|found| found.len() == *bytes)
    };
    PACKAGES.iter().all(is_there)
        && fs::read_to_string(folder.join("solc")).is_ok_and(|script| script == SOLC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_that_are_not_there_are_not_whole() {
        assert!(!are_whole(Path::new("/smartlink-no-such-folder")));
    }

    #[test]
    fn files_lie_side_by_side() {
        let names = PACKAGES.map(|(_, file, _)| name(file));
        assert_eq!(names, ["forge", "anvil", "cast", "soljson.js"]);
        assert!(SOLC.contains("\"soljson.js\""));
    }
}
