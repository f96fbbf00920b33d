//! Gets chunks and batches into ClickHouse.

use super::{fresh_token, missing::Missing, token, Chunk, Step};
use crate::{
    clock::now_ms,
    config::PipelineConfig,
    error::TelemetryError,
    figures::Tally,
    journal::{Batch, Journal},
    retry::Backoff,
    rows::COLUMNS,
};
use bytes::Bytes;
use clickhouse::{Client, Compression};
use smartlink_clickhouse::once;
use smartlink_devices::log::Log;
use std::{
    future::Future,
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc,
    },
    time::Duration,
};
use tokio::{
    sync::{mpsc, watch},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

/// How long an attempt that is under way may go on when everything stops.
const GRACE: Duration = Duration::from_secs(5);
/// The body of an insert is sent in pieces of this size.
const PIECE: usize = 1 << 20;

/// Inserts what the cutter hands on.
pub(crate) struct Storer {
    pub(crate) client: Client,
    pub(crate) journal: Arc<Journal>,
    pub(crate) log: Log,
    pub(crate) config: PipelineConfig,
    pub(crate) company: u32,
    pub(crate) tally: Arc<Tally>,
    /// The sequence below which all is stored.
    pub(crate) stored: watch::Sender<u64>,
    /// The number of the last batch that may go to the chain.
    pub(crate) ready: watch::Sender<u64>,
    /// Sequences that the log must keep for others.
    pub(crate) keep: Vec<Arc<AtomicU64>>,
}

impl Storer {
    /// Stores what comes until nothing comes any more, or told to stop.
    pub(crate) async fn run(
        self,
        mut steps: mpsc::Receiver<Step>,
        stop: CancellationToken,
    ) -> Result<(), TelemetryError> {
        let mut trimmed = Instant::now();
        // Batches that were closed and whose rows were stored, but which were not noted, before a kill.
        if !self.batches(&stop).await? {
            return Ok(());
        }
        let every = Duration::from_millis(self.config.trim_ms);
        loop {
            // Also when nothing comes: a log that is full takes nothing on until it was trimmed.
            let waited = tokio::time::timeout_at(trimmed + every, steps.recv()).await;
            match waited {
                Ok(None) => return self.trim().await,
                Ok(Some(step)) => {
                    if let Step::Chunk(chunk) = step {
                        if !self.store(*chunk, &stop).await? {
                            return Ok(());
                        }
                    }
                    if !self.batches(&stop).await? {
                        return Ok(());
                    }
                }
                Err(_) => {}
            }
            if trimmed.elapsed() >= every {
                trimmed = Instant::now();
                self.trim().await?;
            }
        }
    }

    /// Inserts a chunk. False when told to stop before it was in.
    async fn store(&self, chunk: Chunk, stop: &CancellationToken) -> Result<bool, TelemetryError> {
        let Chunk { cut, rows, received, again } = chunk;
        let rows = Bytes::from(rows);
        let sql = format!("INSERT INTO records ({COLUMNS}) FORMAT RowBinary");
        let token = token(self.company, &cut);
        let insert = || insert_rows(&self.client, &self.config, &sql, &token, rows.clone());
        let Some(attempts) = self.insist(&token, stop, insert).await else { return Ok(false) };
        if again || attempts > 1 {
            let missing = Missing { client: &self.client, config: &self.config, cut: &cut };
            let put_in = || missing.put_in(rows.clone());
            if self.insist(&token, stop, put_in).await.is_none() {
                return Ok(false);
            }
        }
        self.journal.stored(&cut)?;
        let now = now_ms();
        for (at_ms, records) in received {
            self.tally.delayed(now.saturating_sub(at_ms), records.into());
        }
        Tally::add(&self.tally.records, cut.count.into());
        Tally::add(&self.tally.chunks, 1);
        self.tally.stored.store(cut.end(), Ordering::Relaxed);
        self.stored.send_replace(cut.end());
        Ok(true)
    }

    /// Inserts the batches that are closed and whose rows are all in. False when told to stop.
    async fn batches(&self, stop: &CancellationToken) -> Result<bool, TelemetryError> {
        loop {
            let (ready, stored) = (*self.ready.borrow(), *self.stored.borrow());
            let Some(batch) = self.journal.batch(ready + 1)? else { return Ok(true) };
            if batch.end() > stored {
                return Ok(true);
            }
            let sql = "INSERT INTO batches (batch, first, count, root, closed_at) FORMAT RowBinary";
            let name = format!("batch-{}-{}", self.company, batch.number);
            let insert = || {
                let token = fresh_token(&name);
                async move { insert_rows(&self.client, &self.config, sql, &token, row(&batch)).await }
            };
            if self.insist(&name, stop, insert).await.is_none() {
                return Ok(false);
            }
            self.journal.ready(batch.number)?;
            self.tally.ready.store(batch.number, Ordering::Relaxed);
            self.ready.send_replace(batch.number);
        }
    }

    /// Tries until it is done, and says at which attempt. Nothing when told to stop before.
    async fn insist<F>(
        &self,
        rows: &str,
        stop: &CancellationToken,
        attempt: impl Fn() -> F,
    ) -> Option<u32>
    where
        F: Future<Output = Result<(), clickhouse::error::Error>>,
    {
        let mut backoff = Backoff::new(Duration::from_millis(self.config.retry_most_ms));
        let mut attempts = 0_u32;
        loop {
            attempts = attempts.saturating_add(1);
            let began = Instant::now();
            let attempt = attempt();
            let ended = async {
                stop.cancelled().await;
                tokio::time::sleep(GRACE).await;
            };
            let done = tokio::select! {
                biased;
                done = attempt => done,
                () = ended => return None,
            };
            let Err(error) = done else {
                let took = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
                Tally::add(&self.tally.inserting_us, took);
                self.tally.well();
                return Some(attempts);
            };
            self.tally.troubled(now_ms(), error.to_string());
            let pause = backoff.pause();
            tracing::warn!(%error, rows, ?pause, "ClickHouse did not take rows, they are sent again");
            tokio::select! {
                biased;
                () = stop.cancelled() => return None,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Lets the log drop what nobody needs any more.
    async fn trim(&self) -> Result<(), TelemetryError> {
        let kept = self.keep.iter().map(|keep| keep.load(Ordering::Acquire)).min();
        let below = kept.unwrap_or(u64::MAX).min(*self.stored.borrow());
        let log = self.log.clone();
        let done = tokio::task::spawn_blocking(move || log.truncate_below(below)).await;
        Ok(done.map_err(TelemetryError::broke_off("truncating the log"))??)
    }
}

/// A row of the table `batches`.
fn row(batch: &Batch) -> Bytes {
    let mut row = Vec::with_capacity(60);
    row.extend_from_slice(&batch.number.to_le_bytes());
    row.extend_from_slice(&batch.first.to_le_bytes());
    row.extend_from_slice(&batch.count.to_le_bytes());
    row.extend_from_slice(batch.root.as_bytes());
    row.extend_from_slice(&batch.closed_ms.to_le_bytes());
    row.into()
}

/// Sends rows once, under a token.
pub(crate) async fn insert_rows(
    client: &Client,
    config: &PipelineConfig,
    sql: &str,
    token: &str,
    rows: Bytes,
) -> Result<(), clickhouse::error::Error> {
    let timeout = Some(Duration::from_millis(config.insert_timeout_ms));
    let client = match config.compress {
        true => client.clone().with_compression(Compression::Lz4),
        false => client.clone().with_compression(Compression::None),
    };
    let mut insert = client
        .insert_formatted_with(sql)
        .with_timeouts(timeout, timeout)
        // What came after an outage may be of many months: not a reason to refuse a chunk for ever.
        .with_setting("max_partitions_per_insert_block", "0")
        // Findings may say more than the tables have columns for: all of it is in `detail`.
        .with_setting("input_format_skip_unknown_fields", "1");
    for (name, value) in once(token) {
        insert = insert.with_setting(name, value);
    }
    for at in (0..rows.len()).step_by(PIECE) {
        insert.send(rows.slice(at..rows.len().min(at + PIECE))).await?;
    }
    insert.end().await
}

#[cfg(test)]
mod tests;
