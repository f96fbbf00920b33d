//! The sources in another folder: what git knows of, and what it would be told of.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::process;

/// Makes `to` have what the checkout `from` has, and nothing else. What is the same already is left alone, so that cargo
/// builds what changed.
pub fn of(from: &Path, to: &Path) -> Result<()> {
    let names = git(from, &["ls-files", "-z", "--cached", "--others", "--exclude-standard"])?;
    let names = names.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from);
    // Git lists what was deleted and not yet committed.
    let names: BTreeSet<PathBuf> = names.filter(|name| from.join(name).is_file()).collect();
    copy(&names, from, to).with_context(|| format!("cannot write to {}", to.display()))
}

/// Which commit the checkout is of, and whether it has more.
pub fn commit(root: &Path) -> Result<String> {
    let commit = git(root, &["rev-parse", "HEAD"])?;
    Ok(match git(root, &["status", "--porcelain"])?.is_empty() {
        true => format!("commit {commit}"),
        false => format!("commit {commit}, with changes that nobody else has: commit them first"),
    })
}

fn git(root: &Path, arguments: &[&str]) -> Result<String> {
    let mut git = Command::new("git");
    process::ask(git.current_dir(root).args(arguments)).with_context(|| {
        format!(
            "{} failed in {}: a release is built from a checkout of the repository",
            process::line(&git),
            root.display()
        )
    })
}

fn copy(names: &BTreeSet<PathBuf>, from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    clear(names, to, Path::new(""))?;
    for name in names {
        let (source, target) = (from.join(name), to.join(name));
        if is_same(&source, &target)? {
            continue;
        }
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(source, target)?;
    }
    Ok(())
}

fn is_same(source: &Path, target: &Path) -> io::Result<bool> {
    let Ok(there) = fs::metadata(target) else { return Ok(false) };
    let same_length = there.len() == fs::metadata(source)?.len();
    Ok(same_length && fs::read(source)? == fs::read(target)?)
}

/// Removes what is not named from the folder `inside` of `to`.
fn clear(names: &BTreeSet<PathBuf>, to: &Path, inside: &Path) -> io::Result<()> {
    for entry in fs::read_dir(to.join(inside))? {
        let entry = entry?;
        let name = inside.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            clear(names, to, &name)?;
            // Stays where something is left in it.
            fs::remove_dir(to.join(&name)).ok();
        } else if !names.contains(&name) {
            fs::remove_file(to.join(&name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirror_has_what_is_named_and_nothing_else() -> Result<()> {
        let root = std::env::temp_dir().join(format!("smartlink-mirror-{}", std::process::id()));
        let (from, to) = (root.join("from"), root.join("to"));
        fs::create_dir_all(from.join("a/b"))?;
        fs::write(from.join("a/b/one"), "1")?;
        fs::write(from.join("two"), "2")?;
        fs::write(from.join("unnamed"), "3")?;
        fs::create_dir_all(to.join("two/was/a/folder"))?;
        fs::write(to.join("old"), "4")?;
        let names = BTreeSet::from(["a/b/one".into(), "two".into()]);
        copy(&names, &from, &to)?;
        assert_eq!(fs::read_to_string(to.join("a/b/one"))?, "1");
        assert_eq!(fs::read_to_string(to.join("two"))?, "2");
        assert!(!to.join("old").exists() && !to.join("unnamed").exists());

        // What is the same is not written again, and what is not is.
        let written = || fs::metadata(to.join("a/b/one"))?.modified();
        let before = written()?;
        fs::write(from.join("two"), "5")?;
        copy(&names, &from, &to)?;
        assert_eq!(written()?, before);
        assert_eq!(fs::read_to_string(to.join("two"))?, "5");
        copy(&BTreeSet::new(), &from, &to)?;
        assert_eq!(fs::read_dir(&to)?.count(), 0);
        fs::remove_dir_all(&root)?;
        Ok(())
    }

    #[test]
    fn what_git_would_be_told_of_is_mirrored_and_the_commit_is_said() -> Result<()> {
        let root = std::env::temp_dir().join(format!("smartlink-checkout-{}", std::process::id()));
        let (from, to) = (root.join("from"), root.join("to"));
        fs::create_dir_all(&from)?;
        fs::write(from.join(".gitignore"), "/built\n")?;
        git(&from, &["init", "--quiet"])?;
        git(&from, &["add", "."])?;
        let (name, mail) = ("user.name=Ann", "user.email=ann@example.org");
        git(&from, &["-c", name, "-c", mail, "commit", "--quiet", "--message", "first"])?;
        let committed = commit(&from)?;
        let hash = committed.strip_prefix("commit ").unwrap_or_default();
        assert!(hash.len() >= 40 && hash.chars().all(|c| c.is_ascii_hexdigit()), "{committed}");

        fs::write(from.join("built"), "1")?;
        fs::write(from.join("new"), "2")?;
        fs::remove_file(from.join(".gitignore"))?;
        fs::write(from.join(".git/info/exclude"), "/built\n")?;
        assert!(commit(&from)?.contains("nobody else has"));
        of(&from, &to)?;
        let there: Vec<_> = fs::read_dir(&to)?.flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(there, ["new"]);
        fs::remove_dir_all(&root)?;

        let nowhere = of(Path::new("/"), &to);
        assert!(nowhere.is_err_and(|error| error.to_string().contains("checkout")));
        Ok(())
    }
}
