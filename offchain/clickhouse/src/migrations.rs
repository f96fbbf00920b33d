//! Tables, brought up to date.
//!
//! A migration is a text in `migrations/`, from which the statements for a single server and for a cluster are made.
//! Which were applied stands in the table `schema_migrations`, with a checksum of the text. Every statement may run
//! twice: a migration that was cut off is begun again.

mod dialect;
mod policy;

use cityhash_rs::cityhash_102_128;
use clickhouse::Row;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use self::{dialect::Layout, policy::Policy};
use crate::store::{Store, StoreError};

/// A step from one state of the tables to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its place, from 1, without a gap.
    pub version: u32,
    /// What it is about.
    pub name: &'static str,
    /// The statements, as `migrations/` has them.
    pub text: &'static str,
}

/// All of them, in order.
pub const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "telemetry",
    text: include_str!("../migrations/0001_telemetry.sql"),
}];

impl Migration {
    /// The checksum of its text, hexadecimal.
    pub fn checksum(&self) -> String {
        format!("{:032x}", cityhash_102_128(self.text.as_bytes()))
    }

    /// The statements for a layout, in order.
    pub fn statements(&self, layout: &Layout) -> Vec<String> {
        layout.statements(self.text)
    }
}

/// Why the tables are not up to date.
#[derive(Debug, Error)]
pub enum MigrateError {
    /// ClickHouse did not do it.
    #[error("the tables cannot be brought up to date: {0}")]
    Store(#[from] StoreError),
    /// A statement of a migration failed.
    #[error("migration {version} ({name}) stopped at its statement {statement}: {source}")]
    Statement {
        /// The migration's version.
        version: u32,
        /// Its name.
        name: &'static str,
        /// Which statement, from 1.
        statement: usize,
        /// What ClickHouse says.
        source: StoreError,
    },
    /// The text of a migration is not that which was applied.
    #[error(
        "migration {version} ({name}) was applied with another text (checksum {applied}, now {now}): leave it as it \
         was, and write a new migration for what shall change"
    )]
    Changed {
        /// The migration's version.
        version: u32,
        /// Its name.
        name: &'static str,
        /// The checksum of what was applied.
        applied: String,
        /// The checksum of what is here.
        now: String,
    },
    /// The database is ahead of this program.
    #[error(
        "the database has migration {0}, which this program does not know: use the newer program"
    )]
    Newer(u32),
    /// The cluster's name cannot be.
    #[error("the cluster's name {0:?} is not of letters, digits and underscores: name it as remote_servers does")]
    Cluster(String),
}

#[derive(Clone, Debug, Row, Serialize, Deserialize)]
struct Applied {
    version: u32,
    checksum: String,
}

/// Makes the database if it is not there, applies the migrations that were not, and brings the policy about.
///
/// Returns the versions that were applied now. It may run again at any time, and at several places at once.
///
/// # Errors
/// ClickHouse does not do it, or the database was made by another text or a newer program. Nothing is undone; what
/// was begun goes on when it is called again.
pub async fn migrate(
    store: &Store,
    layout: &Layout,
    policy: &Policy,
) -> Result<Vec<u32>, MigrateError> {
    migrate_by(MIGRATIONS, store, layout, policy).await
}

/// [`migrate`] by other migrations than this program's.
pub async fn migrate_by(
    migrations: &[Migration],
    store: &Store,
    layout: &Layout,
    policy: &Policy,
) -> Result<Vec<u32>, MigrateError> {
    if let (Layout::Cluster(name), false) = (layout, layout.is_valid()) {
        return Err(MigrateError::Cluster(name.clone()));
    }
    let cluster = match layout {
        Layout::Single => None,
        Layout::Cluster(name) => Some(name.as_str()),
    };
    store.create_database(cluster).await?;
    store.execute(&ledger(layout)).await?;
    let applied = applied(store).await?;
    check(migrations, &applied)?;
    let mut done = Vec::new();
    for migration in migrations {
        if applied.iter().any(|row| row.version == migration.version) {
            continue;
        }
        apply(migration, store, layout).await?;
        tracing::info!(version = migration.version, name = migration.name, "applied a migration");
        done.push(migration.version);
    }
    policy.bring_about(store, layout).await?;
    Ok(done)
}

/// Where it stands which migrations were applied. On a cluster every server has the same rows.
fn ledger(layout: &Layout) -> String {
    let engine = match layout {
        Layout::Single => "MergeTree".to_owned(),
        Layout::Cluster(_) => {
            "ReplicatedMergeTree('/clickhouse/tables/all/{database}/{table}', '{shard}-{replica}')"
                .to_owned()
        }
    };
    format!(
        "CREATE TABLE IF NOT EXISTS schema_migrations {} (version UInt32, name String, checksum String, \
         applied_at DateTime64(3, 'UTC') DEFAULT now64(3)) ENGINE = {engine} ORDER BY version",
        layout.on_cluster()
    )
}

async fn applied(store: &Store) -> Result<Vec<Applied>, StoreError> {
    let sql = "SELECT DISTINCT version, checksum FROM schema_migrations ORDER BY version";
    store.in_time(sql, store.query(sql).fetch_all::<Applied>()).await
}

/// What was applied is what is known here.
fn check(migrations: &[Migration], applied: &[Applied]) -> Result<(), MigrateError> {
    for row in applied {
        let Some(migration) = migrations.iter().find(|known| known.version == row.version) else {
            return Err(MigrateError::Newer(row.version));
        };
        if migration.checksum() != row.checksum {
            return Err(MigrateError::Changed {
                version: row.version,
                name: migration.name,
                applied: row.checksum.clone(),
                now: migration.checksum(),
            });
        }
    }
    Ok(())
}

async fn apply(migration: &Migration, store: &Store, layout: &Layout) -> Result<(), MigrateError> {
    for (index, statement) in migration.statements(layout).iter().enumerate() {
        store.execute(statement).await.map_err(|source| MigrateError::Statement {
            version: migration.version,
            name: migration.name,
            statement: index + 1,
            source,
        })?;
    }
    let sql = format!(
        "INSERT INTO schema_migrations (version, name, checksum) VALUES ({}, '{}', '{}')",
        migration.version,
        migration.name,
        migration.checksum()
    );
    Ok(store.execute(&sql).await?)
}
