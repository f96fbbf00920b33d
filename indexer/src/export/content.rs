//! What a file has: its bytes, their hash, and its rows, seen once from the beginning to the end.

use std::{
    fs::File,
    io::{self, Read},
};

use sha2::{Digest as _, Sha256};

use super::{csv::Lines, parquet, Format};

/// Bytes of a file that are read at a time.
const PIECE: usize = 1 << 20;

/// What was seen of a file.
pub(super) struct Content {
    format: Format,
    hash: Sha256,
    bytes: u64,
    lines: Lines,
}

/// What a file has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Its length.
    pub bytes: u64,
    /// The hash of all its bytes, in small hexadecimal digits as `sha256sum` prints them.
    pub sha256: String,
    /// Its rows, or why it is no file of its format.
    pub rows: Result<u64, String>,
}

impl Content {
    /// Of a file of which nothing was seen yet.
    pub fn new(format: Format) -> Self {
        Self { format, hash: Sha256::new(), bytes: 0, lines: Lines::default() }
    }

    /// All that a file has.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn of(file: &mut File, format: Format) -> io::Result<Found> {
        let mut content = Self::new(format);
        let mut piece = vec![0; PIECE];
        loop {
            match file.read(&mut piece)? {
                0 => return content.end(file),
                length => content.see(&piece[..length]),
            }
        }
    }

    /// Sees what comes next.
    pub fn see(&mut self, piece: &[u8]) {
        self.hash.update(piece);
        self.bytes += piece.len() as u64;
        if self.format == Format::Csv {
            self.lines.see(piece);
        }
    }

    /// Its length so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Its rows so far, where they can be counted on the way.
    pub fn rows(&self) -> Option<u64> {
        (self.format == Format::Csv).then(|| self.lines.rows())
    }

    /// All of it. A Parquet file says at its end how many rows it has.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn end(self, file: &mut File) -> io::Result<Found> {
        let rows = match self.format {
            Format::Csv => self.lines.end(),
            Format::Parquet => parquet::rows(file)?,
        };
        let digits = crate::domain::value::hex(&self.hash.finalize());
        let sha256 = digits.strip_prefix("0x").unwrap_or(&digits).to_owned();
        Ok(Found { bytes: self.bytes, sha256, rows })
    }
}
