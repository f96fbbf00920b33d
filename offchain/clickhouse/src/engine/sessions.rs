//! Sessions with the engine: one for each request, as many at a time as may be.

use std::{
    collections::HashSet,
    path::Path,
    sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard},
    thread,
    time::Duration,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    chdb::{Connection, Library},
    exception::{code, Exception},
    outside,
    spool::Spool,
    tokens, EngineConfig,
};

/// The longest statement, in bytes; an insert's data does not count.
pub(super) const LONGEST_STATEMENT: usize = 1024 * 1024;
/// Longer than an insert takes from writing its token down to naming its part.
const NAMING: Duration = Duration::from_millis(100);

/// The open engine.
pub(super) struct Sessions {
    library: &'static Library,
    path: String,
    /// What the engine as a whole is opened with.
    opening: Vec<String>,
    /// Settings that every session begins with.
    defaults: Vec<(String, String)>,
    /// Keeps the engine open between requests, and stops queries that nobody waits for any more.
    keeper: Mutex<Option<Connection>>,
    /// Shared by all sessions; had alone by who closes the engine for a moment.
    open: RwLock<()>,
    /// A permit is a session.
    places: Arc<Semaphore>,
    /// A permit is a request that runs or waits for its session.
    queue: Arc<Semaphore>,
    /// The names of all settings.
    pub(super) settings: HashSet<String>,
    pub(super) version: String,
    pub(super) spool: Spool,
}

/// A session of one request.
pub(super) struct Session<'a> {
    // Closed before the engine may be.
    pub(super) connection: Connection,
    _open: RwLockReadGuard<'a, ()>,
}

/// A place in the queue, and then a session's.
pub(super) struct Place {
    _session: OwnedSemaphorePermit,
    _queue: OwnedSemaphorePermit,
}

impl Sessions {
    /// Opens the engine on the folder of `config`. Blocks.
    pub(super) fn open(
        library: &'static Library,
        config: &EngineConfig,
    ) -> Result<Self, Exception> {
        let path = config.path.to_string_lossy().into_owned();
        let failed = || {
            let sentence =
                format!("the engine cannot open {path}: see what it wrote to stderr above");
            Exception::new(code::LOGICAL_ERROR, "LOGICAL_ERROR", sentence)
        };
        let mut opening = boot(config);
        opening.push(format!("--path={path}"));
        let mut keeper = Connection::open(library, &opening).ok_or_else(failed)?;
        let mut ask = |sql: &str| -> Result<String, Exception> {
            let answer = keeper.query(sql.as_bytes(), "TabSeparatedRaw", &[])?;
            Ok(String::from_utf8_lossy(answer.bytes()).trim_end().to_owned())
        };
        let settings =
            ask("SELECT name FROM system.settings")?.lines().map(str::to_owned).collect();
        let version = ask("SELECT version()")?;
        let running = config.max_queries as usize;
        let spool = Spool::open(&config.path).map_err(|error| {
            let sentence = format!("the folder for answers in {path} cannot be made ({error})");
            Exception::new(code::LOGICAL_ERROR, "LOGICAL_ERROR", sentence)
        })?;
        Ok(Self {
            library,
            path,
            opening,
            defaults: defaults(config),
            keeper: Mutex::new(Some(keeper)),
            open: RwLock::new(()),
            places: Arc::new(Semaphore::new(running)),
            queue: Arc::new(Semaphore::new(running + config.max_waiting as usize)),
            settings,
            version,
            spool,
        })
    }

    /// Waits for a place; refuses at once when too many wait already.
    pub(super) async fn place(&self) -> Result<Place, Exception> {
        let too_many = |_| {
            Exception::new(
                code::TOO_MANY_SIMULTANEOUS_QUERIES,
                "TOO_MANY_SIMULTANEOUS_QUERIES",
                "Too many simultaneous queries: all sessions are taken and the queue is full; try again later",
            )
        };
        let queue = Arc::clone(&self.queue).try_acquire_owned().map_err(too_many)?;
        // Closed only when the engine stops.
        let session = Arc::clone(&self.places).acquire_owned().await.map_err(|_| stopped())?;
        Ok(Place { _session: session, _queue: queue })
    }

    /// Opens a session with settings of its own, marked with `mark` so that it can be found. Blocks.
    pub(super) fn session(
        &self,
        mark: &str,
        settings: &[(String, String)],
        database: Option<&str>,
    ) -> Result<Session<'_>, Exception> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        self.is_open()?;
        let mut arguments = vec![format!("--path={}", self.path)];
        let mut comment = None;
        for (name, value) in self.defaults.iter().chain(settings) {
            match name.as_str() {
                "log_comment" => comment = Some(value.as_str()),
                name => arguments.push(format!("--{name}={value}")),
            }
        }
        arguments.push(format!("--log_comment={mark} {}", comment.unwrap_or_default()));
        let mut connection =
            Connection::open(self.library, &arguments).ok_or_else(|| self.why_refused(settings))?;
        if let Some(database) = database {
            let name = database.replace('\\', "\\\\").replace('`', "\\`");
            connection.query(format!("USE `{name}`").as_bytes(), "Null", &[])?;
        }
        Ok(Session { connection, _open: open })
    }

    /// Opens the engine again if it could not be opened when it was closed for a moment.
    fn is_open(&self) -> Result<(), Exception> {
        let mut keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner);
        if keeper.is_none() && !self.places.is_closed() {
            *keeper = self.open_again();
        }
        keeper.as_ref().map(|_| ()).ok_or_else(stopped)
    }

    /// After an insert that failed: if it has left its token and not its rows, the engine is closed, the token forgotten,
    /// and the engine opened again. What runs is stopped, and what comes waits. Blocks.
    pub(super) fn forget_tokens(&self) {
        let lost = || tokens::without_rows(Path::new(&self.path)).unwrap_or_default();
        let first = lost();
        if first.is_empty() {
            return;
        }
        // An insert that is under way looks the same for a moment.
        thread::sleep(NAMING);
        if lost().is_disjoint(&first) {
            return;
        }
        self.kill_all();
        let _alone = self.open.write().unwrap_or_else(PoisonError::into_inner);
        let mut keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner);
        // The engine stops, or another has done it.
        if keeper.is_none() || lost().is_empty() {
            return;
        }
        *keeper = None;
        *keeper = self.open_again();
    }

    /// Opens the engine after it was closed for a moment. It stays closed when that cannot be: nothing is lost then.
    fn open_again(&self) -> Option<Connection> {
        match tokens::forget(Path::new(&self.path)) {
            Ok(tokens) => tracing::warn!(tokens, "an insert failed after its token was written: the token was forgotten, and the engine is opened again"),
            Err(error) => {
                tracing::error!(%error, "the token of an insert that failed cannot be forgotten, and the engine stays closed: free the disk, or make its folder writable");
                return None;
            }
        }
        let opened = Connection::open(self.library, &self.opening);
        if opened.is_none() {
            tracing::error!(
                path = self.path,
                "the engine cannot open its folder again: see what it wrote to stderr"
            );
        }
        opened
    }

    /// Why no session could be opened: the setting that cannot be, in the engine's words.
    fn why_refused(&self, settings: &[(String, String)]) -> Exception {
        let plain = Connection::open(self.library, &[format!("--path={}", self.path)]);
        let refused = plain.and_then(|mut session| {
            settings.iter().find_map(|(name, value)| {
                let value = value.replace('\\', "\\\\").replace('\'', "\\'");
                session.query(format!("SET {name} = '{value}'").as_bytes(), "Null", &[]).err()
            })
        });
        refused.unwrap_or_else(stopped)
    }

    /// Stops the query of the session with this mark, if it runs. Blocks for milliseconds.
    pub(super) fn kill(&self, mark: &str) {
        let mut keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(keeper) = keeper.as_mut() else { return };
        let parameters = [("mark".to_owned(), format!("{mark} "))];
        let sql = "KILL QUERY WHERE startsWith(Settings['log_comment'], {mark:String}) ASYNC";
        if let Err(error) = keeper.query(sql.as_bytes(), "Null", &parameters) {
            tracing::warn!(%error, mark, "a query that nobody waits for cannot be stopped");
        }
    }

    /// Stops all queries. Blocks for milliseconds.
    pub(super) fn kill_all(&self) {
        let mut keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(keeper) = keeper.as_mut() else { return };
        let sql = "KILL QUERY WHERE Settings['log_comment'] != '' ASYNC";
        if let Err(error) = keeper.query(sql.as_bytes(), "Null", &[]) {
            tracing::warn!(%error, "queries cannot be stopped");
        }
    }

    /// Lets nobody in any more.
    pub(super) fn close(&self) {
        self.places.close();
    }

    /// Requests that run.
    pub(super) fn running(&self, config: &EngineConfig) -> usize {
        (config.max_queries as usize).saturating_sub(self.places.available_permits())
    }

    /// Closes the engine, once the last session is gone. Blocks.
    pub(super) fn end(&self) {
        drop(self.keeper.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

fn stopped() -> Exception {
    let sentence = "the engine is stopping, or cannot open another session: try again later";
    Exception::new(code::TOO_MANY_SIMULTANEOUS_QUERIES, "TOO_MANY_SIMULTANEOUS_QUERIES", sentence)
}

/// What the engine as a whole is told when it opens.
fn boot(config: &EngineConfig) -> Vec<String> {
    let background = config.background_threads.max(1);
    vec![
        format!("--background_pool_size={background}"),
        "--background_merges_mutations_concurrency_ratio=1".to_owned(),
        format!("--background_schedule_pool_size={}", background + 1),
        format!("--max_server_memory_usage={}", config.max_memory_bytes),
        "--mark_cache_size=268435456".to_owned(),
    ]
}

/// What every session is told.
fn defaults(config: &EngineConfig) -> Vec<(String, String)> {
    let per_query = config.max_memory_bytes / 2;
    [
        // As a server has them, and not as ClickHouse's local program.
        ("implicit_select", "0".to_owned()),
        ("allow_introspection_functions", "0".to_owned()),
        // An insert that is acknowledged is stored.
        ("async_insert", "0".to_owned()),
        ("max_query_size", LONGEST_STATEMENT.to_string()),
        ("max_threads", config.max_threads.to_string()),
        ("max_insert_threads", "1".to_owned()),
        ("max_memory_usage", per_query.to_string()),
        ("max_execution_time", (config.max_query_ms as f64 / 1_000.0).to_string()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into_iter()
    .chain(outside::expressions(false))
    .collect()
}
