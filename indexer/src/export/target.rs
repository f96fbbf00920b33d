//! The files that an export writes. They have their names when the disk has all of them.
//!
//! ```text
//! FILE            the rows
//! FILE.json       the manifest
//! FILE.json.sig   the signature over the manifest's bytes
//! ```
//!
//! Until then they are `….begun`, and who begins anew begins them anew. The rows get their name last: a file that is there
//! has its manifest.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, Write},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use super::{
    content::{Content, Found},
    manifest::{Manifest, LONGEST},
    Format,
};
use crate::error::Error;

/// The manifest of a file.
pub(super) fn manifest_of(file: &Path) -> PathBuf {
    beside(file, ".json")
}

/// The signature over the manifest of a file.
pub(super) fn signature_of(file: &Path) -> PathBuf {
    beside(file, ".json.sig")
}

/// A file until it has its name.
fn begun_of(file: &Path) -> PathBuf {
    beside(file, ".begun")
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(ending);
    name.into()
}

/// An export that is being written. Dropped before its end, it leaves nothing.
pub(super) struct Target {
    path: PathBuf,
    begun: PathBuf,
    file: File,
    content: Content,
    done: bool,
}

impl Target {
    /// Begins a file. One process at a time writes it. Whether it may `overwrite` an export that was changed since it was made.
    ///
    /// # Errors
    /// It cannot be written, another process does, or something is there that is no export, or was changed.
    pub fn begin(path: &Path, format: Format, overwrite: bool) -> Result<Self, Error> {
        if path.file_name().is_none() {
            return Err(Error::Asked(format!("{} is no name of a file: name one", path.display())));
        }
        replaces_an_export(path, overwrite)?;
        let begun = begun_of(path);
        let file = locked(&begun).map_err(|error| unusable(&begun, &error))?;
        let file = file.ok_or_else(|| {
            Error::Asked(format!(
                "another process writes {}: wait for it, or name another file",
                path.display()
            ))
        })?;
        let path = path.to_owned();
        let mut target = Self { path, begun, file, content: Content::new(format), done: false };
        // Of one that was killed.
        let cleared = target.file.set_len(0).and_then(|()| target.clear());
        cleared.map_err(|error| unusable(&target.begun, &error))?;
        target.write(format.mark())?;
        Ok(target)
    }

    /// Writes what comes next.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&mut self, piece: &[u8]) -> Result<(), Error> {
        self.content.see(piece);
        self.file.write_all(piece).map_err(|error| unusable(&self.begun, &error))
    }

    /// What was written so far.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// What was written altogether, when the disk has it.
    ///
    /// # Errors
    /// The disk has it not.
    pub fn end(&mut self, format: Format) -> Result<Found, Error> {
        let content = std::mem::replace(&mut self.content, Content::new(format));
        let end = self.file.sync_all().and_then(|()| content.end(&mut self.file));
        end.map_err(|error| unusable(&self.begun, &error))
    }

    /// Gives all files their names.
    ///
    /// # Errors
    /// They cannot have them.
    pub fn name(mut self, manifest: &[u8], signature: Option<&str>) -> Result<(), Error> {
        let (text, sign) = (manifest_of(&self.path), signature_of(&self.path));
        let named = || {
            // Everything is on the disk before anything gets a name: a disk that is full leaves what was here before.
            let signed =
                signature.map(|signature| written(&sign, signature.as_bytes())).transpose()?;
            let told = written(&text, manifest)?;
            match signed {
                Some(begun) => fs::rename(begun, &sign)?,
                // One of an export that was here before would be of another manifest.
                None => gone(&sign)?,
            }
            fs::rename(told, &text)?;
            fs::rename(&self.begun, &self.path)?;
            let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
            File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
        };
        named().map_err(|error| unusable(&self.path, &error))?;
        self.done = true;
        Ok(())
    }

    /// Takes manifest and signature away that have no names yet. They are of whoever has the rows.
    fn clear(&self) -> io::Result<()> {
        let told = gone(&begun_of(&manifest_of(&self.path)));
        gone(&begun_of(&signature_of(&self.path))).and(told)
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if !self.done {
            let _ = self.clear();
            let _ = gone(&self.begun);
        }
    }
}

/// Whoever writes over a file writes over an export, as it was made unless it is said that it need not be.
fn replaces_an_export(path: &Path, overwrite: bool) -> Result<(), Error> {
    let manifest = manifest_of(path);
    let text = match read_short(&manifest, LONGEST) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return is_free(path),
        Err(error) => return Err(unusable(&manifest, &error)),
    };
    match Manifest::read(&text) {
        Ok(manifest) if !path.is_dir() => is_unchanged(path, &manifest, overwrite),
        _ => Err(occupied(&manifest)),
    }
}

fn is_free(path: &Path) -> Result<(), Error> {
    match path.try_exists() {
        Ok(false) => Ok(()),
        Ok(true) => Err(occupied(path)),
        Err(error) => Err(unusable(path, &error)),
    }
}

fn is_unchanged(path: &Path, manifest: &Manifest, overwrite: bool) -> Result<(), Error> {
    let has = |path: &Path| -> io::Result<bool> {
        let found = Content::of(&mut File::open(path)?, manifest.format)?;
        Ok((found.bytes, &found.sha256) == (manifest.bytes, &manifest.sha256))
    };
    if overwrite {
        return Ok(());
    }
    match has(path) {
        Ok(false) if !is_named_now(path, has) => Err(Error::Asked(format!(
            "{} was changed since it was exported: move it away, name another file, or say --overwrite, and the change is lost",
            path.display()
        ))),
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unusable(path, &error)),
        _ => Ok(()),
    }
}

/// Gives rows their name that a kill kept from them, when the manifest had its own already. Whether there are such.
fn is_named_now(path: &Path, has: impl Fn(&Path) -> io::Result<bool>) -> bool {
    let begun = begun_of(path);
    has(&begun).unwrap_or(false)
        && match locked(&begun) {
            Ok(Some(_held)) => fs::rename(&begun, path).is_ok(),
            // Whoever has them gives them their name.
            _ => true,
        }
}

fn occupied(path: &Path) -> Error {
    Error::Asked(format!(
        "{} is there and is no export, or was changed: move it away, or name another file",
        path.display()
    ))
}

/// Opens a file that nobody else writes; nothing: somebody does.
fn locked(path: &Path) -> io::Result<Option<File>> {
    let file = File::options().create(true).truncate(false).read(true).write(true).open(path)?;
    if file.try_lock().is_err() {
        return Ok(None);
    }
    // Between opening and locking, another may have given it its name: then it is another's finished file.
    let still = fs::metadata(path).is_ok_and(|about| {
        file.metadata().is_ok_and(|own| (about.dev(), about.ino()) == (own.dev(), own.ino()))
    });
    Ok(still.then_some(file))
}

/// Writes what will be a file, under the name that it has until then.
fn written(path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    let begun = begun_of(path);
    let mut file = File::create(&begun)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(begun)
}

fn gone(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

/// Reads a file, no further than it may be long.
pub(super) fn read_short(path: &Path, longest: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(File::open(path)?, longest + 1), &mut bytes)?;
    Ok(bytes)
}

fn unusable(path: &Path, error: &io::Error) -> Error {
    Error::Asked(format!("{} cannot be used: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::strategy::{Strategy, ValueTree};

    /// The manifest of what was found.
    fn manifest(found: Found) -> Vec<u8> {
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let any = super::super::manifest::tests::manifest().new_tree(&mut runner).unwrap();
        let (bytes, sha256) = (found.bytes, found.sha256);
        Manifest { bytes, sha256, ..any.current() }.text().unwrap()
    }

    /// An export of one row that waits for its names.
    fn written(path: &Path) -> (Target, Vec<u8>) {
        let mut target = Target::begin(path, Format::Csv, false).unwrap();
        target.write(b"\"id\"\n1\n").unwrap();
        let found = target.end(Format::Csv).unwrap();
        assert_eq!((found.bytes, &found.rows), (10, &Ok(1)));
        (target, manifest(found))
    }

    fn export(path: &Path, signature: Option<&str>) {
        let (target, manifest) = written(path);
        target.name(&manifest, signature).unwrap();
    }

    fn refused(path: &Path) -> String {
        Target::begin(path, Format::Csv, false).map(|_| ()).unwrap_err().to_string()
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn files_have_their_names_when_all_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("books.csv");
        for (signature, expected) in [
            (Some("0x00\n"), &["books.csv", "books.csv.json", "books.csv.json.sig"][..]),
            // The same again, and nobody signs: the signature that was there is gone.
            (None, &["books.csv", "books.csv.json"]),
        ] {
            export(&path, signature);
            assert_eq!(names(folder.path()), expected);
            assert_eq!(fs::read(&path).unwrap(), b"\xef\xbb\xbf\"id\"\n1\n");
        }
    }

    #[test]
    fn what_is_given_up_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("books.csv");
        // Of one that was killed.
        fs::write(folder.path().join("books.csv.begun"), "half").unwrap();
        let mut target = Target::begin(&path, Format::Csv, false).unwrap();
        target.write(b"\"id\"\n").unwrap();
        assert_eq!(names(folder.path()), ["books.csv.begun"]);
        let second = refused(&path);
        assert!(second.contains("another process"), "{second}");
        drop(target);
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn what_is_no_export_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("own.csv");
        fs::write(&own, "mine").unwrap();
        fs::write(folder.path().join("other.csv.json"), "{\"mine\":1}").unwrap();
        for name in ["own.csv", "other.csv"] {
            let said = refused(&folder.path().join(name));
            assert!(said.contains("no export"), "{said}");
        }
        assert_eq!(fs::read(&own).unwrap(), b"mine");
        assert!(refused(&folder.path().join("no/books.csv")).contains("books.csv"));
    }

    #[test]
    fn what_cannot_have_its_names_leaves_nothing_of_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("books.csv");
        let (target, manifest) = written(&path);
        // The manifest cannot be written where a folder lies, when the signature is written already.
        let occupied = folder.path().join("books.csv.json.begun");
        fs::create_dir(&occupied).unwrap();
        assert!(target.name(&manifest, Some("0x00\n")).is_err());
        fs::remove_dir(&occupied).unwrap();
        assert_eq!(names(folder.path()), Vec::<String>::new());
        // Nor do those stay that a kill left.
        for name in ["books.csv.json.begun", "books.csv.json.sig.begun"] {
            fs::write(folder.path().join(name), "half").unwrap();
        }
        export(&path, None);
        assert_eq!(names(folder.path()), ["books.csv", "books.csv.json"]);
    }

    #[test]
    fn what_was_changed_since_is_not_lost() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("books.csv");
        export(&path, Some("0x00\n"));
        fs::write(&path, "\u{feff}\"id\"\n1, and a remark\n").unwrap();
        let said = refused(&path);
        assert!(said.contains("was changed") && said.contains("--overwrite"), "{said}");
        assert!(fs::read_to_string(&path).unwrap().contains("a remark"));
        assert!(Target::begin(&path, Format::Csv, true).is_ok());
        // Moved away, it is in nobody's way.
        fs::rename(&path, folder.path().join("mine.csv")).unwrap();
        export(&path, None);
        // A kill between the names of the manifest and of the rows changed nothing.
        fs::rename(&path, begun_of(&path)).unwrap();
        fs::write(&path, "the rows of before").unwrap();
        export(&path, None);
        assert_eq!(fs::read(&path).unwrap(), b"\xef\xbb\xbf\"id\"\n1\n");
    }
}
