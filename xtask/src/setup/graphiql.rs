//! GraphiQL, the page of the indexer in which people try questions, and React that it stands on: from npm, as they are
//! published for browsers. The indexer serves them, so whoever uses the page needs no network.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{bail, Context, Result};

use super::npm::Package;
use crate::{say, workspace::cache};

/// The version; `indexer/src/graphql/graphiql.rs` looks for the same.
const VERSION: &str = "3.8.2";

/// The name and the size of a file.
type File = (&'static str, u64);

/// Packages, and the files of them that the page needs, with the folder that they are in.
const PACKAGES: [(Package, &str, &[File]); 3] = [
    (
        Package {
            name: "react",
            version: "18.3.1",
            sha512: "c12fa1020252851d0a844bcf240adfb8f54dd7e1f3d6dd18ea7e632eb1906e46\
                     f8bab80f13fd11bdefb590c075bffa16807826e1621c57e8bb176a53563fb689",
        },
        "package/umd",
        &[("react.production.min.js", 10_751)],
    ),
    (
        Package {
            name: "react-dom",
            version: "18.3.1",
            sha512: "e66e2740aa7ead945bd3d2cd1f9f463380714e1f76e75ff295b2886e97bb4e91\
                     b17c9fbd92fe812e42c15c88e3b296e06e720136a948db7b519d3593d2c9d423",
        },
        "package/umd",
        &[("react-dom.production.min.js", 131_835)],
    ),
    (
        Package {
            name: "graphiql",
            version: VERSION,
            sha512: "afc9c91cab5a7da3b1fd544000998908d74b7c6518d58bea4897074dd9c8a08b\
                     37645118880bf534ceb3a704a8d60495ce1c46675f37fbe0da695aea75f2e5e8",
        },
        "package",
        &[("graphiql.min.js", 3_516_111), ("graphiql.min.css", 425_367)],
    ),
];

/// Fetches the files into the developer's cache, where one is missing.
pub fn files() -> Result<()> {
    let folder = folder()?;
    if are_whole(&folder) {
        return Ok(());
    }
    let step = say::step(format!("fetching GraphiQL {VERSION}: 4 MB"));
    // A folder of this process's own: whatever an interrupted attempt left is not in the way.
    let work = folder.join(format!("fetching-{}", std::process::id()));
    let fetched = PACKAGES
        .iter()
        .try_for_each(|(package, within, files)| take(package, within, files, &work, &folder));
    fs::remove_dir_all(&work).ok();
    fetched?;
    if !are_whole(&folder) {
        bail!("GraphiQL's packages hold other files than those of version {VERSION}");
    }
    step.done();
    Ok(())
}

/// Fetches a package, and puts files of it into a folder.
fn take(package: &Package, within: &str, files: &[File], work: &Path, folder: &Path) -> Result<()> {
    let work = work.join(package.name);
    let paths: Vec<_> = files.iter().map(|(name, _)| format!("{within}/{name}")).collect();
    package.fetch(&work, &paths.iter().map(String::as_str).collect::<Vec<_>>())?;
    for (path, (name, _)) in paths.iter().zip(files) {
        let place = folder.join(name);
        fs::rename(work.join(path), &place)
            .with_context(|| format!("cannot put a file of GraphiQL at {}", place.display()))?;
    }
    Ok(())
}

fn folder() -> Result<PathBuf> {
    Ok(cache()?.join("graphiql").join(VERSION))
}

fn are_whole(folder: &Path) -> bool {
    let mut files = PACKAGES.iter().flat_map(|(_, _, files)| files.iter());
    files
        .all(|(name, bytes)| fs::metadata(folder.join(name)).is_ok_and(|file| file.len() == *bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_indexer_looks_for_what_is_fetched() {
        let indexer = include_str!("../../../indexer/src/graphql/graphiql.rs");
        assert!(indexer.contains(&format!("VERSION: &str = \"{VERSION}\"")));
        for (name, _) in PACKAGES.iter().flat_map(|(_, _, files)| files.iter()) {
            assert!(indexer.contains(&format!("(\"{name}\"")), "{name}");
        }
    }

    #[test]
    fn files_that_are_not_there_are_not_whole() {
        assert!(!are_whole(Path::new("/smartlink-no-such-folder")));
    }
}
