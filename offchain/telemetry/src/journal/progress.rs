//! How far the log was analysed, and what the analysis was told beside it.
//!
//! The analysis is a function of what it was given. The records are in the log; everything else that it was given
//! (the passing of time, what people did with alerts, what is known of vehicles) is kept here as inputs, each with its place between two
//! records. After a restart the snapshot is restored and what came after it is given once more, in the same order: what
//! is found then was found before, and is left out up to the place that `found` names.

use super::{json, number, outbox, parse, Entry, Journal, JournalError, INPUTS, OUTBOX, SNAPSHOT};
use crate::analysis::rules::RuleBook;
use rocksdb::{Direction, IteratorMode, WriteBatch};
use serde::{Deserialize, Serialize};

/// A snapshot is kept in values of this size.
const CHUNK: usize = 1 << 20;
const FOUND: &[u8] = b"found";
/// Keys of a snapshot's chunks begin with it; its place is in the key `PLACE`.
const CHUNKS: u8 = b'c';
const PLACE: &[u8] = b"place";
const RULES: &[u8] = b"rules";

/// A place in what the analysis is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The sequence of the next record.
    pub sequence: u64,
    /// The number of the next input.
    pub input: u64,
}

impl Default for Position {
    /// The beginning.
    fn default() -> Self {
        Self { sequence: 1, input: 0 }
    }
}

/// Something that is written, or deleted, together with a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Put {
    pub(crate) family: &'static str,
    pub(crate) key: Vec<u8>,
    pub(crate) value: Option<Vec<u8>>,
}

impl Put {
    /// The company's rules.
    pub(crate) fn rules(book: &RuleBook) -> Self {
        Self { family: SNAPSHOT, key: RULES.to_vec(), value: Some(json(book)) }
    }
}

/// Something that the analysis was told beside the records, before the record `at`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input<T> {
    /// The sequence of the record before which it came.
    pub at: u64,
    /// What.
    pub what: T,
}

/// What a step of the analysis came to, to be written down in one piece.
#[derive(Debug)]
pub struct Progress<'a, T> {
    /// Where it is after it.
    pub position: Position,
    /// The input that it was given, with its number.
    pub input: Option<(u64, &'a Input<T>)>,
    /// What was found, for ClickHouse.
    pub found: &'a [Entry],
    /// Whether somebody is told that it is done.
    pub synced: bool,
}

impl Journal {
    /// Up to where everything that was found is in the outbox.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn found(&self) -> Result<Position, JournalError> {
        Ok(self.get(INPUTS, FOUND, "a position")?.unwrap_or_default())
    }

    /// Writes a step down: all of it or nothing.
    ///
    /// # Errors
    /// The disk refuses: the step must be taken as not done.
    pub fn progress<T: Serialize>(
        &self,
        step: &Progress<'_, T>,
        first_entry: u64,
    ) -> Result<(), JournalError> {
        let mut batch = WriteBatch::default();
        if let Some((number, input)) = step.input {
            batch.put_cf(self.family(INPUTS), outbox::key(number), json(input));
        }
        for (entry, at) in step.found.iter().zip(first_entry..) {
            batch.put_cf(self.family(OUTBOX), at.to_be_bytes(), json(entry));
        }
        batch.put_cf(self.family(INPUTS), FOUND, json(&step.position));
        let doing = "a step of the analysis was written";
        if step.synced {
            self.write_synced(batch, doing)
        } else {
            self.write(batch, doing)
        }
    }

    /// Inputs from a number on, in their order, at most `most`.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn inputs<T: for<'de> Deserialize<'de>>(
        &self,
        from: u64,
        most: usize,
    ) -> Result<Vec<(u64, Input<T>)>, JournalError> {
        let from = outbox::key(from);
        let mode = IteratorMode::From(&from, Direction::Forward);
        let mut inputs = Vec::new();
        for entry in self.db().iterator_cf(self.family(INPUTS), mode).take(most) {
            let (key, value) = entry.map_err(self.failed("inputs were read"))?;
            // Keys of inputs are eight bytes and below any text.
            if key.len() != 8 {
                break;
            }
            inputs.push((number(&key, "inputs")?, parse(&value, "an input")?));
        }
        Ok(inputs)
    }

    /// The analysis as it was, and where that is.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn snapshot(&self) -> Result<Option<(Position, Vec<u8>)>, JournalError> {
        let Some(place) = self.get(SNAPSHOT, PLACE, "a snapshot's place")? else { return Ok(None) };
        let mut bytes = Vec::new();
        let mode = IteratorMode::From(&[CHUNKS], Direction::Forward);
        for entry in self.db().iterator_cf(self.family(SNAPSHOT), mode) {
            let (key, value) = entry.map_err(self.failed("a snapshot was read"))?;
            if key.first() != Some(&CHUNKS) {
                break;
            }
            bytes.extend_from_slice(&value);
        }
        Ok(Some((place, bytes)))
    }

    /// Keeps the analysis as it is at a place, with what takes effect from there on, and forgets the inputs before it.
    /// Synced, all of it or nothing.
    ///
    /// # Errors
    /// The disk refuses; what was there stays.
    pub fn keep_snapshot(
        &self,
        place: Position,
        bytes: &[u8],
        also: &[Put],
    ) -> Result<(), JournalError> {
        let family = self.family(SNAPSHOT);
        let mut batch = WriteBatch::default();
        batch.delete_range_cf(family, vec![CHUNKS], vec![CHUNKS + 1]);
        for (chunk, at) in bytes.chunks(CHUNK).zip(0u32..) {
            batch.put_cf(family, [&[CHUNKS], &at.to_be_bytes()[..]].concat(), chunk);
        }
        batch.put_cf(family, PLACE, json(&place));
        batch.delete_range_cf(self.family(INPUTS), outbox::key(0), outbox::key(place.input));
        for put in also {
            let family = self.family(put.family);
            match &put.value {
                Some(value) => batch.put_cf(family, &put.key, value),
                None => batch.delete_cf(family, &put.key),
            }
        }
        self.write_synced(batch, "a snapshot of the analysis was written")
    }

    /// The company's rules, as they were set last.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn rules(&self) -> Result<Option<RuleBook>, JournalError> {
        self.get(SNAPSHOT, RULES, "rules")
    }
}
