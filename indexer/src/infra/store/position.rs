//! How far the index has come, and what it was about to store.

use std::time::{SystemTime, UNIX_EPOCH};

use clickhouse::Row;
use serde::{Deserialize, Serialize};

use super::Index;
use crate::{
    domain::{block::Hash, Cut, Digest},
    error::Error,
};

/// How far the index has come: all rows of all blocks up to this are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Row, Serialize, Deserialize)]
pub struct Position {
    /// The height of the last block.
    pub last: u32,
    /// Its hash.
    pub hash: Hash,
    /// Its digest.
    pub digest: Digest,
}

#[derive(Debug, Row, Serialize, Deserialize)]
struct CutRow {
    generation: u32,
    first: u32,
    last: u32,
    written: u64,
}

#[derive(Debug, Row, Serialize, Deserialize)]
struct ProgressRow {
    generation: u32,
    last: u32,
    hash: Hash,
    digest: Digest,
}

impl Index {
    /// How far it has come. `None`: nothing is stored yet.
    ///
    /// # Errors
    /// ClickHouse does not say.
    pub async fn position(&self) -> Result<Option<Position>, Error> {
        let sql = "SELECT last, hash, digest FROM progress WHERE generation = ? ORDER BY last DESC LIMIT 1";
        let query = self.store.query(sql).bind(self.generation).fetch_optional::<Position>();
        Ok(self.store.in_time("how far the index has come", query).await?)
    }

    /// When a stored block was made, in milliseconds since 1970; 0 when it is not there.
    ///
    /// # Errors
    /// ClickHouse does not say.
    pub async fn time_of(&self, block: u32) -> Result<u64, Error> {
        let sql = "SELECT toUInt64(toUnixTimestamp64Milli(time)) FROM blocks WHERE number = ?";
        let query = self.store.query(sql).bind(block).fetch_optional::<u64>();
        Ok(self.store.in_time("a block's time", query).await?.unwrap_or(0))
    }

    /// What was written down to be stored together from this block on, before a kill.
    ///
    /// # Errors
    /// ClickHouse does not say.
    pub async fn pending(&self, first: u32) -> Result<Option<Cut>, Error> {
        let sql = "SELECT last FROM cuts WHERE generation = ? AND first = ? ORDER BY written DESC LIMIT 1";
        let query = self.store.query(sql).bind(self.generation).bind(first).fetch_optional::<u32>();
        let last = self.store.in_time("the cut that was begun", query).await?;
        Ok(last.map(|last| Cut { first, last }))
    }

    /// Writes down what is stored together from now on.
    ///
    /// # Errors
    /// ClickHouse refuses it. Where it is away it is tried again.
    pub async fn write_cut(&self, cut: &Cut) -> Result<(), Error> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let written = u64::try_from(now.as_micros()).unwrap_or(u64::MAX);
        let row = CutRow { generation: self.generation, first: cut.first, last: cut.last, written };
        let token = self.token("cuts", cut);
        self.insist(|| self.store.insert_rows("cuts", [&row], &token)).await
    }

    /// Writes down that all rows of a cut are stored.
    ///
    /// # Errors
    /// ClickHouse refuses it. Where it is away it is tried again.
    pub async fn write_progress(&self, cut: &Cut, position: &Position) -> Result<(), Error> {
        let Position { last, hash, digest } = *position;
        let row = ProgressRow { generation: self.generation, last, hash, digest };
        let token = self.token("progress", cut);
        self.insist(|| self.store.insert_rows("progress", [&row], &token)).await
    }

    /// The token of an insert: the same for the same rows, however often they are sent.
    pub(super) fn token(&self, table: &str, cut: &Cut) -> String {
        format!("{table}-{}-{}-{}", self.generation, cut.first, cut.last)
    }
}
