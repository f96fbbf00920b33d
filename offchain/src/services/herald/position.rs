//! Up to where riders were told, in a file: what a herald that starts again goes on from.
//!
//! The orders that are not over are remembered one by one, because one of them may have begun days ago. What began
//! later than the position is found by its time.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The beginning of the file, with the version of its layout.
const MAGIC: &[u8; 8] = b"herald 1";
/// Orders that are remembered, of which a company has a hundred thousand on a busy day. What ends beyond them while
/// the herald is down goes untold if it began long before.
const MOST: usize = 1_000_000;

/// Everything that happened until then was told, except to those who follow an order in `open`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Position {
    /// By the clock of the orders service, in milliseconds of the Unix epoch.
    pub until_ms: u64,
    /// Orders of which there is more to tell.
    pub open: BTreeSet<u64>,
}

/// The file of a position.
#[derive(Clone, Debug)]
pub(super) struct PositionFile {
    path: PathBuf,
}

/// The position cannot be kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PositionError {
    /// The file is none of this program's.
    #[error("{path} is no position of a herald: move it away; riders are then told what happens from now on")]
    Unreadable {
        /// The file.
        path: PathBuf,
    },
    /// The disk refuses.
    #[error("{path} cannot be kept ({source}): see to the disk's space and health")]
    Disk {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The thread that reads or writes it panicked.
    #[error("the herald's position could not be kept: {0}; start the role again")]
    Broken(String),
}

impl Position {
    /// Notes what is known of an order now, and when.
    pub fn note(&mut self, order: u64, over: bool, at_ms: u64) {
        self.until_ms = self.until_ms.max(at_ms);
        if over {
            self.open.remove(&order);
        } else if self.open.len() < MOST {
            self.open.insert(order);
        } else if !self.open.contains(&order) {
            tracing::warn!(order, "more than {MOST} orders are open: this one is not remembered");
        }
    }

    fn encode(&self) -> Vec<u8> {
        let numbers = [self.until_ms, self.open.len() as u64];
        let numbers = numbers.iter().chain(&self.open).flat_map(|number| number.to_le_bytes());
        MAGIC.iter().copied().chain(numbers).collect()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (numbers, []) = bytes.strip_prefix(MAGIC)?.as_chunks::<8>() else { return None };
        let mut numbers = numbers.iter().map(|number| u64::from_le_bytes(*number));
        let (until_ms, count) = (numbers.next()?, numbers.next()?);
        let open: BTreeSet<u64> = numbers.collect();
        (open.len() as u64 == count).then_some(Self { until_ms, open })
    }
}

impl PositionFile {
    /// In a folder that is there.
    pub fn within(folder: &Path) -> Self {
        Self { path: folder.join("position") }
    }

    /// The last position that was written. `None`: none ever was.
    pub fn read(&self) -> Result<Option<Position>, PositionError> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(self.disk(source)),
        };
        let path = self.path.clone();
        Position::decode(&bytes).map(Some).ok_or(PositionError::Unreadable { path })
    }

    /// Puts a position in the place of the one before: whenever the machine stops, one of the two is there.
    pub fn write(&self, position: &Position) -> Result<(), PositionError> {
        self.replace(&position.encode()).map_err(|source| self.disk(source))
    }

    fn replace(&self, bytes: &[u8]) -> io::Result<()> {
        let new = self.path.with_extension("new");
        let mut file = File::create(&new)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&new, &self.path)?;
        let folder = self.path.parent().unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()
    }

    fn disk(&self, source: io::Error) -> PositionError {
        PositionError::Disk { path: self.path.clone(), source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_position_comes_back_as_it_went(
            until_ms: u64, open in proptest::collection::btree_set(any::<u64>(), 0..50), cut in 1..20usize,
        ) {
            let position = Position { until_ms, open };
            let bytes = position.encode();
            prop_assert_eq!(Position::decode(&bytes), Some(position));
            prop_assert_eq!(Position::decode(&bytes[..bytes.len() - cut]), None);
        }
    }

    #[test]
    fn any_file_is_a_position_or_is_refused() {
        bolero::check!().for_each(|bytes: &[u8]| {
            let whole = [MAGIC, bytes].concat();
            for bytes in [bytes, &whole] {
                if let Some(position) = Position::decode(bytes) {
                    assert_eq!(position.encode().len(), bytes.len());
                }
            }
        });
    }

    #[test]
    fn a_file_is_replaced_as_a_whole_and_a_strange_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = PositionFile::within(folder.path());
        assert_eq!(file.read().unwrap(), None);
        let mut position = Position::default();
        for order in 1..=3 {
            position.note(order, false, order);
            file.write(&position).unwrap();
        }
        position.note(2, true, 9);
        file.write(&position).unwrap();
        let read = file.read().unwrap().unwrap();
        assert_eq!((read.until_ms, read.open), (9, BTreeSet::from([1, 3])));
        fs::write(folder.path().join("position"), "by hand").unwrap();
        let error = file.read().unwrap_err().to_string();
        assert!(error.contains("move it away"), "{error}");
    }
}
