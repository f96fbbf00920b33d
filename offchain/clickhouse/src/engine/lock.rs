//! One process has a data folder, and one process has one engine.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, Write},
    os::fd::AsRawFd,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

/// The file that is locked. It stays; the lock goes with the process.
const NAME: &str = "smartlink.lock";

static TAKEN: AtomicBool = AtomicBool::new(false);

/// Why the folder cannot be had.
#[derive(Debug)]
pub(super) enum LockError {
    /// This process has an engine.
    Here,
    /// Another process has the folder; its id.
    Taken(String),
    Io(io::Error),
}

/// The right to a folder, until it is dropped or the process ends in whatever way.
pub(super) struct FolderLock {
    _file: File,
    _here: Here,
}

/// The right to the one engine of this process.
struct Here;

impl Drop for Here {
    fn drop(&mut self) {
        TAKEN.store(false, Ordering::Release);
    }
}

impl FolderLock {
    /// Takes the folder, which is made if it is not there.
    pub(super) fn take(folder: &Path) -> Result<Self, LockError> {
        if TAKEN.swap(true, Ordering::AcqRel) {
            return Err(LockError::Here);
        }
        let here = Here;
        fs::create_dir_all(folder).map_err(LockError::Io)?;
        let mut options = OpenOptions::new();
        let path = folder.join(NAME);
        let mut file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(LockError::Io)?;
        // SAFETY: a plain system call on a file that is open.
        if unsafe { libc::flock(file.as_raw_fd(), libc::LOCK_EX | libc::LOCK_NB) } != 0 {
            let error = io::Error::last_os_error();
            if error.kind() != io::ErrorKind::WouldBlock {
                return Err(LockError::Io(error));
            }
            let mut owner = String::new();
            file.read_to_string(&mut owner).map_err(LockError::Io)?;
            return Err(LockError::Taken(owner.trim().to_owned()));
        }
        let told = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()));
        told.map_err(LockError::Io)?;
        Ok(Self { _file: file, _here: here })
    }
}
