//! Corpora: the inputs of a target that are worth keeping.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// The most inputs that a target keeps in the sources.
const MOST_FILES: usize = 200;
/// The most bytes of all of them.
const MOST_BYTES: u64 = 200 << 10;

/// How much a corpus holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    pub files: usize,
    pub bytes: u64,
}

impl Size {
    /// The size of the corpus in a folder, which need not be there.
    pub fn of(folder: &Path) -> Result<Self> {
        let files = files(folder)?;
        Ok(Self { files: files.len(), bytes: files.iter().map(|(_, bytes)| bytes).sum() })
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} inputs, {} bytes", self.files, self.bytes)
    }
}

/// The inputs in a folder, by name, and their sizes.
pub fn files(folder: &Path) -> Result<Vec<(PathBuf, u64)>> {
    let mut files = Vec::new();
    if !folder.is_dir() {
        return Ok(files);
    }
    let read = || format!("cannot read {}", folder.display());
    for entry in fs::read_dir(folder).with_context(read)? {
        let entry = entry.with_context(read)?;
        let about = entry.metadata().with_context(read)?;
        if about.is_file() {
            files.push((entry.path(), about.len()));
        }
    }
    files.sort();
    Ok(files)
}

/// Removes of the inputs that were not there before those that were written last, until the corpus is within its bounds:
/// libFuzzer writes first what reaches most.
pub fn bound(folder: &Path, before: &[(PathBuf, u64)]) -> Result<()> {
    let mut new = Vec::new();
    for (path, _) in files(folder)?.into_iter().filter(|file| !before.contains(file)) {
        let written = fs::metadata(&path).and_then(|about| about.modified());
        new.push((written.with_context(|| format!("cannot ask about {}", path.display()))?, path));
    }
    new.sort();
    loop {
        let size = Size::of(folder)?;
        if size.files <= MOST_FILES && size.bytes <= MOST_BYTES {
            return Ok(());
        }
        let Some((_, last)) = new.pop() else { return Ok(()) };
        fs::remove_file(&last).with_context(|| format!("cannot remove {}", last.display()))?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, SystemTime};

    #[test]
    fn a_corpus_stays_small_and_keeps_what_it_had() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("xtask-corpus-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("by-hand"), vec![0; 150 << 10])?;
        let before = files(&folder)?;
        let written = [("first", 10_usize), ("second", 40 << 10), ("third", 100 << 10)];
        for (seconds, (name, length)) in (1..).zip(written) {
            fs::write(folder.join(name), vec![1; length])?;
            let file = fs::File::options().write(true).open(folder.join(name))?;
            file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))?;
        }
        bound(&folder, &before)?;
        let names: Vec<_> = files(&folder)?
            .into_iter()
            .filter_map(|(path, _)| Some(path.file_name()?.to_string_lossy().into_owned()))
            .collect();
        fs::remove_dir_all(&folder)?;
        assert_eq!(names, ["by-hand", "first", "second"]);
        assert_eq!(Size::of(&folder)?, Size::default());
        Ok(())
    }
}
