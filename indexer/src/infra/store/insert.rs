//! Getting rows into ClickHouse, once.

use std::{future::Future, time::Duration};

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use smartlink_clickhouse::{once, StoreError};

use super::{schema, Index};
use crate::{
    domain::{rows::RowReader, Column, Cut, Rows},
    error::Error,
};

/// Rows of one insert, at most: a token stands for one block of ClickHouse, which has a million.
const ROWS_AT_ONCE: usize = 500_000;
/// The body of an insert is sent in pieces of this size.
const PIECE: usize = 1 << 20;
/// The first pause between two attempts.
const LEAST_PAUSE: Duration = Duration::from_millis(50);

/// Rows for a table.
pub struct Batch<'a> {
    /// The table.
    pub table: &'a str,
    /// Its columns, in the order of the rows.
    pub columns: &'a [Column],
    /// The rows.
    pub rows: &'a Rows,
}

/// Pauses between attempts that go on for ever: they double up to a bound, with jitter.
#[derive(Clone, Debug)]
pub struct Backoff {
    next: Duration,
    most: Duration,
}

impl Backoff {
    /// Up to `most`.
    pub fn new(most: Duration) -> Self {
        Self { next: LEAST_PAUSE.min(most), most }
    }

    /// The next pause: between half and all of what has come up.
    pub fn pause(&mut self) -> Duration {
        let whole = self.next;
        self.next = (whole * 2).min(self.most);
        whole.mul_f64(0.5 + fastrand::f64() / 2.0)
    }
}

impl Index {
    /// Inserts rows of a cut into several tables at a time, each once, however often it is asked to. Tables without rows
    /// are left out.
    ///
    /// # Errors
    /// ClickHouse refuses some. Where it is away it is tried again, for ever: give up by dropping this.
    pub async fn insert(&self, cut: &Cut, batches: &[Batch<'_>]) -> Result<(), Error> {
        let batches = batches.iter().filter(|batch| batch.rows.count > 0);
        let inserts: Vec<_> = batches.map(|batch| self.insert_batch(cut, batch)).collect();
        futures::stream::iter(inserts).buffer_unordered(self.inserts).try_collect().await
    }

    async fn insert_batch(&self, cut: &Cut, batch: &Batch<'_>) -> Result<(), Error> {
        let columns = schema::listed(batch.columns);
        let sql = format!("INSERT INTO {} ({columns}) FORMAT RowBinary", batch.table);
        let token = self.token(batch.table, cut);
        for (place, part) in parts(batch).enumerate() {
            let token = match place {
                0 => token.clone(),
                place => format!("{token}-{place}"),
            };
            let body = Bytes::copy_from_slice(part);
            self.insist(|| self.send(batch.table, &sql, &token, body.clone())).await?;
        }
        Ok(())
    }

    async fn send(
        &self,
        table: &str,
        sql: &str,
        token: &str,
        body: Bytes,
    ) -> Result<(), StoreError> {
        let sending = async {
            let mut insert = self
                .store
                .client()
                .insert_formatted_with(sql)
                .with_timeouts(Some(self.insert_in), Some(self.insert_in));
            for (name, value) in once(token) {
                insert = insert.with_setting(name, value);
            }
            // What is beside a table is written at the same time: each waits for the disk by itself.
            insert = insert.with_setting("parallel_view_processing", "1");
            for at in (0..body.len()).step_by(PIECE) {
                insert.send(body.slice(at..body.len().min(at + PIECE))).await?;
            }
            insert.end().await
        };
        // It has the time of an insert, not that of a question.
        self.inserting.in_time(&format!("an insert into {table}"), sending).await
    }

    /// Tries until it is done or refused.
    pub(super) async fn insist<F: Future<Output = Result<(), StoreError>>>(
        &self,
        attempt: impl Fn() -> F,
    ) -> Result<(), Error> {
        let mut backoff = Backoff::new(self.retry_most);
        loop {
            match attempt().await {
                Ok(()) => return Ok(()),
                Err(error) if error.is_passing() => {
                    self.failures.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let pause = backoff.pause();
                    tracing::warn!(%error, ?pause, "ClickHouse did not take rows, they are sent again");
                    tokio::time::sleep(pause).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// The rows of a batch, in parts of which each is one block.
fn parts<'a>(batch: &'a Batch<'_>) -> impl Iterator<Item = &'a [u8]> {
    let bytes = &*batch.rows.bytes;
    let mut reader = RowReader::new(bytes);
    let mut at = 0;
    let whole = batch.rows.count <= ROWS_AT_ONCE;
    std::iter::from_fn(move || {
        if at >= bytes.len() {
            return None;
        }
        let length = if whole {
            bytes.len()
        } else {
            let rows = std::iter::from_fn(|| reader.row(batch.columns));
            rows.take(ROWS_AT_ONCE).map(|(_, row)| row.len()).sum()
        };
        let part = bytes.get(at..at + length).filter(|part| !part.is_empty());
        at += length;
        part
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Kind;

    #[test]
    fn many_rows_go_in_parts_and_none_is_lost() {
        let columns = [Column::new("block", Kind::U32), Column::new("text", Kind::Text)];
        let mut rows = Rows::default();
        let count = u32::try_from(ROWS_AT_ONCE * 2 + 7).unwrap();
        for number in 0..count {
            rows.row().u32(number).text("x".repeat((number % 3) as usize));
        }
        let batch = Batch { table: "t", columns: &columns, rows: &rows };
        let sent: Vec<_> = parts(&batch).collect();
        assert_eq!(sent.len(), 3);
        assert_eq!(sent.concat(), rows.bytes);
        let few = Rows { bytes: vec![0; 5], count: 1 };
        let batch = Batch { table: "t", columns: &columns, rows: &few };
        assert_eq!(parts(&batch).count(), 1);
    }

    #[test]
    fn pauses_grow_to_a_bound() {
        let mut backoff = Backoff::new(Duration::from_secs(1));
        let pauses: Vec<_> = (0..12).map(|_| backoff.pause()).collect();
        assert!(pauses[0] <= LEAST_PAUSE);
        assert!(pauses[11] >= Duration::from_millis(500) && pauses[11] <= Duration::from_secs(1));
    }
}
