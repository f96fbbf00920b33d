//! Carries what was found from the outbox to ClickHouse.

use crate::{
    clock::now_ms,
    config::{AnalysisConfig, PipelineConfig},
    error::TelemetryError,
    figures::Tally,
    journal::{Entry, EntryKey, Journal},
    pipeline::{fresh_token, insert_rows},
    retry::Backoff,
};
use bytes::Bytes;
use clickhouse::Client;
use std::{
    collections::BTreeMap,
    sync::{atomic::Ordering, Arc},
    time::Duration,
};
use tokio::sync::{watch, Notify};
use tokio_util::sync::CancellationToken;

/// It looks this often, rung or not.
const LOOK: Duration = Duration::from_secs(1);
/// Findings are left so long to gather.
const GATHER: Duration = Duration::from_millis(200);

/// Empties the outbox.
pub(crate) struct Carrier {
    pub(crate) client: Client,
    pub(crate) journal: Arc<Journal>,
    pub(crate) config: AnalysisConfig,
    pub(crate) inserts: PipelineConfig,
    pub(crate) company: u32,
    pub(crate) tally: Arc<Tally>,
    pub(crate) news: Arc<Notify>,
    /// The number of the first finding that ClickHouse does not have.
    pub(crate) delivered: watch::Sender<EntryKey>,
}

impl Carrier {
    /// Carries until told to stop.
    pub(crate) async fn run(self, stop: CancellationToken) -> Result<(), TelemetryError> {
        let mut backoff = Backoff::new(Duration::from_millis(self.inserts.retry_most_ms));
        loop {
            let (journal, most) = (self.journal.clone(), self.config.load);
            let load = tokio::task::spawn_blocking(move || journal.load(most)).await;
            let load = load.map_err(TelemetryError::broke_off("reading the outbox"))??;
            let (Some((first, _)), Some((last, _))) = (load.first(), load.last()) else {
                tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    () = self.news.notified() => {}
                    () = tokio::time::sleep(LOOK) => {}
                }
                tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    () = tokio::time::sleep(GATHER) => {}
                }
                continue;
            };
            let (first, end, count) = (*first, *last + 1, load.len() as u64);
            let done = tokio::select! {
                () = stop.cancelled() => return Ok(()),
                done = self.carry(first, end, &load) => done,
            };
            if let Err(error) = done {
                self.tally.troubled(now_ms(), error.to_string());
                let pause = backoff.pause();
                tracing::warn!(%error, first, end, ?pause, "ClickHouse did not take findings, they are sent again");
                tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    () = tokio::time::sleep(pause) => {}
                }
                continue;
            }
            backoff = Backoff::new(Duration::from_millis(self.inserts.retry_most_ms));
            self.journal.delivered(end)?;
            Tally::add(&self.tally.delivered, count);
            self.tally.waiting.fetch_sub(count, Ordering::Relaxed);
            self.delivered.send_replace(end);
        }
    }

    /// Inserts a load, a table at a time. What was in before is replaced.
    async fn carry(
        &self,
        first: EntryKey,
        end: EntryKey,
        load: &[(EntryKey, Entry)],
    ) -> Result<(), clickhouse::error::Error> {
        let mut tables: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
        for (_, entry) in load {
            let rows = tables.entry(&entry.table).or_default();
            rows.extend_from_slice(entry.row.as_bytes());
            rows.push(b'\n');
        }
        for (table, rows) in tables {
            let sql = format!("INSERT INTO {table} FORMAT JSONEachRow");
            let token = fresh_token(&format!("{table}-{}-{first}-{end}", self.company));
            insert_rows(&self.client, &self.inserts, &sql, &token, Bytes::from(rows)).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
