//! ClickHouse: what is kept for ever, how far the index has come, and the tables that follow.

mod insert;
mod kept;
mod lease;
mod position;
mod reading;
pub mod schema;
mod stride;

use std::{
    collections::BTreeSet,
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc,
    },
    time::Duration,
};

use clickhouse::Row;
use serde::{Deserialize, Serialize};
use smartlink_clickhouse::{
    migrations::{migrate_by, Migration},
    Layout, Policy, Store, StoreConfig, StoreError,
};

use crate::{config::IndexerConfig, entities::Registry, error::Error};

pub use insert::{Backoff, Batch};
pub use lease::Lease;
pub use position::Position;
pub use reading::BlockRows;
pub use stride::Stride;

/// The tables that are kept for ever, in order.
pub const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "index", text: include_str!("../../migrations/0001_index.sql") },
    Migration {
        version: 2,
        name: "leases",
        text: include_str!("../../migrations/0002_leases.sql"),
    },
];

/// The index in ClickHouse. Clones share its connections.
#[derive(Clone)]
pub struct Index {
    store: Store,
    /// The same, and as patient as inserts need it.
    inserting: Store,
    layout: Layout,
    registry: Arc<Registry>,
    inserts: usize,
    retry_most: Duration,
    insert_in: Duration,
    fsync: bool,
    failures: Arc<AtomicU64>,
    generation: u32,
    /// The first block of the index.
    first: u32,
    /// The form that it has.
    form: String,
}

#[derive(Debug, Row, Serialize, Deserialize)]
struct GenerationRow {
    generation: u32,
    form: String,
    first: u32,
    /// Whether its tables are made. Before that, there may be those of the generation before.
    made: bool,
}

/// A client that waits for an answer as long as an insert may take.
fn inserting(config: &IndexerConfig) -> Store {
    Store::connect(&StoreConfig { query_ms: config.store.insert_ms, ..config.store.clone() })
}

/// Nobody else can have written since the lease was taken.
async fn alone(lease: &Lease) -> Result<(), Error> {
    match lease.hold().await? {
        0 => Ok(()),
        _ => Err(interrupted()),
    }
}

fn interrupted() -> Error {
    Error::Asked(
        "another indexer wrote this index while this one stood still, or before it began: start it again, and it goes on from \
         what is there"
            .to_owned(),
    )
}

impl Index {
    /// Opens the index, and makes its tables where there are none. It begins with `first`, 0 unless it is told otherwise; what
    /// began already stays as it is.
    ///
    /// # Errors
    /// ClickHouse does not do it, or the index there has another form.
    pub async fn open(
        config: &IndexerConfig,
        registry: Arc<Registry>,
        first: u32,
    ) -> Result<Self, Error> {
        let mut index = Self::connect(config, registry).await?;
        if let Some(row) = index.last_generation().await?.filter(|row| row.made) {
            index.check(row)?;
            return Ok(index);
        }
        // Making tables drops what is there: nobody may write meanwhile.
        let lease = index.lease().await?;
        match index.last_generation().await? {
            Some(row) if row.made => index.check(row)?,
            Some(row) => {
                index.check(row)?;
                index.make(&lease).await?;
            }
            None => {
                index.begin(1, first, false).await?;
                index.make(&lease).await?;
            }
        }
        lease.release().await;
        Ok(index)
    }

    /// Begins the index anew: everything that follows from raw blocks is dropped and made again, empty. The raw blocks
    /// stay.
    ///
    /// # Errors
    /// ClickHouse does not do it.
    pub async fn renew(config: &IndexerConfig, registry: Arc<Registry>) -> Result<Self, Error> {
        let mut index = Self::connect(config, registry).await?;
        let lease = index.lease().await?;
        let last = index.last_generation().await?;
        let (generation, first) = last.map_or((1, 0), |row| (row.generation + 1, row.first));
        index.begin(generation, first, false).await?;
        index.make(&lease).await?;
        lease.release().await;
        Ok(index)
    }

    /// Drops what follows from raw blocks, and makes it again, empty. Whoever opens the index after a kill within this does it
    /// again.
    async fn make(&mut self, lease: &Lease) -> Result<(), Error> {
        for table in self.derived().await? {
            alone(lease).await?;
            let sql = format!("DROP TABLE IF EXISTS {table}{} SYNC", self.on_cluster());
            self.store.execute(&sql).await?;
        }
        for statement in schema::create(&self.registry, &self.layout, self.fsync) {
            alone(lease).await?;
            self.store.execute(&statement).await?;
        }
        alone(lease).await?;
        self.begin(self.generation, self.first, true).await
    }

    /// Whether it is as it was left: of this generation, and where it had come to.
    ///
    /// # Errors
    /// Another indexer wrote it meanwhile.
    pub async fn is_as_left(&self, position: Option<&Position>) -> Result<(), Error> {
        let generation = self.last_generation().await?.map(|row| (row.generation, row.made));
        let same = generation == Some((self.generation, true));
        match same && self.position().await?.as_ref() == position {
            true => Ok(()),
            false => Err(interrupted()),
        }
    }

    /// Whether it was not begun anew since it was opened.
    ///
    /// # Errors
    /// It was.
    pub async fn is_of_its_generation(&self) -> Result<(), Error> {
        match self.last_generation().await? {
            Some(row) if row.made && row.generation == self.generation => Ok(()),
            _ => Err(interrupted()),
        }
    }

    async fn connect(config: &IndexerConfig, registry: Arc<Registry>) -> Result<Self, Error> {
        let store = Store::connect(&config.store);
        let layout = config.layout();
        let policy = Policy { keep_days: 0, recompress_days: 0, fsync: config.storing.fsync };
        migrate_by(MIGRATIONS, &store, &layout, &policy).await?;
        Ok(Self {
            store,
            layout,
            registry,
            inserts: config.storing.inserts,
            retry_most: Duration::from_millis(config.storing.retry_most_ms),
            insert_in: Duration::from_millis(config.store.insert_ms),
            inserting: inserting(config),
            fsync: config.storing.fsync,
            failures: Arc::default(),
            generation: 0,
            first: 0,
            form: String::new(),
        })
    }

    /// An index that is there, only to be read: of another indexer as well, whatever its form.
    ///
    /// # Errors
    /// There is none.
    pub async fn read_only(config: &IndexerConfig, registry: Arc<Registry>) -> Result<Self, Error> {
        let store = Store::connect(&config.store);
        let mut index = Self {
            store,
            layout: config.layout(),
            registry,
            inserts: 1,
            retry_most: Duration::from_millis(config.storing.retry_most_ms),
            insert_in: Duration::from_millis(config.store.insert_ms),
            inserting: inserting(config),
            fsync: config.storing.fsync,
            failures: Arc::default(),
            generation: 0,
            first: 0,
            form: String::new(),
        };
        let none = || {
            Error::Asked(format!(
                "there is no index in the database {} at {}: `smartlink-indexer follow` makes one; or name the right one with \
                 --set store.url and store.database",
                config.store.database, config.store.url
            ))
        };
        let row = match index.last_generation().await {
            Ok(row) => row.ok_or_else(none)?,
            // No such database, no such table.
            Err(Error::Store(StoreError::Refused { code: 60 | 81, .. })) => return Err(none()),
            Err(error) => return Err(error),
        };
        (index.generation, index.first, index.form) = (row.generation, row.first, row.form);
        Ok(index)
    }

    fn check(&mut self, row: GenerationRow) -> Result<(), Error> {
        let own = self.registry.form();
        if row.form != own {
            return Err(Error::Form { stored: row.form, own });
        }
        (self.generation, self.first, self.form) = (row.generation, row.first, row.form);
        Ok(())
    }

    async fn begin(&mut self, generation: u32, first: u32, made: bool) -> Result<(), Error> {
        let row = GenerationRow { generation, form: self.registry.form(), first, made };
        let token = format!("generations-{generation}-{made}");
        self.store.insert_rows("generations", [&row], &token).await?;
        (self.generation, self.first, self.form) = (generation, first, row.form);
        Ok(())
    }

    async fn last_generation(&self) -> Result<Option<GenerationRow>, Error> {
        let sql = "SELECT generation, form, first, made FROM generations \
                   ORDER BY generation DESC, made DESC LIMIT 1";
        let query = self.store.query(sql).fetch_optional();
        Ok(self.store.in_time("the index's generation", query).await?)
    }

    /// What is there of the tables that follow, also of entities that this program does not know any more. Views come
    /// first.
    async fn derived(&self) -> Result<Vec<String>, Error> {
        let kept: BTreeSet<&str> = [
            "raw_blocks",
            "runtimes",
            "generations",
            "cuts",
            "progress",
            "leases",
            "schema_migrations",
        ]
        .into();
        let sql = "SELECT name FROM system.tables WHERE database = ? \
                   ORDER BY engine = 'MaterializedView' DESC, engine = 'Distributed' DESC, name";
        let query = self.store.query(sql).bind(self.store.database()).fetch_all::<String>();
        let tables = self.store.in_time("the tables that are there", query).await?;
        let plain = |name: &str| name.strip_suffix("_local").unwrap_or(name).to_owned();
        Ok(tables.into_iter().filter(|name| !kept.contains(&*plain(name))).collect())
    }

    fn on_cluster(&self) -> String {
        match &self.layout {
            Layout::Single => String::new(),
            Layout::Cluster(name) => format!(" ON CLUSTER '{name}'"),
        }
    }

    /// Its entities.
    pub fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// How often it was begun anew.
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// Inserts that failed and were tried again.
    pub fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    /// Its first block.
    pub fn first(&self) -> u32 {
        self.first
    }

    /// Names the form that its tables have.
    pub fn form(&self) -> &str {
        &self.form
    }

    /// The client.
    pub fn store(&self) -> &Store {
        &self.store
    }
}
