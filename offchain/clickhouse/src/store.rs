//! The client of ClickHouse, embedded or a cluster.

use std::{future::Future, time::Duration};

use bytes::Bytes;
use clickhouse::{error::Error, query::Query, Client, RowOwned, RowWrite};
use futures::Stream;
use serde::{Deserialize, Serialize};
use smartlink_service::{
    config::{Check, Validate},
    Secret,
};
use thiserror::Error as ThisError;

/// Where ClickHouse is, and how patient one is with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoreConfig {
    /// Its HTTP address, such as `http://127.0.0.1:8123`. Of a cluster: a load balancer's.
    pub url: String,
    /// The user, when ClickHouse wants one.
    pub user: String,
    /// The user's password. Empty: none is shown.
    pub password: Secret<String>,
    /// The database that all tables lie in.
    pub database: String,
    /// How long a statement other than an insert may take, in milliseconds. Streams: until their first piece.
    pub query_ms: u64,
    /// How long an insert may take to be stored after its last byte, and each piece of it to be sent, in
    /// milliseconds.
    pub insert_ms: u64,
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self {
            url: "http://127.0.0.1:8123".to_owned(),
            user: "default".to_owned(),
            password: Secret::default(),
            database: "smartlink".to_owned(),
            query_ms: 30_000,
            insert_ms: 60_000,
        }
    }
}

impl Validate for StoreConfig {
    fn validate(&self, check: &mut Check) {
        check.require(
            self.url.starts_with("http://"),
            "url",
            "set it to http:// and an address: TLS ends at a proxy beside ClickHouse",
        );
        check.require(
            is_name(&self.database),
            "database",
            "set it to a name of letters, digits and underscores that does not begin with a digit",
        );
        check.range("query_ms", self.query_ms, 100..=86_400_000);
        check.range("insert_ms", self.insert_ms, 100..=86_400_000);
    }
}

/// Whether a name can stand in SQL as it is.
pub(crate) fn is_name(name: &str) -> bool {
    let begins = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    begins && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Why ClickHouse did not do it.
#[derive(Debug, ThisError)]
pub enum StoreError {
    /// It answered with an error.
    #[error("ClickHouse refused {what}: {text}")]
    Refused {
        /// What it was asked for.
        what: String,
        /// ClickHouse's number of the error, 0 if it named none.
        code: i32,
        /// ClickHouse's words.
        text: String,
    },
    /// It cannot be reached, or the connection broke.
    #[error(
        "ClickHouse cannot be reached for {what} ({source}): start it, or set `url` to where it is"
    )]
    Away {
        /// What it was asked for.
        what: String,
        /// What the client says.
        source: Error,
    },
    /// It did not answer in time.
    #[error("ClickHouse did not answer within {milliseconds} ms for {what}: it may still do it, try again with the same token")]
    Late {
        /// What it was asked for.
        what: String,
        /// The time that it had.
        milliseconds: u64,
    },
    /// Rows and table do not fit.
    #[error("{what} does not fit its table ({source}): run the migrations of this program")]
    Misfit {
        /// What it was asked for.
        what: String,
        /// What the client says.
        source: Error,
    },
}

impl StoreError {
    fn of(what: impl Into<String>, error: Error) -> Self {
        let what = what.into();
        match error {
            Error::BadResponse(text) => {
                let code = text
                    .split("Code: ")
                    .nth(1)
                    .and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next())
                    .and_then(|digits| digits.parse().ok())
                    .unwrap_or(0);
                Self::Refused { what, code, text }
            }
            source @ (Error::Network(_) | Error::TimedOut) => Self::Away { what, source },
            source => Self::Misfit { what, source },
        }
    }

    /// Whether the same may succeed later without anybody changing anything: ClickHouse is away, slow, or has too
    /// much to do.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Away { .. } | Self::Late { .. } => true,
            // No answer's code; timeout; too many queries, parts; memory; network; ZooKeeper; read-only replica.
            Self::Refused { code, .. } => {
                matches!(code, 0 | 159 | 202 | 209 | 210 | 241 | 242 | 252 | 319 | 394 | 425 | 999)
            }
            Self::Misfit { .. } => false,
        }
    }
}

/// A client of one database. Clones share its connections.
#[derive(Clone)]
pub struct Store {
    client: Client,
    query_in: Duration,
    insert_in: Duration,
    database: String,
}

impl Store {
    /// A client; nothing is sent yet.
    pub fn connect(config: &StoreConfig) -> Self {
        let mut client = Client::default().with_url(&config.url).with_database(&config.database);
        if !config.password.expose().is_empty() {
            client = client.with_user(&config.user).with_password(config.password.expose());
        }
        Self {
            client,
            query_in: Duration::from_millis(config.query_ms),
            insert_in: Duration::from_millis(config.insert_ms),
            database: config.database.clone(),
        }
    }

    /// The client, for what this does not do.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The database.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// Begins a query; `?` stands for what is bound, `??` for a question mark.
    pub fn query(&self, sql: &str) -> Query {
        self.client.query(sql)
    }

    /// Runs a statement that answers nothing.
    ///
    /// # Errors
    /// As ClickHouse says, or it took longer than `query_ms`.
    pub async fn execute(&self, sql: &str) -> Result<(), StoreError> {
        self.in_time(sql, self.client.query_raw(sql).execute()).await
    }

    /// Waits for a query's future for as long as a query may take; `what` names it in errors.
    ///
    /// # Errors
    /// As ClickHouse says, or it took longer than `query_ms`.
    pub async fn in_time<T>(
        &self,
        what: &str,
        query: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, StoreError> {
        let what = || what.chars().take(200).collect::<String>();
        match tokio::time::timeout(self.query_in, query).await {
            Ok(done) => done.map_err(|error| StoreError::of(what(), error)),
            Err(_) => {
                let milliseconds = u64::try_from(self.query_in.as_millis()).unwrap_or(u64::MAX);
                Err(StoreError::Late { what: what(), milliseconds })
            }
        }
    }

    /// Whether ClickHouse answers, knows the user and has the database.
    ///
    /// # Errors
    /// What is not so.
    pub async fn ready(&self) -> Result<(), StoreError> {
        self.in_time("a first question", self.query("SELECT 1").fetch_one::<u8>()).await?;
        Ok(())
    }

    /// Makes the database if it is not there; on `cluster`, when one is named.
    ///
    /// # Errors
    /// As ClickHouse says.
    pub async fn create_database(&self, cluster: Option<&str>) -> Result<(), StoreError> {
        let on_cluster =
            cluster.map(|cluster| format!(" ON CLUSTER '{cluster}'")).unwrap_or_default();
        let sql = format!("CREATE DATABASE IF NOT EXISTS {}{on_cluster}", self.database);
        // A database that is not there cannot be the current one.
        let client = self.client.clone().with_database("system");
        self.in_time(&sql, client.query(&sql).execute()).await
    }

    /// Inserts rows once, however often it is asked to with the same token: into the table and into all that
    /// follows from it by materialized views. When it returns, the rows are stored.
    ///
    /// The same token stands for the same rows in the same order, for up to the last 10,000 inserts of the table.
    /// At most a million rows, which are one block.
    ///
    /// # Errors
    /// As ClickHouse says, or it was too slow. What [`StoreError::is_passing`] is tried again with the same token.
    pub async fn insert_rows<T>(
        &self,
        table: &str,
        rows: impl IntoIterator<Item = &T>,
        token: &str,
    ) -> Result<(), StoreError>
    where
        T: RowOwned + RowWrite,
    {
        let what = || format!("an insert into {table}");
        let failed = |error| StoreError::of(what(), error);
        let mut insert = self
            .in_time(&what(), self.client.insert::<T>(table))
            .await?
            .with_timeouts(Some(self.insert_in), Some(self.insert_in));
        for (name, value) in once(token) {
            insert = insert.with_setting(name, value);
        }
        for row in rows {
            insert.write(row).await.map_err(failed)?;
        }
        insert.end().await.map_err(failed)
    }

    /// A query's answer in a format, piece by piece: for exports. Neither side keeps more than a few pieces.
    ///
    /// # Errors
    /// As ClickHouse says, until the first piece; then in the stream, which ends with it.
    pub async fn stream(
        &self,
        query: Query,
        format: &str,
    ) -> Result<impl Stream<Item = Result<Bytes, StoreError>> + Send + 'static, StoreError> {
        let what = "an export";
        let mut cursor = query.fetch_bytes(format).map_err(|error| StoreError::of(what, error))?;
        let first = self.in_time(what, cursor.next()).await?;
        Ok(futures::stream::try_unfold((cursor, first), move |(mut cursor, ahead)| async move {
            let Some(piece) = ahead else { return Ok(None) };
            let next = cursor.next().await.map_err(|error| StoreError::of(what, error))?;
            Ok(Some((piece, (cursor, next))))
        }))
    }
}

/// The settings that make an insert count once, and be stored when it is acknowledged.
pub fn once(token: &str) -> [(&'static str, String); 7] {
    [
        ("insert_deduplication_token", token.to_owned()),
        ("insert_deduplicate", "1".to_owned()),
        ("deduplicate_blocks_in_dependent_materialized_views", "1".to_owned()),
        // A token stands for one block: an insert is never parted.
        ("max_insert_block_size", "1048576".to_owned()),
        ("min_insert_block_size_bytes", "0".to_owned()),
        ("async_insert", "0".to_owned()),
        // In a cluster: stored on a shard, not only in the queue of the Distributed table.
        ("distributed_foreground_insert", "1".to_owned()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_told_from_what_stays() {
        let refused = |text: &str| StoreError::of("x", Error::BadResponse(text.to_owned()));
        assert!(refused("Code: 202. DB::Exception: Too many simultaneous queries.").is_passing());
        assert!(refused("503 Service Unavailable").is_passing());
        assert!(!refused("Code: 60. DB::Exception: Unknown table. (UNKNOWN_TABLE)").is_passing());
        assert!(StoreError::of("x", Error::TimedOut).is_passing());
        assert!(!StoreError::of("x", Error::SchemaMismatch(String::new())).is_passing());
    }

    #[test]
    fn a_database_has_a_plain_name() {
        let wrong = |config: StoreConfig| {
            Check::all(&config).into_iter().map(|wrong| wrong.key).collect::<Vec<_>>()
        };
        assert!(wrong(StoreConfig::default()).is_empty());
        let config = StoreConfig {
            database: "a`b".into(),
            url: "https://x".into(),
            ..StoreConfig::default()
        };
        assert_eq!(wrong(config), ["url", "database"]);
    }
}
