//! Devices, telemetry and the embedded ClickHouse of a company without a chain, as a process of their own.

use std::{
    net::SocketAddr,
    path::Path,
    time::{Duration, Instant},
};

use smartlink_clickhouse::{Store, StoreConfig};

use crate::{
    services::{Ports, ServicesProcess, Setup},
    staff::PLATFORMS,
    Error,
};

/// How long everything that was acknowledged may take to be found.
const PATIENCE: Duration = Duration::from_secs(120);

/// What is measured. It ends when this is dropped.
pub struct Stack {
    /// Where terminals connect.
    pub jt808: SocketAddr,
    /// ClickHouse.
    pub store: Store,
    services: ServicesProcess,
    _folder: tempfile::TempDir,
}

/// Bytes on disk for each position.
pub struct Space {
    /// In the table of records.
    pub records: f64,
    /// In all tables.
    pub all: f64,
}

/// Starts the roles.
pub async fn start(offchain: &Path) -> Result<Stack, Error> {
    let folder = tempfile::tempdir()
        .map_err(|source| Error::Io { what: "making a folder for the services", source })?;
    let services = ServicesProcess::start(Setup {
        binary: offchain.to_owned(),
        company: PLATFORMS[0].id,
        // None of these roles speaks to a node.
        node: "ws://127.0.0.1:9".to_owned(),
        folder: folder.path().to_owned(),
        ports: Ports::free()?,
        set: [
            "roles=[\"clickhouse\",\"devices\",\"telemetry\"]",
            // Whoever registers is let in: terminals of the load are nobody's.
            "devices.registry.registration=\"open\"",
            // All of them come from one address, and as fast as they can.
            "devices.jt808.connections_per_address=20000",
            "devices.jt808.frames_per_second=100000",
        ]
        .map(Into::into)
        .into(),
    })?;
    let jt808 = services.jt808().await?;
    let url = format!("http://{}", services.clickhouse().await?);
    let config = StoreConfig { url, ..StoreConfig::default() };
    let store = Store::connect(&config);
    wait_for_tables(&store).await?;
    Ok(Stack { jt808, store, services, _folder: folder })
}

/// Telemetry makes the tables when it starts.
async fn wait_for_tables(store: &Store) -> Result<(), Error> {
    let began = Instant::now();
    loop {
        match store.query("SELECT count() FROM records").fetch_one::<u64>().await {
            Ok(_) => return Ok(()),
            Err(error) if began.elapsed() > PATIENCE => {
                return Err(Error::Asked(format!("telemetry did not make its tables: {error}")));
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

impl Stack {
    async fn number(&self, query: &str) -> Result<u64, Error> {
        let found = self.store.client().query(query).fetch_one::<u64>().await;
        found.map_err(|error| Error::Asked(format!("{query}: {error}")))
    }

    /// Positions that a query finds now.
    pub async fn rows(&self) -> Result<u64, Error> {
        self.number("SELECT count() FROM records").await
    }

    /// Waits until everything that was acknowledged is found, and says how many rows there are.
    pub async fn all_are_stored(&self, acknowledged: u64) -> Result<u64, Error> {
        let began = Instant::now();
        loop {
            let rows = self.rows().await?;
            if rows == acknowledged {
                return Ok(rows);
            }
            if rows > acknowledged || began.elapsed() > PATIENCE {
                return Err(Error::Asked(format!(
                    "{acknowledged} positions were acknowledged, and ClickHouse has {rows} rows"
                )));
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Bytes on disk, when all parts are merged as they will be.
    pub async fn space(&self) -> Result<Space, Error> {
        let rows = self.rows().await?.max(1) as f64;
        let of = |which: &str| {
            format!(
                "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = currentDatabase(){which}"
            )
        };
        let records = self.number(&of(" AND table = 'records'")).await? as f64 / rows;
        let all = self.number(&of("")).await? as f64 / rows;
        Ok(Space { records, all })
    }

    /// Stops the roles.
    pub async fn stop(self) -> Result<(), Error> {
        self.services.stop().await
    }
}
