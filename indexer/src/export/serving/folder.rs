//! The folder in which exports lie.

use std::{
    ffi::CString,
    fs::{self, File},
    io,
    os::unix::ffi::OsStrExt,
    path::Path,
};

use crate::{error::Error, export::making::ID_DIGITS};

/// Takes a folder for this process, and deletes the exports in it. Anything else there is left alone.
pub(super) fn taken(folder: &Path) -> Result<File, Error> {
    let unusable = |error: io::Error| unusable(folder, &error);
    fs::create_dir_all(folder).map_err(unusable)?;
    let path = folder.join("lock");
    let lock = File::options().create(true).truncate(false).write(true).open(path);
    let lock = lock.map_err(unusable)?;
    if lock.try_lock().is_err() {
        return Err(Error::Asked(format!(
            "another process has the folder {}: set exports.folder to one of its own",
            folder.display()
        )));
    }
    for entry in fs::read_dir(folder).map_err(unusable)? {
        let path = entry.map_err(unusable)?.path();
        if is_of_an_export(&path) {
            fs::remove_dir_all(&path).map_err(unusable)?;
        }
    }
    Ok(lock)
}

/// Whether a folder has the name that one of an export has: its id, and a number.
fn is_of_an_export(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.and_then(|name| name.split_once('-')).is_some_and(|(id, number)| {
        let is_id = id.len() == ID_DIGITS && id.bytes().all(|digit| digit.is_ascii_hexdigit());
        is_id && number.parse::<u64>().is_ok() && path.is_dir()
    })
}

/// Deletes the folder of an export, if it is there.
pub(super) fn delete(folder: &Path) {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(folder = %folder.display(), %error, "an export cannot be deleted");
        }
        _ => {}
    }
}

/// Bytes that are free on the disk of a folder.
pub(super) fn free(folder: &Path) -> io::Result<u64> {
    let path = CString::new(folder.as_os_str().as_bytes())?;
    // SAFETY: all zeros are a valid value of it.
    let mut about: libc::statvfs = unsafe { std::mem::zeroed() };
    // SAFETY: the path ends with a zero byte, and both outlive the call.
    match unsafe { libc::statvfs(path.as_ptr(), &mut about) } {
        0 => Ok(about.f_bavail.saturating_mul(about.f_frsize)),
        _ => Err(io::Error::last_os_error()),
    }
}

/// What to do about a folder.
pub(super) fn unusable(folder: &Path, error: &io::Error) -> Error {
    Error::Asked(format!(
        "the folder {} cannot be used ({error}): make room in it, or set exports.folder to another",
        folder.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_says_what_is_free() {
        let folder = tempfile::tempdir().unwrap();
        assert!(free(folder.path()).unwrap() > 0);
        let gone = free(&folder.path().join("gone")).unwrap_err();
        assert_eq!(gone.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn only_exports_are_deleted_and_by_one_process_only() {
        let folder = tempfile::tempdir().unwrap();
        let left = format!("{}-12", "0a".repeat(16));
        for name in [&*left, "books", "2026-11", "0a0a-1"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        fs::write(folder.path().join(format!("{}-1", "0b".repeat(16))), "a file").unwrap();
        fs::write(folder.path().join(&left).join("books.csv.begun"), "half").unwrap();
        let held = taken(folder.path()).unwrap();
        assert!(!folder.path().join(&left).exists());
        // Those, the file, and the lock.
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 5);
        let said = taken(folder.path()).unwrap_err().to_string();
        assert!(said.contains("exports.folder"), "{said}");
        drop(held);
        assert!(taken(folder.path()).is_ok());
    }
}
