//! How an export is made: what it will be is known before a row is read, and it is signed when all rows are there.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, SecondsFormat};
use clickhouse::query::Query;
use sha2::{Digest as _, Sha256};
use smartlink_chain::AccountId32;
use smartlink_clickhouse::{Store, StoreConfig};
use smartlink_proofs::Fixed;

use super::{format::LONGEST, target::Target, Format, Key, Manifest, Point, Progress, Selection};
use crate::{
    application::check::digest_at,
    domain::{block::Hash, value::hex},
    error::Error,
    infra::Index,
};

/// Digits of an export's id: 128 bits of a hash.
pub(super) const ID_DIGITS: usize = 32;

/// What ClickHouse may spend on an export.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Seconds that it works on the count and the rows together.
    pub seconds: u32,
    /// Threads that it takes. Nothing: as many as it likes.
    pub threads: Option<u32>,
}

impl Default for Pace {
    fn default() -> Self {
        Self { seconds: LONGEST, threads: None }
    }
}

impl Pace {
    /// A client that waits as long as that for the count, and for a piece of the file: the embedded engine writes a Parquet
    /// file whole before it sends its first byte.
    pub fn store(self, config: &StoreConfig, most_ms: u64) -> Store {
        let query_ms = config.query_ms.max(most_ms);
        Store::connect(&StoreConfig { query_ms, ..config.clone() })
    }

    /// A question that ends when nobody waits for its answer any more, or so long after an export was `begun`.
    fn query(self, store: &Store, sql: &str, format: Format, begun: Instant) -> Query {
        let mut query = store.client().query_raw(sql);
        for (name, value) in format.settings() {
            query = query.with_setting(*name, *value);
        }
        if let Some(threads) = self.threads {
            query = query.with_setting("max_threads", threads.to_string());
        }
        let left = Duration::from_secs(self.seconds.into()).saturating_sub(begun.elapsed());
        // None at all would be without an end.
        let left = left.as_secs().max(1).to_string();
        query
            .with_setting("max_execution_time", left)
            // ClickHouse ends no other questions by POST when their client is gone.
            .with_setting("readonly", "2")
            .with_setting("cancel_http_readonly_queries_on_client_close", "1")
    }
}

/// What an export will be.
pub(super) struct Plan {
    selection: Selection,
    /// What is known of it before its rows.
    manifest: Manifest,
}

impl Plan {
    /// Of an index as it is at the end of a block, without one: of its last.
    ///
    /// # Errors
    /// The index has no such block, or ClickHouse does not say.
    pub async fn of(
        index: &Index,
        selection: Selection,
        format: Format,
        at: Option<u32>,
        signer: Option<AccountId32>,
    ) -> Result<Self, Error> {
        let mut manifest = Manifest::begin(&selection, format, point(index, at).await?);
        manifest.signer = signer.map(|signer| signer.to_string());
        Ok(Self { selection, manifest })
    }

    /// What is known before the rows.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The name of what it is of: two plans with one id have the same rows in the same format, and the same signer.
    ///
    /// # Errors
    /// None that is known.
    pub fn id(&self) -> Result<String, Error> {
        let text = self.manifest.text().map_err(|error| Error::Differs(error.to_string()))?;
        let digits = hex(&Sha256::digest(&text));
        Ok(digits.chars().skip(2).take(ID_DIGITS).collect())
    }

    /// Makes it; `tell` hears how far it is, and may end it with an error. Dropped before its end, it leaves no file.
    ///
    /// # Errors
    /// ClickHouse does not give it, or the file cannot be written.
    pub async fn make(
        self,
        index: &Index,
        (store, pace): (&Store, Pace),
        mut target: Target,
        key: Option<&Key>,
        tell: impl FnMut(Progress) -> Result<(), Error>,
    ) -> Result<Manifest, Error> {
        let Self { selection, mut manifest } = self;
        let (format, last) = (manifest.format, manifest.index.block);
        let begun = Instant::now();
        let count = pace.query(store, &selection.count(last), format, begun);
        let what = format!("the count of rows of {}", selection.source.table);
        let all = store.in_time(&what, count.fetch_one::<u64>()).await?;
        let query = pace.query(store, &selection.rows(format, last), format, begun);
        fill(&mut target, store, query, format, all, tell).await?;
        // What was read is of one index: nobody made it anew meanwhile.
        index.is_of_its_generation().await?;
        let found = target.end(format)?;
        let rows = found.rows.map_err(|why| broken(&selection, &why))?;
        if rows != all {
            return Err(broken(&selection, &format!("{rows} rows came, and there are {all}")));
        }
        (manifest.bytes, manifest.rows, manifest.sha256) = (found.bytes, rows, found.sha256);
        manifest.made = now();
        let text = manifest.text().map_err(|error| Error::Differs(error.to_string()))?;
        let signature = key.map(|key| key.sign(&text));
        target.name(&text, signature.as_deref())?;
        Ok(manifest)
    }
}

/// The index at a block.
async fn point(index: &Index, at: Option<u32>) -> Result<Point, Error> {
    let position = index.position().await?.ok_or_else(|| {
        Error::Asked("the index is empty: `smartlink-indexer follow` fills it".to_owned())
    })?;
    let block = at.unwrap_or(position.last);
    let first = index.first();
    if !(first..=position.last).contains(&block) {
        return Err(Error::Asked(format!(
            "the index has the blocks {first} to {}: {block} (at) is none of them",
            position.last
        )));
    }
    let genesis = match first {
        0 => Some(Fixed(hash_of(index, 0).await?)),
        _ => None,
    };
    let ms = i64::try_from(index.time_of(block).await?).unwrap_or(i64::MAX);
    Ok(Point {
        block,
        digest: Fixed(digest_at(index, block).await?),
        first,
        form: index.form().to_owned(),
        genesis,
        hash: Fixed(hash_of(index, block).await?),
        time: shown(ms, SecondsFormat::Millis),
    })
}

async fn hash_of(index: &Index, block: u32) -> Result<Hash, Error> {
    let sql = format!("SELECT hash FROM blocks WHERE number = {block}");
    let hash = index.row_binary(&sql).await?;
    Hash::try_from(&*hash).ok().ok_or_else(|| {
        Error::Differs(format!(
            "the index has no block {block}, and later ones: look for what is wrong with `smartlink-indexer digest --check`"
        ))
    })
}

/// Writes rows as they come.
async fn fill(
    target: &mut Target,
    store: &Store,
    query: Query,
    format: Format,
    all: u64,
    mut tell: impl FnMut(Progress) -> Result<(), Error>,
) -> Result<(), Error> {
    let what = "the rows of an export";
    let begun = std::future::ready(query.fetch_bytes(format.name()));
    let mut pieces = store.in_time(what, begun).await?;
    while let Some(piece) = store.in_time(what, pieces.next()).await? {
        target.write(&piece)?;
        let content = target.content();
        tell(Progress { rows: content.rows(), all, bytes: content.bytes() })?;
    }
    Ok(())
}

fn broken(selection: &Selection, why: &str) -> Error {
    Error::Differs(format!(
        "ClickHouse did not give all rows of {} ({why}): nothing was signed; make the export again, and look for what is \
         wrong with `smartlink-indexer digest --check`",
        selection.source.table
    ))
}

fn now() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    shown(i64::try_from(since.as_millis()).unwrap_or(i64::MAX), SecondsFormat::Secs)
}

/// Milliseconds of the Unix epoch as RFC 3339 in UTC.
fn shown(ms: i64, precision: SecondsFormat) -> String {
    DateTime::from_timestamp_millis(ms).unwrap_or_default().to_rfc3339_opts(precision, true)
}
