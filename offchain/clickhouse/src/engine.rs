//! The embedded engine: ClickHouse in this process, behind ClickHouse's HTTP interface.

mod answer;
mod blocks;
mod call;
mod chdb;
mod credentials;
mod encoding;
mod exception;
mod input;
mod lexer;
mod lock;
mod multipart;
mod outside;
mod places;
mod server;
mod sessions;
mod spool;
mod statement;
mod stitch;
mod tokens;
mod work;

use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use serde::{Deserialize, Serialize};
use smartlink_service::{
    config::{Check, Validate},
    Secret,
};
use thiserror::Error;
use tokio::{net::TcpListener, task::JoinHandle, time::Instant};
use tokio_util::sync::CancellationToken;

pub use exception::{code, Exception};

use self::{
    chdb::Library,
    credentials::Credentials,
    lock::{FolderLock, LockError},
    server::Server,
    sessions::Sessions,
};
use crate::library::{library, LibraryMissing};

/// How an engine is run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EngineConfig {
    /// `libchdb.so`; empty: what [`library`] finds.
    pub library: PathBuf,
    /// The folder of the data. One process at a time has it.
    pub path: PathBuf,
    /// Where HTTP is spoken. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The user that may ask, when there is a password.
    pub user: String,
    /// What the user must show. Empty: nothing, which is for a loopback address.
    pub password: Secret<String>,
    /// Connections at a time. One more is closed as soon as it is made.
    pub max_connections: u32,
    /// Queries at a time. More wait.
    pub max_queries: u32,
    /// Queries that wait. One more is answered with 503 and ClickHouse's code 202.
    pub max_waiting: u32,
    /// The largest body of a request, unwrapped, in bytes. A larger one is answered with 413 and code 307.
    pub max_body_bytes: u64,
    /// How long a caller may take to send or to read a piece, in milliseconds. Then its query is stopped.
    pub idle_ms: u64,
    /// How long a query may take when it says nothing else (`max_execution_time`), in milliseconds.
    pub max_query_ms: u64,
    /// The most memory of all queries together, in bytes; one query may take half of it.
    pub max_memory_bytes: u64,
    /// The most threads of one query (`max_threads`).
    pub max_threads: u32,
    /// The threads that merge parts in the background.
    pub background_threads: u32,
    /// How long queries may go on when the engine stops, in milliseconds; then they are stopped.
    pub stop_ms: u64,
}

impl Default for EngineConfig {
    fn default() -> Self {
        Self {
            library: PathBuf::new(),
            path: PathBuf::from("clickhouse"),
            listen: SocketAddr::from(([127, 0, 0, 1], 8123)),
            user: "default".to_owned(),
            password: Secret::default(),
            max_connections: 1_024,
            max_queries: 16,
            max_waiting: 1_024,
            max_body_bytes: 4 * 1024 * 1024 * 1024,
            idle_ms: 60_000,
            max_query_ms: 300_000,
            max_memory_bytes: 4 * 1024 * 1024 * 1024,
            max_threads: 2,
            background_threads: 2,
            stop_ms: 10_000,
        }
    }
}

impl Validate for EngineConfig {
    fn validate(&self, check: &mut Check) {
        check.require(
            !self.path.as_os_str().is_empty(),
            "path",
            "set it to the folder of the data",
        );
        check.require(!self.user.is_empty(), "user", "set it to a name");
        check.require(
            self.listen.ip().is_loopback() || !self.password.expose().is_empty(),
            "password",
            "set one, for others than this machine can reach the address",
        );
        check.range("max_connections", self.max_connections, 1..=100_000);
        check.range("max_queries", self.max_queries, 1..=256);
        check.range("max_waiting", self.max_waiting, 0..=100_000);
        check.range("max_body_bytes", self.max_body_bytes, 1_024..=1 << 40);
        check.range("idle_ms", self.idle_ms, 100..=3_600_000);
        check.range("max_query_ms", self.max_query_ms, 100..=86_400_000);
        check.range("max_memory_bytes", self.max_memory_bytes, 256 * 1024 * 1024..=1 << 44);
        check.range("max_threads", self.max_threads, 1..=1_024);
        check.range("background_threads", self.background_threads, 1..=256);
        check.range("stop_ms", self.stop_ms, 0..=600_000);
    }
}

/// Why an engine does not start.
#[derive(Debug, Error)]
pub enum EngineError {
    /// The library is not there.
    #[error(transparent)]
    Library(#[from] LibraryMissing),
    /// The library is there and cannot be used.
    #[error(
        "ClickHouse's library cannot be used ({0}): run `cargo xtask setup` for the one that fits"
    )]
    Load(String),
    /// This process has an engine already.
    #[error("an engine is running in this process already: stop it first, or use its URL")]
    Running,
    /// Another process has the folder.
    #[error("{path} is used by another engine (process {owner}): stop it, or set another path")]
    Taken {
        /// The folder.
        path: PathBuf,
        /// Who has it, as far as it says.
        owner: String,
    },
    /// The folder cannot be made or read.
    #[error("{path} cannot be used for the engine's data ({source}): make it writable, or set another path")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// ClickHouse does not open the folder.
    #[error("ClickHouse does not start on its folder: {0}")]
    Open(Exception),
    /// The address cannot be had.
    #[error("{address} cannot be listened on ({source}): free it, or set another address")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
}

impl EngineError {
    fn lock(error: LockError, path: &Path) -> Self {
        let path = path.to_owned();
        match error {
            LockError::Here => Self::Running,
            LockError::Taken(owner) => Self::Taken { path, owner },
            LockError::Io(source) => Self::Folder { path, source },
        }
    }
}

/// A running engine. There is one in a process at a time.
///
/// Dropped without [`Engine::stop`] it is cut off at once, like a process that is killed: what was acknowledged
/// is there when the next one starts.
pub struct Engine {
    address: SocketAddr,
    sessions: Arc<Sessions>,
    config: EngineConfig,
    stop: CancellationToken,
    serving: JoinHandle<()>,
    lock: Option<FolderLock>,
}

impl Engine {
    /// Opens the folder and serves it.
    ///
    /// Must be called within a Tokio runtime, whose blocking threads the queries run on.
    pub async fn start(config: EngineConfig) -> Result<Self, EngineError> {
        let address = config.listen;
        let bound = |source| EngineError::Bind { address, source };
        let listener = TcpListener::bind(address).await.map_err(bound)?;
        let address = listener.local_addr().map_err(bound)?;
        let opened = {
            let config = config.clone();
            tokio::task::spawn_blocking(move || open(&config)).await
        };
        let (sessions, lock) =
            opened.map_err(|error| EngineError::Load(format!("opening it ended in {error}")))??;
        let server = Arc::new(Server {
            sessions: Arc::clone(&sessions),
            credentials: Credentials::new(&config.user, config.password.expose()),
            config: config.clone(),
        });
        let stop = CancellationToken::new();
        let serving = tokio::spawn(server.serve(listener, stop.clone()));
        tracing::info!(%address, path = %config.path.display(), version = sessions.version, "the engine serves");
        Ok(Self { address, sessions, config, stop, serving, lock: Some(lock) })
    }

    /// Where it is reached, such as `http://127.0.0.1:8123`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address, with the port that was taken.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// The version of ClickHouse.
    pub fn version(&self) -> &str {
        &self.sessions.version
    }

    /// Ends gracefully: no connection is accepted any more, requests have `stop_ms` left, and are stopped after
    /// it; then the folder is closed.
    pub async fn stop(mut self) {
        self.stop.cancel();
        let in_time = Duration::from_millis(self.config.stop_ms);
        let in_time = tokio::time::timeout(in_time, &mut self.serving).await.is_ok();
        if !in_time {
            tracing::warn!("queries are stopped: they took longer than a stop may");
            self.serving.abort();
        }
        self.sessions.close();
        let begun = Instant::now();
        while self.sessions.running(&self.config) > 0 && begun.elapsed() < LAST_QUERIES {
            let sessions = Arc::clone(&self.sessions);
            tokio::task::spawn_blocking(move || sessions.kill_all()).await.ok();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let (sessions, lock) = (Arc::clone(&self.sessions), self.lock.take());
        tokio::task::spawn_blocking(move || {
            sessions.end();
            drop(lock);
        })
        .await
        .ok();
    }
}

/// How long queries may take to end after they were told to.
const LAST_QUERIES: Duration = Duration::from_secs(10);

impl Drop for Engine {
    fn drop(&mut self) {
        self.stop.cancel();
        self.serving.abort();
        self.sessions.close();
        self.sessions.end();
    }
}

/// Locks the folder, loads the library, opens the engine. Blocks for tenths of a second.
fn open(config: &EngineConfig) -> Result<(Arc<Sessions>, FolderLock), EngineError> {
    let path = match config.library.as_os_str().is_empty() {
        true => library()?,
        false => config.library.clone(),
    };
    let failed = |error| EngineError::lock(error, &config.path);
    let lock = FolderLock::take(&config.path).map_err(failed)?;
    let folder = |source| EngineError::Folder { path: config.path.clone(), source };
    let forgotten = tokens::forget(&config.path).map_err(folder)?;
    if forgotten > 0 {
        tracing::warn!(
            tokens = forgotten,
            "inserts were cut off between their token and their rows: the tokens were forgotten"
        );
    }
    let library = Library::load(&path).map_err(|error| EngineError::Load(error.to_string()))?;
    let sessions = Sessions::open(library, config).map_err(EngineError::Open)?;
    Ok((Arc::new(sessions), lock))
}

/// An id that nobody else has, in the form of a UUID.
fn unique() -> String {
    // Every RandomState has keys of its own, from the system's randomness.
    let random = || RandomState::new().build_hasher().finish();
    let (high, low) = (random(), random());
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 48 & 0xfff,
        low & 0xffff_ffff_ffff
    )
}
