//! Records that ClickHouse takes for known and does not have.
//!
//! ClickHouse on one machine writes the token of an insert down before it gives the part with the rows its name. If its
//! process ends between the two, or the disk is full just then, it answers the same insert with "it is in" from then on.
//! The embedded engine forgets such tokens by itself; this is for a server of one's own, and for what nobody thought of.
//!
//! Once a token was acknowledged, what is missing will not come any more: whoever inserts it is told the same. And all
//! that follows from the records by materialized views had them under that token. So they go into the table alone: into
//! another one first, of which the parts are attached.

use super::{fresh_token, storer::insert_rows};
use crate::{config::PipelineConfig, journal::Cut, rows::COLUMNS};
use bytes::Bytes;
use clickhouse::{error::Error, Client};
use std::{future::Future, time::Duration};

/// The table through which rows go. It is there while they do.
const BESIDE: &str = "records_again";

/// What of a chunk may be missing.
pub(super) struct Missing<'a> {
    pub(super) client: &'a Client,
    pub(super) config: &'a PipelineConfig,
    pub(super) cut: &'a Cut,
}

impl Missing<'_> {
    /// Puts in what is missing of a chunk whose insert was acknowledged; `rows` are all of it.
    pub(super) async fn put_in(&self, rows: Bytes) -> Result<(), Error> {
        let tables = "SELECT name, engine FROM system.tables \
             WHERE database = currentDatabase() AND name IN ('records', ?)";
        let tables = self.client.query(tables).bind(BESIDE).fetch_all::<(String, String)>();
        let tables = self.in_time(tables).await?;
        // In a cluster a token is kept with its part, and another replica may not have the rows yet.
        if !tables.contains(&("records".to_owned(), "MergeTree".to_owned())) {
            return Ok(());
        }
        let Cut { first, count, .. } = *self.cut;
        let found = self.count().await?;
        if found < u64::from(count) {
            tracing::error!(first, count, found, "ClickHouse has acknowledged records and does not have all of them: those that are missing are put in");
            self.attach(rows).await?;
        }
        if found < u64::from(count) || tables.len() > 1 {
            self.execute(&format!("DROP TABLE IF EXISTS {BESIDE} SYNC")).await?;
        }
        Ok(())
    }

    /// How many records of the chunk are in the table.
    async fn count(&self) -> Result<u64, Error> {
        let sql = "SELECT uniqExact(sequence) FROM records WHERE sequence >= ? AND sequence < ?";
        let query = self.client.query(sql).bind(self.cut.first).bind(self.cut.end());
        self.in_time(query.fetch_one::<u64>()).await
    }

    /// Into the table beside; out of it what is in `records`; and the rest into `records`.
    async fn attach(&self, rows: Bytes) -> Result<(), Error> {
        self.execute(&format!("DROP TABLE IF EXISTS {BESIDE} SYNC")).await?;
        self.execute(&format!("CREATE TABLE {BESIDE} AS records")).await?;
        let sql = format!("INSERT INTO {BESIDE} ({COLUMNS}) FORMAT RowBinary");
        insert_rows(self.client, self.config, &sql, &fresh_token(BESIDE), rows).await?;
        let (first, end) = (self.cut.first, self.cut.end());
        self.execute(&format!(
            "ALTER TABLE {BESIDE} DELETE WHERE sequence IN (SELECT sequence FROM records \
             WHERE sequence >= {first} AND sequence < {end}) SETTINGS mutations_sync = 2"
        ))
        .await?;
        self.execute(&format!("ALTER TABLE records ATTACH PARTITION ALL FROM {BESIDE}")).await
    }

    async fn execute(&self, sql: &str) -> Result<(), Error> {
        self.in_time(self.client.query_raw(sql).execute()).await
    }

    async fn in_time<T>(&self, asked: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let most = Duration::from_millis(self.config.insert_timeout_ms);
        tokio::time::timeout(most, asked).await.unwrap_or(Err(Error::TimedOut))
    }
}
