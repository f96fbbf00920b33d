//! The folder into which a command writes its files: each whole or not at all, and nothing of others is replaced.

use super::error::Error;
use std::{
    fs::{self, DirBuilder, OpenOptions, Permissions},
    io::{self, ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// The mode of a file that everybody may read.
pub const PLAIN: u32 = 0o644;
/// The mode of a file that everybody may run, and of a folder that everybody may enter.
pub const PROGRAM: u32 = 0o755;
/// The mode of a file that only its owner may read.
pub const SECRET: u32 = 0o600;

/// Where the files go.
#[derive(Clone, Debug, clap::Args)]
pub struct Target {
    /// The folder for the files. It is made when it is not there.
    #[arg(long, value_name = "FOLDER")]
    pub into: PathBuf,

    /// Replace files of these names that have other content.
    #[arg(long)]
    pub force: bool,
}

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name in the folder.
    pub name: String,
    /// What stands in it.
    pub content: String,
    /// Its permissions.
    pub mode: u32,
}

impl File {
    /// A file that everybody may read.
    pub fn plain(name: impl Into<String>, content: String) -> Self {
        Self { name: name.into(), content, mode: PLAIN }
    }

    /// A script.
    pub fn program(name: impl Into<String>, content: String) -> Self {
        Self { name: name.into(), content, mode: PROGRAM }
    }
}

impl Target {
    /// The path of a file in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.into.join(name)
    }

    /// Refuses to go on when one of these files is there, unless it may be replaced.
    pub fn must_not_hold(&self, names: &[&str]) -> Result<(), Error> {
        let there = names.iter().map(|name| self.path(name)).find(|path| path.exists());
        match there {
            Some(path) if !self.force => Err(Error::Exists(path)),
            _ => Ok(()),
        }
    }

    /// Refuses to go on when one of these files is there with other content, unless it may be replaced.
    pub fn check(&self, files: &[File]) -> Result<(), Error> {
        for file in files {
            let path = self.path(&file.name);
            if !self.force && differs(&path, file.content.as_bytes())? {
                return Err(Error::Exists(path));
            }
        }
        Ok(())
    }

    /// Writes the files. Nothing is written when one of them may not be.
    pub fn write(&self, files: &[File]) -> Result<(), Error> {
        self.check(files)?;
        make_folder(&self.into)?;
        files
            .iter()
            .try_for_each(|file| put(&self.path(&file.name), file.content.as_bytes(), file.mode))
    }
}

/// Makes a folder with what is above it, when it is not there.
pub fn make_folder(path: &Path) -> Result<(), Error> {
    DirBuilder::new()
        .recursive(true)
        .mode(PROGRAM)
        .create(path)
        .map_err(|source| Error::Folder { path: path.into(), source })
}

/// Writes a file beside its place, and moves it there.
pub fn put(path: &Path, content: &[u8], mode: u32) -> Result<(), Error> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    write_and_move(Path::new(&part), path, content, mode)
        .map_err(|source| Error::Write { path: path.into(), source })
}

fn write_and_move(part: &Path, path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(part)?;
    // Before anything stands in it: the file may be left over from a write that was interrupted.
    file.set_permissions(Permissions::from_mode(mode))?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(part, path)
}

/// Whether something is there that is not this content.
fn differs(path: &Path, content: &[u8]) -> Result<bool, Error> {
    let unreadable = |source| Error::Read { path: path.into(), source };
    match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(unreadable(error)),
        // Of what is larger not a byte is read.
        Ok(there) if there.len() != content.len() as u64 => Ok(true),
        Ok(_) => Ok(fs::read(path).map_err(unreadable)? != content),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(folder: &Path, force: bool) -> Target {
        Target { into: folder.join("a/b"), force }
    }

    #[test]
    fn files_are_written_whole_with_their_modes_and_may_be_written_twice() {
        let folder = tempfile::tempdir().unwrap();
        let target = target(folder.path(), false);
        let files = [
            File::plain("apply.call", "0x00\n".into()),
            File::program("run.sh", "#!/bin/sh\n".into()),
        ];
        target.write(&files).unwrap();
        target.write(&files).unwrap();
        let mode = |name: &str| fs::metadata(target.path(name)).unwrap().permissions().mode();
        assert_eq!(mode("apply.call") & 0o777, PLAIN);
        assert_eq!(mode("run.sh") & 0o777, PROGRAM);
        assert_eq!(fs::read_to_string(target.path("run.sh")).unwrap(), "#!/bin/sh\n");
        assert_eq!(fs::read_dir(&target.into).unwrap().count(), 2);
    }

    #[test]
    fn other_content_is_replaced_only_by_force_and_nothing_else_is_written_before() {
        let folder = tempfile::tempdir().unwrap();
        let target_without = target(folder.path(), false);
        target_without.write(&[File::plain("b", "old".into())]).unwrap();
        let files = [File::plain("a", "new".into()), File::plain("b", "new".into())];
        let error = target_without.write(&files).unwrap_err().to_string();
        assert!(error.contains("/a/b/b'") && error.contains("--force"), "{error}");
        assert!(!target_without.path("a").exists());
        assert!(target_without.must_not_hold(&["a"]).is_ok());
        assert!(target_without.must_not_hold(&["a", "b"]).is_err());

        let by_force = target(folder.path(), true);
        by_force.must_not_hold(&["b"]).unwrap();
        by_force.write(&files).unwrap();
        assert_eq!(fs::read_to_string(by_force.path("b")).unwrap(), "new");
    }

    #[test]
    fn a_secret_is_nobody_elses_even_where_a_write_was_interrupted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        fs::write(folder.path().join("secret.part"), "left over, and readable").unwrap();
        put(&path, b"key", SECRET).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, SECRET);
        assert_eq!(fs::read(&path).unwrap(), b"key");
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let target = Target { into: file.join("below"), force: true };
        let error = target.write(&[File::plain("a", String::new())]).unwrap_err().to_string();
        assert!(error.contains("file/below") && error.contains("--into"), "{error}");
    }
}
