//! Rows and leaves of a piece of the log.

use crate::{
    error::TelemetryError,
    journal::{Cut, OpenBatch},
    rows,
    tree::Tree,
};
use smartlink_devices::{log::Log, LogError};

/// Rows on their way to ClickHouse.
pub(crate) struct Chunk {
    pub(crate) cut: Cut,
    /// In RowBinary.
    pub(crate) rows: Vec<u8>,
    /// When the records came, and how many each time: neighbours in the log came together.
    pub(crate) received: Vec<(u64, u32)>,
    /// It was cut before a restart: it may have been sent already.
    pub(crate) again: bool,
}

impl Chunk {
    fn note_received(&mut self, at_ms: u64) {
        match self.received.last_mut() {
            Some((last, count)) if *last == at_ms => *count += 1,
            _ => self.received.push((at_ms, 1)),
        }
    }
}

/// Makes chunks of the log, and keeps the tree of the batch that is being filled.
pub(crate) struct Builder {
    pub(crate) log: Log,
    pub(crate) tree: Tree,
    /// The sequence of the next record that is in no chunk.
    pub(crate) next: u64,
}

/// Said by the visitor of the log when a chunk has bytes enough.
fn enough() -> LogError {
    LogError::Stopped("the chunk is full".to_owned())
}

impl Builder {
    /// As it was: with the leaves of the open batch's records that are in chunks already.
    pub(crate) fn recover(log: Log, open: &OpenBatch, next: u64) -> Result<Self, TelemetryError> {
        let (first, end) = (log.first_sequence()?, log.next_sequence());
        if end < next {
            return Err(TelemetryError::LogIsOlder { end, next });
        }
        if next > open.first && first > open.first {
            return Err(TelemetryError::LogIsShorter { first, needed: open.first });
        }
        let mut tree = Tree::default();
        // A batch has at most 2^20 records, and no chunk reaches beyond it.
        let most = usize::try_from(next.saturating_sub(open.first)).unwrap_or(usize::MAX);
        log.visit(open.first, most, |_, record| {
            tree.push(record);
            Ok(())
        })?;
        Ok(Self { log, tree, next })
    }

    /// The rows of a chunk that was cut before.
    pub(crate) fn again(&self, cut: Cut) -> Result<Chunk, TelemetryError> {
        let mut chunk = Chunk { cut, rows: Vec::new(), received: Vec::new(), again: true };
        let most = usize::try_from(cut.count).unwrap_or(usize::MAX);
        let end = self.log.visit(cut.first, most, |sequence, record| {
            chunk.note_received(rows::received_ms(record));
            rows::append(&mut chunk.rows, sequence, cut.batch, record)
                .map_err(|error| self.log.damaged(sequence, error))
        })?;
        if end != cut.end() {
            return Err(TelemetryError::LogIsOlder { end, next: cut.end() });
        }
        Ok(chunk)
    }

    /// The next chunk of the open batch: at most so many records and about so many bytes. None when the log has none.
    pub(crate) fn chunk(
        &mut self,
        batch: u64,
        most: usize,
        most_bytes: usize,
    ) -> Result<Option<Chunk>, TelemetryError> {
        let Self { log, tree, next } = self;
        let cut = Cut { first: *next, count: 0, batch };
        let mut chunk = Chunk { cut, rows: Vec::new(), received: Vec::new(), again: false };
        let seen = log.visit(*next, most, |sequence, record| {
            if chunk.rows.len() >= most_bytes {
                return Err(enough());
            }
            rows::append(&mut chunk.rows, sequence, batch, record)
                .map_err(|error| log.damaged(sequence, error))?;
            chunk.note_received(rows::received_ms(record));
            tree.push(record);
            chunk.cut.count += 1;
            Ok(())
        });
        match seen {
            Ok(_) | Err(LogError::Stopped(_)) => {}
            Err(error) => return Err(error.into()),
        }
        *next = chunk.cut.end();
        Ok((chunk.cut.count > 0).then_some(chunk))
    }
}
