//! Answers that are documents: the engine writes them to a file, from which they are sent.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use super::exception::{code, Exception};

/// The folder of answers on their way, in the engine's own.
const NAME: &str = "smartlink-spool";

/// The most of an answer's data, in bytes, as ClickHouse holds it (`max_result_bytes`).
pub(super) const LARGEST: u64 = 64 * 1024 * 1024 * 1024;

/// Where answers lie until they are sent.
pub(super) struct Spool {
    folder: PathBuf,
}

impl Spool {
    /// Makes the folder, and clears away what a process left that was killed.
    pub(super) fn open(data: &Path) -> io::Result<Self> {
        // ClickHouse wants to know where exactly to write.
        let folder = data.canonicalize()?.join(NAME);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir(&folder)?;
        Ok(Self { folder })
    }

    /// A place for an answer, which is cleared when it is dropped.
    pub(super) fn place(&self, mark: &str) -> Place {
        Place(self.folder.join(mark))
    }
}

/// A file that is there, or will be.
pub(super) struct Place(PathBuf);

impl Place {
    /// The statement that writes its answer here: `clauses` is where its FORMAT stands, or where it ends without.
    pub(super) fn divert(&self, statement: &[u8], clauses: usize, format: Option<&str>) -> Vec<u8> {
        let path = self.0.to_string_lossy().replace('\\', "\\\\").replace('\'', "\\'");
        let mut diverted = statement[..clauses].to_vec();
        diverted.extend_from_slice(format!("\nINTO OUTFILE '{path}' ").as_bytes());
        match format {
            Some(format) => diverted.extend_from_slice(format!("FORMAT {format}").as_bytes()),
            None => diverted.extend_from_slice(&statement[clauses..]),
        }
        diverted
    }

    /// Opens what was written.
    pub(super) fn read(&self) -> Result<File, Exception> {
        File::open(&self.0).map_err(|error| broken(&error))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // It is not there when the statement was refused.
        fs::remove_file(&self.0).ok();
    }
}

/// The file cannot be read.
pub(super) fn broken(error: &io::Error) -> Exception {
    let sentence = format!("the answer was written and cannot be read again ({error})");
    Exception::new(code::LOGICAL_ERROR, "LOGICAL_ERROR", sentence)
}
